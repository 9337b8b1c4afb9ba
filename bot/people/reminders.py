"""Reminders that a person asked for: each of one step of their plan, due at a time in the database, so that it survives anything."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.people.models import Chat, Plan, PlanStep, Reminder

WAITS_DAYS = (3, 7, 30)
DECENT_HOUR = 10  # of the day, where the people are
PLACE = ZoneInfo("Europe/London")


def due_in(days: int, at: dt.datetime) -> dt.datetime:
    """The day after so many, at a decent hour by the clock on the wall."""
    day = at.astimezone(PLACE).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(DECENT_HOUR), PLACE).astimezone(dt.UTC)


def ask_for(session: Session, chat: Chat, pathway: str, step: str, days: int) -> Reminder:
    """One reminder for a step: asking again moves it."""
    query = select(Reminder).where(Reminder.chat_id == chat.id, Reminder.pathway == pathway, Reminder.step == step)
    reminder = session.scalar(query.where(Reminder.state == "waiting"))
    if reminder is None:
        reminder = Reminder(chat_id=chat.id, person_id=chat.person_id, pathway=pathway, step=step, due_at=now())
        session.add(reminder)
    reminder.due_at = due_in(days, now())
    session.flush()
    return reminder


def waiting(session: Session, chat: Chat) -> list[Reminder]:
    """What this chat will still be reminded of, the next first."""
    query = select(Reminder).where(Reminder.chat_id == chat.id, Reminder.state == "waiting")
    return list(session.scalars(query.order_by(Reminder.due_at)))


def cancel(session: Session, chat: Chat, step: str | None = None) -> None:
    """Ends the reminders of one step, or all of the chat's."""
    these = update(Reminder).where(Reminder.chat_id == chat.id, Reminder.state == "waiting")
    session.execute((these.where(Reminder.step == step) if step else these).values(state="cancelled"))


def take_due(session: Session, limit: int = 50) -> list[tuple[Reminder, Chat]]:
    """Reminders whose time has come, marked `sent`: the caller writes them to the outbox in the same transaction.

    One whose step was done meanwhile, or whose chat cannot be reached, is `dropped` and not returned.
    """
    query = (
        select(Reminder, Chat)
        .join(Chat, Chat.id == Reminder.chat_id)
        .where(Reminder.state == "waiting", Reminder.due_at <= now())
        .order_by(Reminder.due_at)
        .limit(limit)
        .with_for_update(of=Reminder, skip_locked=True)
    )
    taken = []
    for reminder, chat in session.execute(query).all():
        wanted = chat.unreachable_at is None and _is_open(session, reminder)
        reminder.state, reminder.sent_at = ("sent", now()) if wanted else ("dropped", None)
        if wanted:
            taken.append((reminder, chat))
    return taken


def _is_open(session: Session, reminder: Reminder) -> bool:
    row = session.scalar(
        select(PlanStep.state)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(Plan.person_id == reminder.person_id, Plan.pathway == reminder.pathway, PlanStep.step == reminder.step)
    )
    return row in ("todo", "doing")
