"""pacta serve: one store as pages, linked data and a SPARQL endpoint, read-only."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import socket
import sys
from pathlib import Path

import click

from pacta.commands.options import base_option, common, given_store, is_verbose, output_option, store_option
from pacta.commands.output import write
from pacta.commands.talk import listen, say
from pacta.errors import UsageError_

_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(?:/[A-Za-z0-9._~-]+)*/?")
GRACE = 5  # seconds beyond those of a query for requests that are under way when the server is stopped


@click.command("serve", short_help="Publish a store: pages, linked data, SPARQL.")
@store_option()
@click.option(
    "--bind",
    default="localhost:8000",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to listen; port 0 takes any.",
)
@click.option("--url", metavar="URL", help="The address that visitors see (default: that of --bind).")
@click.option("--cache", type=click.Path(path_type=Path), envvar="PACTA_CACHE", show_envvar=True, metavar="DIR",
              help="Where dumps and the list of releases are kept (default: in the user's cache).")  # fmt: skip
@click.option("--timeout", "seconds", type=click.FloatRange(0, min_open=True), default=15, show_default=True,
              metavar="SECONDS", help="How long a SPARQL query may run.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, metavar="N",
              help="How many SPARQL queries run at once, each in a process of its own.")  # fmt: skip
@click.option("--waiting", type=click.IntRange(0), default=32, show_default=True, metavar="N",
              help="How many SPARQL queries may wait for a worker.")  # fmt: skip
@click.option("--memory", type=click.IntRange(200), default=1_000, show_default=True, metavar="MB",
              help="How much memory one worker may take.")  # fmt: skip
@click.option("--max-rows", type=click.IntRange(1), default=10_000, show_default=True, metavar="N",
              help="How many rows or triples one SPARQL answer holds; the rest is behind its next link.")  # fmt: skip
@click.option("--max-bytes", type=click.IntRange(1), default=20, show_default=True, metavar="MB",
              help="How large one SPARQL answer is at most.")  # fmt: skip
@click.option("--get", "path", metavar="PATH", help="Print the response to one request and exit.")
@click.option(
    "-H", "--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header of the request of --get."
)
@click.option("-i", "--include", is_flag=True, help="With --get: print status and headers too.")
@output_option
@base_option
@common
def command(
    store_path: Path | None,
    bind: str,
    url: str | None,
    cache: Path | None,
    seconds: float,
    workers: int,
    waiting: int,
    memory: int,
    max_rows: int,
    max_bytes: int,
    path: str | None,
    headers: tuple[str, ...],
    include: bool,
    output: Path | None,
    base: str,
) -> None:
    """Publish a store read-only: pages to read, linked data, dumps, questions as an API, and a SPARQL endpoint.

    Stop it with Ctrl-C; requests under way are finished first. With --get PATH no server is started: the one response
    is printed, with its headers under -i or -v, and the exit code is 0 below status 400, 1 below 500, and 2 above.
    """
    listen()
    from pacta.pages.app import Settings, application
    from pacta.pages.endpoint.limits import MEGABYTE, Limits

    host, port = _address(bind)
    sockets = [] if path else _listening(host, port)
    if sockets:
        port = sockets[0].getsockname()[1]
    public = _sound_url(url or f"http://{f'[{host}]' if ':' in host else host}:{port}")
    store = given_store(store_path)
    limits = Limits(
        seconds=seconds,
        workers=workers,
        waiting=waiting,
        memory=memory * MEGABYTE,
        max_rows=max_rows,
        max_bytes=max_bytes * MEGABYTE,
    )
    kept = cache or _own_cache(store)
    app = application(Settings(store=store, base=base, url=public, cache=kept, limits=limits, warm=not path))
    if path:
        try:
            _print_one(app, path, headers, include or is_verbose(), output)
        finally:
            app.state.pool.close()
        return
    app.state.pool.warm()
    _serve(app, sockets, public, grace=int(seconds) + GRACE)


def _address(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:
        raise UsageError_(f"{bind!r} is no address to listen at", "--bind", "write HOST:PORT, as in localhost:8000")
    return host.removeprefix("[").removesuffix("]") or "localhost", int(port)


def _sound_url(url: str) -> str:
    if not _URL.fullmatch(url):
        raise UsageError_(f"{url!r} is no address of a server", "--url", "write it as https://data.example.org")
    return url.rstrip("/")


def _own_cache(store: Path) -> Path:
    """Return the folder of the user's cache for what is kept of a store."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return home / "pacta" / hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:16]


def _listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at each address of a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise UsageError_(f"there is no host {host!r}", "--bind", "give a name or address of this machine") from error
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, address in sorted(found, key=lambda each: each[0] != socket.AF_INET):
        if sockets and port == 0:
            break
        one = socket.socket(family, kind, protocol)
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen(256)
            sockets.append(one)
        except OSError as error:
            one.close()
            if error.errno == errno.EADDRINUSE or (not sockets and family == found[-1][0]):
                for each in sockets:
                    each.close()
                raise _cannot_listen(error, host, port) from error
    if not sockets:
        raise UsageError_("there is nowhere to listen", f"{host}:{port}", "give another --bind")
    return sockets


def _cannot_listen(error: OSError, host: str, port: int) -> UsageError_:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return UsageError_("another program listens there already", where, "give another port with --bind HOST:PORT")
    if error.errno == errno.EACCES:
        return UsageError_("this port may not be used", where, "give a port above 1023 with --bind HOST:PORT")
    return UsageError_(f"cannot listen: {(error.strerror or str(error)).lower()}", where, "give another --bind")


def _print_one(app: object, path: str, headers: tuple[str, ...], include: bool, output: Path | None) -> None:
    from http import HTTPStatus

    from pacta.pages.oneshot import get

    pairs = []
    for each in headers:
        name, colon, value = each.partition(":")
        if not colon or not name.strip() or not each.isascii() or not each.isprintable():
            raise UsageError_(f"{each!r} is no header", "-H", "write it as NAME: VALUE")
        pairs.append((name.strip(), value.strip()))
    got = get(app, path, headers=pairs)  # type: ignore[arg-type]
    head = ""
    if include:
        lines = [f"HTTP/1.1 {got.status} {HTTPStatus(got.status).phrase}", *(f"{n}: {v}" for n, v in got.headers)]
        head = "\n".join(lines) + "\n\n"
    write(head.encode() + got.body, output)
    if got.status >= 400:
        click.get_current_context().exit(1 if got.status < 500 else 2)


def _serve(app: object, sockets: list[socket.socket], public: str, *, grace: int) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=grace,
        timeout_keep_alive=20,
        h11_max_incomplete_event_size=64_000,
        lifespan="on",
        http="h11",
        ws="none",
    )
    sys.setswitchinterval(0.001)  # a long page must not hold up the short ones
    say(f"serving at {public}/ (stop with Ctrl-C)")
    uvicorn.Server(config).run(sockets=sockets)
