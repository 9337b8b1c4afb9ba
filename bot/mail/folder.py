"""E-mails as files, where there is no mail server: each is complete, and its owner alone may read it."""

from __future__ import annotations

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path

from bot.errors import TransientError


class FolderPost:
    """Writes `<name>.eml`. A mail that is sent again replaces its own file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, name: str, mail: EmailMessage) -> None:
        try:
            await asyncio.to_thread(self._write, name, mail.as_bytes())
        except OSError as error:
            raise TransientError(f"the e-mail could not be written to the folder ({type(error).__name__})") from error

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._folder / f".{name}.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self._folder / f"{name}.eml")
