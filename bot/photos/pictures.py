"""From a file that claims to be a photo to a picture that can be read: its kind, its size, the right way up.

`kind_of` needs nothing. `opened` runs in the reading process only, where Pillow is and where a file that harms does no harm.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bot.errors import RefusedError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 64_000_000  # the largest cameras of phones make 50 million; a small file can claim any number
LEAST_SIDE = 60  # pixels; in less there is no line of a letter
LONGEST_SIDE = 1_600  # pixels; more costs memory and reads no better (benchmarks/photos.py)


def kind_of(body: bytes) -> str | None:
    """JPEG, PNG or WEBP by the first bytes, whatever the file's name says; None for everything else."""
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None


def opened(body: bytes) -> Image:
    """The picture in RGB, turned as the camera noted, its longer side at most LONGEST_SIDE.

    Raises RefusedError with the reason `wrong_type`, `too_large` (by its header, before anything is unpacked) or `unreadable`
    (broken, or too small for words).
    """
    from PIL import Image as pillow
    from PIL import ImageOps

    kind = kind_of(body)
    if kind is None:
        raise RefusedError("not a JPEG, PNG or WebP picture", "wrong_type")
    pillow.MAX_IMAGE_PIXELS = None  # our own limit says more: Pillow only warns up to twice its own
    try:
        with pillow.open(io.BytesIO(body), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedError("more pixels than a phone's camera makes", "too_large")
            if min(picture.size) < LEAST_SIDE:
                raise RefusedError("too small for words", "unreadable")
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG need not be unpacked whole
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), pillow.Resampling.LANCZOS, reducing_gap=3.0)
            return _on_white(upright)
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow raises for files that are broken
        raise RefusedError(f"a broken picture ({type(error).__name__})", "unreadable") from None


def _on_white(picture: Image) -> Image:
    """What is transparent is paper."""
    from PIL import Image as pillow

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    above = picture.convert("RGBA")
    return pillow.alpha_composite(pillow.new("RGBA", above.size, "white"), above).convert("RGB")
