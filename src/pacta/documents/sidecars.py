"""Sidecars: what NAME.json or NAME.meta.json says of the document beside it, made sound; and readers that heed them.

That of a report holds the fields of Metadata; that of an agreement has a kind, and fields of its own:

{"kind": "agreement", "agreement": "arm-aze-rus-2020-11", "title": "…", "parties": ["arm", "…"],
 "signed": "2020-11-09", "publisher": "rus-pres", "language": "en", "legalValue": "official-publication", "url": "…"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pacta.documents.compressed import inner
from pacta.documents.source import (
    GIVEN,
    Reader,
    Source,
    check_characters,
    from_mapping,
    merged,
    parse_json,
    shortened,
    whole,
)
from pacta.errors import BadDate, BadMetadata, InputError
from pacta.model import Document, Metadata

SIDECARS = (".json", ".meta.json")
MAX_BYTES = 1024 * 1024  # of a sidecar
KIND = "agreement"
_TEXTS = ("agreement", "signed", "publisher", "edition", "legalValue", "validFrom", "validUntil", "translationOf")
_LISTS = ("parties", "mediators")
_DATES = ("signed", "validFrom", "validUntil")
_SHARED = ("id", "url", "title", "language", "published", "outlet")
FIELDS = ("kind", *_TEXTS, *_LISTS, *_SHARED)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def one_document(make: Callable[[bytes, Metadata, str], Document]) -> Reader:
    """Return the reader of a format whose files are one document each.

    `make` gets the bytes, what is known from outside with what a sidecar adds, and the name for messages.
    """

    def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
        try:
            raw = whole(source, limit)
            yield make(raw, with_sidecar(source.path, outside), source.name)
        except InputError as error:
            yield error

    return read


def with_sidecar(path: Path | None, outside: Metadata) -> Metadata:
    """Return what is known of a document from outside, filled by its sidecar, which wins in what the agreement is."""
    beside = sidecar(path) if path else Metadata()
    known = merged(outside, beside)
    return known if beside.agreement_text is None else replace(known, agreement_text=beside.agreement_text)


def sidecar(path: Path) -> Metadata:
    """Return the metadata that stand beside the file at `path`; none where there is no sidecar."""
    found = [beside for beside in _beside(path) if beside.is_file()]
    if not found:
        return Metadata()
    where = str(found[0])
    if len(found) > 1:
        names = " and ".join(beside.name for beside in found)
        raise BadMetadata(f"two sidecars for one text: {names}", str(path), "keep one of them")
    with found[0].open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise BadMetadata(f"the sidecar has more than {MAX_BYTES:,} bytes", where, "keep what the text needs")
    try:
        values = parse_json(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}:{error.colno}"
        raise BadMetadata(f"the sidecar is not JSON: {error.msg}", place, "mend or remove it") from None
    except UnicodeDecodeError as error:
        raise BadMetadata(f"the sidecar is not UTF-8 (byte offset {error.start})", where, "re-encode it") from None
    if not isinstance(values, dict):
        raise BadMetadata("the sidecar is not a JSON object", where, f"its fields are {', '.join(GIVEN)}")
    if is_agreement(values):
        return agreement_metadata(values, where)
    _check_names(values, GIVEN, where)
    return from_mapping(values, where)


def sidecars_in(paths: Iterable[Path]) -> frozenset[Path]:
    """Return those of `paths` that are the sidecar of another one of them."""
    given = frozenset(paths)
    return given & {name for path in given for name in _beside(path) if name != path}


def is_agreement(values: Mapping[str, Any]) -> bool:
    """Tell whether a sidecar belongs to an agreement text."""
    return values.get("kind") == KIND


def agreement_metadata(values: Mapping[str, Any], where: str) -> Metadata:
    """Return the metadata of an agreement text; what only agreements have goes into `agreement_text` as JSON."""
    _check_names(values, FIELDS, where)
    kept: dict[str, Any] = {}
    for field in _TEXTS:
        value = values.get(field)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise BadMetadata(f"the field {field!r} is {type(value).__name__}, not a string", where, "write a string")
        kept[field] = _day(field, value.strip(), where) if field in _DATES else value.strip()
    for field in _LISTS:
        value = values.get(field) or []
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise BadMetadata(f"the field {field!r} is no list of names", where, 'write it as ["one", "two"]')
        if value:
            kept[field] = [each.strip() for each in value]
    for field, value in kept.items():
        check_characters(field, value if isinstance(value, str) else "".join(value), where)
    if "legalValue" in kept and not _NAME.fullmatch(kept["legalValue"]):
        remedy = "take the name of a concept of ontology/vocabularies/legal-value.ttl"
        raise BadMetadata(f"{shortened(kept['legalValue'])!r} is no legal value", where, remedy)
    shared = from_mapping({field: values.get(field) for field in _SHARED}, where)
    return Metadata(
        shared.id, shared.url, shared.published, shared.outlet, shared.title, shared.language,
        agreement_text=json.dumps(kept, ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def _check_names(values: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    if unknown := sorted(set(values) - set(known)):
        names = shortened(", ".join(unknown))
        raise BadMetadata(f"the sidecar has unknown fields: {names}", where, f"known are {', '.join(known)}")


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(inner(path).stem + suffix) for suffix in SIDECARS)


def _day(field: str, value: str, where: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        what = f"the field {field!r} is no day: {shortened(str(error))}"
        raise BadDate(what, where, "write it as 2021-08-13") from None
