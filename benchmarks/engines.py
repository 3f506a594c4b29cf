"""Every question on four engines, with the same text: rows compared, times beside each other.

    python benchmarks/engines.py build/1000                         # rdflib in memory, oxrdflib, the oxigraph server
    python benchmarks/engines.py build/1000 --only disputes --limit 10
    python benchmarks/engines.py build/1000 --without rdflib

Each question is asked bare and with all parameters given (busy values). Rows are compared as multisets of terms:
numbers, moments and what a `BIND` computes by value, all else to the letter. A question that outlasts the limit on an
engine is stopped, and `over N s` stands in its place. Times are by the clock, for a server has its own processor time.
Below the table stand, for each engine, its time over that of the embedded store (the middle of the ratios of what it
answered) and the memory it took at most (the embedded store: at the end).
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from asking import Values, Worker, embedded, plain
from pyoxigraph import QueryResultsFormat
from pyoxigraph import parse_query_results as read_results

from pacta import queries
from pacta.store import open_store

READING = 900  # seconds that an engine may take to read the triples
Timed = tuple[float, Counter[tuple[str | None, ...]]]


def _rdflib(file: str, backend: str, inbox: Any, outbox: Any) -> None:
    """Answer queries with rdflib over the triples of a file, in its own memory or in that of oxrdflib."""
    import rdflib

    graph = rdflib.Graph() if backend == "rdflib" else rdflib.Graph("Oxigraph")
    graph.parse(file, format="nt")
    while True:
        text = inbox.get()
        began = time.perf_counter()
        rows = Counter(tuple(None if t is None else _same(t.n3()) for t in row) for row in graph.query(text))  # type: ignore[union-attr]
        outbox.put((time.perf_counter() - began, rows))


def _same(term: str | None) -> str | None:
    """Write a plain string without its datatype, and a moment in UTC with Z: engines differ in that alone."""
    if term is None:
        return None
    return term.removesuffix("^^<http://www.w3.org/2001/XMLSchema#string>").replace('+00:00"', 'Z"')


@dataclass(frozen=True)
class Engine:
    """`ask` returns time by the clock and rows, or None past the limit; `process` is the id of its process."""

    ask: Callable[[str], Timed | None]
    process: Callable[[], int | None]

    def peak(self) -> float:
        """Return the most memory that the process had, in MB (0 where the system does not tell)."""
        with suppress(OSError):
            for line in Path(f"/proc/{self.process()}/status").read_text(encoding="ascii").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        return 0.0


def in_memory(file: Path, backend: str, limit: float) -> Engine:
    """Return rdflib or oxrdflib over the triples of a file; reading them does not count as time."""
    worker = Worker(_rdflib, str(file), backend, limit=limit)

    def read() -> None:
        worker.limit = READING
        if worker("SELECT ?x WHERE { BIND(1 AS ?x) }") is None:
            sys.exit(f"{backend} did not read the triples within {READING} s")
        worker.limit = limit

    def ask(text: str) -> Timed | None:
        found: Timed | None = worker(text)
        if found is None:  # stopped, and started anew
            read()
        return found

    read()
    return Engine(ask, lambda: worker.process.pid)


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """Run the `oxigraph` server on a copy of the store and yield the address of its endpoint and its process."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        sys.exit("there is no program oxigraph: pip install oxigraph")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        with open_store(folder) as store:
            store.backup(Path(scratch) / "copy")
        address = f"127.0.0.1:{port}"
        command = [program, "serve", "--union-default-graph", "--location", f"{scratch}/copy", "--bind", address]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://{address}/query", process.pid
        finally:
            process.terminate()
            process.wait()


def over_http(address: str, text: str, limit: float) -> Timed | None:
    from urllib.request import Request, urlopen

    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    began = time.perf_counter()
    try:
        with urlopen(Request(address, text.encode(), headers), timeout=limit) as reply:
            solutions = read_results(reply.read(), QueryResultsFormat.JSON)
            rows = Counter(tuple(_same(plain(term)) for term in row) for row in solutions)  # type: ignore[union-attr]
    except TimeoutError:
        return None
    return time.perf_counter() - began, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--only", default="", metavar="WORDS", help="questions whose name holds this")
    parser.add_argument("--limit", type=float, default=10, metavar="SECONDS", help="for one question (10)")
    parser.add_argument("--without", action="append", default=[], choices=("rdflib", "oxrdflib"), help="not this one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.store.parent) as scratch:
        file = Path(scratch) / "all.nt"
        with open_store(options.store, read_only=True) as store, file.open("wb") as out:
            triples = {(q.subject, q.predicate, q.object) for q in store.quads()}
            out.writelines(f"{s} {p} {o} .\n".encode() for s, p, o in triples)
        with server(options.store) as (address, process):
            own = embedded(options.store, options.limit, rounds=2)
            engines = {"oxigraph server": Engine(lambda text: over_http(address, text, options.limit), lambda: process)}
            if find_spec("oxrdflib") is None:
                print("without oxrdflib: pip install oxrdflib", file=sys.stderr)
                options.without.append("oxrdflib")
            for backend in ("oxrdflib", "rdflib"):
                if backend not in options.without:
                    engines[backend] = in_memory(file, backend, options.limit)
            ratios = _table(options, own, engines)
            peaks = {"embedded": Engine(lambda text: None, lambda: own.process.pid).peak()}
            peaks |= {name: engine.peak() for name, engine in engines.items()}
    print()
    for name, peak in peaks.items():
        times = ratios.get(name, [1.0])
        slower = f"time {median(times):.2f}, at most {max(times):.2f}, {len(times)} answers, " if name in ratios else ""
        print(f"{name}: {slower}memory {peak:.0f} MB")


def _table(options: argparse.Namespace, own: Worker, engines: dict[str, Engine]) -> dict[str, list[float]]:
    """Print a line for each question; return the times of each engine over those of the embedded store."""
    print(f"| question | asked | rows | embedded, ms | {' | '.join(f'{n}, ms' for n in engines)} | other rows |")
    print(f"|---|---|---:|---:|{'---:|' * len(engines)}---:|")
    values = Values(own)
    ratios: dict[str, list[float]] = {name: [] for name in engines}
    for name, query in queries.catalogue().items():
        if options.only not in name:
            continue
        for case in values.cases(query):
            if case.name not in ("bare", "all, busy"):
                continue
            here = own(case.text)
            expected = None if here is None else Counter(tuple(map(_same, row)) for row in here.rows)
            cells = ["" if here is None else f"{here.wall * 1000:.1f}"]
            different = 0
            for engine_name, engine in engines.items():
                there = engine.ask(case.text)
                cells.append(f"over {options.limit:g} s" if there is None else f"{there[0] * 1000:.1f}")
                if there is not None and here is not None and expected is not None:
                    different += sum(((there[1] - expected) + (expected - there[1])).values())
                    ratios[engine_name].append(there[0] / here.wall)
            count = "" if here is None else len(here.rows)
            print(f"| {name} | {case.name} | {count} | {' | '.join(cells)} | {different} |", flush=True)
    return {name: times for name, times in ratios.items() if times}


if __name__ == "__main__":
    main()
