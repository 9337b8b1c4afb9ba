"""The shapes of what the bot knows, as the files in `data/knowledge/` hold it (described in their README.md)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

Sure = Literal["V", "V2", "NV", "gen"]
Volatility = Literal["A", "B", "C", "D"]
Need = Literal["legal", "language", "education", "employment", "health", "housing", "money", "family", "community"]
Danger = Literal["violence", "self_harm", "exploitation", "no_shelter", "medical", "child", "detention"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class Fact(Strict, frozen=True):
    """Where a statement comes from and how long it may be spoken (facts/law.md section 10).

    `sure`: V seen on the body's own page, V2 on another page, NV not verified, gen general knowledge.
    """

    source: str
    checked_on: dt.date
    review_by: dt.date
    volatility: Volatility
    sure: Sure


class Figure(Strict, frozen=True):
    """A number that ages: shown only until `fact.review_by`; `key` joins it to its translation."""

    text: str
    fact: Fact
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


OFFICIAL = "official"  # the domain of ordinary English as offices write it ("withheld"), which names no thing


class Term(Strict, frozen=True):
    key: str
    name: str
    domain: str
    meaning: str
    fact: Fact
    expansion: str = ""
    aliases: list[str] = []
    misspellings: list[str] = []
    related: list[str] = []
    confused_with: list[str] = []
    confusion: str = ""
    change: str = ""
    figure: Figure | None = None
    topic: bool = False  # a field of its own ("Universal Credit"): a question with another term in it is about that one first
    everyday: bool = False  # known to most ("GP", "council"): not what a question with another term in it is about
    shared: list[str] = []  # abbreviations that mean other things too ("PIP"); `context` says when they mean this one
    context: list[str] = []  # words that stand near it when it is this one: "benefit", "wheelchair"

    @property
    def keeps_its_name(self) -> bool:
        """Whether a translation keeps the English name beside its own: they will see it at the desk. Other words say what they mean."""
        return not self.everyday and self.domain != OFFICIAL


class Phone(Strict, frozen=True):
    number: str
    note: str = ""


class Opening(Strict, frozen=True):
    days: list[Day]
    opens: str
    closes: str


class Location(Strict, frozen=True):
    """A place where a service is given. Coordinates are WGS 84; without them the postcode's district stands in."""

    name: str = ""
    address: str = ""
    town: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accessibility: str = ""


class Service(Strict, frozen=True):
    """One service of one organisation; what it is called follows Open Referral HSDS 3.0 where it has a word."""

    key: str
    organization: str
    name: str
    needs: list[Need]
    description: str
    fact: Fact
    towns: list[str] = []
    postcode_districts: list[str] = []
    national: bool = False
    address: str = ""
    locations: list[Location] = []
    phones: list[Phone] = []
    url: str = ""
    email: str = ""
    languages: list[str] = []
    attributes: list[
        Literal[
            "women_only",
            "childcare",
            "evenings",
            "asylum_seekers_welcome",
            "drop_in",
            "referral_needed",
            "online",
            "free",
            "step_free",
            "young_people",
            "men_welcome",
            "lgbt",
        ]
    ] = []
    immigration_level: Literal[0, 1, 2, 3] = 0
    openings: list[Opening] = []
    hours: str = ""
    bring: str = ""
    how: str = ""
    who: str = ""  # for whom: HSDS eligibility_description
    min_age: int | None = None
    max_age: int | None = None
    cost: str = ""  # only where it is not simply free
    interpreters: bool = False
    referral_email: str = ""  # where the service has asked to be sent referrals in full
    follow_up_days: int = 14  # after which the person is asked how it went
    takes_links: bool = True  # may be sent a one-time link
    hsds: dict[str, Any] = {}  # the whole Open Referral record it was imported from (bot/knowledge/hsds)


class SafetyNumber(Strict, frozen=True):
    key: str
    name: str
    number: str
    dangers: list[Danger]
    what: str
    order: int
    fact: Fact
    hours: str = ""
    url: str = ""
    national: bool = True


class Cost(Strict, frozen=True):
    text: str
    fact: Fact
    low_gbp: float | None = None
    high_gbp: float | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    yearly: bool = False  # comes again every year: not part of what it costs to get there


class Step(Strict, frozen=True):
    """One step of a pathway. `when`: question key -> the answers for which the step belongs to the plan.

    `after`: steps that must be behind one first, where they are in the plan. `weeks`: about how long it takes, from and
    to. `paid_work`: doing it is paid work. `goal`: who has done it has arrived; every plan has one.
    """

    key: str
    title: str
    do: str
    who: str
    fact: Fact
    when: dict[str, list[str]] = {}
    after: list[str] = []
    weeks: tuple[float, float] | None = None
    paid_work: bool = False
    goal: bool = False
    costs: list[Cost] = []
    time: str = ""
    papers: str = ""
    trap: str = ""
    link: str = ""


class Code(Strict, frozen=True):
    """What classifications call a profession. `sure` as in Fact; an empty code is not known."""

    profession: str
    isco08: str = ""
    soc2020: str = ""
    esco: str = ""
    sure: Sure = "V2"


class Pathway(Strict, frozen=True):
    """A route to using a qualification.

    `questions`: question -> the answers that make a difference. `country_groups`: the answers to `country`, each with
    its ISO 3166 codes; a country in none is "other".
    """

    key: str
    title: str
    summary: str
    regulator: str
    professions: list[str]
    questions: dict[str, list[str]]
    steps: list[Step]
    fact: Fact
    name: str = ""  # of the profession, for a button: "Doctor"
    stages: dict[str, str] = {}  # answer to "where are you now" -> the step at which somebody there goes on
    country_groups: dict[str, list[str]] = {}
    codes: list[Code] = []
    meanwhile: str = ""
    money_help: str = ""
    lost_documents: str = ""
    work_permission: str = ""
    link: str = ""


class LetterKind(Strict, frozen=True):
    """A kind of letter, by the words that stand in it. `regulated`: only its words are explained, never what it means for a case."""

    key: str
    name: str
    about: str
    need: Need
    strong: list[str]
    cues: list[str]
    fact: Fact
    regulated: bool = False


# how we work with a service: said by us alone, taken from no feed and published in none
HOUSE_FIELDS = ("referral_email", "follow_up_days", "takes_links")


class Canned(Strict, frozen=True):
    """A reply that caseworkers send often. `text` may hold the places of PLACEHOLDERS in braces; `name` is what staff know it by."""

    key: str
    name: str
    text: str
    fact: Fact


class WeDid(Strict, frozen=True):
    """What people suggested (`said`) and what we did about it (`did`). No file holds any: an installation makes its own."""

    key: str
    name: str  # for staff, in lists
    said: str
    did: str
    fact: Fact


class Story(Strict, frozen=True):
    """One person's way, told so that nobody else can be found in it. `story` in three to five sentences; `more` on a tap.

    `helped`: the step that was the turn. `pathways`: keys; `topics`: needs. `told_in`: the language it was told in. `first_name` and
    `country`: only where the person chose to have them said. `told_on`: how old it is. `consent`: the reference of the agreement by
    which we tell it (bot/stories); "" for what its source has published.
    """

    key: str
    title: str
    story: str
    told_on: dt.date
    fact: Fact
    helped: str = ""
    more: str = ""
    pathways: list[str] = []
    topics: list[Need] = []
    told_in: str = "en"
    first_name: str = ""
    country: str = ""
    link: str = ""
    consent: str = ""


class Opportunity(Strict, frozen=True):
    """Something that somebody can do with what they can: where, when, what it needs and what it gives.

    `needs`: skills by their keys in data/skills. `languages`: which it is good to speak there. `times`: when, as far as it matters;
    none: not known. `paid`: it is paid work. `assured_on`: the day on which the organisation itself last said that it takes people.
    """

    key: str
    organization: str
    name: str
    kind: Literal["volunteering", "placement", "attachment", "observership", "research", "enterprise", "vacancy"]
    what: str
    fact: Fact
    needs: list[str] = []
    gives: list[Literal["expenses", "reference", "certificate", "training", "english_practice"]] = []
    times: list[Literal["weekdays", "evenings", "weekends", "flexible"]] = []
    hours: str = ""
    who: str = ""  # who may take part
    how: str = ""
    paid: bool = False
    towns: list[str] = []
    postcode_districts: list[str] = []
    national: bool = False
    languages: list[str] = []
    phones: list[Phone] = []
    url: str = ""
    email: str = ""
    assured_on: dt.date | None = None
    referral_email: str = ""  # as of a service
    follow_up_days: int = 14
    takes_links: bool = True


class Contact(Strict, frozen=True):
    """A place that the community trusts and keeps here itself. `name` as they wish it; it may name nobody.

    `agreed_on`: the day on which they said that they may be shown; `agreed_with`: which of us they said it to. `assured_on`: the day on
    which they last said that all of it is still so. `needs`: what they help with.
    """

    key: str
    name: str
    place: Literal[
        "barber", "shop", "mosque", "church", "temple", "gurdwara", "school", "library", "community_centre", "cafe", "other"
    ]
    helps: str
    agreed_on: dt.date
    agreed_with: str
    assured_on: dt.date
    fact: Fact
    needs: list[Need] = []
    address: str = ""
    postcode: str = ""
    postcode_districts: list[str] = []
    towns: list[str] = []
    languages: list[str] = []
    hours: str = ""


PLACEHOLDERS = ("name_of_service", "reference", "date", "time", "link")
KINDS = ("terms", "services", "safety", "pathways", "letters", "replies", "stories", "opportunities", "contacts")
TextFields = {
    "terms": ("meaning", "confusion", "change", "figure"),
    "services": ("description", "hours", "bring", "how", "who", "cost"),
    "safety": ("what", "hours"),
    "pathways": ("name", "title", "summary", "meanwhile", "money_help", "lost_documents", "work_permission"),
    "letters": ("name", "about"),
    "replies": ("text",),
    "we_did": ("said", "did"),
    "stories": ("title", "story", "helped", "more"),
    "opportunities": ("what", "hours", "who", "how"),
    "contacts": ("helps", "hours"),
    "steps": ("title", "do", "time", "papers", "trap", "cost"),
}


class Seed(msgspec.Struct, frozen=True):
    """All that a new installation starts with.

    `texts[language][kind][key][field]` is a translation; `names[language][term key]` are the words by which people
    who speak the language ask for the term.
    """

    terms: list[Term]
    services: list[Service]
    safety: list[SafetyNumber]
    pathways: list[Pathway]
    letters: list[LetterKind]
    texts: dict[str, dict[str, dict[str, dict[str, str]]]]
    names: dict[str, dict[str, list[str]]]
    replies: list[Canned] = []
    stories: list[Story] = []
    opportunities: list[Opportunity] = []
    contacts: list[Contact] = []


class SeedError(Exception):
    """The files do not fit together. `problems`: one line each, with file and key."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems in the knowledge files: {problems[0]}")
