"""PO and XLIFF for translators outside: other programs can read them, and what comes back is looked at text by text."""

from __future__ import annotations

import codecs
import re

import pytest
from translate.storage import pypo
from translate.storage import xliff as toolkit

from bot.conversation import inbox
from bot.db.session import connect, sessions
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.models import Version
from bot.wording import changing, units
from bot.wording.exchange import batches, importing, po, xliff
from bot.wording.exchange.importing import Plan
from bot.wording.exchange.item import LARGEST
from tests.admin.wording import HELLO, MEANING, TAX, stock, unit

FORMATS = ("po", "xliff")
AR = "أول درجة، من £32,073."


@pytest.fixture
def known(house: House) -> House:
    return stock(house)


def out(house: House, form: str, language: str = "ar") -> bytes:
    with house.sessions() as session:
        return importing.WRITERS[form](units.listed(session, language), language)


def plan(house: House, content: bytes, language: str = "ar", **options: object) -> Plan:
    with house.sessions() as session:
        return importing.plan(session, language, importing.read(content, language), **options)  # type: ignore[arg-type]  # a wider type than the stub knows


def take(house: House, content: bytes, **options: object) -> Plan:
    with house.sessions.begin() as session:
        items = importing.read(content, "ar")
        return importing.apply(session, "ar", items, who="staff:1", why="a file", **options)  # type: ignore[arg-type]  # a wider type than the stub knows


def translated(content: bytes, form: str, place: str, text: str, *, finished: bool = True) -> bytes:
    """As a translator's program would write it."""
    if form == "po":
        store = pypo.pofile.parsestring(content)
        found = next(one for one in store.units if one.getcontext() == place)
        found.target = text
        found.markfuzzy(not finished)
        return bytes(store)
    made = toolkit.xlifffile.parsestring(content)
    found = next(one for one in made.units if one.xmlelement.get("id") == place)
    found.target = text
    if finished:
        found.markapproved()
    return bytes(made)


@pytest.mark.parametrize("form", FORMATS)
def test_what_goes_out_and_comes_back_changes_nothing(known: House, form: str) -> None:
    content = out(known, form)
    made = plan(known, content)
    with known.sessions() as session:
        rows = units.listed(session, "ar")
    assert (made.changes, made.conflicts, made.refused) == ([], [], [])
    assert made.unchanged == sum(any(row.text) for row in rows) and made.unchanged + made.empty == len(rows)


def test_other_programs_read_the_same_texts_and_states_in_both_files(known: House) -> None:
    made, store = toolkit.xlifffile.parsestring(out(known, "xliff")), pypo.pofile.parsestring(out(known, "po"))
    assert made.sourcelanguage == "en" and made.targetlanguage == "ar"
    in_po = {one.getcontext(): one for one in store.units if one.getcontext()}
    assert in_po[MEANING].isfuzzy() and not in_po[TAX].target
    plain = {one.xmlelement.get("id"): one for one in made.units}
    assert plain[MEANING].source == str(in_po[MEANING].source) and plain[MEANING].target == str(in_po[MEANING].target)
    counted = [place for place, one in in_po.items() if one.hasplural()]
    assert counted and all(len(in_po[place].target.strings) == 6 and f"{place}[5]" in plain for place in counted)


@pytest.mark.parametrize("form", FORMATS)
def test_a_translation_comes_in_as_a_draft_or_as_checked_when_somebody_says_so(known: House, form: str) -> None:
    content = translated(out(known, form), form, MEANING, AR)
    assert [(c.unit.place, c.what, c.state) for c in plan(known, content).changes] == [(MEANING, "changed", "draft")]
    assert unit(known).state == "machine-drafted"  # looking changes nothing
    take(known, content)
    assert (unit(known).text, unit(known).state) == ((AR,), "draft")
    assert [c.what for c in take(known, translated(out(known, form), form, MEANING, AR), finished=True).changes] == ["confirmed"]
    assert unit(known).state == "reviewed"
    assert take(known, content, finished=True).changes == []  # the same file again


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_odd_becomes_a_draft_whatever_the_file_says(known: House, form: str) -> None:
    made = take(known, translated(out(known, form), form, MEANING, "من £1."), finished=True)
    assert [(c.state, c.odd) for c in made.changes] == [("draft", ("numbers",))]


@pytest.mark.parametrize("form", FORMATS)
def test_what_changed_here_meanwhile_stays_unless_it_is_taken(known: House, form: str) -> None:
    content = translated(translated(out(known, form), form, MEANING, AR), form, HELLO, "أهلا وسهلا.")
    with known.sessions.begin() as session:
        entry = editing.find(session, "terms", "band-5")
        assert entry is not None
        editing.edit_text(session, entry, "ar", "meaning", "هنا، من £32,073.", "staff:1", "")
        changing.change(session, "en", "greet", ["Good morning."], who="staff:1", why="", state="reviewed")
    made = take(known, content)
    assert set(made.conflicts) == {(MEANING, "changed"), (HELLO, "english")} and made.changes == []
    assert unit(known).text == ("هنا، من £32,073.",)
    take(known, content, take=[MEANING, HELLO])
    assert unit(known).text == (AR,) and not unit(known, HELLO).own  # of another English nothing is taken


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_broken_is_refused_with_its_reason_and_nothing_half_done(known: House, form: str) -> None:
    content = translated(out(known, form), form, MEANING, AR)
    content = translated(content, form, "sentences/button.switch_language", "{0.__class__} {language}")
    content = translated(content, form, "safety/police/what", "اتصل بالرقم 998.")
    content = content.replace(b"terms/council-tax/meaning", b"terms/no-such-word/meaning")
    with pytest.raises(ProblemsError) as error:
        take(known, content)
    assert sorted(error.value.problems) == [
        "safety/police/what: numbers",
        "sentences/button.switch_language: places",
        "terms/no-such-word/meaning: unknown",
    ]
    assert unit(known).state == "machine-drafted"
    assert [c.unit.place for c in take(known, content, without_refused=True).changes] == [MEANING]
    assert unit(known, "safety/police/what").text == ("اتصل بالرقم 999 عند الخطر.",)


def test_a_safety_number_is_nobodys_to_import_alone(known: House) -> None:
    content = translated(out(known, "po"), "po", "safety/police/what", "عند الخطر اتصل بالرقم 999.")
    assert plan(known, content).refused == [("safety/police/what", "second_person")]


def test_an_entry_whose_texts_all_come_has_one_version_more(known: House) -> None:
    content = translated(out(known, "po"), "po", MEANING, AR)
    take(known, translated(content, "po", "terms/band-5/confusion", "ليست 5."))
    with known.sessions() as session:
        assert session.query(Version).count() == 1


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file target-language="ar">
<body><trans-unit id="terms/band-5/meaning"><source>x</source><target>&b;&f;</target></trans-unit></body></file></xliff>"""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"x" * (LARGEST + 1), "more than 8 MB"),
        (ENTITIES, "DTD or entities"),
        (b"<html></html>", "no XLIFF 1.2"),
        (b'<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "no XLIFF 1.2"),
        (b"<xliff", "no XML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "cannot be read as utf-8"),
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n' + "مرحبا".encode("cp1256"), "cannot be read as utf-8"),
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\n', "cannot be read as klingon"),
        (b"Dear team, here are the translations.\n", "no PO file"),
        (b'msgid ""\nmsgstr "Language: ar\\n"\n', "no text in this file"),
        (b'msgid ""\nmsgstr "Language: so\\n"\n', "in so, not in ar"),
        (b'msgctxt "a/b/c"\nmsgid "b"\nmsgstr "c"\n\nmsgctxt "a/b/c"\nmsgid "d"\nmsgstr "e"\n', "more than once"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(content: bytes, problem: str) -> None:
    with pytest.raises(ProblemsError) as error:
        importing.read(content, "ar")
    assert any(problem in line for line in error.value.problems), error.value.problems


def test_other_encodings_are_read_when_the_file_says_which(known: House) -> None:
    text = translated(out(known, "po"), "po", MEANING, AR).decode()
    for content in (
        codecs.BOM_UTF8 + text.encode(),
        text.encode("utf-16"),
        re.sub("£", "£", text).replace("charset=utf-8", "charset=utf-16").encode("utf-16"),
    ):
        assert [c.forms for c in plan(known, content).changes] == [(AR,)]


def test_ids_that_are_there_twice_in_xliff_are_a_problem(known: House) -> None:
    content = out(known, "xliff").replace(b'id="terms/council-tax/meaning"', b'id="terms/band-5/meaning"')
    with pytest.raises(ProblemsError) as error:
        xliff.read(content, "ar")
    assert error.value.problems == ["terms/band-5/meaning: stands in the file more than once"]


def test_a_translators_own_marks_inside_a_text_are_read_through(known: House) -> None:
    content = out(known, "xliff").replace(unit(known).text[0].encode(), 'أول <g id="1">درجة</g>، من <x id="2"/>£32,073.'.encode())
    assert [c.forms for c in plan(known, content).changes] == [(AR,)]


def test_markup_and_control_characters_stay_text(known: House) -> None:
    odd = '<script>alert("1")</script> من £32,073. & =1+1'
    take(known, translated(out(known, "xliff"), "xliff", MEANING, odd))
    assert unit(known).text == (odd,)
    assert po.read(out(known, "po"), "ar") and plan(known, out(known, "xliff")).refused == []


def test_the_command_line_goes_the_same_way(
    known: House, tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pathlib import Path

    from bot import cli

    monkeypatch.setenv("USEIT_VAR", str(known.settings.var))
    file = Path(str(tmp_path)) / "ar.po"
    assert cli.main(["translations", "export", "ar", str(file), "--kind", "terms"]) == 0
    assert "5 texts" in capsys.readouterr().out or file.stat().st_size
    file.write_bytes(translated(file.read_bytes(), "po", MEANING, AR))
    assert cli.main(["translations", "import", "ar", str(file), "--dry-run"]) == 0
    assert f"~ {MEANING} draft" in capsys.readouterr().out and unit(known).state == "machine-drafted"
    assert cli.main(["translations", "import", "ar", str(file), "--finished"]) == 0
    assert unit(known).state == "reviewed"
    assert cli.main(["translations", "progress"]) == 0
    assert capsys.readouterr().out.splitlines()[-7].startswith("ar\t")
    file.write_bytes(b"x" * (LARGEST + 2))
    for wrong in (
        ["import", "ar", str(file)],
        ["import", "ar", "nowhere.po"],
        ["export", "en", str(file)],
        ["export", "xx", str(file)],
    ):
        assert cli.main(["translations", *wrong]) == 2


def test_a_reviewer_cannot_be_invited_without_a_language(known: House) -> None:
    from bot.staff.first import invitation_link

    with pytest.raises(RefusedError):
        invitation_link(known, "reviewer")
    assert "/console/register#" in invitation_link(known, "reviewer", ["ar"])


def test_while_a_language_is_taken_over_others_write_and_it_is_taken_back_as_one(known: House) -> None:
    """Between two batches the database is free: somebody's message is written down, and somebody else's change is kept."""
    content = translated(out(known, "po"), "po", MEANING, AR)
    content = translated(content, "po", TAX, "ضريبة البلدية. ادفع قبل 1 أبريل: https://example.org/pay")
    content = translated(content, "po", HELLO, "أهلاً بك!")
    before = {place: unit(known, place).text for place in (MEANING, TAX, HELLO)}
    impatient = sessions(connect(known.settings.database_url, busy_seconds=0.0))
    breaths = 0

    def between() -> None:
        nonlocal breaths
        breaths += 1
        with impatient.begin() as session:
            inbox.receive(session, "web", "someone", f"{breaths}", {"text": "hello"})
            if breaths == 1:
                entry = editing.find(session, "terms", "council-tax")
                assert entry is not None
                editing.edit_text(session, entry, "ar", "meaning", "ضريبة 1 https://example.org/pay", "staff:2", "mine")

    taken = batches.apply(
        known.sessions,
        "ar",
        importing.read(content, "ar"),
        who="staff:1",
        why="f",
        without_refused=True,
        between=between,
        longest=0,
    )
    assert breaths >= 2 and unit(known).text == (AR,) and unit(known, HELLO).text == ("أهلاً بك!",)
    others = unit(known, TAX).text
    assert others == ("ضريبة 1 https://example.org/pay",) and (TAX, "changed") in taken.plan.conflicts
    assert batches.take_back(known.sessions, "ar", taken.mark, who="staff:1", between=between, longest=0) == (2, 0)
    assert {place: unit(known, place).text for place in (MEANING, HELLO)} == {p: before[p] for p in (MEANING, HELLO)}
    assert unit(known, TAX).text == others
