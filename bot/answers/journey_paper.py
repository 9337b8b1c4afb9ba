"""Somebody's way on one page, to look at and to keep: the steps with their marks, what changed, then and now."""

from __future__ import annotations

from typing import Literal

from bot import i18n, pictograms
from bot.answers import journeys, plans
from bot.conversation.turn import Turn
from bot.journeys.journey import Journey
from bot.replies import Block, Paper, Reply, payload


def paper(turn: Turn, found: Journey, form: str) -> Reply:
    """As a picture or a PDF; where there is nothing yet, that."""
    if found.is_empty:
        return journeys.journey(turn, found)
    made: Literal["pdf", "png"] = "png" if form == "png" else "pdf"
    page = Paper(name="my-journey", form=made, language=turn.language, blocks=blocks(turn, found))
    return Reply(
        text=turn.t("journey.paper"),
        language=turn.language,
        rows=[[turn.button("button.my_journey", "my_journey"), turn.menu_button()]],
        paper=page,
    )


def blocks(turn: Turn, found: Journey) -> list[Block]:
    """What changed comes before what is still to do."""
    own = turn.language
    made = [Block(kind="title", text=turn.t("journey.title"), language=own)]
    made.append(_text(turn, turn.t("journey.since", date=i18n.date(own, found.since))))
    if found.english is not None:
        made.append(_text(turn, journeys.english_line(turn, found.english)))
    if found.changed:
        made.append(_heading(turn, "journey.changed"))
    for number, row in enumerate(found.changed, 1):
        drawn = pictograms.of_button(payload("happened", kind=row.kind))
        name = journeys.name_of(turn, row)
        made.append(Block(kind="step", text=name, language=own, mark="done", number=number, pictogram=drawn))
        made.append(_note(turn, i18n.date(own, row.happened_on)))
        if row.words:
            made.append(Block(kind="text", text=row.words, language=row.language))
    if faces := _faces(turn, found):
        made += [_heading(turn, "journey.then_now"), *faces]
    if found.plan is not None:
        made += _steps(turn, found)
    made.append(_note(turn, turn.t("paper.made_on", date=i18n.date(own, turn.at.date()))))
    return made + ([_note(turn, turn.t("note.machine_drafted"))] if own != "en" else [])


def _steps(turn: Turn, found: Journey) -> list[Block]:
    """Of the plan; a pathway that is not there any more is counted only."""
    assert found.plan is not None
    rows = found.plan.steps
    made, known = [_heading(turn, "journey.plan")], found.plan.pathway in turn.knowledge.pathways
    for number, row in enumerate(plans.known_steps(turn, found.plan) if known else [], 1):
        title = plans.words(turn, found.plan, f"{row.step}/title")
        drawn = pictograms.of_step(row.step)
        made.append(Block(kind="step", text=title, language=turn.language, mark=row.state, number=number, pictogram=drawn))
    return [*made, _text(turn, turn.t("journey.steps", done=_done(found), total=len(rows)))]


def _faces(turn: Turn, found: Journey) -> list[Block]:
    told = []
    for question, _ in journeys.faces_of(found):
        faces = [getattr(row, question) for row in (found.first, found.last)]
        then, now = (journeys.face_words(turn, face) for face in faces)
        drawn = " ".join(pictograms.of_button(payload("check_in", value=str(face))) for face in faces)
        text = turn.t("journey.from_to", what=turn.t(f"journey.{question}"), then=then, now=now)
        told.append(Block(kind="text", text=text, language=turn.language, pictogram=drawn))
    return told


def _done(found: Journey) -> int:
    return sum(row.state == "done" for row in found.plan.steps) if found.plan else 0


def _heading(turn: Turn, key: str) -> Block:
    return Block(kind="heading", text=turn.t(key), language=turn.language)


def _text(turn: Turn, text: str) -> Block:
    return Block(kind="text", text=text, language=turn.language)


def _note(turn: Turn, text: str) -> Block:
    return Block(kind="note", text=text, language=turn.language)
