"""In which language the page speaks before the person has said anything."""

from __future__ import annotations

from collections.abc import Sequence

ALIASES = {"prs": "fa", "arb": "ar", "pbu": "ps", "pbt": "ps", "som": "so"}


def choose(languages: Sequence[str], asked: str, confirmed: str, accept_language: str) -> str:
    """The first that we speak of: `asked` (?lang=), the language the person confirmed, the browser's wishes, English."""
    for tag in (asked, confirmed, *_wishes(accept_language)):
        primary = tag.strip().lower().replace("_", "-").partition("-")[0]
        code = ALIASES.get(primary, primary)
        if code in languages:
            return code
    return "en"


def _wishes(header: str) -> list[str]:
    """Tags of an Accept-Language header, most wanted first. What cannot be read is left out."""
    wishes: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, parameter = part.partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0
        if weight > 0:
            wishes.append((weight, tag))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]
