"""A dump in bounded memory: the bytes of `graph_to`, however little is in memory at once."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from pacta import sorting
from pacta.exports import GRAPH_WRITERS, graph_to, streamed
from pacta.store import EmbeddedStore, open_store
from stores import borduria

ODD = "http://example.org/"


@pytest.fixture(scope="module")
def store():
    with borduria() as opened:
        graphs = [NamedNode(f"{ODD}{name}") for name in ("g", "g/9", "g/10", "g1")]
        for graph in graphs:
            opened.add(
                Quad(NamedNode(f"{ODD}{subject}"), NamedNode(f"{ODD}p"), value, graph)
                for subject in ("s", "s9", "s10", "s/1")
                for value in (Literal('a "b"\n\r\\ \u2028 c\x0b'), Literal("a", language="en"), Literal("a"), graph)
            )
        yield opened


def dumped(store: EmbeddedStore, name: str, *, text: bool) -> bytes:
    return b"".join(streamed.parts(store.graph_names(), store.quads, name, include_text=text))


@pytest.mark.parametrize("most", [7, 1_000_000])
@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("name", sorted(GRAPH_WRITERS))
def test_part_by_part_gives_the_bytes_of_all_at_once(store, monkeypatch, name, text, most):
    monkeypatch.setattr(sorting, "MOST", most)
    assert dumped(store, name, text=text) == graph_to(store.quads(), name, include_text=text)


@pytest.mark.parametrize("name", sorted(GRAPH_WRITERS))
def test_an_empty_store(name):
    with open_store() as empty:
        assert dumped(empty, name, text=True) == graph_to([], name)
