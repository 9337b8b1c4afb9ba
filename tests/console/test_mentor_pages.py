"""Mentors over HTTP: vetting with reasons, introductions, and words that are read only where somebody reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.cases.models import Handoff, Notice
from bot.house import House
from bot.mentoring import offers, pairs, post
from bot.mentoring.models import Mentor, MentorMessage, MentorPair
from bot.staff.models import AuditEntry
from tests.console.desk import Desk
from tests.mentoring import pairing
from tests.staff.people import Colleague

SECRET = "I worked in Asmara <b>for</b> years"


def written(house: House) -> list[tuple[str, str, str]]:
    with house.sessions() as session:
        found = select(AuditEntry).where(AuditEntry.verb.startswith("mentors.")).order_by(AuditEntry.id)
        return [(row.verb, row.object, row.why) for row in session.scalars(found)]


@pytest.fixture
def offered(house: House, caseworker: Colleague) -> int:
    """An offer as it comes from the chat."""
    with house.sessions.begin() as session:
        said = offers.Offer("nurse", ["ti", "en"], ["evenings"], "week", "own_words", "دبلوم من أسمرا", "woman", "Selam <i>")
        made = offers.make(session, pairing.chat_of(session, "offering", "ar"), said)
        offers.agree(session, made)
        return made.id


@pytest.fixture
def two(house: House, caseworker: Colleague) -> pairing.Two:
    made = pairing.paired(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, made.pair)
        post.put(session, pair, "mentor", "words", SECRET, state="sent")
    return made


def test_an_offer_is_vetted_step_by_step_with_reasons_and_references(
    desk: Desk, house: House, caseworker: Colleague, offered: int
) -> None:
    desk.log_in(caseworker).get("/mentors")
    assert f"Mentor {offered}" in desk.text and "Tigrinya, English" in desk.text and "Selam" not in desk.text
    desk.get(f"/mentors/{offered}")
    assert "Selam <i>" in desk.text and "<i>" not in desk.page.text and "دبلوم من أسمرا" in desk.text
    assert desk.send(f"/mentors/{offered}/move", becomes="references").status_code == 409 and "Write why" in desk.text
    desk.get(f"/mentors/{offered}")
    desk.send(f"/mentors/{offered}/move", becomes="references", why="spoke on the phone")
    assert desk.send(f"/mentors/{offered}/move", becomes="checked", why="fine").status_code == 409
    assert "Note the references first" in desk.text
    desk.get(f"/mentors/{offered}")
    assert desk.send(f"/mentors/{offered}/references", references="Sister Ruth", most="9").status_code == 409
    desk.get(f"/mentors/{offered}")
    desk.send(f"/mentors/{offered}/references", references="Sister Ruth", most="2")
    desk.send(f"/mentors/{offered}/move", becomes="checked", why="fine")
    desk.send(f"/mentors/{offered}/move", becomes="active", why="welcome")
    assert "welcome" in desk.text and "To be checked again on" in desk.text
    desk.send(f"/mentors/{offered}/recheck", why="still with us")
    with house.sessions() as session:
        row = session.get_one(Mentor, offered)
        assert (row.state, row.references, row.most) == ("active", "Sister Ruth", 2)
        assert session.scalars(select(Handoff.kind)).all() == ["mentor"]  # by which a caseworker writes to them
    verbs = [(verb, why) for verb, _, why in written(house) if verb not in ("mentors.list", "mentors.read")]
    assert verbs == [
        ("mentors.vet", "references"),
        ("mentors.references", ""),
        ("mentors.vet", "checked"),
        ("mentors.vet", "active"),
        ("mentors.recheck", ""),
    ]
    assert "Sister" not in str(written(house)) and "phone" not in str(written(house))


def test_both_are_asked_only_after_a_caseworker_approved(desk: Desk, house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        first = pairing.mentor(session, "a")
        second = pairing.mentor(session, "b", times=["sundays"])
        wish = pairing.wish(session, "c")
        numbers = (first.id, second.id, wish.id)
    desk.log_in(caseworker).get("/mentors/introductions")
    assert "Proposed:" in desk.text and "Tigrinya" in desk.text and "Others who fit" in desk.text
    with house.sessions() as session:
        (pair,) = pairs.live_of(session, wish_id=numbers[2])
        assert pair.state == "proposed" and not session.scalars(select(MentorMessage)).all()
    assert pair.mentor_id == numbers[0]
    desk.send(f"/mentors/pairs/{pair.id}/reject")
    assert "are not introduced" in desk.text and f"Mentor {numbers[1]}" in desk.text  # the next one is proposed
    with house.sessions() as session:
        (pair,) = pairs.live_of(session, wish_id=numbers[2])
    desk.send(f"/mentors/pairs/{pair.id}/approve")
    with house.sessions() as session:
        (pair,) = pairs.live_of(session, wish_id=numbers[2])
        assert (pair.mentor_id, pair.state) == (numbers[1], "asked")
        assert sorted(session.scalars(select(MentorMessage.side))) == ["mentee", "mentor"]
    assert desk.post(f"/mentors/pairs/{pair.id}/approve", desk_form(desk)).status_code == 409  # twice


def test_a_caseworker_may_pick_another_who_fits(desk: Desk, house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        first, second = pairing.mentor(session, "a"), pairing.mentor(session, "b", times=["sundays"])
        wish = pairing.wish(session, "c")
    desk.log_in(caseworker).get("/mentors/introductions")
    desk.send(f"/mentors/wishes/{wish.id}/choose")
    with house.sessions() as session:
        (pair,) = pairs.live_of(session, wish_id=wish.id)
        assert (pair.mentor_id, pair.state) == (second.id, "asked")
    form = desk_form(desk)
    for mentor in (first.id, second.id, 999):
        path = f"/mentors/wishes/{wish.id}/choose"
        assert desk.post(path, form | {"mentor": str(mentor)}).status_code in (404, 409)


def desk_form(desk: Desk) -> dict[str, str]:
    desk.get("/account")
    return {"csrf": desk.form("/logout")["csrf"], "once": "x" * 24}


def test_what_two_write_is_closed_until_one_reports_and_again_when_it_is_dealt_with(
    desk: Desk, house: House, caseworker: Colleague, two: pairing.Two
) -> None:
    at = f"/mentors/pairs/{two.pair}"
    desk.log_in(caseworker).get(at)
    assert SECRET not in desk.text and "are closed" in desk.text
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, two.pair)
        pairs.alarm(pair, "reported", "mentee")
        pairs.pause(session, pair, "reported", told=("mentor",))
    desk.get("/mentors/pairs")
    assert "Reported" in desk.text and SECRET not in desk.text
    desk.get(at)
    assert SECRET in desk.text and "<b>for" not in desk.page.text
    desk.send(f"{at}/handled")
    assert SECRET not in desk.text and "The words are closed" in desk.text
    assert desk.post(f"{at}/handled", desk_form(desk)).status_code == 409
    desk.get(at)
    desk.send(f"{at}/resume")
    desk.send(f"{at}/pause")
    desk.send(f"{at}/end")
    assert "The contact has ended" in desk.text
    verbs = [
        (verb, why) for verb, object, why in written(house) if object == f"mentor_pair:{two.pair}" and verb != "mentors.read_pair"
    ]
    assert verbs == [
        ("mentors.read_words", "reported"),
        ("mentors.handled", "paused"),
        ("mentors.resume", "active"),
        ("mentors.pause", "paused"),
        ("mentors.end", "ended"),
    ]


def test_a_notice_leads_to_it_and_is_seen_by_looking(desk: Desk, house: House, caseworker: Colleague, offered: int) -> None:
    desk.log_in(caseworker).get("/notices")
    assert "Somebody offers to be a mentor" in desk.text and f"/console/mentors/{offered}" in desk.page.text
    desk.get(f"/mentors/{offered}")
    with house.sessions() as session:
        left = select(Notice).where(
            Notice.staff_id == caseworker.id, Notice.object == f"mentor:{offered}", Notice.seen_at.is_(None)
        )
        assert session.scalars(left).all() == []


def test_small_numbers_are_hidden(desk: Desk, house: House, caseworker: Colleague, two: pairing.Two) -> None:
    desk.log_in(caseworker).get("/mentors/pairs")
    assert "Contacts in touch under 5" in desk.text
    with house.sessions.begin() as session:
        for number in range(7):
            pairing.mentor(session, f"more-{number}", languages=["uk"])
    desk.get("/mentors/pairs")
    assert "Offers active 8" in desk.text


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_nobody_else_sees_any_of_it(
    role: str, request: pytest.FixtureRequest, open_desk: Callable[..., Desk], two: pairing.Two, offered: int
) -> None:
    theirs = open_desk().log_in(request.getfixturevalue(role))
    for path in ("/mentors", f"/mentors/{offered}", "/mentors/introductions", "/mentors/pairs", f"/mentors/pairs/{two.pair}"):
        assert theirs.get(path).status_code == 403, path
    assert "/console/mentors" not in theirs.get("/account").text


def test_a_draft_and_what_is_not_there_are_not_there(desk: Desk, house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        said = offers.Offer("nurse", ["ti"], ["evenings"], "week", "registered", None, None, None)
        draft = offers.make(session, pairing.chat_of(session, "x"), said).id
    desk.log_in(caseworker)
    for path in (
        f"/mentors/{draft}",
        "/mentors/999",
        "/mentors/x",
        "/mentors/pairs/9",
        "/mentors?state=draft",
        "/mentors?state=x",
    ):
        assert desk.get(path).status_code == 404, path
