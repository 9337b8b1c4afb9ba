"""The report of a trial in words: for the page, the file, the PDF and the sheet, from one place."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from bot.console.numbers_words import KEY, Words
from bot.console.rendering import day, t
from bot.numbers.tables import Table
from bot.numbers.trial import TrialReport
from bot.papers.figures import Grid, Said, pdf

OWN = "console.trial."


class TrialWords(Words):
    """Of one report."""

    def __init__(self, session: Session, made: TrialReport, organisation: str) -> None:
        super().__init__(session, made.report)
        self.made, self.organisation = made, organisation

    def name(self) -> str:
        return self.made.trial.name if self.made.trial else t(f"{OWN}no_trial")

    def goals(self) -> list[tuple[str, str, str, bool]]:
        """(goal, written on, what came of it, whether it was written when the trial had begun)."""
        trial = self.made.trial
        return [(row.goal, day(row.written_on), row.came_of_it, row.id in self.made.late) for row in trial.goals] if trial else []

    def conclusion(self) -> list[tuple[str, str]]:
        """(question, what people typed) for learnt, decision and why; "not said yet" where nobody has."""
        trial = self.made.trial
        decision = t(f"{OWN}decision.{trial.decision}") if trial and trial.decision else ""
        said = {"learnt": trial.learnt if trial else "", "decision": decision, "why": trial.why if trial else ""}
        return [(t(f"{OWN}{name}"), text or t(f"{OWN}not_said")) for name, text in said.items()]

    def values(self) -> dict[str, object]:
        """What the templates need."""
        report = self.report
        return {
            "organisation": self.organisation,
            "name": self.name(),
            "span": self.span(),
            "trial": self.made.trial,
            "goals": self.goals(),
            "conclusion": self.conclusion(),
            "empty": self.made.is_empty,
            "heads": self.heads(),
            "sections": [(name, self.tables(name)) for name in report.sections],
            "cautions": self.cautions(),
            "stories": report.stories,
        }

    def lines(self) -> Iterator[list[str]]:
        """One sheet: what was planned and said, then all tables."""
        yield [t(f"{OWN}title"), self.organisation, self.name(), self.span()]
        if self.made.is_empty:
            yield [t(f"{OWN}empty")]
        yield []
        yield [t(f"{OWN}goal"), t(f"{OWN}written_on"), t(f"{OWN}came_of_it")]
        for goal, written, came, late in self.goals():
            yield [goal, f"{written} ({t(f'{OWN}late')})" if late else written, came]
        yield from ([question, text] for question, text in self.conclusion())
        yield []
        yield from list(self.in_one())[1:]

    def as_pdf(self) -> bytes:
        return pdf(f"{t(f'{OWN}title')}: {self.name()}", list(self._parts()), self.report.scope.period.end)

    def _parts(self) -> Iterator[Said | Grid]:
        yield Said("title", t(f"{OWN}report_title", organisation=self.organisation, name=self.name()))
        yield Said("text", self.span())
        if self.made.is_empty:
            yield Said("text", t(f"{OWN}empty"))
        yield from self._planned()
        yield Said("heading", t(f"{OWN}done"))
        yield Grid(["", t(f"{KEY}column.count")], [(title, [value], None) for title, value in self.heads()])
        yield Said("heading", t(f"{KEY}cautions"))
        yield from (Said("text", f"• {caution}") for caution in self.cautions())
        yield Said("heading", t(f"{KEY}stories"))
        yield from (Said("quote", story.text, story.language) for story in self.report.stories)
        if not self.report.stories:
            yield Said("text", t(f"{KEY}no_stories"))
        for name, tables in self.report.sections.items():
            yield Said("heading", t(f"{KEY}section.{name}"))
            for table in tables:
                yield from self._figure(table)

    def _planned(self) -> Iterator[Said | Grid]:
        yield Said("heading", t(f"{OWN}planned"))
        if not self.goals():
            yield Said("text", t(f"{OWN}no_goals"))
        for goal, written, came, late in self.goals():
            yield Said("subheading", goal)
            yield Said("note", f"{t(f'{OWN}written_on')}: {written}" + (f" ({t(f'{OWN}late')})" if late else ""))
            yield Said("text", f"{t(f'{OWN}came_of_it')}: {came or t(f'{OWN}not_said')}")
        for question, text in self.conclusion():
            yield Said("subheading", question)
            yield Said("text", text)

    def _figure(self, table: Table) -> Iterator[Said | Grid]:
        worded = self._worded(table)
        yield Said("subheading", worded.title)
        yield Said("note", worded.note)
        if worded.empty:
            yield Said("text", t(f"{KEY}too_few"))
            return
        counted = [row.cells[0].value for row in table.rows]
        most = max((value for value in counted if value is not None), default=0) or 1
        rows = [
            (label, texts, None if value is None else value / most)
            for (label, texts), value in zip(worded.rows, counted, strict=True)
        ]
        yield Grid(worded.head, rows, worded.total, t(f"{KEY}total"))
