"""Compiled shapes: pySHACL's shapes with all prepared that does not change from one graph to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.core.shape_based_constraints import PropertyConstraintComponent
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.helper.expression_helper import value_nodes_from_path
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, RDFS, SH

from pacta.validation.graphs import Index
from pacta.validation.report import PREFIXES

Walk = Callable[[Any, Any], Iterable[Any]]


class CompiledShapes(ShapesGraph):
    """All shapes of a graph, compiled once for many graphs of data."""

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(graph)
        self._compiled = {shape.node: CompiledShape(shape) for shape in super().shapes}
        for shape in self._compiled.values():
            shape.prepare()
        self.targeted = tuple(shape for shape in self._compiled.values() if shape.has_target)

    @property
    def shapes(self) -> Any:
        return self._compiled.values()

    def lookup_shape_from_node(self, node: Any) -> Shape:
        return self._compiled[node]

    def path(self, node: Any) -> str:
        """Return a path as an IRI, or in SPARQL path syntax where it has steps."""
        if isinstance(node, rdflib.URIRef):
            return str(node)
        names = {prefix: rdflib.URIRef(iri) for prefix, iri in PREFIXES.items()}
        return str(shacl_path_to_sparql_path(self, node, prefixes=names))


class CompiledShape(Shape):
    """A shape that keeps its targets, its path and its constraint components."""

    __slots__ = ("_components", "_targets", "_walk")

    def __init__(self, shape: Shape) -> None:
        path = shape.path() if shape.is_property_shape else None  # type: ignore[no-untyped-call]
        super().__init__(shape.sg, shape.node, shape.is_property_shape, path, shape.logger)
        self._targets = tuple(frozenset(group) for group in self.target())  # type: ignore[no-untyped-call]
        self._components: tuple[Any, ...] = ()
        self._walk: Walk | None = None if path is None else walk(self.sg, path)

    @property
    def has_target(self) -> bool:
        return any(self._targets)

    def prepare(self) -> None:
        """Build the constraint components; needs all shapes of the graph to be there."""
        parameters: Any = self.sg.graph.predicates(self.node)
        kinds = {COMPONENTS[parameter] for parameter in parameters if parameter in COMPONENTS}
        self._components = tuple(kind(self) for kind in sorted(kinds, key=lambda kind: kind.__name__))

    def focus_nodes(self, data_graph: Any, debug: bool = False) -> set[Any]:
        """Return the target nodes. What only the context says of a node does not make it one."""
        graph: Index = data_graph
        nodes, classes, implicit, objects_of, subjects_of = self._targets
        found = set(nodes)
        for target in classes | implicit:
            for kind in graph.transitive_subjects(RDFS.subClassOf, target):
                found |= graph.own_typed.intersection(graph.subjects(RDF.type, kind))
        for predicate in subjects_of:
            own = graph.own_typed if predicate == RDF.type else graph.own
            found |= {s for s, _ in graph.subject_objects(predicate) if s in own}
        for predicate in objects_of:
            found |= {o for s, o in graph.subject_objects(predicate) if s in graph.own}
        return found

    def value_nodes(self, target_graph: Any, focus: Any, sparql_mode: bool = False, debug: bool = False) -> Any:
        if self._walk is None:
            return {node: {node} for node in focus}
        return {node: set(self._walk(target_graph, node)) for node in focus}

    def validate(self, executor: Any, target_graph: Any, focus: Any = None, _evaluation_path: Any = None) -> Any:
        if self.deactivated:
            return True, []
        if focus is None:
            focus = self.focus_nodes(target_graph)
        elif isinstance(focus, rdflib.term.Identifier):
            focus = (focus,)
        if not focus:
            return True, []
        values = self.value_nodes(target_graph, focus)
        path = [*(_evaluation_path or ()), self]
        conforms, reports = True, []
        for component in self._components:
            good, found = component.evaluate(executor, target_graph, values, [*path, component])
            conforms = conforms and good
            reports += found
        return conforms, reports


def walk(shapes: Any, path: Any) -> Walk:
    """Return the function that follows a SHACL path: from a graph and a node to its value nodes."""
    graph = shapes.graph
    if isinstance(path, rdflib.URIRef):
        return lambda data, node: data.objects(node, path)
    if (path, RDF.first, None) in graph:
        return _in_turn([walk(shapes, step) for step in graph.items(path)])
    if alternatives := graph.value(path, SH.alternativePath):
        ways = [walk(shapes, way) for way in graph.items(alternatives)]
        return lambda data, node: {value for way in ways for value in way(data, node)}
    inverse = graph.value(path, SH.inversePath)
    if isinstance(inverse, rdflib.URIRef):
        return lambda data, node: data.subjects(inverse, node)
    return lambda data, node: value_nodes_from_path(shapes, node, path, data)


def _in_turn(steps: list[Walk]) -> Walk:
    def follow(data: Any, node: Any) -> set[Any]:
        nodes = {node}
        for step in steps:
            nodes = {value for reached in nodes for value in step(data, reached)}
        return nodes

    return follow


class AllAtOnce(PropertyConstraintComponent):
    """sh:property that hands all focus nodes of a node shape to the property shape in one go."""

    def _evaluate_property_shape(
        self, executor: Any, prop_shape: Any, graph: Any, values: Any, recursive: Any, path: Any
    ) -> Any:
        shape: Any = self.shape.get_other_shape(prop_shape)  # type: ignore[no-untyped-call]
        if self.shape.is_property_shape or recursive or shape is None or not shape.is_property_shape:
            one_by_one: Any = super()._evaluate_property_shape
            return one_by_one(executor, prop_shape, graph, values, recursive, path)
        conforms, reports = shape.validate(executor, graph, focus=list(values), _evaluation_path=path)
        return not conforms, reports


class Prepared(SPARQLBasedConstraint):
    """sh:sparql whose queries are checked and given their prefixes once."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.sparql_constraints = {PreparedQuery(constraint) for constraint in self.sparql_constraints}


class PreparedQuery:
    """One query of a SPARQL constraint, as `SPARQLBasedConstraint` asks for it."""

    def __init__(self, constraint: Any) -> None:
        self.node, self.messages, self.deactivated = constraint.node, constraint.messages, constraint.deactivated
        self._text = constraint.apply_prefixes(constraint.pre_bind_variables(constraint.node)[1])

    def pre_bind_variables(self, focus: Any) -> tuple[dict[str, Any], str]:
        return {"this": focus}, self._text

    def apply_prefixes(self, text: str) -> str:
        return text


_OURS: dict[Any, Any] = {PropertyConstraintComponent: AllAtOnce, SPARQLBasedConstraint: Prepared}
COMPONENTS = {
    parameter: _OURS.get(component, component)
    for parameter, component in CONSTRAINT_PARAMETERS_MAP.items()
    if parameter in ALL_CONSTRAINT_PARAMETERS
}
