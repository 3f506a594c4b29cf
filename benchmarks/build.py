"""Speed, memory and speed-up of `pacta build`, beside spaCy's own parse of the same texts.

    python benchmarks/build.py                       # made-up reports: 200 of them, memory at 200 and 2,000
    python benchmarks/build.py --documents 100 --memory 100 400 --dask

Times are of the processor, user and system, so that other work on the machine changes little. The speed-up by more
processes is told twice: as the clock saw it, which needs an idle machine, and by the processor: all that one process
takes, over what the busiest of two takes, which is what the clock would see if each had a core of its own. Loading
knowledge and parser, some seconds in each process, is left out of both.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pacta import workers
from pacta.building import build
from pacta.documents import read
from pacta.model import Document
from pacta.stage import Stage, stage_of
from pacta.store import open_store
from pacta.vocabulary import ID_BASE

sys.path.insert(0, str(Path(__file__).parent))
from generate import records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200, metavar="N", help="for times (200)")
    parser.add_argument("--memory", type=int, nargs="*", default=[200, 2000], metavar="N", help="for memory (200 2000)")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="the best of N (2)")
    parser.add_argument("--dask", action="store_true", help="one and two Dask workers too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        stage = stage_of(None, ID_BASE)
        count = max(given.documents, *given.memory, 1)
        lines = [
            json.dumps({"id": n, "text": record.document.text, "published": record.published})
            for n, record in enumerate(records(count, seed=1, converter=stage.converter))
        ]
        for number in {given.documents, *given.memory}:
            (folder / f"{number}.jsonl").write_text("\n".join(lines[:number]), encoding="utf-8")
        load = os.getloadavg()[0]
        print(f"{given.documents} documents, load {load:.1f}, {workers.cores()} cores, best of {given.rounds} rounds\n")
        speed(folder, given.documents, stage, given.rounds)
        memory(folder, given.memory)
        print("| work | clock, 1 → 2 | processor, 1 → 2 |\n|---|---:|---:|")
        processes(folder, given.documents)
        if given.dask:
            dask(folder, given.documents)


def documents(folder: Path, count: int) -> list[Document]:
    return [item for item in read(folder / f"{count}.jsonl") if isinstance(item, Document)]


# --- times ------------------------------------------------------------------------------------------------------------
def speed(folder: Path, count: int, stage: Stage, rounds: int) -> None:
    """Print documents and triples a second, each round first spaCy, then the build."""
    found = documents(folder, count)
    nlp = stage.converter.nlp
    parsed = built = float("inf")
    quads = 0
    for number in range(rounds):
        began = time.process_time()
        for _ in nlp.pipe(document.text for document in found):
            pass
        parsed = min(parsed, time.process_time() - began)
        with open_store(folder / f"store{number}") as store:
            began = time.process_time()
            report = build(
                [folder / f"{count}.jsonl"], store, converter=stage.converter, validator=stage.validator,
                quarantine=folder / "quarantine", jobs=1,
            )  # fmt: skip
            built = min(built, time.process_time() - began)
            assert len(report.added) == len(found), report
            quads = sum(len(list(store.quads(name))) for name in report.added)
    print("| work | s | documents/s | triples/s | to spaCy |\n|---|---:|---:|---:|---:|")
    print(f"| spaCy `nlp.pipe` alone | {parsed:.1f} | {count / parsed:.1f} | | 1.00 |")
    rate = f"{count / built:.1f} | {quads / built:,.0f}"
    print(f"| `build` into a new store, derived | {built:.1f} | {rate} | {built / parsed:.2f} |\n")


# --- memory -----------------------------------------------------------------------------------------------------------
# Linux counts to a process what the one that started it had at that moment: a small one starts it.
_MOST = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def memory(folder: Path, counts: list[int]) -> None:
    """Print the most memory that the command took, by the number of documents."""
    if counts:
        print("| documents | MB at most |\n|---:|---:|")
    for count in counts:
        command = [sys.executable, "-m", "pacta", "build", str(folder / f"{count}.jsonl"), "-q", "-j", "1"]
        command += ["--store", str(folder / f"memory{count}")]
        most = subprocess.run(
            [sys.executable, "-c", _MOST, *command], check=True, capture_output=True, text=True
        ).stdout
        print(f"| {count:,} | {int(most) / 1024:,.0f} |", flush=True)
    print()


# --- speed-up ---------------------------------------------------------------------------------------------------------
Work = tuple[int, float, float, float]  # process, when it began and ended, seconds of its processor


def _start() -> None:
    stage_of(None, ID_BASE).context()


def _work(batch: list[Document]) -> list[Work]:
    began, cpu = time.time(), time.process_time()
    stage_of(None, ID_BASE)(batch)
    return [(os.getpid(), began, time.time(), time.process_time() - cpu)] + [(os.getpid(), began, began, 0.0)] * (
        len(batch) - 1
    )


def processes(folder: Path, count: int) -> None:
    """Convert and validate with one process, and with two."""
    clock, busiest = {}, {}
    for jobs in (1, 2):
        batches = workers.batched(documents(folder, count), 10, lambda _: 1, 1000)
        done = list(workers.in_order(_work, batches, jobs=jobs, start=_start, arguments=(), lost=_lost))
        clock[jobs] = max(row[2] for row in done) - min(row[1] for row in done)
        spent: dict[int, float] = defaultdict(float)
        for process, _, _, cpu in done:
            spent[process] += cpu
        busiest[jobs] = max(spent.values())
    print(f"| processes (`--jobs`) | {clock[1] / clock[2]:.2f} | {busiest[1] / busiest[2]:.2f} |", flush=True)


def _lost(document: Document) -> Work:
    raise RuntimeError(f"a process died on {document.source_name}")


def dask(folder: Path, count: int) -> None:
    """The same by Dask workers on loopback, writing shards."""
    from distributed import Client

    from pacta.engines.dask import run

    clock, busiest = {}, {}
    for number in (1, 2):
        with cluster(number) as (address, crew):
            with Client(f"tcp://{address}", timeout=60) as client:
                client.wait_for_workers(number, timeout=120)
                client.run(_start)
            before, began = [spent(process) for process in crew], time.time()
            shards = str(folder / f"dask{number}")
            for _ in run(iter(documents(folder, count)), address, shards, model=None, base=ID_BASE, size=10):
                pass
            clock[number] = time.time() - began
            busiest[number] = max(spent(process) - at for process, at in zip(crew, before, strict=True))
    print(f"| Dask workers, shards of 10 | {clock[1] / clock[2]:.2f} | {busiest[1] / busiest[2]:.2f} |", flush=True)


@contextmanager
def cluster(number: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and so many workers of one thread; yield HOST:PORT and the processes of the workers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    python = [sys.executable, "-m"]
    place = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = [*python, "distributed.cli.dask_scheduler", *place, "--port", address.partition(":")[2]]
    worker = [*python, "distributed.cli.dask_worker", f"tcp://{address}", *place, "--nthreads", "1", "--no-nanny"]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}  # where they find what is run in them

    def started(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    running = [started(scheduler)]
    try:
        crew = [started(worker) for _ in range(number)]
        running += crew
        yield address, crew
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def spent(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of processor that a process has had, on Linux."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
