"""Linked data: every IRI has an address, in each format the same triples, with evidence, validators and hints."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import brotli
import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from conftest_pages import URL, Get, asker
from pacta import __version__
from pacta.pages import ontology_pages, resources
from pacta.pages.app import application
from pacta.pages.descriptions import describe
from pacta.pages.oneshot import Got
from pacta.pages.security import CONTENT_SECURITY_POLICY
from pacta.pages.site import Settings, Site
from pacta.vocabulary import ID_BASE, PACTA, RDF, P

CLAUSE = f"{ID_BASE}agreement/arm-aze-rus-2020-11/clause/4"
PATH = "/id/agreement/arm-aze-rus-2020-11/clause/4"
FORMATS = {
    ".ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    ".jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    ".nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ".rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
TYPE = NamedNode(RDF + "type")


def graph(got: Got, format: ox.RdfFormat = ox.RdfFormat.TURTLE) -> rdflib.Graph:  # noqa: A002
    """The triples of an answer, read by pyoxigraph, as a graph that is easy to ask."""
    assert got.status == 200, got.body[:300]
    lines = b"\n".join(f"{quad.triple} .".encode() for quad in ox.parse(got.body, format=format))
    return rdflib.Graph().parse(data=lines, format="nt")


def links(got: Got, rel: str) -> list[str]:
    return re.findall(rf'<([^>]*)>; rel="{rel}"', got.header("link") or "")


def one_of_each_class(site: Site) -> dict[str, str]:
    found: dict[str, str] = {}
    for quad in site.snapshot.store.quads_for_pattern(None, TYPE, None, None):
        iri = quad.subject.value
        if site.is_data(iri) and iri < found.get(quad.object.value, "~"):
            found[quad.object.value] = iri
    assert len(found) > 20
    return found


# --- every IRI --------------------------------------------------------------------------------------------------------
def test_every_iri_of_the_data_has_an_address(site: Site) -> None:
    store, found = site.snapshot.store, set()
    for quad in store:
        ends = (quad.subject, quad.object, quad.graph_name)
        found |= {end.value for end in ends if isinstance(end, NamedNode) and site.is_data(end.value)}
    assert len(found) > 1000
    text = f"{ID_BASE}graph/text/"
    for iri in found:
        path = site.href(iri)
        assert path.startswith("/id/")
        if "#" not in iri and not iri.startswith(text):
            local = path.removeprefix("/id/")
            assert resources._wanted(site, local, local).iri == iri


def test_every_iri_of_the_knowledge_has_an_address(site: Site) -> None:
    own, spaces = "https://w3id.org/pacta/", ontology_pages.SPACES
    found = {quad.subject.value for quad in site.knowledge if isinstance(quad.subject, NamedNode)}
    checked = 0
    for iri in sorted(found):
        name, _, rest = site.href(iri).lstrip("/").partition("/")
        if iri.startswith(own) and name in spaces:
            where = ontology_pages._found(site, spaces[name], rest)
            assert site.href(where) == site.href(iri)
            checked += 1
        else:
            assert not iri.startswith(own) or name == "query"
    assert checked > 2000


def test_an_address_of_the_ontology_means_one_thing(site: Site) -> None:
    model = ontology_pages.model_of(site)
    assert not {term.name for term in model.terms.values()} & {module.name for module in model.modules}


def test_one_of_each_class_in_each_format(get: Get, site: Site) -> None:
    for iri in one_of_each_class(site).values():
        path = site.href(iri) if "#" not in iri else f"/describe?iri={site.quoted(iri)}"
        page = get(path, "text/html")
        if page.status == 303:  # it is shown on the page of another
            page = get(page.header("location") or "", "text/html")
        assert page.status == 200, path
        assert page.header("content-type") == "text/html; charset=utf-8"
        graphs = set()
        for media_type, format in FORMATS.values():  # noqa: A001
            got = get(path, media_type.partition(";")[0])
            assert got.header("content-type") == media_type
            one = graph(got, format)
            assert (rdflib.URIRef(iri), rdflib.RDF.type, None) in one
            graphs.add(frozenset(one))
        assert len(graphs) == 1, path


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/ontology", PACTA.rstrip("#")),
        ("/ontology/Statement", PACTA + "Statement"),
        ("/ontology/source", PACTA.rstrip("#") + "/source"),
        (f"/ontology/{__version__}", PACTA.rstrip("#")),
        (f"/ontology/{__version__}/source", PACTA.rstrip("#") + "/source"),
        ("/ontology/alignments/prov", PACTA.rstrip("#") + "/alignments/prov"),
        ("/vocab", "https://w3id.org/pacta/vocab/speech-mode/direct"),
        ("/vocab/speech-mode", "https://w3id.org/pacta/vocab/speech-mode"),
        ("/vocab/speech-mode/direct", "https://w3id.org/pacta/vocab/speech-mode/direct"),
        ("/shapes", "https://w3id.org/pacta/shapes#Link"),
        ("/shapes/Link", "https://w3id.org/pacta/shapes#Link"),
        ("/shapes/Link-linksTo", "https://w3id.org/pacta/shapes#Link-linksTo"),
        ("/rule", "https://w3id.org/pacta/rule/10-principal"),
        ("/rule/10-principal", "https://w3id.org/pacta/rule/10-principal"),
        ("/lexicon", "https://w3id.org/pacta/lexicon/reporting-verbs/say"),
        ("/lexicon/reporting-verbs", "https://w3id.org/pacta/lexicon/reporting-verbs"),
        ("/lexicon/reporting-verbs/say", "https://w3id.org/pacta/lexicon/reporting-verbs/say"),
    ],
)
def test_knowledge_in_each_format(get: Get, path: str, subject: str) -> None:
    sizes = set()
    for suffix, (media_type, format) in FORMATS.items():  # noqa: A001
        got = get(path + suffix)
        assert got.header("content-type") == media_type
        assert got.body == get(path, media_type.partition(";")[0]).body
        found = graph(got, format)
        assert (rdflib.URIRef(subject), None, None) in found
        sizes.add(len(found))
    assert len(sizes) == 1
    assert get(path, "text/html").body.startswith(b"<!doctype html>")


# --- headers ----------------------------------------------------------------------------------------------------------
def test_links_lead_to_every_format(get: Get) -> None:
    got = get(PATH, "text/turtle")
    assert links(got, "canonical") == [PATH]
    assert links(got, "describes") == [CLAUSE]
    assert set(links(got, "alternate")) == {PATH + suffix for suffix in (".html", ".jsonld", ".nt", ".rdf")}
    assert got.header("content-location") == PATH + ".ttl"
    assert {"Accept", "Accept-Encoding"} <= set((got.header("vary") or "").split(", "))
    for path in links(got, "alternate"):
        assert get(path, "image/png").status == 200  # a suffix says more than Accept
    page = get(PATH, "text/html")
    assert set(links(page, "alternate")) == {PATH + suffix for suffix in FORMATS}
    assert links(page, "canonical") == [PATH]


def test_who_has_the_bytes_gets_none(get: Get) -> None:
    got = get(PATH, "text/turtle")
    etag, modified = got.header("etag"), got.header("last-modified")
    assert etag
    assert modified
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    for known in (etag, f'W/{etag}, "x"', f'"x", {etag}', "*"):
        again = get(PATH, "text/turtle", If_None_Match=known)
        assert (again.status, again.body) == (304, b"")
        assert again.header("etag") == etag
        assert again.header("content-type") is None
    assert get(PATH, "text/turtle", If_None_Match='"x"', If_Modified_Since=modified).status == 200
    assert get(PATH, "text/turtle", If_Modified_Since=modified).status == 304
    before = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    assert get(PATH, "text/turtle", If_Modified_Since=before).status == 200
    assert get(PATH, "text/turtle", If_Modified_Since="yesterday").status == 200
    assert datetime.now(UTC) >= parsedate_to_datetime(modified)


def test_each_format_and_coding_has_an_etag_of_its_own(get: Get) -> None:
    tags = {get(PATH + suffix).header("etag") for suffix in (*FORMATS, ".html")}
    tags |= {get(PATH + ".ttl", Accept_Encoding=coding).header("etag") for coding in ("gzip", "br")}
    assert len(tags) == 7


def test_compression(get: Get) -> None:
    plain = get(PATH + ".ttl").body
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        got = get(PATH + ".ttl", Accept_Encoding=f"{coding}, identity;q=0.1")
        assert got.header("content-encoding") == coding
        assert unpack(got.body) == plain
        assert len(got.body) < len(plain) / 2
        again = get(PATH + ".ttl", Accept_Encoding=coding, If_None_Match=got.header("etag") or "")
        assert again.status == 304
    assert get(PATH + ".ttl", Accept_Encoding="identity").header("content-encoding") is None


def test_head_says_what_get_says(get: Get) -> None:
    for path in (PATH, PATH + ".nt", "/ontology", "/id/nothing", "/data/all.nq.gz.sha256", "/openapi.json"):
        whole, head = get(path), get(path, method="HEAD")
        assert head.body == b""
        assert head.status == whole.status
        assert {name for name, _ in head.headers} == {name for name, _ in whole.headers}
        assert head.header("content-length") == str(len(whole.body))
        assert head.header("etag") == whole.header("etag")


def test_options_and_other_origins(get: Get) -> None:
    got = get(PATH, method="OPTIONS", Origin="https://example.org", Access_Control_Request_Method="GET")
    assert (got.status, got.body) == (204, b"")
    assert got.header("allow") == got.header("access-control-allow-methods") == "GET, HEAD, OPTIONS"
    assert "POST" in (get("/sparql", method="OPTIONS").header("allow") or "")
    for path in (PATH, "/id/nothing", "/ontology.ttl"):
        assert get(path, Origin="https://example.org").header("access-control-allow-origin") == "*"


def test_other_methods_are_refused(get: Get) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        got = get(PATH, method=method)
        assert got.status == 405
        assert "GET" in (got.header("allow") or "")
        assert json.loads(got.body)["status"] == 405


# --- what is not there ------------------------------------------------------------------------------------------------
def test_406_lists_what_there_is(get: Get) -> None:
    got = get(PATH, "image/png")
    assert got.status == 406
    told = json.loads(got.body)
    assert told["available"] == [
        "text/html",
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
    ]
    assert {link["href"] for link in told["links"]} == {PATH + each for each in (".html", *FORMATS)}


def test_404_knows_the_nearest(get: Get) -> None:
    got = get("/id/actor/oscee")
    assert got.status == 404
    assert got.header("content-type") == "application/problem+json"
    told = json.loads(got.body)
    assert {"type", "title", "status", "detail", "remedy", "instance", "links"} <= told.keys()
    assert [link["href"] for link in told["links"]] == ["/id/actor/osce", "/search?q=oscee"]
    clause = json.loads(get(PATH + "4").body)
    assert clause["links"][0]["href"] == PATH.rpartition("/clause/")[0]
    page = get("/id/actor/oscee", "text/html")
    assert page.status == 404
    assert b'href="/id/actor/osce"' in page.body
    document = get("/id/statement/60112683b2ea-7-8-asserts")
    assert "/id/document/60112683b2ea" in [link["href"] for link in json.loads(document.body)["links"]]
    term = get("/ontology/statement")
    assert "/ontology/Statement" in [link["href"] for link in json.loads(term.body)["links"]]


HOSTILE = [
    "/id/../../etc/passwd",
    "/id/%2e%2e/%2e%2e/etc/passwd",
    "/id/..%2f..%2fetc%2fpasswd",
    "/static/../site.py",
    "/static/%2e%2e/site.py",
    "/static/..%2fsite.py",
    "/static//etc/passwd",
    "/id/a%00b",
    "/id/a%0d%0aSet-Cookie:x=1",
    "/id/%ff%fe",
    "/id/%3Cscript%3Ealert(1)%3C/script%3E",
    "/id/%E2%80%AEevil",
    "/id/%22%3E%3Cimg%20src=x%3E",
    "/id/" + "a" * 3000,
    "/id/%",
    "/id/%zz",
    "/describe?iri=javascript:alert(1)",
    "/describe?iri=%3Cx%3E",
    "/describe?iri=http://[",
    "/describe",
    f"{PATH}?page=0",
    f"{PATH}?page=-1",
    f"{PATH}?page=99999999999999999999",
    f"{PATH}?page=x",
    f"{PATH}?page=²",
    f"{PATH}.ttl?page=9999",
    "/ontology/%2e%2e/secret",
    "/vocab/x%20y/z",
    "/data/../../x.nq",
    "/data/document/%2e%2e.nq",
    "/data/graph/text/60112683b2ea.nq",
    "/query/%2e%2e/x",
]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_paths_get_a_plain_no(get: Get, path: str, accept: str) -> None:
    got = get(path, accept)
    assert 400 <= got.status < 500
    assert got.header("content-security-policy") == CONTENT_SECURITY_POLICY
    assert got.header("set-cookie") is None
    for leak in (b"Traceback", b"site-packages", b"/src/pacta", b"root:"):
        assert leak not in got.body
    if accept == "text/html":
        assert b"<script>" not in got.body
        assert b"<img src=x" not in got.body
    if accept == "application/json":
        assert json.loads(got.body)["status"] == got.status


def test_bounds(get: Get) -> None:
    assert get("/id/" + "a" * 9000).status == 414
    assert (
        get("/sparql", method="POST", Content_Length="99999999", Content_Type="application/sparql-query").status == 413
    )


def test_a_crash_tells_nothing(get: Get, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/secret/path of this machine")

    monkeypatch.setattr(resources, "_wanted", broken)
    for accept in ("text/html", "application/json"):
        got = get(f"/id/actor/never-asked-{accept[:4]}", accept)
        assert got.status == 500
        assert b"secret" not in got.body
        assert b"RuntimeError" not in got.body
        assert got.header("x-content-type-options") == "nosniff"


# --- what a description holds -----------------------------------------------------------------------------------------
def test_a_clause_comes_with_its_evidence(get: Get) -> None:
    found = graph(get(PATH + ".ttl"))
    clause = rdflib.URIRef(CLAUSE)
    assert (clause, rdflib.URIRef(P.clauseNumber), None) in found
    assert (None, rdflib.URIRef(P.concernsClause), clause) in found
    assert (None, rdflib.URIRef(P.disputeOver), clause) in found
    quotes = [str(quote) for quote in found.objects(None, rdflib.URIRef(P.contentQuote))]
    assert any("withdrawal of Armenian troops only from" in quote for quote in quotes)
    spans = set(found.subjects(rdflib.URIRef(P.charStart), None))
    assert spans
    assert set(found.objects(None, rdflib.URIRef(P.contentSpan))) <= spans
    documents = set(found.objects(None, rdflib.URIRef(P.inDocument)))
    assert documents
    assert all((document, rdflib.DCTERMS.title, None) in found for document in documents)


def test_no_description_holds_a_full_text(get: Get, site: Site) -> None:
    store = site.snapshot.store
    texts = list(store.quads_for_pattern(None, NamedNode(P.fullText), None, None))
    assert texts
    for quad in texts:
        for iri in (quad.subject.value, quad.graph_name.value):
            got = get(site.href(iri) + ".nt")
            assert b"fullText" not in got.body


def test_pages_hold_all_that_points_at_a_resource(site: Site, seed_folder: Path) -> None:
    hub = f"{ID_BASE}capture/60112683b2ea"
    app = application(Settings(store=seed_folder, url=URL, page_rows=30))
    try:
        get = asker(app)
        path, found, pages = "/id/capture/60112683b2ea.nt", rdflib.Graph(), 0
        while path:
            got = get(path)
            found += graph(got, ox.RdfFormat.N_TRIPLES)
            assert len(describe(app.state.site, hub, pages + 1).incoming) <= 30
            following = links(got, "next")
            path = following[0] if following else ""
            pages += 1
        assert pages > 2
        assert get(f"/id/capture/60112683b2ea.nt?page={pages + 1}").status == 404
        wanted = {
            (quad.subject.value, quad.predicate.value)
            for quad in site.snapshot.store.quads_for_pattern(None, None, NamedNode(hub), None)
        }
        pointing = {(str(s), str(p)) for s, p in found.subject_predicates(rdflib.URIRef(hub))}
        assert wanted == pointing
    finally:
        app.state.pool.close()
        app.state.site.close()


def test_a_span_is_described_by_its_whole_iri(get: Get, site: Site) -> None:
    quad = next(site.snapshot.store.quads_for_pattern(None, NamedNode(P.contentSpan), None, None))
    span = quad.object.value
    assert "#char=" in span
    got = get(f"/describe?iri={site.quoted(span)}", "text/turtle")
    found = graph(got)
    assert (rdflib.URIRef(span), rdflib.URIRef(P.quote), None) in found
    assert (None, None, rdflib.URIRef(span)) in found
    assert links(got, "describes") == [span]
    assert (rdflib.URIRef(span), None, None) in graph(get("/id/capture/60112683b2ea.ttl"))
    assert get(f"/describe?iri={site.quoted(ID_BASE)}actor/osce").header("location") == "/id/actor/osce"


def test_an_iri_that_ends_like_a_suffix_is_itself(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = Store(str(folder))
    label, home = NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), NamedNode(f"{ID_BASE}graph/x")
    names = ("actor/news.html", "actor/news", "place/a%20b", "place/café", "actor/plain.ttl.ttl")
    store.extend(Quad(NamedNode(ID_BASE + name), label, Literal(name), home) for name in names)
    store.flush()
    del store
    app = application(Settings(store=folder, url=URL))
    try:
        get = asker(app)
        for name in names:
            path = app.state.site.href(ID_BASE + name)
            assert f'"{name}"'.encode() in get(path, "application/n-triples").body.replace(
                b"caf\xc3\xa9", "café".encode()
            )
        assert b'"place/a%20b"' in get("/id/place/a%20b.nt").body  # as the IRI is written
        assert b'"actor/news"' in get("/id/actor/news.nt").body
        assert b'"actor/news.html"' in get("/id/actor/news.html.nt").body
    finally:
        app.state.pool.close()
        app.state.site.close()


def test_the_same_store_gives_the_same_bytes(get: Get, seed_folder: Path) -> None:
    app = application(Settings(store=seed_folder, url=URL))
    try:
        again = asker(app)
        for path in (
            PATH + ".ttl",
            PATH + ".jsonld",
            "/shapes/Link.ttl",
            "/ontology.rdf",
            "/ontology",
            "/ontology/model.svg",
        ):
            assert again(path).body == get(path).body
    finally:
        app.state.pool.close()
        app.state.site.close()


@pytest.mark.parametrize("base", ["https://data.example/x/", "https://data.example/x#", "http://localhost:8000/id/"])
def test_any_base_of_the_data(tmp_path: Path, base: str) -> None:
    store = Store(str(tmp_path / "store"))
    iri, graph_name = NamedNode(f"{base}actor/one"), NamedNode(f"{base}graph/reference")
    store.add(Quad(iri, TYPE, NamedNode(P.Person), graph_name))
    store.add(Quad(NamedNode(f"{base}actor/two"), NamedNode(P.organOf), iri, graph_name))
    store.flush()
    del store
    app = application(Settings(store=tmp_path / "store", base=base, url=URL))
    try:
        get, site = asker(app), app.state.site
        assert site.href(iri.value) == "/id/actor/one"
        got = get("/id/actor/one", "text/turtle")
        assert links(got, "describes") == [iri.value]
        found = graph(got)
        assert (rdflib.URIRef(iri.value), rdflib.RDF.type, rdflib.URIRef(P.Person)) in found
        assert (rdflib.URIRef(f"{base}actor/two"), None, rdflib.URIRef(iri.value)) in found
        assert get("/id/graph/reference.ttl").status == 200
        assert iri.value.encode() in get("/data/all.nq").body
        assert get("/id/actor/one", "text/html").status == 200
    finally:
        app.state.pool.close()
        app.state.site.close()
