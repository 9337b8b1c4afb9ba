"""A picture of a PDF's first page, for a phone."""

from __future__ import annotations

import io
import struct

import pypdfium2  # type: ignore[import-untyped]  # has no types

WIDTH = 1_080  # pixels: as many as a usual phone has across
TALLEST = 9_000  # pixels; a longer page becomes a smaller picture
COLOURS = 64  # of letters on paper and their soft edges; a picture in all colours is three times as big


def png(pdf: bytes) -> bytes:
    """The page as a PNG, WIDTH pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        width, height = page.get_size()
        bitmap = page.render(scale=min(WIDTH / width, TALLEST / height))
        image = bitmap.to_pil().quantize(COLOURS)
        bitmap.close()
    finally:
        document.close()
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its first bytes (PNG specification, 11.2.1)."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height
