"""Speed of conversion, measured against spaCy's own `nlp.pipe` over the same texts with the same components.

    python benchmarks/convert.py [FILE | FOLDER ...]        # without any: the seed documents, repeated
    python benchmarks/convert.py --encoder --only encoder   # the parser and what reading with the encoder costs

Prints a table of Markdown: seconds and thousand characters a second for the bare parser, for records, for records with
their quads and for records with quads and validation, each as a ratio to the bare parser over whole texts and to the
bare parser over the paragraphs that the converter gives it, and how much of the texts is parsed; the share of each
stage; then how the time of one document grows with its length. With --encoder there are two rows more: what the encoder
alone takes, and records read with it. Each number is the best of several rounds, in seconds of
processor time, so that what else the machine does counts little. The bare parser runs all components the converter's
pipeline has; the converter asks two of them, the attribute ruler and the lemmatizer, once for each form of a word.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial, wraps
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pacta import pipeline, resources
from pacta.annotations.forms import Forms
from pacta.claims.assembly import Assembly
from pacta.documents import read
from pacta.model import Document, Record
from pacta.pipeline import Converter
from pacta.validation import Context, Validator
from pacta.workers import settle

BATCH = 64  # paragraphs that the converter hands to the parser at once

# A stage of the report, and the function or method that does its work.
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("annotations: names, times, places, quotations", Converter, "_annotate"),
    ("agreements mentioned", pipeline, "find_agreements"),
    ("statements: cues, sources, contents", pipeline, "extract"),
    ("claims: propositions, replies", Assembly, "add"),
    ("claims: headlines, mentions", Assembly, "finish"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="texts, JSON Lines or folders of them")
    options.add_argument(
        "--documents", type=int, default=60, metavar="N", help="how many, evenly from all (default: %(default)s)"
    )
    options.add_argument("--rounds", type=int, default=3, metavar="N", help="the best of N (default: %(default)s)")
    options.add_argument("--longest", type=int, default=40, metavar="KB", help="document of the last row of growth")
    options.add_argument("--encoder", action="store_true", help="measure reading with the learned encoder too")
    options.add_argument(
        "--only", metavar="WORD", help="of the first table alone: nlp.pipe, records, and rows that hold it"
    )
    given = options.parse_args()
    documents = corpus(given.paths or [resources.path("seeds") / "documents"], given.documents)
    bench = Bench(documents, given.rounds, given.encoder)
    print(f"Python {platform.python_version()}, spaCy {version('spacy')}, {bench.converter.run.parser_model}\n")
    print(f"{len(documents)} documents, {bench.characters:,} characters, best of {given.rounds} rounds\n")
    for lines in (bench.compared(given.only),) if given.only else (
        bench.compared(), bench.shares(), bench.growth(given.longest)
    ):  # fmt: skip
        print("\n".join(lines), end="\n\n")


def corpus(paths: Sequence[Path], count: int) -> list[Document]:
    """Return `count` documents of the files, evenly spread, or again from the first, each with its own key."""
    found = [item for path in paths for item in read(path) if isinstance(item, Document)]
    if not found:
        raise SystemExit("no document in: " + ", ".join(map(str, paths)))
    found = found[:: max(len(found) // count, 1)]
    return [
        with_text(found[n % len(found)], found[n % len(found)].text + "\n" * (n // len(found))) for n in range(count)
    ]


def with_text(document: Document, text: str) -> Document:
    raw = text.encode()
    digest = sha256(raw).hexdigest()
    return replace(document, key=digest[:12], sha256=digest, text_sha256=digest, byte_length=len(raw), text=text)


class Bench:
    """One set of documents, converted in several ways."""

    def __init__(self, documents: list[Document], rounds: int, encoder: bool = False) -> None:
        self.documents, self.rounds = documents, rounds
        self.characters = sum(len(document.text) for document in documents)
        self.converter = Converter()
        self.learned = Converter(encoder=encoder)
        if encoder and self.learned.encoder is None:
            raise SystemExit("the encoder is not here: pip install pacta[encoder]")
        self.validator = Validator()
        graphs = self.converter.reference_quads()
        self.run_quads = graphs.pop(self.converter.iris.provenance_graph())
        self.context: Context = self.validator.context([quad for quads in graphs.values() for quad in quads])
        self.spans = [
            (document, list(dict.fromkeys(p.span for p in next(self.converter._parse([document])).paragraphs)))
            for document in documents
        ]
        self.cut = [document.text[slice(*span)] for document, spans in self.spans for span in spans]
        self.spared = Forms(self.converter.nlp).spared
        self.validate(self.records(documents[:1]))  # whatever is made on first use
        settle()  # as a build does

    # --- what is timed ------------------------------------------------------------------------------------------------
    def parsed(self) -> None:
        for _ in self.converter.nlp.pipe(document.text for document in self.documents):
            pass

    def in_paragraphs(self, without: Sequence[str] = ()) -> None:
        for _ in self.converter.nlp.pipe(self.cut, batch_size=BATCH, disable=list(without)):
            pass

    def syntax(self) -> None:
        for at in range(0, len(self.documents), pipeline.BATCH):
            list(self.converter._parse(self.documents[at : at + pipeline.BATCH]))

    def records(self, documents: list[Document]) -> list[Record]:
        return [record for record in self.converter.records(documents) if isinstance(record, Record)]

    def encoded(self) -> None:
        for document, spans in self.spans:
            if self.learned.encoder is not None:
                self.learned.encoder.read(document.text, spans)

    def with_encoder(self) -> None:
        for _ in self.learned.records(self.documents):
            pass

    def in_turn(self) -> None:
        for record in self.converter.records(self.documents):
            if isinstance(record, Record):
                self.converter.quads(record)

    def converted(self, document: Document) -> None:
        self.converter.quads(self.converter.record(document))

    def validate(self, records: list[Record]) -> None:
        for record in records:
            self.validator.validate_record([*self.converter.quads(record), *self.run_quads], self.context)

    # --- tables -------------------------------------------------------------------------------------------------------
    def compared(self, only: str | None = None) -> Iterator[str]:
        ways: tuple[tuple[str, Callable[[], object]], ...] = (
            ("spaCy `nlp.pipe` alone", self.parsed),
            ("`nlp.pipe` over the same paragraphs", self.in_paragraphs),
            ("the same without the components asked once a form", lambda: self.in_paragraphs(self.spared)),
            ("syntax: paragraphs parsed, words copied", self.syntax),
            ("records", lambda: self.records(self.documents)),
            ("records, quads", self.in_turn),
            ("records, quads, validation", lambda: self.validate(self.records(self.documents))),
        )
        if self.learned.encoder is not None:
            ways += (("the encoder alone", self.encoded), ("records, read with the encoder", self.with_encoder))
        if only is not None:
            ways = (ways[0], *(way for way in ways[1:] if only in way[0] or way[0] == "records"))
        yield "| | seconds | 1000 characters/s | to `nlp.pipe` | to it over paragraphs |"
        yield "|---|---:|---:|---:|---:|"
        rounds = [[clocked(work) for _, work in ways] for _ in range(self.rounds)]  # in turn: load hits all alike
        best = [min(seconds) for seconds in zip(*rounds, strict=True)]
        for (name, _), seconds in zip(ways, best, strict=True):
            rate = self.characters / seconds / 1000
            beside = "" if only is not None else f"{seconds / best[1]:.2f}"
            yield f"| {name} | {seconds:.2f} | {rate:.0f} | {seconds / best[0]:.2f} | {beside} |"
        if only is not None:
            return
        words = sum(len(p.doc) for d in self.documents for p in next(self.converter._parse([d])).paragraphs)
        whole = sum(len(self.converter.nlp.make_doc(d.text)) for d in self.documents)
        yield ""
        signs = sum(map(len, self.cut)) / self.characters
        yield f"Parsed: {signs:.1%} of the characters, {words / whole:.1%} of the words, white space among them"

    def shares(self) -> Iterator[str]:
        spent: dict[str, float] = defaultdict(float)
        with ExitStack() as stack:
            for stage, owner, name in STAGES:
                stack.enter_context(timed(owner, name, stage, spent))
            begun = time.process_time()
            records = self.records(self.documents)
            whole = time.process_time() - begun
        inside = sum(spent.values())
        begun = time.process_time()
        quads = [self.converter.quads(record) for record in records]
        spent["quads"] = time.process_time() - begun
        begun = time.process_time()
        for each in quads:
            self.validator.validate_record([*each, *self.run_quads], self.context)
        spent["validation"] = time.process_time() - begun
        spent["syntax: the parser, words copied from it"] = parsing = clocked(self.syntax)
        spent["the rest: mentions, outlet, record"] = max(whole - inside - parsing, 0.0)
        total = sum(spent.values())
        yield "| stage | seconds | share |"
        yield "|---|---:|---:|"
        yield from (f"| {stage} | {spent[stage]:.2f} | {spent[stage] / total:.0%} |" for stage in sorted(spent))

    def growth(self, longest: int) -> Iterator[str]:
        """Yield a table of one document made of all texts, a half, a quarter of it: linear is ×2 a row."""
        text = "\n\n".join(dict.fromkeys(document.text.strip() for document in self.documents)) + "\n\n"
        yield "| one document of | seconds | times the row above |"
        yield "|---|---:|---:|"
        before = 0.0
        for size in (longest // 8, longest // 4, longest // 2, longest):
            whole = (text * (size * 1000 // len(text) + 1))[: size * 1000]
            document = with_text(self.documents[0], whole)
            seconds = min(clocked(partial(self.converted, document)) for _ in range(self.rounds))
            factor = f"{seconds / before:.1f}" if before else ""
            before = seconds
            yield f"| {size} kB | {seconds:.2f} | {factor} |"


def clocked(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@contextmanager
def timed(owner: Any, name: str, stage: str, spent: dict[str, float]) -> Iterator[None]:
    """Count the seconds spent in a function or method of `owner` while the context holds."""
    plain = getattr(owner, name)

    @wraps(plain)
    def counted(*args: Any, **options: Any) -> Any:
        begun = time.process_time()
        try:
            return plain(*args, **options)
        finally:
            spent[stage] += time.process_time() - begun

    with patch.object(owner, name, counted):
        yield


if __name__ == "__main__":
    main()
