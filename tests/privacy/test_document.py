"""docs/privacy.md says what is in the code: every table, every sealed column, every number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot import crypto
from bot.cases import retention
from bot.conversation import keeping, outbox, sweeping
from bot.db.base import Sealed
from bot.db.tables import Base
from bot.settings import ROOT, Settings

TEXT = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")


def rows() -> Iterator[tuple[list[str], set[str], str]]:
    """(tables, sealed columns, how long) of each line of the table of tables."""
    part = TEXT.partition("## The tables")[2].partition("Outside the database")[0]
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0].startswith("`"):
            yield re.findall(r"`(\w+)`", cells[0]), set(re.findall(r"`(\w+)`", cells[2])), cells[3]


def test_every_table_stands_there_once() -> None:
    named = [name for tables, _, _ in rows() for name in tables]
    assert sorted(named) == sorted(Base.metadata.tables)


def test_the_sealed_columns_are_the_ones_of_the_code() -> None:
    for tables, said, _ in rows():
        columns = [column for name in tables for column in Base.metadata.tables[name].columns]
        assert said == {column.name for column in columns if isinstance(column.type, Sealed)}, tables


def test_every_table_has_a_time() -> None:
    assert all(long for _, _, long in rows())


def test_the_numbers_are_the_ones_of_the_code(settings: Settings) -> None:
    rules = retention.Rules.of(settings)
    for said in (
        f"`USEIT_KEEP_DAYS` ({rules.keep})",
        f"`USEIT_CLOSE_AFTER_DAYS` ({rules.close})",
        f"`USEIT_DELETE_AFTER_DAYS` ({rules.delete})",
        f"within {crypto.LOOK_SECONDS:.0f} seconds",
        f"within {sweeping.LOOK_SECONDS:.0f} seconds",
        f"else {retention.NOTICE_DAYS} days",
    ):
        assert said in TEXT, said
    assert (keeping.SILENT_DAYS, outbox.COPIES_LIVE.days, keeping.NOT_AGAIN.days) == (365, 1, 1)
    assert (sweeping.EVERY_SECONDS, sweeping.GAP.days, sweeping.TRUST.days, retention.WARNING.days) == (3_600, 3, 1, 7)
