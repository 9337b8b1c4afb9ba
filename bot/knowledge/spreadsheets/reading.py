"""A CSV file as spreadsheet programs save them, whatever encoding and separator: rows with their line numbers, or every problem."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from bot.errors import RefusedError
from bot.knowledge.hsds import cells
from bot.knowledge.hsds.plan import ProblemsError

LARGEST = 16 * 2**20  # bytes: all terms in all languages take a seventh of it
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1256")
SEPARATORS = (",", ";", "\t")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Row:
    """`where`: "<file>:<line>" of its beginning. `values`: of the columns that the file has, made unsafe again."""

    where: str
    values: dict[str, str]
    problems: tuple[str, ...] = ()


def read(path: Path, known: list[str], encoding: str = "") -> list[Row]:
    """The rows that are not empty. Raises RefusedError for a file that is not there or too large, ProblemsError when it cannot
    be read as a table with `known` columns."""
    if not path.is_file():
        raise RefusedError(f"{path.name}: there is no such file", "file")
    if path.stat().st_size > LARGEST:
        raise RefusedError(f"{path.name}: is larger than {LARGEST // 2**20} MB", "file")
    text = _decoded(path.read_bytes(), path.name, encoding)
    try:
        return list(_rows(text, path.name, known))
    except _TableError as error:
        raise ProblemsError(error.problems) from error


class _TableError(Exception):
    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__(problems)


def _decoded(content: bytes, name: str, encoding: str) -> str:
    """By its byte order mark, else strictly as UTF-8; never by a guess, which would spoil names silently."""
    if encoding and encoding not in ENCODINGS:
        raise RefusedError(f"--encoding: must be one of {', '.join(ENCODINGS)}", "encoding")
    found = encoding or next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode("utf-8-sig" if found == "utf-8" else found)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        others = ", ".join(e for e in ENCODINGS if e != found.removesuffix("-sig"))
        advice = f"is not {found.removesuffix('-sig')}: save it as UTF-8, or say what it is with --encoding ({others})"
        raise ProblemsError([f"{name}:{line}: {advice}"]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ProblemsError([f"{name}:{line}: holds a NUL character: perhaps it is utf-16 (--encoding utf-16)"])
    return text


def _rows(text: str, name: str, known: list[str]) -> list[Row]:
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[Row] = []
    header: list[str] = []
    begins = 1
    seen: dict[str, int] = {}
    while True:
        begins = reader.line_num + 1
        try:
            line = next(reader, None)
        except csv.Error as error:
            raise _TableError(f"{name}:{begins}: is no CSV: {error}") from error
        if line is None:
            break
        if not any(cell.strip() for cell in line):
            continue
        if not header:
            header = _header(line, f"{name}:{begins}", known)
            continue
        found.append(_row(line, header, f"{name}:{begins}", seen, begins))
    if not found:
        raise _TableError(f"{name}:1: holds no rows")
    return found


def _header(line: list[str], where: str, known: list[str]) -> list[str]:
    names = [cell.strip() for cell in line]
    while names and not names[-1]:
        names.pop()
    problems = [f"{where}: there is no column {name or '(empty)'} here" for name in names if name not in known]
    problems += [f"{where}: the column {name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    if "key" not in names:
        problems.append(f"{where}: the column key is missing")
    if problems:
        raise _TableError(*problems)
    return names


def _row(line: list[str], header: list[str], where: str, seen: dict[str, int], begins: int) -> Row:
    problems = []
    if any(cell.strip() for cell in line[len(header) :]):
        problems.append(f"{where}: has {len(line)} cells, the header has {len(header)}")
    if len(line) < len(header):
        problems.append(f"{where}: has {len(line)} cells, the header has {len(header)}: one is missing")
    values = {name: cells.unsafe(cell) for name, cell in zip(header, line, strict=False)}
    key = values["key"] = values.get("key", "").strip()
    if key and key in seen:
        problems.append(f"{where}: key: {key} stands in line {seen[key]} too")
    seen.setdefault(key, begins)
    return Row(where, values, tuple(problems))
