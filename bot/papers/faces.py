"""The four fonts of data/fonts: which one has a character, and how wide a text is when HarfBuzz has shaped it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import uharfbuzz as hb  # type: ignore[import-untyped]  # has no types

from bot.settings import ROOT

FOLDER = ROOT / "data/fonts"
Family = Literal["sans", "naskh"]
FILES = {
    ("sans", False): "NotoSans-Regular.ttf",
    ("sans", True): "NotoSans-Bold.ttf",
    ("naskh", False): "NotoNaskhArabic-Regular.ttf",
    ("naskh", True): "NotoNaskhArabic-Bold.ttf",
}
UNKNOWN = "\ufffd"  # drawn for a character that neither family has: something is missing here, and one sees it
INVISIBLE = frozenset("\u200e\u200f\u061c\u2066\u2067\u2068\u2069")  # have done their work when the line is in order
NASKH_SCALE = 1.14  # at the same size its letters are smaller than the Latin ones beside them
UNITS = 1_000  # to the em, in all four


@dataclass(frozen=True)
class Type:
    """How words look: `size` in points, `colour` red, green, blue from 0 to 255."""

    size: float
    bold: bool = False
    colour: tuple[int, int, int] = (34, 48, 46)


def size_of(family: Family, type_: Type) -> float:
    """The size in points at which a family is set beside the other."""
    return type_.size * NASKH_SCALE if family == "naskh" else type_.size


class Faces:
    """The fonts, opened for one rendering; nothing of them stays in memory afterwards."""

    def __init__(self) -> None:
        self._faces = {key: hb.Face(hb.Blob.from_file_path(str(FOLDER / name))) for key, name in FILES.items()}
        self._fonts = {key: hb.Font(face) for key, face in self._faces.items()}
        self._known = {family: frozenset(self._faces[family, False].unicodes) for family in ("sans", "naskh")}

    def family(self, character: str, *, rtl: bool) -> Family | None:
        """The family that draws a character in a run of this direction; None when neither has it."""
        families: tuple[Family, Family] = ("naskh", "sans") if rtl else ("sans", "naskh")
        return next((family for family in families if self.knows(family, character)), None)

    def knows(self, family: Family, character: str) -> bool:
        return ord(character) in self._known[family]

    def width(self, text: str, family: Family, type_: Type, *, rtl: bool, language: str) -> float:
        """Points from the beginning to the end of a run of one family and direction."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = language
        hb.shape(self._fonts[family, type_.bold], buffer, {})
        advance: int = sum(position.x_advance for position in buffer.glyph_positions)
        return advance * size_of(family, type_) / UNITS
