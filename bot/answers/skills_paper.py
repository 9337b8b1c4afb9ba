"""Somebody's skills on one page, English beside their language: for them to show and to send on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from bot import i18n
from bot.answers import talents
from bot.conversation.turn import Turn
from bot.replies import Block, Paper, Reply
from bot.talents import naming, profile
from bot.talents.catalogue import catalogue
from bot.talents.models import Talent

ENGLISH = "en"
LINE = "\u00a0" * 2 + "_" * 18  # to write a name on by hand: none is asked for, none is kept


def skills(turn: Turn, form: str) -> Reply:
    """The page as a picture or a PDF; the empty list when there is nothing on it."""
    held = profile.held(turn.session, turn.person.id)
    if not held:
        return talents.listing(turn)
    made: Literal["pdf", "png"] = "png" if form == "png" else "pdf"
    paper = Paper(name="my-skills", form=made, language=turn.language, blocks=blocks(turn, held))
    other = (
        turn.button("button.as_pdf", "skills_paper", form="pdf")
        if made == "png"
        else turn.button("button.as_picture", "skills_paper", form="png")
    )
    text = turn.t("talents.paper")
    return Reply(text=text, language=turn.language, rows=[[other, turn.button("button.skills_list", "my_skills")]], paper=paper)


def blocks(turn: Turn, held: Sequence[Talent]) -> list[Block]:
    """Title, a line for the name, work, skills by their groups, languages, own words; at the end what the page is and is not."""
    own = turn.language
    found = [_pair(turn, "title", "paper.skills"), _pair(turn, "text", "paper.skills_name", line=LINE)]
    jobs = [row for row in held if row.kind == "job"]
    if jobs:
        found += [_pair(turn, "heading", "paper.skills_jobs"), *(_talent(turn, row) for row in jobs)]
    for heading, rows in _grouped(turn, held):
        found += [heading, *(_talent(turn, row) for row in rows)]
    found += [
        Block(kind="note", text=i18n.t(ENGLISH, "paper.skills_codes", codes=codes), language=ENGLISH)
        for codes in [_codes(turn, jobs)]
        if codes
    ]
    found.append(Block(kind="note", text=i18n.t(ENGLISH, "paper.skills_said"), language=ENGLISH))
    if own != ENGLISH:
        found.append(Block(kind="note", text=turn.t("paper.skills_said"), language=own))
    notes = [turn.t("paper.made_on", date=i18n.date(own, turn.at.date()))]
    notes += [turn.t("note.machine_drafted")] if own != ENGLISH else []
    return [*found, *(Block(kind="note", text=note, language=own) for note in notes)]


def _grouped(turn: Turn, held: Sequence[Talent]) -> Iterator[tuple[Block, list[Talent]]]:
    """Skills under the names of their groups in the order of the list, then what ESCO knows, languages, and own words."""
    known = catalogue()
    for group in known.groups:
        rows = [row for row in held if row.kind == "skill" and row.key in known.skills and known.skills[row.key].group == group]
        if rows:
            yield _both(turn, "heading", known.group(group, ENGLISH), known.group(group, turn.language)), rows
    others = [row for row in held if row.kind == "skill" and row.key not in known.skills]
    for key, rows in (
        ("paper.skills_more", others),
        ("paper.skills_languages", [row for row in held if row.kind == "language"]),
        ("paper.skills_own", [row for row in held if row.kind not in ("job", "skill", "language")]),
    ):
        if rows:
            yield _pair(turn, "heading", key), rows


def _talent(turn: Turn, row: Talent) -> Block:
    """English, and theirs; own words stand as they are on their side, and in English that they were not translated."""
    theirs = talents.name_of(turn, row)
    listed = naming.in_list(turn.session, row.kind, row.key, ENGLISH) if row.key else ""
    years = row.years if isinstance(row.years, int) else 0
    if row.words and row.language != ENGLISH and not listed:
        listed = i18n.t(
            ENGLISH, "paper.skills_own_words", language=i18n.locale(ENGLISH).languages.get(row.language, row.language)
        )
    elif row.words and row.language == ENGLISH:
        listed = row.words
    english = i18n.t(ENGLISH, "talents.with_years", count=years, skill=listed) if years else listed or theirs
    return _both(turn, "pair", english, theirs)


def _codes(turn: Turn, jobs: Sequence[Talent]) -> str:
    """ "nurse: ISCO-08 2221" for each job of which we are sure."""
    named = {"isco": "ISCO-08", "soc": "SOC 2020"}
    found = []
    for row in jobs:
        codes = [f"{named[name]} {code}" for name, code in naming.codes(turn.session, row).items() if name in named]
        if codes:
            found.append(f"{naming.in_list(turn.session, row.kind, row.key, ENGLISH)}: {', '.join(codes)}")
    return "; ".join(found)


def _pair(turn: Turn, kind: Literal["title", "heading", "text", "pair"], key: str, **values: str) -> Block:
    return _both(turn, kind, i18n.t(ENGLISH, key, count=None, **values), i18n.t(turn.language, key, count=None, **values))


def _both(turn: Turn, kind: Literal["title", "heading", "text", "pair"], english: str, own: str) -> Block:
    other = "" if turn.language == ENGLISH else own
    return Block(kind=kind, text=english, language=ENGLISH, other=other, other_language=turn.language if other else "")
