"""The outermost layer: headers that keep a browser safe, bounds on requests, CORS, and no word of a crash."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacta.errors import PactaError
from pacta.pages.responses import Problem, problem_of, problem_response

log = logging.getLogger("pacta.pages")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the data are for everybody
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Last-Modified, Content-Location, Retry-After, Repr-Digest, X-Truncated"
    ),
}


class Guard:
    """Wraps the application: bounds requests, and answers every fault that comes out of it in the one shape."""

    def __init__(self, app: ASGIApp, *, max_url: int, max_body: int) -> None:
        self.app, self.max_url, self.max_body = app, max_url, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = False

        async def guarded(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["Server"] = "pacta"
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        request = Request(scope, receive)
        try:
            self._check(scope, request)
            await self.app(scope, self._bounded(receive), guarded)
        except asyncio.CancelledError:  # the server stops, and this took longer than its grace
            if began:
                raise
            problem = Problem(503, "the server is stopping", remedy="try again soon", headers={"Retry-After": "30"})
            await fault(request, problem)(scope, receive, guarded)
        except Exception as error:
            response = fault(request, error)
            if began:
                raise  # half of an answer is out; the connection must break
            await response(scope, receive, guarded)

    def _check(self, scope: Scope, request: Request) -> None:
        length = len(scope.get("raw_path") or scope["path"].encode()) + len(scope.get("query_string", b""))
        if length > self.max_url:
            raise Problem(414, f"the address is longer than {self.max_url} bytes", remedy="send a query by POST")
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self.max_body:
            raise self._too_large()

    def _too_large(self) -> Problem:
        return Problem(413, f"the request is larger than {self.max_body} bytes", remedy="send less at once")

    def _bounded(self, receive: Receive) -> Receive:
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > self.max_body:
                    raise self._too_large()
            return message

        return counted


def fault(request: Request, error: Exception) -> Response:
    """Return the response to an error of any kind. What is unexpected goes into the log, not to the visitor."""
    if isinstance(error, Problem):
        problem = error
    elif isinstance(error, HTTPException):
        problem = _of_status(error)
    elif isinstance(error, PactaError):
        problem = problem_of(error)
        if problem.status >= 500:
            log.error("%s: %s", request.url.path, error)
    else:
        log.error("%s: unexpected %s", request.url.path, type(error).__name__, exc_info=error)
        problem = Problem(
            500, "something went wrong on this server", remedy="try again, and tell its keeper if it stays so"
        )
    try:
        return problem_response(request, problem)
    except Exception as second:  # the page of faults must not be one
        log.error("the page of a fault failed: %s", second, exc_info=second)
        return Response(f"{problem.status} {problem.title}\n", problem.status, media_type="text/plain")


def _of_status(error: HTTPException) -> Problem:
    told: dict[int, Any] = {
        404: ("there is nothing at this address", "start from the first page, or search"),
        405: ("this address does not take this method", "send one of those that Allow names"),
    }
    what, remedy = told.get(error.status_code, (error.detail, None))
    links = [("/", "First page"), ("/search", "Search")] if error.status_code == 404 else []
    return Problem(error.status_code, what, remedy=remedy, links=links, headers=dict(error.headers or {}))
