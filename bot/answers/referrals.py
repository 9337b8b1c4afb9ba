"""What is said of referrals: the list, how it went, taking one back, and that the agreed time is over."""

from __future__ import annotations

from bot import i18n
from bot.answers import services
from bot.cases import follow_ups
from bot.cases.models import Referral
from bot.cases.states import REFERRAL_ENDED
from bot.conversation.turn import Turn
from bot.knowledge.as_service import opportunity_of
from bot.knowledge.services import Match
from bot.knowledge.snapshot import Snapshot
from bot.replies import Button, Reply, payload

BUTTONS_FOR = 5  # of the newest open ones; a message with more buttons is no list any more


def listed(turn: Turn, rows: list[Referral]) -> Reply:
    """All of the person's, with the ways to say how it went and to take back what is open."""
    known = [row for row in rows if row.state != "draft"]  # of a draft they have not heard
    if not known:
        return turn.reply(turn.t("referral.none"), [turn.button("button.help", "find_help"), turn.menu_button()])
    lines = [f"{row.reference} — {service_name(turn.knowledge, row)}\n{state(turn.language, row)}" for row in known]
    buttons = []
    for row in [row for row in known if row.state not in REFERRAL_ENDED][-BUTTONS_FOR:]:
        how = [_button(turn.language, "button.how_it_went", "how_it_went", row)] if follow_ups.can_be_asked(row) else []
        buttons.append([*how, _button(turn.language, "button.withdraw", "withdraw_referral", row)])
    last = [turn.person_button(), turn.menu_button()]
    return turn.reply(turn.t("referral.list") + "\n\n" + "\n\n".join(lines), *buttons, last)


def how_it_went(knowledge: Snapshot, referral: Referral, language: str) -> Reply:
    """The question, one tap to answer it; also outside any turn."""
    text = i18n.t(language, "referral.ask_how", service=service_name(knowledge, referral), reference=referral.reference)
    buttons = [_button(language, f"button.{said}", "referral_answer", referral, value=said) for said in follow_ups.ANSWERS]
    return Reply(text=text, language=language, rows=[buttons[:2], buttons[2:]])


def answered(turn: Turn, referral: Referral, said: str, noted: follow_ups.Noted, following: Match | None) -> list[Reply]:
    """Thanks; where it did not help, the next service or a person."""
    ways = [turn.person_button(), turn.menu_button()]
    if noted != "noted":
        key = "referral.noted_already" if noted == "again" else "referral.ended_already"
        return [turn.reply(turn.t(key, reference=referral.reference), ways)]
    name = service_name(turn.knowledge, referral)
    thanks = turn.t(f"referral.thanks.{said}", service=name, reference=referral.reference)
    if said == "got_help":
        return [turn.reply(thanks, [turn.menu_button()])]
    if following is None:
        return [turn.reply(thanks, [_another(turn, referral)], ways)]
    found = services.service(turn, following, referral.need)
    return [
        turn.reply(f"{thanks}\n\n{turn.t('referral.next')}"),
        found,
        turn.reply(turn.t("referral.or"), [_another(turn, referral)], ways),
    ]


def ask_withdraw(turn: Turn, referral: Referral) -> Reply:
    """Asks first: it cannot be undone."""
    yes = _button(turn.language, "button.withdraw_yes", "confirm_withdraw", referral)
    name = service_name(turn.knowledge, referral)
    text = turn.t("referral.withdraw_ask", service=name, reference=referral.reference)
    return turn.reply(text, [yes, turn.button("button.withdraw_no", "my_referrals")])


def withdrawn(turn: Turn, referral: Referral, *, was_sent: bool) -> Reply:
    key = "referral.taken_back_sent" if was_sent else "referral.taken_back"
    return turn.reply(turn.t(key, reference=referral.reference), [turn.person_button(), turn.menu_button()])


def ended(turn: Turn, referral: Referral) -> Reply:
    text = turn.t("referral.ended_already", reference=referral.reference)
    return turn.reply(text, [turn.button("button.my_referrals", "my_referrals")], [turn.person_button(), turn.menu_button()])


def unknown(turn: Turn) -> Reply:
    """Of a referral that is not this person's, or was deleted."""
    return turn.reply(turn.t("referral.unknown"), [turn.person_button(), turn.menu_button()])


def consent_over(knowledge: Snapshot, referral: Referral, language: str) -> Reply:
    """The agreed time has ended; also outside any turn."""
    name = service_name(knowledge, referral)
    text = i18n.t(language, "referral.consent_over", service=name, reference=referral.reference)
    key = opportunity_of(referral.service)
    again = payload("interested", key=key) if key else payload("ask_consent", service=referral.service, need=referral.need)
    rows = [
        [Button(label=i18n.t(language, "button.refer_again"), payload=again)],
        [
            Button(label=i18n.t(language, "button.person"), payload=payload("talk_to_person")),
            Button(label=i18n.t(language, "button.menu"), payload=payload("menu")),
        ],
    ]
    return Reply(text=text, language=language, rows=rows)


def service_name(knowledge: Snapshot, referral: Referral) -> str:
    """What it is called; its key when the knowledge does not hold it any more."""
    entry = knowledge.receivers.get(referral.service)
    return entry.name if entry else referral.service


def state(language: str, referral: Referral) -> str:
    """Where it is, as the person knows it: who could not reach whom is not the same to them."""
    if referral.state == "could_not_reach" and referral.outcome == "could_not_reach":
        return i18n.t(language, "referral.state.you_could_not_reach")
    return i18n.t(language, f"referral.state.{referral.state}")


def _another(turn: Turn, referral: Referral) -> Button:
    if opportunity_of(referral.service):
        return turn.button("button.opportunity_other", "find_opportunity")
    return turn.button("button.find_another", "find_help", need=referral.need)


def _button(language: str, key: str, intent: str, referral: Referral, **entities: str) -> Button:
    label = i18n.t(language, key, reference=referral.reference)
    return Button(label=label, payload=payload(intent, referral=referral.reference, **entities))
