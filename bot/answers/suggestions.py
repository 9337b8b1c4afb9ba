"""What is said when somebody tells us that something is wrong or missing, and when something came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.snapshot import Snapshot
from bot.replies import Button, Reply, payload
from bot.suggestions.about import is_known, name_of
from bot.suggestions.kinds import PLACE, WRONG
from bot.suggestions.models import NewsItem, Suggestion
from bot.suggestions.news import KIND

About = tuple[str, str]  # kind and key of an entry


def wrong_button(turn: Turn, kind: str, key: str) -> list[Button]:
    """The button under an answer; none where suggestions are switched off."""
    return [turn.button("button.wrong", "wrong_entry", kind=kind, key=key)] if turn.installation.is_on("suggestions") else []


def place_button(turn: Turn) -> list[Button]:
    return [turn.button("button.add_place", "suggest")] if turn.installation.is_on("suggestions") else []


def wrong_rows(turn: Turn, kind: str, key: str) -> list[list[Button]]:
    """What may be wrong, to choose from."""
    buttons = [turn.button(f"wrong.{what}", "wrong_kind", kind=kind, key=key, what=what) for what in WRONG]
    return [buttons[n : n + 2] for n in range(0, len(buttons), 2)]


def ask_what(turn: Turn, kind: str, key: str) -> Reply:
    text = turn.t("suggestion.what", name=name_of(turn.knowledge, kind, key, turn.language))
    return turn.reply(text, *wrong_rows(turn, kind, key), [turn.button("button.cancel", "cancel")])


def sorry(turn: Turn, kind: str, key: str) -> Reply:
    """After "wrong or unclear": what is wrong is one more tap, and nobody has to."""
    rows = wrong_rows(turn, kind, key) if is_known(turn.knowledge, kind, key) else []
    return turn.reply(turn.t("rate.sorry"), *rows, [turn.person_button(), turn.menu_button()])


def ask_words(turn: Turn, what: str) -> Reply:
    """Of a place the words are all there is; of everything else they help."""
    if what == PLACE:
        return turn.reply(turn.t("suggestion.ask_place"), [turn.button("button.cancel", "cancel")])
    buttons = [turn.button("button.send", "send_suggestion"), turn.button("button.cancel", "cancel")]
    return turn.reply(turn.t("suggestion.ask_words"), buttons)


def taken(turn: Turn, suggestion: Suggestion) -> Reply:
    """Thanks, with the reference, and a tap to hear what comes of it."""
    rows = [] if suggestion.hear else [[turn.button("button.hear_back", "hear_back", key=suggestion.reference, answer="yes")]]
    rows += [[turn.button("button.my_suggestions", "my_suggestions"), turn.menu_button()]]
    return turn.reply(turn.t("suggestion.thanks", reference=suggestion.reference), *rows)


def enough(turn: Turn) -> Reply:
    return turn.reply(turn.t("suggestion.enough"), [turn.button("button.my_suggestions", "my_suggestions"), turn.menu_button()])


def off(turn: Turn) -> Reply:
    return turn.reply(turn.t("suggestion.off"), [turn.person_button(), turn.menu_button()])


def feedback(turn: Turn, about: About | None) -> Reply:
    """Somebody says in words that something was not right: the ways to say what."""
    rows = [[turn.button("button.wrong_last", "wrong_entry", kind=about[0], key=about[1])]] if about else []
    rows += [place_button(turn), [turn.button("button.my_suggestions", "my_suggestions"), turn.button("button.we_did", "we_did")]]
    return turn.reply(turn.t("feedback"), *rows, [turn.person_button(), turn.menu_button()])


def listed(turn: Turn, rows: Sequence[tuple[Suggestion, Suggestion]]) -> Reply:
    """(theirs, the one whose end counts): what they suggested and what became of it."""
    buttons = [place_button(turn), [turn.button("button.we_did", "we_did"), turn.menu_button()]]
    if not rows:
        return turn.reply(turn.t("suggestion.none"), *buttons)
    lines = [line(turn, mine, end) for mine, end in rows]
    return turn.reply(turn.t("suggestion.listed") + "\n\n" + "\n\n".join(lines), *buttons)


def line(turn: Turn, mine: Suggestion, end: Suggestion | None = None) -> str:
    """Reference, what it is about, and its state: that of `end`, which it was merged into, if that is known."""
    about = name_of(turn.knowledge, mine.about_kind, mine.about_key, turn.language) if mine.about_key else ""
    said = " · ".join(part for part in (mine.reference, turn.t(f"wrong.{mine.what}"), about) if part)
    return f"{said}\n{turn.t(f'suggestion.state.{(end or mine).state}')}"


def hears(turn: Turn, suggestion: Suggestion) -> Reply:
    key = "suggestion.will_hear" if suggestion.hear else "suggestion.will_not_hear"
    return turn.reply(turn.t(key, reference=suggestion.reference), [turn.menu_button()])


def decided(knowledge: Snapshot, mine: Suggestion, end: Suggestion, language: str) -> Reply:
    """The one message about what came of it; thanked whatever it was."""
    used = end.state == "used"
    parts = [i18n.t(language, "suggestion.used" if used else "suggestion.not_used", reference=mine.reference)]
    if not used and end.why:
        parts.append(i18n.t(language, f"suggestion.why.{end.why}"))
    parts.append(i18n.t(language, "suggestion.thanks_again"))
    buttons = [Button(label=i18n.t(language, "button.we_did"), payload=payload("we_did"))]
    if mine.about_kind == "terms" and mine.about_key in knowledge.terms:
        label = knowledge.terms[mine.about_key].name
        buttons.insert(0, Button(label=label, payload=payload("explain_key", key=mine.about_key)))
    return Reply(text="\n\n".join(parts), language=language, rows=[buttons])


def we_did(turn: Turn, items: Sequence[NewsItem], wants: bool) -> Reply:
    """What people said and what we did, and a tap to hear of it now and then, or no more."""
    said = news(turn.knowledge, items, turn.language)
    wish = (
        turn.button("button.news_stop", "hear_back", answer="no")
        if wants
        else turn.button("button.news", "hear_back", answer="yes")
    )
    text = turn.t("news.title") + "\n\n" + "\n\n".join(said) if said else turn.t("news.none")
    return turn.reply(text, [wish], place_button(turn), [turn.menu_button()])


def news_due(knowledge: Snapshot, items: Sequence[NewsItem], language: str) -> Reply | None:
    """The message of the month; None when nothing of it can be said any more."""
    said = news(knowledge, items, language)
    if not said:
        return None
    stop = Button(label=i18n.t(language, "button.news_stop"), payload=payload("hear_back", answer="no"))
    return Reply(text=i18n.t(language, "news.title") + "\n\n" + "\n\n".join(said), language=language, rows=[[stop]])


def news(knowledge: Snapshot, items: Sequence[NewsItem], language: str) -> list[str]:
    """Each item in two lines; how many people said it from two on."""
    found = []
    for item in items:
        said, did = (knowledge.words(KIND, item.key, field, language) for field in ("said", "did"))
        if said and did:
            you = i18n.t(language, "news.said", text=said.text)
            if item.number > 1:
                you = f"{you} ({i18n.t(language, 'news.people', count=item.number)})"
            found.append(f"{you}\n{i18n.t(language, 'news.did', text=did.text)}")
    return found


def news_wish(turn: Turn, wants: bool) -> Reply:
    return turn.reply(turn.t("news.will_hear" if wants else "news.stopped"), [turn.menu_button()])
