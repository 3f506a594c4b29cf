"""Mentions of numbered parts: of the agreement beside them, or by what a part was said to hold ("the mechanism")."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims import links as linking
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.parts import Part, find_parts, is_unit, part_at
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child

DEFINITE = frozenset({"the", "this", "that", "its", "their", "these", "those", "said"})
_HOLDS = frozenset({"of", "under", "in"})
_ABOUT = frozenset({"on", "about", "concerning", "regarding", "governing"})
GAP = 12  # characters between "Article 6" and the agreement it is of
_MEMORY = 6  # mentions back of which a part may be
_TITLE = 16  # characters behind "the declaration" in which "of principles" stands
_VERY = frozenset({"very", "same", "said"})
_STEPS = {"next": 1, "following": 1, "subsequent": 1, "previous": -1, "preceding": -1}
_LOOK_BACK = 3000  # characters back in which "the article" looks for its number
_AS_PART = re.compile(r"\s+(?:of|in|under)\s+")


def numbered_parts(page: Annotated, mentions: list[AgreementRef]) -> Iterator[AgreementRef]:
    """Yield references to numbered parts: of the agreement named right after them, else of the latest before."""
    if not mentions:
        return
    for part in find_parts(page.text):
        at = bisect_left(mentions, part.span[1], key=lambda m: m.span[0])
        after = mentions[at] if at < len(mentions) and mentions[at].span[0] - part.span[1] <= GAP else None
        at = bisect_left(mentions, part.span[0], key=lambda m: m.span[0])
        ref = after or (_of_number(page, part, mentions[:at]) if at else mentions[0])
        of_it = after is not None and _AS_PART.fullmatch(page.text[part.span[1] : after.span[0]]) is not None
        if part.weak and not of_it and ref.span[1] != part.span[0] and not _is_called(page, part, ref):
            continue  # but "the declaration's second commitment"
        span = (part.span[0], after.span[1]) if after else part.span
        for number in part.numbers:
            yield AgreementRef(span, part.span[0], ref.agreement, ref.label, number, "explicit-number", 0.95)


def same_part(page: Annotated, token: Token, found: list[AgreementRef]) -> AgreementRef | None:
    """Read "the article" without a number as the part that was named last, "the next article" as the one behind it."""
    if not is_unit(token.lower_) or not token.i:
        return None
    first = token.i - 1
    beside = token.doc[first].lower_
    first -= first > 0 and (beside in _VERY or beside in _STEPS)
    at = sx.start(token)
    told_apart = token.tag_ == "NNS" or part_at(page.text, at) is not None or _is_told_apart(page, token)
    if token.doc[first].lower_ not in DEFINITE or not found or told_apart:
        return None
    before = list(find_parts(page.text, max(at - _LOOK_BACK, 0), at))
    last, span = found[-1], (sx.start(token.doc[first]), sx.end(token))
    if not before:
        return None
    number, step = before[-1].numbers[-1 if beside in _STEPS else 0], _STEPS.get(beside, 0)
    if step:
        number = str(int(number) + step) if number.isdigit() else ""
    return (
        AgreementRef(span, at, last.agreement, last.label, number, "anaphora", 0.7) if number not in ("", "0") else None
    )


def _is_told_apart(page: Annotated, unit: Token) -> bool:
    """Tell whether "the article" says which it is: "on prisoners", "of the accord", but not "in Kargil"."""
    for prep in (c for c in unit.children if c.dep_ == "prep"):
        noun = child(prep, "pobj")
        hit = page.names.covering(sx.start(noun)) if noun is not None else None
        place = noun is not None and noun.pos_ == "PROPN" and not page.lexicon.of("AgreementNoun", noun.lemma_.lower())
        if prep.lower_ != "in" or not place or (hit is not None and page.names.place(hit) is None):
            return True
    return False


def _of_number(page: Annotated, part: Part, before: list[AgreementRef]) -> AgreementRef:
    """Return the mention before a part that it is of: the last, or one of the stock that alone is known to have it.

    What was last named may be beside the point: "N left the protocol. It may not use paragraph 37".
    """
    last, agreements = before[-1], page.reference.agreements
    if last.agreement in agreements or any(r.agreement == last.agreement for r in before[:-1]):
        return last
    for ref in reversed(before[-_MEMORY:]):
        facts = agreements.get(ref.agreement)
        if facts is not None and all(linking.clause_numbered(facts, n) is not None for n in part.numbers):
            return ref
    return last


def _is_called(page: Annotated, part: Part, ref: AgreementRef) -> bool:
    """Tell whether an agreement is called after its parts: "the fifth principle" of "the declaration of principles"."""
    held = page.text[ref.span[0] : ref.span[1] + GAP + _TITLE].split("\n")[0] + " " + ref.label
    return bool(part.unit) and re.search(rf"\b{re.escape(part.unit)}s?\b", held, re.IGNORECASE) is not None


def parts_by_matter(page: Annotated, resolver: Resolver, mentions: list[AgreementRef]) -> Iterator[AgreementRef]:
    """Yield parts that are called by their matter: "the provision on prisoners", of an agreement told of before.

    Where the stock knows one clause that fits, its number is given; a part of an agreement that it does not know, or
    that several clauses fit, is none.
    """
    for token in page.tokens if mentions else ():
        if not is_unit(token.lower_) or token.tag_ != "NN" or token.i == 0:
            continue
        prep = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in _ABOUT and c.i > token.i), None)
        words = [t for t in prep.subtree if t != prep and not _in_clause(t, prep)] if prep is not None else []
        first = next((c for c in token.children if c.dep_ == "det" and c.lower_ in DEFINITE), None)
        if not words or first is None:
            continue
        span = sx.span_of(page.text, [first, token, *words])
        at = bisect_left(mentions, span[1] + GAP, key=lambda m: m.span[0])
        facts = page.reference.agreements.get(mentions[max(at - 1, 0)].agreement)
        best = linking.choose(linking.rank(page, resolver, facts, words)) if facts is not None else None
        if facts is not None and best is not None:
            sure = linking.confidence(best, mentions[max(at - 1, 0)].confidence)
            yield AgreementRef(span, sx.start(token), facts.iri, facts.label, best.clause.number, best.method, sure)


def held_in_parts(page: Annotated, parts: list[AgreementRef]) -> Iterator[AgreementRef]:
    """Yield mentions of what a part was said to hold: "the mechanism", after "the mechanism of paragraph 36"."""
    matters: dict[str, list[AgreementRef]] = {}
    for ref in parts:
        for token in page.tokens_in((ref.head, ref.head + 1)):
            noun = token.head.head if token.dep_ == "pobj" and token.head.lower_ in _HOLDS else token
            if noun.tag_ == "NN" and noun != token and _is_matter(page, noun):
                matters.setdefault(noun.lemma_.lower(), []).append(ref)
    for token in page.tokens if matters else ():
        at = sx.start(token)
        before = [ref for ref in matters.get(token.lemma_.lower(), ()) if ref.span[1] <= at]
        told = before[-1] if before else None
        if told is None or token.tag_ != "NN":
            continue
        words = [t for t in token.subtree if t.dep_ not in ("relcl", "punct")]
        if len(words) == 2 and words[0].lower_ in DEFINITE:
            span = sx.span_of(page.text, words)
            yield AgreementRef(span, at, told.agreement, told.label, told.number, "anaphora", 0.6)


def _is_matter(page: Annotated, noun: Token) -> bool:
    """Tell whether a noun may stand for what a part provides: no conduct, speech, group, person or name."""
    lemma, lexicon = noun.lemma_.lower(), page.lexicon
    kinds = ("ConductCue", "ReportingCue", "GroupNoun", "PersonNoun", "AgreementNoun", "CommuniqueNoun")
    return not is_unit(lemma) and not any(lexicon.of(k, lemma) for k in kinds)


def _in_clause(token: Token, top: Token) -> bool:
    """Tell whether a word stands in a clause of its own below `top`."""
    while token != top and token.head != token:
        if token.dep_ in ("relcl", "acl", "advcl"):
            return True
        token = token.head
    return False
