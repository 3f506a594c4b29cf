"""The catalogue of questions: headers, parameters, and the rows of each question on three engines.

Expected rows lie in expected/queries/{borduria,seed}/TOPIC/NAME.json: a list of cases, each with the values given and
the rows as `-f json` writes them. `PACTA_REWRITE_EXPECTED=1 pytest tests/test_queries.py` writes the rows anew; read
the difference before you keep it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql import prepareQuery

from pacta import queries, resources, rules
from pacta.errors import BadParameter, KnowledgeError, QuerySyntaxError_, UnknownParameter, UnknownQuery
from pacta.exports import results_to
from pacta.queries import Query
from pacta.store import EmbeddedStore, RemoteStore, Results, open_store
from pacta.vocabulary import ID_BASE, QUERY
from stores import BORDURIA, borduria, cell, endpoint, flat, many

EXPECTED = Path(__file__).parent / "expected" / "queries"
REWRITE = os.environ.get("PACTA_REWRITE_EXPECTED") == "1"
CATALOGUE = queries.catalogue()
NUMBERED = sorted(query.number for query in CATALOGUE.values() if query.number)
CASES = sorted(
    (file.relative_to(EXPECTED).parts[0], file.relative_to(EXPECTED / file.relative_to(EXPECTED).parts[0]))
    for file in EXPECTED.glob("*/*/*.json")
)


# --- the catalogue ----------------------------------------------------------------------------------------------------
def test_the_catalogue_holds_the_twenty_questions_and_more():
    assert list(range(1, 21)) == NUMBERED
    assert len(CATALOGUE) > 20
    assert len({query.title for query in CATALOGUE.values()}) == len(CATALOGUE)
    assert list(CATALOGUE) == sorted(CATALOGUE)


@pytest.mark.parametrize("query", CATALOGUE.values(), ids=lambda query: query.name)
def test_a_query_file_is_whole(query: Query):
    assert query.iri == QUERY + query.name
    assert query.path is not None
    assert query.topic == query.path.parent.name
    assert query.description
    assert query.tags
    assert "NOT EXISTS" not in query.text, "MINUS is a hundred times faster in the embedded engine"
    assert "GRAPH" not in query.text, "no answer hangs on the names of graphs"
    assert "ORDER BY" in query.text
    assert all(len(line) <= 120 for line in query.text.splitlines())
    prepareQuery(query.text)
    with open_store() as store:
        found = store.query(query.text)
    assert found.variables
    assert query.bind({}) == query.text, "bare, the file is what runs"
    for parameter in query.parameters:
        assert parameter.description.endswith(".")


def test_the_columns_of_the_first_question_are_a_contract():
    with open_store() as store:
        found = queries.run(store, "disputes/who-disputes-which-clause")
    assert found.variables == (
        "agreement",
        "clause",
        "clauseNumber",
        "actor",
        "speaker",
        "stance",
        "counterparty",
        "statement",
        "quote",
        "document",
        "published",
    )


def test_choices_come_from_queries_that_can_run_alone():
    for query in CATALOGUE.values():
        for parameter in query.parameters:
            if parameter.choices:
                source = CATALOGUE[parameter.choices]
                assert "choices" in source.tags
                assert not source.parameters


# --- rows -------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def borduria_store():
    with borduria() as store:
        yield store


@pytest.fixture(scope="module")
def stores(borduria_store, seed_store) -> dict[str, EmbeddedStore]:
    return {"borduria": borduria_store, "seed": seed_store}


@pytest.fixture(scope="module")
def remotes(stores, tmp_path_factory):
    with (
        endpoint(stores["borduria"], tmp_path_factory.mktemp("borduria")) as first,
        endpoint(stores["seed"], tmp_path_factory.mktemp("seed")) as second,
    ):
        yield {"borduria": RemoteStore(first), "seed": RemoteStore(second)}


@pytest.fixture(scope="module")
def flats(stores) -> dict[str, rdflib.Graph]:
    return {name: flat(store) for name, store in stores.items()}


_KNOWLEDGE = re.compile(r'(/run/[0-9.]+-|"knowledgeHash": ")[0-9a-f]+')


def cases(data: str, file: Path) -> list[dict[str, Any]]:
    found = json.loads((EXPECTED / data / file).read_text(encoding="utf-8"))
    assert found, file
    return found


def rows(found: Results) -> list[dict[str, Any]]:
    """Rows as JSON; what the hash over the knowledge says changes with every edit of the seeds, and is masked."""
    text = results_to(found, "json").decode()
    return json.loads(_KNOWLEDGE.sub(lambda m: f"{m[1]}HASH", text))


def test_every_question_has_expected_rows():
    on_borduria = {file.with_suffix("").as_posix() for data, file in CASES if data == "borduria"}
    on_seed = {file.with_suffix("").as_posix() for data, file in CASES if data == "seed"}
    assert on_borduria == set(CATALOGUE)
    assert on_seed >= {query.name for query in CATALOGUE.values() if query.number}


@pytest.mark.parametrize(("data", "file"), CASES, ids=str)
def test_the_embedded_store_gives_the_expected_rows(stores, data, file):
    name = file.with_suffix("").as_posix()
    found = cases(data, file)
    for case in found:
        got = rows(queries.run(stores[data], name, case["values"]))
        if REWRITE:
            case["rows"] = got
        assert got == case["rows"], case["values"]
    if REWRITE:
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        (EXPECTED / data / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("data", "file"), CASES, ids=str)
def test_an_endpoint_gives_the_same_rows(stores, remotes, data, file):
    query = CATALOGUE[file.with_suffix("").as_posix()]
    for case in cases(data, file):
        text = query.bind(case["values"])
        assert remotes[data].query(text) == stores[data].query(text)


@pytest.mark.parametrize(("data", "file"), CASES, ids=str)
def test_flat_turtle_in_rdflib_gives_the_same_rows(stores, flats, data, file):
    query = CATALOGUE[file.with_suffix("").as_posix()]
    for case in cases(data, file):
        text = query.bind(case["values"])
        here = [tuple(map(cell, row)) for row in stores[data].query(text)]
        there = [tuple(map(cell, row)) for row in flats[data].query(text)]  # type: ignore[union-attr]
        assert there == here, case["values"]


@pytest.mark.parametrize(
    ("asked", "answered", "days"),
    [
        ("2031-06-20", "2031-06-20", 0),
        ("2032-02-28", "2032-03-01", 2),
        ("2031-02-28", "2031-03-01", 1),
        ("2031-12-31", "2032-01-01", 1),
        ("2000-01-01", "2031-12-31", 11687),
        ("2031-06-22", "2031-06-20", -2),
    ],
)
def test_days_are_counted_over_months_and_years(asked, answered, days):
    text = BORDURIA.read_text(encoding="utf-8")
    begin = 'pacta:notBefore "'
    for old, new in (
        (f"{begin}2031-06-20T00", f"{begin}{asked}T00"),
        (f"{begin}2031-06-21T00", f"{begin}{answered}T00"),
    ):
        assert old in text
        text = text.replace(old, new)
    with open_store() as store:
        store.load(text.encode(), "trig")
        rules.derive(store)
        found = queries.run(store, "statements/replies").column("days")
    assert [int(term.value) for term in found if term] == [days]


@pytest.mark.parametrize("query", [q for q in CATALOGUE.values() if q.parameters], ids=lambda query: query.name)
def test_a_value_that_fits_nothing_leaves_no_rows_and_one_that_fits_leaves_fewer(borduria_store, query):
    everything = borduria_store.query(query.text).rows
    misfits = {"iri": "http://example.org/none", "string": "no such", "language": "tlh", "integer": "99"}
    for parameter in query.parameters:
        if parameter.type in misfits:
            assert queries.run(borduria_store, query.name, {parameter.name: misfits[parameter.type]}).rows == ()
        if parameter.choices:
            choices = queries.run(borduria_store, parameter.choices).rows
            found: set[object] = set()
            for choice in choices:
                part = queries.run(borduria_store, query.name, {parameter.name: choice[0].value}).rows
                assert set(part) <= set(everything)
                found |= set(part)
            assert found


def seconds(store: EmbeddedStore, text: str) -> float:
    begin = time.process_time()
    store.query(text)
    return time.process_time() - begin


def growth(small: EmbeddedStore, large: EmbeddedStore, text: str, limit: float) -> float:
    """How many times longer the query takes on `large`, by the best of some runs: other work only ever adds time."""
    before = min(seconds(small, text) for _ in range(5))
    after = float("inf")
    for _ in range(12):
        after = min(after, seconds(large, text))
        before = min(before, seconds(small, text))
        if after <= limit * before:
            break
    return after / before


def test_no_question_grows_with_the_square_of_the_store():
    """Sixteen times the records: sorting takes some 25 times as long, listing pairs 256 times."""
    with many(8) as small, many(128) as large:
        found = {name: growth(small, large, query.text, 64) for name, query in CATALOGUE.items()}
    assert {name: round(times) for name, times in found.items() if times > 64} == {}


# --- binding ----------------------------------------------------------------------------------------------------------
def question(kind: str) -> Query:
    text = f"#+ parameters:\n#+   - name: x\n#+     type: {kind}\nSELECT ?x WHERE {{\n  VALUES ?x {{ UNDEF }}\n}}"
    return queries.from_text(text)


def bound(kind: str, *values: Any) -> tuple[Any, ...]:
    with open_store() as store:
        return store.query(question(kind).bind({"x": values[0] if len(values) == 1 else values})).column("x")


@given(st.text())
def test_any_text_stays_one_term(text):
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        with pytest.raises(BadParameter):
            bound("string", text)
    else:
        assert bound("string", text) == (Literal(text),)


@pytest.mark.parametrize(
    "text",
    [
        '" } } ; DROP ALL #',
        "\\",
        '\\" } SELECT * { ?s ?p ?o',
        "\n  VALUES ?x { UNDEF }\n",
        "'''",
        "<http://e.org/>",
        "UNDEF }",
        "\\1 \\g<0>",
        "} UNION { ?s ?p ?o",
    ],
)
def test_hostile_values(text):
    assert bound("string", text) == (Literal(text),)
    for kind in ("date", "dateTime", "integer", "language"):
        with pytest.raises(BadParameter):
            question(kind).bind({"x": text})
    for iri in (f"http://e.org/{text}", f"http://e.org/> }} {text}"):
        with pytest.raises(BadParameter) if not iri.isprintable() or set(iri) & set('<>"{}|^`\\ ') else nothing():
            assert bound("iri", iri) == (NamedNode(iri),)


class nothing:  # noqa: N801 - stands in for pytest.raises
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("kind", "value", "text", "datatype"),
    [
        ("date", "2021-08-13", "2021-08-13", "date"),
        ("dateTime", "2021-08-13", "2021-08-13T00:00:00Z", "dateTime"),
        ("dateTime", "2021-08-13T04:00:00+04:00", "2021-08-13T04:00:00+04:00", "dateTime"),
        ("dateTime", "2021-08-13T04:00:00Z", "2021-08-13T04:00:00Z", "dateTime"),
        ("integer", "007", "7", "integer"),
        ("integer", -3, "-3", "integer"),
        ("language", "az-Latn", "az-latn", "string"),
        ("string", "4", "4", "string"),
    ],
)
def test_values_become_terms_of_their_type(kind, value, text, datatype):
    assert bound(kind, value) == (Literal(text, datatype=NamedNode(XSD + datatype)),)


def test_iris_may_be_written_short():
    assert bound("iri", "id:actor/osce") == (NamedNode(f"{ID_BASE}actor/osce"),)
    assert bound("iri", "pacta:asserts") == (NamedNode("https://w3id.org/pacta/ontology#asserts"),)
    assert bound("iri", "urn:isbn:1") == (NamedNode("urn:isbn:1"),)


def test_a_value_takes_every_place_of_its_parameter_and_frees_the_bare_answer_of_its_bound():
    hole = "VALUES ?x { UNDEF }\n"
    header = "#+ parameters:\n#+   - name: x\n#+     type: integer\n"
    text = f"{header}SELECT ?x ?y {{\n  {{ VALUES ?y {{ 1 2 }} }}\n  {{ SELECT ?x {{\n    {hole}  }} }}\n  {hole}"
    query = queries.from_text(f"{text}  FILTER(?y = 1)  # bare\n}}\nORDER BY ?y\n")
    with open_store() as store:
        assert store.query(query.bind()).rows == ((None, Literal(1)),)
        assert store.query(query.bind({"x": 7})).rows == ((Literal(7), Literal(1)), (Literal(7), Literal(2)))
    assert "UNDEF" not in query.bind({"x": 7})
    assert query.bind() == query.text


def test_several_values_mean_any_of_them():
    assert set(bound("string", "a", "b")) == {Literal("a"), Literal("b")}
    assert bound("string", "a", "a\nb")[1] == Literal("a\nb")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "13.8.2021"),
        ("date", "2021-02-30"),
        ("date", "2021-08-13T00:00:00Z"),
        ("dateTime", "2021-08-13T04:00:00"),
        ("dateTime", "soon"),
        ("integer", "1.5"),
        ("integer", "9" * 40),
        ("integer", "١"),
        ("language", "english language"),
        ("iri", "actor"),
        ("iri", ""),
        ("iri", "http://e.org/a b"),
        ("iri", "nix:actor\n"),
    ],
)
def test_a_value_that_does_not_fit_says_so(kind, value):
    with pytest.raises(BadParameter, match=r"'x' \(\w+\)"):
        question(kind).bind({"x": value})


def test_defaults():
    text = (
        "#+ parameters:\n#+   - name: n\n#+     type: integer\n#+     default: 3\nSELECT ?n {\n  VALUES ?n { UNDEF }\n}"
    )
    query = queries.from_text(text)
    with open_store() as store:
        assert store.query(query.bind()).rows == ((Literal(3),),)
        assert store.query(query.bind({"n": 4})).rows == ((Literal(4),),)
        assert store.query(query.bind({"n": None})).rows == ((None,),)


# --- faults -----------------------------------------------------------------------------------------------------------
def test_unknown_names_get_a_hint():
    with pytest.raises(UnknownQuery, match="Did you mean disputes/who-disputes-which-clause"):
        queries.get("disputes/who-dispute-which-clause")
    with pytest.raises(UnknownQuery, match="pacta query"):
        queries.get("zzz")
    with pytest.raises(UnknownQuery, match="several"):
        queries.get("list")
    assert queries.get("who-disputes-which-clause").number == 1
    with pytest.raises(UnknownParameter, match=r"Did you mean agreement\? It has agreement, number, actor"):
        queries.get("who-disputes-which-clause").bind({"agrement": "x"})
    with pytest.raises(UnknownParameter, match="It has none"):
        queries.get("agreements/list").bind({"x": "y"})


def test_a_faulty_query_text():
    with open_store() as store, pytest.raises(QuerySyntaxError_, match="line 1"):
        store.query(queries.from_text("SELECT WHERE {").bind())


HEAD = "#+ summary: What?\n#+ description: That.\n#+ tags:\n#+   - x\n"
PARAMETERS = HEAD + "#+ parameters:\n"
BODY = "SELECT ?x WHERE {\n  VALUES ?x { UNDEF }\n}\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t/a.rq", BODY, "a summary, a description and tags"),
        ("t/A.rq", HEAD + BODY, "small letters"),
        ("t/a.rq", HEAD + "#+ colour: red\n" + BODY, "no 'colour'"),
        ("t/a.rq", HEAD + "#+ question: first\n" + BODY, "no question number"),
        ("t/a.rq", HEAD + "#+ oh\n" + BODY, r"a\.rq:5"),
        ("t/a.rq", PARAMETERS + "#+   - name: x\n#+     type: text\n" + BODY, "no known type"),
        ("t/a.rq", PARAMETERS + "#+   - name: x\n#+     kind: iri\n" + BODY, "no 'kind'"),
        ("t/a.rq", PARAMETERS + "#+   - name: x-y\n#+     type: iri\n" + BODY, "no name for a parameter"),
        ("t/a.rq", PARAMETERS + "#+   - name: y\n#+     type: iri\n" + BODY, "has no place"),
        ("t/a.rq", PARAMETERS + "#+   - name: x\n#+     type: iri\n#+     choices: t/b\n" + BODY, "no query"),
        ("t/a.rq", PARAMETERS + 2 * "#+   - name: x\n#+     type: iri\n" + BODY, "declared twice"),
    ],
)
def test_a_faulty_file_is_told_with_its_place(tmp_path, monkeypatch, name, text, message):
    for kind in resources.KINDS:
        (tmp_path / kind).mkdir()
    (tmp_path / "queries" / "t").mkdir()
    (tmp_path / "queries" / name).write_text(text)
    monkeypatch.setenv("PACTA_HOME", str(tmp_path))
    with pytest.raises(KnowledgeError, match=message):
        queries.catalogue()
    shutil.rmtree(tmp_path / "queries" / "t")
    with pytest.raises(KnowledgeError, match="no file matches"):
        queries.catalogue()


def test_labels_are_found_for_the_resources_of_an_answer(seed_store):
    results = queries.run(seed_store, "disputes/who-disputes-which-clause")
    labels = queries.labels_in(seed_store, results)
    actors = {row[results.variables.index("actor")].value for row in results.rows}
    assert actors <= labels.keys()
    table = results_to(results, "table", labels=labels).decode()
    assert all(f"{labels[iri]} (actor/" in table for iri in actors)
    assert all(f"{labels[iri]} (actor/" not in results_to(results, "table").decode() for iri in actors)
