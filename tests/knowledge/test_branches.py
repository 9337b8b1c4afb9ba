"""A pathway leads somewhere whatever a person answers, or it is refused with the reason; prices are those of the day."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from msgspec.structs import replace

from bot.knowledge import branches, plans
from bot.knowledge.seed import Cost, Fact, Pathway, Seed, Step

FACT = Fact(source="test", checked_on=dt.date(2026, 11, 23), review_by=dt.date(2027, 3, 31), volatility="B", sure="V")


def step(key: str, **more: object) -> Step:
    return Step(key=key, title=key, do=key, who="x", fact=FACT, **more)  # type: ignore[arg-type]  # any of a step's fields


def pathway(*steps: Step, **more: object) -> Pathway:
    questions = more.pop("questions", {})
    return Pathway(
        key="p",
        title="p",
        summary="p",
        regulator="x",
        professions=["p"],
        questions=questions,
        steps=list(steps),
        fact=FACT,
        **more,
    )  # type: ignore[arg-type]  # any of a pathway's fields


PAPERS = {"documents": ["all", "none", "unknown"]}


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (pathway(step("a", goal=True)), ""),
        (pathway(step("a")), "dead end"),
        (
            pathway(step("a", goal=True), step("b", when={"documents": ["none"]}), questions=PAPERS),
            "dead end: the plan stops at b",
        ),
        (pathway(step("a", when={"documents": ["none"]}, goal=True), questions=PAPERS), "no step belongs to every plan"),
        (pathway(step("a", when={"luck": ["good"]}, goal=True)), "there is no question luck"),
        (pathway(step("a", when={"documents": ["eaten"]}, goal=True), questions=PAPERS), "documents has no answer eaten"),
        (pathway(step("a", when={"documents": []}, goal=True), questions=PAPERS), "nobody reaches it"),
        (pathway(step("a", after=["b"]), step("b", after=["a"], goal=True)), "steps wait for each other"),
        (pathway(step("a", after=["x"], goal=True)), "there is no step x"),
        (pathway(step("a", goal=True), questions=PAPERS), "documents is asked and changes nothing"),
        (pathway(step("a", goal=True), questions={"luck": ["good", "unknown"]}), "there is no question luck to ask"),
        (
            pathway(step("a", when={"documents": ["all"]}), step("b", goal=True), questions={"documents": ["all"]}),
            "cannot be skipped",
        ),
        (pathway(step("a"), step("a", goal=True)), "step a: used 2 times"),
        (pathway(step("a", weeks=(4, 2), goal=True)), "weeks go from less to more"),
        (
            pathway(
                step(
                    "a",
                    goal=True,
                    costs=[Cost(text="x", fact=FACT, valid_from=dt.date(2027, 1, 1), valid_to=dt.date(2026, 1, 1))],
                )
            ),
            "ends before it starts",
        ),
    ],
)
def test_a_pathway_that_leads_nowhere_is_refused_with_the_reason(made: Pathway, problem: str) -> None:
    found = branches.problems_of(made)
    assert found == [] if not problem else problem in "\n".join(found)


def test_every_branch_of_every_pathway_arrives(content: Seed) -> None:
    """Every combination of answers, and every step is reached by one of them."""
    assert len(content.pathways) >= 19
    for made in content.pathways:
        reached: set[str] = set()
        questions = {q: answers for q, answers in made.questions.items() if any(q in s.when for s in made.steps)}
        for answers in itertools.product(*questions.values()):
            steps = plans.steps_for(made, dict(zip(questions, answers, strict=True)))
            assert steps[-1].goal, (made.key, answers)
            reached |= {s.key for s in steps}
        assert reached == {s.key for s in made.steps}


def test_nobody_who_waits_for_asylum_is_told_to_do_paid_work(content: Seed) -> None:
    for made in content.pathways:
        assert "asylum" in made.questions, made.key
        questions = {q: answers for q, answers in made.questions.items() if any(q in s.when for s in made.steps)} | {
            "asylum": ["waiting"]
        }
        for answers in itertools.product(*questions.values()):
            steps = plans.steps_for(made, dict(zip(questions, answers, strict=True)))
            assert not [s.key for s in steps if s.paid_work], made.key


def test_the_country_decides_the_group(content: Seed) -> None:
    doctor = next(p for p in content.pathways if p.key == "doctor")
    teacher = next(p for p in content.pathways if p.key == "teacher")
    groups = [plans.country_group(doctor, c) for c in ("SY", "PL", None, "unknown", "CH", "eea_swiss")]
    assert groups == ["other", "eea_swiss", "unknown", "unknown", "eea_swiss", "eea_swiss"]
    assert [plans.country_group(teacher, c) for c in ("UA", "NG", "SY", "PL")] == [
        "qts_list",
        "qts_subjects",
        "other",
        "qts_list",
    ]


def test_the_price_is_that_of_the_day(content: Seed) -> None:
    """Social Work England: £670 until 30 November 2026, £682 from 1 December (facts/pathways.md 7)."""
    social = next(p for p in content.pathways if p.key == "social-worker")
    dated = next(s for s in social.steps if any(c.valid_to == dt.date(2026, 11, 30) for c in s.costs))
    words = " / ".join(cost.text for cost in dated.costs)
    before = " ".join(c.words for c in plans.costs_on(dated, words, dt.date(2026, 11, 30)))
    after = " ".join(c.words for c in plans.costs_on(dated, words, dt.date(2026, 12, 1)))
    assert "670" in before and "682" not in before
    assert "682" in after and "670" not in after


def test_totals_leave_out_what_is_too_old_or_comes_again_every_year() -> None:
    old = replace(FACT, review_by=dt.date(2026, 11, 24))
    costs = [
        Cost(text="a", fact=FACT, low_gbp=10, high_gbp=20),
        Cost(text="b", fact=old, low_gbp=100, high_gbp=100),
        Cost(text="c", fact=FACT, low_gbp=50, high_gbp=50, yearly=True),
        Cost(text="d", fact=replace(FACT, sure="V2"), low_gbp=1, high_gbp=1),
    ]
    total = plans.totals([step("a", costs=costs, weeks=(2, 6)), step("b", weeks=(1, 1))], dt.date(2026, 11, 26))
    assert (total.pounds, total.weeks, total.unpriced, total.sure) == ((11, 21), (3, 7), 1, False)
