"""Texts of others made fit to be said: without HTML, control characters and endless length."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bot.knowledge.checks import LONGEST, cleaned

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style"})


def plain(text: object) -> str:
    """The words of a text that may hold HTML, a line for each paragraph or list item; "" for what is no text."""
    if not isinstance(text, str):
        return ""
    if _TAG.search(text):
        parser = _Words()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
        text = re.sub(r"[ \t\xa0]+", " ", text)
        text = re.sub(r" ?\n[ \n]*", "\n", text)
    return cleaned(text)


def short(text: object, most: int = LONGEST) -> str:
    """The plain text; a longer one ends after its last whole sentence, or word, that fits."""
    found = plain(text)
    if len(found) <= most:
        return found
    head = found[: most - 2]
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)|\n", head)]
    if ends and ends[-1] > most // 2:
        return head[: ends[-1]].rstrip() + " …"
    return head.rpartition(" ")[0].rstrip(" ,;:") + " …"


def line(text: object, most: int = 200) -> str:
    """One line."""
    return " ".join(short(text, most).split())


def joined(texts: list[object], by: str = "\n") -> str:
    """Each text once, in their order."""
    return short(by.join(dict.fromkeys(words for text in texts if (words := plain(text)))))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)
