"""The whole understanding of one text, as `./useit parse` and `./useit evaluate` give it. Nothing is stored."""

from __future__ import annotations

from typing import Any

from bot.conversation.understanding import as_words, read_text
from bot.knowledge.asked import asked_about
from bot.knowledge.snapshot import Snapshot
from engine.agent import Engine

RANKED, EXACT = 3, 100.0


async def parse(
    engine: Engine, knowledge: Snapshot, text: str, language: str | None, languages: tuple[str, ...]
) -> dict[str, Any]:
    """`{"lang","intent","confidence","ranking","slots"}` (docs/commands.md). `language`: the chat's, None when not known."""
    heard = read_text(text, language, languages, engine.ears)
    found = await engine.parse(as_words(heard.text))
    ranking = [{"intent": r.intent, "confidence": round(r.confidence, 4)} for r in found.ranking]
    # what the conversation does first, the ranking says first
    first = "urgent_danger" if heard.alarm.dangers else "immigration_question" if heard.alarm.immigration else None
    if first:
        ranking = [{"intent": first, "confidence": 1.0}, *(r for r in ranking if r["intent"] != first)]
    top = ranking[0] if ranking else {"intent": None, "confidence": 0.0}
    slots = {name: values[0] for name, values in found.entities.items()}
    if term := _term(knowledge, heard.text, heard.language, top["intent"] == "explain_term"):
        slots["term"] = term
    return {"lang": heard.language, **top, "ranking": ranking[:RANKED], "slots": slots}


def _term(knowledge: Snapshot, text: str, language: str, is_asked: bool) -> str | None:
    """The English term; of a question about a word also one that the knowledge does not have."""
    index = knowledge.term_index
    found = next(iter(index.in_question(text, language, exact=not is_asked)), None)
    written = asked_about(text, found) if is_asked and (found is None or found.score == EXACT) else None
    if found is None:
        return written
    name = index.as_english(found, knowledge.terms[found.key].name)
    return written if written and len(written) > len(name) else name
