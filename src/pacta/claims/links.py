"""Which clause a content is about when it gives no number: ranked by topics, bearer, place and wording, or none.

The score of a clause is a share between 0 and 1. Its parts and the thresholds were set on reports with gold links;
below the threshold a content is linked to the agreement as a whole.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pacta.agreements.numbers import normal_number, to_roman
from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef, local_clause
from pacta.claims.parts import is_unit
from pacta.claims.topics import topics_of
from pacta.model import Link, Obligation, Span
from pacta.reference import AgreementFacts, ClauseFacts
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import is_verb

# What each signal may add. Topics say most; the bearer tells clauses with one topic apart; a place or the clause's own
# rare words are seldom there, but then they are strong.
_TOPICS, _WORDING, _BEARER, _PLACE = 0.45, 0.30, 0.10, 0.15
_WORDS_ALONE = 0.5  # words of a clause's own where a content has no topic at all
_BY_NAME = 0.5  # the clause's matter is called by its own name: that outweighs a topic shared with others
THRESHOLD = 0.4  # least score of a link to a clause: from 0.34 to 0.45 the same links, at 0.3 twice as many wrong ones
MARGIN = 0.05  # least distance from the next clause: two that fit alike are no answer
SPLIT = 0.45  # least score of a link of a part of a content
SURE = 0.75  # a score from which a link counts as good as certain
_UNNAMED = 0.5  # what a score is worth of a clause that shares a topic with the one called by name
_CHAPTER = "Chapter "
_ONLY = frozenset({"only", "sole", "single"})
_ALL = frozenset({"all", "every", "each", "whole", "entire", "full", "fully", "entirely"})
_NEAR_WORDS = 5  # words from a mention up to the verb that it hangs on
_STEM = 5  # letters of a word that are compared: "withdraw", "withdrawal"
_LONG = 4  # letters from which a word of a summary says something


@dataclass(frozen=True, slots=True)
class Ranked:
    """A clause with its score and the signal that says most for it (a local name in the scheme link-method)."""

    score: float
    clause: ClauseFacts
    method: str


@dataclass(frozen=True, slots=True)
class _Index:
    """What the clauses of one agreement have of their own: rarity of stems, topics and places among them."""

    stems: tuple[frozenset[str], ...]
    rarity: dict[str, float]
    topics: dict[str, float]
    places: dict[str, float]


def links(
    page: Annotated,
    resolver: Resolver,
    ref: AgreementRef,
    numbers: Sequence[str],
    tokens: Sequence[Token],
    obligations: tuple[Obligation, ...] = (),
    bearer: str | None = None,
) -> tuple[Link, ...]:
    """Link a content to clauses: by the numbers it names, else by what it is about, else to the whole agreement."""
    facts = page.reference.agreements.get(ref.agreement)
    parts = (part_named(page, resolver, ref, n) for n in numbers)
    named = tuple(Link(part[0], "explicit-number", 0.9 if facts is None else 0.95) for part in parts if part)
    if named or facts is None:
        return named or (Link(ref.agreement, "whole-agreement", round(ref.confidence * 0.8, 2)),)
    best = choose(rank(page, resolver, facts, tokens, obligations, bearer))
    if best is not None:
        return (Link(best.clause.iri, best.method, confidence(best, ref.confidence)),)
    return (Link(ref.agreement, "whole-agreement", round(ref.confidence * 0.6, 2)),)


def part_named(page: Annotated, resolver: Resolver, ref: AgreementRef, number: str) -> tuple[str, str] | None:
    """Return (IRI, number) of the part that a number means: of the stock, else described by this record.

    A number above all that the stock has of an agreement is none of its clauses; one between them is a clause that the
    stock leaves out.
    """
    facts = page.reference.agreements.get(ref.agreement)
    whole = clause_numbered(facts, number) if facts is not None and number.startswith(_CHAPTER) else None
    if whole is not None:
        return whole.iri, _shown(whole.number)
    number = number.removeprefix(_CHAPTER)  # as good as any unit where nothing tells of chapters
    if facts is None:
        return local_clause(page, resolver, ref.agreement, ref.label, number), number
    named = _part_called(page.text[slice(*ref.span)].casefold(), facts)
    known = clause_numbered(facts, f"{named}.{number}" if named else number) or clause_numbered(facts, number)
    if known is not None:
        return known.iri, known.number
    highest = max((int(c.number) for c in facts.clauses if c.number.isdigit()), default=0)
    if number.isdigit() and int(number) > highest:
        return None
    return local_clause(page, resolver, ref.agreement, ref.label, number), number


def _shown(number: str) -> str:
    """Return the number of a chapter as people write it: "chapter-2" is Chapter II."""
    _, _, own = number.partition("-")
    return f"{_CHAPTER}{to_roman(int(own)).upper()}" if own.isdigit() else number


def _part_called(words: str, facts: AgreementFacts) -> str | None:
    """Return the number of the part that is called by its own name: "the second point of the N deal", part of more."""
    return next((c.number for c in facts.clauses for name in c.names if _says(words, name)), None)


def clause_numbered(facts: AgreementFacts, number: str) -> ClauseFacts | None:
    """Return the clause that bears a number; "6(2)" and "6.2" are part of 6 where the stock goes no deeper.

    The items of a list without numbers of its own are counted: the fourth point is "4".
    """
    by_number = {_key(normal_number(c.number)): c for c in facts.clauses} | {_key(c.number): c for c in facts.clauses}
    wanted = _key(number) if _key(number) in by_number else _key(normal_number(number))
    while wanted:
        if wanted in by_number:
            return by_number[wanted]
        wanted = wanted.rpartition(".")[0]
    return None


def _key(number: str) -> str:
    return re.sub(r"(?:^|(?<=\.))item-", "", number.casefold().replace("/", "."))


def choose(ranked: Sequence[Ranked]) -> Ranked | None:
    """Return the first of the ranked clauses where it is good enough and ahead of the next, else None.

    A clause and a part of it are no rivals.
    """
    if not ranked or ranked[0].score < THRESHOLD:
        return None
    best = ranked[0].clause
    rival = next((r for r in ranked[1:] if best.iri != r.clause.above and r.clause.iri != best.above), None)
    return ranked[0] if rival is None or ranked[0].score - rival.score >= MARGIN else None


def chosen(
    page: Annotated,
    resolver: Resolver,
    facts: AgreementFacts,
    tokens: Sequence[Token],
    obligations: tuple[Obligation, ...] = (),
    bearer: str | None = None,
    least: float = THRESHOLD,
) -> list[Ranked]:
    """Return the clauses that a content is about: one for each of its coordinated parts that has its own, or one.

    "Has kept its guns at the front and refuses to free the prisoners" is about two. `least`: the score of a link.
    """
    parts = [(p, topics_of(page, outside_names(page, p))) for p in _coordinated(tokens)]
    own: dict[str, Ranked] = {}
    for part, topics in parts if sum(bool(t) for _, t in parts) > 1 else ():
        best = choose(rank(page, resolver, facts, part, (), bearer)) if topics else None
        if best is not None and best.score >= max(least, SPLIT):
            own.setdefault(best.clause.iri, best)
    if len(own) > 1 and not any(r.clause.above in own for r in own.values()):
        return list(own.values())
    best = choose(rank(page, resolver, facts, tokens, obligations, bearer))
    return [best] if best is not None and best.score >= least else []


def _coordinated(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split words at coordinated predicates and, below them, at coordinated nouns: each part with what hangs on it."""
    inside = {(id(t.doc), t.i): t for t in tokens}
    heads = [
        t
        for t in tokens
        if t.dep_ == "conj" and (id(t.doc), t.head.i) in inside
        if is_verb(t) or (t.pos_ in ("ADP", "NOUN") and t.pos_ == t.head.pos_)
    ]
    taken: set[tuple[int, int]] = set()
    parts: list[list[Token]] = []
    for head in sorted(heads, key=lambda t: -t.i):
        mine = [t for t in head.subtree if (key := (id(t.doc), t.i)) in inside and key not in taken]
        taken |= {(id(t.doc), t.i) for t in mine}
        parts.append(mine)
    parts.append([t for t in tokens if (id(t.doc), t.i) not in taken])
    return parts[::-1]


def binding(
    page: Annotated, resolver: Resolver, found: list[Ranked], tokens: Sequence[Token], about: str
) -> list[Ranked]:
    """Return the clauses that a charge against `about` may be under: not those whose duty is others' alone.

    Only duties of the matter that the charge tells of count: what a monitor must do tells nothing of who must leave.
    """
    topics = set(topics_of(page, outside_names(page, tokens)))
    side = resolver.principal(about)
    kept: list[Ranked] = []
    for ranked in found:
        bound = {resolver.principal(d[0]) for d in ranked.clause.duties if d[1] & topics}
        if not bound or side in bound:
            kept.append(ranked)
    return kept


def confidence(best: Ranked, mention: float) -> float:
    """Return how sure a link is: between one half (at the threshold) and 0.9, less where the mention is unsure."""
    grown = 0.55 + 0.35 * min(1.0, (best.score - THRESHOLD) / (SURE - THRESHOLD))
    return round(max(0.51, grown * (0.8 + 0.2 * mention)), 2)


def rank(
    page: Annotated,
    resolver: Resolver,
    facts: AgreementFacts,
    tokens: Sequence[Token],
    obligations: tuple[Obligation, ...] = (),
    bearer: str | None = None,
) -> list[Ranked]:
    """Score the clauses of an agreement for the words of a content, the best first; those with nothing are left out."""
    index = _index(facts)
    words = outside_names(page, tokens)
    topics = {*topics_of(page, words), *(t for o in obligations for t in o.requires)}
    bearers = {resolver.principal(b) for b in (*(o.bearer for o in obligations), bearer) if b is not None}
    places = _places(page, words)
    every = {_stem(t.lemma_) for t in words if _is_content(t) and not _is_actor(page, t)}
    stems = every & index.rarity.keys()
    named = _named(page, facts, words)
    weight = sum(index.topics.get(t, 0.5) for t in topics)
    mass = sum(index.rarity[s] for s in stems)
    ranked: list[Ranked] = []
    for clause, own in zip(facts.clauses, index.stems, strict=True):
        shared = topics & clause.topics
        by_topic = sum(index.topics[t] for t in shared) / weight if weight else 0.0
        by_words = sum(index.rarity[s] for s in stems & own) / max(mass, 1.0) if mass else 0.0
        by_place = max((index.places[p] for p in places & _scopes(clause)), default=0.0)
        mine = [d for d in clause.duties if resolver.principal(d[0]) in bearers]
        by_bearer = 1.0 if any(d[1] & topics for d in mine) else 0.0
        # a content of no topic: its words must tell, and most of them are the clause's
        alone = not topics and len(stems & own) > 1 and 2 * len(stems & own) > len(every)
        wording = _WORDS_ALONE if alone else _WORDING
        score = _TOPICS * by_topic + wording * by_words + _BEARER * by_bearer + _PLACE * by_place
        if clause.iri in named:
            ranked.append(Ranked(round(min(1.0, score + _BY_NAME), 4), clause, "wording"))
        elif (shared or by_words) and named:
            ranked.append(Ranked(round(score * _UNNAMED, 4), clause, "wording"))
        elif shared or by_words:
            method = "topic-and-bearer" if _TOPICS * by_topic >= _WORDING * by_words else "wording"
            ranked.append(Ranked(round(score, 4), clause, method))
    return sorted(ranked, key=lambda r: (-r.score, r.clause.number))


def excluded(page: Annotated, facts: AgreementFacts, best: ClauseFacts, tokens: Sequence[Token]) -> list[ClauseFacts]:
    """Return the clauses that a reading denies beside `best`: "only one corridor", where another's is told of."""
    named = tuple((name, clause.iri) for clause in facts.clauses for name in clause.names)
    nouns = {
        t.lemma_.lower() for t in tokens if t.pos_ == "NOUN" and any(c.lower_ in _ONLY for c in t.subtree if c.i < t.i)
    }
    told = _told(page.text, named) if named and nouns else ()
    meant = {iri for name, iri in told if name.rpartition(" ")[2] in nouns}
    return [c for c in facts.clauses if c.iri in meant - {best.iri}] if best.iri in meant else []


def is_said_whole(page: Annotated, span: Span) -> bool:
    """Tell whether a mention is of all that is agreed: "every line of the accord", "kept it in full"."""
    words = page.tokens_in(span)
    at = words[-1] if words else None
    for _ in range(_NEAR_WORDS):
        if at is None or at.head == at:
            return False
        beside = {c.lower_ for c in at.children if c.dep_ in ("det", "amod", "predet", "advmod", "prep")}
        if any(c.lower_ == "full" for p in at.children if p.lower_ == "in" for c in p.children) or beside & _ALL:
            return True
        if is_verb(at):
            return False
        at = at.head
    return False


def outside_names(page: Annotated, tokens: Sequence[Token]) -> list[Token]:
    """Return the words that are no part of an agreement's name: "the truce agreement" is not about a truce."""
    nouns = page.lexicon.lemmas("AgreementNoun")
    out = []
    for token in tokens:
        hit = page.names.covering(sx.start(token))
        named = hit is not None and any(c in page.reference.agreements for c in hit.candidates)
        beside = token.dep_ in ("compound", "amod", "nmod") and token.head.lemma_.lower() in nouns
        part = is_unit(token.lower_) or is_unit(token.lemma_.lower())  # "all articles" is about no clause
        if not (named or token.lemma_.lower() in nouns or beside or part):
            out.append(token)
    return out


def _named(page: Annotated, facts: AgreementFacts, tokens: Sequence[Token]) -> set[str]:
    """Return the clauses whose matter is called by its name among `tokens`, or by that name's last word.

    "The corridor" means the one corridor of a clause that the document calls by name, where it is one alone.
    """
    named = tuple((name, clause.iri) for clause in facts.clauses for name in clause.names)
    told = _told(page.text, named) if named else ()
    if not told:
        return set()
    own, words = " ".join(t.lower_ for t in tokens), {t.lower_ for t in tokens}
    full = {iri for name, iri in told if _says(own, " ".join(re.findall(r"\w+|[^\w\s]", name)))}
    if full:
        return full
    heads: dict[str, set[str]] = {}
    for name, iri in told:
        heads.setdefault(name.rpartition(" ")[2], set()).add(iri)
    return {iri for head, iris in heads.items() if head in words and len(iris) == 1 for iri in iris}


@lru_cache(maxsize=64)
def _told(text: str, named: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the names of clauses that a text says, with the clause of each."""
    folded = text.casefold()
    return tuple((name, iri) for name, iri in named if _says(folded, name))


def _says(text: str, name: str) -> bool:
    at = text.find(name)
    return at >= 0 and not text[at - 1 : at].isalnum() and not text[at + len(name) :][:1].isalnum()


def _is_actor(page: Annotated, token: Token) -> bool:
    hit = page.names.covering(sx.start(token))
    return hit is not None and page.names.actor(hit) is not None and page.names.place(hit) is None


def _scopes(clause: ClauseFacts) -> set[str]:
    return {place for _, _, place in clause.duties if place is not None}


def _places(page: Annotated, tokens: Sequence[Token]) -> set[str]:
    hits = (page.names.covering(sx.start(t)) for t in tokens)
    return {p.iri for h in hits if h is not None and (p := page.names.place(h)) is not None}


def _is_content(token: Token) -> bool:
    return token.pos_ in ("NOUN", "VERB", "ADJ", "PROPN") and not token.is_stop


def _stem(word: str) -> str:
    return word.casefold()[:_STEM]


@lru_cache(maxsize=64)
def _index(facts: AgreementFacts) -> _Index:
    stems = tuple(
        frozenset(_stem(w) for w in re.findall(r"[^\W\d_]+", c.summary) if len(w) >= _LONG) for c in facts.clauses
    )
    n = len(facts.clauses)
    return _Index(
        stems,
        _rarity(Counter(s for own in stems for s in own), n),
        _rarity(Counter(t for c in facts.clauses for t in c.topics), n),
        _rarity(Counter(p for c in facts.clauses for p in _scopes(c)), n),
    )


def _rarity(counts: Counter[str], n: int) -> dict[str, float]:
    """Return 1 for what one clause of several has alone, down to near 0 for what all have."""
    top = math.log(n + 1)
    return {key: math.log((n + 1) / count) / top if top else 1.0 for key, count in counts.items()}
