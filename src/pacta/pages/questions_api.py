"""Canned questions as an API: /query/TOPIC/NAME, parameters in the URL, rows as CSV, TSV, JSON, Turtle or Markdown.

`limit` and `offset` cut the rows; the server sends at most Limits.max_rows at once. Where more follow, the answer
says so: a `next` link and `X-Truncated` in the headers of every format, and within JSON, Turtle and Markdown as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pacta.exports import graph_to, results_to
from pacta.exports.sparql import value
from pacta.formats import Format
from pacta.pages import views
from pacta.pages.endpoint.protocol import run
from pacta.pages.negotiation import offers
from pacta.pages.responses import Problem, content_type, link_header, negotiated, site_of
from pacta.pages.site import Site
from pacta.queries import Query
from pacta.store import Results, Term
from pacta.vocabulary import DCTERMS, PROV, RDF, XSD

OFFERS = offers("html", "json", "csv", "tsv", "turtle", "markdown", "sparql-json")
_BY_SUFFIX = {each.suffix: each for each in OFFERS}
_RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_CUTS = ("limit", "offset")
_PLACES = 12  # digits of a number that is still taken for one


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of rows. `path` is the address of the question without a suffix, `given` the parameters of the visitor,
    `url` where this very answer lies, `next` the query string of the page after it, "" where this is the last.
    """

    question: Query
    results: Results
    path: str
    given: tuple[tuple[str, str], ...]
    url: str
    offset: int
    next: str


async def page(request: Request) -> Response:
    """Answer /query/TOPIC/NAME, with or without a suffix."""
    site = site_of(request)
    topic, name = request.path_params["topic"], request.path_params["name"]
    question, chosen = _question(site, topic, name)
    path = f"/query/{question.name}"
    query_string = f"?{request.url.query}" if request.url.query else ""
    links = [(f"{path}{each.suffix}{query_string}", each.media_type) for each in OFFERS]
    if chosen is None:
        chosen = negotiated(request, OFFERS, links)
    if chosen.name == "html":
        return await views.load_view(views.QUESTION_VIEW or "views.resource:view")(request, question.iri)
    answer = await ask(request, question, request.query_params.multi_items())
    body = await site.call(WRITERS.get(chosen.name, _plain(chosen.name)), answer, site)
    headers = {
        "Content-Type": content_type(chosen),
        "Content-Location": f"{path}{chosen.suffix}{query_string}",
        "Link": link_header(
            [
                (f"{path}{query_string}", {"rel": "canonical"}),
                (question.iri, {"rel": "describedby"}),
                ("https://creativecommons.org/licenses/by/4.0/", {"rel": "license"}),
                *([(f"{path}{chosen.suffix}?{answer.next}", {"rel": "next"})] if answer.next else []),
                *((h, {"rel": "alternate", "type": t}) for h, t in links if t != chosen.media_type),
            ]
        ),
    }
    if answer.next:
        headers["X-Truncated"] = f"rows; count={len(answer.results)}"
    return Response(body, headers=headers)


async def index(request: Request) -> Response:
    """Answer /query with the list of questions."""
    return RedirectResponse("/questions", 303)


def bound(question: Query, given: Mapping[str, list[str]] | list[tuple[str, str]]) -> str:
    """Return the SPARQL of a question with the parameters of a URL; fields left empty are not given."""
    pairs = given if isinstance(given, list) else [(n, v) for n, many in given.items() for v in many]
    values: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in _CUTS:
            question.parameter(name)
            if text:
                values.setdefault(name, []).append(text)
    return question.bind(values)


def cut(text: str, limit: int, offset: int) -> str:
    """Return a query for `limit` of its rows from `offset` on. No question of the catalogue has a LIMIT of its own."""
    return f"{text.rstrip()}\nLIMIT {limit}\nOFFSET {offset}\n"


async def ask(request: Request, question: Query, given: list[tuple[str, str]]) -> Answer:
    """Return a page of the answer to a question; `given` are the fields of the URL, `limit` and `offset` among them.

    The query runs in a worker process of the SPARQL endpoint, within the same limits.
    """
    site = site_of(request)
    most = site.settings.max_rows
    limit = min(_number(given, "limit", most, question.name, least=1), most)
    offset = _number(given, "offset", 0, question.name)
    results, cut_short = await _run(request, cut(bound(question, given), limit + 1, offset), limit + 1)
    kept = results if cut_short else Results(results.variables, results.rows[:limit])
    rest = tuple((name, text) for name, text in given if name not in _CUTS and text)
    following = ""
    if cut_short or len(results) > limit:
        following = urlencode([*rest, ("limit", limit), ("offset", offset + len(kept))])
    cuts = [(name, text) for name, text in given if name in _CUTS]
    path = f"/query/{question.name}"
    mark = f"?{urlencode([*rest, *cuts])}" if rest or cuts else ""
    return Answer(question, kept, path, rest, f"{site.settings.url}{path}{mark}", offset, following)


async def _run(request: Request, text: str, most: int) -> tuple[Results, bool]:
    """Return the rows of a query, and whether there were more bytes of them than one answer holds."""
    job = {
        "query": text,
        "default": [],
        "named": [],
        "base": site_of(request).settings.base,
        "offset": 0,
        "formats": {"rows": "sparql-json", "boolean": None, "graph": None},
        "next": "",
        "max_rows": most,
    }
    answer = await run(request, job)
    with answer.body:
        content = json.loads(answer.body.read())
    return _results(content), bool(answer.meta["cut"])


def _results(content: dict[str, Any]) -> Results:
    """Return SPARQL 1.1 Query Results JSON as rows."""
    names = tuple(content["head"]["vars"])
    rows = content["results"]["bindings"]
    return Results(names, tuple(tuple(_read(row[name]) if name in row else None for name in names) for row in rows))


def _read(binding: dict[str, str]) -> Term:
    text = binding["value"]
    if binding["type"] == "uri":
        return NamedNode(text)
    if binding["type"] == "bnode":
        return BlankNode(text)
    if language := binding.get("xml:lang"):
        return Literal(text, language=language)
    return Literal(text, datatype=NamedNode(binding["datatype"])) if "datatype" in binding else Literal(text)


def _question(site: Site, topic: str, name: str) -> tuple[Query, Format | None]:
    known = site.catalogue
    if found := known.get(f"{topic}/{name}"):
        return found, None
    stem, dot, suffix = name.rpartition(".")
    if dot and (found := known.get(f"{topic}/{stem}")):
        if chosen := _BY_SUFFIX.get(dot + suffix):
            return found, chosen
        kinds = ", ".join(_BY_SUFFIX)
        raise Problem(404, f"answers do not come as .{suffix[:20]}", where=found.name, remedy=f"take one of {kinds}",
                      links=[(f"/query/{found.name}", found.title)])  # fmt: skip
    near = get_close_matches(f"{topic}/{name}", known, n=3, cutoff=0.5)
    links = [*((f"/query/{each}", known[each].title) for each in near), ("/questions", "All questions")]
    raise Problem(404, "there is no question of this name", remedy="take one of the list", links=links)


def _number(given: list[tuple[str, str]], name: str, default: int, where: str, *, least: int = 0) -> int:
    text = next((text for each, text in reversed(given) if each == name and text), "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > _PLACES or int(text) < least:
        shown = text if len(text) <= 80 else f"{text[:80]}…"
        raise Problem(400, f"{shown!r} does not fit {name!r}", where=where, remedy=f"write a whole number from {least}")
    return int(text)


# --- answers → bytes ------------------------------------------------------------------------------------------------
def _plain(format_name: str) -> Callable[[Answer, Site], bytes]:
    def write(answer: Answer, site: Site) -> bytes:
        return results_to(answer.results, format_name, base=site.settings.base)

    return write


def _json(answer: Answer, site: Site) -> bytes:
    names = answer.results.variables
    content = {
        "question": answer.question.name,
        "title": answer.question.title,
        "parameters": [{"name": name, "value": text} for name, text in answer.given],
        "columns": list(names),
        "rows": [dict(zip(names, map(value, row), strict=True)) for row in answer.results.rows],
        "truncated": bool(answer.next),
        "next": f"{site.settings.url}{answer.path}.json?{answer.next}" if answer.next else None,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _markdown(answer: Answer, site: Site) -> bytes:
    table = results_to(answer.results, "markdown", base=site.settings.base)
    if not answer.next:
        return table
    more = f"{site.settings.url}{answer.path}.md?{answer.next}"
    rows = f"{len(answer.results)} row{'' if len(answer.results) == 1 else 's'}"
    return table + f"\nTruncated after {rows}; [the next ones](<{more}>).\n".encode()


def _turtle(answer: Answer, site: Site) -> bytes:
    """Return rows in the vocabulary for result sets of the W3C, every node with an IRI below that of the answer."""
    whole = f"{answer.url}#result"
    told: list[tuple[str, str, NamedNode | Literal]] = [
        (whole, RDF + "type", NamedNode(_RESULT_SET + "ResultSet")),
        (whole, DCTERMS + "title", Literal(answer.question.title, language="en")),
        (whole, DCTERMS + "license", NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (whole, PROV + "wasDerivedFrom", NamedNode(f"{site.settings.url}/data#dataset")),
        (whole, PROV + "hadPlan", NamedNode(answer.question.iri)),
        (whole, _RESULT_SET + "size", _integer(len(answer.results))),
    ]
    told += [(whole, _RESULT_SET + "resultVariable", Literal(name)) for name in answer.results.variables]
    if answer.next:
        told.append((whole, _HYDRA + "next", NamedNode(f"{site.settings.url}{answer.path}.ttl?{answer.next}")))
    for number, row in enumerate(answer.results.rows, answer.offset + 1):
        solution = f"{answer.url}#row-{number}"
        told.append((whole, _RESULT_SET + "solution", NamedNode(solution)))
        told.append((solution, _RESULT_SET + "index", _integer(number)))
        for name, term in zip(answer.results.variables, row, strict=True):
            if isinstance(term, NamedNode | Literal):
                binding = f"{solution}-{name}"
                told.append((solution, _RESULT_SET + "binding", NamedNode(binding)))
                told.append((binding, _RESULT_SET + "variable", Literal(name)))
                told.append((binding, _RESULT_SET + "value", term))
    quads = [Quad(NamedNode(subject), NamedNode(predicate), value) for subject, predicate, value in told]
    return graph_to(quads, "turtle", base=site.settings.base)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


WRITERS: dict[str, Callable[[Answer, Site], bytes]] = {"json": _json, "markdown": _markdown, "turtle": _turtle}
