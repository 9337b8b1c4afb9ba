"""A paper drawn: a PDF with letters that can be searched and links that can be tapped, or a picture of the same page."""

from __future__ import annotations

from threading import Lock

from bot.errors import PermanentError
from bot.papers import picture
from bot.papers.card import Card, is_card
from bot.papers.faces import Faces, Type
from bot.papers.lines import broken
from bot.papers.page import Page
from bot.papers.press import Press
from bot.papers.profile import Profile, is_profile
from bot.papers.strips import SOFT, Placed, Sheet, Strip, height_of, pages
from bot.papers.titles import title_of
from bot.replies import Paper

LARGEST = 40_000  # characters; the longest plan has a tenth of it
PHONE = Sheet(420, 0, 26)  # as wide as half of A4: 12 points are easy to read on a phone that shows it from edge to edge
A4, A5_ACROSS = (595.28, 841.89), (595.28, 419.53)
# the first sheet that holds all of it is taken, else the first of A4: big type, on several pages
PAGES = [Sheet(*A4, margin, scale) for margin, scale in ((54, 1.0), (48, 0.92), (42, 0.85))]
CARDS = [Sheet(*A5_ACROSS, 30, scale) for scale in (1.25, 1.12, 1.0)] + [Sheet(*A4, 36, scale) for scale in (1.25, 1.12, 1.0)]
PROFILES = [Sheet(*A4, 40, scale) for scale in (1.15, 1.0, 0.9, 0.8, 0.7, 0.64)]
NUMBER = Type(9.5, colour=SOFT)
_one_at_a_time = Lock()  # PDFium is not safe in threads, and one rendering at a time is enough memory


def render(paper: Paper) -> bytes:
    """The file. Takes some tenths of a second: call it in a thread. Raises PermanentError for a paper that is too long."""
    if sum(len(block.text) + len(block.other) for block in paper.blocks) > LARGEST:
        raise PermanentError(f"a paper of more than {LARGEST} characters is not drawn")
    with _one_at_a_time:
        if paper.form == "png":
            return picture.png(_pdf(paper, [PHONE]))
        return _pdf(paper, PROFILES if is_profile(paper) else CARDS if is_card(paper) else PAGES)


def _pdf(paper: Paper, sheets: list[Sheet]) -> bytes:
    sheet, found = _fitting(paper, sheets)
    press = Press(title_of(paper), paper.language)
    for number, strips in enumerate(found, 1):
        height = sheet.height or height_of(strips) + 2 * sheet.margin
        press.page_of(strips, sheet, height, _foot(f"{number} / {len(found)}", sheet) if len(found) > 1 else None)
    return bytes(press.output())


def _fitting(paper: Paper, sheets: list[Sheet]) -> tuple[Sheet, list[list[Strip]]]:
    """The first sheet on which the paper is one page, else the first of the biggest size; and the pages."""
    faces, made = Faces(), []
    for sheet in sheets:
        form = Profile if is_profile(paper) else Card if is_card(paper) else Page
        composed = form(paper, sheet, faces).strips()
        made.append((sheet, pages(list(composed), sheet)))
        if len(made[-1][1]) <= 1:
            return made[-1]
    return next(one for one in made if one[0].height == max(sheet.height for sheet in sheets))


def _foot(text: str, sheet: Sheet) -> Placed:
    [line] = broken(text, "en", NUMBER, sheet.width, Faces())
    return Placed(line, NUMBER, (sheet.width - line.width) / 2, sheet.margin / 2)
