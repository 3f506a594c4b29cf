"""One PDF file → one Document: its text layer, page after page, with the offset at which each page begins.

A scan without a text layer is an error: nothing is guessed from pictures.
"""

from __future__ import annotations

import io
import logging
import re
from datetime import datetime
from typing import Any

from pacta.documents.sidecars import one_document
from pacta.documents.source import document, merged, reason, said_of
from pacta.errors import BinaryInput, EmptyDocument, InputError, TooLarge
from pacta.model import Document, Metadata

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000  # of text; a page of print has some 3,000
MAX_WORK = 10_000_000  # operators of content streams that are read; a page of print has some 1,000
_BYTES_OF_WORK = 100  # of a content stream; to skip so many takes as long as to read an operator
_FORM_OF_WORK = 50  # operators; to begin a form takes as long
_LIMITS: dict[str, Any] = {  # of pypdf, for one stream or page; the rest of its limits stay as they are
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "brotli_maximum_output_length": 20_000_000,
    "stream_parsing_work_maximum_count": 2_000_000,
    "xform_maximum_invocations_per_extraction": MAX_WORK,  # counted below: pypdf passes over more in silence
}

_SHOWS = re.compile(rb"T[jJ]|['\"]|\bDo\b")  # text, or a form that may hold some
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_WITHIN = re.compile(r"(?<=\S)[ \t]*\n(?=\S)")
_SPACE = re.compile(r"[ \t\u00a0]+")
_BLANK = re.compile(r"\n\s*\n+")
_SENTENCE_END = re.compile(r"[.!?:;”\"’)\]]$")


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    text, pages, said = pdf_text(raw, name)
    return document(raw, text, merged(known, said), outside=known, source_name=name, pages=pages)


read = one_document(_document)


def pdf_text(raw: bytes, name: str) -> tuple[str, tuple[int, ...], Metadata]:
    """Return the text, the offset at which each page begins in it, and what the file says of itself."""
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    work = _Work()
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    try:
        with apply_configuration(**_LIMITS):
            reader = PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                raise BinaryInput("the PDF is locked with a password", name, "unlock it first")
            if len(reader.pages) > MAX_PAGES:
                raise TooLarge(f"the PDF has more than {MAX_PAGES:,} pages", name, "split it")
            for page in reader.pages:
                starts.append(length)
                words = _clean(work.text_of(page))
                part = f"{words}{_joint(words)}" if words else ""
                parts.append(part)
                length += len(part)
                if length > MAX_CHARACTERS:
                    raise TooLarge(f"the PDF has more than {MAX_CHARACTERS:,} characters of text", name, "split it")
            said = _metadata(reader.metadata)
    except _TooMuch:
        raise TooLarge("the PDF takes too much work to read", name, "split it, or give its text") from None
    except InputError:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise BinaryInput(f"the PDF is damaged: {reason(error)}", name, "save it anew, or give its text") from None
    text = "".join(parts)
    if not text.strip():
        raise EmptyDocument("the PDF has no text layer", name, "it may be a scan: run text recognition over it first")
    return text, tuple(starts), said


class _TooMuch(BaseException):
    """Ends the reading of a PDF; no Exception, since pypdf goes on after those within a form."""


class _Work:
    """Counts what the pages of one PDF make a reader do: pages may share a stream, and forms call one another."""

    def __init__(self) -> None:
        self._done = 0

    def text_of(self, page: Any) -> str:
        """Return the text of a page. Raises _TooMuch once all pages so far have taken MAX_WORK."""
        content = page.get_contents()
        data = content.get_data() if content is not None else b""
        self._add(len(data) // _BYTES_OF_WORK)
        if not _SHOWS.search(data):
            return ""
        forms = _forms(page)
        longest = max(forms.values(), default=0)

        def before(operator: bytes, operands: Any, *_: object) -> None:
            first = operands[0] if operands else None
            self._add(1 + (len(first) if isinstance(first, list) else 0))
            if operator == b"Do":
                self._add(_FORM_OF_WORK + forms.get(str(first), longest) // _BYTES_OF_WORK)

        return page.extract_text(visitor_operand_before=before) or ""

    def _add(self, work: int) -> None:
        self._done += work
        if self._done > MAX_WORK:
            raise _TooMuch


def _forms(page: Any) -> dict[str, int]:
    """Return the names of the forms of a page with their lengths in bytes, those within forms under paths of names."""
    from pypdf.generic import DictionaryObject

    found: dict[str, int] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", page)]
    while waiting:
        above, holder = waiting.pop()
        resources = holder.get("/Resources")
        inside = resources.get_object().get("/XObject") if resources is not None else None
        for name, reference in (inside.get_object() if inside is not None else {}).items():
            form = reference.get_object()
            if not isinstance(form, DictionaryObject) or form.get("/Subtype") != "/Form" or id(form) in seen:
                continue
            seen.add(id(form))
            found[f"{above}{name}"] = len(form.get_data()) if hasattr(form, "get_data") else 0
            waiting.append((f"{above}{name} ", form))
    return found


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
    return said_of(title=title, published=made.date() if made else None)
