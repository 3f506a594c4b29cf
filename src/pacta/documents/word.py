"""One Word file (.docx) → one Document: its paragraphs and tables, with headings and the numbers that are typed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from zipfile import BadZipFile, ZipFile

from pacta.documents.source import Source, document, merged, said_day, whole
from pacta.documents.text import sidecar
from pacta.errors import BinaryInput, InputError, TooLarge
from pacta.model import Document, Metadata

MAX_UNPACKED = 200 * 1024 * 1024  # bytes of all parts together
MAX_RATIO = 200  # unpacked to packed; office files stay below 30


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        beside = sidecar(source.path) if source.path else Metadata()
        outer = merged(outside, beside)
        if beside.agreement_text is not None:
            outer = replace(outer, agreement_text=beside.agreement_text)
        text, said = word_text(raw, source.name)
        yield document(raw, text, merged(outer, said), outside=outer, source_name=source.name)
    except InputError as error:
        yield error


def word_text(raw: bytes, name: str) -> tuple[str, Metadata]:
    """Return the text of a Word file, one paragraph a block, and what the file says of itself."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    try:
        _check_size(raw, name)
        found = docx.Document(io.BytesIO(raw))
        blocks: list[str] = []
        for item in found.iter_inner_content():
            if isinstance(item, Table):
                blocks.extend(" | ".join(cell.text.strip() for cell in row.cells) for row in item.rows)
            else:
                style = (item.style.name or "") if item.style is not None else ""
                level = style.removeprefix("Heading ")
                prefix = "#" * int(level) + " " if style.startswith("Heading ") and level.isdigit() else ""
                blocks.append(prefix + item.text.strip())
        core = found.core_properties
        made = core.created
        said = Metadata(
            title=" ".join((core.title or "").split()) or None,
            published=said_day(made.date().isoformat()) if made else None,
        )
    except (BadZipFile, OpcError, LxmlError, KeyError, ValueError, RecursionError) as error:
        what = f"the Word file is damaged: {str(error)[:120] or type(error).__name__}"
        raise BinaryInput(what, name, "save it anew, or give its text") from None
    return "\n\n".join(block for block in blocks if block) + "\n", said


def _check_size(raw: bytes, name: str) -> None:
    """Raise where the archive would unpack to more than an office file does."""
    with ZipFile(io.BytesIO(raw)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(raw), 10_000):
        raise TooLarge(f"the file unpacks to {unpacked:,} bytes", name, "it is no sound Word file: give its text")
