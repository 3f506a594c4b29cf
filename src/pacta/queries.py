"""The catalogue of questions: queries/TOPIC/NAME.rq, each runnable bare, with parameters that are bound as RDF terms.

    run(store, "readings/readings-of-clause", {"number": "4"})

A parameter is a line `VALUES ?x { UNDEF }` inside WHERE, declared in the `#+` header; where a part of the query is fast
only when it knows the value too, the line stands there again. A value takes the place of UNDEF as a serialised term, so
that whatever a user types stays one term; without a value the line stays and means "all".
Lines that end in `# bare` bound the answer to the bare question (to the newest documents, mostly) and go where any
parameter has a value. An inner `LIMIT 1000000` is no such bound: the embedded engine takes an inner LIMIT for the size
of that part and begins with the smallest part, where `?a predicate ?b` counts a million. In a store with more than a
million attributions it may leave rows out, and `may_be_cut` says so. What else bounds an answer ends in `# newest`, and
the description tells it. The text in the file is SPARQL as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from pacta.errors import BadParameter, KnowledgeError, UnknownParameter, UnknownQuery
from pacta.headers import HeaderError, Value, mappings_of, parse_header, text_of, texts_of
from pacta.nesting import refuse_deep
from pacta.resources import files, path
from pacta.store import Queryable, Results
from pacta.vocabulary import ID_BASE, PREFIXES, QUERY, RDFS, XSD

Given = str | int | date | Sequence[str] | None

INNER_LIMIT = 1_000_000  # rows of one part of a question, where a LIMIT tells the embedded engine what to begin with

_LABELS_AT_ONCE = 500  # IRIs in one query: bounds its length
_NAME = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHORT = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?!//)(.*)", re.DOTALL)
_BARE = re.compile(r"(?m)^.*[ ]# bare\n")
_ITEM_KEYS = {"name", "type", "description", "default", "choices"}
_KEYS = {"summary", "description", "question", "tags", "parameters"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A hole in a query. `type` is one of TYPES; `choices` names the query whose first column holds the values."""

    name: str
    type: str
    description: str = ""
    default: str | None = None
    choices: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `name` is TOPIC/NAME, `title` the question in words, `number` its place among the competency
    questions where it has one, `text` the SPARQL as it stands in the file.
    """

    name: str
    iri: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    tags: tuple[str, ...] = ()
    number: int | None = None
    path: Path | None = None

    @property
    def topic(self) -> str:
        return self.name.partition("/")[0]

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name, or raise UnknownParameter with the ones there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        raise UnknownParameter(f"the query has no parameter {name!r}", self.name, _instead(name, names, "it has none"))

    def bind(self, values: Mapping[str, Given] | None = None) -> str:
        """Return the SPARQL with each given value in its place; several values of one parameter mean any of them."""
        given = dict(values or {})
        for name in given:
            self.parameter(name)
        found = {p: _terms(p, given.get(p.name, p.default), self.name) for p in self.parameters}
        text = _BARE.sub("", self.text) if any(found.values()) else self.text
        for parameter, terms in found.items():
            if terms:
                text = " ".join(terms).join(_hole(parameter.name).split(text))
        return text


def catalogue() -> dict[str, Query]:
    """Return all questions by name, sorted; a faulty file raises KnowledgeError with its place."""
    return dict(_read(path("queries"), files("queries", "*/*.rq")))


def get(name: str) -> Query:
    """Return one question by its name, or by the last part of it where that is enough."""
    known = catalogue()
    if name in known:
        return known[name]
    tails = [query for query in known.values() if query.name.partition("/")[2] == name]
    if len(tails) == 1:
        return tails[0]
    if tails:
        raise UnknownQuery(f"several queries are named {name!r}", remedy=f"take {' or '.join(q.name for q in tails)}")
    near = get_close_matches(name, [*known, *(full.partition("/")[2] for full in known)], n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UnknownQuery(f"there is no query {name!r}", remedy=f"{hint}List them all with pacta query")


def from_text(text: str, name: str = "query") -> Query:
    """Return any SPARQL text as a Query, with the parameters that its header declares, if it has one."""
    return _query(text, name, iri="", where=name, strict=False)


def run(store: Queryable, name: str, values: Mapping[str, Given] | None = None) -> Results:
    """Ask a question of the catalogue with the given values."""
    return store.query(get(name).bind(values))


def may_be_cut(store: Queryable, text: str) -> bool:
    """Tell whether an inner LIMIT of a query may leave rows out: the store holds more attributions than it lets pass.

    With fewer of them no part of a question comes near it, since hardly two of its rows tell of one attribution. This
    takes a third of a second for a million.
    """
    if not re.search(rf"\bLIMIT {INNER_LIMIT}\b", text):
        return False
    more = f"SELECT ?a WHERE {{ ?a <{PREFIXES['pacta']}attributes> ?s }} LIMIT 1 OFFSET {INNER_LIMIT}"
    return bool(store.query(more).rows)


# --- values → terms ---------------------------------------------------------------------------------------------------
def labels_in(store: Queryable, results: Results) -> dict[str, str]:
    """Return the English label of each resource among the rows of an answer that has one in `store`."""
    named = sorted({term.value for row in results.rows for term in row if isinstance(term, NamedNode)})
    labels: dict[str, str] = {}
    for at in range(0, len(named), _LABELS_AT_ONCE):
        values = " ".join(str(NamedNode(iri)) for iri in named[at : at + _LABELS_AT_ONCE])
        found = store.query(
            f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {values} }} ?thing <{RDFS}label> ?label . "
            'FILTER(LANG(?label) = "en") } ORDER BY ?thing DESC(?label)'
        )
        labels |= {str(thing.value): str(label.value) for thing, label in found.rows if thing and label}  # type: ignore[union-attr]
    return labels


def _iri(value: str) -> str:
    short = _SHORT.fullmatch(value)
    if short and short[1] in (*PREFIXES, "id"):
        value = {**PREFIXES, "id": ID_BASE}[short[1]] + short[2]
    if not value.isprintable() or any(character in '<>"{}|^`\\ ' for character in value):
        raise ValueError(value)
    return str(NamedNode(value))


def _day(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(value)
    return str(Literal(date.fromisoformat(value).isoformat(), datatype=NamedNode(XSD + "date")))


def _moment(value: str) -> str:
    whole = f"{value}T00:00:00+00:00" if _DATE.fullmatch(value) else value
    moment = datetime.fromisoformat(whole)
    if moment.tzinfo is None or "T" not in whole:
        raise ValueError(value)
    return str(Literal(moment.isoformat().replace("+00:00", "Z"), datatype=NamedNode(XSD + "dateTime")))


def _integer(value: str) -> str:
    if not _INTEGER.fullmatch(value):
        raise ValueError(value)
    return str(Literal(str(int(value)), datatype=NamedNode(XSD + "integer")))


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(value)
    return str(Literal(value.lower()))


def _string(value: str) -> str:
    value.encode("utf-8")  # a lone surrogate is no text
    return str(Literal(value))


TYPES = {
    "iri": (_iri, "write a whole IRI, or one of id: and the known prefixes, as in id:actor/osce"),
    "string": (_string, "write plain text"),
    "date": (_day, "write it as 2021-08-13"),
    "dateTime": (_moment, "write it as 2021-08-13T10:00:00+04:00, or as 2021-08-13 for midnight in UTC"),
    "integer": (_integer, "write a whole number"),
    "language": (_language, "write a language tag as en, hy or az-Latn"),
}


def _terms(parameter: Parameter, given: Given, where: str) -> tuple[str, ...]:
    if given is None:
        return ()
    values = (given,) if isinstance(given, str | int | date) else tuple(given)
    write, remedy = TYPES[parameter.type]
    terms = []
    for value in values:
        text = value.isoformat() if isinstance(value, date) else str(value)
        try:
            terms.append(write(text))
        except (ValueError, OverflowError) as error:
            shown = text if len(text) <= 80 else f"{text[:80]}…"
            what = f"{shown!r} does not fit the parameter {parameter.name!r} ({parameter.type})"
            raise BadParameter(what, where, remedy) from error
    return tuple(terms)


# --- files → queries --------------------------------------------------------------------------------------------------
@lru_cache(maxsize=8)
def _read(folder: Path, paths: tuple[Path, ...]) -> tuple[tuple[str, Query], ...]:
    found = []
    for file in paths:
        name = file.relative_to(folder).with_suffix("").as_posix()
        if not _NAME.fullmatch(name):
            raise KnowledgeError("a query's file is named TOPIC/NAME.rq in small letters", str(file), "rename the file")
        query = _query(
            file.read_text(encoding="utf-8"), name, iri=QUERY + name, where=str(file), strict=True, file=file
        )
        found.append((name, query))
    names = {name for name, _ in found}
    for name, query in found:
        for parameter in query.parameters:
            if parameter.choices and parameter.choices not in names:
                what = f"the choices of {parameter.name!r} come from {parameter.choices}, which is no query"
                raise KnowledgeError(what, name, "name a query of the catalogue")
    return tuple(found)


def _query(text: str, name: str, *, iri: str, where: str, strict: bool, file: Path | None = None) -> Query:
    refuse_deep(text.encode(errors="replace"), "sparql", where)
    try:
        header = parse_header(text)
    except HeaderError as error:
        raise KnowledgeError(f"the header is faulty: {error}", f"{where}:{error.line}") from error
    _check_keys(header, where)
    parameters = tuple(_parameter(item, where) for item in mappings_of(header, "parameters"))
    title, description, number = (text_of(header, key) for key in ("summary", "description", "question"))
    if strict and not (title and description and texts_of(header, "tags")):
        raise KnowledgeError("a query has a summary, a description and tags", where, "write them into its #+ header")
    if number and not number.isdecimal():
        raise KnowledgeError(f"{number!r} is no question number", where, "write it in digits")
    for parameter in parameters:
        if not _hole(parameter.name).search(text):
            what = f"the parameter {parameter.name!r} has no place in the query"
            raise KnowledgeError(what, where, f"write VALUES ?{parameter.name} {{ UNDEF }} on a line inside WHERE")
    doubled = {p.name for p in parameters if [q.name for q in parameters].count(p.name) > 1}
    if doubled:
        raise KnowledgeError(f"the parameter {min(doubled)!r} is declared twice", where, "take one of them away")
    tags = texts_of(header, "tags")
    return Query(name, iri, title, description, text, parameters, tags, int(number) if number else None, file)


def _parameter(item: dict[str, str], where: str) -> Parameter:
    if strange := set(item) - _ITEM_KEYS:
        raise KnowledgeError(
            f"a parameter has no {min(strange)!r}", where, f"take one of {', '.join(sorted(_ITEM_KEYS))}"
        )
    name, kind = item.get("name", ""), item.get("type", "")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
        raise KnowledgeError(
            f"{name!r} is no name for a parameter", where, "take letters and digits, as for a variable"
        )
    if kind not in TYPES:
        raise KnowledgeError(f"the parameter {name!r} is of no known type: {kind!r}", where, f"take {', '.join(TYPES)}")
    parameter = Parameter(name, kind, item.get("description", ""), item.get("default"), item.get("choices"))
    _terms(parameter, parameter.default, where)
    return parameter


def _check_keys(header: dict[str, Value], where: str) -> None:
    if strange := set(header) - _KEYS:
        raise KnowledgeError(f"the header has no {min(strange)!r}", where, f"take one of {', '.join(sorted(_KEYS))}")


def _hole(name: str) -> re.Pattern[str]:
    """Return a pattern for each UNDEF of a parameter, alone on its line between VALUES ?name { and }."""
    return re.compile(rf"(?m)(?<=VALUES \?{name} \{{ )UNDEF(?= \}}$)")


def _instead(name: str, names: list[str], none: str) -> str:
    if not names:
        return none
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{hint}It has {', '.join(names)}"
