"""Keys are added, taken up by what runs, and taken away; nothing that was written is ever lost by it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from alembic import command as migrations
from sqlalchemy import LargeBinary, insert, select, text, type_coerce, update

from bot import crypto, prepare
from bot.cases.models import Message
from bot.conversation import inbox
from bot.conversation.models import Inbox
from bot.conversation.worker import Worker
from bot.db import migrate
from bot.db.base import Sealed
from bot.db.tables import Base
from bot.errors import KeyMissingError, PermanentError, SettingsError
from bot.house import House
from bot.keys import checking, file, reencrypting
from bot.keys.ring import Keys
from bot.keys.stores import stores
from bot.people.models import Chat
from bot.settings import ROOT, Settings
from bot.staff.models import Staff
from tests.privacy.conftest import Run, command, on_disk, surrounding

KEY = "ab" * 32


def write(house: House, who: str, words: str) -> None:
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", who)
        session.flush()
        session.add(Message(chat_id=chat.id, sender="person", language="en", text=words))


def many(house: House, number: int) -> None:
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "a")
        session.flush()
        rows = [{"chat_id": chat.id, "sender": "bot", "language": "en", "text": f"line {n}"} for n in range(number)]
        session.execute(insert(Message), rows)


def words(house: House) -> list[str]:
    with house.sessions() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


def sealed(house: House) -> list[bytes]:
    """The messages as they are stored."""
    with house.sessions() as session:
        return [bytes(raw) for raw in session.scalars(select(type_coerce(Message.text, LargeBinary)).order_by(Message.id))]


def later(path: Path) -> None:
    """As if the file had not been changed for an hour."""
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3_600))


def test_every_sealed_column_is_bound_to_its_own_place() -> None:
    places = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                places.append(column.type.place)
                assert column.type.place == f"{table.name}.{column.name}"
                assert len(table.primary_key.columns) == 1, f"{table.name}: bot/keys walks by a key of one column"
    assert len(places) > 15 and len(set(places)) == len(places)


def test_what_is_put_into_another_column_does_not_open(house: House) -> None:
    with house.sessions.begin() as session:
        session.add(Staff(login="lena", name="Lena", role="lead", password_hash="", totp_secret="JBSWY3DPEHPK3PXP"))
    write(house, "a thief with the database", "x")
    with house.sessions.begin() as session:
        stolen = session.scalars(select(type_coerce(Staff.totp_secret, LargeBinary))).one()
        session.execute(update(Message).values(text=type_coerce(stolen, LargeBinary)))
    with pytest.raises(PermanentError, match=r"messages\.text"):
        words(house)


def test_a_key_of_before_still_opens_what_it_sealed_and_new_words_are_bound(house: House) -> None:
    old = Keys.parse(KEY)
    crypto.use_keys(old)
    write(house, "a", "sealed long ago")
    crypto.use_keys(old.with_new())
    write(house, "a", "sealed now")
    assert words(house) == ["sealed long ago", "sealed now"]
    assert [crypto.key_of(raw) for raw in sealed(house)] == [1, 2]


def test_pseudonyms_outlive_every_key() -> None:
    crypto.use_keys(Keys.parse(KEY))
    before = crypto.pseudonym("telegram", "4711")
    newer = Keys.parse(KEY).with_new().with_new()
    crypto.use_keys(newer)
    assert crypto.pseudonym("telegram", "4711") == before
    crypto.use_keys(Keys.parse(newer.without(1).text()))
    assert crypto.pseudonym("telegram", "4711") == before


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        KEY[:-1] + "g",
        f"1:{KEY} 2:{'cd' * 32}",  # the oldest first
        f"2:{KEY} 2:{'cd' * 32} pepper:{KEY}",
        f"{KEY},{'cd' * 32}",  # two without ids
        f"2:{KEY} 1:{KEY}",
        f"0:{KEY}",
        f"256:{KEY} pepper:{KEY}",
        f"x:{KEY}",
        f"2:{KEY}",  # no key 1, no pepper
        f"2:{KEY} pepper:{KEY} pepper:{KEY}",
    ],
)
def test_keys_that_are_wrong_are_refused_in_one_line_that_shows_none(tmp_path: Path, given: str) -> None:
    path = tmp_path / "keys"
    path.write_text(given)
    with pytest.raises(SettingsError) as refused:
        Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY_FILE": str(path)})
    said = str(refused.value)
    assert said.startswith("USEIT_SECRET_KEY") and "\n" not in said and not re.search("[0-9a-f]{32}", said)
    assert refused.value.__cause__ is None


def test_keys_may_be_written_with_commas_lines_and_notes(tmp_path: Path) -> None:
    wanted = {3: bytes.fromhex("cd" * 32), 1: bytes.fromhex(KEY)}
    for given in (f"3:{'cd' * 32},{KEY}", f"# new\n3:{'cd' * 32}\n# old\n1:{KEY}\n"):
        assert dict(Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY": given}).keys.ring) == wanted


def test_two_programs_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    found: list[Keys] = []
    threads = [threading.Thread(target=lambda: found.append(Settings.read({"USEIT_VAR": str(tmp_path)}).keys)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(keys == found[0] for keys in found)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_running_program_takes_up_a_new_key_when_it_meets_it(house: House, keys: Run) -> None:
    write(house, "a", "before")
    assert keys("rotate").returncode == 0 and keys("re-encrypt").returncode == 0
    assert {crypto.key_of(raw) for raw in sealed(house)} == {3}
    assert words(house) == ["before"]  # this process has been running all the time
    write(house, "a", "after")
    assert [crypto.key_of(raw) for raw in sealed(house)] == [3, 3]


def test_a_running_program_takes_up_a_new_key_after_a_while(house: House, keys: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys("rotate").returncode == 0
    write(house, "a", "at once")
    monkeypatch.setattr(crypto._Here, "looked", crypto._Here.looked - crypto.LOOK_SECONDS - 1)
    write(house, "a", "half a minute later")
    assert [crypto.key_of(raw) for raw in sealed(house)] == [2, 3]


def test_rotating_writes_a_whole_file_for_its_owner_alone(house: House, keys: Run) -> None:
    path = house.settings.var / "secret.key"
    assert keys("rotate").returncode == 0
    assert path.stat().st_mode & 0o177 == 0 and list(file.read(path).ring) == [3, 2]
    assert not list(house.settings.var.glob(".secret.key*"))


def test_a_key_in_the_environment_is_not_rotated_behind_its_back(house: House, keys: Run) -> None:
    done = keys("rotate", USEIT_SECRET_KEY=house.settings.keys.text().replace("\n", " ").partition("database. ")[2])
    assert done.returncode == 2 and "USEIT_SECRET_KEY" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.long
def test_words_written_while_everything_is_put_under_a_new_key_are_all_there(
    at_work_on_each: House, environ: dict[str, str]
) -> None:
    house = at_work_on_each
    many(house, 2_000)
    assert subprocess.run(command("rotate"), env=surrounding(environ), cwd=ROOT).returncode == 0
    running = subprocess.Popen(command("re-encrypt"), env=surrounding(environ), cwd=ROOT, stdout=subprocess.DEVNULL)
    wanted = words(house)
    while running.poll() is None:
        wanted.append(f"word {len(wanted)}")
        write(house, "a", wanted[-1])
        with house.sessions.begin() as session:  # and what is being put under the new key is changed
            inbox.chat_for(session, "web", "a").draft = {"said": wanted[-1]}
    assert running.returncode in (0, 1) and len(wanted) > 2_010
    assert words(house) == wanted
    done = reencrypting.reencrypt(house.database, print)
    assert (done.left, done.broken) == (0, 0) and words(house) == wanted
    found = checking.every_value(house.database)
    assert set(found.opens) == {3} and not found.broken


def test_killed_in_the_middle_it_goes_on_where_it_was(at_work_on_each: House, environ: dict[str, str]) -> None:
    house = at_work_on_each
    many(house, 3_000)
    path = house.settings.var / "secret.key"
    file.replace(path, file.read(path).with_new())
    running = subprocess.Popen(command("re-encrypt"), env=surrounding(environ), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    running.stderr.readline()  # one table is done, the messages come later
    while reencrypting.left(house.database, 3) > 2_900:
        pass
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 0 < reencrypting.left(house.database, 3) < 3_000
    assert not checking.every_value(house.database).broken
    assert reencrypting.reencrypt(house.database, print).left == 0
    assert len(words(house)) == 3_000


def test_what_a_lost_key_sealed_is_not_left_on_the_disk(house: House, keys: Run) -> None:
    for number in range(50):
        write(house, "a", f"{number} " * 400)
    before = sealed(house)
    assert keys("rotate").returncode == 0 and keys("re-encrypt").returncode == 0
    stored = on_disk(house)
    assert sealed(house)[0][1:40] in stored
    assert not [raw for raw in before if raw[1:40] in stored]


def test_a_key_goes_only_when_nothing_needs_it(house: House, keys: Run) -> None:
    path = house.settings.var / "secret.key"
    write(house, "a", "kept")
    assert keys("drop", "2").stderr.strip() == "key 2 is the one that seals: rotate first"
    assert keys("rotate").returncode == 0
    assert "wait" in keys("drop", "2").stderr
    later(path)
    assert "still in use" in keys("drop", "2").stderr and list(file.read(path).ring) == [3, 2]
    assert keys("re-encrypt").returncode == 0
    later(path)
    assert keys("drop", "2").returncode == 0 and list(file.read(path).ring) == [3]
    assert keys("drop", "7").returncode == 2
    crypto.use_keys(file.read(path))
    assert words(house) == ["kept"]


def test_check_says_how_many_values_stand_under_which_key_and_which_do_not_open(house: House, keys: Run) -> None:
    for who in ("a", "b"):
        write(house, who, "words")
    assert keys("rotate").returncode == 0
    done = keys("check")
    assert done.returncode == 0 and "key 2: 4 values open" in done.stdout and "key 3 (newest): 0 values open" in done.stdout
    with house.sessions.begin() as session:
        session.execute(update(Message).where(Message.id == 1).values(text=type_coerce(b"\x02" + bytes(40), LargeBinary)))
    done = keys("check")
    assert done.returncode == 1 and "key 2: 1 values do not open" in done.stdout and "messages.text, row 1" in done.stderr
    assert keys("re-encrypt").returncode == 1  # the others are done, this one stays as it is
    with house.sessions() as session:
        assert session.scalar(select(type_coerce(Message.text, LargeBinary)).where(Message.id == 1)) == b"\x02" + bytes(40)


@pytest.mark.parametrize("given", [KEY, f"2:{KEY} pepper:{KEY}"])
def test_a_program_with_the_wrong_key_stops_before_it_touches_anything(house: House, environ: dict[str, str], given: str) -> None:
    write(house, "a", "kept")
    before = sealed(house)
    wrong = House.open(Settings.read({**environ, "USEIT_SECRET_KEY": given}))
    with pytest.raises(PermanentError, match="USEIT_SECRET_KEY") as refused:
        prepare.database(wrong, print)
    wrong.database.dispose()
    assert "\n" not in str(refused.value) and sealed(house) == before


def test_with_the_wrong_key_not_even_the_form_of_an_older_database_is_changed(tmp_path: Path) -> None:
    house = House.open(Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY": KEY}))
    with house.database.begin() as connection:
        migrations.upgrade(migrate.config(connection), "0002")
        connection.execute(text("INSERT INTO people VALUES (1, 'en', 1, 1, NULL, '2026-01-01', '2026-01-01')"))
        chat = "INSERT INTO chats (id, channel, address_hash, address, person_id, misunderstood, stopped, created_at)"
        values = {"hash": crypto.pseudonym("web", "a"), "address": crypto.encrypt(b"a", "chats.address")}
        connection.execute(text(f"{chat} VALUES (1, 'web', :hash, :address, 1, 0, 0, '2026-01-01')"), values)
    house.database.dispose()
    wrong = House.open(Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY": "cd" * 32}))
    with pytest.raises(PermanentError, match="USEIT_SECRET_KEY"):
        prepare.database(wrong, print)
    with wrong.database.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0002"
    right = House.open(Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY": KEY}))
    prepare.database(right, print)
    for opened in (wrong, right):
        opened.database.dispose()


def test_another_pepper_is_noticed_too(house: House, environ: dict[str, str]) -> None:
    write(house, "a", "kept")
    ring = house.settings.keys.text().splitlines()[1]
    wrong = House.open(Settings.read({**environ, "USEIT_SECRET_KEY": f"{ring} pepper:{KEY}"}))
    with pytest.raises(PermanentError, match="pepper"):
        prepare.database(wrong, print)
    wrong.database.dispose()


def test_a_message_waits_for_a_key_that_is_missing(house: House) -> None:
    """Of two machines, one has the new key file already."""
    known = house.settings.keys
    crypto.use_keys(known.with_new())
    with house.sessions.begin() as session:
        inbox.receive(session, "web", "a", "1", {"text": "help"})
    crypto.use_keys(known)
    worker = Worker(house, None, {"web": None})  # type: ignore[arg-type,dict-item]  # neither is reached
    for _ in range(20):
        with pytest.raises(KeyMissingError, match="key 3"):
            asyncio.run(worker.one())
    with house.sessions() as session:
        row = session.execute(select(Inbox.state, Inbox.attempts, type_coerce(Inbox.raw, LargeBinary))).one()
    assert (row[0], row[1]) == ("open", 0) and row[2] is not None


def test_every_store_is_walked(house: House) -> None:
    assert {store.table.name for store in stores(house.database)} == {
        table.name for table in Base.metadata.sorted_tables if any(isinstance(column.type, Sealed) for column in table.columns)
    }
    assert Chat.__tablename__ in {store.table.name for store in stores(house.database)}
