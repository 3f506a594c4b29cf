"""For whom somebody speaks by what stands around their office: who is named beside it, what it is of or at, "there".

"An aide to the mediator" speaks for whom the mediator speaks for, "a deputy in the interim administration" for that,
"an official there" for the body just told of; "N's movement" is a body of its own, whatever state N holds an office of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pacta.annotations import syntax as sx
from pacta.annotations.names import NameHit
from pacta.annotations.words import Token
from pacta.iris import Iris
from pacta.model import LocalEntity
from pacta.statements.actors import ANOTHER, OPPOSITE
from pacta.statements.anaphora import HE
from pacta.statements.grammar import child, children, noun_phrase
from pacta.statements.phrases import names_person, plain_label
from pacta.statements.scene import Scene

_FAR = 3000  # characters within which a noun takes up a longer phrase of that noun
_BESIDE = 80  # characters about a name within which its office stands
_AT = frozenset({"of", "in", "at", "from", "with", "within", "for"})
_WHERE = frozenset({"in", "at", "within"})
_COUNTED = frozenset({"one", ANOTHER, "others", "some", "several", "two", "three", "most", "many", "none", "few"})


@dataclass
class Offices(Scene):
    """The actors of one document, with what the surroundings of an office tell about whose it is."""

    _offices: dict[str, list[tuple[int, NameHit]]] = field(init=False, default_factory=dict)  # of a name, in order

    # --- who is named beside an office --------------------------------------------------------------------------------
    def _apposed(self, head: Token) -> str | None:
        """A person named beside their office ("the minister, N N"): the name's actor, speaking for the office's."""
        office = names_person(self.page.lexicon, head)
        name = child(head, "appos") or (self._named_behind(head) if office else None)
        if name is None or name.pos_ != "PROPN" or (head.pos_ == "PROPN" and not office):
            return None
        hit = self.hit_of(name)
        if hit is not None:
            return self.named(hit)
        words = [t for t in name.subtree if t.i <= name.i and t.pos_ == "PROPN" and not self._is_of_body(t)]
        if len(words) < 2 or all(names_person(self.page.lexicon, t) for t in words):
            return None
        label = plain_label(self.page.text[sx.start(words[0]) : sx.end(words[-1])])
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        if iri not in self.local:
            inside = self.page.names.within(sx.span_of(self.page.text, noun_phrase(head)))
            beside = {t.i for c in children(head, "conj") for t in c.subtree}  # "…, and his counterpart, M M"
            inside = [h for h in inside if not beside.intersection(t.i for t in self.page.tokens_in(h.span))]
            holder = self._holder(head, inside) or self._describe(head, inside)[1] or self._of_that_office(head)
            span = sx.span_of(self.page.text, words)
            self.local[iri] = LocalEntity(iri, "Person", label, holder, span=span)
        return iri

    def _of_that_office(self, head: Token) -> str | None:
        """Return the side of whom it was told by the same office: "the minister, N N", after "a minister in charge"."""
        if not any(c.lower_ == "the" for c in head.lefts) or not names_person(self.page.lexicon, head):
            return None
        lemma = head.lemma_.lower()
        found = self.recent(sx.start(head), lambda s: lemma in self.label(s.entity).casefold().split())
        return self.principal(found) if found is not None and self.principal(found) != found else None

    def _named_behind(self, office: Token) -> Token | None:
        """Return the name that the parser hangs on what an office is of: "the president of Borduria, N N"."""
        held = (child(p, "pobj") for p in office.children if p.dep_ == "prep")
        name = next(
            (n for h in held if h is not None and (n := child(h, "appos") or self._run_on(h)) is not None), None
        )
        hit = self.page.names.covering(sx.start(name)) if name is not None else None
        known = self.named(hit) if hit is not None else None
        return name if hit is None or (known is not None and self.entity(known).is_person) else None

    def _is_of_body(self, token: Token) -> bool:
        hit = self.page.names.covering(sx.start(token))
        return hit is not None and self.named(hit) is not None

    def _run_on(self, noun: Token) -> Token | None:
        """Return a name that the parser joins with what stands before it: "the spokesman of the Commission N N"."""
        before = [t for t in noun.lefts if t.dep_ == "compound"]
        own = [t for t in before if not self._is_of_body(t)]
        return (
            noun
            if own and len(own) < len(before) and not self._is_of_body(noun) and own[0].i == before[-len(own)].i
            else None
        )

    # --- what stands behind an office ---------------------------------------------------------------------------------
    def served(self, head: Token) -> str | None:
        """Return for whom somebody speaks by what their office is of, beside or at: "an aide to the mediator"."""
        if head.lower_ in _COUNTED:
            return self._of_them(head)
        if child(head, "poss") is not None and self._of_the_other(head):
            return self.opposite(head)
        if not names_person(self.page.lexicon, head):
            return None
        if any(c.lower_ == "there" for c in children(head, "advmod")):
            return self._there(head)
        own = {p for e in self.page.lexicon.of("PersonNoun", head.lemma_.lower()) for p in e.prepositions} - {"in"}
        for prep in children(head, "prep"):
            whom = child(prep, "pobj") if prep.lower_ in _AT or prep.lower_ in own else None
            if whom is None or whom.pos_ not in ("NOUN", "PROPN", "PRON"):
                continue
            hit = self.page.names.covering(sx.start(whom))
            named = hit is not None and hit.kind != "function"
            if prep.lower_ not in own and (named or (whom.pos_ == "PROPN" and prep.lower_ in _WHERE)):
                continue  # what names tell has been read, and a place unknown is nobody
            found = self.actor(whom, create=self._is_body(whom))
            if found is None and names_person(self.page.lexicon, whom):  # "an aide to the group's commander"
                found = self.holder_of(whom)
            if found is not None and not self._is_outlet(found) and not self._is_counted(found):
                entity = self.entity(found)
                return entity.organ_of if entity.is_person else found
        return None

    def _is_body(self, noun: Token) -> bool:
        """Tell whether a noun with a name beside it is what people belong to: "the Highland front"."""
        named = [t for t in noun.lefts if t.pos_ == "PROPN" and self.page.names.covering(sx.start(t)) is None]
        whole = noun.pos_ == "PROPN" and any(t.lower_ == "the" for t in noun.lefts)
        free = self.page.names.covering(sx.start(noun)) is None
        return bool(named) and free and (whole or bool(self.page.lexicon.of("GroupNoun", noun.lemma_.lower())))

    def _of_them(self, head: Token) -> str | None:
        """Return the side of those of whom somebody is one: "one of them", "several of its officers"."""
        nouns = (child(p, "pobj") for p in children(head, "prep") if p.lower_ == "of")
        whom = next((n for n in nouns if n is not None), None)
        if whom is None and head.lower_ == ANOTHER:  # of those of whom one has spoken
            found = self.recent(sx.start(head), lambda s: s.weight == 2 and s.entity in self.local)
        else:
            found = self.actor(whom, create=False) if whom is not None else None
        return self.principal(found) if found is not None else None

    def _there(self, head: Token) -> str | None:
        """Return the body that a sentence is about before "an official there", the nearest name in what it is about."""
        told = [t for t in head.sent if t.i < head.i and t.dep_ in ("nsubj", "nsubjpass")]
        for subject in reversed(told):
            inside = [t for t in subject.subtree if t.pos_ == "PROPN" and t.i < head.i and t.dep_ != "compound"]
            for noun in reversed(inside):
                hit = self.page.names.covering(sx.start(noun))
                actor = self.named(hit) if hit is not None else self._body_named(noun)
                if actor is not None and not self.entity(actor).is_person:
                    return actor
        return None

    def _body_named(self, noun: Token) -> str | None:
        """Return the body that letters stand for, as known or as told: "the ceasefire body, CTM"."""
        if not noun.text.isupper():
            return None
        with self.aside():
            return self.actor(noun)

    def office_beside(self, name: str, before: int) -> str | None:
        """Return whose office a text names right beside a name: "the foreign minister of X, N N", "N N, X's envoy"."""
        if name not in self._offices:
            self._offices[name] = list(self._offices_beside(name))
        found = next((hit for end, hit in self._offices[name] if end <= before), None)
        return self.named(found) if found is not None else None

    def _offices_beside(self, name: str) -> Iterator[tuple[int, NameHit]]:
        """Yield each organ right beside a name in the text, with where both have been told."""
        text = self.page.text
        for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
            a, b = match.span()
            for hit in self.page.names.within((max(a - _BESIDE, 0), b + _BESIDE)):
                gap = text[hit.span[1] : a] if hit.span[1] <= a else text[b : hit.span[0]]
                if hit.kind == "organ" and re.fullmatch(r"[ ,]+(?:the )?", gap):
                    yield max(b, hit.span[1]), hit

    def _told_before(self, head: Token, phrase: list[Token], at: int) -> str | None:
        """Return who "the mission" is where an earlier phrase of that noun says whose: "the OSCE mission"."""
        if len(phrase) != 2 or phrase[0].lower_ not in ("the", "that", "this") or head.pos_ != "NOUN":
            return None
        for token in reversed(self.page.tokens_in((max(at - _FAR, 0), at))):
            if token.lemma_.lower() == head.lemma_.lower() and token.pos_ in ("NOUN", "PROPN"):
                whole = noun_phrase(token) or [token]  # a sign may be tagged as a noun
                inside = self.page.names.within(sx.span_of(self.page.text, whole))
                if self._holder(token, inside) is not None:
                    return self.actor(token)
        return None

    # --- bodies that a person leads -----------------------------------------------------------------------------------
    def led_body(self, head: Token) -> str | None:
        """Return the body that is called after who leads it: "N's movement" is nobody else's, a state's least of all.

        Who leads it speaks for it, unless they are told to hold an office of somebody else.
        """
        lemma = head.lemma_.lower()
        if head.pos_ != "NOUN" or not self._may_be_led(head):
            return None
        owner = child(head, "poss")
        whose = owner or next(
            (n for p in children(head, "prep") if p.lower_ == "of" and (n := child(p, "pobj")) is not None), None
        )
        if whose is None or whose.pos_ != "PROPN":
            return None
        with self.aside():  # "residents of N N" may be of a place
            leader = self.actor(whose, create=owner is not None and any(t.dep_ == "compound" for t in whose.lefts))
        if leader is None or not self.entity(leader).is_person:
            return None
        if head.tag_ == "NNS" and self.entity(leader).organ_of is not None:
            return None  # "the minister's lawyers"
        name = self.label(leader).split()[-1]
        label = plain_label(f"{name}'s {lemma}")
        iri = Iris(self.page.reference.base).local_actor(self.page.document.key, label)
        span = sx.span_of(self.page.text, [head])
        self.local.setdefault(iri, LocalEntity(iri, "Actor", label, span=span))
        known = self.local.get(leader)
        office = known is not None and any(w.lower() in self._heads for w in known.label.split())
        if known is not None and known.organ_of is None and not office:
            self.local[leader] = replace(known, organ_of=iri)
        return iri

    def leader_of(self, whose: Token) -> bool:
        """Tell whether a possessor unknown to the stock is a person: known as one, or named in full elsewhere."""
        with self.aside():
            known = self.actor(whose, create=False)
        if known is not None:
            return self.entity(known).is_person
        return any(
            t.text == whose.text
            and t.dep_ in ("nsubj", "nsubjpass", "appos")
            and any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in t.lefts)
            for t in self.page.tokens
            if t.pos_ == "PROPN"
        )

    def _may_be_led(self, noun: Token) -> bool:
        """Tell whether people may be called by a noun after who leads them: no office, branch, deed or text."""
        lemma, lexicon = noun.lemma_.lower(), self.page.lexicon
        apart = lemma in OPPOSITE or lemma in self._not_actors or lemma in lexicon.lemmas("CommuniqueNoun")
        hit = self.page.names.covering(sx.start(noun))
        return not (apart or hit is not None or noun.lower_ in self._heads or names_person(lexicon, noun))

    # --- texts --------------------------------------------------------------------------------------------------------
    def who_wrote(self, pronoun: Token) -> str | None:
        """Return who issued the text in which a clause is set: "In that letter he …", whoever spoke before."""
        for prep in children(pronoun.head, "prep"):
            noun = child(prep, "pobj") if prep.lower_ == "in" and prep.i < pronoun.i else None
            if noun is None or noun.lemma_.lower() not in self.page.lexicon.lemmas("CommuniqueNoun"):
                continue
            if not any(c.lower_ in ("the", "that", "this", "same") for c in noun.lefts):
                continue
            issuer = self.issuer_before(sx.start(prep))
            if issuer is not None and self.entity(issuer).is_person == (pronoun.lower_ in HE):
                return issuer
        return None

    def issuer_before(self, offset: int) -> str | None:
        """Return who issued the last communique before an offset; only who reads in order can tell."""
        return None

    def read_out(self, noun: Token, owner: Token) -> None:
        """Let who reads out or hands round a text speak for its issuer, where nobody told for whom they speak."""
        for clause in children(noun, "acl"):
            who = next((child(by, "pobj") for by in children(clause, "agent", "prep") if by.lower_ == "by"), None)
            actor = self.actor(who) if who is not None and who.pos_ == "PROPN" else None
            known = self.local.get(actor or "")
            issuer = self.actor(owner) if known is not None else None
            if issuer is None or known is None:
                continue
            if known.type == "Person" and known.organ_of is None and known.iri != issuer:
                self.local[known.iri] = replace(known, organ_of=self.principal(issuer))
