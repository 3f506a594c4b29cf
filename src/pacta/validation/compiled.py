"""Compiled shapes: pySHACL's shapes with all prepared that does not change from one graph to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import rdflib
from pyshacl.helper.expression_helper import value_nodes_from_path
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, SH

from pacta.validation.components import COMPONENTS
from pacta.validation.graphs import TYPE, Facts, View, to_oxigraph
from pacta.validation.quick import EXECUTOR, ON_VALUES, Test, test_of
from pacta.validation.report import PREFIXES

Walk = Callable[[Facts, Any], Collection[Any]]
_LEADS_TO = (SH.property, SH.node, SH["not"], SH["or"], SH["and"], SH.xone, SH.qualifiedValueShape)


class CompiledShapes(ShapesGraph):
    """All shapes of a graph, compiled once for many graphs of data."""

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(graph)
        self._compiled = {shape.node: CompiledShape(shape) for shape in super().shapes}
        for shape in self._compiled.values():
            shape.prepare()
        for shape in self._compiled.values():
            shape.make_quick()
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
    """A shape that keeps its targets, its path, its constraint components and their quick tests."""

    __slots__ = ("_components", "_custom", "_none_is_well", "_targets", "_tests", "_walk", "quick")

    def __init__(self, shape: Shape) -> None:
        path = shape.path() if shape.is_property_shape else None  # type: ignore[no-untyped-call]
        super().__init__(shape.sg, shape.node, shape.is_property_shape, path, shape.logger)
        groups = self.target()  # type: ignore[no-untyped-call]
        self._targets = tuple(frozenset(to_oxigraph(node) for node in group) for group in groups)
        self._components: tuple[Any, ...] = ()
        self._custom: tuple[Any, ...] = ()
        self._tests: tuple[Test, ...] = ()
        self._walk: Walk | None = None if path is None else walk(self.sg, path)
        self._none_is_well = False
        self.quick = False

    @property
    def has_target(self) -> bool:
        return any(self._targets)

    def prepare(self) -> None:
        """Build the constraint components; needs all shapes of the graph to be there."""
        parameters: Any = self.sg.graph.predicates(self.node)
        kinds = {COMPONENTS[parameter] for parameter in parameters if parameter in COMPONENTS}
        self._components = tuple(kind(self) for kind in sorted(kinds, key=lambda kind: kind.__name__))
        custom: Any = self.find_custom_constraints()  # type: ignore[no-untyped-call]
        self._custom = tuple(kind.make_validator_for_shape(self) for kind in custom)

    def make_quick(self) -> None:
        """Make the quick tests; needs the components of all shapes. A shape that leads back to itself gets none."""
        self.quick = _ends(self.sg.graph, self.node, EXECUTOR.max_validation_depth)
        self._tests = tuple(test_of(component) for component in (*self._components, *self._custom))
        self._none_is_well = not self._custom and all(type(kind) in ON_VALUES for kind in self._components)

    def conforms(self, facts: Facts, node: Any) -> bool:
        """Tell whether pySHACL finds nothing at a node."""
        if self._deactivated:
            return True
        values = (node,) if self._walk is None else self._walk(facts, node)
        if not values and self._none_is_well:
            return True
        for test in self._tests:  # noqa: SIM110 - the generator of `all` costs as much as most tests
            if not test(facts, node, values):
                return False
        return True

    def failing(self, facts: Facts) -> list[Any]:
        """Return the target nodes at which pySHACL finds something, or may find it."""
        nodes = self.targets(facts)
        return [node for node in nodes if not self.conforms(facts, node)] if self.quick else list(nodes)

    def targets(self, facts: Facts) -> Iterable[Any]:
        """Return the target nodes. What only the context says of a node does not make it one."""
        nodes, classes, implicit, objects_of, subjects_of = self._targets
        found = dict.fromkeys(nodes)
        for kind in classes | implicit:
            found |= facts.instances.get(kind, {})
        for predicate in subjects_of:
            own = facts.own_typed if predicate == TYPE else facts.own
            found |= {s: None for s, _ in facts.pairs(predicate) if s in own}
        for predicate in objects_of:
            found |= {o: None for s, o in facts.pairs(predicate) if s in facts.own}
        return found

    def value_nodes(self, target_graph: Any, focus: Any, sparql_mode: bool = False, debug: bool = False) -> Any:
        if self._walk is None:
            return {node: {node} for node in focus}
        view: View = target_graph
        return {node: set(map(view.term, self._walk(view.facts, to_oxigraph(node)))) for node in focus}

    def validate(self, executor: Any, target_graph: Any, focus: Any = None, _evaluation_path: Any = None) -> Any:
        """Evaluate the components of pySHACL at the `focus` nodes, without quick tests."""
        if self.deactivated:
            return True, []
        if focus is None:
            focus = [target_graph.term(node) for node in self.targets(target_graph.facts)]
        elif isinstance(focus, rdflib.term.Identifier):
            focus = (focus,)
        if not focus:
            return True, []
        values = self.value_nodes(target_graph, focus)
        path = [*(_evaluation_path or ()), self]
        conforms, reports = True, []
        for component in (*self._components, *self._custom):
            good, found = component.evaluate(executor, target_graph, values, [*path, component])
            conforms = conforms and good
            reports += found
        return conforms, reports


def walk(shapes: Any, path: Any) -> Walk:
    """Return the function that follows a SHACL path: from facts and a node to its value nodes, each once."""
    graph = shapes.graph
    if isinstance(path, rdflib.URIRef):
        predicate = to_oxigraph(path)
        return lambda facts, node: facts.objects(node, predicate)
    if (path, RDF.first, None) in graph:
        return _in_turn([walk(shapes, step) for step in graph.items(path)])
    if alternatives := graph.value(path, SH.alternativePath):
        ways = [walk(shapes, way) for way in graph.items(alternatives)]
        return lambda facts, node: tuple(dict.fromkeys(value for way in ways for value in way(facts, node)))
    inverse = graph.value(path, SH.inversePath)
    if isinstance(inverse, rdflib.URIRef):
        inverted = to_oxigraph(inverse)
        return lambda facts, node: facts.subjects(inverted, node)

    def follow(facts: Facts, node: Any) -> Collection[Any]:
        found = value_nodes_from_path(shapes, facts.view.term(node), path, facts.view)
        return tuple(to_oxigraph(value) for value in found)

    return follow


def _in_turn(steps: list[Walk]) -> Walk:
    def follow(facts: Facts, node: Any) -> Collection[Any]:
        nodes: Iterable[Any] = (node,)
        for step in steps:
            nodes = dict.fromkeys(value for reached in nodes for value in step(facts, reached))
        return tuple(nodes)

    return follow


def _ends(graph: rdflib.Graph, shape: Any, steps: int) -> bool:
    """Tell whether the shapes that a shape leads to end after fewer than so many steps."""
    if not steps:
        return False
    named = [node for way in _LEADS_TO for node in graph.objects(shape, way)]
    lists = [graph.items(node) for node in named if (node, RDF.first, None) in graph]
    return all(_ends(graph, node, steps - 1) for node in (*named, *(node for items in lists for node in items)))
