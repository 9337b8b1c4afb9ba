"""A multipart form read as it arrives: one file and a few short fields, in memory only, with a limit on each.

Starlette's own reader puts files of more than a megabyte on the disk, and a letter must not lie there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from bot.errors import RefusedError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_FIELD = 200  # bytes
MOST_FIELDS = 8
OVERHEAD = 16 * 1024  # bytes of a body that are not the file


@dataclass
class Form:
    """`file`: of the field that was asked for; b"" without one. `fields`: the others, by name."""

    file: bytes = b""
    fields: dict[str, str] = field(default_factory=dict)


async def read(stream: AsyncIterator[bytes], content_type: str, file_field: str, largest: int) -> Form:
    """The whole form. Raises RefusedError with the reason `too_large`, as soon as it is, or `unreadable`: no form, or half of one."""
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise RefusedError("not a form", "unreadable")
    parts = _Parts(file_field, largest)
    total = 0
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks())
        async for chunk in stream:
            total += len(chunk)
            if total > largest + OVERHEAD:
                raise RefusedError("larger than was agreed", "too_large")
            parser.write(chunk)
        parser.finalize()
    except FormParserError:
        raise RefusedError("not a form", "unreadable") from None
    if not parts.is_complete:
        raise RefusedError("not a form", "unreadable")
    return parts.form()


class _Parts:
    def __init__(self, file_field: str, largest: int) -> None:
        self._file_field, self._largest = file_field, largest
        self._bodies: dict[str, bytearray] = {}
        self._name = ""
        self._header, self._value = bytearray(), bytearray()
        self.is_complete = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def form(self) -> Form:
        file = bytes(self._bodies.pop(self._file_field, b""))
        return Form(file, {name: body.decode("utf-8", "replace") for name, body in self._bodies.items()})

    def _begin(self) -> None:
        self._name = ""

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            if len(self._bodies) >= MOST_FIELDS or self._name in self._bodies:
                raise RefusedError("not a form", "unreadable")
            self._bodies[self._name] = bytearray()
        self._header, self._value = bytearray(), bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name not in self._bodies:
            raise RefusedError("not a form", "unreadable")
        body = self._bodies[self._name]
        body += data[start:end]
        if len(body) > (self._largest if self._name == self._file_field else LONGEST_FIELD):
            raise RefusedError("larger than was agreed", "too_large")

    def _end(self) -> None:
        self.is_complete = True
