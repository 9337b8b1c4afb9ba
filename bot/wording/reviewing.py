"""People who speak a language look at its texts, one after the other: right, corrected, or a question to the team.

Whoever reviews sees a text with a token and sends it back: what has changed meanwhile is shown again, never overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import two_people
from bot.knowledge.models import Review
from bot.knowledge.snapshot import Snapshot
from bot.staff import wishes
from bot.staff.models import Staff
from bot.wording import units, writing
from bot.wording.units import Unit

WAITING = ("asked", "proposed")  # for somebody of the team
LONGEST_WORDS = 1_000
BETWEEN = "\n\n"  # two forms of a text that is proposed


@dataclass(frozen=True)
class Desk:
    """What somebody has before them: the next text, None when there is none; how many are left with it, and how many set aside."""

    unit: Unit | None
    left: int
    skipped: int


def desk(session: Session, staff_id: int, language: str) -> Desk:
    """What people are answered from most comes first. What this reviewer has asked about waits for its answer."""
    verdicts: dict[tuple[str, str], str] = {}
    mine = select(Review.place, Review.token, Review.verdict).where(Review.staff_id == staff_id, Review.language == language)
    for place, token, verdict in session.execute(mine.where(Review.settled_at.is_(None)).order_by(Review.id)):
        verdicts[place, token] = verdict
    places = {place for place, _ in verdicts}
    waiting, skipped = [], 0
    for unit in units.listed(session, language):
        said = verdicts.get((unit.place, unit.token), "") if unit.place in places else ""
        skipped += said == "skipped"
        if unit.state != "reviewed" and said not in ("skipped", *WAITING):
            waiting.append(unit)
    return Desk(min(waiting, key=_easiest, default=None), len(waiting), skipped)


def _easiest(unit: Unit) -> tuple[int, bool, int]:
    """What people are answered from most; of these what has to be written anew, which is work for a keyboard, last."""
    return -unit.asked, unit.state == "missing", units.STATES.index(unit.state)


def right(session: Session, staff_id: int, language: str, place: str, token: str) -> bool:
    """The translation is right as it is. False when the same reviewer has said so already. Raises RefusedError: field, stale_text,
    text_required (there is none)."""
    unit = _seen(session, staff_id, language, place, token)
    if unit is None:
        return False
    if not all(unit.text):
        raise RefusedError("there is no translation yet", "text_required")
    writing.write(session, unit, unit.text, who=f"staff:{staff_id}", why="", state="reviewed")
    _note(session, staff_id, language, place, "right")
    return True


def correct(
    session: Session,
    staff_id: int,
    language: str,
    place: str,
    token: str,
    forms: Sequence[str],
    knowledge: Snapshot,
    *,
    sure: str,
) -> str:
    """The verdict that was noted: corrected, or proposed where two people must publish; "" when it was sent before.

    Raises RefusedError: field, stale_text, and what `writing.checked` refuses.
    """
    unit = _seen(session, staff_id, language, place, token)
    if unit is None:
        return ""
    said = writing.checked(unit, forms, knowledge, sure=sure)
    if two_people.needed(unit.kind):
        _note(session, staff_id, language, place, "proposed", BETWEEN.join(said))
        return "proposed"
    writing.write(session, unit, said, who=f"staff:{staff_id}", why="", state="reviewed")
    _note(session, staff_id, language, place, "corrected")
    return "corrected"


def propose(
    session: Session,
    staff_id: int,
    language: str,
    place: str,
    token: str,
    forms: Sequence[str],
    knowledge: Snapshot,
    *,
    sure: str,
) -> None:
    """Other words for a text or a sentence, also an English one, for somebody who may change it (`accept`).

    Raises RefusedError: field, stale_text, same_text, and what `writing.checked` refuses.
    """
    unit = _seen(session, staff_id, language, place, token)
    if unit is None:
        return
    said = writing.checked(unit, forms, knowledge, sure=sure)
    if said == unit.text:
        raise RefusedError("these are the words that there are", "same_text")
    _note(session, staff_id, language, place, "proposed", BETWEEN.join(said))


def accept(session: Session, review_id: int, who: str, knowledge: Snapshot) -> Review | None:
    """What was proposed is said from now on; in its history stands who proposed it. None when it waits no more.

    Raises RefusedError: own_draft (somebody else must), stale_text, and what `writing.checked` and `writing.write` refuse.
    """
    row = session.scalar(select(Review).where(Review.id == review_id).with_for_update())
    if row is None or row.verdict != "proposed" or row.settled_at is not None:
        return None
    author = f"staff:{row.staff_id}"
    if author == who:
        raise RefusedError("somebody else must approve this", "own_draft")
    unit = units.locked(session, row.language, row.place)
    if unit is None or unit.token != row.token:
        raise RefusedError("this text has changed meanwhile", "stale_text")
    forms = (row.words or "").split(BETWEEN) if len(unit.text) > 1 else [row.words or ""]
    said = writing.checked(unit, forms, knowledge, sure=writing.seal(writing.tidied(unit, forms)))
    writing.write(session, unit, said, who=author, why="", state="reviewed" if unit.language == "en" else "draft")
    row.settled_by, row.settled_at = who, now()
    session.flush()
    return row


def ask(session: Session, staff_id: int, language: str, place: str, token: str, words: str) -> bool:
    """A question or remark to the team; the same one twice is one. False when the text is what this reviewer has just made of it.

    Raises RefusedError: field, stale_text, text_empty, text_long."""
    said = words.strip()
    if not said:
        raise RefusedError("write your question first", "text_empty")
    if len(said) > LONGEST_WORDS:
        raise RefusedError(f"a question has {LONGEST_WORDS} characters at most", "text_long")
    if _seen(session, staff_id, language, place, token) is None:
        return False
    _note(session, staff_id, language, place, "asked", said)
    return True


def skip(session: Session, staff_id: int, language: str, place: str, token: str) -> None:
    """Sets it aside for this reviewer. Raises RefusedError: field, stale_text."""
    if _seen(session, staff_id, language, place, token) is not None:
        _note(session, staff_id, language, place, "skipped")


def take_up_skipped(session: Session, staff_id: int, language: str) -> None:
    """What was set aside comes again."""
    mine = delete(Review).where(Review.staff_id == staff_id, Review.language == language, Review.verdict == "skipped")
    session.execute(mine)


def questions(session: Session, language: str = "", place: str = "") -> list[tuple[Review, Staff]]:
    """What waits for somebody of the team, oldest first, with who wrote it."""
    open_ones = select(Review, Staff).join(Staff, Staff.id == Review.staff_id)
    open_ones = open_ones.where(Review.verdict.in_(WAITING), Review.settled_at.is_(None)).order_by(Review.id)
    if language:
        open_ones = open_ones.where(Review.language == language)
    if place:
        open_ones = open_ones.where(Review.place == place)
    return [(review, staff) for review, staff in session.execute(open_ones)]


def settle(session: Session, review_id: int, who: str) -> Review | None:
    """Dealt with: the text comes back to whoever asked. None when there is no such question, or it was settled before."""
    row = session.scalar(select(Review).where(Review.id == review_id).with_for_update())
    if row is None or row.verdict not in WAITING or row.settled_at is not None:
        return None
    row.settled_by, row.settled_at = who, now()
    session.flush()
    return row


def credits(session: Session) -> dict[str, list[str]]:
    """language -> the names of those who have reviewed texts and wish to be named."""
    did = select(Review.language, Staff).join(Staff, Staff.id == Review.staff_id)
    did = did.where(Review.verdict.in_(("right", "corrected", "proposed"))).distinct()
    found: dict[str, set[str]] = {}
    for language, staff in session.execute(did):
        if wishes.of(staff)["credit"]:
            found.setdefault(language, set()).add(staff.name)
    return {language: sorted(names, key=str.casefold) for language, names in sorted(found.items())}


def _seen(session: Session, staff_id: int, language: str, place: str, token: str) -> Unit | None:
    """The text as the reviewer saw it, locked; None when it is what this reviewer has just made of it."""
    unit = units.locked(session, language, place)
    if unit is None:
        raise RefusedError("there is no such text", "field")
    if unit.token == token:
        return unit
    last = _last(session, staff_id, language, place)
    if last is not None and last.token == unit.token and last.verdict in ("right", "corrected"):
        return None
    raise RefusedError("this text has changed meanwhile", "stale_text")


def _last(session: Session, staff_id: int, language: str, place: str) -> Review | None:
    mine = select(Review).where(Review.staff_id == staff_id, Review.language == language, Review.place == place)
    return session.scalar(mine.order_by(Review.id.desc()).limit(1))


def _note(session: Session, staff_id: int, language: str, place: str, verdict: str, words: str | None = None) -> None:
    session.flush()
    unit = units.find(session, language, place)
    assert unit is not None
    last = _last(session, staff_id, language, place)
    if last is not None and (last.verdict, last.token, last.words) == (verdict, unit.token, words) and not last.settled_at:
        return  # the same form sent twice
    session.add(Review(staff_id=staff_id, language=language, place=place, verdict=verdict, token=unit.token, words=words))
    session.flush()
