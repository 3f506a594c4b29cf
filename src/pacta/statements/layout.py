"""Speech told by how a text is set: headlines with a colon, signed quotations, quotations set off below."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.coreference import Resolver
from pacta.statements.dialogue import is_topic
from pacta.statements.direct import below_colon, performed
from pacta.statements.grammar import child
from pacta.statements.manner import mode_of
from pacta.statements.said import FRAME_CONFIDENCE, Said, top, trim

# a quotation that begins a line and is signed at its end: "…" — Name
_SIGNED = re.compile(
    r"^[ \t\u00a0]*[\"\u201c](?P<said>[^\"\u201c\u201d\n]{12,})[\"\u201d][ \u00a0]*"
    r"(?P<cue>--|[\u2013-\u2015])[ \u00a0]*(?P<name>[A-Z][^\n\"\u201c\u201d]{2,60}?)[ .\u00a0]*$",
    re.MULTILINE,
)


@dataclass
class Signed:
    """The signed quotations of one document."""

    page: Annotated
    _matches: list[re.Match[str]] = field(init=False)
    _ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._matches = list(_SIGNED.finditer(self.page.text))
        self._ends = [match.end() for match in self._matches]

    def of(self, resolver: Resolver, span: Span, index: int) -> list[Said]:
        """Return what the signed quotations have in a sentence."""
        out: list[Said] = []
        for match in self._matches[bisect_right(self._ends, span[0]) :]:
            a, b = match.span("said")
            if a >= span[1]:
                break
            part = trim(self.page.text, (max(a, span[0]), min(b, span[1])))
            tokens = self.page.tokens_in(part) if part[0] < part[1] else []
            if not any(t.is_alpha for t in tokens):
                continue
            name = match.span("name")
            speaker = resolver.signer(name)
            resolver.remember(speaker, name, "name", 2)
            out.append(
                Said(
                    speaker, performed(self.page, tokens) or "asserts", (match.span("cue"),), (name,), (part,),
                    top(tokens), tuple(tokens), "colon", "direct", "neutral", FRAME_CONFIDENCE["colon"], index, None,
                )
            )  # fmt: skip
        return out


def set_off(page: Annotated, resolver: Resolver, sentence: DocSpan, span: Span, index: int) -> Said | None:
    """Read "X made the following remark:" before a quotation that begins a paragraph of its own."""
    parts = below_colon(page, span)
    noun, who = child(sentence.root, "dobj"), child(sentence.root, "nsubj")
    if not parts or noun is None or who is None or noun.lemma_.lower() not in page.lexicon.lemmas("CommuniqueNoun"):
        return None
    speaker, tokens = resolver.actor(who, speaker=True), page.tokens_in(parts[0])
    if speaker is None or not tokens:
        return None
    cue = sx.span_of(page.text, [sentence.root, noun])
    source = sx.span_of(page.text, list(who.subtree))
    return Said(
        speaker, performed(page, tokens) or "asserts", (cue,), (source,), tuple(parts), top(tokens), tuple(tokens),
        "direct", "direct", "neutral", FRAME_CONFIDENCE["colon"], index, sentence.root, communique=True,
    )  # fmt: skip


def _names_a_text(page: Annotated, right: list[Token]) -> bool:
    """Tell whether words behind a colon only say what a document is: "Situation in N: report of the envoy"."""
    nouns = page.lexicon.lemmas("CommuniqueNoun")
    return right[0].lemma_.lower() in nouns and not any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in right)


def colon(page: Annotated, resolver: Resolver, sentence: DocSpan, span: Span, index: int) -> Said | None:
    """Read a headline in colon style, "Speaker: what they say", where the left part names an actor."""
    text = page.text[span[0] : span[1]]
    at = text.find(": ")
    if at <= 0:
        return None
    left = [t for t in page.tokens_in((span[0], span[0] + at)) if not t.is_punct]
    right = list(page.tokens_in((span[0] + at + 1, span[1])))
    if not left or len(left) > 8 or len(right) < 3 or any(t.pos_ == "VERB" for t in left[:-1]):
        return None
    if is_topic(page, left, right) or _names_a_text(page, right):
        return None
    speaker = resolver.actor(left[-1], speaker=True, create=False)
    if speaker is None:
        return None
    content = trim(page.text, sx.span_of(page.text, right))
    return Said(
        speaker,
        "asserts",
        (),
        (sx.span_of(page.text, left),),
        (content,),
        top(right),
        tuple(right),
        "colon",
        mode_of(page, "colon", (content,)),
        "neutral",
        FRAME_CONFIDENCE["colon"],
        index,
        None,
        headline=True,
    )
