"""What somebody says they have done and can do, as keys of the list. Nothing is a fact until they have said yes to it.

A job makes us ask for what most people with it can do; it never makes us write it down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.talents.catalogue import KINDS, Catalogue, offered
from bot.talents.forms import LONGEST
from bot.talents.seed import LANGUAGES, Small
from engine.nlu.language import small_words
from engine.nlu.text import fold

MOST_SAID, MOST_IMPLIED = 8, 5  # of one message: more is no question that anybody reads
NOT_WITHIN = 3  # words between "not" and what is not so
MOST_YEARS = 70
SURE_ABROAD = 6  # letters of a form in a language that the message is not written in


@dataclass(frozen=True)
class Candidate:
    """`kind`: job, skill, language. `implied_by`: the job that made us think of it; "" for what was said."""

    kind: str
    key: str
    years: int | None = None
    implied_by: str = ""


@dataclass(frozen=True)
class Heard:
    """`refused`: something in it was a crime or a joke, which is not taken; the rest is."""

    said: tuple[Candidate, ...] = ()
    implied: tuple[Candidate, ...] = ()
    refused: bool = False


@dataclass(frozen=True)
class _Spot:
    kind: str
    key: str
    start: int
    end: int


Imported = Callable[[list[str]], list[tuple[str, str, int, int]]]  # words -> kind, key, first and last word (bot/talents/esco.py)


def hear(text: str, language: str, known: Catalogue, imported: Imported | None = None) -> Heard:
    """`imported` finds more, among what was not found here."""
    words = fold(text).split()
    small = known.small(offered(language))
    spots = list(_spots(words, language, known))
    if imported:
        spots = _with_more(spots, imported(words))
    refused = any(spot.kind == "refused" for spot in spots)
    true = [spot for spot in spots if spot.kind in KINDS and not _is_denied(words, spot, small)]
    said = _with_years(true, _years(words, small, known.year_words))[:MOST_SAID]
    return Heard(tuple(said), tuple(_implied(said, known)), refused)


def _spots(words: list[str], language: str, known: Catalogue) -> Iterator[_Spot]:
    """From left to right, the longest form first; a crime before what else the same words might be."""
    own = tuple(dict.fromkeys((offered(language), "en")))
    at = 0
    while at < len(words):
        found = _at(words, at, own, known) or _abroad(words, at, own, known) or _misspelled(words, at, own, known)
        yield from found
        at = found[0].end + 1 if found else at + 1


def _at(words: list[str], at: int, languages: tuple[str, ...], known: Catalogue) -> list[_Spot]:
    """A skill before a job that the same words may mean, however many they are: less is claimed so."""
    windows = list(_windows(words, at))
    for kinds in (("refused",), KINDS, ("profession",)):
        for end, window in windows:
            for language in languages:
                keys = [(kind, known.forms(kind, language).find(window)) for kind in kinds]
                if found := [_Spot("job" if kind == "profession" else kind, key, at, end) for kind, key in keys if key]:
                    return found
    return []


def _windows(words: list[str], at: int) -> Iterator[tuple[int, list[str]]]:
    """(last place, words) from here, the longest first; each also without the small words in it ("baabuur waan wadaa")."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        window = words[at : at + length]
        yield at + length - 1, window
        bare = [window[0], *(word for word in window[1:] if word not in small_words())]
        if 1 < len(bare) < length and window[-1] == bare[-1]:
            yield at + length - 1, bare


def _abroad(words: list[str], at: int, languages: tuple[str, ...], known: Catalogue) -> list[_Spot]:
    """A long word of another language: people mix them."""
    word = words[at]
    if len(word) < SURE_ABROAD or word in small_words():
        return []
    for language in (code for code in LANGUAGES if code not in languages):
        keys = [(kind, known.forms(kind, language).whole.get(word)) for kind in KINDS]
        if found := [_Spot(kind, key, at, at) for kind, key in keys if key]:
            return found
    return []


def _misspelled(words: list[str], at: int, languages: tuple[str, ...], known: Catalogue) -> list[_Spot]:
    if words[at] in small_words():
        return []
    for language in languages:
        for kind in (*KINDS, "profession"):
            if key := known.forms(kind, language).near(words[at]):
                return [_Spot("job" if kind == "profession" else kind, key, at, at)]
    return []


def _with_more(spots: list[_Spot], found: list[tuple[str, str, int, int]]) -> list[_Spot]:
    """And what stands on words that nothing of ours stands on; more words beat fewer, but never a crime."""
    kept = list(spots)
    for kind, key, start, end in found:
        over = [spot for spot in kept if spot.start <= end and start <= spot.end]
        if all(spot.kind != "refused" and spot.end - spot.start < end - start for spot in over):
            kept = [spot for spot in kept if spot not in over] + [_Spot(kind, key, start, end)]
    return sorted(kept, key=lambda spot: spot.start)


def _is_denied(words: list[str], spot: _Spot, small: Small) -> bool:
    """Whether a "not" of the language stands where it denies this: "I never cooked", and where it follows, "کھانا نہیں"."""
    within = words[spot.start : spot.end + 1]
    before = words[max(0, spot.start - NOT_WITHIN) : spot.start] + within
    after = within + words[spot.end + 1 : spot.end + 1 + NOT_WITHIN]
    return not (set(map(fold, small.before)).isdisjoint(before) and set(map(fold, small.after)).isdisjoint(after))


def _years(words: list[str], small: Small, year_words: frozenset[str]) -> list[tuple[int, int]]:
    """(years, place) of every "5 years" and "five years"."""
    numbers = {fold(word): number for word, number in small.numbers.items()}
    year = frozenset(map(fold, year_words))
    found = []
    for place, word in enumerate(words):
        if word in year:
            for beside in (place - 1, place + 1):  # "سنوات 5" is written too
                near = words[beside] if 0 <= beside < len(words) else ""
                number = int(near) if near.isdecimal() and len(near) < 3 else numbers.get(near, 0)
                if 0 < number <= MOST_YEARS:
                    found.append((number, place))
                    break
    return found


def _with_years(spots: list[_Spot], years: list[tuple[int, int]]) -> list[Candidate]:
    """Each once. Years belong to the nearest job, where there is none to the nearest skill; to no language."""
    found = {(spot.kind, spot.key): Candidate(spot.kind, spot.key) for spot in spots}
    for number, place in years:
        for kind in ("job", "skill"):
            if near := sorted((abs(spot.start - place), spot.key) for spot in spots if spot.kind == kind):
                where = (kind, near[0][1])
                found[where] = replace(found[where], years=max(number, found[where].years or 0))
                break
    return list(found.values())


def _implied(said: list[Candidate], known: Catalogue) -> list[Candidate]:
    had = {(one.kind, one.key) for one in said}
    jobs = [known.jobs[one.key] for one in said if one.kind == "job" and one.key in known.jobs]
    guessed = {key: job.key for job in jobs for key in job.skills if ("skill", key) not in had}
    return [Candidate("skill", key, implied_by=job) for key, job in guessed.items()][:MOST_IMPLIED]
