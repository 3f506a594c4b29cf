"""Fixtures over the seeds: converted once a session, then read by the tests of every stage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad

from pacta import rules
from pacta.documents import read
from pacta.model import Document, Record
from pacta.pipeline import Converter, default_converter
from pacta.resources import path
from pacta.store import EmbeddedStore, open_store


@pytest.fixture(scope="session")
def converter() -> Converter:
    return default_converter()


@pytest.fixture(scope="session")
def seed_document() -> Document:
    found = list(read(path("seeds") / "documents"))
    assert len(found) == 1
    assert isinstance(found[0], Document)
    return found[0]


@pytest.fixture(scope="session")
def seed_record(converter: Converter, seed_document: Document) -> Record:
    return converter.record(seed_document)


@pytest.fixture(scope="session")
def seed_record_quads(converter: Converter, seed_record: Record) -> list[Quad]:
    return converter.quads(seed_record)


@pytest.fixture(scope="session")
def seed_annotation(converter: Converter, seed_record: Record) -> dict[str, Any]:
    """The annotate object, by way of JSON as a user gets it."""
    return json.loads(json.dumps(converter.annotation(seed_record)))


@pytest.fixture(scope="session")
def seed_store(converter: Converter, seed_record_quads: list[Quad]) -> Iterator[EmbeddedStore]:
    """Reference data, agreements, provenance, the seed's record and text, and what the rules derive."""
    with open_store() as store:
        for name, quads in converter.reference_quads().items():
            store.replace_graph(name, quads)
        store.replace_graphs(seed_record_quads)
        rules.derive(store)
        yield store


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[1]
