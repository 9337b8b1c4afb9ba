"""One step of a plan: what to do, who, what it costs today, how long, with which papers, what to take care of; and marking it."""

from __future__ import annotations

from bot import i18n
from bot.answers import plans, short_first
from bot.answers.short_first import Part
from bot.answers.suggestions import wrong_button
from bot.conversation.turn import Turn
from bot.knowledge.plans import costs_on
from bot.knowledge.seed import Step
from bot.knowledge.snapshot import is_fresh
from bot.people.models import Plan, PlanStep
from bot.people.reminders import WAITS_DAYS
from bot.replies import Button, Reply


def step(turn: Turn, plan: Plan, key: str, *, whole: bool = False) -> Reply:
    """The step with its place in the plan, and buttons to mark it, to be reminded of it, to go on and back.

    Short first, unless it is wanted `whole`: what is not needed at once waits for "more".
    """
    turn.used.add(("pathways", plan.pathway))
    rows = plans.known_steps(turn, plan)
    place = next(place for place, row in enumerate(rows) if row.step == key)
    said, waiting = short_first.halves(_parts(turn, plan, key), whole=whole)
    heading = turn.t("plan.step_title", number=place + 1, total=len(rows), title=_words(turn, plan, key, "title"))
    more = [[short_first.button(turn, "pathways", f"{plan.pathway}/{key}")]] if waiting else []
    return turn.reply("\n\n".join([heading, *said]), *more, *_buttons(turn, plan, rows, place))


def rest(turn: Turn, plan: Plan, key: str) -> Reply:
    """What waited; all of it when nothing did."""
    said, waiting = short_first.halves(_parts(turn, plan, key))
    lines = [_words(turn, plan, key, "title"), *(waiting or said)]
    if turn.language != "en":
        lines.append(turn.t("note.machine_drafted"))
    back = turn.button("button.show_step", "show_step", step=f"{plan.pathway}/{key}")
    return turn.reply("\n\n".join(lines), [back, turn.button("button.my_plan", "my_plan")], [turn.person_button()])


def _parts(turn: Turn, plan: Plan, key: str) -> list[Part]:
    """What to do begins it; costs, what to take care of, what paid work needs and the official page are said at once."""
    entry = next(s for s in turn.knowledge.pathways[plan.pathway].steps if s.key == key)
    parts = [short_first.begins(_words(turn, plan, key, "do"), _english(turn, plan, key, "do"))]
    parts.append(short_first.waits(turn.t("plan.who", text=entry.who), entry.who))
    parts.append(short_first.stays(turn.t("plan.cost", text=_cost(turn, entry, _words(turn, plan, key, "cost")))))
    for field in ("time", "papers", "trap"):
        if text := _words(turn, plan, key, field):
            said, english = turn.t(f"plan.{field}", text=text), _english(turn, plan, key, field)
            parts.append(short_first.stays(said) if field == "trap" else short_first.waits(said, english))
    if entry.paid_work:
        parts.append(short_first.stays(turn.t("plan.paid_work")))
    return [*parts, short_first.stays(turn.t("plan.link", link=entry.link))] if entry.link else parts


def _buttons(turn: Turn, plan: Plan, rows: list[PlanStep], place: int) -> list[list[Button]]:
    row = rows[place]
    this = f"{plan.pathway}/{row.step}"
    if row.state in ("done", "not_for_me"):
        marks = [turn.button("button.step_undone", "mark_step", step=this, state="todo")]
        aside = []
    else:
        marks = [
            turn.button("button.step_done", "mark_step", step=this, state="done"),
            turn.button("button.step_doing", "mark_step", step=this, state="doing"),
        ]
        aside = [
            turn.button("button.step_not_for_me", "mark_step", step=this, state="not_for_me"),
            turn.button("button.remind_me", "remind_me", step=this),
        ]
    ways = []
    if place > 0:
        ways.append(turn.button("button.previous", "show_step", step=f"{plan.pathway}/{rows[place - 1].step}"))
    if place + 1 < len(rows):
        ways.append(turn.button("button.next", "show_step", step=f"{plan.pathway}/{rows[place + 1].step}"))
    return [
        marks,
        aside,
        ways,
        wrong_button(turn, "pathways", this),
        [turn.button("button.my_plan", "my_plan"), turn.person_button()],
    ]


def _words(turn: Turn, plan: Plan, key: str, field: str) -> str:
    return plans.words(turn, plan, f"{key}/{field}")


def _english(turn: Turn, plan: Plan, key: str, field: str) -> str:
    return turn.knowledge.words("pathways", plan.pathway, f"{key}/{field}", "en").text


def _cost(turn: Turn, entry: Step, text: str) -> str:
    """What is to be paid today, with its day; the link where the figure is too old. An unsure figure says so."""
    today = turn.at.date()
    due = costs_on(entry, text, today)
    if not due:
        return turn.t("plan.cost_none_known")
    if not all(is_fresh(one.cost.fact, today) for one in due):
        return turn.t("fact.too_old", link=entry.link or due[0].cost.fact.source)
    checked = i18n.date(turn.language, min(one.cost.fact.checked_on for one in due))
    sure = all(one.cost.fact.sure == "V" for one in due)
    said = turn.t("list.semicolon").join(one.words for one in due)
    return turn.t("plan.cost_checked" if sure else "plan.cost_unsure", text=said, date=checked)


def ask_when(turn: Turn, step: str) -> Reply:
    """When to remind of the step: the days to choose from."""
    choices = [turn.button(f"button.remind_in_{days}", "set_reminder", step=step, days=str(days)) for days in WAITS_DAYS]
    return turn.reply(turn.t("reminder.ask"), *([choice] for choice in choices), [turn.button("button.my_plan", "my_plan")])
