"""The layout is the architecture: these tests fail when a room reaches where it must not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

# room -> the rooms it may import, from the inside outwards (docs/architecture.md)
INNER = {"bot.errors", "bot.settings", "bot.crypto", "bot.i18n", "bot.replies", "bot.pictograms"}
ROOMS: dict[str, set[str]] = {
    "engine": {"engine"},
    "bot.db": {"bot.db"},
    "bot.knowledge": {"bot.db", "bot.knowledge", "engine.nlu"},
    "bot.people": {"bot.db", "bot.knowledge", "bot.people"},
    "bot.keys": {"bot.db", "bot.keys", "bot.people"},
    "bot.talents": {"bot.db", "bot.knowledge.spelling", "bot.people", "bot.talents", "engine.nlu"},
    "bot.opportunities": {
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.numbers.suppression",
        "bot.talents",
        "bot.opportunities",
    },
    "bot.staff": {"bot.db", "bot.staff", "bot.house"},
    "bot.papers": {"bot.papers"},
    "bot.stories": {
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.mentoring.gate",
        "bot.conversation.models",
        "bot.numbers.stories",
        "bot.numbers.period",
        "bot.stories",
        "engine.nlu",
    },
    "bot.wording": {"bot.db", "bot.knowledge", "bot.staff", "bot.wording"},
    "bot.mail": {"bot.db", "bot.house", "bot.cases", "bot.papers", "bot.mail"},
    "bot.cases": {
        "bot.mail",
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.staff",
        "bot.conversation",
        "engine.nlu",
        "bot.installation",
        "bot.mentoring",
        "bot.journeys",
        "bot.suggestions",
        "bot.recordings.models",
    },
    "bot.answers": {
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.conversation",
        "bot.answers",
        "bot.installation",
        "bot.suggestions",
        "bot.mentoring",
        "bot.talents",
        "bot.wording",
        "bot.journeys",
        "bot.stories",
        "bot.opportunities",
        "bot.recordings",
    },
    "bot.conversation": {
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.answers",
        "bot.conversation",
        "bot.house",
        "bot.mail",
        "engine",
        "bot.installation",
        "bot.suggestions",
        "bot.upkeep",
        "bot.mentoring",
        "bot.talents",
        "bot.journeys",
        "bot.stories",
        "bot.recordings",
    },
    "bot.translation": {
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.conversation",
        "bot.house",
        "bot.translation",
        "engine.nlu",
        "engine.safety",
        "bot.suggestions",
    },
    "bot.installation": {"bot.db", "bot.knowledge", "bot.cases", "bot.staff", "bot.installation"},
    "bot.journeys": {"bot.db", "bot.people", "bot.cases", "bot.journeys"},
    "bot.suggestions": {"bot.db", "bot.knowledge", "bot.people", "bot.cases", "bot.conversation", "bot.suggestions"},
    "bot.training": {
        "bot.db",
        "bot.house",
        "bot.knowledge",
        "bot.conversation",
        "bot.evaluation",
        "bot.training",
        "engine",
    },
    "bot.numbers": {
        "bot.db",
        "bot.house",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.staff",
        "bot.numbers",
        "bot.installation",
        "bot.journeys",
    },
    "bot.upkeep": {
        "bot.db",
        "bot.house",
        "bot.knowledge",
        "bot.cases",
        "bot.mail",
        "bot.staff",
        "bot.upkeep",
        "bot.suggestions.models",
        "bot.wording.models",
        "engine.nlu",
    },
    "bot.photos": {"bot.db", "bot.house", "bot.conversation", "bot.photos"},
    "bot.recordings": {"bot.db", "bot.people", "bot.cases", "bot.conversation.models", "bot.recordings"},
    "bot.mentoring": {"bot.db", "bot.knowledge", "bot.people", "bot.cases", "bot.conversation", "bot.mentoring", "engine.nlu"},
    "actions": {
        "actions",
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.answers",
        "bot.conversation",
        "bot.installation",
        "bot.suggestions",
        "bot.mentoring",
        "bot.talents",
        "bot.journeys",
        "bot.stories",
        "bot.opportunities",
    },
    "bot.channels": {
        "bot.photos.pictures",
        "bot.recordings",
        "bot.db",
        "bot.house",
        "bot.conversation",
        "bot.people",
        "bot.cases",
        "bot.channels",
        "bot.knowledge",
        "bot.answers",
        "bot.papers",
        "bot.installation",
        "bot.opportunities",
    },
    "bot.console": {
        "bot.db",
        "bot.house",
        "bot.conversation",
        "bot.people",
        "bot.cases",
        "bot.knowledge",
        "bot.staff",
        "bot.translation",
        "bot.wording",
        "bot.console",
        "bot.numbers",
        "bot.papers",
        "bot.channels.web.security",
        "bot.channels.web.stream",
        "bot.installation",
        "bot.suggestions",
        "bot.upkeep",
        "bot.mentoring",
        "bot.talents",
        "bot.training",
        "engine.nlu.examples",
        "bot.journeys",
        "bot.stories",
        "bot.opportunities",
        "bot.recordings",
    },
}
EDGES = ("bot.channels", "bot.console", "actions", "bot.commands", "bot.app", "bot.cli")
LONGEST_MODULE = 400


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("bot", "actions", "engine"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def test_imports_point_inwards() -> None:
    wrong = []
    for name, path in modules():
        room = next((r for r in sorted(ROOMS, key=len, reverse=True) if within(name, {r})), None)
        if room is None or name == "bot.db.tables":
            continue
        ours = (i for i in imports_of(path) if within(i, {"bot", "actions", "engine"}))
        wrong += [f"{name} imports {i}" for i in ours if not within(i, ROOMS[room] | INNER)]
    assert wrong == []


@pytest.mark.parametrize(
    "room",
    [
        "bot.mail",
        "bot.db",
        "bot.knowledge",
        "bot.people",
        "bot.cases",
        "bot.answers",
        "bot.conversation",
        "bot.papers",
        "bot.photos",
        "bot.numbers",
        "bot.wording",
        "bot.mentoring",
        "bot.journeys",
        "bot.recordings",
        "engine",
    ],
)
def test_no_inner_room_imports_an_edge(room: str) -> None:
    for name, path in modules():
        if within(name, {room}) and name != "bot.db.tables":
            assert not [i for i in imports_of(path) if within(i, set(EDGES))], name


def test_no_module_has_grown_into_two() -> None:
    assert [str(p) for _, p in modules() if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE] == []


def test_skills_are_short_and_call_services() -> None:
    """A class in actions/ has at most 15 lines of code in a method; what it does lives in bot/."""
    long = []
    for name, path in modules():
        if name.startswith("actions."):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 20:
                    long.append(f"{name}.{node.name}")
    assert long == []


SENTENCE = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z']{2,}){2,}")
# strings that are read by whoever runs the program at a terminal, or by nobody
TERMINAL = (
    "bot.cli",
    "bot.commands",
    "bot.prepare",
    "bot.app",
    "bot.settings",
    "bot.knowledge.__main__",
    "engine.model",
)


def is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and "'self'" not in text  # a content security policy is not a sentence


def spoken_strings(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                silent.add(id(first.value))
        if isinstance(node, ast.Raise) or _is_log(node) or _is_sql_or_pattern(node):
            silent |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def _is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("log", "logger")
    )


def _is_sql_or_pattern(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "re.compile",
        "text",
        "frozenset",
        "_joined",
        "EEA_SWISS.split",
    )


def test_no_word_that_a_person_reads_stands_in_code() -> None:
    found = []
    for name, path in modules():
        edges = (
            "actions",
            "bot.answers",
            "bot.mail",
            "bot.conversation",
            "bot.channels",
            "bot.cases",
            "bot.people",
            "bot.numbers",
            "bot.console",
        )
        if within(name, set(edges)) and not within(name, set(TERMINAL)):
            found += [f"{name}:{line}: {text[:60]}" for line, text in spoken_strings(path) if is_sentence(text)]
    assert found == []


def test_no_word_that_a_person_reads_stands_in_templates() -> None:
    found = []
    for path in sorted((ROOT / "bot").rglob("*.html")):
        source = re.sub(
            r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<script.*?</script>|<style.*?</style>|<!--.*?-->",
            " ",
            path.read_text(encoding="utf-8"),
        )
        for text in re.findall(r">([^<]+)<", source):
            if re.search(r"[A-Za-z]{3,}", text):
                found.append(f"{path.name}: {text.strip()[:60]}")
    assert found == []
