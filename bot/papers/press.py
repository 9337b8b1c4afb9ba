"""Strips put on the pages of a PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import fpdf
from fpdf.line_break import Fragment
from fpdf.prefs import ViewerPreferences

from bot import pictograms
from bot.papers.faces import FILES, FOLDER, size_of
from bot.papers.strips import HAIR, SOFT, TEAL, WHITE, Drawing, Mark, Placed, Sheet, Strip

HAIRLINE, STROKE = 0.7, 1.3
ABOVE_BASE = 0.8  # fpdf2 puts the letters of a cell that is as high as its font so far below its top, to the size


class Press(fpdf.FPDF):
    """A PDF document with our fonts in it."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(unit="pt")
        for (family, bold), name in FILES.items():
            self.add_font(family, "B" if bold else "", FOLDER / name)
        self.set_title(title)
        self.set_lang(language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_auto_page_break(False)
        self.c_margin = 0

    def page_of(self, strips: Sequence[Strip], sheet: Sheet, height: float, foot: Placed | None = None) -> None:
        """One more page, `height` points high. `foot` stands in its lower margin."""
        self.add_page(format=(sheet.width, height))
        y = sheet.margin
        for strip in strips:
            self._strip(strip, sheet, y)
            y += strip.height
        if foot is not None:
            self._placed(foot, height - sheet.margin)

    def _strip(self, strip: Strip, sheet: Sheet, y: float) -> None:
        left, right = sheet.margin, sheet.width - sheet.margin
        if strip.fill:
            self.set_fill_color(*strip.fill)
            bled = y if y == sheet.margin else 0.0  # a band at the top of the page reaches its edge
            self.rect(0, y - bled, sheet.width, strip.height + bled, style="F")
        self.set_draw_color(*HAIR)
        self.set_line_width(HAIRLINE)
        if strip.rule:
            self.line(left, y, right, y)
        if strip.divider:
            self.line(strip.divider, y, strip.divider, y + strip.height)
        for mark in strip.marks:
            self._mark(mark, y)
        for drawing in strip.drawings:
            self._drawing(drawing, y)
        for placed in strip.texts:
            self._placed(placed, y)

    def _placed(self, placed: Placed, y: float) -> None:
        x = placed.x
        for run in placed.line.runs:
            size = size_of(run.family, placed.type)
            self.set_font(run.family, "B" if placed.type.bold else "", size)
            self.set_text_color(*(TEAL if run.link and placed.type.colour != WHITE else placed.type.colour))
            self.set_text_shaping(direction="rtl" if run.rtl else "ltr", language=run.language)
            self.set_xy(x, y + placed.base - ABOVE_BASE * size)
            self.cell(h=size, text=run.text, link=run.link)
            x += run.width

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:
        """A run is one piece. fpdf2 would cut it where Unicode's script changes, which it does before a vowel mark and a
        zero-width non-joiner, and the letters on both sides would not join."""
        assert self.text_shaping is not None
        self.text_shaping["paragraph_direction"] = self.text_shaping["fragment_direction"] = self.text_shaping["direction"]
        return (Fragment(text, self._get_current_graphics_state(), self.k),)

    def _drawing(self, drawing: Drawing, y: float) -> None:
        """As lines, which stay sharp at any size; who hears the paper hears the words beside it."""
        colour = "#" + "".join(f"{part:02x}" for part in drawing.colour)
        svg = pictograms.svg(drawing.name).replace("currentColor", colour).encode()
        self.image(io.BytesIO(svg), drawing.x, y + drawing.y, drawing.size, drawing.size)

    def _mark(self, mark: Mark, y: float) -> None:
        """todo: a circle; doing: half of it filled; done: a tick in a full one; not_for_me: a dash."""
        x, y, radius = mark.x, y + mark.y, mark.radius
        is_off = mark.kind == "not_for_me"
        self.set_line_width(STROKE)
        self.set_draw_color(*(SOFT if is_off else TEAL))
        self.set_fill_color(*TEAL)
        box = (x - radius, y - radius, 2 * radius, 2 * radius)
        if is_off:
            self.line(x - radius, y, x + radius, y)
            return
        self.ellipse(*box, style="DF" if mark.kind == "done" else "D")
        if mark.kind == "doing":
            self.solid_arc(*box[:2], 2 * radius, 90, 270, style="F")
        if mark.kind == "done":
            self.set_draw_color(*WHITE)
            tick = ((-0.45, 0.02), (-0.12, 0.38), (0.5, -0.36))
            self.polyline([(x + radius * across, y + radius * down) for across, down in tick])
