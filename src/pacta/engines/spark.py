"""PySpark: the same batches under mapPartitions, on whatever cluster a SparkSession reaches.

from pacta.engines.spark import run
for manifest in run(session, "hdfs:///reports.jsonl", "hdfs:///shards"): ...
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pacta import workers
from pacta.documents import read
from pacta.engines import BATCH, shard
from pacta.model import Document
from pacta.shards import Manifest
from pacta.vocabulary import ID_BASE

_BATCH_TEXT = 20_000_000  # characters in a batch


def run(
    session: Any,
    lines: str,
    folder: str,
    *,
    model: str | None = None,
    base: str = ID_BASE,
    partitions: int | None = None,
) -> list[Manifest]:
    """Convert JSON Lines that Spark reads, partition by partition, into shards in `folder`; return their manifests.

    A line that is no document is left out here: `pacta convert` on the same file names it. Each executor needs pacta
    installed and reaches `folder` (a shared path, or a URL that fsspec knows).
    """
    rows = session.sparkContext.textFile(lines, partitions)

    def work(partition: Iterable[str]) -> Iterator[Manifest]:
        batches = workers.batched(_documents(partition), BATCH, lambda document: len(document.text), _BATCH_TEXT)
        for batch in batches:
            yield shard(batch, folder, model, base)

    return list(rows.mapPartitions(work).collect())


def _documents(lines: Iterable[str]) -> Iterator[Document]:
    for line in lines:
        if line.strip():
            stream = io.BytesIO(line.encode("utf-8", "surrogatepass"))
            yield from (item for item in read(stream, format_name="jsonl") if isinstance(item, Document))
