"""Downloads: the rows behind a table as CSV, TSV, JSON and Turtle, by the question of the catalogue that gives them."""

from __future__ import annotations

from pacta.pages.rendering import with_query

FORMS = (("CSV", ".csv"), ("TSV", ".tsv"), ("JSON", ".json"), ("Turtle", ".ttl"))


def downloads(noun: str, question: str, **given: str) -> list[tuple[str, str]]:
    """Return the label and the address of each form of an answer; values that are "" are not given.

    >>> downloads("readings", "readings/readings-of-clause", number="4")[0]
    ('readings as CSV', '/query/readings/readings-of-clause.csv?number=4')
    """
    return [(f"{noun} as {name}", with_query(f"/query/{question}{suffix}", given)) for name, suffix in FORMS]
