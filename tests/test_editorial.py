"""Editorial data: checked before they land, stronger than the converter's own, still there after a rebuild."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode, Quad

from pacta import rules
from pacta.commands import main
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE, PACTA
from stores import borduria

ACCORD = f"{ID_BASE}agreement/brd-syd-2031-03"
PREFIXES = f"""@base <{ID_BASE}> .
@prefix link-method: <https://w3id.org/pacta/vocab/link-method/> .
@prefix pacta: <{PACTA}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
EDITOR = '<actor/p-ada> a pacta:Person ; rdfs:label "Ada, an editor"@en .\n'
LINK = """<link/ada-1> a pacta:Link ; pacta:linksFrom <%s> ; pacta:linksTo <%s> ;
    pacta:linkMethod link-method:editorial ; pacta:confidence 1.0 ; pacta:linkAuthor <actor/p-ada> .
"""


def pacta(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def load(store: Path, turtle: str, *words: object, name: str = "ada") -> Result:
    return pacta(
        "load", "-", "-f", "turtle", "--store", store, "--editorial", name, *words, stdin=PREFIXES + EDITOR + turtle
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store on disk of the invented conflict, with what the rules derive."""
    with borduria(tmp_path / "store") as made:
        assert len(made)
    return tmp_path / "store"


def ask(path: Path, query: str) -> list[tuple[str, ...]]:
    with open_store(path, read_only=True) as opened:
        return sorted(
            tuple(term.value for term in row) for row in opened.query(f"PREFIX pacta: <{PACTA}> {query}").rows
        )


def linked_by_converter(path: Path) -> tuple[str, str]:
    """Return a proposition that a link of the converter's alone brings to a clause, and that clause."""
    query = """SELECT ?p ?c WHERE {
      ?link pacta:linksFrom ?p ; pacta:linksTo ?c ; pacta:confidence ?k ; pacta:linkMethod ?m . ?c a pacta:Clause .
      ?p pacta:concernsClause ?c
      MINUS { ?p pacta:interprets|pacta:againstProvision ?n . ?n a pacta:Clause }
      MINUS { ?e pacta:linksFrom ?p ; pacta:linkMethod <https://w3id.org/pacta/vocab/link-method/editorial> }
    } ORDER BY ?p LIMIT 1"""
    ((proposition, clause),) = ask(path, query)
    return proposition, clause


def clauses_of(path: Path, proposition: str) -> list[str]:
    return [clause for (clause,) in ask(path, f"SELECT ?c WHERE {{ <{proposition}> pacta:concernsClause ?c }}")]


# --- it wins ----------------------------------------------------------------------------------------------------------
def test_an_editors_link_wins_over_the_converters(store: Path) -> None:
    proposition, clause = linked_by_converter(store)
    other = next(c for (c,) in ask(store, f"SELECT ?c WHERE {{ ?c pacta:clauseOf <{ACCORD}> }}") if c != clause)
    result = load(store, LINK % (proposition, other))
    assert result.exit_code == 0, result.stderr
    assert clauses_of(store, proposition) == [other]


def test_an_editors_link_to_the_whole_agreement_takes_the_clause_away(store: Path) -> None:
    proposition, _ = linked_by_converter(store)
    assert load(store, LINK % (proposition, ACCORD)).exit_code == 0
    assert clauses_of(store, proposition) == []


def affirmed_apart(path: Path) -> tuple[str, str]:
    """Return two readings, affirmed by two principals, that no rule finds incompatible."""
    query = """SELECT ?one ?other WHERE {
      ?s pacta:affirms ?one ; pacta:speaker/pacta:principal ?h . ?t pacta:affirms ?other ;
        pacta:speaker/pacta:principal ?g .
      ?one a pacta:Interpretation . ?other a pacta:Interpretation .
      FILTER(?h != ?g && STR(?one) < STR(?other))
      MINUS { ?one pacta:incompatibleWith ?other }
    } ORDER BY ?one ?other LIMIT 1"""
    found = ask(path, query)
    assert found, "the invented conflict has no such pair"
    return found[0][0], found[0][1]


def by_rule(path: Path, rule: str) -> set[tuple[str, ...]]:
    query = f"""SELECT ?dispute ?holder WHERE {{
      ?dispute pacta:derivedByRule <https://w3id.org/pacta/rule/{rule}> ; pacta:side/pacta:holder ?holder }}"""
    return set(ask(path, query))


def test_an_editor_says_which_readings_cannot_both_hold(store: Path) -> None:
    one, other = affirmed_apart(store)
    assert by_rule(store, "29-dispute-by-editors-word") == set()
    links = (LINK % (one, f"{ACCORD}/clause/1")) + (LINK % (other, f"{ACCORD}/clause/1")).replace("ada-1", "ada-2")
    assert load(store, f"{links}<{one}> pacta:incompatibleWith <{other}> .\n").exit_code == 0
    sides = by_rule(store, "29-dispute-by-editors-word")
    assert len({holder for _, holder in sides}) == 2
    assert len({dispute for dispute, _ in sides}) == 1
    report = pacta("validate", "--store", store)
    assert "editorial" not in report.stdout, report.stdout
    assert load(store, LINK % (one, f"{ACCORD}/clause/1"), "--replace").exit_code == 0
    assert by_rule(store, "29-dispute-by-editors-word") == set()


def test_an_editor_says_which_readings_can_both_hold(store: Path) -> None:
    apart = """SELECT DISTINCT ?one ?other WHERE {
      ?s pacta:affirms ?one ; pacta:speaker/pacta:principal ?h . ?t pacta:affirms ?other ;
        pacta:speaker/pacta:principal ?g .
      ?one a pacta:Interpretation . ?other a pacta:Interpretation .
      FILTER(?h != ?g && STR(?one) < STR(?other)) } ORDER BY ?one ?other"""
    found = "SELECT ?one ?other WHERE { ?one pacta:incompatibleWith ?other } ORDER BY ?one ?other"
    disputes, incompatible = by_rule(store, "41-dispute-by-readings"), ask(store, found)
    assert disputes
    assert incompatible
    one, other = incompatible[0]
    assert load(store, f"<{other}> pacta:compatibleWith <{one}> .\n").exit_code == 0
    assert set(ask(store, found)) == set(incompatible) - {(one, other), (other, one)}
    every = "".join(f"<{a}> pacta:compatibleWith <{b}> .\n" for a, b in ask(store, apart))
    assert load(store, every, "--replace").exit_code == 0
    assert by_rule(store, "41-dispute-by-readings") == set()
    assert ask(store, found) == []
    after = content(store)
    with open_store(store) as opened:
        assert isinstance(opened, EmbeddedStore)
        rules.derive(opened)
    assert content(store) == after, "what was updated step by step is what comes out anew"


# --- it is checked ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("turtle", "says"),
    [
        (LINK % (f"{ID_BASE}proposition/nowhere", f"{ACCORD}/clause/1"), "starts at exactly one proposition"),
        (LINK % ("PROPOSITION", f"{ACCORD}/clause/99"), "clause, agreement or incident"),
        ((LINK % ("PROPOSITION", f"{ACCORD}/clause/1")).replace("1.0", "7.0"), "how sure it is"),
        ("<link/ada-2> a pacta:Link ; pacta:linkMethod link-method:editorial .", "Link"),
        ("[] a pacta:Link .", "no IRI"),
        ("<a> <b> ", "standard input"),
    ],
)
def test_faulty_data_do_not_land(store: Path, turtle: str, says: str) -> None:
    before = content(store)
    result = load(store, turtle.replace("PROPOSITION", linked_by_converter(store)[0]))
    assert result.exit_code == 2
    assert says.casefold() in result.stderr.casefold()
    assert content(store) == before


def test_a_resource_of_no_class_does_not_land_unseen(store: Path) -> None:
    proposition, clause = linked_by_converter(store)
    got = load(store, (LINK % (proposition, clause)).replace("a pacta:Link ;", 'rdfs:comment "no class" ;'))
    assert got.exit_code != 0
    assert "link/ada-1" in got.stderr
    assert "a pacta:Link" in got.stderr
    with open_store(store, read_only=True) as opened:
        assert not list(opened.quads(f"{ID_BASE}graph/editorial/ada"))


def test_an_editors_file_names_no_other_graph(store: Path, tmp_path: Path) -> None:
    (tmp_path / "sly.trig").write_text(f"<{ID_BASE}graph/reference> {{ <urn:a:b> <urn:c:d> <urn:e:f> }}", "utf-8")
    before = content(store)
    result = pacta("load", tmp_path / "sly.trig", "--store", store, "--editorial", "ada")
    assert result.exit_code == 2
    assert "own graph only" in result.stderr
    assert content(store) == before


def test_a_faulty_replacement_leaves_what_was_there(store: Path) -> None:
    proposition, clause = linked_by_converter(store)
    assert load(store, LINK % (proposition, ACCORD)).exit_code == 0
    before = content(store)
    assert load(store, LINK % (f"{ID_BASE}proposition/nowhere", clause), "--replace").exit_code == 2
    assert content(store) == before
    assert load(store, LINK % (proposition, clause), "--replace").exit_code == 0
    assert clauses_of(store, proposition) == [clause]


def content(path: Path) -> list[str]:
    with open_store(path, read_only=True) as opened:
        return sorted(map(str, opened.quads()))


# --- it stays ---------------------------------------------------------------------------------------------------------
def test_editorial_data_survive_a_rebuild(tmp_path: Path) -> None:
    folder, documents = tmp_path / "store", tmp_path / "documents"
    documents.mkdir()
    (documents / "news.txt").write_text(
        "The Armenian army must leave Nagorno-Karabakh under the November 9 statement, the Azerbaijani Defense "
        "Ministry said on Monday. The Armenian Foreign Ministry denied that on Tuesday.\n",
        "utf-8",
    )
    assert pacta("build", documents, "--store", folder).exit_code == 0
    propositions = ask(folder, "SELECT ?p WHERE { ?p a pacta:Interpretation ; pacta:inRecord ?r }")
    assert propositions, "the converter reads no reading"
    proposition, clause = propositions[0][0], f"{ID_BASE}agreement/arm-aze-rus-2020-11/clause/7"
    assert load(folder, LINK % (proposition, clause)).exit_code == 0
    assert clauses_of(folder, proposition) == [clause]
    assert pacta("build", documents, "--store", folder).exit_code == 0
    assert clauses_of(folder, proposition) == [clause]
    with open_store(folder) as opened:  # as another version of the converter would: the record is made anew
        record = next(name for name in opened.graph_names() if "/graph/record/" in name)
        quads = list(opened.quads(record))
        opened.remove_graph(record)
        opened.replace_graph(record, quads)
        forget_runs(opened)
        rules.derive(opened)
    again = pacta("build", documents, "--store", folder)
    assert "1 added" in again.stderr, again.stderr
    assert clauses_of(folder, proposition) == [clause]


def forget_runs(store: EmbeddedStore) -> None:
    """Make every record one of an earlier run, so that a build makes it again."""
    made = NamedNode("http://www.w3.org/ns/prov#wasGeneratedBy")
    for name in store.graph_names():
        if "/graph/record/" in name:
            old = list(store.quads(name))
            new = [
                Quad(q.subject, q.predicate, NamedNode(f"{ID_BASE}run/earlier"), q.graph_name)
                if q.predicate == made
                else q
                for q in old
            ]
            store.replace_graph(name, new)
