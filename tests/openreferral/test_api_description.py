"""The API does what its own description says, asked by a machine that tries everything the description allows, and what not."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from starlette.applications import Starlette

from bot.channels.api import description
from bot.channels.api.parameters import PARAMETERS
from bot.channels.api.paths import SINGLES
from bot.channels.api.routes import routes
from bot.house import House
from bot.knowledge.hsds import importing
from tests.amount import IS_LONG
from tests.openreferral.samples import TODAY, feed, record

# 422 is what the description names for parameters that are right each and have no answer together
ACCEPTED = ["2xx", "3xx", "404", "422"]
CONFIG = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})


@pytest.fixture
def described(known: House) -> schemathesis.BaseSchema:
    with known.sessions.begin() as session:
        importing.apply(session, feed(record()), today=TODAY)
    app = Starlette(routes=routes(known))
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, config=CONFIG)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=100 if IS_LONG else 20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


@pytest.mark.parametrize("path", [single.path for single in SINGLES])
def test_every_record_that_is_listed_is_answered_as_described(path: str, described: schemathesis.BaseSchema) -> None:
    listing, one = described[path.removesuffix("/{id}")]["GET"], described[path]["GET"]
    listed = listing.Case(query={"per_page": 100}).call().json()["contents"]
    assert listed
    for item in listed:
        one.Case(path_parameters={"id": item["id"]}).call_and_validate()


def test_it_has_every_parameter_of_the_uk_profile() -> None:
    paths = description.openapi("https://example.org")["paths"]
    has = {path: {p["name"] for p in operation["get"]["parameters"]} for path, operation in paths.items()}
    profile = {"search", "page", "per_page", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age"}
    profile |= {"start_time", "end_time", "day"}
    assert profile <= has["/services"] and profile | {"postcode", "proximity"} <= has["/service_at_locations"]
    assert has["/taxonomies"] == has["/taxonomy_terms"] == {"page", "per_page", "format"}
    assert set().union(*has.values()) - {"id"} == set(PARAMETERS)
