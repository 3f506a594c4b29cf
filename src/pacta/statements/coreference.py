"""Which actor a noun phrase denotes: names, organs, pronouns, "the ministry", people by surname, and actors unknown.

An actor that the stock does not hold becomes a local actor of the record: never dropped, never forced on a known one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Token

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.names import NameHit
from pacta.iris import Iris
from pacta.model import LocalEntity, Mention, Span
from pacta.reference import Entity
from pacta.statements.grammar import child, full_phrase, noun_phrase
from pacta.statements.phrases import core_words, plain_label, same_stem

_HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "themselves", "we", "us", "our", "i", "my", "me"})
_FIRST = frozenset({"we", "us", "our", "i", "my", "me"})
_DETERMINERS = frozenset({"the", "that", "this", "these", "those", "its", "their", "his", "her", "a", "an"})
_MAY_BE_PERSON = frozenset({"Organ", "Actor"})
_MEMORY = 300  # how many mentions back a phrase may reach
_NEAR = 400  # characters within which who spoke last is meant before who was named last
_FEW = 6
_MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})


@dataclass(frozen=True, slots=True)
class Seen:
    """An actor as the text brought it in. `weight`: 2 as speaker, 1 as subject, 0 elsewhere."""

    entity: str
    offset: int
    weight: int
    person: bool


@dataclass
class Resolver:
    """Resolves phrases of one document in reading order; remembers who was seen. One per document, never shared."""

    page: Annotated
    outlet: str | None = None  # IRI of the outlet, whose name in the text means it
    seen: list[Seen] = field(default_factory=list)
    local: dict[str, LocalEntity] = field(default_factory=dict)
    mentions: dict[tuple[Span, str], Mention] = field(default_factory=dict)
    _issued: list[tuple[int, str]] = field(default_factory=list)
    _subject: Token | None = None

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

    # --- resolving ----------------------------------------------------------------------------------------------------
    def actor(self, head: Token, *, speaker: bool = False, create: bool = True) -> str | None:
        """Return the IRI of the actor that the phrase headed by `head` denotes, or None for none or unknown."""
        phrase = noun_phrase(head)
        if not phrase:
            return None
        found, kind = self._resolve(head, phrase, create)
        if found is not None:
            span = sx.span_of(self.page.text, phrase)
            self._remember(found, span, kind, 2 if speaker else int(head.dep_ in ("nsubj", "nsubjpass")))
        return found

    def issued(self, offset: int, actor: str) -> None:
        """Note that `actor` issued a communique told of at `offset`: "the statement" means it from there on."""
        self._issued.append((offset, actor))

    def issuer_before(self, offset: int) -> str | None:
        return next((a for o, a in reversed(self._issued) if o <= offset), None)

    def note_names(self, upto: int, since: int) -> None:
        """Take in the named actors between two offsets, so that later pronouns may mean them."""
        known = {s.offset for s in self.seen[-_MEMORY:]}
        for hit in self.page.names.starting(since, upto):
            actor = self.named(hit)
            if actor is not None and hit.span[0] not in known:
                self._see(Seen(actor, hit.span[0], 0, self.entity(actor).is_person))

    def _resolve(self, head: Token, phrase: list[Token], create: bool) -> tuple[str | None, str]:
        word, at = head.lower_, sx.start(head)
        other = self._subject_beside(head)
        if word in _HE:
            person = self._recent(at, lambda s: s.person and s.entity != other)
            # an office may be a person's; a state, a force or an outlet is never "she"
            office = self._recent(at, lambda s: s.weight == 2 and self.entity(s.entity).type in _MAY_BE_PERSON)
            return person or office or self._last_subject(at), "anaphor"
        if word in _IT:
            found = self._recent(at, lambda s: not s.person and s.entity != other)
            return found or self._last_subject(at), "anaphor"
        if word in _FIRST:
            return None, "anaphor"
        if word in _THEY:
            return self._recent(at, lambda s: True) or self._last_subject(at), "anaphor"
        hit = self.page.names.covering(at)
        if hit is not None and self.page.lexicon.of("PersonNoun", head.lemma_.lower()):
            named = self._apposed(head)
            if named is not None:
                return named, "name"
        span = sx.span_of(self.page.text, phrase)
        inside = self.page.names.within(span)
        if hit is not None:
            actor = self.named(hit)
            if actor is not None:
                return actor, "metonym" if self._by_metonymy(hit, actor) else "name"
            if hit.kind == "function" and hit.function:
                found = self._by_function(hit, phrase, inside, at)
                if found is not None:
                    return found, "nominal"
        outlet = self.page.document.metadata.outlet
        if self.outlet is not None and outlet and head.pos_ == "PROPN" and head.text.casefold() == outlet.casefold():
            return self.outlet, "name"
        if head.lemma_.lower() in self.page.lexicon.lemmas("CommuniqueNoun"):
            owner = next((a for h in inside if (a := self.named(h)) is not None), None)
            issuer = owner or self.issuer_before(at) or self._recent(at, lambda s: s.weight == 2)
            return issuer or self._recent(at, lambda s: True) or self._last_subject(at), "anaphor"
        known = self._by_words(head, phrase, at)
        if known is not None:
            return known, "nominal"
        named = self._apposed(head)
        if named is not None:
            return named, "name"
        return (self._new(head, phrase, inside), "nominal") if create else (None, "nominal")

    def note_people(self, tokens: Iterable[Token]) -> None:
        """Take in people named beside their office ("the envoy N N") whom the stock does not hold."""
        for token in tokens:
            if token.pos_ != "PROPN" or self.page.names.covering(sx.start(token)) is not None:
                continue
            words = [t for t in token.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"]
            beside = [*token.lefts, *(c for c in token.children if c.dep_ == "appos"), token.head]
            if words and any(self.page.lexicon.of("PersonNoun", t.lemma_.lower()) for t in beside):
                phrase = noun_phrase(token)
                inside = self.page.names.within(sx.span_of(self.page.text, full_phrase(token)))
                found = self._apposed(token.head) if token.dep_ == "appos" else None
                found = found or self._by_words(token, phrase, sx.start(token)) or self._new(token, phrase, inside)
                if found is not None and self.entity(found).is_person:
                    self._see(Seen(found, sx.start(phrase[0]), 0, True))

    def note_subject(self, token: Token) -> None:
        """Keep the subject of a sentence in mind: the next sentence's pronoun may mean it, though it did not speak."""
        self._subject = token

    def _subject_beside(self, pronoun: Token) -> str | None:
        """Return the actor that is subject of the verb whose object `pronoun` is: the pronoun means another."""
        if pronoun.dep_ not in ("dobj", "dative") or pronoun.lower_.endswith(("self", "selves")):
            return None
        at = sx.start(pronoun.sent[0])
        subjects = [c for c in pronoun.head.children if c.dep_ == "nsubj" and c.i < pronoun.i]
        spans = [(min(at, sx.start(c.left_edge)), sx.end(c)) for c in subjects]
        near = self.seen[-_MEMORY:]
        return next((s.entity for a, b in spans for s in near if a <= s.offset < b and s.weight), None)

    def _last_subject(self, at: int) -> str | None:
        token = self._subject
        if token is None or sx.start(token) >= at or token.pos_ == "PRON":
            return None
        return self.actor(token)

    def _apposed(self, head: Token) -> str | None:
        """A person named beside their office ("the minister, N N"): the name's actor, speaking for the office's."""
        name = child(head, "appos")
        office = bool(self.page.lexicon.of("PersonNoun", head.lemma_.lower()))
        if name is None or name.pos_ != "PROPN" or (head.pos_ == "PROPN" and not office):
            return None
        hit = self.page.names.covering(sx.start(name))
        if hit is not None:
            return self.named(hit)
        words = [t for t in name.subtree if t.i <= name.i and t.pos_ == "PROPN"]
        if len(words) < 2:
            return None
        label = plain_label(self.page.text[sx.start(words[0]) : sx.end(words[-1])])
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        if iri not in self.local:
            holder = self._describe(head, self.page.names.within(sx.span_of(self.page.text, noun_phrase(head))))[1]
            span = sx.span_of(self.page.text, words)
            self.local[iri] = LocalEntity(iri, "Person", label, holder, span=span)
        return iri

    def _by_metonymy(self, hit: NameHit, actor: str) -> bool:
        """Tell whether the words name the actor by a thing that stands for it, a capital as a rule."""
        form = self.page.text[slice(*hit.span)]
        names = [n for n in self.entity(actor).names if n.form.casefold() == form.casefold()]
        return any(n.kind == "metonym" for n in names)

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

    def _by_function(self, hit: NameHit, phrase: list[Token], inside: list[NameHit], at: int) -> str | None:
        """A bare function noun: its holder stands in the phrase, or the latest actor with that function is meant."""
        reference, function = self.page.reference, hit.function or ""
        for other in inside:
            state = self.named(other) if other != hit else None
            if state is not None and self.entity(state).type in ("State", "DeFactoEntity"):
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        owned = next((t for t in phrase if t.dep_ == "poss"), None)
        if owned is not None and self.page.names.covering(sx.start(owned)) is None and owned.text[:1].islower():
            # "its foreign ministry", "the country's army"
            of = self.actor(owned, create=False) if owned.pos_ == "PRON" else None
            state = self.principal(of) if of is not None else self._recent(at, lambda s: self._is_state(s.entity))
            if state is not None and self._is_state(state):
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        holder = next((t for t in phrase if self._may_hold(t, hit)), None)
        if holder is not None and (holder.dep_ != "pobj" or holder.head.lower_ == "of"):
            state = self.polity(holder)
            return self._organ(f"{state}-{function}", state, function, hit.span)
        same = [lambda s: self.entity(s.entity).function == function and not s.person]
        same.append(lambda s: s.person and self.entity(self.entity(s.entity).organ_of or "").function == function)
        found = next((a for test in same if (a := self._recent(at, test)) is not None), None)
        if found is None and holder is None:  # the organ of the state that acts or speaks nearest before
            state = self._recent(at, lambda s: s.weight > 0 and self._is_state(s.entity))
            if state is not None:
                return self.named(NameHit(hit.span, (reference.organ(state, function),), "organ", function, state))
        return found

    def _is_state(self, iri: str) -> bool:
        return self.entity(iri).type in ("State", "DeFactoEntity")

    def _may_hold(self, token: Token, hit: NameHit) -> bool:
        """Tell whether a capitalised word beside a function noun names a polity the stock does not know."""
        at = sx.start(token)
        return (
            token.text[:1].isupper()
            and token.pos_ in ("ADJ", "PROPN", "NOUN")
            and not hit.span[0] <= at < hit.span[1]
            and self.page.names.covering(at) is None
            and token.dep_ in ("amod", "compound", "nmod", "poss", "pobj")
        )

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

    def _by_words(self, head: Token, phrase: list[Token], at: int) -> str | None:
        """Somebody seen before by surname, or by the head noun of a definite phrase ("the group")."""
        lemma = head.lemma_.lower()
        definite = bool(phrase) and phrase[0].lower_ in _DETERMINERS - {"a", "an"}
        proper = head.pos_ == "PROPN"
        if not (definite or proper):
            return None
        told = {t.lower_ for t in phrase if t != head and t.text[:1].isupper() and t.dep_ in _MODIFIERS}
        group = definite and not told and bool(self.page.lexicon.of("GroupNoun", lemma))
        office = definite and not told and bool(self.page.lexicon.of("PersonNoun", lemma))

        def fits(seen: Seen) -> bool:
            entity = self.entity(seen.entity)
            words = [w.casefold() for w in re.findall(r"\w+", entity.label)]
            if not told <= set(words):
                return False
            if proper:
                return head.lower_ in words and (seen.person or head.lower_ == words[-1])
            if lemma in words or head.lower_ in words:
                return True
            if office and entity.is_person:
                return True
            return group and entity.organ_of is None and entity.type in ("ArmedFormation", "DeFactoEntity", "Actor")

        return self._recent(at, fits)

    def _recent(self, at: int, fits: Callable[[Seen], bool]) -> str | None:
        """Return the best fitting actor before `at`: speakers of the last sentences first, then what is nearest."""
        near: list[Seen] = []
        last = bisect_left(self.seen, at, key=lambda s: s.offset)
        for seen in reversed(self.seen[max(last - _MEMORY, 0) : last]):
            far = at - seen.offset >= _NEAR
            if far and len(near) >= _FEW:
                break
            if fits(seen):
                near.append(seen)
        if not near:
            return None
        speakers = [s for s in near if s.weight == 2 and at - s.offset < _NEAR]
        return max(speakers or near[:_FEW], key=lambda s: (s.weight, s.offset)).entity

    # --- new actors ---------------------------------------------------------------------------------------------------
    def _new(self, head: Token, phrase: list[Token], inside: list[NameHit]) -> str | None:
        if head.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM") or head.lemma_.lower() in self._not_actors:
            return None
        tokens = [t for t in phrase if t.dep_ not in ("relcl", "acl")]
        core = core_words(head, tokens)
        label = plain_label(self.page.text[sx.start(core[0]) : sx.end(core[-1])])
        if not label:
            return None
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        if iri not in self.local:
            kind, state, function = self._describe(head, inside)
            self.local[iri] = LocalEntity(iri, kind, label, state, function, span=sx.span_of(self.page.text, core))
        return iri

    @property
    def _not_actors(self) -> frozenset[str]:
        lexicon = self.page.lexicon
        return lexicon.lemmas("EvidenceNoun") | lexicon.lemmas("RejectionTargetNoun") | lexicon.lemmas("AgreementNoun")

    def _describe(self, head: Token, inside: list[NameHit]) -> tuple[str, str | None, str | None]:
        """Guess class, whom it speaks for and function from the words of the phrase."""
        holder = function = None
        for hit in inside:
            actor = self.named(hit)
            if hit.kind == "function":
                function = hit.function
            elif actor is not None and self.page.names.place(hit) is None:
                entity = self.entity(actor)  # the nearest to the head; a person holds nothing, who they speak for does
                holder = (holder or entity.organ_of) if entity.is_person else actor
        if any(c.dep_ == "conj" for c in head.children):
            return "Actor", None, None  # several together speak for nobody in particular
        proper = head.pos_ == "PROPN" and head.lower_ not in self.page.reference.function_heads
        if proper and holder is not None:
            return "Person", holder, None
        if self.page.lexicon.of("PersonNoun", head.lemma_.lower()) and head.tag_ in ("NN", "NNP"):
            return "Person", holder, None
        if head.lower_ in self.page.reference.function_heads and not proper:
            return "Organ", holder, self.page.reference.function_name(function) if function else None
        if function is not None and not proper:
            return "Organ", holder, self.page.reference.function_name(function)
        if proper and 1 <= sum(1 for t in head.lefts if t.dep_ == "compound") <= 3 and not head.text.isupper():
            return "Person", holder, None
        return "Actor", holder, None

    def _remember(self, entity: str, span: Span, kind: str, weight: int) -> None:
        self._see(Seen(entity, span[0], weight, self.entity(entity).is_person))
        self.mentions[span, entity] = Mention(span, entity, self.entity(entity).type, kind)

    def _see(self, seen: Seen) -> None:
        """Keep `seen` in order of offsets, one for each."""
        at = bisect_left(self.seen, seen.offset, key=lambda s: s.offset)
        if at < len(self.seen) and self.seen[at].offset == seen.offset:
            self.seen[at] = seen
        else:
            self.seen.insert(at, seen)
