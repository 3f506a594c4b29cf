"""Files, folders and streams → Documents; what cannot be read comes out as an error in its place, the rest goes on.

    for item in read(Path("reports.jsonl")):        # a file, a folder (walked in order), or a binary stream
        if isinstance(item, InputError): ...        # says what, where and what to do

A new input format is one module with a `read` function and one row in READERS.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pacta.documents import akoma, feed, html, jsonlines, mail, pdf, text, warc, word
from pacta.documents.compressed import inner
from pacta.documents.language import only_read
from pacta.documents.sidecars import sidecars_in
from pacta.documents.source import MAX_BYTES, Reader, Source, clean, of_path, of_stream, reason
from pacta.errors import BinaryInput, EmptyDocument, InputError, UnknownInput, UnreadableFile
from pacta.model import Document, Metadata

__all__ = ["MAX_BYTES", "READERS", "InputFormat", "read"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InputFormat:
    """One input format: its name, the suffixes it is guessed from, its reader, and how its first bytes look.

    `begins` are bytes that a stream of this format begins with; `accepts` tells formats of one suffix apart.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    begins: tuple[bytes, ...] = ()
    accepts: Callable[[bytes], bool] = bool


READERS: tuple[InputFormat, ...] = (
    InputFormat("text", (".txt", ".text", ".md"), text.read),
    InputFormat("html", (".html", ".htm", ".xhtml"), html.read),
    InputFormat("feed", (".rss", ".atom", ".xml"), feed.read, accepts=feed.is_feed),
    InputFormat("akoma", (".akn", ".xml"), akoma.read),
    InputFormat("jsonl", (".jsonl", ".ndjson"), jsonlines.read, (b"{",)),
    InputFormat("pdf", (".pdf",), pdf.read, (b"%PDF-",)),
    InputFormat("word", (".docx",), word.read, (b"PK\x03\x04",)),
    InputFormat("mail", (".eml",), mail.read),
    InputFormat("warc", (".warc",), warc.read, (b"WARC/",)),
)


def read(
    source: Path | BinaryIO,
    *,
    metadata: Metadata | None = None,
    source_name: str | None = None,
    format_name: str | None = None,
    limit: int = MAX_BYTES,
) -> Iterator[Document | InputError]:
    """Yield a Document, or the InputError that stands in its place, for each document in `source`.

    `metadata` is what is known from outside; for one document it wins over a sidecar, for JSON Lines it fills what a
    line leaves open. `format_name` is a name in READERS; without it the suffix decides (the one before .gz or .zst,
    which are unpacked), and for a stream its first bytes ("{" is JSON Lines). `limit` counts bytes per document. Bad
    `metadata` raises: it concerns all documents.
    """
    outside = clean(metadata or Metadata(), where="the given metadata")
    if isinstance(source, Path):
        yield from _read_path(source, outside, source_name, format_name, limit)
    else:
        name = getattr(source, "name", None)  # 0 or "<stdin>" for standard input
        named = name if isinstance(name, str) and not name.startswith("<") else "standard input"
        stream = of_stream(source, source_name or named)
        reader = _named(format_name) if format_name else _sniffed(stream)
        yield from _guarded(reader, stream, outside, limit)


def _read_path(
    path: Path, outside: Metadata, source_name: str | None, format_name: str | None, limit: int
) -> Iterator[Document | InputError]:
    if path.is_dir():
        yield from _walk(path, outside, format_name, limit)
        return
    reader = _named(format_name) if format_name else _by_suffix(path)
    if reader is None:
        known = ", ".join(suffix for row in READERS for suffix in row.suffixes)
        names = " or ".join(row.name for row in READERS)
        remedy = f"known suffixes are {known}; name the input format ({names}) to read it all the same"
        yield UnknownInput(
            f"the format of a file ending in {inner(path).suffix or 'no suffix'!r} is not known", str(path), remedy
        )
        return
    yield from _guarded(reader, of_path(path, source_name or str(path)), outside, limit)


def _walk(folder: Path, outside: Metadata, format_name: str | None, limit: int) -> Iterator[Document | InputError]:
    """Read every file below `folder` whose suffix is known, in the order of their paths; hidden ones stay out."""
    paths, closed = _below(folder)
    yield from closed
    sidecars = sidecars_in(paths)
    found = bool(closed)
    for path in paths:
        if not _rows(path):
            if path not in sidecars:
                _log.info("%s is left out: its suffix names no input format", path)
            continue
        found = True
        if path.exists() and not path.is_file():  # reading a pipe or a device may never end
            yield UnreadableFile("this is a pipe or a device, not a file", str(path), "take it out of the folder")
            continue
        reader = _named(format_name) if format_name else _by_suffix(path)
        if reader is not None:
            yield from _guarded(reader, of_path(path, str(path)), outside, limit)
    if not found:
        known = ", ".join(f"*{suffix}" for row in READERS for suffix in row.suffixes)
        yield EmptyDocument("the folder holds no document", str(folder), f"documents are files named {known}")


def _below(folder: Path) -> tuple[list[Path], list[InputError]]:
    """Return what lies below a folder and is none, in order, and an error for each folder that cannot be opened.

    Links to folders are not followed, so that none is walked twice or for ever.
    """
    closed: list[InputError] = []

    def refused(error: OSError) -> None:
        what = f"cannot open the folder: {(error.strerror or str(error)).lower()}"
        closed.append(UnreadableFile(what, str(error.filename), "check its permissions"))

    paths: list[Path] = []
    for at, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths.extend(Path(at, name) for name in names if not name.startswith("."))
    return sorted(paths, key=lambda path: path.parts), sorted(closed, key=lambda error: error.where or "")


def _guarded(reader: Reader, source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    try:
        yield from map(only_read, reader(source, outside, limit))
    except InputError as error:  # what ends the reading of a file of several documents
        yield error
    except OSError as error:
        remedy = "check the path and its permissions" if error.errno else "fetch the file again, or pack it anew"
        yield UnreadableFile(f"cannot read: {(error.strerror or str(error)).lower()}", source.name, remedy)
    except Exception as error:  # a parser of somebody else's that a broken file trips up: the rest of the batch goes on
        _log.debug("%s trips up its reader", source.name, exc_info=True)
        what = f"the file cannot be read to its end: {reason(error)}"
        yield BinaryInput(what, source.name, "it seems to be damaged: save it anew, or give its text")


def _named(name: str) -> Reader:
    for row in READERS:
        if row.name == name:
            return row.read
    raise UnknownInput(f"there is no input format {name!r}", remedy=f"take {' or '.join(row.name for row in READERS)}")


def _by_suffix(path: Path) -> Reader | None:
    rows = _rows(path)
    if len(rows) > 1:  # several formats of one suffix: the first bytes tell
        try:
            first = of_path(path, str(path)).peek()
        except OSError:
            first = b""
        rows = [row for row in rows if row.accepts(first)] or rows
    return rows[0].read if rows else None


def _rows(path: Path) -> list[InputFormat]:
    suffix = inner(path).suffix.lower()
    return [row for row in READERS if suffix in row.suffixes]


def _sniffed(source: Source) -> Reader:
    first = source.peek().lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((row.read for row in READERS if any(first.startswith(mark) for mark in row.begins)), text.read)
