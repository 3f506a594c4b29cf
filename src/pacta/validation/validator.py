"""`Validator`: shapes/ read once, with ontology/ as context, for as many graphs as there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure

from pacta import resources
from pacta.errors import KnowledgeError, PactaError, ValidationError_
from pacta.formats import by_suffix
from pacta.nesting import refuse_deep
from pacta.validation.compiled import CompiledShapes
from pacta.validation.graphs import Context, Facts, to_oxigraph, to_rdflib
from pacta.validation.quick import EXECUTOR
from pacta.validation.report import SH, Report, Result
from pacta.vocabulary import PACTA

Quads = Iterable[ox.Quad]
Rows = Iterable[ox.Quad | tuple[Any, Any, Any, Any]]  # quads, or their four terms

# Which files of shapes/ hold for which kind of graph, beside the one file per class.
PROFILES: Mapping[str, tuple[str, ...]] = {
    "record": ("parts", "integrity", "quality", "raw"),  # what one run read from one document
    "catalogue": ("parts", "integrity", "catalogue", "raw"),  # seeds: actors, places, agreements, lexicon
    "dataset": ("parts", "integrity", "quality"),  # records, seeds and derived graph, together or in part
    "export": ("parts", "integrity", "export"),  # what leaves the house
}
_NOT_OF_A_CLASS = frozenset({"parts", "integrity", "quality", "raw", "export", "catalogue"})
_DERIVED = frozenset(
    ox.NamedNode(f"{PACTA}{name}")
    for name in ("status", "principal", "concernsClause", "disputes", "disputeOver", "reprintOf", "copyOf")
)
_IN_RECORD = ox.NamedNode(f"{PACTA}inRecord")


class Validator:
    """Checks graphs against shapes/, with ontology/ as context; `shapes` and `ontology` name other folders.

    Making one takes a fraction of a second, a record some hundredths: make one, and use it again.
    """

    def __init__(self, shapes: Path | None = None, *, ontology: Path | None = None) -> None:
        self._files = _shape_files(shapes or resources.path("shapes"))
        self._schema = Context(_ontology(ontology or resources.path("ontology")))
        self._profiles: dict[str, CompiledShapes] = {}

    def context(self, quads: Quads) -> Context:
        """Return reference data as context for many records, with the ontology beside it."""
        return Context(quads, beside=self._schema)

    def validate_record(self, quads: Rows, context: Quads | Context = ()) -> Report:
        """Return what is wrong with one record: its quads, and among them its text and its run where they are known.

        `context`: reference and agreement quads, or better a `Context` made of them once.
        """
        return self.validate_graph(quads, context, profile="record")

    def validate_graph(self, quads: Rows, context: Quads | Context = (), *, profile: str | None = None) -> Report:
        """Return what is wrong with `quads` taken as one graph; `profile` is one of PROFILES, or told from the data."""
        known = context if isinstance(context, Context) else self.context(context)
        facts = Facts(quads, known)
        shapes = self.shapes(profile or _profile(facts))
        found: dict[Result, set[str]] = {}
        try:
            for shape in shapes.targeted:
                if failing := shape.failing(facts):
                    view = facts.view
                    _, reports = shape.validate(EXECUTOR, view, [view.term(node) for node in failing])
                    for _, node, parts in reports:
                        result, component = _result(shapes, node, parts)
                        found.setdefault(result, set()).add(component)
        except (ValidationFailure, ReportableRuntimeError, SyntaxError) as error:
            raise ValidationError_(f"a shape cannot be used: {error}", "shapes/", "mend the shape") from error
        results = (replace(result, components=tuple(sorted(components))) for result, components in found.items())
        return Report(tuple(sorted(results, key=lambda result: result.key)))

    def validate_files(
        self, paths: Iterable[Path], context: Quads | Context = (), *, profile: str | None = None
    ) -> Report:
        """Return what is wrong with the graph that RDF files make together."""
        return self.validate_graph((quad for path in paths for quad in read(path)), context, profile=profile)

    def shapes(self, profile: str) -> CompiledShapes:
        """Return the compiled shapes of a profile."""
        if profile not in PROFILES:
            raise ValidationError_(f"there is no profile {profile!r}", remedy=f"take one of {', '.join(PROFILES)}")
        if profile not in self._profiles:
            graph = rdflib.Graph(bind_namespaces="none")
            for name, triples in self._files.items():
                if name not in _NOT_OF_A_CLASS or name in PROFILES[profile]:
                    for triple in triples:
                        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
            try:
                self._profiles[profile] = CompiledShapes(graph)
            except (ShapeLoadError, ConstraintLoadError, ValidationFailure, ReportableRuntimeError) as error:
                raise KnowledgeError(f"a shape is not well formed: {error}", "shapes/", "mend the shape") from error
        return self._profiles[profile]


def read(path: Path) -> Iterator[ox.Quad]:
    """Give the quads of an RDF file; the suffix tells its format."""
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise ValidationError_(f"no RDF format has the suffix {path.suffix!r}", str(path), "name it .ttl, .trig or .nq")
    known = by_suffix(path)
    refuse_deep(path, known.name if known is not None else "turtle", str(path))
    try:
        yield from ox.parse(path=path, format=form)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{path}:{line}" if line else str(path)
        raise ValidationError_(f"this is no {form.name}: {error}", where, "mend the file") from error
    except OSError as error:
        raise ValidationError_(f"cannot be read: {error.strerror}", str(path), "check the path") from error


def _shape_files(folder: Path) -> dict[str, list[ox.Triple]]:
    paths = sorted(folder.glob("*.ttl"))
    if not paths:
        raise KnowledgeError("there are no shapes", str(folder), "check that the folder is complete")
    return {path.stem: [quad.triple for quad in _knowledge(path)] for path in paths}


def _ontology(folder: Path) -> Iterator[ox.Quad]:
    """Give what the ontology says, without alignments: classes and super-classes, properties, concepts, schemes."""
    for path in (*sorted(folder.glob("*.ttl")), *sorted(folder.glob("vocabularies/*.ttl"))):
        yield from _knowledge(path)


def _knowledge(path: Path) -> Iterator[ox.Quad]:
    try:
        yield from read(path)
    except PactaError as error:
        raise KnowledgeError(error.what, error.where, error.remedy) from error


def _profile(facts: Facts) -> str:
    if any(predicate in facts for predicate in _DERIVED):
        return "dataset"
    return "record" if _IN_RECORD in facts else "catalogue"


def _result(shapes: CompiledShapes, result: Any, parts: Sequence[tuple[Any, Any, Any]]) -> tuple[Result, str]:
    """Return a result of pySHACL as ours, and its component: from the triples about it, not about details below it."""
    held: dict[str, Any] = {}
    messages: set[str] = set()
    for subject, predicate, obj in parts:
        if subject != result:
            continue
        node, name = obj[1] if isinstance(obj, tuple) else obj, str(predicate).removeprefix(SH)
        if name == "resultMessage":
            messages.add(str(node))
        else:
            held[name] = node
    focus, value, path = held["focusNode"], held.get("value"), held.get("resultPath")
    found = Result(
        focus=f"_:{focus}" if isinstance(focus, rdflib.BNode) else str(focus),
        path=None if path is None else shapes.path(path),
        value=None if value is None else to_oxigraph(value),
        severity=str(held["resultSeverity"]).removeprefix(SH),
        message=" ".join(sorted(messages)),
        shape=str(held["sourceShape"]),
    )
    return found, str(held["sourceConstraintComponent"]).removeprefix(SH)
