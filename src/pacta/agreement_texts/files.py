"""Agreement files: a text, Markdown, HTML or Akoma Ntoso file → its structure, with what the sidecar says beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pacta.agreement_texts.given import structure_of
from pacta.agreements.values import AgreementTextValue
from pacta.documents import MAX_BYTES, read
from pacta.errors import InputError, UnreadableFile


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """The structure of a file; its `language`, and the `title` that its metadata give it."""

    value: AgreementTextValue
    language: str = "en"
    title: str | None = None


def open_text(path: Path, *, limit: int = MAX_BYTES) -> AgreementFile:
    """Read one agreement text; the suffix says how. Raises InputError where it cannot be read."""
    documents = list(read(path, limit=limit))
    for item in documents:
        if isinstance(item, InputError):
            raise item
    if len(documents) != 1 or isinstance(documents[0], InputError):
        remedy = "give one text, not a folder or JSON Lines"
        raise UnreadableFile(f"{len(documents)} documents where one is wanted", str(path), remedy)
    known = documents[0].metadata
    return AgreementFile(structure_of(documents[0]), known.language, known.title)
