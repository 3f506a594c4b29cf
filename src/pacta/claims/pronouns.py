"""Pronouns that take up an agreement told of just before: "has broken it", "in violation of it", "it obliges …"."""

from __future__ import annotations

from collections.abc import Sequence

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.parts import find_parts
from pacta.lexicon import Entry
from pacta.statements.grammar import child, is_passive, is_verb

_ONE, _SEVERAL = frozenset({"it"}), frozenset({"them", "they"})
_JUDGED = frozenset({"breach", "compliance", "suspension", "withdrawal"})
_LEFT = frozenset({"suspension", "withdrawal"})  # one may end or leave many a thing
_SHARES = frozenset({"word", "letter", "line", "part", "article", "clause", "point", "provision", "term"})
_NO_SHARE = frozenset({"none", "nothing", "all", "most", "much", "little", "half", "any", "some"})
_SMALL = frozenset({"acomp", "attr", "advmod", "conj", "prep", "pobj", "oprd"})
_LONGEST = 4  # words of a phrase before a pronoun: "in flagrant violation of"
_SENTENCES = 1  # sentences back in which the agreement was named
_FAR = 600  # characters back in which it was


def taken_up(page: Annotated, token: Token, found: Sequence[AgreementRef]) -> AgreementRef | None:
    """Return the mention that a pronoun is, of the agreement or the part named last; `found`: those before it.

    It must stand where a text that binds would, and nothing else may have come up since that could stand there.
    """
    word = token.lower_
    if word not in _ONE | _SEVERAL or not found:
        return None
    place = _place(page, token)
    if place is None:
        return None
    at = sx.start(token)
    last = next((r for r in reversed(found) if r.number is None), None)
    if last is None or at - last.span[1] > _FAR:
        return None
    if page.sentence_index(at) - page.sentence_index(last.span[0]) > _SENTENCES:
        return None
    head = page.token_at(last.head)
    if head is None or (head.tag_ in ("NNS", "NNPS")) != (word in _SEVERAL) or _has_rival(page, token, last, place):
        return None
    parts = [p for p in find_parts(page.text, max(last.span[0] - _FAR, 0), at) if not p.weak]
    beside = [p for p in parts if p.span[1] + 12 >= last.span[0] and p.span[0] >= last.span[0] - 40]
    numbers = beside[-1].numbers if beside else ()
    number = numbers[0] if len(numbers) == 1 and word in _ONE else None
    return AgreementRef((at, sx.end(token)), at, last.agreement, last.label, number, "anaphora", 0.6)


def _place(page: Annotated, token: Token) -> str | None:
    """Return the conduct that judges what a pronoun stands for, "reading" where it is read, None for other places."""
    if token.dep_ in ("nsubj", "nsubjpass") and not is_passive(token.head):
        return "reading" if _is_said_of_texts(page, token.head) else None
    if token.dep_ in ("dobj", "nsubjpass"):
        return _judged(page, token.head, "verb")
    if token.dep_ != "pobj":
        return None
    before = list(token.doc[max(token.i - _LONGEST, token.sent.start) : token.i])
    entry = _phrase(page, before)
    if entry is not None:
        return entry.concept or "reading"
    noun = token.head.head
    if token.head.lower_ == "of" and (noun.lemma_.lower() in _SHARES or noun.lower_ in _NO_SHARE):
        return _judged(page, noun.head, "verb") if noun.dep_ in ("dobj", "nsubjpass", "nsubj") else None
    if is_verb(noun):
        return _judged(page, noun, "verb", token.head.lower_)
    return _judged(page, noun, "noun", token.head.lower_) if noun.pos_ == "NOUN" else None


def _judged(page: Annotated, word: Token, pos: str, preposition: str = "") -> str | None:
    """Return the conduct that a word tells, where it may lead to its object by `preposition`."""
    for lemma, entry in page.lexicon.starting("ConductCue", word.lemma_.lower()):
        if entry.pos != pos or entry.concept not in _JUDGED or "infinitive" in entry.frames:
            continue
        rest = [c.lower_ for c in word.children if c.i > word.i]
        if pos == "verb":
            led = lemma[-1] == preposition or preposition in entry.prepositions if preposition else True
            if led and all(w in rest for w in lemma[1:]) and (preposition or len(lemma) < 3):
                return entry.concept
        elif len(lemma) == 1 and (preposition == "of" or preposition in entry.prepositions):
            return entry.concept
    if preposition == "to" and pos == "noun" and any(_is_party(e) for e in _readings(page, word)):
        return "reading"  # "is no party to it"
    return None


def _is_party(entry: Entry) -> bool:
    return entry.pos == "noun" and "source-marker" in entry.frames


def _readings(page: Annotated, word: Token) -> tuple[Entry, ...]:
    return page.lexicon.of("ReadingCue", word.lemma_.lower())


def _phrase(page: Annotated, before: list[Token]) -> Entry | None:
    """Return the phrase that ends right before a pronoun: "in breach of", "pursuant to", "under"."""
    plain = [t.lower_ for t in before if t.pos_ not in ("ADJ", "ADV")]
    for kind in ("ConductCue", "ReadingCue"):
        for entry in page.lexicon.kinds(kind):
            judged = entry.concept in _JUDGED if kind == "ConductCue" else "source-marker" in entry.frames
            if entry.pos == "phrase" and judged and any(tuple(plain[-len(w) :]) == w for w in entry.lemmas):
                return entry
    return None


def _is_said_of_texts(page: Annotated, verb: Token) -> bool:
    """Tell whether what a verb says is said of texts: "obliges", "covers", "is no longer in force", "still stands"."""
    lemma = verb.lemma_.lower()
    if any(e.pos == "verb" for e in page.lexicon.of("ReportingCue", lemma)):
        return False  # "it says": a government
    if verb.tag_ in ("VBZ", "VBD") and any(e.pos == "verb" and len(e.lemmas) for e in _readings(page, verb)):
        return child(verb, "dobj", "ccomp", "xcomp", "prep") is not None
    if lemma not in ("be", "remain", "become", "stay", "seem"):
        return False
    for word in (t for c in verb.children if c.dep_ in _SMALL for t in (c, *c.children)):
        for kind in ("ConductCue", "ReadingCue"):
            for words, entry in page.lexicon.starting(kind, word.lower_):
                after = tuple(t.lower_ for t in word.doc[word.i : word.i + len(words)])
                stands = "object-as" in entry.frames if kind == "ReadingCue" else entry.concept == "withdrawal"
                if entry.pos in ("adjective", "phrase") and after == words and stands:
                    return True
    return False


def _has_rival(page: Annotated, token: Token, last: AgreementRef, place: str) -> bool:
    """Tell whether something else has come up since an agreement was named that the pronoun may mean rather."""
    for noun in page.tokens_in((last.span[1], sx.start(token))):
        if noun.pos_ != "NOUN" or noun.tag_ == "NNS" or noun.dep_ in ("compound", "nmod", "npadvmod"):
            continue
        lemma = noun.lemma_.lower()
        if lemma in page.lexicon.lemmas("AgreementNoun"):
            continue
        if any(e.pos == "noun" for e in page.lexicon.of("ReadingCue", lemma)):
            return True
        if any(e.force == "pledges" for e in page.lexicon.of("ReportingCue", lemma, "noun")):
            return True
        core = noun.dep_ in ("dobj", "nsubj", "nsubjpass") and page.names.covering(sx.start(noun)) is None
        told = page.lexicon.of("PersonNoun", lemma) or page.lexicon.of("CommuniqueNoun", lemma)
        if place in _LEFT | {"reading"} and core and not told:
            return True
    return False
