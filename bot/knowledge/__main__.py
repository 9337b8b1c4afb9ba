"""`python -m bot.knowledge FOLDER`: reads the knowledge files and prints counts, or every problem."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.knowledge.reading import read
from bot.knowledge.seed import SeedError


def main(folder: str) -> int:
    try:
        seed = read(Path(folder))
    except SeedError as error:
        print("\n".join(error.problems))
        return 1
    languages = {language: sum(map(len, kinds.values())) for language, kinds in seed.texts.items()}
    print(f"{len(seed.terms)} terms, {len(seed.services)} services, {len(seed.safety)} safety numbers,")
    print(f"{len(seed.pathways)} pathways; translated entries: {languages}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
