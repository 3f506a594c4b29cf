"""One plain text file → one Document; its metadata stand in a sidecar, NAME.json or NAME.meta.json beside NAME.txt."""

from __future__ import annotations

from pacta.documents.sidecars import one_document
from pacta.documents.source import decode, document
from pacta.model import Document, Metadata


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    return document(raw, decode(raw, name), known, outside=known, source_name=name)


read = one_document(_document)
