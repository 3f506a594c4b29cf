"""What bounds an answer: a bare question keeps to the newest documents, as it says; a parameter lifts that bound.

An inner LIMIT of a million only tells the embedded engine what to find first. Here the bounds are made so small that
the answers on a small store exceed them, and rdflib answers the same questions without any inner LIMIT.
"""

from __future__ import annotations

import re

import pytest
import rdflib
from click.testing import CliRunner
from pyoxigraph import NamedNode

from pacta import queries, rules
from pacta.commands import main
from pacta.queries import Query
from pacta.store import EmbeddedStore, open_store
from stores import cell, flat, many

FENCE = 1_000_000
NEWEST = 5  # documents that a bare question may look at here, of nine
CATALOGUE = queries.catalogue()
BARE = [query for query in CATALOGUE.values() if "# bare" in query.text]
LIMITED = [query for query in CATALOGUE.values() if "LIMIT" in query.text and query.parameters]
_LIMIT = re.compile(r"(?m)\bLIMIT (\d+)(.*)$")
_BOUND = re.compile(r"LIMIT \d+(?= \}  # bare$)", re.MULTILINE)
_PUBLISHED = (
    "PREFIX pacta: <https://w3id.org/pacta/ontology#> "
    "SELECT ?document ?published WHERE { ?document a pacta:Document ; pacta:published ?published }"
)


@pytest.fixture(scope="module")
def store():
    with many(3) as found:
        yield found


@pytest.fixture(scope="module")
def graph(store) -> rdflib.Graph:
    return flat(store)


def bounded(query: Query, documents: int = NEWEST) -> Query:
    """The question with a bound that a small store exceeds."""
    return queries.from_text(_BOUND.sub(f"LIMIT {documents}", query.text), query.name)


def rows(engine: EmbeddedStore | rdflib.Graph, text: str) -> list[tuple[object, ...]]:
    answer = engine.query(text)
    return [tuple(map(cell, row)) for row in (answer.rows if hasattr(answer, "rows") else answer)]  # type: ignore[union-attr]


def values(store: EmbeddedStore, query: Query) -> dict[str, str]:
    """For each parameter the value that most rows of the question hang on."""
    unbounded = queries.from_text("\n".join(x for x in query.text.split("\n") if not x.endswith("# bare")), query.name)
    answer = store.query(unbounded.text)
    found = {}
    for parameter in query.parameters:
        if parameter.choices:
            among = [row[0].value for row in store.query(CATALOGUE[parameter.choices].text).rows if row[0]]  # type: ignore[union-attr]
        elif parameter.name in answer.variables:
            among = sorted({term.value for term in answer.column(parameter.name) if term})[:3]  # type: ignore[union-attr]
        else:
            among = {"date": ["2031-06-22"], "dateTime": ["2031-12-31"], "integer": ["1"]}.get(parameter.type, [])
        counted = [(len(store.query(query.bind({parameter.name: value})).rows), value) for value in among]
        if counted:
            found[parameter.name] = max(counted)[1]
    return found


@pytest.mark.parametrize("query", CATALOGUE.values(), ids=lambda query: query.name)
def test_a_bound_is_told(query: Query):
    for limit, rest in _LIMIT.findall(query.text):
        if rest.endswith("# bare"):
            assert f"{limit} newest documents" in query.description
        elif rest.endswith("# newest"):
            assert f"the {limit} that the newest documents" in query.description.replace("\n", " ")
        else:
            assert int(limit) == FENCE, "a smaller number may cut an answer, a larger one orders nothing"


@pytest.mark.parametrize("query", BARE, ids=lambda query: query.name)
def test_a_bare_question_keeps_to_the_newest_documents(store, query):
    free = rows(store, "\n".join(line for line in query.text.split("\n") if not line.endswith("# bare")))
    bare = rows(store, bounded(query).text)
    assert bare != free
    assert rows(store, bounded(query, 8).text)
    assert rows(store, bounded(query, 99).text) == free
    if "document" in store.query(query.text).variables:
        days = {row[0].value: row[1].value[:10] for row in store.query(_PUBLISHED).rows}  # type: ignore[union-attr]
        newest = sorted(sorted(days), key=lambda document: days[document], reverse=True)[:NEWEST]
        at = store.query(query.text).variables.index("document")
        assert bare == [row for row in free if row[at] in {("iri", document) for document in newest}]


@pytest.mark.parametrize("query", LIMITED, ids=lambda query: query.name)
def test_a_parameter_lifts_every_bound(store, graph, query):
    """The first parameter against rdflib, the others against the embedded engine without inner LIMITs."""
    small = bounded(query)
    found = values(store, query)
    assert found
    for at, (name, value) in enumerate(found.items()):
        text = small.bind({name: value})
        brute = rows(store if at else graph, re.sub(r"LIMIT \d+", "", text))
        assert rows(store, text) == brute, (name, value)


def test_a_smaller_fence_would_be_seen(store):
    text = CATALOGUE["statements/by-actor"].bind({"from": "2031-01-01"})
    assert len(rows(store, text.replace(f"LIMIT {FENCE}", "LIMIT 20"))) < len(rows(store, text))


def test_what_has_no_day_is_told_where_no_period_is_asked_for():
    question = CATALOGUE["statements/by-actor"]
    with many(1) as found:
        for quad in list(found.match(None, NamedNode("https://w3id.org/pacta/ontology#published"))):
            found.change([quad], [])
        rules.derive(found)
        actor = {"actor": found.query(CATALOGUE["actors/speakers"].text).rows[0][0].value}  # type: ignore[index, union-attr]
        days = {term.value for term in found.query(question.bind(actor)).column("day")}  # type: ignore[union-attr]
        assert "" in days
        for period in ({"from": "1000-01-01"}, {"to": "3000-01-01"}):
            answer = found.query(question.bind({**actor, **period}))
            assert {term.value for term in answer.column("day")} == days - {""}  # type: ignore[union-attr]


def test_a_store_that_outgrows_the_inner_limits_is_told_of(store, monkeypatch):
    text = CATALOGUE["statements/by-actor"].bind({"from": "2031-01-01"})
    attributions = len(store.query("SELECT ?a { ?a <https://w3id.org/pacta/ontology#attributes> ?s }").rows)
    assert not queries.may_be_cut(store, text)
    monkeypatch.setattr(queries, "INNER_LIMIT", attributions)
    assert not queries.may_be_cut(store, text.replace(f"LIMIT {FENCE}", f"LIMIT {attributions}"))
    monkeypatch.setattr(queries, "INNER_LIMIT", attributions - 1)
    assert queries.may_be_cut(store, text.replace(f"LIMIT {FENCE}", f"LIMIT {attributions - 1}"))
    assert not queries.may_be_cut(store, CATALOGUE["agreements/list"].text)


def test_the_command_says_that_rows_may_be_missing(tmp_path, monkeypatch):
    with open_store(tmp_path / "store"):
        pass
    for cut in (True, False):
        monkeypatch.setattr(queries, "may_be_cut", lambda store, text, cut=cut: cut)
        answer = CliRunner().invoke(main, ["query", "statements/by-actor", "--store", str(tmp_path / "store")])
        assert answer.exit_code == 0
        assert ("more than 1,000,000 rows" in answer.stderr) == cut


def test_the_statements_on_obligations_can_be_had_page_by_page(store):
    """`until` the day of the oldest brings what was told before, and in the end all are told."""
    query = CATALOGUE["agreements/obligations-due"]
    asked = {"before": "2031-12-31"}

    def told(text: str) -> set[object]:
        answer = store.query(text)
        return set(answer.column("statement")) - {None}

    everything = told(query.bind(asked))
    small = queries.from_text(re.sub(r"LIMIT \d+(?= \}  # newest)", "LIMIT 20", query.text))
    days = sorted({row[1].value[:10] for row in store.query(_PUBLISHED).rows}, reverse=True)  # type: ignore[union-attr]
    pages = [told(small.bind({**asked, "until": day})) for day in days]
    assert all(page < everything for page in pages)
    assert set.union(*pages) == everything
