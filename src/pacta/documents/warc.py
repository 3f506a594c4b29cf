"""A web archive (.warc, .warc.gz) → one Document for each archived page; other records are passed over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from pacta.documents.html import from_page
from pacta.documents.source import Source, decode, document, iri, merged, reason, too_large
from pacta.errors import BadMetadata, BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata

MAX_HEADERS = 1024 * 1024  # bytes of the headers of one record
_PAGES = ("text/html", "application/xhtml+xml")


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield a document or an error for each response that holds a page; an archive without any is an error."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    found, number = False, 0
    with source.open() as stream:
        try:
            for record in _bounded(ArchiveIterator(stream), ArchiveLoadFailed):
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
                    raw = record.content_stream().read(limit + 1)
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
