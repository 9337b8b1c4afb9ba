"""What the program and the reading process say to each other: a length in four bytes, then so many bytes."""

from __future__ import annotations

import struct
from typing import BinaryIO

import msgspec

HEAD = struct.Struct(">I")
LARGEST_ANSWER = 1_000_000  # bytes; a page has some thousand letters


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The words of a page and how sure they are (0 to 1), or the reason why it was refused: wrong_type, too_large, unreadable."""

    text: str = ""
    score: float = 0.0
    refused: str = ""


def packed(body: bytes) -> bytes:
    return HEAD.pack(len(body)) + body


def read(stream: BinaryIO) -> bytes | None:
    """The next frame; None when the other side has closed."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
