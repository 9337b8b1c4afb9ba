"""Behind a link: nothing before a button is pressed, each thing said once, and nothing about anybody when it does not work."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

import pytest

from bot.cases import moving, referrals, service_links
from bot.cases.models import Referral, ServiceLink
from bot.channels.service.routes import CSP, TABLE
from bot.house import House
from bot.staff.models import AuditEntry
from tests.sendout import people
from tests.sendout.site import Desk

PERSONAL = ("omali", "housing", "Housing", "landlord", "Shelter", "R-")


@pytest.fixture
def token(house: House, amina: int) -> str:
    with house.sessions.begin() as session:
        return people.send(session, house, people.agreed(session), amina, by="link").link.rpartition("/")[2]


@pytest.fixture
def desk(house: House, runner: asyncio.Runner, token: str) -> Desk:
    return Desk(house, runner, token)


def referral(house: House) -> Referral:
    with house.sessions() as session:
        return session.query(Referral).one()


def link(house: House) -> ServiceLink:
    with house.sessions() as session:
        return session.query(ServiceLink).one()


def test_looking_shows_a_button_and_nothing_else_and_uses_nothing_up(house: House, desk: Desk) -> None:
    """As a mail scanner does, again and again, by every method that reads."""
    for method in ("GET", "HEAD", "GET"):
        page = desk.get(method)
        assert page.status_code == 200 and not any(word in page.text for word in PERSONAL)
    assert "Open the referral" in page.text
    assert link(house).opened_at is None and referral(house).state == "sent"
    assert "They need help with" in desk.post("open").text


def test_the_button_opens_it_as_often_as_is_wanted(house: House, desk: Desk, amina: int) -> None:
    for _ in range(3):
        page = desk.post("open")
        assert page.status_code == 200
        for words in ("Somali", "Housing", "Your letter from the landlord.", referral(house).reference):
            assert words in page.text
    assert link(house).opened_at is not None
    with house.sessions() as session:
        assert [move[1] for move in people.moves(session, referral(house))].count("opened") == 1
        assert session.query(AuditEntry).filter(AuditEntry.verb == "referral.opened").count() == 3
        assert people.noticed(session) == []


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("accepted", "accepted"),
        ("waiting_list", "waiting_list"),
        ("no_place", "declined_by_service"),
        ("not_eligible", "not_eligible"),
        ("not_our_area", "declined_by_service"),
    ],
)
def test_an_answer_counts_once_and_a_double_click_is_thanked_too(
    house: House, desk: Desk, amina: int, said: str, becomes: str
) -> None:
    for _ in range(2):
        page = desk.post("answer", answer=said, note="Monday at ten, ask for Sue")
        assert page.status_code == 200 and "Thank you" in page.text
    assert referral(house).state == becomes and link(house).note == "Monday at ten, ask for Sue"
    row = referral(house)
    with house.sessions() as session:
        assert [move for move in people.moves(session, row) if move[0] == "service"] == [("service", becomes, said)]
        assert people.noticed(session) == [(amina, "service_answered", f"referral:{row.reference}")]
        assert len(people.told(session)) == 2 and "Monday" not in people.told(session)[1]  # a caseworker writes that
    other = "no_place" if said != "no_place" else "accepted"
    for page in (
        desk.post("answer", answer=other),
        desk.get(),
        desk.post("open"),
        desk.post("paper"),
        desk.post("ask", question="x"),
    ):
        assert page.status_code == 404 and not any(word in page.text for word in PERSONAL)
    assert referral(house).state == becomes


def test_a_question_goes_to_staff_once_and_leaves_the_answer_open(house: House, desk: Desk, amina: int) -> None:
    for _ in range(2):
        page = desk.post("ask", question="Is there <b>a child</b>?\u202e Sue, 0121 496 0009")
        assert page.status_code == 200 and "Your question is with our caseworkers" in page.text
        assert "a child" not in page.text and "Or ask us a question" not in page.text
    assert desk.post("ask", question="another").status_code == 200
    assert link(house).question == "Is there <b>a child</b>? Sue, 0121 496 0009"
    row = referral(house)
    with house.sessions() as session:
        assert people.noticed(session) == [(amina, "service_asked", f"referral:{row.reference}")]
        assert people.moves(session, row)[-1] == ("service", "question", "")
    assert desk.post("answer", answer="accepted").status_code == 200


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("answer", {}, "Please choose an answer."),
        ("answer", {"answer": "accepted", "note": "x" * 501}, "That was too long."),
        ("ask", {"question": " \n "}, "Please write your question."),
        ("ask", {"question": "x" * 1_001}, "That was too long."),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_written_is_kept(
    house: House, desk: Desk, path: str, fields: dict[str, str], said: str
) -> None:
    page = desk.post(path, **fields)
    assert page.status_code == 409 and said in page.text
    assert all(value in page.text for value in fields.values() if value.strip())
    assert referral(house).state == "sent" and link(house).answered_at is None


def test_an_answer_that_is_none_and_a_body_without_end_change_nothing(house: House, desk: Desk) -> None:
    assert desk.post("answer", answer="completed").status_code == 404
    assert desk.post("answer", answer="accepted", note="x" * 20_000).status_code == 413
    assert referral(house).state == "sent"


def test_it_is_to_be_had_as_pdf(house: House, desk: Desk) -> None:
    page = desk.post("paper")
    assert page.status_code == 200 and page.headers["content-type"] == "application/pdf" and page.content.startswith(b"%PDF-")
    assert page.headers["content-disposition"] == f'attachment; filename="referral-{referral(house).reference.lower()}.pdf"'


def _expire(house: House) -> None:
    with house.sessions.begin() as session:
        session.query(ServiceLink).one().expires_at = people.days_ago(0.001)


def _end_consent(house: House) -> None:
    with house.sessions.begin() as session:
        session.query(Referral).one().consent_until = people.days_ago(0.001)


def _take_back(house: House) -> None:
    with house.sessions.begin() as session:
        referrals.withdraw(session, session.query(Referral).one())


def _move_on(house: House) -> None:
    with house.sessions.begin() as session:
        moving.move(session, session.query(Referral).one(), "accepted", 1, "by telephone")


def _delete(house: House) -> None:
    with house.sessions.begin() as session:
        session.delete(session.query(Referral).one())


@pytest.mark.parametrize("end", [_expire, _end_consent, _take_back, _move_on, _delete])
def test_every_link_that_does_not_work_says_the_same_and_nothing_of_anybody(
    house: House, runner: asyncio.Runner, desk: Desk, end: Callable[[House], None]
) -> None:
    end(house)
    never = Desk(house, runner, secrets.token_urlsafe(32)).get()
    assert never.status_code == 404 and not any(word in never.text for word in PERSONAL)
    for page in (
        desk.get(),
        desk.post("open"),
        desk.post("answer", answer="accepted"),
        desk.post("ask", question="x"),
        desk.post("paper"),
    ):
        assert (page.status_code, page.text) == (404, never.text)


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..", "a" * 5_000, "ü" * 43, "A" * 43 + "%0a", "' OR 1=1 --"])
def test_a_token_of_any_shape_is_only_a_link_that_does_not_work(house: House, runner: asyncio.Runner, token: str) -> None:
    assert Desk(house, runner, token).get().status_code == 404


def test_only_a_hash_of_the_token_is_kept_and_two_links_never_share_one(house: House, amina: int, token: str) -> None:
    assert len(token) >= 43 and token not in link(house).token_hash
    with house.sessions.begin() as session:
        made = {service_links.make(session, session.query(Referral).one()) for _ in range(20)}
    assert len(made) == 20 and all(len(one) == 43 for one in made)


def test_no_path_reaches_a_log(
    house: House, desk: Desk, token: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"the words of somebody and {token}")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(service_links, "note_opened", broken)
    page = desk.post("open")
    assert page.status_code == 500 and "Something went wrong" in page.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert len(ours) == 1 and "POST /{token}/open: RuntimeError" in ours[0] and token not in ours[0] and "words of" not in ours[0]


def test_every_answer_has_the_headers(house: House, desk: Desk) -> None:
    pages = [desk.get(), desk.post("open"), desk.post("answer"), desk.post("nothing"), desk.post("paper"), desk.get("PUT")]
    for page in pages:
        assert page.headers["content-security-policy"] == CSP
        assert page.headers["referrer-policy"] == "no-referrer" and page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff" and page.headers["x-frame-options"] == "DENY"
        assert "set-cookie" not in page.headers
    assert [page.status_code for page in pages] == [200, 200, 409, 404, 200, 405]
    assert all("<script" not in page.text and "http" not in page.text.replace("http-equiv", "") for page in pages[:4])
    assert {method for method, _, _ in TABLE} == {"GET", "POST"}
