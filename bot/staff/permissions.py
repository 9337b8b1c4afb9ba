"""Who may do what: one permission for each verb, and the roles as sets of permissions."""

from __future__ import annotations

ROLES: dict[str, frozenset[str]] = {
    "caseworker": frozenset(
        {"cases.read", "cases.claim", "cases.answer", "cases.close", "referrals.read", "referrals.move"},
    ),
    # no permission on cases: who keeps the knowledge right has no need to read what people told us
    "admin": frozenset({"knowledge.read", "knowledge.edit", "staff.invite"}),
}
PERMISSIONS = frozenset[str]().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """Whether the role holds the permission; a role that is not known holds none."""
    return permission in ROLES.get(role, frozenset())
