"""One Akoma Ntoso file → one Document: the text of an agreement, with the structure that the file gives it."""

from __future__ import annotations

import json
from dataclasses import replace

from pacta.agreements.akoma import from_akoma
from pacta.documents.sidecars import one_document
from pacta.documents.source import document, merged, said_of
from pacta.model import Document, Metadata


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    found = from_akoma(raw, where=name)
    given = json.loads(known.agreement_text or "{}")
    if found.date and "signed" not in given and not found.date.startswith("0001"):
        given["signed"] = found.date[:10]
    given["structure"] = found.value.as_rows()
    said = json.dumps(given, ensure_ascii=False, sort_keys=True)
    full = merged(known, said_of(title=found.value.title, language=found.language))
    return document(raw, found.value.text, replace(full, agreement_text=said), outside=known, source_name=name)


read = one_document(_document)
