"""One pure function for every engine: a batch of documents → for each its validated record as bytes, or its error.

    outcomes = stage_of(model, base)(documents)

It never raises for one bad document, and depends on nothing but the documents, the version and the knowledge: the same
document gives the same bytes in any process on any machine, so a task that is repeated does no harm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pacta import workers
from pacta.errors import PactaError
from pacta.model import Document, Record
from pacta.pipeline import BATCH, BATCH_TEXT, Converter, default_converter, killed
from pacta.quads import Row, run_quads
from pacta.validation import Validator

if TYPE_CHECKING:
    from pacta.validation import Context


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: the N-Quads of its record and text, with what its shapes say, or its error.

    `record` is the IRI of the record's graph; `violations` counts what refuses the record, `report` says it in words.
    """

    key: str
    source_name: str
    byte_length: int
    record: str
    nquads: bytes = b""
    violations: int = 0
    report: str = ""
    error: PactaError | None = None

    @property
    def accepted(self) -> bool:
        return self.error is None and not self.violations


class Stage:
    """Converts and validates batches; knowledge, parser and shapes are loaded once."""

    def __init__(self, converter: Converter, validator: Validator | None = None) -> None:
        self.converter = converter
        self.validator = validator or Validator()
        self._context: Context | None = None

    def __call__(self, documents: Sequence[Document]) -> list[Outcome]:
        """Return an outcome for each document, in order."""
        return [self._outcome(result) for result in self.converter.records(documents)]

    def context(self) -> Context:
        """Return the reference data that records refer to, as context for their validation."""
        if self._context is None:
            graphs = self.converter.reference_quads()
            provenance = self.converter.iris.provenance_graph()
            self._context = self.validator.context(
                quad for name, quads in graphs.items() if name != provenance for quad in quads
            )
        return self._context

    def failure(self, document: Document, error: PactaError) -> Outcome:
        """Return the outcome of a document that could not be converted."""
        record = self.converter.iris.record(document.key, self.converter.run.version)
        return Outcome(document.key, document.source_name, document.byte_length, record, error=error)

    def _outcome(self, result: Record | tuple[Document, PactaError]) -> Outcome:
        if not isinstance(result, Record):
            return self.failure(*result)
        document = result.document
        try:
            quads = Lines(self.converter.rows(result))
            run = run_quads(self.converter.run, self.converter.iris)
            report = self.validator.validate_record(chain(quads, run), self.context())
            written = quads.written()
        except PactaError as error:
            return self.failure(document, error)
        return Outcome(
            document.key,
            document.source_name,
            document.byte_length,
            self.converter.iris.record(document.key, result.run.version),
            written,
            report.count("Violation"),
            "" if report.conforms else report.to_text(),
        )


class Lines:
    """Sorted rows that are written, as they pass to who reads them, as `graph_to` writes N-Quads: graph by graph."""

    def __init__(self, rows: Iterator[tuple[Row, str]]) -> None:
        self._rows = rows
        self._graphs: dict[NamedNode, BytesIO] = {}

    def __iter__(self) -> Iterator[Row]:
        for row, text in self._rows:
            graph = self._graphs.get(row[3])
            if graph is None:
                graph = self._graphs[row[3]] = BytesIO()
            graph.write(f"{text} .\n".encode())
            yield row

    def written(self) -> bytes:
        """Return the lines of all rows, also of those that nobody has read yet."""
        deque(self, maxlen=0)
        return b"".join(self._graphs.pop(name).getvalue() for name in sorted(self._graphs, key=str))


@lru_cache(maxsize=4)
def stage_of(model: str | None, base: str, encoder: bool = False, min_confidence: float = 0.0) -> Stage:
    """Return the stage for the settings of a converter; one for each process."""
    return Stage(default_converter(model, base, encoder, min_confidence))


def outcomes(documents: Iterable[Document], stage: Stage, *, jobs: int | None = None) -> Iterator[Outcome]:
    """Yield an outcome for each document, in order, whatever the number of processes.

    `jobs`: processes that work; None is one for each core, and none beside this one for a few documents.
    """
    count, stream = workers.share(documents, jobs)
    batches = workers.batched(stream, BATCH, lambda document: len(document.text), BATCH_TEXT)
    if count <= 1:
        for batch in batches:
            yield from stage(batch)
        return
    yield from workers.in_order(
        _work,
        batches,
        jobs=count,
        start=_start,
        arguments=stage.converter.settings,
        lost=lambda document: stage.failure(document, killed(document)),
    )


_HERE: list[Stage] = []  # the stage of this process, where it is a worker


def _start(model: str | None, base: str, encoder: bool, min_confidence: float) -> None:
    _HERE[:] = [stage_of(model, base, encoder, min_confidence)]
    _HERE[0].context()


def _work(batch: list[Document]) -> list[Outcome]:
    return _HERE[0](batch)
