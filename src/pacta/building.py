"""Documents into a store: convert, validate, land or quarantine each one, then derive; what is there already stays.

Each document lands in one transaction, so that a record in the store is a whole one; whatever stops a build, the next
one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import NamedNode, Quad

from pacta import rules
from pacta.documents import MAX_BYTES, read
from pacta.errors import InputError, PactaError, StoreError
from pacta.exports import graph_to
from pacta.iris import Iris
from pacta.model import Document, Metadata, Record
from pacta.store import EmbeddedStore
from pacta.validation import Report, Validator
from pacta.vocabulary import PROV, RDF, P

if TYPE_CHECKING:
    from pacta.pipeline import Converter

_TYPE = NamedNode(RDF + "type")
_GENERATED_BY = NamedNode(PROV + "wasGeneratedBy")
Progress = Callable[[Document], None]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that its shapes refuse: `report` is the file that says why, the record lies beside it as N-Quads."""

    record: str
    source_name: str
    violations: int
    report: Path


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of the documents: IRIs of the records added and of those that were there, and what went wrong."""

    added: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    failed: tuple[PactaError, ...] = ()
    disputes: int = 0
    interrupted: bool = False


@dataclass
class _Tally:
    added: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    failed: list[PactaError] = field(default_factory=list)


def build(
    sources: Iterable[Path | BinaryIO],
    store: EmbeddedStore,
    *,
    converter: Converter,
    validator: Validator,
    iris: Iris,
    quarantine: Path,
    metadata: Metadata | None = None,
    format_name: str | None = None,
    limit: int = MAX_BYTES,
    jobs: int = 1,
    progress: Progress = lambda document: None,
    on_error: Callable[[PactaError], None] = lambda error: None,
) -> BuildReport:
    """Bring the documents of `sources` into `store`, and derive.

    A document whose record is there from the same run is skipped. `progress` hears of each document that is done,
    `on_error` of each that failed. Ctrl-C ends the reading, not the bookkeeping: what landed is derived from, and the
    report says `interrupted`.
    """
    tally = _Tally()
    context = _load_reference(store, converter, iris)
    present = _records_of_this_run(store, iris.run(*_run_of(converter)))
    earlier = _records_by_document(store, iris)
    interrupted = False

    def fail(error: PactaError) -> None:
        tally.failed.append(error)
        on_error(error)

    def fresh() -> Iterator[Document]:
        for source in sources:
            for item in read(source, metadata=metadata, format_name=format_name, limit=limit):
                if isinstance(item, InputError):
                    fail(item)
                    continue
                record_iri = iris.record(item.key, converter.run.version)
                if record_iri in present:
                    tally.skipped.append(record_iri)
                    progress(item)
                    continue
                present.add(record_iri)
                yield item

    try:
        for result in converter.records(fresh(), jobs=jobs):
            if isinstance(result, Record):
                _settle(result, store, converter, validator, iris, context, earlier, quarantine, tally)
                progress(result.document)
            else:
                document, error = result
                fail(error)
                progress(document)
    except KeyboardInterrupt:
        interrupted = True
    rules.derive(store, base=iris.base)
    return BuildReport(
        added=tuple(tally.added),
        skipped=tuple(tally.skipped),
        quarantined=tuple(tally.quarantined),
        failed=tuple(tally.failed),
        disputes=count_disputes(store, iris),
        interrupted=interrupted,
    )


def count_disputes(store: EmbeddedStore, iris: Iris) -> int:
    """Count the disputes of the derived graph."""
    dispute = NamedNode(P.Dispute)
    return sum(1 for q in store.quads(iris.derived_graph()) if q.predicate == _TYPE and q.object == dispute)


def _run_of(converter: Converter) -> tuple[str, str, str]:
    run = converter.run
    return run.version, run.parser_model, run.knowledge_hash


def _load_reference(store: EmbeddedStore, converter: Converter, iris: Iris) -> list[Quad]:
    """Put the reference data into the store, and return what records are validated against."""
    context: list[Quad] = []
    for name, quads in converter.reference_quads().items():
        if name == iris.provenance_graph():  # runs of other versions stay: their records may
            quads = [*quads, *store.quads(name)]
        else:
            context.extend(quads)
        store.replace_graph(name, quads)
    return context


def _records_of_this_run(store: EmbeddedStore, run: str) -> set[str]:
    rows = store.query(f"SELECT ?record WHERE {{ ?record <{_GENERATED_BY.value}> <{run}> }}").rows
    return {row[0].value for row in rows if isinstance(row[0], NamedNode)}


def _records_by_document(store: EmbeddedStore, iris: Iris) -> dict[str, set[str]]:
    """Return the record graphs in the store by the key of their document, whatever version made them."""
    stem = f"{iris.base}graph/record/"
    found: dict[str, set[str]] = {}
    for name in store.graph_names():
        if name.startswith(stem):
            found.setdefault(name.removeprefix(stem).partition("-v")[0], set()).add(name)
    return found


def _settle(
    record: Record,
    store: EmbeddedStore,
    converter: Converter,
    validator: Validator,
    iris: Iris,
    context: list[Quad],
    earlier: dict[str, set[str]],
    quarantine: Path,
    tally: _Tally,
) -> None:
    """Validate one record, and land it in place of `earlier` ones of its document, or put it into quarantine."""
    key = record.document.key
    name = iris.record(key, record.run.version)
    quads = converter.quads(record)
    report = validator.validate_record(quads, context)
    older = earlier.get(key, set())
    if not report.conforms:
        tally.quarantined.append(_put_away(record, name, quads, report, quarantine, iris))
        store.replace_graphs((), names=older)
        return
    _release(key, quarantine)
    store.replace_graphs(quads, names=older)
    tally.added.append(name)


def _release(key: str, quarantine: Path) -> None:
    """Remove what an earlier build put into quarantine for this document."""
    for suffix in (".nq", ".report.txt"):
        (quarantine / f"{key}{suffix}").unlink(missing_ok=True)
    with suppress(OSError):  # not there, or not empty
        quarantine.rmdir()


def _put_away(
    record: Record, name: str, quads: list[Quad], report: Report, quarantine: Path, iris: Iris
) -> Quarantined:
    key = record.document.key
    path = quarantine / f"{key}.report.txt"
    try:
        quarantine.mkdir(parents=True, exist_ok=True)
        (quarantine / f"{key}.nq").write_bytes(graph_to(quads, "nquads", include_text=True, base=iris.base))
        path.write_text(f"{record.document.source_name}\n{report.to_text()}", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write into quarantine: {error.strerror}", str(quarantine), "make room") from error
    return Quarantined(name, record.document.source_name, len(report.results), path)
