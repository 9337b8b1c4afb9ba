"""What an update means."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.channels.telegram import reading
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.incoming import Channel, Incoming
from bot.errors import PermanentError
from bot.settings import Settings
from tests.telegram.events import membership, message, tap


def read(kind: str, event: Any) -> Incoming:
    return reading.read({"update_id": 1, kind: event})


def test_the_channel_is_a_channel_that_pushes(settings: Settings) -> None:
    channel: Channel = TelegramChannel(settings)
    assert (channel.name, channel.pushes) == ("telegram", True)
    assert channel.read({"update_id": 1, "message": message("DBS?")}).text == "DBS?"


def test_a_text_comes_with_its_time_and_the_language_of_the_profile() -> None:
    got = read("message", message("what does Band 5 mean", language="pt-br"))
    assert (got.kind, got.text, got.language_hint) == ("text", "what does Band 5 mean", "pt-br")
    assert got.sent_at == dt.datetime.fromtimestamp(1_790_000_000, dt.UTC)


def test_a_profile_without_language_gives_no_hint() -> None:
    assert read("message", message("hi", language=None)).language_hint == ""


def test_start_carries_its_deep_link() -> None:
    got = read("message", message("/start gp-surgery"))
    assert (got.kind, got.command, got.argument) == ("command", "start", "gp-surgery")


@pytest.mark.parametrize("name", reading.COMMANDS)
def test_each_command_is_read_with_and_without_the_bots_name(name: str) -> None:
    for written in (f"/{name}", f"/{name}@useit_bridge_bot", f"/{name.upper()}"):
        got = read("message", message(written))
        assert (got.kind, got.command, got.argument) == ("command", name, ""), written


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("/weather today", "weather today"),
        ("/", ""),
        ("/startle", "startle"),
        ('/talk_to_person{"a":1}', 'talk_to_person{"a":1}'),
    ],
)
def test_an_unknown_command_is_words_without_the_slash(written: str, text: str) -> None:
    got = read("message", message(written))
    assert (got.kind, got.text) == ("text", text)


def test_a_tap_is_the_token_of_our_button() -> None:
    got = read("callback_query", tap("17:3"))
    assert (got.kind, got.button, got.language_hint) == ("button", "17:3", "so")


def test_an_edited_message_is_its_new_words() -> None:
    got = read("edited_message", message("Band 6", edit_date=1_790_000_100))
    assert (got.kind, got.text) == ("edited", "Band 6")
    assert got.sent_at == dt.datetime.fromtimestamp(1_790_000_100, dt.UTC)


FILE = {"file_id": "F1", "file_unique_id": "u"}


@pytest.mark.parametrize(
    ("fields", "media", "media_id"),
    [
        ({"photo": [FILE | {"file_id": "small"}, FILE]}, "photo", "F1"),
        ({"voice": FILE}, "voice", "F1"),
        ({"audio": FILE}, "voice", "F1"),
        ({"video": FILE}, "video", "F1"),
        ({"video_note": FILE}, "video", "F1"),
        ({"animation": FILE, "document": FILE | {"file_id": "same"}}, "sticker", "F1"),
        ({"document": FILE}, "document", "F1"),
        ({"document": FILE | {"mime_type": "audio/mpeg"}}, "voice", "F1"),
        ({"document": FILE | {"mime_type": "video/mp4"}}, "video", "F1"),
        ({"location": {"latitude": 52.5, "longitude": -1.9}}, "location", ""),
        ({"venue": {"title": "x"}, "location": {"latitude": 52.5, "longitude": -1.9}}, "location", ""),
        ({"contact": {"phone_number": "1", "first_name": "B"}}, "contact", ""),
        ({"sticker": FILE}, "sticker", "F1"),
        ({"poll": {"id": "1"}}, "other", ""),
        ({"dice": {"emoji": "🎲", "value": 1}}, "other", ""),
        ({"something_of_2031": {}}, "other", ""),
    ],
)
def test_everything_a_person_can_send_is_media_with_its_caption(fields: dict[str, Any], media: str, media_id: str) -> None:
    got = read("message", message(caption="my letter", **fields))
    assert (got.kind, got.media, got.media_id, got.text) == ("media", media, media_id, "my letter")


@pytest.mark.parametrize("name", ["voice", "audio", "video", "video_note"])
def test_how_long_and_how_large_a_recording_is(name: str) -> None:
    got = read("message", message(**{name: FILE | {"duration": 34, "file_size": 40_000}}))
    assert (got.media_seconds, got.media_size) == (34, 40_000)
    odd = read("message", message(**{name: FILE | {"duration": "34", "file_size": -1}}))
    assert (odd.media_seconds, odd.media_size) == (0, 0)


def test_an_edited_caption_is_edited_words() -> None:
    got = read("edited_message", message(caption="new", photo=[FILE]))
    assert (got.kind, got.text, got.media) == ("edited", "new", "photo")


def test_each_step_of_a_live_location_needs_no_answer() -> None:
    assert read("edited_message", message(location={"latitude": 1.0, "longitude": 1.0})).kind == "nothing"


def test_blocking_the_bot_is_noticed_and_unblocking_too() -> None:
    left, back = read("my_chat_member", membership("kicked")), read("my_chat_member", membership("member"))
    assert (left.kind, left.blocked) == ("nothing", True)
    assert (back.kind, back.blocked) == ("nothing", False)


def test_what_telegram_itself_writes_needs_no_answer() -> None:
    assert read("message", message(pinned_message={"message_id": 1})).kind == "nothing"


@pytest.mark.parametrize(
    "raw", [{}, {"update_id": 1}, {"update_id": 1, "poll_answer": {}}, {"message": "x"}, {"callback_query": {}}]
)
def test_an_update_of_no_known_kind_is_permanent(raw: dict[str, Any]) -> None:
    with pytest.raises(PermanentError):
        reading.read(raw)


@pytest.mark.parametrize("date", [None, "x", True, -5, 10**30])
def test_a_senseless_time_is_no_time(date: Any) -> None:
    got = read("message", message("x") | {"date": date})
    assert got.text == "x"
    assert got.sent_at is None or date is True
