"""Integrity: each check between the graphs of a store finds its invalid sample, and nothing in sound stores."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from pacta import integrity, resources, soundness
from pacta.commands import main
from pacta.errors import KnowledgeError
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE, PACTA
from stores import BORDURIA, borduria, many

SAMPLES = Path(__file__).parent / "shapes" / "store"
CHECKS = {check.name: check for check in integrity.checks()}
STATEMENT = "statement/4d10ce83d08d-119-195-asserts"
OTHER = "statement/4d10ce83d08d-238-269-warns"
# By check: what its sample gives, as (this, path, value).
FOUND: dict[str, set[tuple[str, str, str]]] = {
    "two-records": {("capture/4d10ce83d08d", "", "graph/record/4d10ce83d08d-v0.0.9")},
    "in-two-records": {
        (STATEMENT, "", "graph/record/87612821b824-v0.1.0"),
        (OTHER, "", "graph/record/87612821b824-v0.1.0"),
        (f"{STATEMENT}-relayed", "", "graph/record/4d10ce83d08d-v0.0.9"),
    },
    "reply-to-nothing": {
        (STATEMENT, "respondsTo", "statement/gone"),
        (STATEMENT, "relays", "actor/brd"),
        (STATEMENT, "partOfCommunique", OTHER),
    },
    "attribution-of-nothing": {("attribution/4d10ce83d08d-119-195-asserts", "attributes", "actor/brd")},
    "side-without-statement": {("dispute/any/side/1", "viaStatement", "statement/gone")},
    "link-to-nothing": {("link/jane-2", "linksTo", "agreement/brd-syd-2031-03/clause/99")},
    "reference-to-nothing": {
        (STATEMENT, "", "actor/nobody"),
        (OTHER, "", "actor/no-other"),
        ("proposition/4d10ce83d08d-119-195-incident", "", "place/p-nowhere"),
        ("proposition/4d10ce83d08d-119-195-incident", "", "agreement/brd-syd-2031-03/clause/99"),
    },
}


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    with borduria() as made:
        yield made


def spoil(store: EmbeddedStore, name: str) -> None:
    """Add the invalid sample of a check."""
    store.load(SAMPLES / f"{name}.trig", "trig")
    store.settled()


def short(fault: integrity.Fault) -> tuple[str, str, str]:
    value = getattr(fault.value, "value", "")
    return fault.subject.removeprefix(ID_BASE), (fault.path or "").removeprefix(PACTA), value.removeprefix(ID_BASE)


def test_every_check_has_a_sample_and_every_sample_a_check() -> None:
    assert set(CHECKS) == set(FOUND) == {path.stem for path in SAMPLES.glob("*.trig")}


def test_sound_stores_have_no_faults(store: EmbeddedStore, seed_store: EmbeddedStore) -> None:
    assert integrity.report(store).results == ()
    assert [fault for fault in integrity.faults(seed_store) if fault.check != "derived"] == []
    with many(3) as copies:
        copies.remove_graph(f"{ID_BASE}graph/editorial/jane")  # its links are about the records that were copied
        copies.settled()
        assert [fault.message for fault in integrity.faults(copies)] == []


@pytest.mark.parametrize("name", FOUND)
def test_a_check_finds_its_sample_and_no_other_does(store: EmbeddedStore, name: str) -> None:
    spoil(store, name)
    faults = list(integrity.faults(store))
    assert {fault.check for fault in faults} == {name}
    assert {short(fault) for fault in faults} == FOUND[name]
    for fault in faults:
        assert fault.subject in fault.message or fault.subject == ""
        assert "{?" not in fault.message
        assert fault.shape == CHECKS[name].iri


@pytest.mark.parametrize("name", FOUND)
def test_a_check_needs_each_of_its_conditions(store: EmbeddedStore, name: str) -> None:
    """Without its MINUS or HAVING a check takes sound stores for faulty: the samples show both sides of it."""
    text = CHECKS[name].text
    loose = re.sub(r"MINUS\s*\{(?:[^{}]|\{[^{}]*\})*\}|HAVING.*", "", text)
    assert loose != text
    store.settled()
    assert len(store.query(text)) == 0 < len(store.query(loose))


@pytest.mark.parametrize("name", FOUND)
def test_a_check_is_set_based_and_well_named(name: str) -> None:
    check = CHECKS[name]
    words = name.split("-")
    assert check.iri == f"{integrity.PS}Store-{words[0]}{''.join(word.capitalize() for word in words[1:])}"
    assert "NOT EXISTS" not in check.text
    assert 10 < len(check.title) < 80
    assert not check.remedy.endswith(".")
    assert "{?this}" in check.message or "{?value}" in check.message


def test_references_are_looked_at_by_every_property_between_nodes() -> None:
    knowledge = ox.Store()
    for path in resources.files("ontology", "*.ttl"):
        knowledge.load(path=str(path), format=ox.RdfFormat.TURTLE)
    owl = ox.NamedNode("http://www.w3.org/2002/07/owl#ObjectProperty")
    found = {quad.subject.value for quad in knowledge.quads_for_pattern(None, None, owl)}  # type: ignore[union-attr]
    properties = {iri.removeprefix(PACTA) for iri in found if iri.startswith(PACTA)}
    asked = set().union(*(re.findall(r"pacta:([a-z]\w+)", check.text) for check in CHECKS.values()))
    assert properties <= asked, "add the new property to shapes/store/reference-to-nothing.rq"


def test_another_base_is_asked_for(tmp_path: Path) -> None:
    there = "https://example.org/id/"
    both = BORDURIA.read_text(encoding="utf-8") + (SAMPLES / "reference-to-nothing.trig").read_text(encoding="utf-8")
    with open_store() as moved:
        moved.load(both.replace(ID_BASE, there).encode(), "trig")
        moved.settled()
        assert len(list(integrity.faults(moved, base=there))) == 4
        assert list(integrity.faults(moved)) == []


def test_what_was_not_derived_anew_is_told(store: EmbeddedStore) -> None:
    store.add([ox.Quad(*(ox.NamedNode(f"urn:{part}") for part in "spog"))])
    (fault,) = integrity.faults(store)
    assert (fault.check, fault.severity, fault.shape) == ("derived", "Warning", integrity.OUTDATED)
    assert [finding.check for finding in soundness.findings(store, base=ID_BASE)] == ["derived"]


def test_what_looks_like_a_place_in_a_message_is_left(store: EmbeddedStore) -> None:
    assert integrity._filled("{?this} and {?value}", {"this": "{?value}", "value": "x"}) == "{?value} and x"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("integrity") / "store"
    borduria(made).close()
    return made


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize(("name", "code"), [("two-records", 1), ("side-without-statement", 1)])
def test_validate_and_check_report_the_same(folder: Path, tmp_path: Path, name: str, code: int) -> None:
    copy = tmp_path / "store"
    shutil.copytree(folder, copy)
    with open_store(copy) as open_:
        spoil(open_, name)
    validated, checked = run("validate", "--store", copy, "-f", "json"), run("check", "--store", copy, "-f", "json")
    assert (validated.exit_code, checked.exit_code) == (code, code)
    results = [r for r in json.loads(validated.stdout)["results"] if r["shape"] == CHECKS[name].iri]
    findings = [f for f in json.loads(checked.stdout) if f["check"] == name]
    assert [(r["focus"], r["severity"]) for r in results] == [(f["subject"], "Violation") for f in findings]
    assert {ID_BASE + this for this, _, _ in FOUND[name]} == {r["focus"] for r in results}
    assert run("validate", "--store", copy, "-f", "turtle").stdout.count("sh:ValidationResult") >= 1


HEAD = "#+ iri: {0}Store-x\n#+ title: a title\n#+ severity: Warning\n#+ message: {{?this}}\n#+ remedy: none\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT ?this WHERE { ?this ?p ?o }", "lacks iri, title"),
        (HEAD.format("urn:") + "SELECT ?this WHERE { ?this ?p ?o }", "iri is a shape's"),
        (HEAD.format(integrity.PS).replace("Warning", "Grave") + "SELECT ?this {}", "no severity"),
        (HEAD.format(integrity.PS) + "SELECT ?that WHERE { ?that ?p ?o }", r"no \?this"),
        (HEAD.format(integrity.PS) + "SELECT ?this WHERE {", "a check is faulty"),
        ("#+ no key\n", "header is faulty"),
    ],
)
def test_a_faulty_check_is_told(store: EmbeddedStore, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "x.rq").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=says):
        list(integrity._found(integrity._check(tmp_path / "x.rq"), store, ID_BASE))
