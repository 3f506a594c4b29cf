"""Scores whole annotations against reports with gold: a folder with `reports.jsonl` and `gold.jsonl`.

- content: statements matched one to one, at least half of the words in common (Jaccard index), narration aside
- party, act: of the matched statements the share whose party, and whose act, is the gold's
- disputes: (who, clause number) per report; agreement references: clause number per report
- contested incidents: how many per report are denied or contested
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pacta.documents import read
from pacta.errors import UnreadableFile
from pacta.evaluation.measures import Score, Spans, Tally, WrongParty, jaccard, pair, total, words
from pacta.model import Document, Record
from pacta.pipeline import Converter

Json = dict[str, Any]
# Gold has acts as bare verbs, and a few that lie so near another that they count as it.
_ACTS = {
    "asserts": "assert", "confirms": "confirm", "accuses": "accuse", "pledges": "pledge", "denies": "deny",
    "dismisses": "dispute", "demands": "demand", "warns": "assert", "condemns": "accuse", "announces": "assert",
    "warn": "assert", "condemn": "accuse", "announce": "assert", "question": "assert",
}  # fmt: skip
_SHOWN = 60  # characters of a content put into the wrong mouth


def score(converter: Converter, folder: Path) -> Score:
    """Convert `reports.jsonl` and score it against `gold.jsonl`; a report that fails counts as empty."""
    gold = {str(g["id"]): g for g in _lines(folder / "gold.jsonl")}
    texts = {str(r["id"]): str(r["text"]) for r in _lines(folder / "reports.jsonl")}
    failed, documents = [], []
    for item in read(folder / "reports.jsonl"):
        if isinstance(item, Document):
            documents.append(item)
        else:
            failed.append(str(item))
    found: dict[str, Json] = {}
    for result in converter.records(documents):
        if isinstance(result, Record):
            annotation = converter.annotation(result)
            found[str(annotation["document"]["id"])] = annotation
        else:
            failed.append(f"{result[0].metadata.id}: {result[1]}")
    return score_reports(gold, texts, found, failed)


def _lines(path: Path) -> list[Json]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, json.JSONDecodeError) as error:
        raise UnreadableFile(
            f"no gold can be read here: {error}", str(path), "name a folder with reports.jsonl and gold.jsonl"
        ) from error


def score_reports(
    gold: dict[str, Json], texts: dict[str, str], found: dict[str, Json], failed: Iterable[str] = ()
) -> Score:
    """Score annotation objects by report id; `texts`: what the offsets of the gold refer to."""
    parts, wrong = [], []
    for name, want in gold.items():
        got = found.get(name) or {"text": texts[name], "statements": []}
        part, misses = _statements(name, want, got, texts[name])
        wrong += misses
        parts.append(part | _sets(want, got))
    return Score("reports", len(gold), total(parts), frozenset({"party", "act"}), {}, tuple(wrong), tuple(failed))


def _statements(name: str, want: Json, got: Json, source: str) -> tuple[dict[str, Tally], list[WrongParty]]:
    text = got["text"]
    gold = [s for s in want["statements"] if s.get("offsets")]
    found = [s for s in got["statements"] if s.get("speechMode") != "narration"]
    meant = [words(text, _moved(source, text, s["offsets"])) for s in gold]
    said = [words(text, s["content"]) for s in found]
    matched = pair(said, meant, lambda p, g: jaccard(p, g, empty=0.0) >= 0.5)
    party = act = 0
    wrong = []
    for j, i in matched.items():
        act += _act(found[i]["act"]) == _act(gold[j]["act"])
        if same_party(gold[j].get("party") or gold[j]["speaker"], found[i]):
            party += 1
        else:
            speaker = (found[i].get("speaker") or {}).get("label") or "nobody"
            begin = found[i]["content"][0][0]
            shown = " ".join(text[begin : begin + _SHOWN].split())
            wrong.append(WrongParty(name, f"{gold[j]['speaker']} ({gold[j].get('party')})", speaker, shown))
    n = len(matched)
    return {
        "content": Tally(n, len(found), len(gold)),
        "party": Tally(party, n, n),
        "act": Tally(act, n, n),
    }, wrong


def _moved(source: str, text: str, spans: Spans) -> Spans:
    """Return where the words of `spans` of `source` stand in `text`, which is the same as a rule."""
    if source == text:
        return spans
    starts = ((text.find(source[a:b]), b - a) for a, b in spans)
    return [(at, at + length) for at, length in starts if at >= 0]


def _act(act: str) -> str:
    return _ACTS.get(act, act)


def _norm(words_: Any) -> str:
    return re.sub(r"[^a-z ]", "", str(words_ or "").lower())


def same_party(party: str, statement: Json) -> bool:
    """Tell whether a speaker or its principal bears the name of a party, or a longer word of it."""
    speaker = statement.get("speaker") or {}
    names = _norm(" ".join(str(speaker.get(key) or "") for key in ("principalLabel", "label")))
    wanted = _norm(party)
    return bool(wanted) and (wanted in names or any(w in names for w in wanted.split() if len(w) > 4))


def _sets(want: Json, got: Json) -> dict[str, Tally]:
    disputes = {(_party(d["who"]), _clause(d["clause"])) for d in want["disputes"]}
    read_ = {
        (_party(str(d.get("actorLabel") or d.get("actor"))), _clause(d.get("clauseNumber") or d.get("clause")))
        for d in got.get("disputes", ())
    }
    met = sum(any(_same_dispute(d, r) for r in read_) for d in disputes)
    refs = {(_norm(r["agreement"])[:24], str(r["clause"] or "")) for r in want["agreement_refs"]}
    named = {
        (_norm(m.get("agreementLabel") or m.get("agreement"))[:24], str(m.get("clauseNumber") or ""))
        for m in got.get("agreementMentions", ())
    }
    clauses = {clause for _, clause in named}
    contested = {_norm(i["what"]).partition(" ")[0] for i in want["incidents"] if i["denied_by"]}
    denied = sum(i.get("status") in ("contested", "denied") for i in got.get("incidents", ()))
    return {
        "disputes": Tally(met, len(read_), len(disputes)),
        "agreement references": Tally(sum(clause in clauses for _, clause in refs), len(named), len(refs)),
        "contested incidents": Tally(min(len(contested), denied), denied, len(contested)),
    }


def _party(who: str) -> str:
    return _norm(re.sub(r".*\[(.*)\]", r"\1", who))


def _clause(clause: Any) -> str:
    return str(clause or "whole").replace("whole agreement", "whole")


def _same_dispute(one: tuple[str, str], other: tuple[str, str]) -> bool:
    same_clause = one[1] == other[1] and one[0] and other[0]
    return bool(same_clause) and (one[0] in other[0] or other[0] in one[0])
