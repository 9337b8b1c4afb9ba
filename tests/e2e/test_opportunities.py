"""People find something to do, are told why it fits and what is true of work, and say that they are interested."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from bot.cases import referral_sheet, sending_out
from bot.cases.models import Referral
from bot.conversation import due_referrals, inbox
from bot.i18n import t
from bot.knowledge import loading, snapshot
from bot.knowledge.models import Entry
from bot.opportunities.models import ContactArrivals
from bot.people.models import Consent, Plan
from bot.staff.models import Staff
from bot.suggestions.models import Suggestion
from bot.talents.catalogue import catalogue, tongue
from bot.talents.models import Talent
from tests.amount import some
from tests.opportunities import sample
from tests.talking import Talk

NOON = dt.datetime(2027, 1, 6, 12, tzinfo=dt.UTC)
LANGUAGES = some(("ar", "en", "so"), 2)
WANTS = {"en": "I want to volunteer", "ar": "أريد أن أتطوع", "so": "waxaan rabaa inaan mutadawac noqdo"}


def start(talk: Talk, language: str, *, skills: tuple[str, ...] = ("cook",)) -> Talk:
    """Somebody who confirmed before what they can do; they say in their own words that they want to do something."""
    talk.speaks(language)
    with talk.house.sessions.begin() as session:
        sample.stock(session)
        person = inbox.chat_for(session, "cli", talk.address).person
        for key in skills:
            session.add(Talent(person_id=person.id, kind="skill", key=key, language=language, state="held"))
    talk.say(WANTS[language])
    return talk


def on_kitchen(talk: Talk, place: int) -> str:
    """Taps a button of the message about it: 0 more, 1 interested."""
    shown = next(message for message in talk.last if sample.KITCHEN.name in message.reply.text)
    return talk._send({"button": f"{shown.id}:{place}"})


def referrals(talk: Talk) -> list[Referral]:
    with talk.house.sessions() as session:
        return list(session.scalars(select(Referral).order_by(Referral.id)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_found_read_agreed_to_and_becomes_a_referral(talk: Talk, language: str) -> None:
    start(talk, language)
    said = talk.tap(t(language, "offer_skills.opportunity"))
    cook = catalogue().name("skill", "cook", language)
    assert sample.KITCHEN.name in said and t(language, "opportunity.reason.skills", skills=cook) in said
    said = talk.tap("B16")
    assert t(language, "opportunity.reason.near_you", area="B16") in said
    if language == "ar":
        assert t(language, "opportunity.reason.languages", languages=tongue("ar", language)) in said
    said = talk.tap(t(language, "opportunity.group.volunteering"))
    assert "gov.uk" in said and sample.SHOP.name not in said
    said = on_kitchen(talk, 0)
    assert t(language, "opportunity.not_assured") in said  # nobody of us has asked them yet
    assert sample.KITCHEN.how in said and t(language, "opportunity.gives.reference") in said
    asked = talk.tap(t(language, "button.opportunity_interested"))
    assert cook in asked and referrals(talk) == []  # nothing goes before the yes
    done = talk.tap(t(language, "button.consent_yes"))
    [made] = referrals(talk)
    assert made.reference in done
    assert (made.service, made.need, made.state) == ("opportunity:test-kitchen", "community", "consent_given")
    assert made.shared == {
        "interest": sample.KITCHEN.name,
        "language": language,
        "contact": "chat cli",
        "skills": catalogue().name("skill", "cook", "en"),
    }
    with talk.house.sessions() as session:
        [consent] = session.scalars(select(Consent))
        assert consent.shared == made.shared and consent.purpose == f"referral:{made.reference}"
        sheet = referral_sheet.text(referral_sheet.paper(snapshot.current(session), made, talk.house.settings))
    assert sample.KITCHEN.name in sheet and "cook" in sheet
    assert sample.KITCHEN.name in talk.tap(t(language, "button.my_referrals"))


def test_skills_are_left_out_when_they_say_so(talk: Talk) -> None:
    start(talk, "en").tap("Find something to do")
    on_kitchen(talk, 1)
    talk.tap("Yes, but do not send my skills")
    assert "skills" not in referrals(talk)[0].shared


def test_no_sends_nothing_and_a_second_yes_is_the_same_one(talk: Talk) -> None:
    start(talk, "en").tap("Find something to do")
    on_kitchen(talk, 1)
    talk.tap(t("en", "button.consent_no"))
    assert referrals(talk) == []
    said = ""
    for _ in range(2):
        talk.say(WANTS["en"])
        talk.tap("Find something to do")
        said = on_kitchen(talk, 1)
        if t("en", "button.consent_yes") in talk.buttons:
            talk.tap(t("en", "button.consent_yes"))
    [made] = referrals(talk)
    assert made.reference in said  # they are told that it is on its way


def test_who_waits_for_a_decision_is_shown_no_paid_work_by_any_way(talk: Talk) -> None:
    start(talk, "en").tap("Find something to do")
    assert "Jobs and business" in talk.buttons
    old = talk.tap("Jobs and business")
    assert sample.SHOP.name in old and "gov.uk/prove-right-to-work" in old
    before = talk.last
    with talk.house.sessions.begin() as session:
        person = inbox.chat_for(session, "cli", talk.address).person
        session.add(Plan(person_id=person.id, pathway="nurse", answers={"asylum": "waiting"}))
    for label in ("More about this", "I am interested", "On weekdays"):
        talk.last = before
        said = talk.tap(label)
        assert sample.SHOP.what not in said and sample.SHOP.organization not in said
    assert referrals(talk) == []


def test_one_that_was_taken_away_is_said_to_be_gone(talk: Talk) -> None:
    start(talk, "en").tap("Find something to do")
    before = talk.last
    with talk.house.sessions.begin() as session:
        for entry in session.scalars(select(Entry).where(Entry.kind == "opportunities")):
            entry.published = False
        loading.touch(session)
    talk.last = before
    assert t("en", "opportunity.gone") in talk.tap("I am interested")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_passed_on_and_followed_up_as_every_referral(talk: Talk, language: str) -> None:
    start(talk, language).tap(t(language, "offer_skills.opportunity"))
    on_kitchen(talk, 1)
    talk.tap(t(language, "button.consent_yes"))
    with talk.house.sessions.begin() as session:
        amina = Staff(login="amina", name="Amina", role="caseworker", password_hash="", totp_secret="")
        session.add(amina)
        session.flush()
        row = session.scalars(select(Referral)).one()
        sent = sending_out.send(session, talk.house.settings, row, by="email", staff_id=amina.id, once="a" * 24)
        assert sent.to == sample.KITCHEN.referral_email
        row.follow_up_at = NOON
    assert sample.KITCHEN.name in talk.hear()
    with talk.house.sessions.begin() as session:
        assert due_referrals.due(session, talk.house, NOON) == 1
    assert sample.KITCHEN.name in talk.hear()
    talk.tap(t(language, "button.no_place"))
    assert t(language, "button.opportunity_other") in talk.buttons  # not a service in its place
    assert sample.KITCHEN.name in talk.tap(t(language, "button.opportunity_other"))
    assert referrals(talk)[0].outcome == "no_place"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trusted_place_is_named_beside_services_and_its_link_is_counted(talk: Talk, language: str) -> None:
    with talk.house.sessions.begin() as session:
        sample.stock(session)
    talk.say(f"/start c-{sample.BARBER.key}")
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.help"))
    talk.tap(t(language, "need.health"))
    talk.tap("B16")
    said = talk.tap(t(language, "button.nothing_special"))
    assert sample.BARBER.name in said and t(language, "contact.near") in said
    talk.say(f"/start c-{sample.BARBER.key}")
    with talk.house.sessions() as session:
        assert [row.times for row in session.scalars(select(ContactArrivals))] == [1]


def test_what_is_wrong_with_one_can_be_said_under_it(talk: Talk) -> None:
    start(talk, "en").tap("Find something to do")
    on_kitchen(talk, 0)
    assert sample.KITCHEN.name in talk.tap(t("en", "button.wrong"))
    talk.tap(t("en", "wrong.closed"))
    talk.say("Nobody is there any more")
    with talk.house.sessions() as session:
        [made] = session.scalars(select(Suggestion))
        assert (made.about_kind, made.about_key, made.what) == ("opportunities", sample.KITCHEN.key, "closed")
