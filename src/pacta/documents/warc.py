"""A web archive (.warc, .warc.gz) → one Document for each archived page; other records are passed over."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from pacta.documents.html import from_page
from pacta.documents.source import Source, decode, document, iri, merged, reason, too_large, words_of
from pacta.errors import BadMetadata, BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata

MAX_HEADERS = 1024 * 1024  # bytes of the headers of one record
_PIECE = 1 << 16  # bytes
_PAGES = ("text/html", "application/xhtml+xml")


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield a document or an error for each response that holds a page; an archive without any is an error."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    found, number = False, 0
    with source.open() as stream:
        try:
            for record in _bounded(ArchiveIterator(_Piecewise(stream)), ArchiveLoadFailed):
                number += 1
                headers = record.http_headers
                if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                    continue
                kind = (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
                if kind not in (*_PAGES, "text/plain"):
                    continue
                found = True
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                place = f"{source.name}:{number}"
                try:
                    raw = _unpacked(record, place, limit)
                    if len(raw) > limit:
                        raise too_large(place, limit)
                    yield _document(raw, kind, _known(address, place), outside, place)
                except InputError as error:
                    yield error
        except (ArchiveLoadFailed, EOFError, ValueError, AttributeError, TypeError, LookupError) as error:
            found = True
            what = f"the web archive is damaged after record {number}: {reason(error)}"
            yield BinaryInput(what, source.name, "what stands before has been read; fetch the archive again")
    if not found:
        yield EmptyDocument("the web archive holds no page", source.name, "give one with responses of text/html")


class _Piecewise:
    """A stream that gives what is ready, so that a file that breaks off loses nothing of what stands before."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read = getattr(stream, "read1", stream.read)


def _unpacked(record: Any, place: str, limit: int) -> bytes:
    """Return the body of a page, without the packing of its way here; one that is broken is an error of its own."""
    packing = (record.http_headers.get_header("Content-Encoding") or "").lower()
    try:
        raw = _brotli(record, limit) if packing.strip() == "br" else record.content_stream().read(limit + 1)
        missing = getattr(record.raw_stream, "limit", 0)
        if len(raw) > limit or not missing or record.raw_stream.read(1):
            return bytes(raw)
    except (EOFError, ValueError, AttributeError, TypeError, LookupError, zlib.error) as error:
        what = f"the page cannot be unpacked ({words_of(packing) or 'as it is'}): {reason(error)}"
        raise BinaryInput(what, place, "fetch the page again") from None
    raise BinaryInput(f"the record breaks off, {missing:,} bytes before its end", place, "fetch the page again")


def _brotli(record: Any, limit: int) -> bytes:
    """Return a body that is packed with Brotli, up to a byte more than the limit."""
    import brotli
    from warcio.bufferedreaders import ChunkedDataReader

    stream = record.raw_stream
    if (record.http_headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=None)
    unpacker, found = brotli.Decompressor(), bytearray()
    try:
        while not unpacker.is_finished() and len(found) <= limit:
            piece = stream.read(_PIECE) if unpacker.can_accept_more_data() else b""
            more = unpacker.process(piece, output_buffer_limit=limit + 1)
            if not piece and not more:
                raise EOFError("it breaks off")
            found += more
    except brotli.error as error:
        raise ValueError(str(error)) from None
    return bytes(found[: limit + 1])


def _bounded(archive: Any, fault: type[Exception]) -> Any:
    """Return the archive, made to raise `fault` where the headers of a record are more than MAX_HEADERS bytes."""
    archive.INC_RECORD = ""  # which it would write, with what stands there, on standard error
    readline, read = archive.reader.readline, archive.reader.read
    passed = 0

    def limited(length: int | None = None) -> bytes:
        nonlocal passed
        line: bytes = readline(min(length or MAX_HEADERS, MAX_HEADERS))
        passed = passed + len(line) if line.strip() else 0
        if passed >= MAX_HEADERS:
            raise fault(f"headers of more than {MAX_HEADERS:,} bytes")
        return line

    def body(*length: int) -> bytes:
        nonlocal passed
        passed = 0
        return bytes(read(*length))

    archive.reader.readline, archive.reader.read = limited, body
    return archive


def _document(raw: bytes, kind: str, known: Metadata, outside: Metadata, place: str) -> Document:
    if kind in _PAGES:
        return from_page(raw, outside, source_name=place, known=known)
    return document(raw, decode(raw, place), merged(outside, known), outside=outside, source_name=place)


def _known(address: str, place: str) -> Metadata:
    """Return the address a page was fetched from; the day of fetching is not the day of publication."""
    try:
        return Metadata(url=iri(address.strip("<>"), where=place)) if address else Metadata()
    except BadMetadata:
        return Metadata()
