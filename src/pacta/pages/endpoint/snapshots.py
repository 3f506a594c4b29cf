"""Snapshots: read-only states of a store that stay whole while `pacta build` and `pacta load` write to it.

    snapshots = Snapshots(Path("store"))
    snapshot = snapshots.current()        # at once: never waits for a switch
    snapshot.id, snapshot.modified        # for validators: the id changes whenever the content may have
    snapshot.store                        # a pyoxigraph Store, opened when first asked for
    snapshot.path                         # a folder that other processes may open read-only

A snapshot is a folder of hard links in STORE/snapshots: no copy of the data, made in milliseconds at any size. It is
there for as long as somebody holds the object; nobody has to give it back. A thread looks every second whether a writer
has come and gone, and switches: what a build does becomes visible as a whole when the build has ended.

Where no hard links can be made (the folder may not be written, the file system has none), the store itself is opened
read-only, and a warning says that it must not be written to meanwhile.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from pacta.errors import StoreError
from pacta.pages.endpoint import locks
from pacta.store import open_store

INTERVAL = 1.0  # seconds between two looks at the store
FOLDER = "snapshots"  # within the folder of the store
PATIENCE = 10.0  # seconds for a first snapshot beside a writer that never rests

_IN_USE = "IN-USE"  # a file in a snapshot; whoever reads the snapshot holds a shared lock on it
_GUARD = "GUARD"  # a file in the folder of snapshots; whoever makes or removes one holds it

_log = logging.getLogger(__name__)


class Snapshot:
    """One state of a store. `id` has 16 hex digits, `modified` is when it was last written (UTC)."""

    def __init__(self, state: str, modified: datetime, path: Path) -> None:
        self.id = state
        self.modified = modified
        self.path = path
        self._store: Store | None = None
        self._opening = threading.Lock()
        self.release: Callable[[], object] = lambda: None  # called by itself when nobody holds the snapshot

    @property
    def store(self) -> Store:
        """The store of this process, opened when first asked for; safe to use from several threads."""
        if self._store is None:
            with self._opening:
                if self._store is None:
                    self._store = _opened(self.path)
        return self._store

    def __repr__(self) -> str:
        return f"Snapshot({self.id!r}, path={str(self.path)!r})"


class Snapshots:
    """The snapshots of the store in `folder`; no store there raises StoreError. `close()` ends the watching."""

    def __init__(self, folder: Path | str, *, interval: float = INTERVAL) -> None:
        self.folder = Path(folder)
        open_store(self.folder, read_only=True).close()  # says what is wrong with the folder
        self._cannot_link = False
        self._refreshing = threading.Lock()
        self._current = self._first()
        self._end = threading.Event()
        watch = threading.Thread(
            target=_watch, args=(weakref.ref(self), self._end, interval), name="snapshots", daemon=True
        )
        watch.start()

    def current(self) -> Snapshot:
        """Return the newest snapshot. Hold the object for as long as its files are needed."""
        return self._current

    def refresh(self) -> Snapshot:
        """Look at the store now, and return the newest snapshot; while it is being written, that is the one before."""
        with self._refreshing:
            try:
                state = _state(self.folder)
                if state == self._current.id or locks.is_held(self.folder / "LOCK"):
                    return self._current
                fresh = self._snapshot(state)
            except (OSError, StoreError) as error:
                _log.debug("the store cannot be read now, and the snapshot before stays: %s", error)
                return self._current
            if fresh is None:
                return self._current
            self._current = fresh
        self._sweep()
        return fresh

    def close(self) -> None:
        """End the watching and give up the newest snapshot; stores of it that are open can still be read."""
        self._end.set()
        self._current.release()

    # --- making one ---------------------------------------------------------------------------------------------------
    def _first(self) -> Snapshot:
        """Return a snapshot of what is there, beside a writer if need be: in a moment in which it writes nothing."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(FileNotFoundError):  # a file of the store went while it was linked
                if made := self._snapshot(_state(self.folder)):
                    self._sweep()
                    return made
            time.sleep(0.05)
        remedy = "wait until the other command has ended"
        raise StoreError("the store is being written without a pause", str(self.folder), remedy)

    def _snapshot(self, state: str) -> Snapshot | None:
        """Return a snapshot of the store in the state `state`; None where the store has left that state meanwhile."""
        modified = _modified(self.folder)
        if not self._cannot_link:
            try:
                return self._linked(state, modified)
            except FileNotFoundError:
                raise
            except OSError as error:
                self._cannot_link = True
                reason = (error.strerror or str(error)).lower()
                _log.warning(
                    "no snapshots can be made in %s (%s): the store itself is served. "
                    "Do not build or load into it meanwhile, or let the server write to that folder",
                    self.folder / FOLDER, reason,
                )  # fmt: skip
        return Snapshot(state, modified, self.folder) if _state(self.folder) == state else None

    def _linked(self, state: str, modified: datetime) -> Snapshot | None:
        home = self.folder / FOLDER
        home.mkdir(exist_ok=True)
        target = home / state
        with _guarded(home):
            if not target.is_dir():
                unfinished = Path(tempfile.mkdtemp(prefix=".", dir=home))
                try:
                    _link(self.folder, unfinished)
                    (unfinished / _IN_USE).touch()
                    if _state(self.folder) != state:
                        return None
                    unfinished.rename(target)
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
            in_use = locks.shared(target / _IN_USE)
        snapshot = Snapshot(state, modified, target)
        snapshot.release = weakref.finalize(snapshot, _left, home, in_use)
        return snapshot

    def _sweep(self) -> None:
        with suppress(OSError):
            _sweep(self.folder / FOLDER)


def _watch(snapshots: weakref.ref[Snapshots], end: threading.Event, interval: float) -> None:
    while not end.wait(interval):
        this = snapshots()
        if this is None:
            return
        try:
            this.refresh()
        except Exception:
            _log.exception("looking for a new snapshot failed")
        del this


def _opened(path: Path) -> Store:
    try:
        return Store.read_only(str(path))
    except OSError as error:
        raise StoreError(f"the snapshot cannot be opened: {error}", None, "try again") from error


# --- the files of a store ---------------------------------------------------------------------------------------------
def _changing(folder: Path) -> list[os.DirEntry[str]]:
    """Return the files that grow with each write: the manifest and the write-ahead logs. All others never change."""
    with os.scandir(folder) as entries:
        found = [e for e in entries if e.name.startswith("MANIFEST-") or e.name.endswith(".log")]
    return sorted(found, key=lambda entry: entry.name)


def _state(folder: Path) -> str:
    """Return what tells one state of a store from another. Its logs only grow, and their numbers never come again."""
    marks = [(folder / name).read_text(encoding="utf-8").strip() for name in ("IDENTITY", "CURRENT")]
    marks += [f"{entry.name} {entry.stat().st_size}" for entry in _changing(folder)]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]


def _modified(folder: Path) -> datetime:
    newest = max((entry.stat().st_mtime for entry in _changing(folder)), default=0.0)
    return datetime.fromtimestamp(int(newest), UTC)


def _link(store: Path, target: Path) -> None:
    """Bring the files of a store into another folder: those that change no more as links, the rest as copies.

    Tables never change, nor do logs of which there is a newer one; the newest grows only while there is a writer.
    """
    with os.scandir(store) as entries:
        files = [entry for entry in entries if entry.is_file() and entry.name not in ("LOCK", "LOG")]
    logs = [file.name for file in files if file.name.endswith(".log")]
    growing = {max(logs, key=lambda name: (len(name), name), default="")}
    if not locks.is_held(store / "LOCK"):
        growing.clear()
    for file in files:
        if file.name.endswith((".sst", ".blob", ".log")) and file.name not in growing:
            os.link(file.path, target / file.name)
        elif not file.name.startswith("LOG."):
            shutil.copyfile(file.path, target / file.name)


# --- the folder of snapshots ------------------------------------------------------------------------------------------
@contextmanager
def _guarded(home: Path) -> Iterator[None]:
    """Be the only one, of all processes, that makes or removes snapshots."""
    held = locks.exclusive(home / _GUARD)
    try:
        yield
    finally:
        locks.release(held)


def _left(home: Path, in_use: int) -> None:
    """Give up one snapshot that nobody of this process reads any more, and remove it where no other process does."""
    locks.release(in_use)
    with suppress(OSError):
        _sweep(home)


def _sweep(home: Path) -> None:
    """Remove the snapshots that no process uses, and what a crash left unfinished."""
    with _guarded(home):
        for path in sorted(home.iterdir()):
            if path.is_dir() and not _is_used(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_used(path: Path) -> bool:
    try:
        return locks.is_shared(path / _IN_USE)
    except FileNotFoundError:
        return False
