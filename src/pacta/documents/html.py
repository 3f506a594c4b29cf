"""One HTML page → one Document: the main text of a report, or the whole numbered text of an agreement.

What a page says of itself (title, day, site, address, language) fills what nobody gave. The capture is the bytes of
the page; offsets refer to the clean text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pacta.agreements.html import html_text
from pacta.documents.source import Source, decode, document, merged, said_day, whole
from pacta.documents.text import sidecar
from pacta.errors import InputError
from pacta.model import Document, Metadata

# Days are looked for in what a page says of its publication, never in the clock of the machine.
_DAYS = {"original_date": True, "extensive_search": False, "max_date": "2999-12-31"}
_SHORTEST = 80  # characters: with less, what was found is a caption rather than the report


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        beside = sidecar(source.path) if source.path else Metadata()
        outer = merged(outside, beside)
        if beside.agreement_text is not None:
            outer = replace(outer, agreement_text=beside.agreement_text)
        yield from_page(raw, outer, source_name=source.name)
    except InputError as error:
        yield error


def from_page(raw: bytes, outside: Metadata, *, source_name: str, known: Metadata | None = None) -> Document:
    """Return the document of an HTML page; `known` is what its envelope (an archive, a letter) says of it."""
    html = decode_page(raw, source_name)
    text, said = page_text(html, whole_page=outside.agreement_text is not None)
    metadata = merged(merged(outside, known or Metadata()), said)
    return document(raw, text, metadata, outside=outside, source_name=source_name)


def decode_page(raw: bytes, name: str) -> str:
    """Decode a page by the encoding that it declares; without one, as UTF-8, or raise where the bytes are no text."""
    head = raw[:2048].lower()
    if b"charset" in head and b"utf-8" not in head and b"utf8" not in head:
        from trafilatura.utils import decode_file

        return decode(str(decode_file(raw)).encode("utf-8", "replace"), name)
    return decode(raw, name)


def page_text(html: str, *, whole_page: bool = False) -> tuple[str, Metadata]:
    """Return the clean text of a page, one paragraph a block, and what the page says of itself.

    `whole_page` keeps every block with its numbers, as agreements need it; otherwise menus, notices and footers go.
    """
    page = html_text(html)
    said = Metadata(title=page.title, language=page.language or "en")
    if whole_page:
        return page.text, said
    found = _extract()(html, with_metadata=True, include_comments=False, date_extraction_params=_DAYS)
    if found is None or len(found.text or "") < min(_SHORTEST, len(page.text)):
        return page.text, said
    lines = [line.strip() for line in found.text.splitlines() if line.strip()]
    title = found.title or page.title
    if title and title not in lines[:3]:
        lines.insert(0, title)  # a headline is part of the report
    return "\n\n".join(lines) + "\n", Metadata(
        url=found.url if (found.url or "").startswith("http") else None,
        published=said_day(found.date),
        outlet=found.sitename or found.hostname,
        title=title,
        language=page.language or "en",
    )


@lru_cache(maxsize=1)
def _extract() -> Any:
    """Return the extractor; it is imported late, since it takes half a second."""
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without main text is no fault
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    return bare_extraction
