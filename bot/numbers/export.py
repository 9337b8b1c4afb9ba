"""The numbers as CSV (RFC 4180, UTF-8 with a mark for Excel). No cell can be taken for a formula (OWASP)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.staff.audit_log import safe_cell

MARK = "\ufeff"


def as_csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    out.write(MARK)
    csv.writer(out).writerows([safe_cell(value) for value in line] for line in lines)
    return out.getvalue()
