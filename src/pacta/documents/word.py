"""One Word file (.docx) → one Document: its paragraphs and tables, with headings and the numbers that are typed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from pacta.documents.sidecars import one_document
from pacta.documents.source import document, merged, reason, said_of
from pacta.errors import BinaryInput, TooLarge
from pacta.model import Document, Metadata

MAX_UNPACKED = 100 * 1024 * 1024  # bytes of all parts together
MAX_ELEMENTS = 1_000_000  # of its XML; a page of print has some 500
MAX_RATIO = 200  # unpacked to packed; office files stay below 30


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    text, said = word_text(raw, name)
    return document(raw, text, merged(known, said), outside=known, source_name=name)


read = one_document(_document)


def word_text(raw: bytes, name: str) -> tuple[str, Metadata]:
    """Return the text of a Word file, one paragraph a block, and what the file says of itself."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    try:
        _check_size(raw, name)
        found = docx.Document(io.BytesIO(raw))
        headings = _headings(found.styles)
        blocks: list[str] = []
        for item in found.iter_inner_content():
            if isinstance(item, Table):
                blocks.extend(_rows(item))
            else:
                blocks.append(headings.get(item._p.style or "", "") + item.text.strip())
        core = found.core_properties
        made = core.created
        said = said_of(title=core.title, published=made.date() if made else None)
    except (
        BadZipFile,
        OpcError,
        LxmlError,
        AttributeError,
        TypeError,
        LookupError,
        ValueError,
        RecursionError,
    ) as error:
        what = f"the Word file is damaged: {reason(error)}"
        raise BinaryInput(what, name, "save it anew, or give its text") from None
    return "\n\n".join(block for block in blocks if block) + "\n", said


def _headings(styles: Any) -> dict[str, str]:
    """Return the prefixes of headings by the id of their style; looking each up in the file would be slow."""
    found = {}
    for style in styles:
        level = (style.name or "").removeprefix("Heading ")
        if (style.name or "").startswith("Heading ") and len(level) == 1 and level.isdecimal():
            found[style.style_id] = "#" * int(level) + " "
    return found


def _rows(table: Any) -> Iterator[str]:
    """Yield each row of a table as a line; a cell that spans several columns or rows is written once."""
    from docx.table import _Cell

    for row in table._tbl.tr_lst:
        yield " | ".join(_Cell(cell, table).text.strip() for cell in row.tc_lst)


def _check_size(raw: bytes, name: str) -> None:
    """Raise where the archive would unpack to more than an office file does."""
    remedy = "it is no sound Word file: give its text"
    with ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(raw), 10_000):
            raise TooLarge(f"the file unpacks to {unpacked:,} bytes", name, remedy)
        elements = 0
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                elements += archive.read(part).count(b"<") // 2
        if elements > MAX_ELEMENTS:
            raise TooLarge(f"the file has more than {MAX_ELEMENTS:,} XML elements", name, remedy)
