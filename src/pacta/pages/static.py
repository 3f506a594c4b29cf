"""Files that the pages need: style, scripts, pictures. All are vendored; nothing is fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.responses import Problem

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gif": "image/gif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}


async def page(request: Request) -> Response:
    """Answer /static/…: a file of the folder static, if it is of a kind that is served."""
    file = (FOLDER / request.path_params["path"].replace("\0", "")).resolve()
    media_type = MEDIA_TYPES.get(file.suffix, "text/plain; charset=utf-8" if file.name == "LICENSE" else None)
    if media_type is None or not file.is_relative_to(FOLDER.resolve()) or not file.is_file():
        raise Problem(404, "there is no such file", links=[("/", "First page")])
    headers = {"Cache-Control": "public, max-age=600", "Content-Type": media_type}
    return Response(file.read_bytes(), headers=headers)
