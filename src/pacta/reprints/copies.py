"""Copies: what the later printings of a text say in the words of the first one, by the records of a family.

Two statements are one where the same speaker takes the same stance in the same words; an outlet that tells a story in
its own voice counts as the same speaker in every printing. A quotation may be cut, or spelt otherwise; where a word or
a number differs it is another statement, as it is where the words stand in a text that is no reprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Quad, Triple

from pacta.annotations.numbers import SCALES, TENS, UNITS
from pacta.literals import whole_number
from pacta.sketches import words
from pacta.vocabulary import FORCES, RDF, RDFS, P

(_ATTRIBUTES, _QUOTE, _SPAN, _START, _SPEAKER, _ACCOUNT_OF, _OUTLET, _ORGAN_OF) = map(
    NamedNode,
    (P.attributes, P.contentQuote, P.contentSpan, P.charStart, P.speaker, P.accountOf, P.outlet, P.organOf),
)
_TYPE, _LABEL = NamedNode(RDF + "type"), NamedNode(RDFS + "label")
_FORCES = tuple(map(NamedNode, FORCES))
LOOKED_AT = frozenset(
    (_ATTRIBUTES, _QUOTE, _SPAN, _START, _SPEAKER, _ACCOUNT_OF, _OUTLET, _ORGAN_OF, _TYPE, _LABEL, *_FORCES)
)
COPY_OF = NamedNode(P.copyOf)

CUT, LEAST = 0.5, 5  # a quotation that was cut keeps half of the words, and so many
LETTERS, SPELT = 5, 0.75  # a word that is spelt otherwise has so many letters, and so much in common with the other
RESPELT = 0.2  # the share of words that may be
_NUMBERS = frozenset((*UNITS, *TENS, *SCALES))

Words = tuple[str, ...]
_Who = NamedNode | str  # an actor, or the name of the outlet's own voice


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a record: who takes which stance on what, and in what words, once for each attribution."""

    statement: NamedNode
    speaker: NamedNode
    force: NamedNode
    proposition: NamedNode
    quotes: tuple[Words, ...]
    at: int


@dataclass(slots=True)
class Page:
    """What of one record is compared: statements in the order of the text, and the entities it had to describe itself.

    `entities`: by class, label and owners, as two printings of one text describe the same one; `labels`: of each.
    """

    said: list[Said] = field(default_factory=list)
    entities: dict[tuple[str, ...], NamedNode] = field(default_factory=dict)
    labels: dict[NamedNode, str] = field(default_factory=dict)
    kinds: dict[NamedNode, str] = field(default_factory=dict)
    accounts: dict[NamedNode, NamedNode] = field(default_factory=dict)
    outlets: frozenset[NamedNode] = frozenset()


def page(record: Sequence[Quad]) -> Page:
    """Return what the quads of a record hold of interest here."""
    by: dict[NamedNode, list[Quad]] = {predicate: [] for predicate in LOOKED_AT}
    for quad in record:
        if quad.predicate in by:
            by[quad.predicate].append(quad)
    made = Page(outlets=frozenset(q.object for q in by[_OUTLET] if isinstance(q.object, NamedNode)))
    for quad in sorted(by[_TYPE], key=str):
        made.kinds.setdefault(quad.subject, quad.object.value)  # type: ignore[arg-type, union-attr]
    made.labels = {q.subject: " ".join(words(q.object.value)) for q in by[_LABEL]}  # type: ignore[misc, union-attr]
    owners: dict[NamedNode, list[str]] = {}
    for quad in by[_ORGAN_OF]:
        owner = quad.object
        named = made.labels.get(owner) or owner.value if isinstance(owner, NamedNode) else ""
        owners.setdefault(quad.subject, []).append(named)  # type: ignore[arg-type]
    for entity, label in sorted(made.labels.items(), key=str):
        key = (made.kinds.get(entity, ""), label, *sorted(owners.get(entity, ())))
        made.entities.setdefault(key, entity)
    for quad in sorted(by[_ACCOUNT_OF], key=str):
        made.accounts.setdefault(quad.subject, quad.object)  # type: ignore[arg-type]
    made.said = sorted(_said(by), key=lambda s: (s.at, s.force.value, s.statement.value))
    return made


def _said(by: dict[NamedNode, list[Quad]]) -> Iterator[Said]:
    starts = {q.subject: start for q in by[_START] if (start := whole_number(q.object)) is not None}
    at: dict[object, int] = {}
    for quad in by[_SPAN]:
        start = starts.get(quad.object, 0)  # type: ignore[arg-type]
        at[quad.subject] = min(start, at.get(quad.subject, start))
    quotes = {q.subject: tuple(words(q.object.value)) for q in by[_QUOTE] if isinstance(q.object, Literal)}
    speakers = {q.subject: q.object for q in by[_SPEAKER]}
    told: dict[object, list[tuple[int, Words]]] = {}
    for quad in by[_ATTRIBUTES]:
        if quad.subject in quotes:
            told.setdefault(quad.object, []).append((at.get(quad.subject, 0), quotes[quad.subject]))
    for force in _FORCES:
        for quad in by[force]:
            statement, where = quad.subject, sorted(told.get(quad.subject, ()))
            if statement in speakers and where:
                said = tuple(dict.fromkeys(quote for _, quote in where))
                yield Said(statement, speakers[statement], force, quad.object, said, where[0][0])  # type: ignore[arg-type]


def copied(pages: Sequence[Page]) -> Iterator[Triple]:
    """Yield `copyOf` from what later pages of a family hold to the same thing in the earliest page that has it."""
    family = _Copies()
    for each in pages:
        family.take(each)
    for thing, first in family.first.items():
        yield Triple(thing, COPY_OF, first)


class _Copies:
    """The pages of one family, taken one after the other: `first` has for each copy the thing that it is a copy of."""

    def __init__(self) -> None:
        self.first: dict[NamedNode, NamedNode] = {}
        self._entities: dict[tuple[str, ...], NamedNode] = {}
        self._kept: list[Said] = []
        self._by_pair: dict[tuple[_Who, NamedNode, str, str], list[int]] = {}  # places in `_kept`
        self._by_words: dict[tuple[NamedNode, Words], list[tuple[_Who, Said]]] = {}
        self._pages: dict[NamedNode, Page] = {}

    def take(self, page_: Page) -> None:
        """Compare a page with those before it."""
        for key, entity in page_.entities.items():
            if entity not in page_.outlets and self._entities.setdefault(key, entity) != entity:
                self.first[entity] = self._entities[key]
        new: list[Said] = []
        seen: Counter[tuple[_Who, NamedNode, Words]] = Counter()
        for said in page_.said:
            origin = self._origin(said, page_, seen)
            if origin is None:
                new.append(said)
            else:
                self._note(said, page_, origin)
        for said in new:
            who = self._who(said, page_)
            self._pages[said.statement] = page_
            for pair in _pairs(said):
                self._by_pair.setdefault((who, said.force, *pair), []).append(len(self._kept))
            self._kept.append(said)
            for quote in said.quotes:
                self._by_words.setdefault((said.force, quote), []).append((who, said))

    def _who(self, said: Said, page_: Page) -> _Who:
        return "" if said.speaker in page_.outlets else self.first.get(said.speaker, said.speaker)

    def _origin(self, said: Said, page_: Page, seen: Counter[tuple[_Who, NamedNode, Words]]) -> Said | None:
        """Return the earlier statement that this is a copy of: of several in the same words the one in its place."""
        who = self._who(said, page_)
        for quote in said.quotes:
            same = [other for speaker, other in self._by_words.get((said.force, quote), ()) if speaker == who]
            if same:
                seen[who, said.force, quote] += 1
                return same[min(seen[who, said.force, quote], len(same)) - 1]
        near = {at for pair in _pairs(said) for at in self._by_pair.get((who, said.force, *pair), ())}
        for other in (self._kept[at] for at in sorted(near)):
            if any(same_words(one, two) for one in said.quotes for two in other.quotes):
                return other
        if said.speaker in page_.labels and said.speaker not in self.first and who != "":
            return self._unknown_speaker(said)
        return None

    def _unknown_speaker(self, said: Said) -> Said | None:
        """Return the one earlier statement in these words, where the reprint lacks what tells who the speaker is."""
        for quote in said.quotes:
            same = self._by_words.get((said.force, quote), ())
            if len(quote) >= LEAST and len({speaker for speaker, _ in same if speaker != ""}) == 1 == len(same):
                return same[0][1]
        return None

    def _note(self, said: Said, page_: Page, origin: Said) -> None:
        """Note the copies of a statement, of its speaker and content where need be, and of the incident told of."""
        of = self._pages[origin.statement]
        self.first[said.statement] = origin.statement
        if said.speaker in page_.labels and said.speaker not in page_.outlets:
            self._same(said.speaker, origin.speaker)
        if page_.kinds.get(said.proposition) == of.kinds.get(origin.proposition):
            self._same(said.proposition, origin.proposition)
            if said.proposition in page_.accounts and origin.proposition in of.accounts:
                self._same(page_.accounts[said.proposition], of.accounts[origin.proposition])

    def _same(self, one: NamedNode, other: NamedNode) -> None:
        other = self.first.get(other, other)
        if one != other:
            self.first.setdefault(one, other)


def _pairs(said: Said) -> set[tuple[str, str]]:
    """Return each two words in a row: what `same_words` takes for the same without being equal has two in common."""
    return {pair for quote in said.quotes for pair in pairwise(quote)}


def same_words(one: Words, other: Words) -> bool:
    """Tell whether two quotations are the same words: all of them, a long run of them, or some in another spelling.

    >>> def told(one, other):
    ...     return same_words(tuple(one.split()), tuple(other.split()))
    >>> told("we shall never leave the valley", "we shall never leave the valley he told us")
    True
    >>> told("the defence of the realm comes first", "the defense of the realm comes first")
    True
    >>> told("seven men were killed there", "seventy men were killed there")
    False
    >>> told("we did leave the valley", "we did not leave the valley")
    False
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        return len(differing) <= RESPELT * len(one) and all(_respelt(a, b) for a, b in differing)
    if len(short) < max(LEAST, CUT * len(long)):
        return False
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def _respelt(one: str, other: str) -> bool:
    """Tell whether a word may be another spelling of a word: long enough to tell, much alike, and no number."""
    short, long = sorted((one, other), key=len)
    if len(short) < LETTERS or not (one + other).isalpha() or {one, other} & _NUMBERS:
        return False
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= SPELT
