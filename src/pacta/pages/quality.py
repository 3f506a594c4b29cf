"""What the store holds, and how good it is by the quality shapes: counted over the whole store, once a snapshot.

The shapes of shapes/quality.ttl ask each resource of a class for a value of one property, or for a value that is high
enough; that many of them do so is a count, which needs no validator.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from pacta.pages.rendering import local, text_of
from pacta.pages.site import Site
from pacta.pages.walk import below, instances, lacking
from pacta.vocabulary import SHACL, P

_GRAPH = NamedNode("urn:pacta:shapes/quality.ttl")
SHOWN = (
    P.Document, P.Statement, P.Attribution, P.Incident, P.IncidentAccount, P.Interpretation, P.Evaluation, P.Agreement,
    P.Clause, P.Dispute, P.Actor, P.Place, P.Name,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One quality shape: of `total` resources of the class `about`, `lacking` do not meet it."""

    shape: str
    about: str
    name: str
    message: str
    severity: str
    total: int
    lacking: int

    @property
    def share(self) -> float:
        """The share that meets the shape, 0 to 1; 1 where there is nothing to meet it."""
        return 1 - self.lacking / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many resources of each class, quads and graphs there are."""

    classes: dict[str, int]
    quads: int
    graphs: int


def statistics(site: Site) -> Statistics:
    """Return the counts of the store, made once on each snapshot."""
    return site.cached("statistics", lambda: _count(site))


def findings(site: Site) -> tuple[Finding, ...]:
    """Return what the quality shapes find, the most serious first; made once on each snapshot."""
    return site.cached("quality", lambda: tuple(_findings(site)))


def _count(site: Site) -> Statistics:
    classes = instances(site)
    store = site.snapshot.store
    return Statistics(classes, len(store), sum(1 for _ in store.named_graphs()))


def _findings(site: Site) -> list[Finding]:
    known = site.knowledge
    counted = statistics(site).classes
    found = []
    for quad in known.quads_for_pattern(None, NamedNode(SHACL + "targetClass"), None, _GRAPH):
        about = text_of(quad.object)
        for link in known.quads_for_pattern(quad.subject, NamedNode(SHACL + "property"), None, _GRAPH):
            shape = link.object
            if not isinstance(shape, NamedNode):
                continue
            path = _value(known, shape, "path")
            total = counted.get(about, 0)
            if not isinstance(path, NamedNode) or not total:
                continue  # a way over several properties is left to the validator
            least = _text(known, shape, "minInclusive")
            number = below(site, about, path.value, float(least)) if least else lacking(site, about, path.value)
            found.append(
                Finding(
                    shape.value, about, _text(known, shape, "name"), _text(known, shape, "message"),
                    local(_text(known, shape, "severity")), total, number,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.severity != "Warning", -one.lacking, one.shape))


def _value(store: Store, shape: NamedNode, name: str) -> NamedNode | Literal | None:
    found = [
        quad.object
        for quad in store.quads_for_pattern(shape, NamedNode(SHACL + name), None, None)
        if isinstance(quad.object, NamedNode | Literal)
    ]
    return found[0] if found else None


def _text(store: Store, shape: NamedNode, name: str) -> str:
    value = _value(store, shape, name)
    return value.value if value is not None else ""
