"""The learned scorer: which readings of a sentence are ascriptions. Optional: without its file the rules stand alone.

The file (seeds/models/attribution.npz) holds boosted trees and how often each cue was one; plain numpy runs it.
seeds/models/MODEL.md says what it was trained on, benchmarks/train_attribution.py makes it again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pacta import resources
from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.errors import KnowledgeError
from pacta.lexicon import Entry
from pacta.statements import confidence
from pacta.statements.candidates import Candidate, quoted_in, readings_of, reporting, source_in
from pacta.statements.cues import Cue
from pacta.statements.extent import Content
from pacta.statements.features import of_content, of_cue
from pacta.statements.grammar import FIRST_PERSON, children, is_inverted, is_negated
from pacta.statements.said import Said
from pacta.statements.sources import Source

Floats = npt.NDArray[np.float32]
Maker = Callable[[Cue, Source, Content], Said | None]
_KEPT_FRAMES = frozenset({"what", "evidence"})
_DEEDS = ("IncidentTrigger", "ConductCue", "TopicTrigger")  # in reports about conflicts these are done, not said
_KEPT = frozenset({"accuses", "condemns", "denies", "dismisses", "warns", "confirms"})
PRIOR = 0.08  # how often a word that may be a cue is one, where nothing is known of it
_MOST_LEAVES = 64  # of a tree: a bit for each
_ALL = np.uint64(2**64 - 1)
TABLES = ("cues", "frames", "sources")
_FRAME_OF = {"ccomp": "clause", "xcomp": "infinitive", "dobj": "object", "prep": "preposition"}


@dataclass(frozen=True)
class Rates:
    """How often something was right: name -> (right, seen)."""

    cues: Mapping[str, tuple[float, float]]
    frames: Mapping[str, tuple[float, float]]
    sources: Mapping[str, tuple[float, float]]

    def of(self, key: str, origins: Iterable[str], source: str | None) -> dict[str, float]:
        """Return the smoothed rates of a reading: of its cue, of that with each way to the content, of its source."""
        right, seen = self.cues.get(key, (0.0, 0.0))
        known = [self.frames.get(f"{key}|{origin}") for origin in origins]
        frames = [_smooth(*counts, PRIOR, 2) for counts in known if counts is not None]
        spoke, met = self.sources.get(source or "", (0.0, 0.0))
        return {
            "cue rate": _smooth(right, seen, PRIOR, 3),
            "cue seen": math.log1p(seen),
            "best frame rate": max(frames, default=PRIOR),
            "least frame rate": min(frames, default=PRIOR),
            "source rate": _smooth(spoke, met, 2 * PRIOR, 5),
        }


def _smooth(right: float, seen: float, prior: float, weight: float) -> float:
    return (right + weight * prior) / (seen + weight)


def noun_of(source: Source) -> str | None:
    """Return the lemma of a source that is no name: whose name it is must not tell whether he spoke."""
    return None if source.head.pos_ == "PROPN" else source.head.lemma_.lower()


@dataclass(frozen=True)
class Trees:
    """Boosted trees as flat arrays: at node i go to `left` where feature <= threshold, else to `right`; leaf: value."""

    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Floats
    roots: npt.NDArray[np.int32]
    base: float

    def probability(self, rows: Floats) -> Floats:
        """Return the probability of each row (rows × features).

        All nodes are asked at once: one that a row goes right at rules out the leaves on its left, and of those that
        are left over the first is the row's.
        """
        flat = self.flat
        ruled = np.where(rows[:, flat.feature] <= flat.threshold, _ALL, flat.right_of)
        left_over = np.bitwise_and.reduceat(ruled, flat.begins, axis=1)
        first = np.frexp((left_over & (~left_over + np.uint64(1))).astype(np.float64))[1] - 1
        values = flat.values.take(first + np.arange(len(self.roots)) * _MOST_LEAVES)
        total = values.sum(axis=1) + self.base
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float32)

    @cached_property
    def flat(self) -> _Flat:
        """The same trees as rows of nodes. Raises: ValueError where a tree has more than 64 leaves."""
        feature: list[int] = []
        threshold: list[float] = []
        right_of: list[int] = []
        begins: list[int] = []
        values = np.zeros((len(self.roots), _MOST_LEAVES), dtype=np.float32)
        for tree, root in enumerate(self.roots.tolist()):
            begins.append(len(feature))
            feature.append(0)  # every tree has one node at least, one at which all go left
            threshold.append(np.inf)
            right_of.append(int(_ALL))
            leaves = 0
            waiting = [(root, False)]
            pending: list[tuple[int, int]] = []
            while waiting:
                node, done = waiting.pop()
                if self.feature[node] < 0:
                    if leaves == _MOST_LEAVES:
                        raise ValueError(f"a tree of more than {_MOST_LEAVES} leaves")
                    values[tree, leaves] = self.value[node]
                    leaves += 1
                elif not done:  # its left side first, then itself, then its right side
                    pending.append((node, leaves))
                    waiting += [(int(self.right[node]), False), (node, True), (int(self.left[node]), False)]
                else:
                    _, first = pending.pop()
                    feature.append(int(self.feature[node]))
                    threshold.append(float(self.threshold[node]))
                    right_of.append(int(_ALL) & ~(((1 << (leaves - first)) - 1) << first))
        return _Flat(
            np.asarray(feature, np.intp), np.asarray(threshold, np.float32), np.asarray(right_of, np.uint64),
            np.asarray(begins, np.intp), values,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Flat:
    """The inner nodes of all trees in a row. `right_of`: a bit for each leaf of the tree that is not on a node's left;
    `begins`: where each tree's nodes begin; `values`: trees × leaves from left to right."""

    feature: npt.NDArray[np.intp]
    threshold: Floats
    right_of: npt.NDArray[np.uint64]
    begins: npt.NDArray[np.intp]
    values: Floats


@dataclass(frozen=True)
class Scorer:
    """The model: which words it knows as cues, what it computes with, and from which probability on it speaks."""

    names: tuple[str, ...]
    rates: Rates
    trees: Trees
    known: frozenset[str]
    add: float  # least probability of a reading that no rule found
    drop: float  # a reading of the rules below this is dropped
    sure: tuple[float, ...] = ()  # weights of confidence.FIGURES and a constant; none: what is found keeps its own

    def probabilities(
        self, page: Annotated, sentence: DocSpan, asked: Sequence[tuple[Sequence[Said], Sequence[Candidate]]]
    ) -> list[Floats]:
        """Return the probability of each reading of each cue of a sentence, given what the rules found at that cue."""
        rows: list[list[float]] = []
        ends: list[int] = []
        for said, readings in asked:
            shared = of_cue(page, readings[0], sentence, said)
            for reading in readings:
                rates = self.rates.of(reading.key, reading.origins, noun_of(reading.source))
                values = shared | of_content(page, reading, sentence, said, readings) | rates
                in_order = tuple(values) == self.names
                rows.append(list(values.values()) if in_order else [values[name] for name in self.names])
            ends.append(len(rows))
        return np.split(self.trees.probability(np.asarray(rows, dtype=np.float32)), ends[:-1]) if rows else []


def load(path: Path) -> Scorer:
    """Read a model file. Raises: KnowledgeError where it is not one of ours."""
    try:
        with np.load(path, allow_pickle=False) as file:
            told: dict[str, Any] = json.loads(str(file["about"]))
            arrays = {name: file[name] for name in ("feature", "threshold", "left", "right", "value", "roots")}
            tables = {
                name: {
                    str(key): (float(right), float(seen))
                    for key, (right, seen) in zip(file[name], file[f"{name}_counts"], strict=True)
                }
                for name in TABLES
            }
        trees = Trees(**arrays, base=told["base"])
        trees.flat  # noqa: B018  (here, where a fault can still be told with the file)
    except (OSError, ValueError, KeyError) as error:
        remedy = "make it again with benchmarks/train_attribution.py, or remove it: the rules do without"
        raise KnowledgeError(f"this is no model of attributions: {error}", str(path), remedy) from error
    known = frozenset(told["known"])
    names, sure = tuple(told["names"]), tuple(told.get("sure", ()))
    return Scorer(names, Rates(**tables), trees, known, told["add"], told["drop"], sure)


@lru_cache(maxsize=1)
def model() -> Scorer | None:
    """Return the model among the seeds, or None where there is none."""
    path = _path()
    return load(path) if path.is_file() else None


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Return sha256 over the model file, empty where there is none: part of what a record was made with."""
    path = _path()
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _path() -> Path:
    return resources.path("seeds") / "models" / "attribution.npz"


def weigh(page: Annotated, sentence: DocSpan, texts: frozenset[int], found: list[Said], make: Maker) -> list[Said]:
    """Return what the rules found in a sentence, weighed by the model: some dropped, some added.

    Everything that the model has a reading of gets its `chance`, what is added has that as confidence, too.

    `texts`: offsets of words that mean an agreement, which does not speak. `make` turns a cue, a source and a content
    into an ascription. Without a model `found` comes back as it is.
    """
    scorer = model()
    return found if scorer is None else weighed(scorer, page, sentence, texts, found, make)


def judged(page: Annotated, found: list[Said]) -> list[Said]:
    """Return all that a document says with its confidence, where the model says how likely what is right."""
    scorer = model()
    return found if scorer is None or not scorer.sure else confidence.judged(page, found, scorer.sure)


def weighed(
    scorer: Scorer,
    page: Annotated,
    sentence: DocSpan,
    texts: frozenset[int],
    found: list[Said],
    make: Maker,
) -> list[Said]:
    """Return `found` as `scorer` has it. A direct quotation stands as the rules found it."""
    out = list(found)
    asked = list(_open_to_doubt(scorer, page, sentence, texts, found))
    for (said, readings), chances in zip(asked, scorer.probabilities(page, sentence, asked), strict=True):
        best = int(chances.argmax())
        chance = round(float(chances[best]), 3)
        if said:
            certain = any(s.mode == "direct" for s in said)
            dropped = [
                s for s in said if chance < scorer.drop and not certain and not _stands(page, s, readings[0].cue)
            ]
            likely = {id(s): round(float(chances[_nearest(s, readings)]), 3) for s in said}
            out = [replace(s, chance=likely.get(id(s), s.chance)) for s in out if s not in dropped]
        elif chance >= scorer.add and not _leads_elsewhere(page, readings[best], texts):
            new = make(named(page, readings[best].cue), readings[best].source, _content(readings[best]))
            out += [replace(new, confidence=chance, chance=chance)] if new is not None else []
    return out


def _nearest(said: Said, readings: Sequence[Candidate]) -> int:
    """Return which reading of a cue has most words in common with what the rules found at it."""
    own = {t.start for t in said.tokens}

    def alike(number: int) -> float:
        other = {t.start for t in readings[number].tokens}
        return len(own & other) / max(len(own | other), 1)

    return max(range(len(readings)), key=alike)


def _open_to_doubt(
    scorer: Scorer, page: Annotated, sentence: DocSpan, texts: frozenset[int], found: list[Said]
) -> Iterator[tuple[list[Said], list[Candidate]]]:
    """Yield the cues whose chance is asked for: what the rules found at each, and the ways to read it."""
    quoted = quoted_in(page, sentence)
    for key, cue in reporting(sentence, scorer.known):
        said = [s for s in found if s.cue_head is not None and s.cue_head.i == cue.head.i]
        if not said and in_cue(cue.head, found):
            continue
        source = source_in(page, cue)
        if source is None or not (said or may_report(page, cue.head, source, texts)):
            continue
        readings = readings_of(page, sentence, quoted, key, cue, source)
        if readings:
            yield said, readings


def in_cue(token: Token, found: Iterable[Said]) -> bool:
    """Tell whether a word belongs to a cue that the rules read as a whole: "was" in "was quick to deny"."""
    return any(a <= sx.start(token) < b for said in found for a, b in said.cue)


def _stands(page: Annotated, said: Said, cue: Cue) -> bool:
    """Tell whether a rule's finding is kept whatever its chance: a stance or a frame the corpus has too little of, or a
    cue of more words than the model knows ("was quick to deny")."""
    words = sum(len(page.tokens_in(span)) for span in said.cue)
    return stands_out(said) or words > len(cue.tokens)


def stands_out(said: Said) -> bool:
    """Tell whether a rule's finding has a force or a frame that the corpus has too little of to judge."""
    return said.force in _KEPT or said.frame in _KEPT_FRAMES


def may_report(page: Annotated, head: Token, source: Source, texts: frozenset[int]) -> bool:
    """Tell whether a cue that no rule found may be added: not what the rules leave out on purpose.

    Beside what `is_left_out` those are questions, and who is spoken of in the passive.
    """
    frames = [e.frames for _, e in page.lexicon.starting("ReportingCue", head.lemma_.lower())]
    return not (
        source.head.dep_ == "nsubjpass"
        or (head.tag_ == "VBG" and any("relay" in f for f in frames))
        or is_inverted(head, source.head)
        or _is_no_cue(page, head, source, texts)
        or head.sent.text.rstrip().endswith("?")
    )


def is_left_out(page: Annotated, reading: Candidate, texts: frozenset[int]) -> bool:
    """Tell what is no statement here, whatever a corpus of news makes of it.

    Those are negated and refused speech, relays and evidence, what is put out ("issued a statement"), speech of others
    ("answered the demand"), texts as sources or as what is signed, deeds ("attacked the convoy"), and what a quoted
    speaker does by saying so.
    """
    return _leads_elsewhere(page, reading, texts) or _is_no_cue(page, reading.cue.head, reading.source, texts)


def _leads_elsewhere(page: Annotated, reading: Candidate, texts: frozenset[int]) -> bool:
    """Tell what the content shows to be no statement: what is put out or signed, speech of others."""
    lexicon, lemma = page.lexicon, reading.root.lemma_.lower()
    few = len(reading.tokens) < 12
    return bool(
        (few and (lemma in lexicon.lemmas("CommuniqueNoun") or lemma in lexicon.lemmas("EvidenceNoun")))
        or lexicon.of("ReportingCue", lemma, "noun")
        or sx.start(reading.root) in texts
    )


def _is_no_cue(page: Annotated, head: Token, source: Source, texts: frozenset[int]) -> bool:
    """Tell what the cue and its source show to be no statement, whatever the content."""
    lexicon, lemma = page.lexicon, head.lemma_.lower()
    frames = [e.frames for _, e in lexicon.starting("ReportingCue", lemma)]
    return bool(
        (frames and is_negated(head))
        or any(e.blocks for _, e in lexicon.starting("CueModifier", lemma))
        or (frames and any(e.blocks for _, e in lexicon.starting("CueModifier", head.head.lemma_.lower())))
        or (frames and all(f <= {"relay", "evidence"} for f in frames))
        or any(lexicon.of("ReportingCue", t.lemma_.lower(), "noun") for t in children(head, "dobj"))
        or sx.start(source.head) in texts
        or (not frames and source.head.lemma_.lower() in lexicon.lemmas("CommuniqueNoun"))  # "the statement followed …"
        or _is_deed(page, head)
        or (frames and page.quoted(sx.start(head)) is not None and source.head.lower_ in FIRST_PERSON)
    )


def _is_deed(page: Annotated, head: Token) -> bool:
    """Tell whether a word is one that the lexicon has for a deed, with the further words of that entry around it."""
    around = {w for t in head.doc[head.i + 1 : head.i + 8] for w in (t.lemma_.lower(), t.lower_)}
    return any(
        set(words[1:]) <= around for kind in _DEEDS for words, _ in page.lexicon.starting(kind, head.lemma_.lower())
    )


def _content(reading: Candidate) -> Content:
    kinds = sorted(o.partition(":")[0] for o in reading.origins)
    frame = next((_FRAME_OF[k] for k in kinds if k in _FRAME_OF), "clause")
    return Content((reading.tokens,), reading.root, frame)


def named(page: Annotated, cue: Cue) -> Cue:
    """Give a cue the entry that the lexicon has for its lemma, if any: its force and its narrator's distance."""
    entries: tuple[Entry, ...] = page.lexicon.of("ReportingCue", cue.head.lemma_.lower(), cue.pos)
    return replace(cue, entry=entries[0]) if entries else cue
