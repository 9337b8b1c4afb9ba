"""First contact, the menu, languages, privacy, and all that is small talk."""

from __future__ import annotations

from msgspec import structs

from bot import i18n
from bot.conversation.keeping import SILENT_DAYS
from bot.conversation.turn import Turn
from bot.replies import Button, Reply, in_list, payload
from bot.wording import reviewing

LIKELY = 3
# what can be offered as "Do you want to ..." when the bot is not sure
OFFERED = (
    "explain_term", "use_qualification", "my_plan", "find_help", "talk_to_person", "offer_skills", "success_stories",
    "change_language", "my_data", "about_bot", "immigration_question", "feedback", "menu",
)  # fmt: skip


def languages(turn: Turn) -> Reply:
    """The languages, each in its own name; asked in the language that is guessed and in English."""
    text = turn.t("language.ask")
    if turn.language != "en":
        text += "\n" + i18n.t("en", "language.ask")
    return turn.reply(text, *_choices(turn))


def language_off(turn: Turn) -> Reply:
    """That the person's language was switched off, in that language and in English; nothing of theirs is lost."""
    theirs = turn.person.language
    parts = [i18n.t(code, "language.off", language=i18n.own_name(theirs)) for code in dict.fromkeys((theirs, "en"))]
    return turn.reply("\n\n".join(parts), *_choices(turn))


def _choices(turn: Turn) -> list[list[Button]]:
    buttons = [Button(label=i18n.own_name(code), payload=payload("set_language", language=code)) for code in turn.languages]
    return [buttons[n : n + 2] for n in range(0, len(buttons), 2)]


def welcome(turn: Turn) -> Reply:
    """Who this is: four short sentences, after what the installation says first."""
    greeting = turn.installation.greeting(turn.language)
    said = turn.t("welcome", days=turn.keep_days)
    return turn.reply(f"{greeting}\n\n{said}" if greeting else said)


def menu(turn: Turn, key: str = "menu.title") -> Reply:
    rows = [
        [turn.button("menu.explain", "explain_term")],
        [turn.button("menu.qualification", "use_qualification")],
        [turn.button("menu.help", "find_help")],
        [turn.button("menu.plan", "my_plan"), turn.button("menu.referrals", "my_referrals")],
        [turn.button("menu.desk", "desk_card")],
        [turn.button("menu.person", "talk_to_person")],
        [turn.button("menu.language", "change_language"), turn.button("menu.privacy", "privacy")],
    ]
    return turn.reply(turn.t(key), *rows)


def say(turn: Turn, key: str, /, *, menu: bool = True, **values: str) -> Reply:
    """One text, with the two buttons that always help."""
    return turn.reply(
        i18n.t(turn.language, key, count=None, **values), [turn.person_button(), turn.menu_button()] if menu else []
    )


def about(turn: Turn) -> Reply:
    """What this is, and who has checked its words in the person's language, where they wish to be named."""
    text = turn.t("about")
    if names := reviewing.credits(turn.session).get(turn.language):
        text += "\n\n" + turn.t("about.credits", names=turn.t("list.separator").join(names))
    return turn.reply(text, [turn.person_button(), turn.menu_button()])


def privacy(turn: Turn) -> Reply:
    rows = [
        [turn.button("button.my_data", "my_data"), turn.button("button.delete", "delete_data")],
        [turn.menu_button()],
    ]
    text = turn.t("privacy.text", days=turn.keep_days, silent=SILENT_DAYS)
    more = turn.t("data.rules", days=turn.keep_days, close=turn.close_days, delete=turn.delete_days)
    return turn.reply(f"{text}\n\n{more}", *rows)


def meant_other(turn: Turn) -> Button:
    """One tap to correct an answer the bot was not sure of: the meanings it did not take."""
    others = [intent for intent, _ in turn.ranking[1:] if intent in OFFERED][:LIKELY]
    return turn.button("button.meant_other", "meant_other", likely=",".join(others), key=turn.ranking[0][0])


def not_understood(turn: Turn, ranking: list[str], times: int) -> Reply:
    """The likeliest meanings to choose from; from the second time on a person is offered first."""
    likely = [intent for intent in ranking if intent in OFFERED][:LIKELY]
    buttons = in_list(turn.button(f"offer.{intent}", intent) for intent in likely)
    rows, numbered = [[button] for button in buttons], [button.payload for button in buttons]
    if times >= 2:
        said = turn.reply(turn.t("not_understood.again"), [turn.person_button()], *rows, [turn.menu_button()])
    else:
        key = "not_understood.choose" if likely else "not_understood.nothing"
        said = turn.reply(turn.t(key), *rows, [turn.person_button(), turn.menu_button()])
    return structs.replace(said, numbered=numbered)


def switch_language(turn: Turn, code: str) -> list[Button]:
    """One tap to go on in the language of the last message."""
    label = i18n.t(code, "button.switch_language", language=i18n.own_name(code))
    return [Button(label=label, payload=payload("set_language", language=code))]
