"""JSON Lines → one Document a line, from the fields id, url, published, outlet, title, language and text.

The names that crawlers give these fields (trafilatura, news-please) are known too; our own win where both stand.

The text a line gives is the text all offsets refer to, unchanged; other fields are ignored; a broken line is an error
with its line and column, and the lines after it go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from pacta.documents.source import Source, decode, document, from_mapping, merged, parse_json, said_day, too_large
from pacta.errors import BadJsonLine, EmptyDocument, InputError, TooLarge
from pacta.model import Document, Metadata

ALIASES = {  # our field -> what crawlers call it, best first
    "text": ("maintext", "raw_text"),
    "published": ("date_publish", "date"),
    "outlet": ("sitename", "source-hostname", "source_domain", "hostname"),
    "url": ("source",),
}
ENDLESS = 100  # times the limit: what is longer ends the reading of a file
_BOM = b"\xef\xbb\xbf"


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield a document or an error for each line that is not blank; a file without any is an error."""
    found = False
    with source.open() as stream:
        for number, raw in _lines(stream, limit, source.name):
            place = f"{source.name}:{number}"
            if raw is not None and not raw.strip():
                continue
            found = True
            try:
                if raw is None:
                    raise too_large(place, limit)
                yield _document(raw, place, outside)
            except InputError as error:
                yield error
    if not found:
        yield EmptyDocument("the file holds no line", source.name, "give one JSON object a line")


def _lines(stream: BinaryIO, limit: int, name: str) -> Iterator[tuple[int, bytes | None]]:
    """Yield line numbers with the bytes of the line without its end; None for a line of more than `limit` bytes.

    Raises TooLarge at a line of more than ENDLESS times that, which may never end.
    """
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        whole, passed = line, 0
        while not whole.endswith(b"\n") and (whole := stream.readline(1 << 16)):
            line, passed = b"", passed + len(whole)  # the rest of a line that is too long
            if passed > ENDLESS * limit:
                what = f"a line of more than {ENDLESS * limit:,} bytes: what stands after it is not read"
                raise TooLarge(what, f"{name}:{number}", "write one JSON object a line")
        if number == 1:
            line = line.removeprefix(_BOM)
        content = line.removesuffix(b"\n").removesuffix(b"\r")
        yield number, None if not line or len(content) > limit else content


def _document(raw: bytes, place: str, outside: Metadata) -> Document:
    values = _renamed(_parse(decode(raw, place), place))
    text = values.get("text")
    if not isinstance(text, str):
        what = "there is no field 'text'" if "text" not in values else "the field 'text' is not a string"
        raise BadJsonLine(what, place, "give the text of the document there")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"the text holds half of a surrogate pair at character {error.start}"
        raise BadJsonLine(what, place, "write the character as UTF-8 or as both halves") from None
    known = merged(from_mapping(values, place), outside)
    return document(raw, text, known, outside=outside, source_name=place)


def _parse(line: str, place: str) -> dict[str, object]:
    try:
        values = parse_json(line)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}, column {error.colno}"
        raise BadJsonLine(what, f"{place}:{error.colno}", "write one flat JSON object a line") from None
    if not isinstance(values, dict):
        raise BadJsonLine(f"a JSON {type(values).__name__}, not an object", f"{place}:1", "write one object a line")
    return values


def _renamed(values: dict[str, object]) -> dict[str, object]:
    """Return the fields of a line under our names; a crawler's day or address that is unsound is left out."""
    named = dict(values)
    for field, others in ALIASES.items():
        if named.get(field) in (None, ""):
            found = next((values[other] for other in others if isinstance(values.get(other), str)), None)
            if field == "published":
                found = said_day(str(found)) if found else None
            if field == "url" and not str(found or "").startswith("http"):
                found = None
            if found:
                named[field] = found
    return named
