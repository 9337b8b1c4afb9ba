"""Which model is in use, and the archives that were trained here. Every process follows the one row (bot/training/serving.py)."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import insert_new
from bot.errors import RefusedError
from bot.settings import Settings
from bot.training import examples
from bot.training.models import ModelInUse, OwnModel, Run
from engine import model
from engine.errors import ModelError

SHIPPED = ""  # the name of the model that is made from the shipped files alone
KEPT = 3  # archives, beside the one in use


@dataclass(frozen=True)
class Wanted:
    """What every process is to answer with. `number` grows with every switch."""

    number: int
    name: str
    sha256: str


def folder(settings: Settings) -> Path:
    return settings.models / "own"


def archive_of(settings: Settings, name: str) -> Path:
    return folder(settings) / f"{name}.tar.gz"


def wanted(session: Session) -> Wanted:
    row = session.execute(select(ModelInUse.number, ModelInUse.name, ModelInUse.sha256).where(ModelInUse.id == 1)).first()
    return Wanted(row.number, row.name, row.sha256) if row else Wanted(0, SHIPPED, "")


def in_use(session: Session) -> ModelInUse | None:
    """None: nothing was ever switched."""
    return session.get(ModelInUse, 1)


def locate(session: Session, settings: Settings, wanted: Wanted) -> Path:
    """The archive of what is wanted, looked at. Raises ModelError: not there, not ours, changed, or made from older files."""
    if wanted.name == SHIPPED:
        archive = model.current(settings.root, settings.models, settings.encoder)
        if archive is None:
            raise ModelError("the shipped model is not trained here: run ./useit train")
        return archive
    archive = archive_of(settings, wanted.name)
    row = session.scalar(select(OwnModel).where(OwnModel.name == wanted.name))
    if row is None or row.base != model.fingerprint(settings.root, settings.encoder):
        raise ModelError(f"{archive.name} was made for an older version of the program: train again")
    model.check(archive)
    if model.seal_of(archive).read_text().strip() != wanted.sha256:
        raise ModelError(f"{archive.name} is not the one that was switched in")
    return archive


def keep(session: Session, settings: Settings, name: str, run: Run, taught: int) -> OwnModel:
    """Notes an archive that was just made."""
    seal = model.seal_of(archive_of(settings, name)).read_text().strip()
    base = model.fingerprint(settings.root, settings.encoder)
    insert_new(session, OwnModel, name=name, sha256=seal, base=base, examples=taught, run_id=run.id)
    row = session.scalars(select(OwnModel).where(OwnModel.name == name)).one()
    row.sha256, row.base, row.run_id, row.made_at = seal, base, run.id, now()
    return row


def switch_in(session: Session, settings: Settings, run: Run, who: str) -> ModelInUse:
    """The model of a run, for every process. Raises RefusedError: model_not_done, model_refused (a test says no), tests_changed
    (there are test messages it was not judged on), model_gone, model_in_use, model_compared (with one that is not in use now)."""
    if run.state != "done" or run.model is None:
        raise RefusedError("this training made no model", "model_not_done")
    if run.refused:
        raise RefusedError("it understands something worse that must not be missed", "model_refused")
    if run.tests_mark != examples.tests_mark(examples.tests(session)):
        raise RefusedError("the test messages have changed since it was judged", "tests_changed")
    if (run.against or SHIPPED) != wanted(session).name:
        raise RefusedError("it was compared with a model that is not in use any more", "model_compared")
    return _use(session, settings, run.model, who)


def switch_back(session: Session, settings: Settings, name: str, who: str) -> ModelInUse:
    """A model that was in use before, or the shipped one. Raises RefusedError: model_never_used, model_gone, model_in_use."""
    if name != SHIPPED:
        row = session.scalar(select(OwnModel).where(OwnModel.name == name))
        if row is None or row.used_at is None:
            raise RefusedError("it was never in use here", "model_never_used")
    return _use(session, settings, name, who)


def kept(session: Session) -> list[OwnModel]:
    """Newest first."""
    return list(session.scalars(select(OwnModel).order_by(OwnModel.made_at.desc(), OwnModel.id.desc())))


def prune(session: Session, settings: Settings) -> list[str]:
    """Deletes archives that nobody can want back: all but the one in use and the KEPT that were used or made last."""
    current = in_use(session)
    safe = {current.name, current.before} if current else set()
    rest = sorted(
        (row for row in kept(session) if row.name not in safe), key=lambda row: row.used_at or row.made_at, reverse=True
    )
    gone = rest[max(0, KEPT - (1 if current and current.before else 0)) :]
    for row in gone:
        archive = archive_of(settings, row.name)
        for path in (archive, model.seal_of(archive)):
            path.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(model.hearing_of(archive))
        session.delete(row)
    return [row.name for row in gone]


def _use(session: Session, settings: Settings, name: str, who: str) -> ModelInUse:
    insert_new(session, ModelInUse, id=1, number=0, name=SHIPPED, sha256="", who=who)
    row = session.get_one(ModelInUse, 1, with_for_update=True, populate_existing=True)
    if row.name == name:
        raise RefusedError("this model is in use", "model_in_use")
    own = session.scalar(select(OwnModel).where(OwnModel.name == name)) if name != SHIPPED else None
    to = Wanted(row.number + 1, name, own.sha256 if own else "")
    try:
        locate(session, settings, to)
    except ModelError as error:
        raise RefusedError(str(error), "model_gone") from error
    row.number, row.before, row.name, row.sha256, row.who, row.since = to.number, row.name, name, to.sha256, who, now()
    if own is not None:
        own.used_at = now()
    session.flush()
    return row
