"""One e-mail (.eml) → one Document: the plain text of its body, or the text of its HTML; headers fill the metadata.

The text of a letter that is attached, as one is forwarded, follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime

from pacta.agreements.html import html_text
from pacta.documents.sidecars import one_document
from pacta.documents.source import check_text, document, merged, reason, said_of, words_of
from pacta.errors import BinaryInput, EmptyDocument, InputError
from pacta.model import Document, Metadata

MAX_HEADER = 4_096  # characters of a header that are read: its parser takes a time that grows with their square


class _Policy(EmailPolicy):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_HEADER]


def _document(raw: bytes, known: Metadata, name: str) -> Document:
    text, said = mail_text(raw, name)
    return document(raw, text, merged(known, said), outside=known, source_name=name)


read = one_document(_document)


def mail_text(raw: bytes, name: str) -> tuple[str, Metadata]:
    """Return the body of a letter as text, and what its headers say: subject, day, sender, message id."""
    try:
        letter = message_from_bytes(raw, policy=_Policy())
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(preferencelist=("plain", "html"))
        if body is None:
            raise EmptyDocument("the e-mail has no text", name, "give the attached document itself")
        text = "\n\n".join([_text(body), *_forwarded(letter)])
        said = _metadata(letter)
    except InputError:
        raise
    except (MessageError, LookupError, ValueError, AssertionError, AttributeError, RecursionError, TypeError) as error:
        raise BinaryInput(f"the e-mail cannot be read: {reason(error)}", name, "give its text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_text(text, name)
    return text, said


def _text(body: Message) -> str:
    assert isinstance(body, EmailMessage)
    content = body.get_content()
    return html_text(content).text if body.get_content_subtype() == "html" else str(content)


def _forwarded(letter: EmailMessage) -> Iterator[str]:
    """Yield the texts of the letters that one brings along whole; those in them in turn are left out."""
    for part in letter.iter_attachments() if letter.is_multipart() else ():
        inner = part.get_content() if part.get_content_type() == "message/rfc822" else None
        body = inner.get_body(preferencelist=("plain", "html")) if isinstance(inner, EmailMessage) else None
        if body is not None:
            yield _text(body)


def _metadata(letter: EmailMessage) -> Metadata:
    sender = _header(letter, "from")
    addresses = getattr(sender, "addresses", ())
    outlet = (addresses[0].display_name or addresses[0].domain) if addresses else None
    return said_of(
        id=_header(letter, "message-id"),
        published=_day(words_of(_header(letter, "date"))),
        outlet=outlet,
        title=_header(letter, "subject"),
    )


def _header(letter: EmailMessage, name: str) -> object:
    """Return a header, None where it is absent or no parser makes sense of it: the letter is read all the same."""
    try:
        return letter[name]
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        return None


def _day(value: str | None) -> str | None:
    """Return the moment of a Date header in ISO 8601; its day alone where the time has no zone."""
    if not value:
        return None
    try:
        moment: datetime = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.isoformat() if moment.tzinfo else moment.date().isoformat()
