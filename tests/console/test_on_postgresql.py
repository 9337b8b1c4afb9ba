"""The same pages on PostgreSQL: the whole work on a case, and two colleagues who claim it in the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.db import migrate
from bot.house import House
from bot.settings import Settings
from tests.console.bureau import Bureau
from tests.console.desk import Desk


@pytest.fixture
def bureau(environ: dict[str, str], postgresql: str) -> Iterator[Bureau]:
    house = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
    migrate.create(house.database)
    yield Bureau.open(house)
    house.database.dispose()


@pytest.fixture
def desk(bureau: Bureau, runner: asyncio.Runner) -> Desk:
    return Desk(bureau.house, runner)


def test_the_work_on_a_case(desk: Desk, bureau: Bureau) -> None:
    bureau.join("dawud")
    case = bureau.ask()
    desk.log_in(bureau.join("amina")).get("/cases?show=all&language=ar&text=ضريبة&tag=%00&area=B16%00")
    desk.get("/cases?show=all&language=ar&text=ضريبة")
    assert case in desk.text
    desk.send(f"/cases/{case}/claim")
    desk.send(f"/cases/{case}/tag", tag="rent")
    desk.send(f"/cases/{case}/note", note="@dawud look")
    desk.send(f"/cases/{case}/preview", what="term:council-tax")
    desk.send(f"/cases/{case}/attach")
    desk.send(f"/cases/{case}/answer", text="مرحبا")
    bureau.translate()
    desk.get(f"/cases/{case}")
    assert "Rough, word by word" in desk.text and len(bureau.going_out()) == 2
    assert desk.get(f"/live/{case}").json()["mark"] and desk.get("/live").json()["mine"] == 1
    desk.get("/cases?language=ar")
    desk.send("/views", name="Arabic")
    desk.get(f"/cases/{case}")
    desk.send(f"/cases/{case}/close", outcome="helped")
    assert "Closed. The person has been told." in desk.text
    for path in ("/notices", "/upcoming", "/referrals", "/cases?show=closed"):
        assert desk.get(path).status_code == 200
    assert desk.get("/cases/%00").status_code == desk.get("/referrals/%00").status_code == 404


def test_of_two_in_the_same_moment_one_gets_it(bureau: Bureau) -> None:
    names = ("amina", "dawud", "lena")
    for name in names:
        bureau.join(name)
    case = bureau.ask()

    def claim(name: str) -> int:
        with asyncio.Runner() as runner:
            desk = Desk(bureau.house, runner).log_in(bureau.join(name))
            desk.get(f"/cases/{case}")
            form = desk.form(f"/cases/{case}/claim")
            return desk.post(f"/cases/{case}/claim", form).status_code

    with ThreadPoolExecutor(len(names)) as together:
        found = sorted(together.map(claim, names))
    assert found.count(303) == 1 and set(found) <= {303, 409}
    with bureau.house.sessions() as session:
        assert bureau.case(session, case).claimed_by is not None
