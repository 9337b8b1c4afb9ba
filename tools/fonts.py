"""Makes data/fonts/ from the Noto fonts of Debian's package fonts-noto-core: the letters of our languages, nothing else.

Usage: python tools/fonts.py FOLDER. FOLDER holds the four originals and has the package's `copyright` beside it or below.
The originals come with `apt-get download fonts-noto-core` and `dpkg -x`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types

OUT = Path(__file__).resolve().parents[1] / "data/fonts"
LATIN_AND_CYRILLIC = (
    (0x20, 0x7E),
    (0xA0, 0x24F),  # every Latin letter of Europe's and Africa's languages
    (0x2B0, 0x2FF),  # the modifier letters that stand for an apostrophe
    (0x300, 0x36F),
    (0x400, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x205E),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2200, 0x22FF),
    (0xFFFD, 0xFFFD),
)
EVERYTHING = ((0x20, 0xFFFF),)
FILES = {
    "NotoSans-Regular.ttf": LATIN_AND_CYRILLIC,
    "NotoSans-Bold.ttf": LATIN_AND_CYRILLIC,
    "NotoNaskhArabic-Regular.ttf": EVERYTHING,
    "NotoNaskhArabic-Bold.ttf": EVERYTHING,
}


def subset(source: Path, ranges: tuple[tuple[int, int], ...]) -> Path:
    """Writes the font without hints (nothing we draw with uses them) and with every table that shaping needs."""
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]  # copyright and licence stay in the file
    if ranges is EVERYTHING:
        options.layout_features = ["*"]  # the forms of letters and digits that differ between Arabic, Persian, Urdu, Pashto
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={code for first, last in ranges for code in range(first, last + 1)})
    subsetter.subset(font)
    target = OUT / source.name
    font.save(target)
    return target


def licence(copyright_file: Path) -> str:
    """The owners and the text of the OFL, out of Debian's machine-readable copyright file."""
    text = copyright_file.read_text(encoding="utf-8")
    owners = re.search(r"(?ms)^Files: \*\nCopyright:\n(.*?)^License-Grant:", text)
    terms = re.search(r"(?ms)^License: OFL-1\.1\n( PREAMBLE.*?)(?=^\S|\Z)", text)
    if owners is None or terms is None:
        sys.exit(f"{copyright_file.name}: no owners or no text of the licence in it")
    lines = [line.strip() if line.strip() != "." else "" for line in terms[1].splitlines()]
    holders = "\n".join(f"Copyright {line.strip()}" for line in owners[1].splitlines() if line.strip())
    head = "Noto Sans and Noto Naskh Arabic, cut down to the letters of our languages by tools/fonts.py."
    grant = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
    return "\n".join([head, "", holders, "", grant, "", "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007", "", *lines, ""])


def main(folder: Path) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, ranges in FILES.items():
        made = subset(next(folder.rglob(name)), ranges)
        total += made.stat().st_size
        print(f"{made.name}: {made.stat().st_size:,} bytes")
    (OUT / "OFL.txt").write_text(licence(next(folder.rglob("fonts-noto-core/copyright"))), encoding="utf-8")
    print(f"together {total:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
