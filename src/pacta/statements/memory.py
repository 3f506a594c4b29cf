"""Who a document has spoken of so far, and which of them is the likeliest to be meant."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.datelines import stands_alone
from pacta.annotations.words import Token
from pacta.model import Mention, Span
from pacta.statements.actors import Actors
from pacta.statements.grammar import noun_phrase
from pacta.statements.phrases import names_person
from pacta.vocabulary import REJECTING

MEMORY = 300  # how many mentions back a phrase may reach
_NEAR_BEFORE = 800  # characters within which who alone has spoken goes on speaking through an office of theirs
_NEAR = 400  # characters within which who spoke last is meant before who was named last
_FEW = 6
_HEADING = 90  # characters of a heading
_HEAD = 4  # paragraphs at the head of a document among which its dateline stands
_ENDS = (".", "!", "?", ":", '"', "\u201d")


@dataclass(frozen=True, slots=True)
class Seen:
    """An actor as the text brought it in. `weight`: 2 as speaker, 1 as subject, 0 elsewhere."""

    entity: str
    offset: int
    weight: int
    person: bool


@dataclass
class Memory(Actors):
    """The actors of one document in the order in which the text brought them in."""

    seen: list[Seen] = field(default_factory=list)
    sexes: dict[str, str] = field(
        default_factory=dict
    )  # persons of whom a pronoun has told that they are "he" or "she"
    mentions: dict[tuple[Span, str], Mention] = field(default_factory=dict)
    signatories: tuple[str, ...] = ()  # parties of the agreements of the stock that the document names
    _aside: bool = False

    def recent(self, at: int, fits: Callable[[Seen], bool]) -> str | None:
        """Return the best fitting actor before `at`: speakers of the last sentences first, then what is nearest.

        `fits` may look at everything of a mention but its offset.
        """
        near: list[Seen] = []
        enough = False
        known: dict[tuple[str, bool, int], bool] = {}  # of a few actors each is seen again and again
        last = bisect_left(self.seen, at, key=lambda s: s.offset)
        for seen in reversed(self.seen[max(last - MEMORY, 0) : last]):
            if enough and at - seen.offset >= _NEAR:
                break
            which = (seen.entity, seen.person, seen.weight)
            if which not in known:
                known[which] = fits(seen)
            if known[which]:
                near.append(seen)
                enough = len(near) >= _FEW
        if not near:
            return None
        speakers = [s for s in near if s.weight == 2 and at - s.offset < _NEAR]
        return max(speakers or near[:_FEW], key=lambda s: (s.weight, s.offset)).entity

    def person_before(self, at: int, sex: str, other: str | None) -> str | None:
        """Return the person whom "he" or "she" at an offset means, not `other`; who was the other sex is out."""
        found = self.recent(at, lambda s: s.person and s.entity != other and self.sexes.get(s.entity, sex) == sex)
        last = bisect_left(self.seen, at, key=lambda s: s.offset)
        if found is not None and len({s.entity for s in self.seen[max(last - MEMORY, 0) : last] if s.person}) == 1:
            self.sexes.setdefault(found, sex)  # no other can be meant
        return found

    def only_state(self, at: int) -> str | None:
        """Return the state that is the only one named before `at`."""
        last = bisect_left(self.seen, at, key=lambda s: s.offset)
        told = {s.entity for s in self.seen[max(last - MEMORY, 0) : last]}
        states = {entity for entity in told if self._is_state(entity)}
        return next(iter(states)) if len(states) == 1 else None

    def state_of_office(self, head: Token) -> str | None:
        """Return the state that spoke or acted last before an office of a state without its name: "Minister N N".

        Where none did, it is the only state named before it, as by a dateline. Whom its own sentence is about ("the
        minister accused N") is another.
        """
        at, charged = sx.start(head), self._object_beside(head)
        told = [s for s in self.seen[-MEMORY:] if at - _NEAR_BEFORE <= s.offset < at and s.weight]
        states = (self.principal(s.entity) for s in reversed(told))
        known = next((p for p in states if p is not None and p != charged and self._is_state(p)), None)
        return known or (self.only_state(at) if charged is None else None)

    def office_of(self, token: Token) -> str | None:
        """Return the organ told of last that a bare word for one means: "ministry spokesman", after a ministry."""
        if token.lower_ not in self.page.reference.function_heads or token.text[:1].isupper():
            return None
        if names_person(self.page.lexicon, token):
            return None
        return self.recent(
            sx.start(token), lambda s: not s.person and token.lower_ in self.label(s.entity).casefold().split()
        )

    def _object_beside(self, subject: Token) -> str | None:
        """Return the side that is object of the verb whose subject is told; only who reads clauses can tell."""
        return None

    @cached_property
    def dated_from(self) -> str | None:
        """Return the state whose capital the first dateline names, None where there is none."""
        for paragraph in self.page.syntax.paragraphs[:_HEAD]:
            begin = paragraph.span[0]
            line = self.page.text.rfind("\n", 0, begin) + 1
            if stands_alone(self.page.text[line : paragraph.span[1]].strip()):
                begin = paragraph.span[1]
            for hit in self.page.names.within((line, begin)):
                actor = self.page.names.actor(hit)
                if actor is not None and self._is_state(actor.iri):
                    return actor.iri if self.by_metonymy(hit, actor.iri) else None
        return None

    @cached_property
    def spelled_out(self) -> dict[str, Token]:
        """Letters in brackets -> head of the name that they follow: "the Alliance of the Lakes (AOL)"."""
        found: dict[str, Token] = {}
        for match in re.finditer(r"(?<=\w )\((?P<letters>[A-Z]{2,7})\)", self.page.text):
            before = self.page.tokens_in((max(match.start() - 60, 0), match.start()))
            if before and before[-1].pos_ in ("PROPN", "NOUN"):
                head = before[-1]
                while head.dep_ in ("compound", "pobj", "prep") and head.head.pos_ in ("PROPN", "NOUN", "ADP"):
                    head = head.head
                found.setdefault(match["letters"], head)
        return found

    def half_named(self, head: Token, phrase: list[Token]) -> str | None:
        """Return the state that "the North" is: of two words, of which the text has told the whole or an organ."""
        if head.pos_ != "PROPN" or [t.lower_ for t in phrase if t.i <= head.i] != ["the", head.lower_]:
            return None
        for seen in reversed(self.seen[-MEMORY:]):
            state = self.principal(seen.entity)
            words = self.label(state).casefold().split() if state is not None and self._is_state(state) else []
            if len(words) == 2 and words[0] == head.lower_:
                return state
        return None

    def signing_state(self) -> str | None:
        """Return the one state among those who signed the agreements named: its army is "the army"."""
        states = {p for s in self.signatories if (p := self.principal(s)) is not None and self._is_state(p)}
        return next(iter(states)) if len(states) == 1 else None

    def host(self, head: Token) -> str | None:
        """Return for whom an office without an owner speaks: who spoke or acted last in the same paragraph.

        "The front denied it. “We left,” spokesman N N said": the front's. An office of a branch may be another's.
        """
        phrase = noun_phrase(head)
        offices = [t for t in phrase if names_person(self.page.lexicon, t)]
        name = next((h for t in offices if (h := self.page.names.covering(sx.start(t))) is not None), None)
        title = self.page.tokens_in(name.span) if name is not None and name.kind == "function" else []
        told = [c for t in (head, *offices) for c in t.children if c not in title]
        if offices and title and offices[0].i == title[0].i - 1:  # "deputy foreign minister"
            title = [offices[0], *title]
        told = [c for c in told if c not in title]
        if len([t for t in offices if t not in title]) + bool(title) != 1:
            return None
        if any(t.dep_ in ("poss", "prep", "amod") for t in told):
            return None
        if any(t.dep_ == "compound" and t not in title for t in offices[0].children):
            return None
        begin, at = sx.start(head.doc[0]), sx.start(phrase[0])
        seen = [s for s in self.seen[-MEMORY:] if s.weight and begin <= s.offset < at]
        if not seen:
            return self._of_heading(begin) or (None if self._rejects(head) else self._only_side(at))
        last = seen[-1].entity
        charged = self._object_beside(head)
        if seen[-1].person or self._is_outlet(last) or (charged is not None and self.principal(last) == charged):
            return None
        return last

    def _rejects(self, subject: Token) -> bool:
        """Tell whether somebody speaks against what has been said: of the one side that has spoken they are not."""
        verb = subject.head
        entries = (e for _, e in self.page.lexicon.starting("ReportingCue", verb.lemma_.lower()))
        return subject.dep_ == "nsubj" and any(e.pos == "verb" and e.force in REJECTING for e in entries)

    def _of_heading(self, begin: int) -> str | None:
        """Return the state that alone is named in the heading right above a paragraph."""
        at = bisect_right(self._begins, begin) - 2
        if at < 1:  # the headline of the whole may name who has been charged
            return None
        above = self.page.syntax.paragraphs[at]
        line = self.page.text[slice(*above.span)].rstrip()
        if line.endswith(_ENDS) or len(line) > _HEADING:
            return None
        named = (self.page.names.actor(h) for h in self.page.names.within(above.span))
        states = {e.iri for e in named if e is not None and self._is_state(e.iri)}
        return next(iter(states)) if len(states) == 1 else None

    @cached_property
    def _begins(self) -> list[int]:
        return [p.span[0] for p in self.page.syntax.paragraphs]

    def _only_side(self, at: int) -> str | None:
        """Return the side that alone has spoken lately, in a text that has let no other side speak before."""
        spoke = {self.principal(s.entity) for s in self.seen[-MEMORY:] if s.weight == 2 and s.offset < at}
        near = any(s.weight == 2 and at - _NEAR_BEFORE <= s.offset < at for s in self.seen[-MEMORY:])
        side = next(iter(spoke)) if len(spoke) == 1 and near else None
        return side if side is not None and not self.entity(side).is_person and not self._is_outlet(side) else None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Within it, phrases are resolved without being taken in as mentions."""
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before

    def remember(self, entity: str, span: Span, kind: str, weight: int) -> None:
        if self._aside:
            return
        self.see(Seen(entity, span[0], weight, self.entity(entity).is_person))
        self.mentions[span, entity] = Mention(span, entity, self.entity(entity).type, kind)

    def see(self, seen: Seen) -> None:
        """Keep `seen` in order of offsets, one for each."""
        at = bisect_left(self.seen, seen.offset, key=lambda s: s.offset)
        if at < len(self.seen) and self.seen[at].offset == seen.offset:
            self.seen[at] = seen
        else:
            self.seen.insert(at, seen)
