"""Which side a text has turned to: the state in whose capital a paragraph goes on, who spoke there, "both sides".

A bare office or ministry is of the side to which its paragraph has turned.
"""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations import syntax as sx
from pacta.annotations.names import NameHit
from pacta.annotations.words import Token
from pacta.statements.actors import OPPOSITE
from pacta.statements.anaphora import Anaphora
from pacta.statements.grammar import child, in_reported, noun_phrase
from pacta.statements.memory import MEMORY, Seen
from pacta.statements.phrases import names_person

_OPENING = frozenset({"for", "to"})
_SCENE = frozenset({"in", "from"})
_STATED = frozenset({"State", "DeFactoEntity"})
_SIDED = frozenset({"State", "DeFactoEntity", "ArmedFormation"})
_EACH = frozenset({"both", "two", "neither", "either", "each"})
_ARTICLES = frozenset({"the", "these", "those", "of"})


@dataclass
class Scene(Anaphora):
    """The actors of one document, with the sides to which its paragraphs turn."""

    pair: tuple[int, tuple[str, str]] | None = None  # two sides that spoke as one, and where

    # --- the state that a clause opens with ---------------------------------------------------------------------------
    def state_of_office(self, head: Token) -> str | None:
        return self.presented(head) or self.scene(head) or super().state_of_office(head)

    def presented(self, head: Token) -> str | None:
        """Return the state that a paragraph turns to before `head`: "There is also N. … the Foreign Ministry said".

        "For N", "to N" at the beginning of a clause, too. Where another state has spoken since, none is.
        """
        doc = head.doc
        for token in reversed(list(doc[: head.i])):
            hit = self.page.names.covering(sx.start(token))
            if hit is None or not self._turns_to(token):
                continue
            actor = self.page.names.actor(hit)
            if actor is None or actor.type not in _STATED:
                continue
            since = (s for s in self.seen[-MEMORY:] if sx.end(token) <= s.offset < sx.start(head) and s.weight == 2)
            spoke = {p for s in since if (p := self.principal(s.entity)) is not None and self._is_state(p)}
            return actor.iri if spoke <= {actor.iri} else None
        return None

    def _turns_to(self, token: Token) -> bool:
        if token.dep_ == "attr":
            return child(token.head, "expl") is not None
        prep = token.head
        if token.dep_ != "pobj" or prep.lower_ not in _OPENING:
            return False
        first = (
            prep.i == 0 or prep.is_sent_start or prep.nbor(-1).text in (",", ";", ":", "\u2013", "\u2014", "as", "As")
        )
        return bool(first) and prep.dep_ == "prep" and prep.head.i > token.i

    def scene(self, head: Token) -> str | None:
        """Return the state to whom a paragraph has turned before the sentence of `head`, most often by its capital.

        "That did not go down well in N. … the Foreign Ministry said", "N came to the same conclusion. …", "The N side
        reads it otherwise. …". None where a sentence names two.
        """
        first = head.sent.start
        for sentence in reversed([s for s in head.doc.sents if s.start < first]):
            states = {state for token in sentence if (state := self._seat_of_scene(token)) is not None}
            if states:
                subjects = (t for t in sentence if t.dep_ in ("nsubj", "nsubjpass") and not in_reported(t))
                states |= {state for who in subjects for t in who.subtree if (state := self._state_at(t)) is not None}
                return next(iter(states)) if len(states) == 1 else None
        return None

    def _state_at(self, token: Token) -> str | None:
        """Return the state that a word names, as a whole or by whose organ."""
        hit = self.page.names.covering(sx.start(token))
        actor = self.principal(self.named(hit)) if hit is not None and hit.kind != "function" else None
        return actor if actor is not None and self._is_state(actor) else None

    def _seat_of_scene(self, token: Token) -> str | None:
        """Return the state that a word names as who tells, or its capital as where something goes on or who acts."""
        told = token.head if token.dep_ in ("amod", "compound", "poss") and self._is_side(token.head) else token
        if told.dep_ not in ("pobj", "nsubj", "nsubjpass") or self.page.quoted(sx.start(token)) is not None:
            return None
        if told.dep_ == "pobj" and (told is not token or token.head.lower_ not in _SCENE):
            return None
        hit = self.page.names.covering(sx.start(token))
        actor = self.page.names.actor(hit) if hit is not None else None
        if hit is None or actor is None or actor.type not in _STATED or in_reported(token):
            return None
        verb = told.head
        told_of = child(verb, "ccomp") is not None or bool(
            self.page.lexicon.of("ReportingCue", verb.lemma_.lower(), "verb")
        )
        speaks = told.dep_ == "nsubj" and told_of
        return actor.iri if speaks or (told is token and self.by_metonymy(hit, actor.iri)) else None

    def _is_side(self, noun: Token) -> bool:
        return bool(self.page.lexicon.of("SideNoun", noun.lemma_.lower()))

    def spoke_here(self, head: Token, function: str) -> str | None:
        """Return the state that has just spoken in a paragraph in which no office of that function has spoken yet.

        "N denied it. The Foreign Ministry said …": N's, though the paragraph before was about another's.
        """
        begin, at = sx.start(head.doc[0]), sx.start(head)
        here = [s for s in self.seen[-MEMORY:] if begin <= s.offset < at]
        if any(self.entity(s.entity).function == function for s in here):
            return None
        spoke = [s.entity for s in here if s.weight == 2]
        return spoke[-1] if spoke and self.entity(spoke[-1]).type in _STATED else None

    def branch_of(self, head: Token, function: NameHit) -> str | None:
        """Return the state whose an office is that only a branch is told of: "a military spokesman", "army chief N"."""
        tokens = self.page.tokens_in(function.span)
        if not tokens or tokens[-1].i >= head.i or not names_person(self.page.lexicon, head):
            return None
        seat = self._where(head, function) or self.presented(head)
        if seat is not None:
            return seat
        begin, at, charged = sx.start(head.doc[0]), sx.start(head), self._object_beside(head)
        here = [s.entity for s in self.seen[-MEMORY:] if s.weight and begin <= s.offset < at]
        states = [p for s in here if (p := self.principal(s)) is not None and self._is_state(p) and p != charged]
        return states[-1] if states else self.only_state(at)

    def of_rank(self, head: Token) -> str | None:
        """Return the one state told of, for a high office without a branch: "the High Commissioner for Peace, N N"."""
        if head.pos_ != "PROPN" or head.lower_ not in self._heads or not names_person(self.page.lexicon, head):
            return None
        return self.only_state(sx.start(head))

    # --- two sides ----------------------------------------------------------------------------------------------------
    def both(self, head: Token) -> tuple[str, str] | None:
        """Return the two who are meant by "both sides", "the two countries", "neither party"; None where more may be.

        They are the two who signed what the document is about, else the only two sides that it has told of.
        """
        if head.lower_ == "they":  # the two who have just been told of
            last = next((s for s in reversed(self.seen) if s.offset < sx.start(head) and s.weight == 2), None)
            return self.pair[1] if self.pair is not None and last is not None and last.offset == self.pair[0] else None
        phrase = [t for t in noun_phrase(head) if not t.is_punct]
        words = {t.lower_ for t in phrase if t is not head}
        alone = head.lower_ == "each" and any(
            t.lower_ == "other" for t in head.head.subtree
        )  # "each accuses the other"
        if not alone and (not self._is_side(head) or not words & _EACH or not words <= _EACH | _ARTICLES):
            return None
        teller = next((t for t in head.sent if t.i < head.i and t.dep_ == "nsubj" and t != head), None)
        return self._joined_before(head) or self.two_sides(
            sx.start(head), self._state_at(teller) if teller is not None else None
        )

    def _joined_before(self, head: Token) -> tuple[str, str] | None:
        """Return the two sides that the last "M and N" before a phrase joins: "The two countries" after it."""
        for token in reversed(list(head.doc[: head.i])):
            other = child(token, "conj")
            if other is None or other.i > head.i or child(other, "conj") is not None:
                continue
            hits = [self.page.names.covering(sx.start(t)) for t in (token, other)]
            named = [self.principal(self.named(h)) for h in hits if h is not None and h.kind != "function"]
            one, two = named if len(named) == 2 else (None, None)
            if (
                one is not None
                and two is not None
                and one != two
                and {self.entity(p).type for p in (one, two)} <= _SIDED
            ):
                return one, two
        return None

    def two_sides(self, at: int, other: str | None = None) -> tuple[str, str] | None:
        """Return the only two sides told of before `at`, not counting `other`, who speaks of them."""
        signed = dict.fromkeys(p for s in self.signatories if (p := self.principal(s)) is not None)
        told = (self.principal(s.entity) for s in self.seen if s.offset < at)
        sides = dict.fromkeys(p for p in told if p is not None and p != other and self.entity(p).type in _SIDED)
        if len(signed) == 2 and (signed.keys() <= sides.keys() or not sides):
            return tuple(signed)  # type: ignore[return-value]
        one, *more = sides or ("",)
        return (one, more[0]) if len(more) == 1 else None

    def opposite(self, head: Token) -> str | None:
        """Return the other of two sides for "its counterpart", "her opposite number"."""
        owner = child(head, "poss")
        if owner is None or not self._of_the_other(head) or owner.pos_ not in ("PRON", "PROPN", "NOUN"):
            return None
        if head.lemma_.lower() not in OPPOSITE and not any(c.lower_ == "opposite" for c in head.children):
            return None
        side, pair = self.principal(self.actor(owner, create=False)), self.two_sides(sx.start(head))
        return next((p for p in pair if p != side), None) if pair is not None and side in pair else None

    def is_held(self, head: Token, function: str, at: int) -> bool:
        """Tell whether a bare office ("the president") is that of a person told of, whichever state a text turns to."""

        def holds(seen: Seen) -> bool:
            entity = self.entity(seen.entity)
            office = self.entity(entity.organ_of or "").function == function
            return seen.person and (office or head.lower_ in entity.label.casefold().split())

        return names_person(self.page.lexicon, head) and self.recent(at, holds) is not None
