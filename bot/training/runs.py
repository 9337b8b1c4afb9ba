"""A run of training as the database knows it: asked for, taken by one process, alive while it gives signs, then done or failed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import Sessions, insert_new
from bot.errors import RefusedError, TransientError
from bot.training.models import Run

LOST = dt.timedelta(seconds=60)  # without a sign of life for so long a run was killed
KEPT = 10  # runs; their tables hold test messages
STEPS = {"waiting": 0, "preparing": 2, "ears": 5, "intents": 40, "storing": 75, "judging_new": 80, "judging_old": 90, "done": 100}


def begin(session: Session, who: str) -> Run:
    """Asks for a run; whoever trains takes it. Raises RefusedError (training_runs) while another waits or runs."""
    end_lost(session)
    number = insert_new(session, Run, active=True, who=who, heard_at=now())
    if number is None:
        raise RefusedError("a training is waiting or running", "training_runs")
    old = select(Run.id).order_by(Run.id.desc()).offset(KEPT)
    session.execute(delete(Run).where(Run.id.in_(list(session.scalars(old))), Run.active.is_(None)))
    return session.get_one(Run, number)


def take(session: Session) -> Run | None:
    """The run that waits, now the caller's; None when there is none or somebody else was first."""
    waiting = select(Run.id).where(Run.active.is_(True), Run.state == "waiting")
    number = session.scalar(waiting)
    taken = {"state": "running", "step": "preparing", "percent": STEPS["preparing"], "started_at": now(), "heard_at": now()}
    mine = update(Run).where(Run.id == number, Run.state == "waiting").values(**taken)
    if number is None or session.execute(mine).rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        return None
    return session.get_one(Run, number, populate_existing=True)


def report(sessions: Sessions, number: int, step: str | None = None) -> None:
    """A sign of life, and with `step` how far it is. Raises TransientError (lost) when it was given up meanwhile."""
    values: dict[str, Any] = {"heard_at": now()} | ({"step": step, "percent": STEPS[step]} if step else {})
    with sessions.begin() as session:
        alive = update(Run).where(Run.id == number, Run.active.is_(True)).values(**values)
        if session.execute(alive).rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
            raise TransientError("lost")


def fail(session: Session, number: int, failure: str) -> None:
    """It ended without a model that could be judged. `failure`: a code, or the last line of the log."""
    _end(session, (Run.id == number,), state="failed", failure=failure[:300])


def finish(session: Session, number: int, **values: Any) -> None:
    """It is done; `values`: the columns that say what came of it. Raises TransientError (lost), as `report` does."""
    if not _end(session, (Run.id == number,), state="done", step="done", percent=STEPS["done"], **values):
        raise TransientError("lost")


def stop(session: Session, number: int) -> bool:
    """Somebody does not want it any more: who trains ends it at their next sign of life. False when it has ended already."""
    return bool(_end(session, (Run.id == number,), state="failed", failure="stopped"))


def end_lost(session: Session) -> int:
    """Marks the run whose process was killed as failed, so that another can begin. One that only waits is not lost."""
    return _end(session, (Run.state == "running", Run.heard_at < now() - LOST), state="failed", failure="killed")


def newest(session: Session, limit: int = KEPT) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)))


def _end(session: Session, where: Any, **values: Any) -> int:
    ended = [Run.active.is_(True), *where]
    found = list(session.scalars(select(Run).where(*ended).with_for_update()))
    for run in found:
        for name, value in {**values, "active": None, "ended_at": now()}.items():
            setattr(run, name, value)
    session.flush()
    return len(found)
