"""Time of every question of the catalogue on a store, bare and with its parameters given, beside other engines.

    python benchmarks/queries.py STORE                               # the embedded store alone
    python benchmarks/queries.py STORE --server                      # and the `oxigraph` server on the same data
    python benchmarks/queries.py STORE --rdflib                      # and rdflib in memory (small stores), and oxrdflib
    python benchmarks/queries.py STORE --only disputes --limit 10    # some questions, ten seconds each

Values for the parameters come from the middle row of the bare answer, the busiest choice where no column has the name,
and a month around it for days. Each time is the best of three; that of the embedded
store is processor time, which other work on the machine disturbs less. Every engine gets the same text; rows that
differ from the embedded store's are counted in the last column, which should hold nothing but zeros.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from queue import Empty
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store
from pyoxigraph import parse_query_results as read_results

from pacta import queries
from pacta.store import open_store
from pacta.store.results import Results

ROUNDS = 3


def given(query: queries.Query, bare: Results, choices: Callable[[str], list[str]]) -> dict[str, str]:
    """Return a value for each parameter, such that an answer is likely."""
    values: dict[str, str] = {}
    row = dict(zip(bare.variables, bare.rows[len(bare.rows) // 2], strict=True)) if bare.rows else {}
    day = next((t.value[:10] for t in row.values() if isinstance(t, Literal) and t.value[:2] in ("19", "20")), None)
    middle = date.fromisoformat(day) if day and len(day) == 10 else date(2020, 1, 15)
    for parameter in query.parameters:
        term = row.get(parameter.name)
        if isinstance(term, NamedNode | Literal):
            values[parameter.name] = term.value
        elif parameter.type in ("date", "dateTime"):
            shift = {"from": -15, "to": 15, "before": 0, "on": 0}.get(parameter.name, 0)
            values[parameter.name] = (middle + timedelta(days=shift)).isoformat()
        elif parameter.type == "integer":
            values[parameter.name] = "1"
        elif parameter.choices and (found := choices(parameter.choices)):
            values[parameter.name] = found[0]
    return values


def timed(
    run: Callable[[], Any], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, Any]:
    """Return the best of some rounds, in seconds, and the last answer; one round where the first takes a second."""
    best = float("inf")
    for _ in range(rounds):
        began = clock()
        answer = run()
        best = min(best, clock() - began)
        if best > 1:
            break
    return best, answer


def _ask(folder: str, inbox: Any, outbox: Any) -> None:
    store = open_store(Path(folder), read_only=True)
    while True:
        text = inbox.get()
        seconds, results = timed(lambda text=text: store.query(text), clock=time.process_time)
        outbox.put((seconds, results.variables, tuple(tuple(map(_plain, row)) for row in results.rows)))


def _plain(term: Any) -> Any:
    return None if term is None else str(term)


class Embedded:
    """The embedded store in a process of its own, which is killed where a question outlasts the limit."""

    def __init__(self, folder: Path, limit: float) -> None:
        self.folder, self.limit = folder, limit
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.inbox, self.outbox = context.Queue(), context.Queue()
        self.process = context.Process(target=_ask, args=(str(self.folder), self.inbox, self.outbox), daemon=True)
        self.process.start()

    def __call__(self, text: str) -> tuple[float, tuple[str, ...], tuple[tuple[str | None, ...], ...]] | None:
        self.inbox.put(text)
        try:
            return self.outbox.get(timeout=self.limit * ROUNDS + 10)
        except Empty:
            self.process.kill()
            self._start()
            return None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run the `oxigraph` server on a copy of the store and yield the address of its endpoint."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        sys.exit("there is no program oxigraph: pip install oxigraph")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        Store(str(folder)).backup(f"{scratch}/copy")
        address = f"127.0.0.1:{port}"
        command = [program, "serve", "--union-default-graph", "--location", f"{scratch}/copy", "--bind", address]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://{address}/query"
        finally:
            process.terminate()
            process.wait()


def over_http(address: str, text: str, limit: float) -> Counter[tuple[str | None, ...]] | None:
    from urllib.request import Request, urlopen

    request = Request(
        address,
        text.encode(),
        {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
    )
    try:
        with urlopen(request, timeout=limit) as reply:
            solutions = read_results(reply.read(), QueryResultsFormat.JSON)
            return Counter(tuple(_plain(term) for term in row) for row in solutions)
    except TimeoutError:
        return None


def rdflib_engines(folder: Path) -> dict[str, Callable[[str], Counter[tuple[str | None, ...]]]]:
    """Return rdflib in memory and oxrdflib over the same quads, each as a function from query to rows."""
    import rdflib

    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "all.nt"
        with open_store(folder, read_only=True) as store, file.open("wb") as out:
            seen = {(q.subject, q.predicate, q.object) for q in store.quads()}
            out.writelines(f"{s} {p} {o} .\n".encode() for s, p, o in seen)
        graphs = {"rdflib": rdflib.Graph().parse(file, format="nt")}
        try:
            graphs["oxrdflib"] = rdflib.Graph("Oxigraph").parse(file, format="nt")
        except rdflib.plugin.PluginException:
            print("without oxrdflib: pip install oxrdflib", file=sys.stderr)

    def rows(graph: rdflib.Graph, text: str) -> Counter[tuple[str | None, ...]]:
        return Counter(tuple(None if t is None else t.n3() for t in row) for row in graph.query(text))

    return {name: lambda text, graph=graph: rows(graph, text) for name, graph in graphs.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--server", action="store_true", help="the oxigraph server beside it")
    parser.add_argument("--rdflib", action="store_true", help="rdflib and oxrdflib beside it")
    parser.add_argument("--only", default="", metavar="WORDS", help="questions whose name holds this")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="for one question (60)")
    options = parser.parse_args()
    embedded = Embedded(options.store, options.limit)
    others = rdflib_engines(options.store) if options.rdflib else {}
    names = ["embedded", *(["server"] if options.server else []), *others]
    print(
        "| question | parameters | rows |",
        " | ".join(f"{n}, {'CPU ' * (n == 'embedded')}ms" for n in names),
        "| other rows |",
    )
    print("|---|---|---:|" + "---:|" * (len(names) + 1))
    if options.server:
        with server(options.store) as address:
            _table(options, embedded, others, address)
    else:
        _table(options, embedded, others, None)


def _table(options: argparse.Namespace, embedded: Embedded, others: dict[str, Any], address: str | None) -> None:
    def choices(name: str) -> list[str]:
        answer = embedded(queries.get(name).bind())
        return [] if answer is None else [_value(row[0]) for row in answer[2] if row[0] is not None]

    for name, query in queries.catalogue().items():
        if options.only not in name:
            continue
        bare = embedded(query.bind())
        _line(options, embedded, others, address, name, "none", query.bind(), bare)
        if query.parameters:
            rows = () if bare is None else bare[2]
            terms = tuple(tuple(_term(t) for t in row) for row in rows[len(rows) // 2 : len(rows) // 2 + 1])
            values = given(query, Results(() if bare is None else bare[1], terms), choices)
            text = query.bind(values)
            _line(options, embedded, others, address, name, ", ".join(values), text, embedded(text))


def _value(text: str | None) -> str:
    term = _term(text)
    return term.value if term is not None else ""


def _term(text: str | None) -> NamedNode | Literal | None:
    if text is None:
        return None
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    return Literal(text[1:].rpartition('"')[0])


def _line(
    options: argparse.Namespace,
    embedded: Embedded,
    others: dict[str, Any],
    address: str | None,
    name: str,
    parameters: str,
    text: str,
    answer: Any,
) -> None:
    cells, different = [], 0
    rows = None if answer is None else len(answer[2])
    cells.append(f"> {options.limit:g} s" if answer is None else f"{answer[0] * 1000:.1f}")
    runs: list[Callable[[], Any]] = []
    if address is not None:
        runs.append(lambda: over_http(address, text, options.limit))
    runs.extend((lambda run=run: run(text)) for run in others.values())
    for run in runs:
        seconds, found = timed(run, 2)
        cells.append(f"> {options.limit:g} s" if found is None else f"{seconds * 1000:.1f}")
        if found is not None and answer is not None:
            different += sum(found.values()) != len(answer[2])
    print(f"| {name} | {parameters} | {'' if rows is None else rows} | {' | '.join(cells)} | {different} |", flush=True)


if __name__ == "__main__":
    main()
