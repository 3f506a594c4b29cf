"""Scores kinds of event against a tab-separated file: columns `sentence` and `gold_root`, the PLOVER event.

Accuracy, and F1 of each event; their mean is macro F1. A sentence without any kind found is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef

from pacta import resources
from pacta.errors import UnreadableFile
from pacta.evaluation.measures import Score, Tally
from pacta.model import Document, Metadata, Record
from pacta.pipeline import Converter
from pacta.vocabulary import PACTA

Json = dict[str, Any]
# What an act is as an event of its own, whatever it is about.
_OF_ACT = {
    "accuses": "ACCUSE", "condemns": "ACCUSE", "demands": "REQUEST", "denies": "REJECT", "dismisses": "REJECT",
    "warns": "THREATEN",
}  # fmt: skip
_TODAY = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}  # one event in the older list of names, two in the newer


@cache
def _events() -> dict[str, str]:
    """Return local name of an incident kind -> PLOVER event, as the vocabulary has it."""
    graph = Graph().parse(resources.path("ontology") / "vocabularies" / "incident-kind.ttl")
    pairs = graph.subject_objects(URIRef(PACTA + "ploverEvent"))
    return {str(kind).rpartition("/")[2]: _TODAY.get(str(event), str(event)) for kind, event in pairs}


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
    """Convert each sentence by itself and score the event found in it."""
    rows = _rows(path)[:limit]
    documents = (
        Document(f"sentence-{i}", f"sentence-{i}", len(text.encode()), text, Metadata(), f"{path.name}:{i + 2}")
        for i, (text, _) in enumerate(rows)
    )
    found, failed = [], []
    for result in converter.records(documents):
        if isinstance(result, Record):
            found.append(event_of(converter.annotation(result)))
        else:
            found.append(None)
            failed.append(f"{result[0].source_name}: {result[1]}")
    return score_events([event for _, event in rows], found, failed)


def _rows(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        return [(row["sentence"], row["gold_root"]) for row in rows]
    except (OSError, KeyError, csv.Error) as error:
        raise UnreadableFile(
            f"no events can be read here: {error}", str(path), "give a TSV file with columns sentence and gold_root"
        ) from error


def score_events(gold: Sequence[str], found: Sequence[str | None], failed: Sequence[str] = ()) -> Score:
    """Score one event a sentence. Measures: accuracy, F1 of each event of the gold, and their mean."""
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    tallies = {"accuracy": Tally(right, len(gold), len(gold))}
    for event in sorted(set(gold)):
        both = sum(g == f == event for g, f in zip(gold, found, strict=True))
        tallies[event] = Tally(both, sum(f == event for f in found), sum(g == event for g in gold))
    mean = sum(t.f1 for name, t in tallies.items() if name != "accuracy") / max(len(tallies) - 1, 1)
    return Score("events", len(gold), tallies, frozenset({"accuracy"}), {"macro F1": mean}, failed=tuple(failed))
