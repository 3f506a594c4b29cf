"""Locks on files between processes; the system frees them when a process ends, however it ends.

Without `fcntl` (Windows) nothing is locked: one server on a store is safe, as open files cannot be removed there.
"""

from __future__ import annotations

import os
import platform
import struct
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FLOCK = "hhqqi4x" if struct.calcsize("P") == 8 else "hhqqi"  # struct flock of Linux


def exclusive(path: Path) -> int:
    """Wait for the only lock on a file, made where it is missing; give it to `release` when done."""
    return _locked(path, fcntl.LOCK_EX if fcntl else 0, os.O_RDWR | os.O_CREAT)


def shared(path: Path) -> int:
    """Take one of many locks on a file that is there; give it to `release` when done."""
    return _locked(path, fcntl.LOCK_SH if fcntl else 0, os.O_RDONLY)


def release(held: int) -> None:
    """Give a lock back."""
    os.close(held)


def is_shared(path: Path) -> bool:
    """Tell whether anybody, this process too, holds a shared lock on a file."""
    if not fcntl:
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_held(path: Path) -> bool:
    """Tell whether another process holds the record lock of a store's LOCK file, that is, whether it writes.

    The lock is looked at, not taken, so that no writer that starts just now is turned away.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows, where the writer keeps the file to itself
        return fcntl is None
    except FileNotFoundError:
        return False
    try:
        return _looked_at(descriptor) if fcntl else False
    finally:
        os.close(descriptor)


def _looked_at(descriptor: int) -> bool:
    if platform.system() == "Linux":
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        (kind, *_) = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        return bool(kind != fcntl.F_UNLCK)
    try:  # elsewhere the layout differs, so take a shared lock for a moment
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _locked(path: Path, kind: int, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o644)
    if fcntl:
        fcntl.flock(descriptor, kind)
    return descriptor
