"""Load test of the pages: how long visitors wait, by kind of page, while many come at once.

    python benchmarks/serve.py --store DIR                      # starts a server on the store, 20 visitors, 20 seconds
    python benchmarks/serve.py --url http://localhost:8000      # a server that runs already
    python benchmarks/serve.py --store DIR --pause 1            # visitors who read a second between two pages

Each visitor keeps one connection and goes through pages of all kinds in an order of its own. The addresses are drawn
from the store by SPARQL, so that nearly every request is for a page that nobody has seen before; those of `again` are
asked for over and over. Prints a Markdown table: pages, how many, milliseconds at p50 and p95, and the largest.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Set
from contextlib import contextmanager
from urllib.parse import quote, urlencode, urlsplit

PACTA = "https://w3id.org/pacta/ontology#"
CLASSES = {
    "statement": "Statement",
    "document": "Document",
    "incident": "Incident",
    "clause": "Clause",
    "agreement": "Agreement",
    "place": "Place",
    "proposition": "IncidentAccount",
}
FIXED = {
    "start": ["/"],
    "agreements": ["/agreements"],
    "questions": ["/questions"],
    "timeline": ["/timeline"],
    "map": ["/map"],
    "data": ["/data", "/.well-known/void"],
    "ontology": ["/ontology", "/ontology/Statement", "/ontology/speaker", "/vocab/incident-kind"],
}
WORDS = ("ministry", "army", "withdrawal", "border", "attack", "agreement", "council", "embassy", "river", "monitors")
RDF = {".ttl": "turtle", ".jsonld": "jsonld"}


class Visitor(threading.Thread):
    """One visitor: asks for a page, waits for it, pauses, and asks for the next until the time is over."""

    def __init__(self, url: str, pages: list[tuple[str, str]], *, seed: int, until: float, pause: float) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.random, self.pages, self.until, self.pause = random.Random(seed), pages, until, pause
        self.taken: list[tuple[str, float]] = []
        self.faults: list[str] = []

    def run(self) -> None:
        while time.monotonic() < self.until:
            kind, path = self.random.choice(self.pages)
            began = time.perf_counter()
            try:
                status, _ = ask(self.connection, path)
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(f"{path}: {error}")
                self.connection.close()
                continue
            self.taken.append((kind, (time.perf_counter() - began) * 1000))
            if status not in (200, 303):
                self.faults.append(f"{path}: {status}")
            if self.pause:
                time.sleep(self.random.expovariate(1 / self.pause))


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    """Return status and body of one GET, as a browser sends it."""
    connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    return response.status, response.read()


@contextmanager
def server(store: str) -> Iterator[str]:
    """Start `pacta serve` on a free port and give its address."""
    command = [sys.executable, "-m", "pacta", "serve", "--store", store, "--bind", "127.0.0.1:0"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        url = ""
        for line in process.stderr:
            if match := re.search(r"(http://\S+?)/? ", line):
                url = match[1]
                break
        connection = http.client.HTTPConnection(urlsplit(url).hostname or "", urlsplit(url).port, timeout=60)
        status, _ = ask(connection, "/openapi.json")
        print(f"first answer ({status}) {time.perf_counter() - began:.2f} s after the start", file=sys.stderr)
        threading.Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
        yield url
    finally:
        process.terminate()
        process.wait(20)


def addresses(url: str, number: int) -> list[tuple[str, str]]:
    """Return (kind, path) of pages of all kinds, up to `number` of each."""
    pages: dict[str, list[str]] = {kind: list(paths) for kind, paths in FIXED.items()}
    base = "https://w3id.org/pacta/id/"
    for kind, name in CLASSES.items():
        rows = select(url, f"SELECT ?x WHERE {{ ?x a <{PACTA}{name}> }} LIMIT {number}")
        found = ["/id/" + quote(row["x"].removeprefix(base), safe="/") for row in rows if row["x"].startswith(base)]
        pages[kind] = [path for path in found if "#" not in path]
    rows = select(url, f"SELECT DISTINCT ?x WHERE {{ ?s <{PACTA}speaker> ?x }} LIMIT {number}")
    pages["actor"] = ["/id/" + row["x"].removeprefix(base) for row in rows]
    pages["matrix"] = [f"/agreements/{path.rpartition('/')[2]}/disputes" for path in pages["agreement"]]
    pages["turtle"] = [path + suffix for path in pages["statement"] + pages["actor"] for suffix in RDF]
    pages["search"] = [f"/search?{urlencode({'q': word})}" for word in WORDS]
    pages["question form"] = ["/query/disputes/who-disputes-which-clause", "/query/statements/by-actor"]
    pages["question rows"] = [
        f"/query/statements/by-actor.csv?{urlencode({'actor': base + path.removeprefix('/id/'), 'limit': 100})}"
        for path in pages["actor"]
    ] + [
        f"/query/disputes/who-disputes-which-clause.json?{urlencode({'agreement': base + path.removeprefix('/id/')})}"
        for path in pages["agreement"]
    ]
    weighted = []
    for kind, paths in pages.items():
        share = random.Random(kind)
        weighted += [(kind, share.choice(paths)) for _ in range(number)] if paths else []
    return weighted


def select(url: str, query: str) -> list[dict[str, str]]:
    """Return the rows of a SELECT of the server's own endpoint."""
    connection = http.client.HTTPConnection(urlsplit(url).hostname or "", urlsplit(url).port, timeout=60)
    headers = {"Accept": "application/sparql-results+json"}
    connection.request("GET", f"/sparql?{urlencode({'query': query})}", headers=headers)
    content = json.loads(connection.getresponse().read())
    return [{name: cell["value"] for name, cell in row.items()} for row in content["results"]["bindings"]]


def measure(url: str, *, visitors: int, seconds: float, pause: float, number: int, without: Set[str]) -> int:
    """Run the visitors and print the table; return 1 where a page failed."""
    pages = [page for page in addresses(url, number) if page[0] not in without]
    connection = http.client.HTTPConnection(urlsplit(url).hostname or "", urlsplit(url).port, timeout=60)
    for kind, path in dict(pages).items():  # what is computed once a snapshot
        began = time.perf_counter()
        status, body = ask(connection, path)
        took = (time.perf_counter() - began) * 1000
        print(f"first {kind}: {took:.0f} ms, {len(body):,} bytes, {status} {path}", file=sys.stderr)
    until = time.monotonic() + seconds
    crowd = [Visitor(url, pages, seed=n, until=until, pause=pause) for n in range(visitors)]
    for visitor in crowd:
        visitor.start()
    for visitor in crowd:
        visitor.join()
    taken: dict[str, list[float]] = defaultdict(list)
    for visitor in crowd:
        for kind, took in visitor.taken:
            taken[kind].append(took)
            taken["all"].append(took)
    print("| pages | asked for | p50 ms | p95 ms | largest ms |\n| --- | ---: | ---: | ---: | ---: |")
    for kind, times in sorted(taken.items(), key=lambda item: item[0] == "all"):
        print(f"| {kind} | {len(times)} | {_at(times, 50):.0f} | {_at(times, 95):.0f} | {max(times):.0f} |")
    faults = [fault for visitor in crowd for fault in visitor.faults]
    print(f"\n{len(taken['all']) / seconds:.0f} pages a second, {visitors} visitors, {len(faults)} faults")
    for fault in faults[:10]:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _at(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description="How long visitors wait, by kind of page.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--store", help="start a server on this store")
    where.add_argument("--url", help="ask this server")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pause", type=float, default=0, help="mean seconds between two pages of a visitor")
    parser.add_argument("--pages", type=int, default=300, help="addresses of each kind")
    parser.add_argument("--without", default="", metavar="KIND,…", help="kinds of pages to leave out")
    given = parser.parse_args()
    without = set(given.without.split(","))
    options = {
        "visitors": given.visitors,
        "seconds": given.seconds,
        "pause": given.pause,
        "number": given.pages,
        "without": without,
    }
    if given.url:
        return measure(given.url, **options)
    with server(given.store) as url:
        return measure(url, **options)


if __name__ == "__main__":
    sys.exit(main())
