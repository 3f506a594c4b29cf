"""What a sentence might ascribe to somebody: every word that may report, with each stretch that may be its content.

Generous on purpose: `scoring` tells the good from the bad. Nothing here is a statement yet.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.lexicon import Entry
from pacta.model import Span
from pacta.statements.contents import find_content
from pacta.statements.cues import Cue
from pacta.statements.direct import source_of
from pacta.statements.grammar import child, children, is_passive, is_verb, strip_punctuation, subtree
from pacta.statements.said import trim
from pacta.statements.sources import Source

_AUXILIARIES = frozenset({"aux", "auxpass", "neg"})
_BREAKS = frozenset({",", ";", ":", "-", "\u2013", "\u2014"})
_FRAMES = frozenset({"clause", "object-of", "object-infinitive", "object-as", "infinitive", "preposition", "object"})
ANY = Entry(
    "", "ReportingCue", ((),), "verb", None, _FRAMES, frozenset(), None, False, None, frozenset(), frozenset(), ()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read an ascription. `key`: the cue's lemma; `origins`: which finders gave these content tokens."""

    key: str
    cue: Cue
    source: Source
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    root: Token
    origins: frozenset[str]


def key_of(token: Token) -> str | None:
    """Return the lemma that a word is known by as a cue: "say", "rule out", "be sure", "n:view"; None for none."""
    lemma = token.lemma_.lower()
    if is_verb(token) and token.dep_ not in _AUXILIARIES:
        if lemma == "be":
            said = child(token, "acomp", "oprd")
            return f"be {said.lemma_.lower()}" if said is not None and said.i > token.i else None
        particle = child(token, "prt")
        return f"{lemma} {particle.lower_}" if particle is not None else lemma
    return f"n:{lemma}" if token.pos_ == "NOUN" else None


def propose(page: Annotated, sentence: DocSpan, known: Container[str]) -> Iterator[list[Candidate]]:
    """Yield, for each word of the sentence whose key is `known`, the ways to read it; those without a source not."""
    quoted = quoted_in(page, sentence)
    for key, cue in reporting(sentence, known):
        source = source_in(page, cue)
        readings = [] if source is None else readings_of(page, sentence, quoted, key, cue, source)
        if readings:
            yield readings


def reporting(sentence: DocSpan, known: Container[str]) -> Iterator[tuple[str, Cue]]:
    """Yield the words of the sentence whose key is `known`, each with its key."""
    for token in sentence:
        key = key_of(token)
        if key is not None and key in known:
            yield key, Cue(ANY, token, tuple(_cue_words(token)), "noun" if key.startswith("n:") else "verb")


def quoted_in(page: Annotated, sentence: DocSpan) -> list[Token]:
    """Return the words of the sentence that stand in quotation marks."""
    return [t for t in sentence if page.quoted(t.start) is not None]


def readings_of(
    page: Annotated, sentence: DocSpan, quoted: list[Token], key: str, cue: Cue, source: Source
) -> list[Candidate]:
    """Return the ways to read one cue, without any two of the same words."""
    own = {t.i for t in cue.tokens} | {t.i for t in source.tokens}
    found: dict[tuple[int, ...], tuple[list[Token], Token, set[str]]] = {}
    for origin, tokens, root in _contents(page, cue, source, sentence.tokens, quoted):
        kept = _bare([t for t in tokens if t.i not in own])
        if kept:
            at = tuple([t.i for t in kept if not t.is_punct])
            found.setdefault(at, (kept, root, set()))[2].add(origin)
    return [
        Candidate(key, cue, source, tuple(tokens), spans_of(page, tokens), root, frozenset(origins))
        for tokens, root, origins in found.values()
    ]


def spans_of(page: Annotated, tokens: Sequence[Token]) -> tuple[Span, ...]:
    """Return the stretches of the text that tokens cover, punctuation alone being no gap."""
    runs: list[list[Token]] = []
    for token in tokens:
        last = runs[-1][-1].i if runs else -1
        if runs and (token.i == last + 1 or all(t.is_punct for t in token.doc[last + 1 : token.i])):
            runs[-1].append(token)
        else:
            runs.append([token])
    runs = [kept for run in runs if (kept := strip_punctuation(run))]
    return tuple(trim(page.text, sx.span_of(page.text, run)) for run in runs)


def _bare(tokens: list[Token]) -> list[Token]:
    kept = strip_punctuation(sorted(set(tokens), key=lambda t: t.i))
    while kept and kept[0].lower_ in ("that", "as", "of", "for", "on", "about") and kept[0].dep_ in ("mark", "prep"):
        kept = strip_punctuation(kept[1:])
    return kept


def _cue_words(token: Token) -> list[Token]:
    words = [token, *(c for c in token.children if c.dep_ in ("aux", "auxpass", "neg") and c.i < token.i)]
    words += [c for c in token.children if c.dep_ == "prt" or (token.lemma_ == "be" and c.dep_ in ("acomp", "oprd"))]
    return sorted(words, key=lambda t: t.i)


def source_in(page: Annotated, cue: Cue) -> Source | None:
    """Return who a cue may ascribe its content to."""
    found = source_of(page, cue)
    if found is None and cue.pos == "noun":
        for prep in children(cue.head, "prep"):
            holder = child(prep, "pobj")
            if prep.lower_ in ("of", "among") and holder is not None:
                return Source(holder, tuple(subtree(holder)))
    return found


_Reading = tuple[str, list[Token], Token]


def _contents(page: Annotated, cue: Cue, source: Source, words: list[Token], quoted: list[Token]) -> Iterator[_Reading]:
    head = cue.head
    tops = [head, *(c for c in head.children if c.dep_ in ("acomp", "oprd"))] if head.lemma_ == "be" else [head]
    if cue.pos == "noun":
        tops += [head.head] if head.dep_ in ("nsubj", "dobj") and is_verb(head.head) else []
    else:
        content = find_content(cue, source.head, page.lexicon)
        if content is not None:
            yield f"frame:{content.frame}", content.tokens, content.root
    for top in tops:
        yield from _below(top, head)
    if is_passive(head):
        patient = child(head, "nsubjpass")
        if patient is not None and patient.i != source.head.i:
            yield "patient", subtree(patient), patient
            yield "patient-all", subtree(head), patient
    if head.dep_ in ("relcl", "acl") and head.head.i != source.head.i:
        below = set(head.subtree)
        yield "antecedent", [t for t in subtree(head.head) if t not in below], head.head
    yield from _around(cue, source, words)
    if quoted and page.quoted(sx.start(head)) is None:
        yield "quoted", quoted, quoted[0]


def _below(top: Token, head: Token) -> Iterator[_Reading]:
    for branch in top.children:
        if branch.i < head.i and branch.dep_ != "ccomp":
            continue
        if branch.dep_ in ("ccomp", "xcomp", "dobj", "advcl", "acl", "relcl", "attr", "pcomp", "dative"):
            tokens = subtree(branch)
            yield branch.dep_, tokens, branch
            comma = next((t for t in tokens if t.text in _BREAKS and t.i > branch.i), None)
            if comma is not None:
                yield f"{branch.dep_}-comma", [t for t in tokens if t.i < comma.i], branch
        elif branch.dep_ in ("prep", "agent"):
            below = child(branch, "pobj", "pcomp")
            if below is not None:
                yield f"prep:{branch.lower_}", subtree(below), below
    after = [t for t in subtree(top) if t.i > head.i]
    if after:
        yield "below-after", after, after[0]


def _around(cue: Cue, source: Source, tokens: list[Token]) -> Iterator[_Reading]:
    last, first = cue.tokens[-1].i, cue.tokens[0].i
    beside = source.tokens if abs(source.tokens[-1].i - first) <= 2 or abs(source.tokens[0].i - last) <= 2 else ()
    first = min([first, *(t.i for t in beside)])
    last = max([last, *(t.i for t in beside)])
    after, before = [t for t in tokens if t.i > last], [t for t in tokens if t.i < first]
    if after:
        root = _top(after)
        yield "after", after, root
        comma = next((t for t in after[2:] if t.text in _BREAKS), None)
        if comma is not None:
            yield "after-comma", [t for t in after if t.i < comma.i], root
    if before:
        yield "before", before, _top(before)
    if before and after and tokens[0].doc[first - 1].text in _BREAKS:
        yield "around", [*before, *after], _top(before)


def _top(tokens: list[Token]) -> Token:
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if t.head == t or t.head.i not in inside]
    return next((t for t in tops if is_verb(t)), tops[0])
