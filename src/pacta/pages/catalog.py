"""What there is, for programs: the dataset in VoID and DCAT, its releases, and what changed since one of them."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from pacta import __version__
from pacta.exports import graph_to, results_to
from pacta.formats import Format, by_name
from pacta.pages import dumps, releases, selection, views
from pacta.pages.dumping import LICENCE, RIGHTS, WHOLE, Dump
from pacta.pages.negotiation import offers
from pacta.pages.releases import Change, Release
from pacta.pages.rendering import render
from pacta.pages.resources import alternates
from pacta.pages.responses import Problem, content_type, link_header, negotiated, site_of
from pacta.pages.site import Site
from pacta.store import Results
from pacta.vocabulary import DCTERMS, OWL, PACTA, PROV, RDF, RDFS, SKOS, VOCAB, XSD, P

DATA_PAGE = "views.data:page"
DATA = offers("html", "turtle", "jsonld", "ntriples", "rdfxml")
VOID_OFFERS = offers("turtle", "jsonld", "ntriples", "rdfxml", "html")
LISTS = offers("html", "json", "csv")
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
VOLATILE = {"Cache-Control": "max-age=0, must-revalidate"}  # dumps and releases come while the snapshot stays
_MEDIA = "https://www.iana.org/assignments/media-types/"
_VOCABULARIES = (PACTA, RDFS, SKOS, DCTERMS, PROV)
_COUNTS = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY ?class"


async def page(request: Request) -> Response:
    """Answer /data, with or without a suffix: the catalogue, for people a page."""
    site = site_of(request)
    chosen = _by_suffix(request.url.path, DATA)
    links = alternates("/data")
    if chosen is None:
        chosen = negotiated(request, DATA, [(href, each.media_type) for href, each in links])
    header = link_header(
        [
            ("/data", {"rel": "canonical"}),
            *((href, {"rel": "alternate", "type": each.media_type}) for href, each in links if each != chosen),
            (LICENCE, {"rel": "license"}),
        ]
    )
    if chosen.name == "html":
        response = await views.load(DATA_PAGE)(request)
        response.headers.setdefault("Link", header)
        return response
    return await _rdf(site, chosen, {"Link": header, "Content-Location": f"/data{chosen.suffix}", **VOLATILE})


async def void(request: Request) -> Response:
    """Answer /.well-known/void: the same description, Turtle for whoever does not say otherwise."""
    site = site_of(request)
    chosen = negotiated(request, VOID_OFFERS)
    if chosen.name == "html":
        chosen = by_name("turtle")
    return await _rdf(site, chosen, {"Link": link_header([("/data", {"rel": "canonical"})]), **VOLATILE})


async def _rdf(site: Site, chosen: Format, headers: dict[str, str]) -> Response:
    quads = await site.call(described, site)
    body = await site.call(graph_to, quads, chosen.name, base=site.settings.base)
    return Response(body, headers={**headers, "Content-Type": content_type(chosen)})


# --- releases ---------------------------------------------------------------------------------------------------------
async def list_releases(request: Request) -> Response:
    """Answer /data/releases: the one that is served and those that are kept, newest first."""
    site = site_of(request)
    chosen = _by_suffix(request.url.path, LISTS) or negotiated(request, LISTS)
    try:
        now: Release | None = await site.call(releases.current, site)
    except Problem:  # it is still being counted
        now = None
    own = now.name if now else None
    kept = [each for each in await site.call(releases.known, site) if each.name != own]
    found = [*([now] if now else []), *kept]
    rows = [
        {"release": each.name, "modified": each.modified, "graphs": len(each.graphs), "quads": each.quads,
         "served": each.name == own, "changes": f"{site.settings.url}/data/changes?since={each.name}"}
        for each in found
    ]  # fmt: skip
    if chosen.name == "html":
        return render(request, "releases.html", title="Releases", rows=rows, crumbs=_crumbs("Releases"),
                      section="/data",
                      alternates=_others("/data/releases", ""), headers=VOLATILE)  # fmt: skip
    if chosen.name == "csv":
        return _csv(rows)
    return _json({"current": own, "releases": rows})


async def list_changes(request: Request) -> Response:
    """Answer /data/changes?since=RELEASE: the graphs that were added, removed or changed since, with where they lie."""
    site = site_of(request)
    chosen = _by_suffix(request.url.path, LISTS) or negotiated(request, LISTS)
    name = request.query_params.get("since", "")
    old = releases.get(site, name)
    if old is None:
        known = [each.name for each in await site.call(releases.known, site)]
        what = f"no release {name[:40]!r} is kept here" if name else "since which release is not said"
        raise Problem(404 if name else 400, what, where="since", remedy="name one of the releases that are kept",
                      links=[("/data/releases", "Releases")], more={"releases": known[:100]})  # fmt: skip
    now = await site.call(releases.current, site)
    found = [_change(site, each) for each in releases.changes(old, now)]
    if chosen.name == "html":
        return render(request, "changes.html", title=f"Changes since {old.name}", rows=found, old=old, new=now,
                      crumbs=_crumbs("Changes"), section="/data",
                      alternates=_others("/data/changes", f"?since={old.name}"), headers=VOLATILE)  # fmt: skip
    if chosen.name == "csv":
        return _csv(found, ("change", "graph", "quads", "sha256", "dump"))
    counts = {kind: sum(row["change"] == kind for row in found) for kind in ("added", "changed", "removed")}
    return _json({"since": old.name, "release": now.name, "counts": counts, "changes": found})


def _change(site: Site, each: Change) -> dict[str, Any]:
    own = each.graph.startswith(f"{site.settings.base}graph/") and each.change != "removed"
    dump = f"{site.settings.url}/data/{each.graph.removeprefix(site.settings.base)}.nq.gz" if own else None
    return {"change": each.change, "graph": each.graph, "quads": each.quads, "sha256": each.sha256, "dump": dump}


def _crumbs(name: str) -> list[tuple[str, str]]:
    return [("Start", "/"), ("Data", "/data"), (name, "")]


def _others(path: str, query: str) -> list[dict[str, str]]:
    return [
        {"name": each.name, "media_type": each.media_type, "href": f"{path}{each.suffix}{query}"} for each in LISTS[1:]
    ]


def _json(content: object) -> Response:
    body = (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    return Response(body, media_type="application/json", headers=VOLATILE)


def _csv(rows: list[dict[str, Any]], names: tuple[str, ...] | None = None) -> Response:
    columns = names or tuple(rows[0]) if rows or names else ()
    cells = tuple(tuple(None if row[n] is None else Literal(str(row[n])) for n in columns) for row in rows)
    return Response(results_to(Results(columns, cells), "csv"), media_type="text/csv; charset=utf-8", headers=VOLATILE)


def _by_suffix(path: str, on_offer: tuple[Format, ...]) -> Format | None:
    dot = path.rpartition("/")[2].rpartition(".")
    return next((each for each in on_offer if dot[1] and f".{dot[2]}" in each.suffixes), None)


# --- VoID and DCAT ----------------------------------------------------------------------------------------------------
def described(site: Site) -> list[Quad]:
    """Return the catalogue as quads of the default graph; what is counted is counted once a snapshot."""
    return site.cached("catalogue", lambda: _described(site)) + _distributions(site)


def counts(site: Site) -> dict[str, int]:
    """Return how many things there are of each class, by the IRI of the class."""
    rows = site.cached("classes", lambda: site.rows(_COUNTS))
    return {str(row["class"].value): int(row["n"].value) for row in rows if row["class"] and row["n"]}  # type: ignore[union-attr]


def triples(site: Site) -> int:
    """Return how many quads the store holds."""
    return site.cached("size", lambda: len(site.snapshot.store))


def _described(site: Site) -> list[Quad]:
    url, base = site.settings.url, site.settings.base
    dataset, catalogue = f"{url}/data#dataset", f"{url}/data#catalog"
    say = _Saying()
    say(catalogue, RDF + "type", NamedNode(DCAT + "Catalog"))
    say(catalogue, DCTERMS + "title", _words("What is published here"))
    say(catalogue, DCAT + "dataset", NamedNode(dataset))
    say(catalogue, DCTERMS + "license", NamedNode(LICENCE))
    for kind in (VOID + "Dataset", DCAT + "Dataset"):
        say(dataset, RDF + "type", NamedNode(kind))
    say(dataset, DCTERMS + "title", _words("Who said what, who denies it, and which clause is at stake"))
    say(dataset, DCTERMS + "description", _words(
        "Statements in news reports and official texts, with the words that carry each, the incidents and the clauses "
        "of agreements that they are about, and the disputes derived from them. It judges nothing true or false."
    ))  # fmt: skip
    say(dataset, DCTERMS + "license", NamedNode(LICENCE))
    say(dataset, DCTERMS + "rights", _words(RIGHTS))
    say(dataset, DCTERMS + "conformsTo", NamedNode(PACTA.rstrip("#")))
    modified = site.snapshot.modified.isoformat().replace("+00:00", "Z")
    say(dataset, DCTERMS + "modified", Literal(modified, datatype=NamedNode(XSD + "dateTime")))
    say(dataset, PROV + "wasGeneratedBy", NamedNode(f"{url}/data#publication"))
    say(f"{url}/data#publication", RDF + "type", NamedNode(PROV + "Activity"))
    say(f"{url}/data#publication", RDFS + "label", _words(f"published by pacta {__version__}"))
    for run in selection.subjects(site.snapshot.store, RDF + "type", P.ConversionRun):
        say(dataset, PROV + "wasDerivedFrom", run)
    say(dataset, VOID + "uriSpace", Literal(base))
    say(dataset, VOID + "uriLookupEndpoint", NamedNode(f"{url}/describe?iri="))
    say(dataset, VOID + "sparqlEndpoint", NamedNode(f"{url}/sparql"))
    say(dataset, VOID + "triples", _number(triples(site)))
    say(dataset, DCAT + "landingPage", NamedNode(f"{url}/data"))
    for vocabulary in _VOCABULARIES:
        say(dataset, VOID + "vocabulary", NamedNode(vocabulary))
    say(dataset, VOID + "vocabulary", NamedNode(VOCAB))
    for row in site.rows("agreements/list"):
        for term in list(row.values())[:1]:
            if isinstance(term, NamedNode):
                say(dataset, VOID + "exampleResource", term)
    for cls, number in sorted(counts(site).items()):
        part = f"{url}/data#class-{site.quoted(cls.replace('#', '/').rpartition('/')[2])}"
        say(dataset, VOID + "classPartition", NamedNode(part))
        say(part, RDF + "type", NamedNode(VOID + "Dataset"))
        say(part, VOID + "class", NamedNode(cls))
        say(part, VOID + "entities", _number(number))
    _services(say, url, catalogue, dataset)
    return say.quads


def _services(say: _Saying, url: str, catalogue: str, dataset: str) -> None:
    services = (
        ("sparql", "SPARQL 1.1 endpoint", f"{url}/sparql", f"{url}/sparql", "http://www.w3.org/TR/sparql11-protocol/"),
        ("questions", "Questions as an API", f"{url}/query/", f"{url}/openapi.json", "https://spec.openapis.org/oas/v3.1.0"),
        ("graphs", "Graph store, for reading", f"{url}/rdf-graph-store", f"{url}/rdf-graph-store",
         "http://www.w3.org/TR/sparql11-http-rdf-update/"),
    )  # fmt: skip
    for name, title, endpoint, described_at, standard in services:
        node = f"{url}/data#service-{name}"
        say(catalogue, DCAT + "service", NamedNode(node))
        say(node, RDF + "type", NamedNode(DCAT + "DataService"))
        say(node, DCTERMS + "title", _words(title))
        say(node, DCAT + "endpointURL", NamedNode(endpoint))
        say(node, DCAT + "endpointDescription", NamedNode(described_at))
        say(node, DCTERMS + "conformsTo", NamedNode(standard))
        say(node, DCAT + "servesDataset", NamedNode(dataset))
        say(node, DCTERMS + "license", NamedNode(LICENCE))


def _distributions(site: Site) -> list[Quad]:
    """Return the dumps of the whole, with size and sum where they lie ready, and the releases that are kept."""
    url, say = site.settings.url, _Saying()
    dataset = f"{url}/data#dataset"
    for name in WHOLE:
        for packed in (True, False):
            dump = Dump("all", "all", "", by_name(name), packed)
            file, node = f"{url}/data/{dump.name}", f"{url}/data#{dump.name}"
            say(dataset, VOID + "dataDump", NamedNode(file))
            say(dataset, DCAT + "distribution", NamedNode(node))
            say(node, RDF + "type", NamedNode(DCAT + "Distribution"))
            say(node, DCTERMS + "title", _words(f"The whole dataset as {dump.name}"))
            say(node, DCAT + "downloadURL", NamedNode(file))
            say(node, DCAT + "accessURL", NamedNode(f"{url}/data"))
            say(node, DCAT + "mediaType", NamedNode(_MEDIA + dump.format.media_type))
            say(node, DCTERMS + "license", NamedNode(LICENCE))
            if packed:
                say(node, DCAT + "compressFormat", NamedNode(f"{_MEDIA}application/gzip"))
            if made := dumps.found(site, dump):
                say(node, DCAT + "byteSize", _number(made.file.stat().st_size, "nonNegativeInteger"))
                say(node, SPDX + "checksum", NamedNode(f"{node}-sha256"))
                say(f"{node}-sha256", RDF + "type", NamedNode(SPDX + "Checksum"))
                say(f"{node}-sha256", SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256"))
                value = Literal(made.sha256, datatype=NamedNode(XSD + "hexBinary"))
                say(f"{node}-sha256", SPDX + "checksumValue", value)
    for each in releases.known(site):
        _release(say, url, dataset, each)
    return say.quads


def _release(say: _Saying, url: str, dataset: str, release: Release) -> None:
    node = f"{url}/data#release-{release.name}"
    say(dataset, DCAT + "hasVersion", NamedNode(node))
    say(node, RDF + "type", NamedNode(DCAT + "Dataset"))
    say(node, OWL + "versionInfo", Literal(release.name))
    say(node, DCTERMS + "modified", Literal(release.modified, datatype=NamedNode(XSD + "dateTime")))
    say(node, VOID + "triples", _number(release.quads))
    say(node, RDFS + "seeAlso", NamedNode(f"{url}/data/changes?since={release.name}"))


class _Saying:
    """Collects triples."""

    def __init__(self) -> None:
        self.quads: list[Quad] = []

    def __call__(self, subject: str, predicate: str, value: NamedNode | Literal) -> None:
        self.quads.append(Quad(NamedNode(subject), NamedNode(predicate), value))


def _words(text: str) -> Literal:
    return Literal(text, language="en")


def _number(number: int, kind: str = "integer") -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + kind))
