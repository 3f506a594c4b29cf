"""Validators, compression and a memory of finished answers, for every page at once.

What a path answers depends on the snapshot and on Accept alone, so a finished answer is kept until the snapshot goes.
One that says `Cache-Control: max-age=0` is not kept.
An answer that says `Cache-Control: no-store`, that streams more than BUFFER bytes or that handles ranges itself is left
alone. ETags are strong: the sha256 of the bytes, and the coding they are sent in.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacta.pages.endpoint.snapshots import Snapshot
from pacta.pages.negotiation import coding, listed
from pacta.pages.site import Site

BUFFER = 16_000_000  # bytes of one answer that are held back to be hashed and compressed
SMALL = 500  # bytes that compression does not pay for
CODINGS = ("br", "gzip")  # best first
_DENSE = ("image/png", "image/jpeg", "image/webp", "font/", "application/gzip", "application/zip", "video/", "audio/")


@dataclass(slots=True)
class Answer:
    """A finished answer: status, headers without those of a coding, and its bytes in each coding that was asked for."""

    status: int
    headers: list[tuple[bytes, bytes]]
    bodies: dict[str | None, bytes]
    digest: str

    @property
    def body(self) -> bytes:
        return self.bodies[None]

    @property
    def dense(self) -> bool:
        """Whether compression would gain nothing."""
        kind = Headers(raw=self.headers).get("content-type", "")
        return len(self.body) < SMALL or kind.startswith(_DENSE)

    @property
    def volatile(self) -> bool:
        """Whether it may change while the snapshot stays."""
        return "max-age=0" in Headers(raw=self.headers).get("cache-control", "")

    def coded(self, name: str | None) -> bytes:
        if name not in self.bodies:
            self.bodies[name] = compressed(self.body, name)
        return self.bodies[name]

    def etag(self, name: str | None) -> str:
        return f'"{self.digest}{f"-{name}" if name else ""}"'


def compressed(body: bytes, name: str | None) -> bytes:
    """Return bytes in a content coding; the same bytes give the same result."""
    if name == "br":
        return bytes(brotli.compress(body, quality=4))
    return gzip.compress(body, 6, mtime=0) if name == "gzip" else body


@dataclass(slots=True)
class Memory:
    """Finished answers, the least lately used dropped first; `limit` in bytes."""

    limit: int
    size: int = 0
    kept: OrderedDict[object, Answer] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: object) -> Answer | None:
        with self.lock:
            found = self.kept.get(key)
            if found is not None:
                self.kept.move_to_end(key)
            return found

    def put(self, key: object, answer: Answer) -> None:
        cost = 2 * len(answer.body) + 1_000  # the compressed bytes come later
        if cost > self.limit // 8:
            return
        with self.lock:
            if key in self.kept:
                return
            self.kept[key] = answer
            self.size += cost
            while self.size > self.limit:
                _, old = self.kept.popitem(last=False)
                self.size -= 2 * len(old.body) + 1_000


class Conditional:
    """Wraps the router: pins the snapshot, remembers, compresses, and answers 304 to who has the bytes already."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self.app, self.site = app, site
        self.memory = Memory(site.settings.memory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.site.pinned() as snapshot:
            if scope["method"] not in ("GET", "HEAD"):
                await self.app(scope, receive, send)
                return
            headers = Headers(scope=scope)
            key = (
                snapshot.id,
                bytes(scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")),
                bytes(scope.get("query_string", b"")),
                headers.get("accept", ""),
            )
            answer = self.memory.get(key)
            if answer is None:
                held = _Held(send, head=scope["method"] == "HEAD")
                await self.app({**scope, "method": "GET", "pacta.head": held.head}, receive, held)
                answer = held.answer
                if answer is None:
                    return
                if answer.status == 200 and not answer.volatile:
                    self.memory.put(key, answer)
            await _send(answer, headers, snapshot, send, head=scope["method"] == "HEAD")


class _Held:
    """Holds an answer back until it is whole; lets go of one that is not for holding."""

    def __init__(self, send: Send, *, head: bool) -> None:
        self.send, self.head = send, head
        self.answer: Answer | None = None
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._through = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            headers = Headers(raw=message["headers"])
            own = "etag" in headers or "content-range" in headers or "accept-ranges" in headers
            if own or "no-store" in headers.get("cache-control", "") or "content-encoding" in headers:
                await self._let_go()
        elif self._through:
            await self.send({**message, "body": b""} if self.head else message)
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            self._size += len(self._parts[-1])
            if self._size > BUFFER:
                await self._let_go()
            elif not message.get("more_body"):
                self._finish()

    async def _let_go(self) -> None:
        assert self._start is not None
        self._through = True
        await self.send(self._start)
        for part in self._parts:
            await self.send({"type": "http.response.body", "body": b"" if self.head else part, "more_body": True})
        self._parts.clear()

    def _finish(self) -> None:
        assert self._start is not None
        body = b"".join(self._parts)
        raw = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        self.answer = Answer(self._start["status"], raw, {None: body}, hashlib.sha256(body).hexdigest()[:32])


async def _send(answer: Answer, asked: Headers, snapshot: Snapshot, send: Send, *, head: bool) -> None:
    headers = MutableHeaders(raw=list(answer.headers))
    name = None if answer.dense else coding(asked.get("accept-encoding"), CODINGS)
    for each in ("Accept", "Accept-Encoding"):
        headers.add_vary_header(each)
    status, body = answer.status, b""
    if status == 200:
        modified = max(snapshot.modified, program_modified())
        headers.setdefault("Cache-Control", "no-cache")  # keep it, but ask whether it still holds
        headers["ETag"] = answer.etag(name)
        headers["Last-Modified"] = http_date(modified)
        if not_modified(asked, [answer.etag(each) for each in (None, *CODINGS)], modified):
            status = 304
            for each in ("content-type", "content-length"):
                if each in headers:
                    del headers[each]
    if status not in (204, 304):
        body = answer.coded(name)
        headers["Content-Length"] = str(len(body))
        if name:
            headers["Content-Encoding"] = name
    await send({"type": "http.response.start", "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b"" if head else body})


def not_modified(asked: Headers, etags: list[str], modified: datetime) -> bool:
    """Tell whether the visitor has the bytes: by If-None-Match, and only without that by If-Modified-Since."""
    if (known := asked.get("if-none-match")) is not None:
        names = {each.removeprefix("W/") for each in listed(known)}
        return "*" in names or not names.isdisjoint(etags)
    if (since := asked.get("if-modified-since")) is not None:
        try:
            moment = parsedate_to_datetime(since)
        except (ValueError, TypeError, OverflowError):
            return False
        return modified <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return False


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


@lru_cache(maxsize=1)
def program_modified() -> datetime:
    """Return when the newest file of these pages was written: another program may show the same data otherwise."""
    here = Path(__file__).parent
    newest = max(file.stat().st_mtime for file in here.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return datetime.fromtimestamp(int(newest), UTC)
