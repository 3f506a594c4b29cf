"""Quick tests: one function for each constraint of a shape, which tells whether pySHACL would find something.

A test works on `Facts` and makes no report, so it costs a small part of what the constraint component of pySHACL costs.
It never decides by itself what it does not know for sure: a component, a kind of value or a use that is not written
here is put before pySHACL's own component (`asked`), so the answer is always that of pySHACL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from operator import ge, gt, le, lt
from typing import Any

import pyoxigraph as ox
import rdflib
from pyshacl.constraints.core.cardinality_constraints import MaxCountConstraintComponent, MinCountConstraintComponent
from pyshacl.constraints.core.logical_constraints import (
    AndConstraintComponent,
    NotConstraintComponent,
    OrConstraintComponent,
)
from pyshacl.constraints.core.other_constraints import (
    ClosedConstraintComponent,
    HasValueConstraintComponent,
    InConstraintComponent,
)
from pyshacl.constraints.core.property_pair_constraints import LessThanConstraintComponent
from pyshacl.constraints.core.shape_based_constraints import NodeConstraintComponent
from pyshacl.constraints.core.string_based_constraints import (
    MinLengthConstraintComponent,
    PatternConstraintComponent,
    UniqueLangConstraintComponent,
)
from pyshacl.constraints.core.value_constraints import (
    ClassConstraintComponent,
    DatatypeConstraintComponent,
    NodeKindConstraintComponent,
)
from pyshacl.constraints.core.value_range_constraints import (
    MaxExclusiveConstraintComponent,
    MaxInclusiveConstraintComponent,
    MinExclusiveConstraintComponent,
    MinInclusiveConstraintComponent,
)
from pyshacl.pytypes import SHACLExecutor
from rdflib.namespace import RDF, SH, XSD

from pacta.validation.components import AllAtOnce, Compared, Prepared
from pacta.validation.graphs import TYPE, Facts, to_oxigraph, to_rdflib
from pacta.validation.walks import BY_HAND, body_of, whole

# From the facts, a focus node and its value nodes: whether there is nothing to report.
Test = Callable[[Facts, Any, Collection[Any]], bool]
Sure = Callable[[Any], bool]

EXECUTOR = SHACLExecutor()
KEPT = 256  # values of a constraint whose verdict is kept, and how long they may be
_NOTHING = rdflib.Graph()
_NODE = rdflib.URIRef("urn:x:node")
_THIS = ox.Variable("this")
_INTEGER, _STRING = ox.NamedNode(str(XSD.integer)), ox.NamedNode(str(XSD.string))
_KINDS: Mapping[Any, tuple[type, ...]] = {
    SH.IRI: (ox.NamedNode,),
    SH.Literal: (ox.Literal,),
    SH.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


def test_of(component: Any) -> Test:
    """Return the test of a constraint component of pySHACL."""
    return _TESTS.get(type(component), asked)(component)


def asked(component: Any) -> Test:
    """Return the test that evaluates the component itself, on one focus node."""

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        term = facts.view.term
        found = {term(focus): {term(value) for value in values}}
        conforms, reports = component.evaluate(EXECUTOR, facts.view, found, [component.shape, component])
        return bool(conforms) and not reports

    return test


# --- constraints on each value, whatever the graph --------------------------------------------------------------------
def _each(component: Any, sure: Sure) -> Test:
    """Return the test that every value passes: `sure` says so, or else the component itself, once for a value."""
    ask = asked(component)

    @lru_cache(KEPT)
    def passes(value: Any) -> bool:
        found = {_NODE: {to_rdflib(value)}}
        return bool(component.evaluate(EXECUTOR, _NOTHING, found, [component.shape, component])[0])

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        for value in values:
            if sure(value):
                continue
            alone = isinstance(value, ox.BlankNode) or len(value.value) > KEPT
            if not (ask(facts, focus, (value,)) if alone else passes(value)):
                return False
        return True

    return test


def _never(value: Any) -> bool:
    return False


def _datatype(component: Any) -> Test:
    def tagged(value: Any) -> bool:
        return isinstance(value, ox.Literal) and value.language is not None

    def text(value: Any) -> bool:
        return isinstance(value, ox.Literal) and value.datatype == _STRING

    def number(value: Any) -> bool:
        return whole(value) is not None

    known = {RDF.langString: tagged, XSD.string: text, XSD.integer: number}
    return _each(component, known.get(component.datatype_rule, _never))


def _node_kind(component: Any) -> Test:
    kinds = _KINDS.get(component.nodekind_rule, ())
    return _each(component, lambda value: isinstance(value, kinds))


def _range(holds: Callable[[Any, Any], bool], bounds: str) -> Callable[[Any], Test]:
    def make(component: Any) -> Test:
        limits = [whole(to_oxigraph(bound)) for bound in getattr(component, bounds)]

        def within(value: Any) -> bool:
            number = whole(value)
            return number is not None and all(limit is not None and holds(number, limit) for limit in limits)

        return _each(component, within)

    return make


def _min_length(component: Any) -> Test:
    (least,) = (int(rule.value) for rule in component.string_rules)
    return _each(component, lambda value: isinstance(value, ox.Literal) and len(value.value) >= least)


def _pattern(component: Any) -> Test:
    matchers = tuple(component.compiled_cache.values())

    def matches(value: Any) -> bool:
        return not isinstance(value, ox.BlankNode) and all(matcher.search(value.value) for matcher in matchers)

    return _each(component, matches)


def _in(component: Any) -> Test:
    listed = frozenset(to_oxigraph(value) for value in component.in_vals)
    return _each(component, lambda value: value in listed)


# --- constraints on all values of a node ------------------------------------------------------------------------------
def _min_count(component: Any) -> Test:
    least, ask = int(component.min_count.value), asked(component)

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        if len(values) < least:
            return False
        # terms that Oxigraph tells apart may be one to rdflib
        return least < 2 or not any(isinstance(v, ox.Literal) for v in values) or ask(facts, focus, values)

    return test


def _max_count(component: Any) -> Test:
    most, ask = int(component.max_count.value), asked(component)
    return lambda facts, focus, values: len(values) <= most or ask(facts, focus, values)


def _class(component: Any) -> Test:
    kinds = [to_oxigraph(kind) for kind in component.class_rules]

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        for value in values:
            for kind in kinds:
                if not facts.is_a(value, kind):
                    return False
        return True

    return test


def _closed(component: Any) -> Test:
    shapes = [component.shape.get_other_shape(node) for node in component.property_shapes]
    ask = asked(component)
    if not component.is_closed or not all(shape is not None and shape.is_property_shape for shape in shapes):
        return ask
    paths = {shape.path() for shape in shapes} | component.ignored_props
    allowed = {to_oxigraph(path) for path in paths if isinstance(path, rdflib.URIRef)}

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        for value in values:
            strange = facts.predicates(value) - allowed
            if strange and (TYPE not in strange or not ask(facts, focus, (value,))):
                return False
        return True

    return test


def _has_value(component: Any) -> Test:
    if not all(isinstance(value, rdflib.URIRef) for value in component.has_value_set):
        return asked(component)
    wanted = [to_oxigraph(value) for value in component.has_value_set]
    return lambda facts, focus, values: all(value in values for value in wanted)


def _unique_lang(component: Any) -> Test:
    ask = asked(component)

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        tags = [value.language for value in values if isinstance(value, ox.Literal) and value.language]
        return len(set(tags)) == len(tags) or ask(facts, focus, values)

    return test


def _pair(holds: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    def make(component: Any) -> Test:
        ask = asked(component)
        if not all(isinstance(path, rdflib.URIRef) for path in component.property_compare_set):
            return ask
        paths = [to_oxigraph(path) for path in component.property_compare_set]

        def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
            if not values:
                return True
            first = [whole(value) for value in values]
            second = [whole(value) for path in paths for value in facts.objects(focus, path)]
            if None in first or None in second:
                return ask(facts, focus, values)
            return all(holds(one, two) for one in first for two in second)

        return test

    return make


# --- constraints by other shapes --------------------------------------------------------------------------------------
def _shapes(component: Any, nodes: Iterable[Any], *, property_shapes: bool | None = None) -> list[Any] | None:
    """Return shapes by their names; None where one is not there, or is not of the kind wanted."""
    shapes = [component.shape.get_other_shape(node) for node in nodes]
    if any(shape is None or property_shapes not in (None, shape.is_property_shape) for shape in shapes):
        return None
    return shapes


def _conform(component: Any, shapes: list[Any] | None) -> Test:
    if shapes is None:
        return asked(component)
    found = tuple(shapes)

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        for value in values:
            for shape in found:
                if not shape.conforms(facts, value):
                    return False
        return True

    return test


def _property(component: Any) -> Test:
    return _conform(component, _shapes(component, component.property_shapes, property_shapes=True))


def _node(component: Any) -> Test:
    return _conform(component, _shapes(component, component.node_shapes, property_shapes=False))


def _and(component: Any) -> Test:
    members = [list(component.shape.sg.graph.items(head)) for head in component.and_list]
    return _conform(component, _shapes(component, chain.from_iterable(members)) if all(members) else None)


def _or(component: Any) -> Test:
    lists = [_shapes(component, component.shape.sg.graph.items(head)) for head in component.or_list]
    if not all(lists):
        return asked(component)

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        return all(any(s.conforms(facts, value) for s in shapes or ()) for shapes in lists for value in values)

    return test


def _not(component: Any) -> Test:
    shapes = _shapes(component, component.not_list)
    if shapes is None:
        return asked(component)
    return lambda facts, focus, values: not any(s.conforms(facts, value) for s in shapes for value in values)


def _sparql(component: Any) -> Test:
    queries = [query.text for query in component.sparql_constraints if not query.deactivated]
    known = [BY_HAND.get(body_of(text)) for text in queries]
    ask = asked(component)

    def test(facts: Facts, focus: Any, values: Collection[Any]) -> bool:
        try:
            return not any(
                (nothing is None or not nothing(facts, focus)) and facts.finds(text, {_THIS: focus})
                for text, nothing in zip(queries, known, strict=True)
            )
        except RuntimeError:  # the query does not select $this
            return ask(facts, focus, values)

    return test


_TESTS: Mapping[type, Callable[[Any], Test]] = {
    AllAtOnce: _property,
    AndConstraintComponent: _and,
    ClassConstraintComponent: _class,
    ClosedConstraintComponent: _closed,
    Compared: _pair(le),
    DatatypeConstraintComponent: _datatype,
    HasValueConstraintComponent: _has_value,
    InConstraintComponent: _in,
    LessThanConstraintComponent: _pair(lt),
    MaxCountConstraintComponent: _max_count,
    MaxExclusiveConstraintComponent: _range(lt, "max_vals"),
    MaxInclusiveConstraintComponent: _range(le, "max_vals"),
    MinCountConstraintComponent: _min_count,
    MinExclusiveConstraintComponent: _range(gt, "min_vals"),
    MinInclusiveConstraintComponent: _range(ge, "min_vals"),
    MinLengthConstraintComponent: _min_length,
    NodeConstraintComponent: _node,
    NodeKindConstraintComponent: _node_kind,
    NotConstraintComponent: _not,
    OrConstraintComponent: _or,
    PatternConstraintComponent: _pattern,
    Prepared: _sparql,
    UniqueLangConstraintComponent: _unique_lang,
}
# Constraints on the values there are: without a value there is nothing to find.
ON_VALUES = frozenset(_TESTS) - {HasValueConstraintComponent, MinCountConstraintComponent, Prepared}
