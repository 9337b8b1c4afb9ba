"""A referral leaves the house only as far as was agreed to, only while it is agreed to, and once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import consents, moving, phone_script, referral_sheet, referrals
from bot.cases.models import Mail, Referral, ServiceLink
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import snapshot
from bot.people.reminders import due_in
from bot.settings import Settings
from bot.staff.models import AuditEntry
from tests.sendout import people

LINK = re.compile(r"http://127\.0\.0\.1:8080/service/[A-Za-z0-9_-]{43,64}")


def the(session: Session, referral: Referral) -> Referral:
    return session.get_one(Referral, referral.id)


def count(house: House, table: type) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_email_holds_the_reference_and_a_link_and_nothing_of_the_person(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        sent = people.send(session, house, referral, amina)
        assert (sent.by, sent.to, sent.link) == ("email", "desk@shelter.example", "")
        (mail,) = people.mails(session)
        text = f"{mail.content['subject']}\n{mail.content['text']}"
        assert referral.reference in text and len(LINK.findall(text)) == 1 and mail.content["papers"] == []
        assert not re.search(r"housing|somali|interpreter|telegram|chat|landlord", text, re.IGNORECASE)
        assert (referral.state, referral.sent_by, referral.follow_up_at) == ("sent", "email", due_in(14, now()))
        assert people.moves(session, referral)[-1] == (f"staff:{amina}", "sent", "email")
        assert len(people.told(session)) == 1  # the news they were promised


def test_only_at_the_address_that_asked_for_it_the_whole_text_arrives(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session, "wholly")
        assert people.send(session, house, referral, amina).to == "Intake@wholly.example"
        (mail,) = people.mails(session)
        assert "SOMALI" in mail.content["text"].upper() and "Housing" in mail.content["text"]
        assert [paper["name"] for paper in mail.content["papers"]] == [f"referral-{referral.reference.lower()}"]
        assert referral.follow_up_at == due_in(3, now())  # as set for this service
        people.send(session, house, referral, amina, contact="somebody@elsewhere.example")
        other = people.mails(session)[1]
        assert "SOMALI" not in other.content["text"].upper() and other.content["papers"] == []


def test_what_was_not_agreed_to_stands_nowhere(house: House, amina: int) -> None:
    """The sheet, the script and the e-mails are made of what was shared, whatever else we know."""
    with house.sessions.begin() as session:
        referral = people.agreed(session, "wholly", shared={"need": "housing", "name": "Hodan"})
        knowledge = snapshot.current(session)
        sheet = referral_sheet.text(referral_sheet.paper(knowledge, referral, house.settings))
        said = "\n".join(phone_script.script(knowledge, referral, house.settings).say)
        for text in (sheet, said):
            assert "Hodan" in text and "Housing" in text
            assert not re.search("somali|telegram|how to reach|reach them", text, re.IGNORECASE)


def test_the_sheet_says_what_a_service_needs_to_know(house: House) -> None:
    with house.sessions.begin() as session:
        known = snapshot.current(session)
        ours = Settings.read({"USEIT_VAR": str(house.settings.var), "USEIT_CONTACT": "0121 496 0123"})
        texts = {
            key: referral_sheet.text(referral_sheet.paper(known, people.agreed(session, key), ours))
            for key in ("shelter", "wholly", "phoneonly")
        }
    assert "They need an interpreter. If you cannot" in texts["shelter"] and "Your letter from the landlord." in texts["shelter"]
    assert "says that you speak it" in texts["wholly"] and "you can arrange one" in texts["phoneonly"]
    assert all("0121 496 0123" in text and "what they need help with, their language" in text for text in texts.values())


def test_the_same_form_sent_twice_sends_once(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        by_mail, by_link, by_phone = (people.agreed(session, who=str(n)) for n in range(3))
    links = set()
    for _ in range(2):
        with house.sessions.begin() as session:
            people.send(session, house, the(session, by_mail), amina, once="form-1")
            links.add(people.send(session, house, the(session, by_link), amina, by="link", once="form-2").link)
            people.send(session, house, the(session, by_phone), amina, by="phone", once="form-3")
    (link,) = links
    assert LINK.fullmatch(link)
    assert (count(house, Mail), count(house, ServiceLink)) == (1, 2)
    with house.sessions() as session:
        for referral in (by_mail, by_link, by_phone):
            assert [move[1] for move in people.moves(session, referral)] == ["consent_given", "sent"]
        assert len(people.told(session)) == 3


def test_what_was_sent_can_be_sent_another_way(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
        referral.reminders, referral.sent_at = 2, people.days_ago(9)
        people.send(session, house, referral, amina, by="phone")
        assert (referral.state, referral.sent_by, referral.reminders) == ("sent", "phone", 0)
        assert referral.sent_at > people.days_ago(1) and len(people.told(session)) == 1


@pytest.mark.parametrize("by", ["email", "link", "phone"])
@pytest.mark.parametrize(
    ("how", "reason"), [("over", "consent_over"), ("withdrawn", "consent_withdrawn"), ("draft", "consent_none")]
)
def test_without_a_consent_that_holds_nothing_is_sent(house: House, amina: int, by: str, how: str, reason: str) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        if how == "over":
            referral.consent_until = people.days_ago(0.01)
        elif how == "withdrawn":
            consents.withdraw(session, referral)
        else:
            session.delete(consents.of(session, referral))
            session.flush()
    with house.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        people.send(session, house, the(session, referral), amina, by=by)
    assert refused.value.reason == reason
    assert (count(house, Mail), count(house, ServiceLink)) == (0, 0)


@pytest.mark.parametrize(
    ("key", "by", "contact", "reason"),
    [
        ("nomail", "email", "", "no_email"),
        ("phoneonly", "email", "", "no_links"),
        ("phoneonly", "link", "", "no_links"),
        ("shelter", "email", "desk@shelter.example\nBcc: x@y.example", "email"),
        ("shelter", "pigeon", "", "way"),
    ],
)
def test_a_way_that_is_none_is_refused(house: House, amina: int, key: str, by: str, contact: str, reason: str) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session, key)
    with house.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        people.send(session, house, the(session, referral), amina, by=by, contact=contact)
    assert refused.value.reason == reason and count(house, Mail) == 0


def test_what_has_ended_is_not_sent(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
        moving.move(session, referral, "completed", amina, "")
    with pytest.raises(RefusedError) as refused, house.sessions.begin() as session:
        people.send(session, house, the(session, referral), amina)
    assert refused.value.reason == "move" and count(house, Mail) == 1


def test_every_sending_is_audited(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina, by="phone")
    with house.sessions() as session:
        rows = [(row.actor, row.verb, row.object, row.why) for row in session.scalars(select(AuditEntry))]
    assert rows == [(f"staff:{amina}", "referrals.send", f"referral:{referral.reference}", "phone")]


def test_taking_back_stops_everything_and_tells_the_service_by_reference_alone(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
        people.mails(session)[0].state = "sent"
        assert referrals.withdraw(session, referral) and not referrals.withdraw(session, referral)
    with house.sessions() as session:
        assert the(session, referral).state == "withdrawn" and the(session, referral).follow_up_at is None
        assert session.scalars(select(ServiceLink)).one().expires_at <= now()
        assert not consents.holds(session, the(session, referral))
        _, ended = people.mails(session)
        assert (ended.state, ended.content["to"], ended.content["personal"]) == ("queued", "desk@shelter.example", False)
        assert referral.reference in ended.content["text"] and "somali" not in ended.content["text"].lower()


def test_taking_back_before_the_mail_has_left_calls_it_back(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
        referrals.withdraw(session, referral)
        (mail,) = people.mails(session)
        assert (mail.state, mail.content["text"]) == ("failed", "")


@pytest.mark.parametrize("by", ["link", "phone"])
def test_where_we_have_no_address_whoever_passed_it_on_is_asked_to_tell_the_service(house: House, amina: int, by: str) -> None:
    with house.sessions.begin() as session:
        people.staff(session, "other")
        referral = people.agreed(session)
        people.send(session, house, referral, amina, by=by)
        referrals.withdraw(session, referral)
        assert people.noticed(session) == [(amina, "tell_service", f"referral:{referral.reference}")]


def test_what_never_left_the_house_is_taken_back_quietly(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referrals.withdraw(session, people.agreed(session))
        assert people.mails(session) == [] and people.noticed(session) == []


def test_the_script_says_what_to_say_to_ask_and_never_to_say(house: House) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session, "phoneonly")
        script = phone_script.script(snapshot.current(session), referral, house.settings)
    assert script.numbers == ["0121 496 0000"] and any(referral.reference in line for line in script.say)
    assert any("Somali" in line for line in script.say) and any("interpreter" in line for line in script.ask)
    assert any("immigration status" in line for line in script.never)


def test_consent_ends_with_the_link(house: House, amina: int) -> None:
    """A link never outlives the consent."""
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        referral.consent_until = now() + dt.timedelta(days=2)
        people.send(session, house, referral, amina, by="link")
        assert session.scalars(select(ServiceLink)).one().expires_at == referral.consent_until
