"""The first admin of a new installation, and links for later accounts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from bot.house import House
from bot.staff import invitations
from bot.staff.models import Staff


def first_admin_link(house: House) -> str | None:
    """A one-time link while there is no account at all; None afterwards."""
    with house.sessions() as session:
        if session.scalar(select(Staff.id).limit(1)) is not None:
            return None
    return invitation_link(house, "admin")


def invitation_link(house: House, role: str, languages: Collection[str] = ()) -> str:
    """`languages`: those a reviewer reads. The token is in the fragment, which browsers do not send: it stays out of logs and referrers."""
    with house.sessions.begin() as session:
        token = invitations.invite(session, role, languages=languages)
    return f"{house.settings.public_url}/console/register#{token}"
