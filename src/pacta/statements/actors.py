"""Actors of one document: those of the stock, and those it does not hold, which become local actors of the record.

A local actor is never dropped and never forced on a known one; its class, and whom it speaks for, are guessed from
its words ("the Ruritanian foreign ministry": an organ of Ruritania).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.names import ABROAD, NameHit
from pacta.annotations.words import Token
from pacta.iris import Iris
from pacta.model import LocalEntity, Span
from pacta.reference import Entity
from pacta.statements.grammar import child, children, noun_phrase
from pacta.statements.phrases import (
    core_words,
    doers,
    is_place_use,
    named_apart,
    names_person,
    plain_label,
    same_stem,
    whole_name,
)

_GOALS = frozenset({"to", "with", "against", "on", "towards", "toward"})
OPPOSITE = frozenset({"counterpart", "opponent", "adversary"})
ANOTHER = "another"
_LOCAL = frozenset({"reg"})  # notations of functions of what is no state
_BELONGING = frozenset({"of", "for", "from"})


@dataclass
class Actors:
    """The actors of one document by IRI. One per document, never shared."""

    page: Annotated
    outlet: str | None = None  # IRI of the outlet, whose name in the text means it
    local: dict[str, LocalEntity] = field(default_factory=dict)

    # --- looking up ---------------------------------------------------------------------------------------------------
    def entity(self, iri: str) -> Entity:
        known = self.page.reference.entities.get(iri)
        if known is not None:
            return known
        local = self.local.get(iri)
        if local is not None:
            function = self.page.reference.function_notation(local.organ_function)
            return Entity(iri, local.type, local.label, (), local.organ_of, function)
        return Entity(iri, "Actor", iri.rpartition("/")[2])

    def principal(self, iri: str | None) -> str | None:
        seen: set[str] = set()
        while iri is not None and iri not in seen:
            seen.add(iri)
            above = self.entity(iri).organ_of
            if above is None:
                break
            iri = above
        return iri

    def label(self, iri: str) -> str:
        return self.entity(iri).label

    def named(self, hit: NameHit) -> str | None:
        """Return the actor that a name hit denotes by its words alone, an organ of a known state included."""
        if hit.kind == "organ" and hit.candidates:
            iri = hit.candidates[0]
            if iri not in self.page.reference.entities and hit.state and hit.function:
                self._organ(iri, hit.state, hit.function, hit.span)
            return iri
        actor = self.page.names.actor(hit)
        return actor.iri if actor is not None else None

    def _organ(self, iri: str, state: str, function: str, span: Span) -> str:
        """Describe an organ that the stock does not hold: "Ruritanian foreign ministry"."""
        if iri not in self.local:
            name = self.page.reference.function_name(function)
            names = self.entity(state).names
            adjective = next((n.form for n in names if n.kind == "adjective" and n.language == "en"), None)
            label = f"{adjective or self.label(state)} {name.replace('-', ' ')}"
            self.local[iri] = LocalEntity(iri, "Organ", label, state, name, span=span)
        return iri

    def _is_state(self, iri: str) -> bool:
        return self.entity(iri).type in ("State", "DeFactoEntity")

    def polity(self, token: Token) -> str:
        """Return the local state that an unknown adjective or name belongs to ("Ruritanian" and "Ruritania")."""
        word = token.text
        label = min((w for w in self._capitalised if same_stem(w, word)), key=lambda w: (len(w), w), default=word)
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        known = self.local.get(iri)
        if known is None or known.type == "Actor":
            at = sx.start(token)
            self.local[iri] = LocalEntity(iri, "State", label, span=(at, sx.end(token)))
        return iri

    def known_polity(self, token: Token) -> str | None:
        """Return the local state of an unknown capitalised word, where another word has told of it already."""
        if not token.text[:1].isupper() or self.page.names.covering(sx.start(token)) is not None:
            return None
        fits = (e.iri for e in self.local.values() if e.type == "State" and same_stem(e.label, token.text))
        return next(fits, None)

    @cached_property
    def _capitalised(self) -> frozenset[str]:
        tokens = (t for t in self.page.tokens if t.pos_ == "PROPN" and t.text[:1].isupper())
        return frozenset(t.text for t in tokens if self.page.names.covering(sx.start(t)) is None)

    def by_metonymy(self, hit: NameHit, actor: str) -> bool:
        """Tell whether the words name the actor by a thing that stands for it, a capital as a rule."""
        form = self.page.text[slice(*hit.span)]
        names = [n for n in self.entity(actor).names if n.form.casefold() == form.casefold()]
        return any(n.kind == "metonym" for n in names)

    # --- new actors ---------------------------------------------------------------------------------------------------
    def _new(self, head: Token, phrase: list[Token], inside: list[NameHit]) -> str | None:
        if (head.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM") and head.lower_ != ANOTHER) or (
            head.pos_ != "PROPN" and head.lemma_.lower() in self._not_actors
        ):
            return None
        such = any(c.lower_ == "such" for c in head.children)  # "such actions": what was told of
        if such and not names_person(self.page.lexicon, head):
            return None
        if head.pos_ == "ADJ" and not any(c.dep_ in ("det", "poss") for c in head.children):
            return None  # "few doubt it", but "the accused"
        apart = {t.i for c in named_apart(head)[:1] for t in c.subtree}  # "President N N and Speaker M M" are two
        tokens = [
            t for t in phrase if t.dep_ not in ("relcl", "acl") and t.i not in apart and not (apart and t.dep_ == "cc")
        ]
        inside = [h for h in inside if not apart.intersection(t.i for t in self.page.tokens_in(h.span))]
        core = core_words(head, tokens, seated=head.lower_ in self._heads)
        seat = self._seat(head) if self._seated(head) is not None else None
        if seat is not None and core[-1].i < seat.head.i:  # a spokesman in one capital is not that in another
            core += list(seat.head.subtree)
        label = plain_label(self.page.text[sx.start(core[0]) : sx.end(core[-1])])
        if "(" in label and ")" not in label:  # "Coordination of Movements (CM)", its bracket cut off
            label = label.partition("(")[0].strip()
        if not label:
            return None
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        if iri not in self.local:
            kind, state, function = self._describe(head, inside)
            self.local[iri] = LocalEntity(iri, kind, label, state, function, span=sx.span_of(self.page.text, core))
        return iri

    def signer(self, span: Span) -> str:
        """Return the actor that the signature of a quotation names."""
        hits = self.page.names.within(span)
        known = next((a for h in hits if h.span[0] == span[0] and (a := self.named(h)) is not None), None)
        if known is not None:
            return known
        label = plain_label(self.page.text[slice(*span)]).partition(",")[0].strip()
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        kind = "Person" if 2 <= len(label.split()) <= 4 else "Actor"
        self.local.setdefault(iri, LocalEntity(iri, kind, label, span=span))
        return iri

    @cached_property
    def _not_actors(self) -> frozenset[str]:
        """Nouns for deeds, words and texts: what is done or said, never who does or says it."""
        lexicon = self.page.lexicon
        told = lexicon.lemmas("EvidenceNoun") | lexicon.lemmas("RejectionTargetNoun") | lexicon.lemmas("AgreementNoun")
        entries = (e for kind in ("IncidentTrigger", "ConductCue", "ReportingCue") for e in lexicon.kinds(kind))
        return told | {lemma[0] for e in entries if e.pos == "noun" for lemma in e.lemmas if len(lemma) == 1}

    def _describe(self, head: Token, inside: list[NameHit]) -> tuple[str, str | None, str | None]:
        """Guess class, whom it speaks for and function from the words of the phrase."""
        function = next((h.function for h in reversed(inside) if h.kind == "function" and self._tells(h, head)), None)
        holder = self._holder(head, inside) or self.owner(head) or self._unknown_polity(head)
        holder = holder or self._led(head) or self._seated(head) or self.served(head)
        held = child(head, "poss")
        bearer = held if held is not None and held.pos_ == "PROPN" else head  # "Prime Minister N N's office"
        if holder is None and function is not None and bearer.pos_ == "PROPN" and bearer.lower_ not in self._heads:
            holder = self.state_of_office(head)  # "Foreign Ministry spokesman N N"
        office = names_person(self.page.lexicon, head)
        if holder is None and office and not any(c.dep_ == "poss" for c in head.children):
            branch = next((h for h in inside if h.kind == "function" and self._tells(h, head)), None)
            holder = self.branch_of(head, branch) if branch is not None else self.of_rank(head)
        joint = head.tag_ == "NNS" and office and any(t.dep_ == "conj" for t in head.subtree)  # "ministers of X and Y"
        joint = joint or (child(head, "conj") is not None and not named_apart(head))
        if joint:  # for whom all speak, as far as known
            known = {self.principal(a) for h in inside if (a := self.named(h)) is not None and not self._is_outlet(a)}
            return "Actor", holder if len(known) == 1 else None, None
        proper = head.pos_ == "PROPN" and head.lower_ not in self.page.reference.function_heads
        if proper and holder is not None:
            return "Person", holder, None
        if names_person(self.page.lexicon, head) and head.tag_ in ("NN", "NNP"):
            return "Person", holder or self.host(head), None
        if head.lower_ in self.page.reference.function_heads and not proper:
            return "Organ", holder, self.page.reference.function_name(function) if function else None
        if function is not None and not proper:
            return "Organ", holder, self.page.reference.function_name(function)
        if proper and child(head, "det") is not None:
            return "Actor", holder, None  # "the Klow Herald"
        if proper and 1 <= sum(1 for t in head.lefts if t.dep_ == "compound") <= 3 and not head.text.isupper():
            return "Person", holder or self.unnamed_office(head) or self.host(head), None
        return "Actor", holder, None

    @property
    def _heads(self) -> frozenset[str]:
        return self.page.reference.function_heads

    def state_of_office(self, head: Token) -> str | None:
        """Return the state of an office without its name; the text before tells."""
        return None

    def _tells(self, hit: NameHit, head: Token) -> bool:
        """Tell whether a name in a phrase is part of what its head is called, not of a clause about it."""
        tokens = self.page.tokens_in(hit.span)
        return bool(tokens) and _attachment(tokens[-1], head) in (0, 1)

    def _holder(self, head: Token, inside: list[NameHit]) -> str | None:
        """Return whom a phrase speaks for: of those named in it the owner first, then "of X", then what is nearest.

        "X's envoy to Y" speaks for X; where a name only says where, as in "the crowd in X", it holds nothing.
        """
        ranked: list[tuple[int, int, str]] = []
        sent = self.page.names.covering(sx.start(head))  # "envoy for X" does not speak for X
        office = names_person(self.page.lexicon, head)
        goal = office and sent is not None and sent.kind == "function"
        for n, hit in enumerate(inside):
            actor = self.named(hit)
            tokens = self.page.tokens_in(hit.span)
            if actor is None or not tokens or hit.kind == "function":
                continue
            rank = _attachment(tokens[-1], head)
            about = next((t.head for t in tokens if t.dep_ == "pobj" and t.head.lower_ == "for"), None)
            if about is not None and rank == 1 and (goal or not office or about.head != head):
                continue  # "the Office for N" is not N's
            if rank == 2 and not office and is_place_use(tokens[-1]):
                continue  # "the mission in N", but "leaders in N"
            if rank is None or (rank > 1 and self.page.names.place(hit) is not None):
                continue
            entity = self.entity(actor)  # a person holds nothing, who they speak for does
            held = entity.organ_of if entity.is_person else actor
            if held is not None:
                ranked.append((rank, -n, held))
        return min(ranked)[2] if ranked else None

    def owner(self, head: Token) -> str | None:
        """Return whom a possessor that is no name means ("its spokesman"); only who reads in order can tell."""
        return None

    def served(self, head: Token) -> str | None:
        """Return for whom an office speaks by what it is of or beside; the text before tells."""
        return None

    def leader_of(self, whose: Token) -> bool:
        """Tell whether a possessor unknown to the stock is a person; the text around tells."""
        return False

    def branch_of(self, head: Token, function: NameHit) -> str | None:
        """Return the state whose an office of a branch is; the text before tells."""
        return None

    def of_rank(self, head: Token) -> str | None:
        """Return the state whose a high office without a branch is; the text before tells."""
        return None

    def host(self, head: Token) -> str | None:
        """Return for whom an office without an owner speaks; the text before tells."""
        return None

    def unnamed_office(self, head: Token) -> str | None:
        """Return for whom a bare name speaks, where an office without a name has just spoken."""
        return None

    def _led(self, head: Token) -> str | None:
        """Return for whom somebody speaks by what they are told to be: "N N, who heads the army's office"."""
        lexicon = self.page.lexicon
        for clause in head.children:
            offices = [clause, *children(clause, "conj")] if clause.dep_ == "appos" else []
            noun = next((t for t in offices if names_person(lexicon, t) and self.holder_of(t) is not None), None)
            who = child(clause, "nsubj") if clause.dep_ == "relcl" else None
            if who is not None and who.lower_ == "who":
                lemma = clause.lemma_.lower()
                leads = any(lexicon.of("PersonNoun", noun) for noun in doers(lemma))
                objects = [child(clause, "dobj", "attr"), *(child(p, "pobj") for p in clause.children)]
                fits = (o for o in objects if o is not None and (leads or names_person(lexicon, o)))
                noun = next(fits, None)
            if noun is not None:
                return self.holder_of(noun)
        return None

    def _seated(self, head: Token) -> str | None:
        """Return for which state an office speaks that is told by its capital alone: "a spokesman in N"."""
        noun = self._seat(head)
        hit = self.page.names.covering(sx.start(noun)) if noun is not None else None
        actor = self.page.names.actor(hit) if hit is not None else None
        if hit is None or actor is None or not self._is_state(actor.iri):
            return None
        return actor.iri if self.by_metonymy(hit, actor.iri) else None

    def _seat(self, head: Token) -> Token | None:
        """Return the noun behind "in" beside an office that may speak for what lies there."""
        entries = self.page.lexicon.of("PersonNoun", head.lemma_.lower())
        preps = (c for e in entries for c in head.children if c.dep_ == "prep" and c.lower_ in e.prepositions)
        return next((noun for p in preps if (noun := child(p, "pobj")) is not None), None)

    def organ_at(self, head: Token, state: str) -> str | None:
        """Return the organ of a state that a phrase without a holder names by its function."""
        hit = self.page.names.covering(sx.start(head))
        if hit is None or hit.kind != "function" or not hit.function:
            return None
        organ = self.page.reference.organ(state, hit.function)
        return self.named(NameHit(hit.span, (organ,), "organ", hit.function, state))

    def holder_of(self, noun: Token) -> str | None:
        """Return whom a phrase belongs to by its names, or by an owner that the text has told of."""
        inside = self.page.names.within(sx.span_of(self.page.text, list(noun.subtree)))
        return self._holder(noun, inside) or self.owner(noun) or self._unknown_polity(noun) or self.served(noun)

    def _unknown_polity(self, head: Token) -> str | None:
        """Return the local state in "the defence ministry of Ruritania", where the stock knows none of that name."""
        told = (t for t in head.children if t.dep_ in ("amod", "compound") and t.i < head.i)
        polity = next((state for t in told if (state := self.known_polity(t)) is not None), None)
        if polity is not None:  # "the Ruritanian side", where Ruritania has been told of
            return polity
        for token in noun_phrase(head):
            if token.dep_ not in ("pobj", "poss", "amod") or not token.text[:1].isupper():
                continue
            noun = token.head.head if token.dep_ == "pobj" else token.head
            if token.dep_ == "pobj" and token.head.lower_ != "of":
                continue
            hit, known = self.page.names.covering(sx.start(noun)), self.page.names.covering(sx.start(token))
            if hit is None or hit.kind != "function" or token.pos_ not in ("PROPN", "ADJ"):
                continue
            if token.dep_ == "poss" and self.leader_of(token):
                continue
            if known is None and hit.function in _LOCAL:
                return self._region(NameHit(sx.span_of(self.page.text, whole_name(token)), (), "short"))
            if known is None:
                return self.polity(token)
            if self.page.names.place(known) is not None and self.named(known) is None:
                return self._region(known)
        return None

    def _region(self, hit: NameHit) -> str:
        """Return the local actor that a place is for whose office somebody speaks: "the president of the north"."""
        label = self.page.text[slice(*hit.span)]
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        self.local.setdefault(iri, LocalEntity(iri, "Actor", label, span=hit.span))
        return iri

    def _holds(self, other: NameHit, hit: NameHit, phrase: list[Token]) -> bool:
        """Tell whether a name beside a function noun says whose it is: not "N-led forces in X", not "envoy for X"."""
        tokens, heads = self.page.tokens_in(other.span), self.page.tokens_in(hit.span)
        prep = tokens[-1].head if tokens and tokens[-1].dep_ == "pobj" else None
        if prep is None or not heads or prep.head.i != heads[-1].i:
            return True
        if prep.lower_ == "in" and hit.function == ABROAD:
            return False
        if prep.lower_ == "in" and self.page.names.place(other) is None:
            return not any(t.dep_ in ("amod", "compound", "nmod") and t.i < heads[0].i for t in phrase)
        return prep.lower_ not in ("for", "to") or not names_person(self.page.lexicon, heads[-1])

    def _of_the_other(self, head: Token) -> bool:
        """Tell whether a possessor is the other side of the one who is meant: "its counterpart", "his N colleague"."""
        told = (t for t in head.children if t.dep_ in ("amod", "compound") and t.i < head.i and t.text[:1].isupper())
        return head.lemma_.lower() in OPPOSITE or any(t.tag_ == "JJ" for t in told)

    def _side_in(self, head: Token, inside: list[NameHit]) -> str | None:
        """Return the state whose capital or name stands behind "in": "the ministry in N"."""
        for hit in inside:
            tokens = self.page.tokens_in(hit.span)
            if tokens and tokens[-1].dep_ == "pobj" and tokens[-1].head.lower_ == "in" and tokens[-1].head.head == head:
                return self.principal(self.named(hit))
        return None

    def _is_outlet(self, iri: str) -> bool:
        return self.entity(iri).type == "MediaOutlet"


def _attachment(token: Token, head: Token) -> int | None:
    """Say how a name hangs on the head of a phrase: 0 owner or adjective, 1 "of", 2 other; None: only as a goal."""
    at, rank = token, 0
    while at != head and at.head != at:
        if at.dep_ in ("acl", "relcl", "advcl", "ccomp"):
            return None  # who takes part in what is told of the head
        if at.dep_ == "pobj":
            if at.head.lower_ in _GOALS:
                return None
            rank = max(rank, 1 if at.head.lower_ in _BELONGING else 2)
        elif at.dep_ not in ("poss", "amod", "compound", "nmod", "prep", "case", "appos"):
            rank = max(rank, 2)
        at = at.head
    return rank
