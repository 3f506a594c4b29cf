"""Questions as an API: the rows of the command line, faults that say what to do, caps that show, OpenAPI that holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pyoxigraph import NamedNode, RdfFormat

from conftest_pages import URL, Get, asker
from pacta import queries
from pacta.exports import results_to
from pacta.exports.sparql import objects
from pacta.pages import openapi
from pacta.pages.app import application
from pacta.pages.endpoint.limits import Limits
from pacta.pages.oneshot import Got
from pacta.pages.questions_api import cut
from pacta.pages.site import Settings, Site
from pacta.store import EmbeddedStore
from pacta.vocabulary import ID_BASE

WHO = "/query/disputes/who-disputes-which-clause"
CATALOGUE = queries.catalogue()
RESULT = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def following(got: Got) -> str:
    found = re.findall(r'<([^>]*)>; rel="next"', got.header("link") or "")
    return found[0] if found else ""


# --- answers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CATALOGUE)
def test_the_rows_are_those_of_the_question(get: Get, seed_store: EmbeddedStore, name: str) -> None:
    results = queries.run(seed_store, name)
    assert get(f"/query/{name}.csv").body == results_to(results, "csv")
    told = json.loads(get(f"/query/{name}", "application/json").body)
    assert told["rows"] == json.loads(objects(results))
    assert told["columns"] == list(results.variables) == list(openapi.columns(CATALOGUE[name]))
    assert (told["truncated"], told["next"]) == (False, None)


def test_every_format(get: Get, seed_store: EmbeddedStore) -> None:
    results = queries.run(seed_store, "disputes/who-disputes-which-clause")
    kinds = {
        ".csv": "text/csv; charset=utf-8",
        ".tsv": "text/tab-separated-values; charset=utf-8",
        ".json": "application/json",
        ".ttl": "text/turtle; charset=utf-8",
        ".md": "text/markdown; charset=utf-8",
        ".srj": "application/sparql-results+json",
    }
    for suffix, media_type in kinds.items():
        got = get(WHO + suffix)
        assert got.status == 200
        assert got.header("content-type") == media_type
        assert got.body == get(WHO, media_type.partition(";")[0]).body
        assert got.header("etag")
    assert get(WHO + ".tsv").body == results_to(results, "tsv")
    assert get(WHO + ".md").body == results_to(results, "markdown")
    assert get(WHO, "image/png").status == 406


def test_the_turtle_holds_every_cell(get: Get, seed_store: EmbeddedStore) -> None:
    results = queries.run(seed_store, "disputes/who-disputes-which-clause")
    found = list(ox.parse(get(WHO + ".ttl").body, format=RdfFormat.TURTLE))
    values = sorted(str(q.object) for q in found if q.predicate == NamedNode(RESULT + "value"))
    assert values == sorted(str(term) for row in results.rows for term in row if term is not None)
    whole = NamedNode(f"{URL}{WHO}#result")
    assert any(q.subject == whole and q.predicate.value.endswith("license") for q in found)
    assert not [q for q in found if isinstance(q.subject, ox.BlankNode)]


def test_parameters(get: Get, seed_store: EmbeddedStore) -> None:
    armenia, azerbaijan = f"{ID_BASE}actor/arm", f"{ID_BASE}actor/aze"
    name = "disputes/who-disputes-which-clause"
    for values, query in (
        ({"actor": [armenia]}, f"actor={armenia}"),
        ({"actor": [armenia, azerbaijan]}, f"actor={armenia}&actor={azerbaijan}"),
        ({"actor": [armenia], "number": ["4"]}, "actor=id:actor/arm&number=4&agreement="),
        ({"number": ["5"]}, "number=5"),
    ):
        assert get(f"{WHO}.csv?{query}").body == results_to(queries.run(seed_store, name, values), "csv"), query
    assert len(get(f"{WHO}.csv?number=5").body.splitlines()) == 1
    assert len(get(f"{WHO}.csv?actor={armenia}").body.splitlines()) > 1


def test_the_page_of_a_question_is_for_browsers(get: Get) -> None:
    got = get(WHO, "text/html,application/xhtml+xml,*/*;q=0.8")
    assert got.status == 200
    assert b"<form" in got.body
    assert get("/query").header("location") == "/questions"


# --- faults -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{WHO}.json?actr=x", 400, ("actr", "did you mean actor?")),
        (f"{WHO}.json?actor=armenia", 400, ("armenia", "actor", "IRI")),
        (f"{WHO}.json?actor=%3Chttp://x%3E%20%7D%20DROP%20ALL", 400, ("actor", "IRI")),
        ("/query/statements/by-actor.json?from=tomorrow", 400, ("tomorrow", "from", "2021-08-13")),
        (f"{WHO}.json?limit=0", 400, ("limit", "whole number")),
        (f"{WHO}.json?limit=x", 400, ("limit", "whole number")),
        (f"{WHO}.json?offset=-1", 400, ("offset", "whole number")),
        (f"{WHO}.json?offset=99999999999999999999", 400, ("offset",)),
        (f"{WHO}.pdf", 404, (".csv", ".ttl")),
        ("/query/disputes/who-disputes-which-claus.csv", 404, ("/query/disputes/who-disputes-which-clause",)),
        ("/query/nothing/at-all", 404, ("/questions",)),
    ],
)
def test_faults_say_what_where_and_what_to_do(get: Get, path: str, status: int, words: tuple[str, ...]) -> None:
    got = get(path, "application/json")
    assert got.status == status
    assert got.header("content-type") == "application/problem+json"
    told = json.loads(got.body)
    assert told["remedy"]
    assert told["status"] == status
    assert status == 404 or told["where"]
    for word in words:
        assert word in got.body.decode()
    page = get(path, "text/html")
    assert page.status == (status if path != WHO else 200) or ".json" not in path


def test_a_value_stays_one_term(get: Get) -> None:
    quote = "%22%20%7D%20%23"  # " } #
    for path in (f"{WHO}.json?number={quote}", f"{WHO}.json?number=4%0A%7D", f"{WHO}.json?number=%5C%22"):
        assert json.loads(get(path).body)["rows"] == []


# --- caps -------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def narrow(seed_folder: Path) -> Iterator[Get]:
    app = application(Settings(store=seed_folder, url=URL, limits=Limits(max_rows=7)))
    yield asker(app)
    app.state.pool.close()
    app.state.site.close()


def test_next_links_lead_through_all_rows(narrow: Get, seed_store: EmbeddedStore) -> None:
    path, rows, turns = "/query/statements/list.json", [], 0
    while path:
        got = narrow(path)
        told = json.loads(got.body)
        assert len(told["rows"]) <= 7
        assert told["truncated"] == bool(following(got)) == bool(got.header("x-truncated"))
        assert told["next"] == (URL + following(got) if following(got) else None)
        rows += told["rows"]
        path = following(got)
        turns += 1
    assert turns > 2
    assert rows == json.loads(objects(queries.run(seed_store, "statements/list")))


def test_what_is_cut_shows_in_every_format(narrow: Get) -> None:
    path = "/query/statements/list"
    for suffix in (".csv", ".tsv", ".srj", ".md", ".ttl", ".json"):
        got = narrow(path + suffix)
        assert got.header("x-truncated") == "rows; count=7"
        assert following(got) == f"{path}{suffix}?limit=7&offset=7"
    assert b"Truncated after 7 rows" in narrow(path + ".md").body
    assert b"hydra/core#next" in narrow(path + ".ttl").body
    last = narrow(f"{path}.csv?limit=3&offset=2")
    assert len(last.body.splitlines()) == 4
    assert following(last) == f"{path}.csv?limit=3&offset=5"
    assert narrow(f"{path}.csv?limit=9999").header("x-truncated") == "rows; count=7"


def test_every_question_can_be_cut(seed_store: EmbeddedStore) -> None:
    for name, query in CATALOGUE.items():
        whole = seed_store.query(query.bind()).rows
        assert seed_store.query(cut(query.bind(), 2, 1)).rows == whole[1:3], name


# --- OpenAPI ----------------------------------------------------------------------------------------------------------
def test_openapi_has_every_question_with_its_parameters(get: Get, site: Site) -> None:
    got = get("/openapi.json")
    assert got.header("content-type") == "application/json"
    paths = json.loads(got.body)["paths"]
    assert {path for path in paths if path.startswith("/query/")} == {f"/query/{name}.{{format}}" for name in CATALOGUE}
    for name, query in CATALOGUE.items():
        operation = paths[f"/query/{name}.{{format}}"]["get"]
        assert operation["summary"] == query.title
        names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        assert names == [*(each.name for each in query.parameters), "limit", "offset"]
    ids = [operation["get"]["operationId"] for operation in paths.values()]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def api(app: object) -> schemathesis.BaseSchema:
    async def served(scope: Any, receive: Any, send: Any) -> None:
        """The application as long as the tests run: whoever asks is no server that starts and stops it."""
        if scope["type"] == "http":
            await app(scope, receive, send)  # type: ignore[operator]

    return schemathesis.openapi.from_asgi("/openapi.json", served)


@pytest.mark.parametrize("path", [*(f"/query/{name}.{{format}}" for name in CATALOGUE), *openapi.OTHERS])
def test_openapi_says_what_the_server_does(api: schemathesis.BaseSchema, path: str) -> None:
    tried = []

    @settings(max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=api[path]["GET"].as_strategy())
    def check(case: schemathesis.Case) -> None:
        tried.append(case.call_and_validate().status_code)

    check()
    assert tried
    assert set(tried) <= {200, 303, 404} | ({400} if path == "/describe" else set())
