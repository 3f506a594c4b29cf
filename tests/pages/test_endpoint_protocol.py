"""The endpoint as its clients meet it: formats, datasets, faults; SPARQLWrapper, rdflib, curl; the graph store."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import unittest
from collections.abc import Iterator
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import SPARQLWrapper
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from endpoints import BASE, EX, Reply, Server, make_store
from pacta.store import RemoteStore

ONE, TWO, TEXT = f"{BASE}graph/one", f"{BASE}graph/two", f"{BASE}graph/text/0a1b2c3d4e5f"
FULL_TEXT = "https://w3id.org/pacta/ontology#fullText"
QUADS = f"""
<{EX}a> <{EX}p> "one, \\"first\\"\\nline"@en <{ONE}> .
<{EX}a> <{EX}n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{ONE}> .
<{EX}b> <{EX}p> <{EX}a> <{TWO}> .
<{EX}c> <{FULL_TEXT}> "the whole text" <{TEXT}> .
"""
ROWS = f"SELECT ?s ?o {{ ?s <{EX}p> ?o }} ORDER BY ?s"
TRIPLES = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}"
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
SRJ, SRX = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = make_store(tmp_path_factory.mktemp("protocol") / "store", QUADS)
    with Server(folder, "--workers", "2") as running:
        yield running


def media_type(reply: Reply) -> str:
    return reply.headers["content-type"].partition(";")[0]


def fault(reply: Reply, status: int) -> dict[str, object]:
    assert reply.status == status, reply.text
    assert media_type(reply) == "application/problem+json"
    return json.loads(reply.text)


# --- formats ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("accept", [SRJ, "application/json", "*/*", None])
def test_json(accept: str | None, server: Server) -> None:
    reply = server.ask(ROWS, accept=accept)
    assert media_type(reply) == ("application/json" if accept == "application/json" else SRJ)
    rows = json.loads(reply.text)["results"]["bindings"]
    assert rows[0]["o"] == {"type": "literal", "value": 'one, "first"\nline', "xml:lang": "en"}
    assert rows[1]["o"] == {"type": "uri", "value": f"{EX}a"}


def test_xml_csv_and_tsv(server: Server) -> None:
    reply = server.ask(ROWS, accept=SRX)
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [e.text for e in ElementTree.fromstring(reply.text).iter(f"{space}uri")] == [f"{EX}a", f"{EX}b", f"{EX}a"]
    reply = server.ask(ROWS, accept="text/csv")
    assert list(csv.reader(io.StringIO(reply.text, newline=""))) == [
        ["s", "o"], [f"{EX}a", 'one, "first"\nline'], [f"{EX}b", f"{EX}a"],
    ]  # fmt: skip
    reply = server.ask(ROWS, accept="text/tab-separated-values")
    assert reply.text.splitlines()[:2] == ["?s\t?o", f'<{EX}a>\t"one, \\"first\\"\\nline"@en']


@pytest.mark.parametrize("accept", GRAPHS)
def test_graphs(accept: str, server: Server) -> None:
    reply = server.ask(TRIPLES, accept=accept)
    assert media_type(reply) == accept
    found = {str(q.triple) for q in ox.parse(reply.body, format=ox.RdfFormat.from_media_type(accept))}
    assert len(found) == 2
    assert any('"one, \\"first\\"\\nline"@en' in each for each in found)


def test_columns(server: Server) -> None:
    def head(query: str) -> str:
        return server.ask(query, accept="text/csv").text.splitlines()[0]

    assert head("SELECT * { ?s ?p ?o { SELECT (1 AS ?a) { } } }") == "s,p,o,a"
    assert head("SELECT ?o ?p ?s { ?s ?p ?o }") == "o,p,s"
    assert head("SELECT (STR(?s) AS ?x) ?s { ?s ?p ?o }") == "x,s"
    reply = server.ask(f"SELECT * {{ ?s <{EX}n> ?o }}")
    assert json.loads(reply.text)["results"]["bindings"][0]["o"]["value"] == "1"


def test_ask_and_the_field_format(server: Server) -> None:
    assert json.loads(server.ask("ASK { ?s ?p ?o }").text)["boolean"] is True
    reply = server.ask("ASK { ?s ?p 'nothing' }", accept=SRX)
    assert "<boolean>false</boolean>" in reply.text
    assert media_type(server.ask(ROWS, accept="text/html", fields=[("format", "csv")])) == "text/csv"
    assert media_type(server.ask(TRIPLES, fields=[("format", "nt")])) == "application/n-triples"
    assert media_type(server.ask(TRIPLES, fields=[("format", "json")])) == "application/ld+json"


def test_what_cannot_be_had(server: Server) -> None:
    told = fault(server.ask(ROWS, accept="image/png"), 406)
    assert SRJ in told["available"]
    fault(server.ask(TRIPLES, accept="text/csv"), 406)
    fault(server.ask('SELECT ("\\u0001" AS ?x) { }', accept=SRX), 406)


def test_validators_and_head(server: Server) -> None:
    path = f"/sparql?query={quote(ROWS)}"
    reply = server.send("GET", path)
    again = server.send("GET", path, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    head = server.send("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(reply.body))
    assert reply.headers["access-control-allow-origin"] == "*"
    options = server.send("OPTIONS", "/sparql")
    assert {"GET", "HEAD", "POST"} <= set(options.headers["allow"].split(", "))


# --- datasets ---------------------------------------------------------------------------------------------------------
def subjects(reply: Reply) -> set[str]:
    return {row["s"]["value"].removeprefix(EX) for row in json.loads(reply.text)["results"]["bindings"]}


def test_the_default_graph_is_the_union(server: Server) -> None:
    assert subjects(server.ask("SELECT ?s { ?s ?p ?o }")) == {"a", "b", "c"}
    assert subjects(server.ask(f"SELECT ?s {{ GRAPH <{TWO}> {{ ?s ?p ?o }} }}")) == {"b"}


def test_from_and_the_parameters_of_the_dataset(server: Server) -> None:
    assert subjects(server.ask(f"SELECT ?s FROM <{ONE}> {{ ?s ?p ?o }}")) == {"a"}
    assert subjects(server.ask(f"SELECT ?s FROM <{ONE}> FROM <{TWO}> {{ ?s ?p ?o }}")) == {"a", "b"}
    assert subjects(server.ask(f"SELECT ?s FROM NAMED <{ONE}> {{ ?s ?p ?o }}")) == set()
    assert subjects(server.ask(f"SELECT ?s FROM NAMED <{ONE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")) == {"a"}
    default, named = ("default-graph-uri", ONE), ("named-graph-uri", TWO)
    assert subjects(server.ask("SELECT ?s { ?s ?p ?o }", fields=[default])) == {"a"}
    assert subjects(server.ask("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", fields=[default])) == set()
    assert subjects(server.ask("SELECT ?s { ?s ?p ?o }", fields=[named])) == set()
    both = "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert subjects(server.ask(both, fields=[default, named])) == {"a", "b"}
    assert subjects(server.ask(f"SELECT ?s FROM <{TWO}> {{ ?s ?p ?o }}", fields=[default])) == {"a"}
    assert subjects(server.ask("SELECT ?s { ?s ?p ?o }", fields=[("default-graph-uri", "http://nowhere/")])) == set()


def test_a_graph_elsewhere_is_not_fetched(server: Server) -> None:
    fields = [("default-graph-uri", f"{server.url}/rdf-graph-store?default")]
    assert subjects(server.ask("SELECT ?s { ?s ?p ?o }", fields=fields)) == set()


def test_a_relative_iri_is_one_of_the_data(server: Server) -> None:
    assert subjects(server.ask("SELECT ?s FROM <graph/two> { ?s ?p ?o }")) == {"b"}


# --- requests that cannot be met --------------------------------------------------------------------------------------
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (FORM, "", 400),
        (FORM, "query=", 400),
        (FORM, "query=ASK{}&query=ASK{}", 400),
        (FORM, "query=ASK%FF", 400),
        (FORM, "query=ASK{}&default-graph-uri=no+iri", 400),
        (FORM, "query=ASK{}&offset=-1", 400),
        (FORM, "query=ASK{", 400),
        (FORM, "query=ASK{}&" + "default-graph-uri=http://a/&" * 3_000, 400),
        (FORM, "update=CLEAR+ALL", 403),
        (FORM, "query=LOAD+<http://a/>", 403),
        (FORM, "query=ASK{SERVICE<http://a/>{}}", 403),
        ("application/sparql-update", "CLEAR ALL", 403),
        ("application/sparql-query; charset=latin-1", "ASK {}", 415),
        ("text/plain", "ASK {}", 415),
        ("", "ASK {}", 415),
    ],
)
def test_faults(kind: str, body: str, status: int, server: Server) -> None:
    headers = {"Content-Type": kind} if kind else {}
    told = fault(server.send("POST", "/sparql", headers=headers, body=body.encode()), status)
    assert told["status"] == status


def test_a_fault_in_the_syntax_has_its_place(server: Server) -> None:
    told = fault(server.ask("SELECT * {\n  ?s ?p }"), 400)
    assert str(told["where"]).startswith("line 2")
    for method in ("PUT", "DELETE", "PATCH"):
        assert "POST" in server.send(method, "/sparql", body=b"").headers["allow"]


# --- other programs ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
def test_sparqlwrapper(method: str, server: Server) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setQuery(ROWS)
    client.setReturnFormat(SPARQLWrapper.JSON)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 2
    client.setReturnFormat(SPARQLWrapper.XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == 2
    client.setReturnFormat(SPARQLWrapper.CSV)
    assert client.queryAndConvert().startswith(b"s,o\r\n")
    client.setQuery(TRIPLES)
    client.setReturnFormat(SPARQLWrapper.TURTLE)
    assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) == 2
    client.setReturnFormat(SPARQLWrapper.RDFXML)
    assert len(Graph().parse(data=client.query().response.read(), format="xml")) == 2
    client.setReturnFormat(SPARQLWrapper.JSON)
    client.setQuery("ASK {")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("kind", ["json", "xml", "csv", "tsv"])
def test_rdflib_store(method: str, kind: str, server: Server) -> None:
    store = SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=kind)
    graph = Graph(store)
    rows = list(graph.query(ROWS))
    assert rows[1] == (URIRef(f"{EX}b"), URIRef(f"{EX}a"))
    if kind in ("json", "xml"):
        assert rows[0][1] == Literal('one, "first"\nline', lang="en")
        assert set(graph.objects(URIRef(f"{EX}b"))) == {URIRef(f"{EX}a")}
        assert len(graph) == 4


def test_our_own_remote_store(server: Server) -> None:
    with RemoteStore(f"{server.url}/sparql") as store:
        assert len(store.query(ROWS)) == 2
        assert len(store.query(TRIPLES)) == 2
        assert store.query("ASK { }").boolean is True


def test_curl(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        raise unittest.SkipTest("the program curl is not here")

    def run(*arguments: str) -> str:
        return subprocess.run([curl, "-sS", *arguments], capture_output=True, text=True, check=True).stdout

    address = f"{server.url}/sparql"
    assert run("-H", "Accept: text/csv", "--data-urlencode", f"query={ROWS}", address).startswith("s,o")
    assert json.loads(run("-G", "--data-urlencode", f"query={ROWS}", address))["head"]["vars"] == ["s", "o"]
    assert '"boolean":true' in run("-H", "Content-Type: application/sparql-query", "--data", "ASK {}", address)
    assert f"<{EX}b>" in run(f"{server.url}/rdf-graph-store?graph={quote(TWO, safe='')}")
    assert '"boolean":true' in run("--compressed", f"{address}?query=ASK%7B%7D")


# --- the graph store --------------------------------------------------------------------------------------------------
def graph(reply: Reply) -> set[str]:
    assert reply.status == 200, reply.text
    kind = ox.RdfFormat.from_media_type(media_type(reply))
    return {str(quad.triple) for quad in ox.parse(reply.body, format=kind, base_iri=BASE)}


def test_graphs_by_name_and_by_path(server: Server) -> None:
    one = graph(server.send("GET", f"/rdf-graph-store?{urlencode({'graph': ONE})}"))
    assert len(one) == 2
    for accept in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        assert graph(server.send("GET", "/rdf-graph-store/graph/one", headers={"Accept": accept})) == one
    default = graph(server.send("GET", "/rdf-graph-store?default"))
    assert one < default
    assert len(default) == 3, "without the full texts"
    text = graph(server.send("GET", f"/rdf-graph-store?{urlencode({'graph': TEXT})}"))
    assert len(text) == 1
    head = server.send("HEAD", "/rdf-graph-store/graph/one")
    assert (head.status, head.body) == (200, b"")


def test_graphs_that_are_not_there_or_not_named(server: Server) -> None:
    fault(server.send("GET", "/rdf-graph-store/graph/three"), 404)
    fault(server.send("GET", "/rdf-graph-store"), 400)
    fault(server.send("GET", f"/rdf-graph-store?default&graph={ONE}"), 400)
    fault(server.send("GET", "/rdf-graph-store?graph=no%20iri"), 400)
    fault(server.send("GET", "/rdf-graph-store?default&offset=x"), 400)
    fault(server.send("GET", "/rdf-graph-store/graph/one", headers={"Accept": "text/csv"}), 406)


def test_graphs_cannot_be_written(server: Server) -> None:
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        reply = server.send(method, "/rdf-graph-store/graph/one", headers={"Content-Type": "text/turtle"}, body=b"")
        fault(reply, 405)
        assert "GET" in reply.headers["allow"]
    assert len(graph(server.send("GET", "/rdf-graph-store/graph/one"))) == 2
