"""The key file: read, made once, replaced whole. At no moment is it half written or readable by others."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

from bot.errors import SettingsError
from bot.keys.ring import Keys

NAME = "USEIT_SECRET_KEY"


def parse(text: str) -> Keys:
    """Raises SettingsError, in one line that names the setting and shows no key."""
    try:
        return Keys.parse(text)
    except ValueError as error:
        raise SettingsError(f"{NAME}: {error}") from None  # the cause may hold digits


def read(path: Path) -> Keys:
    """Raises SettingsError."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{NAME}_FILE: cannot be read ({type(error).__name__})") from error
    return parse(text)


def create(path: Path) -> None:
    """A new key, unless there is a file already; of two processes that start at once, one makes it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _written(path, Keys.first())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def replace(path: Path, keys: Keys) -> None:
    """The old file stays until the new one is safely on the disk. Raises SettingsError when the folder does not let us."""
    real = path.resolve()  # a link stays a link
    fresh = None
    try:
        fresh = _written(real, keys)
        fresh.replace(real)
        _sync_folder(real.parent)
    except OSError as error:
        if fresh is not None:
            fresh.unlink(missing_ok=True)
        problem = f"{NAME}_FILE: cannot be replaced ({type(error).__name__}): nothing was changed"
        raise SettingsError(f"{problem}; its folder must be writable, and the file no mount of its own") from error


def age(path: Path) -> float:
    """Seconds since the file was last replaced."""
    return max(0.0, time.time() - path.stat().st_mtime)


def is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _written(path: Path, keys: Keys) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(keys.text())
        handle.flush()
        os.fsync(handle.fileno())
    return fresh


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
