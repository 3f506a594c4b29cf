"""Whether a store is sound: findings about its files, its records, what they refer to, and what was derived from them.

    for finding in findings(store, base=base): ...

Every index is read, graph by graph, so memory is bounded by the largest record; of a larger graph a part is held at a
time. Shapes are not asked: `pacta validate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from operator import attrgetter

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
HELD = 100_000  # quads of a graph that are in memory at once; a record is held whole, whatever its size
_WAYS = ("predicate", "object", "subject", "subject and object")


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
            quads = list(islice(store.quads(name), None if record_key(name, iris) else HELD))
            if len(quads) < HELD or record_key(name, iris):
                counts.update(quad.predicate for quad in quads)
                wrong = list(_indexed(store, name, quads, _WAYS))
            else:
                del quads[:]
                wrong = list(_indexed_in_parts(store, name, counts))
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


def _indexed(store: EmbeddedStore, name: str, quads: list[Quad], ways: Iterable[str]) -> Iterator[Finding]:
    """Look quads of a graph up in indexes by their terms; `quads` are all of the graph with any term that is asked."""
    node, there = NamedNode(name), set(quads)
    for way in ways:
        if len(there) != sum(1 for quad in _looked_up(store, node, there, way) if quad in there):
            message = f"its {len(there):,} quads are not the same by {way}"
            yield Finding("indexes", "ERROR", name, message, "build in a new folder from the same documents")


def _looked_up(store: EmbeddedStore, node: NamedNode, quads: Iterable[Quad], way: str) -> Iterator[Quad]:
    if way == "predicate":
        return (q for p in {q.predicate for q in quads} for q in store.match(None, p, None, node))
    if way == "object":
        return (q for o in {q.object for q in quads} for q in store.match(None, None, o, node))
    if way == "subject":
        return (q for s in {q.subject for q in quads} for q in _own(store.match(s), node))  # type: ignore[arg-type]
    pairs = {(q.subject, q.object) for q in quads}
    return (q for s, o in pairs for q in _own(store.match(s, None, o), node))  # type: ignore[arg-type]


def _indexed_in_parts(store: EmbeddedStore, name: str, counts: Counter[NamedNode]) -> Iterator[Finding]:
    """Do the same for a large graph: a part of its subjects at a time, then of its objects; count by predicate."""
    own = Counter(quad.predicate for quad in store.quads(name))
    counts.update(own)
    parts = own.total() // HELD + 1
    for ways in (("subject", "subject and object"), ("object",)):
        for nth in range(parts):
            term = attrgetter(ways[0])
            some = [quad for quad in store.quads(name) if hash(term(quad)) % parts == nth]
            yield from _indexed(store, name, some, ways)
    for predicate, count in sorted(own.items(), key=str):
        if count != (found := sum(1 for _ in store.match(None, predicate, None, NamedNode(name)))):
            message = f"{found:,} of its quads by the predicate {predicate}, {count:,} in all"
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
    many, few = rules.difference(store, base=base)
    if many or few:
        message = f"{many:,} triples too many and {few:,} too few"
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
