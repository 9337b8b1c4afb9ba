"""Abbreviations that mean several things ("PIP", "CPN"): the likeliest by the words around it, the others kept to be offered."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.knowledge.seed import Term
from engine.nlu.text import fold


class Shared:
    """Made once for all terms. Of equally likely meanings the one that stands first in the knowledge comes first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._owners: dict[str, list[str]] = {}
        self._context: dict[str, frozenset[str]] = {}
        for term in terms:
            if term.shared:
                self._context[term.key] = frozenset(word for phrase in term.context for word in fold(phrase).split())
            for abbreviation in term.shared:
                self._owners.setdefault(fold(abbreviation).replace(" ", ""), []).append(term.key)

    def likeliest(self, compact: str, words: Collection[str]) -> list[str]:
        """The terms that `compact` may mean, likeliest first; empty when it is not shared. `words`: the folded words around."""
        owners = self._owners.get(compact, [])
        return sorted(owners, key=lambda key: (-len(self._context[key].intersection(words)), owners.index(key)))
