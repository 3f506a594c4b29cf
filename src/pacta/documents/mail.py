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
        own = _body(letter)
        if not own:
            raise EmptyDocument("the e-mail has no text", name, "give the attached document itself")
        text = "\n\n".join([*own, *_forwarded(letter)])
        said = _metadata(letter)
    except InputError:
        raise
    except (MessageError, LookupError, ValueError, AssertionError, AttributeError, RecursionError, TypeError) as error:
        raise BinaryInput(f"the e-mail cannot be read: {reason(error)}", name, "give its text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_text(text, name)
    return text, said


def _body(letter: EmailMessage) -> list[str]:
    """Return the text of a letter, and the texts that stand beside it, as behind a picture in its midst.

    Where the plain text is blank, the HTML beside it is the text.
    """
    if letter.get_content_maintype() == "multipart" and not letter.is_multipart():  # it names no boundary
        return [_decoded(letter)]
    bodies = [letter.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    texts = [(body, text) for body in bodies if body is not None and (text := _text(body)).strip()]
    if not texts:
        return [_text(body) for body in bodies if body is not None][:1]
    chosen, text = texts[0]
    beside = [
        _text(part)
        for part in (letter.iter_parts() if letter.get_content_type() == "multipart/mixed" else ())
        if part.get_content_type() == "text/plain" and part is not chosen and not _is_attached(part)
    ]
    said: dict[str, str] = {}  # what is there twice is read once
    for each in (text, *beside):
        said.setdefault(each.strip(), each)
    return [each for words, each in said.items() if words]


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _text(body: Message) -> str:
    assert isinstance(body, EmailMessage)
    content = _decoded(body)
    return html_text(content).text if body.get_content_subtype() == "html" else content


def _decoded(part: Message) -> str:
    """Return what a part holds as text: by its charset, or as UTF-8 or Windows-1252 where that is not what it is."""
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _forwarded(letter: EmailMessage) -> Iterator[str]:
    """Yield the texts of the letters that one brings along whole; those in them in turn are left out."""
    for part in letter.iter_attachments() if letter.is_multipart() else ():
        inner = part.get_content() if part.get_content_type() == "message/rfc822" else None
        if isinstance(inner, EmailMessage):
            yield from _body(inner)


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
