"""Documents into a store: convert, validate, land or quarantine each one, then derive; what is there already stays.

Each document lands in one transaction, so that a record in the store is a whole one; whatever stops a build, the next
one goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import NamedNode, Quad

from pacta import rules
from pacta.documents import MAX_BYTES, read
from pacta.errors import ConversionError, InputError, OtherLanguage, PactaError, StoreError
from pacta.exports import graph_to
from pacta.model import Document, Metadata, Record
from pacta.store import EmbeddedStore
from pacta.validation import Report, Validator
from pacta.vocabulary import PROV, RDF, P

if TYPE_CHECKING:
    from pacta.pipeline import Converter

_log = logging.getLogger(__name__)
_TYPE = NamedNode(RDF + "type")
_RECORDS_OF_RUN = f"SELECT ?record WHERE {{ ?record <{PROV}wasGeneratedBy> <%s> }}"
_IN_QUARANTINE = (".nq", ".report.txt")


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
    set_aside: tuple[PactaError, ...] = ()  # in a language that is not read
    disputes: int = 0
    interrupted: bool = False


def build(
    sources: Iterable[Path | BinaryIO],
    store: EmbeddedStore,
    *,
    converter: Converter,
    validator: Validator,
    quarantine: Path,
    metadata: Metadata | None = None,
    format_name: str | None = None,
    limit: int = MAX_BYTES,
    jobs: int = 1,
    progress: Callable[[Document], None] = lambda document: None,
    on_error: Callable[[PactaError], None] = lambda error: None,
) -> BuildReport:
    """Bring the documents of `sources` into `store`, and derive.

    A document whose record is there from the same run is skipped; a record of its that another run made is replaced.
    `progress` hears of each document that is done, `on_error` of each that failed. Ctrl-C ends the reading, not the
    bookkeeping: what landed is derived from, and the report says `interrupted`.
    """
    work = _Build(store, converter, validator, quarantine, progress, on_error)
    documents = (
        item for source in sources for item in read(source, metadata=metadata, format_name=format_name, limit=limit)
    )
    interrupted = False
    try:
        for result in converter.records(work.fresh(documents), jobs=jobs):
            work.settle(result)
    except KeyboardInterrupt:
        interrupted = True
    rules.derive(store, base=converter.base)
    return BuildReport(
        added=tuple(work.added),
        skipped=tuple(work.skipped),
        quarantined=tuple(work.quarantined),
        failed=tuple(work.failed),
        set_aside=tuple(work.set_aside),
        disputes=count_disputes(store, converter.iris.derived_graph()),
        interrupted=interrupted,
    )


def count_disputes(store: EmbeddedStore, graph: str) -> int:
    """Count the disputes of the derived graph."""
    dispute = NamedNode(P.Dispute)
    return sum(1 for quad in store.quads(graph) if quad.predicate == _TYPE and quad.object == dispute)


class _Build:
    """One build at work: what is in the store, and what became of each document so far."""

    def __init__(
        self,
        store: EmbeddedStore,
        converter: Converter,
        validator: Validator,
        quarantine: Path,
        progress: Callable[[Document], None],
        on_error: Callable[[PactaError], None],
    ) -> None:
        self.store, self.converter, self.validator, self.quarantine = store, converter, validator, quarantine
        self.iris = converter.iris
        self.progress, self.on_error = progress, on_error
        self.added: list[str] = []
        self.skipped: list[str] = []
        self.quarantined: list[Quarantined] = []
        self.failed: list[PactaError] = []
        self.set_aside: list[PactaError] = []
        self.run_quads, reference = self._load_reference()
        self.context = validator.context(reference)
        self.present = self._records_of_this_run()
        self.earlier = self._records_by_document()

    def fresh(self, documents: Iterable[Document | InputError]) -> Iterator[Document]:
        """Yield the documents that are not in the store yet; count the others and the errors."""
        for item in documents:
            if isinstance(item, InputError):
                self._fail(item)
                continue
            record = self.iris.record(item.key, self.converter.run.version)
            if record in self.present:
                self.skipped.append(record)
                self.progress(item)
            else:
                self.present.add(record)
                yield item

    def settle(self, result: Record | tuple[Document, PactaError]) -> None:
        """Validate one record, and land it in place of earlier ones of its document, or put it into quarantine."""
        if not isinstance(result, Record):
            document, error = result
            self._fail(error)
            self.progress(document)
            return
        key = result.document.key
        name = self.iris.record(key, result.run.version)
        try:
            quads = self.converter.quads(result)
        except ConversionError as error:
            self._fail(error)
            self.progress(result.document)
            return
        report = self.validator.validate_record([*quads, *self.run_quads], self.context)
        older = self.earlier.get(key, set())
        if report.conforms:
            self._release(key)
            self.store.replace_graphs(quads, names=older)
            self.added.append(name)
            _log.debug("%s is in the store", name)
        else:
            self.quarantined.append(self._put_away(result, name, quads, report))
            self.store.replace_graphs((), names=older)
        self.progress(result.document)

    def _fail(self, error: PactaError) -> None:
        (self.set_aside if isinstance(error, OtherLanguage) else self.failed).append(error)
        self.on_error(error)

    def _load_reference(self) -> tuple[list[Quad], list[Quad]]:
        """Put the reference data into the store; return the quads of this run, and those that records refer to."""
        graphs = self.converter.reference_quads()
        provenance = self.iris.provenance_graph()
        run = graphs.pop(provenance)
        self.store.replace_graph(provenance, [*run, *self.store.quads(provenance)])  # their records may be there still
        for name, quads in graphs.items():
            self.store.replace_graph(name, quads)
        return run, [quad for quads in graphs.values() for quad in quads]

    def _records_of_this_run(self) -> set[str]:
        run = self.converter.run
        iri = self.iris.run(run.version, run.parser_model, run.knowledge_hash)
        return {row[0].value for row in self.store.query(_RECORDS_OF_RUN % iri) if isinstance(row[0], NamedNode)}

    def _records_by_document(self) -> dict[str, set[str]]:
        """Return the record graphs in the store by the key of their document, whatever version made them."""
        stem = f"{self.iris.base}graph/record/"
        found: dict[str, set[str]] = {}
        for name in self.store.graph_names():
            if name.startswith(stem):
                found.setdefault(name.removeprefix(stem).partition("-v")[0], set()).add(name)
        return found

    def _put_away(self, record: Record, name: str, quads: list[Quad], report: Report) -> Quarantined:
        nquads, text = (self.quarantine / f"{record.document.key}{suffix}" for suffix in _IN_QUARANTINE)
        source = record.document.source_name
        try:
            self.quarantine.mkdir(parents=True, exist_ok=True)
            nquads.write_bytes(graph_to(quads, "nquads", include_text=True, base=self.iris.base))
            text.write_text(f"{source}\n{report.to_text()}", encoding="utf-8")
        except OSError as error:
            what = f"cannot write into quarantine: {(error.strerror or str(error)).lower()}"
            raise StoreError(what, str(self.quarantine), "make room, and build again") from error
        return Quarantined(name, source, report.count("Violation"), text)

    def _release(self, key: str) -> None:
        """Remove what an earlier build put into quarantine for this document."""
        for suffix in _IN_QUARANTINE:
            (self.quarantine / f"{key}{suffix}").unlink(missing_ok=True)
        with suppress(OSError):  # not there, or not empty
            self.quarantine.rmdir()
