"""The entry that a suggestion is about, in the knowledge as it is published now."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge.seed import Opportunity, Service, Term
from bot.knowledge.snapshot import Snapshot


def is_known(knowledge: Snapshot, kind: str, key: str) -> bool:
    """Whether the entry, or the pathway's step, is one that is published."""
    if kind == "pathways":
        pathway, _, step = key.partition("/")
        return pathway in knowledge.pathways and any(one.key == step for one in knowledge.pathways[pathway].steps)
    return key in _named(knowledge, kind)


def name_of(knowledge: Snapshot, kind: str, key: str, language: str) -> str:
    """As people know it; the key when it is gone."""
    if not is_known(knowledge, kind, key):
        return key
    if kind == "pathways":
        pathway, _, step = key.partition("/")
        return knowledge.words("pathways", pathway, f"{step}/title", language).text
    return _named(knowledge, kind)[key].name


def _named(knowledge: Snapshot, kind: str) -> Mapping[str, Term | Service | Opportunity]:
    """The entries of a kind under which people can say that something is wrong."""
    kinds: dict[str, Mapping[str, Term | Service | Opportunity]] = {
        "terms": knowledge.terms,
        "services": knowledge.services,
        "opportunities": knowledge.opportunities,
    }
    return kinds.get(kind, {})
