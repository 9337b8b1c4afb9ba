"""What is said of a voice message or a video: that nobody here hears it, whether a person may, and what became of it."""

from __future__ import annotations

from bot.answers.services import team_next
from bot.cases.models import Handoff
from bot.conversation.turn import Turn
from bot.recordings.keeping import KEPT_DAYS
from bot.recordings.models import Recording
from bot.replies import Button, Reply


def question(turn: Turn, row: Recording, *, number: str) -> Reply:
    """Whether a person may hear it. `number`: for who is in danger now, which nobody here would hear; "" for none."""
    parts = [turn.t(f"recording.ask.{'story' if row.for_story else row.kind}"), turn.t("recording.ask.terms", days=KEPT_DAYS)]
    if number:
        parts.append(turn.t("recording.danger", number=number))
    return turn.reply("\n\n".join(parts), [_tap(turn, "yes", row)], [_tap(turn, "no", row)])


def sent(turn: Turn, row: Recording, handoff: Handoff) -> Reply:
    """A person will hear it; the case has this name."""
    text = turn.t("recording.sent", reference=handoff.reference, hours=team_next(turn))
    return turn.reply(text, [_tap(turn, "back", row)], [turn.menu_button()])


def passed_on(turn: Turn, row: Recording) -> Reply:
    """To somebody who has said yes before, in a case that is open."""
    return turn.reply(turn.t("recording.passed_on"), [_tap(turn, "back", row)])


def not_kept(turn: Turn) -> Reply:
    return _said(turn, "recording.not_kept")


def still_no(turn: Turn) -> Reply:
    """To somebody who has said no before in this case."""
    allow = turn.button("recording.button.allow", "received_media", kind="recording", answer="allow", key="")
    return turn.reply(turn.t("recording.still_no"), [allow])


def allowed(turn: Turn) -> Reply:
    return turn.reply(turn.t("recording.allowed"))


def taken_back(turn: Turn) -> Reply:
    return _said(turn, "recording.taken_back")


def too_late(turn: Turn) -> Reply:
    return _said(turn, "recording.too_late")


def too_large(turn: Turn) -> Reply:
    return _said(turn, "recording.too_large")


def _said(turn: Turn, key: str) -> Reply:
    """With the two buttons that always help, except to who talks with a caseworker already."""
    held = turn.chat.held_by_handoff is not None
    return turn.reply(turn.t(key), [] if held else [turn.person_button(), turn.menu_button()])


def _tap(turn: Turn, answer: str, row: Recording) -> Button:
    return turn.button(f"recording.button.{answer}", "received_media", kind="recording", answer=answer, key=str(row.id))
