"""What the domains call by a code, the console calls by a word: a new state or notice cannot break a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot import i18n
from bot.cases import answering, follow_ups, putting_away, service_links
from bot.cases.handoffs import NEEDS
from bot.cases.states import HANDOFF, REFERRAL, URGENCIES
from bot.console.snoozes import offered
from bot.conversation import attaching
from bot.db.base import now
from bot.knowledge.seed import PLACEHOLDERS
from bot.settings import ROOT
from bot.staff.permissions import ROLES


def codes() -> Iterator[tuple[str, str]]:
    yield from (("console.state.", name) for name in HANDOFF)
    yield from (("console.referral.state.", name) for name in REFERRAL)
    yield from (("console.urgency.", name) for name in URGENCIES)
    yield from (
        ("console.outcome.", name)
        for name in (*answering.OUTCOMES, *follow_ups.ANSWERS, *service_links.ANSWERS, putting_away.OUTCOME)
    )
    yield from (("console.card.", name) for name in attaching.CARDS)
    yield from (("console.place.", name) for name in PLACEHOLDERS)
    yield from (("console.role.", name) for name in ROLES)
    yield from (("console.snooze.", name) for name, _ in offered(now()))
    yield from (("console.channel.", name) for name in ("web", "telegram", "cli", putting_away.CHANNEL))
    yield from (("need.", name) for name in NEEDS)
    for path in sorted((ROOT / "bot").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        told = re.findall(r"(?:notices|watchers)\.tell\((?:[^()]|\([^()]*\))*?\"(\w+)\"", source)
        yield from (("console.notice.", name) for name in told)


@pytest.mark.parametrize(("prefix", "code"), sorted(set(codes())))
def test_a_code_has_its_word(prefix: str, code: str) -> None:
    assert i18n.has("en", prefix + code)


def test_the_notices_were_found() -> None:
    assert {"assigned", "mention", "escalated", "service_answered"} <= {
        code for prefix, code in codes() if prefix == "console.notice."
    }
