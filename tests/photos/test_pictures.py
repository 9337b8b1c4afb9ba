"""A file that claims to be a photo is looked at before it is opened, and opened so that it can do no harm."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from bot.errors import RefusedError
from bot.photos.pictures import LONGEST_SIDE, MOST_PIXELS, kind_of, opened
from tests.photos import pictures


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_known_by_its_first_bytes_and_opened(kind: str) -> None:
    body = pictures.photo(pictures.TENANCY, kind=kind)
    assert kind_of(body) == kind
    assert opened(body).mode == "RGB"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"GIF89a" + bytes(200),
        b"%PDF-1.7 with a picture in it",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypheic" + bytes(200),
        b"PK\x03\x04",
        b"\x7fELF",
    ],
)
def test_everything_else_is_refused_whatever_it_is_called(body: bytes) -> None:
    assert kind_of(body) is None
    with pytest.raises(RefusedError) as refused:
        opened(body)
    assert refused.value.reason == "wrong_type"


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that would unpack into `width` times `height` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (MOST_PIXELS, 2)])
def test_a_small_file_that_claims_to_be_huge_is_refused_without_unpacking(size: tuple[int, int]) -> None:
    began = time.process_time()
    with pytest.raises(RefusedError) as refused:
        opened(bomb(*size))
    assert refused.value.reason == "too_large"
    assert time.process_time() - began < 0.5


def test_what_is_broken_or_too_small_for_words_cannot_be_read() -> None:
    whole = pictures.photo(pictures.TENANCY)
    tiny = pictures.encoded(Image.new("RGB", (40, 40), "white"))
    for body in (whole[:3000], whole[:20], bomb(800, 800), b"\xff\xd8\xff" + bytes(500), tiny):
        with pytest.raises(RefusedError) as refused:
            opened(body)
        assert refused.value.reason == "unreadable"


def test_a_large_photo_is_made_small_enough_to_be_read_with_little_memory() -> None:
    large = Image.new("RGB", (8_000, 6_000), "white")
    assert max(opened(pictures.encoded(large)).size) == LONGEST_SIDE


def test_a_photo_stands_as_the_camera_noted() -> None:
    lying = pictures.page(pictures.TENANCY).transpose(Image.Transpose.ROTATE_90)
    note = Image.Exif()
    note[0x0112] = 6  # "turn me to the right"
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=note)
    picture = opened(out.getvalue())
    assert picture.height > picture.width


def test_what_is_transparent_is_paper() -> None:
    see_through = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert opened(pictures.encoded(see_through, "PNG")).getpixel((5, 5)) == (255, 255, 255)
    greyish = Image.new("LA", (300, 300), (0, 0))
    assert opened(pictures.encoded(greyish, "PNG")).getpixel((5, 5)) == (255, 255, 255)
