"""An e-mail in no server's terms."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

import msgspec

from bot.errors import RefusedError
from bot.replies import Paper

# what RFC 5322 allows without quotes, at a host name; nothing in it can end a header or begin another address
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
LONGEST_ADDRESS = 254


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """To one reader. `papers` become attachments. `personal`: it is about somebody, and goes only while their consent holds."""

    to: str
    subject: str
    text: str
    papers: list[Paper] = []
    personal: bool = False


@dataclass(frozen=True)
class Due:
    """A message whose time has come. `number` and `made_at` are those of its row: a repeat has the same."""

    number: int
    made_at: dt.datetime
    message: Message


class Post(Protocol):
    """A way by which e-mails leave the house."""

    async def send(self, name: str, mail: EmailMessage) -> None:
        """`name`: the same for the same mail, of letters, digits and hyphens. Returns when the mail is taken.

        Raises TransientError (also for what we must mend ourselves: login, certificate), PermanentError (this mail is refused).
        """
        ...


def address(text: str) -> str:
    """The address as it is written to. Raises RefusedError (email)."""
    found = text.strip()
    if len(found) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(found) or ".." in found:
        raise RefusedError("this is not an e-mail address", "email")
    return found
