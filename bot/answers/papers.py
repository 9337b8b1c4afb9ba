"""Papers to keep or to show: the plan on one page, and a card for the desk in two languages side by side."""

from __future__ import annotations

from typing import Literal

from bot import i18n, pictograms
from bot.answers import plans, totals
from bot.conversation.turn import Turn
from bot.people.models import Plan
from bot.replies import Block, Paper, Reply

DESKS = ("gp", "council", "jobcentre", "college", "bank", "any")


def plan(turn: Turn, made: Plan, form: str) -> Reply:
    """The plan as a page: each step with its state, what it is, who, and the official link of the pathway."""
    pathway, language = turn.knowledge.pathways[made.pathway], turn.language
    rows = plans.known_steps(turn, made)
    blocks = [_block("title", plans.words(turn, made, "title"), language)]
    if language != "en":
        blocks.append(_block("note", turn.knowledge.words("pathways", made.pathway, "title", "en").text, "en"))
    blocks.append(_block("text", plans.words(turn, made, "summary"), language))
    for place, (row, entry) in enumerate(zip(rows, plans.entries(pathway, rows), strict=True), 1):
        title = plans.words(turn, made, f"{row.step}/title")
        drawn = pictograms.of_step(row.step)
        blocks.append(Block(kind="step", text=title, language=language, mark=row.state, number=place, pictogram=drawn))
        blocks.append(_block("note", f"{turn.t('plan.who', text=entry.who)}", language))
    left = [entry for row, entry in zip(rows, plans.entries(pathway, rows), strict=True) if row.state in ("todo", "doing")]
    blocks += [
        Block(kind="text", text=pictograms.bare(line), language=language, pictogram=pictograms.of_emoji(line))
        for line in totals.lines(turn, left)
    ]
    blocks += [_block("note", text, language) for text in _footer(turn)]
    if pathway.link:
        blocks.append(_block("note", turn.t("plan.link", link=pathway.link), language))
    paper = Paper(name=f"plan-{made.pathway}", form=_form(form), language=language, blocks=blocks)
    return Reply(text=turn.t("paper.plan"), language=language, rows=[[turn.button("button.my_plan", "my_plan")]], paper=paper)


def desk_question(turn: Turn) -> Reply:
    """Where the card is to be shown."""
    buttons = [turn.button(f"desk.{desk}", "desk_paper", kind=desk) for desk in DESKS]
    return turn.reply(turn.t("desk.ask"), *(buttons[n : n + 2] for n in range(0, len(buttons), 2)), [turn.menu_button()])


def desk(turn: Turn, kind: str, form: str = "png") -> Reply:
    """The card: what I come for, what I bring, and that I need an interpreter; English beside the person's language."""
    kind = kind if kind in DESKS else "any"
    own = turn.language
    named = {code: i18n.locale(code).languages.get(own, own) for code in ("en", own)}
    blocks = [_pair("title", f"desk.{kind}", own, pictograms.of_desk(kind))]
    blocks += [_pair("pair", f"desk.{kind}.{line}", own, pictograms.of_line(line)) for line in ("say", "bring")]
    if own != "en":
        blocks.append(
            Block(
                kind="pair",
                text=i18n.t("en", "desk.interpreter", language=named["en"]),
                language="en",
                other=i18n.t(own, "desk.interpreter", language=named[own]),
                other_language=own,
                pictogram=pictograms.of_line("interpreter"),
            )
        )
    blocks += [_pair("pair", "desk.write_down", own, pictograms.of_line("write_down"))]
    blocks += [_block("note", text, own) for text in _footer(turn)]
    rows = [[turn.button("button.as_pdf" if form == "png" else "button.as_picture", "desk_paper", kind=kind, form=_other(form))]]
    paper = Paper(name=f"card-{kind}", form=_form(form), language=own, blocks=blocks)
    return Reply(text=turn.t("paper.desk"), language=own, rows=[*rows, [turn.menu_button()]], paper=paper)


def _pair(kind: Literal["title", "pair"], key: str, own: str, drawn: str) -> Block:
    """English first: it is the clerk who reads it at the desk."""
    other = "" if own == "en" else i18n.t(own, key)
    return Block(
        kind=kind, text=i18n.t("en", key), language="en", other=other, other_language=own if other else "", pictogram=drawn
    )


def _footer(turn: Turn) -> list[str]:
    notes = [turn.t("paper.made_on", date=i18n.date(turn.language, turn.at.date()))]
    return [*notes, turn.t("note.machine_drafted")] if turn.language != "en" else notes


def _block(kind: Literal["title", "text", "note"], text: str, language: str) -> Block:
    return Block(kind=kind, text=text, language=language)


def _form(form: str) -> Literal["pdf", "png"]:
    return "png" if form == "png" else "pdf"


def _other(form: str) -> str:
    return "pdf" if form == "png" else "png"
