"""A recording from the web page through real Rasa: the same question as on Telegram, and its bytes go with the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.cases.models import Handoff
from bot.conversation import recordings
from bot.errors import PermanentError
from bot.house import House
from bot.i18n import t
from bot.installation import changing
from bot.people.models import Consent
from bot.recordings.models import RecordingBody
from engine.agent import Engine
from tests.recordings.telling import kept
from tests.recordings.visiting import Guest, visiting


@pytest.fixture
def guest(stocked: House, engine: Engine) -> Iterator[Guest]:
    with visiting(stocked, engine) as somebody:
        yield somebody


def sounds(house: House) -> list[int | None]:
    with house.sessions() as session:
        return list(session.scalars(select(RecordingBody.recording_id).order_by(RecordingBody.id)))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_asked_as_on_telegram_with_the_number_for_danger_and_a_yes_opens_a_case(
    stocked: House, engine: Engine, language: str
) -> None:
    with visiting(stocked, engine, language) as guest:
        asked = guest.speaks()
        assert t(language, "recording.ask.voice") in asked and t(language, "recording.danger", number="999") in asked
        (row,) = kept(stocked)
        assert (row.state, row.kind, row.seconds, row.is_here) == ("asked", "voice", 34, True) and sounds(stocked) == [row.id]
        said = guest.taps("recording.button.yes")
    with stocked.sessions() as session:
        case, consent = session.scalars(select(Handoff)).one(), session.scalars(select(Consent)).one()
    (row,) = kept(stocked)
    assert case.reference in said and (row.state, row.handoff_id) == ("kept", case.id) and sounds(stocked) == [row.id]
    assert consent.purpose == f"recording:{case.reference}" and t(language, "recording.ask.voice") in consent.shared["text"]


def test_a_no_deletes_it_at_once(guest: Guest) -> None:
    guest.speaks()
    assert guest.taps("recording.button.no") == t("en", "recording.not_kept")
    assert kept(guest.house) == [] and sounds(guest.house) == []


def test_taken_back_it_is_deleted_and_what_comes_after_a_no_is_not_kept(guest: Guest) -> None:
    guest.speaks()
    guest.taps("recording.button.yes")
    assert guest.taps("recording.button.back") == t("en", "recording.taken_back") and sounds(guest.house) == []
    assert guest.speaks() == t("en", "recording.still_no") and sounds(guest.house) == []
    guest.taps("recording.button.allow")
    assert guest.speaks() == t("en", "recording.passed_on") and len(sounds(guest.house)) == 1


def test_while_the_bot_is_stopped_nothing_is_kept(guest: Guest) -> None:
    with guest.house.sessions.begin() as session:
        changing.stop(session, reason="the advice was wrong", until=None, who="staff:1")
    assert t("en", "stopped.closed") in guest.speaks()
    assert kept(guest.house) == [] and sounds(guest.house) == []


def test_the_person_sees_that_it_is_kept_here_and_deletes_it(guest: Guest) -> None:
    guest.speaks()
    guest.taps("recording.button.yes")
    listed = guest.commands("mydata")
    assert t("en", "data.recordings", count=1) in listed and t("en", "data.recordings_here") in listed
    guest.taps("button.data_file")
    told = " ".join(block.text for one in guest.last if one.reply.paper for block in one.reply.paper.blocks)
    assert "0:34: we keep it locked. Our team can play it" in told
    guest.commands("mydata")
    asked = guest.taps("button.delete")
    assert t("en", "data.delete_recordings_here") in asked and t("en", "data.delete_recordings") not in asked
    guest.taps("button.delete_yes")
    assert kept(guest.house) == [] and sounds(guest.house) == []


def test_one_that_waits_behind_the_tap_that_deletes_everything_is_told_to_be_gone(guest: Guest) -> None:
    guest.commands("delete")
    guest.posts_tap("button.delete_yes")
    assert guest.posts().status_code == 202 and sounds(guest.house) == [None]
    assert t("en", "recording.too_late") in guest.hears()
    assert kept(guest.house) == [] and sounds(guest.house) == []


def test_a_turn_that_fails_for_good_leaves_no_sound(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise PermanentError("a test")

    monkeypatch.setattr(recordings, "came", broken)
    guest.posts()
    guest.hears()
    assert sounds(guest.house) == [] and kept(guest.house) == []
    with guest.house.sessions() as session:
        assert session.scalars(select(Handoff.kind)).all() == ["technical"]
