"""One request to the application without a server: what `pacta serve --get PATH` prints."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.types import ASGIApp, Message


@dataclass(slots=True)
class Got:
    """A whole response. Header names are in small letters."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)


def get(
    app: ASGIApp, path: str, *, method: str = "GET", headers: Sequence[tuple[str, str]] = (), body: bytes = b""
) -> Got:
    """Send one request to an ASGI application and return what it answers."""
    return asyncio.run(ask(app, path, method=method, headers=headers, body=body))


async def ask(
    app: ASGIApp, target: str, *, method: str = "GET", headers: Sequence[tuple[str, str]] = (), body: bytes = b""
) -> Got:
    """Do as `get`, within a running event loop."""
    parts = urlsplit(target if target.startswith("/") else f"/{target}")
    raw = quote(parts.path, safe="/%:@!$&'()*+,;=-._~")
    names = {name.lower() for name, _ in headers}
    sent = [*headers, *([] if "host" in names else [("Host", "localhost")])]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": _decoded(raw),
        "raw_path": raw.encode(),
        "query_string": quote(parts.query, safe="%/:@!$&'()*+,;=-._~?").encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent],
        "client": None,
        "server": ("localhost", 80),
        "state": {},
    }
    got, parts_of_body = Got(), []
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.sleep(3600)  # the visitor waits for the answer
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = [
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message["headers"]
            ]
        else:
            parts_of_body.append(message.get("body", b""))

    await app(scope, receive, send)
    got.body = b"".join(parts_of_body)
    return got


def _decoded(raw: str) -> str:
    from urllib.parse import unquote

    return unquote(raw)
