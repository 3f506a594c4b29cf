"""What the document says in its own voice: an outlet's narration, or the issuer's words in a statement of its own."""

from __future__ import annotations

from dataclasses import replace

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.incidents import trigger_entry
from pacta.claims.topics import topics_of
from pacta.model import Span
from pacta.statements.direct import performed
from pacta.statements.grammar import child, children, is_verb, strip_punctuation
from pacta.statements.issuers import Issuer
from pacta.statements.said import FRAME_CONFIDENCE, Said, trim

_CONFIDENCE = 0.5
_MIN_WORDS = 6


def narrated(page: Annotated, found: list[Said], refs: tuple[AgreementRef, ...], outlet: str) -> list[Said]:
    """Return the outlet's own assertions: unattributed sentences, outside quotes and headlines, on a known matter.

    A sentence counts when its main verb tells of a deed, or names one of two provision topics that it touches, or when
    it mentions an agreement.
    """
    spoken = {s.sentence for s in found}
    extra: list[Said] = []
    for index, (paragraph, sentence, span) in enumerate(page.sentences):
        if index in spoken or paragraph.headline or page.quoted(span[0]) is not None:
            continue
        if _matters(page, sentence, span, refs):
            extra.append(_told(page, sentence, span, index, outlet))
    return extra


def issued(page: Annotated, found: list[Said], issuer: Issuer) -> list[Said]:
    """Return what an actor says in a text of its own: every sentence of it that no other cue governs.

    Nothing where the document tells in the past tense what the issuer said: then it is a report about the text.
    """
    if any(s.speaker == issuer.actor and s.mode != "direct" and _is_past(s) for s in found):
        return []
    governed = {s.sentence for s in found if s.cue_head is None or s.cue_head == s.cue_head.sent.root}
    extra: list[Said] = []
    for index, (paragraph, sentence, span) in enumerate(page.sentences):
        if paragraph.span <= issuer.paragraph or paragraph.headline or index in governed:
            continue
        if page.quoted(span[0]) is None and _is_told(sentence):
            told = _told(page, sentence, span, index, issuer.actor)
            force = performed(page, list(told.tokens)) or "asserts"
            extra.append(
                replace(
                    told,
                    force=force,
                    source=(issuer.source,),
                    cue=(issuer.cue,),
                    frame="continued",
                    mode="direct",
                    confidence=FRAME_CONFIDENCE["continued"],
                    communique=True,
                )
            )
    return extra


def _is_past(said: Said) -> bool:
    return said.cue_head is not None and said.cue_head.tag_ == "VBD"


def _told(page: Annotated, sentence: DocSpan, span: Span, index: int, speaker: str) -> Said:
    tokens = strip_punctuation(list(sentence))
    return Said(
        speaker,
        "asserts",
        (),
        (),
        (trim(page.text, (span[0], sx.end(tokens[-1]))),),
        sentence.root,
        tuple(tokens),
        "narration",
        "narration",
        "neutral",
        _CONFIDENCE,
        index,
        None,
    )


def _is_told(sentence: DocSpan) -> bool:
    root = sentence.root
    if len(sentence) < _MIN_WORDS or not is_verb(root) or sentence[-1].text == "?":
        return False
    verbs = (root, *children(root, "aux"))  # the parser may hang the subject on the auxiliary
    return any(child(verb, "nsubj", "nsubjpass", "expl") is not None for verb in verbs)


def _matters(page: Annotated, sentence: DocSpan, span: Span, refs: tuple[AgreementRef, ...]) -> bool:
    tokens, root = list(sentence), sentence.root
    if not _is_told(sentence):
        return False
    if trigger_entry(page, root, tokens) is not None:
        return True
    if any(span[0] <= r.span[0] < span[1] for r in refs):
        return True
    return bool(topics_of(page, [root])) and len(topics_of(page, tokens)) >= 2
