"""Whom a pronoun or a bare noun takes up by where it stands: the clause before it, the sentence before, a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.names import ABROAD, NameHit
from pacta.annotations.words import Token
from pacta.statements.grammar import child, is_verb
from pacta.statements.memory import MEMORY, Memory, Seen
from pacta.statements.phrases import names_person

_BELOW = 600  # characters below a headline within which it is told whose organ it names
_REGIONAL, _GOVERN = "reg", frozenset({"gov", "reg"})  # notations of functions
_GOVERNMENT = "government"
_NO: frozenset[str] = frozenset()
_HIS = frozenset({"his", "her"})
HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})


@dataclass
class Anaphora(Memory):
    """The actors of one document, and what the last sentences were about."""

    _subject: Token | None = None
    _asked: list[Token] = field(default_factory=list)  # heads of the phrases that are being resolved
    _apart: dict[str, frozenset[str]] = field(default_factory=dict)  # governments of regions, by what adjectives

    def actor(self, head: Token, *, speaker: bool = False, create: bool = True) -> str | None:
        """Return the actor that a phrase denotes; only who resolves all kinds of phrases can tell."""
        return None

    def _dislocated(self, pronoun: Token) -> str | None:
        """Return the actor right before a pronoun that takes it up: "the envoy N N he said", as in translations."""
        before = pronoun.nbor(-1) if pronoun.i > 0 else None
        if before is None or before.pos_ != "PROPN" or pronoun.dep_ not in ("nsubj", "nsubjpass"):
            return None
        return self.actor(before)

    def _is_his(self, head: Token) -> bool:
        """Tell whether a phrase is of an office that a person has beside them: "his spokeswoman" takes up nobody."""
        owned = child(head, "poss")
        return owned is not None and owned.lower_ in _HIS and names_person(self.page.lexicon, head)

    def host(self, head: Token) -> str | None:
        return None if self._is_his(head) else super().host(head)

    def _possessor(self, token: Token) -> str | None:
        """Return whom a possessor means: with "his spokeswoman" whom the sentence is about, where that is a person."""
        if token.lower_ in _HIS and names_person(self.page.lexicon, token.head):
            before = token.doc[token.sent.start : token.i]
            told = [t for t in before if t.dep_ in ("nsubj", "nsubjpass") and t != token.head]
            if told and told[-1].pos_ == "PROPN":
                return self.actor(told[-1])
            whose = self.holder_of(told[-1]) if told and told[-1].pos_ == "NOUN" else None
            if whose is not None or (told and names_person(self.page.lexicon, told[-1])):
                return whose
        return self.actor(token, create=False)

    def _by_letters(self, token: Token) -> str | None:
        """Return the actor for which letters stand: set in brackets behind it, or the initials of what was named."""
        letters = token.text
        if not (2 <= len(letters) <= 7 and letters.isupper() and letters.isalpha()):
            return None
        before = self.spelled_out.get(letters)
        if before is not None and before.i != token.i:
            return self.actor(before)
        for seen in reversed(self.seen[-MEMORY:]):
            words = re.findall(r"[^\W\d_]+", self.label(seen.entity))
            capitals = "".join(w[0] for w in words if w[0].isupper())
            behind = len(letters) > 2 and capitals.endswith(letters)  # the label says whose it is, too
            if behind or letters in (capitals, "".join(w[0].upper() for w in words)):
                return seen.entity
        return None

    def _is_text(self, pronoun: Token) -> bool:
        """Tell whether "it" takes up a text named before it in the clause: "as for the accord, it says"."""
        texts = self.page.lexicon.lemmas("AgreementNoun")
        preps = [c for c in pronoun.head.children if c.dep_ in ("prep", "advcl") and c.i < pronoun.i]
        return any(t.lemma_.lower() in texts for p in preps for t in p.subtree)

    def _subject_beside(self, pronoun: Token) -> str | None:
        """Return the actor that is subject of the verb whose object `pronoun` is: the pronoun means another."""
        if pronoun.dep_ not in ("dobj", "dative") or pronoun.lower_.endswith(("self", "selves")):
            return None
        at = sx.start(pronoun.sent[0])
        verb = pronoun.head
        if verb.dep_ == "advcl" and verb.tag_ == "VBG" and child(verb, "nsubj") is None:  # "N wrote, citing them"
            verb = verb.head
        subjects = [c for c in verb.children if c.dep_ == "nsubj" and c.i < pronoun.i]
        spans = [(min(at, sx.start(c.left_edge)), sx.end(c)) for c in subjects]
        near = self.seen[-MEMORY:][::-1]
        return next((s.entity for a, b in spans for s in near if a <= s.offset < b and s.weight), None)

    def _object_beside(self, subject: Token) -> str | None:
        """Return the side that is object of the verb whose subject is told: "the government accused N", not N's."""
        while subject.dep_ in ("poss", "compound", "appos"):  # "Minister N N's office accused …"
            subject = subject.head
        verb = subject.head
        noun = child(verb, "dobj") if subject.dep_ == "nsubj" and child(verb, "ccomp") is None else None
        hit = self.page.names.covering(sx.start(noun)) if noun is not None else None
        return self.principal(self.named(hit)) if hit is not None else None

    def _government_apart(self, head: Token, phrase: list[Token], hit: NameHit, at: int) -> str | None:
        """Return the government that a region or an adjective sets apart from the state's.

        "N's regional government", where N is a place and no state; "the interim administration in N", and later "the
        interim administration".
        """
        if hit.function not in _GOVERN or not (told := _own_words(head, phrase, hit)):
            return None
        beside = [t for t in phrase if t != head]
        if any(self._is_region(t, head) for t in beside):
            found = self._new(head, phrase, [])
            if found is not None:
                self._apart[found] = told
            return found

        def fits(seen: Seen) -> bool:
            return told <= self._apart.get(
                self.principal(seen.entity) or seen.entity, self._apart.get(seen.entity, _NO)
            )

        found = self.recent(at, fits)
        return found if found in self._apart else self.principal(found)

    def _unknown_polity(self, head: Token) -> str | None:
        found = super()._unknown_polity(head)
        local = self.local.get(found or "")
        if local is not None and local.type == "Actor":  # a region: "the interim administration" is its
            own = {t.lower_ for t in head.children if t.dep_ == "amod" and t.text.islower()}
            self._apart.setdefault(local.iri, frozenset(own) or self._regional)
        return found

    @cached_property
    def _regional(self) -> frozenset[str]:
        """Words that make a government a region's: "regional", "local"."""
        labels = (label for label, notation in self.page.reference.functions.items() if notation == _REGIONAL)
        return frozenset(word for label in labels for word in label[:-1])

    def _note_apart(self, organ: str, head: Token, phrase: list[Token], hit: NameHit) -> None:
        told = _own_words(head, phrase, hit)
        if hit.function in _GOVERN and told:
            self._apart[organ] = told

    def _is_region(self, token: Token, head: Token) -> bool:
        """Tell whether a word beside a noun is a place and no state: one of the stock, or any after "in"."""
        if not token.text[:1].isupper() or token.dep_ not in ("amod", "compound", "nmod", "poss", "pobj"):
            return False
        if token.dep_ == "pobj" and (token.head.lower_ not in ("in", "of") or token.head.head != head):
            return False
        hit = self.page.names.covering(sx.start(token))
        if hit is None:
            return token.dep_ == "pobj" and token.head.lower_ == "in"
        return self.page.names.actor(hit) is None and self.page.names.place(hit) is not None

    def _told_beside(self, pronoun: Token) -> str | None:
        """Return whom the sentence before is about, where it quotes nobody: the pronoun means them.

        "The army has answered. It says …": not who spoke before that.
        """
        told, subject = self._subject, pronoun.head if pronoun.dep_ == "poss" else pronoun
        if told is None or told.doc is not pronoun.doc or subject.dep_ != "nsubj" or told.i > pronoun.i:
            return None
        begin, at = sx.start(told.sent[0]), sx.start(pronoun)
        if told.sent.end != pronoun.sent.start:
            return None
        with self.aside():
            found = self.actor(told, create=told.pos_ == "PROPN")
        if any(s.weight == 2 and s.entity != found and begin <= s.offset < at for s in self.seen[-MEMORY:]):
            return None
        person = pronoun.lower_ in HE
        return found if found is not None and self.entity(found).is_person == person else None

    def _of_main_clause(self, pronoun: Token) -> str | None:
        """Return whom the clause is about in which "what it called" stands: "N decried what it called a raid"."""
        verb = pronoun.head
        below = any(t.lower_ == "what" for t in verb.lefts) or (verb.dep_ == "relcl" and pronoun.lower_ in HE | {"it"})
        if pronoun.dep_ != "nsubj" or not below:  # "N posted a film in which he asks …"
            return None
        above = verb.head
        while above.head is not above and child(above, "nsubj") is None:
            above = above.head
        told = child(above, "nsubj")
        if told is None or told.pos_ not in ("NOUN", "PROPN") or told.i > pronoun.i:
            return None
        with self.aside():
            found = self.actor(told, create=False)
        office = names_person(self.page.lexicon, told)
        if found is None or (pronoun.lower_ in HE) != (office or self.entity(found).is_person):
            return None
        return found

    def _of_clause_before(self, pronoun: Token) -> str | None:
        """Return whom the clause is about that "it" or "its" goes on about: "N left, and its army …".

        "N kept silent, although its envoy …", too.
        """
        subject = pronoun.head if pronoun.dep_ == "poss" else pronoun
        verb = subject.head
        below = verb.dep_ == "advcl" and verb.i > verb.head.i and pronoun.dep_ == "poss"
        if subject.dep_ not in ("nsubj", "nsubjpass") or not (verb.dep_ == "conj" or below) or not is_verb(verb.head):
            return None
        told = child(verb.head, "nsubj", "nsubjpass")
        if told is None or told.pos_ not in ("NOUN", "PROPN") or told.i > pronoun.i:
            return None
        with self.aside():
            found = self.actor(told, create=False)
        return found if found is not None and not self.entity(found).is_person else None

    def _told_below(self, hit: NameHit) -> str | None:
        """Return the organ that a headline names by its function alone and the text below with its state."""
        paragraph = self.page.syntax.paragraphs[0] if self.page.syntax.paragraphs else None
        if paragraph is None or hit.span[1] > paragraph.span[1]:
            return None
        if not paragraph.headline and self.page.text[slice(*paragraph.span)].rstrip().endswith(
            (".", "!", "?", "\u201d")
        ):
            return None
        below: list[tuple[bool, str]] = []
        for other in self.page.names.starting(hit.span[1], hit.span[1] + _BELOW):
            actor = self.named(other) if other.kind != "function" else None
            if actor is not None and self.entity(actor).function == hit.function and not self.entity(actor).is_person:
                tokens = self.page.tokens_in(other.span)
                below.append((bool(tokens) and _whose_text(tokens[-1]), actor))
        return min(below, key=lambda b: b[0])[1] if below else None  # whose claim is told of is not who speaks

    def _where(self, last: Token, hit: NameHit) -> str | None:
        """Return the state in whose capital a clause begins: "In N, the foreign ministry …"."""
        if hit.function == ABROAD:
            return None
        for verb in _verbs_above(last):
            for prep in verb.children:
                noun = child(prep, "pobj") if prep.dep_ == "prep" and prep.lower_ == "in" and prep.i < last.i else None
                other = self.page.names.covering(sx.start(noun)) if noun is not None else None
                actor = self.page.names.actor(other) if other is not None else None
                if actor is not None and other is not None and actor.type in ("State", "DeFactoEntity"):
                    return actor.iri if self.by_metonymy(other, actor.iri) else None
        return None

    def _is_counted(self, iri: str) -> bool:
        """Tell whether a local actor is some people, by number or not ("two doctors", "residents"): no group is."""
        local = self.local.get(iri)
        words = self.page.tokens_in(local.span) if local is not None and local.span is not None else []
        if any(t.pos_ == "NUM" for t in words[:1]):
            return True
        head = next((t for t in words if t.head not in words), None)
        return (
            head is not None
            and head.tag_ == "NNS"
            and not any(t.pos_ == "PROPN" for t in words if t.i < head.i)
            and not self.page.lexicon.of("GroupNoun", head.lemma_.lower())
        )

    def hit_of(self, head: Token) -> NameHit | None:
        """Return the name that covers a word, None where it is a surname of the stock behind another's first name."""
        hit = self.page.names.covering(sx.start(head))
        actor = self.page.names.actor(hit) if hit is not None else None
        if hit is None or actor is None or not actor.is_person or hit.span[0] != sx.start(head):
            return hit
        given = next((t for t in head.lefts if t.i == head.i - 1 and t.dep_ == "compound" and t.pos_ == "PROPN"), None)
        if given is None or len(given.text) < 4 or given.text.isupper() or given.text[0] == actor.label[0]:
            return hit
        title = names_person(self.page.lexicon, given) or self.page.names.covering(sx.start(given)) is not None
        return hit if title else None

    def note_subject(self, token: Token) -> None:
        """Keep the subject of a sentence in mind: the next sentence's pronoun may mean it, though it did not speak."""
        self._subject = token

    def _last_subject(self, at: int) -> str | None:
        token = self._subject
        if token is None or sx.start(token) >= at or token.pos_ == "PRON":
            return None
        return self.actor(token)


def _verbs_above(token: Token) -> Iterator[Token]:
    """Yield the verb of the clause of a word, and those of the clauses that it only goes on: "…, with N saying"."""
    while True:
        while not is_verb(token) and token.head is not token:
            token = token.head
        yield token
        if token.head is token or token.dep_ not in ("acl", "pcomp"):
            return
        token = token.head


def _whose_text(token: Token) -> bool:
    """Tell whether a name stands behind "by" or "of" of a thing said or done: "the statement spread by N"."""
    while token.dep_ in ("compound", "nmod", "poss", "amod") and token.head is not token:
        token = token.head
    while token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.pos_ == "PROPN":
        token = token.head.head
    return token.dep_ == "pobj" and token.head.lower_ == "by"


def _own_words(head: Token, phrase: list[Token], hit: NameHit) -> frozenset[str]:
    """Return the adjectives that say which government is meant: "interim", "regional" of a government."""
    a, b = hit.span
    own = {t.lower_ for t in phrase if t.dep_ == "amod" and t.head == head and t.text.islower()}
    inside = {t.lower_ for t in phrase if a <= sx.start(t) < b and t != head}
    regional = hit.function == _REGIONAL and head.lemma_.lower() == _GOVERNMENT
    return frozenset(own if regional or hit.function != _REGIONAL else own - inside)
