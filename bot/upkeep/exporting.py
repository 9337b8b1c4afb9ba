"""What can be taken out of the house: sheets, Open Referral, everything as a backup."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from bot.knowledge import spreadsheets
from bot.knowledge.hsds import exporting
from bot.upkeep import backup

FORMS = ("terms", "services", "oruk", "hsds", "backup")


@dataclass(frozen=True)
class Made:
    """A file for a download."""

    content: bytes
    media_type: str
    ending: str


def make(session: Session, form: str, languages: tuple[str, ...]) -> Made:
    """`form`: one of FORMS. Sheets come with every language of the installation."""
    if form == "backup":
        return Made(backup.make(session), "application/zip", "zip")
    if form in ("terms", "services"):
        others = tuple(code for code in languages if code != "en")
        return Made(spreadsheets.export(session, form, others), "text/csv; charset=utf-8", "csv")
    wanted: Literal["oruk", "hsds"] = "oruk" if form == "oruk" else "hsds"
    records = [exporting.formed(one.record, wanted) for one in exporting.collect(session, languages)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "services.json"
        exporting.write(records, path)
        return Made(path.read_bytes(), "application/json", "json")
