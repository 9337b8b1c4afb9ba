"""Two at the same moment, on PostgreSQL: one counts, nobody waits for ever."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.cases import follow_ups, referrals, service_links
from bot.cases.models import Mail, Referral
from bot.conversation import due_referrals, personal_data
from bot.house import House
from bot.mail import queue
from bot.mail.message import Message
from bot.people.models import Chat, Person
from bot.settings import Settings
from tests.sendout import people
from tests.sendout.people import NOON


@pytest.fixture
def shared(environ: dict[str, str], postgresql: str) -> Iterator[House]:
    opened = House.open(Settings.read(environ | {"USEIT_DATABASE_URL": postgresql}))
    yield people.stock(opened)
    opened.database.dispose()


@pytest.fixture
def worker(shared: House) -> int:
    with shared.sessions.begin() as session:
        return people.staff(session)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_answers_at_once_are_one(shared: House, worker: int) -> None:
    for number in range(10):
        with shared.sessions.begin() as session:
            referral = people.agreed(session, who=str(number))
            token = people.send(session, shared, referral, worker, by="link").link.rpartition("/")[2]

        def answer(said: str, token: str = token) -> bool:
            with shared.sessions.begin() as session:
                return service_links.answer(session, token, said)

        said = at_once(lambda: answer("accepted"), lambda: answer("no_place"), lambda: answer("accepted"))
        with shared.sessions() as session:
            by_service = [move for move in people.moves(session, referral) if move[0] == "service"]
        assert len(by_service) == 1 and (said in ([True, False, True], [False, True, False]))


def test_the_person_the_service_and_the_clock_at_once_end_without_a_deadlock(shared: House, worker: int) -> None:
    """Everybody locks the chat first; the person's turn holds it from its beginning."""
    for number in range(10):
        with shared.sessions.begin() as session:
            referral = people.agreed(session, who=str(number))
            token = people.send(session, shared, referral, worker, by="link").link.rpartition("/")[2]
            referral.follow_up_at = NOON

        def person(referral: Referral = referral) -> object:
            with shared.sessions.begin() as session:
                session.execute(select(Chat.id).where(Chat.id == referral.chat_id).with_for_update())
                return follow_ups.answer(session, session.get_one(Referral, referral.id), "no_place")

        def service(token: str = token) -> object:
            with shared.sessions.begin() as session:
                return service_links.answer(session, token, "no_place")

        def clock() -> object:
            with shared.sessions.begin() as session:
                return due_referrals.due(session, shared, NOON)

        def back(referral: Referral = referral) -> object:
            with shared.sessions.begin() as session:
                return referrals.withdraw(session, session.get_one(Referral, referral.id))

        at_once(person, service, clock, back)
        with shared.sessions() as session:
            assert session.get_one(Referral, referral.id).state in ("declined_by_service", "withdrawn")


def test_a_link_used_while_the_person_deletes_everything_is_one_that_does_not_work(shared: House, worker: int) -> None:
    for number in range(10):
        with shared.sessions.begin() as session:
            referral = people.agreed(session, who=str(number))
            token = people.send(session, shared, referral, worker, by="link").link.rpartition("/")[2]
            person_id = referral.person_id

        def service(token: str = token) -> object:
            with shared.sessions.begin() as session:
                return service_links.answer(session, token, "accepted")

        def person(person_id: int = person_id) -> object:
            with shared.sessions.begin() as session:
                return personal_data.forget(session, session.get_one(Person, person_id))

        said, _ = at_once(service, person)
        assert said in (True, False)
        with shared.sessions() as session:
            assert service_links.known(session, token) is None and session.get(Referral, referral.id) is None


def test_a_follow_up_is_asked_by_one_of_two_clocks(shared: House, worker: int) -> None:
    with shared.sessions.begin() as session:
        for number in range(20):
            referral = people.agreed(session, who=str(number))
            people.send(session, shared, referral, worker, by="phone")
            referral.follow_up_at = NOON

    def clock() -> int:
        with shared.sessions.begin() as session:
            return due_referrals.due(session, shared, NOON)

    first = at_once(clock, clock, clock)
    assert sum(map(int, map(str, first))) + clock() == 20


def test_a_mail_is_claimed_by_one_of_several_senders(shared: House) -> None:
    with shared.sessions.begin() as session:
        for number in range(30):
            queue.enqueue(session, Message(to="desk@shelter.example", subject="x", text="x"), origin=f"test:{number}")

    def sender() -> list[int]:
        with shared.sessions.begin() as session:
            return [due.number for due in queue.claim(session)]

    claimed = Counter(number for _ in range(4) for found in at_once(sender, sender, sender) for number in found)  # type: ignore[attr-defined]  # lists
    assert len(claimed) == 30 and set(claimed.values()) == {1}
    with shared.sessions() as session:
        assert {row.state for row in session.scalars(select(Mail))} == {"sending"}
