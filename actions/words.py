"""Skill: explain a word, several words, or a letter; and hear whether it helped."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import general, suggestions, terms
from bot.answers import letters as letter_answers
from bot.conversation.turn import Turn
from bot.knowledge import letters, unknown
from bot.knowledge.asked import asked_about, may_be_a_name
from bot.replies import Reply


class ExplainTerm(Skill):
    action = "action_explain_term"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        found = turn.knowledge.term_index.in_question(turn.text, turn.language)
        if found:
            return terms.choose(turn, found)
        if not turn.text:  # the menu's button: nothing asked yet
            return terms.ask_which(turn)
        asked = asked_about(turn.text, None)
        noted = turn.text if asked is None or may_be_a_name(asked) else asked
        unknown.record(turn.session, "word", turn.language, noted)
        perhaps = [] if asked else turn.knowledge.term_index.by_meaning(turn.text, turn.language)
        return terms.unknown(turn, asked, perhaps)


class ExplainKey(Skill):
    action = "action_explain_key"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        key = entity(tracker, "key") or ""
        return terms.term(turn, key) if key in turn.knowledge.terms else terms.unknown(turn)


class DecodeLetter(Skill):
    action = "action_decode_letter"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        knowledge = turn.knowledge
        read = letters.read(turn.text, knowledge.term_index, turn.at.date(), knowledge.letters.values())
        return letter_answers.letter(turn, read)


class RateAnswer(Skill):
    action = "action_rate_answer"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        helpful = entity(tracker, "helpful") == "yes"
        if not helpful:
            unknown.rated(turn.session, turn.language, f"terms/{entity(tracker, 'key') or ''}")
        if helpful or not turn.installation.is_on("suggestions"):
            return general.say(turn, "rate.thanks" if helpful else "rate.sorry")
        return suggestions.sorry(turn, "terms", entity(tracker, "key") or "")
