"""Where records come from: a file, a folder of files, or an API (bot.knowledge.hsds.feed). All is read before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bot.errors import PermanentError
from bot.knowledge.hsds.plan import ProblemsError

LARGEST_FILE = 64 * 2**20  # bytes
MOST_FILES = 20_000
_BYTE = re.compile(r"\(byte (\d+)\)|position (\d+)")
_A_SERVICE = {"status", "organization", "service_at_locations"}
_NO_SERVICE = {"website", "organization_identifiers", "uri", "taxonomy", "location_type"}
_BOM = b"\xef\xbb\xbf"


class Found(NamedTuple):
    """One record as it was read. `where`: "<file>#/<json/pointer>"."""

    where: str
    raw: Any


@dataclass(frozen=True)
class Feed:
    """All records of a source. `complete`: what is not in it is gone. `etags`: of its pages, to be remembered."""

    name: str
    records: list[Found]
    complete: bool
    notes: list[str] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)


def read_files(path: Path) -> Feed:
    """A file, or every *.json below a folder. Raises PermanentError when it is not there, ProblemsError with every file that
    is no JSON or holds no services.

    A single file may be a part of anything, so only a folder is complete.
    """
    if not path.exists():
        raise PermanentError(f"{path.name}: there is no such file or folder")
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files or len(files) > MOST_FILES:
        raise PermanentError(f"{path.name}: holds {len(files)} JSON files, 1 to {MOST_FILES} can be read")
    problems: list[str] = []
    found: list[Found] = []
    for file in files:
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        if file.stat().st_size > LARGEST_FILE:
            problems.append(f"{name}: is larger than {LARGEST_FILE // 2**20} MB")
            continue
        document = parse(file.read_bytes(), name, problems)
        if document is not None:
            found += records_in(document, f"{name}#", problems)
    if problems:
        raise ProblemsError(problems)
    return Feed(path.name, found, complete=path.is_dir())


def parse(content: bytes, name: str, problems: list[str]) -> Any:
    """The JSON value; None after a problem with its line was noted."""
    content = content.removeprefix(_BOM)
    try:
        value = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        place = _BYTE.search(str(error))
        at = int(place[1] or place[2]) if place else len(content)
        reason = "is nested too deep" if isinstance(error, RecursionError) else str(error).split(" (byte")[0]
        line = content.count(b"\n", 0, at) + 1
        problems.append(f"{name}:{line}: is no JSON: {reason}")
        return None
    if value is None:
        problems.append(f"{name}:1: is empty (null)")
    return value


def records_in(document: Any, where: str, problems: list[str]) -> list[Found]:
    """The services of a page of an API, of an organisation, of a list, or the service that the document is."""
    found = list(_services(document, where))
    if not found:
        problems.append(f"{where}: holds no services")
    return found


def _services(document: Any, where: str) -> Iterator[Found]:
    if isinstance(document, list):
        for number, item in enumerate(document):
            yield from _services(item, f"{where}/{number}")
    elif not isinstance(document, dict):
        yield Found(where, document)  # reading says what it should be
    elif isinstance(document.get("contents"), list):
        yield from _services(document["contents"], f"{where}/contents")
    elif isinstance(services := document.get("services"), list):
        organization = {name: value for name, value in document.items() if name != "services"}
        for number, service in enumerate(services):
            is_bare = isinstance(service, dict) and "organization" not in service and "id" in organization
            yield Found(f"{where}/services/{number}", {**service, "organization": organization} if is_bare else service)
    elif _A_SERVICE & document.keys() or not _NO_SERVICE & document.keys():
        yield Found(where, document)
