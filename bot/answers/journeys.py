"""What is said when people are asked how they are, when they tell what changed, and when their way is told back to them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot import i18n
from bot.conversation.turn import Turn
from bot.journeys import checkins, english, outcomes, rhythms
from bot.journeys.english import English
from bot.journeys.journey import Journey
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from bot.people.reminders import PLACE
from bot.replies import Button, Reply, payload

MARKS = {
    "registered": "📜",
    "job": "💼",
    "bridge_job": "🧰",
    "course": "📚",
    "test": "✅",
    "interview": "🤝",
    "volunteering": "🫶",
}


def is_on(turn: Turn) -> bool:
    return turn.installation.is_on("check_ins")


def with_offer(turn: Turn, replies: Iterable[Reply]) -> list[Reply]:
    """After help was found: one button, until they have chosen once, whatever they chose."""
    found = list(replies)
    if not found or not is_on(turn) or rhythms.of(turn.session, turn.person.id) is not None:
        return found
    return [*found[:-1], msgspec.structs.replace(found[-1], rows=[*found[-1].rows, [rhythm_button(turn)]])]


def rhythm_button(turn: Turn) -> Button:
    return turn.button("button.check_in_rhythm", "check_in_rhythm")


def plan_buttons(turn: Turn) -> list[Button]:
    """Below the plan: the way so far, and being asked how it goes."""
    return [turn.button("button.my_journey", "my_journey"), *([rhythm_button(turn)] if is_on(turn) else [])]


def due(check_in: CheckIn, language: str) -> Reply:
    """The check-in as it goes out, outside any turn."""
    return _faces(language, "check_in.hello", check_in, "feeling")


def off(turn: Turn) -> Reply:
    return turn.reply(turn.t("check_in.off"), [turn.person_button(), turn.menu_button()])


def ask_rhythm(turn: Turn, row: CheckInRhythm | None) -> Reply:
    """How often; with what was chosen before."""
    text = turn.t("check_in.ask_rhythm")
    if row is not None:
        text += "\n\n" + turn.t("check_in.now", rhythm=turn.t(f"check_in.rhythm.{row.rhythm}"))
    choices = [[turn.button(f"check_in.rhythm.{name}", "check_in_rhythm", choice=name)] for name in rhythms.RHYTHMS]
    return turn.reply(text, *choices, [turn.button("button.check_in_now", "check_in")], [turn.menu_button()])


def rhythm_chosen(turn: Turn, row: CheckInRhythm) -> Reply:
    if row.next_at is None:
        return turn.reply(turn.t("check_in.will_not_ask"), [rhythm_button(turn), turn.menu_button()])
    day = i18n.weekday(turn.language, row.next_at.astimezone(PLACE).date())
    stop = turn.button("button.check_in_stop", "check_in_rhythm", choice=rhythms.NEVER)
    return turn.reply(turn.t("check_in.will_ask", day=day), [stop], [turn.menu_button()])


def ask_feeling(turn: Turn, check_in: CheckIn) -> Reply:
    return _faces(turn.language, "check_in.hello", check_in, "feeling")


def after_face(turn: Turn, check_in: CheckIn, question: str, face: int) -> list[Reply]:
    """After a hard face somebody is offered before anything else is asked."""
    care = [_care(turn)] if face <= checkins.HARD else []
    if question == "feeling":
        return [*care, _faces(turn.language, "check_in.belonging", check_in, "belonging")]
    return [*care, ask_happened(turn, check_in)]


def ask_happened(turn: Turn, check_in: CheckIn, key: str = "check_in.happened") -> Reply:
    """What happened, to choose from; more than one may be chosen."""
    return turn.reply(turn.t(key), *_happened_rows(turn, check_in))


def noted(turn: Turn, check_in: CheckIn, outcome: Outcome) -> Reply:
    """One thing is written down; there may be more."""
    text = turn.t("check_in.noted", what=name_of(turn, outcome)) + "\n\n" + turn.t("check_in.more")
    return turn.reply(text, *_it_was_english(turn, outcome), *_happened_rows(turn, check_in))


def ask_level(turn: Turn, outcome: Outcome) -> Reply:
    """Which level of English a test or a course had; nobody has to know it."""
    key = str(outcome.id)
    levels = [Button(label=level, payload=payload("happened", key=key, answer=level)) for level in english.LEVELS]
    unknown = turn.button("button.level_unknown", "happened", key=key, answer=english.UNKNOWN)
    return turn.reply(turn.t("outcome.ask_level"), levels[:2], levels[2:4], levels[4:], [unknown])


def ask_words(turn: Turn, check_in: CheckIn) -> Reply:
    nothing = turn.button("button.check_in_no_words", "happened", key=str(check_in.id), kind="none")
    return turn.reply(turn.t("check_in.ask_words"), [nothing])


def words_noted(turn: Turn, check_in: CheckIn) -> list[Reply]:
    """After a hard face a person is offered once more: somebody may have written why."""
    care = [_care(turn)] if checkins.was_hard(check_in) else []
    return [turn.reply(turn.t("check_in.words_noted")), *care, done(turn)]


def done(turn: Turn) -> Reply:
    return turn.reply(turn.t("check_in.thanks"), [turn.button("button.my_journey", "my_journey"), turn.menu_button()])


def proposed(turn: Turn, outcome: Outcome) -> Reply:
    """That a step is done may be worth writing down: only a tap does it."""
    buttons = [
        turn.button("button.outcome_yes", "happened", key=str(outcome.id), answer="yes"),
        turn.button("button.outcome_no", "happened", key=str(outcome.id), answer="no"),
    ]
    return turn.reply(turn.t("outcome.propose", what=name_of(turn, outcome)), buttons)


def decided(turn: Turn, row: Outcome, *, yes: bool) -> Reply:
    """What was proposed is written down, or not."""
    buttons = [turn.button("button.my_journey", "my_journey"), turn.button("button.my_plan", "my_plan")]
    level = _it_was_english(turn, row) if yes else []
    return turn.reply(turn.t("outcome.written" if yes else "outcome.not_written"), *level, buttons)


def journey(turn: Turn, found: Journey) -> Reply:
    """The way so far in a few lines, and the same as a picture."""
    if found.is_empty:
        buttons = [[turn.button("button.qualification", "use_qualification")], plan_buttons(turn)[1:], [turn.menu_button()]]
        return turn.reply(turn.t("journey.none"), *buttons)
    files = [turn.button("button.as_picture", "my_journey", kind="png"), turn.button("button.as_pdf", "my_journey", kind="pdf")]
    rows = [files, [turn.button("button.my_plan", "my_plan"), *plan_buttons(turn)[1:]], [turn.menu_button()]]
    return turn.reply(
        "\n".join([turn.t("journey.since", date=i18n.date(turn.language, found.since)), *lines(turn, found)]), *rows
    )


def lines(turn: Turn, found: Journey) -> list[str]:
    """Steps, English, what changed with its day, and the faces of the first time and now."""
    told = []
    if found.plan is not None:
        rows = found.plan.steps
        told.append(turn.t("journey.steps", done=sum(row.state == "done" for row in rows), total=len(rows)))
    if found.english is not None:
        told.append(english_line(turn, found.english))
    told += [changed(turn, row) for row in found.changed]
    told += [f"{turn.t(f'journey.{name}')}: {faces}" for name, faces in faces_of(found)]
    return told


def changed(turn: Turn, row: Outcome) -> str:
    """One thing with its mark and its day; their own words where they gave some."""
    said = f"{MARKS.get(row.kind, '•')} {name_of(turn, row)} ({i18n.date(turn.language, row.happened_on)})"
    return f"{said}: {row.words}" if row.words else said


def english_line(turn: Turn, known: English) -> str:
    """What is known, how it is known, and from when."""
    what = (
        turn.t(f"answer.english.{known.what}")
        if known.what in english.SAID
        else turn.t(f"journey.english.{known.what}", level=known.level)
        if known.level
        else turn.t(f"journey.english.{known.what}_only")
    )
    how = turn.t(f"mydata.outcome_how.{known.how}")
    return turn.t("journey.english", what=what, how=how, date=i18n.date(turn.language, known.day))


def faces_of(found: Journey) -> list[tuple[str, str]]:
    """(feeling or belonging, "🙁 → 🙂") for what was answered the first time and the last."""
    told = []
    for question in checkins.QUESTIONS:
        then = getattr(found.first, question, None)
        now = getattr(found.last, question, None)
        if then is not None and now is not None:
            told.append((question, f"{_icon(then)} → {_icon(now)}"))
    return told


def name_of(turn: Turn, row: Outcome) -> str:
    if row.kind == outcomes.REFERRAL:
        return turn.t("outcome.referral", state=turn.t(f"referral.state.{row.detail}"))
    name = turn.t(f"outcome.{row.kind}")
    return turn.t("outcome.with_level", what=name, level=row.detail) if row.detail in english.LEVELS else name


def face_words(turn: Turn, face: int) -> str:
    """Without its picture, which the fonts of a page do not have."""
    return turn.t(f"check_in.face.{face}").split(" ", 1)[-1]


def _icon(face: int) -> str:
    return i18n.t("en", f"check_in.face.{face}").split(" ", 1)[0]


def _happened_rows(turn: Turn, check_in: CheckIn) -> list[list[Button]]:
    key = str(check_in.id)
    buttons = [turn.button(f"outcome.{kind}", "happened", key=key, kind=kind) for kind in outcomes.SAID]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    return [*rows, [turn.button("button.nothing_new", "happened", key=key, kind="none")]]


def _it_was_english(turn: Turn, row: Outcome) -> list[list[Button]]:
    """A button below a test or a course of which nobody has said the level."""
    if row.kind not in english.KINDS or row.detail:
        return []
    key = "button.which_level" if english.is_about(row) else "button.was_english"
    return [[turn.button(key, "happened", key=str(row.id), answer="ask")]]


def _faces(language: str, key: str, check_in: CheckIn, question: str) -> Reply:
    rows = [
        [
            Button(
                label=i18n.t(language, f"check_in.face.{face}"),
                payload=payload("check_in", key=str(check_in.id), what=question, value=str(face)),
            )
        ]
        for face in reversed(checkins.FACES)
    ]
    stop = Button(label=i18n.t(language, "button.check_in_stop"), payload=payload("check_in_rhythm", choice=rhythms.NEVER))
    return Reply(text=i18n.t(language, key), language=language, rows=[*rows, [stop]])


def _care(turn: Turn) -> Reply:
    return turn.reply(turn.t("check_in.care"), [turn.person_button()])
