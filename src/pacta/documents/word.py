"""One Word file (.docx) → one Document: its paragraphs and tables, with headings and the numbers that are typed.

Changes that are tracked count as accepted; text boxes stand behind their paragraph, foot- and endnotes at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import BadZipFile, ZipFile

from pacta.documents.sidecars import one_document
from pacta.documents.source import document, merged, reason, said_of
from pacta.errors import BinaryInput, TooLarge
from pacta.model import Document, Metadata

MAX_UNPACKED = 100 * 1024 * 1024  # bytes of all parts together
MAX_ELEMENTS = 1_000_000  # of its XML; a page of print has some 500
MAX_RATIO = 200  # unpacked to packed; office files stay below 30
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")  # how the container of older and of encrypted files begins
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_AROUND = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
_SIGNS = {f"{_W}{name}": sign for name, sign in
          {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.items()}  # fmt: skip
_LEFT_OUT = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText"))
_LEFT_OUT |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}  # the same for older programs


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    text, said = word_text(raw, name)
    return document(raw, text, merged(known, said), outside=known, source_name=name)


read = one_document(_document)


def word_text(raw: bytes, name: str) -> tuple[str, Metadata]:
    """Return the text of a Word file, one paragraph a block, and what the file says of itself."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    if raw.startswith(_OLD):
        what = "this is a Word file with a password, or one of before 2007"
        raise BinaryInput(what, name, "save it as .docx without a password, or give its text")
    try:
        _check_size(raw, name)
        found = docx.Document(io.BytesIO(raw))
        headings = _headings(found.styles)
        blocks = [*_blocks(found.element.body, headings), *_notes(found)]
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


def _blocks(container: Any, headings: Mapping[str, str]) -> Iterator[str]:
    """Yield the paragraphs of a part of the file, and each row of its tables as a line."""
    for child in container:
        if child.tag == f"{_W}p":
            boxes: list[Any] = []
            text = "".join(_runs(child, boxes)).strip()
            yield headings.get(child.style or "", "") + text if text else ""
            for box in boxes:
                yield from _blocks(box, headings)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child, headings)
        elif child.tag in _AROUND:
            yield from _blocks(child, headings)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the text below an element, without what was deleted; text boxes are collected."""
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag in _SIGNS and child.get(f"{_W}type") in (None, "textWrapping"):
            yield _SIGNS[tag]
        elif tag not in _LEFT_OUT:
            yield from _runs(child, boxes)


def _rows(table: Any, headings: Mapping[str, str]) -> Iterator[str]:
    """Yield each row of a table as a line; a cell that spans several columns or rows is written once."""
    for row in _inside(table, f"{_W}tr"):
        if row.find(f"{_W}trPr/{_W}del") is None:
            cells = ("\n".join(_blocks(cell, headings)).strip() for cell in _inside(row, f"{_W}tc"))
            yield " | ".join(cells)


def _inside(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _inside(child, tag)


def _notes(found: Any) -> Iterator[str]:
    """Yield the foot- and endnotes of a file; lines that part them from the page are none."""
    from docx.oxml import parse_xml

    for relation in sorted(found.part.rels.values(), key=lambda relation: relation.reltype, reverse=True):
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") in (None, "normal"):
                    yield from _blocks(note, {})


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
