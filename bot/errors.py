"""The three ways in which something fails, and what each one asks of the caller."""

from __future__ import annotations


class UseItError(Exception):
    """Base of the program's own errors. Messages never hold a person's words, name, number or token."""


class TransientError(UseItError):
    """Trying again later can help. `retry_after`: seconds to wait at least, or None when not known."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class KeyMissingError(TransientError):
    """A stored value is sealed with a key that this process does not have (yet). Nothing is wrong with the value."""


class PermanentError(UseItError):
    """Trying again cannot help: somebody must change something."""


class UnreachableError(PermanentError):
    """The person's chat does not take messages any more (blocked the bot, deleted the chat)."""


class MovedError(PermanentError):
    """The chat has a new address. `address`: where to send from now on."""

    def __init__(self, message: str, address: str) -> None:
        super().__init__(message)
        self.address = address


class RefusedError(UseItError):
    """What was asked is not allowed or not sensible. The message is for the one who asked.

    `reason`: a word by which an edge finds its own text for it (`console.refused.<reason>`); "" when nobody gave one.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class TranslationError(UseItError):
    """There is no machine translation of a text. What was answered instead is never shown as one.

    `kind`: away (try later), wrong (it answered, but with no translation), lost (without what it had to keep), unsupported (a
    language it does not know), long (the text is), setup (it does not accept our address, key or model: somebody must change a
    setting), cap (enough was sent today). `retry_after`: in seconds, where it is known.
    """

    def __init__(self, message: str, kind: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind, self.retry_after = kind, retry_after


class SettingsError(UseItError):
    """A setting is wrong. One line: the setting's name, what is wrong with it, and what would be right."""
