"""Alignment: which provision of one text answers which of another, and whether their words differ.

    for pair in align(old, new):
        pair.status, pair.old, pair.new

Numbers and words both count: a provision that was renumbered is found by its words, one that was rewritten by its
number. Texts in two languages are aligned by number alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pacta.agreements.values import AgreementTextValue, Provision
from pacta.model import Span

ALIKE = 0.5  # share of words in common from which two provisions are taken for one
_WORD = re.compile(r"\w+(?:['’\-‑]\w+)*|[^\w\s]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two provisions that answer each other, or one that stands alone.

    `status`: same, changed, renumbered (the same words under another number), moved (changed too), added, removed or
    translated (words in two languages, not compared); `similarity`: share of words in common, from 0 to 1.
    """

    old: Provision | None
    new: Provision | None
    status: str
    similarity: float

    @property
    def differs(self) -> bool:
        return self.status not in ("same", "translated")


def align(
    old: AgreementTextValue, new: AgreementTextValue, *, same_language: bool = True, case: bool = True
) -> tuple[Pair, ...]:
    """Return the provisions of both texts in pairs, in the order of the new text, removed ones where they stood."""
    olds = [p for p in old.walk() if p.kind != "closing"]
    news = [p for p in new.walk() if p.kind != "closing"]
    words = {id(p): words_of(_own_words(t, p)) for t, ps in ((old, olds), (new, news)) for p in ps}
    matched = _match(olds, news, words, same_language=same_language)
    pairs: list[Pair] = []
    taken = {id(o) for o in matched.values()}
    waiting = list(olds)
    for provision in news:
        partner = matched.get(id(provision))
        if partner is None:
            pairs.append(Pair(None, provision, "added", 0.0))
            continue
        while waiting and waiting[0] is not partner and id(waiting[0]) not in taken:
            pairs.append(Pair(waiting.pop(0), None, "removed", 0.0))
        if partner in waiting:
            waiting.remove(partner)
        pairs.append(_pair(old, new, partner, provision, words, same_language=same_language, case=case))
    pairs.extend(Pair(provision, None, "removed", 0.0) for provision in waiting if id(provision) not in taken)
    return tuple(pairs)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words and marks of a text, with straight quotation marks and plain dashes."""
    return tuple(_WORD.findall(text.translate(_MARKS)))


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the places of the words and marks between two offsets of a text."""
    return [m.span() for m in _WORD.finditer(text, start, len(text) if end is None else end)]


def token_key(word: str, *, case: bool = True) -> str:
    """Return what of a word is compared: plain quotation marks and dashes, small letters unless `case` counts."""
    plain = word.translate(_MARKS)
    return plain if case else plain.casefold()


def _keys(text: str, *, case: bool) -> list[str]:
    return [token_key(text[a:b], case=case) for a, b in tokens_of(text)]


def _own_words(text: AgreementTextValue, provision: Provision) -> str:
    """Return what is compared: heading and own words; those of its parts are compared with these."""
    own = text.words(provision.own).strip()
    return f"{provision.heading}\n{own}".strip() if provision.heading else own


def _match(
    olds: list[Provision], news: list[Provision], words: dict[int, tuple[str, ...]], *, same_language: bool
) -> dict[int, Provision]:
    """Return new provision → old one: by number where the words agree, by words, then by number alone."""
    by_number = {p.normal: p for p in olds}
    matched: dict[int, Provision] = {}
    taken: set[int] = set()

    def take(new: Provision, old: Provision) -> None:
        matched[id(new)] = old
        taken.add(id(old))

    for provision in news:
        partner = by_number.get(provision.normal)
        if partner is not None and (not same_language or similarity(words[id(partner)], words[id(provision)]) >= ALIKE):
            take(provision, partner)
    if same_language:
        scored: list[tuple[float, int, int]] = []
        for i, provision in enumerate(news):
            if id(provision) not in matched and len(words[id(provision)]) > 3:
                for j, partner in enumerate(olds):
                    if id(partner) not in taken:
                        score = similarity(words[id(partner)], words[id(provision)])
                        if score >= ALIKE:
                            scored.append((-score, i, j))
        for _, i, j in sorted(scored):
            if id(news[i]) not in matched and id(olds[j]) not in taken:
                take(news[i], olds[j])
    for provision in news:
        partner = by_number.get(provision.normal)
        if id(provision) not in matched and partner is not None and id(partner) not in taken:
            take(provision, partner)
    return matched


@lru_cache(maxsize=65536)
def similarity(old: tuple[str, ...], new: tuple[str, ...]) -> float:
    """Return the share of words in common, in order; 1 for two provisions without words."""
    if not old and not new:
        return 1.0
    common = sum((Counter(old) & Counter(new)).values())
    if 2 * common / (len(old) + len(new)) < ALIKE:
        return round(2 * common / (len(old) + len(new)), 4)
    return round(SequenceMatcher(None, old, new, autojunk=False).ratio(), 4)


def _pair(
    old: AgreementTextValue,
    new: AgreementTextValue,
    first: Provision,
    second: Provision,
    words: dict[int, tuple[str, ...]],
    *,
    same_language: bool,
    case: bool,
) -> Pair:
    if not same_language:
        return Pair(first, second, "translated", 0.0)
    changed = _keys(_own_words(old, first), case=case) != _keys(_own_words(new, second), case=case)
    alike = similarity(words[id(first)], words[id(second)])
    if first.normal == second.normal:
        return Pair(first, second, "changed" if changed else "same", alike)
    return Pair(first, second, "moved" if changed else "renumbered", alike)
