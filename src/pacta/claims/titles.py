"""How texts call what they name: by a title, by a number ("resolution 1701"), in a headline."""

from __future__ import annotations

import re

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.parts import is_unit
from pacta.model import Span

TITLE = re.compile(r"(?:\s+(?:of|on|for|between)\s+(?:the\s+)?[A-Z]\w+(?:\s+(?:and\s+)?[A-Z]\w+)*|\s+No\.?\s?\d+)+")
_BY_NUMBER = re.compile(r"[^\S\n]\d{3,4}\b(?:[^\S\n]\((?:19|20)\d\d\))?(?![\d.,]\d)")


def called_by_number(page: Annotated, noun: Token) -> re.Match[str] | None:
    """Return the number that a text is called by: "resolution 1701", "resolution 2202 (2015)"; None for none."""
    return None if is_unit(noun.lower_) else _BY_NUMBER.match(page.text, sx.end(noun))


def in_headline(page: Annotated, token: Token) -> bool:
    """Tell whether a word stands in a headline: as the layout shows, or in a first line without a full stop."""
    paragraph = page.sentences[page.sentence_index(sx.start(token))][0]
    first = paragraph is page.syntax.paragraphs[0] and len(page.syntax.paragraphs) > 1
    text = page.text[slice(*paragraph.span)].rstrip()
    return paragraph.headline or (first and "\n" not in text and text[-1:].isalnum())


def sentence_span(token: Token) -> Span:
    """Return the span of a word's sentence."""
    return sx.start(token.sent[0]), sx.end(token.sent[-1])
