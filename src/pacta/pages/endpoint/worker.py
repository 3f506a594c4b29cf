"""One worker process: answers queries on one snapshot, read from standard input, one after the other.

    python -m pacta.pages.endpoint.worker

Standard input has first a Start, then Jobs; standard output a Ready, then for each job a Meta and `size` bytes of body.
Each is one line of JSON. The process trusts nobody: it is capped in memory, has no sockets, and is killed by its parent
when a job takes too long. What it says about a fault is for the client to read: no path, no stack.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from pacta.errors import UsageError_
from pacta.exports import graph_to, results_to
from pacta.pages.endpoint import guard, sandbox
from pacta.pages.endpoint.marks import marked
from pacta.store import Results
from pacta.store.embedded import syntax_error

T = TypeVar("T", bound=Iterable[Any])
Body = tuple[dict[str, Any], bytes]

_CELL = 40  # bytes that a term takes beside its text, in any format, about


class Fault(Exception):
    """A job that was not done: `kind` tells the server what to answer."""

    def __init__(self, kind: str, what: str, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.told = {"fault": kind, "what": what, "where": where, "remedy": remedy}


def main() -> None:
    """Serve until standard input ends."""
    given, taken = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    start = json.loads(given.readline())
    store = Store.read_only(start["path"])
    missing = sandbox.lock_up(memory=start["memory"])
    gc.freeze()
    _send(taken, {"ready": True, "missing": list(missing)})
    while line := given.readline():
        _send(taken, *_answer(store, json.loads(line)))


def _send(to: BinaryIO, meta: dict[str, Any], body: bytes = b"") -> None:
    to.write(json.dumps({**meta, "size": len(body)}).encode() + b"\n")
    to.write(body)
    to.flush()


def _answer(store: Store, job: dict[str, Any]) -> Body:
    try:
        return _graph(store, job) if "graph" in job else _query(store, job)
    except Fault as fault:
        return fault.told, b""
    except guard.Refused as refused:
        return {"fault": refused.kind, "what": refused.what, "remedy": refused.remedy}, b""
    except UsageError_ as error:  # a format that cannot hold this answer
        return {"fault": "format", "what": error.what, "remedy": error.remedy}, b""
    except MemoryError:
        return {"fault": "memory", "what": "the answer needs more memory than a query may take"}, b""
    except PermissionError:
        return {"fault": "service", "what": "a query cannot reach other servers from here"}, b""
    except (OSError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return {"fault": "engine", "what": "the engine could not run this query"}, b""
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return {"fault": "engine", "what": "the engine could not run this query"}, b""


# --- queries ----------------------------------------------------------------------------------------------------------
def _query(store: Store, job: dict[str, Any]) -> Body:
    """Run a query. `formats` has the format for each kind of answer, null for a kind that the client does not take."""
    query = guard.checked(job["query"])
    default, named = ([NamedNode(iri) for iri in job[name]] for name in ("default", "named"))
    options: dict[str, Any] = {"base_iri": job["base"]}
    if default or named:
        options |= {"default_graph": default, "named_graphs": named}
    elif not query.names_dataset:
        options |= {"use_default_graph_as_union": True}
    try:
        found = store.query(query.text, **options)
        if isinstance(found, QueryBoolean):
            return _written(job, "boolean", Results(boolean=bool(found)), None)
        if isinstance(found, QuerySolutions):
            names, places = _columns(found, query.variables)
            rows, cut = _some((tuple(row[place] for place in places) for row in found), job)
            return _cut(job, cut, rows, lambda part, more: _written(job, "rows", Results(names, part), more))
        triples, cut = _some(iter(found), job)
        return _cut(job, cut, triples, lambda part, more: _written(job, "graph", Results(triples=part), more))
    except SyntaxError as error:
        told = syntax_error(str(error))
        raise Fault("syntax", told.what, told.where, told.remedy) from None


def _columns(found: QuerySolutions, wanted: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the names of the columns, as far as they are `wanted` in that order, and their places in a row."""
    names = [variable.value for variable in found.variables]
    order = {name: place for place, name in enumerate(wanted)}
    places = sorted(range(len(names)), key=lambda place: order.get(names[place], len(order)))
    return tuple(names[place] for place in places), tuple(places)


def _written(job: dict[str, Any], kind: str, results: Results, cut: str | None) -> Body:
    format_name = job["formats"][kind]
    if format_name is None:
        raise Fault("unacceptable", kind)
    writer = "sparql-json" if format_name == "json" else format_name
    if kind == "graph":
        body = graph_to(results.quads(), writer, include_text=True, base=job["data"])
    else:
        body = results_to(results, writer)
    return _finished(job, body, writer, {"kind": kind, "format": format_name, "count": len(results), "cut": cut})


def _finished(job: dict[str, Any], body: bytes, writer: str, meta: dict[str, Any]) -> Body:
    if meta["cut"]:
        meta["next"] = job["next"].replace("{offset}", str(job["offset"] + meta["count"]))
        body = marked(body, writer, meta["count"], meta["next"])
    return meta, body


# --- graphs -----------------------------------------------------------------------------------------------------------
def _graph(store: Store, job: dict[str, Any]) -> Body:
    """Return one named graph, or (null) the union of all without the full texts."""
    name = None if job["graph"] is None else NamedNode(job["graph"])
    quads = store.quads_for_pattern(None, None, None, name)
    if name is not None and not store.contains_named_graph(name):
        raise Fault("missing", "there is no graph of that name")
    found, cut = _some(quads, job)
    format_name = job["formats"]["graph"]
    if format_name is None:
        raise Fault("unacceptable", "graph")

    def write(part: tuple[Quad, ...], more: str | None) -> Body:
        plain = (Quad(quad.subject, quad.predicate, quad.object) for quad in part)
        body = graph_to(plain, format_name, include_text=name is not None, base=job["data"])
        meta = {"kind": "graph", "format": format_name, "count": len(part), "cut": more}
        return _finished(job, body, format_name, meta)

    return _cut(job, cut, found, write)


# --- caps -------------------------------------------------------------------------------------------------------------
def _some(rows: Iterator[T], job: dict[str, Any]) -> tuple[tuple[T, ...], str | None]:
    """Return the rows from the offset on until a cap is met, and which one: rows, bytes, or None for the whole rest."""
    kept: list[T] = []
    size = 0
    for row in islice(rows, job["offset"], None):
        if len(kept) >= job["max_rows"]:
            return tuple(kept), "rows"
        size += sum(_CELL + len(str(term)) for term in row)
        if size > 2 * job["max_bytes"]:
            return tuple(kept), "bytes"
        kept.append(row)
    return tuple(kept), None


def _cut(
    job: dict[str, Any], cut: str | None, rows: tuple[T, ...], write: Callable[[tuple[T, ...], str | None], Body]
) -> Body:
    """Write rows, fewer of them where the bytes would be too many."""
    while True:
        meta, body = write(rows, cut)
        if len(body) <= job["max_bytes"]:
            return meta, body
        if len(rows) <= 1:
            raise Fault("bytes", "one row of this answer is larger than an answer may be", None, "ask for less of it")
        cut, rows = "bytes", rows[: max(1, int(len(rows) * 0.9 * job["max_bytes"] / len(body)))]


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(3)
