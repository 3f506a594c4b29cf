"""Errors: every class is in the tree drawn in the docstring, and every message says what, where and what to do."""

import inspect
import re

import pytest

from pacta import errors
from pacta.errors import InputError, KnowledgeError, NotUtf8, PactaError, UnknownParameter

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, PactaError)]


def drawn() -> dict[str, int]:
    """Name of each class in the tree, with the column it is drawn in."""
    tree = re.findall(r"^(\W*)(\w+)(?: {2,}.*)?$", (errors.__doc__ or "").split("\n\n")[1], re.MULTILINE)
    return {name: len(indent) for indent, name in tree}


def test_the_tree_holds_every_class_once_and_nothing_else():
    assert len(CLASSES) > 10
    assert set(drawn()) == {c.__name__ for c in CLASSES}


def test_the_tree_is_drawn_as_the_classes_inherit():
    path: list[tuple[int, str]] = []
    for name, column in drawn().items():
        while path and path[-1][0] >= column:
            path.pop()
        parent = getattr(errors, name).__bases__[0].__name__
        assert parent == (path[-1][1] if path else "Exception"), name
        path.append((column, name))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PactaError("it broke"), "it broke"),
        (PactaError("it broke", "a.txt:3"), "it broke (a.txt:3)"),
        (PactaError("it broke.", "a.txt:3", "mend it."), "it broke (a.txt:3). Mend it."),
        (PactaError("it broke", remedy="mend it"), "it broke. Mend it."),
    ],
)
def test_a_message_says_what_where_and_what_to_do(error, message):
    assert str(error) == message


def test_what_concerns_one_document_can_be_caught_as_one_kind():
    assert issubclass(NotUtf8, InputError)
    assert not issubclass(KnowledgeError, InputError)
    assert not issubclass(UnknownParameter, InputError)


def test_errors_travel_between_processes():
    import pickle

    error = pickle.loads(pickle.dumps(NotUtf8("bad byte", "a.txt", "re-encode it")))
    assert (type(error), error.what, error.where, error.remedy) == (NotUtf8, "bad byte", "a.txt", "re-encode it")
