"""One Akoma Ntoso file → one Document: the text of an agreement, with the structure that the file gives it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from pacta.agreements.akoma import from_akoma
from pacta.documents.source import Source, document, merged, whole
from pacta.documents.text import sidecar
from pacta.errors import InputError
from pacta.model import Document, Metadata


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        found = from_akoma(raw, where=source.name)
        beside = sidecar(source.path) if source.path else Metadata()
        known = merged(merged(outside, beside), Metadata(title=found.value.title, language=found.language))
        given = json.loads(beside.agreement_text or known.agreement_text or "{}")
        if found.date and "signed" not in given and not found.date.startswith("0001"):
            given["signed"] = found.date[:10]
        given["structure"] = found.value.as_rows()
        said = json.dumps(given, ensure_ascii=False, sort_keys=True)
        outer = merged(outside, beside)
        yield document(
            raw, found.value.text, replace(known, agreement_text=said), outside=outer, source_name=source.name
        )
    except InputError as error:
        yield error
