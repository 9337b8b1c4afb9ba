"""The training lines as they stand in `data/nlu/<language>/*.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import List, Tuple

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads forty thousand lines in a second

# what people express in words; data/nlu/README.md says what each is. Buttons and commands send others (domain.yml).
INTENTS = (
    "greet",
    "explain_term",
    "use_qualification",
    "my_plan",
    "find_help",
    "talk_to_person",
    "offer_skills",
    "success_stories",
    "change_language",
    "my_data",
    "about_bot",
    "immigration_question",
    "urgent_danger",
    "feedback",
    "affirm",
    "deny",
    "thanks",
    "goodbye",
    "cancel",
    "menu",
    "out_of_scope",
)


def lines_of(folder: Path) -> List[Tuple[str, str, str]]:
    """Every (file, intent, line) of a language folder."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  a safe one
        for block in content["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip():
                    found.append((path.name, block["intent"], line.strip().removeprefix("- ").strip()))
    return found
