"""All settings, read once from the environment, checked, and then fixed.

Every setting is an environment variable `USEIT_<NAME>`; a secret may instead stand in a file named by `USEIT_<NAME>_FILE`.
`Settings.read()` raises SettingsError with one line that names the setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.keys import file as key_file
from bot.keys.ring import Keys

ROOT = Path(__file__).resolve().parents[1]
KNOWN_LANGUAGES = ("en", "ar", "so", "fa", "ps", "ur", "uk", "fr")


@dataclass(frozen=True)
class Oidc:
    """The single sign-on provider that staff may use (OpenID Connect). `name`: as people call it."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    name: str


@dataclass(frozen=True)
class Smtp:
    """The mail server that takes our e-mails. `tls`: starttls or implicit; there is no way without."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False)
    ca: Path | None  # certificates to trust instead of the system's


@dataclass(frozen=True)
class Translating:
    """The machine that translates what people and caseworkers write. `kind`: libretranslate or openai.

    `in_house`: it runs on the organisation's own computers, so that no word leaves them (bot/translation/permission.py).
    """

    kind: str
    url: str
    key: str | None = field(repr=False)
    model: str
    characters_per_day: int
    in_house: bool


@dataclass(frozen=True)
class Settings:
    """Everything the program is told from outside. Secrets are never shown by `repr`."""

    root: Path
    var: Path
    models: Path
    database_url: str = field(repr=False)
    keys: Keys
    key_file: Path | None  # None: the keys stand in the environment itself
    host: str
    port: int
    public_url: str
    languages: tuple[str, ...]
    telegram_token: str | None = field(repr=False)
    telegram_api: str
    telegram_mode: str
    telegram_webhook_secret: str | None = field(repr=False)
    staff_telegram_chat: int | None  # the team's own chat, where the bot says that somebody waits
    keep_days: int
    close_after_days: int
    delete_after_days: int
    hours: str
    action_seconds: float
    session_idle_minutes: int
    session_hours: int
    oidc: Oidc | None
    encoder: Path | None
    photo: str  # auto: photos of letters are read when the extra `photo` is installed; off
    photo_mb: int  # memory that the process which reads them may ask for
    recording_mb: int  # of a voice message or video that the web page sends; 0: it can send none
    organisation: str  # as services and letters call us
    contact: str  # how a service reaches us: a telephone number, an e-mail address; may be empty
    mail_from: str
    smtp: Smtp | None
    translating: Translating | None  # None: only our own rough gloss

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings in `environ`. Makes `var/` and, at the first start, the key that encrypts people's words."""
        read = _Reader(environ)
        var = Path(read.text("VAR", str(ROOT / "var"))).resolve()
        host, port = read.text("HOST", "127.0.0.1"), read.number("PORT", 8080, 1, 65535)
        mode = read.choice("TELEGRAM_MODE", "polling", ("polling", "webhook"))
        secret = read.secret("TELEGRAM_WEBHOOK_SECRET")
        if mode == "webhook" and len(secret or "") < 32:
            raise SettingsError("USEIT_TELEGRAM_WEBHOOK_SECRET: webhook mode needs a secret of at least 32 characters")
        token = read.secret("TELEGRAM_TOKEN")
        if token is not None and ":" not in token:
            raise SettingsError("USEIT_TELEGRAM_TOKEN: is not a bot token (BotFather gives one like 123456:ABC...)")
        public_url = read.url("PUBLIC_URL", f"http://{host}:{port}")
        if mode == "webhook" and not public_url.startswith("https://"):
            raise SettingsError("USEIT_PUBLIC_URL: webhook mode needs an https address that Telegram can reach")
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys, keys_in = read.keys(var / "secret.key")
        return cls(
            root=ROOT,
            var=var,
            models=Path(read.text("MODELS", str(ROOT / "models"))).resolve(),
            database_url=read.database_url("DATABASE_URL", f"sqlite:///{var / 'useit.db'}"),
            keys=keys,
            key_file=keys_in,
            host=host,
            port=port,
            public_url=public_url,
            languages=read.languages("LANGUAGES", KNOWN_LANGUAGES),
            telegram_token=token,
            telegram_api=read.url("TELEGRAM_API", "https://api.telegram.org"),
            telegram_mode=mode,
            telegram_webhook_secret=secret,
            staff_telegram_chat=read.chat("STAFF_TELEGRAM_CHAT", token),
            hours=read.text("HOURS", "mon-fri 09:00-17:00"),
            keep_days=read.number("KEEP_DAYS", 90, 1, 3650),
            close_after_days=read.number("CLOSE_AFTER_DAYS", 30, 8, 3650),
            delete_after_days=read.number("DELETE_AFTER_DAYS", 90, 8, 3650),
            encoder=read.folder("ENCODER", ("model.onnx", "tokenizer.json")),
            photo=read.choice("PHOTO", "auto", ("auto", "off")),
            photo_mb=read.number("PHOTO_MB", 1500, 1200, 16_000),
            recording_mb=read.number("RECORDING_MB", 5, 0, 20),
            session_idle_minutes=read.number("SESSION_IDLE_MINUTES", 30, 1, 24 * 60),
            session_hours=read.number("SESSION_HOURS", 12, 1, 7 * 24),
            oidc=read.oidc(),
            organisation=read.line("ORGANISATION", "USE-IT! Bridge"),
            contact=read.line("CONTACT", ""),
            mail_from=read.email("MAIL_FROM", "useit@localhost"),
            smtp=read.smtp(),
            translating=read.translating(),
            action_seconds=float(read.number("ACTION_SECONDS", 8, 1, 60)),
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(f"USEIT_{name}", "").strip() or default

    def secret(self, name: str) -> str | None:
        path = self._environ.get(f"USEIT_{name}_FILE", "").strip()
        if not path:
            return self._environ.get(f"USEIT_{name}", "").strip() or None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"USEIT_{name}_FILE: cannot be read ({type(error).__name__})") from error

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isdecimal() or not low <= int(raw) <= high:
            raise SettingsError(f"USEIT_{name}: must be a whole number from {low} to {high}")
        return int(raw)

    def chat(self, name: str, token: str | None) -> int | None:
        """A chat's number as Telegram gives it; a group's is negative."""
        value = self.text(name, "")
        if not value:
            return None
        if not re.fullmatch(r"-?[1-9][0-9]{0,18}", value):
            raise SettingsError(f"USEIT_{name}: must be a chat's number, as Telegram gives it (a group's begins with -)")
        if token is None:
            raise SettingsError(f"USEIT_{name}: needs USEIT_TELEGRAM_TOKEN, the bot that writes there")
        return int(value)

    def line(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not value.isprintable() or len(value) > 200:
            raise SettingsError(f"USEIT_{name}: must be one line of at most 200 characters")
        return value

    def email(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", value):
            raise SettingsError(f"USEIT_{name}: must be an e-mail address")
        return value

    def smtp(self) -> Smtp | None:
        host = self.text("SMTP_HOST", "")
        if not host:
            return None
        if not self.text("MAIL_FROM", ""):
            raise SettingsError("USEIT_MAIL_FROM: must be set when USEIT_SMTP_HOST is: servers refuse mail from nobody")
        tls = self.choice("SMTP_TLS", "starttls", ("starttls", "implicit"))
        user, password = self.text("SMTP_USER", "") or None, self.secret("SMTP_PASSWORD")
        if (user is None) != (password is None):
            raise SettingsError("USEIT_SMTP_USER: goes together with USEIT_SMTP_PASSWORD")
        ca = self.text("SMTP_CA", "")
        if ca and not Path(ca).is_file():
            raise SettingsError("USEIT_SMTP_CA: there is no such file of certificates")
        port = self.number("SMTP_PORT", 465 if tls == "implicit" else 587, 1, 65535)
        return Smtp(host, port, tls, user, password, Path(ca).resolve() if ca else None)

    def translating(self) -> Translating | None:
        kind = self.choice("TRANSLATE", "none", ("none", "libretranslate", "openai"))
        if kind == "none":
            return None
        if not self.text("TRANSLATE_URL", ""):
            raise SettingsError("USEIT_TRANSLATE_URL: is needed with USEIT_TRANSLATE, e.g. http://127.0.0.1:5000")
        url, in_house = self.url("TRANSLATE_URL", ""), self.choice("TRANSLATE_IN_HOUSE", "no", ("no", "yes")) == "yes"
        if not in_house and not url.startswith("https://"):
            raise SettingsError(
                "USEIT_TRANSLATE_URL: must be https, unless USEIT_TRANSLATE_IN_HOUSE says yes: people's words go there"
            )
        model = self.line("TRANSLATE_MODEL", "")
        if kind == "openai" and not model:
            raise SettingsError("USEIT_TRANSLATE_MODEL: is needed with USEIT_TRANSLATE=openai (the endpoint lists its models)")
        most = self.number("TRANSLATE_CHARACTERS_PER_DAY", 100_000, 0, 100_000_000)
        return Translating(kind, url, self.secret("TRANSLATE_KEY"), model, most, in_house)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"USEIT_{name}: must be one of {', '.join(allowed)}")
        return value

    def languages(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        chosen = tuple(code.strip() for code in self.text(name, ",".join(default)).split(","))
        unknown = [code for code in chosen if code not in KNOWN_LANGUAGES]
        if unknown or "en" not in chosen:
            raise SettingsError(f"USEIT_{name}: must hold en and others of {', '.join(KNOWN_LANGUAGES)}, by commas")
        return chosen

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError(f"USEIT_{name}: must be an address that begins with http:// or https://")
        return value

    def oidc(self) -> Oidc | None:
        issuer, client = self.text("OIDC_ISSUER", ""), self.text("OIDC_CLIENT_ID", "")
        if not issuer and not client:
            return None
        if not client:
            raise SettingsError("USEIT_OIDC_CLIENT_ID: is needed with USEIT_OIDC_ISSUER (the provider gives it)")
        parts = urlsplit(issuer)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
        if not safe or not parts.netloc or parts.query or parts.fragment:
            raise SettingsError("USEIT_OIDC_ISSUER: must be the provider's https address, without ? and #")
        return Oidc(issuer, client, self.secret("OIDC_CLIENT_SECRET"), self.text("OIDC_NAME", parts.netloc))

    def database_url(self, name: str, default: str) -> str:
        value = self.secret(name) or default
        if value.startswith(("postgresql://", "postgres://")):
            value = "postgresql+psycopg://" + value.partition("://")[2]
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise SettingsError(f"USEIT_{name}: must begin with postgresql:// or sqlite:///")
        return value

    def folder(self, name: str, files: tuple[str, ...]) -> Path | None:
        raw = self.text(name, "")
        if not raw:
            return None
        folder = Path(raw).resolve()
        if missing := [file for file in files if not (folder / file).is_file()]:
            raise SettingsError(f"USEIT_{name}: the folder lacks {' and '.join(missing)}")
        return folder

    def keys(self, default: Path) -> tuple[Keys, Path | None]:
        """The keys and their file: of the environment, else of the file it names, else of `default`, which is made."""
        named = self._environ.get(f"{key_file.NAME}_FILE", "").strip()
        if not named and (given := self.secret(key_file.NAME.removeprefix("USEIT_"))):
            return key_file.parse(given), None
        path = Path(named) if named else default
        if not named:
            key_file.create(path)
        return key_file.read(path), path
