"""A pretrained sentence encoder beside the hashed features, where an installation has one. Off by default.

`USEIT_ENCODER` names a folder with `model.onnx` and `tokenizer.json`, as exported sentence encoders have them. Nothing is ever
downloaded. Needs the extra packages onnxruntime and tokenizers (docs/understanding.md names models that were made for this).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

import numpy as np
from numpy.typing import NDArray

LONGEST = 256  # tokens read of a message
BATCH = 32
NEEDED = ("model.onnx", "tokenizer.json")


class EncoderError(ValueError):
    """The folder or the packages are not there, or the model is not a sentence encoder. One line with the mend."""


class SentenceEncoder:
    """`encode` gives one row of length 1 a text."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            raise EncoderError(f"USEIT_ENCODER: {folder} lacks {' and '.join(missing)}")
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EncoderError(f"USEIT_ENCODER: needs the package {error.name}: install onnxruntime and tokenizers") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / NEEDED[1]))
            self._session = onnxruntime.InferenceSession(str(folder / NEEDED[0]), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise types of their own
            raise EncoderError(f"USEIT_ENCODER: {folder} cannot be loaded: {' '.join(str(error).split())[:200]}") from error
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {given.name for given in self._session.get_inputs()}
        if "input_ids" not in self._inputs:
            raise EncoderError(f"USEIT_ENCODER: {folder} is no sentence encoder: it has no input named input_ids")

    def encode(self, texts: List[str]) -> NDArray[Any]:
        """Shape (texts, dimensions), float32."""
        parts = [self._some(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    def _some(self, texts: List[str]) -> NDArray[Any]:
        tokens = self._tokenizer.encode_batch(texts)
        mask = np.array([t.attention_mask for t in tokens], dtype=np.int64)
        given = {
            "input_ids": np.array([t.ids for t in tokens], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        out = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        if out.ndim == 3:  # one vector a token: their mean, padding left out
            weight = mask[:, :, None].astype(np.float32)
            out = (out * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1.0)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), dtype=np.float32)
