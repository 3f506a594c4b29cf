"""Compare what the converter read with what a careful reader marked, and say in words where they part.

    python tests/goldmatch.py                  a table: sentences that come out right, per phenomenon and per level
    python tests/goldmatch.py --failures       the same, and under it each sentence that does not, with reasons
    python tests/goldmatch.py --only ID...     these sentences alone, with what was found in them
    python tests/goldmatch.py --pin            raise the floors in tests/gold/floors.json to today's scores

The format of the gold files and the conventions for spans are in tests/gold/README.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold"
EDGE = " \t\n“”„«»\"‘’'.,;:!?-–—…()[]"
WORD = re.compile(r"\w+")
CONTENT_SHARE, SOURCE_SHARE = 0.6, 0.5

Json = dict[str, Any]
Spans = Sequence[Sequence[int]]


# --- spans ------------------------------------------------------------------------------------------------------------
def locate(text: str, marked: str, start: int = 0) -> tuple[int, int]:
    """Return where `marked` stands in `text`; of "was quick to deny |that|" only the part between the bars counts."""
    before, part, after = marked.split("|") if "|" in marked else ("", marked, "")
    whole = before + part + after
    found = text.find(whole, start)
    if found < 0:
        raise ValueError(f"{whole!r} does not occur in {text!r}")
    if not start and text.find(whole, found + 1) >= 0:
        raise ValueError(f"{whole!r} occurs more than once in {text!r}: give context around |the part|")
    return found + len(before), found + len(before) + len(part)


def words(text: str, spans: Spans | None) -> set[int]:
    """Return the start offsets of the words that `spans` cover: quote marks and punctuation do not count."""
    return {m.start() for a, b in spans or () for m in WORD.finditer(text, a, b)}


def share(one: set[int], other: set[int]) -> float:
    """Return the Jaccard index of two sets (two empty sets agree wholly)."""
    return len(one & other) / len(one | other) if one | other else 1.0


def _trim(text: str, span: Sequence[int]) -> tuple[int, int]:
    start, end = span
    for _ in range(2):
        start += start < end and text[start] in EDGE
        end -= start < end and text[end - 1] in EDGE
    return start, end


def same_spans(text: str, found: Spans | None, wanted: Spans | None) -> bool:
    """Whether both mark the same stretches, give or take two quote marks or punctuation signs at either end."""
    return [_trim(text, s) for s in found or ()] == [_trim(text, s) for s in wanted or ()]


def slices(text: str, spans: Spans | None) -> str:
    return " … ".join(repr(text[a:b]) for a, b in spans or ()) or "nothing"


# --- small readers of the annotate contract ---------------------------------------------------------------------------
def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def local(value: Any) -> str:
    """Return the local name of an IRI, or the word itself."""
    return re.split(r"[/#]", str(value or "").rstrip("/"))[-1]


def names_one_of(haystack: Iterable[Any], needles: Any) -> bool:
    """Whether a word in `haystack` begins with one of `needles`, letter case aside: "Sudan" names "Sudanese army"."""
    hay = " | ".join(str(h) for h in haystack if h).casefold()
    return any(re.search(r"(?<!\w)" + re.escape(str(n).casefold()), hay) for n in listed(needles))


def speaker_names(statement: Json) -> list[str]:
    speaker = statement.get("speaker") or {}
    return [str(speaker[k]) for k in ("label", "principalLabel") if speaker.get(k)]


def clock(value: str) -> datetime:
    """Return the wall-clock time: the day or hour as people there would say it, without the offset."""
    return datetime.fromisoformat(value).replace(tzinfo=None)


def bounds(window: Sequence[str]) -> tuple[datetime, datetime]:
    """Return the window of a gold `time`; a bare date as its end counts as the whole of that day."""
    end = clock(window[1])
    return clock(window[0]), end + timedelta(days=1) if len(window[1]) == 10 else end


def time_problem(found: Json | None, window: Sequence[str]) -> str | None:
    """Say what is wrong with a time: whole days must be exact, parts of days within the window and a quarter of it."""
    if not found:
        return f"no time, wanted {window[0]} to {window[1]}"
    begin, end = clock(found["notBefore"]), clock(found["notAfter"])
    if (end.hour, end.minute) == (23, 59):  # an inclusive end of day
        end = end.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    first, last = bounds(window)
    whole_days = len(window[0]) == len(window[1]) == 10
    if whole_days:
        right = (begin, end) == (first, last)
    else:
        right = first <= begin < end <= last and end - begin >= (last - first) / 4
    return None if right else f"time {found['notBefore']} to {found['notAfter']}, wanted {window[0]} to {window[1]}"


# --- sentences of our own ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """One short text with what is expected of it; `file` and `line` say where it is written."""

    id: str
    level: int
    phenomena: tuple[str, ...]
    published: str
    text: str
    expected: Json
    file: str
    line: int

    def content(self, statement: Json) -> list[tuple[int, int]]:
        return [locate(self.text, part) for part in listed(statement["content"])]


def load_items(level: int | None = None) -> list[Item]:
    """Return the sentences under tests/gold/sentences in order of file and line."""
    items = []
    for path in sorted((GOLD / "sentences").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            raw = json.loads(line)
            raw["phenomena"] = tuple(raw["phenomena"])
            items.append(Item(**raw, file=path.name, line=number))
    return [i for i in items if level in (None, i.level)]


@dataclass
class Outcome:
    """What became of one sentence: `problems` in words, and counts of statements for precision and recall."""

    item: Item
    problems: list[str] = field(default_factory=list)
    wanted: int = 0
    found: int = 0
    right: int = 0


def pair_up(item: Item, statements: list[Json]) -> dict[int, int]:
    """Match expected statements (by index) with found ones, best agreement first, each used once."""
    scored = []
    for i, want in enumerate(item.expected["statements"]):
        goal = words(item.text, item.content(want))
        for j, got in enumerate(statements):
            overlap = share(goal, words(item.text, got.get("content")))
            if overlap >= CONTENT_SHARE:
                agree = names_one_of(speaker_names(got), want["speaker"]) + (got.get("act") in listed(want["act"]))
                scored.append((overlap + agree + _same_cue(item, want, got), -i, -j))
    pairs: dict[int, int] = {}
    for _, i, j in sorted(scored, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def _same_cue(item: Item, want: Json, got: Json) -> bool:
    if want.get("cue") is None:
        return True
    cue = [locate(item.text, part) for part in listed(want["cue"])]
    return bool(words(item.text, cue) & words(item.text, got.get("cue")))


def brief(item: Item, statement: Json) -> str:
    who = " / ".join(speaker_names(statement)) or "nobody"
    return f"{who} {statement.get('act')} {slices(item.text, statement.get('content'))}"


def compare(item: Item, annotation: Json) -> Outcome:
    """Compare one sentence with what the converter found in it."""
    statements = list(annotation["statements"])
    pairs = pair_up(item, statements)
    out = Outcome(item, wanted=len(item.expected["statements"]))
    for i, want in enumerate(item.expected["statements"]):
        label = f"statement {i} {item.text[slice(*item.content(want)[0])]!r}"
        if i not in pairs:
            near = "; ".join(brief(item, s) for s in statements)
            out.problems.append(f"{label}: not found; there is only {near or 'nothing'}")
            continue
        got = statements[pairs[i]]
        core = _core_problems(want, got)
        out.right += not core
        rest = _span_problems(item, want, got) + _content_problems(want, got, annotation)
        for key in ("respondsTo", "relays"):
            aims = [statements[pairs[k]].get("id") for k in listed(want.get(key)) if k in pairs]
            if want.get(key) is not None and got.get(key) not in aims:
                rest.append(f"{key} {got.get(key)}, wanted statement {want[key]} ({aims})")
        out.problems += [f"{label}: {p}" for p in core + rest]
    used = set(pairs.values())
    extra = [s for j, s in enumerate(statements) if s.get("speechMode") != "narration" and j not in used]
    if item.expected.get("exhaustive", True):
        out.found = len(extra) + len(pairs)
        out.problems += [f"one too many: {brief(item, s)}" for s in extra]
    else:
        out.found = len(pairs)
    return _compare_lists(item, annotation, out)


def _core_problems(want: Json, got: Json) -> list[str]:
    problems = []
    if not names_one_of(speaker_names(got), want["speaker"]):
        problems.append(f"said by {' / '.join(speaker_names(got)) or 'nobody'}, wanted {want['speaker']}")
    if got.get("act") not in listed(want["act"]):
        problems.append(f"act {got.get('act')}, wanted {want['act']}")
    return problems


def _span_problems(item: Item, want: Json, got: Json) -> list[str]:
    text = item.text
    problems = []
    if "source" in want:
        wanted = [locate(text, p) for p in listed(want["source"])]
        if share(words(text, wanted), words(text, got.get("source"))) < SOURCE_SHARE:
            problems.append(f"source {slices(text, got.get('source'))}, wanted {slices(text, wanted)}")
    if not _same_cue(item, want, got):
        problems.append(f"cue {slices(text, got.get('cue'))}, wanted {want['cue']!r}")
    for key in ("speechMode", "narratorStance"):
        if key in want and got.get(key) not in listed(want[key]):
            problems.append(f"{key} {got.get(key)}, wanted {want[key]}")
    return problems


def _content_problems(want: Json, got: Json, annotation: Json) -> list[str]:
    problems = []
    if "principal" in want and not names_one_of([(got.get("speaker") or {}).get("principalLabel")], want["principal"]):
        problems.append(f"principal {(got.get('speaker') or {}).get('principalLabel')}, wanted {want['principal']}")
    proposition = got.get("proposition") or {}
    if "kind" in want and proposition.get("kind") not in listed(want["kind"]):
        problems.append(f"proposition kind {proposition.get('kind')}, wanted {want['kind']}")
    if "conduct" in want and local(proposition.get("conduct")) not in listed(want["conduct"]):
        problems.append(f"conduct {proposition.get('conduct')}, wanted {want['conduct']}")
    if "incidentKind" in want:
        groups = [n for n in annotation.get("incidents") or () if got.get("id") in (n.get("statements") or ())]
        kinds = {local(n.get("kind")) for n in groups} | {local(proposition.get("incidentKind"))} - {""}
        if not kinds & set(listed(want["incidentKind"])):
            problems.append(f"incident kind {sorted(kinds) or 'none'}, wanted {want['incidentKind']}")
    if "time" in want and (wrong := time_problem(proposition.get("time"), want["time"])):
        problems.append(wrong)
    if "location" in want:
        found = proposition.get("location") or {}
        near = abs(float(found.get("distanceKm") or -1) - want["location"]["distanceKm"]) < 0.5
        if not near or local(found.get("bearing")) != want["location"]["bearing"]:
            problems.append(f"location {found or 'none'}, wanted {want['location']}")
    return problems


def _compare_lists(item: Item, annotation: Json, out: Outcome) -> Outcome:
    for want in item.expected.get("agreementMentions", ()):
        place = words(item.text, [locate(item.text, want["text"])])
        near = [m for m in annotation.get("agreementMentions") or () if words(item.text, [m["span"]]) & place]
        if not any(_fits_mention(item, want, m) for m in near):
            out.problems.append(f"agreement mention {want}: found {near or 'none'}")
    for want in item.expected.get("incidents", ()):
        found = [(local(n.get("kind")), n.get("status")) for n in annotation.get("incidents") or ()]
        if not any(kind in listed(want["kind"]) and status in listed(want["status"]) for kind, status in found):
            out.problems.append(f"incident {want}: found {found or 'none'}")
    if "disputes" in item.expected:
        rows = annotation.get("disputes") or []
        for want in item.expected["disputes"]:
            if not any(_same_dispute(want, row) for row in rows):
                out.problems.append(f"dispute {want}: found {rows or 'none'}")
        for row in rows:
            if not any(_same_dispute(want, row, whole=True) for want in item.expected["disputes"]):
                out.problems.append(f"a dispute too many: {row}")
    return out


def _fits_mention(item: Item, want: Json, mention: Json) -> bool:
    names = [mention.get("agreementLabel"), item.text[slice(*mention["span"])]]
    return (
        ("clauseNumber" not in want or mention.get("clauseNumber") in (listed(want["clauseNumber"]) or [None]))
        and ("stance" not in want or mention.get("stance") in listed(want["stance"]))
        and ("label" not in want or names_one_of(names, want["label"]))
    )


def _same_dispute(want: Json, row: Json, *, whole: bool = False) -> bool:
    """Whether `row` is the dispute wanted; with `whole`, also when it is over the whole agreement, not the clause."""
    actor, counterparty = (str(row.get(f"{k}Label") or row.get(k)) for k in ("actor", "counterparty"))
    one, other = want["between"]
    sides = ((actor, counterparty), (counterparty, actor))
    names = [row.get("agreementLabel"), row.get("agreement")]
    clause, wanted = row.get("clauseNumber") or None, want.get("clauseNumber")
    return (
        any(names_one_of([a], one) and names_one_of([b], other) for a, b in sides)
        and ("agreement" not in want or names_one_of(names, want["agreement"]))
        and (clause == wanted or (whole and clause is None))
    )


# --- scores -----------------------------------------------------------------------------------------------------------
def scores(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return precision, recall and F1 in percent over statements with speaker, act and content right.

    `whole` is the share of sentences with nothing wrong at all: spans, answers, times and disputes included.
    """
    right, found, wanted = (sum(getattr(o, k) for o in outcomes) for k in ("right", "found", "wanted"))
    precision, recall = 100 * right / max(found, 1), 100 * right / max(wanted, 1)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    whole = 100 * sum(not o.problems for o in outcomes) / max(len(outcomes), 1)
    return {k: round(v, 1) for k, v in (("precision", precision), ("recall", recall), ("f1", f1), ("whole", whole))}


def annotate_all(items: Sequence[Item]) -> list[Outcome]:
    """Run the converter over `items`; one that makes it fail counts as found empty, and says so."""
    from pacta.pipeline import annotate_text

    outcomes = []
    for item in items:
        try:
            outcomes.append(compare(item, annotate_text(item.text, published=item.published)))
        except Exception as error:  # a crash is a finding here, reported beside the others
            wanted = len(item.expected["statements"])
            outcomes.append(Outcome(item, [f"crash: {type(error).__name__}: {error}"], wanted=wanted))
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--failures", action="store_true", help="list each sentence that fails, with reasons")
    options.add_argument("--level", type=int, help="only this level")
    options.add_argument("--only", nargs="+", default=(), metavar="ID", help="only these sentences")
    options.add_argument("--phenomenon", help="only sentences with this phenomenon")
    options.add_argument("--pin", action="store_true", help="raise the floors to today's scores")
    given = options.parse_args(arguments)
    items = [i for i in load_items(given.level) if not given.only or i.id in given.only]
    items = [i for i in items if not given.phenomenon or given.phenomenon in i.phenomena]
    outcomes = annotate_all(items)
    table: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for name in outcome.item.phenomena:
            table[name].append(outcome)
    print(f"{'phenomenon':34s} {'right':>7s} {'of':>4s}")
    for name, group in sorted(table.items()):
        print(f"{name:34s} {sum(not o.problems for o in group):7d} {len(group):4d}")
    for level in sorted({i.level for i in items}):
        group = [o for o in outcomes if o.item.level == level]
        whole = f"{sum(not o.problems for o in group)} of {len(group)} sentences right"
        print(f"level {level}: {whole}; statements {scores(group)}")
    for outcome in outcomes:
        if outcome.problems and (given.failures or given.only):
            item = outcome.item
            print(f"\n{item.file}:{item.line} {item.id} [{', '.join(item.phenomena)}]\n  {item.text}")
            print("\n".join(f"  - {p}" for p in outcome.problems))
    if given.pin:
        for level in sorted({i.level for i in items} - {2}):
            _pin(level, scores([o for o in outcomes if o.item.level == level]))
    return 0 if not any(o.problems for o in outcomes if o.item.level == 2) else 1


def _pin(level: int, score: dict[str, float]) -> None:
    path = GOLD / "floors.json"
    floors = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    old = floors.get(f"sentences-level-{level}", {})
    risen = {k: max(v, old.get(k, 0.0)) for k, v in score.items()}
    floors[f"sentences-level-{level}"] = {k: v for k, v in risen.items() if v > 0}  # nothing falls below nothing
    path.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
