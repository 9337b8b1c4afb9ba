"""A story on its way: the words stand in the chat's draft until the person has said what may be said with them, and become a row then."""

from __future__ import annotations

from typing import Any

from bot import i18n
from bot.answers import stories as answers
from bot.cases import handoffs
from bot.conversation.turn import Turn
from bot.errors import RefusedError
from bot.knowledge.snapshot import Snapshot
from bot.mentoring.gate import is_a_name
from bot.people import plans
from bot.replies import Reply
from bot.stories import entries, private, telling
from bot.stories.models import ToldStory
from engine.nlu.text import fold

DRAFT = "story"
FEWEST_WORDS, LONGEST_COUNTRY = 8, 40
ENDS = {"here": "told", "reports": "told", "person": "person"}  # what a tap fills the slot with


def begin(turn: Turn) -> list[Reply]:
    """What there is to say first. Nothing is begun where stories are off, or where there are enough of this person."""
    turn.chat.draft = None
    if not turn.installation.is_on("stories"):
        return [answers.off(turn)]
    if not telling.may_tell(turn.session, turn.person.id):
        return [answers.many(turn)]
    turn.chat.draft = {DRAFT: {"phase": "words", "words": []}}
    return [answers.begin(turn)]


def begun(turn: Turn) -> bool:
    return DRAFT in (turn.chat.draft or {})


def question(turn: Turn) -> Reply:
    draft = _draft(turn)
    problem = str(draft.get("problem", ""))
    if problem:
        _keep(turn, problem="")
    found = private.find(_words(draft), known_words(turn.knowledge)) if draft.get("phase") == "private" else []
    return answers.ask(
        turn, draft.get("phase", "words"), problem, found, begun=bool(draft.get("words")), name=bool(draft.get("name"))
    )


def take_words(turn: Turn) -> str | None:
    """What somebody wrote, as an answer to the open question; with what the slot is filled, None: more is asked."""
    draft, text = _draft(turn), turn.text.strip()
    phase = draft.get("phase", "words")
    if phase in ("words", "private"):
        said = [*draft.get("words", []), text]
        if sum(map(len, said)) > telling.LONGEST_WORDS:
            _keep(turn, problem="story.problem.long")
        else:
            _keep(turn, words=said, phase="words")
    elif phase == "name":
        fine = is_a_name(text) and len(text.split()) == 1
        _keep(turn, **({"name": text, "phase": "country"} if fine else {"problem": "story.problem.name"}))
    elif phase == "country":
        fine = is_a_name(text) and len(text) <= LONGEST_COUNTRY
        _keep(turn, **({"country": text, "phase": "where"} if fine else {"problem": "story.problem.country"}))
    elif phase == "wish":
        _keep(turn, wish=text)
        return "wish"
    else:
        _keep(turn, problem="story.problem.tap")
    return None


def take_tap(turn: Turn, what: str) -> str | None:
    """A button under the open question; one of an older question changes nothing."""
    phase = _draft(turn).get("phase", "words")
    if what == "done" and phase == "words":
        words = _words(_draft(turn))
        if len(words.split()) < FEWEST_WORDS:
            _keep(turn, problem="story.problem.short")
        else:
            _keep(turn, phase="private" if private.find(words, known_words(turn.knowledge)) else "name")
    elif what == "again" and phase == "private":
        _keep(turn, phase="words", words=[])
    elif what == "go_on" and phase == "private":
        _keep(turn, phase="name")
    elif what == "no_name" and phase == "name":
        _keep(turn, phase="country")
    elif what == "no_country" and phase == "country":
        _keep(turn, phase="where")
    elif (what in ("here", "reports") and phase == "where") or (what == "person" and phase == "words"):
        _keep(turn, reports=what == "reports")
        return ENDS[what]
    return None


def heard(turn: Turn, kind: str) -> Reply:
    """The end of the form. `kind`: told, wish, person, voice."""
    draft, turn.chat.draft = _draft(turn), None
    if kind in ("person", "voice"):
        reason = i18n.t("en", "console.stories.wants_to_tell")
        handoff = handoffs.open_handoff(
            turn.session, turn.chat, kind="asked", urgency="any", reason=reason, reach="chat", hours=turn.hours
        )
        return answers.to_person(turn, handoff, voice=kind == "voice")
    if kind == "wish" and (story := _own(turn, str(draft.get("of", "")))) is not None:
        done = telling.wish(turn.session, story, str(draft.get("wish", "")))
        return answers.wished(turn) if done else answers.too_late(turn)
    if kind != "told" or not draft.get("words"):
        return answers.too_late(turn)  # emptied meanwhile, by "delete my data" or by time
    plan = plans.latest(turn.session, turn.person.id)
    said = telling.Told(
        _words(draft),
        turn.person.language,
        draft.get("name"),
        draft.get("country"),
        bool(draft.get("reports")),
        plan.pathway if plan else "",
    )
    try:
        return answers.taken(turn, telling.tell(turn.session, turn.chat, said))
    except RefusedError:
        return answers.many(turn)


def choose(turn: Turn, what: str, reference: str, mark: str) -> tuple[Reply, bool]:
    """A tap under the question whether it may be told; True when words are asked for next."""
    story = _own(turn, reference, to_change=True)
    number = int(mark) if mark.isascii() and mark.isdecimal() and len(mark) < 10 else -1
    if story is None:
        return answers.too_late(turn), False
    shown = telling.shown(story)
    if what == "yes":
        text = answers.consent_text(turn.language, story, shown)
        done = telling.agree(turn.session, story, number, text)
        return (answers.agreed(turn, story) if done else answers.too_late(turn)), False
    if story.state != "asked" or story.mark != number:
        return answers.too_late(turn), False
    if what == "no":
        telling.decline(turn.session, story, "person")
        return answers.declined(turn), False
    if what == "change":
        turn.chat.draft = {DRAFT: {"phase": "wish", "of": story.reference}}
        return answers.begin(turn), True
    if not telling.choose(story, number, what):
        return answers.too_late(turn), False
    return answers.asked(turn.language, story, telling.shown(story)), False


def withdraw(turn: Turn, reference: str) -> list[Reply]:
    """One tap, everywhere. Without a reference: theirs to choose from, or the only one there is."""
    live = [one for one in telling.of_person(turn.session, turn.person.id) if one.state not in ("withdrawn", "declined")]
    if not reference and len(live) != 1:
        return answers.mine(turn, live)
    story = _own(turn, reference or live[0].reference, to_change=True)
    if story is None:
        return [answers.too_late(turn)]
    entries.withdraw(turn.session, story, "person")
    return [answers.withdrawn(turn)]


def known_words(knowledge: Snapshot) -> frozenset[str]:
    """Names that point at nobody: those of the terms."""
    names = (name for term in knowledge.terms.values() for name in (term.name, term.expansion, *term.aliases))
    return frozenset(fold(name) for name in names if name)


def _own(turn: Turn, reference: str, *, to_change: bool = False) -> ToldStory | None:
    """Only who told it may do anything with it."""
    story = telling.find(turn.session, reference, to_change=to_change)
    return story if story is not None and story.person_id == turn.person.id else None


def _draft(turn: Turn) -> dict[str, Any]:
    return dict((turn.chat.draft or {}).get(DRAFT, {}))


def _keep(turn: Turn, **parts: Any) -> None:
    turn.chat.draft = {DRAFT: {**_draft(turn), **parts}}


def _words(draft: dict[str, Any]) -> str:
    return "\n".join(draft.get("words", []))
