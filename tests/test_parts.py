"""Numbered parts as texts name them: nested ones, letters, possessives, annexes, units that may mean other things."""

from __future__ import annotations

import pytest

from pacta.claims.parts import find_parts

NAMED = {
    "paragraph 2 of Article 5": ["5(2)"],
    "Article 5, paragraph 2": ["5(2)"],
    "points two and four of Article 7": ["7(2)", "7(4)"],
    "Article 5, clause 4 and Article 9": ["5(4)", "9"],
    "the second point of the annex": ["annex/2"],
    "the second point of the implementation annex": ["annex/2"],
    "paragraph 64 of Annex I": ["Annex I/64"],
    "Annexure D of the treaty": ["Annexure D"],
    "Article I of the treaty": ["1"],
    "in the article I read": [],
    "section B and paragraph (c)": ["B", "c"],
    "the treaty's fourth article": ["4"],
    "the parties’ third and fifth points": ["3", "5"],
    "Articles 3-5": ["3", "4", "5"],
    "Section 3(b) and Section 4": ["3(b)", "4"],
    "50 points were agreed on": [],
    "the first six points of that document": ["1", "2", "3", "4", "5", "6"],
    "its first three paragraphs": ["1", "2", "3"],
    "the first to the third articles": ["1", "2", "3"],
    "the first two years": [],
    "Article LVI of the pact": ["56"],
    "Article IV(2) of the pact": ["4(2)"],
    "in its very first point": ["1"],
    "the disputed ninth point": ["9"],
    "Ninth paragraph included": ["9"],
    "First point: the road": [],
    "First point, the road": [],
    "its eighth-point duties": ["8"],
    "Section 2 of Article 5": ["5(2)"],
    "Sections 2 and 3 of Article 5": ["5(2)", "5(3)"],
    "Chapter Two and chapter III": ["Chapter 2", "Chapter 3"],
    "Annex A of the pact": ["Annex A"],
}


@pytest.mark.parametrize("text", NAMED)
def test_a_part(text: str) -> None:
    assert [number for part in find_parts(text) for number in part.numbers] == NAMED[text]


@pytest.mark.parametrize("text", ["phase two of the deal", "the second commitment of the declaration"])
def test_a_unit_that_may_be_something_else(text: str) -> None:
    (part,) = find_parts(text)
    assert part.weak
    assert part.numbers == ("2",)


def test_an_article_is_always_a_part() -> None:
    (part,) = find_parts("Article 2 holds")
    assert not part.weak
