"""One plain text file → one Document; its metadata stand in a sidecar, NAME.json or NAME.meta.json beside NAME.txt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pacta.documents.sidecars import agreement_metadata, is_agreement
from pacta.documents.source import FIELDS as ALL_FIELDS
from pacta.documents.source import Source, decode, document, from_mapping, merged, whole
from pacta.errors import BadMetadata, InputError
from pacta.model import Document, Metadata

SIDECARS = (".json", ".meta.json")
FIELDS = tuple(field for field in ALL_FIELDS if field != "agreement_text")
_FIELDS = ", ".join(FIELDS)


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        text = decode(raw, source.name)
        beside = sidecar(source.path) if source.path else Metadata()
        known = merged(outside, beside)
        if beside.agreement_text is not None:  # what the sidecar says holds, whatever kind was given
            known = replace(known, agreement_text=beside.agreement_text)
        yield document(raw, text, known, outside=known, source_name=source.name)
    except InputError as error:
        yield error


def sidecar(path: Path) -> Metadata:
    """Return the metadata that stand beside the text file at `path`; none where there is no sidecar."""
    found = [beside for beside in _beside(path) if beside.is_file()]
    if not found:
        return Metadata()
    where = str(found[0])
    if len(found) > 1:
        names = " and ".join(beside.name for beside in found)
        raise BadMetadata(f"two sidecars for one text: {names}", str(path), "keep one of them")
    try:
        values = json.loads(found[0].read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}:{error.colno}"
        raise BadMetadata(f"the sidecar is not JSON: {error.msg}", place, "mend or remove it") from None
    except UnicodeDecodeError as error:
        raise BadMetadata(f"the sidecar is not UTF-8 (byte offset {error.start})", where, "re-encode it") from None
    if not isinstance(values, dict):
        raise BadMetadata("the sidecar is not a JSON object", where, f"its fields are {_FIELDS}")
    if is_agreement(values):
        return agreement_metadata(values, where)
    if unknown := sorted(set(values) - set(FIELDS)):
        raise BadMetadata(f"the sidecar has unknown fields: {', '.join(unknown)}", where, f"known are {_FIELDS}")
    return from_mapping(values, where)


def is_sidecar(path: Path) -> bool:
    """Tell whether `path` is the sidecar of a file beside it."""
    stems = {path.name[: -len(suffix)] for suffix in SIDECARS if path.name.endswith(suffix)}
    return any(other.stem in stems and other != path for other in path.parent.iterdir())


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.stem + suffix) for suffix in SIDECARS)
