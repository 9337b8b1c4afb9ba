"""What we hold about a person, told in their language: counted, or everything as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from bot import i18n
from bot.answers import journeys_data, mentor_data, plans, recordings_data, reminders, stories_data, suggestions, talents_data
from bot.cases.hours import LONDON
from bot.cases.models import Handoff, Message, Referral
from bot.conversation.disclosure import Everything
from bot.conversation.personal_data import Forgotten, Held
from bot.conversation.turn import Turn
from bot.people.models import Consent, Plan
from bot.replies import Block, Paper, Reply

LONGEST = 30_000  # characters of one file, which takes a second to draw (bot/papers/rendering.py: LARGEST)
Kind = Literal["title", "heading", "text", "note"]


def listing(turn: Turn, held: Held) -> Reply:
    """What there is, how long it stays, and the ways to see all of it or to delete it."""
    nothing = turn.t("data.nothing")

    def listed(values: list[str]) -> str:
        return turn.t("list.separator").join(values) or nothing

    lines = [
        turn.t(
            "data.held",
            language=i18n.own_name(held.language),
            source=held.source or nothing,
            messages=held.messages,
            plans=listed(held.plans),
            referrals=listed(held.referrals),
            handoffs=listed(held.handoffs),
        )
    ]
    if held.reminders:
        lines.append(turn.t("data.reminders", count=held.reminders))
    if held.talents:
        lines.append(turn.t("data.talents", count=held.talents))
    if held.journey or held.rhythm:
        lines.append(journeys_data.held(turn, held.journey, held.rhythm))
    if held.notes:
        lines.append(turn.t("data.notes", count=held.notes))
    if held.mentoring:
        lines.append(turn.t("data.mentoring"))
    if held.stories:
        lines.append(turn.t("data.stories", count=held.stories))
    if held.recordings:
        lines.append(turn.t("data.recordings", count=held.recordings))
    if held.recordings_here:
        lines.append(turn.t("data.recordings_here"))
    if held.suggestions:
        lines.append(turn.t("data.suggestions", count=held.suggestions))
    if held.news:
        lines.append(turn.t("data.news"))
    lines.append("\n" + rules(turn))
    if held.on_hold:
        lines.append("\n" + turn.t("data.on_hold"))
    file = turn.button("button.data_file", "my_data", form="pdf")
    mine = [turn.button("story.button.mine", "show_story", what="mine")] if held.stories else []
    return turn.reply("\n".join(lines), [file], mine, [turn.button("button.delete", "delete_data"), turn.menu_button()])


def rules(turn: Turn) -> str:
    """How long words and requests are kept."""
    return turn.t("data.rules", days=turn.keep_days, close=turn.close_days, delete=turn.delete_days)


def confirm_delete(turn: Turn, held: Held) -> Reply:
    text = turn.t("data.delete_ask")
    if held.recordings > held.recordings_here:
        text += "\n\n" + turn.t("data.delete_recordings")
    if held.recordings_here:
        text += "\n\n" + turn.t("data.delete_recordings_here")
    if held.on_hold:
        text += "\n\n" + turn.t("data.delete_on_hold")
    yes = turn.button("button.delete_yes", "confirm_delete")
    return turn.reply(text, [yes, turn.button("button.delete_no", "menu")])


def deleted(turn: Turn, done: Forgotten) -> Reply:
    """That it is gone; what is not, and why; and who else may hold something."""
    parts = [turn.t("data.deleted")]
    if done.kept:
        parts = [turn.t("data.deleted_on_hold", references=turn.t("list.separator").join(done.kept))]
    if done.services:
        known = turn.knowledge.services
        names = [known[key].name if key in known else key for key in done.services]
        parts.append(turn.t("data.services_told", services=turn.t("list.separator").join(names)))
    return turn.reply("\n\n".join(parts), [turn.person_button(), turn.menu_button()])


def asked_again(turn: Turn) -> Reply:
    return turn.reply(turn.t("mydata.again"), [turn.menu_button()])


def files(turn: Turn, found: Everything, held: Held) -> list[Reply]:
    """Everything, on as many files as it takes; our copies of them are erased a day later."""
    papers = list(_papers(turn, [*_about(turn, found, held), *_messages(turn, found)]))
    replies = []
    for number, blocks in enumerate(papers, 1):
        text = turn.t("mydata.file") if number == 1 else ""
        if len(papers) > 1:
            part = turn.t("mydata.part", part=number, parts=len(papers))
            text = f"{text}\n{part}".strip()
            blocks.insert(1, _block(turn, "note", part))
        paper = Paper(name=f"my-data-{number}", form="pdf", language=turn.language, blocks=blocks)
        last = [turn.button("button.delete", "delete_data"), turn.menu_button()] if number == len(papers) else []
        rows = [last] if last else []
        replies.append(Reply(text=text, language=turn.language, rows=rows, paper=paper, short_lived=True))
    return replies


def _papers(turn: Turn, blocks: list[Block]) -> Iterator[list[Block]]:
    """Cut where a file would be too long to draw; never between a message and the line that says whose it is."""
    title = _block(turn, "title", turn.t("mydata.title"))
    made = _block(turn, "note", turn.t("paper.made_on", date=i18n.date(turn.language, turn.at.date())))
    page, size = [title, made], 0
    for place, block in enumerate(blocks):
        following = len(blocks[place + 1].text) if block.kind in ("note", "heading") and place + 1 < len(blocks) else 0
        if size + len(block.text) + following > LONGEST and len(page) > 2:
            yield page
            page, size = [title, made], 0
        page.append(block)
        size += len(block.text)
    yield page


def _about(turn: Turn, found: Everything, held: Held) -> Iterator[Block]:
    yield _block(turn, "text", turn.t("mydata.language", language=i18n.own_name(held.language)))
    if held.source:
        yield _block(turn, "text", turn.t("mydata.source", source=held.source))
    for plan in found.plans:
        yield from _plan(turn, plan)
    if found.reminders:
        yield _block(turn, "heading", turn.t("mydata.reminders"))
    for reminder in found.reminders:
        title = reminders.step_title(turn.knowledge, reminder, turn.language) or reminder.step
        yield _block(turn, "text", f"{_day(turn, reminder.due_at)}: {title}")
    yield from talents_data.about(turn, found.talents, found.consents)
    if found.handoffs:
        yield _block(turn, "heading", turn.t("mydata.requests"))
    for handoff in found.handoffs:
        yield from _request(turn, handoff)
    if found.referrals:
        yield _block(turn, "heading", turn.t("mydata.referrals"))
    for referral in found.referrals:
        yield from _referral(turn, referral, [c for c in found.consents if c.purpose == f"referral:{referral.reference}"])
    yield from journeys_data.blocks(turn, found.check_ins, found.outcomes)
    yield from mentor_data.blocks(turn, found.mentoring)
    yield from stories_data.blocks(turn, found.stories, found.consents)
    yield from recordings_data.blocks(turn, found.recordings, found.consents)
    if found.suggestions:
        yield _block(turn, "heading", turn.t("mydata.suggestions"))
    for suggestion in found.suggestions:
        yield _block(turn, "note", f"{_day(turn, suggestion.created_at)} · {suggestions.line(turn, suggestion)}")
        if suggestion.words:
            yield Block(kind="text", text=suggestion.words, language=suggestion.language)
    if held.news:
        yield _block(turn, "text", turn.t("data.news"))
    if held.notes:
        yield _block(turn, "text", turn.t("data.notes", count=held.notes))
    if held.on_hold:
        yield _block(turn, "text", turn.t("data.on_hold"))


def _plan(turn: Turn, plan: Plan) -> Iterator[Block]:
    known = turn.knowledge.pathways.get(plan.pathway)
    yield _block(turn, "heading", plans.words(turn, plan, "title") if known else plan.pathway)
    for name, value in dict(plan.answers or {}).items():
        question, answer = f"ask.{name}", f"answer.{name}.{value}"
        asked = turn.t(question) if i18n.has("en", question) else name
        yield _block(turn, "note", asked)
        yield _block(turn, "text", turn.t(answer) if i18n.has("en", answer) else str(value))
    for place, row in enumerate(plan.steps, 1):
        title = plans.words(turn, plan, f"{row.step}/title") if known else ""
        yield Block(kind="step", text=title or row.step, language=turn.language, mark=row.state, number=place)


def _request(turn: Turn, handoff: Handoff) -> Iterator[Block]:
    began = turn.t("mydata.request", reference=handoff.reference, date=_day(turn, handoff.created_at))
    closed = [turn.t("mydata.closed", date=_day(turn, handoff.closed_at))] if handoff.closed_at else []
    yield _block(turn, "text", " ".join([began, *closed]))
    for words in (handoff.reason, handoff.reach):
        if words and words != "chat":
            yield Block(kind="text", text=words, language=handoff.language)


def _referral(turn: Turn, referral: Referral, agreed: list[Consent]) -> Iterator[Block]:
    service = turn.knowledge.receivers.get(referral.service)
    state = turn.t(f"referral.state.{referral.state}")
    yield _block(turn, "text", f"{referral.reference} — {service.name if service else referral.service}: {state}")
    for consent in agreed:
        shared = turn.t("list.separator").join(f"{name}: {value}" for name, value in dict(consent.shared or {}).items())
        key = "mydata.agreed_until" if consent.withdrawn_at is None else "mydata.agreed_then"
        until = consent.withdrawn_at or consent.until
        yield _block(turn, "note", turn.t(key, shared=shared, given=_day(turn, consent.given_at), until=_day(turn, until)))


def _messages(turn: Turn, found: Everything) -> Iterator[Block]:
    if found.messages:
        yield _block(turn, "heading", turn.t("mydata.messages"))
    if found.left_out:
        yield _block(turn, "text", turn.t("mydata.left_out", count=len(found.messages)))
    for message in found.messages:
        yield _block(turn, "note", _who_and_when(turn, message))
        yield Block(kind="text", text=message.text, language=message.language)


def _who_and_when(turn: Turn, message: Message) -> str:
    local = message.at.astimezone(LONDON)
    return f"{turn.t(f'mydata.by.{message.sender}')} · {_day(turn, message.at)} {i18n.clock(turn.language, local.time())}"


def _day(turn: Turn, at: dt.datetime) -> str:
    return i18n.date(turn.language, at.astimezone(LONDON).date())


def _block(turn: Turn, kind: Kind, text: str) -> Block:
    return Block(kind=kind, text=text, language=turn.language)
