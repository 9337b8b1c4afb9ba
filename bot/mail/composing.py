"""A message as e-mail: headers that nobody can add to, plain text, its papers as PDF."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.mail.message import Due, address
from bot.papers.drawing import draw
from bot.settings import Settings

LONGEST_LINE = 900  # characters; RFC 5322 allows 998


def name_of(due: Due) -> str:
    """The same for the same row, and never another row's: the ids of deleted rows may come again."""
    return f"{due.made_at:%Y%m%d-%H%M%S-%f}-{due.number}"


async def compose(due: Due, settings: Settings) -> EmailMessage:
    """Raises RefusedError for an address that is none, PermanentError and TransientError as drawing papers does."""
    message = due.message
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=settings.organisation, addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=address(message.to))
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(due.made_at)
    # a repeat has the same, so that the reader's server can tell
    mail["Message-ID"] = f"<{name_of(due)}@{settings.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes back
    text = f"{message.text.rstrip()}\n\n-- \n{settings.organisation}\n{settings.contact}".rstrip() + "\n"
    plain = text.isascii() and all(len(line) <= LONGEST_LINE for line in text.splitlines())
    mail.set_content(text, cte="7bit" if plain else "quoted-printable")
    for paper in message.papers:
        file = await draw(paper)
        subtype = ("application", "pdf") if paper.form == "pdf" else ("image", "png")
        mail.add_attachment(file, maintype=subtype[0], subtype=subtype[1], filename=f"{paper.name}.{paper.form}")
    return mail
