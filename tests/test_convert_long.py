"""`pacta convert` of more than memory should hold: quads wait on disk, and the bytes are those of memory."""

from __future__ import annotations

import json
import tempfile

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, NamedNode, Quad

from pacta import stage
from pacta.commands import convert, main
from pacta.exports import graph_to
from pacta.exports.spool import Spool
from pacta.pipeline import Converter

A, B = (NamedNode(f"https://example.org/{name}") for name in "ab")


@pytest.fixture
def reports(tmp_path):
    file = tmp_path / "reports.jsonl"
    said = "The Ruritanian army said that it had left. The mayor denied that “anybody” was hurt in Zenda"
    lines = [json.dumps({"id": str(n), "text": f"Report {n}.\n\n{said} {n} times."}) for n in range(6)]
    file.write_text("\n".join([*lines, lines[0]]))  # one comes twice
    return file


@pytest.mark.parametrize("form", convert.FORMATS)
@pytest.mark.parametrize("more", [(), ("--with-text",)], ids=["plain", "text"])
def test_what_waits_on_disk_gives_the_bytes_of_what_waits_in_memory(reports, monkeypatch, form, more):
    arguments = ["convert", str(reports), "-f", form, "-j", "1", *more]
    whole = CliRunner().invoke(main, arguments)
    spilled: list[int] = []
    added = Spool.add
    monkeypatch.setattr(Spool, "add", lambda spool, quads: (spilled.append(1), added(spool, quads))[1])
    for most in (0, 150):
        monkeypatch.setattr(convert, "HELD", most)
        parts = CliRunner().invoke(main, arguments)
        assert parts.exit_code == whole.exit_code == 0
        assert parts.stdout_bytes == whole.stdout_bytes != b""
    assert len(spilled) > 6


def test_a_full_disk_is_told(reports, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(convert, "HELD", 0)
    monkeypatch.setattr(Spool, "add", full)
    result = CliRunner().invoke(main, ["convert", str(reports)])
    assert result.exit_code == 2
    assert result.stdout_bytes == b""
    assert "no space left" in result.stderr
    assert tempfile.gettempdir() in result.stderr


def test_a_spool_gives_back_graph_by_graph_what_it_was_given():
    given = [Quad(A, B, A, A), Quad(A, B, B, B), Quad(A, A, B, A)]
    with Spool() as spool:
        spool.add(given)
        spool.add(given[:1])
        assert spool.names() == (A.value, B.value)
        assert list(spool.quads(A.value)) == [given[0], given[2], given[0]]
        assert set(spool.quads(None)) == set(given)
        with pytest.raises(ValueError, match="outside"):
            spool.add([Quad(A, B, A, DefaultGraph())])


def test_a_stage_writes_the_bytes_that_an_export_writes(converter: Converter, seed_record):
    quads = converter.quads(seed_record)
    assert list(converter.stream(seed_record)) == quads == sorted(quads, key=str)
    assert [text for _, text in converter.rows(seed_record)] == [str(quad) for quad in quads]
    lines = stage.Lines(converter.rows(seed_record))
    assert next(iter(lines)) == tuple(quads[0])
    written = lines.written()
    assert written == graph_to(quads, "nquads", include_text=True)
