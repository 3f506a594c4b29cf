"""What the endpoint is, in the vocabulary of SPARQL 1.1 Service Description: the answer to a GET without a query."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from pacta.exports import graph_to
from pacta.pages.negotiation import offers
from pacta.pages.responses import content_type, negotiated, site_of
from pacta.vocabulary import DCTERMS, RDF, RDFS

SD = "http://www.w3.org/ns/sparql-service-description#"
_W3C = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_FORMATS = offers("turtle", "ntriples", "jsonld", "rdfxml")


def page(request: Request) -> Response:
    """Return the description in the RDF format that the request wants."""
    chosen = negotiated(request, _FORMATS)
    site = site_of(request)
    endpoint = f"{site.settings.url.rstrip('/')}/sparql"
    body = graph_to(described(endpoint, dataset=f"{site.settings.url.rstrip('/')}/data"), chosen.name)
    return Response(body, headers={"Content-Type": content_type(chosen)})


def described(endpoint: str, *, dataset: str) -> list[Quad]:
    """Return the description of the endpoint at `endpoint` over the dataset that the page `dataset` describes.

    The graphs are not named one by one, as there is one for each document: `dataset` counts them, a query lists them.
    """
    service, default, union = (NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "union"))
    facts: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (service, RDF + "type", NamedNode(SD + "Service")),
        (service, RDFS + "label", Literal("Pacta SPARQL endpoint", language="en")),
        (service, SD + "endpoint", NamedNode(endpoint)),
        (service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        (service, SD + "feature", NamedNode(SD + "UnionDefaultGraph")),
        (service, SD + "defaultDataset", default),
        (default, RDF + "type", NamedNode(SD + "Dataset")),
        (default, SD + "defaultGraph", union),
        (default, DCTERMS + "isReferencedBy", NamedNode(dataset)),
        (union, RDF + "type", NamedNode(SD + "Graph")),
        (union, RDFS + "comment", Literal("The union of all named graphs.", language="en")),
    ]
    facts += [(service, SD + "resultFormat", NamedNode(_W3C + name)) for name in (*_RESULTS, *_GRAPHS)]
    return [Quad(subject, NamedNode(predicate), value) for subject, predicate, value in facts]
