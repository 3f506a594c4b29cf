"""Duties: what the words of a clause oblige whom to do, read plainly: "A shall …", "B undertakes to … by 1 May if …".

This is one reading among others, made by rule and held by the converter; nothing here says what the parties meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.dates import find_times
from pacta.annotations.names import find_names
from pacta.annotations.numbers import NUMBER, number_value
from pacta.annotations.words import Token
from pacta.claims.readings import obligation
from pacta.claims.topics import topics_of
from pacta.lexicon import Lexicon
from pacta.model import Document, Span, TimeMention
from pacta.reference import Reference
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import agent, is_passive, is_verb, noun_phrase, subject, subtree

_OBLIGING = frozenset({"shall", "will", "must"})
_PARTIES = frozenset({"party", "side", "signatory", "state", "government"})
_ALL = frozenset({"each", "every", "all", "both", "the", "no", "any", "neither", "either"})
_ONE = frozenset({"a", "an"})  # "a State Party shall" binds each of them
ALL_PARTIES = "all parties"  # where nothing says who the parties are
_CONDITION = re.compile(
    r"\b(?:if|unless|provided\s+that|on\s+condition\s+that|in\s+the\s+event\s+(?:of|that)|subject\s+to|as\s+long\s+as"
    r"|in\s+parallel\s+with|in\s+case\s+of|until\s+such\s+time\s+as|except\s+(?:where|when|if))\b"
    r"[^;]*?(?=[,;.]\s|[;.]?$)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:within|not\s+later\s+than|no\s+later\s+than|in)\s+(?:a\s+period\s+of\s+)?(?P<n>(?i:{NUMBER}))\s+"
    r"(?P<unit>hour|day|week|month|year)s?\b(?P<from>\s+(?:of|after|from|following)\s+(?:the\s+)?(?:date\s+of\s+)?"
    r"(?:its\s+|the\s+)?(?P<event>\w+))?",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|before|until|till|(?:no|not)\s+later\s+than|on|at)\s+(?:\S+\s+){0,5}$", re.IGNORECASE)
_BY_ITSELF = re.compile(r"(?:by|before|until|till)\b", re.IGNORECASE)
_SIGNED = frozenset({"signing", "signature", "conclusion"})
_DAYS = {"hour": 1, "day": 1, "week": 7, "month": 31, "year": 366}
_GRANULARITY = {"hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year"}


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of a plain reading. `sentence`: the words it was read from; `requires`: IRIs of topics."""

    sentence: Span
    bearers: tuple[str, ...]
    requires: tuple[str, ...]
    scope: str | None = None
    scope_text: str | None = None
    deadline: TimeMention | None = None
    condition: str | None = None


class Duties:
    """Reads duties out of the spans of one agreement text.

    `describe` gives an IRI to an actor without one; `named`: actors that only the sidecar names, label → IRI.
    """

    def __init__(
        self,
        document: Document,
        parse: sx.Syntax,
        lexicon: Lexicon,
        reference: Reference,
        parties: tuple[str, ...],
        signed: date | None,
        describe: Callable[[str], str],
        named: Mapping[str, str],
    ) -> None:
        names = find_names(document.text, reference)
        times: tuple[TimeMention, ...] = ()
        if signed is not None:
            times = find_times(document.text, reference=signed, zone=UTC, sentences=parse.sentence_spans())
        self.page = Annotated(document, parse, (), names, times, (), lexicon, reference, signed)
        self.resolver = Resolver(self.page)
        self.parties, self.signed, self.describe = parties, signed, describe
        self.named = {label.casefold(): iri for label, iri in named.items()}
        self._pledges = {
            lemma[0]
            for entry in lexicon.kinds("ReportingCue")
            for lemma in entry.lemmas
            if entry.force == "pledges" and entry.pos == "verb" and "infinitive" in entry.frames and len(lemma) == 1
        }

    @cached_property
    def _sentences(self) -> list[tuple[Span, list[Token]]]:
        return [(span, list(sentence)) for _, sentence, span in self.page.sentences]

    @cached_property
    def _starts(self) -> list[int]:
        return [span[0] for span, _ in self._sentences]

    def topics(self, span: Span) -> tuple[str, ...]:
        """Return the provision topics that the words of a span trigger."""
        return topics_of(self.page, self.page.tokens_in(span))

    def of(self, span: Span) -> tuple[Duty, ...]:
        """Return the duties in the words of one provision, in order."""
        found: dict[tuple[object, ...], Duty] = {}
        first = max(0, bisect_right(self._starts, span[0]) - 1)
        for sentence, tokens in self._sentences[first : bisect_left(self._starts, span[1])]:
            if sentence[1] <= span[0]:
                continue
            inside = [t for t in tokens if span[0] <= sx.start(t) < span[1]]
            part = max(sentence[0], span[0]), min(sentence[1], span[1])
            for duty in self._in_sentence(inside, part):
                found.setdefault((duty.bearers, duty.requires), duty)
        return tuple(found.values())

    def _in_sentence(self, tokens: list[Token], span: Span) -> Iterator[Duty]:
        for verb, bearer in self._obliging(tokens):
            act = [t for t in subtree(verb) if t in tokens]
            bearers = self._bearers(bearer) if bearer is not None else ()
            requires = topics_of(self.page, act)
            if not bearers or not requires:
                continue
            read = obligation(self.page, self.resolver, verb, act)
            yield Duty(
                span,
                bearers,
                requires,
                read.scope if read else None,
                " ".join(read.scope_text.split()) if read and read.scope_text else None,
                self._deadline(span),
                self._condition(span),
            )

    def _obliging(self, tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
        """Yield verbs of acts somebody is obliged to, with the head of the phrase that names who."""
        for token in tokens:
            if not is_verb(token):
                continue
            if any(c.dep_ == "aux" and c.lower_ in _OBLIGING for c in token.children):
                if is_passive(token):
                    yield token, agent(token)
                else:
                    found = subject(token)
                    yield token, found[0] if found is not None else None
            elif token.lemma_.lower() in self._pledges:
                act = next((c for c in token.children if c.dep_ == "xcomp" and is_verb(c)), None)
                found = subject(token)
                if act is not None and found is not None and not is_passive(token):
                    yield act, found[0]

    def _bearers(self, head: Token) -> tuple[str, ...]:
        """Return who a subject names: actors of the stock, composed organs' states, or all parties."""
        phrase = noun_phrase(head)
        found: dict[str, None] = {}
        for token in phrase:
            hit = self.page.names.covering(sx.start(token))
            if hit is None:
                continue
            place = self.page.names.place(hit)
            entity = self.page.names.actor(hit)
            if hit.state is not None:
                found.setdefault(hit.state)
            elif entity is not None and (place is None or token == head):
                found.setdefault(self.page.reference.principal(entity.iri) or entity.iri)
        said = " ".join(t.text for t in phrase).casefold()
        for label, iri in self.named.items():
            if re.search(rf"\b{re.escape(label)}\b", said):
                found.setdefault(iri)
        if found:
            return tuple(found)
        if _stands_for_all(head, phrase):
            return self.parties or (self.describe(ALL_PARTIES),)
        return ()

    def _condition(self, span: Span) -> str | None:
        match = _CONDITION.search(self.page.text[slice(*span)])
        return " ".join(match[0].split()).rstrip(".,;: ") if match else None

    def _deadline(self, span: Span) -> TimeMention | None:
        """Return the time by which a sentence wants something done, counted from signature where it says so."""
        text = self.page.text
        for mention in self.page.times_in(span):
            at, stop = mention.span
            if _BY_ITSELF.match(text, at, stop) or _BY.search(text[span[0] : at]):
                return mention
        if self.signed is None:
            return None
        for match in _WITHIN.finditer(text[slice(*span)]):
            number = number_value(match["n"])
            event = (match["event"] or "signing").lower()
            if number is None or event not in _SIGNED:
                continue
            unit = match["unit"].lower()
            start = datetime.combine(self.signed, time.min, UTC)
            end = start + timedelta(days=1 + (_DAYS[unit] * int(number) if unit != "hour" else int(number) // 24 + 1))
            return TimeMention((span[0] + match.start(), span[0] + match.end()), start, end, _GRANULARITY[unit])
        return None


def _stands_for_all(head: Token, phrase: list[Token]) -> bool:
    """Tell whether a subject means every party: "the Parties", "States Parties", "each side", "a Contracting State"."""
    if _singular(head) not in _PARTIES:
        return False
    words = {t.lower_ for t in phrase}
    compound = {_singular(t) for t in phrase if t.i < head.i} & _PARTIES
    return bool(
        words & _ALL or head.tag_ in ("NNS", "NNPS") or (words & _ONE and (compound or _singular(head) == "party"))
    )


def _singular(token: Token) -> str:
    """Return the lemma in small letters; the parser keeps the plural of a capitalised word."""
    lemma = token.lemma_.lower()
    if lemma != token.lower_ or token.tag_ not in ("NNPS", "NNP"):
        return lemma
    return f"{lemma[:-3]}y" if lemma.endswith("ies") else lemma.removesuffix("s")
