"""The plan for using a qualification: the whole of it, one step of it, and the questions that shape it."""

from __future__ import annotations

import datetime as dt

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.seed import Pathway, Step
from bot.knowledge.snapshot import is_fresh
from bot.people.models import Plan, PlanStep
from bot.people.plans import next_step
from bot.replies import Button, Reply, payload

MARKS = {"todo": "▫️", "doing": "▶️", "done": "✅", "not_for_me": "➖"}
QUESTIONS = ("profession", "country", "postgraduate", "registered_elsewhere", "english", "documents", "stage")
# the questions with a fixed list of answers, each with its text `answer.<question>.<answer>`
CHOICES = {
    "postgraduate": ("yes", "no"),
    "registered_elsewhere": ("yes", "no"),
    "english": ("passed", "booked", "studied_in_english", "none"),
    "documents": ("all", "some", "none"),
    "stage": ("start", "english", "verification", "exams", "applying"),
}


def question(turn: Turn, name: str) -> Reply:
    """Asks one question of the form; every one can be skipped and explained."""
    rows: list[list[Button]] = []
    if name == "profession":
        rows = [
            [Button(label=_title(turn, p), payload=payload("inform", slot=name, value=p.key))]
            for p in turn.knowledge.pathways.values()
        ]
    for answer in CHOICES.get(name, ()):
        rows.append([turn.button(f"answer.{name}.{answer}", "inform", slot=name, value=answer)])
    last = [turn.button("button.why", "why"), turn.button("button.skip", "skip")]
    return turn.reply(turn.t(f"ask.{name}"), *rows, last)


def why(turn: Turn, name: str) -> Reply:
    return turn.reply(turn.t(f"why.{name}"))


def _title(turn: Turn, pathway: Pathway) -> str:
    return turn.knowledge.words("pathways", pathway.key, "title", turn.language).text


def _words(turn: Turn, plan: Plan, field: str) -> str:
    return turn.knowledge.words("pathways", plan.pathway, field, turn.language).text


def overview(turn: Turn, plan: Plan) -> list[Reply]:
    """The steps in order with their state, then what helps meanwhile, and a button for the step that is next."""
    pathway = turn.knowledge.pathways[plan.pathway]
    lines = [turn.t("plan.title", pathway=_title(turn, pathway)), _words(turn, plan, "summary"), ""]
    for place, row in enumerate(known_steps(turn, plan), 1):
        title = _words(turn, plan, f"{row.step}/title")
        lines.append(f"{MARKS[row.state]} {place}. {title}")
    done = sum(row.state == "done" for row in known_steps(turn, plan))
    lines += ["", turn.t("plan.progress", done=done, total=len(known_steps(turn, plan)))]
    extras = [
        turn.t(f"plan.{field}", text=text)
        for field in ("meanwhile", "money_help", "work_permission")
        if (text := _words(turn, plan, field))
    ]
    if plan.answers.get("documents") in ("some", "none") and (text := _words(turn, plan, "lost_documents")):
        extras.insert(0, turn.t("plan.lost_documents", text=text))
    if turn.language != "en":
        extras.append(turn.t("note.machine_drafted"))
    following = next_step(known_steps(turn, plan))
    rows = [[_step_button(turn, plan, following.step, "button.next_step")]] if following else []
    return [
        turn.reply("\n".join(lines)),
        turn.reply("\n\n".join(extras), *rows, [turn.person_button(), turn.menu_button()]),
    ]


def known_steps(turn: Turn, plan: Plan) -> list[PlanStep]:
    """The plan's steps that the pathway still has."""
    keys = {step.key for step in turn.knowledge.pathways[plan.pathway].steps}
    return [row for row in plan.steps if row.step in keys]


def step(turn: Turn, plan: Plan, key: str) -> Reply:
    """One step: what, who, cost with its date, time, papers, trap, link; and buttons to mark it."""
    pathway = turn.knowledge.pathways[plan.pathway]
    entry = next(s for s in pathway.steps if s.key == key)
    steps = known_steps(turn, plan)
    row = next(r for r in steps if r.step == key)
    place = steps.index(row) + 1

    def words(field: str) -> str:
        return _words(turn, plan, f"{key}/{field}")

    lines = [turn.t("plan.step_title", number=place, total=len(steps), title=words("title")), words("do")]
    lines.append(turn.t("plan.who", text=entry.who))
    lines.append(turn.t("plan.cost", text=_cost(turn, entry, words("cost"))))
    for field in ("time", "papers", "trap"):
        if text := words(field):
            lines.append(turn.t(f"plan.{field}", text=text))
    if entry.link:
        lines.append(turn.t("plan.link", link=entry.link))
    marks = [
        turn.button("button.step_done", "mark_step", step=f"{plan.pathway}/{key}", state="done"),
        turn.button("button.step_doing", "mark_step", step=f"{plan.pathway}/{key}", state="doing"),
    ]
    if row.state == "done":
        marks = [turn.button("button.step_undone", "mark_step", step=f"{plan.pathway}/{key}", state="todo")]
    ways = []
    if place > 1:
        ways.append(_step_button(turn, plan, steps[place - 2].step, "button.previous"))
    if place < len(steps):
        ways.append(_step_button(turn, plan, steps[place].step, "button.next"))
    aside = [turn.button("button.step_not_for_me", "mark_step", step=f"{plan.pathway}/{key}", state="not_for_me")]
    return turn.reply("\n\n".join(lines), marks, aside, ways, [turn.button("button.my_plan", "my_plan"), turn.person_button()])


def _cost(turn: Turn, entry: Step, text: str) -> str:
    """The figure while it may be spoken, with its day; else the link. An unsure figure says so."""
    if not entry.costs:
        return turn.t("plan.cost_none_known")
    today: dt.date = turn.at.date()
    if not all(is_fresh(cost.fact, today) for cost in entry.costs):
        return turn.t("fact.too_old", link=entry.link or entry.costs[0].fact.source)
    checked = i18n.date(turn.language, min(cost.fact.checked_on for cost in entry.costs))
    sure = all(cost.fact.sure == "V" for cost in entry.costs)
    return turn.t("plan.cost_checked" if sure else "plan.cost_unsure", text=text, date=checked)


def _step_button(turn: Turn, plan: Plan, key: str, label: str) -> Button:
    return turn.button(label, "show_step", step=f"{plan.pathway}/{key}")


def none_yet(turn: Turn) -> Reply:
    return turn.reply(turn.t("plan.none"), [turn.button("button.qualification", "use_qualification"), turn.menu_button()])


def not_covered(turn: Turn, profession: str | None) -> Reply:
    """For a profession without a pathway: the general route and the official list of regulators; never invented steps."""
    return turn.reply(
        turn.t("plan.not_covered"), [turn.person_button(), turn.button("button.help", "find_help", need="employment")]
    )
