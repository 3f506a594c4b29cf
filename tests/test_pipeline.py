"""The whole line: one document or many, one process or several, and never a failure that takes others with it."""

import json
import subprocess
import sys
from datetime import datetime

import pytest

from pacta.annotations import syntax
from pacta.errors import ConversionError, KnowledgeError
from pacta.model import Record
from pacta.pipeline import Converter, annotate_text, default_converter
from pages import document, record

TEXTS = [
    "Chad accused Kenya of shelling a village. Kenya denied that.",
    "Ruritania’s army said in a statement that Bordurian troops “attacked” its guards on Monday.",
    "Citing border guards, Mali said that the Zenda Agreement requires the withdrawal of Chadian troops.",
    "The rebels said that it rained. The group said that it was wet.",
    "",
]
BATCH = 32


def documents(texts=TEXTS):
    return [document(text, name=f"d{n}") for n, text in enumerate(texts)]


def serialised(converter, results):
    return [sorted(str(q) for q in converter.quads(r)) for r in results]


@pytest.fixture
def breaking(monkeypatch):
    """Make the reading of any text that holds "Boom" fail."""
    real = Converter._annotate

    def annotate(self, given, parse):
        if "Boom" in given.text:
            raise ZeroDivisionError("boom")
        return real(self, given, parse)

    monkeypatch.setattr(Converter, "_annotate", annotate)


# --- records ----------------------------------------------------------------------------------------------------------
def test_records_come_in_order_and_as_one_by_one(converter):
    given = documents()
    found = list(converter.records(given))
    assert [r.document for r in found] == given
    assert found == [converter.record(d) for d in given]


def test_nothing_in_nothing_out(converter):
    assert list(converter.records([])) == []


def test_more_than_a_batch(converter):
    given = documents([f"Chad said that {n} men left." for n in range(BATCH + 3)])
    found = list(converter.records(given))
    assert [r.document.metadata.id for r in found] == [d.metadata.id for d in given]
    assert all(len(r.statements) == 1 for r in found)


def test_documents_are_read_a_batch_at_a_time(converter):
    taken = []

    def source():
        for given in documents(["Chad left."] * (2 * BATCH)):
            taken.append(given)
            yield given

    next(converter.records(source()))
    assert len(taken) == BATCH


def test_a_document_that_fails_comes_in_its_place_with_its_name(converter, breaking):
    given = documents(["Chad said that it rained.", "Boom.", "Kenya said that it rained."])
    first, (failed, error), last = converter.records(given)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert failed is given[1]
    assert isinstance(error, ConversionError)
    assert "ZeroDivisionError: boom" in str(error)
    assert "d1" in str(error)


def test_a_text_the_parser_fails_on_leaves_the_rest_of_its_batch(converter, monkeypatch):
    real = syntax.parse

    def parse(texts, *how):
        if any("Boom" in t for t in texts):
            raise ValueError("cannot parse")
        return real(texts, *how)

    monkeypatch.setattr(syntax, "parse", parse)
    found = list(converter.records(documents(["Chad said that it rained.", "Boom.", "Kenya said that it rained."])))
    assert [isinstance(f, Record) for f in found] == [True, False, True]


def test_a_fault_of_ours_keeps_its_words(converter, monkeypatch):
    def annotate(self, given, parse):
        raise KnowledgeError("no such thing", "a.ttl:3", "mend it")

    monkeypatch.setattr(Converter, "_annotate", annotate)
    ((_, error),) = converter.records(documents(["Chad left."]))
    assert isinstance(error, KnowledgeError)
    assert "a.ttl:3" in str(error)


# --- the same bytes ---------------------------------------------------------------------------------------------------
def test_two_processes_give_the_same_quads_as_one(converter):
    given = documents(TEXTS + [f"Chad said that {n} men left Kenya." for n in range(BATCH)])
    one = serialised(converter, converter.records(given))
    two = serialised(converter, converter.records(given, jobs=2))
    assert one == two
    assert sum(map(len, one)) > 1000


SCRIPT = """
import json, sys
from pages import document
from pacta.pipeline import default_converter
converter = default_converter()
for n, text in enumerate(json.loads(sys.stdin.read())):
    made = converter.record(document(text, name=f"d{n}"))
    print(*converter.quads(made), sep="\\n")
    print(json.dumps(converter.annotation(made)))
for name, quads in converter.reference_quads().items():
    print(name, len(quads))
print(converter.run)
"""


def test_the_seed_of_the_hashes_does_not_show(repository):
    outputs = set()
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=json.dumps(TEXTS),
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
            cwd=repository,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository / "tests"), "PYTHONIOENCODING": "utf-8"},
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert "statement/" in outputs.pop()


def test_a_converter_remembers_nothing(converter):
    given = documents()
    once = serialised(converter, map(converter.record, given))
    assert serialised(converter, map(converter.record, reversed(given)))[::-1] == once


# --- dates, titles, outlets -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("published", "text", "wanted", "inferred"),
    [
        ("2024-05-10", "Chad left.", "2024-05-10", False),
        ("2024-05-10T10:00:00+02:00", "Chad left.", "2024-05-10T10:00:00+02:00", False),
        (None, "Chad left.", None, False),
    ],
)
def test_published(converter, published, text, wanted, inferred):
    made = record(converter, text, published=published)
    assert (made.published, made.published_inferred) == (wanted, inferred)


def test_without_a_date_no_weekday_is_resolved(converter):
    made = record(converter, "Chad said on Tuesday that Kenya had shelled a village.", published=None)
    assert made.statements[0].said_during is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Kenya said that Ugandan troops attacked Nairobi on May 3, and Nairobi was dark.", "+03:00"),
        ("Pakistan said that Indian troops attacked a post in Islamabad on May 3.", "+05:00"),
        ("The rebels said that robbers attacked a bus on May 3.", "+00:00"),
    ],
)
def test_times_are_in_the_zone_of_the_places_told_of(converter, text, zone):
    made = record(converter, text)
    times = [p.time for p in made.propositions if p.time is not None]
    assert [t.not_before for t in times] == [datetime.fromisoformat(f"2024-05-03T00:00:00{zone}")]


def test_the_title_is_given_or_the_headline(converter):
    assert record(converter, "Chad Warns Of New Floods\n\nIt rained.").title == "Chad Warns Of New Floods"
    assert record(converter, "It rained.").title is None


def test_the_outlet_is_of_the_stock_or_local(converter):
    assert record(converter, "It rained.", outlet="Reuters").outlet in converter.reference.entities
    made = record(converter, "It rained.", outlet="The Zenda Post")
    assert {e.iri: e.label for e in made.entities}[made.outlet] == "The Zenda Post"
    nameless = record(converter, "It rained.")
    assert {e.iri: e.label for e in nameless.entities}[nameless.outlet] == "unnamed outlet"


# --- conveniences -----------------------------------------------------------------------------------------------------
def test_a_converter_is_made_once(converter):
    assert default_converter() is converter


def test_the_run_names_version_parser_and_knowledge(converter):
    assert converter.run.version
    assert converter.run.parser_model == syntax.model_name(converter.nlp)
    assert len(converter.run.knowledge_hash) == 64


def test_reference_quads_come_with_provenance(converter):
    graphs = converter.reference_quads()
    assert set(graphs) == {*converter.reference.graphs, converter.iris.provenance_graph()}
    assert all(graphs.values())


def test_a_text_is_annotated_in_one_call():
    made = annotate_text("Chad said that it rained.", published="2024-05-10", id="x")
    assert [s["act"] for s in made["statements"]] == ["asserts"]
    assert made["document"]["id"] == "x"
    assert annotate_text("Chad said that it rained.", published="2024-05-10", id="x") == made
