"""The made-up reports of the benchmarks: valid, the same each time, with disputes to find."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from pacta import queries, rules
from pacta.pipeline import Converter
from pacta.store import open_store
from pacta.validation import Validator

DOCUMENTS = 120


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    file = Path(__file__).parents[1] / "benchmarks" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)

    sys.modules["generate"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_each_report_passes_the_shapes(generate: ModuleType, converter: Converter) -> None:
    reference = converter.reference_quads()
    run = reference[converter.iris.provenance_graph()]
    validator = Validator()
    context = validator.context([quad for graph in reference.values() for quad in graph])
    for record in generate.records(DOCUMENTS // 10, converter=converter):
        report = validator.validate_record([*converter.quads(record), *run], context)
        assert report.conforms, report.to_text()


def test_the_same_number_gives_the_same_report(generate: ModuleType, converter: Converter) -> None:
    whole = list(generate.records(10, converter=converter))
    part = list(generate.records(3, first=7, converter=converter))
    assert part == whole[7:]
    assert [r.document.text for r in generate.records(3, seed=2, converter=converter)] != [
        r.document.text for r in whole[:3]
    ]


def test_shares_are_those_of_reports_and_disputes_follow(generate: ModuleType, converter: Converter) -> None:
    with open_store() as store:
        for quads in converter.reference_quads().values():
            store.add(quads)
        forces: Counter[str] = Counter()
        modes: Counter[str] = Counter()
        said = 0
        for record in generate.records(DOCUMENTS, converter=converter):
            forces.update(statement.force for statement in record.statements)
            said += sum(statement.said_during is not None for statement in record.statements)
            modes.update(attribution.speech_mode for attribution in record.attributions)
            store.add(converter.quads(record))
        rules.derive(store, base=converter.base)
        total = forces.total()
        assert 6 < total / DOCUMENTS < 10
        assert 0.65 < forces["asserts"] / total < 0.85
        assert 0.08 < forces["accuses"] / total < 0.16
        assert queries.run(store, "disputes/who-disputes-which-clause").rows
        assert queries.run(store, "incidents/contested").rows
        assert queries.run(store, "incidents/corroborated").rows
        assert queries.run(store, "statements/second-hand").rows
        assert 0.08 < said / total < 0.2
        assert 0.25 < modes["indirect"] / modes.total() < 0.85
        assert min(modes["direct"], modes["mixed"]) > 0
