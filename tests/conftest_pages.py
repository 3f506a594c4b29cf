"""Fixtures: the seed published from a folder, and a way to ask it without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import Store

from pacta.pages.app import application
from pacta.pages.oneshot import Got
from pacta.pages.oneshot import get as get_once
from pacta.pages.site import Settings, Site
from pacta.store import EmbeddedStore

URL = "https://pacta.example"


class Get(Protocol):
    def __call__(self, path: str, accept: str | None = None, *, method: str = "GET", **headers: str) -> Got: ...


@pytest.fixture(scope="session")
def seed_folder(seed_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed's store on disk."""
    folder = tmp_path_factory.mktemp("published") / "store"
    store = Store(str(folder))
    store.extend(seed_store.quads())
    store.flush()
    del store
    return folder


@pytest.fixture(scope="session")
def app(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    made = application(Settings(store=seed_folder, url=URL, cache=tmp_path_factory.mktemp("cache")))
    yield made
    made.state.pool.close()
    made.state.site.close()


@pytest.fixture(scope="session")
def site(app: object) -> Site:
    return app.state.site  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(scope="session")
def get(app: object) -> Get:
    return asker(app)


def asker(app: object) -> Get:
    """Return a function that asks an application; keywords are headers, `_` for `-`."""

    def ask(path: str, accept: str | None = None, *, method: str = "GET", **headers: str) -> Got:
        sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if accept is not None:
            sent.append(("Accept", accept))
        return get_once(app, path, method=method, headers=sent)  # type: ignore[arg-type]

    return ask
