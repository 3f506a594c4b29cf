"""The W3C's tests of the SPARQL 1.1 Protocol and of Service Description, sent to a running endpoint.

The corpus is read from beside the checkout. Updates cannot succeed here: each of them must be refused with a 4xx.
"""

from __future__ import annotations

import json
import unittest
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, Namespace, URIRef
from rdflib.collection import Collection

from endpoints import Reply, Server, make_store

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "w3c-sparql11" / "sparql" / "sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BOOLEANS = ("application/sparql-results+json", "application/sparql-results+xml")
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")


def manifest(name: str) -> rdflib.Graph:
    file = CORPUS / name / "manifest.ttl"
    if not file.is_file():
        raise unittest.SkipTest(f"the corpus w3c-sparql11 is not here: {name}")
    return rdflib.Graph().parse(file)


def names() -> list[str]:
    file = CORPUS / "protocol" / "manifest.ttl"
    if not file.is_file():
        return ["the corpus w3c-sparql11 is not here"]
    graph = rdflib.Graph().parse(file)
    return sorted(str(test).partition("#")[2] for test in graph.subjects(RDF.type, MF.ProtocolTest))


@pytest.fixture(scope="module")
def tests() -> rdflib.Graph:
    return manifest("protocol")


@pytest.fixture(scope="module")
def server(tests: rdflib.Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An endpoint that holds the graphs of all the tests."""
    quads = set()
    for data in tests.objects(None, UT.graphData):
        file, name = tests.value(data, UT.graph), tests.value(data, rdflib.RDFS.label)
        lines = (CORPUS / "protocol" / str(file).rpartition("/")[2]).read_text().splitlines()
        quads |= {f"{line.rstrip().removesuffix('.')}<{name}> ." for line in lines if line.strip()}
    assert len(quads) >= 3
    folder = make_store(tmp_path_factory.mktemp("w3c") / "store", "\n".join(sorted(quads)) + "\n")
    with Server(folder, "--workers", "2") as running:
        yield running


def send(server: Server, tests: rdflib.Graph, request: rdflib.term.Node) -> Reply:
    path = str(tests.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    given = tests.value(request, HT.headers)
    headers = {
        str(tests.value(each, HT.fieldName)): str(tests.value(each, HT.fieldValue))
        for each in (Collection(tests, given) if given else ())
    }
    body = tests.value(request, HT.body)
    raw = None
    if body is not None:
        raw = str(tests.value(body, CNT.chars)).encode(str(tests.value(body, CNT.characterEncoding)))
    return server.send(str(tests.value(request, HT.methodName)), path, headers=headers, body=raw)


def is_update(tests: rdflib.Graph, request: rdflib.term.Node) -> bool:
    body = tests.value(request, HT.body)
    given = tests.value(request, HT.headers)
    kinds = [str(tests.value(each, HT.fieldValue)) for each in (Collection(tests, given) if given else ())]
    text = str(tests.value(body, CNT.chars)) if body else ""
    path = str(tests.value(request, HT.absolutePath))
    return "update=" in path or text.startswith("update=") or any("sparql-update" in kind for kind in kinds)


@pytest.mark.parametrize("name", names())
def test_protocol(name: str, tests: rdflib.Graph, server: Server) -> None:
    test = next(each for each in tests.subjects(RDF.type, MF.ProtocolTest) if str(each).endswith(f"#{name}"))
    action = tests.value(test, MF.action)
    head = tests.value(action, HT.requests)
    requests = list(Collection(tests, head))
    assert requests
    updated = False
    for request in requests:
        if updated:  # what follows looks for what the update was to do
            break
        reply = send(server, tests, request)
        expected = tests.value(request, HT.resp)
        if is_update(tests, request):
            updated = True
            assert 400 <= reply.status < 500, reply.text
            assert json.loads(reply.text)["status"] == reply.status
            continue
        kinds = {str(each)[-3:] for each in tests.objects(expected, MF.expectedStatus)}
        assert f"{reply.status // 100}xx".lower() in {kind.lower() for kind in kinds}, reply.text
        boolean = tests.value(expected, MF.expectedBoolean)
        if boolean is not None:
            assert json.loads(reply.text)["boolean"] is bool(boolean.toPython())
        form = tests.value(expected, MF.expectedFormat)
        media_type = reply.headers.get("content-type", "").partition(";")[0]
        if form is not None:
            assert media_type in (
                GRAPHS if str(form) == "RDF" else (*BOOLEANS, "text/csv", "text/tab-separated-values")
            )


@pytest.mark.parametrize("kind", GRAPHS)
def test_service_description(kind: str, server: Server) -> None:
    described = manifest("service-description")
    assert len(set(described.subjects(RDF.type, MF.ServiceDescriptionTest))) == 3
    reply = server.send("GET", "/sparql", headers={"Accept": kind})
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, kind)  # returns-rdf
    triples = ox.parse(reply.body, format=ox.RdfFormat.from_media_type(kind))
    graph = rdflib.Graph().parse(data="".join(f"{each.triple} .\n" for each in triples), format="nt")
    services = list(graph.subjects(SD.endpoint, URIRef(f"{server.url}/sparql")))  # has-endpoint-triple
    assert len(services) == 1
    assert (services[0], RDF.type, SD.Service) in graph  # conforms-to-schema
    assert set(graph.objects(services[0], SD.supportedLanguage)) == {SD.SPARQL11Query}
    dataset = graph.value(services[0], SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in graph
    assert (graph.value(dataset, SD.defaultGraph), RDF.type, SD.Graph) in graph
    assert not list(graph.objects(None, SD.propertyFeature))
