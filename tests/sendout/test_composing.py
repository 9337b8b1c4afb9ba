"""Nobody who writes a name, an address or a subject can add a header, a reader or a part to an e-mail."""

from __future__ import annotations

import asyncio
import datetime as dt
import stat
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.mail.composing import compose, name_of
from bot.mail.folder import FolderPost
from bot.mail.message import Due, Message, address
from bot.replies import Block, Paper
from bot.settings import Settings

AT = dt.datetime(2026, 11, 26, 9, 30, 0, 123, tzinfo=dt.UTC)
BAD_ADDRESSES = [
    "",
    "desk",
    "desk@",
    "@shelter.example",
    "desk@shelter",
    "desk@shelter.example\nBcc: thief@example.org",
    "desk@shelter.example\r\nBcc: thief@example.org",
    "desk@shelter.example, thief@example.org",
    "desk@shelter.example;thief@example.org",
    "desk@shelter.example thief@example.org",
    "<desk@shelter.example>",
    '"desk\nBcc: x"@shelter.example',
    "Desk <desk@shelter.example>",
    "desk@shelter.example>",
    "desk@[192.0.2.1]",
    "de..sk@shelter.example",
    "desk@shelter..example",
    "desk\u202e@shelter.example",
    "desk@shеlter.example",  # a Cyrillic letter
    "desk@shelter.example\x00",
    "a" * 65 + "@shelter.example",
    "desk@" + "a." * 130 + "example",
]
LINE_ENDS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\n "]


def composed(message: Message, settings: Settings) -> EmailMessage:
    made = asyncio.run(compose(Due(3, AT, message), settings))
    return message_from_bytes(made.as_bytes(), policy=policy.default)


def words(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("text", BAD_ADDRESSES)
def test_what_is_no_single_plain_address_is_refused(settings: Settings, text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        address(text)
    assert refused.value.reason == "email"
    with pytest.raises(RefusedError):
        composed(Message(to=text, subject="x", text="x"), settings)


@pytest.mark.parametrize("text", ["desk@shelter.example", "  o'brien+referrals@a-b.example.org\n"])
def test_an_address_is_one(text: str) -> None:
    assert address(text) == text.strip()


@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_subject_and_a_text_add_no_header_and_no_part(settings: Settings, end: str) -> None:
    evil = f"Referral{end}Bcc: thief@example.org{end}Content-Type: text/html{end}{end}<b>hello</b>"
    mail = composed(Message(to="desk@shelter.example", subject=evil, text=f"hello{end}{end}Bcc: thief@example.org"), settings)
    assert sorted(mail.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ]
    )
    assert mail["To"] == "desk@shelter.example" and mail.get_content_type() == "text/plain"
    assert "thief" not in str([value for name, value in mail.items() if name != "Subject"])


def test_every_script_and_a_long_line_arrive_whole(settings: Settings) -> None:
    text = "سكن — Cabsi waan qabaa \N{SMILING FACE WITH SMILING EYES}\n" + "x" * 3_000
    mail = composed(Message(to="desk@shelter.example", subject="مرحبا " * 40, text=text), settings)
    assert words(mail).startswith(text) and mail["Subject"].split() == ["مرحبا"] * 40
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())


def test_a_paper_goes_along_as_pdf(settings: Settings) -> None:
    paper = Paper(
        name="referral-r-7k3m9", form="pdf", language="en", blocks=[Block(kind="title", text="Referral R-7K3M9", language="en")]
    )
    mail = composed(Message(to="desk@shelter.example", subject="x", text="x", papers=[paper]), settings)
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "referral-r-7k3m9.pdf" and file.get_content_type() == "application/pdf"
    assert file.get_content().startswith(b"%PDF-")


def test_a_repeat_has_the_same_message_id_and_another_row_never_has(settings: Settings) -> None:
    message = Message(to="desk@shelter.example", subject="x", text="x")
    first, repeat = composed(message, settings), composed(message, settings)
    assert first["Message-ID"] == repeat["Message-ID"]
    assert name_of(Due(3, AT, message)) != name_of(Due(3, AT + dt.timedelta(microseconds=1), message))


def test_who_we_are_stands_below(environ: dict[str, str]) -> None:
    ours = Settings.read(environ | {"USEIT_ORGANISATION": "Learning Works", "USEIT_CONTACT": "0121 496 0000"})
    mail = composed(Message(to="desk@shelter.example", subject="x", text="Hello\n\n"), ours)
    assert words(mail) == "Hello\n\n-- \nLearning Works\n0121 496 0000\n" and "Learning Works" in mail["From"]


def test_without_a_server_a_mail_is_a_file_that_only_we_may_read(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    made = asyncio.run(compose(Due(3, AT, Message(to="desk@shelter.example", subject="x", text="hello")), settings))
    for _ in range(2):  # a repeat replaces it
        asyncio.run(FolderPost(folder).send(name_of(Due(3, AT, Message(to="", subject="", text=""))), made))
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "desk@shelter.example"
