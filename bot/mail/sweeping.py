"""The folder of e-mails keeps no file longer than the database keeps its row."""

from __future__ import annotations

import re
import time
from pathlib import Path

from sqlalchemy import select

from bot.cases.models import Mail
from bot.db.session import Sessions, read_only
from bot.mail.composing import name_of
from bot.mail.message import Due, Message

_FILE = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-([0-9]{1,18})\.eml", re.ASCII)
UNFINISHED_SECONDS = 3_600.0  # a file that was begun so long ago was left by a program that was killed
AT_ONCE = 500


def sweep(sessions: Sessions, folder: Path) -> int:
    """Deletes the files whose e-mail is deleted. Returns how many. Files that are not ours stay."""
    if not folder.is_dir():
        return 0
    gone = 0
    for fresh in folder.glob(".*.new"):
        if time.time() - fresh.stat().st_mtime > UNFINISHED_SECONDS:
            fresh.unlink(missing_ok=True)
    ours = [(int(match[1]), path) for path in folder.iterdir() if (match := _FILE.fullmatch(path.name))]
    for place in range(0, len(ours), AT_ONCE):
        piece = ours[place : place + AT_ONCE]
        kept = _kept(sessions, [number for number, _ in piece])
        for _, path in piece:
            if path.stem not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _kept(sessions: Sessions, numbers: list[int]) -> set[str]:
    """The names of those that the database still has; an id that was given again is another e-mail's."""
    with read_only(sessions) as session:
        rows = session.execute(select(Mail.id, Mail.created_at).where(Mail.id.in_(numbers))).all()
    return {name_of(Due(number, made_at, Message(to="", subject="", text=""))) for number, made_at in rows}
