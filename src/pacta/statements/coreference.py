"""Which actor a noun phrase denotes: names, organs, pronouns, "the ministry", people by surname, and actors unknown.

An actor that the stock does not hold becomes a local actor of the record: never dropped, never forced on a known one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pacta.annotations import syntax as sx
from pacta.annotations.names import NameHit
from pacta.annotations.words import Token, Words
from pacta.model import Span
from pacta.statements.actors import OPPOSITE
from pacta.statements.anaphora import HE
from pacta.statements.grammar import FIRST_PERSON, child, full_phrase, in_clause, is_agent, noun_phrase
from pacta.statements.memory import MEMORY, Seen
from pacta.statements.offices import Offices
from pacta.statements.phrases import names_person

_SHE = frozenset({"she", "her", "hers", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "themselves", "we", "us", "our", "i", "my", "me"})
_FIRST = frozenset({"we", "us", "our", "i", "my", "me"})
_DETERMINERS = frozenset({"the", "that", "this", "these", "those", "its", "their", "his", "her", "a", "an"})
_MAY_BE_PERSON = frozenset({"Organ", "Actor"})
_NEXT = 500  # characters within which a name goes with the office told of before
_NO_PEOPLE = "al"  # "the Federal Government": no adjective of a people
_FOR_NOW = "rim"  # "the Interim Administration": not the state's
_ARMED = frozenset({"af", "air", "navy", "pkf", "bg", "cg"})  # told of as acting, not only as speaking
_MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})


@dataclass
class Resolver(Offices):
    """Resolves phrases of one document in reading order; remembers who was seen. One per document, never shared."""

    writer: str | None = None  # whose own text the document is: "we" outside quotations
    # who was last told to do what a statement does ("the ministry condemns"), and in which paragraph: "we" means them
    performs: tuple[str, Words] | None = None
    _issued: list[tuple[int, str]] = field(default_factory=list)
    _office: tuple[int, str] | None = None

    # --- resolving ----------------------------------------------------------------------------------------------------
    def actor(self, head: Token, *, speaker: bool = False, create: bool = True) -> str | None:
        """Return the IRI of the actor that the phrase headed by `head` denotes, or None for none or unknown."""
        phrase = noun_phrase(head)
        if not phrase or head in self._asked:
            return None  # "N, who leads his office": whose the office is has led back to N
        self._asked.append(head)
        pair = self.both(head) if speaker else None
        found, kind = (pair[0], "nominal") if pair is not None else self._resolve(head, phrase, create)
        self._asked.pop()
        if found is not None:
            span = sx.span_of(self.page.text, phrase)
            if pair is not None and not self._aside:
                self.pair = (span[0], pair)
            self.remember(found, span, kind, 2 if speaker else int(head.dep_ in ("nsubj", "nsubjpass")))
            if speaker and not self._aside:
                title = names_person(self.page.lexicon, head)
                named = (head.pos_ == "PROPN" and not title) or child(head, "appos") is not None
                first = self._office is not None and self._office[0] >= sx.start(head.sent[0])
                if named:
                    self._office = None
                elif title and not first:  # "the president accused N after a minister had said": the president's
                    self._office = (span[0], found)
        return found

    def unnamed_office(self, head: Token) -> str | None:
        """Return for whom a bare name speaks right after an office without a name: the office is theirs."""
        if self._office is None or not 0 <= sx.start(head) - self._office[0] < _NEXT:
            return None
        entity = self.entity(self._office[1])
        return entity.organ_of if entity.is_person else entity.iri

    def issued(self, offset: int, actor: str) -> None:
        """Note that `actor` issued a communique told of at `offset`: "the statement" means it from there on."""
        self._issued.append((offset, actor))

    def issuer_before(self, offset: int) -> str | None:
        return next((a for o, a in reversed(self._issued) if o <= offset), None)

    def note_names(self, upto: int, since: int) -> None:
        """Take in the named actors between two offsets, so that later pronouns may mean them."""
        known = {s.offset for s in self.seen[-MEMORY:]}
        for hit in self.page.names.starting(since, upto):
            actor = self.named(hit)
            if actor is not None and hit.span[0] not in known:
                self.see(Seen(actor, hit.span[0], 0, self.entity(actor).is_person))

    def _resolve(self, head: Token, phrase: list[Token], create: bool) -> tuple[str | None, str]:
        at = sx.start(head)
        hit = self.hit_of(head)
        word = head.text if hit is not None and head.text.isupper() else head.lower_  # "US" is no pronoun
        other = self._subject_beside(head)
        if word in HE | _IT | _THEY and (beside := self._dislocated(head)) is not None:
            return beside, "anaphor"
        if word in HE | _IT | _THEY - _FIRST and (above := self._of_main_clause(head)) is not None:
            return above, "anaphor"
        if word in HE | _IT and (wrote := self.who_wrote(head)) is not None:
            return wrote, "anaphor"
        if word in HE:
            person = self._told_beside(head) or self.person_before(at, "she" if word in _SHE else "he", other)
            # an office may be a person's; a state, a force or an outlet is never "she"
            office = self.recent(at, lambda s: s.weight == 2 and self.entity(s.entity).type in _MAY_BE_PERSON)
            return person or office or self._last_subject(at), "anaphor"
        if word in _IT:
            if self._is_text(head):
                return None, "anaphor"
            found = self._of_clause_before(head) or self._told_beside(head)
            found = found or self.recent(
                at, lambda s: not s.person and s.entity != other and not self._is_counted(s.entity)
            )
            return found or self._last_subject(at), "anaphor"
        if word in _FIRST:
            issuer = self.performs[0] if self.performs is not None and self.performs[1] is head.doc else None
            narrator = issuer or self.outlet if create and word in FIRST_PERSON else None
            return (self.writer or narrator) if self.page.quoted(at) is None else None, "anaphor"
        if word in _THEY:
            several = self.recent(at, lambda s: not s.person and s.entity != other) if word not in _FIRST else None
            return several or self.recent(at, lambda s: True) or self._last_subject(at), "anaphor"
        if hit is not None and names_person(self.page.lexicon, head):
            named = self._apposed(head)
            if named is not None:
                return named, "name"
        span = sx.span_of(self.page.text, phrase)
        inside = self.page.names.within(span)
        several = self._several(head, phrase, at) or self.led_body(head)
        if several is not None:
            return several, "nominal"
        if hit is not None:
            actor = self.named(hit)
            if actor is not None and hit.function and hit.kind != "organ":  # "the Foreign Office", of whom it was told
                told = self.recent(at, lambda s: self.entity(s.entity).function == hit.function and not s.person)
                actor = told if told is not None and phrase[0].lower_ == "the" else actor
            if actor is not None:
                return actor, "metonym" if self.by_metonymy(hit, actor) else "name"
            if hit.kind == "function" and hit.function:
                found = self._by_function(hit, phrase, inside, at)
                if found is not None:
                    return found, "nominal"
        outlet = self.page.document.metadata.outlet
        if self.outlet is not None and outlet and head.pos_ == "PROPN" and head.text.casefold() == outlet.casefold():
            return self.outlet, "name"
        if head.lemma_.lower() in self.page.lexicon.lemmas("CommuniqueNoun"):
            own = (h for h in inside if not any(in_clause(t, head) for t in self.page.tokens_in(h.span)[-1:]))
            owner = next((a for h in own if (a := self.named(h)) is not None), None)
            issuer = owner or self.issuer_before(at) or self.recent(at, lambda s: s.weight == 2)
            return issuer or self.recent(at, lambda s: True) or self._last_subject(at), "anaphor"
        named = self._apposed(head)
        if named is not None:
            return named, "name"
        known = self._by_letters(head) or self.half_named(head, phrase)
        known = known or self._by_words(head, phrase, at) or self._told_before(head, phrase, at)
        if known is not None:
            return known, "nominal"
        return (self._new(head, phrase, inside), "nominal") if create else (None, "nominal")

    def labelled(self, label: list[Token], span: Span) -> str:
        """Return whose turn of a dialogue a label names: somebody known, somebody told of before, else somebody new."""
        at, head = span[0], label[-1]
        hit = self.page.names.covering(sx.start(head))
        found = self.named(hit) if hit is not None else None
        if found is None and (hit is not None or noun_phrase(head)[-1].i <= head.i):
            found = self.actor(head)
        found = found or self._by_words(head, label, at) or self.signer(span)
        local = self.local.get(found)
        if local is not None and local.organ_of is None and local.type in ("Person", "Actor"):
            office = self.office_beside(self.page.text[slice(*span)], at)
            if office is not None:
                self.local[found] = replace(local, type="Person", organ_of=office)
        self.remember(found, span, "name", 2)
        return found

    # --- who is meant by what stands beside a word --------------------------------------------------------------------
    def owner(self, head: Token) -> str | None:
        """Return whom the possessor of a phrase means, or what letters in it stand for: "its spokesman"."""
        for token in noun_phrase(head):
            if token.dep_ in ("compound", "nmod", "amod") and token.text[:1].isupper():
                known = self._by_letters(token) or self._governing(token)
                if known is not None:
                    return known
            of = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head == head
            if of and token.text.isupper() and (known := self._by_letters(token)) is not None:
                return known
            if token.dep_ == "compound" and (branch := self._branch(token) or self.office_of(token)) is not None:
                return branch
            if token.dep_ != "poss" or token.head not in (head, *head.children) or self._of_the_other(head):
                continue
            found = self._possessor(token)
            if found is not None:
                entity = self.entity(found)
                return entity.organ_of if entity.is_person else found
        return None

    def _branch(self, token: Token) -> str | None:
        """Return whose branch an office is of: "government spokesman", after that government or one side alone."""
        at, hit = sx.start(token), self.page.names.covering(sx.start(token))
        if hit is None or hit.kind != "function" or hit.span[1] != sx.end(token) or not hit.function:
            return None
        if names_person(self.page.lexicon, token):
            return None
        told = {
            p for s in self.seen[-MEMORY:] if (e := self.entity(s.entity)).function == hit.function
            and not s.person and s.offset < at and (p := self.principal(e.iri)) is not None
        }  # fmt: skip
        return self.scene(token) or (next(iter(told)) if len(told) == 1 else self._only_side(at))

    def _governing(self, token: Token) -> str | None:
        """Return the authorities named before that are called after a place: "N militias", after N's rulers."""
        return self.recent(
            sx.start(token),
            lambda s: (
                self.entity(s.entity).type == "DeFactoEntity"
                and token.lower_ in self.entity(s.entity).label.lower().partition(" (")[0].split()
            ),
        )

    def note_people(self, tokens: Iterable[Token]) -> None:
        """Take in people named beside their office ("the envoy N N") whom the stock does not hold."""
        for token in tokens:
            if token.pos_ != "PROPN" or self.page.names.covering(sx.start(token)) is not None:
                continue
            words = [t for t in token.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"]
            beside = [*token.lefts, *(c for c in token.children if c.dep_ == "appos"), token.head]
            nouns = {t.lemma_.lower() for t in beside}
            if words and any(n in OPPOSITE or self.page.lexicon.of("PersonNoun", n) for n in nouns):
                phrase = noun_phrase(token)
                inside = self.page.names.within(sx.span_of(self.page.text, full_phrase(token)))
                found = self._apposed(token.head) if token.dep_ == "appos" else None
                found = found or self._by_words(token, phrase, sx.start(token)) or self._new(token, phrase, inside)
                if found is not None and self.entity(found).is_person:
                    self.see(Seen(found, sx.start(words[0]), int(is_agent(token)), True))

    def _by_function(self, hit: NameHit, phrase: list[Token], inside: list[NameHit], at: int) -> str | None:
        """A bare function noun: its holder stands in the phrase, or the latest actor with that function is meant."""
        reference, function = self.page.reference, hit.function or ""
        head = phrase[-1] if not (last := self.page.tokens_in(hit.span)) else last[-1]
        for other in inside:
            beside = self.page.tokens_in(other.span)
            if beside and in_clause(beside[-1], head):
                continue
            state = self.named(other) if other != hit and self._holds(other, hit, phrase) else None
            if state is not None and self.entity(state).type in ("State", "DeFactoEntity"):
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        owned = next((t for t in phrase if t.dep_ == "poss" and not hit.span[0] <= sx.start(t) < hit.span[1]), None)
        if owned is not None and self.page.names.covering(sx.start(owned)) is None and owned.text[:1].islower():
            # "its foreign ministry", "the country's army"
            of = self.actor(owned, create=False) if owned.pos_ == "PRON" else None
            state = self.principal(of) if of is not None else self.recent(at, lambda s: self._is_state(s.entity))
            if state is None:  # "N's army will stay, the country's ministry said"
                told = [p for t in head.sent if t.i < owned.i and (p := self._state_at(t)) is not None]
                state = told[-1] if told else None
            known = self.local.get(state or "")
            if known is not None and known.type == "Actor" and known.label.isalpha():  # who has a ministry is a state
                self.local[known.iri] = replace(known, type="State")
            if state is not None and self._is_state(state):
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        holder = next((t for t in phrase if self._may_hold(t, hit)), None)
        if holder is not None and holder.dep_ == "poss" and self.leader_of(holder):
            with self.aside():
                side = self.principal(self.actor(holder, create=False))
            if side is None or not self._is_state(side):  # "N's forces", of no state
                return self._new(head, phrase, [])
            return self.named(NameHit(hit.span, (reference.organ(side, function),), "organ", function, side))
        if holder is not None and (holder.dep_ != "pobj" or holder.head.lower_ == "of"):
            beside = [t for t in phrase if t.i <= holder.i and t.head in (holder, holder.head)]
            state = self.half_named(holder, beside) or self.polity(holder)
            if state in self.page.reference.entities:  # "the North's ministry"
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
            organ = self._organ(f"{state}-{function}", state, function, hit.span)
            if holder.lower_.endswith(_FOR_NOW):
                self._apart[organ] = frozenset({holder.lower_})
            elif holder.head != head:  # "the interim administration in the N district"
                self._note_apart(organ, head, phrase, hit)
            return organ
        if holder is None and (state := self._where(phrase[-1], hit)) is not None:
            return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        if (apart := self._government_apart(head, phrase, hit, at)) is not None:
            return apart
        if holder is None and owned is None:
            state = self.presented(head)
            if state is None and function not in _ARMED:
                state = self.spoke_here(head, function) or (
                    None if self.is_held(head, function, at) else self.scene(head)
                )
            if state is not None and self._object_beside(head) != state:
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        charged = self._object_beside(head)

        def free(seen: Seen) -> bool:
            return charged is None or self.principal(seen.entity) != charged

        def fits(seen: Seen) -> bool:
            entity = self.entity(seen.entity)
            entity = self.entity(entity.organ_of or "") if seen.person else entity
            return entity.function == function and free(seen)

        same = [lambda s: not s.person and s.entity not in self._apart and fits(s)]
        same += [lambda s: not s.person and fits(s), lambda s: s.person and fits(s)]
        found = next((a for test in same if (a := self.recent(at, test)) is not None), None)
        found = found or self._told_below(hit)
        if found is None and holder is None:  # the organ of the state that acts or speaks nearest before

            def spoke(seen: Seen) -> bool:
                return seen.weight == 2 and free(seen) and self._is_state(self.principal(seen.entity) or seen.entity)

            state = self.principal(self.recent(at, spoke)) or self.recent(
                at, lambda s: s.weight > 0 and free(s) and self._is_state(s.entity)
            )
            more = [t for t in phrase if not hit.span[0] <= sx.start(t) < hit.span[1]]
            if state is None and all(t.dep_ in ("det", "case") for t in more):
                state = self.only_state(at) or self.dated_from or self.signing_state()
            if state is not None:
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        return found

    def _several(self, noun: Token, phrase: list[Token], at: int) -> str | None:
        """Return those who spoke together for "the three ministers", where a phrase of that plural told who."""
        definite = phrase[0].lower_ in ("the", "these", "those")
        if noun.tag_ != "NNS" or not definite or not names_person(self.page.lexicon, noun):
            return None
        if child(noun, "prep") is not None or any(t.dep_ == "poss" for t in phrase):
            return None
        return self.recent(at, lambda s: noun.lower_ in self.label(s.entity).lower().split())

    def _may_hold(self, token: Token, hit: NameHit) -> bool:
        """Tell whether a capitalised word beside a function noun names a polity the stock does not know."""
        at = sx.start(token)
        return (
            token.text[:1].isupper()
            and token.pos_ in ("ADJ", "PROPN", "NOUN")
            and not token.lower_.endswith(_NO_PEOPLE)
            and not hit.span[0] <= at < hit.span[1]
            and self.page.names.covering(at) is None
            and token.dep_ in ("amod", "compound", "nmod", "poss", "pobj")
            and token.head.dep_ != "appos"  # "the president of N, N N"
        )

    def _by_words(self, head: Token, phrase: list[Token], at: int) -> str | None:
        """Somebody seen before by surname, or by the head noun of a definite phrase ("the group")."""
        lemma = head.lemma_.lower()
        definite = bool(phrase) and phrase[0].lower_ in _DETERMINERS - {"a", "an"}
        proper = head.pos_ == "PROPN"
        if not (definite or proper) or self._is_his(head):
            return None
        inside = self.page.names.within(sx.span_of(self.page.text, phrase))
        owner = self._holder(head, inside)  # whose it is said to be
        side = self.principal(owner) if owner is not None else self._side_in(head, inside)
        his = child(head, "poss")
        if owner is None and his is not None and his.lower_ in HE:
            side = self.principal(self.actor(his, create=False))
        told = {t.lower_ for t in phrase if t != head and t.text[:1].isupper() and t.dep_ in _MODIFIERS}
        words = tuple(t.lower_ for t in phrase)  # "the party" is one, "the parties" are several
        one = any(words == known for known, _ in self.page.lexicon.phrases("GroupNoun"))
        group = definite and not told and (one or bool(self.page.lexicon.of("GroupNoun", lemma)))
        office = definite and not told and head.tag_ != "NNS" and bool(self.page.lexicon.of("PersonNoun", lemma))
        if side is None and any(t.dep_ == "poss" and t.head == head and t.pos_ == "NOUN" for t in phrase):
            office = False  # "the government's spokesman": theirs, whoever spoke before

        def fits(seen: Seen) -> bool:
            entity = self.entity(seen.entity)
            if side is not None and self.principal(seen.entity) != side:
                return False
            words = [w.casefold() for w in re.findall(r"\w+", entity.label.partition(" (")[0])]
            if not told <= set(words):
                return False
            if proper:
                return head.lower_ in words and (seen.person or head.lower_ == words[-1])
            if lemma in words or head.lower_ in words:
                return True
            if office and entity.is_person and words and entity.label.split()[-1][:1].isupper():  # who has a name
                return True
            kinds = ("ArmedFormation", "DeFactoEntity", "Actor")
            return group and entity.organ_of is None and entity.type in kinds and not self._is_counted(seen.entity)

        found = self.recent(at, fits)
        if found is None and side is not None and self._is_state(side):  # "the ministry in N" after another's
            side = None
            like = self.recent(at, lambda s: fits(s) and not s.person)
            function = self.entity(like).function if like is not None else None
            state = self.principal(owner) if owner is not None else self._side_in(head, inside)
            if function is not None and state is not None:
                iri = self.page.reference.organ(state, function)
                return self.named(NameHit((at, sx.end(head)), (iri,), "organ", function, state))
        return found
