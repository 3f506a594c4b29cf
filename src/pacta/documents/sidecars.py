"""Sidecars of agreement texts: what NAME.json says of an agreement whose text is NAME.txt, made sound.

{"kind": "agreement", "agreement": "arm-aze-rus-2020-11", "title": "…", "parties": ["arm", "…"],
 "signed": "2020-11-09", "publisher": "rus-pres", "language": "en", "legalValue": "official-publication", "url": "…"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pacta.documents.source import from_mapping
from pacta.errors import BadDate, BadMetadata
from pacta.model import Metadata

KIND = "agreement"
_TEXTS = ("agreement", "signed", "publisher", "edition", "legalValue", "validFrom", "validUntil", "translationOf")
_LISTS = ("parties", "mediators")
_DATES = ("signed", "validFrom", "validUntil")
_SHARED = ("id", "url", "title", "language", "published", "outlet")
FIELDS = ("kind", *_TEXTS, *_LISTS, *_SHARED)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def is_agreement(values: Mapping[str, Any]) -> bool:
    """Tell whether a sidecar belongs to an agreement text."""
    return values.get("kind") == KIND


def agreement_metadata(values: Mapping[str, Any], where: str) -> Metadata:
    """Return the metadata of an agreement text; what only agreements have goes into `agreement_text` as JSON."""
    if unknown := sorted(set(values) - set(FIELDS)):
        known = ", ".join(FIELDS)
        raise BadMetadata(f"the sidecar has unknown fields: {', '.join(unknown)}", where, f"known are {known}")
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
    if "legalValue" in kept and not _NAME.fullmatch(kept["legalValue"]):
        remedy = "take the name of a concept of ontology/vocabularies/legal-value.ttl"
        raise BadMetadata(f"{kept['legalValue']!r} is no legal value", where, remedy)
    shared = from_mapping({field: values.get(field) for field in _SHARED}, where)
    return Metadata(
        shared.id, shared.url, shared.published, shared.outlet, shared.title, shared.language,
        agreement_text=json.dumps(kept, ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def _day(field: str, value: str, where: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise BadDate(f"the field {field!r} is no day: {error}", where, "write it as 2021-08-13") from None
