"""By a mail server: TLS and a right certificate or nothing, and what each refusal means for the mail."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from bot.errors import PermanentError, SettingsError, TransientError
from bot.mail.composing import compose
from bot.mail.message import Due, Message
from bot.mail.smtp import SmtpPost
from bot.settings import Settings, Smtp
from tests.sendout.certificates import Certificates
from tests.sendout.mailbox import Mailbox

AT = dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
# two lines that SMTP itself could stumble over: a dot alone, and one that looks like a command
TEXT = "first\n.\nQUIT\n.leading dot\nlast"


def deliver(settings: Settings, smtp: Smtp, **options: float) -> None:
    async def once() -> None:
        due = Due(7, AT, Message(to="desk@shelter.example", subject="Referral R-7K3M9", text=TEXT))
        await SmtpPost(smtp, **options).send("x", await compose(due, settings))

    asyncio.run(once())


def test_a_mail_arrives_over_starttls_as_it_was_written(settings: Settings, mailbox: Mailbox) -> None:
    deliver(settings, mailbox.settings())
    (mail,) = mailbox.taken
    assert mailbox.envelopes == [("useit@localhost", ["desk@shelter.example"])] and mailbox.in_the_clear == 0
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "Referral R-7K3M9",
        "desk@shelter.example",
        "USE-IT! Bridge <useit@localhost>",
    )
    assert mail.get_content().replace("\r\n", "\n").startswith(TEXT)


def test_implicit_tls_and_a_login(settings: Settings, certificates: Certificates) -> None:
    with Mailbox(certificates, mode="implicit", password="a long one").running() as box:
        deliver(settings, box.settings())
        assert len(box.taken) == 1
        with pytest.raises(TransientError, match="login"):
            deliver(settings, box.settings(password="another"))
        assert len(box.taken) == 1


@pytest.mark.parametrize("certificate", ["stranger", "elsewhere", "old"])
@pytest.mark.parametrize("mode", ["starttls", "implicit"])
def test_a_wrong_certificate_gets_no_mail(settings: Settings, certificates: Certificates, mode: str, certificate: str) -> None:
    """Signed by nobody we trust, for another name, or ended."""
    with Mailbox(certificates, mode=mode, certificate=certificate).running() as box:
        with pytest.raises(TransientError, match="certificate"):
            deliver(settings, box.settings())
        assert box.taken == [] and box.envelopes == []


def test_without_tls_nothing_is_sent(settings: Settings, certificates: Certificates) -> None:
    with Mailbox(certificates, mode="none").running() as box:
        with pytest.raises(TransientError, match="TLS"):
            deliver(settings, box.settings())
        assert box.taken == [] and box.in_the_clear == 0


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"rcpt": "550 5.1.1 no such mailbox desk@shelter.example"}, PermanentError),
        ({"rcpt": "451 4.7.1 greylisted, try again"}, TransientError),
        ({"data": "554 5.7.1 looks like spam"}, PermanentError),
        ({"data": "452 4.3.1 disk full"}, TransientError),
    ],
)
def test_a_refusal_for_good_is_permanent_and_one_for_now_is_not(
    settings: Settings, mailbox: Mailbox, answers: dict[str, str], error: type[Exception]
) -> None:
    mailbox.answers = answers
    with pytest.raises(error) as raised:
        deliver(settings, mailbox.settings())
    assert "shelter.example" not in str(raised.value) and mailbox.taken == []


@pytest.mark.parametrize("where", ["rcpt", "data"])
@pytest.mark.parametrize("options", [{"step_seconds": 0.3}, {"seconds": 0.3, "step_seconds": 2.0}])
def test_a_server_that_hangs_is_left(settings: Settings, mailbox: Mailbox, where: str, options: dict[str, Any]) -> None:
    mailbox.silent = where
    with pytest.raises(TransientError):
        deliver(settings, mailbox.settings(), **options)
    assert mailbox.is_silent.is_set()


def test_a_server_that_is_not_there_is_transient(settings: Settings, certificates: Certificates) -> None:
    with Mailbox(certificates).running() as box:
        gone = box.settings()
    with pytest.raises(TransientError):
        deliver(settings, gone)


def test_a_file_of_certificates_that_holds_none_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    with pytest.raises(SettingsError, match="USEIT_SMTP_CA"):
        SmtpPost(Smtp("localhost", 587, "starttls", None, None, tmp_path / "ca.pem"))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"USEIT_SMTP_HOST": "mail.example"}, "USEIT_MAIL_FROM"),
        ({"USEIT_SMTP_HOST": "mail.example", "USEIT_MAIL_FROM": "not an address"}, "USEIT_MAIL_FROM"),
        ({"USEIT_SMTP_HOST": "mail.example", "USEIT_MAIL_FROM": "a@b.example", "USEIT_SMTP_TLS": "none"}, "USEIT_SMTP_TLS"),
        ({"USEIT_SMTP_HOST": "mail.example", "USEIT_MAIL_FROM": "a@b.example", "USEIT_SMTP_USER": "me"}, "USEIT_SMTP_USER"),
        ({"USEIT_SMTP_HOST": "mail.example", "USEIT_MAIL_FROM": "a@b.example", "USEIT_SMTP_CA": "/nowhere"}, "USEIT_SMTP_CA"),
        ({"USEIT_ORGANISATION": "one\nBcc: other@example.org"}, "USEIT_ORGANISATION"),
    ],
)
def test_wrong_settings_are_refused_by_name(environ: dict[str, str], given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.read(environ | given)


def test_the_password_may_stand_in_a_file_and_is_never_shown(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    given = {"USEIT_SMTP_HOST": "mail.example", "USEIT_MAIL_FROM": "a@b.example", "USEIT_SMTP_USER": "me"}
    read = Settings.read(environ | given | {"USEIT_SMTP_PASSWORD_FILE": str(tmp_path / "password")})
    assert read.smtp is not None and read.smtp.password == "correct horse" and read.smtp.port == 587
    assert "correct horse" not in repr(read)
