"""One Format table for all: names, suffixes and media types lead to one row each."""

import pytest

from pacta.errors import UsageError_
from pacta.exports import GRAPH_WRITERS, RESULT_WRITERS
from pacta.formats import FORMATS, by_media_type, by_name, by_suffix, of_kind


def test_each_name_alias_and_suffix_leads_to_one_format():
    names = [name for row in FORMATS for name in (row.name, *row.aliases)]
    suffixes = [suffix for row in FORMATS for suffix in row.suffixes]
    assert len(names) == len(set(names))
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_a_format_is_found_again(row):
    assert by_name(row.name) is row
    assert by_name(row.name.upper()) is row
    assert all(by_name(alias) is row for alias in row.aliases)
    assert all(by_suffix(f"a/b.c{suffix}") is row for suffix in row.suffixes)
    found = by_media_type(f"{row.media_type.upper()}; charset=utf-8".lower())
    assert found is not None
    assert found.media_type == row.media_type


def test_every_graph_and_result_format_has_a_writer():
    assert [row.name for row in of_kind("graph", "dataset")] == sorted(
        GRAPH_WRITERS, key=[row.name for row in FORMATS].index
    )
    assert {row.name for row in of_kind("results")} == set(RESULT_WRITERS)


def test_what_is_not_known():
    assert by_suffix("report.docx") is None
    assert by_suffix("Makefile") is None
    assert by_media_type("image/png") is None
    with pytest.raises(UsageError_, match="Did you mean turtle"):
        by_name("turtel")
    with pytest.raises(UsageError_, match="does not fit here"):
        by_name("csv", among=of_kind("graph"))
