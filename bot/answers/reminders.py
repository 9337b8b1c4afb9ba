"""What is said of reminders: that one is noted, which are waiting, and the reminder itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Reminder
from bot.people.reminders import PLACE
from bot.replies import Button, Reply, payload


def noted(turn: Turn, reminder: Reminder) -> Reply:
    day = i18n.weekday(turn.language, reminder.due_at.astimezone(PLACE).date())
    title = step_title(turn.knowledge, reminder, turn.language)
    rows = [turn.button("button.my_reminders", "my_reminders"), turn.button("button.my_plan", "my_plan")]
    return turn.reply(turn.t("reminder.noted", day=day, step=title), rows)


def waiting(turn: Turn, rows: Sequence[Reminder]) -> Reply:
    if not rows:
        return turn.reply(turn.t("reminder.none"), [turn.button("button.my_plan", "my_plan"), turn.menu_button()])
    lines = [
        f"• {i18n.weekday(turn.language, row.due_at.astimezone(PLACE).date())}: {step_title(turn.knowledge, row, turn.language)}"
        for row in rows
    ]
    stop = turn.button("button.stop_reminders", "stop_reminders")
    return turn.reply(turn.t("reminder.list") + "\n" + "\n".join(lines), [stop], [turn.menu_button()])


def ended(turn: Turn) -> Reply:
    return turn.reply(turn.t("reminder.ended"), [turn.button("button.my_plan", "my_plan"), turn.menu_button()])


def due(knowledge: Snapshot, reminder: Reminder, language: str) -> Reply | None:
    """The reminder as it goes out, outside any turn; None when the knowledge has no such step any more."""
    title = step_title(knowledge, reminder, language)
    if not title:
        return None
    step = f"{reminder.pathway}/{reminder.step}"

    def button(key: str, intent: str, **entities: str) -> Button:
        return Button(label=i18n.t(language, key), payload=payload(intent, **entities))

    rows = [
        [button("button.show_step", "show_step", step=step), button("button.step_done", "mark_step", step=step, state="done")],
        [button("button.remind_me", "remind_me", step=step), button("button.stop_reminders", "stop_reminders")],
    ]
    return Reply(text=i18n.t(language, "reminder.due", step=title), language=language, rows=rows)


def step_title(knowledge: Snapshot, reminder: Reminder, language: str) -> str:
    return knowledge.words("pathways", reminder.pathway, f"{reminder.step}/title", language).text
