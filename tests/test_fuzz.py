"""Every reader, the query header, parameters and negotiation against inputs that are nearly sound.

A few dozen inputs each, the same ones every time; `python tests/fuzzing.py` tries as many new ones as you like.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fuzzing import SEEDS, TARGETS, checked, seeds_of
from pacta.documents import READERS
from regexes import Used, slow, used

SHORT = settings(
    max_examples=40, deadline=None, derandomize=True, database=None,
    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_nearly_sound_is_read_or_told(name: str) -> None:
    @SHORT
    @given(TARGETS[name].inputs)
    def tried(data: Any) -> None:
        assert checked(TARGETS[name], data)

    tried()


@pytest.mark.parametrize("row", READERS, ids=lambda row: row.name)
def test_every_seed_is_read_or_told(row: Any) -> None:
    for data in seeds_of(row.name):
        assert checked(TARGETS[row.name], data)


def test_every_reader_has_seeds_and_every_folder_of_seeds_a_reader() -> None:
    assert {folder.name for folder in SEEDS.iterdir()} == {row.name for row in READERS}


# --- regular expressions ----------------------------------------------------------------------------------------------
READING = ("pacta.documents.", "pacta.pages.negotiation:", "pacta.queries:", "pacta.headers:", "pacta.agreements.html:")


def test_no_pattern_of_the_readers_goes_back_over_a_long_text() -> None:
    patterns = [each for each in used() if each.name.startswith(READING)]
    assert len(patterns) > 25
    found = [f"{each.name} on {before!r} + {unit!r} × n: {took:.2f} s" for each, before, unit, took in slow(patterns)]
    assert not found


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s*,?\s*x", r"\w+\s+$"])
def test_a_pattern_that_goes_back_is_seen(pattern: str) -> None:
    assert list(slow([Used("one", re.compile(pattern), True)]))


def test_seeds_are_our_own_and_small() -> None:
    files = [path for path in SEEDS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 100_000
