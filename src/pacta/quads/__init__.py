"""Quads: a Record as RDF, through one small writer for each module of the ontology.

`record_quads` gives all that one document holds (its record graph and its text graph), `run_quads` the run that
made it (provenance graph). Sorted, each quad once, no blank nodes: the same record gives the same bytes.
"""

from __future__ import annotations

from pyoxigraph import Quad

from pacta.iris import Iris
from pacta.model import Record, Run
from pacta.quads import actors, agreements, content, discourse, source
from pacta.quads.sheet import Row, Sheet

__all__ = ["Row", "record_quads", "record_sheet", "run_quads"]

WRITERS = (source.write, actors.write, agreements.write, content.write, discourse.write)


def record_quads(record: Record, iris: Iris) -> list[Quad]:
    """Return the quads of a record's own graph and of its text graph."""
    return record_sheet(record, iris).quads()


def record_sheet(record: Record, iris: Iris) -> Sheet:
    """Return the sheet that a record is written on, for what else there is to say of it."""
    document, run = record.document, record.run
    sheet = Sheet(
        iris=iris,
        key=document.key,
        text=document.text,
        language=document.metadata.language,
        graph=iris.record(document.key, run.version),
        pages=document.pages,
        run=iris.run(run.version, run.parser_model, run.knowledge_hash),
    )
    for write in WRITERS:
        write(record, sheet)
    return sheet


def run_quads(run: Run, iris: Iris) -> list[Quad]:
    """Return what the provenance graph says of a run: version, parser and knowledge; no clock time."""
    return source.run_quads(run, iris)
