"""Who may do what: one permission for each verb, and the roles as sets of permissions.

What a role may do to a case it may do to the cases of its own teams and to those without a team (bot/cases/queues.py).
"""

from __future__ import annotations

CASEWORKER = frozenset(
    {
        "cases.read",
        "cases.claim",
        "cases.answer",
        "cases.close",
        "cases.note",
        "cases.tag",
        "cases.assign",
        "referrals.read",
        "referrals.move",
        "referrals.send",
        "mentors.vet",
        "stories.read",
        "stories.edit",
        "contacts.keep",
        "opportunities.assure",
        "outcomes.note",
    }
)
LEAD = CASEWORKER | {
    "cases.reassign",
    "cases.merge",
    "numbers.read",
    "numbers.export",
    "trials.edit",
    "holds.edit",
    "teams.edit",
    "talents.read",
}
# no permission on cases: who keeps the knowledge right and lets people in has no need to read what people told us
ADMIN = frozenset(
    {
        "contacts.keep",
        "talents.read",
        "knowledge.read",
        "knowledge.edit",
        "knowledge.publish",
        "knowledge.approve",
        "knowledge.exchange",
        "models.train",
        "staff.invite",
        "staff.manage",
        "teams.edit",
        "canned.edit",
        "settings.edit",
        "numbers.read",
        "words.read",
        "words.edit",
        "words.propose",
        "review.read",
        "review.write",
    }
)
# community members who read a language: texts alone, no people, no cases, and only the languages they were invited for
REVIEWER = frozenset({"review.read", "review.write"})
# writes drafts of what the bot knows, and proposes texts and sentences; somebody else puts them before people
EDITOR = frozenset({"knowledge.read", "knowledge.edit", "words.read", "words.propose"})
AUDITOR = frozenset({"audit.read", "audit.export", "cases.read_masked", "numbers.read"})
ROLES: dict[str, frozenset[str]] = {
    "caseworker": CASEWORKER,
    "lead": LEAD,
    "admin": ADMIN,
    "auditor": AUDITOR,
    "editor": EDITOR,
    "reviewer": REVIEWER,
}
PERMISSIONS = frozenset[str]().union(*ROLES.values())


def may(role: str, permission: str) -> bool:
    """Whether the role holds the permission; a role that is not known holds none."""
    return permission in ROLES.get(role, frozenset())
