"""A store of any size, of made-up reports about the actors, places and agreements of the seeds.

    python benchmarks/generate.py --documents 10000 --store DIR        # a store with its derived graph
    python benchmarks/generate.py --documents 1000 -o FILE.nq          # the same quads as N-Quads, nothing derived

The reports are written here, not converted: each is a `pacta.model.Record` with its text, spans and propositions, and
passes the shapes (`--check 50` validates every fiftieth). Shares follow what conversion finds in agency reports: eight
statements a document, eight tenths of them assertions, one in ten a charge, one in twenty a denial or dismissal, one
in twenty a reading of a clause; actors, outlets and agreements are drawn by Zipf's law, days from ten years. The same
arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import TypeVar

from pacta import rules
from pacta.documents.source import document as to_document
from pacta.exports import graph_to
from pacta.model import (
    Attribution,
    Incident,
    Link,
    Mention,
    Metadata,
    Obligation,
    Participation,
    Proposition,
    Record,
    Span,
    Statement,
    TimeMention,
    hull,
)
from pacta.pipeline import Converter, default_converter
from pacta.reference import AgreementFacts, Entity, Reference
from pacta.store import open_store
from pacta.validation import Validator

T = TypeVar("T")

FIRST_DAY, DAYS = date(2015, 1, 1), 3650
BATCH = 500  # documents a bulk load: some 250,000 quads
KINDS = {  # kind of incident -> what a report calls one
    "drone-strike": "a drone strike",
    "air-strike": "an air strike",
    "shelling": "shelling",
    "small-arms-fire": "gunfire",
    "incursion": "an incursion",
    "explosion": "an explosion",
    "detention": "the detention of two men",
    "blockade": "a blockade of the road",
}
SUBJECTS = (
    "talks would go on next week",
    "the situation along the line had been calm",
    "the road had been opened again",
    "nobody had been hurt",
    "observers had been given access",
    "families had begun to return",
    "the exchange had been put off",
    "fuel had arrived",
)
DRAW = (  # what a sentence is, and how often
    ("assertion", 70),
    ("charge", 8),
    ("denial", 4),
    ("reading", 4),
    ("breach", 4),
    ("demand", 4),
    ("pledge", 3),
    ("warning", 3),
)


@dataclass(frozen=True)
class Side:
    """One party to a conflict: its organs that speak, most talkative first."""

    principal: str
    voices: tuple[Entity, ...]


@dataclass(frozen=True)
class Conflict:
    """Two sides that talk about each other, the agreement between them if there is one, and places in reach."""

    sides: tuple[Side, Side]
    agreement: AgreementFacts | None
    places: tuple[Entity, ...]


class World:
    """The conflicts that reports are drawn from, out of the reference data."""

    def __init__(self, reference: Reference, random: Random) -> None:
        entities = sorted(reference.entities.values(), key=lambda e: e.iri)
        organs: dict[str, list[Entity]] = {}
        for entity in entities:
            if entity.is_actor and entity.type in ("Organ", "ArmedFormation", "State"):
                organs.setdefault(reference.principal(entity.iri) or entity.iri, []).append(entity)
        self.sides = {top: Side(top, tuple(found)) for top, found in organs.items()}
        self.outlets = [e for e in entities if e.type == "MediaOutlet"]
        places = [e for e in entities if e.type == "Place"]
        self.conflicts: list[Conflict] = []
        for agreement in sorted(reference.agreements.values(), key=lambda a: a.iri):
            parties = [p for party in agreement.parties if (p := reference.principal(party)) in self.sides]
            for first, second in pairwise(parties):
                if first != second:
                    pair = (self.sides[first], self.sides[second])
                    self.conflicts.append(Conflict(pair, agreement, tuple(random.sample(places, 8))))
        states = [side for side in self.sides.values() if len(side.voices) > 1]
        for _ in range(30):
            one, other = random.sample(states, 2)
            self.conflicts.append(Conflict((one, other), None, tuple(random.sample(places, 8))))


def zipf(random: Random, items: Sequence[T]) -> T:
    """Draw an item; the n-th is drawn in proportion to 1/n."""
    return random.choices(items, [1 / (n + 1) for n in range(len(items))])[0]


@dataclass
class Page:
    """One report in the making: its text, and what was said in it."""

    text: str = ""
    mentions: list[Mention] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    propositions: list[Proposition] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)

    def write(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return start, len(self.text)

    def name(self, entity: Entity) -> Span:
        span = self.write(entity.label)
        self.mentions.append(Mention(span, entity.iri, entity.type, "name", entity.label))
        return span


class Reporter:
    """Writes records; one is the same whenever its number and the seed are."""

    def __init__(self, converter: Converter, seed: int) -> None:
        self.converter, self.seed = converter, seed
        self.world = World(converter.reference, Random(seed))

    def record(self, number: int) -> Record:
        random = Random(self.seed * 1_000_003 + number)
        conflict = zipf(random, self.world.conflicts)
        day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
        outlet = zipf(random, self.world.outlets)
        page = Page()
        page.write(f"Report {number}, {day:%d %B %Y}\n\n")
        charges: list[tuple[Statement, int]] = []
        for _ in range(max(2, round(random.gauss(8, 3)))):
            what = random.choices([name for name, _ in DRAW], [share for _, share in DRAW])[0]
            self._sentence(page, random, conflict, day, what, charges)
        metadata = Metadata(
            id=f"made-up-{number}", published=day.isoformat(), outlet=outlet.label, title=f"Report {number}"
        )
        document = to_document(
            page.text.encode(), page.text, metadata, outside=metadata, source_name=f"made-up-{number}"
        )
        return Record(
            document,
            self.converter.run,
            day.isoformat(),
            False,
            metadata.title,
            outlet.iri,
            mentions=tuple(page.mentions),
            attributions=tuple(page.attributions),
            statements=tuple(page.statements),
            propositions=tuple(page.propositions),
            incidents=tuple(page.incidents),
        )

    def _sentence(
        self,
        page: Page,
        random: Random,
        conflict: Conflict,
        day: date,
        what: str,
        charges: list[tuple[Statement, int]],
    ) -> None:
        turn = random.randrange(2)
        if what == "denial":
            if not charges:
                return
            charge, accuser = charges.pop()
            self._denial(page, random, conflict, charge, 1 - accuser)
            return
        if what in ("reading", "breach") and (conflict.agreement is None or not conflict.agreement.clauses):
            what = "assertion"
        speaker, other = zipf(random, conflict.sides[turn].voices), conflict.sides[1 - turn]
        source = page.name(speaker)
        page.write(" ")
        if what == "charge":
            self._charge(page, random, conflict, day, (source, speaker, other), charges, turn)
        elif what == "reading":
            charges.append((self._reading(page, random, conflict, (source, speaker, other)), turn))
        elif what == "breach":
            charges.append((self._breach(page, random, conflict, (source, speaker, other)), turn))
        else:
            force, cue = {
                "assertion": ("asserts", "said"),
                "demand": ("demands", "demanded"),
                "pledge": ("pledges", "promised"),
                "warning": ("warns", "warned"),
            }[what]
            cue_span = page.write(cue)
            page.write(" that ")
            content = page.write(random.choice(SUBJECTS))
            kind = "undertaking" if what == "pledge" else "state-of-affairs"
            proposition = Proposition(f"{content[0]}-{content[1]}-{kind}", kind, content, page.text[slice(*content)])
            self._land(page, speaker, force, proposition, (source, cue_span, content))
        page.write(".\n\n" if random.random() < 0.4 else ". ")

    def _charge(
        self,
        page: Page,
        random: Random,
        conflict: Conflict,
        day: date,
        who: tuple[Span, Entity, Side],
        charges: list[tuple[Statement, int]],
        turn: int,
    ) -> None:
        source, speaker, other = who
        cue = page.write("accused")
        page.write(" ")
        start = len(page.text)
        accused = zipf(random, other.voices)
        page.name(accused)
        kind, phrase = random.choice(sorted(KINDS.items()))
        page.write(f" of {phrase}")
        place = None
        if random.random() < 0.6:
            page.write(" near ")
            where = zipf(random, conflict.places)
            place = where.iri
            page.name(where)
        moment = None
        if random.random() < 0.5:
            page.write(" ")
            spot = page.write("on the day before")
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
            moment = TimeMention(spot, begin, begin + timedelta(days=1), "day")
        content = (start, len(page.text))
        incident = Incident(str(start))
        page.incidents.append(incident)
        proposition = Proposition(
            f"{content[0]}-{content[1]}-incident",
            "incident",
            content,
            page.text[slice(*content)],
            incident=incident.id,
            incident_kind=kind,
            time=moment,
            place=place,
            participations=(Participation(accused.iri, "perpetrator"),),
            casualties=random.randrange(1, 9) if random.random() < 0.1 else None,
        )
        charges.append((self._land(page, speaker, "accuses", proposition, (source, cue, content)), turn))

    def _denial(self, page: Page, random: Random, conflict: Conflict, charge: Statement, turn: int) -> None:
        speaker = zipf(random, conflict.sides[turn].voices)
        source = page.name(speaker)
        page.write(" ")
        dismisses = random.random() < 0.3
        cue = page.write("dismissed" if dismisses else "denied")
        page.write(" ")
        content = page.write("the charge")
        self._attribute(
            page,
            Statement(
                f"{content[0]}-{content[1]}-{'dismisses' if dismisses else 'denies'}",
                speaker.iri,
                "dismisses" if dismisses else "denies",
                charge.proposition,
                responds_to=charge.id,
            ),
            (source, cue, content),
        )
        page.write(". ")

    def _reading(self, page: Page, random: Random, conflict: Conflict, who: tuple[Span, Entity, Side]) -> Statement:
        source, speaker, other = who
        agreement = conflict.agreement
        assert agreement is not None
        clause = zipf(random, agreement.clauses)
        cue = page.write("said")
        page.write(" that ")
        start = len(page.text)
        scope = random.choice(conflict.places)
        page.write(f"point {clause.number} asks ")
        page.name(next(e for e in other.voices if e.iri == other.principal or e is other.voices[-1]))
        page.write(" to act across ")
        page.name(scope)
        content = (start, len(page.text))
        proposition = Proposition(
            f"{content[0]}-{content[1]}-interpretation",
            "interpretation",
            content,
            page.text[slice(*content)],
            interprets=agreement.iri,
            obligations=(
                Obligation(other.principal, tuple(sorted(clause.topics))[:1], scope.iri, f"across {scope.label}"),
            )
            if clause.topics
            else (),
            links=(Link(clause.iri, "explicit-number", 0.95),),
        )
        return self._land(page, speaker, "asserts", proposition, (source, cue, content))

    def _breach(self, page: Page, random: Random, conflict: Conflict, who: tuple[Span, Entity, Side]) -> Statement:
        source, speaker, other = who
        agreement = conflict.agreement
        assert agreement is not None
        clause = zipf(random, agreement.clauses)
        cue = page.write("accused")
        page.write(" ")
        start = len(page.text)
        accused = zipf(random, other.voices)
        page.name(accused)
        page.write(f" of breaking point {clause.number}")
        content = (start, len(page.text))
        proposition = Proposition(
            f"{content[0]}-{content[1]}-evaluation",
            "evaluation",
            content,
            page.text[slice(*content)],
            conduct="breach",
            against=clause.iri,
            about=(accused.iri,),
        )
        return self._land(page, speaker, "accuses", proposition, (source, cue, content))

    def _land(
        self, page: Page, speaker: Entity, force: str, proposition: Proposition, spans: tuple[Span, Span, Span]
    ) -> Statement:
        page.propositions.append(proposition)
        start, end = hull((spans[2],))
        return self._attribute(page, Statement(f"{start}-{end}-{force}", speaker.iri, force, proposition.id), spans)

    def _attribute(self, page: Page, statement: Statement, spans: tuple[Span, Span, Span]) -> Statement:
        source, cue, content = spans
        page.statements.append(statement)
        page.attributions.append(Attribution(statement.id, (content,), (source,), (cue,), "indirect", "neutral", 0.8))
        return statement


def records(count: int, *, seed: int = 1, first: int = 0, converter: Converter | None = None) -> Iterator[Record]:
    """Yield `count` made-up records from number `first` on."""
    reporter = Reporter(converter or default_converter(), seed)
    return (reporter.record(number) for number in range(first, first + count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000, metavar="N", help="how many reports (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed gives other reports (1)")
    parser.add_argument("--store", type=Path, metavar="DIR", help="a new store; its derived graph is made too")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="N-Quads instead")
    parser.add_argument("--check", type=int, default=0, metavar="N", help="validate every N-th record")
    options = parser.parse_args()
    if (options.store is None) == (options.output is None):
        parser.error("give --store or --output")
    generate(options.documents, options.seed, options.store, options.output, options.check)


def generate(count: int, seed: int, folder: Path | None, output: Path | None, check: int) -> None:
    converter = default_converter()
    reference = converter.reference_quads()
    began = time.perf_counter()
    validator = Validator() if check else None
    run = reference[converter.iris.provenance_graph()]
    context = validator.context([q for g in reference.values() for q in g]) if validator else None
    made = records(count, seed=seed, converter=converter)
    total = done = 0
    store = open_store(folder) if folder else None
    with output.open("wb") if output else open("/dev/null", "wb") as file:  # noqa: PTH123
        for batch in iter(lambda: list(islice(made, BATCH)), []):
            quads = []
            for record in batch:
                fresh = converter.quads(record)
                if validator is not None and context is not None and done % check == 0:
                    report = validator.validate_record([*fresh, *run], context)
                    if not report.conforms:
                        sys.exit(f"record {done} is refused by its shapes\n{report.to_text()}")
                quads.extend(fresh)
                done += 1
            total += len(quads)
            if store is not None:
                store.bulk_add(quads)
            else:
                file.write(graph_to(quads, "nquads", include_text=True, base=converter.base))
            print(f"\r{done:,} documents, {total:,} quads", end="", file=sys.stderr, flush=True)
    print(f"\r{done:,} documents, {total:,} quads, {time.perf_counter() - began:.1f} s", file=sys.stderr)
    if store is not None:
        for name, graph in reference.items():
            store.replace_graph(name, graph)
        began = time.perf_counter()
        derived = rules.derive(store, base=converter.base)
        print(f"{derived:,} triples derived in {time.perf_counter() - began:.1f} s", file=sys.stderr)
        store.optimize()
        store.close()


if __name__ == "__main__":
    main()
