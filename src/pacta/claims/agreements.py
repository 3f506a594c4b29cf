"""Mentions of agreements and of their numbered parts, resolved against the stock or kept as agreements of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.named_parts import DEFINITE, GAP, held_in_parts, numbered_parts, parts_by_matter, same_part
from pacta.claims.parts import find_parts, is_unit
from pacta.claims.pronouns import taken_up
from pacta.claims.stock import Stock, is_made, words_before, words_of
from pacta.claims.titles import TITLE, called_by_number, in_headline, sentence_span
from pacta.iris import Iris
from pacta.model import LocalEntity, Span
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, is_passive, noun_phrase

_SAME = frozenset({"same", "said", "above", "aforementioned"})
_ATTACHED = frozenset({"annex", "appendix", "addendum"})
_THRESHOLD = 2.0  # two parties in the document and one more sign
_SPEECH = 1.0  # a noun that may also mean what somebody said needs one sign more
_NAME = -1.0  # a name of the stock stands unless the document speaks against it
_MEMORY = 80  # mentions back that "the agreement" may take up
_FIXED = 4  # words of a fixed name such as "memorandum of understanding"
_BESIDE = 12  # words before a unit among which its number stands
_BEFORE = 40  # characters before "the memorandum" in which "paragraph 2 of" makes it one
_CITED = 200  # characters behind "the 2000 memorandum" in which "its clause 5" makes it one
_LOOK_BACK = 3000  # characters back in which "the article" looks for its number
_OF_YEAR = re.compile(r"\s+of\s+(?:\d{1,2}\s+)?(?:[A-Z]\w+\s+)?(?:1[89]|20)\d\d\b")
_OUTSIDE = frozenset({"det", "predet", "preconj", "mark", "cc"})  # before a name, and no part of it: "both the"


def find_agreements(page: Annotated, resolver: Resolver) -> tuple[AgreementRef, ...]:
    """Return the mentions of agreements in order; unknown ones become local agreements of `resolver`.

    A mention that only completes a numbered part ("the accord" in "Article 6 of the accord") is not told apart.
    """
    finder = _Finder(page, resolver)
    for token in page.tokens:
        ref = finder.mention(token)
        if ref is not None:
            finder.found.append(ref)
    whole = sorted(finder.found, key=lambda r: r.span)
    parts = [*numbered_parts(page, whole), *parts_by_matter(page, resolver, whole)]
    covered = {offset for p in parts for offset in range(*p.span)}
    alone = [r for r in whole if r.span[0] not in covered or r.span[1] - 1 not in covered]
    taken_up = held_in_parts(page, parts)
    known = sorted({r.agreement for r in whole} & page.reference.agreements.keys())
    resolver.signatories = tuple(party for iri in known for party in page.reference.agreements[iri].parties)
    return tuple(sorted((*alone, *parts, *taken_up), key=lambda r: (r.span, r.number or "")))


@dataclass
class _Finder:
    """Goes over the words of one document and keeps what it found so far."""

    page: Annotated
    resolver: Resolver
    found: list[AgreementRef] = field(default_factory=list)

    @cached_property
    def stock(self) -> Stock:
        return Stock(self.page, self.resolver)

    @cached_property
    def _nouns(self) -> frozenset[str]:
        return self.page.lexicon.lemmas("AgreementNoun")

    @cached_property
    def _joint(self) -> frozenset[tuple[str, ...]]:
        return frozenset(lemma for lemma, _ in self.page.lexicon.phrases("AgreementNoun"))

    @cached_property
    def _speech(self) -> frozenset[str]:
        return self.page.lexicon.lemmas("CommuniqueNoun")

    def mention(self, token: Token) -> AgreementRef | None:
        """Return the mention that `token` heads, or ends as a name."""
        named = self._named(token)
        if named is not None:
            return named if named.agreement else None
        part = same_part(self.page, token, self.found) or taken_up(self.page, token, self.found)
        part = part or self.stock.one_made(token)
        if part is not None:
            return part
        lemma = token.lemma_.lower()
        if token.pos_ not in ("NOUN", "PROPN") or lemma not in self._nouns:
            return None
        if not self._is_one_by_itself(lemma) and not self._is_plan(token, lemma):
            return None
        if token.dep_ in ("compound", "nmod") and token.head.lemma_.lower() in self._nouns:
            return None
        if is_unit(token.lower_) and self._iscalled_by_number(token):
            return None  # "that clause 4", "its eighth clause": a part, and no agreement of its own
        return self._described(token, lemma)

    # --- by name ------------------------------------------------------------------------------------------------------
    def _named(self, token: Token) -> AgreementRef | None:
        """Return the agreement of the stock named here; inside of a name one without an agreement: nothing to see."""
        page, at = self.page, sx.start(token)
        hit = page.names.covering(at)
        among = [c for c in hit.candidates if c in page.reference.agreements] if hit is not None else []
        if hit is None or not among:
            return None
        nothing = AgreementRef(hit.span, at, "", "", None, "name", 0.0)
        if sx.end(token) != hit.span[1]:  # once per name, at its last word
            return nothing
        phrase = page.tokens_in(hit.span)
        known = [r for r in self.found[-_MEMORY:] if r.number is None and r.agreement in among]
        best, score = self.stock.best(phrase, among)
        if known and len(among) > 1 and not self.stock.is_dated(phrase):
            best = page.reference.agreements[known[-1].agreement]
        if best is None:
            return None
        other = self._made_elsewhen(phrase) if not self.stock.is_dated(phrase) else None
        if other is not None:
            return AgreementRef(hit.span, at, other.agreement, other.label, None, "anaphora", 0.7)
        own = self.stock.is_distinctive(hit, best)
        if score <= _NAME and not (own and self._concerned(best.iri) and score > _NAME - 4.0):
            return None
        return AgreementRef(hit.span, at, best.iri, best.label, None, "name", 0.95 if own or score > 0 else 0.75)

    def _made_elsewhen(self, phrase: list[Token]) -> AgreementRef | None:
        """Return the agreement unknown to the stock that was told of by the same place and a date of its own."""
        capitals = {t.text for t in phrase if t.text[:1].isupper()}
        return next(
            (
                ref
                for ref in reversed(self.found[-_MEMORY:])
                if ref.agreement in self.resolver.local and re.search(r"\d{4}", ref.label)
                if capitals and capitals <= set(re.findall(r"\w+", ref.label))
            ),
            None,
        )

    def _concerned(self, iri: str) -> bool:
        facts = self.page.reference.agreements[iri]
        about = {*facts.parties, *facts.mediators}
        return not about or any(self.resolver.principal(p) in self.stock.present for p in about)

    # --- by description -----------------------------------------------------------------------------------------------
    def _described(self, token: Token, lemma: str) -> AgreementRef | None:
        page, at = self.page, sx.start(token)
        noun_before = token.dep_ in ("compound", "nmod")
        phrase = words_of(token)
        if noun_before:  # "the N protocol obliges", with the verb taken for the noun
            phrase = words_before(token)
        core = phrase if noun_before else [t for t in phrase if t.i <= token.i or token in (t.head, t.head.head)]
        made = self.stock.made_at(token, phrase, speech=lemma in self._speech)
        if made is not None or not core or not self._is_particular(core, token):
            return made
        told = self.stock.making(token)
        if told and core[0].lower_ in DEFINITE:  # a date and a place that no agreement of the stock has
            return self._local(token, core, sx.span_of(page.text, [*core, *told]), at, told[-1])
        span = sx.span_of(page.text, [t for t in phrase if t.i <= token.i])
        modified = [
            t for t in phrase if t != token and t.dep_ in ("amod", "compound", "nmod", "poss", "npadvmod", "nummod")
        ]
        dated = self.stock.is_dated(phrase)
        speech = lemma in self._speech and not self._is_fixed(token, lemma)
        if speech and dated and token.i > 0:  # "the joint statement of 2005"
            speech = (token.doc[token.i - 1].lemma_.lower(), lemma) not in self._joint
        owners = self._owners(core, token)
        titled = self._has_title(core, token)
        proper = titled or (not speech and self._has_state(core, token))
        if speech and len(owners) == 1 and not (dated or proper or any(t.tag_ == "VBN" for t in modified)):
            return None  # what one side said, not what several signed
        if _is_part(lemma, token) and child(token, "prep") is not None:
            return None  # "the provisions of the accord": the accord is the mention
        best, score = self.stock.best(phrase, page.reference.agreements)
        short = self.stock.shortened([t for t in core if t.i <= token.i]) if titled else None
        if short is not None and self._concerned(short.iri):
            return AgreementRef(span, at, short.iri, short.label, None, "name", 0.75)
        called = self.stock.called(phrase) if not speech else None
        if called is not None and self.stock.score(phrase, called) > 0:
            span = (span[0], max(span[1], self.stock.end_of_name(phrase, called)))
            return AgreementRef(span, at, called.iri, called.label, None, "name", 0.75)
        fits = score >= _THRESHOLD + (_SPEECH if speech else 0.0) and (dated or not titled)
        if best is not None and fits and (modified or dated) and (not speech or dated or len(owners) > 1):
            return AgreementRef(span, at, best.iri, best.label, None, "description", min(0.9, 0.5 + score / 10))
        definite = core[0].lower_ in DEFINITE or core[0].dep_ == "poss" or in_headline(self.page, token)
        back = None
        if definite and not proper:
            back = self._of_that_year(lemma, phrase) if dated else self._taken_up(token, lemma, modified)
        if back is not None:
            return AgreementRef(span, at, back.agreement, back.label, None, "anaphora", 0.7)
        numbered = any(p.span[1] <= span[0] for p in find_parts(page.text, max(span[0] - _BEFORE, 0), span[0]))
        joint = speech and len(owners) > 1  # "the memorandum between X and Y"
        cited = definite and speech and dated and any(find_parts(self.page.text, span[1], span[1] + _CITED))
        fixed = lemma in self._speech or self._is_free(lemma)
        described = definite and not speech and (modified or dated or fixed or self._is_read(token))
        if not (proper or numbered or joint or described or cited) or _is_part(lemma, token):
            return None
        whole = any(r.number is None for r in self.found)
        new = self._brought_in(token, lemma)
        if not whole and not new and best is not None and score > 1 and not proper and not dated:
            return AgreementRef(span, at, best.iri, best.label, None, "parties", 0.5)
        return self._local(token, core, span, at)

    def _is_read(self, token: Token) -> bool:
        """Tell whether a noun is told to say or forbid something: "is forbidden by the protocols"."""
        verb = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "by" else None
        verb = token.head if token.dep_ == "nsubj" and not is_passive(token.head) else verb
        lexicon = self.page.lexicon
        cue = verb is not None and lexicon.of("ReadingCue", verb.lemma_.lower(), "verb")
        return bool(cue) and verb is not None and not lexicon.of("ReportingCue", verb.lemma_.lower(), "verb")

    def _is_particular(self, core: list[Token], token: Token) -> bool:
        """Tell "the deal", "the N deal" and a headline's "truce deal" from "a deal" and "deals"."""
        if (
            core[0].lower_ in DEFINITE
            or core[0].dep_ == "poss"
            or token.pos_ == "PROPN"
            or called_by_number(self.page, token)
        ):
            return True
        before = [t for t in core if t.i < token.i]
        if any(t.pos_ == "PROPN" and self.page.names.covering(sx.start(t)) is not None for t in before):
            return True
        return bool(self._dates_or_names(before)) or (
            in_headline(self.page, token) and token.tag_ == "NN" and core[0].dep_ != "det"
        )

    def _dates_or_names(self, tokens: list[Token]) -> bool:
        span = sx.span_of(self.page.text, tokens) if tokens else None
        return span is not None and bool(self.page.names.within(span))

    def _brought_in(self, token: Token, lemma: str) -> bool:
        """Tell whether the text has brought in one of that noun before: "a seven-day truce", then "the truce"."""
        before = self.page.tokens_in((max(sx.start(token) - _LOOK_BACK, 0), sx.start(token)))
        return any(t.lemma_.lower() == lemma and any(c.lower_ in ("a", "an") for c in t.children) for t in before)

    def _owners(self, core: list[Token], head: Token) -> set[str]:
        """Return the principals whose text it is: "X's", "the X …", "of X", "by the leaders of X and Y"."""
        own = [t for t in core if t.i < head.i]
        for prep in (c for c in head.children if c.dep_ in ("prep", "agent") and c.lower_ in ("of", "by", "between")):
            own += list(prep.subtree)
        for made in (c for c in head.children if c.dep_ == "acl"):
            own += [t for c in made.children if c.dep_ == "agent" for t in c.subtree]
        actors = [self.page.names.actor(h) for t in own if (h := self.page.names.covering(sx.start(t))) is not None]
        return {self.resolver.principal(a.iri) or a.iri for a in actors if a is not None}

    def _iscalled_by_number(self, unit: Token) -> bool:
        """Tell whether a unit goes with a number, before it or behind it."""
        first = sx.start(unit.doc[max(unit.i - _BESIDE, unit.sent.start)])
        near = find_parts(self.page.text, first, sx.end(unit) + GAP)
        return any(a <= sx.start(unit) < b for a, b in (part.span for part in near))

    def _is_fixed(self, token: Token, lemma: str) -> bool:
        """Tell whether a noun that may mean what somebody said goes on as a text that binds: "declaration of …"."""
        after = [t.lemma_.lower() for t in token.doc[token.i : token.i + _FIXED]]
        return any(
            len(w) > 1 and tuple(after[: len(w)]) == w for w, _ in self.page.lexicon.starting("AgreementNoun", lemma)
        )

    def _is_one_by_itself(self, lemma: str) -> bool:
        return any(not e.requires for e in self.page.lexicon.of("AgreementNoun", lemma))

    def _is_plan(self, token: Token, lemma: str) -> bool:
        """Tell whether "the plan" is an agreement: with a word that makes it one ("six-point"), or once it was one."""
        beside = {w for t in noun_phrase(token) if t.i < token.i for w in t.lemma_.lower().split("-")}
        if any(e.requires & beside for e in self.page.lexicon.of("AgreementNoun", lemma)):
            return True
        if self._is_free(lemma) and self.found:
            return True
        whole = (r for r in self.found[-_MEMORY:] if r.number is None)
        told = (f"{self.page.text[slice(*r.span)]} {r.label}".lower() for r in whole)
        return any(lemma in re.findall(r"\w+", words) for words in told)

    def _is_free(self, lemma: str) -> bool:
        """Tell whether a noun may take up any agreement, whatever that is called."""
        return lemma in self.page.lexicon.lemmas("AgreementAnaphor")

    def _taken_up(self, token: Token, lemma: str, modified: list[Token]) -> AgreementRef | None:
        """Return the mention that "the deal", "its provisions" point back to: of the same noun, else the latest."""
        whole = [r for r in self.found[-_MEMORY:] if r.number is None]
        alike = [r for r in whole if lemma in re.findall(r"\w+", (r.label + self.page.text[slice(*r.span)]).lower())]
        if lemma in self._speech:
            bare = all(t.lower_ in _SAME for t in modified)
            return alike[-1] if bare and alike and not self._is_speech(token, lemma, alike[-1]) else None
        among = alike or ([r for r in whole if not self._is_beside(token, r)] if self._is_free(lemma) else [])
        return among[-1] if among else self._signed_before(token, lemma, modified)

    def _is_beside(self, token: Token, ref: AgreementRef) -> bool:
        """Tell whether a noun is coordinated with a mention: "both the N convention and the ceasefire" are two."""
        return token.dep_ == "conj" and ref.span[0] <= sx.start(token.head) < ref.span[1]

    def _signed_before(self, token: Token, lemma: str, modified: list[Token]) -> AgreementRef | None:
        """Return the agreement that "that document" takes up where it was brought in by "signed a pact"."""
        if modified or not self._is_free(lemma):
            return None
        before = self.page.tokens_in((max(sx.start(token) - _LOOK_BACK, 0), sx.start(token)))
        for noun in reversed(before):
            brought = noun.lemma_.lower() in self._nouns - {lemma} and noun.dep_ in ("dobj", "pobj", "nsubjpass")
            brought = brought and (noun.lemma_.lower() not in self._speech or is_made(noun))
            if brought and noun.tag_ == "NN" and any(c.lower_ in ("a", "an") for c in noun.children):
                core = [t for t in noun_phrase(noun) if t.i <= noun.i]
                return self._local(noun, core, sx.span_of(self.page.text, core), sx.start(noun))
        return None

    def _of_that_year(self, lemma: str, phrase: list[Token]) -> AgreementRef | None:
        """Return the mention of the same noun with that year: "the N protocol of 1994", later "the 1994 protocol"."""
        years = {t.text for t in phrase if re.fullmatch(r"\d{4}", t.text)}
        free = self._nouns & self.page.lexicon.lemmas("AgreementAnaphor") if self._is_free(lemma) else frozenset()
        for ref in reversed(self.found[-_MEMORY:]):
            words = set(re.findall(r"\w+", self.page.text[ref.span[0] : ref.span[1] + GAP].lower()))
            if ref.number is None and (lemma in words or free & words) and years & words:
                return ref
        return None

    def _is_speech(self, token: Token, lemma: str, last: AgreementRef) -> bool:
        """Tell whether "the statement" is what was said: "this statement", or one that came up since the agreement."""
        if token.i and token.doc[token.i - 1].lower_ in ("this", "that"):  # but "paragraph 4 of that statement"
            first = sx.start(token.doc[token.i - 1])
            return not any(p.span[1] + len(" of ") >= first for p in find_parts(self.page.text, first - _BEFORE, first))
        since = self.page.tokens_in((max(last.span[1], sx.start(token) - _LOOK_BACK), sx.start(token)))
        if any(t.lemma_.lower() == lemma and any(c.lower_ == "a" for c in t.children) for t in since):
            return True
        cue = token.head
        said = bool(self.page.lexicon.of("ReportingCue", cue.lemma_.lower(), "verb"))
        return token.dep_ == "nsubj" and said and cue.tag_ == "VBD"

    # --- locals ---------------------------------------------------------------------------------------------
    def _has_title(self, core: list[Token], head: Token) -> bool:
        """Tell whether a phrase has a name of its own: "the Geneva protocol", "Treaty of Friendship"."""
        page = self.page
        if (head.text[:1].isupper() and TITLE.match(page.text, sx.end(head))) or called_by_number(page, head):
            return True
        for token in self._capitals(core, head):
            hit = page.names.covering(sx.start(token))
            if hit is None or page.names.place(hit) is not None or hit.kind == "metonym":
                return True
        return False

    def _has_state(self, core: list[Token], head: Token) -> bool:
        """Tell whether a phrase names a state that is a side of it: "the N accord"."""
        for token in self._capitals(core, head):
            hit = self.page.names.covering(sx.start(token))
            actor = self.page.names.actor(hit) if hit is not None and hit.kind != "organ" else None
            if actor is not None and actor.type == "State":
                return True
        return False

    def _capitals(self, core: list[Token], head: Token) -> Iterator[Token]:
        """Yield the names beside a noun, but not those bound by a hyphen ("N-brokered") nor months and days."""
        for token in core:
            capital = token.text[:1].isupper() and token.lower_ not in DEFINITE and token != head
            if not capital or token.dep_ not in ("compound", "nmod", "amod", "npadvmod", "det"):
                continue
            bound = (
                token.i + 1 < len(token.doc)
                and token.nbor(1).text in ("-", "\u2013")
                and token.nbor(1).whitespace_ == ""
            )
            in_date = any(
                a <= sx.start(token) < b for a, b in (t.span for t in self.page.times_in(sentence_span(token)))
            )
            if not bound and not in_date:
                yield token

    def _local(self, token: Token, core: list[Token], span: Span, at: int, last: Token | None = None) -> AgreementRef:
        """Return a mention of an agreement that the stock does not have; `last`: the last word that tells it apart."""
        page = self.page
        names = {t.text for t in self._capitals(core, token)}
        for ref in reversed(self.found[-_MEMORY:]):  # "the N peace accord", later "the N deal"
            same = names & set(re.findall(r"\w+", ref.label)) and self._is_free(token.lemma_.lower())
            if same and last is None and ref.number is None and ref.agreement in self.resolver.local:
                return AgreementRef(span, at, ref.agreement, ref.label, None, "local", 0.6)
        words = [t for t in core if t.i <= token.i and t.dep_ not in _OUTSIDE] or [token]
        title = TITLE.match(page.text, sx.end(token)) if token.text[:1].isupper() else called_by_number(page, token)
        if title is not None and page.times_in((sx.end(token), title.end())):
            title = None  # "the Lake Agreement on Monday"
        stop = title.end() if title is not None else sx.end(words[-1])
        year = _OF_YEAR.match(page.text, stop) if len(words) == 1 else None
        stop = year.end() if year is not None else stop  # "the agreement of 1977" is told apart by nothing else
        stop = sx.end(last) if last is not None else stop
        span = (span[0], max(span[1], stop))
        label = " ".join(page.text[sx.start(words[0]) : stop].split())
        iri = Iris(page.reference.base).local_agreement(page.document.key, label)
        hits = page.names.within(sx.span_of(page.text, core))
        actors = (page.names.actor(hit) for hit in hits)
        parties = {p for a in actors if a is not None and (p := self.resolver.principal(a.iri)) is not None}
        entity = LocalEntity(iri, "Agreement", label, parties=tuple(sorted(parties)), span=span)
        self.resolver.local.setdefault(iri, entity)
        return AgreementRef(span, at, iri, self.resolver.local[iri].label, None, "local", 0.6)


def _is_part(lemma: str, token: Token) -> bool:
    return is_unit(lemma) or is_unit(token.lower_) or (lemma in _ATTACHED and not token.text[:1].isupper())
