"""Long input: what time and memory one long transcript, and a JSON Lines file of many reports, cost as they grow.

    python benchmarks/long_input.py [--transcript KB] [--reports N]

Prints two tables of Markdown. Each row is a process of its own that converts into quads and keeps none of them: seconds
of processor time, the most memory it held, and both per unit beyond the row above; linear growth is the same number in
each row, bounded memory is a last column near nought. The text is made of the seed documents, spoken by three speakers.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from pacta import resources
from pacta.documents import read
from pacta.model import Document, Record
from pacta.pipeline import Converter

SPEAKERS = ("Mira Halder", "Joan Estrel", "Tomas Vik")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("--transcript", type=int, default=2000, metavar="KB", help="longest (default: %(default)s)")
    options.add_argument("--reports", type=int, default=500, metavar="N", help="most reports (default: %(default)s)")
    options.add_argument("--one", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one is not None:
        print(json.dumps(measured(given.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        sizes = [given.transcript * 1000 // n for n in (8, 4, 2, 1)]
        print("\n".join(table("transcript of kB", "MB", transcripts(Path(folder), sizes), 1000)), end="\n\n")
        counts = [given.reports // n for n in (8, 4, 2, 1)]
        print("\n".join(table("reports in one file", "100 reports", many(Path(folder), counts), 100)))


def measured(file: Path) -> dict[str, float]:
    """Convert a file in this process and return what that cost; loading the knowledge is not counted as time."""
    converter = Converter()
    begun = time.process_time()
    quads = 0
    documents = (item for item in read(file) if isinstance(item, Document))
    for record in converter.records(documents):
        if isinstance(record, Record):
            quads += len(converter.quads(record))
    seconds = time.process_time() - begun
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, "quads": quads}


def table(what: str, unit: str, files: Iterator[tuple[int, Path]], per: int) -> Iterator[str]:
    yield f"| {what} | quads | seconds | most MB | seconds per {unit} more | MB per {unit} more |"
    yield "|---:|---:|---:|---:|---:|---:|"
    before: tuple[int, float, float] | None = None
    for size, file in files:
        line = subprocess.run(
            [sys.executable, __file__, "--one", str(file)], check=True, capture_output=True, text=True
        ).stdout
        told = json.loads(line)
        more = ["", ""]
        if before is not None:
            units = (size - before[0]) / per
            more = [f"{(told['seconds'] - before[1]) / units:.1f}", f"{(told['megabytes'] - before[2]) / units:.0f}"]
        before = size, told["seconds"], told["megabytes"]
        quads, seconds, held = told["quads"], told["seconds"], told["megabytes"]
        yield f"| {size} | {quads:.0f} | {seconds:.1f} | {held:.0f} | {more[0]} | {more[1]} |"


def transcripts(folder: Path, sizes: list[int]) -> Iterator[tuple[int, Path]]:
    """Yield files of so many characters in which three people speak in turn, and their size in kB."""
    for size in sizes:
        file = folder / f"transcript-{size}.txt"
        file.write_text(spoken(size), encoding="utf-8")
        yield size // 1000, file


def spoken(size: int) -> str:
    parts: list[str] = []
    length = 0
    for speaker, paragraph in zip(cycle(SPEAKERS), cycle(paragraphs()), strict=False):
        parts.append(f"{speaker}: {paragraph}")
        length += len(parts[-1]) + 2
        if length >= size:
            return "\n\n".join(parts)[:size]
    return ""


def many(folder: Path, counts: list[int]) -> Iterator[tuple[int, Path]]:
    """Yield JSON Lines files of so many reports of ten paragraphs each."""
    for count in counts:
        file = folder / f"reports-{count}.jsonl"
        source = cycle(paragraphs())
        with file.open("w", encoding="utf-8") as stream:
            for number in range(count):
                text = f"Report {number}.\n\n" + "\n\n".join(islice(source, 10))
                stream.write(json.dumps({"id": str(number), "published": "2021-08-13", "text": text}) + "\n")
        yield count, file


def paragraphs() -> list[str]:
    folder = resources.path("seeds") / "documents"
    texts = [item.text for item in read(folder) if isinstance(item, Document)]
    return [part.strip() for text in texts for part in text.split("\n\n") if len(part) > 80]


if __name__ == "__main__":
    main()
