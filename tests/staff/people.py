"""A colleague with an account and an authenticator app."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

import pyotp

from bot.house import House
from bot.staff import accounts, invitations
from bot.staff.models import Staff

PASSWORD = "four lamps above the canal"


@dataclass
class Colleague:
    house: House
    id: int
    login: str
    secret: str
    password: str = PASSWORD

    @classmethod
    def join(cls, house: House, login: str, role: str, languages: Collection[str] = ("ar",)) -> Colleague:
        """Registers; the code of this moment is then good for a login, too. `languages`: of a reviewer."""
        with house.sessions.begin() as session:
            token = invitations.invite(session, role, languages=languages)
            secret = invitations.find(session, token).totp_secret
        code = pyotp.TOTP(secret).now()
        number = invitations.register(house.sessions, token, login=login, name=login.title(), password=PASSWORD, code=code)
        joined = cls(house, number, login, secret)
        joined.forget_codes()
        return joined

    def code(self, steps: int = 0) -> str:
        """The code now, or some steps of 30 seconds from now."""
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * steps)

    def forget_codes(self) -> None:
        """As if the last code had been used long ago."""
        with self.house.sessions.begin() as session:
            session.get_one(Staff, self.id).totp_last_used = 0

    def authenticate(self, *, password: str = "", code: str = "", address: str = "192.0.2.1") -> int:
        return accounts.authenticate(self.house.sessions, self.login, password or self.password, code or self.code(), address)
