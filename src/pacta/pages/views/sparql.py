"""The SPARQL page: an editor with the prefixes filled in, examples from the catalogue, and the answer as a table."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from pacta.errors import PactaError
from pacta.pages.endpoint.process import Answer
from pacta.pages.endpoint.protocol import Asked, evaluated, pool_of
from pacta.pages.questions_api import bound
from pacta.pages.rendering import render
from pacta.pages.responses import Problem, problem_of
from pacta.pages.site import Site
from pacta.pages.views.cells import Cell, of_json, rows_of
from pacta.queries import get
from pacta.vocabulary import PREFIXES

PAGE = 200  # rows on the page; the downloads have them all
GRAPH = 20_000  # characters of a graph on the page
_FORMATS = {"rows": "sparql-json", "boolean": "sparql-json", "graph": "turtle"}
_DOWNLOADS = {
    "rows": (("CSV", "csv"), ("TSV", "tsv"), ("JSON", "sparql-json"), ("XML", "xml")),
    "graph": (("Turtle", "turtle"), ("N-Triples", "ntriples"), ("JSON-LD", "jsonld"), ("RDF/XML", "rdfxml")),
}
_BEGIN = ("pacta", "id", "rdfs", "skos", "dcterms", "xsd")
_HEADER = re.compile(r"(?m)^#\+.*\n")
_FIRST = """
SELECT ?speaker ?force ?gloss
WHERE {
  ?statement pacta:speaker ?speaker ; ?force ?proposition .
  ?proposition pacta:gloss ?gloss .
}
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it: rows of cells, a truth value, or a graph as Turtle."""

    columns: tuple[str, ...] = ()
    rows: tuple[list[Cell], ...] = ()
    total: int = 0
    boolean: bool | None = None
    graph: str = ""
    cut: bool = False


async def page(request: Request) -> Response:
    """Return the editor with `query` and the answer to it, or with the SPARQL of `question` and its parameters."""
    site: Site = request.app.state.site
    params = request.query_params
    query, problem, shown = params.get("query", ""), None, None
    if query.strip():
        try:
            answer = await evaluated(request, _asked(request, query), dict(_FORMATS))
            shown = await site.call(_shown, site, answer)
        except Problem as fault:
            problem = fault
        except PactaError as error:
            problem = problem_of(error)
    elif params.get("question"):
        question = get(params["question"])
        given = [(n, v) for n, v in params.multi_items() if n not in ("question", "limit", "offset")]
        query = f"# {question.title}\n{_HEADER.sub('', bound(question, given))}"
    return await site.call(_page, request, site, query, problem, shown)


def _asked(request: Request, query: str) -> Asked:
    params = request.query_params
    return Asked(query, tuple(params.getlist("default-graph-uri")), tuple(params.getlist("named-graph-uri")))


def _page(request: Request, site: Site, query: str, problem: Problem | None, shown: Shown | None) -> Response:
    asked = request.query_params
    examples = [
        (q.name, q.title) for q in sorted(site.catalogue.values(), key=lambda q: (q.number or 99, q.name))
        if "choices" not in q.tags
    ]  # fmt: skip
    limits = pool_of(request).limits
    kind = "graph" if shown and shown.graph else "rows"
    return render(
        request,
        "sparql.html",
        status_code=problem.status if problem else 200,
        headers=problem.headers if problem else {},
        title="SPARQL",
        section="/sparql",
        sparql=query or beginning(site),
        prefixes=known_prefixes(site),
        examples=examples,
        chosen=asked.get("question", ""),
        problem=problem,
        shown=shown,
        forms=[
            (name, f"/sparql?{urlencode([('query', query), ('format', form)])}")
            for name, form in (_DOWNLOADS[kind] if shown and shown.boolean is None else _DOWNLOADS["rows"])
        ],
        terms=site.once("sparql terms", lambda: _terms(site)),
        limits=limits,
        endpoint=site.settings.url.rstrip("/") + "/sparql",
    )


def beginning(site: Site) -> str:
    """Return the text that an empty editor starts with."""
    known = known_prefixes(site)
    return "".join(f"PREFIX {name}: <{known[name]}>\n" for name in _BEGIN if name in known) + _FIRST


def known_prefixes(site: Site) -> dict[str, str]:
    """Return the prefixes that the editor fills in."""
    return {**PREFIXES, "id": site.settings.base}


def _shown(site: Site, answer: Answer) -> Shown:
    with closing(answer.body):
        body = answer.body.read()
    cut = bool(answer.meta["cut"])
    if answer.meta["format"] == "turtle":
        text = body.decode("utf-8", "replace")
        return Shown(graph=text[:GRAPH], cut=cut or len(text) > GRAPH, total=int(answer.meta["count"]))
    content: dict[str, Any] = json.loads(body)
    if "boolean" in content:
        return Shown(boolean=bool(content["boolean"]))
    names = tuple(content["head"]["vars"])
    bindings = content["results"]["bindings"]
    rows = rows_of(site, of_json(bindings[:PAGE], names))
    return Shown(tuple(names), tuple(rows), len(bindings), cut=cut)


def _terms(site: Site) -> str:
    """Return the classes and properties of the ontology as a JSON list, for the editor to complete."""
    query = (
        "SELECT DISTINCT ?term WHERE { ?term a ?kind . FILTER(STRSTARTS(STR(?term), STR(pacta:))) "
        "FILTER(?kind IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) } ORDER BY ?term"
    )
    head = f"PREFIX pacta: <{PREFIXES['pacta']}>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
    rows = site.knowledge.query(head + query, use_default_graph_as_union=True)
    return json.dumps(["pacta:" + row["term"].value.removeprefix(PREFIXES["pacta"]) for row in rows])  # type: ignore[union-attr]
