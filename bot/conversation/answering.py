"""One message answered, inside one transaction: the order in which things are looked at is the order of this file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import msgspec
from sqlalchemy.orm import Session

from bot.answers import general, people
from bot.answers import photos as about_photos
from bot.cases import handoffs
from bot.cases.models import Message
from bot.conversation import (
    choices,
    happening,
    inbox,
    offered,
    outbox,
    photos,
    recordings,
    relaying,
    safety,
    stopping,
    turn,
    two_things,
)
from bot.conversation.choices import Choice
from bot.conversation.incoming import Channel, Incoming
from bot.conversation.models import Inbox
from bot.conversation.turn import Turn
from bot.conversation.understanding import Understanding, as_words, understand
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot, uses
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat
from bot.replies import Reply
from engine.agent import Engine
from engine.dialogue import DialogueState

LATE = dt.timedelta(hours=1)  # an answer after so long begins with a word about it
# what a person may do at any time, also while a caseworker holds the chat: with their own data and language, and by the
# buttons that a caseworker sends (bot/cases/answering.py, bot/conversation/attaching.py)
ALWAYS = (
    "/privacy", "/my_data", "/delete_data", "/confirm_delete", "/stop_messages", "/change_language", "/set_language",
    "/case_answer", "/ask_consent", "/give_consent", "/refuse_consent",
    "/referral_answer", "/how_it_went", "/withdraw_referral", "/confirm_withdraw", "/hear_back",
    "/check_in", "/check_in_rhythm", "/happened",
    "/story_choice", "/withdraw_story",
    "/my_skills", "/forget_skill", "/share_skills",
    '/received_media{"kind":"recording"',
)  # fmt: skip
SURE = 0.6  # confidence below which an answer offers "I meant something else" (docs/understanding.md)
PHOTO = "[photo]"
LETTER = "[letter]"  # what stands in the conversation for a letter that was explained
NO_FLIP = 3  # words; a shorter message in another language does not offer to switch


async def answer(house: House, engine: Engine, session: Session, row: Inbox, chat: Chat, channel: Channel) -> None:
    """Answers `row` and finishes it; the caller commits. Raises what the engine raises: nothing is then written."""
    knowledge = snapshot.current(session, house.refresh(session).knowledge)
    incoming = photos.read(row.raw) or channel.read(row.raw or {})
    chat.person.last_seen_at = now()
    chat.unreachable_at = None
    if incoming.kind == "nothing":
        chat.unreachable_at = now() if incoming.blocked else None
        inbox.finish(row)
        return
    _guess_language(house, chat, incoming)
    choice = _tapped(session, chat, incoming)
    if choice is not None and inbox.is_double_tap(session, row, choice.token):
        inbox.finish(row)
        return
    if choice is None and incoming.kind == "button":  # of a conversation that was deleted
        incoming = Incoming(kind="command", command="menu")
    payload = choice.payload if choice else None
    spoken = offered.spoken(chat.person, house.settings.languages)
    heard = understand(incoming, payload, spoken, house.settings.languages, engine.ears)
    if _is_asked_for_a_name(chat):
        heard = replace(heard, language=spoken)  # "Selam" is no English
    written = relaying.begun(session, chat)
    relayed = relaying.is_for_the_other(written, chat, incoming, choice)
    kept = relaying.MARK if relayed else _kept(chat, incoming, heard)
    said = _shown(incoming, kept or (choice.label if choice else ""))
    message = Message(chat_id=chat.id, sender="person", language=heard.language, text=said, kind=_kind(incoming, relayed=relayed))
    if said:
        session.add(message)
        if not relayed:
            handoffs.person_wrote(session, chat, "" if kept == LETTER else heard.text)
    origin = f"button:{choice.token}" if choice else f"in:{row.id}"
    this = _turn(house, session, chat, heard, origin, knowledge)
    turn.begin(this)
    if relayed and written is not None:
        photos.drop(session, row)
        recordings.leave(session, row)
        outbox.enqueue(session, chat.id, relaying.relay(this, written, incoming, heard), origin=f"in:{row.id}", inbox_id=row.id)
        inbox.finish(row)
        return
    if heard.letter and _is_for_caseworker(chat, incoming):  # not to be explained
        heard = replace(heard, ask=as_words(heard.text))
    replies = await _about_photo(house, engine, this, incoming, heard, row)
    if replies is None:
        replies = await _about_recording(engine, this, incoming, heard, message)
    if replies is None:
        replies = await _replies(engine, this, heard)
    if replies and not this.person.welcomed and not heard.ask.startswith("/start"):
        this.person.welcomed = True  # somebody who asks at once is answered first
        replies = [*replies, general.welcome(this), general.languages(this)]
    if written is not None:
        replies = [*relaying.left(this, written, choice), *replies]
    if choice is not None:
        replies = choices.kept_open(session, chat.id, choice, replies)
    if replies:
        replies = _with_notes(this, incoming, heard, row, replies)
        replies += offered.told(this)
    outbox.enqueue(session, chat.id, replies, origin=f"in:{row.id}", inbox_id=row.id)
    uses.count(session, this.used, this.at.date())
    if recordings.is_recording(incoming):
        recordings.leave(session, row)
    inbox.finish(row)


async def _replies(engine: Engine, this: Turn, heard: Understanding) -> list[Reply]:
    unkept = f"{LETTER} {', '.join(heard.alarm.dangers)}" if heard.ask.startswith("/decode_letter") else None
    first = safety.danger(this, heard.alarm.dangers, unkept) if heard.alarm.dangers else []
    ask = heard.ask
    if first and not ask.startswith("/decode_letter"):
        return first
    if this.chat.held_by_handoff and not ask.startswith(ALWAYS):
        return first  # a caseworker holds this chat: the words are theirs to answer
    if this.installation.stopped(this.at) and not ask.startswith(ALWAYS):
        return [*first, *stopping.closed(this, "" if heard.letter else heard.text)]
    if heard.text and not ask.startswith("/"):
        if heard.alarm.immigration and (this.chat.dialogue or {}).get("loop") != "handoff_form":
            return [safety.immigration(this)]
        place = choices.plain_answer(heard.text, heard.language, this.person.language, "en")
        if place is not None and (choice := choices.pending(this.session, this.chat.id)):
            ask, this.origin = choice[place].payload, f"button:{choice[place].token}"
        elif not (this.chat.dialogue or {}).get("loop") and choices.asks_for_more(heard.text, heard.language, "en"):
            ask = "/tell_more"
    if ask.startswith("/"):
        happening.forget(this)
    elif told := happening.words(this, heard.text):
        return [*first, *told]
    state = msgspec.convert(this.chat.dialogue, DialogueState) if this.chat.dialogue else DialogueState()
    parts = [ask]
    if heard.text and not ask.startswith("/") and state.loop is None:
        parts = await two_things.split(engine, this.knowledge, ask, this.language)
    replies = first
    for part in parts:
        this.text = part if len(parts) > 1 else this.text
        said, state = await engine.turn(str(this.chat.id), part, state)
        replies = replies + [msgspec.convert(reply, Reply) for reply in said]
    this.chat.dialogue = msgspec.to_builtins(state)
    if this.understood and len(parts) == 1 and this.ranking and this.ranking[0][1] < SURE:
        replies[-1] = msgspec.structs.replace(replies[-1], rows=[*replies[-1].rows, [general.meant_other(this)]])
    elif this.understood:
        this.chat.misunderstood = 0
    return replies


def _tapped(session: Session, chat: Chat, incoming: Incoming) -> Choice | None:
    """The button that was tapped, or whose label or number was typed."""
    if incoming.kind == "button":
        button = outbox.button_of(session, chat.id, incoming.button)
        return Choice(incoming.button, button.payload, button.label) if button and button.payload else None
    if incoming.kind == "text" and not chat.held_by_handoff:
        numbered = choices.by_number(session, chat.id, incoming.text)
        return numbered or choices.typed(session, chat.id, incoming.text)
    return None


async def _about_photo(
    house: House, engine: Engine, this: Turn, incoming: Incoming, heard: Understanding, row: Inbox
) -> list[Reply] | None:
    """What is said of a photo: it is being read, it cannot be, a caseworker does not see it. None for everything that is no
    photo, and for the words of one, which are answered as a letter."""
    if incoming.photo is not None:
        if this.chat.held_by_handoff:
            return [*await _replies(engine, this, heard), about_photos.held(this)]
        return [about_photos.failed(this, incoming.photo.failure)] if incoming.photo.failure else None
    if not photos.is_photo(incoming):
        return None
    for_person = _gives_reason(this.chat)  # before the words beside it are taken for the reason
    held, readable = this.chat.held_by_handoff is not None, photos.possible(house.settings)
    if held or not readable:
        photos.drop(this.session, row)
    if not held and not readable:
        return None
    said = await _beside(engine, this, heard)
    if held:
        return [*said, about_photos.held(this)]
    return [*said, about_photos.kept(this, photos.keep(this.session, row, incoming, for_person=for_person))]


async def _about_recording(
    engine: Engine, this: Turn, incoming: Incoming, heard: Understanding, message: Message
) -> list[Reply] | None:
    """Whether a person may hear a voice message or a video. None for everything else, and while the bot is stopped."""
    held = this.chat.held_by_handoff is not None
    if not recordings.is_recording(incoming) or (this.installation.stopped(this.at) and not held):
        return None
    said = await _beside(engine, this, heard)
    return [*said, recordings.came(this, incoming, message)]


async def _beside(engine: Engine, this: Turn, heard: Understanding) -> list[Reply]:
    """The answer to the words beside a photo, voice message or video. They say mostly what it is; what must not be missed in them is
    heard."""
    must = heard.alarm.dangers or heard.alarm.immigration or heard.letter or (heard.text and _gives_reason(this.chat))
    return await _replies(engine, this, heard) if must else []


def _kept(chat: Chat, incoming: Incoming, heard: Understanding) -> str:
    """The person's words as they are kept. A letter is explained and not kept, unless a caseworker is to read it."""
    return LETTER if heard.letter and not _is_for_caseworker(chat, incoming) else heard.text


def _is_for_caseworker(chat: Chat, incoming: Incoming) -> bool:
    """Whether a letter that comes now was sent for a caseworker to read. A photo may have been sent before they asked for one."""
    if incoming.photo is not None:
        return incoming.photo.for_person and _gives_reason(chat)
    return chat.held_by_handoff is not None or _gives_reason(chat)


def _is_asked_for_a_name(chat: Chat) -> bool:
    """A name has no language: what is answered to it stays in the one they speak."""
    return bool((chat.dialogue or {}).get("slots", {}).get("requested_slot") == "mentor_called")


def _gives_reason(chat: Chat) -> bool:
    """Whether what comes now says why the person wants a person."""
    dialogue = chat.dialogue or {}
    return dialogue.get("loop") == "handoff_form" and dialogue.get("slots", {}).get("requested_slot") == "handoff_reason"


def _shown(incoming: Incoming, said: str) -> str:
    """How it stands in the conversation that a caseworker reads: the words, and a command or a picture by its name."""
    if photos.is_photo(incoming):
        return f"{PHOTO} {said}".strip()
    if recordings.is_recording(incoming) and said != relaying.MARK:
        return f"[{incoming.media}] {said}".strip()
    if said:
        return said
    return f"/{incoming.command}" if incoming.kind == "command" else f"[{incoming.media}]" if incoming.media else ""


def _kind(incoming: Incoming, *, relayed: bool) -> str:
    """What came that was no words; of what goes to the other of a pair nothing is told."""
    if relayed:
        return ""
    return "photo" if photos.is_photo(incoming) else incoming.media or ""


def staged(house: House, session: Session, chat: Chat, knowledge: Snapshot) -> Turn:
    """A turn in which nobody has said anything yet; for what is tried out and never kept (bot/conversation/previewing.py)."""
    return _turn(house, session, chat, Understanding("", "", chat.person.language), "preview", knowledge)


async def rehearse(
    house: House, engine: Engine, session: Session, chat: Chat, words: str, knowledge: Snapshot, payload: str = ""
) -> list[Reply]:
    """The answer to words, or to the tap on a button that does `payload`, by the way every message goes, from this knowledge.
    The caller keeps nothing of it."""
    incoming = Incoming(kind="button") if payload else Incoming(kind="text", text=words)
    spoken = chat.person.language or "en"
    heard = understand(incoming, payload or None, spoken, house.settings.languages, engine.ears)
    this = _turn(house, session, chat, heard, "preview", knowledge)
    turn.begin(this)
    return await _replies(engine, this, heard)


def _turn(house: House, session: Session, chat: Chat, heard: Understanding, origin: str, knowledge: Snapshot) -> Turn:
    return Turn(
        session=session,
        chat=chat,
        knowledge=knowledge,
        language=heard.language,
        text=heard.text,
        origin=origin,
        hours=house.hours,
        at=now(),
        languages=house.settings.languages,
        keep_days=house.settings.keep_days,
        close_days=house.settings.close_after_days,
        delete_days=house.settings.delete_after_days,
        installation=house.installation,
    )


def _guess_language(house: House, chat: Chat, incoming: Incoming) -> None:
    """Until the person chooses, the channel's guess is the language."""
    hint = incoming.language_hint.lower().partition("-")[0]
    if not chat.person.language_confirmed and hint in house.settings.languages:
        chat.person.language = hint


def _with_notes(this: Turn, incoming: Incoming, heard: Understanding, row: Inbox, replies: list[Reply]) -> list[Reply]:
    """What is said around the answer: that it is late, that something was hidden, that it was cut, that we can switch."""
    notes = [this.t("photo.check")] if incoming.photo is not None and heard.letter and not this.chat.held_by_handoff else []
    if heard.masked:
        kinds = this.t("list.separator").join(this.t(f"masked.{kind}") for kind in sorted(heard.masked))
        notes.append(this.t("masked.note", kinds=kinds))
    if incoming.kind == "edited":
        notes.append(this.t("note.edited"))
    if heard.too_long:
        notes.append(this.t("note.too_long"))
    if this.at - row.received_at > LATE:
        notes.append(this.t("note.late"))
    if notes:
        replies = [Reply(text="\n".join(notes), language=this.language), *replies]
    known = offered.spoken(this.person, this.languages)
    if heard.text and heard.language != known and len(heard.text.split()) >= NO_FLIP:
        last = replies[-1]
        replies[-1] = msgspec.structs.replace(last, rows=[*last.rows, general.switch_language(this, heard.language)])
    return replies


def apologise(house: House, session: Session, row: Inbox, chat: Chat) -> None:
    """After the first failed attempt: an honest line, once, and a person offered. The row stays open."""
    knowledge = snapshot.current(session, house.refresh(session).knowledge)
    heard = Understanding("", "", offered.spoken(chat.person, house.settings.languages))
    this = _turn(house, session, chat, heard, f"sorry:{row.id}", knowledge)
    outbox.enqueue(session, chat.id, [people.technical(this)], origin=f"sorry:{row.id}")


def give_up(session: Session, row: Inbox, chat: Chat) -> None:
    """After the last attempt: a caseworker sees that somebody was not answered."""
    photos.drop(session, row)
    recordings.leave(session, row)
    handoffs.open_handoff(
        session, chat, kind="technical", urgency="today", reason=f"inbox {row.id}: {row.failure}", reach=chat.channel
    )
