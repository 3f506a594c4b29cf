"""Long input: work and memory grow with the length of a text, and a bar tells how far a long file has come.

Work is counted in calls, not in seconds: twice the text may take little more than twice the calls.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import sys
import tracemalloc

import pytest
from click.testing import CliRunner

from pacta import pipeline
from pacta.annotations import syntax
from pacta.commands import main, talk
from pacta.model import Document, Metadata

SPEECH = (
    "Mira Halder: The Ruritanian army shelled Zenda on Monday, the Foreign Ministry of Armenia said in a statement. "
    "It called the shelling a breach of the Charter of the United Nations and of Article 2 of the charter.",
    "Joan Estrel: “We deny that,” a spokesman of the army said. He added that Azerbaijan had violated the ceasefire "
    "about 40 kilometres south of Yerevan early in the morning, and that two people were killed.",
    "Tomas Vik: According to the mayor, nobody was hurt. Baku accused Yerevan of lying; Yerevan dismissed the claim.",
)
SIGNED = ("“The Ruritanian army shelled Zenda on Monday.” — Mira Halder",)
LETTERS = ("Q: Was Zenda shelled on Monday?", "A: The Ruritanian army shelled it, the mayor said. That is a breach.")
LEAST = 12  # times that the speeches are repeated


def transcript(times: int, turns: tuple[str, ...] = SPEECH) -> Document:
    text = "\n\n".join(turns * times)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(digest[:12], digest, len(text.encode()), text, Metadata(published="2021-08-13"), "text", digest)


def calls(converter: pipeline.Converter, document: Document) -> int:
    """Return how many calls, generators' steps among them, one document takes beyond its parse."""
    (parse,) = converter._parse([document])
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        converter.quads(converter._read(document, parse))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("turns", [SPEECH, SIGNED * 3, LETTERS], ids=["speeches", "signed", "letters"])
def test_twice_the_text_is_twice_the_work(converter: pipeline.Converter, turns: tuple[str, ...]):
    calls(converter, transcript(2, turns))  # what is made on first use
    once, twice = (calls(converter, transcript(LEAST * n, turns)) for n in (4, 8))
    assert twice / once < 2.2


def test_twice_the_text_holds_twice_the_memory(converter: pipeline.Converter):
    def most(times: int) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            converter.quads(converter.record(transcript(times)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(2)
    once, twice = most(LEAST), most(2 * LEAST)
    assert twice / once < 2.2


def test_many_reports_are_held_a_batch_at_a_time(converter: pipeline.Converter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "BATCH", 4)
    given: list[Document] = []

    def reports():
        for number in range(3, 15):
            given.append(transcript(number))
            yield given[-1]

    ahead = [len(given) - done for done, _ in enumerate(converter.records(reports()))]
    assert len(given) == 12
    assert max(ahead) <= 4


def test_a_bar_counts_the_reports_of_one_file(tmp_path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "reports.jsonl"
    lines = [json.dumps({"id": str(n), "text": f"Report {n}. The army said that it had left."}) for n in range(30)]
    file.write_text("\n".join(lines))
    out = io.StringIO()
    console = talk.Console(file=out, force_terminal=True, width=80)
    monkeypatch.setattr(talk, "Console", lambda stderr: console)
    result = CliRunner().invoke(main, ["build", str(file), "--store", str(tmp_path / "store"), "-j", "1"])
    assert result.exit_code == 0, result.output
    assert "30 documents" in out.getvalue()


@pytest.mark.parametrize("verb", ["convert", "build"])
@pytest.mark.parametrize("kind", ["terminal", "file", "quiet"])
def test_a_bar_counts_the_paragraphs_of_a_long_document(tmp_path, monkeypatch: pytest.MonkeyPatch, verb, kind):
    file = tmp_path / "long.txt"
    file.write_text(transcript(4).text)
    out = io.StringIO()
    console = talk.Console(file=out, force_terminal=kind != "file", width=80)
    monkeypatch.setattr(talk, "Console", lambda stderr: console)
    monkeypatch.setattr(pipeline, "LONG", 1000)
    heard: list[tuple[int, int]] = []
    within = talk.Bar.within
    monkeypatch.setattr(
        talk.Bar, "within", lambda bar, *told: (heard.append(told), within(bar, *told), bar._bar.refresh())[0]
    )
    to = ["--store", str(tmp_path / "store")] if verb == "build" else ["-o", str(tmp_path / "out.ttl")]
    result = CliRunner().invoke(main, [verb, str(file), *to, *(["-q"] if kind == "quiet" else [])])
    assert result.exit_code == 0, result.output
    assert heard == [(n, 12) for n in range(1, 13)]
    assert ("6 of 12 paragraphs" in out.getvalue()) == (kind == "terminal")
    assert kind == "terminal" or not out.getvalue()
    assert "paragraphs" not in result.output


def test_words_parsed_at_once_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(syntax, "_BATCH_WORDS", 1000)
    nlp = syntax.load_model()
    piped, held = nlp.pipe, []

    def counted(docs, **options):
        held.append(sum(map(len, docs)))
        return piped(docs, **options)

    monkeypatch.setattr(nlp, "pipe", counted)
    text = "[ " * 6000 + "\n\n" + "[" * 6000 + "\n\n" + "The army left.\n\n" * 100
    (parse,) = syntax.parse([text], nlp, lambda word: False, lambda word: False)
    assert sum(len(paragraph.doc) for paragraph in parse.paragraphs) == sum(held) > 12_000
    assert max(held) < 1000 + syntax._MAX_WORDS
