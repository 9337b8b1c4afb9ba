"""A message with its glossary terms marked, so that a page can explain them where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.cases.both_sides import Recognised

Pieces = list[tuple[str, Recognised | None]]


def marker(known: Iterable[Recognised]) -> Callable[[str], Pieces]:
    """Cuts a text into pieces, each with the term it is; the first place of each term, as the person wrote it or by its name."""
    meant: dict[str, Recognised] = {}
    for term in known:
        for name in (term.as_written, term.name, term.expansion):
            if name:
                meant.setdefault(name.casefold(), term)
    if not meant:
        return lambda text: [(text, None)]
    names = sorted(map(re.escape, meant), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)

    def marked(text: str) -> Pieces:
        pieces: Pieces = []
        seen, at = set[str](), 0
        for match in pattern.finditer(text):
            term = meant.get(match[0].casefold())
            if term is None or term.key in seen:
                continue
            seen.add(term.key)
            pieces += [(text[at : match.start()], None), (match[0], term)]
            at = match.end()
        return [*pieces, (text[at:], None)]

    return marked
