"""The entry that a suggestion is about, in the knowledge as it is published now."""

from __future__ import annotations

from bot.knowledge.snapshot import Snapshot


def is_known(knowledge: Snapshot, kind: str, key: str) -> bool:
    """Whether the entry, or the pathway's step, is one that is published."""
    if kind == "pathways":
        pathway, _, step = key.partition("/")
        return pathway in knowledge.pathways and any(one.key == step for one in knowledge.pathways[pathway].steps)
    return (kind == "terms" and key in knowledge.terms) or (kind == "services" and key in knowledge.services)


def name_of(knowledge: Snapshot, kind: str, key: str, language: str) -> str:
    """As people know it; the key when it is gone."""
    if not is_known(knowledge, kind, key):
        return key
    if kind == "pathways":
        pathway, _, step = key.partition("/")
        return knowledge.words("pathways", pathway, f"{step}/title", language).text
    return knowledge.terms[key].name if kind == "terms" else knowledge.services[key].name
