"""A case is given to a colleague or a team; the person hears of it only when another voice answers."""

from __future__ import annotations

import datetime as dt
import threading

from bot.cases import answering, assigning, notes
from bot.cases.hours import LONDON
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from bot.staff import absences
from tests.cases.office import AMINA, BEA, HUB, LENA, OTHERS, OTTO, ask, case, going_out, history, refused, told


def test_one_that_waits_is_given_to_a_colleague_and_the_person_hears_nothing(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        for expected in (True, False):
            assert assigning.to_colleague(session, row, AMINA, BEA, "@lena knows her", once="form-token-01") is expected
        assert (row.state, row.claimed_by) == ("claimed", BEA)
        assert history(session, row)[-1] == ("staff:1", "waiting", "claimed", "staff:2")
        assert [note.text for note in notes.of(session, row)] == ["@lena knows her"]
        assert ("assigned", "handoff") in told(session, BEA) and ("mention", "handoff") in told(session, LENA)
        assert session.get_one(Chat, row.chat_id, populate_existing=True).held_by_handoff == row.id
    assert going_out(at_work) == []


def test_when_somebody_has_been_talking_the_person_is_told_who_answers_now(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        assigning.to_colleague(session, row, AMINA, BEA, once="form-token-01")  # Amina has not said a word
        answering.reply(session, row, BEA, "hello", once="form-token-02")
        assigning.to_colleague(session, row, BEA, AMINA, once="form-token-03")
        assert (row.state, row.claimed_by) == ("answered", AMINA)
        assert history(session, row)[-1] == ("staff:2", "answered", "handed_over", "staff:1")
    assert [reply.text for reply in going_out(at_work)] == ["hello", t("ar", "handoff.handed_over", reference=row.reference)]


def test_what_somebody_holds_is_given_away_by_them_or_by_a_lead(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        assert refused(assigning.to_colleague, session, row, BEA, BEA, once="form-token-01") == "not_yours"
        assert refused(assigning.to_team, session, row, BEA, HUB, once="form-token-02") == "not_yours"
        assert assigning.to_colleague(session, row, LENA, BEA, once="form-token-03", may_take=True)
        answering.close(session, row, BEA, "helped")
        assert refused(assigning.to_colleague, session, row, BEA, AMINA, once="form-token-04") == "closed"


def test_not_to_another_team_and_not_to_who_is_away(at_work: House) -> None:
    today = now().astimezone(LONDON).date()
    with at_work.sessions.begin() as session:
        row = ask(session)
        assert refused(assigning.to_colleague, session, row, AMINA, OTTO, once="form-token-01") == "not_in_team"
        assert refused(assigning.to_colleague, session, row, AMINA, 99, once="form-token-01") == "not_in_team"
        absences.add(session, BEA, today, today + dt.timedelta(days=1), today)
        assert refused(assigning.to_colleague, session, row, AMINA, BEA, once="form-token-01") == "away"


def test_to_another_team_it_waits_there_and_the_bot_is_back(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        assert refused(assigning.to_team, session, row, AMINA, OTHERS, once="form-token-01") == "other_team"
        assert refused(assigning.to_team, session, row, AMINA, 99, once="form-token-01", to_others=True) == "team"
        for expected in (True, False):
            assert assigning.to_team(session, row, AMINA, OTHERS, once="form-token-01", to_others=True) is expected
        assert (row.state, row.claimed_by, row.team_id) == ("waiting", None, OTHERS)
        assert session.get_one(Chat, row.chat_id, populate_existing=True).held_by_handoff is None
        assert ("waiting", "handoff") in told(session, OTTO)
    assert [reply.text for reply in going_out(at_work)] == [t("ar", "handoff.released", reference=row.reference)]


def race(house: House, acts: list[object]) -> list[str]:
    """What became of acts begun at the same moment, each in its own transaction."""
    barrier, outcomes = threading.Barrier(len(acts)), list[str]()

    def attempt(act: object) -> None:
        barrier.wait()
        try:
            with house.sessions.begin() as session:
                outcomes.append(str(act(session)))  # type: ignore[operator]  # a lambda
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_many_who_claim_at_once_one_gets_it_and_the_others_are_told(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        reference = ask(session).reference
    claims = [lambda session, who=who: answering.claim(session, case(session, reference), who) for who in (AMINA, BEA, LENA)]
    assert race(house, list(claims)) == ["True", "taken", "taken"]
    with house.sessions.begin() as session:
        row = case(session, reference)
        assert [event[2] for event in history(session, row)] == ["waiting", "claimed"]
        holder = row.claimed_by
    assert holder is not None
    replies = [lambda session: answering.reply(session, case(session, reference), holder, "hello", once="form-token-01")] * 3
    assert race(house, list(replies)) == ["False", "False", "True"]  # three clicks, one message
    assert [reply.text for reply in going_out(house)] == ["hello"]


def test_a_case_closed_while_another_tab_answers_is_closed(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        reference = row.reference
    outcomes = race(
        house,
        [
            lambda session: answering.close(session, case(session, reference), AMINA, "helped"),
            lambda session: answering.reply(session, case(session, reference), AMINA, "hello", once="form-token-01"),
        ],
    )
    assert outcomes in (["True", "True"], ["True", "closed"])
    with house.sessions.begin() as session:
        assert case(session, reference).state == "closed"
    assert len(going_out(house)) == len([outcome for outcome in outcomes if outcome == "True"])
