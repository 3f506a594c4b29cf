"""A web archive (.warc, .warc.gz) → one Document for each archived page; other records are passed over."""

from __future__ import annotations

from collections.abc import Iterator

from pacta.documents.html import from_page
from pacta.documents.source import Source, document, iri, too_large
from pacta.errors import BadMetadata, BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata

_PAGES = ("text/html", "application/xhtml+xml")


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield a document or an error for each response that holds a page; an archive without any is an error."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    found, number = False, 0
    with source.open() as stream:
        try:
            for record in ArchiveIterator(stream):
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
        except (ArchiveLoadFailed, EOFError, ValueError) as error:
            found = True
            what = f"the web archive is damaged after record {number}: {' '.join(str(error).split())[:120]}"
            yield BinaryInput(what, source.name, "what stands before has been read; fetch the archive again")
    if not found:
        yield EmptyDocument("the web archive holds no page", source.name, "give one with responses of text/html")


def _document(raw: bytes, kind: str, known: Metadata, outside: Metadata, place: str) -> Document:
    if kind in _PAGES:
        return from_page(raw, outside, source_name=place, known=known)
    from pacta.documents.source import decode, merged

    return document(raw, decode(raw, place), merged(outside, known), outside=outside, source_name=place)


def _known(address: str, place: str) -> Metadata:
    """Return the address a page was fetched from; the day of fetching is not the day of publication."""
    try:
        return Metadata(url=iri(address.strip("<>"), where=place)) if address else Metadata()
    except BadMetadata:
        return Metadata()
