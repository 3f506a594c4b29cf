"""A store of any size, of made-up reports about the actors, places and agreements of the seeds.

    python benchmarks/generate.py --documents 10000 --store DIR        # a store with its derived graph
    python benchmarks/generate.py --documents 1000 -o FILE.nq          # the same quads as N-Quads, nothing derived
    python benchmarks/generate.py --documents 0 --store DIR            # only the derived graph of that store, anew

The reports are written here, not converted: each is a `pacta.model.Record` with its text, spans and propositions, and
passes the shapes (`--check 50` validates every fiftieth). Shares follow what conversion finds in agency reports: eight
statements a document, two thirds of them assertions, one in ten a charge, one in twenty a denial or dismissal, one
in twenty a reading of a clause; a sixth of them direct and a sixth mixed speech, one in sixteen hedged, one in seven
with the day on which it was said, one in forty at second hand; actors, outlets and agreements are drawn by Zipf's law,
days from ten years. The same arguments give the same bytes, and a batch of documents is all that is held in memory.
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
    ("assertion", 66),
    ("charge", 8),
    ("denial", 4),
    ("confirmation", 2),
    ("compliance", 2),
    ("reading", 4),
    ("breach", 4),
    ("demand", 4),
    ("pledge", 3),
    ("warning", 3),
)
MODES = (("indirect", 66), ("direct", 17), ("mixed", 17))
STANCES = (("neutral", 85), ("distanced", 7), ("hedged", 6), ("endorsing", 2))
SAID_ON, RELAYED, DUE = 1 / 7, 1 / 40, 1 / 10  # shares: with a day of its own, at second hand, with a deadline


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
        self.witnesses = [e for e in entities if e.type == "InternationalOrganization"]
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


@dataclass(frozen=True)
class Scene:
    """Who speaks about whom in a sentence, and when: what all kinds of sentence need to know."""

    conflict: Conflict
    day: date
    speaker: Entity
    source: Span
    other: Side
    origin: tuple[Entity, Span, Span] | None  # whom the speaker cites: actor, cue, source
    said: TimeMention | None  # the day on which it was said


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
            self._sentence(page, random, conflict, day, share(random, DRAW), charges)
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
        if what in ("denial", "confirmation") and not charges:
            return
        if what == "denial":
            charge, accuser = charges.pop()
            self._reply(page, random, zipf(random, conflict.sides[1 - accuser].voices), charge, "denies")
            return
        if what == "confirmation":
            self._reply(page, random, zipf(random, self.world.witnesses), charges[-1][0], "confirms")
            return
        agreement = conflict.agreement
        if what in ("reading", "breach", "compliance") and (agreement is None or not agreement.clauses):
            what = "assertion"
        scene = self._scene(page, random, conflict, day, turn)
        if what == "charge":
            charges.append((self._charge(page, random, scene), turn))
        elif what == "reading":
            charges.append((self._reading(page, random, scene), turn))
        elif what in ("breach", "compliance"):
            statement = self._conduct(page, random, scene, what)
            if what == "breach":
                charges.append((statement, turn))
        else:
            self._plain(page, random, scene, what)
        page.write(".\n\n" if random.random() < 0.4 else ". ")

    def _scene(self, page: Page, random: Random, conflict: Conflict, day: date, turn: int) -> Scene:
        """Open a sentence: who speaks, now and then whom it cites or on what day."""
        said = None
        if random.random() < SAID_ON:
            spot = page.write("On the day before")
            page.write(" ")
            said = _yesterday(spot, day)
        speaker, other = zipf(random, conflict.sides[turn].voices), conflict.sides[1 - turn]
        source = page.name(speaker)
        origin = None
        if random.random() < RELAYED:
            page.write(", ")
            cue = page.write("citing")
            page.write(" ")
            cited = random.choice([v for v in (*conflict.sides[turn].voices, *self.world.witnesses) if v != speaker])
            origin = (cited, cue, page.name(cited))
            page.write(",")
        page.write(" ")
        return Scene(conflict, day, speaker, source, other, origin, said)

    def _plain(self, page: Page, random: Random, scene: Scene, what: str) -> None:
        force, verb = {
            "assertion": ("asserts", "said"),
            "demand": ("demands", "demanded"),
            "pledge": ("pledges", "promised"),
            "warning": ("warns", "warned"),
        }[what]
        cue = page.write(verb)
        page.write(" that ")
        start = len(page.text)
        if random.random() < 0.3:
            page.name(random.choice(scene.conflict.places))
            page.write(": ")
        page.write(random.choice(SUBJECTS))
        content = (start, len(page.text))
        kind = "undertaking" if what == "pledge" else "state-of-affairs"
        proposition = Proposition(f"{content[0]}-{content[1]}-{kind}", kind, content, page.text[slice(*content)])
        self._land(page, random, scene, force, proposition, (cue, content))

    def _charge(self, page: Page, random: Random, scene: Scene) -> Statement:
        cue = page.write("accused")
        page.write(" ")
        start = len(page.text)
        accused = zipf(random, scene.other.voices)
        page.name(accused)
        kind, phrase = random.choice(sorted(KINDS.items()))
        page.write(f" of {phrase}")
        place = None
        if random.random() < 0.6:
            page.write(" near ")
            where = zipf(random, scene.conflict.places)
            place = where.iri
            page.name(where)
        moment = None
        if random.random() < 0.5:
            page.write(" ")
            moment = _yesterday(page.write("on the day before"), scene.day)
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
        return self._land(page, random, scene, "accuses", proposition, (cue, content))

    def _reply(self, page: Page, random: Random, speaker: Entity, charge: Statement, force: str) -> None:
        """A denial, a dismissal or a confirmation of what was said before."""
        source = page.name(speaker)
        page.write(" ")
        if force == "denies" and random.random() < 0.3:
            force = "dismisses"
        cue = page.write({"denies": "denied", "dismisses": "dismissed", "confirms": "confirmed"}[force])
        page.write(" ")
        content = page.write("the charge")
        identity = f"{content[0]}-{content[1]}-{force}"
        statement = Statement(identity, speaker.iri, force, charge.proposition, responds_to=charge.id)
        self._attribute(page, random, statement, (source, cue, content))
        page.write(". ")

    def _reading(self, page: Page, random: Random, scene: Scene) -> Statement:
        agreement = scene.conflict.agreement
        assert agreement is not None
        clause = zipf(random, agreement.clauses)
        other = scene.other
        cue = page.write("said")
        page.write(" that ")
        start = len(page.text)
        scope = random.choice(scene.conflict.places)
        page.write(f"point {clause.number} asks ")
        page.name(next(e for e in other.voices if e.iri == other.principal or e is other.voices[-1]))
        page.write(" to act across ")
        page.name(scope)
        deadline = None
        if random.random() < DUE:
            page.write(" ")
            ahead = random.choice((30, 90, 180))
            spot = page.write(f"within {ahead} days")
            begin = _midnight(scene.day)
            deadline = TimeMention(spot, begin, begin + timedelta(days=ahead), "day")
        content = (start, len(page.text))
        proposition = Proposition(
            f"{content[0]}-{content[1]}-interpretation",
            "interpretation",
            content,
            page.text[slice(*content)],
            interprets=agreement.iri,
            obligations=(
                Obligation(
                    other.principal,
                    tuple(sorted(clause.topics))[:1],
                    scope.iri,
                    f"across {scope.label}",
                    deadline=deadline,
                ),
            )
            if clause.topics
            else (),
            links=(Link(clause.iri, "explicit-number", 0.95),),
        )
        return self._land(page, random, scene, "asserts", proposition, (cue, content))

    def _conduct(self, page: Page, random: Random, scene: Scene, what: str) -> Statement:
        """A charge of breach against somebody of the other side, or the speaker's word that it keeps to a clause."""
        agreement = scene.conflict.agreement
        assert agreement is not None
        clause = zipf(random, agreement.clauses)
        cue = page.write("accused" if what == "breach" else "said")
        page.write(" " if what == "breach" else " that ")
        start = len(page.text)
        judged = zipf(random, scene.other.voices) if what == "breach" else scene.speaker
        page.name(judged)
        page.write(f" {'of breaking' if what == 'breach' else 'keeps to'} point {clause.number}")
        content = (start, len(page.text))
        proposition = Proposition(
            f"{content[0]}-{content[1]}-evaluation",
            "evaluation",
            content,
            page.text[slice(*content)],
            conduct=what,
            against=clause.iri,
            about=(judged.iri,),
        )
        force = "accuses" if what == "breach" else "asserts"
        return self._land(page, random, scene, force, proposition, (cue, content))

    def _land(
        self,
        page: Page,
        random: Random,
        scene: Scene,
        force: str,
        proposition: Proposition,
        spans: tuple[Span, Span],
    ) -> Statement:
        page.propositions.append(proposition)
        cue, content = spans
        identity = f"{content[0]}-{content[1]}-{force}"
        relays = None
        if scene.origin is not None:
            cited, citing, source = scene.origin
            relays = f"{identity}-relayed"
            page.statements.append(Statement(relays, cited.iri, force, proposition.id))
            page.attributions.append(Attribution(relays, (content,), (source,), (citing,), confidence=0.7))
        statement = Statement(identity, scene.speaker.iri, force, proposition.id, said_during=scene.said, relays=relays)
        return self._attribute(page, random, statement, (scene.source, cue, content))

    def _attribute(self, page: Page, random: Random, statement: Statement, spans: tuple[Span, Span, Span]) -> Statement:
        source, cue, content = spans
        page.statements.append(statement)
        mode, stance = share(random, MODES), share(random, STANCES)
        confidence = random.choice((0.6, 0.7, 0.8, 0.9))
        page.attributions.append(Attribution(statement.id, (content,), (source,), (cue,), mode, stance, confidence))
        return statement


def share(random: Random, table: Sequence[tuple[str, int]]) -> str:
    """Draw a word by its share."""
    return random.choices([word for word, _ in table], [weight for _, weight in table])[0]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _yesterday(spot: Span, day: date) -> TimeMention:
    return TimeMention(spot, _midnight(day) - timedelta(days=1), _midnight(day), "day")


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
    parser.add_argument("--no-rules", action="store_true", help="leave the derived graph to another run")
    options = parser.parse_args()
    if (options.store is None) == (options.output is None):
        parser.error("give --store or --output")
    generate(options.documents, options.seed, options.store, options.output, options.check, not options.no_rules)


def generate(count: int, seed: int, folder: Path | None, output: Path | None, check: int, derived: bool = True) -> None:
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
        if derived:
            began, cpu = time.perf_counter(), time.process_time()
            found = rules.derive(store, base=converter.base)
            took = f"{time.perf_counter() - began:.1f} s, {time.process_time() - cpu:.1f} s of processor"
            print(f"{found:,} triples derived in {took}", file=sys.stderr)
        store.optimize()
        store.close()


if __name__ == "__main__":
    main()
