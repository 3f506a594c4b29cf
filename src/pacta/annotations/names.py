"""Names in a text: stock names by their words, organs composed from a state and a function ("the X foreign ministry").

A hit says what the words alone allow; which entity an ambiguous or anaphoric hit denotes is decided with syntax.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pacta.model import Span
from pacta.reference import QUOTES, STRAIGHT, WORD, Entity, Name, Reference, words_of

ABROAD = "emb"  # notation of the function of a body that speaks for a state in another: "the embassy in N" is not N's
_GAP = re.compile(r"(?:'s|\u2019s)?(?!\s*\n\s*\n)\s+")
_OF_STATE = re.compile(r"(?!\s*\n\s*\n)\s+(?P<prep>of|in)\s+(?:the\s+)?(?:Republic of\s+)?")


@dataclass(frozen=True, slots=True)
class NameHit:
    """A span that names something. `candidates`: entity IRIs it may denote; `function`: organ function in it.

    `kind`: name kind of the form (official, short, adjective, demonym, metonym, abbreviation, description), "organ"
    for a composed organ, or "function" for a bare function noun ("the ministry") that still lacks its holder.
    """

    span: Span
    candidates: tuple[str, ...]
    kind: str
    function: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Names:
    """The hits of one text, in order, not overlapping."""

    text: str
    hits: tuple[NameHit, ...]
    reference: Reference

    @cached_property
    def _starts(self) -> list[int]:
        return [h.span[0] for h in self.hits]

    def starting(self, begin: int, end: int) -> tuple[NameHit, ...]:
        """Return the hits that begin in [begin, end)."""
        return self.hits[bisect_left(self._starts, begin) : bisect_left(self._starts, end)]

    def covering(self, offset: int) -> NameHit | None:
        at = bisect_right(self._starts, offset) - 1
        return self.hits[at] if at >= 0 and offset < self.hits[at].span[1] else None

    def within(self, span: Span) -> list[NameHit]:
        return [h for h in self.starting(*span) if h.span[1] <= span[1]]

    def actor(self, hit: NameHit) -> Entity | None:
        """Return the actor that `hit` may denote."""
        entities = (self.reference.entities.get(c) for c in hit.candidates)
        return next((e for e in entities if e is not None and e.is_actor), None)

    def place(self, hit: NameHit) -> Entity | None:
        """Return the place that `hit` may denote."""
        entities = (self.reference.entities.get(c) for c in hit.candidates)
        return next((e for e in entities if e is not None and e.type == "Place"), None)


def find_names(text: str, reference: Reference) -> Names:
    """Return the names in `text`: longest first, leftmost first, organs composed."""
    simple = list(_simple_hits(text, reference))
    return Names(text, tuple(_compose(text, simple, reference)), reference)


def _words(text: str) -> tuple[list[str], list[Span]]:
    words: list[str] = []
    spans: list[Span] = []
    for match in WORD.finditer(text.translate(STRAIGHT)):
        if match[0] not in QUOTES:
            words.append(match[0])
            spans.append(match.span())
    return words, spans


def _simple_hits(text: str, reference: Reference) -> Iterator[NameHit]:
    words, spans = _words(text)
    folded = [w.casefold() for w in words]
    table, functions = reference.names, reference.functions
    starts, function_starts = reference.name_starts, reference.function_starts
    at = 0
    while at < len(words):
        size, hit = 0, None
        for width in range(min(starts.get(folded[at], 0), len(words) - at), 0, -1):
            pairs = table.get(tuple(folded[at : at + width]))
            pairs = pairs and tuple(p for p in pairs if _case_fits(p[1], words[at : at + width]))
            if pairs and "\n\n" not in text[spans[at][0] : spans[at + width - 1][1]]:
                if width == 1 and _is_given_name(pairs, words, spans, at, text, reference):
                    continue
                function = functions.get(tuple(folded[at : at + width]))
                size, hit = width, _name_hit((spans[at][0], spans[at + width - 1][1]), pairs, function)
                break
        for width in range(min(function_starts.get(folded[at], 0), len(words) - at), size, -1):
            notation = functions.get(tuple(folded[at : at + width]))
            if notation is not None:
                span = (spans[at][0], spans[at + width - 1][1])
                size, hit = width, NameHit(span, (), "function", notation)
                break
        if hit is not None:
            yield hit
        at += max(size, 1)


def _is_given_name(
    pairs: tuple[tuple[str, Name], ...], words: list[str], spans: list[Span], at: int, text: str, reference: Reference
) -> bool:
    """Tell whether a surname of the stock stands as the first name of somebody else ("N Surname")."""
    if not all(reference.entities[iri].is_person for iri, _ in pairs) or at + 1 >= len(words):
        return False
    after = words[at + 1]
    return text[spans[at][1] : spans[at + 1][0]] == " " and after[:1].isupper() and after[1:2].islower()


def _case_fits(name: Name, words: list[str]) -> bool:
    """A capital in the name asks for one in the text; a form in small letters matches any case."""
    form = words_of(name.form)
    for wanted, found in zip(form, words, strict=False):
        if wanted[:1].isupper() and not found[:1].isupper():
            return False
        if len(wanted) > 1 and wanted.isupper() and not found.isupper() and name.kind == "abbreviation":
            return False
    return True


def _name_hit(span: Span, pairs: tuple[tuple[str, Name], ...], function: str | None) -> NameHit:
    order = {"official": 0, "short": 1, "description": 2, "abbreviation": 3, "adjective": 4, "demonym": 5, "metonym": 6}
    ranked = sorted(pairs, key=lambda p: (order.get(p[1].kind, 9), p[0]))
    return NameHit(span, tuple(dict.fromkeys(iri for iri, _ in ranked)), ranked[0][1].kind, function)


def _compose(text: str, hits: list[NameHit], reference: Reference) -> Iterator[NameHit]:
    """Join a state with the function noun beside it: "X foreign ministry", "X's army", "ministry of defence of X"."""
    i = 0
    while i < len(hits):
        hit = hits[i]
        after = hits[i + 1] if i + 1 < len(hits) else None
        state = _state(hit, reference)
        if (
            state
            and after
            and after.function
            and after.kind != "organ"
            and _GAP.fullmatch(text[hit.span[1] : after.span[0]])
        ):
            yield _organ((hit.span[0], after.span[1]), state, after.function, reference)
            i += 2
            continue
        if hit.kind == "function" and hit.function and after is not None:
            gap = _OF_STATE.fullmatch(text[hit.span[1] : after.span[0]])
            holder = _state(after, reference)
            within = hit.function != ABROAD and _may_be_metonym(after, holder or "", reference)
            if gap and holder and (gap["prep"] == "of" or within):
                yield _organ((hit.span[0], after.span[1]), holder, hit.function, reference)
                i += 2
                continue
        yield hit
        i += 1


def _may_be_metonym(hit: NameHit, state: str, reference: Reference) -> bool:
    """Tell whether the name may stand for its state by metonymy: only then does "the ministry in N" name an organ."""
    return hit.kind == "metonym" or any(
        (e := reference.entities.get(c)) is not None and e.type == "Place" for c in hit.candidates
    )


def _state(hit: NameHit, reference: Reference) -> str | None:
    """Return the state or de facto entity whose organ a function noun beside `hit` would be."""
    if hit.kind == "function":
        return None
    for candidate in hit.candidates:
        entity = reference.entities.get(candidate)
        if entity is not None and entity.type in ("State", "DeFactoEntity", "InternationalOrganization"):
            return candidate
    return None


def _organ(span: Span, state: str, function: str, reference: Reference) -> NameHit:
    return NameHit(span, (reference.organ(state, function),), "organ", function, state)
