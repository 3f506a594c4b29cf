"""pySHACL's constraint components, three of them changed: two save work that graphs repeat, one compares anything."""

from __future__ import annotations

from itertools import product
from typing import Any

from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.core.property_pair_constraints import LessThanOrEqualsConstraintComponent
from pyshacl.constraints.core.shape_based_constraints import PropertyConstraintComponent
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.shape import Shape


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


class Compared(LessThanOrEqualsConstraintComponent):
    """sh:lessThanOrEquals that reports values which cannot be compared, as SHACL says, where pySHACL fails."""

    def _compare_ltoe(self, values: Any, others: Any, graph: Any, focus: Any) -> Any:
        compare: Any = super()._compare_ltoe
        if not others:
            return compare(values, others, graph, focus)
        reports: list[Any] = []
        for value, other in product(values, others):
            try:
                reports += compare({value}, {other}, graph, focus)[1]
            except TypeError:
                result: Any = self.make_v_result(graph, focus, value_node=value)
                reports.append(result)
        return bool(reports), reports


class Prepared(SPARQLBasedConstraint):
    """sh:sparql whose queries are checked and given their prefixes once."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.sparql_constraints = {PreparedQuery(constraint) for constraint in self.sparql_constraints}


class PreparedQuery:
    """One query of a SPARQL constraint, as `SPARQLBasedConstraint` asks for it."""

    def __init__(self, constraint: Any) -> None:
        self.node, self.messages, self.deactivated = constraint.node, constraint.messages, constraint.deactivated
        self.text: str = constraint.apply_prefixes(constraint.pre_bind_variables(constraint.node)[1])

    def pre_bind_variables(self, focus: Any) -> tuple[dict[str, Any], str]:
        return {"this": focus}, self.text

    def apply_prefixes(self, text: str) -> str:
        return text


_OURS: dict[Any, Any] = {
    LessThanOrEqualsConstraintComponent: Compared,
    PropertyConstraintComponent: AllAtOnce,
    SPARQLBasedConstraint: Prepared,
}
COMPONENTS = {
    parameter: _OURS.get(component, component)
    for parameter, component in CONSTRAINT_PARAMETERS_MAP.items()
    if parameter in ALL_CONSTRAINT_PARAMETERS
}
