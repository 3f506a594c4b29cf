"""The constants of pacta.vocabulary name terms and schemes that the ontology declares."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, Graph, URIRef

from pacta import resources, vocabulary
from pacta.vocabulary import PACTA, PREFIXES, SCHEMES, TERMS, VOCAB, P, concept, term

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


def declared() -> set[str]:
    found = set()
    for path in resources.files("ontology", "*.ttl"):
        data = Graph().parse(path)
        found |= {str(s) for kind in KINDS for s in data.subjects(RDF.type, kind) if str(s).startswith(PACTA)}
    return found


def test_each_constant_is_a_term_of_the_ontology() -> None:
    """Terms that no code names may be missing here: an ontologist adds them without opening src/."""
    assert len(TERMS) > 150
    assert {PACTA + name for name in TERMS} <= declared()


def test_constants_have_the_name_of_their_term() -> None:
    assert all(getattr(P, name) == PACTA + name for name in TERMS)


def test_each_scheme_has_its_file() -> None:
    assert {path.stem for path in resources.files("ontology", "vocabularies/*.ttl")} >= SCHEMES


def test_term_and_concept_give_full_iris() -> None:
    assert term("Statement") == P.Statement == "https://w3id.org/pacta/ontology#Statement"
    assert concept("incident-kind", "drone-strike") == VOCAB + "incident-kind/drone-strike"


def test_term_refuses_an_unknown_name() -> None:
    with pytest.raises(ValueError, match="no term 'Statment'"):
        term("Statment")


@pytest.mark.parametrize(("scheme", "name"), [("speach-mode", "mixed"), ("speech-mode", ""), ("speech-mode", "a/b")])
def test_concept_refuses_an_unknown_scheme_and_what_is_no_local_name(scheme: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"no (scheme|local name)"):
        concept(scheme, name)


def test_namespaces_end_where_a_name_begins() -> None:
    spaces = [*PREFIXES.values(), vocabulary.LEXICON, vocabulary.RULE, vocabulary.QUERY, vocabulary.ID_BASE]
    assert all(str(URIRef(space))[-1] in "/#" for space in spaces)
