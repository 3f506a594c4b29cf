"""Dumps: stable bytes, ranges, what each holds, VoID and DCAT, and what changed between releases."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from conftest_pages import URL, Get, asker
from pacta.exports import graph_to
from pacta.pages import releases
from pacta.pages.app import application
from pacta.pages.oneshot import Got
from pacta.pages.site import Settings, Site
from pacta.sorting import in_order
from pacta.vocabulary import DCTERMS, ID_BASE, P

ALL = "/data/all.nq"
DOCUMENT, AGREEMENT, ACTOR = "document/60112683b2ea", "agreement/arm-aze-rus-2020-11", "actor/arm"
PARSERS = {".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG, ".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
VOID, DCAT = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/dcat#"


def quads(got: Got, suffix: str) -> set[Quad]:
    assert got.status == 200, got.body[:300]
    return set(ox.parse(got.body, format=PARSERS[suffix]))


def without_head(found: set[Quad]) -> set[Quad]:
    return {quad for quad in found if not quad.subject.value.startswith(URL)}


def is_text(quad: Quad) -> bool:
    return quad.graph_name.value.startswith(f"{ID_BASE}graph/text/") or quad.predicate.value == P.fullText


@pytest.fixture
def fresh(seed_folder: Path, tmp_path: Path) -> Iterator[Get]:
    app = application(Settings(store=seed_folder, url=URL, cache=tmp_path / "cache"))
    yield asker(app)
    app.state.pool.close()
    app.state.site.close()


# --- bytes ------------------------------------------------------------------------------------------------------------
def test_the_whole_dataset_is_all_but_the_texts(get: Get, site: Site) -> None:
    wanted = {quad for quad in site.snapshot.store if not is_text(quad)}
    assert any(is_text(quad) for quad in site.snapshot.store)
    for suffix in (".nq", ".trig"):
        plain = get(f"/data/all{suffix}")
        assert without_head(quads(plain, suffix)) == wanted
        packed = get(f"/data/all{suffix}.gz")
        assert packed.header("content-type") == "application/gzip"
        assert gzip.decompress(packed.body) == plain.body
    lines = [line for line in get(ALL).body.splitlines(keepends=True) if not line.startswith(f"<{URL}".encode())]
    assert b"".join(lines) == graph_to(site.snapshot.store, "nquads")  # what pacta dump writes


@pytest.mark.parametrize(
    "path", [f"{DOCUMENT}.ttl", f"{AGREEMENT}.nq.gz", f"{ACTOR}.trig", "graph/derived.nt", "all.nq.gz"]
)
def test_the_same_data_give_the_same_bytes(get: Get, fresh: Get, path: str) -> None:
    first, streamed, again = get(f"/data/{path}"), fresh(f"/data/{path}"), fresh(f"/data/{path}")
    assert first.body == streamed.body == again.body
    assert len(first.body) > 1000
    told = fresh(f"/data/{path}.sha256").body.decode().split()
    assert told == [hashlib.sha256(first.body).hexdigest(), path.rpartition("/")[2]]
    assert again.header("etag") == f'"{told[0][:32]}"'
    assert (again.header("repr-digest") or "").startswith("sha-256=:")


def test_in_every_format_the_same_triples(get: Get) -> None:
    for local in (DOCUMENT, AGREEMENT, ACTOR):
        found = {}
        for suffix, kind in PARSERS.items():
            got = get(f"/data/{local}{suffix}")
            found[suffix] = {quad.triple for quad in without_head(set(ox.parse(got.body, format=kind)))}
        assert found[".nq"] == found[".trig"] == found[".ttl"] == found[".nt"]
        assert found[".nq"]


def test_ranges(get: Get) -> None:
    path = f"/data/{DOCUMENT}.nq.gz"
    whole = get(path)
    assert whole.header("accept-ranges") == "bytes"
    part = get(path, Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.header("content-range") == f"bytes 10-19/{len(whole.body)}"
    assert get(path, Range="bytes=-7").body == whole.body[-7:]
    assert get(path, Range=f"bytes={len(whole.body) - 5}-").body == whole.body[-5:]
    beyond = get(path, Range=f"bytes={len(whole.body)}-")
    assert beyond.status == 416
    assert get(path, Range="bytes=0-9", If_Range=whole.header("etag") or "").status == 206
    changed = get(path, Range="bytes=0-9", If_Range='"another"')
    assert (changed.status, changed.body) == (200, whole.body)
    assert get(path, If_None_Match=whole.header("etag") or "").status == 304
    head = get(path, method="HEAD")
    assert (head.body, head.header("content-length")) == (b"", str(len(whole.body)))
    begun = whole.body[:100] + get(path, Range="bytes=100-").body
    assert hashlib.sha256(begun).hexdigest() == get(path + ".sha256").body.split()[0].decode()


# --- what each holds --------------------------------------------------------------------------------------------------
def test_each_says_its_licence_and_where_it_is_from(get: Get) -> None:
    for local in ("all", DOCUMENT, AGREEMENT, ACTOR, "graph/derived"):
        node, found = NamedNode(f"{URL}/data/{local}"), quads(get(f"/data/{local}.nq"), ".nq")
        told = {(quad.predicate.value, quad.object.value) for quad in found if quad.subject == node}
        assert (DCTERMS + "license", "https://creativecommons.org/licenses/by/4.0/") in told
        assert ("http://www.w3.org/ns/prov#wasDerivedFrom", f"{URL}/data#dataset") in told
        assert any(predicate == DCTERMS + "rights" for predicate, _ in told)


def test_a_document_holds_its_whole_record(get: Get, site: Site) -> None:
    found = quads(get(f"/data/{DOCUMENT}.nq"), ".nq")
    graph = next(q.graph_name for q in site.snapshot.store.quads_for_pattern(None, NamedNode(P.captureOf), None, None))
    record = set(site.snapshot.store.quads_for_pattern(None, None, None, graph))
    assert len(record) > 500
    assert record <= found
    assert any(quad.predicate.value == P.converterVersion for quad in found)  # the run that made it
    assert any(quad.predicate.value == P.concernsClause for quad in found)  # what is derived about it


def test_an_agreement_holds_clauses_statements_and_disputes(get: Get, site: Site) -> None:
    found = quads(get(f"/data/{AGREEMENT}.nq"), ".nq")
    graph = site.iris.agreement_graph("arm-aze-rus-2020-11")
    assert set(site.snapshot.store.quads_for_pattern(None, None, None, NamedNode(graph))) <= found
    predicates = {quad.predicate.value for quad in found}
    assert {P.speaker, P.contentQuote, P.quote, P.interprets, P.disputeOver, P.holder, P.linksTo} <= predicates


def test_an_actor_holds_what_it_and_its_organs_said(get: Get, site: Site) -> None:
    found = quads(get(f"/data/{ACTOR}.nq"), ".nq")
    rows = site.rows("statements/by-actor", {"actor": f"{ID_BASE}{ACTOR}"})
    assert len(rows) > 1
    said = {quad.subject for quad in found if quad.predicate.value == P.speaker}
    assert {row["statement"] for row in rows} <= said
    assert not {quad for quad in found if is_text(quad)}


@pytest.mark.parametrize(
    "path",
    ["all.ttl", "all.jsonld", "all", "x.nq", "document/nothing.nq", "actor/arm.xml", "place/p-0001.nq", "graph/none.nq",
     "graph/text/60112683b2ea.nq", "document/60112683b2ea.nq.gz.gz", "agreement/.nq", "all.nq.sha256.sha256"],
)  # fmt: skip
def test_what_there_is_not(get: Get, path: str) -> None:
    got = get(f"/data/{path}", "application/json")
    assert got.status == 404
    assert json.loads(got.body)["remedy"]


# --- VoID and DCAT ----------------------------------------------------------------------------------------------------
def test_void_and_dcat_tell_what_there_is(get: Get, site: Site) -> None:
    got = get("/.well-known/void")
    assert got.header("content-type") == "text/turtle; charset=utf-8"
    found = set(ox.parse(got.body, format=RdfFormat.TURTLE))
    dataset = NamedNode(f"{URL}/data#dataset")

    def values(predicate: str, subject: NamedNode | None = dataset) -> set[str]:
        return {q.object.value for q in found if q.predicate.value == predicate and subject in (None, q.subject)}

    assert values(VOID + "triples") == {str(len(site.snapshot.store))}
    assert values(VOID + "sparqlEndpoint") == {f"{URL}/sparql"}
    assert values(DCTERMS + "license", None) == {"https://creativecommons.org/licenses/by/4.0/"}
    dumps = values(VOID + "dataDump")
    assert dumps == values(DCAT + "downloadURL", None)
    assert len(dumps) == 4
    for dump in dumps:
        assert get(dump.removeprefix(URL)).status == 200
    lookup = values(VOID + "uriLookupEndpoint").pop().removeprefix(URL)
    for example in values(VOID + "exampleResource"):
        assert get(lookup + site.quoted(example)).status == 303
    agreements = values(VOID + "exampleResource")
    assert agreements
    classes = {q.subject: q.object.value for q in found if q.predicate.value == VOID + "class"}
    counts = {classes[q.subject]: int(q.object.value) for q in found if q.predicate.value == VOID + "entities"}
    statements = site.snapshot.store.quads_for_pattern(None, None, NamedNode(P.Statement), None)
    assert counts[P.Statement] == len({quad.subject for quad in statements}) > 10
    after = set(ox.parse(get("/data.ttl").body, format=RdfFormat.TURTLE))
    sums = {q.object.value for q in after if q.predicate.value.endswith("checksumValue")}
    assert hashlib.sha256(get("/data/all.nq.gz").body).hexdigest() in sums
    for accept in ("application/ld+json", "application/n-triples", "application/rdf+xml"):
        assert get("/data", accept).header("content-type") == accept


# --- releases ---------------------------------------------------------------------------------------------------------
def test_what_changed_since_a_release(seed_folder: Path, site: Site, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def published(folder: Path) -> Get:
        app = application(Settings(store=folder, url=URL, cache=cache))
        apps.append(app)
        return asker(app)

    apps: list[object] = []
    try:
        get = published(seed_folder)
        first = json.loads(get("/data/releases.json").body)["current"]
        assert re.fullmatch(r"[0-9a-f]{16}", first)
        assert json.loads(get(f"/data/changes.json?since={first}").body)["changes"] == []

        old = {quad for quad in site.snapshot.store if "graph/record/" not in quad.graph_name.value}
        fresh = NamedNode(f"{ID_BASE}graph/record/0a1b2c3d4e5f-v9")
        label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        one = Quad(NamedNode(f"{ID_BASE}document/0a1b2c3d4e5f"), label, Literal("new"), fresh)
        more = Quad(one.subject, label, Literal("derived"), NamedNode(f"{ID_BASE}graph/derived"))
        store = Store(str(tmp_path / "second"))
        store.extend({*old, one, more})
        store.flush()
        del store
        get = published(tmp_path / "second")
        listed = json.loads(get("/data/releases.json").body)
        assert {row["release"] for row in listed["releases"]} == {first, listed["current"]}
        told = json.loads(get(f"/data/changes.json?since={first}").body)
        changes = {row["graph"]: row for row in told["changes"]}
        record = next(name for name in (g.value for g in site.snapshot.store.named_graphs()) if "graph/record/" in name)
        assert {name: row["change"] for name, row in changes.items()} == {
            fresh.value: "added",
            record: "removed",
            f"{ID_BASE}graph/derived": "changed",
        }
        assert told["counts"] == {"added": 1, "changed": 1, "removed": 1}
        follower = {quad for quad in site.snapshot.store if not is_text(quad)}
        for row in told["changes"]:  # drop what went or changed, load what came
            follower = {quad for quad in follower if quad.graph_name.value != row["graph"]}
            if row["dump"]:
                dump = gzip.decompress(get(row["dump"].removeprefix(URL)).body)
                follower |= without_head(set(ox.parse(dump, format=RdfFormat.N_QUADS)))
        assert follower == {quad for quad in {*old, one, more} if not is_text(quad)}
        rows = get(f"/data/changes.csv?since={first}").body.decode().splitlines()
        assert len(rows) == 4
        assert first in get(f"/data/changes?since={first}", "text/html").body.decode()
    finally:
        for app in apps:
            app.state.pool.close()  # type: ignore[attr-defined]
            app.state.site.close()  # type: ignore[attr-defined]


def test_a_release_is_named_by_its_content(get: Get, fresh: Get, site: Site) -> None:
    one = json.loads(get("/data/releases.json").body)["current"]
    fresh("/data/all.trig")  # a dump of the whole keeps its release as well
    assert json.loads(fresh("/data/releases.json").body)["current"] == one
    graphs = {}
    for name in (graph.value for graph in site.snapshot.store.named_graphs()):
        lines = sorted(
            {
                f"{q} .\n"
                for q in site.snapshot.store.quads_for_pattern(None, None, None, NamedNode(name))
                if not is_text(q)
            }
        )
        if lines:
            graphs[name] = (hashlib.sha256("".join(lines).encode()).hexdigest(), len(lines))
    assert releases.release_of(graphs, "").name == one


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?since=", 400), ("?since=0000000000000000", 404), ("?since=../x", 404)]
)
def test_unknown_releases(get: Get, query: str, status: int) -> None:
    get("/data/releases.json")
    got = get(f"/data/changes.json{query}")
    assert got.status == status
    assert json.loads(got.body)["releases"]


@given(st.lists(st.text(alphabet="abc\u0301é", max_size=4), max_size=60), st.integers(1, 7))
def test_sorting_in_parts_is_sorting(lines: list[str], most: int) -> None:
    assert list(in_order(lines, most=most)) == sorted(set(lines))
    assert list(chain(in_order([], most=most))) == []
