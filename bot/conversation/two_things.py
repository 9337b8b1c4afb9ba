"""A message that holds two things: "I'm a nurse from Eritrea, and what is an OSCE?"

It is cut where two clauses meet when each half, taken alone, clearly means something else. Rather one answer too few than a
message torn apart: one half must ask about a word that we know, or both must be very clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.snapshot import Snapshot
from engine.agent import Engine, Parse

SHORTEST, MOST_CUTS = 2, 4  # words of a half; places tried
CLEAR, VERY_CLEAR = 0.6, 0.9
WISHES = frozenset(
    ["explain_term", "use_qualification", "my_plan", "find_help", "talk_to_person", "offer_skills", "success_stories", "change_language", "my_data", "about_bot"]
)  # fmt: skip
# What opens a form asks a question of its own, so it is answered last.
OPENS_A_FORM = ("use_qualification", "find_help", "talk_to_person")
_STOP = re.compile(r"[.!?؟۔。;\n]+\s*|[,،]\s+")
_AND = re.compile(r"\s(?:and|also|iyo|et|aussi|اور|او|و|та|і|й|а також|aur|ou)\s+", re.IGNORECASE)


async def split(engine: Engine, knowledge: Snapshot, text: str, language: str) -> list[str]:
    """The parts in the order in which they are best answered; the whole text when it is one thing."""
    for left, right in _halves(text):
        one, other = await engine.parse(left), await engine.parse(right)
        if one.intent == other.intent or not {one.intent, other.intent} <= WISHES:
            continue
        asked = [
            bool(knowledge.term_index.in_question(half, language, exact=True))
            for half, parse in ((left, one), (right, other))
            if parse.intent == "explain_term"
        ]
        least = CLEAR if any(asked) else VERY_CLEAR
        if _confidence(one) >= least and _confidence(other) >= least:
            return [right, left] if one.intent in OPENS_A_FORM else [left, right]
    return [text]


def _halves(text: str) -> Iterator[tuple[str, str]]:
    cuts = [*_STOP.finditer(text), *_AND.finditer(text)]
    tried = 0
    for cut in cuts:
        left, right = text[: cut.start()].strip(), text[cut.end() :].strip()
        if min(len(left.split()), len(right.split())) >= SHORTEST and tried < MOST_CUTS:
            tried += 1
            yield left, right


def _confidence(parse: Parse) -> float:
    return parse.ranking[0].confidence if parse.ranking else 0.0
