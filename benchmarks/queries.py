"""Time, memory and growth of every question of the catalogue on one store or on several of growing size.

    python benchmarks/queries.py build/1000 build/10000 build/100000
    python benchmarks/queries.py build/10000 --only disputes --limit 10    # some questions, ten seconds each

Each question is asked bare, with all parameters given (busy values and median ones) and with each parameter alone
(`asking.py` tells how values are chosen; they are chosen on the last store). Times are of the processor, the best of
five; on several stores `growth` is the time on each over that on the one before. The last column marks what is over
the goals: 100 ms with all parameters given, 2 s bare, where the answer has no more than 3,000 rows.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

from asking import Answer, Case, Values, Worker, embedded

from pacta import queries
from pacta.vocabulary import PREFIXES

YARDSTICK = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{PREFIXES['pacta']}Statement> }}"
GIVEN_GOAL, BARE_GOAL = 0.1, 2.0  # seconds
MANY_ROWS = 3000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", type=Path, nargs="+", metavar="STORE")
    parser.add_argument("--only", default="", metavar="WORDS", help="questions whose name holds this")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="for one question (60)")
    parser.add_argument("--singles", action="store_true", help="each parameter alone, too")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="best of so many (5)")
    options = parser.parse_args()
    workers = [embedded(store, options.limit, options.rounds) for store in options.stores]
    print(f"| question | asked | rows | {' | '.join(f'{store.name}, ms' for store in options.stores)} |", end="")
    print(f"{' growth |' if len(workers) > 1 else ''} MB | ms a row | over |")
    print(f"|---|---|---:|{'---:|' * len(workers)}{'---:|' if len(workers) > 1 else ''}---:|---:|---|")
    values = Values(workers[-1])
    print(_line("*count of statements*", "", [worker(YARDSTICK) for worker in workers], goal=BARE_GOAL))
    for name, query in queries.catalogue().items():
        if options.only in name:
            for case in values.cases(query):
                if options.singles or case.name == "bare" or case.name.startswith("all"):
                    _ask(case, workers)
    for worker in workers:
        worker.close()


def _ask(case: Case, workers: list[Worker]) -> None:
    asked = f"{case.name}: {', '.join(case.values)}" if case.name.startswith("all") else case.name
    goal = BARE_GOAL if case.name == "bare" else GIVEN_GOAL
    print(_line(case.question, asked, [worker(case.text) for worker in workers], goal), flush=True)


def _line(name: str, asked: str, answers: list[Answer | None], goal: float) -> str:
    last = answers[-1]
    rows = "" if last is None else len(last.rows)
    times = ["over the limit" if answer is None else f"{answer.seconds * 1000:.1f}" for answer in answers]
    cells = [name, asked, str(rows), *times]
    if len(answers) > 1:
        grown = [b.seconds / max(a.seconds, 1e-6) if a and b else 0 for a, b in pairwise(answers)]
        cells.append(", ".join(f"{times:.1f}" if times else "" for times in grown))
    cells.append("" if last is None else f"{last.megabytes:.0f}")
    cells.append("" if last is None or not last.rows else f"{last.seconds * 1000 / len(last.rows):.3f}")
    over = last is None or last.seconds > goal
    cells.append("" if not over else "many rows" if last is not None and len(last.rows) > MANY_ROWS else "**over**")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
