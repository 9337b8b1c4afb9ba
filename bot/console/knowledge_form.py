"""An entry as its form shows it, and what somebody typed into it: on the draft they have, or on what is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.cases.summary import language_name
from bot.console import knowledge_fields, rendering
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge import catalogue, checks, consistency, document, drafts, editing, indexing, ownership, shape
from bot.knowledge.document import Document
from bot.knowledge.draft_models import Draft
from bot.knowledge.models import Entry
from bot.knowledge.readability import reading_age
from bot.knowledge.seed import TextFields
from bot.suggestions import deciding, drafting
from bot.suggestions.kinds import PLACE, WAITING
from bot.suggestions.models import Suggestion

HARD = 17.5  # years: as bot/knowledge/quality.py


@dataclass
class Opened:
    """`draft`: of who asks. `part`: of a pathway, the step whose fields are shown; "" for the entry's own."""

    visit: StaffVisit
    kind: str
    key: str
    entry: Entry | None
    draft: Draft | None
    part: str = ""
    language: str = ""
    typed: Document = field(default_factory=dict)

    @classmethod
    def of(cls, visit: StaffVisit, *, to_change: bool = False) -> Opened:
        """Raises NotHereError when there is neither such an entry nor an own draft of it."""
        kind, key = kind_of(visit), visit.part("key")
        who = f"staff:{visit.staff.id}"
        if to_change and (number := _suggestion_number(visit)):
            deciding.find(
                visit.session, number, to_change=True
            )  # whoever deletes it waits until the words are saved, and finds them
        entry = editing.find(visit.session, kind, key)
        draft = drafts.own(visit.session, kind, key, who, to_change=to_change)
        if entry is None and draft is None:
            raise NotHereError
        opened = cls(visit, kind, key, entry, draft)
        steps = opened.saved.get(document.STEPS, []) if kind == "pathways" else []
        asked = visit.value("step") or visit.query("step")
        opened.part = asked if asked in steps else ""
        others = opened.others
        language = visit.value("language") or visit.query("language")
        opened.language = language if language in others else (others or [""])[0]
        if visit.value("has"):
            opened.typed = opened.read()
        return opened

    @property
    def who(self) -> str:
        return f"staff:{self.visit.staff.id}"

    @property
    def others(self) -> list[str]:
        """The languages beside English."""
        return [code for code in self.visit.house.settings.languages if code != "en"]

    @cached_property
    def saved(self) -> Document:
        """What the draft says, or what is published."""
        if self.draft is not None and self.draft.wish == "change":
            return drafts.shown(self.draft)
        return document.of(self.entry) if self.entry else {}

    @property
    def shown(self) -> Document:
        return {**self.saved, **self.typed}

    @property
    def name(self) -> str:
        return indexing.title(document.data_of(self.key, self.saved), self.key)

    @property
    def text_fields(self) -> list[str]:
        """The texts with a translation; a figure only where there is one, as its own source belongs to it."""
        fields = [f for f in TextFields["steps" if self.part else self.kind] if f != "figure" or self.saved.get("figure")]
        return [*fields, "names"] if self.kind == "terms" else fields

    @property
    def english_here(self) -> set[str]:
        """The texts whose English is a field of its own, and not a part of a figure or of costs."""
        return {f.name for f in shape.fields_of("steps" if self.part else self.kind) if f.widget == "text"}

    def place(self, name: str) -> str:
        """Of a field of the part that is shown."""
        return document.step_place(self.part, name) if self.part else name

    def translation(self, language: str, name: str) -> str:
        """The place of a translation of the part that is shown."""
        return f"{language}:{self.part}/{name}" if self.part else f"{language}:{name}"

    def english(self, name: str) -> str:
        texts = consistency.english_of(self.kind, document.data_of(self.key, self.shown))
        return texts.get(f"{self.part}/{name}" if self.part else name, "")

    def value(self, field: shape.Field) -> Any:
        """What stands in the form for a field of the part that is shown."""
        if field.name == document.FACT and not self.part:
            prefix = f"{document.FACT}."
            fact = {place.removeprefix(prefix): value for place, value in self.shown.items() if place.startswith(prefix)}
            return knowledge_fields.shown(field, fact)
        return knowledge_fields.shown(field, self.shown.get(self.place(field.name)))

    def titles(self, keys: list[str]) -> dict[str, str]:
        """Terms that this one names -> what they are called."""
        return catalogue.titles(self.visit.session, "terms", keys)

    def taken(self) -> list[ownership.Taken]:
        """What it would be called newly and another term is called already, and terms it names that are not there."""
        before = document.of(self.entry) if self.entry is not None else {}
        return ownership.taken(self.visit.session, self.key, self.shown, before) if self.kind == "terms" else []

    def read(self) -> Document:
        """What the form holds, by place. A field the form did not show (`has`) stays as it is."""
        visit, found = self.visit, dict[str, Any]()
        has = set(visit.value("has").split(","))
        for one in shape.fields_of("steps" if self.part else self.kind):
            if one.widget == "text":
                if f"en.{one.name}" in visit.asked.form:
                    found[self.place(one.name)] = checks.cleaned(visit.value(f"en.{one.name}"))
            elif one.name in has:
                value = knowledge_fields.given(one, "", visit.value, visit.values, visit.asked.form)
                if one.widget == "entries" and value != self.saved.get(self.place(one.name)):
                    value = catalogue.keys_of(visit.session, "terms", value)
                if one.widget == "checks":
                    value = _in_order(value, self.saved.get(self.place(one.name)))
                if one.name == document.FACT and not self.part:
                    found |= {f"{document.FACT}.{part}": inner for part, inner in value.items()}
                else:
                    found[self.place(one.name)] = value
        for name in self.text_fields:
            if self.language and f"{self.language}.{name}" in visit.asked.form:
                text = checks.cleaned(visit.value(f"{self.language}.{name}"))
                found[self.translation(self.language, name)] = text
        return found

    def checked(self) -> list[str]:
        """The translations that somebody who speaks the language has read, as ticked."""
        if not self.visit.value("checked") or not self.language:
            return []
        places = [self.translation(self.language, name) for name in self.text_fields if name != "names"]
        return [place for place in places if self.shown.get(place)]

    def save(self) -> Draft | None:
        """Into the own draft, which then is made from the suggestion that was looked at. Raises RefusedError: suggestion_gone (its
        person had it deleted, and its words may be in the form), and what bot.knowledge.drafts.save raises."""
        visit = self.visit
        number = _suggestion_number(visit)
        if number and deciding.find(visit.session, number) is None:
            raise RefusedError("the suggestion has been deleted", "suggestion_gone")
        mark = visit.value("mark")
        draft = drafts.save(
            visit.session,
            self.kind,
            self.key,
            self.who,
            self.typed,
            seen=visit.value("revision"),
            mark=int(mark) if mark.isdecimal() and len(mark) < 10 else None,
            checked=self.checked(),
            why=visit.value("why")[:200],
        )
        if draft is not None and self.suggestion is not None and self.suggestion.state in WAITING:
            drafting.link(draft, self.suggestion, self.who)
        return draft

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What a person said of this entry, or of a place that is not there yet, where the address or the form names it."""
        return suggestion_of(self.visit, self.kind, self.key if self.entry is not None else "")

    def measures(self) -> dict[str, dict[str, Any]]:
        """Of each English text that is shown: the age at which one can read it, how long it is, whether it is hard."""
        texts = {name: self.english(name) for name in self.text_fields if name != "names"}
        names = catalogue.names_in(self.visit.session, "\n".join(texts.values()))
        ages = {name: reading_age(text, [one for one in names if one in text.casefold()]) for name, text in texts.items()}
        return {name: {"age": round(ages[name]), "letters": len(text), "hard": ages[name] > HARD} for name, text in texts.items()}


def _in_order(ticked: list[str], before: Any) -> list[str]:
    """As they stood before, then what is new: the first of a service's needs is what it is there for."""
    kept = [value for value in before if value in ticked] if isinstance(before, list) else []
    return kept + [value for value in ticked if value not in kept]


def suggestion_of(visit: StaffVisit, kind: str, key: str) -> Suggestion | None:
    """The one that the address or the form names, when it is about this entry; with no key, about a new place."""
    row = deciding.find(visit.session, _suggestion_number(visit))
    if row is None or (row.about_kind, row.about_key.partition("/")[0]) == (kind, key):
        return row
    return row if row.what == PLACE and not key else None


def _suggestion_number(visit: StaffVisit) -> int:
    """0 for none."""
    number = visit.value("suggestion") or visit.query("suggestion")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def kind_of(visit: StaffVisit) -> str:
    """Raises NotHereError for what is no kind of entry."""
    if visit.part("kind") not in checks.SHAPES:
        raise NotHereError
    return visit.part("kind")


def label(kind: str, name: str) -> str:
    """What a field is called: by its kind, in general, or as its shape calls it."""
    return (
        rendering.t_if(f"console.field.{kind}.{name}")
        or rendering.t_if(f"console.field.{name}")
        or name.replace("_", " ").capitalize()
    )


def place_label(kind: str, place: str) -> str:
    """What a place is called: "Meaning (Arabic)", "apply: what to do"."""
    language, colon, field = place.partition(":")
    if colon:
        step, slash, name = field.rpartition("/")
        said = label("steps" if slash else kind, name)
        return f"{step}: {said} ({language_name(language)})" if slash else f"{said} ({language_name(language)})"
    head, dot, rest = place.partition(".")
    if head == document.STEPS and dot:
        step, _, name = rest.partition(".")
        return f"{step}: {label('steps', name)}" if name else step
    return label(kind, rest if dot else head)
