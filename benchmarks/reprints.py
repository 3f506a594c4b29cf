"""What finding reprints costs: making sketches, against conversion, and concluding from very many of them.

    python benchmarks/reprints.py --documents 100000        # some minutes; 10000 is the default

The records are made up: a sketch, a day and four statements each; one text is printed a thousand times, and every tenth
other document is a reprint. Times are of this process alone (CPU), so other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad

from pacta import incremental, reprints, rules
from pacta.documents import read
from pacta.iris import Iris
from pacta.model import Document
from pacta.pipeline import default_converter
from pacta.resources import path
from pacta.sketches import VALUES, Sketch, sketch
from pacta.store import open_store
from pacta.vocabulary import RDF, XSD, P

IRIS, TYPE = Iris(), NamedNode(RDF + "type")
OFTEN = 1000  # how many times one text is printed
ROUNDS = 20


def sketching() -> None:
    """Print what a sketch costs beside the record it goes into."""
    converter = default_converter()
    documents = [d for d in read(path("seeds") / "documents") if isinstance(d, Document)]
    list(converter.records(documents))  # loads what is loaded once
    for document in documents:
        sketch(document.text)
    begin = time.process_time()
    records = [converter.record(document) for document in documents for _ in range(ROUNDS)]
    converted = time.process_time() - begin
    begin = time.process_time()
    for record in records:
        sketch(record.document.text)
    made = time.process_time() - begin
    print(f"sketch: {made / len(records) * 1000:.2f} ms a document, {made / converted:.2%} of its conversion")


def record(number: int, values: np.ndarray) -> Iterator[Quad]:
    """Yield the record of a made-up document."""
    key = f"{number:012x}"
    graph = NamedNode(IRIS.record(key, "1"))
    document, capture = NamedNode(IRIS.document(key)), NamedNode(IRIS.capture(key))
    told = Sketch.of(values, 300)
    facts = [
        (capture, P.captureOf, document),
        (capture, P.minHash, Literal(told.values)),
        (capture, P.shingleCount, Literal(told.size)),
        (document, P.published, Literal(f"2031-05-{1 + number % 28:02d}", datatype=NamedNode(XSD + "date"))),
    ]
    for at in range(4):
        statement, proposition, attribution = (
            NamedNode(make(key, f"{at}-{at}-asserts")) for make in (IRIS.statement, IRIS.proposition, IRIS.attribution)
        )
        facts += [
            (statement, P.speaker, NamedNode(f"{IRIS.base}actor/x-{number % 50}")),
            (statement, P.asserts, proposition),
            (proposition, RDF + "type", NamedNode(P.StateOfAffairs)),
            (statement, RDF + "type", NamedNode(P.Statement)),
            (attribution, P.attributes, statement),
            (attribution, P.inDocument, document),
            (attribution, P.contentQuote, Literal(f"the talks will go on for {at} more days", language="en")),
        ]
    yield from (Quad(s, NamedNode(p), o, graph) for s, p, o in facts)


def printings(count: int) -> np.ndarray:
    """Return sketches: the first OFTEN of one text, of the others each tenth like the one before."""
    random = np.random.default_rng(1)
    values = random.integers(0, 65536, (count, VALUES), dtype=np.uint16)
    for row in range(1, count):
        if row < OFTEN or row % 10 == 0:
            kept = random.random(VALUES) < 0.8
            values[row, kept] = values[0 if row < OFTEN else row - 1, kept]
    return values


def concluding(count: int) -> None:
    """Print what it costs to conclude from many records, and from one more."""
    values = printings(count)
    with open_store() as store:
        store.bulk_add(quad for number in range(count) for quad in record(number, values[number]))
        begin = time.process_time()
        found = reprints.find(store)
        whole = time.process_time() - begin
        copies = sum(triple.predicate.value == P.reprintOf for triple in found)
        print(f"{count:,} documents, {copies:,} reprints: {whole:.1f} s to find, {len(found):,} triples")
        rules.derive(store)
        more = tuple(record(count, values[0]))
        store.add(more)
        begin = time.process_time()
        reprints.update(store, {more[0].graph_name.value: ()}, found)  # type: ignore[union-attr]
        part = time.process_time() - begin
        begin = time.process_time()
        incremental.update(store, {more[0].graph_name.value: ()})  # type: ignore[union-attr]
        print(f"one more printing of the text: {part:.1f} s, with the rules {time.process_time() - begin:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000, metavar="N", help="how many records (10000)")
    given = parser.parse_args()
    sketching()
    concluding(given.documents)


if __name__ == "__main__":
    main()
