"""The application: which address is answered by what, inside the layers that guard and cache.

The table below is the map of the server. A page's module is loaded with its first visitor.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pacta.errors import PactaError
from pacta.pages import views
from pacta.pages.caching import Conditional
from pacta.pages.endpoint.pool import QueryPool
from pacta.pages.responses import Problem
from pacta.pages.security import Guard, fault
from pacta.pages.site import Settings, Site

__all__ = ["Settings", "application"]

READ = ("GET",)
ASK = ("GET", "POST")
KNOWLEDGE = ("/ontology", "/vocab", "/shapes", "/rule", "/lexicon")
SUFFIXES = ("html", "ttl", "jsonld", "nt", "rdf")
LISTS = ("", ".html", ".json", ".csv")

# Path, methods, and "module:function" below pacta.pages. Order counts: the first row that fits answers.
TABLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("/static/{path:path}", READ, "static:page"),
    ("/id/{path:path}", READ, "resources:data"),
    ("/describe", READ, "resources:lookup"),
    ("/ontology/model.svg", READ, "ontology_pages:diagram"),
    *((path, READ, "ontology_pages:page") for path in KNOWLEDGE),
    *((f"{path}.{suffix}", READ, "ontology_pages:page") for path in KNOWLEDGE for suffix in SUFFIXES),
    *((f"{path}/{{path:path}}", READ, "ontology_pages:page") for path in KNOWLEDGE),
    ("/.well-known/void", READ, "catalog:void"),
    *((f"/data{suffix}", READ, "catalog:page") for suffix in ("", *(f".{each}" for each in SUFFIXES))),
    *((f"/data/releases{suffix}", READ, "catalog:list_releases") for suffix in LISTS),
    *((f"/data/changes{suffix}", READ, "catalog:list_changes") for suffix in LISTS),
    ("/data/{path:path}", READ, "dumps:page"),
    ("/openapi.json", READ, "openapi:page"),
    ("/query", READ, "questions_api:index"),
    ("/query/{topic}/{name}", READ, "questions_api:page"),
    ("/sparql", ASK, "endpoint.protocol:page"),
    ("/rdf-graph-store", READ, "endpoint.graph_store:page"),
    ("/rdf-graph-store/{path:path}", READ, "endpoint.graph_store:page"),
    *((path, READ, name) for path, name in views.ROUTES),
)


def application(settings: Settings) -> Starlette:
    """Return the ASGI application over a store; a folder without a store raises StoreError."""
    site = Site(settings)
    pool = QueryPool(site.snapshots, settings.limits)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        warming = None
        if settings.warm:
            from pacta.pages.warming import Warming

            warming = Warming(app)
        try:
            yield
        finally:
            if warming:
                warming.end()
            pool.close()
            site.close()

    routes: list[BaseRoute] = [
        Route(path, _late(name), methods=list(methods), name=name) for path, methods, name in TABLE
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, max_url=settings.max_url, max_body=settings.max_body),
            Middleware(Methods, routes=routes),
            Middleware(Conditional, site=site),
        ],
        exception_handlers=dict.fromkeys((HTTPException, Problem, PactaError), _fault),
        lifespan=lifespan,
    )
    app.state.site = site
    app.state.pool = pool
    return app


async def _fault(request: Request, error: Exception) -> Response:
    return fault(request, error)


def _late(name: str) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint whose module is loaded when it is first asked."""

    async def endpoint(request: Request) -> Response:
        return await views.load(name)(request)

    return endpoint


class Methods:
    """Answers OPTIONS, also before a request from another site: which methods an address takes."""

    def __init__(self, app: ASGIApp, *, routes: list[BaseRoute]) -> None:
        self.app, self.routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        methods = {"OPTIONS"}
        for route in self.routes:
            if route.matches(scope)[0] is not Match.NONE:
                methods |= set(getattr(route, "methods", None) or ())
        allowed = ", ".join(sorted(methods))
        headers = {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Modified-Since, Range",
            "Access-Control-Max-Age": "86400",
        }
        await Response(status_code=204, headers=headers)(scope, receive, send)
