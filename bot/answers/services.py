"""Services: the questions, the best three with why, asking for consent, and what became of a referral."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote_plus

from babel.numbers import format_decimal
from msgspec import structs

from bot import i18n
from bot.answers import short_first
from bot.answers.short_first import Part
from bot.answers.suggestions import place_button, wrong_button
from bot.cases.hours import of_default_team
from bot.cases.models import Referral
from bot.cases.referrals import consent_until
from bot.conversation.turn import Turn
from bot.knowledge.seed import Service
from bot.knowledge.services import Found, Match
from bot.knowledge.snapshot import is_fresh
from bot.replies import Button, Reply, payload

NEEDS = ("legal", "language", "education", "employment", "health", "housing", "money", "family", "community")
AREAS = ("B16", "B66", "B21", "Birmingham", "Sandwell")
ACCESS = ("open_now", "asylum_seekers_welcome", "women_only", "childcare", "evenings")


def question(turn: Turn, name: str) -> Reply:
    if name == "need":
        buttons = [turn.button(f"need.{need}", "inform", slot=name, value=need) for need in NEEDS]
        return turn.reply(turn.t("ask.need"), *(buttons[n : n + 2] for n in range(0, len(buttons), 2)))
    if name == "area":
        buttons = [turn.button(f"area.{area}", "inform", slot=name, value=area) for area in AREAS]
        return turn.reply(turn.t("ask.area"), buttons[:3], buttons[3:], [turn.button("button.anywhere", "skip")])
    buttons = [turn.button(f"reason.{value}", "inform", slot=name, value=value) for value in ACCESS]
    return turn.reply(
        turn.t("ask.access"),
        *(buttons[n : n + 2] for n in range(0, len(buttons), 2)),
        [turn.button("button.nothing_special", "skip")],
    )


def near(turn: Turn, area: str) -> Reply:
    """What can be done with a place that was shared."""
    label = turn.t("button.help_near", area=area)
    button = Button(label=label, payload=payload("find_help", area=area))
    return turn.reply(turn.t("media.location_near", area=area), [button], [turn.menu_button()])


def results(turn: Turn, need: str, found: Found, beside: Sequence[Reply] = ()) -> list[Reply]:
    """The services, then what is said `beside` them, then the ways on."""
    if not found.matches:
        return [*beside, turn.reply(turn.t("help.none"), place_button(turn), [turn.person_button(), turn.menu_button()])]
    intro = turn.t("help.intro", count=len(found.matches), need=turn.t(f"need.{need}"))
    replies = [turn.reply(turn.t("help.wider") if found.wider else intro)]
    replies += [*(service(turn, match, need, number=n) for n, match in enumerate(found.matches, 1)), *beside]
    notes = turn.t("help.outro")
    if need == "legal":
        notes = turn.t("help.immigration_note") + "\n\n" + notes
    if turn.language != "en":
        notes += "\n\n" + turn.t("note.machine_drafted")
    last = turn.reply(notes, place_button(turn), [turn.person_button(), turn.menu_button()])
    chosen = [payload("tell_more", kind="services", key=match.service.key, what=short_first.ALL) for match in found.matches]
    return [*replies, structs.replace(last, numbered=chosen)]


def service(turn: Turn, match: Match, need: str, *, number: int = 0, whole: bool = False) -> Reply:
    """One service: why, what they do, for whom, hours, what to bring, contact, map, when this was last checked.

    `number`: its place in a list. Short first, unless it is wanted `whole`: what is not needed at once waits for "more".
    """
    entry = match.service
    turn.used.add(("services", entry.key))
    said, waiting = short_first.halves(_parts(turn, match), whole=whole)
    text = "\n\n".join([f"{number}. {_title(entry)}" if number else _title(entry), *said])
    more = [short_first.button(turn, "services", entry.key)] if waiting else []
    return turn.reply(text, more, _ways(turn, entry, need), wrong_button(turn, "services", entry.key))


def rest(turn: Turn, key: str, *, whole: bool = False) -> Reply:
    """What waited; all of it when nothing did, or when it is wanted `whole`."""
    entry = turn.knowledge.services[key]
    said, waiting = short_first.halves(_parts(turn, Match(entry, (), 0.0)), whole=whole)
    lines = [_title(entry), *(waiting or said)]
    if turn.language != "en":
        lines.append(turn.t("note.machine_drafted"))
    return turn.reply(
        "\n\n".join(lines),
        _ways(turn, entry, entry.needs[0] if entry.needs else "community"),
        [turn.person_button(), turn.menu_button()],
    )


def _parts(turn: Turn, match: Match) -> list[Part]:
    """Why, what they do, who may come, when, what it costs and how to reach them; how it goes and what to bring may wait."""
    entry, fresh = match.service, is_fresh(match.service.fact, turn.at.date())
    parts = []
    if match.reasons:
        reasons = turn.t("list.separator").join(_reason(turn, match, reason) for reason in match.reasons)
        parts.append(short_first.stays(turn.t("service.why", reasons=reasons)))
    parts.append(short_first.begins(_words(turn, entry, "description"), entry.description))
    for field in ("who", "hours", "how", "bring", "cost"):
        if (text := _words(turn, entry, field)) and (fresh or field not in ("hours", "cost")):
            said = turn.t(f"service.{field}", text=text)
            may_wait = field in ("how", "bring")
            parts.append(short_first.waits(said, getattr(entry, field)) if may_wait else short_first.stays(said))
    if entry.languages:
        names = [i18n.locale(turn.language).languages.get(code, code) for code in entry.languages]
        parts.append(short_first.waits(turn.t("service.languages", text=turn.t("list.separator").join(names))))
    if entry.interpreters:
        parts.append(short_first.waits(turn.t("service.interpreters")))
    parts.append(short_first.stays(turn.t("service.contact") + "\n" + "\n".join(contact(entry))))
    if match.sinking:
        parts.append(short_first.stays(turn.t("service.often_full")))
    key = "service.check_first" if entry.fact.sure in ("gen", "NV") else "service.checked"
    day = i18n.date(turn.language, entry.fact.checked_on)
    return [*parts, short_first.stays(turn.t(key if fresh else "service.not_checked_lately", date=day))]


def _title(entry: Service) -> str:
    return entry.name if entry.organization == entry.name else f"{entry.name} ({entry.organization})"


def _words(turn: Turn, entry: Service, field: str) -> str:
    return turn.knowledge.words("services", entry.key, field, turn.language).text


def _ways(turn: Turn, entry: Service, need: str) -> list[Button]:
    """To be referred, and a map."""
    row = (
        [turn.button("button.refer_me", "ask_consent", service=entry.key, need=need)]
        if turn.installation.is_on("referrals")
        else []
    )
    if where := place(entry):
        link = f"https://www.openstreetmap.org/search?query={quote_plus(where)}"
        row.append(Button(label=turn.t("button.map"), url=link))
    return row


def _reason(turn: Turn, match: Match, reason: str) -> str:
    if reason == "near" and match.miles is not None:
        miles = format_decimal(max(round(match.miles, 1), 0.1), locale=i18n.locale(turn.language))
        return turn.t("reason.near", miles=miles)
    return turn.t("reason.near_you" if reason == "near" else f"reason.{reason}")


def contact(entry: Service) -> list[str]:
    """Every way to reach it, one a line."""
    found = [f"{p.number} {p.note}".strip() for p in entry.phones] + [entry.email, entry.url, entry.address]
    found += [", ".join(part for part in (p.name, p.address, p.town, p.postcode) if part) for p in entry.locations]
    return [line for line in found if line]


def place(entry: Service) -> str:
    """What a map can look for."""
    located = [", ".join(part for part in (p.address, p.town, p.postcode) if part) for p in entry.locations]
    return (
        entry.address or next((p for p in located if p), "") or (f"{entry.organization}, {entry.towns[0]}" if entry.towns else "")
    )


def consent(turn: Turn, key: str, need: str) -> Reply:
    """Asks in plain words: what is sent, to whom, until when; and that "no" costs nothing."""
    entry = turn.knowledge.services[key]
    until = i18n.date(turn.language, consent_until(turn.at))
    text = turn.t(
        "consent.ask",
        service=entry.name,
        need=turn.t(f"need.{need}"),
        language=i18n.own_name(turn.person.language),
        until=until,
    )
    yes = Button(
        label=turn.t("button.consent_yes"),
        payload=payload("give_consent", service=key, need=need, until=consent_until(turn.at).isoformat()),
    )
    return turn.reply(text, [yes, turn.button("button.consent_no", "refuse_consent", service=key)])


def shared(turn: Turn, need: str) -> dict[str, str]:
    """Exactly what the consent text names."""
    return {"need": need, "language": turn.person.language, "contact": f"chat {turn.chat.channel}"}


def referred(turn: Turn, referral: Referral) -> Reply:
    entry = turn.knowledge.receivers.get(referral.service)
    name = entry.name if entry else referral.service
    text = turn.t("referral.made", service=name, reference=referral.reference, hours=team_next(turn))
    return turn.reply(text, [turn.button("button.my_referrals", "my_referrals"), turn.menu_button()])


def team_next(turn: Turn) -> str:
    """When somebody of the team that gets new cases is there, as a sentence."""
    hours = of_default_team(turn.session, turn.hours, turn.at)
    if hours.is_open(turn.at):
        return turn.t("hours.now", until=i18n.clock(turn.language, hours.closes))
    opens = hours.next_open(turn.at)
    return turn.t("hours.next", day=i18n.weekday(turn.language, opens.date()), time=i18n.clock(turn.language, opens.time()))
