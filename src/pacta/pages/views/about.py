"""About: what this site is, what it does not judge, how to read it, its licence, and what it is made with."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pacta import __version__
from pacta.pages.rendering import render

VENDORED = Path(__file__).parent.parent / "static" / "VENDORED.json"


async def page(request: Request) -> Response:
    """Return the page about the site."""
    return render(request, "about.html", title="About", section="/about", version=__version__, vendored=vendored())


@lru_cache(maxsize=1)
def vendored() -> list[dict[str, Any]]:
    """Return what others made that the pages ship: name, version, licence, source, files with their sha256."""
    found: list[dict[str, Any]] = json.loads(VENDORED.read_text(encoding="utf-8"))
    return found
