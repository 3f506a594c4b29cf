"""Charges of breach and claims of compliance: "violates the agreement", "in breach of", "abides by the deal"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims import participants
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.parts import is_unit
from pacta.claims.validity import validity
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import agent, child, is_negated, is_passive, is_verb, subject, subtree

LEAVING = frozenset({"suspension", "withdrawal"})
_NEGATING = frozenset({"neither", "none", "nothing"})
_MEASURED = frozenset({"as", "under", "per", "by", "than", "unlike", "like"})
_IF = frozenset({"if", "unless"})
_CLAUSES = frozenset({"advcl", "ccomp", "relcl", "acl"})
_ABOVE = 4  # words above one of compliance that may undo it
_LITTLE = frozenset(
    {"less", "fewer", "barely", "hardly", "scarcely", "partly", "partially", "half", "few", "little", "least"}
)
_WORDS = 5  # words before a mention in which "in strict compliance with" stands
_NEXT = 3  # words behind a verb in which its measure may begin
_MONTHS = frozenset(datetime(2000, month, 1).strftime("%B") for month in range(1, 13))
_OPPOSITE = {"breach": "compliance", "compliance": "breach"}


@dataclass(frozen=True, slots=True)
class Conduct:
    """A charge: the conduct (breach, compliance), the agreement, who is charged or praised, the word that says it."""

    trigger: Token
    conduct: str
    ref: AgreementRef
    actor: str | None


def find_conduct(
    page: Annotated,
    resolver: Resolver,
    tokens: list[Token],
    refs: tuple[AgreementRef, ...],
    charged: Token | None,
) -> Conduct | None:
    """Return the charge a content makes against an agreement mentioned in reach of its words, or None.

    Of several the first charge of breach counts: what else is said of keeping an agreement leads up to it.
    """
    found = [c for token in tokens if (c := _conduct(page, resolver, token, tokens, refs, charged)) is not None]
    return next((c for c in found if c.conduct != "compliance"), found[0] if found else None)


def _conduct(
    page: Annotated,
    resolver: Resolver,
    token: Token,
    tokens: list[Token],
    refs: tuple[AgreementRef, ...],
    charged: Token | None,
) -> Conduct | None:
    for lemma, entry in page.lexicon.starting("ConductCue", token.lemma_.lower()):
        if not _fits(token, lemma) or "infinitive" in entry.frames:  # "failed to sign" judges no agreement
            continue
        if entry.pos in ("verb", "noun") and (entry.pos == "verb") != (is_verb(token) or _is_taken_for_noun(token)):
            continue
        if entry.objects and not entry.objects & {c.lemma_.lower() for c in token.subtree if c != token}:
            continue
        conduct = entry.concept
        words = token.doc[token.i : token.i + len(lemma)]
        ref = _ref_in_reach(words[-1] if entry.pos == "phrase" else token, refs)
        if ref is None or conduct in LEAVING or _is_supposed(token):
            continue
        negated = is_verb(token) and (is_negated(token) or any(t.lower_ in _NEGATING for t in token.subtree))
        short = conduct == "compliance" and is_verb(token) and _falls_short(token)
        if negated or short or (conduct == "compliance" and _undone(page, token, tokens)):
            conduct = _OPPOSITE.get(conduct, conduct)
        actor = None if _is_by_date(token) else participants.perpetrator(page, resolver, token, charged, tokens)
        if actor is None and entry.pos == "phrase":
            actor = participants.bearer_of_phrase(page, resolver, token)
        return Conduct(token, conduct, ref, resolver.principal(actor))
    return None


def bare_conduct(page: Annotated, resolver: Resolver, tokens: list[Token]) -> Iterator[tuple[Token, str, str | None]]:
    """Yield the words that judge how something agreed is kept but name no agreement, the conduct and whose it is.

    "Has carried out its commitments", "persists in its violations", "those who failed to comply": what is kept is what
    a side owes, or nothing is said of it.
    """
    for token in tokens:
        for lemma, entry in page.lexicon.starting("ConductCue", token.lemma_.lower()):
            conduct, verb = entry.concept, is_verb(token)
            told = (
                entry.pos == ("verb" if verb else "noun") and _fits(token, lemma) and "infinitive" not in entry.frames
            )
            if (
                not told
                or conduct not in _OPPOSITE
                or _is_supposed(token)
                or any(c.tag_ == "MD" for c in token.children)
            ):
                continue
            owned = verb and _is_owed(page, child(token, "dobj", "nsubjpass"))
            left_open = verb and len(lemma) == 1 and "with" in entry.prepositions and not _has_object(token)
            theirs = not verb and conduct == "breach" and _is_theirs(token)
            if not (owned or left_open or theirs):
                continue
            negated = verb and (is_negated(token) or _falls_short(token))
            if negated or (conduct == "compliance" and _undone(page, token, tokens)):
                conduct = _OPPOSITE[conduct]
            yield token, conduct, resolver.principal(_whose(page, resolver, token, tokens))
            break


def _is_by_date(verb: Token) -> bool:
    """Tell whether what follows "by" is a month or a year: "was carried out by October 2008"."""
    by = agent(verb) if is_verb(verb) else None
    return by is not None and (by.text in _MONTHS or by.text.isdigit())


def _whose(page: Annotated, resolver: Resolver, token: Token, tokens: list[Token]) -> str | None:
    """Return whose conduct a word tells: of "N persists in its violations" the subject's, not that of "its"."""
    verb = token
    while not is_verb(verb) and verb.head != verb:
        verb = verb.head
    found = subject(verb) if verb != token and is_verb(verb) and not is_passive(verb) else None
    doer = participants.actor_in(page, resolver, found[0]) if found is not None else None
    return doer or participants.perpetrator(page, resolver, token, None, tokens)


def _is_owed(page: Annotated, noun: Token | None) -> bool:
    """Tell whether an object is what a side owes: "its commitments", not "its commitments to the farmers"."""
    if noun is None or not any(c.dep_ == "poss" for c in noun.children) or child(noun, "prep") is not None:
        return False
    lemma = noun.lemma_.lower()
    owed = any(e.pos == "noun" for e in page.lexicon.of("ReadingCue", lemma))
    return owed and lemma in page.lexicon.lemmas("AgreementAnaphor")


def _is_theirs(noun: Token) -> bool:
    """Tell whether a noun of breach says whose it is and not of what: "its violations"."""
    return any(c.dep_ == "poss" for c in noun.children) and child(noun, "prep") is None


def _has_object(verb: Token) -> bool:
    return child(verb, "dobj", "nsubjpass", "prep", "ccomp", "xcomp") is not None


def leaving(page: Annotated, tokens: list[Token], ref: AgreementRef) -> tuple[Token, str] | None:
    """Return the word and the conduct (suspension, withdrawal) by which a content says that somebody leaves `ref`."""
    for token in tokens:
        if ref.span[0] <= sx.start(token) < ref.span[1]:  # "the withdrawal agreement"
            continue
        for lemma, entry in page.lexicon.starting("ConductCue", token.lemma_.lower()):
            conduct = entry.concept
            fits = conduct in LEAVING and _fits(token, lemma) and (entry.pos == "verb") == is_verb(token)
            if not fits or entry.pos == "adjective" or is_negated(token):
                continue
            if _ref_in_reach(token, (ref,)) is None or _in_clause_below(page, token, ref):
                continue
            held = _is_object_of(page, token, lemma[-1], ref) if len(lemma) > 1 and entry.pos == "verb" else None
            # "no longer bound by the accord": there "by" belongs to the phrase
            if held or (held is None and (entry.pos == "phrase" or not _is_measure(page, ref))):
                return token, conduct
    judged = validity(page, tokens, ref)
    return (judged[0], "withdrawal") if judged is not None and not judged[1] else None


def _is_object_of(page: Annotated, verb: Token, word: str, ref: AgreementRef) -> bool | None:
    """Tell whether what a verb's preposition leads to is an agreement, or what one owes by it; None without one.

    "Withdraw from the hills under the accord" leaves the hills.
    """
    nouns = [n for p in verb.children if p.lower_ == word and p.dep_ == "prep" for n in p.children if n.dep_ == "pobj"]
    for noun in nouns:
        if ref.span[0] <= sx.start(noun) < ref.span[1]:
            return True
        lemma = noun.lemma_.lower()
        owed = any(e.pos == "noun" for e in page.lexicon.of("ReadingCue", lemma)) or is_unit(noun.lower_)
        return owed or lemma in page.lexicon.lemmas("AgreementNoun")
    return None


def _is_measure(page: Annotated, ref: AgreementRef) -> bool:
    """Tell whether a mention only says by what something is done: "leave the hills as the accord says", "under it"."""
    first = next(iter(page.tokens_in(ref.span)), None)
    before = [t for t in first.doc[max(first.i - _WORDS, 0) : first.i] if t.tag_ != "DT"] if first is not None else []
    if before and before[-1].lower_ in _MEASURED:
        return True
    said = tuple(t.lower_ for t in before)  # "contrary to", "in line with"
    phrases = (e for kind in ("ConductCue", "ReadingCue") for e in page.lexicon.kinds(kind) if e.pos == "phrase")
    judging = (e for e in phrases if e.concept not in LEAVING)
    return any(lemma == said[-len(lemma) :] for e in judging for lemma in e.lemmas if len(lemma) > 1)


def _in_clause_below(page: Annotated, token: Token, ref: AgreementRef) -> bool:
    """Tell whether a mention stands in a clause of its own under a word: "to leave, as the accord requires"."""
    at = page.token_at(ref.head)
    while at is not None and at != token and at.head != at:
        if at.dep_ in _CLAUSES or _is_beside(at):
            left = child(token, "dobj")
            held = left is not None and left.lemma_.lower() in page.lexicon.lemmas("AgreementAnaphor")
            return not held and any(up == token for up in at.ancestors)  # but "ends its obligation, as the accord has"
        at = at.head
    return False


def _is_taken_for_noun(token: Token) -> bool:
    """Tell whether a "noun" has an object, so that it is a verb: "this contravenes the accord"."""
    return token.tag_ == "NNS" and child(token, "dobj") is not None


def _is_beside(verb: Token) -> bool:
    """Tell whether a verb is a second statement beside another: "X left and Y invoked Article 36"."""
    return verb.dep_ == "conj" and is_verb(verb) and child(verb, "nsubj", "nsubjpass") is not None


def _is_supposed(token: Token) -> bool:
    """Tell whether a word stands in a condition: "if they break the accord" charges nobody."""
    return any(t.dep_ == "advcl" and any(c.lower_ in _IF for c in t.children) for t in (token, *token.ancestors))


def _undone(page: Annotated, token: Token, tokens: list[Token]) -> bool:
    """Tell whether what stands over a word of compliance undoes it: "no progress in keeping", "refused to honour"."""
    at = token
    inside = {(id(t.doc), t.i) for t in tokens}
    for _ in range(_ABOVE):
        if at.head == at or (id(at.doc), at.head.i) not in inside:
            return False
        at = at.head
        if is_negated(at) or any(c.dep_ == "det" and c.lower_ == "no" for c in at.children):
            return True
        values = {e.concept for e in page.lexicon.of("ConductCue", at.lemma_.lower())}
        if values & {"breach", "blame"} and at.tag_ != "RB":
            return True
        if is_verb(at) and any(c.dep_ in ("nsubj", "nsubjpass") and _is_none(c) for c in at.children):
            return True
    return False


def _falls_short(verb: Token) -> bool:
    """Tell whether little of what is owed is said to be kept: "has barely kept", "less than a third of the accord"."""
    noun = child(verb, "dobj", "nsubjpass")
    if noun is None:  # "less than a third of": the parser may hang it on another verb
        noun = next((t for t in verb.doc[verb.i + 1 : verb.i + 1 + _NEXT] if t.lower_ in _LITTLE), None)
    words = [] if noun is None else [noun, *noun.children]
    return any(t.lower_ in _LITTLE for t in (*words, *(c for c in verb.children if c.dep_ == "advmod")))


def _is_none(token: Token) -> bool:
    return token.lower_ in ("nothing", "none", "nobody") or any(c.lower_ == "no" for c in token.children)


def _fits(token: Token, lemma: tuple[str, ...]) -> bool:
    if len(lemma) == 1:
        return True
    near = token.doc[token.i : token.i + len(lemma) + 2]
    after = [t for t in near if t.pos_ != "ADV" or t.lower_ in lemma][: len(lemma)]  # "remains fully committed to"
    if len(after) == len(lemma) and all(w in (t.lower_, t.lemma_.lower()) for w, t in zip(lemma, after, strict=True)):
        return True
    return is_verb(token) and all(any(c.lower_ == w for c in token.children if c.i > token.i) for w in lemma[1:])


def _ref_in_reach(token: Token, refs: tuple[AgreementRef, ...]) -> AgreementRef | None:
    """Return the first agreement mention among the words that depend on `token`, or that follow in its clause."""
    patient = child(token, "nsubjpass")
    below = [sx.start(t) for t in subtree(token) if t.i >= token.i] + [sx.start(t) for t in _antecedent(token)]
    below += [sx.start(t) for t in subtree(patient)] if patient is not None else []
    for ref in refs:
        if any(ref.span[0] <= at < ref.span[1] for at in below):
            return ref
    if not below:
        return None
    after = [r for r in refs if 0 <= r.span[0] - sx.end(token) <= 40 and r.span[0] < sx.end(token.sent[-1])]
    return after[0] if after else None


def _antecedent(verb: Token) -> list[Token]:
    """Return the words that a relative clause tells what is done to: "point 4, which N never kept", "is the part that".

    Where the clause has the relative word as its subject, what it tells is what the noun before it does.
    """
    doer = child(verb, "nsubj")
    if verb.dep_ != "relcl" or (doer is not None and doer.tag_ in ("WDT", "WP")):
        return []
    noun = verb.head
    words = [t for t in noun.subtree if t.i < verb.i]
    who = child(noun.head, "nsubj") if noun.dep_ == "attr" else None
    return words + (list(who.subtree) if who is not None else [])
