"""Which statement a denial or dismissal answers, and when an assertion is a counter-charge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.model import Proposition, Span, Statement
from pacta.statements.grammar import is_negated, is_passive, is_verb, subject
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_MEMORY = 60  # statements back that a reply may answer: a page or two
_REACH = 8  # statements back that "that" may mean where it concerns the speaker
_NEXT = 2  # statements back within which an answer needs no word in common
_STEM = 6  # letters that tell "endorse" and "endorsement" from other words
_CONTRAST = frozenset({"but", "however", "while", "whereas", "though", "although", "yet"})
_ANAPHORS = frozenset({"that", "this", "it", "them", "these", "those", "which"})


def rejected(assembly: Assembly, said: Said) -> Statement | None:
    """Return the statement that an anaphoric content ("that", "the claim") points to, or None where it tells its own.

    A noun of speech is matched with the cue of what it takes up ("the claim": what was claimed); otherwise, and among
    several, the latest statement of another side that concerns the rejecting speaker, else the latest of another side.
    """
    head = _anaphor(assembly, said)
    if head is None:
        return None
    others = _others(assembly, said)
    lemma = head.lemma_.lower()
    if lemma not in _ANAPHORS:
        named = [s for s in others if _cue_matches(assembly, s, lemma)]
        others = named or others
    what = _for_what(head)
    if what is not None or _is_part(assembly, lemma):  # "responsibility for the death of N": for what was told of
        told = [s for s in others if assembly.propositions[s.proposition].kind == "incident"]
        deed = matter(list(what.subtree)) if what is not None else set()
        same = [s for s in told if deed & matter(list(assembly.said[s.id].tokens))]
        charges = [s for s in told if s.force == "accuses" and _concerns(assembly, s, said.speaker)]
        if told:
            return (same or charges or told)[-1]
    concerned = [s for s in others if _concerns(assembly, s, said.speaker)]
    recent = others[-_REACH:]
    return next((s for s in reversed(recent) if s in concerned), None) or (others[-1] if others else None)


def _for_what(noun: Token) -> Token | None:
    """Return the deed behind "responsibility for …", "a role in …"."""
    for prep in noun.children:
        if prep.dep_ == "prep" and prep.lower_ in ("for", "in"):
            return next((c for c in prep.children if c.dep_ == "pobj"), None)
    return None


def _is_part(assembly: Assembly, lemma: str) -> bool:
    """Tell whether a noun names one's part in a deed ("responsibility for"), not what was said of it ("the claim")."""
    return any(entry.prepositions for entry in assembly.page.lexicon.of("RejectionTargetNoun", lemma))


def same_matter(assembly: Assembly, said: Said, proposition: Proposition) -> Statement | None:
    """Return the earlier statement of another side that affirms what this one rejects in its own words."""
    for statement in reversed(_others(assembly, said)):
        other = assembly.propositions[statement.proposition]
        if other.kind != proposition.kind:
            continue
        if proposition.kind == "incident" and proposition.incident == other.incident:
            return statement
        if proposition.kind == "evaluation" and (proposition.against, proposition.conduct) == (
            other.against,
            other.conduct,
        ):
            return statement
        if proposition.kind == "interpretation" and _same_duties(proposition, other):
            return statement
        if overlap(assembly.page, said, assembly.said.get(statement.id)) >= 0.5:
            return statement
    mine = _nouns(said)
    others = _others(assembly, said)
    concerned = [s for s in others if _concerns(assembly, s, said.speaker)]
    for pool in (concerned, others):
        shared = [(len(mine & _nouns(assembly.said[s.id])), n, s) for n, s in enumerate(pool)]
        best = max(shared, key=lambda x: x[:2], default=None)
        if best is not None and best[0] > 0:
            return best[2]
    return None


def _nouns(said: Said) -> set[str]:
    return {t.lemma_.lower() for t in said.tokens if t.pos_ == "NOUN" and not t.is_stop}


def charge_met(assembly: Assembly, said: Said, tokens: list[Token]) -> Statement | None:
    """Return the latest charge of another side against the speaker's that speaks of what `tokens` speak of."""
    everybodys = {lemma[:_STEM] for lemma in assembly.page.lexicon.lemmas("AgreementNoun")}  # all sides speak of it
    mine = matter(tokens) - everybodys
    for statement in reversed(_others(assembly, said)):
        if statement.force in ("accuses", "condemns", "asserts") and _concerns(assembly, statement, said.speaker):
            theirs = matter(list(assembly.said[statement.id].tokens))
            if mine & theirs:
                return statement
    return None


def rejected_before(assembly: Assembly, said: Said) -> Statement | None:
    """Return the denial that the same side has told last, in this sentence or the two before it."""
    principal = assembly.resolver.principal
    last = next((s for s in reversed(assembly.statements) if s.id in assembly.said), None)
    if last is None or last.force != "denies" or principal(last.speaker) != principal(said.speaker):
        return None
    return last if said.sentence - assembly.said[last.id].sentence <= _NEXT else None


def charged_with(assembly: Assembly, said: Said, tokens: list[Token]) -> Statement | None:
    """Return the latest charge of another side against the speaker's on the same matter, or right before."""
    met = charge_met(assembly, said, tokens)
    return met if met is not None and met.force in ("accuses", "condemns") else charge_before(assembly, said)


def charge_before(assembly: Assembly, said: Said) -> Statement | None:
    """Return the charge of another side against the speaker's that stands right before, whatever it speaks of."""
    recent = _others(assembly, said)[-_NEXT:]
    charges = (s for s in reversed(recent) if s.force in ("accuses", "condemns"))
    return next((s for s in charges if _concerns(assembly, s, said.speaker)), None)


def last_against(assembly: Assembly, said: Said) -> Statement | None:
    """Return the latest statement of another side that concerns the speaker's."""
    recent = _others(assembly, said)[-_REACH:]
    return next((s for s in reversed(recent) if _concerns(assembly, s, said.speaker)), None)


def contrasted(assembly: Assembly, said: Said, tokens: list[Token]) -> Statement | None:
    """Return the statement beside which another side's is set with "but" or "while", on the same matter."""
    before = [s for s in _others(assembly, said) if assembly.said[s.id].sentence in (said.sentence, said.sentence - 1)]
    sentence = assembly.page.sentences[said.sentence][1]
    if not before or not any(t.lower_ in _CONTRAST for t in sentence if t.idx < tokens[0].idx):
        return None
    shared = matter(tokens) & matter(list(assembly.said[before[-1].id].tokens))
    return before[-1] if shared else None


def matter(tokens: list[Token]) -> set[str]:
    """Return the stems of the words that say what is spoken of; names are not among them."""
    return {_stem(t) for t in tokens if t.pos_ in ("NOUN", "ADJ", "VERB") and not t.is_stop}


def _stem(token: Token) -> str:
    return token.lemma_.lower()[:_STEM]


def is_countercharge(assembly: Assembly, said: Said) -> bool:
    """Tell whether the words that go with a denial turn on the side that is answered: "denied that, saying X is …"."""
    if said.cue_head is None:
        return False
    beside = said.cue_head.tag_ == "VBG"
    deed = is_verb(said.root) and said.root.lemma_ != "be" and not is_negated(said.root) and not is_passive(said.root)
    if not beside and not deed:
        return False
    rejections = [
        s
        for s in assembly.statements[-_MEMORY:]
        if (o := assembly.said.get(s.id)) is not None
        and (o.sentence == said.sentence or (deed and o.sentence == said.sentence - 1))
        and s.speaker == said.speaker
        and s.responds_to is not None
    ]
    if not rejections:
        return False
    answered = next(s for s in assembly.statements if s.id == rejections[-1].responds_to)
    found = subject(said.root)
    about = assembly.resolver.actor(found[0], create=False) if found is not None else None
    resolver = assembly.resolver
    return about is not None and resolver.principal(about) == resolver.principal(answered.speaker)


def overlap(page: Annotated, a: Said, b: Said | None) -> float:
    """Return the share of content words two ascriptions have in common (Jaccard over lemmas)."""
    if b is None:
        return 0.0
    mine, yours = _lemmas(a), _lemmas(b)
    return len(mine & yours) / len(mine | yours) if mine | yours else 0.0


def _lemmas(said: Said) -> set[str]:
    return {t.lemma_.lower() for t in said.tokens if not (t.is_stop or t.is_punct)}


def _anaphor(assembly: Assembly, said: Said) -> Token | None:
    """Return the head of a content that only points back: a pronoun, or "the claim" without a clause of its own."""
    words = re.findall(r"\w+", " ".join(assembly.page.text[a:b] for a, b in said.content))
    root = said.target if said.frame == "object-as" and said.target is not None else said.root
    if root.lower_ in _ANAPHORS and (len(words) <= 2 or said.frame == "object-as"):
        return root
    nouns = assembly.page.lexicon.lemmas("RejectionTargetNoun") | assembly.page.lexicon.lemmas("CommuniqueNoun")
    if root.lemma_.lower() not in nouns:
        return None
    complements = [
        c
        for c in root.children
        if (c.dep_ in ("acl", "ccomp", "relcl") and c != said.cue_head)
        or (c.dep_ == "prep" and c.lower_ in ("of", "that"))
    ]
    return None if complements else root


def _others(assembly: Assembly, said: Said) -> list[Statement]:
    """Statements so far by another side than the speaker's, that are not rejections themselves, in reading order."""
    principal = assembly.resolver.principal
    mine = principal(said.speaker)
    start = said.content[0][0]
    recent = assembly.statements[-_MEMORY:]
    known = [s for s in recent if s.id in assembly.said and principal(s.speaker) != mine]
    known = [s for s in known if not any(a <= start < b for a, b in assembly.said[s.id].content)]  # told within it
    fit = [s for s in known if s.force not in REJECTING and assembly.said[s.id].content[0][0] < start]
    return sorted(fit, key=lambda s: assembly.said[s.id].content[0][0])


def _cue_matches(assembly: Assembly, statement: Statement, noun: str) -> bool:
    """Tell whether the cue of a statement is of the noun's family: the same stem ("claimed": "claim")."""
    said = assembly.said[statement.id]
    if said.cue_head is None:
        return False
    lemma = said.cue_head.lemma_.lower()
    return lemma[:4] == noun[:4]


def _concerns(assembly: Assembly, statement: Statement, actor: str) -> bool:
    """Tell whether a statement charges or names the actor's side."""
    principal = assembly.resolver.principal
    mine = principal(actor)
    return any(principal(a) == mine for a in concerned(assembly, statement))


def concerned(assembly: Assembly, statement: Statement) -> list[str]:
    """Return the actors that a statement charges, binds or names."""
    proposition = assembly.propositions[statement.proposition]
    named = [p.actor for p in proposition.participations] + list(proposition.about)
    named += [o.bearer for o in proposition.obligations if o.bearer]
    if statement.id in assembly.said:
        spans: tuple[Span, ...] = assembly.said[statement.id].content
        hits = [h for span in spans for h in assembly.page.names.within(span)]
        named += [a for h in hits if (a := assembly.resolver.named(h)) is not None]
    return named


def _same_duties(a: Proposition, b: Proposition) -> bool:
    def duties(p: Proposition) -> set[tuple[object, ...]]:
        return {(o.bearer, o.requires, o.scope) for o in p.obligations}

    return a.interprets == b.interprets and bool(duties(a) & duties(b))
