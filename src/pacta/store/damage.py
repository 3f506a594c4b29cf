"""What the engine says of disks, locks and damaged files, as errors that say what to do.

except (OSError, RuntimeError) as error:  # the engine raises both
    raise told(error, where) from error
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pacta.errors import DamagedStore, StoreError


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of fault: how the engine's message tells it, and what is said instead."""

    sign: re.Pattern[str]
    what: str
    remedy: str
    error: type[StoreError] = StoreError


_KINDS = (
    _Kind(
        re.compile(r"lock hold by|While lock file"),
        "the store is being written by another process",
        "wait until the other command has ended, or open the store read-only",
    ),
    _Kind(
        re.compile(r"No space left|File too large|quota exceeded", re.IGNORECASE),
        "there is no room left on the disk of the store; what landed before is whole",
        "make room, and run the same command again: it goes on there",
    ),
    _Kind(
        re.compile(r"Permission denied|Read-only file system|Operation not permitted", re.IGNORECASE),
        "the store may not be written, or not even opened",
        "check who owns the folder, and that its disk is not mounted read-only",
    ),
    _Kind(
        re.compile(r"Too many open files", re.IGNORECASE),
        "the system lets this process open no more files",
        "raise the limit, as with ulimit -n 65536, and run the same command again",
    ),
    _Kind(
        re.compile(r"Corruption|checksum|No such file|bad table|not exist|not UTF-8|unexpected end", re.IGNORECASE),
        "the store is damaged",
        "save what can be read with pacta dump, and build in a new folder from the same documents",
        DamagedStore,
    ),
)
_FILE = re.compile(r"[\w-]+\.(?:sst|log|blob)\b|\b(?:MANIFEST|OPTIONS)-\d+|\bCURRENT\b")


def told(error: Exception, where: str, otherwise: str = "the store cannot be used") -> StoreError:
    """Return an engine's error as one of ours; `otherwise` begins the message where its kind is not known."""
    text = " ".join(str(error).split())
    for kind in _KINDS:
        if kind.sign.search(text):
            what = f"{kind.what}: {_short(text)}" if kind.error is DamagedStore else kind.what
            return kind.error(what, where, kind.remedy)
    return StoreError(f"{otherwise}: {text}", where, "check its folder and its disk")


def _short(text: str) -> str:
    """Return the engine's own words with the name of the file, without paths and offsets."""
    reason = re.split(r"[:(=]? ?stored|  |, (?=Encountered)|: /| in /| sstable", text.removeprefix("Corruption: "))[0]
    files = dict.fromkeys(_FILE.findall(text))
    named = ", ".join(name for name in files if name not in reason)
    return f"{reason.strip(' :')}{f' in {named}' if named else ''}"
