"""What somebody else makes of a content: "…, a charge that X denied", "…, which X confirmed"."""

from __future__ import annotations

from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.statements.extent import Content, content_of
from pacta.statements.grammar import RELATIVE, agent, child, children, subtree
from pacta.vocabulary import REJECTING

_BREAKS = frozenset({",", "-", "\u2013", "\u2014"})
_WHILE = frozenset({"while", "whereas", "although", "though", "after", "before"})


def answered(verb: Token, relative: Token | None, lexicon: Lexicon) -> Content | None:
    """Find what a relative clause rejects or confirms: "…, a charge that X denied", "…, which X denied"."""
    if not _answers(verb, lexicon):
        return None
    noun = verb.head
    if not lexicon.of("RejectionTargetNoun", noun.lemma_.lower()):
        if relative is None:
            return None
        comma = relative.i > 0 and verb.doc[relative.i - 1].text == ","
        return content_of([relative], relative, "object") if comma and relative.lower_ == "which" else None
    return content_of(subtree(noun, without=frozenset({verb.i})), noun, "object")


def _beside(clause: Token, lexicon: Lexicon) -> bool:
    """Tell what another is told to have said meanwhile: "…, while X said that …", "…, a day after X accused Y"."""
    mark = child(clause, "mark")
    if clause.dep_ != "advcl" or mark is None or mark.lower_ not in _WHILE or child(clause, "nsubj") is None:
        return False
    comma = clause.doc[clause.left_edge.i - 1].text == "," and clause.left_edge.i > 0
    return comma and bool(lexicon.of("ReportingCue", clause.lemma_.lower(), "verb"))


def _answers(verb: Token, lexicon: Lexicon) -> bool:
    entries = lexicon.of("ReportingCue", verb.lemma_.lower(), "verb")
    return any(e.force in (*REJECTING, "confirms") for e in entries)


def without_answer(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Leave out what somebody else makes of a content: "…, a charge that X denied"."""
    for noun in tokens:
        if noun.dep_ == "advcl" and _beside(noun, lexicon):
            gone = {t.i for t in noun.subtree}
            return [t for t in tokens if t.i not in gone]
        relative = noun.dep_ == "relcl" or (noun.dep_ == "ccomp" and _is_which(child(noun, "dobj")))
        if not (relative or noun.dep_ == "appos") or noun.doc[noun.left_edge.i - 1].text not in _BREAKS:
            continue
        clauses = [noun] if relative else children(noun, "relcl", "acl")
        told = relative or bool(lexicon.of("RejectionTargetNoun", noun.lemma_.lower()))
        cues = (bool(lexicon.of("ReportingCue", c.lemma_.lower(), "verb")) for c in clauses)
        if told and any(said and _of_another(c) for said, c in zip(cues, clauses, strict=True)):
            gone = {t.i for t in noun.subtree}
            return [t for t in tokens if t.i not in gone]
    return tokens


def _is_which(noun: Token | None) -> bool:
    return noun is not None and noun.lower_ == "which"


def _of_another(clause: Token) -> bool:
    """Tell whether a clause has a subject of its own beside the relative pronoun, or an agent."""
    noun = child(clause, "nsubj")
    return (noun is not None and noun.lower_ not in RELATIVE) or agent(clause) is not None
