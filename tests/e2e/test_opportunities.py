"""People find something to do, are told why it fits and what is true of work, and say that they are interested."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.cases import referral_sheet
from bot.cases.models import Referral
from bot.conversation import inbox
from bot.i18n import t
from bot.knowledge import snapshot
from bot.people.models import Consent, Plan
from bot.talents.catalogue import catalogue, tongue
from bot.talents.models import Talent
from tests.opportunities import sample
from tests.talking import Talk

LANGUAGES = ("en", "ar", "so")
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
    list_of = talk.last
    talk.tap("I am interested")
    talk.tap(t("en", "button.consent_no"))
    assert referrals(talk) == []
    for _ in range(2):
        talk.last = list_of
        talk.tap("I am interested")
        if t("en", "button.consent_yes") in talk.buttons:
            talk.tap(t("en", "button.consent_yes"))
    assert len(referrals(talk)) == 1


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
        from bot.knowledge import loading
        from bot.knowledge.models import Entry

        for entry in session.scalars(select(Entry).where(Entry.kind == "opportunities")):
            entry.published = False
        loading.touch(session)
    talk.last = before
    assert t("en", "opportunity.gone") in talk.tap("I am interested")
