"""What pages compute once a snapshot, computed before its first visitor: at the start, and after each switch."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from pacta.pages.oneshot import ask
from pacta.pages.rendering import text_of

if TYPE_CHECKING:
    from pacta.pages.site import Site

log = logging.getLogger("pacta.pages")

# Each stands for what is walked for it; the cheapest first.
PATHS = ("/", "/agreements", "/search?q=a", "/map", "/timeline", "/questions", "/ontology", "/data")
LAST = ("/data/releases",)  # sums up every graph: half a minute for 10,000 documents
INTERVAL = 1.0  # seconds between two looks whether there is a new snapshot


class Warming:
    """Asks for the pages of PATHS, one after the other, in the background of a running event loop."""

    def __init__(self, app: Starlette) -> None:
        self.app, self.ended = app, False
        self._task = asyncio.get_running_loop().create_task(self._watch())

    def end(self) -> None:
        """Give up what is still under way."""
        self.ended = True
        self._task.cancel()

    async def _watch(self) -> None:
        site: Site = self.app.state.site
        done = ""
        while not self.ended:
            now = site.snapshots.current().id
            if now != done:
                done = now if await self._warm(site, now) else ""
            await asyncio.sleep(INTERVAL)

    async def _warm(self, site: Site, snapshot: str) -> bool:
        """Ask for each page, then for those of the actors that speak most; return False where a newer snapshot came."""
        for path in (*PATHS, *await site.call(_busiest, site), *LAST):
            if self.ended or site.snapshots.current().id != snapshot:
                return False
            got = await ask(self.app, path, headers=[("Accept", "text/html")])
            log.debug("%s is ready: %s", path, got.status)
        return True


def _busiest(site: Site) -> list[str]:
    """Return the paths of the actors whose pages take longest to gather: who speaks most, and for whom."""
    rows = site.ask("most-said").rows
    actors = dict.fromkeys(text_of(term) for column in (1, 0) for row in rows if (term := row[column]) is not None)
    return [href for actor in actors if (href := site.href(actor)).startswith("/")]
