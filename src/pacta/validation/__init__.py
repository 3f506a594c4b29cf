"""SHACL: `Validator` checks a record, a graph or files against shapes/ and gives a `Report`.

The shapes are read and compiled once; a `Validator` is made to be used again for each record. This package is the only
user of pySHACL, and makes it quick for many small graphs without changing what is reported (a test compares both):

- constraint components, paths and queries are prepared once a shape, not once a shape and focus node (`compiled`),
- a property shape takes all focus nodes of its node shape at once,
- values are looked up in a small index of the graph, and SPARQL constraints run in Oxigraph (`graphs`).

What is validated is raw data, never inferred data: the ontology and the reference data are context. Of them only what
the graph refers to is looked at (types and super-classes, schemes of concepts, owners of organs and clauses), and
nothing in the context is itself reported on.
"""

from pacta.validation.graphs import Context, known_of
from pacta.validation.report import Report, Result
from pacta.validation.validator import PROFILES, Validator, read

__all__ = ["PROFILES", "Context", "Report", "Result", "Validator", "known_of", "read"]
