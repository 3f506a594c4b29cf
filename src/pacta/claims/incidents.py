"""Accounts of incidents: the deed a content tells of, and which accounts of a document tell of the same incident."""

from __future__ import annotations

from dataclasses import dataclass, field

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims import kinds, participants
from pacta.lexicon import Entry
from pacta.model import LocationMention, Span, TimeMention
from pacta.reference import Reference
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, is_negated, is_verb
from pacta.vocabulary import concept

_DATE = 40  # characters that the words of a date take at most
# Top kinds that are deeds; agreements, talks, demands, charges and refusals are statements, not incidents.
_DEEDS = ("assault", "coercion", "mobilization", "protest", "sanction", "retreat")
_LEARNED = ("assault", "coercion", "sanction")  # the deeds that the model of kinds has seen enough of


@dataclass(frozen=True, slots=True)
class Account:
    """What a content tells of one deed. `definite`: "the attack", which points back rather than tells anew."""

    trigger: Token
    kind: str
    perpetrator: str | None
    target: str | None
    time: TimeMention | None
    place: str | None
    location: LocationMention | None
    casualties: int | None
    definite: bool
    negated: bool = False
    past: bool = True  # told as done, not as a habit or a plan


def find_account(
    page: Annotated, resolver: Resolver, tokens: list[Token], spans: tuple[Span, ...], charged: Token | None
) -> Account | None:
    """Return the account of the deed highest in the syntax of a content, or None where it tells of none."""
    triggers = [(t, e) for t in tokens if (e := trigger_entry(page, t, tokens)) is not None]
    taken = {t2.i for t, e in triggers for t2 in (*t.children, t.head) if t2 != t and t2.lemma_.lower() in e.objects}
    triggers = [(t, e) for t, e in triggers if t.i not in taken]
    if not triggers and charged is not None:  # "blamed the death on N"
        triggers = [(t, e) for t in tokens if (e := _harm_entry(page, t)) is not None]
    if not triggers:  # no word of the lexicon: the learned model, where it is sure
        learned = kinds.deed(page.lexicon, page.reference, tokens, _LEARNED)
        triggers = [learned] if learned is not None else []
    if not triggers:
        return None
    # who was killed or hurt tells less than what hit them
    told = [(t, e) for t, e in triggers if not _is_harm(e)] or triggers
    token, entry = min(told, key=lambda p: (_depth(p[0]), not p[1].requires, p[0].i))
    kind = entry.value or ""
    finer = [e for _, e in triggers if e.value and kind in set(page.reference.broader(e.value)) and e.requires]
    place, location = participants.where(page, spans)
    by = participants.perpetrator(page, resolver, token, charged, tokens)
    if by is None and charged is None and concept("incident-kind", "assault") in page.reference.broader(kind):
        by = participants.origin(page, resolver, token)
    return Account(
        token,
        (finer[0].value or kind) if finer else kind,
        by,
        participants.target(page, resolver, token, entry.objects),
        participants.when(page, spans),
        place,
        location,
        casualties(page, tokens) if not _is_harm(entry) else _harmed(token) or casualties(page, tokens),
        _definite(token) if not is_verb(token) else any(_definite(t) for t, _ in triggers if t.head == token),
        _negated(token),
        _past(token),
    )


def trigger_entry(page: Annotated, token: Token, tokens: list[Token]) -> Entry | None:
    """Return the most telling lexicon entry that `token` triggers here; of deeds only."""
    if (
        token.dep_ in ("compound", "nmod")
        and token.head in tokens
        and len(_readings(token)) == 1
        and not is_verb(token)
    ):
        return None  # "the attack helicopter", "the drone strike": the head noun decides
    fitting: list[tuple[int, int, Entry]] = []
    if token.lemma_.lower() in page.lexicon.lemmas("CasualtyNoun"):
        return None  # who was hurt is told of a deed, it is none
    at = sx.start(token)
    if token.pos_ == "PROPN" and any(
        t.span[0] <= at for t in page.times_in((at - _DATE, at + _DATE)) if at < t.span[1]
    ):
        return None  # the month of March
    found = [
        (lemma, entry)
        for word, verbal in _readings(token)
        for lemma, entry in page.lexicon.starting("IncidentTrigger", word)
        if _pos_fits(entry, token, verbal)
    ]
    for lemma, entry in found:
        if not _rest_fits(token, lemma[1:]) or not _is_deed(entry, page.reference):
            continue
        if entry.objects and not entry.objects & _object_lemmas(token):
            continue
        if entry.requires and not entry.requires & _clause_lemmas(token, tokens):
            continue
        near = {c.lemma_.lower() for c in token.children} & entry.requires
        fitting.append((bool(entry.requires) + bool(near), len(lemma) + bool(entry.objects), entry))
    if not fitting:
        return None
    return max(fitting, key=lambda f: (f[0], f[1], f[2].iri))[2]


def _harm_entry(page: Annotated, token: Token) -> Entry | None:
    """Return the entry of a noun that counts the dead, as the deed that killed them."""
    entries = page.lexicon.of("IncidentTrigger", token.lemma_.lower(), "noun")
    return next((e for e in entries if _is_harm(e) and token.pos_ == "NOUN"), None)


def _readings(token: Token) -> list[tuple[str, bool]]:
    """Return (lemma, as a verb) of a token; an -ing noun beside its object may be a verb the parser misread."""
    lemma = token.lemma_.lower()
    if not (lemma.endswith("ing") and token.tag_ == "NN" and token.dep_ == "compound"):
        return [(lemma, is_verb(token))]
    stem = lemma[:-3]
    return [(lemma, False), (stem, True), (stem + "e", True)] + (
        [(stem[:-1], True)] if stem[-2:-1] == stem[-1:] else []
    )


def _pos_fits(entry: Entry, token: Token, verbal: bool) -> bool:
    return entry.pos == "phrase" or (verbal if entry.pos == "verb" else token.pos_ in ("NOUN", "PROPN"))


def _rest_fits(token: Token, rest: tuple[str, ...]) -> bool:
    at = token.i
    for word in rest:
        at += 1
        if at < len(token.doc) and word in (token.doc[at].lower_, token.doc[at].lemma_.lower()):
            continue
        if any(word in (c.lower_, c.lemma_.lower()) for c in token.children if c.i > token.i):
            continue
        return False
    return True


def _definite(noun: Token) -> bool:
    """Tell "the attack", "the strike hit …" from a deed told anew."""
    if is_verb(noun):
        return False
    return any(c.dep_ == "det" and c.lower_ in ("the", "this", "that", "these") for c in noun.children)


def _is_deed(entry: Entry, reference: Reference) -> bool:
    tops = {concept("incident-kind", name) for name in _DEEDS}
    return entry.value is not None and bool(tops & set(reference.broader(entry.value)))


def _negated(token: Token) -> bool:
    """Tell whether a deed is said not to have happened: "did not attack", "no troops crossed", "nobody shelled"."""
    if is_verb(token):
        at = token
        while at.dep_ in ("xcomp", "conj") and at.head != at:
            if is_negated(at):
                return True
            at = at.head
        nouns = [c for c in (*token.children, *at.children) if c.dep_ in ("nsubj", "nsubjpass", "dobj")]
        return is_negated(at) or any(_none(n) for n in nouns)
    if _none(token):
        return True
    at = token
    while at.dep_ in ("dobj", "nsubj", "attr", "pobj", "prep", "acomp") and at.head != at:
        at = at.head
        if is_verb(at):
            return is_negated(at)  # "was not behind the attack"
    return False


def _past(token: Token) -> bool:
    if not is_verb(token):
        return True
    helpers = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
    return token.tag_ in ("VBD", "VBG") or bool(helpers & {"did", "had", "has", "have", "was", "were"})


def _none(noun: Token) -> bool:
    return noun.lower_ in ("nobody", "none", "nothing") or any(
        c.dep_ == "det" and c.lower_ == "no" for c in noun.children
    )


def _harmed(trigger: Token) -> int | None:
    """Return how many a verb of harm counts: "killed two officers", "three men were wounded"."""
    hurt = child(trigger, "nsubjpass", "dobj")
    number = child(hurt, "nummod") if hurt is not None else None
    return _number(number.lower_) if number is not None else None


def _is_harm(entry: Entry) -> bool:
    return entry.value in (concept("incident-kind", "killing"), concept("incident-kind", "wounding"))


def _object_lemmas(token: Token) -> set[str]:
    """Lemmas of objects, of nouns after its prepositions, and of the words that make up its compound."""
    found: set[str] = set()
    for part in token.children:
        if part.dep_ in ("dobj", "nsubj", "nsubjpass", "compound", "amod", "nmod", "poss", "npadvmod"):
            found |= {part.lemma_.lower(), *(c.lemma_.lower() for c in part.children if c.dep_ in ("compound", "conj"))}
        elif part.dep_ in ("prep", "prt", "agent"):
            found |= {c.lemma_.lower() for c in part.children if c.dep_ == "pobj"}
    if token.dep_ in ("compound", "amod") or (token.tag_ == "VBG" and token.head.pos_ == "NOUN"):
        found.add(token.head.lemma_.lower())  # "opening fire" read as a compound
    if token.dep_ in ("relcl", "acl"):
        found.add(token.head.lemma_.lower())
    return found


def _clause_lemmas(token: Token, tokens: list[Token]) -> set[str]:
    inside = {t.i for t in tokens if t.doc is token.doc}
    return {t.lemma_.lower() for t in token.sent if t.i in inside}


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token:
        depth += token.dep_ not in ("xcomp", "conj", "pcomp", "prep")
        token = token.head
    return depth


def casualties(page: Annotated, tokens: list[Token]) -> int | None:
    """Return how many persons the content says were killed or hurt; 0 for "no casualties"; None where it is silent."""
    total: int | None = None
    for token in tokens:
        if token.lemma_.lower() not in page.lexicon.lemmas("CasualtyNoun"):
            continue
        counted = _count(token)
        if counted is not None:
            total = counted if total is None else total + counted
    return total


def _count(noun: Token) -> int | None:
    for part in noun.children:
        if part.lower_ in ("no", "without"):
            return 0
        if part.dep_ == "nummod":
            return _number(part.lower_)
    return 0 if noun.dep_ == "pobj" and noun.head.lower_ == "without" else None


_WORDS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
)


def _number(word: str) -> int | None:
    plain = word.replace(",", "")
    return int(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 8 else _WORDS.get(word)


# --- the same incident ------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Known:
    """An incident of this document as its accounts so far have told it."""

    id: str
    kinds: set[str]
    perpetrator: str | None
    target: str | None
    time: TimeMention | None
    headline: bool = False  # told of in a headline alone so far
    triggers: set[Token] = field(default_factory=set)  # the words that told of it


def same(reference: Reference, resolver: Resolver, known: Known, account: Account) -> bool:
    """Tell whether an account fits an incident already told of: kind, agent, target and time do not clash."""
    if account.trigger in known.triggers:
        return True  # one wording within another
    if not any(_kinds_fit(reference, kind, account.kind) for kind in known.kinds):
        return False
    if _clash(resolver.principal(known.perpetrator), resolver.principal(account.perpetrator)):
        return False
    if known.time and account.time and not _overlap(known.time, account.time):
        return False
    shared = (known.perpetrator and account.perpetrator) or (known.time and account.time)
    return bool(shared) or account.definite or known.headline


def _overlap(a: TimeMention, b: TimeMention) -> bool:
    return a.not_before < b.not_after and b.not_before < a.not_after


def _clash(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and a != b


def _kinds_fit(reference: Reference, a: str, b: str) -> bool:
    """Equal, one above the other, or two kinds of one family below the top ("drone strike", "air strike")."""
    above_a, above_b = list(reference.broader(a)), list(reference.broader(b))
    if a in above_b or b in above_a:
        return True
    return len(above_a) > 2 and len(above_b) > 2 and above_a[1] == above_b[1]
