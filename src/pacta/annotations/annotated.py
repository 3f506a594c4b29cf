"""Everything the annotators found in one document, as the value the later stages read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pacta.annotations import syntax as sx
from pacta.annotations.names import Names
from pacta.annotations.quotations import Quotation
from pacta.annotations.syntax import Paragraph, Syntax
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.model import Document, LocationMention, Span, TimeMention
from pacta.reference import Reference


@dataclass(frozen=True)
class Annotated:
    document: Document
    syntax: Syntax
    quotations: tuple[Quotation, ...]
    names: Names
    times: tuple[TimeMention, ...]
    locations: tuple[LocationMention, ...]
    lexicon: Lexicon
    reference: Reference
    published: date | None

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def sentences(self) -> tuple[tuple[Paragraph, DocSpan, Span], ...]:
        """(paragraph, sentence, span in the text) in order."""
        pairs = [(p, s) for p in self.syntax.paragraphs for s in p.doc.sents]
        return tuple((p, s, span) for (p, s), span in zip(pairs, self.syntax.sentence_spans(), strict=True))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(t for p in self.syntax.paragraphs for t in p.doc)

    @cached_property
    def _starts(self) -> list[int]:
        return [sx.start(t) for t in self.tokens]

    def tokens_in(self, span: Span) -> list[Token]:
        """Return the tokens that begin inside `span`."""
        lo = bisect_right(self._starts, span[0] - 1)
        hi = bisect_right(self._starts, span[1] - 1)
        return list(self.tokens[lo:hi])

    def token_at(self, offset: int) -> Token | None:
        """Return the token that begins at `offset`: none inside an address or a dateline, which are not parsed."""
        return next(iter(self.tokens_in((offset, offset + 1))), None)

    def quoted(self, offset: int) -> Quotation | None:
        at = bisect_right(self._quotation_starts, offset) - 1
        return self.quotations[at] if at >= 0 and offset < self.quotations[at].inner[1] else None

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [q.inner[0] for q in self.quotations]

    def quotations_near(self, span: Span) -> tuple[Quotation, ...]:
        """Return the quotations that touch `span`, and the one before it."""
        first = max(bisect_right(self._quotation_starts, span[0]) - 2, 0)
        return self.quotations[first : bisect_right(self._quotation_starts, span[1])]

    def quoted_share(self, spans: tuple[Span, ...]) -> float:
        """Return the share of word characters of `spans` that stand inside quotation marks."""
        if not any(q.inner[0] < b and a < q.inner[1] for a, b in spans for q in self.quotations_near((a, b))):
            return 0.0
        inside = total = 0
        for a, b in spans:
            for token in self.tokens_in((a, b)):
                if not token.is_punct:
                    total += 1
                    inside += self.quoted(sx.start(token)) is not None
        return inside / total if total else 0.0

    def times_in(self, span: Span) -> list[TimeMention]:
        lo, hi = bisect_left(self._time_starts, span[0]), bisect_right(self._time_starts, span[1])
        return [t for t in self.times[lo:hi] if t.span[1] <= span[1]]

    @cached_property
    def _time_starts(self) -> list[int]:
        return [t.span[0] for t in self.times]

    def locations_in(self, span: Span) -> list[LocationMention]:
        lo, hi = bisect_left(self._location_starts, span[0]), bisect_right(self._location_starts, span[1])
        return [x for x in self.locations[lo:hi] if x.span[1] <= span[1]]

    @cached_property
    def _location_starts(self) -> list[int]:
        return [location.span[0] for location in self.locations]

    def sentence_index(self, offset: int) -> int:
        """Return the index of the sentence that begins at or before `offset` (0 where none does)."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [span[0] for _, _, span in self.sentences]
