"""The sentences as this installation says them, read into memory, and read again as soon as anybody changes one.

`House.refresh` calls `take_up` before anybody is answered, so a changed sentence is said at the person's next message, in every
process. Reading them costs nothing in between: `i18n.t` looks into one dictionary, as before.
"""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.wording.models import Wording

log = logging.getLogger(__name__)
_taken = 0


def take_up(session: Session, number: int) -> None:
    """`number`: the revision, 0 when nobody has changed a sentence. A row that does not fit its sentence is not said (i18n.misfit)."""
    global _taken
    if number == _taken:
        return
    rows = session.execute(select(Wording.language, Wording.key, Wording.forms).where(Wording.forms.is_not(None)))
    found: dict[str, dict[str, list[str]]] = {}
    for language, key, forms in rows:
        found.setdefault(language, {})[key] = forms
    wrong = i18n.use_overrides(found)
    for language, key in wrong:
        log.warning("wording %s %s does not fit its sentence any more: the shipped one is said", language, key)
    _taken = number


def forget() -> None:
    """Drops what was read: another database is in use (tests, a restored backup)."""
    global _taken
    if _taken:
        i18n.use_overrides({})
    _taken = 0
