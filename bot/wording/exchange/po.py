"""Gettext PO: the place is the msgctxt, the English the msgid; what is not reviewed is fuzzy, what changed has its former msgid."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Sequence

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from bot import i18n
from bot.knowledge.hsds.plan import ProblemsError
from bot.wording.exchange.item import Item
from bot.wording.units import Unit

_CHARSET = re.compile(rb"charset=([A-Za-z0-9_.:-]+)")
_CONTEXT = re.compile(r'^msgctxt "([^"\n]+)"$', re.MULTILINE)
_SEEN = re.compile(r"seen: ([0-9a-f]{20})")


def written(units: Sequence[Unit], language: str) -> bytes:
    """The file, in UTF-8."""
    made = Catalog(locale=language, project="useit-bridge", version="1", fuzzy=False, charset="utf-8")
    made.mime_headers = [("Plural-Forms", i18n.plural_rule(language))]
    for unit in units:
        done = all(unit.text)
        made.add(
            id=unit.source if unit.counted else unit.english[0],
            string=unit.text if unit.counted else unit.text[0],
            context=unit.place,
            flags={"fuzzy"} if done and unit.state != "reviewed" else set(),
            auto_comments=[f"{unit.name}, {unit.field}", f"state: {unit.state}", f"seen: {unit.token}"],
            previous_id=[unit.made_from[0]] if unit.made_from else [],
        )
    out = io.BytesIO()
    write_po(out, made, width=100, include_previous=True)
    return out.getvalue()


def read(content: bytes, language: str) -> list[Item]:
    """What a translator sends back. Raises ProblemsError: an encoding, a line, another language, a place that is there twice."""
    text = _decoded(content)
    twice = [place for place, times in Counter(_CONTEXT.findall(text)).items() if times > 1]
    if twice:
        raise ProblemsError([f"{place}: stands in the file more than once" for place in twice])
    try:
        found = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise ProblemsError([f"this is no PO file that can be read: {' '.join(str(error).split())[:200]}"]) from error
    named = str(found.locale_identifier or "").split("_")[0]
    if named and named != language:
        raise ProblemsError([f"the file is in {named}, not in {language}"])
    return [_item(message) for message in found if message.id and message.context]


def _item(message: Message) -> Item:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    seen = _SEEN.search("\n".join(message.auto_comments))
    forms = tuple(str(form or "") for form in strings)
    return Item(str(message.context), tuple(map(str, english)), forms, not message.fuzzy, seen[1] if seen else "")


def _decoded(content: bytes) -> str:
    """By its byte order mark, else by what its head says, else as UTF-8."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            encoding = name
            break
    else:
        head = _CHARSET.search(content[:4_000])
        encoding = head[1].decode("ascii") if head and head[1] != b"CHARSET" else "utf-8"
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise ProblemsError([f"the file cannot be read as {encoding}: save it as UTF-8"]) from error
