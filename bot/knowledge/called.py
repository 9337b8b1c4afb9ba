"""Which term is called exactly so: by its English names, by the asker's own words, by an abbreviation that several share."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection
from dataclasses import dataclass

from bot.knowledge.ambiguous import Shared
from bot.knowledge.forms import alike, bare, compact, known, put
from bot.knowledge.seed import OFFICIAL
from bot.knowledge.snapshot import Snapshot
from engine.nlu.text import fold

LONGEST = 6  # words


@dataclass(frozen=True)
class Found:
    """A term and the words in the text that named it. `score` is 100 for an exact find. `others`: what it may mean too."""

    key: str
    as_written: str
    start: int
    score: float
    others: tuple[str, ...] = ()


class Names:
    """All that terms are called. `language` is the asker's: only its own words count beside English."""

    def __init__(self, knowledge: Snapshot) -> None:
        self.english: dict[str, str] = {}
        self.own: dict[str, dict[str, str]] = {}
        self._spelled: dict[str, str] = {}  # a form -> as the English writes it
        right = (
            {key: [term.name] for key, term in knowledge.terms.items()},
            {key: term.aliases for key, term in knowledge.terms.items()},
            {key: [term.expansion] for key, term in knowledge.terms.items() if term.expansion},
        )
        # an office's ordinary words sound like too much that means something else
        said = ((key, form) for group in right for key, forms in group.items() for form in forms)
        self.said = [(known(form)[0], key) for key, form in said if knowledge.terms[key].domain != OFFICIAL]
        for forms in right:  # the first owner of a form keeps it
            put(self.english, forms)
            put(self.english, {key: [f.replace(" and ", " & ") for f in group if " and " in f] for key, group in forms.items()})
            self._spelled |= {known(f)[1]: f for group in forms.values() for f in group if known(f)[1] not in self._spelled}
        put(self.english, {key: term.misspellings for key, term in knowledge.terms.items()})
        self._lengths = {known(form)[1]: len(known(form)[0].split()) for forms in right for g in forms.values() for form in g}
        self._shared = Shared(knowledge.terms.values())
        self._spelled |= {compact(written): written for term in knowledge.terms.values() for written in term.shared}
        for language, forms in knowledge.all_names.items():
            put(self.own.setdefault(language, {}), forms)

    def of(self, language: str) -> ChainMap[str, str]:
        """The key of each form that counts for an asker of this language."""
        return ChainMap(self.english, self.own.get(language, {}))

    def meant(self, whole: str, language: str = "en", around: Collection[str] = ()) -> list[str]:
        """The term that is called so, in compact form; of a shared abbreviation every one, the likeliest among the words around first."""
        if shared := next((m for form in bare(whole) if (m := self._shared.likeliest(form, around))), None):
            return shared
        own = self.own.get(language, {})
        english = next((self.english[form] for form in alike(whole) if form in self.english), None)
        found = english or next((own[form] for form in bare(whole) if form in own), None)
        return [found] if found else []

    def spelled(self, compacted: str) -> str | None:
        """As the English writes this form."""
        return self._spelled.get(compacted)

    def length(self, compacted: str) -> int | None:
        """The words of a name that is spelled so, where it is written apart."""
        return next((self._lengths[form] for form in alike(compacted) if form in self._lengths), None)

    def as_english(self, found: Found, name: str) -> str:
        """How the English writes what was found: the alias that was meant ("NI number"), or the term's name ("triaged": triage)."""
        forms = alike(compact(found.as_written))
        alias = next((self._spelled[form] for form in forms if form in self._spelled), name)
        return name if fold(alias).startswith(fold(name)) and " " not in alias else alias
