"""What the outlet itself tells: sentences without a source that touch an incident or a provision."""

from __future__ import annotations

from spacy.tokens import Span as DocSpan

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.claims.agreements import AgreementRef
from pacta.claims.incidents import trigger_entry
from pacta.claims.topics import topics_of
from pacta.model import Span
from pacta.statements.grammar import child, is_verb, strip_punctuation
from pacta.statements.said import Said, trim

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
            tokens = strip_punctuation(list(sentence))
            extra.append(
                Said(
                    outlet,
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
            )
    return extra


def _matters(page: Annotated, sentence: DocSpan, span: Span, refs: tuple[AgreementRef, ...]) -> bool:
    tokens = list(sentence)
    root = sentence.root
    if len(tokens) < _MIN_WORDS or not is_verb(root) or child(root, "nsubj", "nsubjpass") is None:
        return False
    if trigger_entry(page, root, tokens) is not None:
        return True
    if any(span[0] <= r.span[0] < span[1] for r in refs):
        return True
    return bool(topics_of(page, [root])) and len(topics_of(page, tokens)) >= 2
