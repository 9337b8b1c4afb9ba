"""The questions to who offers to be a mentor and to who looks for one: what is asked, and what is taken for an answer.

Where several answers count, each tap adds or takes away one until "that is all". Words stay in the chat's draft: slots hold codes.
"""

from __future__ import annotations

from typing import Any

from bot.conversation.turn import Turn
from bot.mentoring import gate, labels
from bot.mentoring.offers import Offer
from bot.mentoring.states import GENDERS, OFTEN, TIMES, WAYS
from bot.mentoring.wishes import Wish
from bot.people import plans
from bot.replies import Button, Reply, payload

MENTOR = ("mentor_profession", "mentor_language", "mentor_way", "mentor_times", "mentor_gender", "mentor_called")
MENTEE = ("mentee_profession", "mentee_language", "mentee_gender", "mentee_times")
ALL, ANY, NONE, OWN_WORDS = "all", "any", "none", "own_words"
LONGEST_WAY, MOST_LANGUAGES, MOST_ASKED = 500, 8, 12
_TICK = "✅ "
# what is asked after the times, in the same slot: of a mentor, of a mentee
_ASKED_WITH_TIMES = {"often": "mentor.ask.often", "called": "mentor.ask.mentee_called"}


def question(turn: Turn, slot: str) -> Reply:
    """Asks for one slot. Every answer can be tapped; a profession, languages, the way and a name can be written, too."""
    side, _, what = slot.partition("_")
    problem = _draft(turn).get("problem", "")
    if what == "times" and _stage(turn) != "times":
        text = turn.t(_ASKED_WITH_TIMES[_stage(turn)])
    else:
        text = turn.t(f"mentor.ask.{side}_{what}")
    if problem:
        _remember(turn, problem="")
        text = turn.t(problem) + "\n\n" + text
    rows = {
        "profession": _professions,
        "language": _languages,
        "times": _times,
        "way": _ways,
        "gender": _genders,
        "called": _called,
    }
    return turn.reply(text, *rows[what](turn, slot), [turn.button("button.cancel", "cancel")])


def take(turn: Turn, slot: str, intent: str, value: str | None, profession: str | None) -> dict[str, Any]:
    """The slots that this message fills; a slot of its own that is None is asked again. {}: it was no answer.

    `value`: of a tapped answer to this question; `profession`: one that was named in words.
    """
    what = slot.partition("_")[2]
    if intent == "cancel":
        return {}
    if what == "profession":
        named = value or profession
        return {slot: named} if named and labels.is_profession(named) else {}
    if what == "times" and _stage(turn) == "called":
        return _nickname(turn, slot, intent, value)
    if what in ("language", "times"):
        return _several(turn, slot, what, intent, value)
    if what == "way":
        return _way(turn, slot, value, intent)
    if what == "gender":
        found = value if value in (*GENDERS, ANY, NONE) else None
        return {slot: found or (ANY if slot.startswith("mentee") else NONE)} if found or intent == "skip" else {}
    return _name(turn, slot, intent)


def offer(turn: Turn, slots: dict[str, Any]) -> Offer:
    """What was said in the mentor's form; the draft is empty afterwards."""
    draft, turn.chat.draft = _draft(turn), None
    gender, way = slots["mentor_gender"], str(slots["mentor_way"])
    times, _, often = str(slots["mentor_times"]).partition("/")
    return Offer(
        profession=str(slots["mentor_profession"]),
        languages=str(slots["mentor_language"]).split(","),
        times=times.split(","),
        often=often or OFTEN[-1],
        way=way,
        way_words=draft.get("way") if way == OWN_WORDS else None,
        gender=gender if gender in GENDERS else None,
        called=draft.get("called") if slots["mentor_called"] == "given" else None,
    )


def wish(turn: Turn, slots: dict[str, Any]) -> Wish:
    """What was said in the form of who looks for a mentor."""
    draft, turn.chat.draft = _draft(turn), None
    return Wish(
        profession=str(slots["mentee_profession"]),
        languages=str(slots["mentee_language"]).split(","),
        times=str(slots["mentee_times"]).split(","),
        gender=str(slots["mentee_gender"]),
        called=draft.get("called"),
    )


def begin(turn: Turn) -> None:
    """Nothing is ticked, nothing written."""
    turn.chat.draft = None


def _several(turn: Turn, slot: str, what: str, intent: str, value: str | None) -> dict[str, Any]:
    ticks = list(_draft(turn).get("ticks", []))
    if what == "times" and _stage(turn) == "often":
        if value not in OFTEN:
            return {}
        return _done(turn, slot, f"{','.join(ticks)}/{value}")
    known = TIMES if what == "times" else None
    if value == ALL or (intent == "skip" and not ticks):
        ticks = list(TIMES) if what == "times" else ticks or [turn.person.language]
    elif value == "done" or intent == "skip":
        if not ticks:
            return {slot: None}
    elif value is not None and (value in known if known else labels.is_language(value)):
        ticks = [tick for tick in ticks if tick != value] if value in ticks else [*ticks, value][:MOST_LANGUAGES]
        _remember(turn, ticks=ticks)
        return {slot: None}
    elif what == "language" and (named := labels.languages_in(turn.text, {turn.language, turn.person.language, "en"})):
        _remember(turn, ticks=list(dict.fromkeys([*ticks, *named]))[:MOST_LANGUAGES])
        return {slot: None}
    else:
        return {}
    if what == "times":  # a mentor is also asked how often, a mentee what to be called
        _remember(turn, ticks=ticks, stage="often" if slot == "mentor_times" else "called")
        return {slot: None}
    return _done(turn, slot, ",".join(ticks))


def _done(turn: Turn, slot: str, value: str) -> dict[str, Any]:
    _remember(turn, ticks=[], stage="times")
    return {slot: value}


def _way(turn: Turn, slot: str, value: str | None, intent: str) -> dict[str, Any]:
    if value in WAYS:
        return {slot: value}
    if turn.text:
        _remember(turn, way=turn.text[:LONGEST_WAY])
        return {slot: OWN_WORDS}
    return {slot: NONE} if intent == "skip" else {}


def _name(turn: Turn, slot: str, intent: str) -> dict[str, Any]:
    """A first name or nickname; what could be a way to reach them is asked for again, with the reason."""
    if intent == "skip" and not turn.text:
        return {slot: NONE}
    if not turn.text:
        return {}
    if not gate.is_a_name(turn.text):
        _remember(turn, problem="mentor.bad_name")
        return {slot: None}
    _remember(turn, called=" ".join(turn.text.split()))
    return {slot: "given"}


def _nickname(turn: Turn, slot: str, intent: str, value: str | None) -> dict[str, Any]:
    """What a mentee's mentor calls them, or no name; what looks like a full name is asked for again, with the reason."""
    times = ",".join(_draft(turn).get("ticks", []))
    if value == NONE or (intent == "skip" and not turn.text):
        return _done(turn, slot, times)
    if not turn.text:
        return {}
    if not gate.is_a_nickname(turn.text):
        _remember(turn, problem="mentor.bad_nickname")
        return {slot: None}
    _remember(turn, called=" ".join(turn.text.split()))
    return _done(turn, slot, times)


def _professions(turn: Turn, slot: str) -> list[list[Button]]:
    own = plans.latest(turn.session, turn.person.id)
    keys = [p.professions[0] for p in turn.knowledge.pathways.values() if p.professions]
    if own is not None and (mine := str((own.answers or {}).get("profession") or "")) and labels.is_profession(mine):
        keys = [mine, *(key for key in keys if key != mine)]
    buttons = [_choice(labels.profession(turn.knowledge, key, turn.language), slot, key) for key in keys[:MOST_ASKED]]
    other = _choice(labels.profession(turn.knowledge, labels.OTHER, turn.language), slot, labels.OTHER)
    return [*(buttons[n : n + 2] for n in range(0, len(buttons), 2)), [other]]


def _languages(turn: Turn, slot: str) -> list[list[Button]]:
    ticks = list(_draft(turn).get("ticks", []))
    codes = list(dict.fromkeys([*ticks, turn.person.language, *turn.languages, "ti", "am", "ckb"]))
    buttons = [_ticked(labels.language(code, turn.language), slot, code, code in ticks) for code in codes]
    return [*(buttons[n : n + 2] for n in range(0, len(buttons), 2)), [_all_said(turn, slot)]]


def _times(turn: Turn, slot: str) -> list[list[Button]]:
    if _stage(turn) == "often":
        return [[_choice(turn.t(f"mentor.often.{value}"), slot, value)] for value in OFTEN]
    if _stage(turn) == "called":
        return [[_choice(turn.t("mentor.button.no_name"), slot, NONE)]]
    ticks = list(_draft(turn).get("ticks", []))
    buttons = [_ticked(turn.t(f"mentor.time.{value}"), slot, value, value in ticks) for value in TIMES]
    every = _choice(turn.t("mentor.time.all"), slot, ALL)
    return [*([button] for button in buttons), [every], [_all_said(turn, slot)]]


def _ways(turn: Turn, slot: str) -> list[list[Button]]:
    return [[_choice(turn.t(f"mentor.way.{value}"), slot, value)] for value in WAYS] + [[turn.button("button.skip", "skip")]]


def _genders(turn: Turn, slot: str) -> list[list[Button]]:
    side = slot.partition("_")[0]
    last = ANY if side == "mentee" else NONE
    return [[_choice(turn.t(f"mentor.gender.{side}.{value}"), slot, value)] for value in (*GENDERS, last)]


def _called(turn: Turn, slot: str) -> list[list[Button]]:
    return [[turn.button("button.skip", "skip")]]


def _all_said(turn: Turn, slot: str) -> Button:
    return _choice(turn.t("mentor.that_is_all"), slot, "done")


def _ticked(label: str, slot: str, value: str, ticked: bool) -> Button:
    return _choice(f"{_TICK if ticked else ''}{label}", slot, value)


def _choice(label: str, slot: str, value: str) -> Button:
    return Button(label=label, payload=payload("inform", slot=slot, value=value))


def _stage(turn: Turn) -> str:
    return str(_draft(turn).get("stage", "times"))


def _draft(turn: Turn) -> dict[str, Any]:
    return dict((turn.chat.draft or {}).get("mentor", {}))


def _remember(turn: Turn, **values: Any) -> None:
    turn.chat.draft = {**(turn.chat.draft or {}), "mentor": {**_draft(turn), **values}}
