"""Mentions of parts of an agreement where the parser has no word, or where several parts hold the same thing."""

from __future__ import annotations

from typing import Any

import pytest

from pacta.pipeline import annotate_text

CHARGE = "The ministry said that Azerbaijan had violated the trilateral statement of 9 November 2020."


def _mentions(text: str) -> tuple[str, list[dict[str, Any]]]:
    annotation: dict[str, Any] = annotate_text(text, published="2021-05-05")
    return annotation["text"], annotation["agreementMentions"]


@pytest.mark.parametrize(
    "text",
    [
        f"{CHARGE} See www.example.org/article 5 for more.",
        f"{CHARGE} It cites https://example.org/a/article 4 and article 6.",
        f"LYRA (Article 5) - {CHARGE}",
        f"{CHARGE}\n\nLYRA, Article 5, May 3 (Wire) - Citing Article 4, the ministry said no more.",
    ],
)
def test_a_part_where_no_word_is_parsed_costs_no_statement(text: str):
    annotation: dict[str, Any] = annotate_text(text, published="2021-05-05")
    said = [s for s in annotation["statements"] if s["act"] == "accuses"]
    assert len(said) == 1
    assert "violates" in [m["stance"] for m in annotation["agreementMentions"]]


def test_a_possessive_is_no_word_of_the_part():
    text, mentions = _mentions("Kenya said the Zenda accord's second article bars tolls on the bridge.")
    quotes = [text[a:b] for a, b in (m["span"] for m in mentions if m["clauseNumber"] == "2")]
    assert quotes == ["the Zenda accord", "second article"]


def test_what_two_parts_hold_is_that_of_the_part_named_last():
    text, mentions = _mentions(
        "Chad spoke of the mechanism of Article 4 of the Zenda accord. Kenya said Chad had violated the mechanism."
        " Later Chad spoke of the mechanism of Article 6 of the Zenda accord. Kenya said Chad blocked the mechanism."
    )
    held = [m["clauseNumber"] for m in mentions if text[slice(*m["span"])].endswith("the mechanism")]
    assert held == ["4", "6"]
