"""What may be given to the machine. Nothing, unless somebody has set one up; then:

- A machine in the house (USEIT_TRANSLATE_IN_HOUSE=yes) gets everybody's words, except of those who said no.
- A machine outside gets the words of those who said yes when their caseworker asked (asking.py), and of nobody else. That holds
  for danger too: the privacy text promises that only caseworkers see what is written, danger is told in the worst words there
  are, and what to do about it does not hang on them: the kind of danger is heard in every language, the numbers are shown, an
  interpreter can be rung. The question takes one tap, and its answer counts for what was written before.
- Questions about somebody's own immigration case never go outside, not even after a yes: they can be evidence, and a wrong word
  in an answer can do harm that cannot be undone. They are for a regulated adviser with an interpreter.
- Identifiers, numbers, addresses and links go nowhere (protection.py), and what the bot said needs no machine (own_words.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from bot.people import machine_translation
from bot.settings import Translating
from engine.safety import Alarm

Listen = Callable[[str], Alarm]
OFF, REFUSED, NOT_ASKED, IMMIGRATION = "off", "refused", "not_asked", "immigration"


def against(session: Session, person_id: int, machine: Translating | None) -> str:
    """Why nothing of this person's conversation may be sent: off, refused, not_asked; "" when it may."""
    return against_each(session, [person_id], machine)[person_id]


def against_each(session: Session, people: Collection[int], machine: Translating | None) -> dict[int, str]:
    """The same for many at once."""
    if machine is None:
        return dict.fromkeys(people, OFF)
    agreed = machine_translation.agreed(session, people)
    not_asked = "" if machine.in_house else NOT_ASKED
    return {person: {True: "", False: REFUSED, None: not_asked}[agreed.get(person)] for person in people}


def against_text(text: str, machine: Translating, listen: Listen) -> str:
    """Why this text may not be sent, though others of the conversation may: immigration, or ""."""
    return IMMIGRATION if not machine.in_house and listen(text).immigration else ""
