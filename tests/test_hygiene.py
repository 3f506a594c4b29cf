"""Each hygiene rule finds the fault that it is for, and what ships has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pacta import resources
from pacta.errors import KnowledgeError
from pacta.hygiene import SEVERITIES, UNREADABLE, Finding, read_rule, rules, run_checks
from pacta.mentions import in_python, in_sparql, in_turtle

PREFIXES = """
@prefix : <https://w3id.org/pacta/ontology#> .
@prefix id: <https://w3id.org/pacta/id/> .
@prefix v: <https://w3id.org/pacta/vocab/> .
@prefix x: <https://w3id.org/pacta/vocab/test/> .
@prefix m: <https://w3id.org/pacta/ontology/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
m:test a owl:Ontology ; dcterms:creator "x" ; owl:versionInfo "0" .
m:test dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
"""
WHOLE = (
    ' ; rdfs:label "whim"@en ; skos:definition "A whim."@en ; skos:example "One whim."@en ; rdfs:isDefinedBy m:test .'
)
SCHEME = "v:test a skos:ConceptScheme ."

# Rule → (where the planted file lies, what it holds, the subject that the rule must name).
PLANTED: dict[str, tuple[str, str, str]] = {
    "missing-label": ("ontology/t.ttl", ':Whim a owl:Class ; rdfs:label "Laune"@de .', "#Whim"),
    "missing-definition": ("ontology/t.ttl", ':Whim a owl:Class ; rdfs:label "whim"@en .', "#Whim"),
    "missing-example": ("ontology/t.ttl", ':Whim a owl:Class ; skos:example "Laune"@de .', "#Whim"),
    "missing-is-defined-by": ("ontology/t.ttl", ":Whim a owl:Class ; rdfs:isDefinedBy m:elsewhere .", "#Whim"),
    "duplicate-label": ("ontology/t.ttl", ':Whim a owl:Class ; rdfs:label "statement"@en .', "#Whim"),
    "unused-term": ("ontology/t.ttl", f":Whim a owl:Class{WHOLE}", "#Whim"),
    "unused-concept": (
        "ontology/vocabularies/t.ttl",
        f"{SCHEME} x:whim a skos:Concept ; skos:inScheme v:test .",
        "test/whim",
    ),
    "undeclared-term": ("seeds/t.ttl", "id:test :speeker id:test .", "#speeker"),
    "hijacked-term": ("ontology/t.ttl", "skos:Concept rdfs:subClassOf :Actor .", "core#Concept"),
    "undeclared-foreign-term": ("seeds/t.ttl", "id:test skos:mappingRelation id:test .", "core#mappingRelation"),
    "dangling-reference": (
        "seeds/t.ttl",
        "id:test :organOf <https://w3id.org/pacta/id/actor/nobody> .",
        "actor/nobody",
    ),
    "shared-alias": (
        "seeds/t.ttl",
        "id:a a :State ; :name id:n . id:b a :Organ ; :name id:o . "
        'id:n :nameForm "Syldavia"@en . id:o :nameForm "SYLDAVIA"@en .',
        "id/a",
    ),
    "concept-without-scheme": ("ontology/vocabularies/t.ttl", "x:whim a skos:Concept .", "test/whim"),
    "unplaced-concept": (
        "ontology/vocabularies/t.ttl",
        f"{SCHEME} x:whim a skos:Concept ; skos:inScheme v:test .",
        "test/whim",
    ),
    "broader-cycle": (
        "ontology/vocabularies/t.ttl",
        "x:whim a skos:Concept ; skos:broader x:mood . x:mood skos:broader x:whim .",
        "test/whim",
    ),
    "subclass-cycle": ("ontology/t.ttl", ":Whim rdfs:subClassOf :Mood . :Mood rdfs:subClassOf :Whim .", "#Whim"),
    "seed-without-label": ("seeds/t.ttl", 'id:a a :Organ ; rdfs:label "Amt"@de .', "id/a"),
    "loose-seed": ("seeds/t.ttl", 'id:loose a :Name ; :nameForm "Nowhere"@en .', "id/loose"),
    "missing-header": ("queries/t.rq", "SELECT * WHERE { ?s ?p ?o }", "queries/t.rq"),
    "blank-node": ("seeds/t.ttl", "id:a :name [ ] .", "id/a"),
    "forbidden-axiom": ("seeds/t.ttl", "id:a owl:sameAs id:b .", "id/a"),
    "long-definition": ("ontology/t.ttl", f':Whim a owl:Class ; skos:definition "{"A whim. " * 40}"@en .', "#Whim"),
    "no-licence": ("ontology/t.ttl", "m:other a owl:Ontology .", "ontology/other"),
}


def plant(folder: Path, where: str, text: str) -> Path:
    file = folder / where
    file.parent.mkdir(parents=True)
    file.write_text(text if file.suffix != ".ttl" else PREFIXES + text, encoding="utf-8")
    return file


def found(folder: Path, rule: str) -> list[Finding]:
    return [finding for finding in run_checks([folder]) if finding.rule == rule]


# --- rules ------------------------------------------------------------------------------------------------------------
def test_what_ships_has_no_error() -> None:
    assert [str(finding) for finding in run_checks() if finding.severity == "ERROR"] == []


def test_each_rule_has_a_planted_fault() -> None:
    names = {rule.name for rule in rules()}
    assert len(names) > 20
    assert names == set(PLANTED)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Finding]]:
    """All faults, each in a file of its own, and what one check finds in them."""
    folder = tmp_path_factory.mktemp("planted")
    for rule, (where, text, _) in PLANTED.items():
        plant(folder / rule, where, text)
    return folder, run_checks([folder])


@pytest.mark.parametrize("rule", PLANTED)
def test_rule_finds_its_planted_fault(rule: str, planted: tuple[Path, list[Finding]]) -> None:
    folder, findings = planted
    where, _, subject = PLANTED[rule]
    here = [finding for finding in findings if finding.file == (folder / rule / where).as_posix()]
    assert any(finding.rule == rule and finding.subject.endswith(subject) for finding in here), here


def test_a_whole_block_has_no_findings(tmp_path: Path) -> None:
    plant(tmp_path, "ontology/t.ttl", f":Whim a owl:Class{WHOLE}")
    plant(
        tmp_path / "2", "queries/t.rq", "#+ summary: Whims?\nSELECT * { ?s a <https://w3id.org/pacta/ontology#Whim> }"
    )
    assert run_checks([tmp_path]) == []


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("queries/t.rq", "#+ summary: x\nPREFIX p: <https://w3id.org/pacta/ontology#> SELECT * { ?s a p:Statment }"),
        ("ontology/rules/t.rq", "#+ summary: x\nCONSTRUCT { ?s <https://w3id.org/pacta/ontology#Statment> 1 } {}"),
        ("shapes/t.ttl", 'id:a <http://www.w3.org/ns/shacl#select> "SELECT * { ?s a pacta:Statment }" .'),
    ],
    ids=["query", "rule", "shape"],
)
def test_misspelt_term_is_found_in_the_text_of_a_query(where: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, where, text)
    (finding,) = found(tmp_path, "undeclared-term")
    assert finding.subject == "https://w3id.org/pacta/ontology#Statment"
    assert finding.severity == "ERROR"


def test_misspelt_concept_is_found_in_the_text_of_a_query(tmp_path: Path) -> None:
    text = "#+ summary: x\nPREFIX k: <https://w3id.org/pacta/vocab/speech-mode/> SELECT * { ?s ?p k:mixt }"
    plant(tmp_path, "queries/t.rq", text)
    assert [f.subject for f in found(tmp_path, "dangling-reference")] == [
        "https://w3id.org/pacta/vocab/speech-mode/mixt"
    ]


def test_alias_of_two_actors_may_stand_in_two_languages(tmp_path: Path) -> None:
    names = 'id:n a :Name ; :nameForm "Syldavia"@en . id:o a :Name ; :nameForm "Syldavia"@de .'
    plant(tmp_path, "seeds/t.ttl", f"id:a a :State ; :name id:n . id:b a :Organ ; :name id:o . {names}")
    assert found(tmp_path, "shared-alias") == []


def test_message_says_what_to_do_and_names_the_other_thing(tmp_path: Path) -> None:
    where, text, _ = PLANTED["shared-alias"]
    plant(tmp_path, where, text)
    messages = {finding.message for finding in found(tmp_path, "shared-alias")}
    assert any("https://w3id.org/pacta/id/b is the other actor" in message for message in messages)


# --- files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("seeds/t.ttl", b"@prefix : <https://a.example/> .\n:a :b :c .\n:a :b\n", 3),
        ("seeds/t.ttl", b":a :b :c .\n", 1),
        ("queries/t.rq", b"#+ summary: x\nSELECT * WHERE {\n  ?s ?p\n}\n", 4),
        ("seeds/t.ttl", b"\xff\xfe\x00", 1),
    ],
    ids=["half a triple", "no prefix", "bad query", "not UTF-8"],
)
def test_file_that_cannot_be_read_is_a_finding_with_its_line(name: str, text: bytes, line: int, tmp_path: Path) -> None:
    file = plant(tmp_path, name, "")
    file.write_bytes(text)
    (finding,) = run_checks([tmp_path])
    assert finding.rule == UNREADABLE
    assert finding.severity == "ERROR"
    stem, _, number = finding.file.rpartition(":")
    assert stem == file.as_posix()
    assert abs(int(number) - line) <= 1


def test_a_broken_file_hides_no_finding_in_another(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("nonsense", encoding="utf-8")
    plant(tmp_path, "seeds/t.ttl", PLANTED["forbidden-axiom"][1])
    assert {"unreadable-file", "forbidden-axiom"} <= {finding.rule for finding in run_checks([tmp_path])}


def test_a_shipped_file_is_checked_where_it_is() -> None:
    path = resources.path("ontology") / "source.ttl"
    assert [finding for finding in run_checks([path]) if finding.severity == "ERROR"] == []


@pytest.mark.parametrize("name", ["nothing", "missing.ttl", "picture.png"])
def test_nothing_to_check_is_an_error_and_no_empty_answer(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "nothing":
        path.mkdir()
    if name == "picture.png":
        path.write_bytes(b"x")
    with pytest.raises(KnowledgeError):
        run_checks([path])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT ?file ?subject {}", "lacks Problem, Solution, Severity"),
        ("# Problem: x\n# Solution: y\n# Severity: BAD\nSELECT ?file ?subject {}", "'BAD' is no severity"),
    ],
)
def test_rule_without_its_head_is_an_error(text: str, what: str, tmp_path: Path) -> None:
    file = tmp_path / "r.rq"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=what):
        read_rule(file)


def test_findings_are_the_same_each_time_and_the_worst_come_first() -> None:
    first, second = run_checks(), run_checks()
    assert first == second
    ranks = [SEVERITIES.index(finding.severity) for finding in first]
    assert ranks == sorted(ranks)


# --- mentions ---------------------------------------------------------------------------------------------------------
def test_mentions_in_sparql_are_terms_and_not_comments_strings_or_namespaces() -> None:
    text = """#+ default: <https://w3id.org/pacta/id/actor/a>
    # p:Comment
    PREFIX p: <https://w3id.org/pacta/ontology#>
    PREFIX k: <https://w3id.org/pacta/vocab/>
    SELECT ?p:x { ?s a p:Statement ; p:speaker/p:principal ?o ; p:conduct k:conduct\\/breach .
      BIND("p:String https://w3id.org/pacta/ontology#Text" AS ?t) }"""
    base = "https://w3id.org/pacta/"
    named = {"ontology#Statement", "ontology#speaker", "ontology#principal", "ontology#conduct"}
    assert in_sparql(text) == {base + name for name in {*named, "vocab/conduct/breach", "id/actor/a"}}


def test_mentions_in_turtle_are_those_of_its_queries() -> None:
    text = '@prefix q: <https://w3id.org/pacta/ontology#> . q:a q:b """SELECT * { ?s q:speaker ?o }""" , "q:c" .'
    assert in_turtle(text) == {"https://w3id.org/pacta/ontology#speaker"}


def test_mentions_in_python_are_terms_and_schemes_and_not_docstrings() -> None:
    text = '''"""pacta:Docstring."""
from pacta.vocabulary import P, concept, term
FORCES = ("asserts", "name of nothing")
a = P.Statement, term("speaker"), concept("bearing", x), concept("conduct", "breach"), "SELECT { ?s pacta:party ?o }"
'''
    names = {"ontology#" + name for name in ("asserts", "Statement", "speaker", "party")}
    names |= {"vocab/bearing", "vocab/conduct", "vocab/conduct/breach"}
    assert in_python(text) == {"https://w3id.org/pacta/" + name for name in names}
