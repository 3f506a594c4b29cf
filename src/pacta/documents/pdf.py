"""One PDF file → one Document: its text layer, page after page, with the offset at which each page begins.

A scan without a text layer is an error: nothing is guessed from pictures.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import datetime

from pacta.documents.source import Source, document, merged, said_day, whole
from pacta.documents.text import sidecar
from pacta.errors import BinaryInput, EmptyDocument, InputError, TooLarge
from pacta.model import Document, Metadata

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000  # of text; a page of print has some 3,000

_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_WITHIN = re.compile(r"(?<=\S)[ \t]*\n(?=\S)")
_SPACE = re.compile(r"[ \t\u00a0]+")
_BLANK = re.compile(r"\n\s*\n+")
_SENTENCE_END = re.compile(r"[.!?:;”\"’)\]]$")


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        beside = sidecar(source.path) if source.path else Metadata()
        outer = merged(outside, beside)
        text, pages, said = pdf_text(raw, source.name)
        yield document(raw, text, merged(outer, said), outside=outer, source_name=source.name, pages=pages)
    except InputError as error:
        yield error


def pdf_text(raw: bytes, name: str) -> tuple[str, tuple[int, ...], Metadata]:
    """Return the text, the offset at which each page begins in it, and what the file says of itself."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BinaryInput("the PDF is locked with a password", name, "unlock it first")
        if len(reader.pages) > MAX_PAGES:
            raise TooLarge(f"the PDF has more than {MAX_PAGES:,} pages", name, "split it")
        parts: list[str] = []
        starts: list[int] = []
        length = 0
        for page in reader.pages:
            starts.append(length)
            words = _clean(page.extract_text() or "")
            part = f"{words}{_joint(words)}" if words else ""
            parts.append(part)
            length += len(part)
            if length > MAX_CHARACTERS:
                raise TooLarge(f"the PDF has more than {MAX_CHARACTERS:,} characters of text", name, "split it")
        said = _metadata(reader.metadata)
    except InputError:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError) as error:
        what = f"the PDF is damaged: {str(error)[:120] or type(error).__name__}"
        raise BinaryInput(what, name, "save it anew, or give its text") from None
    text = "".join(parts)
    if not text.strip():
        raise EmptyDocument("the PDF has no text layer", name, "it may be a scan: run text recognition over it first")
    return text, tuple(starts), said


def _clean(text: str) -> str:
    """Return a page's text with lines joined into paragraphs, which blank lines part."""
    paragraphs = _BLANK.split(text.replace("\r", "\n").strip())
    joined = (_SPACE.sub(" ", _WITHIN.sub(" ", _HYPHEN.sub("", p))).strip() for p in paragraphs)
    return "\n\n".join(p for p in joined if p)


def _joint(words: str) -> str:
    """Return what parts a page from the next: a blank line, or a blank where a sentence runs on."""
    return "\n\n" if _SENTENCE_END.search(words) else " "


def _metadata(info: object) -> Metadata:
    title = getattr(info, "title", None)
    try:
        made: datetime | None = getattr(info, "creation_date", None)
    except (ValueError, TypeError):
        made = None
    return Metadata(
        title=" ".join(str(title).split()) or None if title else None,
        published=said_day(made.date().isoformat()) if made else None,
    )
