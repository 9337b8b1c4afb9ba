"""Single sign-on: which account belongs to whom at the provider, and the way there and back.

An account is linked by its owner while logged in, or by an invitation that is accepted through the provider. An e-mail address
that is the same means nothing: whoever can choose one at the provider could otherwise choose an account here.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.errors import RefusedError, TransientError
from bot.house import House
from bot.staff import audit, codes, invitations, oidc, sessions, throttle
from bot.staff.accounts import UNKNOWN
from bot.staff.models import SsoAttempt, SsoLink, Staff, StaffSession

RETURN = "/console/login/sso/return"  # told to the provider, too
LASTS = dt.timedelta(minutes=10)
MOST_OPEN = 20  # begun and not ended, from one address


@dataclass(frozen=True)
class Begun:
    """`address`: where the browser goes. `browser`: kept by the browser, and asked for when it comes back."""

    address: str
    browser: str


@dataclass(frozen=True)
class Done:
    """Who it is, what it was for (login, link, invitation), and the session to end when another begins (its hash)."""

    staff_id: int
    purpose: str
    instead_of: str


def begin(house: House, purpose: str, address: str, **details: str | int) -> Begun:
    """`details`: for login `session`; for link `staff_id` and `session` (a token); for invitation `token`, `login`, `name`.

    Raises RefusedError: throttled; sso_off. TransientError when the provider is away.
    """
    whence = crypto.pseudonym("address", address)
    with house.sessions.begin() as session:
        session.execute(delete(SsoAttempt).where(SsoAttempt.created_at < now() - LASTS))
        open_ones = session.scalar(select(func.count()).select_from(SsoAttempt).where(SsoAttempt.address == whence))
    if (open_ones or 0) >= MOST_OPEN:
        raise RefusedError("too many sign-ons were begun: wait ten minutes", "throttled")
    state, browser, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(4))
    goes_to = _provider(house).address(state=state, nonce=nonce, verifier=verifier)  # asks it, so without a transaction
    kept = {**details, "purpose": purpose, "nonce": nonce, "verifier": verifier}
    kept["session"] = sessions.hashed(str(details["session"])) if details.get("session") else ""
    with house.sessions.begin() as session:
        hashes = {"state_hash": sessions.hashed(state), "browser_hash": sessions.hashed(browser)}
        session.add(SsoAttempt(**hashes, address=whence, details=kept))
    return Begun(goes_to, browser)


def finish(house: House, *, state: str, code: str, issuer: str, browser: str, address: str) -> Done:
    """What comes back is worth something once, within ten minutes, in the browser that began.

    Raises RefusedError: sso_again (it is not), throttled, sso_denied, sso_refused, sso_unknown, sso_taken, sso_off, and for an
    invitation as `invitations.register`. TransientError when the provider is away.
    """
    with house.sessions.begin() as session:
        reserved = throttle.reserve(session, "", address)
        kept = _taken(session, state, browser)
    if reserved is None:
        raise RefusedError("too many wrong logins: wait ten minutes", "throttled")
    if kept is None:
        raise RefusedError("begin the sign-on again", "sso_again")
    try:
        who = _identity(house, kept, code, issuer)
        with house.sessions.begin() as session:
            staff_id = _STEPS[kept["purpose"]](session, house, who, kept)
            throttle.forgive(session, reserved)
    except TransientError:
        _forgive(house, reserved)  # a provider that is away must not shut the door of the password, too
        raise
    except RefusedError as error:
        with house.sessions.begin() as session:
            audit.record(session, "nobody", "staff.sso_refused", UNKNOWN, error.reason)
        raise
    return Done(staff_id, kept["purpose"], kept["session"])


def links(session: Session, staff_id: int) -> list[SsoLink]:
    return list(session.scalars(select(SsoLink).where(SsoLink.staff_id == staff_id).order_by(SsoLink.id)))


def unlink(session: Session, staff: Staff, link_id: int) -> None:
    """Raises RefusedError (no_password): nothing else would open the account then. Nothing happens when there is no such link."""
    if not staff.password_hash:
        raise RefusedError("nothing else opens this account", "no_password")
    session.execute(delete(SsoLink).where(SsoLink.id == link_id, SsoLink.staff_id == staff.id))


def _log_in(session: Session, house: House, who: oidc.Identity, kept: dict[str, Any]) -> int:
    linked = select(Staff).join(SsoLink, SsoLink.staff_id == Staff.id).where(Staff.disabled_at.is_(None))
    found = session.scalar(linked.where(SsoLink.issuer == who.issuer, SsoLink.subject == who.subject))
    if found is None:
        raise RefusedError("no account is linked to this sign-on", "sso_unknown")
    return found.id


def _link(session: Session, house: House, who: oidc.Identity, kept: dict[str, Any]) -> int:
    """Only while the session that asked for it goes on: whoever logged out meanwhile does not want it any more."""
    row = session.get(StaffSession, kept["session"])
    alive = row is not None and row in sessions.listed(session, kept["staff_id"], sessions.Limits.of(house.settings))
    if not alive or session.get_one(Staff, kept["staff_id"]).disabled_at is not None:
        raise RefusedError("begin the sign-on again", "sso_again")
    return _keep(session, who, kept["staff_id"])


def _accept(session: Session, house: House, who: oidc.Identity, kept: dict[str, Any]) -> int:
    """An account without a password: only the provider opens it."""
    names = {"login": kept["login"], "name": kept["name"]}
    made = invitations.open_account(session, kept["token"], **names, password_hash="", secret=codes.new_secret())
    return _keep(session, who, made)


def _identity(house: House, kept: dict[str, Any], code: str, issuer: str) -> oidc.Identity:
    at = _provider(house)
    if not code:
        raise RefusedError("the provider did not let them in", "sso_denied")
    if issuer and not at.is_issuer(issuer):
        raise RefusedError("the answer is of another provider", "sso_refused")
    return at.identity(code=code, verifier=kept["verifier"], nonce=kept["nonce"])


def _forgive(house: House, reserved: list[int]) -> None:
    with house.sessions.begin() as session:
        throttle.forgive(session, reserved)


_STEPS = {"login": _log_in, "link": _link, "invitation": _accept}


def _keep(session: Session, who: oidc.Identity, staff_id: int) -> int:
    session.add(SsoLink(staff_id=staff_id, issuer=who.issuer, subject=who.subject))
    try:
        session.flush()
    except IntegrityError as error:
        raise RefusedError("this sign-on belongs to an account already", "sso_taken") from error
    audit.record(session, f"staff:{staff_id}", "staff.sso_linked", f"staff:{staff_id}")
    return staff_id


def _taken(session: Session, state: str, browser: str) -> dict[str, Any] | None:
    """What was kept for this state, this once. None: never was, was used, is too old, or belongs to another browser."""
    row = session.get(SsoAttempt, sessions.hashed(state))
    if row is None:
        return None
    gone = session.execute(delete(SsoAttempt).where(SsoAttempt.state_hash == row.state_hash))
    same = hmac.compare_digest(row.browser_hash, sessions.hashed(browser))
    fresh = now() - row.created_at <= LASTS
    return dict(row.details) if gone.rowcount == 1 and same and fresh else None  # type: ignore[attr-defined]  # a CursorResult


def _provider(house: House) -> oidc.Provider:
    if house.settings.oidc is None:
        raise RefusedError("there is no single sign-on here", "sso_off")
    return oidc.provider(house.settings.oidc, house.settings.public_url + RETURN)
