"""A real mail server on a port of this machine: takes e-mails over TLS, or refuses, or falls silent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.settings import Smtp
from tests.sendout.certificates import Certificates, server_context


@dataclass
class Mailbox:
    """`mode`: starttls, implicit or none. `certificate`: one of Certificates' names. `answers`: what it says to RCPT and to the
    content instead of taking it. `silent`: where it stops answering (rcpt, data). `password`: of the user "useit", when it wants one.
    """

    certificates: Certificates
    mode: str = "starttls"
    certificate: str = "right"
    answers: dict[str, str] = field(default_factory=dict)
    silent: str = ""
    password: str = ""
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    in_the_clear: int = 0  # commands of a mail that came without TLS
    is_silent: threading.Event = field(default_factory=threading.Event)

    def settings(self, **more: Any) -> Smtp:
        given: dict[str, Any] = {"tls": "implicit" if self.mode == "implicit" else "starttls", "ca": self.certificates.ca}
        given |= {"user": "useit", "password": self.password} if self.password else {"user": None, "password": None}
        return Smtp("localhost", self.port, **{**given, **more})

    def environ(self) -> dict[str, str]:
        return {
            "USEIT_SMTP_HOST": "localhost",
            "USEIT_SMTP_PORT": str(self.port),
            "USEIT_SMTP_CA": str(self.certificates.ca),
            "USEIT_MAIL_FROM": "bridge@useit.example",
        }

    @contextmanager
    def running(self) -> Iterator[Mailbox]:
        ready, loop = threading.Event(), asyncio.new_event_loop()
        stop = asyncio.Event()

        async def serve() -> None:
            context = server_context(Path(getattr(self.certificates, self.certificate)))
            implicit = context if self.mode == "implicit" else None
            server = await loop.create_server(self._session(context), "localhost", self.port, ssl=implicit)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()
            server.close()

        thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(10)

    def _session(self, context: Any) -> Any:
        options: dict[str, Any] = {"hostname": "localhost", "enable_SMTPUTF8": False}
        if self.mode == "starttls":
            options["tls_context"] = context
        if self.password:
            options |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": self.mode != "implicit"}
        return lambda: SMTP(self, **options)

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"useit", self.password.encode())
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.in_the_clear += session.ssl is None and self.mode != "implicit"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await self._fall_silent("rcpt")
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await self._fall_silent("data")
        if "data" in self.answers:
            return self.answers["data"]
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"

    async def _fall_silent(self, where: str) -> None:
        if self.silent == where:
            self.is_silent.set()
            await asyncio.Event().wait()
