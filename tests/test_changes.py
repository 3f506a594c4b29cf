"""Changes between two graphs: resources new, gone and changed, grouped by class; pacta diff on RDF, folders, stores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Quad, RdfFormat, parse, serialize

from pacta.changes import NAMELESS, as_changesets, changes_between, read_graph
from pacta.commands import main
from pacta.errors import InputError
from pacta.store import open_store

PREFIXES = """@prefix ex: <https://ex.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
OLD = """ex:ship a owl:Class ; rdfs:label "ship"@en ; rdfs:comment "A vessel that sails the sea."@en .
ex:raft a owl:Class ; rdfs:label "raft"@en .
ex:crew a ex:Shape ; ex:in ( "one" "two" "three" ) ; ex:part [ ex:name "mate" ] .
ex:loose ex:speed 3 .
"""
NEW = """ex:ship a owl:Class ; rdfs:label "ship"@en ; ex:speed 4 ;
    rdfs:comment "A large vessel that sails the sea."@en .
ex:boat a owl:Class ; rdfs:label "boat"@en .
ex:crew a ex:Shape ; ex:in ( "one" "two" "four" ) ; ex:part [ ex:name "mate" ] .
ex:loose ex:speed 3 .
"""


def pacta(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(PREFIXES + OLD, "utf-8")
    new.write_text(PREFIXES + NEW, "utf-8")
    return old, new


# --- what differs -----------------------------------------------------------------------------------------------------
def test_resources_are_new_gone_and_changed(files: tuple[Path, Path]) -> None:
    changes = changes_between(*map(read_graph, files))
    told = [(r.cls and r.cls.rpartition("/")[2], r.kind, r.iri.rpartition("/")[2], r.label) for r in changes.resources]
    assert told == [
        ("owl#Class", "added", "boat", "boat"),
        ("owl#Class", "removed", "raft", "raft"),
        ("owl#Class", "changed", "ship", "ship"),
        ("Shape", "changed", "crew", None),
    ]
    assert list(changes.by_class()) == list(dict.fromkeys(r.cls for r in changes.resources))
    assert changes.counts == {"added": 1, "removed": 1, "changed": 2}
    ship = next(r for r in changes.resources if r.iri.endswith("ship"))
    assert (len(ship.added), len(ship.removed)) == (2, 1)


def test_the_same_graph_in_another_form_and_order_is_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    quads = list(parse(path=str(files[0]), format=RdfFormat.TURTLE))
    shuffled = tmp_path / "shuffled.nt"
    shuffled.write_bytes(serialize(reversed(quads), format=RdfFormat.N_TRIPLES) or b"")
    assert not changes_between(read_graph(files[0]), read_graph(shuffled))
    assert pacta("diff", files[0], shuffled).exit_code == 0


def test_what_a_blank_node_says_belongs_to_its_owner(files: tuple[Path, Path]) -> None:
    changes = changes_between(*map(read_graph, files))
    crew = next(r for r in changes.resources if r.iri.endswith("crew"))
    said = {str(t.object) for t in (*crew.added, *crew.removed)}
    assert '"four"' in said
    assert '"three"' in said
    assert '"mate"' not in said
    assert not [r for r in changes.resources if r.iri.startswith(NAMELESS)]


def test_circles_and_long_lists_of_blank_nodes_end(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    items = " ".join(str(n) for n in range(3000))
    file.write_text(f"{PREFIXES}ex:a ex:list ( {items} ) . _:x ex:next _:y . _:y ex:next _:x .", "utf-8")
    assert len(read_graph(file)) == 6003
    assert not changes_between(read_graph(file), read_graph(file))


def test_patches_say_the_same_each_time_and_lead_from_old_to_new(files: tuple[Path, Path]) -> None:
    before, after = map(read_graph, files)
    quads = list(as_changesets(changes_between(before, after)))
    assert quads == list(as_changesets(changes_between(sorted(before, key=str), sorted(after, key=str))))
    told = statements(quads)
    assert ({str(t) for t in before} - told["removal"]) | told["addition"] == {str(t) for t in after}


def statements(quads: list[Quad]) -> dict[str, set[str]]:
    """Return the triples that change sets remove and add."""
    parts: dict[str, dict[str, object]] = {}
    for quad in quads:
        parts.setdefault(quad.subject.value, {})[quad.predicate.value.rpartition("#")[2]] = quad.object
    found: dict[str, set[str]] = {"addition": set(), "removal": set()}
    for iri, part in parts.items():
        if "predicate" in part:
            found[iri.rsplit("/", 2)[1]].add(f"{part['subject']} {part['predicate']} {part['object']}")
    return found


# --- the verb ---------------------------------------------------------------------------------------------------------
def test_diff_prints_resources_by_class(files: tuple[Path, Path]) -> None:
    result = pacta("diff", *files)
    assert result.exit_code == 1, result.stderr
    assert '+ https://ex.example/boat "boat" (2 triples)' in result.stdout
    assert "rdfs:comment A {+large+} vessel that sails the sea." in result.stdout
    assert "+ https://ex.example/speed 4" in result.stdout.replace(
        '"4"^^<http://www.w3.org/2001/XMLSchema#integer>', "4"
    )
    assert "1 added, 1 removed, 2 changed" in result.stderr
    assert result.stdout == pacta("diff", *files).stdout


def test_diff_writes_json_and_turtle(files: tuple[Path, Path], tmp_path: Path) -> None:
    found = json.loads(pacta("diff", *files, "-f", "json").stdout)
    assert found["counts"] == {"added": 1, "removed": 1, "changed": 2}
    assert {row["class"] for row in found["classes"]} >= {"https://ex.example/Shape"}
    patch = tmp_path / "patch.ttl"
    assert pacta("diff", *files, "-o", patch).exit_code == 1
    assert list(parse(patch.read_bytes(), format=RdfFormat.TURTLE))
    assert b"ChangeSet" in patch.read_bytes()


def test_folders_and_stores_are_compared(files: tuple[Path, Path], tmp_path: Path) -> None:
    for name, file in zip(("one", "two"), files, strict=True):
        (tmp_path / name / "below").mkdir(parents=True)
        (tmp_path / name / "below" / "a.ttl").write_bytes(file.read_bytes())
        (tmp_path / name / "notes.txt").write_text("no RDF", "utf-8")
    assert pacta("diff", tmp_path / "one", tmp_path / "two").exit_code == 1
    assert pacta("diff", tmp_path / "one", files[0]).exit_code == 0
    with open_store(tmp_path / "store") as store:
        store.load(files[0], "turtle")
    assert pacta("diff", tmp_path / "store", files[0]).exit_code == 0


@pytest.mark.parametrize("words", [("a.ttl", "b.txt"), ("b.txt", "a.ttl"), ("a.ttl", "a.ttl", "--all")])
def test_what_does_not_go_together_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES, "utf-8")
    (tmp_path / "b.txt").write_text("1. Peace.\n", "utf-8")
    result = pacta("diff", *(tmp_path / word if "." in word else word for word in words))
    assert result.exit_code == 2
    assert "pacta: error" in result.stderr


def test_faulty_input_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <b> \n oops", "utf-8")
    with pytest.raises(InputError, match=r"a\.ttl"):
        read_graph(tmp_path / "a.ttl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no RDF files"):
        read_graph(tmp_path / "empty")
    assert pacta("diff", tmp_path / "none.ttl", tmp_path / "a.ttl").exit_code == 2
