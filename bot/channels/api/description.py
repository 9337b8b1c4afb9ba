"""The API as OpenAPI 3.1 describes it, made from the tables that it answers from."""

from __future__ import annotations

from typing import Any

import msgspec

from bot import i18n
from bot.channels.api.pages import LINES
from bot.channels.api.parameters import PARAMETERS
from bot.channels.api.paths import LISTINGS, SINGLES, Listing, Single
from bot.knowledge.hsds import tables

Json = dict[str, Any]
VERSION = "3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile"
_REF = "#/components/schemas/"
_SHAPES = (tables.Service, tables.ServiceAtLocation, tables.Organization, tables.Taxonomy, tables.TaxonomyTerm)


def meta(public_url: str) -> Json:
    """What the API is; HSDS asks for it at its root."""
    return {"version": f"HSDS {VERSION}", "profile": PROFILE, "openapi_url": f"{public_url}/api/openapi.json"}


def openapi(public_url: str) -> Json:
    """The whole description, to be served at /api/openapi.json."""
    paths: Json = {"/": _operation("meta", [], {"200": _content("meta", _meta_schema())})}
    for listing in LISTINGS:
        paths[listing.path] = _listing(listing)
    for single in SINGLES:
        paths[single.path] = _single(single)
    return {
        "openapi": "3.1.0",
        "info": {"title": _say("title"), "version": VERSION, "description": _say("about")},
        "servers": [{"url": f"{public_url}/api"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _listing(listing: Listing) -> Json:
    shapes = [{"$ref": _REF + name} for name in listing.shapes]
    items = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    counts = {"$ref": f"{_REF}Page"}
    schema = {"allOf": [counts, {"type": "object", "properties": {"contents": {"type": "array", "items": items}}}]}
    schema["required"] = ["contents"]
    name = listing.path.strip("/")
    parameters = [
        {"name": p.name, "in": "query", "required": False, "description": _say(f"param.{p.name}"), "schema": dict(p.schema)}
        for p in (PARAMETERS[given] for given in listing.parameters)
    ]
    found = _content("list", schema)
    found["content"][LINES] = {"schema": {"type": "string"}}
    answers = {"200": found, "304": _plain("304"), "400": _problem("400")}
    if "postcode" in listing.parameters:
        answers["422"] = _problem("422")
    return _operation(name, parameters, answers)


def _single(single: Single) -> Json:
    identifier = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": _say("param.id"),
        "schema": {"type": "string", "format": "uuid"},
    }
    answers = {"200": _content("one", {"$ref": _REF + single.shape}), "304": _plain("304"), "404": _problem("404")}
    return _operation(f"{single.path.split('/')[1]}.one", [identifier], {**answers, "400": _problem("400")})


def _operation(name: str, parameters: list[Json], responses: Json) -> Json:
    found: Json = {"operationId": f"get_{name.replace('.', '_')}", "summary": _say(f"path.{name}")}
    return {"get": {**found, "parameters": parameters, "responses": {**responses, "503": _problem("503")}}}


def _content(name: str, schema: Json) -> Json:
    headers = {"ETag": {"schema": {"type": "string"}}, "Cache-Control": {"schema": {"type": "string"}}}
    content = {"application/json": {"schema": schema}}
    return {"description": _say(f"status.{name}"), "headers": headers, "content": content}


def _plain(name: str) -> Json:
    return {"description": _say(f"status.{name}")}


def _problem(name: str) -> Json:
    return {**_plain(name), "content": {"application/json": {"schema": {"$ref": f"{_REF}Problem"}}}}


def _schemas() -> Json:
    """The tables as they are answered: members beyond the standard's may stand beside them."""
    _, found = msgspec.json.schema_components(_SHAPES, ref_template=_REF + "{name}")
    for schema in found.values():
        schema["properties"].pop("extra", None)
        for member in schema["properties"].values():
            member.pop("default", None)
    numbers = ("total_items", "total_pages", "page_number", "size")
    page: Json = {name: {"type": "integer", "minimum": 0} for name in numbers}
    page |= {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    error = {name: {"type": "string"} for name in ("reason", "parameter", "message")}
    return {
        **found,
        "Page": {"type": "object", "properties": page, "required": list(page)},
        "Minimal": _object({"id": {"type": "string", "format": "uuid"}, "last_modified": {"type": "string"}}),
        "Problem": _object({"error": {"type": "object", "properties": error, "required": ["reason", "message"]}}),
    }


def _meta_schema() -> Json:
    link = {"type": "string", "format": "uri"}
    return _object({"version": {"type": "string"}, "profile": link, "openapi_url": link})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _say(key: str) -> str:
    return i18n.t("en", f"api.{key}")
