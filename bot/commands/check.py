"""`useit knowledge check`: what of the knowledge needs somebody's eyes. Exit 1 when something must not stay as it is."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter

import httpx

from bot.db.base import now
from bot.house import House
from bot.knowledge import links, quality, snapshot
from bot.settings import Settings

LISTED = 20  # findings of one kind, without --all
PRESSING = frozenset(("past_due", "reference", "pathway", "gone"))
TITLES = {
    "past_due": "Past their review date (figures are not spoken, the link is)",
    "due_soon": "To be checked within two weeks",
    "switches": "Prices that change by themselves on a day",
    "reference": "References to nowhere",
    "pathway": "Pathways that lead nowhere",
    "untranslated": "Not translated",
    "outdated": "Translations of an older English",
    "hard": "English that is hard to read",
    "gone": "Links that are gone",
    "silent": "Links that do not answer now",
}


def check(options: argparse.Namespace) -> int:
    """Reads the published knowledge of this installation; asks the web only with --links."""
    house = House.open(Settings.read())
    with house.sessions() as session:
        knowledge = snapshot.current(session)
    findings = quality.look(knowledge, house.settings.languages, now().date())
    if options.links:
        findings += asyncio.run(_links(knowledge))
    counts = Counter(finding.kind for finding in findings)
    for kind, title in TITLES.items():
        if counts[kind]:
            print(f"{title}: {counts[kind]}")
            own = [f for f in findings if f.kind == kind]
            for finding in own if options.all else own[:LISTED]:
                print(f"  {finding.where}: {finding.what}")
            if len(own) > LISTED and not options.all:
                print(f"  ... and {len(own) - LISTED} more (--all)")
    if not findings:
        print("Nothing needs to be looked at.")
    return 1 if PRESSING.intersection(counts) else 0


async def _links(knowledge: snapshot.Snapshot) -> list[quality.Finding]:
    places = quality.links(knowledge)
    async with httpx.AsyncClient(headers={"user-agent": links.AGENT}, timeout=20) as client:
        answers = await links.check(places, client)
    if answers and all(answer == "no answer" for answer in answers.values()):
        print("No address answers: there is no network here, or it is closed. Links were not judged.")
        return []
    kinds = {address: "gone" if answer == "gone" else "silent" for address, answer in answers.items() if answer}
    return [
        quality.Finding(kind, ", ".join(places[address][:3]), f"{address} ({answers[address]})")
        for address, kind in kinds.items()
    ]
