"""Actors writer: the actors, places and agreements that one record has to describe itself."""

from __future__ import annotations

from pyoxigraph import Literal

from pacta.model import LocalEntity, Record
from pacta.quads.sheet import LABEL_LANGUAGE, RDFS_LABEL, Sheet, in_scheme, node, pacta
from pacta.quads.source import mention_kind


def write(record: Record, sheet: Sheet) -> None:
    for entity in record.entities:
        _write_entity(entity, sheet)


def _write_entity(entity: LocalEntity, sheet: Sheet) -> None:
    subject = node(entity.iri)
    sheet.describe(subject, entity.type)
    sheet.add(subject, RDFS_LABEL, Literal(entity.label, language=LABEL_LANGUAGE))
    if entity.organ_of is not None:
        sheet.add(subject, pacta("organOf"), node(entity.organ_of))
    if entity.organ_function is not None:
        sheet.add(subject, pacta("organFunction"), in_scheme("organ-function", entity.organ_function))
    sheet.add(subject, pacta("party"), *(node(party) for party in entity.parties))
    if entity.part_of is not None and entity.number is not None:
        sheet.add(subject, pacta("clauseOf"), node(entity.part_of))
        sheet.add(subject, pacta("clauseNumber"), Literal(entity.number))
        return  # a clause goes by its number, not by a name
    name = node(sheet.iris.name(entity.iri, LABEL_LANGUAGE, entity.label))
    kind = "short" if mention_kind(entity.label) == "name" else "description"
    sheet.add(subject, pacta("name"), name)
    sheet.describe(name, "Name")
    sheet.add(name, pacta("nameForm"), Literal(entity.label, language=LABEL_LANGUAGE))
    sheet.add(name, pacta("nameKind"), in_scheme("name-kind", kind))
