"""Short texts taken through the stages one by one: a page, who was understood, and what was made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from pacta.annotations.annotated import Annotated
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.agreements import find_agreements
from pacta.claims.assembly import Assembly
from pacta.claims.narration import narrated
from pacta.model import Document, Metadata, Proposition, Record, Span, Statement
from pacta.pipeline import Converter
from pacta.statements.coreference import Resolver
from pacta.statements.extraction import extract
from pacta.statements.said import Said

PUBLISHED = "2024-05-10"  # a Friday


def document(
    text: str, *, published: str | None = PUBLISHED, name: str = "text", outlet: str | None = None
) -> Document:
    """Return a document of that text, as a reader of files would."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    metadata = Metadata(id=name, published=published, outlet=outlet)
    return Document(digest[:12], digest, len(text.encode()), text, metadata, name, digest)


def annotated(converter: Converter, text: str, *, published: str | None = PUBLISHED) -> Annotated:
    """Return the page of a text: syntax, quotations, names, times and locations."""
    given = document(text, published=published)
    return converter._annotate(given, next(converter._parse([given])))[0]


@dataclass(frozen=True)
class Reading:
    """All stages of one text. Ends of IRIs and slices of the text stand for what they name."""

    page: Annotated
    resolver: Resolver
    refs: tuple[AgreementRef, ...]
    said: list[Said]
    assembly: Assembly

    @property
    def text(self) -> str:
        return self.page.text

    def words(self, spans: Iterable[Span]) -> str:
        return " ... ".join(self.text[a:b] for a, b in spans)

    def label(self, iri: str | None) -> str | None:
        return None if iri is None else self.resolver.label(iri)

    def acts(self) -> list[tuple[str, str, str]]:
        """(label of the speaker, force, words of the content) of each ascription."""
        return [(self.resolver.label(s.speaker), s.force, self.words(s.content)) for s in self.said]

    def statement(self, n: int) -> Statement:
        return self.assembly.statements[n]

    def proposition(self, n: int) -> Proposition:
        return self.assembly.propositions[self.assembly.statements[n].proposition]

    def stated(self) -> list[tuple[str, str, str]]:
        """(label of the speaker, force, kind of the proposition) of each statement."""
        statements = self.assembly.statements
        kinds = (self.assembly.propositions[s.proposition].kind for s in statements)
        return [(self.resolver.label(s.speaker), s.force, kind) for s, kind in zip(statements, kinds, strict=True)]


def read(converter: Converter, text: str, *, published: str | None = PUBLISHED) -> Reading:
    """Take a text through all stages before the record is made, as the pipeline does."""
    page = annotated(converter, text, published=published)
    resolver = Resolver(page)
    outlet = resolver.outlet = converter._outlet(page.document, resolver)
    refs = find_agreements(page, resolver)
    said = extract(page, resolver, frozenset(o for r in refs for o in range(*r.span)))
    assembly = Assembly(page, resolver, refs)
    for ascription in sorted([*said, *narrated(page, said, refs, outlet)], key=lambda s: (s.sentence, s.content)):
        assembly.add(ascription)
    assembly.finish()
    return Reading(page, resolver, refs, said, assembly)


def record(converter: Converter, text: str, *, published: str | None = PUBLISHED, outlet: str | None = None) -> Record:
    return converter.record(document(text, published=published, outlet=outlet))


def token(page: Annotated, word: str, nth: int = 0) -> Token:
    """Return the `nth` token whose characters in the text are `word`."""
    found = [t for t in page.tokens if t.text == word]
    if len(found) <= nth:
        raise ValueError(f"{word!r} does not occur {nth + 1} times in {page.text!r}")
    return found[nth]


def local(iri: str | None) -> str | None:
    """Return the last part of an IRI."""
    return None if iri is None else iri.rpartition("/")[2]
