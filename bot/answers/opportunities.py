"""Something to do: what there is and why it fits, one of them in full, the general rules about work, and "I am interested"."""

from __future__ import annotations

from collections.abc import Iterable

from babel.numbers import format_decimal
from msgspec import structs

from bot import i18n
from bot.answers import services
from bot.answers.suggestions import wrong_button
from bot.cases.models import Referral
from bot.cases.referrals import consent_until
from bot.conversation.turn import Turn
from bot.knowledge.as_service import PREFIX
from bot.knowledge.places import district_of
from bot.knowledge.seed import Opportunity
from bot.knowledge.snapshot import is_fresh
from bot.opportunities.matching import GROUPS, TIMES, Found, Match, Wish, is_paid_work
from bot.replies import Button, Reply, payload
from bot.talents.catalogue import catalogue, tongue

# what is said of work: the term that says it in everybody's words, and the official page
RULES = {
    "paid": ("right-to-work", "https://www.gov.uk/prove-right-to-work"),
    "volunteering": (
        "volunteering",
        "https://www.gov.uk/government/publications/handling-applications-for-permission-to-take-employment-instruction",
    ),
}


def results(turn: Turn, wish: Wish, found: Found) -> list[Reply]:
    """The best ones, each with its reasons; then what is true of all of them, and the ways to look otherwise."""
    if not found.matches:
        return [turn.reply(turn.t("opportunity.none"), *_ways(turn, wish), [turn.person_button(), turn.menu_button()])]
    intro = turn.t("opportunity.wider") if found.wider else turn.t("opportunity.intro", count=len(found.matches))
    if not (wish.able.skills or wish.group):
        intro += "\n\n" + turn.t("opportunity.tell_skills")
    rules = _rules(turn, [match.opportunity for match in found.matches])
    notes = "\n\n".join([*rules, turn.t("opportunity.outro")])
    last = turn.reply(notes, *_ways(turn, wish), [turn.person_button(), turn.menu_button()])
    shown = [payload("show_opportunity", key=match.opportunity.key) for match in found.matches]
    short = [_short(turn, match, wish, number) for number, match in enumerate(found.matches, 1)]
    return [turn.reply(intro), *short, structs.replace(last, numbered=shown)]


def _short(turn: Turn, match: Match, wish: Wish, number: int) -> Reply:
    one = match.opportunity
    turn.used.add(("opportunities", one.key))
    kind = turn.t(f"opportunity.kind.{one.kind}")
    lines = [f"{number}. {_title(one)}", kind, _why(turn, match, wish), _words(turn, one, "what")]
    more = turn.button("button.opportunity_more", "show_opportunity", key=one.key)
    return turn.reply("\n\n".join(line for line in lines if line), [more, *_interested(turn, one, match.skills)])


def details(turn: Turn, match: Match, wish: Wish) -> Reply:
    """One of them with everything: who may come, what it needs and gives, when, how to begin, the rules, when it was last checked."""
    one = match.opportunity
    turn.used.add(("opportunities", one.key))
    fresh = is_fresh(one.fact, turn.at.date())
    lines = [_title(one), turn.t(f"opportunity.kind.{one.kind}"), _why(turn, match, wish), _words(turn, one, "what")]
    lines += [_line(turn, "needs", _skills(turn, one.needs)), _line(turn, "who", _words(turn, one, "who"))]
    lines.append(_line(turn, "gives", _joined(turn, (turn.t(f"opportunity.gives.{key}") for key in one.gives))))
    lines.append(_line(turn, "times", _joined(turn, (turn.t(f"opportunity.time.{key}") for key in one.times))))
    lines.append(_line(turn, "hours", _words(turn, one, "hours")) if fresh else "")
    lines.append(_line(turn, "languages", _joined(turn, (tongue(code, turn.language) for code in one.languages))))
    lines.append(_line(turn, "how", _words(turn, one, "how")))
    lines.append(turn.t("service.contact") + "\n" + "\n".join(services.contact(turn.knowledge.receivers[PREFIX + one.key])))
    lines += [*_rules(turn, [one]), _checked(turn, one, fresh=fresh)]
    again = turn.button("button.opportunity_other", "find_opportunity")
    wrong = wrong_button(turn, "opportunities", one.key)
    return turn.reply(
        "\n\n".join(line for line in lines if line),
        _interested(turn, one, match.skills),
        [again, turn.menu_button()],
        wrong,
    )


def preview(turn: Turn, key: str) -> Reply:
    """As somebody sees it of whom we know nothing."""
    return details(turn, Match(turn.knowledge.opportunities[key], 0.0), Wish())


def ask(turn: Turn, one: Opportunity, skills: Iterable[str]) -> Reply:
    """Asks in plain words: what is sent, to whom, until when; and that "no" costs nothing. The button holds what was named."""
    told = consent_until(turn.at)
    named = [key for key in skills if catalogue().has("skill", key)]
    text = turn.t(
        "opportunity.ask_skills" if named else "opportunity.ask",
        name=one.name,
        organization=one.organization,
        skills=_skills(turn, named),
        language=i18n.own_name(turn.person.language),
        until=i18n.date(turn.language, told),
    )
    sent = {"key": one.key, "answer": "yes", "value": told.isoformat(), "what": ",".join(named)}
    yes = Button(label=turn.t("button.consent_yes"), payload=payload("interested", **sent))
    rows = [[yes], [turn.button("button.consent_no", "refuse_consent", service=PREFIX + one.key)]]
    if named:
        bare = Button(label=turn.t("button.opportunity_no_skills"), payload=payload("interested", **{**sent, "what": ""}))
        rows.insert(1, [bare])
    return turn.reply(text, *rows)


def noted(turn: Turn, referral: Referral, one: Opportunity) -> Reply:
    """After the yes: the reference, what happens next, and when somebody of us is there."""
    text = turn.t("opportunity.noted", name=one.name, reference=referral.reference, hours=services.team_next(turn))
    return turn.reply(text, [turn.button("button.my_referrals", "my_referrals"), turn.menu_button()])


def gone(turn: Turn) -> Reply:
    """Of one that is not offered any more, or not to everybody."""
    return turn.reply(
        turn.t("opportunity.gone"),
        [turn.button("button.opportunity_other", "find_opportunity")],
        [turn.person_button(), turn.menu_button()],
    )


def _interested(turn: Turn, one: Opportunity, skills: Iterable[str]) -> list[Button]:
    if not turn.installation.is_on("referrals"):
        return []
    return [turn.button("button.opportunity_interested", "interested", key=one.key, what=",".join(skills))]


def _ways(turn: Turn, wish: Wish) -> list[list[Button]]:
    """Other kinds, times and places; what was chosen before stays chosen."""
    chosen = {"kind": wish.group, "choice": wish.time, "area": wish.area}

    def button(key: str, **changed: str) -> Button:
        entities = {name: value for name, value in {**chosen, **changed}.items() if value}
        return Button(label=turn.t(key), payload=payload("find_opportunity", **entities))

    offered = [group for group in GROUPS if group != wish.group and not (wish.unpaid_only and group == "work")]
    kinds = [button(f"opportunity.group.{group}", kind=group) for group in offered]
    times = [button(f"opportunity.time.{time}", choice=time) for time in TIMES if time != wish.time]
    places = [button(f"area.{area}", area=area) for area in services.AREAS[:3] if area != wish.area] if not wish.area else []
    return [kinds, times, places]


def _why(turn: Turn, match: Match, wish: Wish) -> str:
    """ "Why: near you (B16), it uses what you can do: cook, you speak Arabic"."""
    reasons = [_where(turn, reason, match.miles, wish.area) for reason in match.places]
    if match.skills:
        reasons.append(turn.t("opportunity.reason.skills", skills=_skills(turn, match.skills)))
    if match.languages:
        spoken = _joined(turn, (tongue(code, turn.language) for code in match.languages))
        reasons.append(turn.t("opportunity.reason.languages", languages=spoken))
    if match.time:
        reasons.append(turn.t(f"opportunity.time.{match.time}"))
    return turn.t("service.why", reasons=_joined(turn, reasons)) if reasons else ""


def _where(turn: Turn, reason: str, miles: float | None, area: str | None) -> str:
    district = district_of(area or "")
    if reason == "near_you" and district:
        return turn.t("opportunity.reason.near_you", area=district)
    if reason == "near" and miles is not None:
        return turn.t("reason.near", miles=format_decimal(max(round(miles, 1), 0.1), locale=i18n.locale(turn.language)))
    return turn.t("reason.near_you" if reason == "near" else f"reason.{reason}")


def _rules(turn: Turn, shown: list[Opportunity]) -> list[str]:
    """What is true for everybody, said of the kinds that are shown; never of the person. A rule that is past its day is only a link."""
    wanted = ["paid"] if any(is_paid_work(one) for one in shown) else []
    wanted += ["volunteering"] if any(not is_paid_work(one) for one in shown) else []
    return [_rule(turn, name) for name in wanted]


def _rule(turn: Turn, name: str) -> str:
    key, link = RULES[name]
    term = turn.knowledge.terms.get(key)
    heading, adviser = turn.t(f"opportunity.rule.{name}"), turn.t("opportunity.rule.adviser")
    if term is None or not is_fresh(term.fact, turn.at.date()):
        return " ".join([heading, turn.t("opportunity.rule.link", link=link), adviser])
    turn.used.add(("terms", key))
    said = [turn.knowledge.words("terms", key, field, turn.language).text for field in ("meaning", "confusion")]
    said = said if name == "volunteering" else said[:1]
    dated = turn.t("opportunity.rule.dated", date=i18n.date(turn.language, term.fact.checked_on), link=link)
    return " ".join([heading, *(words for words in said if words), dated, adviser])


def _checked(turn: Turn, one: Opportunity, *, fresh: bool) -> str:
    day = i18n.date(turn.language, one.fact.checked_on)
    if not fresh:
        return turn.t("service.not_checked_lately", date=day)
    if one.assured_on is not None:
        return turn.t("opportunity.assured", date=i18n.date(turn.language, one.assured_on))
    noted = turn.t("service.check_first" if one.fact.sure in ("gen", "NV") else "service.checked", date=day)
    return "\n".join([turn.t("opportunity.not_assured"), noted])


def _title(one: Opportunity) -> str:
    return one.name if one.name == one.organization else f"{one.name} ({one.organization})"


def _words(turn: Turn, one: Opportunity, field: str) -> str:
    return turn.knowledge.words("opportunities", one.key, field, turn.language).text


def _skills(turn: Turn, keys: Iterable[str]) -> str:
    known = catalogue()
    return _joined(turn, (known.name("skill", key, turn.language) for key in keys if known.has("skill", key)))


def _line(turn: Turn, name: str, text: str) -> str:
    return turn.t(f"opportunity.{name}", text=text) if text else ""


def _joined(turn: Turn, parts: Iterable[str]) -> str:
    return turn.t("list.separator").join(parts)
