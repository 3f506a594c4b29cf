"""The mark of a store: a small file beside those of the engine that says in which format the store was written.

FORMAT goes up when what older versions of Pacta wrote is kept in another way now, OLDEST when they can no longer be
read. A store without a mark is older than marks, and of format 1.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from pacta import __version__
from pacta.errors import StoreError

NAME = "PACTA"
FORMAT = 1
OLDEST = 1

_MARK = re.compile(r"pacta store, format (\d{1,6}), written by ([\w.+-]{1,40})\s*")


def read(folder: Path) -> int | None:
    """Return the format of the store in a folder, None where it has no mark; a mark with other words: StoreError."""
    try:
        words = (folder / NAME).read_bytes()[:200].decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"the mark of the store cannot be read: {(error.strerror or str(error)).lower()}"
        raise StoreError(what, str(folder / NAME), "check who owns the folder") from error
    found = _MARK.fullmatch(words)
    if not found:
        remedy = "remove that file if this version of pacta made the store; otherwise build it again in a new folder"
        raise StoreError("this is no mark of a store", str(folder / NAME), remedy)
    return int(found[1])


def check(folder: Path) -> None:
    """Raise StoreError where the store in a folder is of a format that this version cannot read."""
    number = read(folder)
    if number is None:
        return
    known = f"format {number}; {__version__} reads {OLDEST if OLDEST == FORMAT else f'{OLDEST} to {FORMAT}'}"
    if number > FORMAT:
        what = f"the store was written by a newer version of Pacta ({known})"
        remedy = "install that version, or build the store again in a new folder; nothing was changed"
        raise StoreError(what, str(folder), remedy)
    if number < OLDEST:
        what = f"the store was written by an older version of Pacta ({known})"
        remedy = "build it again in a new folder, or dump it as N-Quads with that version and load them with this one"
        raise StoreError(what, str(folder), remedy)


def put(folder: Path) -> None:
    """Mark a store that is open for writing, unless it is of this format already."""
    if read(folder) == FORMAT:
        return
    part = folder / f"{NAME}.part"
    try:
        part.write_text(f"pacta store, format {FORMAT}, written by {__version__}\n", encoding="utf-8")
        part.replace(folder / NAME)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
