"""What is given with an agreement text: the fields of its sidecar, and the structure where its file has one."""

from __future__ import annotations

import json
from typing import Any

from pacta.agreements.structure import read_structure
from pacta.agreements.values import AgreementTextValue, from_rows
from pacta.errors import BadMetadata
from pacta.model import Document


def given_of(document: Document) -> dict[str, Any]:
    """Return what the sidecar says of an agreement. Raises BadMetadata where that is not JSON."""
    try:
        given = json.loads(document.metadata.agreement_text or "{}")
    except json.JSONDecodeError as error:
        what = f"what is known of the agreement is not JSON: {error.msg}"
        raise BadMetadata(what, document.source_name, "write an object, as in a sidecar") from None
    return given if isinstance(given, dict) else {}


def structure_of(document: Document) -> AgreementTextValue:
    """Return the structure of an agreement text: as its file gives it, or as its words show it."""
    rows = given_of(document).get("structure")
    return from_rows(document.text, document.metadata.title, rows) if rows else read_structure(document.text)
