"""What becomes of something that was asked and not known: somebody's task, a name of a term, done, or left alone."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.knowledge import checks, editing
from bot.knowledge.asked_groups import Group
from bot.knowledge.snapshot import Snapshot
from engine.nlu.text import fold

NEAREST = 5
LEAST_ALIKE = 50.0  # of 100
LONGEST = 80  # characters of a name


@dataclass(frozen=True)
class Nearest:
    """A term whose name looks like what was asked. `score`: of 100."""

    key: str
    name: str
    score: float


def nearest(knowledge: Snapshot, words: str, language: str) -> list[Nearest]:
    """Terms that may be meant, the likeliest first, then those whose meaning sounds like it."""
    names = {f"{key}\n{name}": fold(name) for key, term in knowledge.terms.items() for name in (term.name, *term.aliases)}
    own = knowledge.all_names.get(language, {})
    names |= {f"{key}\n{name}": fold(name) for key, mine in own.items() for name in mine if key in knowledge.terms}
    found: dict[str, float] = {}
    alike = process.extract(fold(words), names, scorer=fuzz.token_sort_ratio, limit=NEAREST * 3, score_cutoff=LEAST_ALIKE)
    for _, score, which in alike:
        found.setdefault(str(which).partition("\n")[0], score)
    for key in knowledge.term_index.by_meaning(words, language):
        found.setdefault(key, 0.0)
    return [Nearest(key, knowledge.terms[key].name, score) for key, score in list(found.items())[:NEAREST]]


def add_name(session: Session, group: Group, *, key: str, name: str, language: str, who: str, why: str) -> None:
    """The words become a name of the term in that language, live at the next message, and the group is done.

    Raises RefusedError: asked_no_term, asked_no_name (empty or too long), asked_is_name (it is one already), and what
    bot.knowledge.checks refuses.
    """
    given = " ".join(checks.cleaned(name).split())
    if not fold(given) or len(given) > LONGEST:
        raise RefusedError(f"a name has 1 to {LONGEST} characters", "asked_no_name")
    entry = editing.find(session, "terms", key, to_change=True)
    if entry is None or not entry.published:
        raise RefusedError("there is no such term", "asked_no_term")
    row = next((text for text in entry.texts if (text.language, text.field) == (language, "names")), None)
    before = entry.data.get("aliases", []) if language == "en" else [n for n in (row.text if row else "").split("\n") if n]
    if fold(given) in {fold(one) for one in (*before, entry.data["name"])}:
        raise RefusedError("the term has this name already", "asked_is_name")
    if language == "en":
        editing.edit_data(session, entry, {"aliases": [*before, given]}, who, why)
    else:
        editing.edit_text(session, entry, language, "names", "\n".join([*before, given]), who, why)
    settle(group, "done", f"name:{key}")


def settle(group: Group, state: str, settled_as: str = "") -> None:
    """`state`: done, dismissed, or open again."""
    for row in group.rows:
        row.state, row.settled_as = state, settled_as


def assign(group: Group, staff_id: int | None) -> None:
    for row in group.rows:
        row.assigned_to = staff_id
