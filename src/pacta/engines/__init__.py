"""Engines: the same stage over batches of documents, on machines that somebody else's scheduler hands out.

Each takes documents and a folder of shards, and gives the manifest of each batch as it is done. Documents whose record
from the same run is in a manifest there are passed over, so the same command goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock

from pacta.model import Document
from pacta.shards import ACCEPTED, REFUSED, Folder, Manifest
from pacta.stage import Stage, outcomes, stage_of

BATCH = 200  # documents in a task: knowledge and parser are loaded once a process, tasks cost milliseconds
_ONE_AT_A_TIME = Lock()  # an engine may run several tasks as threads of one process; parser and shapes are for one


def shard(batch: list[Document], folder: str, model: str | None, base: str) -> Manifest:
    """Convert and validate one batch and write its shard: what an engine runs, anywhere, as often as it likes."""
    with _ONE_AT_A_TIME:
        stage = stage_of(model, base)
        return Folder(folder).write(stage(batch), stage.converter.run, base)


def local(documents: Iterable[Document], folder: str, stage: Stage, *, jobs: int | None = None) -> Iterator[Manifest]:
    """Yield the manifest of each batch, made by the processes of this machine."""
    target = Folder(folder)
    stream = outcomes(documents, stage, jobs=jobs)
    while batch := list(islice(stream, BATCH)):
        yield target.write(batch, stage.converter.run, stage.converter.base)


def fresh(documents: Iterable[Document], folder: str, stage: Stage) -> Iterator[Document]:
    """Yield the documents, each once, that no manifest in `folder` has a record of from this run."""
    run = stage.converter.run
    done = {
        entry.key
        for manifest in Folder(folder).manifests()
        if manifest.run == run
        for entry in manifest.entries
        if entry.status in (ACCEPTED, REFUSED)
    }
    for document in documents:
        if document.key not in done:
            done.add(document.key)
            yield document
