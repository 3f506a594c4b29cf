"""What one query may take: seconds, memory, rows, bytes; and how many may run and wait at once."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of an endpoint. `memory` and `max_bytes` are in bytes.

    >>> Limits(workers=4).per_client
    3
    """

    seconds: float = 15.0  # a query that runs longer is ended, and its worker replaced
    memory: int = 1_000 * MEGABYTE  # of one worker; a query that wants more is ended
    max_rows: int = 10_000  # of one answer; the rest is behind the next link
    max_bytes: int = 20 * MEGABYTE  # of one answer
    max_query: int = 1 * MEGABYTE  # bytes of the text of a query
    workers: int = 4  # queries that run at once
    waiting: int = 32  # queries that wait for a worker; who comes then is told to come back
    send_seconds: float = 30.0  # a client that takes nothing for so long is let go

    def __post_init__(self) -> None:
        for name in ("seconds", "memory", "max_rows", "max_bytes", "max_query", "workers", "send_seconds"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0")

    @property
    def per_client(self) -> int:
        """How many workers one client may keep busy at once: all but one, so that others are always served."""
        return max(1, self.workers - 1)
