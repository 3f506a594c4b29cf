"""How well a phrase fits an agreement of the stock: by date, brokers and parties, place names, topics, who is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.names import NameHit
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef
from pacta.model import TimeMention
from pacta.reference import AgreementFacts
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import noun_phrase

_DATE_AFTER = 16  # characters after a name within which "of 1994" may begin
_MADE = frozenset({"signed", "reached", "concluded", "brokered", "made", "struck", "initialled", "initialed", "sealed"})
_OF_DATE = re.compile(rf"[^\S\n]+(?:(?:of|from|dated|{'|'.join(sorted(_MADE))})\s+)?(?:(?:on|in|of)\s+)?")
_SMALL = frozenset(
    {"the", "and", "for", "its", "this", "that", "their", "these", "those", "both", "with", "from", "all"}
)
# Weights of the evidence that a phrase means an agreement. A date that fits outweighs all else, one that does not
# rules out; two parties in the document are as much as one named in the phrase.
_DATE, _OTHER_DATE = 3.0, -5.0
_NAMED, _STRANGER = 1.5, -2.0
_BETWEEN, _ONE, _ABSENT = 1.5, -0.5, -3.0
_TOPIC, _OTHER_MATTER = 1.0, -1.5
_NOT_YET = -10.0
_SHORTEST = 3  # letters of a word that tells something
_STEM = 5  # letters of a word that are compared: "normalise", "normalization"
_LINKING = frozenset({"mark", "cc"})  # "that" before a noun that the parser took for the predicate
_WHEN = frozenset({"after", "before", "until", "till", "since", "during", "by", "within", "throughout"})
_WHERE = frozenset({"in", "at", "on"})
_MATTER = 0.9  # how much the matters of the whole document may add: settles ties, decides nothing alone


@dataclass(frozen=True)
class Stock:
    """Weighs the agreements of the stock for one document. `present`: principals that the document names."""

    page: Annotated
    resolver: Resolver

    @cached_property
    def present(self) -> frozenset[str]:
        actors = (self.page.names.actor(hit) for hit in self.page.names.hits)
        return frozenset(p for a in actors if a is not None and (p := self.resolver.principal(a.iri)) is not None)

    @cached_property
    def _matters(self) -> frozenset[str]:
        words = {t.lemma_.lower() for t in self.page.tokens if t.pos_ in ("NOUN", "VERB")}
        return frozenset(e.value for w in words for e in self.page.lexicon.of("TopicTrigger", w) if e.value)

    def best(self, phrase: list[Token], among: Iterable[str]) -> tuple[AgreementFacts | None, float]:
        """Return the agreement that fits best and its score; a tie costs one point."""
        scored = [(self.score(phrase, self.page.reference.agreements[i]), i) for i in sorted(among)]
        if not scored:
            return None, 0.0
        score, iri = max(scored, key=lambda s: s[0])
        if sum(1 for s, _ in scored if s == score) > 1:
            score -= 1.0
        return self.page.reference.agreements[iri], score

    def score(self, phrase: list[Token], agreement: AgreementFacts) -> float:
        """Weigh how well a phrase in this document fits an agreement."""
        page = self.page
        span = sx.span_of(page.text, phrase)
        score = 0.0
        dates = self._dates(phrase)
        for time in dates:
            if agreement.signed is not None:
                score += _DATE if same_date(page.text[slice(*time.span)], time, agreement.signed) else _OTHER_DATE
        month = _month(phrase) if not dates and page.published is None else None
        if month is not None and agreement.signed is not None:
            score += _DATE if month in {d.month for d in _days(agreement.signed)} else _OTHER_DATE
        for year in _years(phrase) if not dates else ():
            if agreement.signed is not None:
                score += _DATE if year in {d.year for d in agreement.signed} else _OTHER_DATE
        concerned = {*agreement.parties, *agreement.mediators}
        for hit in page.names.within(span):
            actor = page.names.actor(hit)
            if actor is not None and actor.iri not in page.reference.agreements:
                score += _NAMED if self.resolver.principal(actor.iri) in concerned else _STRANGER
        topics = {e.value for t in phrase for e in page.lexicon.of("TopicTrigger", t.lemma_.lower())}
        score += _TOPIC if topics & agreement.topics else 0.0
        matter = self._telling(t.text for t in phrase if t.pos_ in ("NOUN", "PROPN") and not _is_told_of(t, phrase))
        if matter and not topics & agreement.topics and not matter & self._names[agreement.iri]:
            score += _OTHER_MATTER  # "the sea convention"
        parties = sum(1 for p in agreement.parties if self.resolver.principal(p) in self.present)
        score += (_ABSENT, _ONE, _BETWEEN)[min(parties, 2)]
        signed = agreement.signed
        if signed is not None and page.published is not None and signed[0].date() > page.published:
            score += _NOT_YET
        shared = self._matters & agreement.topics
        return score + (_MATTER * len(shared) / len(self._matters) if self._matters else 0.0)

    def is_dated(self, phrase: list[Token]) -> bool:
        """Tell whether a phrase, or what follows it ("of 1994"), gives a date."""
        return bool(self._dates(phrase) or _years(phrase)) or _month(phrase) is not None

    def _dates(self, phrase: list[Token]) -> list[TimeMention]:
        span = sx.span_of(self.page.text, phrase)
        after = (span[1], span[1] + _DATE_AFTER)
        near = self.page.times_in((span[1], span[1] + 3 * _DATE_AFTER))
        following = [
            t
            for t in near
            if t.span[0] < after[1]
            and any(c.isdigit() for c in self.page.text[slice(*t.span)])  # "on Tuesday" is when somebody spoke
            and not _is_of_verb(phrase[-1])
            and self.page.text[slice(*t.span)].split()[0].lower() not in _WHEN
            and _OF_DATE.fullmatch(self.page.text[span[1] : t.span[0]])
        ]
        return [*self.page.times_in(span), *following]

    def called(self, phrase: list[Token]) -> AgreementFacts | None:
        """Return the one agreement whose names hold the words that tell a phrase apart: "the accord on the lake".

        Half of these words and more must be the name's, and one of them no other name's of an agreement whose parties
        the document names; what is told apart so outweighs what was named last.
        """
        words = self._telling(t.text for t in phrase)
        if not words:
            return None
        held = {i: words & own for i, own in self._names.items() if any(p in self.present for p in self._sides(i))}
        best = max(held, key=lambda i: (len(held[i]), i), default=None)
        if best is None or 2 * len(held[best]) < len(words):
            return None
        alone = held[best].difference(*(own for i, own in held.items() if i != best))
        return self.page.reference.agreements[best] if alone else None

    def made_at(self, noun: Token, phrase: list[Token], *, speech: bool = False) -> AgreementRef | None:
        """Return the agreement that is told by where and when it was made: "a deal signed in N in March 2018".

        Without a date it must be the only one that fits; `speech`: the noun may mean what somebody said.
        """
        made = self._making(noun)
        names = [t for t in made if t.pos_ == "PROPN" and t.text.casefold() not in _MONTHS]
        words = [*(t for t in phrase if t.i <= noun.i), *made]
        dated = self.is_dated(words)
        if not names:
            return None
        where = {t.text.casefold() for t in names}
        where |= {noun.lower_} if speech and not dated and not is_made(noun) else set()  # "the declaration in N"
        among = [iri for iri, held in self._words.items() if (where & held if dated else where <= held)]
        fitting = [iri for iri in among if self.score(words, self.page.reference.agreements[iri]) > 0]
        told, score = self.best(words, among if dated else fitting)
        if told is None or score <= 0 or (not dated and len(fitting) > 1):
            return None
        span = sx.span_of(self.page.text, words[: 1 + words.index(names[-1])])
        return AgreementRef(span, sx.start(noun), told.iri, told.label, None, "description", 0.8 if dated else 0.7)

    def one_made(self, token: Token) -> AgreementRef | None:
        """Return the agreement that "the one (we) signed in N on 3 March" is, where one of the stock has that date."""
        made = next((c for c in token.children if c.dep_ in ("relcl", "acl") and c.lower_ in _MADE), None)
        if token.lower_ != "one" or made is None or not any(c.lower_ == "the" for c in token.children):
            return None
        words = [t for t in token.subtree if t.dep_ != "det"]
        told, score = self.best(words, self.page.reference.agreements)
        if told is None or score < _DATE or not self.is_dated(words):
            return None
        span = (sx.start(token), max(sx.end(t) for t in words))
        return AgreementRef(span, sx.start(token), told.iri, told.label, None, "description", 0.8)

    def making(self, noun: Token) -> list[Token]:
        """Return the words that tell where and when an agreement was made: both, and that it was made then."""
        made = self._making(noun)
        names = any(t.pos_ == "PROPN" and t.text.casefold() not in _MONTHS for t in made)
        return made if names and _years(made) and is_made(noun) else []

    def _making(self, noun: Token) -> list[Token]:
        return list(takewhile(_is_of_making, noun.doc[noun.i + 1 : noun.sent.end]))

    def end_of_name(self, phrase: list[Token], agreement: AgreementFacts) -> int:
        """Return where the last word of a phrase ends that stands in a name of an agreement."""
        held = [t for t in phrase if self._telling([t.text]) & self._names[agreement.iri]]
        return sx.end(held[-1]) if held else 0

    def _sides(self, iri: str) -> list[str | None]:
        return [self.resolver.principal(p) for p in self.page.reference.agreements[iri].parties]

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        """Return for each agreement the stems of the words of its names that tell it apart."""
        return {
            iri: frozenset().union(*(self._telling(re.findall(r"\w+", form)) for form in forms))
            for iri, forms in self._forms.items()
        }

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """Return for each agreement all words of its English names."""
        return {
            iri: frozenset(word for form in forms for word in re.findall(r"\w+", form.casefold()))
            for iri, forms in self._forms.items()
        }

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        """Return for each agreement its English names."""
        entities = self.page.reference.entities
        return {
            iri: [n.form for n in entities[iri].names if n.language.startswith("en")]
            for iri in self.page.reference.agreements
        }

    def _telling(self, words: Iterable[str]) -> frozenset[str]:
        """Return the stems of words that are no agreement's, state's or month's, nor numbers or small words.

        They are as written: "the sea convention" is not called after the Black Sea.
        """
        common = self._common | _MONTHS.keys()
        return frozenset(
            w[:_STEM]
            for w in words
            if w.isalpha() and len(w) >= _SHORTEST and not self._is_actor(w)
            if not {w.casefold(), w.casefold().removesuffix("s")} & common | {w.casefold()} & _SMALL
        )

    @cached_property
    def _common(self) -> frozenset[str]:
        """Return the words that agreements of any matter are called by: "peace", "truce", "accord"."""
        entries = self.page.lexicon.kinds("AgreementNoun")
        return frozenset(w for e in entries for lemma in (*e.lemmas, tuple(e.requires)) for w in lemma)

    def shortened(self, phrase: list[Token]) -> AgreementFacts | None:
        """Return the one agreement of which a phrase says a name in part: "the Lake Initiative", of a longer name."""
        words = {t.lower_ for t in phrase if t.pos_ in ("NOUN", "PROPN", "ADJ") or t.text[:1].isupper()}
        capitals = [t for t in phrase[:-1] if t.text[:1].isupper() and not self._is_actor(t.text)]
        fits: set[str] = set()
        for iri in self.page.reference.agreements if len(capitals) > 1 else ():
            names = (n.form for n in self.page.reference.entities[iri].names if n.language.startswith("en"))
            if any(words <= set(re.findall(r"\w+", name.casefold())) for name in names):
                fits.add(iri)
        return self.page.reference.agreements[next(iter(fits))] if len(fits) == 1 else None

    def is_distinctive(self, hit: NameHit, agreement: AgreementFacts) -> bool:
        """Tell whether a name says by itself which agreement is meant: it holds a name that is not an actor's."""
        entity = self.page.reference.entities[agreement.iri]
        words = self.page.text[slice(*hit.span)].casefold().split()
        forms = [n for n in entity.names if n.form.casefold().split() == words and n.language.startswith("en")]
        if any(n.kind in ("official", "abbreviation") for n in forms):
            return True
        nouns = self.page.lexicon.lemmas("AgreementNoun")
        for name in forms:
            for word in re.findall(r"[^\W\d_][\w\u2019'-]*", name.form):
                common = word.lower() in nouns or word.casefold() in _MONTHS or "-" in word
                if word[0].isupper() and not common and not self._is_actor(word):
                    return True
        return False

    def _is_actor(self, word: str) -> bool:
        pairs = self.page.reference.names.get((word.casefold(),), ())
        return any((e := self.page.reference.entities.get(i)) is not None and e.type == "State" for i, _ in pairs)


def words_of(noun: Token) -> list[Token]:
    """Return the phrase of a noun that may name an agreement, without clauses and what only tells when.

    "In 2018" belongs to the verb in "left the accord in 2018", as does "until May" in "prolong the accord until May".
    """
    phrase = [t for t in noun_phrase(noun) if t.dep_ != "relcl" and not (t.dep_ in _LINKING and t.head == noun)]
    return [t for t in phrase if not _tells_when(t, noun)]


def words_before(token: Token) -> list[Token]:
    """Return the article, adjectives and names right before a noun, and the noun."""
    words = [token]
    while words[0].i > token.sent.start and token.doc[words[0].i - 1].pos_ in ("DET", "ADJ", "PROPN", "NOUN", "NUM"):
        words.insert(0, token.doc[words[0].i - 1])
        if words[0].pos_ == "DET":
            break
    return words


def _is_of_making(word: Token) -> bool:
    """Tell whether a word may go on telling where and when something was made."""
    return word.pos_ in ("PROPN", "NUM") or word.tag_ == "VBN" or word.lower_ in _WHERE | _MADE


def _is_told_of(word: Token, phrase: list[Token]) -> bool:
    """Tell whether a word stands in a relative clause on a phrase: "the deal that ended the war" is called no war."""
    return any(up.dep_ == "relcl" and up.head in phrase for up in (word, *word.ancestors))


def is_made(noun: Token) -> bool:
    """Tell whether an agreement is said to be made: "the deal signed in N", "they signed the deal in N"."""
    after = noun.doc[noun.i + 1].lower_ if noun.i + 1 < len(noun.doc) else ""
    return after in _MADE or (noun.dep_ in ("dobj", "nsubjpass") and noun.head.lower_ in _MADE)


def _tells_when(word: Token, noun: Token) -> bool:
    if word.i < noun.i:
        return False
    while word.head not in (noun, word):
        word = word.head
    if word.dep_ != "prep" or word.head != noun:
        return False
    return word.lower_ in _WHEN or (word.lower_ == "in" and noun.dep_ in ("dobj", "nsubjpass"))


def _is_of_verb(last: Token) -> bool:
    """Tell whether "in" behind a phrase belongs to the verb that it is the object of."""
    after = last.doc[last.i + 1] if last.i + 1 < len(last.doc) else last
    return after.lower_ == "in" and last.dep_ == "dobj"


def _month(phrase: list[Token]) -> int | None:
    """Return the month that a phrase names without a year: "the November truce"."""
    found = [_MONTHS[w] for t in phrase if t.text[:1].isupper() and (w := t.text.casefold()) in _MONTHS]
    return found[0] if found and not _years(phrase) else None


def _days(signed: tuple[datetime, datetime]) -> tuple[datetime, datetime, datetime]:
    """Return the days on which an agreement may have been signed; the end of the time is excluded."""
    lo, hi = signed
    return lo, hi, hi - timedelta(days=1)


def _years(phrase: list[Token]) -> list[int]:
    return [int(t.text) for t in phrase if re.fullmatch(r"1[89]\d\d|20\d\d", t.text)]


_MONTHS = {datetime(2000, month, 1).strftime("%B").casefold(): month for month in range(1, 13)}


def same_date(words: str, time: TimeMention, signed: tuple[datetime, datetime]) -> bool:
    """Tell whether a date in a name is that of the signing; a date without a year is compared by month and day."""
    lo, hi = signed
    if re.search(r"\d{4}", words):
        return time.not_before < hi and lo < time.not_after
    days = {(d.month, d.day) for d in _days(signed)}
    if time.granularity == "month":
        return time.not_before.month in {month for month, _ in days}
    return (time.not_before.month, time.not_before.day) in days
