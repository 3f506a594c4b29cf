"""How build, convert and annotate get at their documents: shared options, and records with the failures counted."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from pyoxigraph import Quad

from pacta.commands.options import STDIN, base_option, learned_options
from pacta.commands.talk import complain
from pacta.documents import MAX_BYTES, READERS, read
from pacta.errors import InputError, PactaError
from pacta.model import Document, Metadata, Record

if TYPE_CHECKING:
    from pacta.pipeline import Converter


@dataclass(frozen=True, slots=True)
class Reading:
    """What the options say on reading: metadata known from outside, input format, limit, and what converts."""

    metadata: Metadata
    format_name: str | None
    limit: int
    jobs: int | None
    model: str | None
    base: str
    encoder: bool = False
    min_confidence: float = 0.0

    def converter(self) -> Converter:
        """Return the converter; loading its parser takes about a second, so the parser waits until it is needed."""
        from pacta.pipeline import default_converter

        return default_converter(self.model, self.base, self.encoder, self.min_confidence)

    def documents(self, paths: Iterable[Path]) -> Iterator[Document | InputError]:
        """Yield the documents of files, folders and standard input, with errors in their place."""
        for source in sources(paths):
            yield from read(source, metadata=self.metadata, format_name=self.format_name, limit=self.limit)


def sources(paths: Iterable[Path]) -> list[Path | BinaryIO]:
    """Return the paths, with standard input for "-"."""
    return [sys.stdin.buffer if path == STDIN else path for path in paths]


def bytes_in(paths: Iterable[Path]) -> int:
    """Return about how much there is to read; 0 where that is not known."""
    if STDIN in paths:
        return 0
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,)))
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".json")


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on how documents are read and converted; the verb gets them as one `reading`."""

    @functools.wraps(command)
    def collected(
        *,
        published: str | None,
        outlet: str | None,
        url: str | None,
        title: str | None,
        kind: str,
        input_format: str | None,
        max_bytes: int,
        jobs: int | None,
        model: str | None,
        base: str,
        encoder: bool,
        min_confidence: float,
        **others: Any,
    ) -> Any:
        is_agreement = "{}" if kind == "agreement" else None
        metadata = Metadata(published=published, outlet=outlet, url=url, title=title, agreement_text=is_agreement)
        reading = Reading(metadata, input_format, max_bytes, jobs, model, base, encoder, min_confidence)
        return command(reading=reading, **others)

    options = (
        click.option("--published", metavar="DATE", help="When it was published, such as 2021-08-13."),
        click.option("--outlet", metavar="NAME", help="Who published it."),
        click.option("--url", metavar="URL", help="Where it was published."),
        click.option("--title", metavar="TEXT", help="Its title."),
        click.option("--kind", type=click.Choice(["report", "agreement"]), default="report", show_default=True,
                     help="What the documents are; a sidecar can say it of one (\"kind\": \"agreement\")."),
        click.option("--from", "input_format", type=click.Choice([row.name for row in READERS]),
                     help="Input format (default: by the suffix; standard input is looked at)."),
        click.option("--max-bytes", type=click.IntRange(min=1), default=MAX_BYTES, show_default=True, metavar="N",
                     help="Refuse a document of more bytes."),
        click.option("-j", "--jobs", type=click.IntRange(min=1), default=None, metavar="N",
                     help="Processes that convert (default: one for each core where there are many documents)."),
        click.option("--model", metavar="NAME", envvar="PACTA_MODEL", show_envvar=True,
                     help="spaCy pipeline to parse with (default: the small English one)."),
        *learned_options,
        base_option,
    )  # fmt: skip
    for option in reversed(options):
        collected = option(collected)
    return collected


class Conversion:
    """Records of many documents; each failure is said at once, counted, and the rest goes on."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.converter = reading.converter()
        self.done = 0
        self.failed = 0

    def records(self, paths: Iterable[Path]) -> Iterator[Record]:
        """Yield a record for each document, in order."""
        for result in self.converter.records(self._documents(paths), jobs=self.reading.jobs):
            if isinstance(result, Record):
                self.done += 1
                yield result
            else:
                self._fail(result[1])

    def run_quads(self) -> list[Quad]:
        """Return the quads that describe the run, which each record refers to."""
        return self.converter.reference_quads()[self.converter.iris.provenance_graph()]

    @property
    def exit_code(self) -> int:
        """Return 0 where all went well, 1 where some failed, 2 where all did."""
        if not self.failed:
            return 0
        return 1 if self.done else 2

    def _documents(self, paths: Iterable[Path]) -> Iterator[Document]:
        for item in self.reading.documents(paths):
            if isinstance(item, Document):
                yield item
            else:
                self._fail(item)

    def _fail(self, error: PactaError) -> None:
        self.failed += 1
        complain(error)
