"""The parent's end of one worker process: start it, ask it, kill it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, cast

from pacta.pages.endpoint.snapshots import Snapshot

IN_MEMORY = 1_000_000  # bytes of an answer; a larger one waits for its client in a file
_CHUNK = 1 << 16
_KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG", "LC_ALL")
_COMMAND = (sys.executable, "-P", "-m", "pacta.pages.endpoint.worker")

_log = logging.getLogger(__name__)


class Died(Exception):
    """A worker that went away. `signal` is what ended it, 0 where it ended by itself."""

    def __init__(self, signal_number: int = 0) -> None:
        super().__init__(f"a worker ended by signal {signal_number}")
        self.signal = signal_number


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker answers: what it tells of the answer, the bytes as a file open for reading, and their number.

    `snapshot` is the state of the store that it holds for.
    """

    meta: dict[str, Any]
    body: IO[bytes]
    size: int
    snapshot: Snapshot


class Worker:
    """A worker process on a snapshot. One thread at a time may `ask`; any thread may `kill`."""

    def __init__(self, snapshot: Snapshot, *, memory: int) -> None:
        self.snapshot = snapshot
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"RUST_BACKTRACE": "0"}
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if _log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # so that Ctrl-C ends the server first, and requests under way are finished
        )
        self._input, self._output = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        try:
            ready = self._exchange({"path": str(snapshot.path.absolute()), "memory": memory})
        except Died:
            self.close()
            raise
        self.missing: tuple[str, ...] = tuple(ready["missing"])
        self.pid = self._process.pid

    def ask(self, job: dict[str, Any]) -> Answer:
        """Give the worker one job and wait for the answer; raise Died where none comes."""
        meta = self._exchange(job)
        body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever gets the answer closes it
        left = size = int(meta["size"])
        try:
            while left:
                chunk = self._output.read(min(left, _CHUNK))
                if not chunk:
                    raise self._death()
                body.write(chunk)
                left -= len(chunk)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return Answer(meta, cast("IO[bytes]", body), size, self.snapshot)

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process now, whatever it does."""
        with suppress(OSError):
            self._process.kill()

    def lower(self) -> None:
        """Let others go first on the processor."""
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 15)

    def close(self) -> None:
        """End the process and wait for it."""
        self.kill()
        with suppress(OSError):
            self._input.close()
        self._output.close()
        self._process.wait()

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            self._input.write(json.dumps(message).encode() + b"\n")
            self._input.flush()
            line = self._output.readline()
        except (OSError, ValueError):  # broken pipe, closed by another thread
            raise self._death() from None
        if not line.endswith(b"\n"):
            raise self._death()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _death(self) -> Died:
        self.kill()
        code = self._process.wait()
        return Died(-code if code < 0 else 0)


OUT_OF_MEMORY = getattr(signal, "SIGABRT", 6)
OUT_OF_STACK = tuple(getattr(signal, name) for name in ("SIGSEGV", "SIGBUS") if hasattr(signal, name))
