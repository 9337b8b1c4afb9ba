"""Applies the safety patterns to written lines and prints every miss and every false alarm.

Usage: python tools/check_safety.py [LANGUAGE ...]      the form of the patterns, and tests/data/safety_<language>.tsv
       python tools/check_safety.py --nlu LANGUAGE      the lines of data/nlu/<language>: for writing patterns
It asks the patterns alone; what they and the model hear together is measured by tests/engine/test_safety.py. A danger may be caught as another danger; a
line of kind `immigration` may fire `detention` but no other danger; `none` must stay silent. Exit 1 when anything is wrong.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.nlu.examples import lines_of  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.text import fold  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.safety import KINDS, Listener  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.safety.patterns import FOLDER  # noqa: E402  # imports come after the path or the stand-ins are set

PATTERNS = Listener()
SYNTAX = re.compile(r"\\.|\(\?[:!=<]+|\[[^\]]*\]|\{[\d,]*\}|[()|?*+^$.\d]")


def unfolded(pattern: str) -> list[str]:
    """Words of a pattern that `fold` would change, so that they could never match."""
    return [word for word in SYNTAX.sub(" ", pattern).split() if (w := word.strip("'")) and fold(w) != w]


def check_patterns(language: str) -> list[str]:
    content = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    problems = [f"unknown kind {kind}" for kind in content["danger"] if kind not in KINDS]
    for kind, lists in {**content["danger"], "immigration": content["immigration"]}.items():
        for pattern in [*lists["say"], *lists.get("unless", [])]:
            try:
                re.compile(pattern.replace("{asking}", "asking"))
            except re.error as error:
                problems.append(f"{kind}: {error}: {pattern}")
            problems += [f"{kind}: not folded: {word} in {pattern}" for word in unfolded(pattern.replace("{asking}", " "))]
        print(f"  {kind}: {len(lists['say'])} patterns")
    return problems


def check_lines(language: str) -> list[str]:
    problems: list[str] = []
    counts: Counter[str] = Counter()
    with (ROOT / f"tests/data/safety_{language}.tsv").open(encoding="utf-8", newline="") as handle:
        for expect, text in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            counts[expect] += 1
            alarm = PATTERNS.listen(text)
            heard = [*alarm.dangers, *(["immigration"] if alarm.immigration else [])]
            if expect in KINDS:
                wrong = not alarm.dangers
            elif expect == "immigration":
                wrong = not alarm.immigration or bool(set(alarm.dangers) - {"detention"})
            else:
                wrong = expect != "none" or bool(heard)
            if wrong:
                problems.append(f"expected {expect}, heard {', '.join(heard) or 'nothing'}: {text}")
    print(f"  lines: {dict(counts)}")
    return problems


def check_nlu(language: str) -> list[str]:
    """Training lines: a danger or a case must be heard in their own intents and in no other."""
    problems: list[str] = []
    lines = lines_of(ROOT / "data/nlu" / language)
    for _, intent, text in lines:
        alarm = PATTERNS.listen(text)
        if intent == "urgent_danger" and not alarm.dangers:
            problems.append(f"danger not heard: {text}")
        elif intent == "immigration_question" and not alarm.immigration:
            problems.append(f"case not heard: {text}")
        elif intent not in ("urgent_danger", "immigration_question") and (alarm.dangers or alarm.immigration):
            heard = [*alarm.dangers, *(["immigration"] if alarm.immigration else [])]
            problems.append(f"false alarm {', '.join(heard)} in {intent}: {text}")
        elif intent == "immigration_question" and set(alarm.dangers) - {"detention"}:
            problems.append(f"false alarm {', '.join(alarm.dangers)} in {intent}: {text}")
    totals = Counter(intent for _, intent, _ in lines)
    for what, of in (("danger not", "urgent_danger"), ("case not", "immigration_question"), ("false alarm", "")):
        count = sum(problem.startswith(what) for problem in problems)
        print(f"  {what}: {count} of {totals[of] if of else sum(totals.values())}")
    return problems


def main(arguments: list[str]) -> int:
    total = 0
    for language in [a for a in arguments if a != "--nlu"] or ["en", "ar", "so", "fa", "ps", "ur", "uk", "fr"]:
        print(language)
        problems = check_patterns(language)
        problems += check_nlu(language) if "--nlu" in arguments else check_lines(language)
        print("\n".join(f"  {problem}" for problem in problems))
        total += len(problems)
    print(f"{total} problems")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
