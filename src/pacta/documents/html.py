"""One HTML page → one Document: its text with headings and list numbers, its title and language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pacta.agreements.html import html_text
from pacta.documents.source import Source, decode, document, merged, whole
from pacta.documents.text import sidecar
from pacta.errors import InputError
from pacta.model import Document, Metadata


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        page = html_text(decode(raw, source.name))
        beside = sidecar(source.path) if source.path else Metadata()
        outer = merged(outside, beside)
        if beside.agreement_text is not None:
            outer = replace(outer, agreement_text=beside.agreement_text)
        known = merged(outer, Metadata(title=page.title, language=page.language or "en"))
        yield document(raw, page.text, known, outside=outer, source_name=source.name)
    except InputError as error:
        yield error
