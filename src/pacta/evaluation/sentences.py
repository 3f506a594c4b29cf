"""Scores short texts of our own: JSON Lines with `text`, `published`, `level` and `expected` statements.

A statement is right when its words (Jaccard index 0.6), its speaker and its act are. `speaker` and `act` are shares of
the statements whose words were found. Where `exhaustive` is false, only what is asked for counts as found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pacta.errors import UnreadableFile
from pacta.evaluation.measures import Score, Spans, Tally, WrongParty, jaccard, total, words
from pacta.model import Document, Metadata, Record
from pacta.pipeline import Converter

Json = dict[str, Any]
_SHARE = 0.6


def score(converter: Converter, path: Path, level: int | None = None) -> Score:
    """Convert the sentences of a file or a folder of files and score their statements."""
    items = [item for item in load(path) if level is None or item["level"] == level]
    documents = (
        Document(i["id"], i["id"], len(i["text"].encode()), i["text"], Metadata(published=i["published"]), i["id"])
        for i in items
    )
    parts, wrong, failed = [], [], []
    for item, result in zip(items, converter.records(documents), strict=True):
        found: list[Json] = []
        if isinstance(result, Record):
            found = converter.annotation(result)["statements"]
        else:
            failed.append(f"{item['id']}: {result[1]}")
        part, misses = score_item(item, found)
        parts.append(part)
        wrong += misses
    name = "sentences" if level is None else f"sentences (level {level})"
    return Score(name, len(items), total(parts), frozenset({"speaker", "act"}), {}, tuple(wrong), tuple(failed))


def load(path: Path) -> list[Json]:
    """Return the sentences under `path`, file by file.

    Raises: UnreadableFile where there are none, or a line is broken.
    """
    items: list[Json] = []
    for file in [path] if path.is_file() else sorted(path.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                items += [json.loads(line)] if line.strip() else []
            except json.JSONDecodeError as error:
                raise UnreadableFile(f"this line is no JSON: {error}", f"{file}:{number}", "mend it") from error
    if not items:
        raise UnreadableFile("there are no sentences here", str(path), "name a .jsonl file or a folder of them")
    return items


def score_item(item: Json, found: list[Json]) -> tuple[dict[str, Tally], list[WrongParty]]:
    """Score the statements found in one sentence; the pairs that agree best go first, each used once."""
    text, wanted = item["text"], item["expected"]["statements"]
    scored = []
    for j, want in enumerate(wanted):
        goal = words(text, spans_of(text, want["content"]))
        for i, got in enumerate(found):
            overlap = jaccard(goal, words(text, got["content"]))
            if overlap >= _SHARE:
                scored.append((overlap + _speaker(want, got) + _act(want, got) + _cue(text, want, got), -j, -i))
    pairs: dict[int, int] = {}
    for _, j, i in sorted(scored, reverse=True):
        if -j not in pairs and -i not in pairs.values():
            pairs[-j] = -i
    right = speaker = act = 0
    wrong = []
    for j, i in pairs.items():
        who, what = _speaker(wanted[j], found[i]), _act(wanted[j], found[i])
        speaker, act, right = speaker + who, act + what, right + (who and what)
        if not who:
            name = (found[i].get("speaker") or {}).get("label") or "nobody"
            begin = " ".join(text[slice(*found[i]["content"][0])].split())[:60]
            wrong.append(WrongParty(item["id"], "/".join(_listed(wanted[j]["speaker"])), name, begin))
    n = len(pairs)
    told = sum(s.get("speechMode") != "narration" for i, s in enumerate(found) if i not in pairs.values())
    everything = n + told if item["expected"].get("exhaustive", True) else n
    return {
        "statement": Tally(right, everything, len(wanted)),
        "content": Tally(n, everything, len(wanted)),
        "speaker": Tally(speaker, n, n),
        "act": Tally(act, n, n),
    }, wrong


def spans_of(text: str, parts: str | Iterable[str]) -> list[tuple[int, int]]:
    """Return where parts of a text stand; of "deny |that|" only what the bars hold is meant.

    >>> spans_of("to deny that it said that", "deny |that|")
    [(8, 12)]
    """
    found = []
    for part in _listed(parts):
        before, marked, after = part.split("|") if "|" in part else ("", part, "")
        at = text.index(before + marked + after) + len(before)
        found.append((at, at + len(marked)))
    return found


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _speaker(want: Json, got: Json) -> bool:
    speaker = got.get("speaker") or {}
    names = " | ".join(str(speaker[key]) for key in ("label", "principalLabel") if speaker.get(key)).casefold()
    return any(re.search(r"(?<!\w)" + re.escape(name.casefold()), names) for name in _listed(want["speaker"]))


def _act(want: Json, got: Json) -> bool:
    return got.get("act") in _listed(want["act"])


def _cue(text: str, want: Json, got: Json) -> bool:
    cue: Spans = got.get("cue") or ()
    return want.get("cue") is None or bool(words(text, spans_of(text, want["cue"])) & words(text, cue))
