"""A remote store: any SPARQL 1.1 endpoint, asked by POST through SPARQLWrapper.

Endpoints differ in what a query's default graph holds. Ours is the union of all graphs, so the first query finds out
which request gives that here (see UNIONS), with one triple of a named graph as the witness.
"""

from __future__ import annotations

import io
import json
import logging
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from pacta.errors import QuerySyntaxError_, StoreError, TooLarge
from pacta.formats import by_suffix
from pacta.nesting import refuse_deep
from pacta.store.embedded import syntax_error
from pacta.store.results import Results

TIMEOUT = 60  # seconds
LISTED_GRAPHS = 500  # more named graphs than this are not named one by one in a request

_log = logging.getLogger(__name__)

Parameters = tuple[tuple[str, str], ...]

_ASKED = "__ASK_RETVAL"  # the one column of the one row in which Virtuoso 7 answers an ASK
_UNASKED = re.compile(r"^\s*VALUES \?\w+ \{ UNDEF \}$\n?", re.MULTILINE)  # says nothing, and Virtuoso loses rows by it
_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
_FORMS = ("SELECT", "ASK", *_GRAPH_FORMS)
_WITNESS = """SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } FILTER(ISIRI(?s) && !ISBLANK(?o)) } LIMIT 1"""
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT "


@dataclass(frozen=True, slots=True)
class Union:
    """One way to ask an endpoint for the union of its graphs: a name, and the request parameters it takes."""

    name: str
    parameters: Callable[[RemoteStore], Parameters | None]


def _listed(store: RemoteStore) -> Parameters | None:
    """Name every graph, as the standard protocol allows everywhere; None where there are too many."""
    names = store.ask_plainly(f"{_GRAPHS}{LISTED_GRAPHS + 1}", ()).column("g")
    if len(names) > LISTED_GRAPHS:
        return None
    return tuple(("default-graph-uri", name.value) for name in names if isinstance(name, NamedNode))


UNIONS: tuple[Union, ...] = (
    Union("the default graph is the union already", lambda _: ()),  # GraphDB, Virtuoso, Neptune, QLever, RDF4J
    Union("union-default-graph", lambda _: (("union-default-graph", ""),)),  # Oxigraph
    Union("the union graph of Jena", lambda _: (("default-graph-uri", "urn:x-arq:UnionGraph"),)),  # Fuseki
    Union("each graph by name", _listed),
)


class RemoteStore:
    """A SPARQL endpoint. `timeout` is in seconds for one request; `headers` go along with each (authorisation)."""

    def __init__(self, endpoint: str, *, timeout: int = TIMEOUT, headers: Mapping[str, str] | None = None) -> None:
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise StoreError(
                "an endpoint is an http or https address", endpoint, "give the address of its query service"
            )
        self.endpoint = endpoint
        self.timeout = timeout
        self.headers = dict(headers or {})
        self._union: Parameters | None = None

    def __enter__(self) -> RemoteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, text: str) -> Results:
        """Run one SPARQL query over the union of all graphs of the endpoint."""
        if self._union is None:
            self._union = self._find_union()
        return self.ask_plainly(_UNASKED.sub("", text), self._union)

    def close(self) -> None:
        """Do nothing: each request is its own connection."""

    def ask_plainly(self, text: str, parameters: Parameters) -> Results:
        """Send one query with the given request parameters, without asking for the union."""
        wrapper = SPARQLWrapper(self.endpoint)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self.timeout)
        for name, value in self.headers.items():
            wrapper.addCustomHttpHeader(name, value)
        for name, value in parameters:
            wrapper.addParameter(name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of a form it does not know: told below
            wrapper.setQuery(text)
            form = wrapper._parseQueryType(text)
        if form not in _FORMS:
            raise QuerySyntaxError_(f"{form} is no query", remedy=f"an endpoint answers {', '.join(_FORMS)}")
        wrapper.setReturnFormat(TURTLE if form in _GRAPH_FORMS else JSON)
        return self._answer(wrapper)

    def _answer(self, wrapper: Any) -> Results:
        try:
            with wrapper.query().response as response:
                media_type = response.headers.get_content_type()
                body = response.read()
                if cut := response.headers.get("X-Truncated"):
                    _log.warning("%s cut its answer short (%s): ask for less at once", self.endpoint, cut)
        except QueryBadFormed as error:
            raise _refused(error, self.endpoint) from error
        except HTTPError as error:
            with error:
                what, remedy = _told(error.read(100_000))
                what = f"the endpoint answered {error.code} {error.reason}{what and f': {what}'}"
                raise StoreError(what, self.endpoint, remedy) from error
        except SPARQLWrapperException as error:
            raise StoreError(f"the endpoint failed: {error.msg}", self.endpoint, "check its address and log") from error
        except TimeoutError as error:
            raise self._too_slow() from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._too_slow() from error
            raise self._unreachable(error.reason) from error
        except (OSError, HTTPException) as error:
            raise self._unreachable(error) from error
        return self._parsed(body, media_type)

    def _parsed(self, body: bytes, media_type: str) -> Results:
        try:
            if kind := QueryResultsFormat.from_media_type(media_type):
                self._refuse_deep(body, kind.file_extension)
                answer = ox.parse_query_results(io.BytesIO(body), kind)
                if isinstance(answer, ox.QueryBoolean):
                    return Results(boolean=bool(answer))
                variables = tuple(variable.value for variable in answer.variables)
                rows = tuple(tuple(row) for row in answer)
                if variables == (_ASKED,):
                    return Results(boolean=any(row[0] == Literal(1) for row in rows))
                return Results(variables, rows)
            if graph := RdfFormat.from_media_type(media_type):
                self._refuse_deep(body, graph.file_extension)
                triples = (quad.triple for quad in ox.parse(io.BytesIO(body), graph))
                return Results(triples=tuple(dict.fromkeys(triples)))
        except (SyntaxError, ValueError) as error:
            remedy = "ask for less: an endpoint that runs out of time may break off in the middle"
            raise StoreError(f"the endpoint's answer is broken: {error}", self.endpoint, remedy) from error
        remedy = "check that this is the address of a SPARQL query service"
        raise StoreError(f"the endpoint answered with {media_type}", self.endpoint, remedy)

    def _refuse_deep(self, body: bytes, suffix: str) -> None:
        """Raise StoreError where an answer nests so deep that its parser would end the process."""
        form = by_suffix(f"answer.{suffix}")
        try:
            refuse_deep(body, form.name if form is not None else "turtle", "its answer")
        except TooLarge as error:
            remedy = "ask for less of what nests there, or another endpoint"
            raise StoreError(f"the endpoint's answer is not read: {error.what}", self.endpoint, remedy) from error

    def _find_union(self) -> Parameters:
        witness = self.ask_plainly(_WITNESS, ())
        if not witness.rows:
            return ()
        subject, predicate, value = witness.rows[0]
        if not isinstance(value, NamedNode | Literal):
            return ()
        for union in UNIONS:
            parameters = union.parameters(self)
            if parameters is not None and self._shows(f"ASK {{ {subject} {predicate} {value} }}", parameters):
                return parameters
        remedy = "let its default graph be the union of all graphs, or serve the store with pacta serve"
        raise StoreError("the endpoint shows no union of its graphs", self.endpoint, remedy)

    def _shows(self, question: str, parameters: Parameters) -> bool:
        try:
            return self.ask_plainly(question, parameters).boolean is True
        except (StoreError, QuerySyntaxError_):
            if not parameters:
                raise
            return False  # it refuses a parameter it does not know

    def _too_slow(self) -> StoreError:
        return StoreError(f"no answer within {self.timeout} seconds", self.endpoint, "ask for less, or wait longer")

    def _unreachable(self, reason: object) -> StoreError:
        return StoreError(
            f"the endpoint cannot be reached: {reason}", self.endpoint, "check its address, and that it runs"
        )


def _told(body: bytes) -> tuple[str, str]:
    """Return what is wrong and what to do, out of the body of a fault where it is problem details (RFC 9457)."""
    remedy = "check its address and whether it lets you ask"
    try:
        told = json.loads(body)
        return str(told["detail"]), str(told.get("remedy") or remedy)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "", remedy


def _refused(error: QueryBadFormed, endpoint: str) -> QuerySyntaxError_:
    """Return what the endpoint says about a query that it did not understand."""
    body = error.args[0].rpartition("Response:")[2] if error.args and isinstance(error.args[0], str) else ""
    message = body.strip().removeprefix("b").strip("'\"\n ")
    found = syntax_error(message or "the endpoint did not understand it")
    return QuerySyntaxError_(found.what, found.where or endpoint, found.remedy)
