"""The OpenAPI document of the questions, generated from the catalogue: a new question is in it with no word here."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import QuerySolutions, Store
from starlette.requests import Request
from starlette.responses import Response

from pacta import __version__
from pacta.formats import by_name
from pacta.pages.questions_api import OFFERS
from pacta.pages.responses import PROBLEM, site_of
from pacta.pages.site import Site
from pacta.queries import Parameter, Query

_LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
# JSON Schema of one value, by the type of the parameter.
TYPES: dict[str, dict[str, Any]] = {
    "iri": {
        "type": "string",
        "format": "iri",
        "pattern": r"^https?://[A-Za-z0-9.-]{1,60}/[A-Za-z0-9._~/#=,+-]{0,200}$",
    },
    "string": {"type": "string", "maxLength": 500},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]},
    "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
    "language": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", "maxLength": 50},
}
_FORMATS = tuple(each for each in OFFERS if each.name != "html")


async def page(request: Request) -> Response:
    """Answer /openapi.json."""
    site = site_of(request)
    body = await site.call(lambda: site.once("openapi", lambda: document(site)))
    return Response(body, media_type="application/json")


def document(site: Site) -> bytes:
    """Return the OpenAPI 3.1 document as JSON."""
    content = {
        "openapi": "3.1.0",
        "info": {
            "title": "Pacta: questions about who said what, who denies it, and which clause is at stake",
            "version": __version__,
            "description": (
                "Each question of the catalogue is a GET with its parameters in the URL. A parameter may be given "
                "several times, which means any of the values; without one, all. The suffix of the path is the format; "
                "without a suffix it is negotiated by Accept. Where rows are left out, `X-Truncated` and a `next` link "
                "in the headers say so, and `truncated` and `next` in the JSON. Faults come as problem details "
                "(RFC 9457) with `where` and `remedy`."
            ),
            "license": _LICENCE,
        },
        "servers": [{"url": site.settings.url}],
        "tags": [{"name": topic} for topic in sorted({query.topic for query in site.catalogue.values()})],
        "paths": {
            **{f"/query/{name}.{{format}}": {"get": _operation(site, query)} for name, query in site.catalogue.items()},
            **OTHERS,
        },
        "components": {"schemas": {"Problem": _PROBLEM}, "responses": {"Problem": _FAULT}},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def columns(query: Query) -> tuple[str, ...]:
    """Return the names of the columns of a question's answer."""
    found = Store().query(query.text, use_default_graph_as_union=True)
    return tuple(variable.value for variable in found.variables) if isinstance(found, QuerySolutions) else ()


def _operation(site: Site, query: Query) -> dict[str, Any]:
    suffixes = [each.suffix.removeprefix(".") for each in _FORMATS]
    return {
        "operationId": query.name.replace("/", "_").replace("-", "_"),
        "tags": [query.topic],
        "summary": query.title,
        "description": query.description,
        "externalDocs": {"url": f"{site.settings.url}/query/{query.name}", "description": "The question as a page"},
        "parameters": [
            {"name": "format", "in": "path", "required": True, "schema": {"type": "string", "enum": suffixes}},
            *(_parameter(each) for each in query.parameters),
            _cut("limit", 1, site.settings.max_rows, "At most so many rows."),
            _cut("offset", 0, 1_000_000, "Pass over so many rows first."),
        ],
        "responses": {
            "200": {
                "description": "The rows of the answer.",
                "headers": {
                    "Link": {"schema": {"type": "string"}, "description": "`next`, where rows are left out."},
                    "X-Truncated": {"schema": {"type": "string"}, "description": "There where rows are left out."},
                },
                "content": {
                    each.media_type: {"schema": _rows(query) if each.name == "json" else _body(each.name)}
                    for each in _FORMATS
                },
            },
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    one = dict(TYPES[parameter.type])
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": one, "maxItems": 50},
    }
    if parameter.default is not None:
        told["schema"]["default"] = [parameter.default]
    if parameter.choices:
        told["description"] += f" Values: the first column of {parameter.choices}."
        told["x-choices"] = f"/query/{parameter.choices}.json"
    return told


def _cut(name: str, least: int, most: int, about: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


def _rows(query: Query) -> dict[str, Any]:
    names = columns(query)
    cell = {"type": ["string", "number", "boolean", "null"]}
    return {
        "type": "object",
        "required": ["question", "title", "parameters", "columns", "rows", "truncated", "next", "licence"],
        "properties": {
            "question": {"const": query.name},
            "title": {"type": "string"},
            "parameters": {"type": "array"},
            "columns": {"const": list(names)},
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": dict.fromkeys(names, cell),
                    "required": list(names),
                    "additionalProperties": False,
                },
            },
            "truncated": {"type": "boolean"},
            "next": {"type": ["string", "null"]},
            "licence": {"type": "string"},
        },
    }


def _body(format_name: str) -> dict[str, Any]:
    return {"type": "object"} if format_name == "sparql-json" else {"type": "string"}


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong."},
        "where": {"type": "string", "description": "In which question, parameter or place."},
        "remedy": {"type": "string", "description": "What to do."},
        "instance": {"type": "string"},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}
_FAULT: dict[str, Any] = {
    "description": "What is wrong, where, and what to do.",
    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_GRAPHS: dict[str, Any] = {
    **{by_name(name).media_type: {"schema": {"type": "string"}} for name in ("html", "turtle", "ntriples", "rdfxml")},
    by_name("jsonld").media_type: {"schema": {}},
}
OTHERS: dict[str, Any] = {
    "/describe": {
        "get": {
            "operationId": "describe",
            "tags": ["resources"],
            "summary": "A resource by its IRI: what is said of it, what points at it, and its evidence.",
            "description": "An IRI that has an address of its own here answers with a redirection to it.",
            "parameters": [
                {"name": "iri", "in": "query", "required": True, "schema": TYPES["iri"]},
                {"name": "page", "in": "query", "required": False,
                 "schema": {"type": "integer", "minimum": 1, "maximum": 999_999}},
            ],
            "responses": {
                "200": {
                    "description": "The description.",
                    "content": _GRAPHS,
                },
                "303": {"description": "The resource has an address of its own."},
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    },
    "/data/releases.json": {
        "get": {
            "operationId": "releases",
            "tags": ["dumps"],
            "summary": "The release that is served, and those that are kept.",
            "responses": {
                "200": {
                    "description": "Releases, newest first.",
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "required": ["current", "releases"],
                                       "properties": {"releases": {"type": "array", "items": {"type": "object"}}}}
                        }
                    },
                },
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    },
    "/data/changes.json": {
        "get": {
            "operationId": "changes",
            "tags": ["dumps"],
            "summary": "The graphs that were added, removed or changed since a release.",
            "parameters": [
                {"name": "since", "in": "query", "required": True,
                 "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}
            ],
            "responses": {
                "200": {
                    "description": "Graphs that differ.",
                    "content": {"application/json": {"schema": {"type": "object", "required": ["release", "changes"]}}},
                },
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    },
}  # fmt: skip
