"""Puts the program together: which channels there are, what runs in which thread, and in which order it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from actions import all_actions
from bot.cases import alerts
from bot.channels.cli import CommandLineChannel
from bot.channels.web.channel import WebChannel
from bot.conversation import inbox, outbox, photos
from bot.conversation.clock import Clock
from bot.conversation.incoming import Channel
from bot.conversation.sender import Sender
from bot.conversation.sweeping import Sweeper
from bot.conversation.worker import Worker
from bot.house import House
from bot.knowledge.models import Entry
from bot.mail import queue as mails
from bot.mail.sender import MailSender, post_of
from bot.photos.reader import Reader
from bot.training.serving import Serving
from bot.training.serving import at_start as engine_at_start
from bot.training.trainer import Trainer
from bot.translation.worker import TranslationWorker
from bot.upkeep.worker import Caretaker
from engine.agent import Engine

Say = Callable[[str], None]


def channels(house: House) -> dict[str, Channel]:
    """Every way in; Telegram only with a token."""
    found: dict[str, Channel] = {"web": WebChannel(house.sessions), "cli": CommandLineChannel()}
    if house.settings.telegram_token:
        from bot.channels.telegram.channel import TelegramChannel

        found["telegram"] = TelegramChannel(house.settings)
    return found


def load_engine(house: House, archive: Path) -> Engine:
    """The engine with every skill. Raises ModelError."""
    return Engine.load(archive, all_actions(), seconds=house.settings.action_seconds)


def engine_in_use(house: House, shipped: Path) -> Engine:
    """The engine of the model that is in use here: the shipped one, or one that was trained here. Raises ModelError."""
    return engine_at_start(house, shipped, partial(load_engine, house))


def site(house: House) -> Starlette:
    """The pages: web chat, public API, console, the page for services, and Telegram's webhook where that is the mode."""
    from bot.channels.api import routes as api
    from bot.channels.service import routes as service
    from bot.channels.web import routes as web  # pages are not needed by `say` and `work`
    from bot.channels.web import security
    from bot.console import routes as console

    found: list[BaseRoute] = [
        *web.routes(house),
        *api.routes(house),
        *service.routes(house),
        *console.routes(house, channels(house)),
    ]
    if house.settings.telegram_token and house.settings.telegram_mode == "webhook":
        from bot.channels.telegram import webhook

        found += webhook.routes(house)
    # for the answers no route gives (404, 405); what a route sets itself stays
    headers = security.guard(security.DATA_CSP, https=house.settings.public_url.startswith("https"))
    return Starlette(routes=found, middleware=[headers])


def has_knowledge(house: House) -> bool:
    with house.sessions() as session:
        return session.scalar(select(Entry.id).limit(1)) is not None


def recover(house: House) -> None:
    """At the start: what the last run left half-way is due at once."""
    with house.sessions.begin() as session:
        outbox.release_abandoned(session)
        mails.release_abandoned(session)
        alerts.release_abandoned(session)
        inbox.wake_all(session)
        photos.release_abandoned(session)


def work(house: House, engine: Engine) -> None:
    """Answers people in this thread until the process is ended, with whichever model is in use."""
    serving = Serving(house, engine, partial(load_engine, house))
    threading.Thread(target=serving.run, name="serving", daemon=True).start()
    Worker(house, engine, channels(house), newest=serving.newest).run()


async def serve(house: House, engine: Engine, ready: Callable[[], None]) -> None:
    """Runs everything until SIGINT or SIGTERM, then stops it in order; calls `ready` when the pages answer."""
    everything = channels(house)
    post = post_of(house.settings)
    recover(house)
    serving, trainer = Serving(house, engine, partial(load_engine, house)), Trainer(house)
    worker = Worker(house, engine, everything, newest=serving.newest)
    working: dict[str, Worker | Serving | Trainer] = {"conversation": worker, "serving": serving, "training": trainer}
    threads = [threading.Thread(target=part.run, name=name, daemon=True) for name, part in working.items()]
    for thread in threads:
        thread.start()
    stop = asyncio.Event()
    from bot.channels.web.routes import close as close_streams
    from bot.console.live import close as close_live

    server = _server(house)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(Sender(house, everything).run(stop), name="sender")]
    tasks.append(asyncio.create_task(Clock(house).run(stop), name="clock"))
    tasks.append(asyncio.create_task(Sweeper(house).run(stop), name="sweeper"))
    tasks.append(asyncio.create_task(MailSender(house, post).run(stop), name="mail"))
    tasks.append(asyncio.create_task(Reader(house, everything).run(stop), name="photos"))
    tasks.append(
        asyncio.create_task(
            TranslationWorker(house, listen=lambda text: serving.engine.ears.listen(text)).run(stop), name="translation"
        )
    )
    tasks.append(asyncio.create_task(Caretaker(house).run(stop), name="upkeep"))
    tasks += await _telegram(house, everything, stop)
    pages = asyncio.create_task(server.serve(), name="pages")
    try:
        while not server.started and not pages.done():  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.02)
        if not pages.done():
            ready()
        ended = asyncio.create_task(stop.wait(), name="stop")
        for task in tasks:
            task.add_done_callback(lambda done: stop.set() if not done.cancelled() and done.exception() else None)
        await asyncio.wait({pages, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        close_streams()
        close_live()
        server.should_exit = True
        for part in working.values():
            part.stop()
        for task in (*tasks, pages):
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if house.settings.telegram_token:
            from bot.channels.telegram import client

            await client.close(house.settings)
        for thread in threads:
            await asyncio.to_thread(thread.join, house.settings.action_seconds + 2)


def _server(house: House) -> uvicorn.Server:
    server = uvicorn.Server(
        uvicorn.Config(
            site(house),
            host=house.settings.host,
            port=house.settings.port,
            log_level="warning",
            access_log=False,  # paths can hold one-time tokens
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # ours stop everything, not only pages
    return server


async def _telegram(house: House, everything: dict[str, Channel], stop: asyncio.Event) -> list[asyncio.Task[None]]:
    if "telegram" not in everything:
        return []
    from bot.channels.telegram import polling, setup
    from bot.channels.telegram.staff_alerts import StaffAlerts

    channel = everything["telegram"]
    tasks = [asyncio.create_task(setup.prepare(house, channel, stop), name="telegram setup")]
    if (chat := house.settings.staff_telegram_chat) is not None:
        tasks.append(asyncio.create_task(StaffAlerts(house, chat).run(stop), name="telegram alerts"))
    if house.settings.telegram_mode != "webhook":
        tasks.append(asyncio.create_task(polling.run(house, channel, stop), name="telegram polling"))
    return tasks
