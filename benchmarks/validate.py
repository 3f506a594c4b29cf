"""What validation costs beside conversion, and which part of it grows with what.

    python benchmarks/validate.py                       # the seed document
    python benchmarks/validate.py FILE... --documents 20

For each document, in one process and in turn: conversion, pySHACL alone on the record and the same context, its
components on our graphs with every target evaluated, and the validator. The best round of each counts, in processor
time; the table gives milliseconds a document and seconds for 1,000 documents, and each as a share of conversion. Below
it: the validator on the first document repeated to 10, 20, 40 and 80 kB, with the time of conversion beside it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from convert import corpus, with_text
from pyoxigraph import Quad

from pacta import resources
from pacta.pipeline import default_converter
from pacta.quads import run_quads
from pacta.stage import Stage
from pacta.validation import PROFILES
from pacta.validation.graphs import Facts, to_rdflib
from pacta.validation.quick import EXECUTOR


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="texts, JSON Lines or folders of them")
    options.add_argument("--documents", type=int, default=1, metavar="N", help="how many (default: %(default)s)")
    options.add_argument("--rounds", type=int, default=5, metavar="N", help="the best of N (default: %(default)s)")
    given = options.parse_args()
    stage = Stage(default_converter())
    converter, validator, context = stage.converter, stage.validator, stage.context()
    documents = corpus(given.paths or [resources.path("seeds") / "documents"], given.documents)
    run = list(run_quads(converter.run, converter.iris))
    alone = shapes_graph()

    def quads_of(document: Any) -> list[Quad]:
        return [*converter.quads(converter.record(document)), *run]

    def prepared(quads: list[Quad]) -> None:
        facts = Facts(quads, context)
        for shape in validator.shapes("record").targeted:
            shape.validate(EXECUTOR, facts.view)

    def pyshacl_alone(quads: list[Quad]) -> None:
        data = rdflib.Graph()
        own = {quad.triple for quad in quads}
        for triple in (*own, *context.of({term for each in own for term in each})):
            data.add(tuple(map(to_rdflib, triple)))
        pyshacl.validate(data, shacl_graph=alone, inplace=True)

    records = [quads_of(document) for document in documents]
    rows: dict[str, float] = {}
    for _ in range(given.rounds):
        for name, work, items, once in (
            ("conversion", quads_of, documents, False),
            ("pySHACL alone, shapes read once", pyshacl_alone, records, True),
            ("components of pySHACL, prepared", prepared, records, False),
            ("validation", lambda quads: validator.validate_record(quads, context), records, False),
        ):
            if not (once and name in rows):  # more than a second each
                rows[name] = min(spent(work, items), rows.get(name, float("inf")))
    triples = sum(map(len, records)) / len(records)
    print(f"{len(documents)} documents, {triples:,.0f} triples each, best of {given.rounds} rounds\n")
    print("| | ms a document | s for 1,000 | to conversion |\n|---|---:|---:|---:|")
    for name, seconds in rows.items():
        each = seconds / len(documents)
        print(f"| {name} | {1000 * each:.1f} | {1000 * each:.0f} | {seconds / rows['conversion']:.2f} |")
    print("\n| one document of | triples | conversion, ms | validation, ms | validation, ms for 1,000 triples |")
    print("|---|---:|---:|---:|---:|")
    for size in (10, 20, 40, 80):
        text = documents[0].text.rstrip() + "\n\n"
        document = with_text(documents[0], text * (1 + size * 1000 // len(text)))
        converting = spent(lambda one: quads_of(one), [document])
        quads = quads_of(document)
        checking = min(spent(lambda one: validator.validate_record(one, context), [quads]) for _ in range(given.rounds))
        print(f"| {len(document.text) // 1000} kB | {len(quads):,} | {1000 * converting:.0f} ", end="")
        print(f"| {1000 * checking:.1f} | {1e6 * checking / len(quads):.1f} |")


def spent(work: Callable[[Any], Any], items: list[Any]) -> float:
    """Return the processor time of some work on all items."""
    start = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - start


def shapes_graph() -> rdflib.Graph:
    """Return the shapes of a record as pySHACL takes them."""
    special = {name for names in PROFILES.values() for name in names}
    graph = rdflib.Graph()
    for path in resources.files("shapes", "*.ttl"):
        if path.stem not in special or path.stem in PROFILES["record"]:
            graph.parse(path)
    return graph


if __name__ == "__main__":
    main()
