"""Readings of an agreement: what a content says the agreement requires, of whom, and where."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims import participants
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.topics import topics_of
from pacta.lexicon import Entry
from pacta.model import Obligation, Span
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, children, is_passive, is_verb, subject, subtree
from pacta.statements.phrases import is_place_use

_OBLIGING = frozenset({"must", "shall", "should", "may", "can", "ca"})
_UNDER = frozenset({"under", "by", "per"})
_IT = frozenset({"it", "they", "this"})
_HAVING = frozenset({"have", "be"})
_HOLDING = frozenset({"in", "by", "under", "within"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: the agreement read, what it requires, and the word that reads it."""

    ref: AgreementRef
    obligations: tuple[Obligation, ...]
    trigger: Token | None = None


def find_reading(
    page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]
) -> Reading | None:
    """Return the reading a content makes, or None: "the agreement calls for …", "under the deal X must …"."""
    for token in tokens:
        if not is_verb(token):
            continue
        for lemma, entry in page.lexicon.starting("ReadingCue", token.lemma_.lower()):
            if entry.pos != "verb" or not _particle_fits(token, lemma[1:]):
                continue
            ref = _subject_ref(token, refs)
            if ref is None:
                continue
            required = _required(token, entry.prepositions)
            if required is None and "object-as" in entry.frames and child(token, "dobj", "ccomp", "xcomp") is None:
                return Reading(ref, (), token)  # "the accord has expired"
            if required is None and token.dep_ == "advcl" and any(c.lower_ == "as" for c in token.children):
                required = token.head  # "it left, as the deal required"
            if required is not None:
                duty = obligation(page, resolver, required, tokens)
                return Reading(ref, (duty,) if duty else (), token)
    return (
        _part_says(page, resolver, tokens, refs)
        or _misread(page, resolver, tokens, refs)
        or _under(page, resolver, tokens, refs)
        or _held_in(page, resolver, tokens, refs)
        or _on_condition(page, resolver, tokens, refs)
    )


def _part_says(
    page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]
) -> Reading | None:
    """A numbered part as the doer of what follows: whatever "Article 8" does to others, it does by what it says."""
    parts = tuple(r for r in refs if r.number is not None)
    for token in tokens if refs else ():
        nothing = child(token, "nsubj") if is_verb(token) else None
        if nothing is not None and _is_nothing(nothing) and (ref := _subject_ref(token, refs)) is not None:
            return Reading(ref, ())  # "nothing in the accord stands against that"
        if token.pos_ != "VERB" or is_passive(token) or page.lexicon.of("ConductCue", token.lemma_.lower(), "verb"):
            continue
        ref = _subject_ref(token, parts)
        required = child(token, "ccomp", "xcomp", "dobj") if ref is not None else None
        if ref is not None and required is not None:
            duty = obligation(page, resolver, required, tokens)
            return Reading(ref, (duty,) if duty else (), token)
    return None


def _is_nothing(noun: Token) -> bool:
    """Tell whether a subject is "nothing" or "no word", of or in an agreement."""
    return noun.lower_ == "nothing" or any(c.dep_ == "det" and c.lower_ == "no" for c in noun.children)


def _held_in(
    page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]
) -> Reading | None:
    """A reading in the passive: "no corridor is mentioned in the accord", "as set out in Article 4"."""
    for token in tokens:
        if not is_verb(token) or token.tag_ != "VBN" or not page.lexicon.of("ReadingCue", token.lemma_.lower(), "verb"):
            continue
        for prep in children(token, "prep", "agent"):
            noun = child(prep, "pobj") if prep.lower_ in _HOLDING else None
            ref = next((r for r in refs if noun is not None and r.span[0] <= sx.start(noun) < r.span[1]), None)
            patient = child(token, "nsubjpass")
            if ref is not None and patient is not None:
                duty = obligation(page, resolver, patient, tokens)
                return Reading(ref, (duty,) if duty else (), token)
    return None


def _on_condition(
    page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]
) -> Reading | None:
    """A reading that ties what is agreed to something else: "under the accord the pullout depends on a ransom"."""
    tied = condition(page, tokens) if refs else None
    if tied is None:
        return None
    duty = obligation(page, resolver, tied, tokens)
    return Reading(refs[0], (duty,) if duty else ())


def condition(page: Annotated, tokens: list[Token]) -> Token | None:
    """Return the noun of what a content says to depend on something else: "the pullout was conditional on"."""
    for token in tokens:
        for entry in page.lexicon.of("ReadingCue", token.lemma_.lower()):
            fits = entry.pos == "verb" if is_verb(token) else entry.pos == "adjective" and token.pos_ == "ADJ"
            only = entry.frames == {"preposition"} and _is_dependence(entry)
            preps = (p for t in (token, token.head) for p in children(t, "prep") if p.i > token.i)
            on = any(p.lower_ in entry.prepositions and child(p, "pobj", "pcomp") is not None for p in preps)
            found = subject(token) if fits and only and on else None
            if found is not None and found[0].pos_ == "NOUN" and found[0] in tokens:
                return found[0]
    return None


def _is_dependence(entry: Entry) -> bool:
    """Tell whether a cue says of a deed, not of a text, that it hangs on something."""
    return entry.prepositions >= {"on", "upon"}


def _misread(
    page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]
) -> Reading | None:
    """A reading verb right after the mention that the parser took for a noun ("the accord bars armed men")."""
    for ref in refs:
        after = _behind(tokens, ref)
        if after is None or not after.lower_.endswith("s"):
            continue
        cues = [c for stem in (after.lower_[:-1], after.lower_[:-2]) for c in page.lexicon.starting("ReadingCue", stem)]
        if not any(e.pos == "verb" and _particle_fits(after, lemma[1:]) for lemma, e in cues):
            continue
        rest = [t for t in tokens if t.i > after.i]
        place, words = _scope(page, rest)
        duty = Obligation(resolver.principal(_bearer(page, resolver, rest)), topics_of(page, rest), place, words)
        return Reading(ref, (duty,) if duty.requires or duty.bearer or duty.scope else ())
    return None


def _behind(tokens: list[Token], ref: AgreementRef) -> Token | None:
    """Return the word behind a mention and the date that belongs to it: "the accord of 4 May 1966 obliges"."""
    rest = [t for t in tokens if sx.start(t) >= ref.span[1]]
    if rest and rest[0].lower_ == "of" and len(rest) > 1 and (rest[1].like_num or rest[1].pos_ == "PROPN"):
        rest = list(dropwhile(lambda t: t.like_num or t.pos_ in ("PROPN", "NUM"), rest[1:]))
    return rest[0] if rest else None


def _particle_fits(token: Token, rest: tuple[str, ...]) -> bool:
    after = [t.lower_ for t in token.doc[token.i + 1 : token.i + 1 + len(rest)]]
    return list(rest) == after or all(any(c.lower_ == w for c in token.children) for w in rest)


def _subject_ref(verb: Token, refs: tuple[AgreementRef, ...]) -> AgreementRef | None:
    found = subject(verb)
    noun = found[0] if found is not None else None
    if noun is None:
        return None
    if noun.pos_ == "PRON" and noun.lower_ in _IT:  # "as for Article 9 of the accord, it says …"
        before = [r for r in refs if r.span[1] <= sx.start(noun) and r.span[0] >= sx.start(noun.sent[0])]
        return before[-1] if before else None
    at = {sx.start(noun)} | {sx.start(t) for t in noun.children if t.dep_ in ("prep", "nmod") for t in t.children}
    return next((r for r in refs if any(r.span[0] <= o < r.span[1] for o in at)), None)


def _required(verb: Token, prepositions: frozenset[str]) -> Token | None:
    """Return the head of what is required: object, clause, or noun after the verb's preposition."""
    for prep in children(verb, "prep", "prt"):
        if prep.lower_ in (prepositions or {"for"}):
            noun = child(prep, "pobj", "pcomp")
            if noun is not None:
                return noun
    clause = next((c for c in children(verb, "xcomp", "ccomp", "advcl") if c.i > verb.i and _has_to(c)), None)
    return clause if clause is not None else child(verb, "dobj", "ccomp", "xcomp", "attr")


def _has_to(token: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)


def _under(page: Annotated, resolver: Resolver, tokens: list[Token], refs: tuple[AgreementRef, ...]) -> Reading | None:
    for token in tokens:
        if token.dep_ != "prep" or token.lower_ not in _UNDER:
            continue
        noun = child(token, "pobj")
        ref = next((r for r in refs if noun is not None and r.span[0] <= sx.start(noun) < r.span[1]), None)
        verb = token.head
        if ref is None or not is_verb(verb):
            continue
        if any(c.dep_ == "aux" and c.lower_ in _OBLIGING for c in verb.children) or _says_duty(page, verb):
            duty = obligation(page, resolver, verb, tokens)
            return Reading(ref, (duty,) if duty else ())
    return None


def _says_duty(page: Annotated, verb: Token) -> bool:
    """Tell whether a verb, or its object, says what is owed or allowed: "under the accord X is entitled to sail"."""
    if is_passive(verb) and any("object-infinitive" in e.frames for e in page.lexicon.of("ReadingCue", verb.lemma_)):
        return True
    owing = [verb, *(children(verb, "dobj", "attr") if verb.lemma_.lower() in _HAVING else [])]
    entries = (e for t in owing for e in page.lexicon.of("ReadingCue", t.lemma_.lower()))
    return any("noun-complement" in e.frames for e in entries)


def obligation(page: Annotated, resolver: Resolver, required: Token, tokens: list[Token]) -> Obligation | None:
    """Read bearer, topics and scope out of the phrase or clause headed by `required`."""
    # "obliges X to withdraw": X stands beside the clause
    patient = child(required.head, "dobj") if required.dep_ in ("xcomp", "ccomp", "advcl") else None
    inside = [t for t in (*(subtree(patient) if patient is not None else ()), *subtree(required)) if t in tokens]
    topics = topics_of(page, inside)
    bearer = None
    if is_verb(required):
        found = subject(required)
        if found is not None and not is_passive(required):
            bearer = participants.actor_in(page, resolver, found[0])
    if bearer is None:
        bearer = _bearer(page, resolver, inside)
    place, words = _scope(page, inside)
    if not topics and bearer is None and place is None:
        return None
    return Obligation(resolver.principal(bearer), topics, place, words)


def _bearer(page: Annotated, resolver: Resolver, tokens: list[Token]) -> str | None:
    """The actor whose forces, prisoners, lands the phrase is about: "X's withdrawal", "withdrawal of X troops"."""
    for token in tokens:
        hit = page.names.covering(sx.start(token))
        if hit is None or (page.names.place(hit) is not None and is_place_use(token)):
            continue
        if hit.kind == "organ" or page.names.actor(hit) is not None:
            return resolver.actor(token, create=False)
    return None


def _scope(page: Annotated, tokens: list[Token]) -> tuple[str | None, str | None]:
    """Return (place, words) of the territory: the widest phrase "from N", "in N" with a known place."""
    for token in tokens:
        if token.dep_ != "prep" or token.lower_ not in ("from", "in", "to", "into", "within", "across", "inside"):
            continue
        span = sx.span_of(page.text, list(token.subtree))
        for hit in page.names.within(span):
            place = page.names.place(hit)
            if place is not None:
                only = token.doc[token.i - 1] if token.i else None
                lead = sx.start(only) if only is not None and only.lower_ in ("only", "solely", "entirely") else span[0]
                return place.iri, page.text[lead : span[1]]
    return None, None


def spans_of(refs: Sequence[AgreementRef], spans: tuple[Span, ...]) -> list[AgreementRef]:
    """Return the mentions, given in order of their spans, that stand inside `spans`."""
    found: set[int] = set()
    for span in spans:
        for at in range(bisect_left(refs, span[0], key=lambda r: r.span[0]), len(refs)):
            if refs[at].span[0] > span[1]:
                break
            if holds(span, refs[at]):
                found.add(at)
    return [refs[at] for at in sorted(found)]


def holds(span: Span, ref: AgreementRef) -> bool:
    """Tell whether a mention stands in a span; a bracket that closes it may be cut off from the end: "Article 11(3"."""
    return span[0] <= ref.span[0] and ref.span[1] - (ref.number or "").endswith(")") <= span[1]
