"""A suggestion on its way: what is wrong stands in the chat's draft until the words have come, and becomes a row then."""

from __future__ import annotations

from bot.answers import suggestions
from bot.conversation.turn import Turn
from bot.replies import Reply
from bot.suggestions import about, deciding, making, telling
from bot.suggestions.kinds import PLACE

DRAFT = "suggestion"


def begin(turn: Turn, what: str, kind: str = "", key: str = "") -> list[Reply]:
    """Nothing to say when it is begun: the question follows. Else why not: switched off, enough for today, an entry that is gone."""
    turn.chat.draft = None
    if not turn.installation.is_on("suggestions"):
        return [suggestions.off(turn)]
    if not making.is_about(kind, key, what) or (key and not about.is_known(turn.knowledge, kind, key)):
        return [turn.reply(turn.t("button.old"), [turn.menu_button()])]
    if not making.may_suggest(turn.session, turn.person.id):
        return [suggestions.enough(turn)]
    turn.chat.draft = {DRAFT: {"what": what, "kind": kind, "key": key}}
    return []


def begun(turn: Turn) -> bool:
    return DRAFT in (turn.chat.draft or {})


def what(turn: Turn) -> str:
    """What is said to be wrong; PLACE when nothing is."""
    return str((turn.chat.draft or {}).get(DRAFT, {}).get("what", PLACE))


def needs_words(turn: Turn) -> bool:
    return begun(turn) and what(turn) == PLACE


def remember(turn: Turn, words: str) -> None:
    if begun(turn):
        turn.chat.draft = {DRAFT: {**turn.chat.draft[DRAFT], "words": words[: making.LONGEST]}}


def take(turn: Turn) -> Reply:
    """The end of the form: kept and thanked for, or why not."""
    draft, turn.chat.draft = (turn.chat.draft or {}).get(DRAFT), None
    if draft is None:  # emptied meanwhile, by "delete my data" or by time
        return turn.reply(turn.t("button.old"), [turn.menu_button()])
    made = making.make(
        turn.session,
        turn.chat,
        what=draft["what"],
        kind=draft["kind"],
        key=draft["key"],
        words=draft.get("words", ""),
        language=turn.language,
    )
    return suggestions.enough(turn) if made is None else suggestions.taken(turn, made)


def mine(turn: Turn) -> Reply:
    """What they suggested and what became of it."""
    rows = making.of_person(turn.session, turn.person.id)
    return suggestions.listed(turn, [(row, deciding.ends_as(turn.session, row)) for row in rows])


def news_wish(turn: Turn, wants: bool) -> None:
    if wants:
        telling.ask_for_news(turn.session, turn.chat)
    else:
        telling.stop_news(turn.session, [turn.person.id])
