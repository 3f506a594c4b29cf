"""One content and its speaker: whose side a phrase is on, and which predicates are the main ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pacta.annotations.words import Token
from pacta.claims import participants
from pacta.statements.grammar import FIRST_PERSON, is_verb, subject
from pacta.statements.said import Said

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

PARTIES = frozenset({"State", "DeFactoEntity", "ArmedFormation"})  # who can be a side; monitors and outlets are none
_NEGATIVE = frozenset({"never", "nobody", "nothing", "none", "neither", "false", "untrue"})


class Content:
    """A content with its speaker. Parties are compared by principal."""

    def __init__(self, assembly: Assembly, said: Said) -> None:
        self.assembly, self.said = assembly, said
        self.page, self.resolver = assembly.page, assembly.resolver
        self.tokens = assembly.own_tokens(said)
        self.own = self.resolver.principal(said.speaker)
        self._inside = {(id(t.doc), t.i) for t in self.tokens}

    def has(self, token: Token) -> bool:
        return (id(token.doc), token.i) in self._inside

    def side(self, noun: Token | None) -> str | None:
        """Return the principal a phrase means: the speaker's for "we" and what is theirs, None for none."""
        if noun is None:
            return None
        if noun.lower_ in FIRST_PERSON or any(c.lower_ in ("our", "my") for c in noun.children if c.dep_ == "poss"):
            return self.own
        found = participants.actor_in(self.page, self.resolver, noun)
        if found is None and self.page.lexicon.of("GroupNoun", noun.lemma_.lower()):
            found = self.resolver.actor(noun, create=False)
        return self.resolver.principal(found)

    def is_own(self, noun: Token | None) -> bool:
        return noun is not None and self.side(noun) == self.own

    def is_other(self, noun: Token | None) -> bool:
        side = self.side(noun)
        if side is None and noun is not None and self.page.lexicon.of("GroupNoun", noun.lemma_.lower()):
            return noun.tag_ == "NNS" and not any(
                c.dep_ == "poss" for c in noun.children
            )  # "the rebels" of nobody told of
        return side is not None and side != self.own

    def is_party(self) -> bool:
        """Tell whether a side speaks: by what it is, or because it says "our" of forces or people of its own."""
        if self.own is not None and self.resolver.entity(self.own).type in PARTIES:
            return True
        return self.said.mode == "direct" and any(
            t.lower_ == "our" and t.dep_ == "poss" and t.head.dep_ in ("nsubj", "nsubjpass", "dobj")
            for t in self.tokens
        )

    def clauses(self) -> list[Token]:
        """Return the main predicates: the root of each sentence, what is coordinated, and clauses of one's own cue."""
        tops = [t for t in self.tokens if is_verb(t) and (t.head == t or not self.has(t.head))]
        out: list[Token] = []
        stack = tops[::-1]
        while stack:
            at = stack.pop()
            out.append(at)
            stack += [c for c in at.children if self.has(c) and is_verb(c) and c.dep_ == "conj"]
            if self._speaks_for_itself(at):
                stack += [c for c in at.children if self.has(c) and is_verb(c) and c.dep_ == "ccomp"]
        return out

    def _speaks_for_itself(self, verb: Token) -> bool:
        """Tell whether a verb only leads on to what one says: "we would stress that", "I recall"."""
        cues = self.page.lexicon.of("ReportingCue", verb.lemma_.lower(), "verb")
        found = subject(verb)
        return found is not None and found[0].lower_ in FIRST_PERSON and any(e.force == "asserts" for e in cues)

    @staticmethod
    def negates(token: Token) -> bool:
        """Tell whether a word negates: "not", "no", "never", "nobody", also "false"."""
        if token.dep_ == "neg" or token.lower_ in _NEGATIVE:
            return True
        return token.lower_ == "no" and token.dep_ in ("det", "poss", "nsubj", "advmod")

    def is_negative(self) -> bool:
        return any(self.negates(t) for t in self.tokens)
