"""A backup and the way back: the same knowledge again, and a line that says what is wrong with every file that is none."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db import migrate
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading, seed, snapshot
from bot.knowledge.models import Entry, Revision, Text, Version
from bot.settings import Settings
from bot.upkeep import backup, feeds, restoring
from bot.upkeep.backup import BackupError
from bot.upkeep.models import Backup, FeedSource
from bot.wording import changing
from bot.wording.models import Wording
from tests.knowledge.test_editing import FACT, SEED, TERM

SAFETY = seed.SafetyNumber(key="police", name="Police", number="999", dangers=["violence"], what="Ring.", order=1, fact=FACT)


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, msgspec.structs.replace(SEED, safety=[SAFETY]))
        feeds.subscribe(session, "https://council.example/api", 24)
    return house


def edit(house: House, text: str, kind: str = "terms", key: str = "band-5", field: str = "meaning") -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, kind, key)
        assert entry is not None
        texts = {("en", field): text}
        editing.change(session, entry, who="staff:1", why="why", texts=texts, approved_by="staff:2")


def made(house: House) -> bytes:
    with house.sessions() as session:
        return backup.make(session, at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC))


def back(house: House, content: bytes, **options: Any) -> int:
    with house.sessions.begin() as session:
        return restoring.restore(session, backup.read(content), "staff:1", "file", **options)


def test_everything_is_as_it_was_with_its_history(known: House) -> None:
    edit(known, "First £1.")
    edit(known, "Second £2.")
    before = made(known)
    with known.sessions() as session:
        numbers = list(session.scalars(select(Version.id).order_by(Version.id)))
        entry_id = session.scalar(select(Entry.id).where(Entry.key == "band-5"))
    edit(known, "Third £3.")
    with known.sessions.begin() as session:
        session.delete(session.scalars(select(Entry).where(Entry.key == "hub")).one())
        session.delete(session.scalars(select(FeedSource)).one())
        loading.load(session, msgspec.structs.replace(SEED, terms=[msgspec.structs.replace(TERM, key="new", name="New")]))
    assert made(known) != before
    back(known, before)
    assert made(known) == before
    with known.sessions() as session:
        assert list(session.scalars(select(Version.id).order_by(Version.id))) == numbers
        assert session.scalar(select(Entry.id).where(Entry.key == "band-5")) == entry_id  # what refers to it still finds it
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text == "Second £2."


def test_going_back_can_be_undone(known: House) -> None:
    first = made(known)
    edit(known, "Changed £1.")
    second = made(known)
    number = back(known, first)
    with known.sessions() as session:
        kept = session.get_one(Backup, number)
        assert (kept.who, kept.why) == ("staff:1", "file")
    back(known, kept.content)
    assert made(known) == second


def test_only_the_latest_backups_are_kept(known: House) -> None:
    with known.sessions.begin() as session:
        numbers = [backup.keep(session, "staff:1", "x") for _ in range(backup.KEPT + 2)]
        session.flush()
        assert sorted(session.scalars(select(Backup.id))) == numbers[-backup.KEPT :]


def test_another_installation_takes_it(known: House, environ: dict[str, str], tmp_path: Any) -> None:
    other = House.open(Settings.read({**environ, "USEIT_VAR": str(tmp_path / "other")}))
    migrate.create(other.database)
    back(other, made(known))  # it has no safety numbers of its own that somebody would have to agree to
    assert made(other) == made(known)
    other.database.dispose()


def test_a_safety_number_needs_a_second_person_or_stays(known: House) -> None:
    before = made(known)
    edit(known, "Ring at once.", "safety", "police", "what")
    edit(known, "Changed £1.")
    with known.sessions() as session:
        (entries, *_) = restoring.compare(session, backup.read(before))
        assert (entries.changes, entries.safety) == (2, ("police",))
    with pytest.raises(RefusedError) as refused:
        back(known, before)
    assert refused.value.reason == "second_person"
    back(known, before, keep_safety=True)
    with known.sessions() as session:
        assert snapshot.current(session).words("safety", "police", "what", "en").text == "Ring at once."
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text == TERM.meaning
    back(known, before, second=True)
    assert made(known) == before


def test_the_sentences_of_this_installation_come_along_and_none_that_cannot_be_said(known: House) -> None:
    def say(text: str) -> None:
        with known.sessions.begin() as session:
            changing.change(session, "en", "button.menu", [text], who="staff:1", why="", state="reviewed")

    say("All I can do")
    before = made(known)
    say("Menu, please")
    back(known, before)
    with known.sessions() as session:
        assert session.scalars(select(Wording.forms)).one() == ["All I can do"]
    rows = json.loads(opened(before)["wordings.jsonl"])
    bad = json.dumps({**rows, "forms": ["{0.__class__}"]}).encode() + b"\n"
    files, manifest = opened(before), json.loads(opened(before)["manifest.json"])
    (part,) = [part for part in manifest["parts"] if part["name"] == "wordings"]
    part |= {"bytes": len(bad), "sha256": hashlib.sha256(bad).hexdigest()}
    with pytest.raises(BackupError, match="cannot be said"):
        backup.read(packed({**files, "manifest.json": json.dumps(manifest).encode(), "wordings.jsonl": bad}))


def test_what_fails_half_way_leaves_everything_as_it_was(known: House) -> None:
    before, changed = made(known), "Changed £1."
    edit(known, changed)

    class Broken:
        name = "feeds"

        def __getattr__(self, name: str) -> Any:
            return getattr(backup.PARTS[1], name)

        def replace(self, session: Any, rows: Any) -> int:
            raise ValueError

    with pytest.raises(ValueError):
        back(known, before, parts=(backup.PARTS[0], Broken()))
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text == changed
        assert session.scalars(select(Backup)).all() == []


def race(house: House) -> None:
    """Two decide by the same state of the knowledge and go back to two backups in the same moment."""
    first = made(house)
    edit(house, "Changed £1.")
    second = made(house)
    edit(house, "Changed £2.")
    with house.sessions() as session:
        seen = session.get_one(Revision, 1).number

    def go(content: bytes) -> str:
        try:
            back(house, content, seen=seen)
        except RefusedError as error:
            return error.reason
        return "won"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(go, (first, second)))
    assert sorted(told) == ["stale", "won"]
    assert made(house) == (first, second)[told.index("won")]


def test_of_two_who_go_back_at_once_one_wins_and_the_other_is_told(known: House) -> None:
    race(known)


def test_the_same_on_postgresql(environ: dict[str, str], postgresql: str) -> None:
    house = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
    migrate.create(house.database)
    with house.sessions.begin() as session:
        loading.load(session, msgspec.structs.replace(SEED, safety=[SAFETY]))
    race(house)
    house.database.dispose()


def packed(files: dict[str, bytes], **more: Any) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return content.getvalue()


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, change: Callable[[dict[str, Any], list[dict[str, Any]]], None]) -> bytes:
    """The same backup after `change` of manifest and entries, with hashes that are right again."""
    files = opened(content)
    manifest, rows = json.loads(files["manifest.json"]), [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    manifest["parts"][0]["sha256"] = ""
    change(manifest, rows)
    files["entries.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    if manifest["parts"][0]["sha256"] == "":
        of = files["entries.jsonl"]
        manifest["parts"][0] |= {"sha256": hashlib.sha256(of).hexdigest(), "bytes": len(of), "rows": len(rows)}
    files["manifest.json"] = json.dumps(manifest).encode()
    return packed(files)


WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda b: b"", "damaged, or no backup"),
    "a picture": (lambda b: b"\x89PNG" + b, "no manifest.json|damaged"),
    "cut off": (lambda b: b[: len(b) // 2], "damaged, or no backup"),
    "another zip": (lambda b: packed({"a.txt": b"x"}), "holds no manifest.json"),
    "another program's": (lambda b: packed({"manifest.json": b'{"format": "x"}'}), "no backup of this program"),
    "manifest no JSON": (lambda b: packed({"manifest.json": b"{"}), "manifest.json cannot be read"),
    "newer format": (lambda b: changed(b, lambda m, r: m.update(version=2)), "made by a newer program"),
    "newer part": (lambda b: packed({**opened(b), "manifest.json": opened(b)["manifest.json"].replace(b"feeds", b"songs"), "songs.jsonl": opened(b)["feeds.jsonl"]} | {}), "songs|agree"),
    "changed": (lambda b: packed({**opened(b), "entries.jsonl": opened(b)["entries.jsonl"].replace(b"Free", b"Dear")}), "was damaged or changed"),
    "longer than it says": (lambda b: packed({**opened(b), "entries.jsonl": opened(b)["entries.jsonl"] + b"{}\n"}), "more than it says"),
    "a path": (lambda b: packed({**opened(b), "../../etc/passwd": b"x"}), "do not agree"),
    "an absolute path": (lambda b: packed({"manifest.json": opened(b)["manifest.json"].replace(b'"entries.jsonl"', b'"/etc/passwd"'), "/etc/passwd": b"", "feeds.jsonl": b"", "wordings.jsonl": b""}), "newer program"),
    "a bomb": (lambda b: changed(b, lambda m, r: m["parts"][0].update(bytes=2**40, sha256="x")), "unpacks to more than 512 MB"),
    "many files": (lambda b: packed({**opened(b), **{f"{n}": b"" for n in range(60)}}), "holds more than a backup"),
    "newer field": (lambda b: changed(b, lambda m, r: r[0].update(mood="x")), "entries.jsonl:1: mood is not known"),
    "field missing": (lambda b: changed(b, lambda m, r: r[1].pop("data")), "entries.jsonl:2: data is missing"),
    "other kind of field": (lambda b: changed(b, lambda m, r: r[0].update(published="yes")), "published is of another kind"),
    "no time": (lambda b: changed(b, lambda m, r: r[0].update(updated_at="soon")), "updated_at is not a time"),
    "kind unknown": (lambda b: changed(b, lambda m, r: r[0].update(kind="songs")), "no kind songs"),
    "entry that cannot be spoken": (lambda b: changed(b, lambda m, r: r[0]["data"].pop("fact")), "Object missing required field `fact`"),
    "entry twice": (lambda b: changed(b, lambda m, r: r.append(r[0])), "stands twice"),
    "fewer rows": (
        lambda b: packed({**opened(b), "manifest.json": opened(b)["manifest.json"].replace(b'"rows": 3', b'"rows": 7')}),
        "holds 3 rows, the manifest says 7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_one_line_says_what_is_wrong(known: House, what: str) -> None:
    spoil, says = WRONG[what]
    with pytest.raises(BackupError, match=says) as error:
        backup.read(spoil(made(known)))
    assert "\n" not in str(error.value) and error.value.reason == "backup"


def test_a_bomb_is_not_unpacked_further_than_its_manifest_says(known: House) -> None:
    files = opened(made(known))
    with pytest.raises(BackupError, match="more than it says"):
        backup.read(packed({**files, "entries.jsonl": b"\0" * (64 * 2**20)}))


def test_a_backup_of_before_a_column_is_read(known: House) -> None:
    def older(_: Any, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row.pop("edited")
            for text in row["texts"]:
                text.pop("edited")

    back(known, changed(made(known), older), second=True)
    with known.sessions() as session:
        assert not any(session.scalars(select(Entry.edited))) and not any(session.scalars(select(Text.edited)))


words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
languages = st.sampled_from(("en", "ar", "so"))
texts = st.dictionaries(st.tuples(languages, st.sampled_from(("meaning", "confusion", "names"))), words, max_size=4)
entries = st.dictionaries(
    st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True),
    st.tuples(words, texts, st.booleans(), st.lists(words, max_size=3)),
    max_size=4,
)


def write(house: House, content: dict[str, Any]) -> None:
    with house.sessions.begin() as session:
        for entry in session.scalars(select(Entry)):
            session.delete(entry)
        session.flush()
        for key, (name, said, published, history) in content.items():
            data = msgspec.to_builtins(msgspec.structs.replace(TERM, key=key, name=name))
            entry = Entry(kind="terms", key=key, data=data, published=published)
            entry.texts = [Text(language=language, field=field, text=text) for (language, field), text in said.items()]
            session.add(entry)
            session.flush()
            session.add_all(Version(entry_id=entry.id, who="staff:1", why=why, before={"why": why}) for why in history)


@given(before=entries, after=entries)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_there_is_there_again(house: House, before: dict[str, Any], after: dict[str, Any]) -> None:
    write(house, before)
    content = made(house)
    write(house, after)
    back(house, content)
    assert made(house) == content
