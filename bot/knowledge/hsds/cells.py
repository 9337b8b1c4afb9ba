"""Values as cells of a CSV file that a spreadsheet program shows and never runs.

A cell that begins with one of these is a formula to Excel, LibreOffice or Google Sheets
(https://owasp.org/www-community/attacks/CSV_Injection); an apostrophe before it makes it text.
"""

from __future__ import annotations

import re
from typing import Any

_FORMULA = re.compile(r"'*(?:[ ]*[=+\-@＝＋－＠]|[\t\r\n])")
_MARKED = re.compile(r"'+(?:[ ]*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?[\d\s().-]+")


def safe(value: str) -> str:
    """The cell for a text; `unsafe` gives the text back, also where it had apostrophes of its own."""
    return f"'{value}" if _FORMULA.match(value) else value


def unsafe(cell: str) -> str:
    return cell[1:] if _MARKED.match(cell) else cell


def safe_number(value: Any) -> str:
    """The same, for tables that programs read too: a telephone number or a figure stays as it is, as it can run nothing."""
    text = str(value)
    return text if _NUMBER.fullmatch(text) else safe(text)
