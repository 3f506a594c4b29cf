"""Changes: what differs between two graphs, resource by resource, in whatever order and form they came.

    changes = changes_between(read_graph(old), read_graph(new))
    changes.counts                      # {"added": 2, "changed": 1, "removed": 0}
    changes.by_class()                  # class → its resources that differ

Names of graphs are not compared, and neither are labels of blank nodes: a blank node is known by what it says, and what
it says counts as said of the resource that leads to it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from pacta.errors import InputError, UnreadableFile
from pacta.formats import by_suffix, of_kind
from pacta.nesting import refuse_deep
from pacta.store import open_store
from pacta.vocabulary import ID_BASE, OWL, RDF, RDFS, SKOS

Kind = OneOf["added", "removed", "changed"]
KINDS: tuple[Kind, ...] = ("added", "removed", "changed")
NAMELESS = "https://w3id.org/pacta/.well-known/genid/"  # a blank node is written as an IRI below this one
_FORMS = {
    "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD,
}  # fmt: skip
_STORE_FILE = "CURRENT"
_TYPE = NamedNode(RDF + "type")
_NO_CLASS = OWL + "NamedIndividual"
_LABELS = (RDFS + "label", SKOS + "prefLabel")
_CHANGESET = "http://purl.org/vocab/changeset/schema#"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that differs. `cls`: its class, the first by name where it has several, None where it has none;
    `added` and `removed`: its triples in one graph alone, sorted; a resource that is new or gone has all of them."""

    iri: str
    label: str | None
    cls: str | None
    kind: Kind
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs, sorted by class, kind of change and IRI."""

    resources: tuple[ResourceChange, ...]

    def __bool__(self) -> bool:
        return bool(self.resources)

    @property
    def counts(self) -> dict[str, int]:
        """How many resources are new, gone, and changed."""
        return {kind: sum(resource.kind == kind for resource in self.resources) for kind in KINDS}

    def by_class(self) -> dict[str | None, list[ResourceChange]]:
        """Return the resources by class, in order; those without one last."""
        found: dict[str | None, list[ResourceChange]] = defaultdict(list)
        for resource in self.resources:
            found[resource.cls].append(resource)
        return dict(found)


# --- reading ----------------------------------------------------------------------------------------------------------
def is_rdf(path: Path) -> bool:
    """Tell whether a path is a folder, or a file whose suffix stands for an RDF format."""
    return path.is_dir() or by_suffix(path) in of_kind("graph", "dataset")


def read_graph(path: Path) -> frozenset[Triple]:
    """Return the triples of an RDF file, of all RDF files in a folder, or of a store.

    Raises: InputError where there is nothing to read, or a file is not what its suffix says.
    """
    if path.is_dir() and (path / _STORE_FILE).is_file():
        with open_store(path, read_only=True) as store:
            return frozenset(_named(store.quads()))
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and is_rdf(file))
        if not files:
            raise UnreadableFile("the folder holds no RDF files and no store", str(path), "name another")
        return frozenset(triple for file in files for triple in _named(_parsed(file)))
    return frozenset(_named(_parsed(path)))


def _parsed(path: Path) -> list[Quad]:
    form = by_suffix(path)
    if form is None or form.name not in _FORMS:
        raise InputError("the suffix stands for no RDF format", str(path), "name it .ttl, .nt, .trig, .nq or .jsonld")
    refuse_deep(path, form.name, str(path))
    try:
        return list(parse(path.read_bytes(), format=_FORMS[form.name]))
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}", str(path), "check the path") from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{path}:{line}" if line else str(path)
        raise InputError(f"this is not {form.name}: {error}", where, "mend the file") from error


def _named(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield triples with an IRI in the place of each blank node, made from what the node says."""
    given = list(quads)
    says: dict[BlankNode, list[tuple[NamedNode, object]]] = defaultdict(list)
    for quad in given:
        if isinstance(quad.subject, BlankNode):
            says[quad.subject].append((quad.predicate, quad.object))
    names: dict[BlankNode, str] = {}
    for node in sorted(says, key=str):
        _name(node, says, names)

    def known(term: object) -> object:
        return NamedNode(names.get(term, f"{NAMELESS}nothing")) if isinstance(term, BlankNode) else term

    for quad in given:
        yield Triple(known(quad.subject), quad.predicate, known(quad.object))  # type: ignore[arg-type]


def _name(start: BlankNode, says: dict[BlankNode, list[tuple[NamedNode, object]]], names: dict[BlankNode, str]) -> None:
    """Name a blank node and all that it leads to, those at the end first; a long list must not exhaust the stack."""
    waiting, open_ = [start], {start}
    while waiting:
        node = waiting[-1]
        below = [o for _, o in says[node] if isinstance(o, BlankNode) and o not in names and o in says]
        further = [o for o in below if o not in open_]
        if further:
            waiting.extend(further)
            open_.update(further)
            continue
        words = sorted(f"{p} {names.get(o, '_:') if isinstance(o, BlankNode) else o}" for p, o in says[node])
        names[node] = NAMELESS + hashlib.sha1("\n".join(words).encode(), usedforsecurity=False).hexdigest()[:16]
        waiting.pop()


# --- comparing --------------------------------------------------------------------------------------------------------
def changes_between(old: Iterable[Triple], new: Iterable[Triple]) -> Changes:
    """Return what makes `new` out of `old`."""
    before, after = frozenset(old), frozenset(new)
    gone, come = before - after, after - before
    owners = _owners(before), _owners(after)
    removed, added = _by_owner(gone, owners[0]), _by_owner(come, owners[1])
    there_before = {_value(triple.subject) for triple in before}
    there_after = {_value(triple.subject) for triple in after}
    wanted = removed.keys() | added.keys()
    facts = _facts(before, wanted), _facts(after, wanted)
    found = []
    for iri in wanted:
        kind: Kind = "added" if iri not in there_before else "removed" if iri not in there_after else "changed"
        labels, classes = (facts[1].get(iri) or facts[0].get(iri)) or ({}, ())
        found.append(
            ResourceChange(
                iri,
                _label(labels),
                min(classes, default=None),
                kind,
                tuple(sorted(added.get(iri, ()), key=str)),
                tuple(sorted(removed.get(iri, ()), key=str)),
            )
        )
    found.sort(key=lambda r: (r.cls is None, r.cls or "", KINDS.index(r.kind), r.iri))
    return Changes(tuple(found))


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _owners(triples: frozenset[Triple]) -> dict[str, str]:
    """Return for each nameless node what leads to it, the first by name."""
    above: dict[str, str] = {}
    for triple in triples:
        target, source = _value(triple.object), _value(triple.subject)
        if target.startswith(NAMELESS) and isinstance(triple.object, NamedNode):
            above[target] = min(above.get(target, source), source)
    return above


def _by_owner(triples: Iterable[Triple], owners: dict[str, str]) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        subject, seen = _value(triple.subject), set()
        while subject in owners and subject not in seen:
            seen.add(subject)
            subject = owners[subject]
        found[subject].append(triple)
    return found


_Labels = dict[str, list[Literal]]


def _facts(triples: Iterable[Triple], wanted: Iterable[str]) -> dict[str, tuple[_Labels, tuple[str, ...]]]:
    """Return labels and classes of the wanted resources."""
    chosen = set(wanted)
    found: dict[str, tuple[_Labels, tuple[str, ...]]] = {}
    for triple in triples:
        subject = _value(triple.subject)
        if subject not in chosen:
            continue
        labels, classes = found.get(subject, ({}, ()))
        if triple.predicate.value in _LABELS and isinstance(triple.object, Literal):
            labels = {**labels, triple.predicate.value: [*labels.get(triple.predicate.value, []), triple.object]}
        elif triple.predicate == _TYPE and isinstance(triple.object, NamedNode) and triple.object.value != _NO_CLASS:
            classes = (*classes, triple.object.value)
        found[subject] = labels, classes
    return found


def _label(labels: _Labels) -> str | None:
    for prop in _LABELS:
        given = sorted(labels.get(prop, ()), key=lambda label: (label.language != "en", str(label)))
        if given:
            return given[0].value
    return None


# --- as RDF -----------------------------------------------------------------------------------------------------------
def as_changesets(changes: Changes, base: str = ID_BASE) -> Iterator[Quad]:
    """Yield the changes in the changeset vocabulary: one cs:ChangeSet a resource, its triples as rdf:Statements."""
    for resource in changes.resources:
        rows = [*(f"+ {triple}" for triple in resource.added), *(f"- {triple}" for triple in resource.removed)]
        code = hashlib.sha1("\n".join([resource.iri, *rows]).encode(), usedforsecurity=False).hexdigest()[:12]
        subject = NamedNode(f"{base}change/{code}")
        yield Quad(subject, _TYPE, NamedNode(_CHANGESET + "ChangeSet"))
        yield Quad(subject, NamedNode(_CHANGESET + "subjectOfChange"), NamedNode(resource.iri))
        for name, triples in (("addition", resource.added), ("removal", resource.removed)):
            for number, triple in enumerate(triples, 1):
                statement = NamedNode(f"{base}change/{code}/{name}/{number}")
                yield Quad(subject, NamedNode(_CHANGESET + name), statement)
                yield Quad(statement, _TYPE, NamedNode(RDF + "Statement"))
                yield Quad(statement, NamedNode(RDF + "subject"), triple.subject)
                yield Quad(statement, NamedNode(RDF + "predicate"), triple.predicate)
                yield Quad(statement, NamedNode(RDF + "object"), triple.object)
