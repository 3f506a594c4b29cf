"""A mention of an agreement or of a numbered part of one, and the record's own description of an unknown part."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations.annotated import Annotated
from pacta.iris import Iris
from pacta.model import LocalEntity, Span
from pacta.statements.coreference import Resolver


@dataclass(frozen=True, slots=True)
class AgreementRef:
    """A mention. `head`: offset of its head word; `number`: of the part it names, where it names one."""

    span: Span
    head: int
    agreement: str
    label: str
    number: str | None
    method: str
    confidence: float


def local_clause(page: Annotated, resolver: Resolver, agreement: str, label: str, number: str) -> str:
    """Return the IRI of a numbered part of an agreement whose clauses the stock does not hold."""
    iri = Iris(page.reference.base).clause(agreement, number)
    resolver.local.setdefault(iri, LocalEntity(iri, "Clause", f"{label}, {number}", part_of=agreement, number=number))
    return iri
