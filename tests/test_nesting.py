"""RDF and queries that nest without end, from shards, endpoints and visitors: told, and nothing beside them is lost.

What is tried would run a parser out of stack and end its process, so each command runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Quad, Store

from endpoints import Server, make_store, triples
from pacta.errors import TooLarge
from pacta.iris import Iris
from pacta.model import Run
from pacta.nesting import DEEPEST, LONGEST, refuse_deep
from pacta.shards import Folder
from pacta.stage import Outcome
from pacta.store import open_store
from pacta.vocabulary import ID_BASE

DEEP = 40_000
IRIS = Iris(ID_BASE)
TERM = "<<( <x:a> <x:b> " * DEEP + '"1"' + " )>>" * DEEP
RUN = Run("1.0.0", "en_core_web_sm-3.8.0", "0" * 64)


def pacta(*words: str) -> tuple[int, str, str]:
    """Run a command in a process of its own; return its exit code (below zero: what ended it), output and errors."""
    command = [sys.executable, "-m", "pacta", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    return done.returncode, done.stdout, done.stderr


# --- shards -----------------------------------------------------------------------------------------------------------
def record(key: str, value: str) -> Outcome:
    graph = IRIS.record(key, RUN.version)
    line = f"<{ID_BASE}document/{key}> <https://w3id.org/pacta/ontology#quote> {value} <{graph}> .\n"
    return Outcome(key, f"{key}.txt", 10, graph, line.encode())


@pytest.fixture
def bombed(tmp_path: Path) -> Path:
    """Return a folder of three shards, the second of which nests."""
    folder = Folder(tmp_path / "shards")
    for key, value in (("a" * 12, '"calm"'), ("b" * 12, TERM), ("c" * 12, '"<<<< calm"')):
        folder.write([record(key, value)], RUN, ID_BASE)
    return tmp_path / "shards"


def test_a_shard_that_nests_without_end_is_left_out_and_its_neighbours_land(bombed: Path, tmp_path: Path) -> None:
    code, _, told = pacta("load", "--shards", str(bombed), "--store", str(tmp_path / "store"))
    assert code == 1, told[-300:]
    assert "500 levels" in told
    assert "Remove " in told
    with open_store(tmp_path / "store", read_only=True) as store:
        graphs = {name for name in store.graph_names() if "/graph/record/" in name}
    assert graphs == {record(key * 12, "").record for key in "ac"}
    code, found, told = pacta("check", "--store", str(tmp_path / "store"), "--shards", str(bombed))
    assert (code, "500 levels" in found + told, "Traceback" in told) == (1, True, False), told[-300:]


def test_a_shard_that_nests_is_not_put_into_an_endpoint(bombed: Path) -> None:
    with answering(b"", "text/plain") as (url, requests):
        code, _, told = pacta("load", "--shards", str(bombed), "--graph-store", url)
    assert code == 1, told[-300:]
    assert "500 levels" in told
    put = [path for path in requests if "record" in path]
    assert [any(key * 12 in path for path in put) for key in "abc"] == [True, False, True]


def test_a_manifest_that_nests_is_told(bombed: Path, tmp_path: Path) -> None:
    file = min((bombed / "manifests").iterdir())
    file.write_text('{"run":' + "[" * DEEP, encoding="utf-8")
    code, _, told = pacta("load", "--shards", str(bombed), "--store", str(tmp_path / "store"))
    assert (code, "this is no manifest" in told, file.name in told) == (2, True, True), told[-300:]


def test_a_record_that_nests_leaves_the_store_as_it_was() -> None:
    with open_store() as store:
        store.replace_record(record("a" * 12, '"calm"').nquads)
        before = set(store.quads())
        for names in ((), (record("a" * 12, "").record,)):
            with pytest.raises(TooLarge, match="500 levels"):
                store.replace_record(record("b" * 12, TERM).nquads, names=names)
        assert set(store.quads()) == before


# --- answers of endpoints ---------------------------------------------------------------------------------------------
URI = '{"type":"uri","value":"x:a"}'
ROWS = '{"head":{"vars":["a"]},"results":{"bindings":[{"a":%s}]}}'
JSON_TERM = f'{{"type":"triple","value":{{"subject":{URI},"predicate":{URI},"object":' * DEEP + URI + "}}" * DEEP
XML_TERM = "<triple><subject><uri>x:a</uri></subject><predicate><uri>x:a</uri></predicate><object>" * DEEP
XML_TERM += "<uri>x:a</uri>" + "</object></triple>" * DEEP
XML_ROWS = (
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head><results><result>'
    f'<binding name="a">{XML_TERM}</binding></result></results></sparql>'
)
ANSWERS = {
    "SELECT": [
        ("application/sparql-results+json", ROWS % JSON_TERM),
        ("application/sparql-results+xml", XML_ROWS),
        ("application/json", ROWS % JSON_TERM),
        ("text/tab-separated-values", f"?a\n{TERM}\n"),
    ],
    "CONSTRUCT": [
        ("text/turtle", f"<x:a> <x:b> {TERM} ."),
        ("application/n-triples", f"<x:a> <x:b> <x:c> .\n<x:a> <x:b> {TERM} ."),
        ("application/n-quads", f"<x:a> <x:b> {TERM} <x:g> ."),
        ("application/trig", f"<x:g> {{ <x:a> <x:b> {TERM} }}"),
        ("text/n3", f"<x:a> <x:b> {TERM} ."),
        ("application/ld+json", '{"x:a":' * DEEP + "1" + "}" * DEEP),
        ("application/rdf+xml", "<a xmlns='x:'><b>" * DEEP + "</b></a>" * DEEP),
    ],
}
FORMS = {"SELECT": "SELECT ?a { ?a ?b ?c }", "CONSTRUCT": "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }"}


@contextmanager
def answering(body: bytes, media_type: str, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server that gives one answer to everything, and the paths of the requests."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            paths.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(url: str, form: str) -> tuple[int, str]:
    """Ask an endpoint in a process of its own, without the questions about its graphs that come first."""
    code = (
        "import sys\nfrom pacta.errors import StoreError\nfrom pacta.store import RemoteStore\n"
        "try:\n    RemoteStore(sys.argv[1]).ask_plainly(sys.argv[2], ())\n"
        "except StoreError as error:\n    sys.exit(str(error))\n"
    )
    command = [sys.executable, "-c", code, url, FORMS[form]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("form", "media_type", "body"), [(form, *answer) for form, answers in ANSWERS.items() for answer in answers]
)
def test_an_answer_that_nests_without_end_is_told(form: str, media_type: str, body: str) -> None:
    with answering(body.encode(), media_type) as (url, _):
        code, told = asked(url, form)
    assert code == 1, (code, told[-300:])
    assert "the endpoint's answer is" in told
    assert "500 levels" in told or "Too many nested" in told
    assert "Traceback" not in told


def test_the_command_tells_of_an_answer_that_nests(tmp_path: Path) -> None:
    file = tmp_path / "a.rq"
    file.write_text(FORMS["SELECT"], encoding="utf-8")
    with answering((ROWS % JSON_TERM).encode(), "application/sparql-results+json") as (url, _):
        code, _, told = pacta("query", "--endpoint", url, str(file))
    assert (code, "500 levels" in told, "Traceback" in told) == (2, True, False), told[-300:]


def test_a_fault_that_nests_is_told_by_its_status() -> None:
    with answering(b"[" * DEEP, "application/problem+json", 503) as (url, _):
        code, told = asked(url, "SELECT")
    assert (code, "503" in told, "Traceback" in told) == (1, True, False), told[-300:]


def test_an_answer_of_many_rows_and_brackets_in_words_is_read() -> None:
    said = json.dumps('a "quoted" {[ ' + "\\" + "{[<<" * 3000)
    row = f'{{"a":{{"type":"literal","value":{said}}}}}'
    body = f'{{"head":{{"vars":["a"]}},"results":{{"bindings":[{",".join([row] * 1000)}]}}}}'
    refuse_deep(body.encode(), "sparql-json", "an answer")
    with answering(body.encode(), "application/sparql-results+json") as (url, _):
        assert asked(url, "SELECT") == (0, "")


# --- queries ----------------------------------------------------------------------------------------------------------
PATTERN = "?s ?p ?o "
QUERIES = {
    "signs": f"ASK {{ {PATTERN} FILTER({'!' * DEEP}?o) }}",
    "sums": f"ASK {{ {PATTERN} FILTER({'1+' * DEEP}1) }}",
    "either": f"ASK {{ {PATTERN} FILTER({'?o||' * DEEP}?o) }}",
    "paths": f"ASK {{ ?s <x:p>{'|<x:p>' * DEEP} ?o }}",
    "steps": f"ASK {{ ?s <x:p>{'/<x:p>' * DEEP} ?o }}",
    "stars": f"ASK {{ ?s {'(' * DEEP}<x:p>{')*' * DEEP} ?o }}",
    "groups": f"ASK {'{' * DEEP}{PATTERN}{'}' * DEEP}",
    "hidden": f"ASK {{ {PATTERN} FILTER(?s<{'(' * DEEP}?p{')' * DEEP}>?o) }}",
    "unions": f"ASK {{ {'{ ?s ?p ?o } UNION ' * DEEP} {{ {PATTERN} }} }}",
    "optional": f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * DEEP} }}",
    "lists": f"ASK {{ ?s ?p {'(' * DEEP}{')' * DEEP} }}",
    "elements": f"ASK {{ ?s ?p ({'1 ' * DEEP}) }}",
    "described": f"DESCRIBE {'<x:a> ' * DEEP}",
    "quoted": f"ASK {{ {'<<( <x:a> <x:b> ' * DEEP}<x:c>{' )>>' * DEEP} ?p ?o }}",
    "stated": f"ASK {{ {'<< <x:a> <x:b> ' * DEEP}<x:c>{' >>' * DEEP} ?p ?o }}",
}


@pytest.fixture(scope="module")
def some_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("served") / "store", triples(20))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_many_words_or_levels_is_told(name: str, some_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "long.rq"
    file.write_text(QUERIES[name], encoding="utf-8")
    code, _, told = pacta("query", str(file), "--store", str(some_store))
    assert code == 2, (code, told[-300:])
    assert "500 levels" in told or "2,000 words" in told
    assert "long.rq:1" in told
    assert len(told) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p ?o FILTER(" + "STR(" * (DEEPEST - 2) + "?o" + ")" * (DEEPEST - 2) + "=1) }",
        "ASK { " + "?s ?p ?o FILTER EXISTS {" * 250 + "?s ?p ?o" + "}" * 250 + " }",
        "ASK " + "{" * DEEPEST + "}" * DEEPEST,
        "ASK { ?s ?p ?o FILTER(" + "!" * (LONGEST - 20) + "?o) }",
        "ASK { ?s ?p ?o FILTER(" + "(" * 490 + "1" + "+1" * 480 + ")" * 490 + ") }",
        "DESCRIBE " + "<x:a> " * (LONGEST - 1),
        "ASK { VALUES ?o { " + "-1 1.5 'a' <x:a> " * 5000 + " } ?s ?p ?o }",
    ],
    ids=["calls", "exists", "groups", "signs", "both", "described", "values"],
)
def test_the_engine_bears_a_query_at_the_limits(text: str) -> None:
    refuse_deep(text.encode(), "sparql", "a query")
    code = "import sys, pyoxigraph\nprint(bool(pyoxigraph.Store().query(sys.stdin.read())))"
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr[-300:])


def test_values_are_not_counted_and_what_follows_them_is() -> None:
    listed = "VALUES (?a ?b) { " + "(1 2) " * 5000 + "}"
    refuse_deep(f"SELECT * {{ {listed} ?a ?p ?b {listed} }} {listed}".encode(), "sparql", "a query")
    with pytest.raises(TooLarge, match="2,000 words") as found:
        refuse_deep(f"SELECT * {{ {listed}\n ?a ?p ?b{',?b' * 1500} }}".encode(), "sparql", "a query")
    assert found.value.where == "a query:2"
    with pytest.raises(TooLarge, match="500 levels"):
        refuse_deep(f"SELECT * {{ VALUES ?a {{ {'<<( 1 1 ' * 1000}".encode(), "sparql", "a query")


def test_a_comment_ends_with_any_line() -> None:
    for end in ("\n", "\r"):
        for form in ("turtle", "sparql", "nquads"):
            with pytest.raises(TooLarge):
                refuse_deep(f"# a comment{end}{'<<( <x:a> <x:b> ' * 1000}".encode(), form, "a text")


# --- what visitors send -----------------------------------------------------------------------------------------------
def test_what_visitors_send_ends_no_server(some_store: Path) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    before: list[Quad] = sorted(Store.read_only(str(some_store)), key=str)
    with Server(some_store) as server:
        for name, query in QUERIES.items():
            if name != "steps":  # takes its whole time
                assert server.post(query).status in (400, 422), name
                sent = server.send("POST", "/sparql", headers=form, body=urlencode({"query": query}).encode())
                assert sent.status in (400, 413, 422), name
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            body = f"<x:a> <x:b> {TERM} .".encode()
            path = "/rdf-graph-store?" + urlencode({"graph": f"{ID_BASE}graph/record/a"})
            sent = server.send(method, path, headers={"Content-Type": "text/turtle"}, body=body[:1_000_000])
            assert sent.status in (405, 413), method
        assert (
            server.send("POST", "/sparql", headers={"Content-Type": "application/json"}, body=b"[" * DEEP).status == 415
        )
        assert server.post("ASK { ?s ?p ?o }").status == 200
        os.kill(server.process.pid, 0)
    assert sorted(Store.read_only(str(some_store)), key=str) == before
