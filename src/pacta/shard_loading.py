"""Shards into a store: the embedded one, a shard in one transaction, or any endpoint, graph by graph.

What is there from the same run is passed over, earlier records of a document go, so loading can be repeated and goes
on where it stopped. The derived graph is made once all is in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from pacta import reference, rules
from pacta.errors import StoreError
from pacta.holdings import put_ground, records_by_document, records_of_run
from pacta.iris import Iris
from pacta.model import Run
from pacta.quads import run_quads
from pacta.shards import ACCEPTED, FAILED, REFUSED, Entry, Folder, Manifest
from pacta.store import EmbeddedStore
from pacta.store.graph_store import GraphStore


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many records were added and were there, and what the manifests say was refused or failed.

    `damaged` are shards that could not be read; the others landed.
    """

    added: int
    there: int
    refused: tuple[Entry, ...]
    failed: tuple[Entry, ...]
    damaged: tuple[StoreError, ...] = ()


def manifests(folder: Folder, base: str) -> tuple[Run, list[Manifest]]:
    """Return the manifests of a folder and the one run that made them; anything else raises StoreError."""
    check(folder)
    found = list(folder.manifests())
    runs = {manifest.run for manifest in found}
    if len(runs) > 1:
        versions = ", ".join(sorted(f"{run.version} with knowledge {run.knowledge_hash[:12]}" for run in runs))
        remedy = "keep the manifests of one of them, or write each into a folder of its own"
        raise StoreError(f"the shards come from {len(runs)} runs: {versions}", folder.url, remedy)
    if other := {manifest.base for manifest in found} - {base}:
        raise StoreError(f"the shards have another base: {min(other)}", folder.url, f"give --base {min(other)}")
    return runs.pop(), found


def check(folder: Folder) -> None:
    """Raise StoreError where a folder holds no shards."""
    if next(folder.manifests(), None) is None:
        raise StoreError("there are no shards", folder.url, "make them with pacta build --shards")


def load_into(
    store: EmbeddedStore, folder: Folder, *, base: str, progress: Callable[[int], None] = lambda count: None
) -> LoadReport:
    """Bring the records of all shards into an embedded store, and derive. `progress` hears of records that are done."""
    run, found = manifests(folder, base)
    iris = Iris(base)
    put_ground(store, reference.load(base).graphs, run_quads(run, iris), iris)
    present, earlier = records_of_run(store, run, iris), records_by_document(store, iris)
    added = there = 0
    damaged: list[StoreError] = []
    for manifest in found:
        accepted = [entry for entry in manifest.entries if entry.status == ACCEPTED]
        wanted = {entry.record: entry.key for entry in accepted if entry.record not in present}
        there += len(accepted) - len(wanted)
        if wanted:
            older = {name for key in wanted.values() for name in earlier.get(key, ())}
            try:
                content = folder.content(manifest)
            except StoreError as error:
                damaged.append(error)
                continue
            if len(wanted) < len(accepted):
                content = _only(content, set(wanted.values()), iris)
            store.replace_record(content, names=older)
            present |= wanted.keys()
            added += len(wanted)
        progress(len(accepted))
    rules.derive(store, base=base)
    return _report(added, there, found, damaged)


def put_into(
    endpoint: GraphStore,
    folder: Folder,
    *,
    base: str,
    derive: bool = True,
    progress: Callable[[int], None] = lambda count: None,
) -> LoadReport:
    """Put reference data and the records of all shards into an endpoint, a graph each; all are put again each time.

    `derive` makes the derived graph here, from all shards, and puts it too.
    """
    run, found = manifests(folder, base)
    iris = Iris(base)
    ground: list[Quad] = []
    graphs = {name: list(quads) for name, quads in reference.load(base).graphs.items()}
    graphs[iris.provenance_graph()] = run_quads(run, iris)
    for name, quads in sorted(graphs.items()):
        endpoint.put(name, _ntriples(quad.triple for quad in quads))
        ground.extend(quads)
    added = 0
    damaged: list[StoreError] = []
    seen: set[str] = set()
    wanted = rules.looked_at()
    for manifest in found:
        fresh = {entry.key for entry in manifest.entries if entry.status == ACCEPTED} - seen
        if fresh:
            try:
                content = folder.content(manifest)
            except StoreError as error:
                damaged.append(error)
                continue
            for name, triples in _by_graph(_only(content, fresh, iris)).items():
                endpoint.put(name, _ntriples(triples))
                if derive:
                    ground.extend(
                        Quad(t.subject, t.predicate, t.object, NamedNode(name))
                        for t in triples
                        if wanted is None or t.predicate.value in wanted
                    )
            seen |= fresh
            added += len(fresh)
            progress(len(fresh))
    if derive:
        endpoint.put(iris.derived_graph(), _ntriples(rules.derived(ground, base)))
    return _report(added, 0, found, damaged)


def _quads(content: bytes) -> Iterator[Quad]:
    yield from (quad for quad in ox.parse(content, format=RdfFormat.N_QUADS) if isinstance(quad, Quad))


def _only(content: bytes, keys: set[str], iris: Iris) -> bytes:
    """Return the N-Quads of the documents with these keys: of their record graphs and their text graphs."""
    stems = (f"{iris.base}graph/record/", f"{iris.base}graph/text/")

    def is_wanted(graph: str) -> bool:
        stem = next((stem for stem in stems if graph.startswith(stem)), None)
        return stem is not None and graph.removeprefix(stem).partition("-v")[0] in keys

    kept = (quad for quad in _quads(content) if is_wanted(getattr(quad.graph_name, "value", "")))
    return ox.serialize(kept, format=RdfFormat.N_QUADS) or b""


def _by_graph(content: bytes) -> dict[str, list[Triple]]:
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in _quads(content):
        graphs[getattr(quad.graph_name, "value", "")].append(quad.triple)
    return dict(sorted(graphs.items()))


def _ntriples(triples: Iterable[Triple]) -> bytes:
    return ox.serialize(sorted(triples, key=str), format=RdfFormat.N_TRIPLES) or b""


def _report(added: int, there: int, found: Iterable[Manifest], damaged: Iterable[StoreError]) -> LoadReport:
    last: dict[str, Entry] = {}
    order = Counter({ACCEPTED: 2, REFUSED: 1, FAILED: 0})  # a batch that was run again may have got further
    for manifest in found:
        for entry in manifest.entries:
            if entry.key not in last or order[entry.status] > order[last[entry.key].status]:
                last[entry.key] = entry
    entries = sorted(last.values(), key=lambda entry: entry.source_name)
    return LoadReport(
        added,
        there,
        tuple(entry for entry in entries if entry.status == REFUSED),
        tuple(entry for entry in entries if entry.status == FAILED),
        tuple(damaged),
    )
