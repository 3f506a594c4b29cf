"""`pacta serve`: one response printed, a server that starts fast and stops well, and errors that say what to do."""

from __future__ import annotations

import asyncio
import gc
import http.client
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from starlette.applications import Starlette

from pacta.commands import main
from pacta.pages.app import application
from pacta.pages.caching import Conditional
from pacta.pages.oneshot import get as get_once
from pacta.pages.site import Settings, Site
from pacta.pages.warming import LAST, PATHS


def serve(*options: str) -> Result:
    return CliRunner().invoke(main, ["serve", *options])


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PACTA_STORE", raising=False)


# --- one response -----------------------------------------------------------------------------------------------------
def test_one_response(seed_folder: Path) -> None:
    got = serve("--store", str(seed_folder), "--get", "/id/actor/osce.ttl")
    assert got.exit_code == 0
    assert got.stdout.startswith("@base <https://w3id.org/pacta/id/> .")
    assert '"OSCE"@en' in got.stdout


def test_headers_are_sent_and_shown(seed_folder: Path) -> None:
    for flag in ("-i", "--include", "-v"):
        got = serve("--store", str(seed_folder), "--get", "/id/actor/osce", "-H", "Accept: application/n-triples", flag)
        head, _, body = got.stdout.partition("\n\n")
        assert head.startswith("HTTP/1.1 200 OK\n")
        assert "content-type: application/n-triples" in head
        assert body.startswith("<https://w3id.org/pacta/id/")
    etag = re.search(r'etag: ("[^"]+")', head)
    assert etag
    again = serve("--store", str(seed_folder), "--get", "/id/actor/osce.nt", "-H", f"If-None-Match: {etag[1]}", "-i")
    assert again.stdout.startswith("HTTP/1.1 304 Not Modified")


def test_exit_codes(seed_folder: Path) -> None:
    assert serve("--store", str(seed_folder), "--get", "/id/actor/nobody-at-all").exit_code == 1
    assert serve("--store", str(seed_folder), "--get", "/id/actor/osce", "-H", "Accept: image/png").exit_code == 1


def test_into_a_file(seed_folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "dump.nq.gz"
    got = serve("--store", str(seed_folder), "--get", "/data/all.nq.gz", "-o", str(target))
    assert got.exit_code == 0
    assert target.read_bytes()[:2] == b"\x1f\x8b"


def test_the_url_is_in_what_is_said(seed_folder: Path) -> None:
    got = serve("--store", str(seed_folder), "--url", "https://pacta.example/", "--get", "/.well-known/void")
    assert "<https://pacta.example/data#dataset>" in got.stdout


# --- errors -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--get", "/"), ("there is no store", "--store")),
        (("--store", "no/such/folder", "--get", "/"), ("there is no store", "pacta build")),
        (("--store", "STORE", "--bind", "nowhere"), ("HOST:PORT",)),
        (("--store", "STORE", "--bind", "localhost:99999"), ("HOST:PORT",)),
        (("--store", "STORE", "--bind", "no.such.host.invalid:8000"), ("no host",)),
        (("--store", "STORE", "--url", "javascript:x", "--get", "/"), ("--url", "https://")),
        (("--store", "STORE", "--get", "/", "-H", "Accept"), ("NAME: VALUE",)),
        (("--store", "STORE", "--get", "/", "-H", "A: b\r\nX: y"), ("NAME: VALUE",)),
    ],
)
def test_errors_say_what_to_do(seed_folder: Path, options: tuple[str, ...], words: tuple[str, ...]) -> None:
    got = serve(*(str(seed_folder) if each == "STORE" else each for each in options))
    assert got.exit_code == 2
    assert not got.stdout
    for word in words:
        assert word in got.stderr
    assert "Traceback" not in got.stderr


def test_a_folder_with_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("no store", encoding="utf-8")
    got = serve("--store", str(tmp_path), "--get", "/")
    assert got.exit_code == 2
    assert "something else than a store" in got.stderr


def test_a_taken_port(seed_folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        got = serve("--store", str(seed_folder), "--bind", f"127.0.0.1:{other.getsockname()[1]}")
    assert got.exit_code == 2
    assert "another program listens there" in got.stderr
    assert "--bind" in got.stderr


# --- a server ---------------------------------------------------------------------------------------------------------
@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "pacta", "serve", "--store", str(folder), "--bind", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        match = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stderr.readline())
        assert match
        yield process, int(match[1])
    finally:
        process.kill()
        process.wait(10)
        assert process.stderr
        process.stderr.close()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_stops_when_told(seed_folder: Path, stop: signal.Signals) -> None:
    with running(seed_folder) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/id/actor/osce", headers={"Accept": "text/turtle"})
        response = connection.getresponse()
        assert response.status == 200
        assert b"OSCE" in response.read()
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        assert response.headers.get_all("server") == ["pacta"]
        connection.close()
        began = time.monotonic()
        process.send_signal(stop)
        process.wait(20)
        assert time.monotonic() - began < 15
        assert process.returncode in (0, 130, -stop)


def test_a_request_under_way_is_finished(seed_folder: Path) -> None:
    with running(seed_folder, "--timeout", "2") as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/static/pacta.svg")
        assert connection.getresponse().read()
        slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?p ?d . FILTER(?a != ?c) } LIMIT 1"
        body = f"SELECT ?n WHERE {{ {{ {slow.replace('?a ?p ?b', '?a a ?b')} }} }}"
        connection.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"})
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        response = connection.getresponse()  # the word that it took too long; no broken connection
        assert response.headers["content-type"] == "application/problem+json"
        assert response.status in (503, 504, 408)
        assert b"2 seconds" in response.read()
        connection.close()


def test_nothing_heavy_is_loaded_to_start(seed_folder: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from pacta.pages.app import application, Settings\n"
        f"app = application(Settings(store=pathlib.Path({str(seed_folder)!r})))\n"
        "site = app.state.site\n"
        "heavy = [name for name in ('spacy', 'pyshacl', 'numpy') if name in sys.modules]\n"
        "print(heavy, 'knowledge' in vars(site), 'catalogue' in vars(site))\n"
        "app.state.pool.close(); site.close()\n"
    )
    got = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert got.stdout.strip() == "[] False False"


def test_the_start_takes_less_than_a_second(seed_folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pacta", "serve", "--store", str(seed_folder), "--get", "/static/pacta.svg"]
    got = subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert got.stdout.startswith(b"<svg")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1  # of the processor; it may be busy


def test_one_shot_reads_what_is_sent() -> None:
    async def echo(scope: dict[str, object], receive: object, send: object) -> None:
        message = await receive()  # type: ignore[operator]
        told = f"{scope['method']} {scope['path']} {scope['query_string']} {message['body']}"  # type: ignore[str-bytes-safe]
        await send({"type": "http.response.start", "status": 201, "headers": [(b"X-A", b"b")]})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": told.encode(), "more_body": True})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"!"})  # type: ignore[operator]

    got = get_once(echo, "/a%20b/é?q=1 2", method="POST", body=b"xyz")  # type: ignore[arg-type]
    assert got.status == 201
    assert got.header("x-a") == "b"
    assert got.body.decode() == "POST /a b/é b'q=1%202' b'xyz'!"


def test_a_server_is_warm_before_its_first_visitor(seed_folder: Path) -> None:
    async def begun() -> list[str]:
        app = application(Settings(store=seed_folder, warm=True))
        async with app.router.lifespan_context(app):
            until = asyncio.get_running_loop().time() + 60
            while True:
                found = warm_paths(app)
                actors = [path for path in found if path.startswith("/id/actor/")]
                if (wanted <= set(found) and len(actors) > 2) or asyncio.get_running_loop().time() > until:
                    return found
                await asyncio.sleep(0.05)

    wanted = {path.partition("?")[0] for path in PATHS}
    found = set(asyncio.run(begun()))
    assert wanted <= found
    assert "/id/actor/aze" in found
    assert all(path.startswith("/id/actor/") for path in found - wanted - set(LAST))


def warm_paths(app: Starlette) -> list[str]:
    """The paths whose finished pages are remembered."""
    layer = app.middleware_stack
    while layer is not None and not isinstance(layer, Conditional):
        layer = getattr(layer, "app", None)
    return [] if layer is None else [key[1].decode() for key in list(layer.memory.kept)]  # type: ignore[index]


def test_what_is_kept_after_the_end_goes_with_the_site(seed_folder: Path) -> None:
    """A thread that outlasts the server may be the first that keeps something: nothing warns, and nothing stays."""
    site = Site(Settings(store=seed_folder))
    site.close()
    late = site.cache
    assert late.is_dir()
    del site
    gc.collect()
    assert not late.exists()


def test_a_temporary_cache_goes_with_the_server(seed_folder: Path) -> None:
    site = Site(Settings(store=seed_folder))
    folder = site.cache
    assert folder.is_dir()
    site.close()
    assert not folder.exists()
