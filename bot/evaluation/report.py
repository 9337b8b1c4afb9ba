"""The evaluation as text for the terminal, as JSON, and as one HTML page with the confusion matrix drawn."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot import i18n
from bot.evaluation import measures
from bot.evaluation.measures import Answered, Row

TEMPLATES = Path(__file__).parent / "templates"
WORST = 20


def collect(answers: list[Answered], problems: list[str]) -> dict[str, Any]:
    """Everything the forms below show."""
    languages = measures.table(answers, lambda e: e.language)
    intents = sorted({a.example.intent for a in answers} | {a.intent for a in answers})
    wrong = measures.confusions(answers)
    right = {intent: sum(a.is_right for a in answers if a.example.intent == intent) for intent in intents}
    return {
        "count": len(answers),
        "problems": problems,
        "all": measures.row("all", answers),
        "languages": languages,
        "mean_of_languages": measures.mean_of_languages(languages),
        "by_intent": measures.table(sorted(answers, key=lambda a: a.example.intent), lambda e: e.intent),
        "intents": intents,
        "matrix": [[right[m] if m == t else wrong.get((m, t), 0) for t in intents] for m in intents],
        "totals": [sum(a.example.intent == intent for a in answers) for intent in intents],
        "worst": [{"meant": m, "taken_for": t, "times": n} for (m, t), n in wrong.most_common(WORST)],
        "calibration_error": measures.calibration_error(answers),
        "milliseconds": median(a.seconds for a in answers) * 1000,
        "term_found": measures.slot_found(answers, "term", "explain_term"),
    }


def as_text(found: dict[str, Any]) -> str:
    """A table of languages, one of intents, and the worst confusions."""
    lines = [f"{found['count']} messages, {len(found['problems'])} lines left out"]
    lines += [f"  {problem}" for problem in found["problems"]]
    lines += ["", _HEADER, *(_line(r) for r in (*found["languages"], found["all"]))]
    lines += [
        f"mean of the languages, first: {found['mean_of_languages']:.3f}",
        "",
        _HEADER,
        *(_line(r) for r in found["by_intent"]),
    ]
    lines += ["", "meant -> taken for"]
    lines += [f"{w['times']:4d}  {w['meant']} -> {w['taken_for']}" for w in found["worst"]]
    term = found["term_found"]
    lines += [
        "",
        f"English term found in explain_term: {'-' if term is None else f'{term:.3f}'}",
        f"calibration error: {found['calibration_error']:.3f}   median: {found['milliseconds']:.2f} ms a message",
    ]
    return "\n".join(lines)


_HEADER = f"{'':22}{'lines':>6}{'first':>8}{'of 3':>8}{'danger':>8}{'alarms':>8}{'immigr.':>8}{'language':>9}"


def _line(row: Row) -> str:
    shares = (row.first, row.among_three, row.danger_heard, row.false_alarms, row.immigration_heard, row.language)
    cells = ["-" if share is None else f"{share:.3f}" for share in shares]
    return f"{row.name:22}{row.count:6d}" + "".join(f"{c:>8}" for c in cells[:-1]) + f"{cells[-1]:>9}"


def as_json(found: dict[str, Any]) -> str:
    return msgspec.json.encode(_plain(found)).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return {name: getattr(value, name) for name in Row.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _words(key: str, **values: str) -> str:
    return i18n.t("en", f"evaluation.{key}", count=None, **values)


def write_html(found: dict[str, Any], path: Path) -> None:
    """One file, without script and without anything from elsewhere."""
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape())
    path.write_text(pages.get_template("report.html").render(**found, t=_words), encoding="utf-8")
