"""Questions: the catalogue with a filter, and each question as a form with its answer, its SPARQL, how to cite it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from pacta.errors import PactaError, QueryError
from pacta.pages.questions_api import Answer, ask, bound
from pacta.pages.rendering import render
from pacta.pages.responses import Problem, problem_of
from pacta.pages.site import Site
from pacta.pages.views.cells import headings, rows_of
from pacta.queries import Parameter, Query, get
from pacta.store import Results
from pacta.vocabulary import ID_BASE, QUERY

_WINDOW = ("limit", "offset")
PAGE = 100  # rows on the page; the downloads have them all
CHOICES = 300  # of one field; more are typed
_FORMS = (("CSV", ".csv"), ("TSV", ".tsv"), ("JSON", ".json"), ("Turtle", ".ttl"), ("Markdown", ".md"))
_INPUT = {"date": "date", "integer": "number"}
_HINTS = {
    "iri": "an IRI, whole or as id:actor/osce",
    "date": "a day, as 2021-08-13",
    "dateTime": "a day or a moment, as 2021-08-13 or 2021-08-13T10:00:00+04:00",
    "language": "a language tag, as en",
    "integer": "a whole number",
    "string": "",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a question's form. `choices` are (value, words); where there are none, the value is typed."""

    name: str
    label: str
    description: str
    hint: str
    input: str
    value: str
    choices: tuple[tuple[str, str], ...]


# --- the catalogue ----------------------------------------------------------------------------------------------------
async def page(request: Request) -> Response:
    """Return the catalogue of questions; `q` filters by words, `tag` by tag."""
    site: Site = request.app.state.site
    q, tag = (request.query_params.get(name, "").strip()[:100] for name in ("q", "tag"))
    words = q.casefold().split()
    by_topic: dict[str, list[Query]] = defaultdict(list)
    for query in site.catalogue.values():
        told = " ".join((query.name, query.title, query.description, *query.tags)).casefold()
        if all(word in told for word in words) and (not tag or tag in query.tags):
            by_topic[query.topic].append(query)
    tags = sorted({tag for query in site.catalogue.values() for tag in query.tags})
    return render(
        request,
        "questions.html",
        title="Questions",
        section="/questions",
        topics=[
            (t, sorted(found, key=_order)) for t, found in sorted(by_topic.items(), key=lambda one: _order(one[1][0]))
        ],
        number=sum(map(len, by_topic.values())),
        tags=tags,
        q=q,
        tag=tag,
    )


def _order(query: Query) -> tuple[bool, int, str]:
    return "choices" in query.tags, query.number or 1_000, query.name


# --- one question -----------------------------------------------------------------------------------------------------
async def view(request: Request, iri: str) -> Response:
    """Return the page of a question, with the rows that its parameters in the address ask for."""
    site: Site = request.app.state.site
    question = get(iri.removeprefix(QUERY))
    given = [(name, value.strip()) for name, value in request.query_params.multi_items() if value.strip()]
    window = [pair for pair in given if pair[0] in _WINDOW]
    given = [pair for pair in given if pair[0] not in _WINDOW]
    answer: Answer | None = None
    problem: Problem | None = None
    text = question.text
    step = PAGE
    try:
        text = bound(question, given)
        limit = next((value for name, value in window if name == "limit"), "")
        step = int(limit) if limit.isdecimal() and len(limit) < 4 and 0 < int(limit) < PAGE else PAGE
        window = [("limit", str(step)), *(pair for pair in window if pair[0] == "offset")]
        answer = await ask(request, question, [*given, *window])
    except Problem as fault:
        problem = fault
    except QueryError as error:
        problem = problem_of(error)
    fields = [await _field(request, site, parameter, given) for parameter in question.parameters]
    return await site.call(_page, request, site, question, fields, given, text, answer, problem, step)


def _page(
    request: Request,
    site: Site,
    question: Query,
    fields: list[Field],
    given: list[tuple[str, str]],
    text: str,
    answer: Answer | None,
    problem: Problem | None,
    step: int,
) -> Response:
    rows = answer.results.rows if answer else ()
    offset = answer.offset if answer else 0
    path = f"/query/{question.name}"
    mark = f"?{urlencode(given)}" if given else ""
    address = site.settings.url.rstrip("/") + path
    back = [
        *given,
        *([("limit", step)] if step < PAGE else []),
        *([("offset", offset - step)] if offset > step else []),
    ]
    return render(
        request,
        "question.html",
        status_code=problem.status if problem else 200,
        title=question.title,
        section="/questions",
        crumbs=[("Questions", "/questions"), (question.title, "")],
        description=question.description,
        question=question,
        fields=fields,
        given=given,
        path=path,
        sparql=text,
        edit=f"/sparql?{urlencode([('question', question.name), *given])}",
        problem=problem,
        columns=headings(answer.results.variables) if answer else [],
        rows=rows_of(site, rows),
        first=offset + 1,
        last=offset + len(rows),
        next=f"{path}?{answer.next}#answer" if answer and answer.next else "",
        previous=f"{path}?{urlencode(back)}#answer" if offset else "",
        forms=[(name, f"{path}{suffix}{mark}", suffix) for name, suffix in _FORMS],
        permalink=f"{address}{mark}",
        csv=f"{address}.csv{mark}",
        snapshot=site.snapshot.id,
        modified=site.snapshot.modified.date(),
        cap=site.settings.max_rows,
    )  # fmt: skip


async def _field(request: Request, site: Site, parameter: Parameter, given: list[tuple[str, str]]) -> Field:
    value = next((value for name, value in given if name == parameter.name), parameter.default or "")
    choices = await _choices(request, site, parameter.choices) if parameter.choices else ()
    if parameter.type == "iri":
        value = _short(value)
    if choices and value and value not in {choice for choice, _ in choices}:
        choices = (*choices, (value, value))
    label = "".join(f" {c.lower()}" if c.isupper() else c for c in parameter.name).capitalize()
    kind = _INPUT.get(parameter.type, "text")
    return Field(parameter.name, label, parameter.description, _HINTS[parameter.type], kind, value, choices)


async def _choices(request: Request, site: Site, name: str) -> tuple[tuple[str, str], ...]:
    """Return (value, words) to choose from; none where there are too many, or where finding them takes too long."""
    known: dict[str, tuple[tuple[str, str], ...]] = site.cached("choices", dict)
    if name not in known:
        try:
            answer = await ask(request, get(name), [("limit", str(CHOICES))])
        except (Problem, PactaError):
            return ()
        known[name] = () if answer.next else await site.call(_worded, site, answer.results)
    return known[name]


def _worded(site: Site, results: Results) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for row in results.rows:
        value = getattr(row[0], "value", "")
        label = getattr(row[1], "value", "") if len(row) > 1 and results.variables[1] == "label" else ""
        is_iri = value.startswith(("http://", "https://"))
        found.setdefault(_short(value) if is_iri else value, label or (site.label(value) if is_iri else value))
    return tuple(sorted(found.items(), key=lambda one: _by_words(one[1])))


def _by_words(words: str) -> tuple[Any, ...]:
    return (0, int(words), "") if words.isdecimal() and len(words) < 9 else (1, 0, words.casefold())


def _short(iri: str) -> str:
    """Return an IRI of the data as an address shows it well; questions understand it (queries.py)."""
    return "id:" + iri.removeprefix(ID_BASE) if iri.startswith(ID_BASE) else iri
