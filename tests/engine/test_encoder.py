"""An encoder folder is really loaded and used, and a wrong one is refused in one line. The encoder is a tiny one, made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from engine import compat

compat.install()

from engine.nlu.encoder import EncoderError, SentenceEncoder  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.intents import LinearIntentClassifier  # noqa: E402  # imports come after the path or the stand-ins are set

WORDS = ["[PAD]", "[UNK]", "sun", "rain", "money", "debt"]
VECTORS = np.array([[0, 0], [0, 0], [1, 0.1], [1, -0.1], [-0.1, 1], [0.1, 1]], dtype=np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A word's vector, looked up: the last hidden state of a model that has only embeddings."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    made = tmp_path_factory.mktemp("encoder")
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(made / "tokenizer.json"))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 2])
    look_up = helper.make_node("Gather", ["vectors", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([look_up], "tiny", [ids], [out], [numpy_helper.from_array(VECTORS, "vectors")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, str(made / "model.onnx"))
    return made


def test_the_mean_of_the_words_without_padding_is_the_sentence(folder: Path) -> None:
    rows = SentenceEncoder(folder).encode(["sun rain", "debt", "money debt money"])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(rows[0], [1, 0], atol=1e-6)
    np.testing.assert_allclose(rows[1], VECTORS[5] / np.linalg.norm(VECTORS[5]), atol=1e-6)


def test_a_word_that_no_line_holds_is_understood_through_the_encoder(folder: Path) -> None:
    texts = ["sun", "sun sun", "sun here", "sun there", "money", "money money", "money here", "money there"] * 3
    intents = np.array((["weather"] * 4 + ["help"] * 4) * 3)
    with_encoder = LinearIntentClassifier({"encoder": str(folder)}, None, None)  # type: ignore[arg-type]  # nothing is stored
    with_encoder._fit(texts, intents)
    assert [with_encoder._ranking(text)[0]["name"] for text in ("rain", "debt")] == ["weather", "help"]


def test_a_folder_without_a_model_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"USEIT_ENCODER: the folder lacks model\.onnx and tokenizer\.json"):
        Settings.read({"USEIT_VAR": str(tmp_path / "var"), "USEIT_ENCODER": str(tmp_path)})


def test_a_file_that_is_no_model_is_refused_in_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    (tmp_path / "model.onnx").write_text("not a model")
    with pytest.raises(EncoderError, match="cannot be loaded") as refused:
        SentenceEncoder(tmp_path)
    assert "\n" not in str(refused.value)
