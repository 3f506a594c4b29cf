"""Alignment: which provision of one text answers which of another, and by which words they differ.

    for pair in align(old, new):
        pair.status, pair.old, pair.new, pair.changes

Numbers and words both count: a provision that was renumbered is found by its words, one that was rewritten by its
number. Texts in two languages are aligned by number alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from pacta.agreements.values import AgreementTextValue, Provision

ALIKE = 0.5  # share of words in common from which two provisions are taken for one
_WORD = re.compile(r"\w+(?:['’\-‑]\w+)*|[^\w\s]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words: `op` is equal, delete, insert or replace; `old` and `new` are the words on either side."""

    op: str
    old: str
    new: str


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
    changes: tuple[Change, ...] = ()

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
            pairs.append(Pair(None, provision, "added", 0.0, _whole("insert", _own_words(new, provision))))
            continue
        while waiting and waiting[0] is not partner and id(waiting[0]) not in taken:
            pairs.append(_removed(old, waiting.pop(0)))
        if partner in waiting:
            waiting.remove(partner)
        pairs.append(_pair(old, new, partner, provision, words, same_language=same_language, case=case))
    pairs.extend(_removed(old, provision) for provision in waiting if id(provision) not in taken)
    return tuple(pairs)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words and marks of a text, with straight quotation marks and plain dashes."""
    return tuple(_WORD.findall(text.translate(_MARKS)))


def changes_between(old: str, new: str, *, case: bool = True) -> tuple[Change, ...]:
    """Return how the words of one text become those of another.

    >>> [(c.op, c.old, c.new) for c in changes_between("They stop at the line.", "They stop in the line.")]
    [('equal', 'They stop', 'They stop'), ('replace', 'at', 'in'), ('equal', 'the line.', 'the line.')]
    """
    left, right = _tokens(old), _tokens(new)
    keys = [[_key(text[a:b], case) for a, b in tokens] for text, tokens in ((old, left), (new, right))]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    return tuple(
        Change(op, _slice(old, left[a:b]), _slice(new, right[c:d])) for op, a, b, c, d in matcher.get_opcodes()
    )


def as_dict(pair: Pair) -> dict[str, Any]:
    """Return a pair as plain values, for JSON and pages."""
    return {
        "status": pair.status,
        "oldNumber": pair.old.normal if pair.old else None,
        "newNumber": pair.new.normal if pair.new else None,
        "kind": (pair.new or pair.old or _nothing()).kind,
        "oldHeading": pair.old.heading if pair.old else None,
        "newHeading": pair.new.heading if pair.new else None,
        "oldSpan": list(pair.old.own) if pair.old else None,
        "newSpan": list(pair.new.own) if pair.new else None,
        "similarity": pair.similarity,
        "words": [{"op": c.op, "old": c.old, "new": c.new} for c in pair.changes],
    }


def _nothing() -> Provision:
    return Provision("", "", "", None, (0, 0), (0, 0))


def _tokens(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _WORD.finditer(text)]


def _key(word: str, case: bool) -> str:
    plain = word.translate(_MARKS)
    return plain if case else plain.casefold()


def _slice(text: str, tokens: Sequence[tuple[int, int]]) -> str:
    return " ".join(text[tokens[0][0] : tokens[-1][1]].split()) if tokens else ""


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


def _whole(op: str, words: str) -> tuple[Change, ...]:
    plain = " ".join(words.split())
    return (Change(op, plain if op == "delete" else "", plain if op == "insert" else ""),) if plain else ()


def _removed(old: AgreementTextValue, provision: Provision) -> Pair:
    return Pair(provision, None, "removed", 0.0, _whole("delete", _own_words(old, provision)))


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
    changes = changes_between(_own_words(old, first), _own_words(new, second), case=case)
    changed = any(change.op != "equal" for change in changes)
    alike = similarity(words[id(first)], words[id(second)])
    if first.normal == second.normal:
        return Pair(first, second, "changed" if changed else "same", alike, changes)
    return Pair(first, second, "moved" if changed else "renumbered", alike, changes)
