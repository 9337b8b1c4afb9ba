"""What a paper is called, in one line: in its document and for whoever cannot see it."""

from __future__ import annotations

from bot.papers.cleaning import paragraphs
from bot.replies import Paper


def title_of(paper: Paper) -> str:
    """The title in the paper's language; the name of the file for a paper without one."""
    title = next((block for block in paper.blocks if block.kind == "title"), None)
    words = (title.other if title.other_language == paper.language else title.text) if title else ""
    return " ".join(paragraphs(words)) or paper.name
