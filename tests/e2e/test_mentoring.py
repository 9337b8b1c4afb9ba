"""Whole conversations of a mentor and a mentee through real Rasa: the offer, the wish, the introduction, and the words between the two."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.cases import answering, handoffs
from bot.cases.models import Handoff, Message
from bot.conversation import due_mentoring
from bot.conversation.models import Outbox
from bot.house import House
from bot.i18n import t
from bot.installation import changing
from bot.mentoring import labels, offers, pairs, post, writing
from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish
from bot.people.models import Chat
from engine.agent import Engine
from tests.amount import some
from tests.mentoring import pairing
from tests.mentoring.speaking import Speaker


@pytest.fixture(autouse=True)
def daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    """These conversations are by day, whenever the tests run."""
    monkeypatch.setattr(post, "FIRST_HOUR", 0)
    monkeypatch.setattr(post, "LAST_HOUR", 24)


@pytest.fixture
def mentor(stocked: House, engine: Engine) -> Speaker:
    return Speaker(stocked, engine, "mentor")


@pytest.fixture
def mentee(stocked: House, engine: Engine) -> Speaker:
    return Speaker(stocked, engine, "mentee")


def tick(house: House) -> int:
    with house.sessions.begin() as session:
        return due_mentoring.due(session, house)


def pair_of(house: House, number: int) -> MentorPair:
    with house.sessions() as session:
        return session.get_one(MentorPair, number)


def in_touch(mentor: Speaker, mentee: Speaker, language: str = "en") -> int:
    """A pair of these two, each with the card of it before them."""
    two = pairing.paired(mentor.house, "mentor", "mentee", language)
    with mentor.house.sessions.begin() as session:
        pair = session.get_one(MentorPair, two.pair)
        for side in ("mentor", "mentee"):
            post.put(session, pair, side, "again")
    tick(mentor.house)
    mentor.hear(), mentee.hear()
    return two.pair


def offer(talk: Speaker, language: str, *, name: str) -> str:
    """From the link to what a mentor may not do; every question answered with a tap, the name in words."""
    said = talk.say("/start mentor")
    assert t(language, "mentor.ask.mentor_profession") in said
    said = talk.say({"en": "I am a nurse", "ar": "أنا ممرضة", "so": "kalkaaliye caafimaad"}[language])
    assert t(language, "mentor.ask.mentor_language") in said
    talk.tap(labels.language("ti", language))
    talk.tap(labels.language("en", language))
    assert sum(label.startswith("✅") for label in talk.buttons) == 2
    said = talk.tap(t(language, "mentor.that_is_all"))
    assert t(language, "mentor.ask.mentor_way") in said
    talk.tap(t(language, "mentor.way.registered"))
    talk.tap(t(language, "mentor.time.evenings"))
    talk.tap(t(language, "mentor.time.sundays"))
    said = talk.tap(t(language, "mentor.that_is_all"))
    assert t(language, "mentor.ask.often") in said
    talk.tap(t(language, "mentor.often.week"))
    talk.tap(t(language, "mentor.gender.mentor.woman"))
    said = talk.say({"en": "Selam 07384 466181", "ar": "سلام 07384 466181", "so": "magacaygu waa Selam 07384 466181"}[language])
    assert t(language, "mentor.bad_name") in said
    return talk.say(name)


CALLED = {"en": "Rosa", "ar": "أم سارة", "so": "Rosa"}


def wish(talk: Speaker, language: str, *, called: bool = True) -> str:
    talk.say("/menu")
    said = talk.pay("find_mentor")
    assert t(language, "mentor.ask.mentee_profession") in said
    talk.say({"en": "nurse", "ar": "ممرضة", "so": "kalkaaliye"}[language])
    talk.tap(labels.language("ti", language))
    talk.tap(t(language, "mentor.that_is_all"))
    talk.tap(t(language, "mentor.gender.mentee.woman"))
    talk.tap(t(language, "mentor.time.evenings"))
    assert t(language, "mentor.ask.mentee_called") in talk.tap(t(language, "mentor.that_is_all"))
    assert t(language, "mentor.bad_nickname") in talk.say(
        {"en": "Rosa Lind", "ar": "روزا ليند", "so": "Rosa 07384 466181"}[language]
    )
    return talk.say(CALLED[language]) if called else talk.tap(t(language, "mentor.button.no_name"))


@pytest.mark.parametrize("language", some(["so", "en", "ar"], 2))
def test_from_the_offer_to_words_between_two(mentor: Speaker, mentee: Speaker, language: str) -> None:
    house = mentor.house
    said = offer(mentor.speaks(language), language, name="Selam")
    assert t(language, "mentor.rule.money") in said and t(language, "mentor.rule.alone") in said
    with house.sessions() as session:
        row = session.scalars(select(Mentor)).one()
        assert (row.state, row.profession, row.languages, row.times, row.often) == (
            "draft", "nurse", ["ti", "en"], ["evenings", "sundays"], "week",
        )  # fmt: skip
        assert (row.gender, row.called, row.way) == ("woman", "Selam", "registered")
    assert t(language, "mentor.offered", hours="").strip() in mentor.tap(t(language, "mentor.button.agree"))
    with house.sessions.begin() as session:
        row = session.scalars(select(Mentor)).one()
        assert row.state == "offered" and row.agreed_at is not None
        offers.note_references(row, "the hub knows her", 1)
        for state in ("references", "checked", "active"):
            offers.vet(session, row, state, pairing.staff(session), "good")

    said = wish(mentee.speaks(language), language)
    assert labels.language("ti", language) in said and t(language, "mentor.time.evenings") in said
    with house.sessions.begin() as session:
        pair = session.scalars(select(MentorPair)).one()
        assert pair.state == "proposed"
        number = pair.id
    tick(house)
    assert mentor.hear() == mentee.hear() == ""  # nobody is asked before a caseworker has looked
    with house.sessions.begin() as session:
        pairs.approve(session, session.get_one(MentorPair, number))
    tick(house)
    asked = [talk.hear() for talk in (mentor, mentee)]
    assert CALLED[language] not in asked[0]  # nothing of a name before both have agreed to write
    assert all("Selam" not in said and labels.language("ti", language) in said for said in asked)
    assert t(language, "mentor.wait_for_other") in mentor.tap(t(language, "mentor.button.yes"))
    assert pair_of(house, number).state == "asked" and mentee.hear() == ""
    mentee_hears = mentee.tap(t(language, "mentor.button.yes"))
    assert "Selam" not in mentee_hears and t(language, "mentor.called.mentee", called=CALLED[language]) in mentee_hears
    assert t(language, "mentor.called.mentor", called=CALLED[language]) in mentor.hear()

    assert t(language, "mentor.writing.mentee") in mentee.tap(t(language, "mentor.button.write.mentee"))
    words = {"en": "How long did the test take you?", "ar": "كم استغرق الامتحان؟", "so": "Imtixaanku intee buu qaatay?"}[language]
    assert t(language, "mentor.sent.now.mentee") in mentee.say(words)
    assert mentor.hear() == f"{t(language, 'mentor.from.mentee', who=f' ({CALLED[language]})')}\n{words}"
    mentor.tap(t(language, "mentor.button.write.mentor"))
    mentor.say("🙂 6")
    assert "🙂 6" in mentee.hear()
    assert t(language, "mentor.left.back.mentee") in mentee.tap(t(language, "mentor.button.back"))
    assert mentee.say("what is DBS") and mentor.hear() == ""
    mentee.pay("my_data", form="pdf")
    paper = next(message.reply.paper for message in mentee.last if message.reply.paper)
    assert t(language, "mentor.called.mentee", called=CALLED[language]) in [block.text for block in paper.blocks]
    mentee.pay("find_mentor")
    assert t(language, "mentor.name_taken_back") in mentee.tap(t(language, "mentor.button.no_name"))
    mentee.tap(t(language, "mentor.button.write.mentee"))
    mentee.say(words)
    assert mentor.hear() == f"{t(language, 'mentor.from.mentee', who='')}\n{words}"


def test_who_wants_no_name_has_none(mentor: Speaker, mentee: Speaker) -> None:
    assert "name:" not in wish(mentee.speaks("en"), "en", called=False)
    with mentor.house.sessions() as session:
        row = session.scalars(select(MentorWish)).one()
        assert (row.called, row.times) == (None, ["evenings"])


def test_what_the_two_write_stands_in_no_conversation_that_caseworkers_read(mentor: Speaker, mentee: Speaker) -> None:
    in_touch(mentor, mentee)
    mentee.tap("Write to my mentor")
    mentee.say("I was a nurse in Asmara and miss the marmalade")
    assert "marmalade" in mentor.hear()
    with mentor.house.sessions() as session:
        kept = list(session.scalars(select(Message.text)))
        assert not any("marmalade" in text for text in kept) and kept.count("[mentor]") == 2
        assert session.scalars(select(Outbox.erase_at).where(Outbox.origin.startswith("mentor:"))).all()[-1] is not None
    data = b"".join(path.read_bytes() for path in mentor.house.settings.var.glob("useit.db*"))
    assert b"marmalade" not in data


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("call me on 07384 466181", "number"),
        ("رقمي ٠٧٣٨٤٤٦٦١٨١", "number"),
        ("my mail is selam at posteo dot de", "email"),
        ("look at https://example.org", "link"),
        ("I am on telegram", "account"),
        ("my NI number is QQ 12 34 56 C", "identifier"),
        ("what is your address?", "private"),
        ("send me money please", "money"),
        ("my visa was refused, should I appeal?", "immigration"),
    ],
)
def test_what_may_not_pass_does_not_and_the_writer_is_told(mentor: Speaker, mentee: Speaker, written: str, reason: str) -> None:
    number = in_touch(mentor, mentee)
    mentee.tap("Write to my mentor")
    said = mentee.say(written)
    assert t("en", "mentor.not_sent.mentee") in said and t("en", f"mentor.cannot.{reason}") in said
    tick(mentor.house)
    assert mentor.hear() == ""
    with mentor.house.sessions() as session:
        assert not session.scalars(
            select(MentorMessage).where(MentorMessage.kind == "words", MentorMessage.state != "held")
        ).all()
    assert (pair_of(mentor.house, number).alarm == "money") == (reason == "money")
    mentee.say("I write it anew: hello")
    assert "hello" in mentor.hear()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "my husband hits me"), ("ar", "زوجي يضربني"), ("so", "ninkaygu wuu i garaacaa")],
)
def test_danger_is_met_first_and_not_passed_on(mentor: Speaker, mentee: Speaker, language: str, words: str) -> None:
    number = in_touch(mentor, mentee, language)
    mentee.tap(t(language, "mentor.button.write.mentee"))
    said = mentee.say(words)
    assert "☎️" in said and t(language, "mentor.cannot.danger") in said
    tick(mentor.house)
    assert mentor.hear() == ""
    with mentor.house.sessions() as session:
        case = session.scalars(select(Handoff).where(Handoff.urgency == "danger")).one()
        assert case.kind == "danger" and words in case.reason
        assert session.get_one(MentorPair, number).alarm == "danger"
    assert mentee.say("what is DBS") and mentor.hear() == ""  # they write to the bot again


def test_a_threat_reaches_a_caseworker_and_nobody_else(mentor: Speaker, mentee: Speaker) -> None:
    number = in_touch(mentor, mentee)
    mentor.tap("Write to my mentee")
    said = mentor.say("I know where you live")
    assert t("en", "mentor.cannot.threats") in said or "☎️" in said
    tick(mentor.house)
    assert "where you live" not in mentee.hear()
    pair = pair_of(mentor.house, number)
    assert pair.alarm in ("threats", "danger") and pair.alarm_by == "mentor"


def test_a_question_to_the_bot_is_never_passed_on_by_mistake(mentor: Speaker, mentee: Speaker) -> None:
    in_touch(mentor, mentee)
    mentee.say("what is DBS")  # no tap before it
    mentee.tap("Write to my mentor")
    said = mentee.say("/menu")  # a command is for the bot, and ends it
    assert t("en", "mentor.left.back.mentee") in said
    mentee.say("what is DBS")
    with mentor.house.sessions.begin() as session:
        pair = session.scalars(select(MentorPair)).one()
        writing.begin(session, session.get_one(Chat, pair.wish.chat_id), pair)
        writing.of(session, session.get_one(Chat, pair.wish.chat_id)).until = pair.created_at  # type: ignore[union-attr]  # just made
    assert t("en", "mentor.left.over.mentee") in mentee.say("what is a GP")
    assert mentor.hear() == ""


def test_while_a_caseworker_talks_with_them_the_words_are_the_caseworkers(mentor: Speaker, mentee: Speaker) -> None:
    in_touch(mentor, mentee)
    mentee.tap("Write to my mentor")
    number = mentee.chat.id
    with mentor.house.sessions.begin() as session:
        chat = session.get_one(Chat, number)
        case = handoffs.open_handoff(session, chat, kind="asked", urgency="today", reason="x", reach="cli")
        answering.claim(session, case, pairing.staff(session))
    assert t("en", "mentor.left.held.mentee") in mentee.say("it is about the rent")
    assert mentor.hear() == ""
    mentor.tap("Write to my mentee")
    assert t("en", "mentor.sent.now.mentor") in mentor.say("good luck")
    tick(mentor.house)
    assert "good luck" not in mentee.hear()  # until the caseworker has finished
    with mentor.house.sessions.begin() as session:
        answering.close(
            session, session.scalars(select(Handoff).where(Handoff.chat_id == number)).one(), pairing.staff(session), "helped"
        )
    tick(mentor.house)
    assert "good luck" in mentee.hear()


@pytest.mark.parametrize("raw", ["voice", "document", "video", "photo", "location", "contact"])
def test_only_words_are_passed_on(mentor: Speaker, mentee: Speaker, raw: str) -> None:
    in_touch(mentor, mentee)
    mentee.tap("Write to my mentor")
    said = mentee.send_media(raw, "look")
    assert t("en", "mentor.only_words") in said
    tick(mentor.house)
    assert mentor.hear() == ""


def test_one_tap_stops_it_also_for_what_is_on_its_way(mentor: Speaker, mentee: Speaker) -> None:
    number = in_touch(mentor, mentee)
    mentor.tap("Write to my mentee")
    mentor.say("see you soon")  # in the outbox; the mentee has not fetched it
    said = mentee.tap("Stop this contact")
    assert t("en", "mentor.stopped") in said and "see you soon" not in said
    assert pair_of(mentor.house, number).state == "ended"
    with mentor.house.sessions() as session:
        assert not [row for row in session.scalars(select(Outbox)) if "see you soon" in str(row.body)]
    tick(mentor.house)
    assert t("en", "mentor.told.ended.mentor") in mentor.hear()
    mentor.say("what is DBS")
    assert mentee.hear() == ""


def test_a_report_reaches_a_caseworker_at_once_and_pauses_the_two(mentor: Speaker, mentee: Speaker) -> None:
    number = in_touch(mentor, mentee)
    mentee.tap("Write to my mentor")
    mentee.say("hello")
    said, chat = mentee.tap("Something is wrong"), mentee.chat.id
    with mentor.house.sessions() as session:
        case = session.scalars(select(Handoff).where(Handoff.urgency == "danger")).one()
        assert (case.kind, case.urgency, case.chat_id) == ("mentor", "danger", chat) and case.reference in said
        pair = session.get_one(MentorPair, number)
        assert (pair.state, pair.why, pair.alarm, pair.alarm_by) == ("paused", "reported", "reported", "mentee")
    tick(mentor.house)
    heard = mentor.hear()
    assert t("en", "mentor.told.paused.mentor") in heard and "wrong" not in heard
    assert "☎️" not in mentor.say("hello") and mentee.hear() == ""


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_who_deletes_everything_gets_nothing_more_and_the_other_is_told_neutrally(
    mentor: Speaker, mentee: Speaker, who: str
) -> None:
    in_touch(mentor, mentee)
    gone, left = (mentor, mentee) if who == "mentor" else (mentee, mentor)
    left.tap("Write to my")
    left.say("a word for you")  # waits in the outbox of who goes
    gone.tap("Write to my")
    gone.say("a word from me")
    gone.say("/delete")
    gone.tap(t("en", "button.delete_yes"))
    with mentor.house.sessions() as session:
        rows = [str(row.body) for row in session.scalars(select(Outbox))]
        assert not [body for body in rows if "a word" in body]
        assert session.scalars(select(MentorPair)).all() == [] and session.scalars(select(MentorMessage)).all() == []
        assert len(session.scalars(select(Mentor)).all()) + len(session.scalars(select(MentorWish)).all()) == 1
    gone.hear(), left.hear()
    tick(mentor.house)
    assert gone.hear() == ""
    told = left.hear()
    assert t("en", f"mentor.told.ended.{'mentee' if who == 'mentor' else 'mentor'}") in told and "delete" not in told
    assert tick(mentor.house) == 0 and left.hear() == ""  # once
    assert t("en", "mentor.left.back.mentor") not in left.say("what is DBS")
    assert gone.say("what is DBS") and left.hear() == ""


def test_a_button_of_another_pair_does_nothing(mentor: Speaker, mentee: Speaker, stocked: House, engine: Engine) -> None:
    """Somebody who is neither of the two, whatever they send, changes nothing and hears nothing."""
    number = in_touch(mentor, mentee)
    stranger = Speaker(stocked, engine, "stranger").speaks("en")
    for what in ("write", "yes", "stop", "report", "names", "no", "back", "", "%s"):
        said = stranger.pay("mentor_pair", pair=str(number), what=what)
        assert t("en", "mentor.too_late") in said, what
    for pair in ("", "0", "999", "-1", "x", "1" * 30):
        assert t("en", "mentor.too_late") in stranger.pay("mentor_pair", pair=pair, what="stop")
    stranger.say("hello you two")
    tick(stocked)
    assert mentor.hear() == mentee.hear() == "" and pair_of(stocked, number).state == "active"


def test_who_is_both_writes_to_the_one_they_have_chosen(mentor: Speaker, mentee: Speaker, stocked: House, engine: Engine) -> None:
    """A mentor of one who has a mentor themselves: what they write reaches that one of the two, and no other."""
    pairing.paired(stocked, "mentor", "both")
    pairing.paired(stocked, "both", "mentee")
    both = Speaker(stocked, engine, "both").speaks("en")
    both.pay("find_mentor")
    both.tap("Write to my mentor")
    both.say("for my mentor")
    assert "for my mentor" in mentor.speaks("en").hear() and "for my mentor" not in mentee.speaks("en").hear()
    both.pay("be_mentor")
    both.tap("Write to my mentee")
    both.say("for my mentee")
    assert "for my mentee" in mentee.hear() and "for my mentee" not in mentor.hear()


def test_who_said_stop_gets_nothing_until_they_ask_again(mentor: Speaker, mentee: Speaker) -> None:
    number = in_touch(mentor, mentee)
    mentee.say("/stop")
    mentor.tap("Write to my mentee")
    assert t("en", "mentor.cannot.away") in mentor.say("hello")
    tick(mentor.house)
    assert mentee.hear() == "" and pair_of(mentor.house, number).why == "unreachable"


def test_where_mentors_are_switched_off_no_form_opens(mentor: Speaker) -> None:
    with mentor.house.sessions.begin() as session:
        changing.change(session, "feature.mentors", "off", who="staff:1")
    assert t("en", "mentor.off") in mentor.speaks("en").say("/start mentor")
