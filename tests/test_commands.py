"""The command line: formats, places, exit codes, messages; each verb on the seeds, and on input that is bad."""

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from pacta import resources
from pacta.commands import VERBS, main
from pacta.commands.marked import as_html, as_text, marks_of, segments
from pacta.commands.names import whole_iri
from pacta.errors import UsageError_
from pacta.exports.turtle import compact
from pacta.pipeline import Converter, default_converter
from pacta.store import open_store
from pacta.vocabulary import ID_BASE, PACTA, VOCAB, P

SEED = resources.path("seeds") / "documents" / "rferl-karabakh-drone-attack.txt"
WHO = "disputes/who-disputes-which-clause"
COLUMNS = [
    "agreement", "clause", "clauseNumber", "actor", "speaker", "stance", "counterparty", "statement", "quote",
    "document", "published",
]  # fmt: skip
TEXT = "The Ruritanian army denied that it had left the valley."


def pacta(*words: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("PACTA_STORE", "PACTA_BASE", "PACTA_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "store"
    result = pacta("build", SEED.parent, "--store", folder)
    assert result.exit_code == 0, result.stderr
    return folder


def rows(raw: str) -> list[dict]:
    found = json.loads(raw)
    assert found
    return found


# --- the group --------------------------------------------------------------------------------------------------------
def test_help_lists_the_verbs_and_loads_no_parser():
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom pacta.commands import main\n"
        "print(CliRunner().invoke(main, ['--help']).stdout)\nassert 'spacy' not in sys.modules"
    )
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert listed.returncode == 0, listed.stderr
    assert re.findall(r"^  (\w+)  ", listed.stdout.split("Commands:")[1], re.MULTILINE) == list(VERBS)


@pytest.mark.parametrize("words", [["guess"], ["query", "--guess"], ["show"], ["build", SEED]])
def test_what_is_no_command_line_is_exit_code_2(words):
    result = pacta(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


def test_an_unexpected_error_shows_its_traceback_only_with_v(monkeypatch):
    from pacta.commands import check

    monkeypatch.setattr(check, "run_checks", lambda paths: 1 / 0)
    for words in (("check",), ("-q", "check")):
        result = pacta(*words)
        assert result.exit_code == 2
        assert "unexpected ZeroDivisionError" in result.stderr
        assert "Traceback" not in result.stderr
    for words in (("check", "-v"), ("-v", "check")):
        assert "Traceback" in pacta(*words).stderr


def test_a_known_error_shows_its_traceback_only_with_v():
    words = ("query", WHO, "--store", "/nowhere/store")
    assert "Traceback" not in pacta(*words).stderr
    assert "Traceback" in pacta(*words, "-v").stderr


def test_a_reader_that_stops_early_is_no_error(store):
    command = f"{sys.executable} -m pacta dump -f nquads --store '{store}' | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_module_runs_as_the_command_does():
    done = subprocess.run([sys.executable, "-m", "pacta", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("pacta, version ")


# --- names of resources -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("https://example.org/x#char=1,2", "https://example.org/x#char=1,2"),
        ("<https://example.org/x>", "https://example.org/x"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("id:actor/osce", ID_BASE + "actor/osce"),
        ("actor/osce", ID_BASE + "actor/osce"),
        ("/actor/osce", ID_BASE + "actor/osce"),
        ("capture/0a#char=1,2", ID_BASE + "capture/0a#char=1,2"),
        ("pacta:Statement", PACTA + "Statement"),
        ("force:denies", VOCAB + "force/denies"),
    ],
)
def test_short_forms_of_iris_are_understood(short, whole):
    assert whole_iri(short) == whole


def test_short_forms_stand_on_the_base():
    assert whole_iri("actor/x", "https://data.example/") == "https://data.example/actor/x"


@pytest.mark.parametrize("bad", ["nonsense:x", "a b", "<a", 'x"y', "", "id:a b"])
def test_what_is_no_iri_is_refused(bad):
    with pytest.raises(UsageError_):
        whole_iri(bad)


@pytest.mark.parametrize("iri", [P.Statement, VOCAB + "force/denies", "https://example.org/x"])
def test_what_is_shown_can_be_typed(iri):
    assert whole_iri(compact(iri, ID_BASE)) == iri


# --- build ------------------------------------------------------------------------------------------------------------
def test_build_says_what_it_did_and_goes_on_where_it_was(tmp_path):
    first = pacta("build", SEED, "--store", tmp_path / "s")
    assert first.exit_code == 0, first.stderr
    assert first.stdout == ""
    assert "1 added, 0 there already, 0 in quarantine, 0 failed; disputes: 1" in first.stderr
    with open_store(tmp_path / "s", read_only=True) as built:
        before = sorted(map(str, built.quads()))
    second = pacta("build", SEED, "--store", tmp_path / "s")
    assert second.exit_code == 0
    assert "0 added, 1 there already" in second.stderr
    with open_store(tmp_path / "s", read_only=True) as built:
        assert sorted(map(str, built.quads())) == before


def test_build_reports_what_is_bad_and_lands_the_rest(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_bytes(b"caf\xe9")
    (docs / "b.txt").write_text("")
    (docs / "c.jsonl").write_text(f'{json.dumps({"text": TEXT, "published": "2024-02-29"})}\n{{"text": "half\n')
    result = pacta("build", docs, "--store", tmp_path / "s", "-q")
    assert result.exit_code == 1
    errors = re.findall(r"^pacta: error: .*$", result.stderr, re.MULTILINE)
    assert len(errors) == 3
    assert [name in error for name, error in zip(["a.txt", "b.txt", "c.jsonl:2:"], errors, strict=True)] == [True] * 3
    with open_store(tmp_path / "s", read_only=True) as built:
        assert sum("graph/record/" in name for name in built.graph_names()) == 1


def test_build_that_could_do_nothing_is_exit_code_2(tmp_path):
    result = pacta("build", tmp_path / "none.txt", "--store", tmp_path / "s")
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_build_refuses_a_bad_date_before_it_converts(tmp_path):
    result = pacta("build", SEED, "--store", tmp_path / "s", "--published", "soon")
    assert result.exit_code == 2
    assert "'soon' is no date" in result.stderr


def test_a_record_that_its_shapes_refuse_goes_to_quarantine(tmp_path, monkeypatch):
    whole = Converter.rows

    def broken(self, record):
        drop = record.document.metadata.title == "broken"
        return (row for row in whole(self, record) if not (drop and row[0][1].value == P.speaker))

    monkeypatch.setattr(Converter, "rows", broken)
    lines = [json.dumps({"text": TEXT, "title": title, "published": "2024-02-29"}) for title in ("broken", "whole")]
    (tmp_path / "two.jsonl").write_text("\n".join(lines))
    words = ("build", tmp_path / "two.jsonl", "--store", tmp_path / "s")
    result = pacta(*words)
    assert result.exit_code == 1, result.stderr
    assert "1 added, 0 there already, 1 in quarantine, 0 failed" in result.stderr
    (report,) = (tmp_path / "s" / "quarantine").glob("*.report.txt")
    assert str(report) in result.stderr
    assert "two.jsonl:1" in report.read_text()
    assert "Violation" in report.read_text()
    nquads = report.with_name(report.name.replace(".report.txt", ".nq"))
    assert len(list(parse(path=str(nquads), format=RdfFormat.N_QUADS))) > 10
    key = nquads.stem
    with open_store(tmp_path / "s", read_only=True) as built:
        assert not [name for name in built.graph_names() if key in name]
    monkeypatch.setattr(Converter, "rows", whole)
    again = pacta(*words)
    assert again.exit_code == 0, again.stderr
    assert "1 added, 1 there already, 0 in quarantine" in again.stderr
    assert not (tmp_path / "s" / "quarantine").exists()


def test_a_record_of_another_version_or_knowledge_is_replaced(tmp_path, monkeypatch):
    converter = default_converter(None, ID_BASE)

    def records() -> list[str]:
        with open_store(tmp_path / "s", read_only=True) as built:
            return [name for name in built.graph_names() if "graph/record/" in name]

    words = ("build", SEED, "--store", tmp_path / "s")
    assert pacta(*words).exit_code == 0
    (first,) = records()
    for knowledge in ("0" * 64, "1" * 64):
        monkeypatch.setattr(converter, "run", replace(converter.run, version="9.9.9", knowledge_hash=knowledge))
        result = pacta(*words)
        assert "1 added, 0 there already" in result.stderr, result.stderr
    (last,) = records()
    assert last.endswith("-v9.9.9")
    assert last != first


@pytest.fixture
def hears_control_c() -> Iterator[None]:
    """Hear Ctrl-C also where the tests were started in the background, which has it ignored, here and in children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_control_c")
def test_control_c_leaves_a_store_that_the_next_build_goes_on_with(tmp_path):
    lines = [json.dumps({"id": n, "text": f"{TEXT} It was day {n}.", "published": "2024-02-29"}) for n in range(300)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    words = [sys.executable, "-m", "pacta", "build", str(tmp_path / "many.jsonl"), "--store", str(tmp_path / "s"), "-v"]
    words += ["-j", "1"]  # others would be done with the rest before the signal comes
    landed = 0
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr:  # type: ignore[union-attr]
            landed += "is in the store" in line
            if landed == 3 and "is in the store" in line:
                running.send_signal(signal.SIGINT)
            assert "Traceback" not in line
    assert running.returncode == 130
    with open_store(tmp_path / "s", read_only=True) as built:
        there = sum("graph/record/" in name for name in built.graph_names())
    assert landed <= there <= landed + 1  # one may have landed that nobody was told of
    assert 3 <= landed < 300
    assert pacta("query", WHO, "--store", tmp_path / "s", "-f", "json").exit_code == 0
    rest = pacta("build", tmp_path / "many.jsonl", "--store", tmp_path / "s")
    assert f"{300 - there} added, {there} there already" in rest.stderr


# --- convert ----------------------------------------------------------------------------------------------------------
def test_convert_prints_a_record_without_the_full_text():
    result = pacta("convert", SEED)
    assert result.exit_code == 0, result.stderr
    predicates = {q.predicate.value for q in parse(result.stdout_bytes, format=RdfFormat.TURTLE)}
    assert P.contentQuote in predicates
    assert P.fullText not in predicates
    whole = pacta("convert", SEED, "--with-text").stdout_bytes
    assert P.fullText in {q.predicate.value for q in parse(whole, format=RdfFormat.TURTLE)}


def test_convert_gives_the_same_bytes_again():
    assert pacta("convert", SEED, "-f", "nquads").stdout_bytes == pacta("convert", SEED, "-f", "nquads").stdout_bytes


def test_the_format_is_guessed_from_the_suffix_and_f_wins(tmp_path):
    pacta("convert", SEED, "-o", tmp_path / "a.nq")
    pacta("convert", SEED, "-o", tmp_path / "b.ttl", "-f", "nquads")
    assert (tmp_path / "a.nq").read_bytes() == (tmp_path / "b.ttl").read_bytes()
    assert list(parse(path=str(tmp_path / "a.nq"), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("words", [("-f", "word"), ("-f", "csv"), ("-o", "out.csv"), ("-o", "out.xyz")])
def test_a_format_that_does_not_fit_lists_those_that_do(words):
    result = pacta("convert", SEED, *words)
    assert result.exit_code == 2
    assert "turtle" in result.stderr


def test_convert_reads_standard_input_with_metadata_from_options():
    words = ("convert", "-", "--published", "2024-02-29", "--outlet", "The Courier", "--url", "https://example.org/1")
    result = pacta(*words, "--title", "Valley", stdin=TEXT)
    assert result.exit_code == 0, result.stderr
    for expected in ("2024-02-29", "The Courier", "https://example.org/1", "Valley", "denies"):
        assert expected in result.stdout


def test_convert_goes_on_after_a_bad_document(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\x00")
    result = pacta("convert", tmp_path / "bad.txt", SEED)
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert "contentQuote" in result.stdout
    assert pacta("convert", tmp_path / "bad.txt").exit_code == 2


def test_an_output_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "file").touch()
    result = pacta("convert", SEED, "-o", tmp_path / "file" / "x.ttl")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


def test_jobs_change_nothing_but_the_time(tmp_path):
    rows = [json.dumps({"text": f"{TEXT} It was day {n}."}) for n in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    one = pacta("convert", tmp_path / "a.jsonl", "-f", "nquads")
    two = pacta("convert", tmp_path / "a.jsonl", "-f", "nquads", "--jobs", "2")
    assert one.exit_code == two.exit_code == 0
    assert one.stdout_bytes == two.stdout_bytes


# --- annotate ---------------------------------------------------------------------------------------------------------
def test_annotate_json_keeps_its_contract():
    result = pacta("annotate", SEED, "-f", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["text"] == SEED.read_text(encoding="utf-8")
    assert {"document", "text", "statements", "incidents", "agreementMentions", "disputes"} <= set(found)
    keys = {
        "id", "speaker", "act", "source", "cue", "content", "speechMode", "narratorStance", "respondsTo", "relays",
        "proposition",
    }  # fmt: skip
    for statement in found["statements"]:
        assert keys <= set(statement)
        assert {"iri", "label", "principal", "principalLabel"} <= set(statement["speaker"])
        assert "kind" in statement["proposition"]
        for role in ("source", "cue", "content"):
            assert all(0 <= s < e <= len(found["text"]) for s, e in statement[role] or ())
    for row in found["incidents"]:
        assert {"id", "kind", "status", "allegedBy", "deniedBy", "confirmedBy", "statements"} <= set(row)
    for row in found["agreementMentions"]:
        assert {
            "span", "agreement", "agreementLabel", "clauseNumber", "stance", "by", "method", "confidence",
        } <= set(row)  # fmt: skip
    for row in found["disputes"]:
        assert {
            "agreement", "agreementLabel", "clause", "clauseNumber", "actor", "actorLabel", "counterparty",
            "counterpartyLabel", "statements",
        } <= set(row)  # fmt: skip


def test_annotate_jsonl_answers_one_object_a_line_in_order():
    lines = [json.dumps({"id": f"r{n}", "text": f"  {TEXT} Day {n}.\n"}) for n in (3, 1, 2)]
    result = pacta("annotate", "-", "-f", "jsonl", stdin="\n".join([lines[0], '{"text":', *lines[1:]]))
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["document"]["id"] for each in found] == ["r3", "r1", "r2"]
    assert found[0]["text"] == f"  {TEXT} Day 3.\n"
    assert "standard input:2" in result.stderr


def test_annotate_json_of_several_documents_points_to_jsonl():
    result = pacta("annotate", "-", "-f", "json", stdin="\n".join([json.dumps({"text": TEXT})] * 2))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "jsonl" in result.stderr


def _annotation(text: str = "A <said> B & C.", **statement: object) -> dict:
    base = {
        "id": "s", "speaker": {"iri": "x", "label": "A <b>"}, "act": "asserts", "source": [[0, 1]], "cue": [[2, 8]],
        "content": [[9, 14]], "speechMode": "direct", "narratorStance": "neutral", "respondsTo": None, "relays": None,
        "proposition": {"kind": "incident"},
    }  # fmt: skip
    return {
        "document": {"title": "T <i>"},
        "text": text,
        "statements": [base | statement],
        "incidents": [],
        "agreementMentions": [],
        "disputes": [],
    }


def test_marked_text_brackets_each_span_and_keeps_the_text():
    text = as_text(_annotation())
    assert text == click.unstyle(as_text(_annotation(), colour=True)) != as_text(_annotation(), colour=True)
    assert "[1s:A:1s] [1c:<said>:1c] [1t:B & C:1t]." in text
    assert "“B & C”" in text


def test_spans_that_cross_stay_apart():
    crossing = _annotation("abcdef", source=None, cue=[[0, 4]], content=[[2, 6]])
    text = as_text(crossing)
    assert "[1c:ab[1t:cd:1c]ef:1t]" in text
    assert [(s, e, len(over)) for s, e, over in segments("abcdef", marks_of(crossing))] == [
        (0, 2, 1),
        (2, 4, 2),
        (4, 6, 1),
    ]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.in_text = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ("meta",):
            self.open.append(tag)
        if tag == "div":
            self.in_text = len(self.open)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if len(self.open) < self.in_text:
            self.in_text = 0

    def handle_data(self, data):
        if self.in_text and "sup" not in self.open:
            self.text += data


def test_the_page_is_whole_escaped_and_keeps_the_text():
    page = _Page()
    html = as_html([_annotation(), _annotation("abcdef", source=None, cue=[[0, 4]], content=[[2, 6]])])
    page.feed(html)
    assert page.open == []
    assert page.text == "A <said> B & C.abcdef"
    assert {"i", "b", "said", "script", "link"}.isdisjoint(page.tags)
    assert "http" not in html


def test_annotate_html_and_text_of_the_seed(tmp_path):
    result = pacta("annotate", SEED, "-o", tmp_path / "a.html")
    assert result.exit_code == 0, result.stderr
    page = _Page()
    page.feed((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert page.text == SEED.read_text(encoding="utf-8")
    text = pacta("annotate", SEED).stdout
    bare = re.sub(r"\[\d+[sct]:|:\d+[sct]\]", "", text)
    assert SEED.read_text(encoding="utf-8").rstrip() in bare


# --- validate and check -----------------------------------------------------------------------------------------------
def test_a_converted_record_conforms(tmp_path):
    pacta("convert", SEED, "--with-text", "-o", tmp_path / "a.trig")
    result = pacta("validate", tmp_path / "a.trig")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.startswith("Conforms")


def test_a_broken_record_does_not_conform_in_any_format(tmp_path):
    lines = pacta("convert", SEED, "--with-text", "-f", "nquads").stdout.splitlines()
    (tmp_path / "a.nq").write_text("\n".join(line for line in lines if P.speaker not in line))
    assert pacta("validate", tmp_path / "a.nq").exit_code == 1
    as_json = pacta("validate", tmp_path / "a.nq", "-f", "json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["conforms"] is False
    turtle = pacta("validate", tmp_path / "a.nq", "-f", "turtle").stdout_bytes
    assert any(q.predicate.value.endswith("#result") for q in parse(turtle, format=RdfFormat.TURTLE))
    assert pacta("validate", "-", stdin=turtle).exit_code in (0, 1)


def test_validate_a_store_checks_every_graph(store, tmp_path):
    result = pacta("validate", "--store", store)
    assert result.exit_code == 0, result.stdout
    (tmp_path / "bad.trig").write_text(
        f"<{ID_BASE}graph/record/ffffffffffff-v0> {{ <{ID_BASE}statement/x> a <{P.Statement}> ; "
        f"<{P.inRecord}> <{ID_BASE}graph/record/ffffffffffff-v0> }}"
    )
    words = ("--store", tmp_path / "s")
    assert pacta("load", tmp_path / "bad.trig", *words).exit_code == 0
    assert pacta("validate", *words).exit_code == 1


def test_what_cannot_be_validated_is_exit_code_2_and_the_rest_goes_on(tmp_path):
    (tmp_path / "bad.ttl").write_text("this is no Turtle")
    result = pacta("validate", tmp_path / "bad.ttl")
    assert result.exit_code == 2
    assert "bad.ttl" in result.stderr
    (agreement,) = resources.files("seeds", "agreements/arm-aze-rus-2020-11.ttl")
    both = pacta("validate", tmp_path / "bad.ttl", agreement, "-f", "json")
    assert both.exit_code == 1
    assert "conforms" in json.loads(both.stdout)
    nothing = pacta("validate")
    assert nothing.exit_code == 2
    assert "--store" in nothing.stderr


def test_check_finds_nothing_wrong_in_what_ships():
    result = pacta("check", "-f", "json")
    assert [f for f in json.loads(result.stdout) if f["severity"] == "ERROR"] == []
    assert result.exit_code == 0
    assert re.search(r"^\d\d rules: ", pacta("check").stdout, re.MULTILINE)


def test_check_sees_a_fault_and_names_the_file(tmp_path):
    term = f"<{PACTA}Unlabelled> a <http://www.w3.org/2002/07/owl#Class> ."
    (tmp_path / "new.ttl").write_text(term)
    result = pacta("check", tmp_path / "new.ttl", "--fail-on", "info")
    assert result.exit_code == 1
    assert "new.ttl" in result.stdout


# --- load and dump ----------------------------------------------------------------------------------------------------
def test_what_is_dumped_can_be_loaded_again(store, tmp_path):
    for name in ("a.nq", "a.trig"):
        pacta("dump", "--store", store, "--with-text", "-o", tmp_path / name)
        other = tmp_path / f"store-{name}"
        result = pacta("load", tmp_path / name, "--store", other)
        assert result.exit_code == 0, result.stderr
        again = pacta("dump", "--store", other, "--with-text", "-f", "nquads").stdout_bytes
        assert again == pacta("dump", "--store", store, "--with-text", "-f", "nquads").stdout_bytes


def test_dump_leaves_the_full_text_out_and_takes_one_graph(store):
    assert P.fullText not in pacta("dump", "--store", store, "-f", "nquads").stdout
    derived = pacta("dump", "--store", store, "--graph", "graph/derived", "-f", "nquads").stdout
    assert derived
    assert all(line.endswith(f"<{ID_BASE}graph/derived> .") for line in derived.splitlines())
    missing = pacta("dump", "--store", store, "--graph", "graph/none")
    assert missing.exit_code == 2
    assert "no such graph" in missing.stderr


def test_triples_go_where_they_are_sent(tmp_path):
    (tmp_path / "My notes.ttl").write_text("<https://x.example/a> <https://x.example/b> 1 .")

    def graphs(*words: object) -> list[str]:
        folder = tmp_path / f"s{len(words)}{words}".replace("/", "")
        result = pacta("load", tmp_path / "My notes.ttl", "--store", folder, *words)
        assert result.exit_code == 0, result.stderr
        with open_store(folder, read_only=True) as built:
            return [str(q.graph_name) for q in built.quads() if q.subject.value == "https://x.example/a"]

    assert graphs() == [f"<{ID_BASE}graph/loaded/my-notes>"]
    assert graphs("--editorial", "ada") == [f"<{ID_BASE}graph/editorial/ada>"]
    assert graphs("--graph", "https://x.example/g") == ["<https://x.example/g>"]
    assert graphs("--graph", "graph/mine") == [f"<{ID_BASE}graph/mine>"]


def test_replace_empties_the_graph_first(tmp_path):
    words = ("load", "-", "-f", "turtle", "--store", tmp_path / "s", "--editorial", "ada")
    pacta(*words, stdin="<https://x.example/a> <https://x.example/b> 1 .")
    pacta(*words, stdin="<https://x.example/a> <https://x.example/b> 2 .")
    pacta(*words, "--replace", stdin="<https://x.example/a> <https://x.example/b> 3 .")
    dumped = pacta("dump", "--store", tmp_path / "s", "--graph", "graph/editorial/ada", "-f", "ntriples").stdout
    assert re.findall(r'"(\d)"', dumped) == ["3"]


def test_load_reports_a_faulty_file_with_its_line_and_lands_the_rest(tmp_path):
    (tmp_path / "good.nt").write_text("<https://x.example/a> <https://x.example/b> <https://x.example/c> .\n")
    (tmp_path / "bad.nt").write_text("<https://x.example/a> <https://x.example/b> <https://x.example/c> .\nno\n")
    both = pacta("load", tmp_path / "bad.nt", tmp_path / "good.nt", "--store", tmp_path / "s")
    assert both.exit_code == 1
    assert "bad.nt:2" in both.stderr
    assert "good.nt: 1 quads are new" in both.stderr
    assert pacta("load", tmp_path / "bad.nt", "--store", tmp_path / "s").exit_code == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("none.ttl",), "no such file"),
        (("-",), "-f"),
        (("-", "-f", "turtle", "--editorial", "a", "--graph", "urn:x:y"), "--editorial and --graph"),
        (("-", "-f", "turtle", "--replace"), "--replace needs"),
    ],
)
def test_load_says_what_is_missing(tmp_path, words, says):
    result = pacta("load", *words, "--store", tmp_path / "s", stdin="")
    assert result.exit_code == 2
    assert says in result.stderr


# --- query ------------------------------------------------------------------------------------------------------------
def test_who_disputes_which_clause_keeps_its_contract(store):
    result = pacta("query", WHO, "--store", store, "-f", "json")
    assert result.exit_code == 0, result.stderr
    found = rows(result.stdout)
    assert all(list(row) == COLUMNS for row in found)
    assert {row["clauseNumber"] for row in found} == {"4"}
    header = pacta("query", WHO, "--store", store, "-f", "csv").stdout.splitlines()[0]
    assert header.split(",") == COLUMNS


def test_pacta_store_stands_for_the_option(store, monkeypatch):
    monkeypatch.setenv("PACTA_STORE", str(store))
    assert rows(pacta("query", WHO, "-f", "json").stdout)


def test_query_without_a_store_says_how_to_give_one():
    result = pacta("query", WHO)
    assert result.exit_code == 2
    for word in ("--store", "PACTA_STORE", "--endpoint"):
        assert word in result.stderr


def test_query_does_not_make_a_store_where_there_is_none(tmp_path):
    result = pacta("query", WHO, "--store", tmp_path / "none")
    assert result.exit_code == 2
    assert "no store" in result.stderr
    assert not (tmp_path / "none").exists()


def test_query_without_a_name_lists_the_catalogue():
    listed = pacta("query", "-f", "json")
    assert listed.exit_code == 0, listed.stderr
    catalogue = json.loads(listed.stdout)
    assert len(catalogue) >= 20
    assert WHO in {row["name"] for row in catalogue}
    assert all(row["title"] and isinstance(row["parameters"], list) for row in catalogue)
    text = pacta("query").stdout
    assert all(row["name"] in text for row in catalogue)


def test_a_query_file_and_standard_input_work_in_the_place_of_a_name(store, tmp_path):
    text = (resources.path("queries") / f"{WHO}.rq").read_text(encoding="utf-8")
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    named = pacta("query", WHO, "--store", store, "-f", "csv").stdout
    assert pacta("query", tmp_path / "mine.rq", "--store", store, "-f", "csv").stdout == named
    assert pacta("query", "-", "--store", store, "-f", "csv", stdin=text).stdout == named
    asked = pacta("query", "-", "--store", store, "-f", "json", stdin="ASK { ?s ?p ?o }")
    assert asked.stdout.strip() == "true"
    built = pacta("query", "-", "--store", store, "-f", "turtle", stdin="CONSTRUCT WHERE { ?s a ?o } LIMIT 3")
    assert len(list(parse(built.stdout_bytes, format=RdfFormat.TURTLE))) == 3


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("disputes/who-disputes-which-claws",), "", WHO),
        (("-",), "SELECT ?x WHERE { ?x ", "line 1"),
        ((WHO, "-p", "colour=red"), "", "colour"),
        ((WHO, "-p", "colour"), "", "name=value"),
        (("-",), "", "empty"),
        ((WHO, "-f", "html"), "", "csv"),
    ],
)
def test_a_query_that_cannot_be_asked_says_why(store, words, stdin, says):
    result = pacta("query", *words, "--store", store, stdin=stdin)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_an_endpoint_that_does_not_answer_is_one_message():
    result = pacta("query", WHO, "--endpoint", "http://127.0.0.1:9/sparql")
    assert result.exit_code == 2
    assert "127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_and_an_endpoint_are_one_too_many(store):
    result = pacta("query", WHO, "--store", store, "--endpoint", "http://127.0.0.1:9/sparql")
    assert result.exit_code == 2
    assert "--endpoint" in result.stderr


# --- show -------------------------------------------------------------------------------------------------------------
def test_show_gives_a_resource_its_neighbours_and_its_evidence(store):
    clause = rows(pacta("query", WHO, "--store", store, "-f", "json").stdout)[0]
    text = pacta("show", clause["statement"], "--store", store)
    assert text.exit_code == 0, text.stderr
    assert clause["quote"] in text.stdout
    found = json.loads(pacta("show", clause["statement"], "--store", store, "-f", "json").stdout)
    assert found["iri"] == clause["statement"]
    assert found["outgoing"]
    assert clause["quote"] in {row["quote"] for row in found["evidence"]}
    assert {row["statement"] for row in found["evidence"]} == {clause["statement"]}
    of_clause = json.loads(pacta("show", clause["clause"], "--store", store, "-f", "json").stdout)
    disputing = {row["statement"] for row in rows(pacta("query", WHO, "--store", store, "-f", "json").stdout)}
    assert {row["statement"] for row in of_clause["evidence"]} == disputing
    of_speaker = json.loads(pacta("show", clause["speaker"], "--store", store, "-f", "json").stdout)
    assert clause["quote"] in {row["quote"] for row in of_speaker["evidence"]}
    assert {row["speaker"] for row in of_speaker["evidence"]} == {of_speaker["label"]}


def test_show_understands_short_forms_and_names_mentions(store):
    actor = rows(pacta("query", WHO, "--store", store, "-f", "json").stdout)[0]["speaker"]
    short = actor.removeprefix(ID_BASE)
    shown = [pacta("show", form, "--store", store).stdout for form in (actor, short, f"id:{short}")]
    assert shown[0]
    assert shown[0] == shown[1] == shown[2]
    assert "named in the documents" in shown[0]


def test_show_as_turtle_is_turtle(store):
    result = pacta("show", "agreement/arm-aze-rus-2020-11", "--store", store, "-f", "turtle")
    assert len(list(parse(result.stdout_bytes, format=RdfFormat.TURTLE, base_iri=ID_BASE))) > 10


def test_show_of_what_is_not_there_is_exit_code_2(store):
    result = pacta("show", "actor/nobody-at-all", "--store", store)
    assert result.exit_code == 2
    assert "actor/nobody-at-all" in result.stderr


# --- talk -------------------------------------------------------------------------------------------------------------
def test_quiet_keeps_all_but_errors_and_data(tmp_path):
    result = pacta("build", SEED, "--store", tmp_path / "s", "-q")
    assert result.exit_code == 0
    assert result.stderr == ""


def test_warnings_of_the_package_come_out_as_talk(monkeypatch):
    from pacta.commands import check

    def warned(paths):
        logging.getLogger("pacta.anything").warning("mind the gap")
        logging.getLogger("pacta.anything").debug("step by step")
        return []

    monkeypatch.setattr(check, "run_checks", warned)
    assert "pacta: warning: mind the gap" in pacta("check").stderr
    assert "step by step" not in pacta("check").stderr
    assert "step by step" in pacta("check", "-v").stderr
    assert pacta("check", "-q").stderr == ""


def test_progress_shows_on_a_terminal_only(tmp_path, monkeypatch):
    from pacta.commands import talk

    for terminal in (True, False):
        out = io.StringIO()
        console = talk.Console(file=out, force_terminal=terminal, width=80)
        monkeypatch.setattr(talk, "Console", lambda stderr, console=console: console)
        assert pacta("build", SEED, "--store", tmp_path / f"s{terminal}").exit_code == 0
        assert ("document" in out.getvalue()) is terminal
        monkeypatch.undo()


def test_a_written_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "a.ttl"
    target.write_text("old")
    monkeypatch.setattr(os, "fdopen", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    result = pacta("convert", SEED, "-o", target)
    assert result.exit_code == 2
    assert "no space left" in result.stderr
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.usefixtures("hears_control_c")
def test_an_interrupt_that_a_library_catches_still_ends_the_build(tmp_path):
    """Ctrl-C comes as an exception in whatever runs, and some libraries catch every exception."""
    from contextlib import suppress

    from pacta.building import build
    from pacta.pipeline import default_converter
    from pacta.validation import Validator

    lines = [json.dumps({"id": n, "text": f"{TEXT} It was day {n}.", "published": "2024-02-29"}) for n in range(5)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    done: list[int] = []

    def press(length: int) -> None:
        done.append(length)
        if len(done) == 2:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    with open_store() as store:
        report = build(
            [tmp_path / "many.jsonl"], store, converter=default_converter(), validator=Validator(),
            quarantine=tmp_path / "quarantine", jobs=1, progress=press,
        )  # fmt: skip
    assert report.interrupted
    assert len(report.added) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
