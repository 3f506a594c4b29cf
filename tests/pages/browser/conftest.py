"""A server over the seed and a hostile document beside it, and a headless Chromium to visit it with.

Where Playwright, axe or a Chromium is not there, each test says so by name and is left out; `make browser` installs the
first two, a system's package manager the third (Debian: chromium). CHROMIUM names another one.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pyoxigraph import Store

from pacta import rules
from pacta.documents import read
from pacta.model import Document, Metadata
from pacta.pages.app import application
from pacta.pages.site import Settings
from pacta.pipeline import Converter
from pacta.store import open_store

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE_TITLE = "<script>document.title='broken'</script> \u202eTitle & \"more\""
HOSTILE_TEXT = (
    "The Ruritanian army <img src=x onerror=\"document.title='broken'\"> said on Monday that <b>it had left</b> "
    f"the village of {'Llan' * 400}.\n\n\u202eThe Ruritanian army said that \u2066it had \u0007left. "
    "It denied that </main></body><script>document.title='broken'</script> had fired.\n"
)


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def store_folder(converter: Converter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed and one hostile document, as `pacta build` would store them."""
    from pacta.resources import path

    documents = [each for each in read(path("seeds") / "documents") if isinstance(each, Document)]
    given = Metadata(id="hostile", title=HOSTILE_TITLE, published="2024-05-10", url="https://example.org/a?b=<c>")
    hostile = read(BytesIO(HOSTILE_TEXT.encode()), metadata=given, source_name="hostile.txt")
    documents += [each for each in hostile if isinstance(each, Document)]
    assert len(documents) == 2
    folder = tmp_path_factory.mktemp("browser") / "store"
    with open_store() as store:
        for name, quads in converter.reference_quads().items():
            store.replace_graph(name, quads)
        for document in documents:
            store.replace_graphs(converter.quads(converter.record(document)))
        rules.derive(store)
        disk = Store(str(folder))
        disk.extend(store.quads())
        disk.flush()
        del disk
    return folder


@pytest.fixture(scope="session")
def address(store_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = application(Settings(store=store_folder, url=url, cache=tmp_path_factory.mktemp("cache")))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started, "the server did not start"
    yield url
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise unittest.SkipTest("Playwright is not here; make browser installs it") from error
    program = _chromium()
    if program is None:
        raise unittest.SkipTest("no Chromium is here; install the system's package chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open a page: `visit(path, width=…, scripts=…)`. What it asked for and complained of is kept on the page."""
    contexts = []

    def open_page(
        path: str = "/", *, viewport: dict[str, int] = DESKTOP, scripts: bool = True, scheme: str = "light"
    ) -> Any:
        context = chromium.new_context(
            base_url=address, viewport=viewport, java_script_enabled=scripts, color_scheme=scheme
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: said.type in ("error", "warning") and page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    try:
        import axe_playwright_python
    except ImportError as error:
        raise unittest.SkipTest("axe is not here; make browser installs it") from error
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
