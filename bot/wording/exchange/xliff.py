"""XLIFF 1.2: one `trans-unit` for each form of a text, its id the place; `approved` is what was reviewed.

Read without entities, DTDs and anything from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot import i18n
from bot.knowledge.hsds.plan import ProblemsError
from bot.wording.exchange.item import Item
from bot.wording.units import Unit

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
TARGET = {
    "missing": "needs-translation",
    "outdated": "needs-adaptation",
    "draft": "needs-review-translation",
    "machine-drafted": "needs-review-translation",
    "reviewed": "final",
}
FINISHED = ("final", "signed-off", "translated")
FROM = "useit"  # our notes
_ID = re.compile(r"(.+?)(?:\[(\d)\])?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(units: Sequence[Unit], language: str) -> bytes:
    """The file, in UTF-8."""
    root = Element("xliff", {"version": "1.2", "xmlns": NAMESPACE})
    attributes = {"original": "useit-bridge", "source-language": "en", "target-language": language, "datatype": "plaintext"}
    body = SubElement(SubElement(root, "file", attributes), "body")
    for unit in units:
        for place, (english, form) in enumerate(zip(unit.english, unit.text, strict=True)):
            name = f"{unit.place}[{place}]" if unit.counted else unit.place
            made = SubElement(body, "trans-unit", {"id": name, "approved": "yes" if unit.state == "reviewed" else "no"})
            SubElement(made, "source").text = _clean(english)
            target = SubElement(made, "target", {"state": TARGET[unit.state]})
            if unit.state == "machine-drafted":
                target.set("state-qualifier", "mt-suggestion")
            target.text = _clean(form)
            SubElement(made, "note", {"from": FROM}).text = f"{unit.name}, {unit.field}; state: {unit.state}; seen: {unit.token}"
            if unit.made_from:
                SubElement(made, "note", {"from": FROM}).text = _clean(f"translated from: {unit.made_from[place]}")
    indent(root, " ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def read(content: bytes, language: str) -> list[Item]:
    """What a translator sends back. Raises ProblemsError: no XML, entities, another version or language, an id twice."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ProblemsError(["the file holds a DTD or entities: nothing of it was read"]) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ProblemsError([f"this is no XML file that can be read: {str(error)[:200]}"]) from error
    if root.tag != f"{{{NAMESPACE}}}xliff":
        raise ProblemsError(["this is no XLIFF 1.2 file"])
    found: dict[str, dict[int, Element]] = {}
    problems = []
    for file in root.iterfind(f"{{{NAMESPACE}}}file"):
        named = file.get("target-language", language).replace("_", "-").split("-")[0]
        if named != language:
            raise ProblemsError([f"the file is in {named}, not in {language}"])
        for unit in file.iter(f"{{{NAMESPACE}}}trans-unit"):
            match = _ID.fullmatch(unit.get("id", ""))
            place, form = (match[1], int(match[2] or 0)) if match else ("", 0)
            if form in found.setdefault(place, {}):
                problems.append(f"{unit.get('id', '')}: stands in the file more than once")
            found[place][form] = unit
    if problems:
        raise ProblemsError(problems)
    return [_item(place, [forms[number] for number in sorted(forms)], language) for place, forms in found.items()]


def _item(place: str, parts: list[Element], language: str) -> Item:
    english, forms = tuple(_text(part, "source") for part in parts), tuple(_text(part, "target") for part in parts)
    if len(parts) > 1:
        one = i18n.singular(language)
        english = (english[one], english[one - 1]) if one < len(english) else english
    notes = " ".join(note.text or "" for note in parts[0].iterfind(f"{{{NAMESPACE}}}note"))
    seen = re.search(r"seen: ([0-9a-f]{20})", notes)
    return Item(place, english, forms, all(map(_is_finished, parts)), seen[1] if seen else "")


def _is_finished(part: Element) -> bool:
    target = part.find(f"{{{NAMESPACE}}}target")
    return part.get("approved") == "yes" or (target is not None and target.get("state") in FINISHED)


def _text(part: Element, name: str) -> str:
    """With what stands inside a translator's own marks."""
    found = part.find(f"{{{NAMESPACE}}}{name}")
    return "".join(found.itertext()) if found is not None else ""


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
