"""Loading is safe to repeat, never overwrites an admin, and what is published is said at once by every process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
from sqlalchemy import select

from bot.house import House
from bot.knowledge import loading, snapshot
from bot.knowledge.models import Entry, Text
from bot.knowledge.seed import Seed
from bot.settings import KNOWN_LANGUAGES, ROOT


def test_everything_is_there_in_every_language(content: Seed) -> None:
    assert len(content.terms) >= 700 and len(content.services) >= 100
    assert len(content.pathways) >= 20 and len(content.letters) >= 20
    for language in KNOWN_LANGUAGES[1:]:
        assert set(content.texts[language]["terms"]) == {t.key for t in content.terms}
        assert set(content.texts[language]["safety"]) == {s.key for s in content.safety}
        assert set(content.texts[language]["services"]) == {s.key for s in content.services}


def test_loading_again_changes_nothing(stocked: House, content: Seed) -> None:
    with stocked.sessions.begin() as session:
        again = loading.load(session, content)
    assert (again.added, again.changed, again.kept) == (0, 0, [])


def test_an_admins_text_stays_when_the_file_changes(stocked: House, content: Seed) -> None:
    with stocked.sessions.begin() as session:
        row = text_of(session, "council-tax", "en", "meaning")
        row.text, row.edited = "Our own words.", True
    changed = [
        msgspec.structs.replace(t, meaning="New words from the file.") if t.key == "council-tax" else t for t in content.terms
    ]
    with stocked.sessions.begin() as session:
        loaded = loading.load(session, msgspec.structs.replace(content, terms=changed))
    assert any("council-tax" in kept for kept in loaded.kept)
    with stocked.sessions() as session:
        assert text_of(session, "council-tax", "en", "meaning").text == "Our own words."


def test_a_change_is_seen_at_the_next_look(stocked: House) -> None:
    with stocked.sessions() as session:
        before = snapshot.current(session)
    with stocked.sessions.begin() as session:
        text_of(session, "council-tax", "en", "meaning").text = "Changed."
        loading.touch(session)
    with stocked.sessions() as session:
        after = snapshot.current(session)
    assert after.number > before.number
    assert after.words("terms", "council-tax", "meaning", "en").text == "Changed."


def test_an_outdated_translation_is_not_said(stocked: House) -> None:
    with stocked.sessions.begin() as session:
        text_of(session, "council-tax", "ar", "meaning").state = "outdated"
        loading.touch(session)
    with stocked.sessions() as session:
        assert snapshot.current(session).words("terms", "council-tax", "meaning", "ar").language == "en"


def text_of(session: object, key: str, language: str, field: str) -> Text:
    query = (
        select(Text)
        .join(Entry, Entry.id == Text.entry_id)
        .where(Entry.key == key, Text.language == language, Text.field == field)
    )
    return session.scalars(query).one()  # type: ignore[attr-defined,no-any-return]  # a CursorResult or a private name


def test_what_is_loaded_is_found_by_its_words_in_a_process_that_has_no_console(tmp_path: Path) -> None:
    """A new installation loads before any page is made; what an older program left without is noted at the next loading."""
    script = """
from bot.db import migrate
from bot.house import House
from bot.knowledge import loading
from bot.knowledge.models import Entry
from bot.settings import Settings
from tests.knowledge.test_editing import SEED
import sys
house = House.open(Settings.read({"USEIT_VAR": sys.argv[1]}))
migrate.create(house.database)
for emptied in (False, True):
    with house.sessions.begin() as session:
        for entry in session.query(Entry) if emptied else ():
            entry.search = entry.title = ""
            session.execute(Entry.__table__.update().values(search="", title=""))
        session.expire_all()
        loading.load(session, SEED)
    with house.sessions() as session:
        print(sorted((entry.title, "band-5" in entry.search) for entry in session.query(Entry)))
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.stdout.splitlines() == [str([("advice hub", False), ("band 5", True)])] * 2, done.stderr
