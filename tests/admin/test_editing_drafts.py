"""Drafts and what becomes of them: merged field by field, approved as exactly what they are, published by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.clock import JOBS
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import catalogue, differences, document, drafts, editing, loading, snapshot, workflow
from bot.knowledge.draft_models import Draft
from bot.knowledge.models import Entry, Version
from bot.knowledge.seed import Pathway, SafetyNumber, Seed, Step
from tests.knowledge.test_editing import FACT, SEED

NUMBER = SafetyNumber(
    key="line", name="The Line", number="0300 000 000", dangers=["violence"], what="Help by day.", order=1, fact=FACT
)
STEPS = [
    Step(key="english", title="Pass a test", do="Book it.", who="you", fact=FACT),
    Step(key="apply", title="Apply", do="Send the form.", who="you", fact=FACT, after=["english"], goal=True),
]
PATHWAY = Pathway(
    key="baker",
    title="Baker",
    summary="Two steps.",
    regulator="none",
    professions=["baker"],
    questions={},
    steps=STEPS,
    fact=FACT,
)
TEXTS: dict[str, Any] = {
    "ar": {**SEED.texts["ar"], "safety": {"line": {"what": "مساعدة في النهار."}}, "steps": {"baker/apply": {"title": "قدّم"}}}
}
WHOLE = msgspec.structs.replace(SEED, safety=[NUMBER], pathways=[PATHWAY], texts=TEXTS)
ANNA, BEN, CARA = "staff:1", "staff:2", "staff:3"


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
    return house


def entry(session: Session, kind: str, key: str) -> Entry:
    found = editing.find(session, kind, key)
    assert found is not None
    return found


def draft(session: Session, who: str, kind: str = "terms", key: str = "band-5", **given: Any) -> Draft:
    """What somebody typed into a form that was made just now; a dot in a place is written __."""
    places = {place.replace("__", ".").replace("ar_", "ar:"): value for place, value in given.items()}
    mine, row = drafts.own(session, kind, key, who), editing.find(session, kind, key)
    seen = editing.revision(row) if row else ""
    made = drafts.save(session, kind, key, who, places, seen=seen, mark=mine.mark if mine else None)
    assert made is not None
    return made


def refused(call: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(RefusedError) as error:
        call(*arguments, **named)
    return error.value.reason


def publish(session: Session, made: Draft, who: str = ANNA, **options: Any) -> None:
    workflow.publish(session, made, who, "because", **options)


def said(house: House, kind: str, key: str, field: str, language: str = "en") -> str:
    with house.sessions() as session:
        return snapshot.current(session).words(kind, key, field, language).text


def test_a_draft_is_not_spoken_until_it_is_published(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, meaning="The first level.", aliases=["Grade D"])
        number = made.id
    assert said(known, "terms", "band-5", "meaning").startswith("The first level, from")
    with known.sessions.begin() as session:
        found = drafts.get(session, number)
        assert found is not None
        publish(session, found)
    assert said(known, "terms", "band-5", "meaning") == "The first level."
    with known.sessions() as session:
        assert snapshot.current(session).terms["band-5"].aliases == ["Grade D"]
        assert [(s.who, s.becomes, s.why) for s in session.get_one(Draft, number).steps] == [(ANNA, "published", "because")]


def test_two_drafts_of_one_entry_are_merged_field_by_field(known: House) -> None:
    with known.sessions.begin() as session:
        one, other = (
            draft(session, ANNA, meaning="Anna's."),
            draft(session, BEN, confusion="Ben's.", fact__source="https://b.example"),
        )
        assert [d.author for d in drafts.of(session, "terms", "band-5")] == [ANNA, BEN]
        publish(session, one)
        publish(session, other, BEN)
    assert said(known, "terms", "band-5", "meaning") == "Anna's." and said(known, "terms", "band-5", "confusion") == "Ben's."
    with known.sessions() as session:
        assert snapshot.current(session).terms["band-5"].fact.source == "https://b.example"


def test_what_both_changed_is_chosen_and_never_overwritten(known: House) -> None:
    with known.sessions.begin() as session:
        one, other = draft(session, ANNA, meaning="Anna's."), draft(session, BEN, meaning="Ben's.", confusion="Not that.")
        publish(session, one)
        assert refused(publish, session, other, BEN) == "clash"
        clash = workflow.content(session, other).clashes
        assert [(c.place, c.mine, c.theirs) for c in clash] == [("meaning", "Ben's.", "Anna's.")]
        seen = editing.revision(entry(session, "terms", "band-5"))
        publish(session, draft(session, CARA, change="New."), CARA)
        assert (
            refused(publish, session, other, BEN, choices={"meaning": "theirs"}, seen=seen) == "stale"
        )  # the choice was of less
        publish(session, other, BEN, choices={"meaning": "theirs"}, seen=editing.revision(entry(session, "terms", "band-5")))
    assert said(known, "terms", "band-5", "meaning") == "Anna's." and said(known, "terms", "band-5", "confusion") == "Not that."


def test_a_translation_of_an_english_that_changed_meanwhile_is_asked_about(known: House) -> None:
    with known.sessions.begin() as session:
        one, other = draft(session, ANNA, meaning="Anna's."), draft(session, BEN, ar_meaning="معنى")
        publish(session, one)
        assert [c.english for c in workflow.content(session, other).clashes] == [True]
        assert refused(publish, session, other, BEN) == "clash"


def test_a_form_made_before_somebody_else_published_still_becomes_a_draft_that_merges(known: House) -> None:
    with known.sessions.begin() as session:
        seen = editing.revision(entry(session, "terms", "band-5"))
        publish(session, draft(session, ANNA, meaning="Anna's."))
        late = drafts.save(session, "terms", "band-5", BEN, {"meaning": SEED.terms[0].meaning, "change": "Ben's."}, seen=seen)
        assert late is not None and late.changes == {"change": "Ben's."}
        publish(session, late, BEN)
    assert said(known, "terms", "band-5", "meaning") == "Anna's." and said(known, "terms", "band-5", "change") == "Ben's."


def test_two_windows_of_one_person_do_not_write_over_each_other(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, meaning="First.")
        assert (
            refused(drafts.save, session, "terms", "band-5", ANNA, {"meaning": "Second."}, mark=made.mark - 1) == "draft_window"
        )


def test_nothing_typed_makes_no_draft(known: House) -> None:
    with known.sessions.begin() as session:
        same = document.of(entry(session, "terms", "band-5"))
        assert drafts.save(session, "terms", "band-5", ANNA, same) is None
        assert session.scalars(select(Draft)).all() == []


def test_nobody_publishes_a_safety_number_alone(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, "safety", "line", number="0300 111 111")
        assert refused(publish, session, made) == "second_person"
        workflow.ask_review(session, made, ANNA, "new number")
        assert refused(workflow.approve, session, made, ANNA, "", workflow.content(session, made).hash) == "own_draft"
        assert refused(publish, session, made, BEN) == "second_person"  # to publish is not to approve
        workflow.approve(session, made, BEN, "rang it", workflow.content(session, made).hash)
        publish(session, made)
        version = editing.versions(session, entry(session, "safety", "line"))[0]
        assert (version.who, version.approved_by) == (ANNA, BEN)
    with known.sessions() as session:
        assert snapshot.current(session).safety["line"].number == "0300 111 111"


def test_changing_an_approved_draft_takes_the_approval_back(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, "safety", "line", number="0300 111 111")
        workflow.ask_review(session, made, ANNA, "")
        workflow.approve(session, made, BEN, "", workflow.content(session, made).hash)
        draft(session, ANNA, "safety", "line", number="0900 666 666")
        assert (made.state, made.approved_by) == ("draft", None)
        assert refused(publish, session, made) == "second_person"


def test_an_approval_is_of_exactly_what_was_seen(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, "safety", "line", number="0300 111 111")
        workflow.ask_review(session, made, ANNA, "")
        seen = workflow.content(session, made).hash
        other = draft(session, BEN, "safety", "line", what="Help by night.")
        workflow.ask_review(session, other, BEN, "")
        workflow.approve(session, other, CARA, "", workflow.content(session, other).hash)
        publish(session, other, BEN)  # what would be published of Anna's is another text now
        assert refused(workflow.approve, session, made, CARA, "", seen) == "stale"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_text_of_a_safety_number_changes_by_no_way_without_a_second_person(known: House, language: str) -> None:
    with known.sessions.begin() as session:
        line = entry(session, "safety", "line")
        assert refused(editing.edit_text, session, line, language, "what", "x", ANNA, "") == "second_person"
        assert refused(editing.change, session, line, who=ANNA, why="", data={"number": "1"}, approved_by=ANNA) == "second_person"
        assert refused(editing.show, session, line, published=False, archived=False, who=ANNA, why="") == "second_person"
        hidden = drafts.wish(session, line, "unpublish", ANNA, "closed")
        assert refused(publish, session, hidden) == "second_person"
        workflow.approve(session, hidden, BEN, "", workflow.content(session, hidden).hash)
        publish(session, hidden)
        assert not line.published


def test_a_file_that_changes_a_safety_number_waits_for_somebody(known: House) -> None:
    newer = msgspec.structs.replace(NUMBER, number="0300 222 222")
    extra = msgspec.structs.replace(NUMBER, key="other", name="Another")
    seed = msgspec.structs.replace(WHOLE, safety=[newer, extra])
    for waiting in (["safety/line", "safety/other"], []):  # once, not at each start
        with known.sessions.begin() as session:
            assert loading.load(session, seed).waiting == waiting
    with known.sessions.begin() as session:
        assert set(snapshot.current(session).safety) == {"line"}
        assert snapshot.current(session).safety["line"].number == "0300 000 000"
        made = {d.key: d for d in drafts.all_open(session)}
        assert {d.author for d in made.values()} == {loading.FILES} and {d.state for d in made.values()} == {"in_review"}
        for each in made.values():
            workflow.approve(session, each, ANNA, "", workflow.content(session, each).hash)
            publish(session, each)
    with known.sessions() as session:
        assert snapshot.current(session).safety["line"].number == "0300 222 222"
        assert set(snapshot.current(session).safety) == {"line", "other"}
    with known.sessions.begin() as session:
        assert loading.load(session, msgspec.structs.replace(WHOLE, safety=[extra])).waiting == []  # edited here since: ours


def test_a_scheduled_draft_is_published_when_its_time_has_come(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, meaning="From tomorrow.")
        assert refused(workflow.schedule, session, made, ANNA, now() - dt.timedelta(hours=1), "") == "publish_at"
        workflow.schedule(session, made, ANNA, now() + dt.timedelta(hours=1), "new year")
        number = made.id
    tick = JOBS["scheduled knowledge"]
    with known.sessions.begin() as session:
        assert tick(session, known) == 0 and session.get_one(Draft, number).state == "scheduled"
    with known.sessions.begin() as session:
        session.get_one(Draft, number).publish_at = now() - dt.timedelta(seconds=1)
    with known.sessions.begin() as session:
        tick(session, known)
    assert said(known, "terms", "band-5", "meaning") == "From tomorrow."


def test_a_scheduled_draft_that_clashes_goes_back_to_review(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, meaning="From tomorrow.")
        workflow.schedule(session, made, ANNA, now() + dt.timedelta(hours=1), "")
        publish(session, draft(session, BEN, meaning="Ben's."), BEN)
        made.publish_at = now() - dt.timedelta(seconds=1)
        session.flush()
        assert workflow.due(session) == 0
        assert (made.state, made.steps[-1].why) == ("in_review", "clash")
    assert said(known, "terms", "band-5", "meaning") == "Ben's."


def test_a_draft_is_given_back_with_the_reason_and_discarded(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, meaning="x")
        assert refused(publish, session, made, BEN) == "not_yours"  # she is still at it
        workflow.ask_review(session, made, ANNA, "")
        assert refused(workflow.give_back, session, made, BEN, " ") == "why_needed"
        workflow.give_back(session, made, BEN, "where is this from?")
        assert made.state == "draft" and made.steps[-1].why == "where is this from?"
        workflow.discard(session, made, ANNA)
        assert drafts.own(session, "terms", "band-5", ANNA) is None
        assert refused(publish, session, made) == "draft_state"


def test_a_new_entry_of_any_kind_is_made_by_publishing_its_draft(known: House) -> None:
    data = msgspec.to_builtins(msgspec.structs.replace(SEED.terms[0], key="band-6", name="Band 6"))
    wanted = document.made("terms", data, {("ar", "meaning"): "المستوى من £32,073"})
    with known.sessions.begin() as session:
        made = drafts.save(session, "terms", "band-6", ANNA, wanted)
        assert made is not None and refused(drafts.save, session, "terms", "Band 7", ANNA, wanted) == "key"
        publish(session, made)
        assert editing.versions(session, entry(session, "terms", "band-6"))[0].what == "create"
        assert catalogue.search(session, "terms", "band 6", ("en",))[1] == 1
    assert said(known, "terms", "band-6", "meaning", "ar") == "المستوى من £32,073"


def test_an_unfinished_draft_can_be_kept_and_cannot_be_published(known: House) -> None:
    with known.sessions.begin() as session:
        made = draft(session, ANNA, "services", "hub", openings=["whenever"], url="javascript:alert(1)")
        assert refused(publish, session, made) == "shape"
        draft(session, ANNA, "services", "hub", openings=[])
        assert refused(publish, session, made) == "link"
    with known.sessions() as session:
        assert snapshot.current(session).services["hub"].url == ""


def test_steps_are_added_moved_and_removed_with_their_texts(known: House) -> None:
    new = {"title": "Train", "do": "Learn it.", "who": "you", "fact": msgspec.to_builtins(FACT), "after": ["english"]}
    with known.sessions.begin() as session:
        given = {"steps": ["english", "train", "apply"]} | {document.step_place("train", f): v for f, v in new.items()}
        made = drafts.save(session, "pathways", "baker", ANNA, {**given, "ar:train/title": "تدرّب"})
        assert made is not None
        publish(session, made)
    assert (
        said(known, "pathways", "baker", "train/do") == "Learn it."
        and said(known, "pathways", "baker", "train/title", "ar") == "تدرّب"
    )
    with known.sessions.begin() as session:
        publish(session, draft(session, ANNA, "pathways", "baker", steps=["english", "apply"]))
        assert refused(publish, session, draft(session, ANNA, "pathways", "baker", steps=["english"])) == "pathway"  # a dead end
    assert said(known, "pathways", "baker", "train/title", "ar") == ""
    assert said(known, "pathways", "baker", "apply/title", "ar") == "قدّم"


def test_one_edits_a_step_and_another_moves_it(known: House) -> None:
    with known.sessions.begin() as session:
        one = draft(session, ANNA, "pathways", "baker", steps__apply__do="Send it by post.")
        other = draft(session, BEN, "pathways", "baker", steps__apply__time="Two weeks.")
        publish(session, one)
        publish(session, other, BEN)
    assert said(known, "pathways", "baker", "apply/do") == "Send it by post."
    assert said(known, "pathways", "baker", "apply/time") == "Two weeks."


def test_another_part_of_the_program_proposes_and_a_person_decides(known: House) -> None:
    with known.sessions.begin() as session:
        texts = {("en", "meaning"): "Better.", ("ar", "meaning"): "أفضل"}
        made = drafts.propose(session, "terms", "band-5", who="suggestion:4", why="somebody wrote", texts=texts)
        assert made is not None and made.state == "in_review"
        assert made.changes == {"meaning": "Better.", "ar:meaning": "أفضل"}
        publish(session, made)
    assert said(known, "terms", "band-5", "meaning", "ar") == "أفضل"


def test_restoring_makes_a_draft_where_it_must_be_approved(known: House) -> None:
    with known.sessions.begin() as session:
        line = entry(session, "safety", "line")
        editing.change(session, line, who=ANNA, why="", data={"number": "1"}, approved_by=BEN)
        version = editing.versions(session, line)[0]
        assert refused(editing.restore, session, version, ANNA, "") == "second_person"
        made = drafts.from_version(session, line, version, ANNA, "it was right")
        assert made is not None and made.changes == {"number": "0300 000 000"}


def test_hiding_archiving_and_showing_again_are_versions(known: House) -> None:
    with known.sessions.begin() as session:
        term = entry(session, "terms", "band-5")
        for published, archived in ((False, False), (False, True), (True, False)):
            editing.show(session, term, published=published, archived=archived, who=ANNA, why="")
            assert ("band-5" in snapshot.current(session).terms) is published
            assert (catalogue.search(session, "terms", "band", ("en",))[1] == 1) is not archived
        assert [v.what for v in session.scalars(select(Version).order_by(Version.id))] == ["unpublish", "archive", "republish"]


def test_loading_the_files_again_leaves_what_was_published_from_a_draft(known: House) -> None:
    with known.sessions.begin() as session:
        publish(session, draft(session, ANNA, meaning="Ours."))
    newer: Seed = msgspec.structs.replace(WHOLE, terms=[msgspec.structs.replace(SEED.terms[0], meaning="Theirs.")])
    with known.sessions.begin() as session:
        assert "terms/band-5" in loading.load(session, newer).kept
    assert said(known, "terms", "band-5", "meaning") == "Ours."


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("It costs £30.", "It costs £33.", [("same", "It costs £"), ("gone", "30"), ("new", "33"), ("same", ".")]),
        ("a b", "c d", [("gone", "a b"), ("new", "c d")]),  # a space that stays is no anchor
        ("", "new", [("new", "new")]),
        ("same", "same", [("same", "same")]),
        ("يكلف 30 جنيها", "يكلف 33 جنيها", [("same", "يكلف "), ("gone", "30"), ("new", "33"), ("same", " جنيها")]),
    ],
)
def test_two_texts_differ_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert [tuple(piece) for piece in differences.pieces(before, after)] == pieces
