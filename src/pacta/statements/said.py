"""One ascription as the syntax gives it: who, with what force, in which words; before it is interpreted."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations.words import Token
from pacta.model import Span

# How sure each way of finding a content is, before the speaker is weighed in.
FRAME_CONFIDENCE = {
    "clause": 0.9,
    "direct": 0.9,
    "object-of": 0.9,
    "object-on": 0.8,
    "source-marker": 0.85,
    "infinitive": 0.85,
    "evidence": 0.8,
    "what": 0.8,
    "object-as": 0.75,
    "object": 0.75,
    "preposition": 0.75,
    "object-infinitive": 0.75,
    "noun-complement": 0.6,
    "colon": 0.7,
    "continued": 0.75,
}


@dataclass(frozen=True)
class Said:
    """One ascription. Spans refer to the text; `root`, `tokens`: the content's parse; `target`: who is charged."""

    speaker: str
    force: str
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    root: Token
    tokens: tuple[Token, ...]
    frame: str
    mode: str
    stance: str
    confidence: float
    sentence: int
    cue_head: Token | None
    target: Token | None = None
    headline: bool = False
    communique: bool = False
    relayed: tuple[Span, Span, str] | None = None  # cue span, source span, actor cited
    others: tuple[str, ...] = ()  # who says the same in the same words: "X, Y and Z condemned …"
    chance: float | None = None  # how likely the scorer holds this reading of its cue to be; None: it does not know


def top(tokens: list[Token]) -> Token:
    """Return the highest token: its head lies outside, preferring a verb."""
    inside = {(id(t.doc), t.i) for t in tokens}
    tops = [t for t in tokens if t.head == t or (id(t.doc), t.head.i) not in inside]
    return next((t for t in tops if t.pos_ in ("VERB", "AUX")), tops[0] if tops else tokens[0])


def trim(text: str, span: Span) -> Span:
    a, b = span
    while a < b and text[a].isspace():
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;"):
        b -= 1
    return a, b
