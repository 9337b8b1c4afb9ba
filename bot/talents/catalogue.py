"""The list of skills and jobs that ships, in memory: what a key is called, and which words lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from bot import i18n
from bot.talents.forms import Forms
from bot.talents.seed import LANGUAGES, Job, Skill, SkillSeed, Small, read

KINDS = ("job", "skill", "language")
CLDR = {"prs": "fa_AF"}  # what CLDR calls by another code


class Catalogue:
    """Made once of the files. A key of `skills` or `jobs` is data/skills'; of a language it is its code."""

    def __init__(self, seed: SkillSeed) -> None:
        self._seed = seed
        self.skills: dict[str, Skill] = {skill.key: skill for skill in seed.skills}
        self.jobs: dict[str, Job] = {job.key: job for job in seed.jobs}
        self.groups = seed.groups
        self.languages = tuple(seed.tongues.codes)
        self._forms: dict[tuple[str, str], Forms] = {}

    def has(self, kind: str, key: str) -> bool:
        known = {"skill": set(self.skills), "job": set(self.jobs), "language": set(self.languages)}
        return key in known.get(kind, set())

    def name(self, kind: str, key: str, language: str) -> str:
        """As it is said to people: "give injections", "nurse", "speak Tigrinya". Raises KeyError for one that is not here."""
        if kind == "language":
            if key not in self.languages:
                raise KeyError(key)
            speak = self._seed.tongues.speak
            return speak.get(language, speak["en"]).format(language=tongue(key, language))
        return (self.jobs if kind == "job" else self.skills)[key].name(language)

    def group(self, key: str, language: str) -> str:
        names = self.groups[key]
        return names.get(language, names["en"])

    def small(self, language: str) -> Small:
        return self._seed.small.get(language, self._seed.small["en"])

    def forms(self, kind: str, language: str) -> Forms:
        """`kind`: job, skill, language, refused (a crime, a joke), or profession: data/lookup's words, which mean a job when they
        mean no skill ("nursing" is a job, "welding" is a skill)."""
        if (kind, language) not in self._forms:
            self._forms[kind, language] = Forms(self._words(kind, language))
        return self._forms[kind, language]

    @cached_property
    def year_words(self) -> frozenset[str]:
        return frozenset(word for small in self._seed.small.values() for word in small.years)

    def _words(self, kind: str, language: str) -> Iterator[tuple[str, str]]:
        if kind == "profession":
            theirs = self._seed.professions.get(language, {})
            yield from ((word, job.key) for job in self.jobs.values() for word in theirs.get(job.profession, []))
        elif kind == "refused":
            yield from ((word, "refused") for word in self._seed.refused.get(language, []))
        elif kind == "language":
            for code in self.languages:
                yield tongue(code, language), code
                yield from ((word, code) for word in self._seed.tongues.words.get(code, []))
        else:
            entries: Iterable[Skill | Job] = self.skills.values() if kind == "skill" else self.jobs.values()
            yield from ((word, entry.key) for entry in entries for word in entry.of(language))


def tongue(code: str, language: str) -> str:
    """What a language is called in another, by CLDR; in English where CLDR has no name."""
    cldr = CLDR.get(code, code)
    return str(i18n.locale(language).languages.get(cldr) or i18n.locale("en").languages.get(cldr, code))


@cache
def catalogue() -> Catalogue:
    """The one that ships. Raises PermanentError when its files are wrong."""
    return Catalogue(read())


def offered(language: str) -> str:
    """The language whose words are looked up for somebody who writes in `language`."""
    return language if language in LANGUAGES else "en"
