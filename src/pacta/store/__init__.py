"""Stores behind one small interface: embedded (pyoxigraph, on disk or in memory) and remote (SPARQL 1.1 protocol).

    with open_store(Path("store")) as store:
        store.query("SELECT ?s WHERE { ?s ?p ?o }").rows

In both, a query sees the union of all graphs as its default graph.
"""

from __future__ import annotations

from typing import Protocol

from pacta.store.damage import told
from pacta.store.embedded import EmbeddedStore, open_store
from pacta.store.remote import RemoteStore
from pacta.store.results import Results, Row, Term

__all__ = ["EmbeddedStore", "Queryable", "RemoteStore", "Results", "Row", "Term", "open_store", "told"]


class Queryable(Protocol):
    """Whatever answers a SPARQL query over the union of its graphs."""

    def query(self, text: str) -> Results: ...
