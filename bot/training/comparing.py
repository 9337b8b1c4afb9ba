"""Two models side by side: what each understands of the same messages, and whether the new one may take the old one's place.

It may not when it hears danger or a question about somebody's own immigration case less often than the old one, in the
installation's test messages or in the shipped lines both were taught, or when it fails a test message that is marked "must".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bot.evaluation import measures
from bot.evaluation.examples import Example as Asked
from bot.evaluation.measures import Answered

SHIPPED_LINES, SHIPPED_WATCHED = 6, 30  # of each language and meaning; of those that must not be missed
WATCHED = {measures.DANGER: "danger", measures.IMMIGRATION: "immigration"}


class Message(msgspec.Struct, frozen=True):
    """A message of known meaning. `own`: a test message of the installation, else a shipped line."""

    language: str
    intent: str
    text: str
    own: bool
    must: bool = False


class Heard(msgspec.Struct, frozen=True):
    """What a model made of a message."""

    intent: str
    confidence: float
    language: str
    near: tuple[str, ...]


class Side(msgspec.Struct, frozen=True):
    """Shares from 0 to 1, None where there is nothing to count."""

    first: float | None
    among_three: float | None
    danger: float | None
    immigration: float | None
    false_alarms: float | None
    language: float | None


class Pair(msgspec.Struct, frozen=True):
    """One line of a table: `count` messages, what the old model and the new one make of them."""

    name: str
    count: int
    old: Side
    new: Side


class Change(msgspec.Struct, frozen=True):
    """A message the two take differently."""

    message: Message
    old: str
    new: str
    old_confidence: float
    new_confidence: float

    @property
    def better(self) -> bool | None:
        """True: now right; False: now wrong; None: wrong both times."""
        return self.new == self.message.intent or (False if self.old == self.message.intent else None)


class Tables(msgspec.Struct, frozen=True):
    all: Pair
    languages: list[Pair]
    intents: list[Pair]


class Comparison(msgspec.Struct, frozen=True):
    """`own` is None without test messages. `refused`: codes, [] when the new model may be switched in."""

    own: Tables | None
    shipped: Tables
    changed: list[Change]
    failed: list[Message]  # marked "must" and not understood by the new model
    refused: list[str]


def compare(messages: Sequence[Message], old: Sequence[Heard], new: Sequence[Heard]) -> Comparison:
    """`old` and `new` answer `messages` place by place."""
    rows = list(zip(messages, old, new, strict=True))
    own, shipped = [row for row in rows if row[0].own], [row for row in rows if not row[0].own]
    failed = [message for message, _, heard in rows if message.must and heard.intent != message.intent]
    changed = [
        Change(message, before.intent, now.intent, before.confidence, now.confidence)
        for message, before, now in rows
        if before.intent != now.intent
    ]
    refused = [f"{name}_fell" for intent, name in WATCHED.items() if _fell(own, intent) or _fell(shipped, intent)]
    return Comparison(
        own=_tables(own) if own else None,
        shipped=_tables(shipped),
        changed=sorted(changed, key=lambda change: (not change.message.own, change.better is not False)),
        failed=failed,
        refused=refused + (["must_failed"] if failed else []),
    )


Rows = Sequence[tuple[Message, Heard, Heard]]


def _fell(rows: Rows, intent: str) -> bool:
    meant = [(before.intent, now.intent) for message, before, now in rows if message.intent == intent]
    return sum(now == intent for _, now in meant) < sum(before == intent for before, _ in meant)


def _tables(rows: Rows) -> Tables:
    def by(name: Callable[[Message], str]) -> list[Pair]:
        names = sorted({name(row[0]) for row in rows})
        return [_pair(one, [row for row in rows if name(row[0]) == one]) for one in names]

    return Tables(_pair("all", rows), by(lambda message: message.language), by(lambda message: message.intent))


def _pair(name: str, rows: Rows) -> Pair:
    olds, news = [_answered(m, before) for m, before, _ in rows], [_answered(m, now) for m, _, now in rows]
    return Pair(name, len(rows), _side(olds), _side(news))


def _side(answers: list[Answered]) -> Side:
    row = measures.row("", answers)
    return Side(row.first, row.among_three, row.danger_heard, row.immigration_heard, row.false_alarms, row.language)


def _answered(message: Message, heard: Heard) -> Answered:
    ranking = [{"intent": name} for name in heard.near]
    parse = {"intent": heard.intent, "confidence": heard.confidence, "lang": heard.language, "ranking": ranking}
    return Answered(Asked(message.language, message.intent, message.text), parse, 0.0)
