"""What is said of mentors: the offer and its rules, the introduction, the relay's own lines, and what of it somebody may take back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy.orm import object_session

from bot import i18n
from bot.answers.services import team_next
from bot.cases.models import Handoff
from bot.conversation.turn import Turn
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot
from bot.mentoring import labels
from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish
from bot.mentoring.states import other
from bot.replies import Button, Reply, payload

RULES = ("money", "advice", "medical", "alone", "numbers", "secret", "stop")  # what a mentor does not do


def off(turn: Turn) -> Reply:
    """The installation has no mentors."""
    return turn.reply(turn.t("mentor.off"), [turn.person_button(), turn.menu_button()])


def begin(turn: Turn, side: str) -> Reply:
    return turn.reply(turn.t(f"mentor.begin.{side}"))


def offer(turn: Turn, mentor: Mentor) -> list[Reply]:
    """What was said, then what a mentor may not do, to be agreed to."""
    lines = [
        turn.t("mentor.offer.title"),
        describe(turn.knowledge, turn.language, _reason_of(mentor)),
        turn.t(f"mentor.often.{mentor.often}"),
    ]
    if mentor.called:
        lines.append(turn.t("mentor.offer.called", called=mentor.called))
    rules = [turn.t("mentor.rules.title"), *(f"• {turn.t(f'mentor.rule.{rule}')}" for rule in RULES), turn.t("mentor.rules.ask")]
    rows = [[_answer(turn, "mentor.button.agree", "agree")], [_answer(turn, "mentor.button.no", "no")]]
    return [turn.reply("\n".join(lines)), turn.reply("\n".join(rules), *rows)]


def offered(turn: Turn) -> Reply:
    return after_stop(turn, turn.reply(turn.t("mentor.offered", hours=team_next(turn)), [turn.menu_button()]))


def not_agreed(turn: Turn) -> Reply:
    return turn.reply(turn.t("mentor.not_agreed"), [turn.person_button(), turn.menu_button()])


def mentor_status(turn: Turn, mentor: Mentor) -> Reply:
    """How far the offer is, and what its owner can do with it."""
    rows = []
    if mentor.state == "active":
        rows.append([_answer(turn, "mentor.button.pause", "pause"), _answer(turn, "mentor.button.end", "end")])
    elif mentor.state == "paused":
        rows.append([_answer(turn, "mentor.button.again", "again"), _answer(turn, "mentor.button.end", "end")])
    elif mentor.state in ("offered", "references", "checked"):
        rows.append([_answer(turn, "mentor.button.end", "end")])
    return turn.reply(turn.t(f"mentor.state.{mentor.state}"), *rows, [turn.person_button(), turn.menu_button()])


def wish_taken(turn: Turn, wish: MentorWish) -> Reply:
    """Who is looked for, and that a person looks at it first."""
    looked_for = _parts(turn.knowledge, turn.language, wish.profession, wish.languages, wish.times)
    text = turn.t("mentor.wish.taken", whom=turn.t("list.separator").join(looked_for), hours=team_next(turn))
    if wish.called:
        text += "\n" + turn.t("mentor.called.mentee", called=wish.called)
    return after_stop(turn, turn.reply(text, [_answer(turn, "mentor.button.end_wish", "end_wish")], [turn.menu_button()]))


def wish_status(turn: Turn, wish: MentorWish) -> Reply:
    rows = [[_answer(turn, "mentor.button.end_wish", "end_wish")]] if wish.state == "waiting" else []
    return turn.reply(turn.t(f"mentor.wish.{wish.state}"), *rows, [turn.menu_button()])


def name_taken_back(turn: Turn) -> Reply:
    """The mentee has no name any more; what was sent with it was sent."""
    return turn.reply(turn.t("mentor.name_taken_back"), [turn.menu_button()])


def wish_ended(turn: Turn) -> Reply:
    return turn.reply(turn.t("mentor.wish.ended"), [turn.menu_button()])


def after_stop(turn: Turn, reply: Reply) -> Reply:
    """Who said stop and now asks for what only comes unasked is written to again, and told so."""
    if not turn.chat.stopped:
        return reply
    turn.chat.stopped = False
    return msgspec.structs.replace(reply, text=f"{reply.text}\n\n{turn.t('mentor.after_stop')}")


def too_late(turn: Turn) -> Reply:
    """For a button of something that is over."""
    return turn.reply(turn.t("mentor.too_late"), [turn.menu_button()])


def card(turn: Turn, pair: MentorPair, side: str) -> Reply:
    """One pair as its side may know it, with what can be done."""
    language = turn.language
    if pair.state == "asked":
        return _asked(pair, side, language, turn.knowledge)
    text = turn.t(f"mentor.card.{side}.{pair.state}", who=who(turn.knowledge, pair, side, language))
    write = [pair_button(f"mentor.button.write.{side}", pair, "write", language)] if pair.state == "active" else []
    names = pair.state == "active" and not getattr(pair, f"{side}_names")
    extra = [pair_button("mentor.button.names", pair, "names", language)] if names else []
    nameless = [_answer(turn, "mentor.button.no_name", "no_name")] if side == "mentee" and pair.wish.called else []
    text += _nickname(pair, side, language)
    return turn.reply(text, write, _ways_out(pair, language), extra, nameless, [turn.menu_button()])


def agreed(turn: Turn, pair: MentorPair, side: str) -> Reply:
    """After a yes: both have agreed, or the other has still to answer."""
    if pair.state == "active":
        return _begun(pair, side, turn.language, turn.knowledge)
    return turn.reply(
        turn.t("mentor.wait_for_other"), [pair_button("mentor.button.stop", pair, "stop", turn.language)], [turn.menu_button()]
    )


def declined(turn: Turn, side: str) -> Reply:
    return turn.reply(turn.t(f"mentor.declined.{side}"), [turn.menu_button()])


def writing(turn: Turn, pair: MentorPair, side: str) -> Reply:
    """What is written now goes to the other: said so that it cannot be missed."""
    text = turn.t(f"mentor.writing.{side}")
    return after_stop(turn, turn.reply(text, _back(pair, turn.language), _ways_out(pair, turn.language)))


def left(turn: Turn, pair: MentorPair, side: str, how: str) -> Reply:
    """`how`: back (did something else), over (a long time ago), held (a caseworker is here)."""
    again = (
        [pair_button(f"mentor.button.write.{side}", pair, "write", turn.language)]
        if pair.state == "active" and how != "held"
        else []
    )
    return turn.reply(turn.t(f"mentor.left.{how}.{side}"), again)


def not_now(turn: Turn) -> Reply:
    """The pair does not exist any more, or is paused: the words went nowhere."""
    return turn.reply(turn.t("mentor.not_now"), [turn.person_button(), turn.menu_button()])


def only_words(turn: Turn, pair: MentorPair, side: str) -> Reply:
    return turn.reply(turn.t("mentor.only_words"), _back(pair, turn.language))


def passed_on(turn: Turn, pair: MentorPair, side: str, *, later: bool) -> Reply:
    text = turn.t(f"mentor.sent.{'morning' if later else 'now'}.{side}")
    return turn.reply(text, _back(pair, turn.language), _ways_out(pair, turn.language))


def cannot_go(turn: Turn, pair: MentorPair, side: str, kinds: Collection[str], *, back: bool = False) -> Reply:
    """Not sent, and why; it can be written anew. `back`: the person is with the bot again."""
    reasons = [f"• {turn.t(f'mentor.cannot.{kind}')}" for kind in sorted(kinds)]
    text = "\n".join([turn.t(f"mentor.not_sent.{side}"), *reasons])
    if back:
        return turn.reply(text, [turn.person_button(), turn.menu_button()])
    return turn.reply(text, _back(pair, turn.language))


def stopped(turn: Turn, side: str) -> Reply:
    rows = [[turn.button("mentor.button.find", "find_mentor")]] if side == "mentee" else []
    return turn.reply(turn.t("mentor.stopped"), *rows, [turn.person_button(), turn.menu_button()])


def reported(turn: Turn, pair: MentorPair, handoff: Handoff) -> Reply:
    text = turn.t("mentor.reported", reference=handoff.reference, hours=team_next(turn))
    return turn.reply(text, [pair_button("mentor.button.stop", pair, "stop", turn.language)], [turn.menu_button()])


def names_wished(turn: Turn, pair: MentorPair, side: str) -> Reply:
    key = "mentor.names.both" if pair.names else "mentor.names.one"
    return turn.reply(
        turn.t(key), [pair_button(f"mentor.button.write.{side}", pair, "write", turn.language)], [turn.menu_button()]
    )


def to_other(message: MentorMessage, pair: MentorPair, language: str) -> Reply:
    """What waited, as it goes out, outside any turn. A copy of words is erased from the outbox a day later."""
    if message.kind == "asked":
        return _asked(pair, message.side, language)
    if message.kind == "begun":
        return _begun(pair, message.side, language)
    if message.kind == "words":
        label = i18n.t(language, f"mentor.from.{other(message.side)}", who=_name(pair, message.side, language))
        rows = [[pair_button(f"mentor.button.write.{message.side}", pair, "write", language)], _ways_out(pair, language)]
        return Reply(text=f"{label}\n{message.text}", language=language, rows=rows, short_lived=True)
    rows = [[Button(label=i18n.t(language, "button.menu"), payload=payload("menu"))]]
    if message.side == "mentee" and message.kind == "ended":
        rows.insert(0, [Button(label=i18n.t(language, "mentor.button.find"), payload=payload("find_mentor"))])
    if message.kind in ("again", "names"):
        rows[:0] = [[pair_button(f"mentor.button.write.{message.side}", pair, "write", language)], _ways_out(pair, language)]
    return Reply(text=i18n.t(language, f"mentor.told.{message.kind}.{message.side}"), language=language, rows=rows)


def gone(side: str, language: str) -> Reply:
    """To who is left: `side` is theirs."""
    rows = [[Button(label=i18n.t(language, "button.menu"), payload=payload("menu"))]]
    if side == "mentee":
        rows.insert(0, [Button(label=i18n.t(language, "mentor.button.find"), payload=payload("find_mentor"))])
    return Reply(text=i18n.t(language, f"mentor.told.ended.{side}"), language=language, rows=rows)


def describe(knowledge: Snapshot, language: str, reason: dict[str, Any]) -> str:
    """ "nurse, speaks Tigrinya and English, evenings": no name, and nothing by which one is found."""
    parts = _parts(knowledge, language, reason["profession"], reason["languages"], reason["times"])
    if i18n.has("en", f"mentor.way.{reason.get('way')}"):
        parts.append(i18n.t(language, f"mentor.way.{reason['way']}"))
    return i18n.t(language, "list.separator").join(parts)


def who(knowledge: Snapshot, pair: MentorPair, side: str, language: str) -> str:
    """The other one, as `side` may know them."""
    if side == "mentee":
        return describe(knowledge, language, pair.reason)
    wish = pair.wish
    return i18n.t(language, "list.separator").join(_parts(knowledge, language, wish.profession, wish.languages, wish.times))


def pair_button(key: str, pair: MentorPair, what: str, language: str) -> Button:
    """A button of this pair."""
    return Button(label=i18n.t(language, key), payload=payload("mentor_pair", pair=str(pair.id), what=what))


def _asked(pair: MentorPair, side: str, language: str, knowledge: Snapshot | None = None) -> Reply:
    known = knowledge or _knowledge(pair)
    text = i18n.t(language, f"mentor.intro.{side}", who=who(known, pair, side, language))
    yes, no = pair_button("mentor.button.yes", pair, "yes", language), pair_button("mentor.button.no", pair, "no", language)
    return Reply(text=text, language=language, rows=[[yes], [no]])


def _begun(pair: MentorPair, side: str, language: str, knowledge: Snapshot | None = None) -> Reply:
    text = i18n.t(language, f"mentor.begun.{side}", who=who(knowledge or _knowledge(pair), pair, side, language))
    rows = [[pair_button(f"mentor.button.write.{side}", pair, "write", language)], _ways_out(pair, language)]
    return Reply(text=text + _nickname(pair, side, language), language=language, rows=rows)


def _nickname(pair: MentorPair, side: str, language: str) -> str:
    """A line with the name that the mentee chose; to the mentee: what is seen of them."""
    called = pair.wish.called
    return "\n" + i18n.t(language, f"mentor.called.{side}", called=called) if called else ""


def _name(pair: MentorPair, side: str, language: str) -> str:
    """Of the other one: of a mentor when both want names, as the mentor was promised; of a mentee what they chose to be called."""
    called = pair.wish.called if side == "mentor" else pair.mentor.called if pair.names else None
    return f" ({called})" if called else ""


def _parts(knowledge: Snapshot, language: str, profession: str, languages: list[str], times: list[str]) -> list[str]:
    spoken = i18n.t(language, "list.separator").join(labels.language(code, language) for code in languages)
    parts = [labels.profession(knowledge, profession, language), i18n.t(language, "mentor.speaks", languages=spoken)]
    return parts + [i18n.t(language, f"mentor.time.{time}") for time in times]


def _reason_of(mentor: Mentor) -> dict[str, Any]:
    return {"profession": mentor.profession, "languages": mentor.languages, "times": mentor.times, "way": mentor.way}


def _back(pair: MentorPair, language: str) -> list[Button]:
    return [pair_button("mentor.button.back", pair, "back", language)]


def _ways_out(pair: MentorPair, language: str) -> list[Button]:
    """One tap each, always there."""
    return [
        pair_button("mentor.button.stop", pair, "stop", language),
        pair_button("mentor.button.report", pair, "report", language),
    ]


def _answer(turn: Turn, key: str, what: str) -> Button:
    return turn.button(key, "mentor_answer", what=what)


def _knowledge(pair: MentorPair) -> Snapshot:
    session = object_session(pair)
    assert session is not None
    return snapshot.current(session)
