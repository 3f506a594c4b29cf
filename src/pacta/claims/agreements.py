"""Mentions of agreements and of their numbered parts, resolved against the stock or kept as agreements of their own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from spacy.tokens import Token

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.iris import Iris
from pacta.model import LocalEntity, Span, TimeMention
from pacta.reference import AgreementFacts
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import noun_phrase

_UNITS = r"articles?|clauses?|points?|paragraphs?|provisions?|sections?|items?"
_NUMBER = r"\d{1,3}(?:st|nd|rd|th)?(?:\s?\(\w{1,3}\)|\.\d{1,3})*"
_LIST = rf"{_NUMBER}(?:\s*(?:,|and|or|&|-|\u2013|to)\s*(?:and\s+)?(?:the\s+)?{_NUMBER}){{0,20}}+"
# before the unit a number must be an ordinal: "the 4th and 6th points", but "50 points" is a count
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"
_ORDINAL_LIST = rf"{_ORDINAL}(?:\s*(?:,|and|or|&)\s*(?:and\s+)?(?:the\s+)?{_ORDINAL}){{0,20}}+"
_ORDINALS = {
    word: str(i + 1)
    for i, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    )
}
_PART = re.compile(
    rf"\b(?:(?P<unit>{_UNITS})\s+(?P<after>{_LIST})"
    rf"|(?:the\s+)?(?P<before>{_ORDINAL_LIST})\s+(?P<unit2>{_UNITS})"
    rf"|the\s+(?P<word>{'|'.join(_ORDINALS)})\s+(?P<unit3>{_UNITS}))(?=\W|$)",
    re.IGNORECASE,
)
_DEFINITE = frozenset({"the", "this", "that", "its", "their", "these"})
_THRESHOLD = 2.0
_MEMORY = 80  # mentions back that "the agreement" may take up
_GAP = 12  # characters between "Article 6" and the agreement it is of
_LOOK_BACK = 3000  # characters back in which "the article" looks for its number
_DATE_AFTER = 16  # characters after a name within which "of 1994" may begin
_OF_DATE = re.compile(r"\s+(?:(?:of|from|signed|reached|concluded)\s+)?(?:(?:on|in|of)\s+)?")


@dataclass(frozen=True, slots=True)
class AgreementRef:
    """A mention. `head`: offset of its head word; `number`: of the part it names, where it names one."""

    span: Span
    head: int
    agreement: str
    label: str
    number: str | None
    method: str
    confidence: float


def find_agreements(page: Annotated, resolver: Resolver) -> tuple[AgreementRef, ...]:
    """Return the mentions of agreements in order; unknown ones become local agreements of `resolver`."""
    present = _principals(page, resolver)
    found: list[AgreementRef] = []
    for token in page.tokens:
        ref = _mention(page, resolver, token, found, present)
        if ref is not None:
            found.append(ref)
    found.sort(key=lambda r: r.span)
    found.extend(list(_parts(page, found)))
    return tuple(sorted(found, key=lambda r: (r.span, r.number or "")))


def _principals(page: Annotated, resolver: Resolver) -> frozenset[str]:
    actors = (page.names.actor(hit) for hit in page.names.hits)
    return frozenset(p for a in actors if a is not None and (p := resolver.principal(a.iri)) is not None)


def _mention(
    page: Annotated, resolver: Resolver, token: Token, found: list[AgreementRef], present: frozenset[str]
) -> AgreementRef | None:
    at = sx.start(token)
    hit = page.names.covering(at)
    named = [c for c in hit.candidates if c in page.reference.agreements] if hit is not None else []
    if hit is not None and named:
        if sx.end(token) != hit.span[1]:  # once per name, at its last word
            return None
        phrase = page.tokens_in(hit.span)
        best, score = _best(page, resolver, phrase, tuple(named), present)
        if best is not None and score > -2:
            return AgreementRef(hit.span, at, best.iri, best.label, None, "name", 0.95 if score > 0 else 0.75)
    part = _same_part(page, token, found)
    if part is not None:
        return part
    if token.pos_ not in ("NOUN", "PROPN") or token.lemma_.lower() not in page.lexicon.lemmas("AgreementNoun"):
        return None
    if token.dep_ in ("compound", "nmod") and token.head.lemma_.lower() in page.lexicon.lemmas("AgreementNoun"):
        return None
    phrase = [t for t in noun_phrase(token) if t.dep_ not in ("relcl",)]
    if token.dep_ in ("compound", "nmod"):  # "the N protocol obliges", with the verb taken for the noun
        phrase = _words_before(token)
    core = (
        phrase
        if token.dep_ in ("compound", "nmod")
        else [t for t in phrase if t.i <= token.i or t.head == token or t.head.head == token]
    )
    if not core or (core[0].lower_ not in _DEFINITE and token.pos_ != "PROPN" and not _has_name(page, core)):
        return None
    span = sx.span_of(page.text, [t for t in phrase if t.i <= token.i])
    modified = [
        t for t in phrase if t != token and t.dep_ in ("amod", "compound", "nmod", "poss", "npadvmod", "nummod")
    ]
    best, score = _best(page, resolver, phrase, tuple(page.reference.agreements), present)
    communique = token.lemma_.lower() in page.lexicon.lemmas("CommuniqueNoun")
    if (
        best is not None
        and score >= _THRESHOLD + (1.0 if communique else 0.0)
        and (modified or _has_time(page, phrase))
    ):
        return AgreementRef(span, at, best.iri, best.label, None, "description", min(0.9, 0.5 + score / 10))
    proper = _proper(page, core, token)
    bare = not modified and core[0].lower_ in _DEFINITE
    whole = [r for r in found[-_MEMORY:] if r.number is None]
    alike = [r for r in whole if token.lemma_.lower() in re.findall(r"\w+", r.label.lower())]
    if communique and not proper and not (bare and alike):
        return None
    if not proper and (earlier := (alike or ([] if communique else whole))[-1:]):
        return AgreementRef(span, at, earlier[0].agreement, earlier[0].label, None, "anaphora", 0.7)
    if not whole and best is not None and score > 1 and not proper:
        return AgreementRef(span, at, best.iri, best.label, None, "parties", 0.5)
    return _local(page, resolver, token, core, span, at)


def _same_part(page: Annotated, token: Token, found: list[AgreementRef]) -> AgreementRef | None:
    """Read "the article" without a number as the part that was named last."""
    if not re.fullmatch(_UNITS, token.lower_) or token.i == 0 or token.doc[token.i - 1].lower_ not in _DEFINITE:
        return None
    window = max(sx.start(token) - _LOOK_BACK, 0)
    before = list(_PART.finditer(page.text, window, sx.start(token)))
    if not before or not found or _PART.match(page.text, sx.start(token)) is not None:
        return None
    last = before[-1]
    number = _ORDINALS[last["word"].lower()] if last["word"] else _numbers(last["after"] or last["before"])[0]
    ref = next((r for r in reversed(found)), None)
    span = (sx.start(token.doc[token.i - 1]), sx.end(token))
    return AgreementRef(span, sx.start(token), ref.agreement, ref.label, number, "anaphora", 0.7) if ref else None


_TITLE = re.compile(r"(?:\s+(?:of|on|for|between)\s+(?:the\s+)?[A-Z]\w+(?:\s+(?:and\s+)?[A-Z]\w+)*|\s+No\.?\s?\d+)+")


def _proper(page: Annotated, core: list[Token], head: Token) -> bool:
    """Tell whether a phrase carries a name of its own: "the Geneva protocol", "Treaty of Friendship", not "X's"."""
    if head.text[:1].isupper() and _TITLE.match(page.text, sx.end(head)):
        return True
    for token in core:
        if token.lower_ in _DEFINITE:
            continue
        if (
            token == head
            or not token.text[:1].isupper()
            or token.dep_ not in ("compound", "nmod", "amod", "npadvmod", "det")
        ):
            continue
        hit = page.names.covering(sx.start(token))
        if hit is None or page.names.place(hit) is not None or hit.kind == "metonym":
            return True
        actor = page.names.actor(hit)
        if (
            hit.kind != "organ"
            and actor is not None
            and actor.type == "State"
            and page.lexicon.of("CommuniqueNoun", head.lemma_.lower()) == ()
        ):
            return True
    return False


def _words_before(token: Token) -> list[Token]:
    """Return the article, adjectives and names right before a noun, and the noun."""
    words = [token]
    while words[0].i > token.sent.start and token.doc[words[0].i - 1].pos_ in ("DET", "ADJ", "PROPN", "NOUN", "NUM"):
        words.insert(0, token.doc[words[0].i - 1])
        if words[0].pos_ == "DET":
            break
    return words


def _has_name(page: Annotated, tokens: list[Token]) -> bool:
    return any(t.pos_ == "PROPN" and page.names.covering(sx.start(t)) is not None for t in tokens)


def _has_time(page: Annotated, tokens: list[Token]) -> bool:
    return bool(page.times_in(sx.span_of(page.text, tokens)))


def _best(
    page: Annotated, resolver: Resolver, phrase: list[Token], among: tuple[str, ...], present: frozenset[str]
) -> tuple[AgreementFacts | None, float]:
    scored = [(_score(page, resolver, phrase, page.reference.agreements[i], present), i) for i in sorted(among)]
    if not scored:
        return None, 0.0
    score, iri = max(scored, key=lambda s: s[0])
    if sum(1 for s, _ in scored if s == score) > 1:
        score -= 1.0
    return page.reference.agreements[iri], score


def _score(
    page: Annotated, resolver: Resolver, phrase: list[Token], agreement: AgreementFacts, present: frozenset[str]
) -> float:
    """Weigh how well a phrase in this document fits an agreement: date, brokers and parties, topics, who is about."""
    span = sx.span_of(page.text, phrase)
    score = 0.0
    after = (span[1], span[1] + _DATE_AFTER)
    near = page.times_in((span[1], span[1] + 3 * _DATE_AFTER))
    dated = [t for t in near if t.span[0] < after[1] and _OF_DATE.fullmatch(page.text[span[1] : t.span[0]])]
    for time in (*page.times_in(span), *dated):
        if agreement.signed is not None:
            score += 3.0 if _same_date(page.text[slice(*time.span)], time, agreement.signed) else -5.0
    concerned = {*agreement.parties, *agreement.mediators}
    for hit in page.names.within(span):
        actor = page.names.actor(hit)
        if actor is not None and actor.iri not in page.reference.agreements:
            score += 1.5 if resolver.principal(actor.iri) in concerned else -2.0
    topics = {e.value for t in phrase for e in page.lexicon.of("TopicTrigger", t.lemma_.lower())}
    score += 1.0 if topics & agreement.topics else 0.0
    parties = sum(1 for p in agreement.parties if p in present)
    score += 1.5 if parties >= 2 else -3.0
    if agreement.signed is not None and page.published is not None and agreement.signed[0].date() > page.published:
        score -= 10.0
    return score


def _same_date(words: str, time: TimeMention, signed: tuple[datetime, datetime]) -> bool:
    """Tell whether a date in a name is that of the signing; a date without a year is compared by month and day."""
    lo, hi = signed
    if re.search(r"\d{4}", words):
        return time.not_before < hi and lo < time.not_after
    days = {(d.month, d.day) for d in (lo, hi, hi - timedelta(days=1))}
    if time.granularity == "month":
        return time.not_before.month in {month for month, _ in days}
    return (time.not_before.month, time.not_before.day) in days


def _local(page: Annotated, resolver: Resolver, token: Token, core: list[Token], span: Span, at: int) -> AgreementRef:
    words = [t for t in core if t.i <= token.i and t.dep_ != "det"] or [token]
    title = _TITLE.match(page.text, sx.end(token)) if token.text[:1].isupper() else None
    stop = title.end() if title is not None else sx.end(words[-1])
    span = (span[0], max(span[1], stop))
    label = " ".join(page.text[sx.start(words[0]) : stop].split())
    iri = Iris(page.reference.base).local_agreement(page.document.key, label)
    parties = tuple(
        sorted(
            {
                p
                for hit in page.names.within(sx.span_of(page.text, core))
                if (a := page.names.actor(hit)) is not None and (p := resolver.principal(a.iri)) is not None
            }
        )
    )
    resolver.local.setdefault(iri, LocalEntity(iri, "Agreement", label, parties=parties, span=span))
    return AgreementRef(span, at, iri, label, None, "local", 0.6)


def local_clause(page: Annotated, resolver: Resolver, agreement: str, label: str, number: str) -> str:
    """Return the IRI of a numbered part of an agreement whose clauses the stock does not hold."""
    iri = Iris(page.reference.base).clause(agreement, number)
    resolver.local.setdefault(iri, LocalEntity(iri, "Clause", f"{label}, {number}", part_of=agreement, number=number))
    return iri


def _parts(page: Annotated, mentions: list[AgreementRef]) -> Iterator[AgreementRef]:
    """Yield references to numbered parts: of the agreement named right after them, else of the latest before."""
    for match in _PART.finditer(page.text):
        if not mentions:
            return
        at = bisect_left(mentions, match.end(), key=lambda m: m.span[0])
        after = mentions[at] if at < len(mentions) and mentions[at].span[0] - match.end() <= _GAP else None
        at = bisect_left(mentions, match.start(), key=lambda m: m.span[0])
        ref = after or (mentions[at - 1] if at else mentions[0])
        numbers = [_ORDINALS[match["word"].lower()]] if match["word"] else _numbers(match["after"] or match["before"])
        span = (match.start(), after.span[1]) if after else match.span()
        for number in numbers:
            yield AgreementRef(span, match.start(), ref.agreement, ref.label, number, "explicit-number", 0.95)


def _numbers(text: str) -> list[str]:
    """Expand "4th, 6th and 9th", "3-5", "6(2)" into clause numbers."""
    out: list[str] = []
    parts = re.findall(rf"{_NUMBER}|-|\u2013|\bto\b", text)
    for i, part in enumerate(parts):
        plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", part).replace(" ", "")
        if plain in ("-", "\u2013", "to"):
            continue
        if i >= 2 and parts[i - 1] in ("-", "\u2013", "to") and plain.isdigit() and out and out[-1].isdigit():
            out.extend(str(n) for n in range(int(out[-1]) + 1, min(int(plain), int(out[-1]) + 50)))
        out.append(plain)
    return out
