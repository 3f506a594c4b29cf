"""Limits of the endpoint on a running server: whatever is thrown at it, it answers clearly and goes on."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest

import pacta
from endpoints import BASE, EX, Reply, Server, make_store, triples
from pacta.errors import StoreError
from pacta.store import RemoteStore

ROWS, TIMEOUT = 50, 1.5
LIGHT = f"SELECT ?o {{ <{EX}s7> ?p ?o }}"
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s"
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUNGRY = f"""SELECT (STRLEN(?y) AS ?n) {{
    BIND(REPLACE("{"a" * 1_000}", "a", "{"b" * 1_000}") AS ?x) BIND(REPLACE(?x, "b", "{"c" * 1_000}") AS ?y) }}"""
PATHS = f"SELECT (COUNT(*) AS ?n) {{ ?a (<{EX}p0>|!<{EX}p0>)* ?b . ?c (<{EX}p1>|!<{EX}p1>)* ?d }}"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) < 0 || STR(?c) < STR(?f)) } ORDER BY ?a ?f LIMIT 1"
# What BIND makes is kept until the end of a query and would meet the limit of memory first.
BACKTRACKING = f"""ASK {{
    ?s ?p ?o . ?t ?q ?v FILTER(REGEX(CONCAT(STR(?o), STR(?v), "{"a" * 40}!"), "^(a|aa|a*)*$")) }}"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("limits") / "store", triples(3_000))


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    """A server that has time, and little memory."""
    with Server(store, "--timeout", "30", "--workers", "2", "--memory", "300", "--max-rows", str(ROWS)) as running:
        yield running


@pytest.fixture(scope="module")
def strict(store: Path) -> Iterator[Server]:
    """A server that has no time."""
    with Server(store, "--timeout", str(TIMEOUT), "--workers", "2", "--waiting", "4", "--memory", "300") as running:
        works(running)
        yield running


def works(server: Server) -> None:
    """Hold that a server answers what is light; on a busy machine not at the first try."""
    for _ in range(10):
        reply = server.ask(LIGHT)
        if reply.status == 200:
            break
        time.sleep(0.2)
    assert values(reply, "o") == ["value 7"]


def is_fault(reply: Reply, status: int, server: Server) -> dict[str, object]:
    """Hold that a reply is a fault in the one shape, which tells nothing of this machine."""
    assert reply.status == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    told = json.loads(reply.text)
    assert told["status"] == status
    assert told["detail"]
    here = (tempfile.gettempdir(), sys.prefix, str(Path.home()), str(Path(pacta.__file__).parent), str(server.store))
    assert not re.search(r"Traceback|File \"|\.py\b|site-packages|pyoxigraph|RocksDB", reply.text)
    assert not [place for place in here if len(place) > 1 and place in reply.text]
    return told


def values(reply: Reply, name: str) -> list[str]:
    return [row[name]["value"] for row in json.loads(reply.text)["results"]["bindings"]]


# --- rows and bytes ---------------------------------------------------------------------------------------------------
def test_the_next_links_lead_through_all_rows(server: Server) -> None:
    reply, found, pages = server.ask(f"{EVERYTHING} LIMIT 120"), [], 0
    while True:
        pages += 1
        found += values(reply, "s")
        if "link" not in reply.headers:
            break
        told = json.loads(reply.text)
        address = re.fullmatch(r'<(.*)>; rel="next"', reply.headers["link"])[1]
        assert reply.headers["x-truncated"] == f"rows; count={ROWS}"
        assert told["truncated"] == {"rows": ROWS, "next": address}
        assert told["head"]["link"] == [address]
        parts = urlsplit(address)
        reply = server.send("GET", f"{parts.path}?{parts.query}")
    assert pages == 3
    assert found == values(server.ask(f"{EVERYTHING} LIMIT 50"), "s") + found[50:]
    assert len(found) == len(set(found)) == 120


def test_an_answer_that_fits_has_no_mark(server: Server) -> None:
    reply = server.ask(f"{EVERYTHING} LIMIT {ROWS}")
    assert len(values(reply, "s")) == ROWS
    assert "x-truncated" not in reply.headers
    assert "truncated" not in json.loads(reply.text)


@pytest.mark.parametrize(
    ("query", "accept", "mark"),
    [
        (EVERYTHING, "application/sparql-results+xml", '<link href="'),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle", "# truncated: the first 50, more at http"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/n-triples", "# truncated: the first 50, more at http"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/rdf+xml", "<!-- truncated: the first 50, more at http"),
        (EVERYTHING, "text/csv", ""),
        (EVERYTHING, "text/tab-separated-values", ""),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/ld+json", ""),
    ],
)
def test_the_mark_in_each_format(query: str, accept: str, mark: str, server: Server) -> None:
    reply = server.ask(query, accept=accept)
    assert reply.headers["content-type"].startswith(accept)
    assert reply.headers["x-truncated"] == f"rows; count={ROWS}"
    assert 'rel="next"' in reply.headers["link"]
    assert mark in reply.text
    if accept.endswith("xml"):
        ElementTree.fromstring(reply.text)


def test_large_answers_are_cut_by_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = "x" * 10_000
    quads = "".join(f'<{EX}s{i:04}> <{EX}p> "{text}" <{BASE}graph/a> .\n' for i in range(400))
    quads += f'<{EX}one> <{EX}q> "{"y" * 1_500_000}" <{BASE}graph/b> .\n'
    folder = make_store(tmp_path_factory.mktemp("bytes") / "store", quads)
    with Server(folder, "--max-bytes", "1", "--workers", "1") as server:
        reply = server.ask(f"SELECT * {{ ?s <{EX}p> ?o }} ORDER BY ?s")
        assert len(reply.body) <= 1_000_000
        assert reply.headers["x-truncated"].startswith("bytes; count=")
        assert len(values(reply, "s")) > 50
        told = is_fault(server.ask(f"SELECT * {{ ?s <{EX}q> ?o }}"), 422, server)
        assert "larger than an answer may be" in str(told["detail"])


def test_our_own_client_says_when_an_answer_was_cut(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with RemoteStore(f"{server.url}/sparql") as store:
        assert len(store.query(f"{EVERYTHING} LIMIT 40")) == 40
        assert "cut its answer short" not in caplog.text
        assert len(store.query(EVERYTHING)) == ROWS
        assert f"cut its answer short (rows; count={ROWS})" in caplog.text
        with pytest.raises(StoreError, match=r"422.*needs more than 300 MB") as error:
            store.query(HUNGRY)
        assert "ask for less" in str(error.value).lower()


# --- time and memory --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", [CARTESIAN, PATHS, BACKTRACKING], ids=["join", "path", "regex"])
def test_a_runaway_is_ended_in_time(query: str, strict: Server) -> None:
    began = time.monotonic()
    told = is_fault(strict.ask(query), 503, strict)
    assert TIMEOUT <= time.monotonic() - began < TIMEOUT + 10  # the machine may be busy
    assert told["limit"] == {"seconds": TIMEOUT}
    works(strict)


def test_a_runaway_sort_meets_one_of_the_limits(strict: Server) -> None:
    reply = strict.ask(SORTED)
    told = is_fault(reply, reply.status, strict)
    assert told["limit"] in ({"seconds": TIMEOUT}, {"memory": 300_000_000})


def test_a_hungry_query_is_ended(server: Server) -> None:
    told = is_fault(server.ask(HUNGRY), 422, server)
    assert told["limit"] == {"memory": 300_000_000}
    works(server)


def test_long_and_deep_queries(server: Server) -> None:
    is_fault(server.post("ASK { ?s ?p ?o } #" + "x" * 10_000_000), 413, server)
    is_fault(server.post("ASK { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }"), 400, server)
    is_fault(server.ask("ASK { ?s ?p ?o } #" + "x" * 9_000), 414, server)
    works(server)


def test_a_killed_worker_is_replaced_and_its_query_done(server: Server) -> None:
    until = time.monotonic() + 20
    while len(before := server.workers()) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    works(server)
    until = time.monotonic() + 20
    while len(set(server.workers()) - set(before)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(set(server.workers()) - set(before)) == 2


# --- clients ----------------------------------------------------------------------------------------------------------
def raw(server: Server, query: str) -> socket.socket:
    """Send a query and read nothing."""
    connection = socket.create_connection(server.address)
    connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def test_a_client_that_goes_frees_its_worker(server: Server) -> None:
    began = time.monotonic()
    for _ in range(3):
        connection = raw(server, CARTESIAN)
        time.sleep(0.1)
        connection.close()
    works(server)  # one client keeps one of the two workers busy at most
    assert time.monotonic() - began < 20  # the first alone would have taken more


def test_large_answers_wait_for_their_clients_and_hold_no_worker(tmp_path_factory: pytest.TempPathFactory) -> None:
    quads = "".join(f'<{EX}s{i:04}> <{EX}p> "{"x" * 20_000}" <{BASE}graph/a> .\n' for i in range(800))
    folder = make_store(tmp_path_factory.mktemp("slow") / "store", quads)
    with Server(folder, "--workers", "1", "--timeout", "20") as server:
        slow = [raw(server, f"SELECT * {{ ?s <{EX}p> ?o }} OFFSET {number}") for number in range(3)]
        try:
            began = time.monotonic()
            assert server.ask(f"ASK {{ <{EX}s0001> ?p ?o }}").status == 200
            assert time.monotonic() - began < 19
            head = slow[0].recv(2_000).decode("utf-8", "replace")
            assert head.startswith("HTTP/1.1 200 OK")
            length = int(re.search(r"content-length: (\d+)", head)[1])
            assert length > 15_000_000
        finally:
            for connection in slow:
                connection.close()
        path = "/sparql?query=" + quote(f"SELECT * {{ ?s <{EX}p> ?o }} LIMIT 100")
        whole = server.send("GET", path)
        coded = server.send("GET", path, headers={"Accept-Encoding": "gzip"})
        assert len(whole.body) > 2_000_000
        assert gzip.decompress(coded.body) == whole.body
        assert coded.headers["etag"] != whole.headers["etag"]
        again = server.send("GET", path, headers={"If-None-Match": whole.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        head = server.send("HEAD", path)
        assert (head.headers["content-length"], head.body) == (str(len(whole.body)), b"")


def test_one_client_leaves_a_worker_to_others(server: Server) -> None:
    with contextlib.closing(raw(server, CARTESIAN)), contextlib.closing(raw(server, f"{CARTESIAN} #2")):
        time.sleep(0.3)
        connection = socket.create_connection(server.address, source_address=("127.0.0.2", 0))
        with connection:
            began = time.monotonic()
            request = f"GET /sparql?query={quote(LIGHT)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            assert time.monotonic() - began < 20


def test_who_comes_too_many_at_once_is_told_when_to_come_back(strict: Server) -> None:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda n=n: replies.append(strict.ask(f"{CARTESIAN} #{n}"))) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = [reply for reply in replies if "retry-after" in reply.headers]
    assert {reply.status for reply in replies} == {503}
    assert len(busy) >= 5
    for reply in busy:
        is_fault(reply, 503, strict)
        assert 1 <= int(reply.headers["retry-after"]) <= 10
    works(strict)
