"""Papers in Telegram: a photo or a document with the words under it, checked by the server of the tests."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram import writing
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.incoming import Outgoing
from bot.errors import MovedError, PermanentError, TransientError, UnreachableError
from bot.papers.rendering import LARGEST
from bot.replies import Block, Button, Paper, Reply
from bot.settings import Settings
from tests.telegram import peer as other
from tests.telegram.events import PERSON
from tests.telegram.limits import size
from tests.telegram.peer import Failure, Peer
from tests.telegram.running import run

MENU = [[Button(label="Menu", payload="/menu")]]
KEYBOARD = {"inline_keyboard": [[{"text": "☰ Menu", "callback_data": "7:0"}]]}


def made(
    form: Any = "png", words: str = "Here it is.", language: str = "en", content: str = "I need an interpreter."
) -> Outgoing:
    title = Block(kind="title", text="A card", language="en")
    blocks = [title, Block(kind="text", text=content, language=language)]
    paper = Paper(name="card-gp", form=form, language=language, blocks=blocks)
    return Outgoing(id=7, reply=Reply(text=words, language=language, rows=MENU, paper=paper))


def send(channel: TelegramChannel, settings: Settings, message: Outgoing) -> str:
    return run(settings, lambda: channel.send(str(PERSON), message))


def test_a_picture_goes_as_a_photo_with_the_words_and_buttons_under_it(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    assert send(channel, settings, made()) == "1"
    [sent] = peer.called("sendPhoto")
    photo = sent.pop("photo")
    assert sent == {"chat_id": PERSON, "caption": "Here it is.", "reply_markup": KEYBOARD}
    assert (photo.name, photo.kind) == ("card-gp.png", "image/png") and size(photo.body)[0] == 1_080
    assert [call.method for call in peer.calls] == ["sendPhoto"]


def test_a_pdf_goes_as_a_document_with_its_name(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    send(channel, settings, made("pdf"))
    [sent] = peer.called("sendDocument")
    document = sent.pop("document")
    assert sent == {"chat_id": PERSON, "caption": "Here it is.", "reply_markup": KEYBOARD}
    assert (document.name, document.kind) == ("card-gp.pdf", "application/pdf") and document.body.startswith(b"%PDF")


def test_a_picture_that_telegram_would_make_too_small_to_read_goes_as_a_document(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    send(channel, settings, made(content="Many words. " * 700))
    [sent] = peer.called("sendDocument")
    assert sent["document"].name == "card-gp.png" and size(sent["document"].body)[1] > 2_560
    assert peer.called("sendPhoto") == []


def test_words_that_are_too_long_for_a_caption_come_after_the_file_and_carry_the_buttons(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    long = made(words="One more sentence. " * 300)
    assert send(channel, settings, long) == "3"
    assert [call.method for call in peer.calls] == ["sendPhoto", "sendMessage", "sendMessage"]
    assert ["reply_markup" in call.fields for call in peer.calls] == [False, False, True]
    assert "caption" not in peer.called("sendPhoto")[0]
    assert " ".join(peer.texts).split() == long.reply.text.split()


@pytest.mark.parametrize(("words", "fits"), [("a" * 1_024, True), ("a" * 1_025, False), ("😀" * 512, True), ("😀" * 513, False)])
def test_the_length_of_a_caption_is_counted_as_telegram_counts_it(
    peer: Peer, channel: TelegramChannel, settings: Settings, words: str, fits: bool
) -> None:
    send(channel, settings, made(words=words))
    assert ("caption" in peer.called("sendPhoto")[0], len(peer.called("sendMessage"))) == (fits, 0 if fits else 1)


def test_a_caption_in_arabic_reads_right_to_left(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    send(channel, settings, made(words="PDF: هذه خطتك", language="ar"))
    assert peer.called("sendPhoto")[0]["caption"] == "\u200fPDF: هذه خطتك"


def test_a_paper_without_words_is_sent(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    send(channel, settings, made(words=" "))
    assert "caption" not in peer.called("sendPhoto")[0]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (other.blocked(), UnreachableError),
        (other.refused("chat not found"), UnreachableError),
        (other.refused("PHOTO_INVALID_DIMENSIONS"), PermanentError),
        (other.migrated(-100_5), MovedError),
        (other.flood(17), TransientError),
        (Failure(502, "Bad Gateway"), TransientError),
        (Failure(413, "Request Entity Too Large"), TransientError),
        (other.DROP, TransientError),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["png", "pdf"])
def test_what_telegram_answers_to_a_file_says_what_to_do(
    peer: Peer, channel: TelegramChannel, settings: Settings, form: str, failure: Failure, error: type[Exception]
) -> None:
    peer.fail("sendPhoto" if form == "png" else "sendDocument", failure)
    with pytest.raises(error) as caught:
        send(channel, settings, made(form))
    assert type(caught.value) is error and caught.value.__suppress_context__
    if failure.status == 429:
        assert caught.value.retry_after == 17.0  # type: ignore[attr-defined]  # a TransientError


def test_words_that_failed_after_the_file_are_sent_without_it(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    long = made(words="One more sentence. " * 60)
    peer.fail("sendMessage", other.DROP)

    async def twice() -> None:
        with pytest.raises(TransientError):
            await channel.send(str(PERSON), long)
        await channel.send(str(PERSON), long)

    run(settings, twice)
    assert [call.method for call in peer.calls] == ["sendPhoto", "sendMessage", "sendMessage"]


def test_after_a_crash_the_file_comes_again_before_the_words(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    long = made(words="One more sentence. " * 60)
    peer.fail("sendMessage", other.DROP)
    with pytest.raises(TransientError):
        send(channel, settings, long)
    send(TelegramChannel(settings), settings, long)  # another process remembers nothing
    assert [call.method for call in peer.calls] == ["sendPhoto", "sendMessage", "sendPhoto", "sendMessage"]


def test_a_paper_that_cannot_be_drawn_is_not_tried(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    with pytest.raises(PermanentError):
        send(channel, settings, made(content="a" * (LARGEST + 1)))
    assert peer.calls == []


def test_a_reply_without_paper_is_in_the_parts_that_it_always_was_in() -> None:
    message = Outgoing(id=1, reply=Reply(text="One more sentence. " * 300, language="en"))
    assert [part.text for part in writing.messages(message)] == writing.parts(message)
    assert not any(part.has_paper for part in writing.messages(message))
