"""The kind of event that words tell of: by the lexicon at their predicate, and by a small learned model. Optional.

The model (seeds/models/kinds.npz) is linear over hashed features of words and syntax; plain numpy runs it. Its kinds
are the top concepts of the incident kinds. seeds/models/KINDS.md says what it was trained on,
benchmarks/train_kinds.py makes it again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pacta import resources
from pacta.annotations.words import Token
from pacta.errors import KnowledgeError
from pacta.lexicon import Entry, Lexicon
from pacta.reference import Reference
from pacta.statements.grammar import is_negated, is_verb
from pacta.vocabulary import concept

BITS = 16  # features are counted in 2 ** BITS buckets
_LINKS = frozenset(
    {"dobj", "prep", "prt", "xcomp", "nsubjpass", "amod", "compound", "pobj", "acomp", "attr", "agent", "ccomp"}
)
_OBJECTS = ("dobj", "prt", "attr", "acomp", "nsubjpass", "ccomp", "oprd")
_CUES = ("ReportingCue", "ConductCue")
SURE_MARGIN, SURE_CHANCE = -0.2, 0.9  # on held-out sentences, 9 in 10 of the deeds above both are right
_TOLD = frozenset({"VBD", "VBN"})  # forms in which a deed is told as done
_CHAIN = 4  # predicates that control one another: "agreed to begin to talk"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model makes of some words.

    `kind`: local name of a top incident kind; `chance`: how likely it is, given that the words tell of an event at all;
    `margin`: how clearly they tell of this kind; below 0 they look like none that the model has seen.
    """

    kind: str
    chance: float
    margin: float


@dataclass(frozen=True, eq=False)
class Classifier:
    """The model. Shapes: `kinds` [k], `weights` [k, 2 ** BITS], `bias` [k], `rarity` [2 ** BITS]; `slope` of chances.

    `corpus`: sha256 of the file it was trained on.
    """

    kinds: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: Floats
    rarity: npt.NDArray[np.float32]
    slope: float
    corpus: str = ""

    def margins(self, buckets: npt.NDArray[np.int64]) -> Floats:
        """Return the margin of each kind, [k], for the buckets that words fill."""
        values = self.rarity[buckets]
        length = float(np.sqrt(values @ values)) or 1.0
        return np.asarray(self.weights[:, buckets] @ values / length + self.bias, dtype=np.float64)

    def verdict(self, buckets: npt.NDArray[np.int64]) -> Verdict:
        """Return the likeliest kind."""
        margins = self.margins(buckets)
        best = int(margins.argmax())
        powers = np.exp(self.slope * (margins - margins[best]))
        return Verdict(self.kinds[best], float(1 / powers.sum()), float(margins[best]))


# --- features ---------------------------------------------------------------------------------------------------------
def buckets_of(features: Iterable[str]) -> npt.NDArray[np.int64]:
    """Return the buckets that features fall into, each once, in order."""
    found = {zlib.crc32(f.encode()) & ((1 << BITS) - 1) for f in features}
    return np.asarray(sorted(found), dtype=np.int64)


def features_of(lexicon: Lexicon, reference: Reference, tokens: Sequence[Token]) -> frozenset[str]:
    """Return what some words of one paragraph are known by: lemmas and their neighbours, links of the syntax, the
    predicate with what hangs on it, what the lexicon says of them. Names and numbers count as such alone."""
    words = [t for t in tokens if not (t.is_space or t.is_punct)]
    return frozenset(_of_words(lexicon, reference, words)) | frozenset(_of_predicate(lexicon, reference, words))


def _of_words(lexicon: Lexicon, reference: Reference, words: list[Token]) -> Iterator[str]:
    lemmas: list[str] = []
    for token in words:
        lemma = _lemma(token)
        if not (lemmas and lemmas[-1] == lemma == "NAME"):
            lemmas.append(lemma)
        if lemma != "NAME":
            yield f"form={token.lower_}"
        if token.pos_ in ("VERB", "NOUN", "ADJ"):
            yield from (f"told={t}" for t in _told(lexicon, reference, token))
        if token.dep_ in _LINKS and token.head != token:
            yield f"link={_lemma(token.head)}>{token.dep_}>{lemma}"
            if token.dep_ == "prep":
                nouns = (c for c in token.children if c.dep_ == "pobj")
                yield from (f"link={_lemma(token.head)}>{token.lower_}>{_lemma(noun)}" for noun in nouns)
    yield from (f"lemma={lemma}" for lemma in lemmas)
    yield from (f"two={a} {b}" for a, b in pairwise(lemmas))


def _of_predicate(lexicon: Lexicon, reference: Reference, words: list[Token]) -> Iterator[str]:
    chain = predicates(words)
    if not chain:
        return
    yield "chain=" + ">".join(map(_lemma, chain))
    yield f"tag={chain[0].tag_}"
    for place, token in enumerate(chain):
        lemma = _lemma(token)
        yield f"predicate={lemma}"
        yield f"predicate{min(place, 1)}={lemma}"
        yield from (f"predicate{min(place, 1)} told={t}" for t in _told(lexicon, reference, token))
        for part in token.children:
            if part.dep_ in _OBJECTS:
                yield f"part={lemma}>{_lemma(part)}"
                yield f"part={_lemma(part)}"
                yield from (f"part told={t}" for t in _told(lexicon, reference, part))
            elif part.dep_ == "prep":
                yield f"part={lemma}>{part.lower_}"
            elif part.dep_ == "neg":
                yield "negated"
            elif part.dep_ in ("aux", "auxpass"):
                yield f"helper={part.lower_}"


def predicates(words: Sequence[Token]) -> list[Token]:
    """Return the word that governs most of `words`, and the predicates it controls: "agreed", "begin"."""
    inside = {t.i for t in words}
    roots = [t for t in words if t.head == t or t.head.i not in inside]
    if not roots:
        return []
    chain = [max(roots, key=lambda t: (sum(s.i in inside for s in t.subtree), -t.i))]
    while len(chain) < _CHAIN:
        after = next((c for c in chain[-1].children if c.dep_ == "xcomp"), None)
        if after is None:
            break
        chain.append(after)
    return chain


def _lemma(token: Token) -> str:
    if token.pos_ == "PROPN":
        return "NAME"
    return "NUMBER" if token.like_num else str(token.lemma_.lower())


def _told(lexicon: Lexicon, reference: Reference, token: Token) -> Iterator[str]:
    """Yield the top kinds and the forces that the lexicon has for a word."""
    verbal = is_verb(token)
    for _, entry in lexicon.starting("IncidentTrigger", token.lemma_.lower()):
        if (entry.pos == "verb") == verbal and entry.value:
            yield _top(reference, entry)
    for cue in _CUES:
        for _, entry in lexicon.starting(cue, token.lemma_.lower()):
            if entry.force:
                yield "force " + entry.force.rpartition("/")[2]


def _top(reference: Reference, entry: Entry) -> str:
    return list(reference.broader(entry.value or ""))[-1].rpartition("/")[2]


# --- by the lexicon ---------------------------------------------------------------------------------------------------
def by_lexicon(lexicon: Lexicon, reference: Reference, tokens: Sequence[Token], of_force: dict[str, str]) -> str | None:
    """Return the top kind that the lexicon gives for the predicate of some words, or for what hangs on it.

    `of_force`: local name of a force -> the top kind that speaking with it is. What only says that something was said
    gives way to what was said.
    """
    words = [t for t in tokens if not (t.is_space or t.is_punct)]
    queue, seen = predicates(words), set[int]()
    while queue:
        token = queue.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        told = list(_exact(lexicon, reference, token, of_force))
        if any(entry.blocks for _, entry in lexicon.starting("CueModifier", token.lemma_.lower())):
            told = [refusal] if (refusal := of_force.get("denies")) is not None and _complement(token) else told
        if told:
            return told[0]
        after = [c for c in token.children if c.dep_ in ("ccomp", "xcomp", *_OBJECTS)]
        after += [c for p in token.children if p.dep_ in ("prep", "agent") for c in p.children if c.dep_ == "pobj"]
        queue += after
    return None


def _complement(verb: Token) -> bool:
    """Tell whether a verb of refusal says what is refused: "refused to meet", "declined the offer"."""
    return is_verb(verb) and any(c.dep_ in ("xcomp", "dobj") for c in verb.children)


def _exact(lexicon: Lexicon, reference: Reference, token: Token, of_force: dict[str, str]) -> Iterator[str]:
    """Yield the top kinds of the entries that fit a word here, those with the most words and conditions first."""
    verbal, lemma = is_verb(token), token.lemma_.lower()
    near = {t.lemma_.lower() for t in token.subtree if t != token}
    fitting = [
        (len(words) + bool(entry.objects) + bool(entry.requires), entry)
        for words, entry in lexicon.starting("IncidentTrigger", lemma)
        if entry.value
        and (entry.pos == "phrase" or (entry.pos == "verb") == verbal)
        and all(word in near for word in words[1:])
        and (not entry.objects or entry.objects & near)
        and (not entry.requires or entry.requires & near)
    ]
    yield from (_top(reference, e) for _, e in sorted(fitting, key=lambda f: (-f[0], f[1].iri)))
    for cue in _CUES:
        for _, entry in lexicon.starting(cue, lemma):
            kind = of_force.get((entry.force or "").rpartition("/")[2])
            if kind is not None and (entry.pos == "phrase" or (entry.pos == "verb") == verbal):
                yield kind


# --- a deed that the lexicon has no word for --------------------------------------------------------------------------
def deed(
    lexicon: Lexicon, reference: Reference, tokens: Sequence[Token], deeds: Sequence[str]
) -> tuple[Token, Entry] | None:
    """Return the verb by which words tell of a past deed, as an entry of a lexicon would; None where the model is not
    sure, or is not there.

    `deeds`: local names of the top kinds that count. The model has seen events alone, so that something always is the
    likeliest; its margin tells whether the words look like that kind at all.
    """
    found = model()
    words = [t for t in tokens if not (t.is_space or t.is_punct)]
    chain = predicates(words)
    if found is None or not chain or chain[0].tag_ not in _TOLD or not _acts(chain[0]):
        return None
    verdict = found.verdict(buckets_of(features_of(lexicon, reference, words)))
    if verdict.kind not in deeds or verdict.margin < SURE_MARGIN or verdict.chance < SURE_CHANCE:
        return None
    lemma = ((chain[0].lemma_.lower(),),)
    return chain[0], Entry("", "IncidentTrigger", lemma, "verb", value=concept("incident-kind", verdict.kind))


def _acts(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children) and not is_negated(verb)


# --- the file ---------------------------------------------------------------------------------------------------------
def arrays_of(model: Classifier) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of the model file; weights to 1 part in 127 of the greatest of their kind."""
    scale = np.abs(model.weights).max(axis=1, keepdims=True) / 127
    told = {"kinds": model.kinds, "slope": model.slope, "bits": BITS, "corpus": model.corpus}
    return {
        "about": np.asarray(json.dumps(told)),
        "weights": np.round(model.weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": model.bias,
        "rarity": model.rarity.astype(np.float16),
    }


def load(path: Path) -> Classifier:
    """Read a model file. Raises KnowledgeError where it is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            told = json.loads(str(file["about"]))
            weights = file["weights"].astype(np.float32) * file["scale"]
            bias, rarity = file["bias"].astype(np.float64), file["rarity"].astype(np.float32)
        shape = (len(told["kinds"]), 1 << BITS)
        if (weights.shape, bias.shape, rarity.shape) != (shape, shape[:1], shape[1:]):
            raise ValueError(f"weights of shape {weights.shape}, not {shape}")
        return Classifier(tuple(told["kinds"]), weights, bias, rarity, float(told["slope"]), told["corpus"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "make it again with benchmarks/train_kinds.py, or remove it: the lexicon does without"
        raise KnowledgeError(f"this is no model of kinds: {error}", str(path), remedy) from error


def model_path() -> Path:
    """Return where the model lies if there is one."""
    return resources.path("seeds") / "models" / "kinds.npz"


@lru_cache(maxsize=1)
def model() -> Classifier | None:
    """Return the model among the seeds, or None where there is none."""
    return load(model_path()) if model_path().is_file() else None


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Return sha256 over the model file, empty where there is none: part of what a record was made with."""
    return hashlib.sha256(model_path().read_bytes()).hexdigest() if model_path().is_file() else ""
