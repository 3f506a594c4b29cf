"""What all readers share: bytes with a name, decoding with clear faults, metadata made sound, and the document key."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from pyoxigraph import NamedNode

from pacta.documents.compressed import open_file
from pacta.errors import BadDate, BadMetadata, BinaryInput, EmptyDocument, InputError, NotUtf8, TooLarge
from pacta.model import Document, Metadata

MAX_BYTES = 16 * 1024 * 1024
KEY_LENGTH = 12
_HEAD = 1024  # bytes that tell one format from another

# First bytes that tell a file format; longest first where one begins with another.
_WIDE = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BINARY = {b"%PDF-": "a PDF file", b"PK\x03\x04": "a ZIP archive or an office document", b"\x89PNG": "a PNG picture",
           b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"\x1f\x8b": "a gzip archive",
           b"{\\rtf": "an RTF document", b"\xd0\xcf\x11\xe0": "an old office document"}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SAID = 120  # characters of a message or a value that are told
_FIRST_YEAR, _LAST_YEAR = 1000, 2999  # outside of these no report was published, and calendars end
_MONTH = re.compile(r"\d{4}-\d{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=.)")
FIELDS = tuple(field.name for field in fields(Metadata))
GIVEN = tuple(field for field in FIELDS if field != "agreement_text")  # what a line or a sidecar may say


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to read: `name` for messages, `path` where it is a file, `open` a context that gives the open stream."""

    name: str
    path: Path | None
    open: Callable[[], AbstractContextManager[BinaryIO]]
    peek: Callable[[], bytes] = bytes


Reader = Callable[[Source, Metadata, int], Iterator[Document | InputError]]


def of_path(path: Path, name: str) -> Source:
    """Return the file at `path` as a source."""

    def peek() -> bytes:
        with open_file(path) as stream:
            return stream.read(_HEAD)

    return Source(name, path, lambda: open_file(path), peek)


def of_stream(stream: BinaryIO, name: str) -> Source:
    """Return an open binary stream, buffered or seekable, as a source; the caller closes it."""

    def peek() -> bytes:
        if isinstance(stream, io.BufferedReader):
            return stream.peek(_HEAD)
        start = stream.tell()
        first = stream.read(_HEAD)
        stream.seek(start)
        return first

    return Source(name, None, lambda: nullcontext(stream), peek)


def too_large(name: str, limit: int) -> TooLarge:
    """Return the error for a document of more than `limit` bytes."""
    return TooLarge(f"the document has more than {limit:,} bytes", name, "split it, or raise the limit (--max-bytes)")


def whole(source: Source, limit: int) -> bytes:
    """Return the bytes of a source that is one document; raise where they are more than `limit`."""
    with source.open() as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise too_large(source.name, limit)
    return raw


def decode(raw: bytes, name: str) -> str:
    """Decode UTF-8, a byte order mark removed and nothing else changed; raise where the bytes are no text."""
    for mark, encoding in _WIDE.items():
        if raw.startswith(mark):
            remedy = f"re-encode it: iconv -f {encoding} -t UTF-8 IN > OUT"
            raise NotUtf8(f"the text is {encoding}, not UTF-8 (byte offset 0)", name, remedy)
    for mark, what in _BINARY.items():
        if raw.startswith(mark):
            raise BinaryInput(f"this is {what}, not text", name, "extract its text first")
    if b"\0" in raw:
        raise BinaryInput(f"not text: NUL byte at byte offset {raw.index(0)}", name, "give the text of the document")
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        what = f"not UTF-8: byte 0x{raw[offset]:02x} at byte offset {offset} (line {raw.count(10, 0, offset) + 1})"
        raise NotUtf8(what, name, "re-encode it, for example: iconv -f WINDOWS-1252 -t UTF-8 IN > OUT") from None
    check_text(decoded, name)
    return decoded


def check_text(text: str, name: str) -> None:
    """Raise where a string is empty or is no text."""
    if not text.strip():
        raise EmptyDocument("the document is empty", name, "give it some text, or leave it out")
    controls = _CONTROL.findall(text)
    if "\0" in controls or len(controls) * 100 > len(text):
        raise BinaryInput(f"not text: {len(controls)} control characters", name, "give the text of the document")


def from_mapping(values: Mapping[str, Any], where: str) -> Metadata:
    """Return sound metadata from decoded JSON; other fields are ignored, null and "" mean not given."""
    given: dict[str, str] = {}
    for field in GIVEN:
        value = values.get(field)
        if field == "id" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            kind = BadDate if field == "published" else BadMetadata
            raise kind(f"the field {field!r} is {type(value).__name__}, not a string", where, "write a string")
        given[field] = value
    return clean(Metadata(**given), where=where)


def clean(metadata: Metadata, *, where: str) -> Metadata:
    """Return `metadata` with white space trimmed, date and URL in their one form; raise where that cannot be."""
    trimmed = {field: value.strip() for field, value in asdict(metadata).items() if value and value.strip()}
    for field, value in trimmed.items():
        check_characters(field, value, where)
    known = Metadata(**trimmed)
    if not _LANGUAGE.fullmatch(known.language):
        raise BadMetadata(f"{shortened(known.language)!r} is no language tag", where, "write a tag such as en or en-GB")
    published = known.published and iso_date(known.published, where=where)
    return replace(known, published=published, url=known.url and iri(known.url, where=where))


def iso_date(value: str, *, where: str) -> str:
    """Return an xsd:date, or an xsd:dateTime with its offset; a time without offset is left out, none is invented.

    A month alone ("2021-08") stays one: the converter infers the day, and says so.

    >>> iso_date("2021-08-13 10:30+0400", where="here")
    '2021-08-13T10:30:00+04:00'
    >>> iso_date("2021-08-13T10:30", where="here")
    '2021-08-13'
    """
    said = shortened(value)
    try:
        if _MONTH.fullmatch(value):
            return date.fromisoformat(f"{value}-01").isoformat()[:7]
        if value[:4].isdecimal() and not _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR:
            raise BadDate(
                f"the year of {said!r} is out of range", where, f"give a year between {_FIRST_YEAR} and {_LAST_YEAR}"
            )
        if _DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
        if match := _DATETIME.fullmatch(value):
            day, time, offset = match.groups()
            moment = datetime.fromisoformat(f"{day}T{time}{offset or ''}")
            return moment.isoformat() if offset else day
    except ValueError as error:
        raise BadDate(f"{said!r} is no date: {shortened(str(error))}", where, "write it as 2021-08-13") from None
    raise BadDate(f"{said!r} is no date", where, "write it as 2021-08-13, 2021-08 or 2021-08-13T10:30:00+04:00")


def said_day(value: str | None) -> str | None:
    """Return the day that a file gives of itself, where it is a sound one; a guess of software raises nothing.

    >>> said_day("2021-08-13"), said_day("0001-01-01"), said_day("soon")
    ('2021-08-13', None, None)
    """
    try:
        return iso_date(value, where="") if value else None
    except BadDate:
        return None


def said_of(**fields: object) -> Metadata:
    """Return what a file says of itself as metadata: fields on one line each, without the ones that are unsound.

    >>> said_of(title=" A\\x00 B ", url="nowhere", language="?")
    Metadata(id=None, url=None, published=None, outlet=None, title='A B', language='en', agreement_text=None)
    """
    found = {field: words_of(value) for field, value in fields.items()}
    found["published"] = said_day(found.get("published"))
    language = found.pop("language", None)
    if language and _LANGUAGE.fullmatch(language):
        found["language"] = language
    url = found.get("url") or ""
    try:
        found["url"] = iri(url, where="") if url.startswith("http") else None
    except BadMetadata:
        found["url"] = None
    return Metadata(**found)  # type: ignore[arg-type]


def iri(value: str, *, where: str) -> str:
    """Return an absolute IRI, with characters that no IRI may hold percent-encoded as browsers do."""
    if not _SCHEME.match(value):
        raise BadMetadata(f"{shortened(value)!r} is no URL", where, "write it whole, with https://")
    encoded = "".join(quote(c) if c in ' "<>\\^`{|}' or not c.isprintable() else c for c in value)
    try:
        return NamedNode(encoded).value
    except ValueError:
        raise BadMetadata(f"{shortened(value)!r} is no URL", where, "correct or remove it") from None


def document(
    raw: bytes,
    text: str,
    metadata: Metadata,
    *,
    outside: Metadata,
    source_name: str,
    pages: tuple[int, ...] = (),
) -> Document:
    """Return the Document; its key covers the bytes and whatever metadata came from `outside` of them.

    `pages` are the offsets into `text` at which its printed pages begin, where it has any.
    """
    check_text(text, source_name)
    digest = sha256(raw)
    known = {field: value for field, value in asdict(outside).items() if value != getattr(Metadata(), field)}
    key = digest
    if known:
        canonical = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        key = sha256(raw + b"\0" + canonical.encode())
    return Document(
        key=key.hexdigest()[:KEY_LENGTH],
        sha256=digest.hexdigest(),
        byte_length=len(raw),
        text=text,
        metadata=metadata,
        source_name=source_name,
        text_sha256=sha256(text.encode()).hexdigest(),
        pages=pages,
    )


def merged(first: Metadata, second: Metadata) -> Metadata:
    """Return `first`, with what it leaves open (or at its default) taken from `second`."""
    default = Metadata()
    choose = {f: getattr(second if getattr(first, f) == getattr(default, f) else first, f) for f in FIELDS}
    return Metadata(**choose)


def check_characters(field: str, value: str, where: str) -> None:
    """Raise where the value of a metadata field holds a control character, or half of a surrogate pair."""
    if _CONTROL.search(value) or _SURROGATE.search(value):
        raise BadMetadata(f"the field {field!r} holds a control character", where, "remove it")


def parse_json(text: str) -> Any:
    """Return decoded JSON; whatever is wrong with it, its nesting and the length of its numbers too, one error tells.

    >>> parse_json("[" * 100_000)
    Traceback (most recent call last):
    json.decoder.JSONDecodeError: Nested too deep: line 1 column 1 (char 0)
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise json.JSONDecodeError("Nested too deep", text, 0) from None
    except ValueError:
        raise json.JSONDecodeError("A number has too many digits", text, 0) from None


def words_of(value: object) -> str | None:
    """Return what a file says of itself as one line of words, None where it says nothing.

    >>> words_of(" On the\\x1b ridge "), words_of("")
    ('On the ridge', None)
    """
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split()) or None if value else None


def reason(error: BaseException) -> str:
    """Return in a line what somebody else's parser says is wrong."""
    return words_of(str(error)[:_SAID]) or type(error).__name__


def shortened(value: str) -> str:
    """Return a value for a message, cut where it is long."""
    return value if len(value) <= _SAID else f"{value[:_SAID]}…"
