"""What somebody can do: the questions, one at a time, the list, and the ways to correct it, show it and take it away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from bot import i18n
from bot.conversation.turn import Turn
from bot.replies import Button, Reply, in_list, payload
from bot.talents import naming, profile, sharing
from bot.talents.models import Talent
from bot.talents.profile import Question

BY_PAGE = 8  # things with a button each
LONGEST_LABEL = 38  # letters of a button


def begin(turn: Turn) -> list[Reply]:
    """The first time: what this is, who sees it, that they can stop. Later: what is on the list so far."""
    held = profile.held(turn.session, turn.person.id)
    if not held:
        return [turn.reply(turn.t("talents.begin"))]
    return [turn.reply(turn.t("talents.so_far", skills=_listed(turn, held)))]


def question(turn: Turn) -> Reply:
    """What is open: to be confirmed, together or one by one; or what else there is."""
    asked = profile.question(turn.session, turn.person.id)
    if asked.asks in ("first", "more"):
        done = [_answer(turn, "button.skills_done", "done")] if asked.asks == "more" else [turn.button("button.cancel", "cancel")]
        return turn.reply(turn.t(f"talents.{asked.asks}"), done)
    if asked.asks == "rename":
        row = asked.rows[0]
        keep = _answer(turn, "button.skills_keep_name", "keep", (row,))
        return turn.reply(turn.t("talents.rename", skill=_name(turn, row)), [keep])
    if asked.asks in ("one", "own"):
        return _about_one(turn, asked)
    return _about_several(turn, asked)


def _about_one(turn: Turn, asked: Question) -> Reply:
    row = asked.rows[0]
    key = "talents.own" if row.kind == "own" else "talents.one_job" if row.kind == "job" else "talents.one"
    yes, no = (_answer(turn, f"button.skills_{name}", name, asked.rows) for name in ("yes", "no"))
    return turn.reply(turn.t(key, skill=_name(turn, row)), [yes, no])


def _about_several(turn: Turn, asked: Question) -> Reply:
    """ "You have worked as: nurse. You can: give injections, speak Tigrinya. Is this right?" """
    jobs, skills = [row for row in asked.rows if row.kind == "job"], [row for row in asked.rows if row.kind != "job"]
    lines = [turn.t("talents.said_jobs", jobs=_listed(turn, jobs))] if jobs else []
    if asked.asks == "implied":
        job = naming.in_list(turn.session, "job", str(skills[0].implied_by), turn.language)
        lines = [turn.t("talents.implied", job=job, skills=_listed(turn, skills))]
    else:
        lines += [turn.t("talents.said_skills", skills=_listed(turn, skills))] if skills else []
        lines.append(turn.t("talents.right"))
    yes, no = _answer(turn, "button.skills_yes_all", "yes", asked.rows), _answer(turn, "button.skills_none", "no", asked.rows)
    if len(asked.rows) == 1:
        yes, no = _answer(turn, "button.skills_yes", "yes", asked.rows), _answer(turn, "button.skills_no", "no", asked.rows)
        return turn.reply("\n".join(lines), [yes, no])
    return turn.reply("\n".join(lines), [yes], [_answer(turn, "button.skills_choose", "choose", asked.rows), no])


def noted(turn: Turn, rows: Sequence[Talent]) -> Reply:
    return turn.reply(turn.t("talents.noted", skills=_listed(turn, rows)))


def told(turn: Turn, how: str) -> list[Reply]:
    """What is said before the next question; most often nothing."""
    if how in ("refused", "some_refused"):
        return [turn.reply(turn.t(f"talents.{how}"), [turn.person_button()])]
    return [turn.reply(turn.t(f"talents.{how}"))] if how in ("full", "renamed", "known", "nothing") else []


def listing(turn: Turn, first: str = "") -> Reply:
    """The list, whether somebody else sees it, and all that can be done with it."""
    held = profile.held(turn.session, turn.person.id)
    if not held:
        text = turn.t("talents.empty")
        return turn.reply(f"{first}\n\n{text}".strip(), [turn.button("button.skills_tell", "talents")], [turn.menu_button()])
    shared = sharing.current(turn.session, turn.person.id)
    seen = turn.t("talents.shared", date=i18n.date(turn.language, shared.until.date())) if shared else turn.t("talents.private")
    listed = [f"{number}. {_name(turn, row)}" for number, row in enumerate(held, 1)]
    lines = [first, turn.t("talents.list"), *listed, "", seen]
    rows = [
        [
            turn.button("button.skills_picture", "skills_paper", form="png"),
            turn.button("button.skills_pdf", "skills_paper", form="pdf"),
        ],
        [turn.button("button.skills_add", "talents"), turn.button("button.skills_change", "forget_skill")],
        [
            turn.button(
                "button.skills_unshare" if shared else "button.skills_share",
                "share_skills",
                **({"answer": "no"} if shared else {}),
            )
        ],
        [turn.person_button(), turn.menu_button()],
    ]
    reply = turn.reply("\n".join(lines).strip(), *rows)
    return structs.replace(reply, numbered=[_to_change(row) for row in held])


def to_change(turn: Turn, page: int = 0) -> Reply:
    """Which one: a button for each thing, a page at a time; and all of it."""
    held = profile.held(turn.session, turn.person.id)
    if not held:
        return listing(turn)
    page = page if 0 <= page * BY_PAGE < len(held) else 0
    these = held[page * BY_PAGE : (page + 1) * BY_PAGE]
    buttons = in_list(Button(label=_short(_name(turn, row)), payload=_to_change(row)) for row in these)
    rows = [[button] for button in buttons]
    if len(held) > BY_PAGE:
        following = (page + 1) if (page + 1) * BY_PAGE < len(held) else 0
        rows.append([turn.button("button.skills_more", "forget_skill", what=str(following))])
    rows += [
        [turn.button("button.skills_forget_all", "forget_skill", key="all")],
        [turn.button("button.skills_list", "my_skills")],
    ]
    return structs.replace(turn.reply(turn.t("talents.which"), *rows), numbered=[button.payload for button in buttons])


def change_one(turn: Turn, row: Talent) -> Reply:
    """What is to be done with it."""
    take_away = turn.button("button.skills_take_away", "forget_skill", key=str(row.id), answer="yes")
    other_name = turn.button("button.skills_rename", "talent_answer", answer="rename", key=str(row.id))
    return turn.reply(
        turn.t("talents.change", skill=_name(turn, row)),
        [take_away],
        [other_name],
        [turn.button("button.skills_list", "my_skills")],
    )


def ask_forget_all(turn: Turn) -> Reply:
    yes = turn.button("button.skills_forget_yes", "forget_skill", answer="yes", key="all")
    return turn.reply(turn.t("talents.forget_all"), [yes, turn.button("button.skills_forget_no", "my_skills")])


def ask_share(turn: Turn) -> Reply:
    """Exactly what is shown, to whom, until when; and that it can be taken back."""
    held = profile.held(turn.session, turn.person.id)
    if not held:
        return listing(turn)
    until = i18n.date(turn.language, sharing.until(turn.at))
    yes = turn.button("button.skills_share_yes", "share_skills", answer="yes")
    text = turn.t("talents.ask_share", skills=_listed(turn, held), date=until)
    return turn.reply(text, [yes, turn.button("button.skills_share_no", "share_skills", answer="no")])


def offer(turn: Turn) -> Reply:
    """What somebody who wants to give something may like: each with a button."""
    ways = (
        ("offer_skills.talents", "talents"),
        ("offer_skills.opportunity", "find_opportunity"),
        ("offer_skills.find_mentor", "find_mentor"),
        ("offer_skills.be_mentor", "be_mentor"),
        ("offer_skills.story", "tell_story"),
    )
    mine = [[turn.button("button.skills_list", "my_skills")]] if profile.held(turn.session, turn.person.id) else []
    rows = [[turn.button(key, intent)] for key, intent in ways]
    return turn.reply(turn.t("offer_skills.ask"), *rows, *mine, [turn.person_button(), turn.menu_button()])


def name_of(turn: Turn, row: Talent) -> str:
    """As a list shows it: the name, and the years when they said how many."""
    return _name(turn, row)


def _name(turn: Turn, row: Talent) -> str:
    named = naming.name(turn.session, row, turn.language)
    years = row.years if isinstance(row.years, int) else 0
    return turn.t("talents.with_years", count=years, skill=named) if years else named


def _listed(turn: Turn, rows: Iterable[Talent]) -> str:
    return turn.t("list.separator").join(_name(turn, row) for row in rows)


def _answer(turn: Turn, key: str, answer: str, rows: Sequence[Talent] = ()) -> Button:
    """The button names what it is about: an older one says nothing of what is asked now."""
    about = {"key": ",".join(str(row.id) for row in rows)} if rows else {}
    return turn.button(key, "talent_answer", answer=answer, **about)


def _to_change(row: Talent) -> str:
    """Asks what is to be done with it; does nothing yet."""
    return payload("forget_skill", key=str(row.id))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
