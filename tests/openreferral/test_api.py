"""The public API answers as it is described, with what is published, without people, and valid by the UK profile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from bot.channels.api import description
from bot.channels.api.routes import routes
from bot.house import House
from bot.knowledge import editing, loading
from bot.knowledge.hsds import importing, vocabulary
from bot.knowledge.seed import Seed, Service
from tests.openreferral.samples import HUB, TODAY, against_uk, feed, our_services, record
from tests.openreferral.test_importing import KEY

PLACE = {
    "id": record(7)["id"],
    "contacts": [{"id": record(6)["id"], "name": "Bob Persona", "phones": [{"id": record(5)["id"], "number": "0121 555"}]}],
    "location": {
        "id": record(8)["id"],
        "location_type": "physical",
        "latitude": 52.4862,
        "longitude": -1.8904,
        "addresses": [
            {
                "id": record(9)["id"],
                "attention": "Carol Persona",
                "address_1": "1 High Street",
                "city": "Birmingham",
                "state_province": "",
                "postal_code": "B1 1AA",
                "country": "GB",
                "address_type": "physical",
            }
        ],
    },
}
METADATA = {"id": record(4)["id"], "last_action_date": "2026-01-01", "last_action_type": "update", "field_name": "name"}
METADATA |= {"previous_value": "Dora Persona", "replacement_value": "", "updated_by": "Eve Persona"}


class Reader:
    """Who reads the API, in process."""

    def __init__(self, house: House) -> None:
        self.app = Starlette(routes=routes(house))
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=self.app)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://here")

    def ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        return self._runner.run(self._http.request(method, f"/api{path}", params=query or None, headers=headers))

    def get(self, path: str, **query: Any) -> Any:
        answer = self.ask(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def names(self, path: str = "/services", **query: Any) -> list[str]:
        return [item.get("name") or item["service"]["name"] for item in self.get(path, **query)["contents"]]


@pytest.fixture
def filled(known: House) -> House:
    """With a service of a council, which names people in every place where a record can."""
    theirs = record(
        service_at_locations=[PLACE], minimum_age=18, maximum_age=30, metadata=[METADATA], assurer_email="fred@example.org"
    )
    with known.sessions.begin() as session:
        importing.apply(session, feed(theirs), today=TODAY)
    return known


@pytest.fixture
def reader(filled: House) -> Iterator[Reader]:
    yield Reader(filled)


def test_what_it_is_stands_at_its_root(reader: Reader) -> None:
    assert reader.get("/") == description.meta("http://127.0.0.1:8080")
    assert reader.get("/")["openapi_url"].endswith("/api/openapi.json") and reader.get("/")["version"] == "HSDS 3.0"
    assert set(reader.get("/openapi.json")["paths"]) == {
        "/",
        *(
            f"/{name}{one}"
            for name in ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
            for one in ("", "/{id}")
        ),
    }


def test_lists_come_in_pages_with_their_counts(reader: Reader) -> None:
    page = reader.get("/services", per_page=2)
    names = [service["name"] for service in page.pop("contents")]
    assert names == ["Advice hub", "Food parcels"]
    assert page == {
        "total_items": 3,
        "total_pages": 2,
        "page_number": 1,
        "size": 2,
        "first_page": True,
        "last_page": False,
        "empty": False,
    }
    assert reader.names(per_page=2, page=2) == ["Night Line"]
    beyond = reader.get("/services", page=9)
    assert beyond["empty"] and beyond["last_page"] and beyond["contents"] == [] and beyond["total_pages"] == 1


@pytest.mark.shared
def test_records_come_one_a_line_for_who_takes_them_all(reader: Reader) -> None:
    for path in ("/services", "/service_at_locations", "/organizations", "/taxonomy_terms"):
        answer = reader.ask(path, format="ndjson")
        assert answer.headers["content-type"].startswith("application/x-ndjson") and answer.text.endswith("\n")
        records = [json.loads(line) for line in answer.text.splitlines()]
        assert records == reader.get(path, per_page=100)["contents"] and records
    paged = reader.ask("/services", format="ndjson", per_page=2, full="true").text.splitlines()
    assert [json.loads(line) for line in paged] == reader.get("/services", per_page=2, full="true")["contents"]
    assert reader.ask("/services", format="xml").json()["error"]["parameter"] == "format"


def test_answers_are_valid_by_the_uk_profile(reader: Reader) -> None:
    def each(path: str, schema: str, **query: Any) -> list[str]:
        return [problem for item in reader.get(path, **query)["contents"] for problem in against_uk(item, schema)]

    assert each("/services", "service_list") == each("/services", "service", full="true") == []
    assert each("/service_at_locations", "service_at_location_list") == []
    assert each("/organizations", "organization_list") == []
    for path, schema in (
        ("/services", "service"),
        ("/service_at_locations", "service_at_location"),
        ("/organizations", "organization"),
    ):
        for item in reader.get(path)["contents"]:
            one = reader.get(f"{path}/{item['id']}")
            assert one["id"] == item["id"] and against_uk(one, schema) == []


@pytest.mark.shared
def test_every_service_of_ours_is_answered_valid_by_the_uk_profile(house: House) -> None:
    everything = Seed(terms=[], services=our_services(), safety=[], pathways=[], letters=[], texts={}, names={})
    with house.sessions.begin() as session:
        loading.load(session, everything)
    reader, wrong = Reader(house), []
    pages = reader.get("/services", per_page=100, full="true")["total_pages"]
    for number in range(1, pages + 1):
        for service in reader.get("/services", per_page=100, page=number, full="true")["contents"]:
            wrong += against_uk(service)
        for service in reader.get("/services", per_page=100, page=number)["contents"]:
            wrong += against_uk(service, "service_list")
    assert wrong == [] and pages == -(-len(our_services()) // 100)


def test_nobody_is_named(reader: Reader) -> None:
    identifier = record()["id"]
    place = record(7)["id"]
    whole = reader.ask(f"/services/{identifier}").text + reader.ask(f"/service_at_locations/{place}").text
    whole += reader.ask("/services", full="true").text + reader.ask("/services").text + reader.ask("/organizations").text
    assert "Persona" not in whole and "ann@example.org" not in whole and "fred@example.org" not in whole
    service = reader.get(f"/services/{identifier}")
    assert service["contacts"] == [{"id": record()["contacts"][0]["id"], "title": "Manager"}]
    assert service["email"] == "food@example.org" and "0121 555" in whole


def test_only_what_is_published_is_answered_and_a_change_at_once(reader: Reader, filled: House) -> None:
    identifier = record()["id"]
    assert reader.ask(f"/services/{identifier}").status_code == 200
    with filled.sessions.begin() as session:
        entry = editing.find(session, "services", KEY)
        assert entry is not None
        editing.edit_data(session, entry, {"name": "Food boxes"}, "staff:1", "")
    assert reader.get(f"/services/{identifier}")["name"] == "Food boxes"
    with filled.sessions.begin() as session:
        importing.apply(session, feed(record(status="inactive")), today=TODAY, take=[KEY])
    assert reader.ask(f"/services/{identifier}").status_code == 404
    assert "Food boxes" not in reader.ask("/services", full="true").text


def test_translations_stand_beside_the_standard_with_their_state(reader: Reader) -> None:
    hub = next(s for s in reader.get("/services", full="true")["contents"] if s["name"] == "Advice hub")
    assert hub["x_useit"]["texts"]["ar"]["description"] == {"text": "نصيحة مجانية حول السكن.", "state": "machine-drafted"}


def test_full_and_minimal_forms(reader: Reader) -> None:
    assert set(reader.get("/services", minimal="true")["contents"][0]) == {"id", "last_modified"}
    full = reader.get("/services", full="true")["contents"][0]
    assert full == reader.get(f"/services/{full['id']}") and full["required_documents"]
    assert "phones" not in reader.get("/services")["contents"][0]
    place = reader.get("/service_at_locations", full="true")["contents"][0]
    assert place == reader.get(f"/service_at_locations/{place['id']}") and "service_at_locations" not in place["service"]


HOUSING = vocabulary.term("needs", "housing").id
MONEY = vocabulary.term("needs", "money").id


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"search": "housing ADVICE"}, ["Advice hub"]),
        ({"search": "food friends"}, ["Food parcels"]),
        ({"search": "nothing like it"}, []),
        ({"search": ""}, ["Advice hub", "Food parcels", "Night Line"]),
        ({"taxonomy_term_id": HOUSING}, ["Advice hub"]),
        ({"taxonomy_term_id": MONEY.upper()}, ["Food parcels"]),
        ({"taxonomy_term_id": record(0)["attributes"][0]["taxonomy_term"]["id"]}, ["Food parcels"]),
        ({"taxonomy_id": vocabulary.taxonomy("immigration-advice").id}, ["Advice hub"]),
        ({"organization_id": record()["organization"]["id"]}, ["Food parcels"]),
        ({"minimum_age": 16}, ["Advice hub", "Food parcels"]),
        ({"minimum_age": "16.5"}, ["Food parcels"]),
        ({"maximum_age": 30}, ["Food parcels"]),
        ({"day": "WE"}, ["Food parcels"]),
        ({"day": "Saturday", "start_time": "10:00", "end_time": "12:00"}, ["Advice hub"]),
        ({"day": "SA", "start_time": "10:01"}, []),
        ({"end_time": "12:00:00"}, ["Advice hub", "Food parcels"]),
        ({"postcode": "B16 8TH"}, ["Advice hub", "Food parcels", "Night Line"]),
        ({"postcode": "DY1"}, ["Night Line"]),
        ({"postcode": "B16", "proximity": 100_000}, ["Advice hub", "Food parcels"]),
        ({"postcode": "B16", "proximity": 10}, ["Advice hub"]),
        ({"modified_after": "2026-11-21T00:00:00Z"}, ["Advice hub", "Night Line"]),
        ({"modified_after": "2026-11-20T10:00:00+00:00"}, ["Advice hub", "Food parcels", "Night Line"]),
    ],
)
def test_services_are_found_by_the_profiles_parameters(query: dict[str, Any], names: list[str], reader: Reader) -> None:
    assert reader.names(**query) == names


def test_places_are_found_by_distance_one_by_one(reader: Reader) -> None:
    assert reader.names("/service_at_locations") == ["Advice hub", "Advice hub", "Food parcels"]
    near = reader.get("/service_at_locations", postcode="B16", proximity=10)["contents"]
    assert [at["location"]["name"] for at in near] == ["The Hall"]
    assert reader.names("/service_at_locations", search="food", day="WE") == ["Food parcels"]


def test_terms_and_taxonomies_hold_ours_and_theirs(reader: Reader) -> None:
    taxonomies = {t["name"]: t for t in reader.get("/taxonomies")["contents"]}
    assert {"Needs of newcomers", "Service features", "Immigration advice levels", "Theirs"} == set(taxonomies)
    for taxonomy in taxonomies.values():
        assert reader.get(f"/taxonomies/{taxonomy['id']}") == taxonomy
        assert reader.names(taxonomy_id=taxonomy["id"]) != []
    terms = reader.get("/taxonomy_terms", per_page=100)["contents"]
    assert {"Housing", "Food bank"} <= {term["name"] for term in terms}
    assert reader.get(f"/taxonomy_terms/{HOUSING}")["code"] == "housing"


@pytest.mark.parametrize(
    ("path", "status", "reason", "parameter"),
    [
        ("/services?page=0", 400, "integer", "page"),
        ("/services?page=x", 400, "integer", "page"),
        ("/services?per_page=101", 400, "integer", "per_page"),
        ("/services?per_page=" + "9" * 5000, 400, "integer", "per_page"),
        ("/services?page=1&page=2", 400, "twice", "page"),
        ("/services?pagee=1", 400, "unknown", "pagee"),
        ("/taxonomies?search=x", 400, "unknown", "search"),
        ("/services?minimum_age=NaN", 400, "number", "minimum_age"),
        ("/services?day=mo", 400, "day", "day"),
        ("/services?start_time=9:00", 400, "time", "start_time"),
        ("/services?modified_after=yesterday", 400, "moment", "modified_after"),
        ("/services?modified_after=2026-13-01T00:00:00Z", 400, "moment", "modified_after"),
        ("/services?minimal=yes", 400, "boolean", "minimal"),
        ("/services?postcode=12345", 400, "postcode", "postcode"),
        ("/services?postcode=ZZ9", 422, "unknown_postcode", "postcode"),
        ("/services?postcode=B16&proximity=-1", 400, "number", "proximity"),
        ("/services?proximity=5", 422, "needs_postcode", "proximity"),
        ("/services?search=" + "a" * 201, 400, "long", "search"),
        ("/services/none", 404, "not_found", None),
        ("/services/%00%ff", 404, "not_found", None),
        ("/services/%0Ax", 404, "not_found", None),
        ("/nothing", 404, "not_found", None),
    ],
)
def test_a_problem_is_json_with_a_reason(path: str, status: int, reason: str, parameter: str | None, reader: Reader) -> None:
    answer = reader.ask(path)
    error = answer.json()["error"]
    assert (answer.status_code, error["reason"], error.get("parameter")) == (status, reason, parameter)
    assert error["message"] and answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


def test_it_can_only_be_read(reader: Reader) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        answer = reader.ask("/services", method)
        assert answer.status_code == 405 and "GET" in answer.headers["allow"] and answer.json()["error"]["reason"] == "method"
    assert reader.ask("/services", "HEAD").headers["etag"] == reader.ask("/services").headers["etag"]


def test_every_page_of_every_site_may_read_it(reader: Reader) -> None:
    answer = reader.ask("/services", headers={"Origin": "https://council.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
    before = reader.ask("/services", "OPTIONS", {"Origin": "https://council.example", "Access-Control-Request-Method": "GET"})
    assert before.status_code == 204 and "GET" in before.headers["access-control-allow-methods"]


def test_who_has_it_already_is_told_so_until_it_changes(reader: Reader, filled: House) -> None:
    first = reader.ask("/services")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = reader.ask("/services", headers={"If-None-Match": given})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    with filled.sessions.begin() as session:
        entry = editing.find(session, "services", HUB.key)
        assert entry is not None
        editing.edit_data(session, entry, {"name": "A new name"}, "staff:1", "")
    changed = reader.ask("/services", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag


def test_a_database_that_does_not_answer_is_a_503(reader: Reader, filled: House) -> None:
    with filled.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE knowledge_revision RENAME TO gone")
    answer = reader.ask("/services")
    assert answer.status_code == 503 and answer.json()["error"]["reason"] == "unavailable" and answer.headers["retry-after"]


def test_the_description_is_served_by_the_whole_site(filled: House) -> None:
    from bot.app import site

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site(filled)), base_url="http://here") as http:
            assert (await http.get("/api")).headers["location"] == "http://here/api/"
            return await http.get("/api/openapi.json")

    assert asyncio.run(ask()).json()["openapi"] == "3.1.0"


def test_a_service_of_ours_may_hold_anything(house: House) -> None:
    bare = Service(key="bare", organization="", name="x", needs=[], description="", fact=HUB.fact, url="http://a b", email="@")
    odd = msgspec.structs.replace(bare, key="odd", name="\u202e\U0001f600", postcode_districts=["", "?"], towns=[""])
    with house.sessions.begin() as session:
        loading.load(session, Seed(terms=[], services=[bare, odd], safety=[], pathways=[], letters=[], texts={}, names={}))
    services = Reader(house).get("/services", full="true")["contents"]
    assert len(services) == 2
