"""An opportunity seen as a service: whoever is interested in it is referred to it, and followed up, in the same way."""

from __future__ import annotations

from bot.knowledge.seed import Need, Opportunity, Service

PREFIX = "opportunity:"  # no service has such a key
NEEDS: dict[str, Need] = {"volunteering": "community", "research": "community"}  # by kind; all others are about work


def opportunity_of(receiver: str) -> str | None:
    """The key of the opportunity that a referral goes to; None when it goes to a service."""
    return receiver.removeprefix(PREFIX) if receiver.startswith(PREFIX) else None


def need_of(opportunity: Opportunity) -> Need:
    """What people are looking for who look for this."""
    return NEEDS.get(opportunity.kind, "employment")


def as_service(opportunity: Opportunity) -> Service:
    """What a referral needs to know of it: what it is called, where it is, and how it is reached."""
    return Service(
        key=PREFIX + opportunity.key,
        organization=opportunity.organization,
        name=opportunity.name,
        needs=[need_of(opportunity)],
        description=opportunity.what,
        fact=opportunity.fact,
        towns=opportunity.towns,
        postcode_districts=opportunity.postcode_districts,
        national=opportunity.national,
        phones=opportunity.phones,
        url=opportunity.url,
        email=opportunity.email,
        languages=opportunity.languages,
        referral_email=opportunity.referral_email,
        follow_up_days=opportunity.follow_up_days,
        takes_links=opportunity.takes_links,
    )
