"""What is really on a drawn paper: its ink, its letters with their places, and the same words as a browser draws them."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # has no types
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from bot.papers.faces import FILES, FOLDER, NASKH_SCALE
from bot.papers.rendering import render
from bot.replies import Block, Paper

ZOOM = 4  # pixels to the point, where a test looks closely


def paper(*blocks: Block, form: Any = "pdf", language: str = "en", name: str = "test") -> Paper:
    return Paper(name=name, form=form, language=language, blocks=list(blocks))


def text(words: str, language: str = "en", **more: Any) -> Block:
    return Block(**{"kind": "text", "text": words, "language": language, **more})


@dataclass(frozen=True)
class Letter:
    """A character on a page; the places in points, from the left and from the top."""

    character: str
    left: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class Seen:
    """A PDF, opened by PDFium."""

    def __init__(self, body: bytes) -> None:
        self.document = pypdfium2.PdfDocument(body)

    def __len__(self) -> int:
        return len(self.document)

    def size(self, page: int = 0) -> tuple[float, float]:
        width, height = self.document[page].get_size()
        return width, height

    def words(self, page: int = 0) -> str:
        found: str = self.document[page].get_textpage().get_text_range()
        return found

    def letters(self, page: int = 0) -> Iterator[Letter]:
        """What PDFium finds on the page, in no particular order; no spaces and no marks."""
        height, words = self.size(page)[1], self.document[page].get_textpage()
        for place in range(words.count_chars()):
            character = chr(pypdfium2.raw.FPDFText_GetUnicode(words.raw, place))
            if is_letter(character):
                left, _, right, top = words.get_charbox(place, loose=True)  # as high as the font, not as the letter
                yield Letter(character, left, right, height - top)

    def picture(self, page: int = 0, zoom: float = ZOOM) -> Image.Image:
        image: Image.Image = self.document[page].render(scale=zoom).to_pil().convert("L")
        return image

    @property
    def title(self) -> str:
        return str(self.document.get_metadata_value("Title"))


def seen(*blocks: Block, **more: Any) -> Seen:
    return Seen(render(paper(*blocks, **more)))


def is_letter(character: str) -> bool:
    return character.isprintable() and not character.isspace() and unicodedata.category(character)[0] not in "MC"


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that is not white."""
    return image.point(lambda value: 255 if value < 200 else 0).getbbox()


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How alike the ink of two pictures is, whatever surrounds it: the correlation of their greys, 1 for the same."""
    first, second = (image.crop(ink(image)) for image in (one, other))
    soft = [image.filter(ImageFilter.GaussianBlur(1.5)) for image in (first, second.resize(first.size))]
    greys = [np.asarray(image, dtype=np.float64).ravel() for image in soft]
    return float(np.corrcoef(greys[0], greys[1])[0, 1])


def browser_line(page: Page, words: str, language: str, direction: str, width: float = 4000, size: float = 12.0) -> None:
    """The page shows `words` in our fonts at `size` points, a point being ZOOM pixels, in a column of `width` points."""
    faces = "".join(
        f"@font-face {{ font-family: {family}; src: url(data:font/ttf;base64,{_file(name)});"
        f" size-adjust: {NASKH_SCALE if family == 'naskh' else 1:.0%} }}"
        for (family, bold), name in FILES.items()
        if not bold
    )
    style = f"margin: 40px; width: {width * ZOOM}px; font: {size * ZOOM}px/2 sans, naskh; font-optical-sizing: none"
    page.set_content(f"<style>{faces}</style><p id=line lang={language} dir={direction} style='{style}'></p>")
    page.evaluate("words => { document.getElementById('line').textContent = words }", words)
    page.evaluate("() => document.fonts.ready.then(() => Promise.all([...document.fonts].map(face => face.load())))")


def browser_picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("#line").screenshot())).convert("L")


def browser_letters(page: Page) -> list[Letter]:
    """Where the browser puts each letter, in points from the left and top of the column."""
    found = page.evaluate(
        """() => {
          const node = document.getElementById('line').firstChild, box = node.parentElement.getBoundingClientRect();
          return [...node.data].map((character, place) => {
            const range = document.createRange();
            range.setStart(node, place);
            range.setEnd(node, place + 1);
            const at = range.getBoundingClientRect();
            return [character, at.left - box.left, at.right - box.left, at.top - box.top];
          });
        }"""
    )
    return [Letter(c, left / ZOOM, right / ZOOM, top / ZOOM) for c, left, right, top in found if is_letter(c)]


def visual(letters: list[Letter], apart: float = 9.0) -> list[str]:
    """The letters line by line from left to right. `apart`: points between tops that make another line.

    Brackets count as alike: PDFium turns some over when it reads them, whatever is drawn (the likeness of the ink tells).
    """
    brackets = str.maketrans(")]}", "([{")
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: one.top):
        if lines and letter.top - lines[-1][0].top < apart:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    joined = ("".join(letter.character for letter in sorted(line, key=lambda one: one.middle)) for line in lines)
    return [line.translate(brackets) for line in joined]


def _file(name: str) -> str:
    return base64.b64encode((FOLDER / name).read_bytes()).decode()
