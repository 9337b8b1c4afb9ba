"""The work itself over HTTP: hand-offs, referrals, knowledge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.house import House
from bot.knowledge import snapshot
from bot.people.models import Chat
from bot.staff.models import AuditEntry
from tests.console.desk import Desk
from tests.staff.people import Colleague


def going_out(house: House) -> list[str]:
    with house.sessions() as session:
        return [outbox.outgoing(row).reply.text for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def test_a_caseworker_claims_answers_and_closes(desk: Desk, house: House, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker)
    assert asked in desk.text
    desk.get(f"/cases/{asked}")
    desk.send(f"/cases/{asked}/claim")
    with house.sessions() as session:
        assert session.scalars(select(Chat.held_by_handoff)).one()
    desk.send(f"/cases/{asked}/answer", text="مرحبا، أنا أمينة")
    assert "Not sent yet" in desk.text and going_out(house) == ["مرحبا، أنا أمينة"]
    desk.send(f"/cases/{asked}/close", outcome="helped")
    assert "Closed. The person has been told." in desk.text and len(going_out(house)) == 2
    with house.sessions() as session:
        assert session.scalars(select(Chat.held_by_handoff)).one() is None
        seen = set(session.scalars(select(AuditEntry.verb).where(AuditEntry.object == f"handoff:{asked}")))
        assert seen == {"cases.read", "cases.claimed", "cases.answered", "cases.closed"}


def test_what_a_person_writes_is_shown_and_never_run(desk: Desk, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker)
    assert "السكن" not in desk.get("/cases").text  # a list shows nobody's words
    page = desk.get(f"/cases/{asked}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert '<p class="text" dir="rtl" lang="ar">' in page and "&lt;b&gt;" in page


def test_a_double_click_on_send_sends_once(desk: Desk, house: House, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker).get(f"/cases/{asked}")
    desk.send(f"/cases/{asked}/claim")
    form = desk.form(f"/cases/{asked}/answer") | {"text": "hello"}
    for _ in range(2):
        assert desk.post(f"/cases/{asked}/answer", form).status_code == 303
    assert going_out(house) == ["hello"]
    assert desk.post(f"/cases/{asked}/answer", form | {"once": ""}).status_code == 404


def test_of_two_caseworkers_claiming_one_is_told(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, asked: str
) -> None:
    other = open_desk().log_in(Colleague.join(house, "dawud", "caseworker"))
    desk.log_in(caseworker)
    for each in (desk, other):
        each.get(f"/cases/{asked}")
    desk.send(f"/cases/{asked}/claim")
    assert other.send(f"/cases/{asked}/claim").status_code == 409
    assert "Somebody else has just claimed" in other.text and "Amina" in other.text


def test_an_answer_to_somebody_elses_case_is_not_sent_and_not_lost(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, asked: str
) -> None:
    desk.log_in(caseworker).get(f"/cases/{asked}")
    desk.send(f"/cases/{asked}/claim")
    form = desk.form(f"/cases/{asked}/answer") | {"text": "a long answer"}
    desk.send(f"/cases/{asked}/give-back", why="lunch")
    other = open_desk().log_in(Colleague.join(house, "dawud", "caseworker"))
    other.get(f"/cases/{asked}")
    other.send(f"/cases/{asked}/claim")
    desk.post(f"/cases/{asked}/answer", form)
    assert desk.page.status_code == 409 and "a long answer" in desk.text and "not yours" in desk.text
    assert "a long answer" not in going_out(house)


def test_too_long_an_answer_comes_back_for_shortening(desk: Desk, house: House, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker).get(f"/cases/{asked}")
    desk.send(f"/cases/{asked}/claim")
    desk.send(f"/cases/{asked}/answer", text="word " * 2_000)
    assert desk.page.status_code == 409 and desk.form(f"/cases/{asked}/answer")["text"].startswith("word word")
    assert going_out(house) == []


def test_a_referral_is_moved_and_a_double_click_moves_it_once(
    desk: Desk, house: House, caseworker: Colleague, referred: str
) -> None:
    desk.log_in(caseworker).get("/referrals")
    assert referred in desk.text and "Advice hub" in desk.text
    desk.get(f"/referrals/{referred}")
    form = desk.form(f"/referrals/{referred}/move") | {"becomes": "sent", "why": "by phone"}
    for _ in range(2):
        assert desk.post(f"/referrals/{referred}/move", form).status_code == 303
    assert len(going_out(house)) == 1
    assert desk.post(f"/referrals/{referred}/move", form | {"becomes": "consent_given"}).status_code == 409
    assert "by phone" in desk.text


def publish(desk: Desk, at: str, **values: Any) -> None:
    """Sends the entry's form to be published."""
    desk.post(f"{at}/publish", {**desk.form(at), **values})
    desk.follow()


def test_an_admin_edits_a_term_and_the_bot_says_the_new_text(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/terms?q=band")
    assert "Band 5" in desk.text
    desk.get("/knowledge/terms/band-5?language=ar")
    publish(desk, "/knowledge/terms/band-5", **{"en.meaning": "The first level, from £33,000."}, why="new pay")
    assert "the numbers are not as before" in desk.text and "new pay" in desk.text and "outdated" in desk.text
    with known.sessions() as session:
        words = snapshot.current(session).words("terms", "band-5", "meaning", "ar")
    assert (words.text, words.language) == ("The first level, from £33,000.", "en")
    restore = desk.form("/knowledge/terms/band-5/restore")
    desk.post("/knowledge/terms/band-5/restore", restore)
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "band-5", "meaning", "ar").language == "ar"
    assert desk.post("/knowledge/services/hub/restore", restore).status_code == 404  # another entry's version


def test_an_admin_edits_a_service(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/services/hub")
    changed = {"phones": "0121 111 1111 | ask for Noor\n07700 900000", "openings": "mon, tue 10:00-16:00", "languages": "ar, so"}
    publish(desk, "/knowledge/services/hub", **changed, needs=["legal", "housing"], **{"ar.description": "نصيحة مجانية"})
    assert "Saved" in desk.text, desk.text
    with known.sessions() as session:
        hub = snapshot.current(session).services["hub"]
        assert [(p.number, p.note) for p in hub.phones] == [("0121 111 1111", "ask for Noor"), ("07700 900000", "")]
        assert hub.openings[0].days == ["mon", "tue"] and hub.needs == ["legal", "housing"] and hub.languages == ["ar", "so"]
        assert snapshot.current(session).words("services", "hub", "description", "ar").text == "نصيحة مجانية"


def test_a_wrong_form_comes_back_with_what_was_typed(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/services/hub")
    publish(desk, "/knowledge/services/hub", url="javascript:alert(1)", **{"en.description": "<i>typed</i>"})
    assert desk.page.status_code == 409 and "begins with http" in desk.text
    form = desk.form("/knowledge/services/hub")
    assert form["en.description"] == "<i>typed</i>" and form["url"] == "javascript:alert(1)"
    publish(desk, "/knowledge/services/hub", openings="whenever", url="")
    assert desk.page.status_code == 409 and "mon tue 09:00-17:00" in desk.text
    assert desk.form("/knowledge/services/hub")["openings"] == "whenever"


def test_two_admins_on_one_entry_choose_what_stays(
    desk: Desk, open_desk: Callable[..., Desk], known: House, admin: Colleague
) -> None:
    other, at = open_desk().log_in(Colleague.join(known, "carla", "admin")), "/knowledge/terms/band-5"
    desk.log_in(admin)
    for each in (desk, other):
        each.get(at)
    publish(desk, at, **{"en.meaning": "Mine."})
    publish(other, at, **{"en.meaning": "Theirs.", "en.change": "New."})
    assert "Somebody else changed the same" in other.text and "Mine." in other.text
    assert other.form(at)["en.meaning"] == "Theirs."
    publish(other, at, **{"choose.meaning": "theirs"})
    assert "Saved" in other.text
    with known.sessions() as session:
        said = snapshot.current(session)
        assert said.words("terms", "band-5", "meaning", "en").text == "Mine."
        assert said.words("terms", "band-5", "change", "en").text == "New."


def test_an_admin_sees_no_case_not_even_that_it_exists(desk: Desk, known: House, admin: Colleague, asked: str) -> None:
    desk.log_in(admin)
    there, nowhere = desk.get(f"/cases/{asked}"), desk.get("/cases/H-NEVER")
    assert there.status_code == nowhere.status_code == 403
    assert asked not in desk.get("/knowledge/terms").text
    with known.sessions() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.verb == "refused")) == 2
