"""Documents into a store: convert, validate, land or quarantine each one, then derive; what is there already stays.

Each document lands in one transaction, so that a record in the store is a whole one; whatever stops a build, the next
one goes on from there.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import NamedNode, Quad

from pacta import incremental, rules
from pacta.documents import MAX_BYTES, read
from pacta.errors import InputError, OtherLanguage, PactaError, StoreError
from pacta.holdings import put_ground, records_by_document, records_of_run
from pacta.model import Document, Metadata
from pacta.stage import Outcome, Stage, outcomes
from pacta.store import EmbeddedStore
from pacta.validation import Validator
from pacta.vocabulary import RDF, P

if TYPE_CHECKING:
    from pacta.pipeline import Converter

_log = logging.getLogger(__name__)
_TYPE = NamedNode(RDF + "type")
_FEW = 4  # of so many graphs at most one was written to: then it pays to derive only what that touches
_FLUSHED = 250  # records, after which the store gives the memory back in which it holds what is new
_KEPT = 200_000  # quads of graphs that were written to; with more, all is derived anew, whatever their share
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
    jobs: int | None = None,
    progress: Callable[[int], None] = lambda length: None,
    on_error: Callable[[PactaError], None] = lambda error: None,
) -> BuildReport:
    """Bring the documents of `sources` into `store`, and derive.

    A document whose record is there from the same run is skipped; a record of its that another run made is replaced.
    `jobs` processes convert and validate (None: one for each core, once there are many documents), this one writes.
    `progress` hears the bytes of each document that is done, `on_error` of each that failed. Ctrl-C ends the reading,
    not the bookkeeping: what landed is derived from, and the report says `interrupted`.
    """
    work = _Build(store, Stage(converter, validator), quarantine, progress, on_error)
    documents = (
        item for source in sources for item in read(source, metadata=metadata, format_name=format_name, limit=limit)
    )
    interrupted = False
    try:
        with _told_to_stop() as told:
            for outcome in outcomes(work.fresh(documents), work.stage, jobs=jobs):
                work.settle(outcome)
                if told():
                    raise KeyboardInterrupt
    except KeyboardInterrupt:
        interrupted = True
    work.derive()
    return BuildReport(
        added=tuple(work.added),
        skipped=tuple(work.skipped),
        quarantined=tuple(work.quarantined),
        failed=tuple(work.failed),
        set_aside=tuple(work.set_aside),
        disputes=count_disputes(store, converter.iris.derived_graph()),
        interrupted=interrupted,
    )


@contextmanager
def _told_to_stop() -> Iterator[Callable[[], bool]]:
    """Give a function that tells whether Ctrl-C came, also where a library caught the KeyboardInterrupt that it raised.

    Where somebody else listens to the signal already, or in another thread than the main one, it is left to them.
    """
    came: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    listen = threading.current_thread() is threading.main_thread()
    listen = listen and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if listen:
        signal.signal(signal.SIGINT, hear)
    try:
        yield lambda: bool(came)
    finally:
        if listen:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def count_disputes(store: EmbeddedStore, graph: str) -> int:
    """Count the disputes of the derived graph."""
    dispute = NamedNode(P.Dispute)
    return sum(1 for quad in store.quads(graph) if quad.predicate == _TYPE and quad.object == dispute)


class _Build:
    """One build at work: what is in the store, and what became of each document so far."""

    def __init__(
        self,
        store: EmbeddedStore,
        stage: Stage,
        quarantine: Path,
        progress: Callable[[int], None],
        on_error: Callable[[PactaError], None],
    ) -> None:
        self.store, self.stage, self.quarantine = store, stage, quarantine
        self.converter = stage.converter
        self.iris = self.converter.iris
        self.progress, self.on_error = progress, on_error
        self.added: list[str] = []
        self.skipped: list[str] = []
        self.quarantined: list[Quarantined] = []
        self.failed: list[PactaError] = []
        self.set_aside: list[PactaError] = []
        self.before: dict[str, tuple[Quad, ...]] | None = None if store.outdated else {}
        self.wanted = rules.looked_at()
        self.kept = 0
        self.graphs = len(store.graph_names())  # at most: what goes is not taken off
        self._put_ground()
        self.present = records_of_run(store, self.converter.run, self.iris)
        self.earlier = records_by_document(store, self.iris)

    def fresh(self, documents: Iterable[Document | InputError]) -> Iterator[Document]:
        """Yield the documents that are not in the store yet; count the others and the errors."""
        for item in documents:
            if isinstance(item, InputError):
                self._fail(item)
                continue
            record = self.iris.record(item.key, self.converter.run.version)
            if record in self.present:
                self.skipped.append(record)
                self.progress(item.byte_length)
            else:
                self.present.add(record)
                yield item

    def settle(self, outcome: Outcome) -> None:
        """Land one record in place of earlier ones of its document, or put it into quarantine; say what failed."""
        if outcome.error is not None:
            self._fail(outcome.error)
        else:
            older = self.earlier.get(outcome.key, set())
            self.graphs += 2  # the record and its text
            self._note({*older, outcome.record})
            if outcome.accepted:
                self._release(outcome.key)
                self.store.replace_record(outcome.nquads, names=older)
                self.added.append(outcome.record)
                if len(self.added) % _FLUSHED == 0:
                    self.store.flush()
                _log.debug("%s is in the store", outcome.record)
            else:
                self.quarantined.append(self._put_away(outcome))
                self.store.replace_graphs((), names=older)
        self.progress(outcome.byte_length)

    def derive(self) -> None:
        """Bring the derived graph up to date: by what changed, where that is little and the rest was up to date."""
        few = self.before is not None and len(self.before) * _FEW <= len(self.store.graph_names())
        if self.before is not None and few:
            incremental.update(self.store, self.before, base=self.iris.base)
        else:
            rules.derive(self.store, base=self.iris.base)

    def _note(self, names: Iterable[str]) -> None:
        """Keep what derivation looks at in graphs that are about to be written to, while there are few of them."""
        for name in names:
            if self.before is None:
                return
            if name not in self.before:
                quads = self.store.quads(name)
                self.before[name] = tuple(q for q in quads if self.wanted is None or q.predicate.value in self.wanted)
                self.kept += len(self.before[name])
                if len(self.before) * _FEW > self.graphs or self.kept > _KEPT:
                    self.before = None

    def _fail(self, error: PactaError) -> None:
        (self.set_aside if isinstance(error, OtherLanguage) else self.failed).append(error)
        self.on_error(error)

    def _put_ground(self) -> None:
        """Put the reference data and what is known of this run into the store."""
        graphs = self.converter.reference_quads()
        run = graphs.pop(self.iris.provenance_graph())
        self.graphs += len(graphs) + 1
        self._note(graphs)
        put_ground(self.store, graphs, run, self.iris)

    def _put_away(self, outcome: Outcome) -> Quarantined:
        nquads, text = (self.quarantine / f"{outcome.key}{suffix}" for suffix in _IN_QUARANTINE)
        try:
            self.quarantine.mkdir(parents=True, exist_ok=True)
            nquads.write_bytes(outcome.nquads)
            text.write_text(f"{outcome.source_name}\n{outcome.report}", encoding="utf-8")
        except OSError as error:
            what = f"cannot write into quarantine: {(error.strerror or str(error)).lower()}"
            raise StoreError(what, str(self.quarantine), "make room, and build again") from error
        return Quarantined(outcome.record, outcome.source_name, outcome.violations, text)

    def _release(self, key: str) -> None:
        """Remove what an earlier build put into quarantine for this document."""
        for suffix in _IN_QUARANTINE:
            try:
                (self.quarantine / f"{key}{suffix}").unlink(missing_ok=True)
            except OSError as error:
                what = f"cannot clear out quarantine: {(error.strerror or str(error)).lower()}"
                raise StoreError(what, str(self.quarantine), "check who owns the folder, and build again") from error
        with suppress(OSError):  # not there, or not empty
            self.quarantine.rmdir()
