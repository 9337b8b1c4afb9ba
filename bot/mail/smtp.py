"""E-mails by a mail server, never without TLS and a certificate that is right."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from typing import NoReturn

from bot.errors import PermanentError, SettingsError, TransientError
from bot.settings import Smtp

STEP_SECONDS = 10.0  # for each answer of the server
SECONDS = 60.0  # for a whole mail
TOO_LARGE = 552


class SmtpPost:
    """What is wrong with the server, its certificate or our login is transient: it is mended by us and not by the mail, which
    waits meanwhile. A reader or a content that the server refuses for good (5xx) is permanent.
    """

    def __init__(self, smtp: Smtp, *, step_seconds: float = STEP_SECONDS, seconds: float = SECONDS) -> None:
        """Raises SettingsError when the certificates to trust cannot be read."""
        self._smtp, self._step, self._seconds = smtp, step_seconds, seconds
        try:
            self._trusted = ssl.create_default_context(cafile=smtp.ca)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError("USEIT_SMTP_CA: does not hold certificates") from error

    async def send(self, name: str, mail: EmailMessage) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.to_thread(self._deliver, mail)
        except TimeoutError as error:
            raise TransientError("the mail server takes too long") from error

    def _deliver(self, mail: EmailMessage) -> None:
        try:
            server = self._connected()
            try:
                server.send_message(mail)
            finally:  # whatever the server says to a goodbye, the mail is taken or refused by now
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            _refuse(max(code for code, _ in error.recipients.values()), error)
        except smtplib.SMTPDataError as error:
            _refuse(error.smtp_code, error)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == TOO_LARGE:
                raise PermanentError("the mail server finds the mail too large") from error
            raise TransientError("the mail server does not let us send from USEIT_MAIL_FROM") from error
        except smtplib.SMTPAuthenticationError as error:
            raise TransientError("the mail server does not accept our login") from error
        except smtplib.SMTPNotSupportedError as error:
            raise TransientError("the mail server offers no TLS, or no way to log in") from error
        except ssl.SSLCertVerificationError as error:
            raise TransientError("the mail server's certificate is not right") from error
        except (smtplib.SMTPException, OSError) as error:
            raise TransientError(f"the mail server could not be reached ({type(error).__name__})") from error

    def _connected(self) -> smtplib.SMTP:
        smtp = self._smtp
        if smtp.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=self._step, context=self._trusted)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=self._step)
        try:
            if smtp.tls != "implicit":
                server.starttls(context=self._trusted)  # raises where it is not offered: nothing goes in the clear
            if smtp.user is not None and smtp.password is not None:
                server.login(smtp.user, smtp.password)
        except BaseException:
            server.close()
            raise
        return server


def _refuse(code: int, error: smtplib.SMTPException) -> NoReturn:
    if code >= 500:
        raise PermanentError(f"the mail server refuses this mail ({code})") from error
    raise TransientError(f"the mail server does not take this mail now ({code})") from error
