"""One HTML page → one Document: the main text of a report, or the whole numbered text of an agreement.

What a page says of itself (title, day, site, address, language) fills what nobody gave. The capture is the bytes of
the page; offsets refer to the clean text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pacta.agreements.html import html_text
from pacta.documents.sidecars import one_document
from pacta.documents.source import decode, document, merged, said_of
from pacta.errors import TooLarge
from pacta.model import Document, Metadata

# Days are looked for in what a page says of its publication, never in the clock of the machine.
_DAYS = {"original_date": True, "extensive_search": False, "max_date": "2999-12-31"}
MAX_ELEMENTS = 300_000  # of a page; an article has some 1,000
MAX_ATTRIBUTES = 1_000  # of one element
MAX_DEPTH = 1_000  # of elements in one another
_SHORTEST = 80  # characters: with less, what was found is a caption rather than the report


def from_page(raw: bytes, outside: Metadata, *, source_name: str, known: Metadata | None = None) -> Document:
    """Return the document of an HTML page; `known` is what its envelope (an archive, a letter) says of it."""
    html = decode_page(raw, source_name)
    text, said = page_text(html, name=source_name, whole_page=outside.agreement_text is not None)
    metadata = merged(merged(outside, known or Metadata()), said)
    return document(raw, text, metadata, outside=outside, source_name=source_name)


def decode_page(raw: bytes, name: str) -> str:
    """Decode a page by the encoding that it declares; without one, as UTF-8, or raise where the bytes are no text."""
    head = raw[:2048].lower()
    if b"charset" in head and b"utf-8" not in head and b"utf8" not in head:
        from trafilatura.utils import decode_file

        return decode(str(decode_file(raw)).encode("utf-8", "replace"), name)
    return decode(raw, name)


def page_text(html: str, *, name: str, whole_page: bool = False) -> tuple[str, Metadata]:
    """Return the clean text of a page, one paragraph a block, and what the page says of itself.

    `whole_page` keeps every block with its numbers, as agreements need it; otherwise menus, notices and footers go.
    """
    page = html_text(html)
    if page.elements > MAX_ELEMENTS or page.attributes > MAX_ATTRIBUTES or page.depth > MAX_DEPTH:
        what = f"the page has {page.elements:,} elements, {page.depth:,} in one another, {page.attributes:,} attributes"
        most = f"{MAX_ELEMENTS:,}, {MAX_DEPTH:,} and {MAX_ATTRIBUTES:,}"
        raise TooLarge(what, name, f"at most {most} are read: give the text of the page")
    said = said_of(title=page.title, language=page.language)
    if whole_page:
        return page.text, said
    found = _extract()(html, with_metadata=True, include_comments=False, date_extraction_params=_DAYS)
    if found is None or len(found.text or "") < min(_SHORTEST, len(page.text)):
        return page.text, said
    lines = [line.strip() for line in found.text.splitlines() if line.strip()]
    title = found.title or page.title
    if title and title not in lines[:3]:
        lines.insert(0, title)  # a headline is part of the report
    return "\n\n".join(lines) + "\n", said_of(
        url=found.url,
        published=found.date,
        outlet=found.sitename or found.hostname,
        title=title,
        language=page.language,
    )


@lru_cache(maxsize=1)
def _extract() -> Any:
    """Return the extractor; it is imported late, since it takes half a second."""
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without main text is no fault
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    return bare_extraction


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    return from_page(raw, known, source_name=name)


read = one_document(_document)
