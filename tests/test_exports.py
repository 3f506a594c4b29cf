"""Exports: rows and graphs in every format, the same bytes every time, nothing lost on the way back."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat

from pacta.errors import UsageError_
from pacta.exports import GRAPH_WRITERS, RESULT_WRITERS, graph_to, results_to, without_text
from pacta.exports.turtle import compact, natural
from pacta.formats import of_kind
from pacta.store import Results, open_store
from pacta.vocabulary import ID_BASE, PACTA, PREFIXES, VOCAB
from stores import BORDURIA, borduria

XSD = PREFIXES["xsd"]
RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
DATASETS = [row.name for row in of_kind("dataset")]


@pytest.fixture(scope="module")
def quads():
    with borduria() as store:
        return list(store.quads())


def read(data: bytes, name: str) -> set[Quad]:
    return set(ox.parse(data, format=RDF_FORMATS[name]))


def flattened(quads) -> set[Quad]:
    return {Quad(quad.subject, quad.predicate, quad.object) for quad in quads}


# --- graphs -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_a_graph_comes_back_whole_and_in_the_same_bytes(quads, name):
    data = graph_to(quads, name, include_text=True)
    shuffled = [*quads, *quads[:20]]
    random.Random(1).shuffle(shuffled)
    assert graph_to(shuffled, name, include_text=True) == data
    assert read(data, name) == (set(quads) if name in DATASETS else flattened(quads))
    assert data.endswith(b"\n") or name == "jsonld" or name == "rdfxml"


@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_another_process_writes_the_same_bytes(quads, name):
    code = (
        "import sys; from pathlib import Path; from pacta.exports import graph_to; from pacta.store import open_store;"
        f"s = open_store(); s.load(Path({str(BORDURIA)!r}), 'trig');"
        f"sys.stdout.buffer.write(graph_to(s.quads(), {name!r}))"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60).stdout
    with open_store() as store:
        store.load(BORDURIA, "trig")
        assert graph_to(store.quads(), name) == there


@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_full_text_is_left_out_unless_asked_for(quads, name):
    assert b"fullText" not in graph_to(quads, name)
    assert b"fullText" in graph_to(quads, name, include_text=True)
    assert b"graph/text/" not in graph_to(quads, name)


def test_full_text_hides_nowhere():
    text = Quad(
        NamedNode("http://e.org/c"), NamedNode(f"{PACTA}fullText"), Literal("secret"), NamedNode("http://e.org/g")
    )
    loose = Quad(
        NamedNode("http://e.org/c"), NamedNode("http://e.org/p"), Literal("x"), NamedNode(f"{ID_BASE}graph/text/0a")
    )
    assert list(without_text([text, loose])) == []
    elsewhere = Quad(loose.subject, loose.predicate, loose.object, NamedNode("http://h.org/graph/text/0a"))
    assert list(without_text([elsewhere])) == [elsewhere]
    assert list(without_text([elsewhere], base="http://h.org/")) == []


def test_turtle_is_pleasant_to_read():
    def iri(tail):
        return NamedNode(tail if tail.startswith("http") else ID_BASE + tail)

    subject, graph = iri("capture/0a1b#char=9,40"), iri("graph/record/0a1b-v0.1.0")
    rows = [
        (subject, PREFIXES["rdf"] + "type", NamedNode(f"{PACTA}TextSpan")),
        (subject, PREFIXES["rdf"] + "type", NamedNode(f"{PACTA}Mention")),
        (subject, f"{PACTA}charStart", Literal(9)),
        (subject, f"{PACTA}quote", Literal('so-called "army"\n', language="en")),
        (subject, f"{PACTA}mentionKind", NamedNode(f"{VOCAB}mention-kind/name")),
        (subject, PREFIXES["rdfs"] + "label", Literal("b")),
        (subject, PREFIXES["rdfs"] + "label", Literal("a")),
        (iri("capture/0a1b#char=10,40"), f"{PACTA}approximate", Literal(True)),
        (iri("capture/0a1b#char=10,40"), f"{PACTA}distanceKm", Literal("40.0", datatype=NamedNode(f"{XSD}decimal"))),
        (iri("capture/0a1b#char=10,40"), f"{PACTA}published", Literal("2031-06-12", datatype=NamedNode(f"{XSD}date"))),
    ]
    given_quads = [Quad(s, NamedNode(p), o, graph) for s, p, o in rows]
    body = """
<capture/0a1b#char=9,40> a pacta:Mention , pacta:TextSpan ;
    rdfs:label "a" ,
        "b" ;
    pacta:charStart 9 ;
    pacta:mentionKind mention-kind:name ;
    pacta:quote "so-called \\"army\\"\\n"@en .

<capture/0a1b#char=10,40> pacta:approximate true ;
    pacta:distanceKm 40.0 ;
    pacta:published "2031-06-12"^^xsd:date .
"""
    head = """@base <https://w3id.org/pacta/id/> .
@prefix mention-kind: <https://w3id.org/pacta/vocab/mention-kind/> .
@prefix pacta: <https://w3id.org/pacta/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
    assert graph_to(given_quads, "turtle").decode() == head + body
    trig = graph_to(given_quads, "trig").decode()
    assert "\n<graph/record/0a1b-v0.1.0> {\n    <capture/0a1b#char=9,40> a pacta:Mention" in trig
    assert trig.endswith("xsd:date .\n}\n")


def test_nothing_gives_nothing():
    assert graph_to([], "turtle") == b""
    assert graph_to([], "trig") == b""
    assert read(graph_to([], "jsonld"), "jsonld") == set()


HOSTILE_IRIS = [
    ID_BASE,
    f"{ID_BASE}a//b",
    f"{ID_BASE}./a",
    f"{ID_BASE}a/../b",
    f"{ID_BASE}..",
    f"{ID_BASE}a:b",
    f"{ID_BASE}?q",
    f"{ID_BASE}#f",
    f"{ID_BASE}a#b#c".replace("#b#", "#b"),
    f"{ID_BASE}/a",
    f"{ID_BASE}a/",
    f"{ID_BASE}é",
    f"{ID_BASE}a%20b",
    f"{PACTA}a.b",
    f"{PACTA}",
    f"{PACTA}-a",
    f"{PACTA}a-",
    f"{PACTA}1a",
    f"{VOCAB}a/b/c",
    f"{VOCAB}xsd/integer",
    f"{VOCAB}rdf/type",
    f"{VOCAB}a1/_b",
    "urn:x:y",
    "mailto:a@b.c",
    "http://e.org/'",
    "https://w3id.org/pacta/rule/40-x",
]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
STRINGS = st.one_of(TEXT.map(Literal), TEXT.map(lambda text: Literal(text, language="en")))
FORMS = ["1", "01", "+1", "1.", ".5", "-0.50", "1e3", "true", "1 ", "", "INF", "\\", '"', "'''", '"""']
KINDS = ["integer", "decimal", "double", "boolean", "string", "date"]
LITERALS = st.one_of(
    STRINGS,
    st.builds(
        lambda form, kind: Literal(form, datatype=NamedNode(XSD + kind)), st.sampled_from(FORMS), st.sampled_from(KINDS)
    ),
)
IRIS = st.sampled_from(HOSTILE_IRIS).map(NamedNode)
BLANK = st.sampled_from(["b0", "b1"]).map(BlankNode)
QUADS = st.lists(
    st.builds(Quad, IRIS, IRIS, st.one_of(IRIS, LITERALS), st.one_of(st.just(DefaultGraph()), IRIS)), max_size=12
)


@settings(deadline=None)
@given(QUADS)
def test_hostile_quads_come_back(quads):
    for name in ("turtle", "trig", "ntriples", "nquads"):
        back = read(graph_to(quads, name, include_text=True), name)
        assert back == (set(quads) if name in DATASETS else flattened(quads)), name


@settings(deadline=None, max_examples=40)
@given(st.lists(st.builds(Quad, st.one_of(IRIS, BLANK), IRIS, st.one_of(IRIS, STRINGS, BLANK)), max_size=8))
def test_turtle_is_read_alike_by_another_library(quads):
    here = rdflib.Graph().parse(data=graph_to(quads, "ntriples", include_text=True), format="nt")
    there = rdflib.Graph().parse(data=graph_to(quads, "turtle", include_text=True), format="turtle")
    assert rdflib.compare.isomorphic(here, there)


def test_what_a_format_cannot_hold_is_told():
    strange = [Quad(NamedNode("http://e.org/a"), NamedNode("http://e.org/1"), Literal("x"))]
    with pytest.raises(UsageError_):
        graph_to(strange, "csv")
    with pytest.raises(UsageError_, match="Did you mean turtle"):
        graph_to(strange, "turtl")


# --- rows -------------------------------------------------------------------------------------------------------------
ROWS = Results(
    ("iri", "text", "number", "truth", "none"),
    (
        (
            NamedNode(f"{ID_BASE}actor/osce"),
            Literal('a, "b"\n| <c>\t|', language="en"),
            Literal(3),
            Literal(True),
            None,
        ),
        (
            NamedNode(f"{PACTA}asserts"),
            Literal("x", datatype=NamedNode(f"{XSD}date")),
            Literal("0.5", datatype=NamedNode(f"{XSD}decimal")),
            Literal("no", datatype=NamedNode(f"{XSD}boolean")),
            BlankNode("b"),
        ),
    ),
)


def test_json_is_a_plain_list_of_objects():
    assert json.loads(results_to(ROWS, "json")) == [
        {"iri": f"{ID_BASE}actor/osce", "text": 'a, "b"\n| <c>\t|', "number": 3, "truth": True, "none": None},
        {"iri": f"{PACTA}asserts", "text": "x", "number": 0.5, "truth": "no", "none": "_:b"},
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sparql-json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)],
)
def test_the_formats_of_the_w3c_come_back(name, kind):
    back = ox.parse_query_results(results_to(ROWS, name), format=kind)
    assert tuple(v.value for v in back.variables) == ROWS.variables
    rows = [tuple(row) for row in back]
    assert [row[:4] for row in rows] == [row[:4] for row in ROWS.rows]
    assert rows[0][4] is None
    assert isinstance(rows[1][4], BlankNode)


def test_csv_and_markdown():
    data = results_to(ROWS, "csv").decode()
    assert data.startswith("iri,text,number,truth,none\r\n")
    assert list(csv.reader(io.StringIO(data, newline="")))[1] == [
        f"{ID_BASE}actor/osce",
        'a, "b"\n| <c>\t|',
        "3",
        "true",
        "",
    ]
    lines = results_to(ROWS, "markdown").decode().splitlines()
    assert lines[0] == "| iri | text | number | truth | none |"
    assert lines[2] == '| actor/osce | a, "b" \\| &lt;c> \\| | 3 | true |  |'
    assert len(lines) == 4


def test_a_table_fits_its_width_or_turns_into_records():
    wide = results_to(ROWS, "table", width=120).decode().splitlines()
    assert wide[0].split() == ["iri", "text", "number", "truth", "none"]
    assert wide[1].startswith("actor/osce")
    narrow = results_to(ROWS, "table", width=30).decode()
    assert "── 1 of 2 ──" in narrow
    assert all(len(line) <= 30 and line == line.rstrip() for line in narrow.splitlines())
    assert "[red]" in results_to(Results(("x",), ((Literal("[red]"),),)), "table").decode()


@pytest.mark.parametrize("name", RESULT_WRITERS)
def test_every_format_takes_no_rows_truth_and_triples(name):
    assert isinstance(results_to(Results(("x",)), name), bytes)
    assert b"true" in results_to(Results(boolean=True), name)
    assert b"false" in results_to(Results(boolean=False), name)
    triple = ox.Triple(NamedNode("http://e.org/a"), NamedNode("http://e.org/p"), Literal("v"))
    assert b"subject" in results_to(Results(triples=(triple,)), name)


def test_triples_go_into_graph_formats_and_rows_do_not():
    triple = ox.Triple(NamedNode("http://e.org/a"), NamedNode("http://e.org/p"), Literal("v"))
    assert results_to(Results(triples=(triple,)), "ntriples") == b'<http://e.org/a> <http://e.org/p> "v" .\n'
    with pytest.raises(UsageError_, match="does not fit"):
        results_to(ROWS, "turtle")


def test_xml_tells_what_it_cannot_hold():
    assert ElementTree.fromstring(results_to(ROWS, "xml"))
    with pytest.raises(UsageError_, match="control character"):
        results_to(Results(("x",), ((Literal("\x07"),),)), "xml")


# --- helpers ----------------------------------------------------------------------------------------------------------
def test_natural_order_and_short_iris():
    assert sorted(["a10", "a9", "a1b", "b"], key=natural) == ["a1b", "a9", "a10", "b"]
    assert compact(f"{ID_BASE}actor/osce", ID_BASE) == "actor/osce"
    assert compact(f"{VOCAB}force/denies", ID_BASE) == "force:denies"
    assert compact("http://e.org/x", ID_BASE) == "http://e.org/x"


def test_rdfxml_is_well_formed_whatever_a_text_holds():
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("a\x01b\ufffe\x1b", language="en"), DefaultGraph())
    text = graph_to([quad], "rdfxml")
    ElementTree.fromstring(text)
    assert "a\ufffdb\ufffd\ufffd" in text.decode()
