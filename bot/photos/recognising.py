"""Reading a picture with rapidocr (PP-OCRv6, ONNX; its models are in its wheel). Runs in the reading process only.

The page's own direction is found here: rapidocr turns single lines, and takes long English lines for upside down ones.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.photos.layout import Piece, score_of, stands_upright, text_of

if TYPE_CHECKING:
    from PIL.Image import Image

SURE = 0.85  # an upright English page scores 0.95 and more, one that stands on its head 0.6
SETTINGS: dict[str, Any] = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # the conversation runs on the other core
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True)
class Reading:
    """The words of a page and how sure they are, 0 to 1; no words: ("", 0)."""

    text: str
    score: float


class Recogniser:
    """Loads the models when it is made: about 0.5 s, and 700 MB at the first page."""

    def __init__(self) -> None:
        # an extra: the program and its type check go without it
        self._engine = importlib.import_module("rapidocr").RapidOCR(params=SETTINGS)

    def read(self, picture: Image) -> Reading:
        """An RGB picture in any of the four directions."""
        pieces = self._pieces(picture)
        if not stands_upright(pieces):
            picture = picture.rotate(90, expand=True)
            pieces = self._pieces(picture)
        if score_of(pieces) < SURE:
            over = self._pieces(picture.rotate(180))
            pieces = max(pieces, over, key=score_of)
        return Reading(text_of(pieces), score_of(pieces))

    def _pieces(self, picture: Image) -> Sequence[Piece]:
        found = self._engine(np.asarray(picture)[:, :, ::-1])  # rapidocr wants blue, green, red
        if not found.txts:
            return []
        return [
            Piece(str(text), float(score), tuple((float(x), float(y)) for x, y in box))  # type: ignore[arg-type]  # four corners
            for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
        ]
