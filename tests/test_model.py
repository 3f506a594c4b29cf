"""Values between stages: frozen, comparable, and small enough to hand around."""

import dataclasses

import pytest

from pacta import model
from pacta.model import Document, Mention, Metadata, Proposition, Statement, hull

CLASSES = [c for c in vars(model).values() if isinstance(c, type) and dataclasses.is_dataclass(c)]


@pytest.mark.parametrize("value", CLASSES, ids=lambda c: c.__name__)
def test_every_value_is_frozen_and_has_no_room_for_more(value):
    assert value.__dataclass_params__.frozen
    assert "__slots__" in vars(value)


def test_there_are_values_for_every_layer():
    assert {"Document", "Mention", "Statement", "Attribution", "Proposition", "Record"} <= {c.__name__ for c in CLASSES}


def test_a_value_cannot_be_changed():
    mention = Mention((0, 5), "e", "State")
    with pytest.raises(dataclasses.FrozenInstanceError):
        mention.kind = "anaphor"


def test_equal_fields_are_equal_values():
    assert Mention((0, 5), "e", "State") == Mention((0, 5), "e", "State", "name", "")
    assert len({Mention((0, 5), "e", "State"), Mention((0, 5), "e", "State")}) == 1


def test_what_may_be_left_out_is_empty():
    proposition = Proposition("0-1-incident", "incident", (0, 1), "x")
    kept = {"id", "kind", "span", "gloss"}
    assert {getattr(proposition, f.name) for f in dataclasses.fields(proposition) if f.name not in kept} <= {None, ()}
    statement = Statement("0-1-asserts", "a", "asserts", "p")
    assert (statement.responds_to, statement.relays, statement.communique) == (None, None, None)
    assert Document("k", "s", 0, "", Metadata(), "n").metadata.language == "en"


@pytest.mark.parametrize(
    ("spans", "wanted"),
    [
        (((3, 7),), (3, 7)),
        (((3, 7), (10, 12)), (3, 12)),
        (((10, 12), (3, 7)), (3, 12)),
        (((0, 20), (3, 7)), (0, 20)),
    ],
)
def test_hull_holds_all_spans(spans, wanted):
    assert hull(spans) == wanted


def test_nothing_has_no_hull():
    with pytest.raises(ValueError, match="empty"):
        hull(())
