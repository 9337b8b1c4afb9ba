"""A mentor, somebody who asked, and the pair they are, made by the ways of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.conversation import inbox
from bot.house import House
from bot.mentoring import offers, pairs, wishes
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from bot.mentoring.offers import Offer
from bot.mentoring.wishes import Wish
from bot.people.models import Chat
from bot.staff.models import Staff

CODES = ["evenings", "saturdays"]


@dataclass(frozen=True)
class Two:
    """The ids of a pair, and of its chats."""

    pair: int
    mentor_chat: int
    mentee_chat: int


def staff(session: Session) -> int:
    found = session.query(Staff).first()
    if found is None:
        found = Staff(login="amina", name="Amina", role="caseworker", password_hash="x", totp_secret="x")
        session.add(found)
        session.flush()
    return found.id


def chat_of(session: Session, address: str, language: str = "en") -> Chat:
    chat = inbox.chat_for(session, "cli", address)
    person = chat.person
    person.language, person.language_confirmed, person.welcomed = language, True, True
    session.flush()
    return chat


def mentor(session: Session, address: str, *, language: str = "en", **changes: Any) -> Mentor:
    """Active, checked by a caseworker."""
    said: dict[str, Any] = {
        "profession": "nurse",
        "languages": ["ti", "en"],
        "times": CODES,
        "often": "week",
        "way": "registered",
        "way_words": None,
    }
    said |= {"gender": "woman", "called": "Selam"} | changes
    made = offers.make(session, chat_of(session, address, language), Offer(**said))
    offers.agree(session, made)
    by = staff(session)
    offers.note_references(made, "Sister Ruth of the hub knows her well", 2)
    for state in ("references", "checked", "active"):
        offers.vet(session, made, state, by, "talked on the phone")
    return made


def wish(session: Session, address: str, *, language: str = "en", **changes: Any) -> MentorWish:
    said: dict[str, Any] = {"profession": "nurse", "languages": ["ti", "ar"], "times": ["evenings"], "gender": "any"} | changes
    return wishes.ask(session, chat_of(session, address, language), Wish(**said))


def introduced(session: Session, mentors: str = "mentor", mentees: str = "mentee", language: str = "en") -> MentorPair:
    """Both are asked."""
    made, asked = mentor(session, mentors, language=language), wish(session, mentees, language=language)
    return next(iter(_proposed(session, asked, made)), None) or pairs.choose(session, asked, made)


def _proposed(session: Session, asked: MentorWish, made: Mentor) -> list[MentorPair]:
    """The proposal of these two, if it is the one that was found, approved."""
    found = [pair for pair in pairs.live_of(session, wish_id=asked.id) if pair.mentor_id == made.id]
    for pair in found:
        pairs.approve(session, pair)
    return found


def paired(house: House, mentors: str = "mentor", mentees: str = "mentee", language: str = "en") -> Two:
    """Both have agreed."""
    with house.sessions.begin() as session:
        pair = introduced(session, mentors, mentees, language)
        for side in ("mentor", "mentee"):
            assert pairs.answer(session, pair, side, yes=True)
        pairs.take_back(session, pair)  # the notices of it are no part of what is tested
        return Two(pair.id, pair.mentor.chat_id, pair.wish.chat_id)
