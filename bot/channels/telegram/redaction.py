"""The bot's token stands in every address that httpx asks: it must never reach a log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

HIDDEN = "<secret>"
QUIET = ("httpx", "httpcore", "telegram")
# logs the body of an answer that is no JSON, with what people wrote in it
SILENT = "telegram.request.BaseRequest"


class Redaction(logging.Filter):
    """Replaces known secrets in a record's message and traceback. Lets every record through."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if any(secret in message for secret in self.secrets):
            record.msg, record.args = self.clean(message), None
        if record.exc_info and not record.exc_text:
            text = logging.Formatter().formatException(record.exc_info)
            if any(secret in text for secret in self.secrets):
                record.exc_text = self.clean(text)
        return True

    def clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


_redaction = Redaction()


def guard(*secrets: str | None) -> None:
    """From now on no record of any logger holds one of `secrets`; httpx and telegram speak from WARNING on. Safe to repeat."""
    for secret in filter(None, secrets):
        _redaction.secrets |= {secret, quote(secret, safe="")}
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(SILENT).setLevel(logging.CRITICAL)
    made = logging.getLogRecordFactory()
    if not isinstance(made, _Factory):
        logging.setLogRecordFactory(_Factory(made))


class _Factory:
    """A filter on a logger does not see the records of its children, and a handler may come later: so every record."""

    def __init__(self, made: Callable[..., logging.LogRecord]) -> None:
        self._made = made

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._made(*args, **kwargs)
        try:
            _redaction.filter(record)
        except (TypeError, ValueError):  # a message that does not fit its arguments: logging itself reports it
            record.msg = _redaction.clean(str(record.msg))
        return record
