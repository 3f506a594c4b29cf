"""Which actor a noun phrase denotes: names, organs, pronouns, "the ministry", people by surname, and actors unknown.

An actor that the stock does not hold becomes a local actor of the record: never dropped, never forced on a known one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spacy.tokens import Token

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.names import NameHit
from pacta.iris import Iris
from pacta.model import LocalEntity, Mention, Span
from pacta.reference import Entity
from pacta.statements.grammar import child, noun_phrase

_HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "themselves", "we", "us", "our", "i", "my", "me"})
_FIRST = frozenset({"we", "us", "our", "i", "my", "me"})
_DETERMINERS = frozenset({"the", "that", "this", "these", "those", "its", "their", "his", "her", "a", "an"})
_LOCATIVE = frozenset({"in", "at", "near", "from", "to", "into", "around", "outside", "toward", "towards", "inside", "via"})


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
    seen: list[Seen] = field(default_factory=list)
    local: dict[str, LocalEntity] = field(default_factory=dict)
    mentions: dict[tuple[Span, str], Mention] = field(default_factory=dict)
    _issued: list[tuple[int, str]] = field(default_factory=list)

    # --- looking up ---------------------------------------------------------------------------------------------------
    def entity(self, iri: str) -> Entity:
        known = self.page.reference.entities.get(iri)
        if known is not None:
            return known
        local = self.local.get(iri)
        if local is not None:
            return Entity(iri, local.type, local.label, (), local.organ_of, local.organ_function)
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
        for hit in self.page.names.hits:
            if since <= hit.span[0] < upto:
                actor = self._of_hit(hit)
                if actor is not None and not any(s.offset == hit.span[0] for s in self.seen):
                    self.seen.append(Seen(actor, hit.span[0], 0, self.entity(actor).is_person))
        self.seen.sort(key=lambda s: s.offset)

    def _resolve(self, head: Token, phrase: list[Token], create: bool) -> tuple[str | None, str]:
        word, at = head.lower_, sx.start(head)
        if word in _HE:
            return self._recent(at, lambda s: s.person), "anaphor"
        if word in _IT:
            return self._recent(at, lambda s: not s.person), "anaphor"
        if word in _FIRST:
            return None, "anaphor"
        if word in _THEY:
            return self._recent(at, lambda s: True), "anaphor"
        hit = self.page.names.covering(at)
        span = sx.span_of(self.page.text, phrase)
        inside = self.page.names.within(span)
        if hit is not None:
            actor = self._of_hit(hit)
            if actor is not None:
                return actor, "metonym" if self._by_metonymy(hit, actor) else "name"
            if hit.kind == "function" and hit.function:
                found = self._by_function(hit, phrase, inside, at)
                if found is not None:
                    return found, "nominal"
        if head.lemma_.lower() in self.page.lexicon.lemmas("CommuniqueNoun"):
            owner = next((a for h in inside if (a := self._of_hit(h)) is not None), None)
            return owner or self.issuer_before(at) or self._recent(at, lambda s: s.weight == 2), "anaphor"
        known = self._by_words(head, phrase, at)
        if known is not None:
            return known, "nominal"
        return (self._new(head, phrase, inside), "nominal") if create else (None, "nominal")

    def _by_metonymy(self, hit: NameHit, actor: str) -> bool:
        """Tell whether the words name the actor by a thing that stands for it, a capital as a rule."""
        form = self.page.text[slice(*hit.span)]
        names = [n for n in self.entity(actor).names if n.form.casefold() == form.casefold()]
        return any(n.kind == "metonym" for n in names)

    def _of_hit(self, hit: NameHit) -> str | None:
        if hit.kind == "organ" and hit.candidates:
            iri = hit.candidates[0]
            if iri not in self.page.reference.entities and iri not in self.local and hit.state and hit.function:
                self.local[iri] = LocalEntity(
                    iri, "Organ", self._organ_label(hit), hit.state, hit.function, span=hit.span
                )
            return iri
        actor = self.page.names.actor(hit)
        return actor.iri if actor is not None else None

    def _organ_label(self, hit: NameHit) -> str:
        function = self.page.reference.function_iris[hit.function or ""].rpartition("/")[2].replace("-", " ")
        return f"{self.label(hit.state or '')}: {function}"

    def _by_function(self, hit: NameHit, phrase: list[Token], inside: list[NameHit], at: int) -> str | None:
        """A bare function noun: its holder stands in the phrase, or the latest actor with that function is meant."""
        reference = self.page.reference
        for other in inside:
            state = self._of_hit(other)
            if state is not None and self.entity(state).type in ("State", "DeFactoEntity"):
                organ = NameHit(hit.span, (reference.organ(state, hit.function or ""),), "organ", hit.function, state)
                return self._of_hit(organ)
        same = self._recent(at, lambda s: self.entity(s.entity).function == hit.function and not s.person)
        return same or self._recent(at, lambda s: self.entity(s.entity).function == hit.function)

    def _by_words(self, head: Token, phrase: list[Token], at: int) -> str | None:
        """Somebody seen before by surname, or by the head noun of a definite phrase ("the group")."""
        lemma = head.lemma_.lower()
        definite = bool(phrase) and phrase[0].lower_ in _DETERMINERS - {"a", "an"}
        proper = head.pos_ == "PROPN"
        if not (definite or proper):
            return None
        if definite and not proper and any(t.dep_ in ("poss", "amod", "compound") and t.text[:1].isupper() for t in phrase):
            return None

        def fits(seen: Seen) -> bool:
            words = [w.casefold() for w in re.findall(r"\w+", self.label(seen.entity))]
            last = words[-1] if words else ""
            if proper:
                return head.lower_ in words and (seen.person or head.lower_ == last)
            return lemma in words or head.lower_ in words

        return self._recent(at, fits)

    def _recent(self, at: int, fits: object) -> str | None:
        """Return the best fitting actor before `at`: speakers and subjects of the last sentences first."""
        test = fits if callable(fits) else (lambda s: True)
        before = [s for s in self.seen if s.offset < at and test(s)]
        if not before:
            return None
        near = [s for s in before if at - s.offset < 400 and s.weight == 2] or before[-6:]
        return max(near, key=lambda s: (s.weight, s.offset)).entity

    # --- new actors ---------------------------------------------------------------------------------------------------
    def _new(self, head: Token, phrase: list[Token], inside: list[NameHit]) -> str | None:
        if head.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM") or head.lemma_.lower() in self._not_actors:
            return None
        tokens = [t for t in phrase if t.dep_ not in ("relcl", "acl")]
        core = _core(head, tokens)
        label = " ".join(self.page.text[sx.start(core[0]) : sx.end(core[-1])].split())
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
            actor = self._of_hit(hit)
            if hit.kind == "function":
                function = hit.function
            elif actor is not None and self.page.names.place(hit) is None:
                holder = actor
        proper = head.pos_ == "PROPN"
        if proper and holder is not None:
            return "Person", holder, None
        if function is not None and not proper:
            return "Organ", holder, function
        if proper and 1 <= sum(1 for t in head.lefts if t.dep_ == "compound") <= 3 and not head.text.isupper():
            return "Person", holder, None
        return "Actor", holder, None

    def _remember(self, entity: str, span: Span, kind: str, weight: int) -> None:
        self.seen = [s for s in self.seen if s.offset != span[0]]
        self.seen.append(Seen(entity, span[0], weight, self.entity(entity).is_person))
        self.seen.sort(key=lambda s: s.offset)
        self.mentions[span, entity] = Mention(span, entity, self.entity(entity).type, kind)


def is_place_use(token: Token) -> bool:
    """Tell whether a name that may be a place or (by metonymy) an actor stands where only a place can."""
    head = token
    while head.dep_ in ("compound", "amod", "nmod") and head.head != head:
        head = head.head
    return head.dep_ == "pobj" and head.head.lower_ in _LOCATIVE


def _core(head: Token, tokens: list[Token]) -> list[Token]:
    """Cut articles, clauses and trailing phrases: "the group's spokesman in the north" -> "group's spokesman"."""
    drop = {t.i for c in head.children if c.dep_ in ("relcl", "acl", "appos", "advcl") for t in c.subtree}
    drop |= {t.i for c in head.children if c.dep_ == "prep" and c.lower_ not in ("of", "for") for t in c.subtree}
    core = [t for t in tokens if t.i not in drop]
    while len(core) > 1 and (core[0].lower_ in ("the", "a", "an") or core[0].is_punct):
        core = core[1:]
    while len(core) > 1 and (core[-1].is_punct or core[-1].lower_ in ("'s", "'")):
        core = core[:-1]
    return core or [head]


def owner(head: Token) -> Token | None:
    """Return the possessor of a phrase ("its positions" -> "its")."""
    return child(head, "poss")
