"""Dask distributed: batches as tasks of a running scheduler, on a laptop, over SSH, Slurm, YARN or Kubernetes.

dask scheduler                                    # on one machine
dask worker tcp://HOST:8786 --nthreads 1          # on each other, one for each core
pacta build … --engine dask://HOST:8786 --shards FOLDER
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pacta import workers
from pacta.engines import BATCH, shard
from pacta.errors import StoreError
from pacta.model import Document
from pacta.shards import Manifest

_AHEAD = 2  # tasks in flight for each thread of a worker: bounds memory here
_RETRIES = 2  # of a task that raised; one whose worker died is run again by the scheduler anyhow
_BATCH_TEXT = 20_000_000  # characters in a task


def run(
    documents: Iterable[Document],
    address: str,
    folder: str,
    *,
    model: str | None,
    base: str,
    size: int = BATCH,
    timeout: float = 30,
) -> Iterator[Manifest]:
    """Yield the manifest of each batch as it is done, in any order. `address` is HOST:PORT of a scheduler.

    A scheduler that cannot be reached raises StoreError; so does a batch that no worker could bring to its end.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise StoreError("the package distributed is not here", f"dask://{address}", "install pacta[cluster]") from None
    try:
        client = Client(f"tcp://{address}", timeout=timeout)
    except (OSError, ValueError) as error:
        remedy = "start one with: dask scheduler"
        raise StoreError("the scheduler does not answer", f"dask://{address}", remedy) from error
    batches = workers.batched(documents, size, lambda document: len(document.text), _BATCH_TEXT)
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            client.wait_for_workers(1, timeout=timeout)
            threads = sum(client.nthreads().values())

        def submit(batch: list[Document]) -> Any:
            return client.submit(shard, batch, folder, model, base, retries=_RETRIES, pure=False)

        running = as_completed([submit(batch) for batch in islice(batches, _AHEAD * threads)])
        for future in running:
            try:
                yield future.result()
            except Exception as error:  # whatever the scheduler says of a task that it gave up
                what = f"a batch could not be brought to its end: {type(error).__name__}: {error}"
                raise StoreError(what, f"dask://{address}", "run the same command again: it goes on there") from error
            for batch in islice(batches, 1):
                running.add(submit(batch))
