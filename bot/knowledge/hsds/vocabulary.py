"""What Open Referral leaves to taxonomies and code lists: our needs, features and advice levels as terms, and languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import get_args, get_type_hints

from babel import Locale
from babel.core import get_global

from bot import i18n
from bot.knowledge import seed
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.tables import Attribute, Language, Taxonomy, TaxonomyTerm, said
from engine.nlu.lookup import lookup

NEEDS: tuple[str, ...] = get_args(seed.Need)
FEATURES: tuple[str, ...] = get_args(get_args(get_type_hints(seed.Service)["attributes"])[0])
LEVELS = ("1", "2", "3")  # of the regulator of immigration advice; 0, none, is not said
CODES: dict[str, tuple[str, ...]] = {"needs": NEEDS, "features": FEATURES, "immigration-advice": LEVELS}
_NAMES = {"needs": "need.{}", "features": "console.attribute.{}", "immigration-advice": "api.level.{}"}
MOST_NEEDS = 3  # more than that of words that are only near it says little


@cache
def taxonomy(name: str) -> Taxonomy:
    """One of ours, by its key in CODES."""
    return Taxonomy(
        id=identify("taxonomy", name),
        name=i18n.t("en", f"api.taxonomy.{name}"),
        description=i18n.t("en", f"api.taxonomy.{name}.about"),
    )


@cache
def term(name: str, code: str) -> TaxonomyTerm:
    """One term of one of our taxonomies. Raises MissingTextError for a code that has no words."""
    words = i18n.t("en", _NAMES[name].format(code))
    return TaxonomyTerm(
        id=identify("taxonomy_term", name, code),
        code=code,
        name=words,
        term=words,
        description=words,
        taxonomy=taxonomy(name).name,
        taxonomy_id=taxonomy(name).id,
        language="en",
    )


@cache
def _ours() -> dict[str, tuple[str, str]]:
    return {term(name, code).id: (name, code) for name, codes in CODES.items() for code in codes}


def described(service: seed.Service) -> list[Attribute]:
    """A service's needs, features and level, as attributes of it."""
    level = [str(service.immigration_level)] if service.immigration_level else []
    told: dict[str, list[str]] = {"needs": [*service.needs], "features": [*service.attributes], "immigration-advice": level}
    return [
        Attribute(
            id=identify("attribute", service.key, name, code),
            link_entity="service",
            taxonomy_term_id=term(name, code).id,
            taxonomy_term=term(name, code),
        )
        for name, codes in told.items()
        for code in codes
    ]


def is_ours(attribute: Attribute) -> tuple[str, str] | None:
    """(taxonomy, code) of an attribute that one of our taxonomies gave."""
    term = attribute.taxonomy_term
    return _ours().get(term.id if isinstance(term, TaxonomyTerm) else said(attribute.taxonomy_term_id))


def codes_of(attributes: Iterable[Attribute], name: str) -> list[str]:
    """The codes of one of our taxonomies, in their order."""
    ours = (is_ours(attribute) for attribute in attributes)
    return [found[1] for found in ours if found and found[0] == name]


def needs_in(*texts: str) -> list[str]:
    """The needs that words of others speak of, the most often named first: by the lists that understand people's messages."""
    found = Counter(f.value for text in texts for f in lookup("data/lookup", ("en",)).find(text) if f.entity == "need")
    return [need for need, _ in found.most_common(MOST_NEEDS) if need in NEEDS]


@cache
def _by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items()}


def language_code(language: Language) -> str:
    """The shortest ISO 639 code that CLDR has for it, by its code or its English name; "" when neither is known."""
    code = said(language.code).strip().lower().replace("-", "_")
    base = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    if base in Locale("en").languages:
        return base
    return _by_name().get(said(language.name).strip().casefold(), "")


def language_name(code: str) -> str:
    """In English; the code itself where CLDR has no name."""
    return str(Locale("en").languages.get(code, code))
