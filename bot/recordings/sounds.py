"""What a file is by its first bytes, whatever it is called: only what a browser plays, and nothing that it would run or draw."""

from __future__ import annotations

import re

_MPEG_SYNC, _LAYER_3 = 0xE0, 0x02
HEAD = 64  # bytes in which a Matroska file says that it is WebM
_TRACKS = 2**16  # bytes in which a WebM file has said what its tracks are
_MP4_PICTURE = re.compile(rb"hdlr.{8}vide", re.DOTALL)  # the handler of a track; where it stands differs
_WEBM_PICTURE = re.compile(rb"\x86[\x81-\xff]V_")  # the name of a track's codec


def kind_of(body: bytes) -> str | None:
    """The media type of Ogg, MP3, WAV, MP4 and WebM; None for everything else."""
    if body.startswith(b"OggS"):
        return "audio/ogg"
    if body[4:8] == b"ftyp":
        return "audio/mp4" if body[8:11] == b"M4A" else "video/mp4"
    if body.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in body[:HEAD]:
        return "video/webm"
    if body.startswith(b"RIFF") and body[8:12] == b"WAVE":
        return "audio/wav"
    return "audio/mpeg" if body.startswith(b"ID3") or _is_mp3_frame(body) else None


def has_picture(body: bytes) -> bool:
    """Whether there is something to see in it. Browsers record sound alone in the same MP4 and WebM files."""
    kind = kind_of(body)
    if kind == "video/webm":
        return _WEBM_PICTURE.search(body, 0, _TRACKS) is not None
    return kind == "video/mp4" and _MP4_PICTURE.search(body) is not None


def _is_mp3_frame(body: bytes) -> bool:
    return len(body) > 1 and body[0] == 0xFF and body[1] & 0xE0 == _MPEG_SYNC and body[1] & 0x06 == _LAYER_3


def span(header: str, length: int) -> tuple[int, int] | None:
    """The first byte and the one after the last of a Range header, as far as there are any; None: all of it is wanted.

    Players ask for one part; what is written otherwise, or begins after the end, is answered with everything.
    """
    unit, _, wanted = header.strip().partition("=")
    first, dash, last = wanted.partition("-")
    if unit != "bytes" or not dash or not (first + last).isascii() or not (first + last).isdecimal() or len(header) > 40:
        return None
    if not first:
        return (max(length - int(last), 0), length) if int(last) else None
    begin, end = int(first), min(int(last) + 1 if last else length, length)
    return (begin, end) if begin < end else None
