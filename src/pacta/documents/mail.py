"""One e-mail (.eml) → one Document: the plain text of its body, or the text of its HTML; headers fill the metadata."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

from pacta.agreements.html import html_text
from pacta.documents.source import Source, check_text, document, merged, said_day, whole
from pacta.documents.text import sidecar
from pacta.errors import BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata


def read(source: Source, outside: Metadata, limit: int) -> Iterator[Document | InputError]:
    """Yield the one document of `source`, or its error."""
    try:
        raw = whole(source, limit)
        beside = sidecar(source.path) if source.path else Metadata()
        outer = merged(outside, beside)
        text, said = mail_text(raw, source.name)
        yield document(raw, text, merged(outer, said), outside=outer, source_name=source.name)
    except InputError as error:
        yield error


def mail_text(raw: bytes, name: str) -> tuple[str, Metadata]:
    """Return the body of a letter as text, and what its headers say: subject, day, sender, message id."""
    try:
        letter = message_from_bytes(raw, policy=default)
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(preferencelist=("plain", "html"))
        if body is None:
            raise EmptyDocument("the e-mail has no text", name, "give the attached document itself")
        content = body.get_content()
        text = html_text(content).text if body.get_content_subtype() == "html" else str(content)
        said = _metadata(letter)
    except InputError:
        raise
    except (MessageError, LookupError, ValueError, AssertionError, RecursionError, TypeError) as error:
        what = f"the e-mail cannot be read: {str(error)[:120] or type(error).__name__}"
        raise BinaryInput(what, name, "give its text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_text(text, name)
    return text, said


def _metadata(letter: EmailMessage) -> Metadata:
    sender = letter["from"]
    addresses = getattr(sender, "addresses", ())
    outlet = (addresses[0].display_name or addresses[0].domain) if addresses else None
    return Metadata(
        id=_words(letter["message-id"]),
        published=_day(_words(letter["date"])),
        outlet=_words(outlet),
        title=_words(letter["subject"]),
    )


def _words(value: object) -> str | None:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split()) or None if value else None


def _day(value: str | None) -> str | None:
    """Return the moment of a Date header in ISO 8601; its day alone where the time has no zone."""
    if not value:
        return None
    try:
        moment: datetime = parsedate_to_datetime(value)
    except ValueError:
        return None
    return said_day(moment.isoformat() if moment.tzinfo else moment.date().isoformat())
