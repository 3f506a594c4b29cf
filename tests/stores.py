"""Stores for the tests: an invented conflict (tests/data/borduria.trig), a SPARQL server over a store, flat Turtle."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from unittest import SkipTest

import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from pacta import rules
from pacta.exports import graph_to
from pacta.iris import digest
from pacta.store import EmbeddedStore, Term, open_store

BORDURIA = Path(__file__).parent / "data" / "borduria.trig"
OXIGRAPH = Path(sys.executable).parent / "oxigraph"
XSD = "http://www.w3.org/2001/XMLSchema#"

Cell = tuple[str, object] | None


def borduria(path: Path | None = None) -> EmbeddedStore:
    """A store of the invented conflict, with what the rules derive from it."""
    store = open_store(path)
    store.load(BORDURIA, "trig")
    rules.derive(store)
    return store


def many(copies: int) -> EmbeddedStore:
    """The invented conflict with so many copies of its records, each as from documents of their own."""
    lines = (
        (serialize(parse(path=BORDURIA, format=RdfFormat.TRIG), format=RdfFormat.N_QUADS) or b"").decode().splitlines()
    )
    recorded = [line for line in lines if "/graph/record/" in line.rsplit(" <", 1)[1]]
    text = "\n".join(recorded)
    keys = sorted(set(re.findall(r"/graph/record/([0-9a-f]{12})", text)))
    store = open_store()
    store.load("\n".join(set(lines) - set(recorded)).encode(), "nquads")
    for copy in range(copies):
        store.load(re.sub("|".join(keys), lambda key: digest(key[0], str(copy)), text).encode(), "nquads")  # noqa: B023
    rules.derive(store)
    return store


@contextlib.contextmanager
def endpoint(store: EmbeddedStore, folder: Path, *options: str) -> Iterator[str]:
    """Serve a copy of `store` by the oxigraph server on a free loopback port; the server ends with the block."""
    data = folder / "data.nq"
    data.write_bytes(serialize(store.quads(), format=RdfFormat.N_QUADS) or b"")
    location = ["--location", str(folder / "served")]
    subprocess.run([OXIGRAPH, "load", *location, "--file", data], check=True, capture_output=True, timeout=120)
    with server("serve-read-only", folder, *options) as address:
        yield f"{address}/query"


@contextlib.contextmanager
def server(verb: str, folder: Path, *options: str) -> Iterator[str]:
    """Run the oxigraph server on the store in `folder`/served, on a free loopback port; yield where it answers."""
    if not OXIGRAPH.exists():
        raise SkipTest("the program oxigraph is not here; install pacta[test]")
    address = f"127.0.0.1:{free_port()}"
    command = [OXIGRAPH, verb, "--location", str(folder / "served"), "--bind", address, *options]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    with ended(process):
        _wait(process, address, folder / "server.log")
        yield f"http://{address}"


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[tuple[str, str]]:
    """Run an empty Virtuoso in `folder`; yield its SPARQL endpoint and its graph store, both open to anybody."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        raise SkipTest("the program virtuoso-t is not here; on Debian: apt install virtuoso-opensource-7-bin")
    folder.mkdir(parents=True, exist_ok=True)
    web, sql = (f"127.0.0.1:{free_port()}" for _ in range(2))
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(web=web, sql=sql), encoding="utf-8")
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    with ended(process):
        _wait(process, web, folder / "server.log", path="sparql")
        grant = "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"
        subprocess.run([client, sql, "dba", "dba", f"exec={grant}"], check=True, capture_output=True, timeout=60)
        yield f"http://{web}/sparql", f"http://{web}/sparql-graph-crud"


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = {sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
[HTTPServer]
ServerPort = {web}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 100000
"""


def free_port() -> int:
    """A port of the loopback interface that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process with the block, gently if it lets us."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path, path: str = "query") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://{address}/{path}?query=ASK%7B%7D", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {log.read_text()}")


def flat(store: EmbeddedStore) -> rdflib.Graph:
    """All triples in one rdflib graph, by way of Turtle, as a user of the export has them."""
    return rdflib.Graph().parse(data=graph_to(store.quads(), "turtle"), format="turtle")


def cell(term: Term | rdflib.term.Identifier | None) -> Cell:
    """A term of either library as a value to compare: numbers and moments by value, all else by kind and text."""
    if term is None:
        return None
    if isinstance(term, NamedNode | rdflib.URIRef):
        return "iri", str(term).strip("<>")
    assert isinstance(term, Literal | rdflib.Literal)
    text = term.value if isinstance(term, Literal) else str(term)
    datatype = term.datatype.value if isinstance(term, Literal) else str(term.datatype or f"{XSD}string")
    if term.language:
        return f"@{term.language}", text
    if datatype in (f"{XSD}integer", f"{XSD}decimal"):
        return "number", Decimal(text)
    if datatype == f"{XSD}boolean":
        return "boolean", text in ("true", "1")
    if datatype == f"{XSD}dateTime":
        return "moment", datetime.fromisoformat(text.replace("Z", "+00:00"))
    return datatype, text
