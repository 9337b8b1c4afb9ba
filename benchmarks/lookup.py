"""How long finding a term takes, with the terms we have and with 100,000: `python -m benchmarks.lookup [how many terms]`.

The further terms are made of syllables with a fixed seed, with aliases, so that the forms are as many and as long as in a real glossary.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import time
from pathlib import Path

from bot.knowledge import reading
from bot.knowledge.seed import Fact, Term
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.terms import TermIndex

FACT = Fact(source="benchmark", checked_on=dt.date(2026, 11, 26), review_by=dt.date(2027, 11, 26), volatility="D", sure="gen")
SYLLABLES = [
    "ba",
    "con",
    "der",
    "est",
    "fi",
    "gra",
    "hol",
    "in",
    "ju",
    "kel",
    "lo",
    "men",
    "nor",
    "op",
    "pre",
    "qua",
    "re",
    "sta",
    "ti",
    "un",
    "ver",
    "wal",
    "xi",
    "yor",
    "ze",
    "ment",
    "tion",
    "al",
    "er",
    "ing",
]
QUESTIONS = (
    ("exact", "what does universal credit mean"),
    ("exact, own language", "ما معنى ضريبة المجلس"),
    ("misspelled", "what is a saveguarding"),
    ("misspelled twice", "what is safegaurding trainning"),
    ("nothing there", "what is the weather like in the north this week"),
    ("long, nothing there", "please can you tell me when the bus to the park comes because my sister waits for me at home now"),
)


def made_up(count: int) -> dict[str, Term]:
    draw = random.Random(7)

    def words(most: int) -> str:
        return " ".join("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(draw.randint(1, most)))

    terms = {}
    for number in range(count):
        name = words(3)
        terms[f"t{number}"] = Term(
            key=f"t{number}", name=name, domain="x", meaning="x", fact=FACT, aliases=[words(3)], misspellings=[words(2), words(2)]
        )
    return terms


def main(count: int) -> None:
    seed = reading.read_loosely(Path("data/knowledge"))
    snapshot = Snapshot(1)
    snapshot.terms = {term.key: term for term in seed.terms} | made_up(max(0, count - len(seed.terms)))
    snapshot.__dict__["all_names"] = seed.names
    began = time.perf_counter()
    index = TermIndex(snapshot)
    print(f"{len(snapshot.terms):,} terms; the index is made in {time.perf_counter() - began:.1f} s")
    for what, question in QUESTIONS:
        language = "ar" if "؀" <= question[0] <= "ۿ" else "en"
        taken = []
        for _ in range(200):
            began = time.perf_counter()
            found = index.in_question(question, language)
            taken.append((time.perf_counter() - began) * 1000)
        taken.sort()
        print(f"{what:22} p50 {statistics.median(taken):6.2f} ms  p95 {taken[190]:6.2f} ms  {[f.key for f in found][:3]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
