"""The plan for using a qualification: the whole of it and the questions that shape it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from bot.answers import totals
from bot.answers.journeys import plan_buttons
from bot.conversation.turn import Turn
from bot.knowledge.branches import ANSWERS
from bot.knowledge.seed import Pathway, Step
from bot.people.models import Plan, PlanStep
from bot.people.plans import can_begin, next_step
from bot.replies import Button, Reply, in_list, payload

MARKS = {"todo": "▫️", "doing": "▶️", "done": "✅", "not_for_me": "➖"}
BEGINS_NOW = "🔹"
QUESTIONS = (
    "profession", "country", "postgraduate", "registered_elsewhere", "practice", "english", "documents", "asylum", "stage",
)  # fmt: skip
MOST_ASKED = 12  # professions on buttons; every other one can be written


def question(turn: Turn, name: str, pathway: Pathway | None = None) -> Reply:
    """Asks one question of the form, with the answers that `pathway` tells apart; every one can be skipped and explained."""
    rows: list[list[Button]] = []
    numbered: list[str] = []
    if name == "profession":
        named = [p for p in turn.knowledge.pathways.values() if p.professions][:MOST_ASKED]
        buttons = in_list(Button(label=_name(turn, p), payload=payload("inform", slot=name, value=p.key)) for p in named)
        numbered = [button.payload for button in buttons]
        rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
        rows.append([turn.button("button.other_profession", "inform", slot=name, value="other")])
    elif name != "country":
        told_apart = pathway.questions.get(name, []) if pathway else ANSWERS[name]
        for answer in (answer for answer in ANSWERS[name] if answer in told_apart):
            rows.append([turn.button(f"answer.{name}.{answer}", "inform", slot=name, value=answer)])
    reply = turn.reply(turn.t(f"ask.{name}"), *rows, [turn.button("button.why", "why"), turn.button("button.skip", "skip")])
    return structs.replace(reply, numbered=numbered)


def why(turn: Turn, name: str) -> Reply:
    return turn.reply(turn.t(f"why.{name}"))


def _name(turn: Turn, pathway: Pathway) -> str:
    words = turn.knowledge.words("pathways", pathway.key, "name", turn.language)
    return (words or turn.knowledge.words("pathways", pathway.key, "title", turn.language)).text


def words(turn: Turn, plan: Plan, field: str) -> str:
    """A text of the plan's pathway in the person's language; a step's is `<step>/<field>`."""
    return turn.knowledge.words("pathways", plan.pathway, field, turn.language).text


def overview(turn: Turn, plan: Plan) -> list[Reply]:
    """The steps in order with their state and what they cost together; then what helps, and a button for what is next.

    The number of a step, typed, shows it.
    """
    pathway, rows = turn.knowledge.pathways[plan.pathway], known_steps(turn, plan)
    turn.used.add(("pathways", plan.pathway))
    begin = {row.step for row in can_begin(rows, pathway)}
    lines = [turn.t("plan.title", pathway=words(turn, plan, "title")), words(turn, plan, "summary"), ""]
    for place, row in enumerate(rows, 1):
        mark = BEGINS_NOW if row.state == "todo" and row.step in begin else MARKS[row.state]
        lines.append(f"{mark} {place}. {words(turn, plan, f'{row.step}/title')}")
    done = sum(row.state == "done" for row in rows)
    lines += ["", turn.t("plan.progress", done=done, total=len(rows))]
    if len(begin) > 1:
        lines.append(turn.t("plan.begin_now", mark=BEGINS_NOW))
    left = [step for step in entries(pathway, rows) if _is_open(rows, step)]
    lines += totals.lines(turn, left)
    following = next_step(rows)
    buttons = [[turn.button("button.next_step", "show_step", step=f"{plan.pathway}/{following.step}")]] if following else []
    buttons += [
        [turn.button("button.plan_picture", "plan_paper", form="png"), turn.button("button.plan_pdf", "plan_paper", form="pdf")]
    ]
    buttons += [[turn.button("button.desk_card", "desk_card")], plan_buttons(turn), [turn.person_button(), turn.menu_button()]]
    last = turn.reply("\n\n".join(_extras(turn, plan, pathway)), *buttons)
    steps = [payload("show_step", step=f"{plan.pathway}/{row.step}") for row in rows]
    return [turn.reply("\n".join(lines)), structs.replace(last, numbered=steps)]


def _extras(turn: Turn, plan: Plan, pathway: Pathway) -> Iterable[str]:
    """What helps beside the steps. Who waits for an asylum decision is not told of paid jobs (facts/pathways.md, head)."""
    fields = ["money_help", "meanwhile", "work_permission"]
    if plan.answers.get("asylum") == "waiting":
        fields = ["work_permission", "money_help"]
    if plan.answers.get("documents") in ("some", "none"):
        fields.insert(0, "lost_documents")
    yield from (turn.t(f"plan.{field}", text=text) for field in fields if (text := words(turn, plan, field)))
    profession = plan.answers.get("profession", "")
    codes = [code for code in pathway.codes if code.profession == profession or len(pathway.codes) == 1]
    for code in codes[:1]:
        named = [f"{name} {value}" for name, value in (("SOC 2020", code.soc2020), ("ISCO-08", code.isco08)) if value]
        yield turn.t("plan.codes", codes=turn.t("list.separator").join(named))
    if turn.language != "en":
        yield turn.t("note.machine_drafted")


def known_steps(turn: Turn, plan: Plan) -> list[PlanStep]:
    """The plan's steps that the pathway still has."""
    keys = {step.key for step in turn.knowledge.pathways[plan.pathway].steps}
    return [row for row in plan.steps if row.step in keys]


def entries(pathway: Pathway, rows: list[PlanStep]) -> list[Step]:
    """The pathway's own words on each of the plan's steps, in the plan's order."""
    by_key = {step.key: step for step in pathway.steps}
    return [by_key[row.step] for row in rows]


def _is_open(rows: list[PlanStep], step: Step) -> bool:
    return any(row.step == step.key and row.state in ("todo", "doing") for row in rows)


def none_yet(turn: Turn) -> Reply:
    return turn.reply(turn.t("plan.none"), [turn.button("button.qualification", "use_qualification"), turn.menu_button()])


def not_covered(turn: Turn) -> Reply:
    """Before the general route: there is no plan for this very profession, and it was noted that somebody asked."""
    return turn.reply(turn.t("plan.not_covered"))
