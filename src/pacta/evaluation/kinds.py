"""Scores kinds of event against a tab-separated file: columns `sentence` and `gold_root`, the PLOVER event.

Accuracy, and F1 of each event; their mean is macro F1. A sentence without any kind found is wrong. Scored twice: by the
lexicon alone, and with the learned model; on the file that the model was trained on, by folds, with models fitted anew.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from pacta import resources
from pacta.annotations import syntax
from pacta.annotations.words import Token
from pacta.claims import kinds as claimed
from pacta.errors import UnreadableFile, UsageError_
from pacta.evaluation import fitting
from pacta.evaluation.measures import Score, Tally
from pacta.model import Document, Metadata, Record
from pacta.pipeline import Converter
from pacta.vocabulary import PACTA

Json = dict[str, Any]
# What an act is as an event of its own, whatever it is about.
_OF_ACT = {
    "accuses": "ACCUSE", "condemns": "ACCUSE", "demands": "REQUEST", "denies": "REJECT", "dismisses": "REJECT",
    "warns": "THREATEN", "pledges": "AGREE",
}  # fmt: skip
_TODAY = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}  # one event in the older list of names, two in the newer


@cache
def _events() -> dict[str, str]:
    """Return local name of an incident kind -> PLOVER event, as the vocabulary has it."""
    pairs = _vocabulary().subject_objects(URIRef(PACTA + "ploverEvent"))
    return {str(kind).rpartition("/")[2]: _TODAY.get(str(event), str(event)) for kind, event in pairs}


@cache
def kinds_of_events() -> dict[str, str]:
    """Return PLOVER event -> local name of the top incident kind that it is."""
    tops = {str(kind).rpartition("/")[2] for kind in _vocabulary().subjects(SKOS.topConceptOf)}
    return {event: kind for kind, event in sorted(_events().items()) if kind in tops}


@cache
def _vocabulary() -> Graph:
    return Graph().parse(resources.path("ontology") / "vocabularies" / "incident-kind.ttl")


def event_of(annotation: Json) -> str | None:
    """Return the event that a sentence tells of: what its first speaker does by speaking, else the first incident."""
    said = [s for s in annotation["statements"] if s["speechMode"] != "narration"]
    for statement in said:
        if statement["act"] in _OF_ACT:
            return _OF_ACT[statement["act"]]
    for statement in annotation["statements"]:
        kind = (statement.get("proposition") or {}).get("incidentKind")
        if kind in _events():
            return _events()[kind]
    return None


def score(converter: Converter, path: Path, limit: int | None = None) -> Score:
    """Score the event that the lexicon gives for each sentence: at its predicate, else in what was converted."""
    rows = rows_of(path)[:limit]
    documents = (
        Document(f"sentence-{i}", f"sentence-{i}", len(text.encode()), text, Metadata(), f"{path.name}:{i + 2}")
        for i, (text, _) in enumerate(rows)
    )
    found, failed = [], []
    of_force = {act: kinds_of_events()[event] for act, event in _OF_ACT.items()}
    for result, tokens in zip(converter.records(documents), tokens_of(converter, [t for t, _ in rows]), strict=True):
        kind = claimed.by_lexicon(converter.lexicon, converter.reference, tokens, of_force)
        if isinstance(result, Record):
            found.append(_events().get(kind or "") or event_of(converter.annotation(result)))
        else:
            found.append(None)
            failed.append(f"{result[0].source_name}: {result[1]}")
    return score_events([event for _, event in rows], found, failed)


def can_score_learned(path: Path) -> bool:
    """Tell whether there is a learned model that can be scored on a file: one trained on it must be fitted anew."""
    model = claimed.model()
    return model is not None and (fitting.can_fit() or not _trained_on(model, path))


def score_learned(converter: Converter, path: Path, limit: int | None = None) -> Score:
    """Score the learned model; on the file it was trained on, each sentence by a model fitted to the other folds.

    Folds are of the whole file, whatever `limit`.
    """
    model = claimed.model()
    if model is None:
        raise UsageError_("there is no model of kinds", remedy="make it with benchmarks/train_kinds.py")
    seen = _trained_on(model, path)
    rows = rows_of(path)[: None if seen else limit]
    texts, wanted = [text for text, _ in rows], [event for _, event in rows]
    features = fitting.buckets(features_of(converter, texts))
    if not seen:
        found = [_events()[model.verdict(row).kind] for row in features]
        return score_events(wanted, found, corpus="events, learned")
    margins = fitting.held_out(features, wanted, texts)
    names = sorted(set(wanted))
    found = [names[best] for best in margins.argmax(axis=1)]
    return score_events(wanted[:limit], found[:limit], corpus=f"events, learned, {fitting.FOLDS} folds")


def _trained_on(model: claimed.Classifier, path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == model.corpus


def features_of(converter: Converter, texts: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield what each text is known by to the model."""
    for tokens in tokens_of(converter, texts):
        yield claimed.features_of(converter.lexicon, converter.reference, tokens)


def tokens_of(converter: Converter, texts: Sequence[str]) -> Iterator[list[Token]]:
    """Yield the words of the first paragraph of each text, parsed as the converter does."""
    for parse in syntax.parse(texts, converter.nlp, converter.reference.is_name, converter.reference.is_place):
        yield [token for paragraph in parse.paragraphs[:1] for token in paragraph.doc]


def rows_of(path: Path) -> list[tuple[str, str]]:
    """Return (sentence, event) of each row. Raises UnreadableFile where the columns are missing."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        return [(row["sentence"], row["gold_root"]) for row in rows]
    except (OSError, KeyError, csv.Error) as error:
        raise UnreadableFile(
            f"no events can be read here: {error}", str(path), "give a TSV file with columns sentence and gold_root"
        ) from error


def score_events(
    gold: Sequence[str], found: Sequence[str | None], failed: Sequence[str] = (), corpus: str = "events"
) -> Score:
    """Score one event a sentence. Measures: accuracy, F1 of each event of the gold, and their mean."""
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    tallies = {"accuracy": Tally(right, len(gold), len(gold))}
    for event in sorted(set(gold)):
        both = sum(g == f == event for g, f in zip(gold, found, strict=True))
        tallies[event] = Tally(both, sum(f == event for f in found), sum(g == event for g in gold))
    mean = sum(t.f1 for name, t in tallies.items() if name != "accuracy") / max(len(tallies) - 1, 1)
    return Score(corpus, len(gold), tallies, frozenset({"accuracy"}), {"macro F1": mean}, failed=tuple(failed))
