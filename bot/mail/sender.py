"""Sends the e-mails that are due. Claim and commit, send, note and commit; no one's words reach a log."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.exc import DBAPIError

from bot.cases import undelivered
from bot.errors import KeyMissingError, PermanentError, RefusedError, UseItError
from bot.house import House
from bot.mail import queue
from bot.mail.composing import compose, name_of
from bot.mail.folder import FolderPost
from bot.mail.message import Due, Post
from bot.mail.smtp import SmtpPost
from bot.settings import Settings

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


def post_of(settings: Settings) -> Post:
    """By the mail server that is set; without one, into the folder var/mail. Raises SettingsError."""
    return SmtpPost(settings.smtp) if settings.smtp else FolderPost(settings.var / "mail")


class MailSender:
    """One a process; several share the work by claiming rows."""

    def __init__(self, house: House, post: Post) -> None:
        self._house, self._post = house, post

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. What is being sent then is sent again after the next start, when nobody knows whether it left."""
        stopped = asyncio.create_task(stop.wait())
        while not stop.is_set():
            sending = asyncio.create_task(self._some_or_none())
            await asyncio.wait({sending, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                sending.cancel()
                await asyncio.wait({sending})
            elif not sending.result():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(stopped), LOOK_SECONDS)

    async def some(self) -> int:
        """Sends what is due. Returns how many were tried."""
        claimed = await asyncio.to_thread(self._claim)
        for result in await asyncio.gather(*(self._send(due) for due in claimed), return_exceptions=True):
            if isinstance(result, Exception):  # its row is still claimed and due again when the lease ends
                log.warning("sending an e-mail was not noted: %s", type(result).__name__)
        return len(claimed)

    async def _some_or_none(self) -> int:
        try:
            return await self.some()
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
            return 0
        except KeyMissingError as error:
            log.error("%s", error)
            return 0

    def _claim(self) -> list[Due]:
        with self._house.sessions.begin() as session:
            return queue.claim(session)

    async def _send(self, due: Due) -> None:
        try:
            await self._post.send(name_of(due), await compose(due, self._house.settings))
        except Exception as error:
            await asyncio.to_thread(self._note_failure, due.number, error)
        else:
            await asyncio.to_thread(self._note_sent, due.number)

    def _note_sent(self, number: int) -> None:
        with self._house.sessions.begin() as session:
            queue.mark_sent(session, number)

    def _note_failure(self, number: int, error: Exception) -> None:
        # our own errors name the kind of trouble; what others say may quote an address or a subject
        name = str(error) if isinstance(error, UseItError) else type(error).__name__
        log.warning("e-mail %d was not sent: %s", number, name)
        with self._house.sessions.begin() as session:
            if isinstance(error, PermanentError | RefusedError):
                failed = queue.mark_failed(session, number, name)
            else:
                failed = queue.mark_retry(session, number, name)
            if failed is not None:
                undelivered.note(session, failed)
