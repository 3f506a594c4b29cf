"""Long input: what time and memory one long transcript, and a JSON Lines file of many reports, cost as they grow.

    python benchmarks/long_input.py [--transcript KB] [--reports N]

Prints two tables of Markdown. Each row is a command of its own, `pacta convert` or `pacta build`, whose standard error
is a terminal: seconds of processor time and that to half the input (linear is 2.0, and less where the start counts),
the most memory it held, how much each further unit added, and whether a progress bar was drawn. The text is made of the
seed documents, spoken by three speakers.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from pacta import resources
from pacta.documents import read
from pacta.model import Document

SPEAKERS = ("Mira Halder", "Joan Estrel", "Tomas Vik")
BAR = "\u2501".encode()  # what a bar is drawn with
VERBS = ("convert", "build")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("--transcript", type=int, default=2000, metavar="KB", help="longest (default: %(default)s)")
    options.add_argument("--reports", type=int, default=500, metavar="N", help="most reports (default: %(default)s)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = [given.transcript * 1000 // n for n in (8, 4, 2, 1)]
        files = list(transcripts(Path(folder), sizes))
        for line in table("transcript of kB", "MB", files, 1000):
            print(line, flush=True)
        print()
        counts = [given.reports // n for n in (4, 2, 1)]
        for line in table("reports in one file", "100 reports", list(many(Path(folder), counts)), 100):
            print(line, flush=True)


def table(what: str, unit: str, files: list[tuple[int, Path]], per: int) -> Iterator[str]:
    yield f"| command | {what} | seconds | to half | most MB | MB per {unit} more | bar |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for verb in VERBS:
        before: tuple[int, float, float] | None = None
        for size, file in files:
            seconds, held, bar = measured(verb, file)
            more = ["", ""]
            if before is not None:
                more = [f"{seconds / before[1]:.2f}", f"{(held - before[2]) * per / (size - before[0]):.0f}"]
            before = size, seconds, held
            seen = "seen" if bar else "none"
            yield f"| `{verb}` | {size} | {seconds:.1f} | {more[0]} | {held:.0f} | {more[1]} | {seen} |"


def measured(verb: str, file: Path) -> tuple[float, float, bool]:
    """Run a command on a file; return its seconds of processor time, its most MB, and whether it drew a bar."""
    with tempfile.TemporaryDirectory() as folder:
        out = ["-o", f"{folder}/out.ttl"] if verb == "convert" else ["--store", f"{folder}/store"]
        ours, theirs = os.openpty()
        child = os.fork()
        if not child:
            os.dup2(theirs, 2)
            os.execv(sys.executable, [sys.executable, "-m", "pacta", verb, str(file), "-j", "1", *out])
        os.close(theirs)
        bar = False
        while told := _told(ours):
            bar = bar or BAR in told
        os.close(ours)
        _, status, used = os.wait4(child, 0)
        if status:
            raise SystemExit(f"pacta {verb} {file}: exit code {os.waitstatus_to_exitcode(status)}")
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, bar


def _told(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody is left at the other end
        return b""


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
