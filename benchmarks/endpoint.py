"""How the SPARQL endpoint of `pacta serve` holds up: light queries alone, beside runaways, and while the store changes.

    python benchmarks/endpoint.py STORE                            # a server of its own, on a free port
    python benchmarks/endpoint.py STORE --visitors 8 --seconds 20
    python benchmarks/endpoint.py STORE --write                    # loads into STORE meanwhile, too

Light queries are what a page or a notebook asks: the statements of an actor, the spans of a statement, a label. Each is
another one, so that no finished answer is at hand. A runaway is a join of everything with everything, sent from another
address again and again. What counts is the ratio of the 95th percentiles; the last column must be 0.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PACTA = "PREFIX pacta: <https://w3id.org/pacta/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
LIGHT = (
    PACTA + " SELECT ?p ?o {{ <{statement}> ?p ?o }} LIMIT 50 #{number}",
    PACTA + " SELECT ?s ?act ?content {{ ?s pacta:speaker <{actor}> ; ?act ?content }} LIMIT 20 #{number}",
    PACTA + " SELECT ?quote {{ ?a pacta:attributes <{statement}> ; pacta:contentSpan/pacta:quote ?quote }} #{number}",
    PACTA + " SELECT ?label {{ <{actor}> rdfs:label ?label }} #{number}",
)
KIND = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}


class Visitor(threading.Thread):
    """Sends queries one after the other until told to stop, and keeps how long each took and what went wrong."""

    def __init__(self, address: tuple[str, int], queries: Iterator[str], *, fine: tuple[int, ...], source: str) -> None:
        super().__init__(daemon=True)
        self.address, self.queries, self.fine, self.source = address, queries, fine, source
        self.times: list[float] = []
        self.faults: list[str] = []
        self.end = threading.Event()

    def run(self) -> None:
        connection = self._connect()
        while not self.end.is_set():
            began = time.perf_counter()
            try:
                connection.request("POST", "/sparql", next(self.queries), KIND)
                reply = connection.getresponse()
                body = reply.read()
            except OSError as error:
                self.faults.append(repr(error))
                connection = self._connect()
                continue
            if reply.status not in self.fine:
                self.faults.append(f"{reply.status} {body[:200]!r}")
            self.times.append(time.perf_counter() - began)
        connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self.address, timeout=120, source_address=(self.source, 0))


def light(subjects: dict[str, list[str]], seed: int) -> Iterator[str]:
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        values = {name: chance.choice(iris) for name, iris in subjects.items()}
        yield chance.choice(LIGHT).format(**values, number=f"{seed}-{number}")


def again(query: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{query} #{number}"


@contextmanager
def server(store: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `pacta serve` and give its address."""
    command = [sys.executable, "-m", "pacta", "serve", "--store", str(store), "--bind", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "serving at" in line)
        url = urlsplit(line.split("serving at ")[1].split()[0])
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield str(url.hostname), int(url.port or 80)
    finally:
        process.terminate()
        process.wait(30)


def asked(address: tuple[str, int], query: str) -> list[str]:
    connection = http.client.HTTPConnection(*address, timeout=120)
    connection.request("POST", "/sparql", f"{PACTA} {query}", KIND)
    rows = json.loads(connection.getresponse().read())["results"]["bindings"]
    connection.close()
    return [row["x"]["value"] for row in rows]


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000 if times else float("nan")


class Bench:
    """The rounds over one server, and the table of what they gave."""

    def __init__(self, address: tuple[str, int], visitors: int, seconds: float) -> None:
        self.address, self.visitors, self.seconds = address, visitors, seconds
        self.idle = 0.0
        statements = asked(address, "SELECT ?x { ?x pacta:speaker ?y } LIMIT 500")
        actors = asked(address, "SELECT DISTINCT ?x { ?y pacta:speaker ?x } LIMIT 100")
        self.subjects = {"statement": statements, "actor": actors}
        print("| beside the light queries | queries | p50 ms | p95 ms | p99 ms | p95 to idle | faults |")
        print("|---|---:|---:|---:|---:|---:|---:|")

    def round(self, name: str, *, runaways: int = 0, store: Path | None = None) -> None:
        wild = [
            Visitor(self.address, again(RUNAWAY), fine=(503,), source=f"127.0.0.{number + 2}")
            for number in range(runaways)
        ]
        tame = [
            Visitor(self.address, light(self.subjects, number), fine=(200,), source="127.0.0.1")
            for number in range(self.visitors)
        ]
        for visitor in wild:
            visitor.start()
        time.sleep(1.5 if wild else 0.2)
        for visitor in tame:
            visitor.start()
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            if store is not None:
                load(store)
            time.sleep(0.2)
        for visitor in (*tame, *wild):
            visitor.end.set()
        for visitor in (*tame, *wild):
            visitor.join()
        times = [each for visitor in tame for each in visitor.times]
        faults = [each for visitor in (*tame, *wild) for each in visitor.faults]
        p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
        self.idle = self.idle or p95
        print(f"| {name} | {len(times)} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {p95 / self.idle:.2f} | {len(faults)} |")
        for each in faults[:5]:
            print(f"fault: {each}", file=sys.stderr)


def load(store: Path) -> None:
    """Load one more quad, as a `pacta load` beside the server does, derivation and all."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"mark-{time.monotonic_ns()}.ttl"
        file.write_text(f'<http://example.org/mark> <http://example.org/at> "{time.time()}" .\n', encoding="utf-8")
        command = [sys.executable, "-m", "pacta", "load", str(file), "--store", str(store), "--editorial", "benchmark"]
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--visitors", type=int, default=2, metavar="N", help="who send light queries at once (2)")
    parser.add_argument("--seconds", type=float, default=15, help="of each round (15)")
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="of the server (4)")
    parser.add_argument("--timeout", type=float, default=5, metavar="SECONDS", help="of one query (5)")
    parser.add_argument("--write", action="store_true", help="also load into the store while it is served")
    given = parser.parse_args()
    options = ("--workers", str(given.workers), "--timeout", f"{given.timeout:g}")
    with server(given.store, *options) as address:
        bench = Bench(address, given.visitors, given.seconds)
        bench.round("nothing")
        bench.round("one runaway", runaways=1)
        bench.round("two runaways", runaways=2)
        bench.round("nothing, again")
        if given.write:
            bench.round("`pacta load`, again and again", store=given.store)


if __name__ == "__main__":
    main()
