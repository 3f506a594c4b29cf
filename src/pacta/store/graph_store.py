"""A remote store for writing: graphs put whole by the SPARQL 1.1 Graph Store Protocol, again where the net fails.

A PUT replaces one graph by what is sent, so one that is repeated does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from pacta.errors import StoreError

TRIES = 5
TIMEOUT = 120  # seconds for one request
_FIRST_WAIT = 0.5  # seconds; doubled each time
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class GraphStore:
    """The graph store at an http or https address. `headers` go along with each request (authorisation).

    `wait` is called with the seconds to wait before each further try.
    """

    def __init__(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        tries: int = TRIES,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            remedy = "give the address of its graph store service"
            raise StoreError("a graph store is an http or https address", address, remedy)
        self.address, self.headers, self.tries, self._wait = address, dict(headers or {}), tries, wait

    def put(self, graph: str, ntriples: bytes) -> None:
        """Make these triples all of a graph."""
        mark = "&" if urlsplit(self.address).query else "?"
        headers = {**self.headers, "Content-Type": "application/n-triples"}
        where = f"{self.address}{mark}graph={quote(graph, safe='')}"
        problem = ""
        for attempt in range(self.tries):
            if attempt:
                self._wait(_FIRST_WAIT * 2 ** (attempt - 1))
            try:
                with urlopen(Request(where, ntriples, headers, method="PUT"), timeout=TIMEOUT) as reply:
                    reply.read()
                return
            except HTTPError as error:
                with error:
                    problem = f"the endpoint answered {error.code} {error.reason}"
                    if error.code not in _AGAIN:
                        remedy = "check its address and whether it lets you write"
                        raise StoreError(problem, self.address, remedy) from error
            except URLError as error:
                problem = f"the endpoint cannot be reached: {error.reason}"
            except (OSError, HTTPException) as error:
                problem = f"the endpoint cannot be reached: {error}"
        remedy = "run the same command again: what was put stays, and is put again"
        raise StoreError(f"{problem}, {self.tries} times", self.address, remedy)
