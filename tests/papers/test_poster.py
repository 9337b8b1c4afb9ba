"""A poster is one page on which the code can be read by a machine, the words by people, and each from its own side."""

from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # has no types
import pytest

from bot.errors import PermanentError
from bot.papers.poster import SHEETS, Poster, render

ADDRESS = "https://bridge.example.org/?start=c-test-barber"
SENTENCES = (
    ("en", "Free help in your language. Scan this."),
    ("ar", "مساعدة مجانية بلغتك. امسح هذا الرمز."),
    ("so", "Caawimaad bilaash ah oo luqaddaada ah."),
    ("uk", "Безкоштовна допомога вашою мовою."),
    ("ps", "ستاسو په ژبه وړيا مرسته."),
    ("ur", "آپ کی زبان میں مفت مدد۔"),
)


@pytest.mark.parametrize("size", SHEETS)
def test_it_is_one_page_of_its_size_and_its_code_leads_to_the_address(size: str) -> None:
    cv2 = pytest.importorskip("cv2")
    with pdfium.PdfDocument(render(Poster("USE-IT! Bridge", "en", SENTENCES, ADDRESS, size))) as document:
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((SHEETS[size].width, SHEETS[size].height), abs=0.1)
        picture = np.array(document[0].render(scale=2).to_pil().convert("RGB"))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == ADDRESS


def test_words_of_a_language_that_begins_on_the_right_stand_on_the_right() -> None:
    def ink(language: str, words: str) -> tuple[float, float]:
        """How far from the left and from the right edge the words are, in points."""
        with pdfium.PdfDocument(render(Poster(" ", "en", ((language, words),), ADDRESS))) as document:
            page = np.array(document[0].render(scale=1).to_pil().convert("L"))
        rows = page[95:170]  # below the band, above the code
        columns = np.flatnonzero((rows < 128).any(axis=0))
        return float(columns[0]), float(rows.shape[1] - columns[-1])

    left, right = ink("en", "Free help")
    assert left < right
    left, right = ink("ar", "مساعدة مجانية")
    assert left > right


def test_what_cannot_be_read_from_afar_is_refused() -> None:
    with pytest.raises(PermanentError):
        render(Poster("Us", "en", (("en", "Free help for everybody. " * 200),), ADDRESS))
    with pytest.raises(PermanentError):
        render(Poster("Us", "en", SENTENCES, ADDRESS, "a3"))
