"""Differences: by which words the texts of a clause differ, with their places, for the command line, JSON and pages.

    for difference in differences(old, new):             # two whole texts of one agreement
        difference.number, difference.status, difference.segments
    segments("They stop at the line.", "They stop in.")  # two wordings of one clause
    compare([wording, another, a_third])                 # all texts of one clause, each against the first
    wordings(rows)                                       # these wordings, by clause, from the rows of question 16

Offsets are code points, 0-based, end exclusive: into the text of either side for `differences`, into the wording or the
phrase for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Any, Literal

from pacta.agreements.alignment import Pair, align, similarity, token_key, tokens_of, words_of
from pacta.agreements.values import AgreementTextValue, Provision
from pacta.model import Span

Kind = Literal["same", "inserted", "deleted", "replaced"]
_KINDS: dict[str, Kind] = {"equal": "same", "insert": "inserted", "delete": "deleted", "replace": "replaced"}
PHRASES_ALIKE = 0.3  # share of words in common from which two short phrases are taken for two forms of one


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words. `old` and `new` are the words of either side, "" where it has none, and then its span is None.

    `spaced`: white space stands before it in the text (of the new side, where it has words there).
    """

    kind: Kind
    old: str
    new: str
    old_span: Span | None
    new_span: Span | None
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """One clause in two texts.

    `status`: same, changed, renumbered, moved (renumbered and changed), added, removed or translated (two languages,
    not compared); `kind`: what the clause is (article, item …); `similarity`: share of words in common, 0 to 1;
    `old_span` and `new_span`: its own words in either text, without those of the parts below it.
    """

    status: str
    kind: str
    old_number: str | None
    new_number: str | None
    old_heading: str | None
    new_heading: str | None
    old_span: Span | None
    new_span: Span | None
    similarity: float
    segments: tuple[Segment, ...]

    @property
    def number(self) -> str:
        """The number in the new text, or in the old one where the clause is gone."""
        return self.new_number if self.new_number is not None else self.old_number or ""

    @property
    def differs(self) -> bool:
        return self.status not in ("same", "translated")


@dataclass(frozen=True, slots=True)
class Wording:
    """What one text says in one clause: its full `words` where they were loaded, else the `phrases` that set it apart.

    `text`: IRI of the agreement text; `label`: what a reader calls it; `language`: its tag.
    """

    text: str
    label: str
    language: str
    words: str | None = None
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingDifference:
    """Two texts of one clause. `segments`: of the full words, empty unless both have them and speak one language;
    `phrases`: segments of each pair of phrases, in the order of the first text, then what only the second has."""

    first: Wording
    second: Wording
    segments: tuple[Segment, ...] = ()
    phrases: tuple[tuple[Segment, ...], ...] = ()

    @property
    def is_translation(self) -> bool:
        return _language(self.first) != _language(self.second)

    @property
    def differs(self) -> bool:
        return any(s.kind != "same" for row in (self.segments, *self.phrases) for s in row)


# --- two whole texts --------------------------------------------------------------------------------------------------
def differences(
    old: AgreementTextValue, new: AgreementTextValue, *, same_language: bool = True, case: bool = True
) -> tuple[ClauseDifference, ...]:
    """Return every clause of two texts of one agreement, in the order of the new text, gone ones where they stood."""
    pairs = align(old, new, same_language=same_language, case=case)
    return tuple(_difference(old, new, pair, case=case) for pair in pairs)


def _difference(old: AgreementTextValue, new: AgreementTextValue, pair: Pair, *, case: bool) -> ClauseDifference:
    one = pair.new or pair.old
    assert one is not None, "a pair has a side"
    found: tuple[Segment, ...] = ()
    if pair.status != "translated":
        found = _segments(old.text, _places(old, pair.old), new.text, _places(new, pair.new), case=case)
    return ClauseDifference(
        pair.status,
        one.kind,
        pair.old.normal if pair.old else None,
        pair.new.normal if pair.new else None,
        pair.old.heading if pair.old else None,
        pair.new.heading if pair.new else None,
        pair.old.own if pair.old else None,
        pair.new.own if pair.new else None,
        pair.similarity,
        found,
    )


def _places(text: AgreementTextValue, provision: Provision | None) -> list[Span]:
    """Return the places of the words of a heading and of the clause's own words."""
    if provision is None:
        return []
    start, end = provision.own
    places = tokens_of(text.text, start, end)
    if provision.heading:
        at = text.text.find(provision.heading, provision.span[0], max(start, provision.span[0]) or None)
        if at >= 0:
            places = [*tokens_of(text.text, at, at + len(provision.heading)), *places]
    return places


# --- wordings of one clause -------------------------------------------------------------------------------------------
def wordings(rows: Iterable[Mapping[str, str | None]]) -> dict[str, tuple[Wording, ...]]:
    """Return the wordings of each clause, by its IRI, from rows of agreements/wording-variants, texts in their order.

    A row holds `clause`, `text`, `publisher`, `language`, and `phrase`, `wording` or `summary`; a summary stands for a
    phrase where a text has neither. `label` is what a reader calls the text; without it the publisher's IRI serves.
    """
    found: dict[str, dict[str, Wording]] = {}
    for row in rows:
        texts = found.setdefault(row["clause"] or "", {})
        text = row["text"] or ""
        before = texts.get(text)
        phrase = row.get("phrase") or (None if row.get("wording") else row.get("summary"))
        phrases = before.phrases if before else ()
        texts[text] = Wording(
            text,
            row.get("label") or row.get("publisher") or text,
            row.get("language") or "und",
            row.get("wording") or (before.words if before else None),
            (*phrases, phrase) if phrase and phrase not in phrases else phrases,
        )
    return {clause: tuple(texts.values()) for clause, texts in found.items()}


def segments(old: str, new: str, *, case: bool = True) -> tuple[Segment, ...]:
    """Return how the words of one wording become those of another.

    >>> [(s.kind, s.old, s.new, s.old_span) for s in segments("They stop at it.", "They stop in it.")]
    [('same', 'They stop', 'They stop', (0, 9)), ('replaced', 'at', 'in', (10, 12)), ('same', 'it.', 'it.', (13, 16))]
    """
    return _segments(old, tokens_of(old), new, tokens_of(new), case=case)


def compare(
    wordings: Iterable[Wording], *, base: str | None = None, case: bool = False
) -> tuple[WordingDifference, ...]:
    """Return how each text of a clause differs from the text `base`, by default from the first of its own language.

    The order is that of the wordings. A text in another language than its base stands there uncompared.
    """
    rows = list(wordings)
    chosen = next((row for row in rows if row.text == base), None)
    firsts: dict[str, Wording] = {}
    found: list[WordingDifference] = []
    for row in sorted(rows, key=lambda row: row.words is None):  # a full text serves best as the one to compare with
        firsts.setdefault(_language(row), row)
    for row in rows:
        against = chosen or firsts[_language(row)]
        if row is not against:
            found.append(_compared(against, row, case=case))
    return tuple(found)


def differences_of(
    by_clause: Mapping[str, Sequence[Wording]], numbers: Mapping[str, str], old: str, new: str, *, case: bool = True
) -> tuple[ClauseDifference, ...]:
    """Return how the texts `old` and `new` (IRIs) differ in each clause that one of them words; `numbers`: by clause.

    Offsets lead into full wordings; those of phrases, one after the other, lead into each phrase.
    """
    found: list[ClauseDifference] = []
    for clause, rows in by_clause.items():
        sides = [next((row for row in rows if row.text == text), None) for text in (old, new)]
        if sides[0] is None and sides[1] is None:
            continue
        number = numbers.get(clause, clause)
        row: tuple[Segment, ...] = ()
        first, second = sides
        if first is None or second is None:
            one = first or second
            words = "; ".join([one.words] if one and one.words is not None else one.phrases if one else ())
            row = segments(words, "") if second is None else segments("", words)
            status = "removed" if second is None else "added"
        else:
            compared = _compared(first, second, case=case)
            row = (*compared.segments, *(segment for phrase in compared.phrases for segment in phrase))
            status = "translated" if compared.is_translation else "changed" if compared.differs else "same"
        same = sum(len(words_of(s.new)) for s in row if s.kind == "same")
        every = sum(max(len(words_of(s.old)), len(words_of(s.new))) for s in row)
        found.append(
            ClauseDifference(
                status, "clause", number if first else None, number if second else None, None, None, None, None,
                round(same / every, 4) if every else 0.0, row,
            )
        )  # fmt: skip
    return tuple(found)


def _compared(first: Wording, second: Wording, *, case: bool) -> WordingDifference:
    if _language(first) != _language(second):
        return WordingDifference(first, second)
    whole: tuple[Segment, ...] = ()
    if first.words is not None and second.words is not None:
        whole = segments(first.words, second.words, case=case)
        return WordingDifference(first, second, whole)
    return WordingDifference(first, second, whole, _phrases(first.phrases, second.phrases, case=case))


def _phrases(firsts: Sequence[str], seconds: Sequence[str], *, case: bool) -> tuple[tuple[Segment, ...], ...]:
    """Pair phrases that are two forms of one, the most alike first; the others stand alone."""
    keys = {phrase: tuple(word.casefold() for word in words_of(phrase)) for phrase in (*firsts, *seconds)}
    scored = sorted(
        (-similarity(keys[a], keys[b]), i, j)
        for i, a in enumerate(firsts)
        for j, b in enumerate(seconds)
        if similarity(keys[a], keys[b]) >= PHRASES_ALIKE
    )
    partner: dict[int, int] = {}
    for _, i, j in scored:
        if i not in partner and j not in partner.values():
            partner[i] = j
    rows = [segments(a, seconds[partner[i]] if i in partner else "", case=case) for i, a in enumerate(firsts)]
    rows.extend(segments("", b, case=case) for j, b in enumerate(seconds) if j not in partner.values())
    return tuple(rows)


def _language(wording: Wording) -> str:
    return wording.language.split("-")[0].lower()


# --- words ------------------------------------------------------------------------------------------------------------
def _segments(
    old: str, old_places: Sequence[Span], new: str, new_places: Sequence[Span], *, case: bool
) -> tuple[Segment, ...]:
    keys = [
        [token_key(text[a:b], case=case) for a, b in places] for text, places in ((old, old_places), (new, new_places))
    ]
    found: list[Segment] = []
    for op, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        old_span, new_span = _span(old_places[a:b]), _span(new_places[c:d])
        text, start = (new, new_span[0]) if new_span else (old, old_span[0] if old_span else 0)
        spaced = not found or start == 0 or text[start - 1].isspace()
        found.append(Segment(_KINDS[op], _words(old, old_span), _words(new, new_span), old_span, new_span, spaced))
    return tuple(found)


def _span(places: Sequence[Span]) -> Span | None:
    return (places[0][0], places[-1][1]) if places else None


def _words(text: str, span: Span | None) -> str:
    return " ".join(text[slice(*span)].split()) if span else ""


# --- writing down -----------------------------------------------------------------------------------------------------
def as_dict(item: ClauseDifference | WordingDifference | Segment) -> dict[str, Any]:
    """Return a difference as plain values, for JSON and templates; spans are lists of two numbers or None."""
    if isinstance(item, Segment):
        spans = {"oldSpan": item.old_span, "newSpan": item.new_span}
        return {
            "kind": item.kind,
            "old": item.old,
            "new": item.new,
            **{name: list(span) if span else None for name, span in spans.items()},
        }
    if isinstance(item, WordingDifference):
        return {
            "first": _wording(item.first),
            "second": _wording(item.second),
            "translation": item.is_translation,
            "segments": [as_dict(segment) for segment in item.segments],
            "phrases": [[as_dict(segment) for segment in row] for row in item.phrases],
        }
    return {
        "number": item.number,
        "status": item.status,
        "oldNumber": item.old_number,
        "newNumber": item.new_number,
        "kind": item.kind,
        "oldHeading": item.old_heading,
        "newHeading": item.new_heading,
        "oldSpan": list(item.old_span) if item.old_span else None,
        "newSpan": list(item.new_span) if item.new_span else None,
        "similarity": item.similarity,
        "segments": [as_dict(segment) for segment in item.segments],
    }


def _wording(wording: Wording) -> dict[str, Any]:
    return {
        "text": wording.text,
        "label": wording.label,
        "language": wording.language,
        "wording": wording.words,
        "phrases": list(wording.phrases),
    }


def html_of(row: Iterable[Segment]) -> str:
    """Return segments as inline HTML: what only the old side has in <del>, what only the new one has in <ins>.

    >>> html_of(segments("stop at <it>", "stop in <it>"))
    'stop <del>at</del> <ins>in</ins> &lt;it&gt;'
    """
    parts: list[str] = []
    for segment in row:
        inner = escape(segment.new)
        if segment.kind != "same":
            marked = (("del", segment.old), ("ins", segment.new))
            inner = " ".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in marked if words)
        parts.append((" " if parts and segment.spaced else "") + inner)
    return "".join(parts)
