"""A running `pacta serve` over a small store, for the tests of the endpoint: on a free port, ended by its id."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from pyoxigraph import RdfFormat, Store

BASE = "https://w3id.org/pacta/id/"
EX = "http://example.org/"


def triples(number: int, graphs: int = 4) -> str:
    """Return N-Quads of `number` quads, spread over `graphs` graphs of the data base."""
    return "".join(
        f'<{EX}s{i}> <{EX}p{i % 3}> "value {i}" <{BASE}graph/record/{i % graphs:012x}-v1> .\n' for i in range(number)
    )


def make_store(folder: Path, nquads: str) -> Path:
    """Make a store, or add to one, in this process; it is closed when this returns."""
    store = Store(str(folder))
    store.load(nquads.encode(), RdfFormat.N_QUADS)
    store.flush()
    del store
    return folder


@dataclass(frozen=True)
class Reply:
    """What a server answered; header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Server:
    """`pacta serve` in a process of its own. Use it as a context manager."""

    def __init__(self, store: Path, *options: str) -> None:
        self.store, self.options = store, options

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "pacta", "serve", "--store", str(self.store), "--bind", "127.0.0.1:0"]
        self.process = subprocess.Popen([*command, *self.options], stderr=subprocess.PIPE, text=True)
        self.said: list[str] = []
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if "serving at" in line:
                self.url = line.split("serving at ")[1].split()[0].rstrip("/")
                break
        else:
            self.process.wait()
            raise AssertionError("".join(self.said))
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        return self

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def connect(self, timeout: float = 60) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self.address, timeout=timeout)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def ask(self, query: str, *, accept: str | None = None, fields: Sequence[tuple[str, str]] = ()) -> Reply:
        """Send a query by GET."""
        path = "/sparql?" + urlencode([("query", query), *fields])
        return self.send("GET", path, headers={"Accept": accept} if accept else {})

    def post(self, query: str, *, accept: str | None = None) -> Reply:
        """Send a query by POST, as it is."""
        headers = {"Content-Type": "application/sparql-query", **({"Accept": accept} if accept else {})}
        return self.send("POST", "/sparql", headers=headers, body=query.encode())

    def workers(self) -> list[int]:
        """Return the process ids of the workers (Linux)."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted(int(number) for file in children for number in file.read_text().split())
