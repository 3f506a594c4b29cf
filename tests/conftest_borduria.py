"""Fixtures: the invented conflict published from a folder; two sides that read, charge, deny and say it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from conftest_pages import asker
from markup import Element, tree
from pacta.pages.app import application
from pacta.pages.site import Settings
from stores import borduria

Look = Callable[[str], Element]
ACCORD = "/id/agreement/brd-syd-2031-03"
MATRIX = "/agreements/brd-syd-2031-03/disputes"


@pytest.fixture(scope="session")
def borduria_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    folder = tmp_path_factory.mktemp("borduria") / "store"
    borduria(folder).close()
    made = application(Settings(store=folder, url="https://pacta.example", cache=tmp_path_factory.mktemp("cache")))
    yield made
    made.state.pool.close()
    made.state.site.close()


@pytest.fixture(scope="session")
def look(borduria_app: object) -> Look:
    """Return the page at an address as a tree."""
    ask = asker(borduria_app)

    def at(path: str) -> Element:
        got = ask(path, "text/html")
        assert got.status == 200, f"{path}: {got.status} {got.body[-600:]!r}"
        assert (got.header("content-type") or "").startswith("text/html")
        return tree(got.body)

    return at
