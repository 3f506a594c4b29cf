"""Whose own text a document is: "Statement by the Ministry of Justice of Borduria" as its title tells.

A title is a line at the head of the document without a finite verb; its first noun names a kind of communique, and the
one who issued it stands behind "by", "of" or "from", or before the noun. Where nobody stands there, it is the office
that a line beside it names and nothing else: the masthead of a press release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
_OFFICES = frozenset({"ArmedFormation", "InternationalOrganization", "Organ"})
_ENDS = (".", "!", "?")
_TOPIC = frozenset({":", "-", "\u2013", "\u2014"})
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
    lines = [line for paragraph in page.syntax.paragraphs[:_TITLES] for line in _lines(page, paragraph)]
    for at, line in enumerate(lines):
        noun = _kind(page, line.tokens)
        if noun is None:
            continue
        cue = (sx.start(noun), sx.end(noun))
        found = _owner(page, noun)
        named = found is not None and found.i > noun.i  # "press statement": what stands before is not always an actor
        actor = resolver.actor(found, create=named) if found is not None else None
        if found is not None and actor is not None and resolver.entity(actor).type != "MediaOutlet":
            _place_below(page, resolver, actor, (*lines[:at], *lines[at + 1 :]))
            return Issuer(actor, sx.span_of(page.text, full_phrase(found)), cue, line.paragraph.span)
        for beside in (*reversed(lines[:at]), *lines[at + 1 :]):
            if (office := _masthead(page, resolver, beside.tokens)) is not None:
                last = max(line.paragraph.span, beside.paragraph.span)
                return Issuer(office, sx.span_of(page.text, beside.tokens), cue, last)
    return None


def _place_below(page: Annotated, resolver: Resolver, actor: str, beside: tuple[_Line, ...]) -> None:
    """Let a department without a side speak for the office that a line beside the title names."""
    local = resolver.local.get(actor)
    if local is None or local.organ_of is not None or local.type == "Person":
        return
    offices = (_masthead(page, resolver, line.tokens) for line in beside)
    above = next((o for o in offices if o is not None and o != actor), None)
    if above is not None:
        resolver.local[actor] = replace(local, type="Organ", organ_of=resolver.principal(above) or above)


@dataclass(frozen=True, slots=True)
class _Line:
    paragraph: Paragraph
    tokens: tuple[Token, ...]


def _lines(page: Annotated, paragraph: Paragraph) -> list[_Line]:
    """Return the lines of a paragraph with their words, none for one that is no title: it tells, or is long."""
    tokens = [t for t in paragraph.doc if not t.is_space]
    if not tokens or len(tokens) > _LONGEST or any(t.tag_ in _FINITE for t in tokens):
        return []
    lines: dict[int, list[Token]] = {}
    for token in tokens:
        lines.setdefault(page.text.count("\n", paragraph.span[0], sx.start(token)), []).append(token)
    return [_Line(paragraph, tuple(line)) for line in lines.values()]


def _masthead(page: Annotated, resolver: Resolver, line: tuple[Token, ...]) -> str | None:
    """Return the office that a line names, from its first word to its last, None for any other line."""
    heads = [t for t in line if t.pos_ in ("NOUN", "PROPN") and (t.head is t or t.head not in line)]
    if not heads or line[-1].text in _ENDS:
        return None
    actor = resolver.actor(heads[0])
    begin = page.text.rfind("\n", 0, sx.start(line[0])) + 1
    states = [a for h in page.names.within((begin, sx.start(line[0]))) if (a := page.names.actor(h)) is not None]
    if actor is not None and len(states) == 1 and resolver.entity(actor).organ_of is None:  # "N - Ministry of …"
        actor = resolver.organ_at(heads[0], states[0].iri) or actor
    return actor if actor is not None and resolver.entity(actor).type in _OFFICES else None


def _kind(page: Annotated, tokens: tuple[Token, ...]) -> Token | None:
    """Return the noun of a title that names a kind of communique; what stands before it may only be who issued it."""
    if tokens[-1].text in _ENDS:
        return None
    noun, first = next(((t, t.i + 1 - n) for t in tokens if (n := _kind_words(page, t))), (None, 0))
    if noun is None:
        return None
    before = [t for t in tokens if t.i < first and not t.is_punct]
    topic = max((t.i for t in tokens if t.i < first and t.text in _TOPIC), default=-1)  # "Ruritania: Statement by …"
    phrase = {t.i for t in noun.subtree}
    return noun if all(t.i <= topic or t.i in phrase or not t.is_alpha for t in before) else None


def _kind_words(page: Annotated, token: Token) -> int:
    """Return how many words up to `token` name a kind of communique: "statement" one, "press release" two."""
    kinds = page.lexicon.lemmas("CommuniqueNoun")
    words = (token.nbor(-1).lower_, token.lemma_.lower()) if token.i else ("", "")
    if any(lemma == words for lemma, _ in page.lexicon.phrases("CommuniqueNoun")):
        return 2
    return int(any(form in kinds for form in (token.lemma_.lower(), token.lower_, token.lower_.removesuffix("s"))))


def _owner(page: Annotated, noun: Token) -> Token | None:
    number = [t for t in noun.subtree if t.pos_ == "NUM"]  # "Communique No. 14 of …"
    for prep in (p for t in (noun, *number) for p in children(t, "prep", "agent")):
        if prep.lower_ in _BY and (found := child(prep, "pobj")) is not None:
            return found
    owner = child(noun, "poss")
    if owner is not None:
        return owner
    beside = [t for t in reversed(list(noun.lefts)) if t.dep_ in ("compound", "nmod")]
    return next((t for t in beside if page.names.covering(sx.start(t)) is not None), beside[0] if beside else None)
