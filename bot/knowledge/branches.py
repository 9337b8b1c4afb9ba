"""Whether a pathway leads somewhere, whatever a person answers: no dead end, no step that nobody reaches, no circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import product

from bot.knowledge.seed import Pathway, Step

# every question that a pathway may ask, each with every answer it may tell apart, in the order in which they are offered; `country`
# has the pathway's own groups
ANSWERS = {
    "postgraduate": ("yes", "no"),
    "registered_elsewhere": ("yes", "no"),
    "practice": ("recent", "years_2_5", "over_5"),
    "english": ("passed", "booked", "studied_in_english", "none"),
    "documents": ("all", "some", "none"),
    "asylum": ("waiting", "no"),
    "stage": ("start", "english", "verification", "exams", "applying", "registered_soon"),
}


def problems_of(pathway: Pathway) -> list[str]:
    """One line for each thing that is wrong; empty when every combination of answers gives a plan with an end."""
    where = f"pathways: {pathway.key}"
    found = [*_steps(pathway), *_questions(pathway)]
    return [f"{where}: {problem}" for problem in found or _ends(pathway)]


def _steps(pathway: Pathway) -> Iterator[str]:
    keys = [step.key for step in pathway.steps]
    yield from (f"step {key}: used {times} times" for key, times in Counter(keys).items() if times > 1)
    for place, step in enumerate(pathway.steps):
        for question, answers in step.when.items():
            known = pathway.questions.get(question)
            if known is None:
                yield f"step {step.key}: there is no question {question}"
            elif not answers:
                yield f"step {step.key}: nobody reaches it, {question} names no answer"
            elif unknown := set(answers) - set(known):
                yield f"step {step.key}: {question} has no answer {', '.join(sorted(unknown))}"
        for before in step.after:
            if before not in keys:
                yield f"step {step.key}: there is no step {before} to come before it"
            elif keys.index(before) > place:
                yield f"step {step.key}: stands before {before}, which must come first"
        if step.weeks and not 0 <= step.weeks[0] <= step.weeks[1]:
            yield f"step {step.key}: weeks go from less to more"
        for cost in step.costs:
            if cost.low_gbp is not None and cost.high_gbp is not None and cost.low_gbp > cost.high_gbp:
                yield f"step {step.key}: a cost goes from less to more"
            if cost.valid_from and cost.valid_to and cost.valid_to < cost.valid_from:
                yield f"step {step.key}: a cost ends before it starts"
    try:
        list(TopologicalSorter({step.key: step.after for step in pathway.steps}).static_order())
    except CycleError as error:
        yield f"steps wait for each other: {', '.join(error.args[1])}"
    for stage, key in pathway.stages.items():
        if key not in keys:
            yield f"stage {stage}: there is no step {key}"
        if stage not in pathway.questions.get("stage", []):
            yield f"stage {stage}: the question has no such answer"


def _questions(pathway: Pathway) -> Iterator[str]:
    used = {question for step in pathway.steps for question in step.when} | ({"stage"} if pathway.stages else set())
    for question, answers in pathway.questions.items():
        groups = {*pathway.country_groups, "eea_swiss", "other"}
        allowed = groups if question == "country" else set(ANSWERS.get(question, ()))
        if not allowed:
            yield f"there is no question {question} to ask"
        elif unknown := set(answers) - allowed - {"unknown"}:
            yield f"{question} cannot be answered with {', '.join(sorted(unknown))}"
        if "unknown" not in answers:
            yield f"{question} cannot be skipped: it needs the answer unknown"
        if question not in used:
            yield f"{question} is asked and changes nothing"


def _ends(pathway: Pathway) -> Iterator[str]:
    """Each plan's last step must be a goal. It is the last step for everybody, or one of those behind it."""
    last_for_all = max((n for n, step in enumerate(pathway.steps) if not step.when), default=None)
    if last_for_all is None:
        yield "no step belongs to every plan"
        return
    tail = pathway.steps[last_for_all:]
    questions = sorted({question for step in tail for question in step.when})
    for combination in product(*(pathway.questions[question] for question in questions)):
        answers = dict(zip(questions, combination, strict=True))
        end = [step for step in tail if holds(step, answers)][-1]
        if not end.goal:
            said = ", ".join(f"{question} {answer}" for question, answer in answers.items())
            yield f"dead end: the plan stops at {end.key}, which is no goal" + (f" ({said})" if said else "")


def holds(step: Step, answers: dict[str, str]) -> bool:
    """Whether the step belongs to the plan of somebody who answered so."""
    return all(answers[question] in allowed for question, allowed in step.when.items())
