"""Whether a store is sound: findings about its files, its records, what they refer to, and what was derived from them.

    for finding in findings(store, base=base): ...

Every index is read, graph by graph, so memory is bounded by the largest graph. Shapes are not asked: `pacta validate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from pacta import integrity, rules
from pacta.errors import DamagedStore, StoreError
from pacta.holdings import record_key
from pacta.hygiene import SEVERITIES
from pacta.iris import Iris
from pacta.literals import whole_number
from pacta.shards import ACCEPTED, Folder
from pacta.store import EmbeddedStore, mark
from pacta.vocabulary import PACTA, PROV, RDF

_SEVERITY = dict(zip(integrity.SEVERITIES, SEVERITIES, strict=True))
_TEXT, _CHARS, _TEXT_HASH, _QUOTE, _START, _END = (
    NamedNode(PACTA + name) for name in ("fullText", "charLength", "textSha256", "quote", "charStart", "charEnd")
)
_TYPE, _GENERATED = NamedNode(RDF + "type"), NamedNode(PROV + "wasGeneratedBy")
_RECORD, _RUN = NamedNode(PACTA + "Record"), NamedNode(PACTA + "ConversionRun")
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what looked for it, ERROR, WARN or INFO, the graph or file it is about, what is wrong, what to do."""

    check: str
    severity: str
    subject: str
    message: str
    remedy: str

    def __str__(self) -> str:
        remedy = f" {self.remedy[:1].upper()}{self.remedy[1:]}." if self.remedy else ""
        return f"{self.severity} {self.check}: {self.subject}: {self.message}.{remedy}"


def findings(
    store: EmbeddedStore, *, base: str, shards: Folder | None = None, step: Step = lambda graphs: None
) -> Iterator[Finding]:
    """Yield what is wrong with a store, its worst faults first; `step` hears how many graphs are done."""
    iris = Iris(base)
    yield from _marked(store)
    try:
        names = store.graph_names()
    except StoreError as error:
        yield _unreadable("the list of graphs", error)
        return
    whole = True
    counts: Counter[NamedNode] = Counter()
    for name in names:
        try:
            quads = list(store.quads(name))
            counts.update(quad.predicate for quad in quads)
            wrong = list(_indexed(store, name, quads))
            whole = whole and not wrong
            yield from wrong
            yield from _record(store, name, quads, iris)
        except DamagedStore as error:
            whole = False
            yield _unreadable(name, error)
        step(1)
    wrong = list(_by_predicate(store, counts)) if whole else []
    yield from wrong
    if whole and not wrong:  # a query over a damaged index may never end
        yield from _between(store, base)
        yield from _derived(store, base)
    if shards is not None:
        yield from _against(store, shards, iris)


def worst(found: Iterable[Finding], least: str) -> bool:
    """Tell whether a finding is of that severity or worse."""
    wanted = SEVERITIES[: SEVERITIES.index(least) + 1]
    return any(finding.severity in wanted for finding in found)


# --- files and indexes ------------------------------------------------------------------------------------------------
def _marked(store: EmbeddedStore) -> Iterator[Finding]:
    if store.path is not None and mark.read(store.path) is None:
        remedy = "nothing to do: the next build or load puts it there"
        yield Finding("mark", "INFO", str(store.path), "the store has no mark of its format", remedy)


def _unreadable(name: str, error: StoreError) -> Finding:
    return Finding("readable", "ERROR", name, error.what, error.remedy or "")


def _indexed(store: EmbeddedStore, name: str, quads: list[Quad]) -> Iterator[Finding]:
    """Look each quad of a graph up in the indexes by subject, predicate and object; they agree, or one is damaged."""
    node, there = NamedNode(name), set(quads)
    ways: tuple[tuple[str, Iterator[Quad]], ...] = (
        ("predicate", (q for p in {q.predicate for q in quads} for q in store.match(None, p, None, node))),
        ("object", (q for o in {q.object for q in quads} for q in store.match(None, None, o, node))),
        ("subject", (q for s in {q.subject for q in quads} for q in _own(store.match(s), node))),  # type: ignore[arg-type]
        ("subject and object", (q for s, o in {(q.subject, q.object) for q in quads}
                                for q in _own(store.match(s, None, o), node))),  # type: ignore[arg-type]
    )  # fmt: skip
    for way, found in ways:
        if len(there) != sum(1 for quad in found if quad in there):
            message = f"its {len(there):,} quads are not the same by {way}"
            yield Finding("indexes", "ERROR", name, message, "build in a new folder from the same documents")


def _own(found: Iterator[Quad], graph: NamedNode) -> Iterator[Quad]:
    return (quad for quad in found if quad.graph_name == graph)


def _by_predicate(store: EmbeddedStore, counts: Counter[NamedNode]) -> Iterator[Finding]:
    """Read the index by predicate over all graphs."""
    for predicate, count in sorted(counts.items(), key=str):
        try:
            found = sum(1 for quad in store.match(None, predicate) if isinstance(quad.graph_name, NamedNode))
        except DamagedStore as error:
            yield _unreadable(f"quads with {predicate}", error)
            continue
        if found != count:
            message = f"{found:,} quads by predicate, {count:,} by graph"
            yield Finding("indexes", "ERROR", str(predicate), message, "build in a new folder from the same documents")


# --- records ----------------------------------------------------------------------------------------------------------
def _record(store: EmbeddedStore, name: str, quads: list[Quad], iris: Iris) -> Iterator[Finding]:
    """Compare a record with its run and with its text: the hash, the length, and every quote."""
    key = record_key(name, iris)
    if key is None:
        return
    again = "build again from the same documents into a new folder"
    runs = [quad.object for quad in quads if quad.predicate == _GENERATED and quad.subject == quad.graph_name]
    if not any(quad.predicate == _TYPE and quad.object == _RECORD for quad in quads) or not runs:
        yield Finding("record", "ERROR", name, "the record does not say what it is and which run made it", again)
    for run in runs:
        if next(store.match(run, _TYPE, _RUN), None) is None:  # type: ignore[arg-type]
            yield Finding("record", "ERROR", name, f"nothing is known of its run {run}", "build or load it again")
    texts = [quad.object.value for quad in store.quads(iris.text_graph(key)) if quad.predicate == _TEXT]  # type: ignore[union-attr]
    if not texts:
        remedy = "load the shards or build again, unless texts were left out on purpose"
        yield Finding("text", "WARN", name, "the full text of its document is not there", remedy)
    for text in texts:
        wrong = list(_unlike(text, quads))
        if wrong:
            yield Finding("text", "ERROR", name, f"its text is not the one it was made from: {'; '.join(wrong)}", again)


def _unlike(text: str, quads: list[Quad]) -> Iterator[str]:
    """Yield in which ways a text is not what the quads of a record say of it."""
    values: dict[NamedNode, dict[object, str]] = {_CHARS: {}, _TEXT_HASH: {}, _QUOTE: {}}
    offsets: dict[NamedNode, dict[object, int | None]] = {_START: {}, _END: {}}
    for quad in quads:
        if quad.predicate in values and isinstance(quad.object, Literal):
            values[quad.predicate][quad.subject] = quad.object.value
        elif quad.predicate in offsets:
            offsets[quad.predicate][quad.subject] = whole_number(quad.object)
    if any(digest != sha256(text.encode()).hexdigest() for digest in values[_TEXT_HASH].values()):
        yield "another hash"
    if any(length != str(len(text)) for length in values[_CHARS].values()):
        yield f"another length than {len(text):,}"
    other = [
        span
        for span, quote in values[_QUOTE].items()
        if span in offsets[_START]
        and span in offsets[_END]
        and (None in (at := (offsets[_START][span], offsets[_END][span])) or text[slice(*at)] != quote)
    ]
    if other:
        yield f"{len(other):,} of {len(values[_QUOTE]):,} quotes are not in their place, as {min(map(str, other))}"


# --- between graphs ---------------------------------------------------------------------------------------------------
def _between(store: EmbeddedStore, base: str) -> Iterator[Finding]:
    """Ask the checks of shapes/store."""
    try:
        for fault in integrity.faults(store, base=base):
            yield Finding(fault.check, _SEVERITY[fault.severity], fault.subject, fault.message, fault.remedy)
    except DamagedStore as error:
        yield _unreadable("what one graph says of another", error)


def _derived(store: EmbeddedStore, base: str) -> Iterator[Finding]:
    """Derive again, beside the store, and compare."""
    graph = Iris(base).derived_graph()
    if store.outdated:
        return  # told already
    there = {quad.triple for quad in store.quads(graph)}
    wanted = rules.looked_at()
    found = store.quads() if wanted is None else (q for p in sorted(wanted) for q in store.match(None, NamedNode(p)))
    made = rules.derived([quad for quad in found if getattr(quad.graph_name, "value", "") != graph], base)
    if there != made:
        message = f"{len(there - made):,} triples too many and {len(made - there):,} too few"
        remedy = "pacta load of any file derives all anew; rules that changed since are no damage"
        yield Finding("derived", "ERROR", graph, message, remedy)


# --- shards -----------------------------------------------------------------------------------------------------------
def _against(store: EmbeddedStore, shards: Folder, iris: Iris) -> Iterator[Finding]:
    """Compare the records of shards with those of the store, quad by quad."""
    import pyoxigraph as ox

    there = set(store.graph_names())
    for manifest in shards.manifests():
        accepted = {e.record: e for e in manifest.entries if e.status == ACCEPTED}
        lost = sorted(set(accepted) - there)
        for record in lost:
            remedy = f"pacta load --shards {shards.url}"
            yield Finding("shards", "ERROR", record, "the shards hold this record, the store does not", remedy)
        if not accepted:
            continue
        try:
            content = shards.content(manifest)
        except StoreError as error:
            yield Finding("shards", "ERROR", error.where or shards.url, error.what, error.remedy or "")
            continue
        graphs: dict[str, set[Quad]] = {}
        for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS):
            assert isinstance(quad, Quad)
            graphs.setdefault(getattr(quad.graph_name, "value", ""), set()).add(quad)
        for name in sorted(set(graphs) & there):
            try:
                same = set(store.quads(name)) == graphs[name]
            except DamagedStore:
                continue  # told already
            if not same:
                remedy = "build in a new folder, or load the shards into one"
                yield Finding("shards", "ERROR", name, "the store holds other quads here than the shards", remedy)
