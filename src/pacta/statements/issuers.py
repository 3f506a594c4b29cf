"""Whose own text a document is: "Statement by the Ministry of Justice of Borduria" as its title tells.

A title is a paragraph at the head of the document without a finite verb; its first noun names a kind of communique,
and the one who issued it stands behind "by", "of" or "from", or before the noun.
"""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.syntax import Paragraph
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, children, full_phrase

_TITLES = 3  # paragraphs at the head of a document among which its title is looked for
_LONGEST = 40  # words of a title
_BY = ("by", "of", "from")
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """The actor whose own text the document is, and the words of the title for it and for the kind of text."""

    actor: str
    source: Span
    cue: Span
    paragraph: Span


def find_issuer(page: Annotated, resolver: Resolver) -> Issuer | None:
    """Return whose own text the document is, None for a report and where the title does not tell."""
    for paragraph in page.syntax.paragraphs[:_TITLES]:
        noun = _kind(page, paragraph)
        if noun is None:
            continue
        found = _owner(noun)
        named = found is not None and found.i > noun.i  # "press statement": what stands before is not always an actor
        actor = resolver.actor(found, create=named) if found is not None else None
        if found is not None and actor is not None and resolver.entity(actor).type != "MediaOutlet":
            text = page.text
            return Issuer(actor, sx.span_of(text, full_phrase(found)), (sx.start(noun), sx.end(noun)), paragraph.span)
    return None


def _kind(page: Annotated, paragraph: Paragraph) -> Token | None:
    """Return the noun of a title that names a kind of communique; what stands before it may only be who issued it."""
    tokens = list(paragraph.doc)
    if len(tokens) > _LONGEST or any(t.tag_ in _FINITE for t in tokens) or tokens[-1].text in (".", "!", "?"):
        return None
    noun = next((t for t in tokens if _is_kind(page, t)), None)
    if noun is None:
        return None
    before = [t for t in tokens[: noun.i] if not t.is_punct]
    topic = max((t.i for t in tokens[: noun.i] if ":" in t.text), default=-1)  # "Ruritania: Statement by …", "No. 12:"
    phrase = {t.i for t in noun.subtree}
    return noun if all(t.i <= topic or t.i in phrase or not t.is_alpha for t in before) else None


def _is_kind(page: Annotated, token: Token) -> bool:
    kinds = page.lexicon.lemmas("CommuniqueNoun")
    if token.lemma_.lower() in kinds or token.lower_ in kinds:
        return True
    words = (token.nbor(-1).lower_, token.lemma_.lower()) if token.i else ("", "")
    return any(lemma == words for lemma, _ in page.lexicon.phrases("CommuniqueNoun"))


def _owner(noun: Token) -> Token | None:
    for prep in children(noun, "prep", "agent"):
        if prep.lower_ in _BY and (found := child(prep, "pobj")) is not None:
            return found
    owner = child(noun, "poss")
    if owner is not None:
        return owner
    return next((t for t in reversed(list(noun.lefts)) if t.dep_ in ("compound", "nmod")), None)
