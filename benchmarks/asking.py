"""What the tables of questions share: values of parameters that weigh, and a process that can be stopped.

A question is asked bare, with all of its parameters `busy` and all `median`, and with each parameter alone. A busy
value is the one that most of the store hangs on (the actor that speaks most), a median one is in the middle of those
that there are. Further values are the most frequent ones, or middle ones, in the answer to the values before them, so
that they go together. A window of days is a year for the busy case, a month for the median one.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from queue import Empty
from typing import Any

from pacta import queries
from pacta.store import open_store
from pacta.vocabulary import PREFIXES

ROUNDS = 5
Row = tuple[str | None, ...]

# How much of a store hangs on each value of a list of choices, or of a parameter that has none.
_WEIGHTS = {
    "actors/principals": "?x pacta:speaker ?s . ?s pacta:principal ?value",
    "actors/speakers": "?x pacta:speaker ?value",
    "agreements/list": "?x pacta:concernsClause ?clause . ?clause pacta:clauseOf* ?value . ?value a pacta:Agreement",
    "agreements/clause-numbers": "?x pacta:concernsClause/pacta:clauseNumber ?value",
    "incidents/list": "?x pacta:rejects ?account . ?account pacta:accountOf ?value",
    "names/languages": "?x pacta:nameForm ?form . BIND(LANG(?form) AS ?value)",
    "names/named-things": "?x pacta:denotes ?value",
    "places/list": "?x pacta:occurredAt ?place . ?place pacta:within* ?value",
    "statements/list": "?x pacta:attributes ?value",
    "document": "?x pacta:inDocument ?value",
    "resource": "?x pacta:attributes ?value",
    "language": "?x <http://purl.org/dc/terms/language> ?value",
    "originSpeaker": "?s pacta:relays ?x . ?x pacta:speaker ?value",
    "user": "?x pacta:usedBy ?value",
}
_DAYS = "SELECT ?day { ?d <https://w3id.org/pacta/ontology#published> ?day } ORDER BY ?day"
_LISTED = 200_000  # rows of an answer that are looked at for values


@dataclass(frozen=True)
class Answer:
    """`seconds` of processor and by the clock, best of some rounds; memory that the process grew by, in MB."""

    seconds: float
    wall: float
    megabytes: float
    variables: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Case:
    """One way to ask a question: bare, all values busy, all median, or one value alone."""

    question: str
    name: str
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        return queries.get(self.question).bind(self.values)


def plain(term: Any) -> str | None:
    """Return a term in the form in which engines can be compared; a plain string has no datatype."""
    return None if term is None else str(term)


def _peak() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _forget_peak() -> float:
    """Begin to measure the peak anew; return where it stands (in MB; 0 where the system does not tell)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return _peak()
    except OSError:
        return 0.0


def _serve(folder: str, rounds: int, inbox: Any, outbox: Any) -> None:
    """Answer queries: best of some rounds, of one where the first takes long."""
    store = open_store(Path(folder), read_only=True)
    while True:
        text = inbox.get()
        best = wall = float("inf")
        grown = 0.0
        for _ in range(rounds):
            gc.collect()
            before = _forget_peak()
            clock, began = time.perf_counter(), time.process_time()
            found = store.query(text)
            best = min(best, time.process_time() - began)
            wall = min(wall, time.perf_counter() - clock)
            grown = max(grown, _peak() - before) if before else 0.0
            if wall > 2:
                break
        outbox.put(Answer(best, wall, grown, found.variables, tuple(tuple(map(plain, row)) for row in found.rows)))


class Worker:
    """A function from text to answer in a process of its own, killed where it outlasts the limit (then None)."""

    def __init__(self, target: Callable[..., None], *arguments: Any, limit: float) -> None:
        self.target, self.arguments, self.limit = target, arguments, limit
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.inbox, self.outbox = context.Queue(), context.Queue()
        self.process = context.Process(target=self.target, args=(*self.arguments, self.inbox, self.outbox), daemon=True)
        self.process.start()

    def __call__(self, text: str) -> Any:
        self.inbox.put(text)
        waited = time.monotonic() + self.limit
        while True:
            try:
                return self.outbox.get(timeout=1)
            except Empty:
                if time.monotonic() > waited or not self.process.is_alive():
                    self.close()
                    self._start()
                    return None

    def close(self) -> None:
        self.process.kill()
        self.process.join()


def embedded(folder: Path, limit: float, rounds: int = ROUNDS) -> Worker:
    """Return the embedded store as a function from query to Answer, or None past the limit (in seconds)."""
    return Worker(_serve, str(folder), rounds, limit=limit * rounds + 5)


def lexical(text: str | None) -> str:
    """Return the value of a term that `plain` wrote.

    >>> lexical('"2021-08-13"^^<http://www.w3.org/2001/XMLSchema#date>'), lexical("<http://e.org/>")
    ('2021-08-13', 'http://e.org/')
    """
    if not text:
        return ""
    return text[1:-1] if text.startswith("<") else text[1:].rpartition('"')[0]


class Values:
    """Chooses values for the parameters of questions on one store."""

    def __init__(self, ask: Worker) -> None:
        self.ask = ask
        self._weighed: dict[str, list[str]] = {}
        days = self.ask(_DAYS)
        rows = () if days is None else days.rows
        self._middle = date.fromisoformat(lexical(rows[len(rows) // 2][0])[:10]) if rows else date(2020, 1, 15)

    def cases(self, query: queries.Query) -> Iterator[Case]:
        """Yield the ways to ask a question."""
        yield Case(query.name, "bare", {})
        if not query.parameters:
            return
        for name in ("busy", "median"):
            yield Case(query.name, f"all, {name}", self._together(query, name == "busy"))
        if len(query.parameters) > 1:
            for parameter in query.parameters:
                value = self._first(parameter, busy=True)
                if value is not None:
                    yield Case(query.name, parameter.name, {parameter.name: value})

    def _together(self, query: queries.Query, busy: bool) -> dict[str, str]:
        values: dict[str, str] = {}
        for parameter in query.parameters:
            found = self._column(query, values, parameter.name, busy) if values else None
            value = found if found is not None else self._first(parameter, busy)
            if value is not None:
                values[parameter.name] = value
        return values

    def _column(self, query: queries.Query, values: dict[str, str], name: str, busy: bool) -> str | None:
        """Return a value of a column in the answer to the values so far."""
        column = {"number": "clauseNumber", "originSpeaker": "originSpeaker"}.get(name, name)
        answer = self.ask(query.bind(values))
        if answer is None or column not in answer.variables:
            return None
        at = answer.variables.index(column)
        counted = Counter(row[at] for row in answer.rows[:_LISTED] if row[at] is not None)
        return _pick([value for value, _ in sorted(counted.items(), key=lambda i: (-i[1], str(i[0])))], busy)

    def _first(self, parameter: queries.Parameter, busy: bool) -> str | None:
        if parameter.type in ("date", "dateTime"):
            shift = timedelta(days=182 if busy else 15)
            day = {"from": self._middle - shift, "to": self._middle + shift}.get(parameter.name, self._middle)
            return day.isoformat()
        if parameter.type == "integer":
            return "1"
        return _pick(self._weigh(parameter), busy)

    def _weigh(self, parameter: queries.Parameter) -> list[str]:
        """Return the values that there are, those that most hangs on first."""
        key = parameter.name if parameter.name in _WEIGHTS else parameter.choices or parameter.name
        if key not in self._weighed:
            prefix = f"PREFIX pacta: <{PREFIXES['pacta']}>"
            where = f"{_WEIGHTS[key]} . FILTER(BOUND(?value))" if key in _WEIGHTS else ""
            text = f"{prefix} SELECT ?value {{ {{ SELECT ?value (COUNT(*) AS ?n) {{ {where} }} GROUP BY ?value }} }} "
            answer = self.ask(text + "ORDER BY DESC(?n) STR(?value) LIMIT 20000") if where else None
            self._weighed[key] = [] if answer is None else [row[0] for row in answer.rows if row[0]]
        return self._weighed[key]


def _pick(values: list[Any], busy: bool) -> str | None:
    return lexical(values[0 if busy else len(values) // 2]) if values else None
