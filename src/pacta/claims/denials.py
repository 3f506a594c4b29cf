"""Denials that no word of denial marks: a negation, or "false", in answer to what another side has charged."""

from __future__ import annotations

from pacta.annotations.words import Token
from pacta.claims import replies
from pacta.claims.content import Content
from pacta.claims.incidents import trigger_entry
from pacta.model import Statement
from pacta.statements.grammar import child, is_negated, is_passive, subject
from pacta.vocabulary import concept

_TURN = 20  # sentences of an answer within which what is denied may have been asked before it
_OPENING = 4  # words with which an answer says yes or no
_SHORT = 8  # words of a content that does no more than call something false


def answered(content: Content) -> Statement | None:
    """Return the charge of another side that a content with a negation answers.

    It must speak of the same matter, and deny it of the speaker's own side, or of what the charge is about. So does
    who says that one's own side has done what it owes.
    """
    if not content.is_negative():
        return replies.charged_with(content.assembly, content.said, content.tokens) if _has_done(content) else None
    if all(_is_intent(t) for t in content.tokens if content.negates(t)):
        return None
    met = replies.charge_met(content.assembly, content.said, content.tokens)
    if met is None and any(_of_own(content, t) for t in content.tokens if content.negates(t)):
        met = replies.charge_before(content.assembly, content.said)
    return met or replies.contrasted(content.assembly, content.said, content.tokens)


def contradicts(content: Content) -> bool:
    """Tell whether something is told against what another has said: "contrary to what it claims, no gun was fired"."""
    cue = content.said.cue_head
    around = content.page.sentences[content.said.sentence][1] if cue is not None else ()
    for token in (*content.tokens, *around):
        to = child(token, "prep") if token.lower_ == "contrary" else None
        if to is None or to.lower_ != "to":
            continue
        noun, verb = child(to, "pobj"), child(to, "pcomp")
        lexicon = content.page.lexicon
        texts = lexicon.lemmas("AgreementNoun") | lexicon.lemmas("CommuniqueNoun")
        if noun is not None and noun.lemma_.lower() in lexicon.lemmas("RejectionTargetNoun") - texts:
            return True
        cues = content.page.lexicon.of("ReportingCue", verb.lemma_.lower(), "verb") if verb is not None else ()
        if verb is not None and not is_passive(verb) and any(e.force == "asserts" for e in cues):
            return True
    return False


def goes_on(content: Content) -> Statement | None:
    """Return the rejection of the same side that a negation behind it goes on: "denied it. No order was given"."""
    negations = [t for t in content.tokens if content.negates(t)]
    if not negations or all(_is_intent(t) for t in negations):
        return None
    return replies.rejected_before(content.assembly, content.said)


def _has_done(content: Content) -> bool:
    """Tell whether one's own side is said to have done what it owes: "we sent them home", "all of them were freed"."""
    for verb in content.clauses():
        found = subject(verb)
        entry = trigger_entry(content.page, verb, content.tokens) if found is not None else None
        if found is None or entry is None or not entry.value or any(c.tag_ == "MD" for c in verb.children):
            continue
        owed = concept("incident-kind", "retreat") in content.page.reference.broader(entry.value)
        if owed and verb.tag_ in ("VBN", "VBD") and (content.is_own(found[0]) or is_passive(verb)):
            return True
    return False


def denies_asked(content: Content) -> bool:
    """Tell whether a turn of a dialogue denies what was asked right before it: "Did you …?" "No, we have never …"."""
    page, said = content.page, content.said
    if said.frame != "colon" or not any(_of_own(content, t) for t in content.tokens if content.negates(t)):
        return False
    turn = page.sentences[said.sentence][0]
    before = [s for p, s, _ in page.sentences[max(said.sentence - _TURN, 0) : said.sentence] if p is not turn]
    asked = before[-1] if before else None
    if asked is None or not any(s[-1].text == "?" for s in (asked, *before[-2:-1])):
        return False
    mark = next((t.i for t in turn.doc if t.text == ":"), -1)
    opening = [t for t in turn.doc[mark + 1 :] if not t.is_punct][:_OPENING]
    if any(t.lower_ in ("no", "not", "never") or content.negates(t) for t in opening):
        return True
    tokens = [t for s in before[-2:] for t in s]
    return bool(replies.matter(tokens) & replies.matter(content.tokens))


def _is_intent(negation: Token) -> bool:
    """Tell whether a negation says what will not be: "they would not give in" answers no charge."""
    return negation.dep_ == "neg" and any(c.dep_ == "aux" and c.tag_ == "MD" for c in negation.head.children)


def _of_own(content: Content, negation: Token) -> bool:
    """Tell whether what is negated is one's own doing: "we did not", "no soldier left", "no aircraft of ours"."""
    head = negation.head
    if negation.dep_ == "neg" or negation.lower_ == "never":
        found = subject(head)
        return found is not None and content.is_own(found[0])
    noun = head if negation.dep_ == "det" else negation
    side = content.side(noun)
    if side is not None:
        return side == content.own
    if noun.dep_ in ("nsubj", "nsubjpass"):
        return True
    found = subject(noun.head)
    return found is not None and content.is_own(found[0])


def called_false(content: Content) -> Token | None:
    """Return the noun for what was said that a content calls false: "these false claims", "that report is a lie"."""
    found = (_false_noun(content, t) for t in content.tokens)
    failed = (child(v, "nsubj") for v in content.clauses() if _fails(content, v))
    return next((n for n in (*found, *failed) if n is not None), None)


def _false_noun(content: Content, token: Token) -> Token | None:
    """Return the word for what was said beside an adjective like "false"."""
    lexicon = content.page.lexicon
    entries = lexicon.of("ReportingCue", token.lemma_.lower(), "adjective")
    if not any(e.force == "denies" for e in entries) or is_negated(token.head):
        return None
    noun = token.head if token.dep_ == "amod" else child(token.head, "nsubj")
    if noun is not None and _is_spread(content, noun):
        return None
    noun = noun if noun is not None and content.has(noun) else None
    if noun is None and len(content.tokens) < _SHORT:  # called the claims "baseless"
        cue = content.said.cue_head
        above = (
            cue.head if cue is not None and cue.dep_ in ("acl", "relcl") else None
        )  # "a charge that N called untrue"
        noun = next((t for t in content.tokens if t.pos_ == "NOUN"), above)
    return noun if noun is not None and _is_what_was_said(content, noun) else None


def _is_spread(content: Content, noun: Token) -> bool:
    """Tell whether something false is what another side makes or tells: "N is spreading false reports" charges N."""
    found = subject(noun.head) if noun.dep_ == "dobj" and child(noun, "det") is None else None
    return found is not None and content.is_other(found[0])


def _fails(content: Content, verb: Token) -> bool:
    """Tell whether what was said is told to be a lie, or not to be so: "the information does not match reality"."""
    noun, what = child(verb, "nsubj"), child(verb, "attr")
    if noun is None or not _is_what_was_said(content, noun):
        return False
    if is_negated(verb):
        return noun.pos_ == "NOUN"
    return what is not None and what.lemma_.lower() in content.page.lexicon.lemmas("RejectionTargetNoun")


def _is_what_was_said(content: Content, noun: Token) -> bool:
    if noun.lower_ in ("this", "that", "it", "these", "those"):
        return True
    return noun.lemma_.lower() in content.page.lexicon.lemmas("RejectionTargetNoun")
