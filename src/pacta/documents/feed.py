"""A saved feed (RSS, Atom) → one Document for each entry that carries its text; teasers come as what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pacta.agreements.html import html_text
from pacta.documents.source import Source, document, merged, reason, said_of, whole, words_of
from pacta.errors import BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata


def is_feed(first: bytes) -> bool:
    """Tell by the first bytes of an XML file whether it is a feed."""
    head = first.lower()
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"<channel"))


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield a document or an error for each entry; a file without entries is an error."""
    import feedparser

    try:
        raw = whole(source, limit)
        found = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    except InputError as error:
        yield error
        return
    except (ValueError, RecursionError, LookupError) as error:
        yield BinaryInput(f"the feed cannot be read: {reason(error)}", source.name, "save it anew")
        return
    if not found.entries:
        yield EmptyDocument("the file holds no entry of a feed", source.name, "give an RSS or Atom file")
    channel = said_of(outlet=found.feed.get("title"), language=found.feed.get("language"))
    for number, entry in enumerate(found.entries, start=1):
        place = f"{source.name}:{number}"
        try:
            yield _document(entry, channel, outside, place)
        except InputError as error:
            yield error


def _document(entry: Mapping[str, Any], channel: Metadata, outside: Metadata, place: str) -> Document:
    bodies = [body.get("value") or "" for body in entry.get("content") or ()] or [entry.get("summary") or ""]
    title = words_of(entry.get("title"))
    if title and "html" in (entry.get("title_detail") or {}).get("type", ""):
        title = words_of(html_text(title).text) or title
    text = html_text("\n".join(bodies)).text
    if title and not text.startswith(title):
        text = f"{title}\n\n{text}"
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    day = "-".join(f"{part:02d}" for part in moment[:3]) if moment else None
    known = said_of(id=entry.get("id"), url=entry.get("link"), published=day, title=title)
    said = json.dumps([entry.get("id"), entry.get("link"), day, text], ensure_ascii=False)
    raw = said.encode("utf-8", "surrogatepass")
    return document(raw, text, merged(merged(outside, known), channel), outside=outside, source_name=place)
