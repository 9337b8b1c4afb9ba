"""Live settings: checked, recorded, undone, refused when stale, and read by every process at its next message."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select

from bot.cases.models import Handoff, Message
from bot.conversation import would_go
from bot.db import migrate
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.installation import changing, features, live, registry
from bot.installation.models import SettingChange
from bot.settings import ROOT, Settings
from bot.staff.models import AuditEntry
from tests.privacy.conftest import at_work

__all__ = ["at_work"]
WHO = "staff:1"


def change(house: House, name: str, text: str, seen: int | None = None) -> bool:
    with house.sessions.begin() as session:
        return changing.change(session, name, text, who=WHO, seen=seen)


def refreshed(house: House) -> House:
    with house.sessions() as session:
        house.refresh(session)
    return house


def test_what_was_never_set_is_what_the_environment_says(house: House) -> None:
    refreshed(house)
    assert house.settings == house.base and house.installation is live.NOTHING_SET
    with house.sessions() as session:
        assert all(features.is_on(session, name) for name in features.FEATURES)


def test_a_change_counts_at_once_over_the_environment_and_reset_takes_it_back(house: House) -> None:
    before = house.settings.hours
    assert (
        change(house, "languages", "ar, en")
        and change(house, "hours", "Mon-Thu  10:00-15:00")
        and change(house, "keep_days", "60")
    )
    refreshed(house)
    assert (house.settings.languages, house.settings.hours, house.settings.keep_days) == (("en", "ar"), "mon-thu 10:00-15:00", 60)
    assert house.hours.days == (0, 1, 2, 3) and house.base.keep_days == 90
    with house.sessions.begin() as session:
        changing.reset(session, "hours", who=WHO)
    assert refreshed(house).settings.hours == before and house.settings.keep_days == 60


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("languages", "ar,so", "setting_languages"),
        ("languages", "en,xx", "setting_languages"),
        ("hours", "when we like", "setting_hours"),
        ("hours", "mon-fri 17:00-09:00", "setting_hours"),
        ("keep_days", "7", "setting_days"),
        ("delete_after_days", "0", "setting_days"),
        ("close_after_days", "-8", "setting_days"),
        ("close_after_days", "٣٠", "setting_days"),
        ("follow_up_days", "99999999999", "setting_days"),
        ("ours", "no-such-service", "setting_services"),
        ("greeting.ar", "x" * 501, "greeting_long"),
        ("greeting.ar", "<b>hello</b>", "greeting_markup"),
        ("greeting.ar", "{0.__class__}", "greeting_markup"),
        ("greeting.ar", "hello \u202eolleh", "greeting_markup"),
        ("greeting.en", "read http://example.org", "greeting_link"),
        ("greeting.en", "javascript:alert(1)", "greeting_link"),
        ("feature.photos", "perhaps", "setting_switch"),
        ("port", "80", "setting"),
        ("stop", "x", "setting"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(house: House, name: str, text: str, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        change(house, name, text)
    assert refused.value.reason == reason
    with house.sessions() as session:
        assert session.scalars(select(SettingChange)).all() == [] and session.scalars(select(AuditEntry)).all() == []


def test_a_greeting_may_hold_every_script_and_a_safe_link(house: House) -> None:
    text = "مرحبا بكم في الحديقة.\n\n«خانه‌ی ما» https://example.org"
    assert change(house, "greeting.ar", f"  {text} \n")
    assert refreshed(house).installation.greeting("ar") == text and house.installation.greeting("so") == ""


def test_every_change_is_in_the_audit_with_before_and_after(house: House) -> None:
    change(house, "feature.photos", "off")
    change(house, "feature.photos", "on")
    assert not change(house, "feature.photos", "on")  # it is so already
    with house.sessions() as session:
        rows = [(row.actor, row.verb, row.object, row.why) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert rows == [
        (WHO, "settings.change", "setting:feature.photos", "- > false"),
        (WHO, "settings.change", "setting:feature.photos", "false > true"),
    ]


def test_a_stale_form_is_refused_and_the_first_one_stays(house: House) -> None:
    with house.sessions() as session:
        seen = changing.versions(session).get("hours", 0)
    change(house, "hours", "mon-fri 10:00-16:00", seen)
    with pytest.raises(RefusedError) as refused:
        change(house, "hours", "mon-fri 11:00-12:00", seen)
    assert refused.value.reason == "stale" and refreshed(house).settings.hours == "mon-fri 10:00-16:00"


def test_a_change_is_taken_back_unless_it_was_changed_again_since(house: House) -> None:
    change(house, "keep_days", "60")
    change(house, "keep_days", "40")
    with house.sessions.begin() as session:
        newest, first = changing.history(session)
        with pytest.raises(RefusedError) as refused:
            changing.undo(session, first.id, who=WHO)
        assert refused.value.reason == "stale"
        changing.undo(session, newest.id, who=WHO)
    assert refreshed(house).settings.keep_days == 60
    with house.sessions.begin() as session:
        undone = changing.history(session)[0]
        assert (undone.before, undone.after) == (40, 60)
        changing.undo(session, undone.id, who=WHO)
    assert refreshed(house).settings.keep_days == 40


def test_photos_that_are_switched_off_are_off_wherever_they_are_asked_for(house: House) -> None:
    change(house, "feature.photos", "off")
    assert refreshed(house).settings.photo == "off"


def test_a_turn_asks_once_for_the_knowledge_and_the_settings(house: House) -> None:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.extend([statement] if statement.startswith("SELECT") else [])

    change(house, "keep_days", "60")
    refreshed(house)
    event.listen(house.database, "before_cursor_execute", note)
    with house.sessions() as session:
        numbers = house.refresh(session)
    event.remove(house.database, "before_cursor_execute", note)
    assert len(asked) == 1 and numbers.installation == house.installation.number


def test_every_setting_can_be_written_and_read_back(house: House) -> None:
    for name, definition in registry.SETTINGS.items():
        value = definition.without(house.base)
        assert definition.read(definition.write(value)) == value, name


def test_a_stop_ends_by_itself_and_never_lasts_for_ever(house: House) -> None:
    at = now()
    with house.sessions.begin() as session:
        for until in (at - dt.timedelta(minutes=1), at + dt.timedelta(days=91)):
            with pytest.raises(RefusedError):
                changing.stop(session, reason="fire", until=until, who=WHO)
        with pytest.raises(RefusedError):
            changing.stop(session, reason=" ", until=None, who=WHO)
        changing.stop(session, reason="a burst  pipe", until=at + dt.timedelta(hours=2), who=WHO)
    installation = refreshed(house).installation
    stop = installation.stopped(at)
    assert stop is not None and stop.reason == "a burst pipe" and installation.stopped(at + dt.timedelta(hours=2)) is None


def test_shorter_days_say_what_they_would_delete(at_work: House) -> None:
    house = refreshed(at_work)
    with house.sessions.begin() as session:
        from tests.cases import office

        case = office.ask(session, reason="rent")
        case.state, case.closed_at = "closed", now() - dt.timedelta(days=50)
        session.add(Message(chat_id=case.chat_id, sender="person", language="ar", text="x", at=now() - dt.timedelta(days=50)))
    with house.sessions.begin() as session:
        changing.change(session, "keep_days", "40", who=WHO)
        changing.change(session, "delete_after_days", "40", who=WHO)
        before = house.settings
        house.refresh(session)
        lost = would_go.counts(session, before, house.settings, now())
        assert (lost.messages, lost.handoffs, lost.closing) == (1, 1, 0) and lost.any
        assert not would_go.counts(session, house.settings, before, now()).any  # longer days lose nothing
        assert session.scalar(select(Handoff.id)) is not None


@pytest.fixture
def on_postgresql(environ: dict[str, str], postgresql: str) -> Iterator[House]:
    house = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
    migrate.create(house.database)
    yield house
    house.database.dispose()


def test_of_two_admins_at_once_one_is_refused_on_postgresql(on_postgresql: House) -> None:
    together, ended = threading.Barrier(2), list[str]()

    def save(text: str) -> None:
        together.wait(10)
        try:
            change(on_postgresql, "hours", text, 0)
            ended.append("saved")
        except RefusedError as error:
            ended.append(error.reason)

    threads = [threading.Thread(target=save, args=(f"mon-fri 1{n}:00-16:00",)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ended) == ["saved", "stale"]


def run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env={**os.environ, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_another_process_sets_stops_and_starts_and_this_one_knows(house: House, environ: dict[str, str], tmp_path: Path) -> None:
    assert run(environ, "settings", "set", "languages", "en,ar").returncode == 0
    assert refreshed(house).settings.languages == ("en", "ar")
    listed = dict(line.split("\t", 1) for line in run(environ, "settings", "list").stdout.splitlines())
    assert listed["languages"] == "en,ar\tset" and listed["keep_days"] == "90\tenvironment"
    wrong = run(environ, "settings", "set", "hours", "always")
    assert wrong.returncode == 2 and len(wrong.stderr.strip().splitlines()) == 1
    assert (
        run(environ, "stop", "--reason", "burst pipe", "--until", f"{now() + dt.timedelta(hours=5):%Y-%m-%dT%H:%M}").returncode
        == 0
    )
    assert refreshed(house).installation.stopped(now()) is not None
    assert run(environ, "start-again").returncode == 0
    assert refreshed(house).installation.stopped(now()) is None
    with house.sessions() as session:
        assert {row.actor for row in session.scalars(select(AuditEntry))} == {"command"}
