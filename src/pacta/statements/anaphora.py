"""Whom a pronoun or a bare noun takes up by where it stands: the clause before it, the sentence before, a place."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations import syntax as sx
from pacta.annotations.names import ABROAD, NameHit
from pacta.annotations.words import Token
from pacta.statements.grammar import child, is_verb
from pacta.statements.memory import MEMORY, Memory

_BELOW = 600  # characters below a headline within which it is told whose organ it names
HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})


@dataclass
class Anaphora(Memory):
    """The actors of one document, and what the last sentences were about."""

    _subject: Token | None = None

    def actor(self, head: Token, *, speaker: bool = False, create: bool = True) -> str | None:
        """Return the actor that a phrase denotes; only who resolves all kinds of phrases can tell."""
        return None

    def _dislocated(self, pronoun: Token) -> str | None:
        """Return the actor right before a pronoun that takes it up: "the envoy N N he said", as in translations."""
        before = pronoun.nbor(-1) if pronoun.i > 0 else None
        if before is None or before.pos_ != "PROPN" or pronoun.dep_ not in ("nsubj", "nsubjpass"):
            return None
        return self.actor(before)

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
        subjects = [c for c in pronoun.head.children if c.dep_ == "nsubj" and c.i < pronoun.i]
        spans = [(min(at, sx.start(c.left_edge)), sx.end(c)) for c in subjects]
        near = self.seen[-MEMORY:][::-1]
        return next((s.entity for a, b in spans for s in near if a <= s.offset < b and s.weight), None)

    def _told_beside(self, pronoun: Token) -> str | None:
        """Return whom the sentence before is about, where it quotes nobody: the pronoun means them.

        "The army has answered. It says …": not who spoke before that.
        """
        told, subject = self._subject, pronoun.head if pronoun.dep_ == "poss" else pronoun
        if told is None or told.doc is not pronoun.doc or subject.dep_ != "nsubj" or told.i > pronoun.i:
            return None
        begin, at = sx.start(told.sent[0]), sx.start(pronoun)
        quoted = any(s.weight == 2 and begin <= s.offset < at for s in self.seen[-MEMORY:])
        if quoted or told.sent.end != pronoun.sent.start:
            return None
        with self.aside():
            found = self.actor(told, create=told.pos_ == "PROPN")
        person = pronoun.lower_ in HE
        return found if found is not None and self.entity(found).is_person == person else None

    def _of_main_clause(self, pronoun: Token) -> str | None:
        """Return whom the clause is about in which "what it called" stands: "N decried what it called a raid"."""
        verb = pronoun.head
        below = any(t.lower_ == "what" for t in verb.lefts) or (verb.dep_ == "relcl" and pronoun.lower_ in HE)
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
        office = bool(self.page.lexicon.of("PersonNoun", told.lemma_.lower()))
        if found is None or (pronoun.lower_ in HE) != (office or self.entity(found).is_person):
            return None
        return found

    def _of_clause_before(self, pronoun: Token) -> str | None:
        """Return whom the clause is about with which that of "it" or "its" is coordinated: "N left, and its army …"."""
        subject = pronoun.head if pronoun.dep_ == "poss" else pronoun
        verb = subject.head
        if subject.dep_ not in ("nsubj", "nsubjpass") or verb.dep_ != "conj" or not is_verb(verb.head):
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
        if paragraph is None or hit.span[1] > paragraph.span[1] or not paragraph.headline:
            return None
        for other in self.page.names.starting(hit.span[1], hit.span[1] + _BELOW):
            actor = self.named(other) if other.kind != "function" else None
            if actor is not None and self.entity(actor).function == hit.function and not self.entity(actor).is_person:
                return actor
        return None

    def _where(self, last: Token, hit: NameHit) -> str | None:
        """Return the state in whose capital a clause begins: "In N, the foreign ministry …"."""
        if hit.function == ABROAD:
            return None
        verb = last
        while not is_verb(verb) and verb.head is not verb:
            verb = verb.head
        for prep in verb.children:
            noun = child(prep, "pobj") if prep.dep_ == "prep" and prep.lower_ == "in" and prep.i < last.i else None
            other = self.page.names.covering(sx.start(noun)) if noun is not None else None
            actor = self.page.names.actor(other) if other is not None else None
            if actor is not None and other is not None and actor.type in ("State", "DeFactoEntity"):
                return actor.iri if self.by_metonymy(other, actor.iri) else None
        return None

    def note_subject(self, token: Token) -> None:
        """Keep the subject of a sentence in mind: the next sentence's pronoun may mean it, though it did not speak."""
        self._subject = token

    def _last_subject(self, at: int) -> str | None:
        token = self._subject
        if token is None or sx.start(token) >= at or token.pos_ == "PRON":
            return None
        return self.actor(token)
