"""Reprints: which texts are one text, which statements one statement, whatever the order in which records come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from conftest_pages import asker
from pacta import incremental, queries, reprints, rules
from pacta.exports import graph_to
from pacta.iris import Iris
from pacta.model import Document, Metadata
from pacta.pages.app import application
from pacta.pages.site import Settings
from pacta.pipeline import default_converter
from pacta.reprints import copies, grouping
from pacta.sketches import VALUES, sketch, values_of
from pacta.store import EmbeddedStore, RemoteStore, open_store
from pacta.vocabulary import PACTA, VOCAB, P
from reprinting import EDITS, TEXTS, WIRES, cut, exact, framed, headed, is_reprint, measured, others
from reprinting import reprints as made
from stores import cell, endpoint, flat

IRIS = Iris()
DERIVED = IRIS.derived_graph()
PREFIX = f"PREFIX pacta: <{PACTA}>\nPREFIX status: <{VOCAB}incident-status/>\nPREFIX mode: <{VOCAB}speech-mode/>\n"


# --- converted texts --------------------------------------------------------------------------------------------------
def document(text: str, published: str, outlet: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    metadata = Metadata(published=published, outlet=outlet)
    return Document(digest[:12], digest, len(text.encode()), text, metadata, "text", digest)


@lru_cache(maxsize=64)
def quads(text: str, published: str = "2031-05-02", outlet: str = "The Wire") -> tuple[Quad, ...]:
    """The record of a text, without its full text."""
    converter = default_converter()
    converted = converter.quads(converter.record(document(text, published, outlet)))
    return tuple(q for q in converted if "/graph/record/" in q.graph_name.value)


def iri(text: str) -> NamedNode:
    return NamedNode(IRIS.document(hashlib.sha256(text.encode()).hexdigest()[:12]))


def derived(*records: tuple[Quad, ...]) -> EmbeddedStore:
    store = open_store()
    for record in records:
        store.add(record)
    rules.derive(store)
    return store


def rows(store: EmbeddedStore, text: str) -> list[tuple[str, ...]]:
    return [tuple("" if term is None else term.value for term in row) for row in store.query(PREFIX + text).rows]


def said(store: EmbeddedStore, words: str) -> list[tuple[str, str]]:
    """Each statement in these words with the one it is a copy of, or none."""
    asked = f"""SELECT DISTINCT ?s ?first WHERE {{ ?a pacta:attributes ?s ; pacta:contentQuote ?q
      FILTER(CONTAINS(STR(?q), "{words}")) OPTIONAL {{ ?s pacta:copyOf ?first }} }} ORDER BY ?s"""
    return rows(store, asked)


WIRE = TEXTS["ceasefire"]
LATER = headed(WIRE)
SHELLING = (
    "The army of Ruritania said on Monday that gunners from Graustark had shelled the village of Edel.\n\n"
    "Three houses burned down, and a bridge was closed to carts until the evening of the following day.\n\n"
    "Observers of the Continental Council went to the village and counted eleven craters in the fields."
)
QUOTE = "We have kept the truce to the letter"


# --- sketches ---------------------------------------------------------------------------------------------------------
def test_a_sketch_is_the_same_forever():
    """Sketches of different years are compared: neither a library nor a platform may change them."""
    made_ = sketch(WIRE)
    digest = hashlib.sha256(made_.values.encode()).hexdigest()
    assert (made_.size, digest[:16]) == (216, "681e0ded53d9427b")


def test_a_text_of_a_few_words_has_no_sketch_and_a_longer_one_has():
    assert sketch("") is None
    assert sketch("one two three four five six seven eight nine ten") is None
    assert sketch("one two three four five six seven eight nine ten eleven").size == 8


@pytest.mark.parametrize("literal", ["", "AAAA", "no sketch", "é", "A" * 344])
def test_what_is_no_sketch_is_left_alone(literal):
    assert values_of(literal) is None


def test_a_sketch_estimates_what_texts_have_in_common():
    pairs = [(a, b) for _, a, b in made()] + [(a, b) for _, a, b in others()]
    errors = [abs(measured(a, b)[0] - exact(a, b)) for a, b in pairs]
    assert max(errors) < 0.13
    assert sum(errors) / len(errors) < 0.03


# --- what is a reprint ------------------------------------------------------------------------------------------------
def test_nine_reprints_in_ten_are_found_and_nothing_else():
    found = [is_reprint(a, b) for _, a, b in made()]
    wrong = [kind for kind, a, b in others() if is_reprint(a, b)]
    assert len(found) > 70
    assert sum(found) / len(found) > 0.85
    assert wrong == []


@pytest.mark.parametrize(
    "kind", ["the same", "1 word in 50 changed", "another headline", "paragraphs moved", "two paragraphs added",
             "headline and boilerplate", "1 word in 20 changed", "cut to three quarters", "cut to half"],
)  # fmt: skip
def test_what_desks_mostly_do_is_always_recognised(kind):
    assert all(is_reprint(TEXTS[name], EDITS[kind](TEXTS[name])) for name in WIRES)


@pytest.mark.parametrize("kind", ["follow-up", "other"])
def test_another_story_that_repeats_a_quotation_is_no_reprint(kind):
    pairs = [(TEXTS[name], TEXTS[f"{name}.{kind}"]) for name in WIRES]
    assert not any(is_reprint(a, b) or is_reprint(framed(a), framed(b)) for a, b in pairs)
    assert (max(exact(a, b) for a, b in pairs) > 0.1) == (kind == "follow-up")


# --- families ---------------------------------------------------------------------------------------------------------
def printings(count: int, share: float, seed: int = 1) -> np.ndarray:
    """Sketches of one text and of reprints in which this share of the values is another one."""
    random = np.random.default_rng(seed)
    values = np.repeat(random.integers(0, 65536, (1, VALUES), dtype=np.uint16), count, axis=0)
    other = random.random(values.shape) < share
    other[0] = False
    values[other] = random.integers(0, 65536, int(other.sum()), dtype=np.uint16)
    return values


def test_a_text_printed_a_thousand_times_is_compared_some_thousand_times(monkeypatch):
    compared = []
    copies = grouping.copies

    def counted(one, size, many, sizes):
        compared.append(len(many))
        return copies(one, size, many, sizes)

    monkeypatch.setattr(grouping, "copies", counted)
    (family,) = grouping.families(printings(1000, 0.2), np.full(1000, 300), np.zeros(1000))
    assert (family.first, len(family.later)) == (0, 999)
    assert sum(compared) < 10_000  # a pair each would be half a million


def test_texts_without_anything_in_common_are_never_compared(monkeypatch):
    monkeypatch.setattr(grouping, "copies", lambda *_: pytest.fail("compared"))
    values = np.random.default_rng(2).integers(0, 65536, (3000, VALUES), dtype=np.uint16)
    assert grouping.families(values, np.full(3000, 300), np.zeros(3000)) == []


def test_a_text_that_changes_from_day_to_day_becomes_several_families():
    values = printings(1, 0).repeat(12, axis=0)
    for day in range(1, 12):
        values[day:, 10 * day : 10 * day + 14] = np.arange(14, dtype=np.uint16) + 100 * day
    found = grouping.families(values, np.full(12, 300), np.arange(12.0))
    assert len(found) > 1
    for family in found:
        for later, likeness in family.later:
            assert likeness == (values[later] == values[family.first]).mean() >= grouping.LEAST


def test_a_text_that_comes_back_after_a_month_is_published_anew():
    values, sizes = printings(3, 0.1), np.full(3, 300)
    assert [len(f.later) for f in grouping.families(values, sizes, np.array([0.0, 29.0, 31.0]))] == [1]
    assert [len(f.later) for f in grouping.families(values, sizes, np.array([0.0, 29.0, np.nan]))] == [2]


def test_no_documents_have_no_families():
    assert grouping.families(np.zeros((0, VALUES), np.uint16), np.zeros(0), np.zeros(0)) == []


# --- stores -----------------------------------------------------------------------------------------------------------
def test_the_first_printing_is_the_earliest_and_one_statement_has_two_attributions():
    with derived(quads(LATER, "2031-05-01", "Gazette"), quads(WIRE)) as store:
        assert rows(store, "SELECT ?d ?f WHERE { ?d pacta:reprintOf ?f }") == [(iri(WIRE).value, iri(LATER).value)]
        told = said(store, QUOTE)
        assert len(told) == 2
        assert sorted(bool(first) for _, first in told) == [False, True]
        (first,) = {first for _, first in told if first}
        carried = f"SELECT ?d WHERE {{ ?a pacta:attributes/pacta:copyOf? <{first}> ; pacta:inDocument ?d }}"
        assert len(rows(store, carried)) == 2
        counts = rows(store, f"SELECT ?n WHERE {{ <{first}> pacta:copyCount ?n }}")
        assert counts == [("1",)]


def test_of_two_orders_of_publication_each_has_its_first():
    for first, later in ((WIRE, LATER), (LATER, WIRE)):
        with derived(quads(later, "2031-05-03"), quads(first, "2031-05-01")) as store:
            assert rows(store, "SELECT ?d ?f WHERE { ?d pacta:reprintOf ?f }") == [(iri(later).value, iri(first).value)]


def test_where_days_are_equal_the_iri_decides():
    with derived(quads(LATER, outlet="Gazette"), quads(WIRE)) as store:
        first, later = sorted((iri(WIRE).value, iri(LATER).value))
        assert rows(store, "SELECT ?d ?f WHERE { ?d pacta:reprintOf ?f }") == [(later, first)]


def test_a_follow_up_that_repeats_the_sentence_is_a_document_of_its_own():
    with derived(quads(WIRE), quads(TEXTS["ceasefire.follow-up"], "2031-05-09")) as store:
        assert rows(store, "SELECT * WHERE { ?d pacta:reprintOf|pacta:copyOf ?f }") == []


def test_ten_reprints_are_not_ten_confirmations():
    """Actors that no seed knows are told apart by document, not by reprint: else each reprint would be a witness."""
    text = "A spokesman for the Tarlen Council said on Monday that two drones had struck the mill at Edel."
    text += "\n\nThe mill stood empty at the time, and the road to it was closed until the evening of the next day."
    copies = [f"{text}\n\nSeen by reader number {n}." for n in range(10)]
    with derived(*(quads(copy, f"2031-05-{n + 1:02d}", f"Paper {n}") for n, copy in enumerate(copies))) as store:
        asked = "SELECT DISTINCT ?p WHERE { ?s pacta:speaker/pacta:principal ?p ; pacta:affirms ?c "
        asked += (
            "MINUS { ?a pacta:attributes ?s ; pacta:speechMode <https://w3id.org/pacta/vocab/speech-mode/narration> } }"
        )
        assert len(rows(store, "SELECT ?d WHERE { ?d pacta:reprintOf ?f }")) == 9
        assert len(rows(store, asked)) == 1
        assert rows(store, "SELECT ?s WHERE { ?s pacta:speaker ?x MINUS { ?x pacta:principal ?p } }") == []
        incidents = "SELECT DISTINCT ?i ?f ?status WHERE { ?i pacta:status ?status OPTIONAL { ?i pacta:copyOf ?f } }"
        found = rows(store, incidents)
        assert len(found) == 10
        assert len({first or incident for incident, first, _ in found}) == 1
        assert {status.rsplit("/", 1)[1] for *_, status in found} == {"alleged"}


def test_what_a_reprint_adds_counts_for_the_incident_of_the_first():
    told = SHELLING
    denied = f"{told}\n\nGraustark denied that it had shelled the village."
    with derived(quads(told), quads(denied, "2031-05-03", "Gazette")) as store:
        found = rows(store, "SELECT ?i ?f WHERE { ?i pacta:status status:contested OPTIONAL { ?i pacta:copyOf ?f } }")
        assert len(found) == 2
        assert len({first or incident for incident, first in found}) == 1
    with derived(quads(told)) as store:
        assert rows(store, "SELECT ?i WHERE { ?i pacta:status status:contested }") == []
        assert rows(store, "SELECT ?i WHERE { ?i pacta:status status:alleged }")


def test_other_words_are_another_statement():
    changed = WIRE.replace("found five craters", "found nine craters")
    with derived(quads(WIRE), quads(changed, "2031-05-03", "Gazette")) as store:
        assert rows(store, "SELECT ?d WHERE { ?d pacta:reprintOf ?f }")
        assert [bool(first) for _, first in said(store, "five craters") + said(store, "nine craters")] == [False, False]
        assert sorted(bool(first) for _, first in said(store, QUOTE)) == [False, True]


def test_statements_without_two_words_in_common_are_never_compared(monkeypatch):
    compared = []
    same = copies.same_words
    monkeypatch.setattr(copies, "same_words", lambda one, two: compared.append((one, two)) or same(one, two))
    own = [f"{WIRE}\n\nThe mayor of Zenda said: “{n}bridge {n}mined {n}burnt {n}fell.”" for n in "abcdefghij"]
    with derived(*(quads(text, "2031-05-03", outlet) for outlet, text in zip("ABCDEFGHIJ", own, strict=True))):
        assert not [pair for pair in compared if any("mined" in word for word in pair[0] + pair[1])]
        assert len(compared) < 100


def test_a_respelt_quotation_is_found_among_the_others():
    def node(name: str) -> NamedNode:
        return NamedNode(f"urn:{name}")

    family = copies._Copies()
    one, other = "the defence of the realm comes first", "the defense of the realm comes first"
    for name, words in (("a", "we shall leave the realm"), ("b", one), ("c", other)):
        said = copies.Said(node(f"{name}s"), node("who"), node("asserts"), node(f"{name}p"), (tuple(words.split()),), 0)
        family.take(copies.Page(said=[said]))
    assert family.first == {node("cs"): node("bs"), node("cp"): node("bp")}


def test_nothing_in_a_record_speaks_of_another_document():
    alone = [q for q in quads(WIRE) if q.predicate.value in {p.value for p in reprints.CONCLUDED}]
    assert alone == []
    sketches = [q.object for q in quads(WIRE) if q.predicate.value == P.minHash]
    assert sketches == [Literal(sketch(WIRE).values)]


# --- order, interruption, change --------------------------------------------------------------------------------------
RECORDS = (
    quads(WIRE),
    quads(LATER, "2031-05-03", "Gazette"),
    quads(headed(cut(0.7)(WIRE)), "2031-05-04", "Lakeside"),
    quads(f"{WIRE}\n\nGraustark said on Friday that it would open an inquiry.", "2031-05-01", "Courier"),
    quads(TEXTS["ceasefire.follow-up"], "2031-05-09", "Courier"),
)
NAMES = tuple(record[0].graph_name.value for record in RECORDS)


def whole(store: EmbeddedStore) -> bytes:
    with open_store() as copy:
        copy.add(q for q in store.quads() if q.graph_name != NamedNode(DERIVED))
        rules.derive(copy)
        return graph_to(copy.quads(DERIVED), "nquads")


def dated(record: tuple[Quad, ...], day: int) -> tuple[Quad, ...]:
    """A record as of another day of publication."""
    published = NamedNode(P.published)
    return tuple(
        Quad(q.subject, q.predicate, Literal(f"2031-05-{day:02d}", datatype=q.object.datatype), q.graph_name)
        if q.predicate == published
        else q
        for q in record
    )


def test_the_order_of_documents_does_not_matter():
    made_ = set()
    for order in list(permutations(RECORDS[:4]))[::5]:
        with open_store() as store:
            rules.derive(store)
            for record in order:
                store.add(record)
                incremental.update(store, {record[0].graph_name.value: ()})
            made_.add(graph_to(store.quads(DERIVED), "nquads"))
    with derived(*RECORDS[:4]) as store:
        made_.add(graph_to(store.quads(DERIVED), "nquads"))
    (bytes_,) = made_
    assert b"reprintOf" in bytes_
    assert b"copyCount" in bytes_


STEPS = st.lists(
    st.tuples(st.integers(0, len(RECORDS) - 1), st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=7
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_reprints_that_come_change_and_go_give_the_bytes_of_a_full_derivation(steps):
    """Added, removed, or superseded by a record with another day, without a sketch, or without its statements."""
    with open_store() as store:
        rules.derive(store)
        for which, day, how in steps:
            name, record = NAMES[which], dated(RECORDS[which], day)
            if how == 1:
                record = ()
            elif how == 2:
                record = tuple(q for q in record if q.predicate.value != P.minHash)
            elif how == 3:
                random = Random(day)
                record = tuple(q for q in record if q.predicate.value == P.minHash or random.random() < 0.9)
            before = {name: tuple(store.quads(name))}
            store.replace_graphs(record, names=(name,))
            incremental.update(store, before)
            assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def test_a_record_that_says_less_than_before_has_fewer_copies():
    """The sketch and the day stay, so the family does; what was in it has to be read again all the same."""
    with derived(*RECORDS[:3]) as store:
        for name, record in zip(NAMES[:3], RECORDS[:3], strict=True):
            before = tuple(store.quads(name))
            gone = {q.subject for q in record if q.predicate.value == P.attributes}
            store.replace_graphs([q for q in record if q.subject not in gone], names=(name,))
            incremental.update(store, {name: before})
            assert graph_to(store.quads(DERIVED), "nquads") == whole(store)
        assert rows(store, "SELECT ?s WHERE { ?s a pacta:Statement ; pacta:copyOf ?f }") == []


def test_a_link_from_an_editor_reaches_the_first_printing():
    """An incident elsewhere that an editor links to a reprint's incident: its account counts for the first printing."""
    with derived(quads(SHELLING), *(quads(f"{SHELLING} {n}", f"2031-05-0{n}") for n in (3, 4))) as store:
        copy, first = rows(store, "SELECT ?c ?f WHERE { ?c pacta:copyOf ?f . ?f a pacta:Incident } ORDER BY ?c")[0]
        statuses = {term for _, term in rows(store, "SELECT ?i ?s WHERE { ?i pacta:status ?s }")}
        assert {each.rsplit("/", 1)[1] for each in statuses} == {"alleged"}
        account = rows(store, f"SELECT ?a WHERE {{ ?a pacta:accountOf <{first}> ; a pacta:IncidentAccount }}")[0][0]
        graph = NamedNode(f"{IRIS.base}graph/editorial/ada")
        link, said_ = NamedNode(f"{IRIS.base}link/editorial-ada-1"), NamedNode(f"{IRIS.base}statement/editorial-ada-1")
        told = NamedNode(f"{IRIS.base}proposition/editorial-ada-1")
        method = NamedNode("https://w3id.org/pacta/vocab/link-method/editorial")
        kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        facts = [
            (told, kind, NamedNode(P.IncidentAccount)), (said_, NamedNode(P.denies), told),
            (said_, NamedNode(P.speaker), NamedNode(f"{IRIS.base}actor/x-neighbour")),
            (link, NamedNode(P.linksFrom), told), (link, NamedNode(P.linksTo), NamedNode(copy)),
            (link, NamedNode(P.linkMethod), method),
        ]  # fmt: skip
        store.add(Quad(*fact, graph) for fact in facts)
        incremental.update(store, {graph.value: ()})
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)
        found = dict(rows(store, "SELECT ?i ?s WHERE { ?i pacta:status ?s }"))
        assert found[first].endswith("/contested")
        copies = [one for (one,) in rows(store, f"SELECT ?c WHERE {{ ?c pacta:copyOf <{first}> }}")]
        assert [found[each] for each in copies] == [found[first]] * 2
        assert account


@pytest.fixture(scope="module")
def printed() -> Iterator[EmbeddedStore]:
    with derived(*RECORDS) as store:
        yield store


ASKED = (
    "documents/reprints",
    "statements/reprinted",
    "incidents/contested",
    "incidents/list",
    "incidents/in-time-and-place",
    "incidents/unanswered-allegations",
    "evidence/thin",
    "agreements/parties-and-organs",
)


@pytest.mark.parametrize("name", ASKED)
def test_questions_on_reprints_give_the_same_rows_on_three_engines(printed, name, tmp_path):
    text = queries.catalogue()[name].text
    here = [tuple(map(cell, row)) for row in printed.query(text)]
    assert [tuple(map(cell, row)) for row in flat(printed).query(text)] == here
    with endpoint(printed, tmp_path) as address:
        assert RemoteStore(address).query(text) == printed.query(text)


def test_reprints_are_told_with_what_they_repeat_and_what_they_add(printed):
    found = queries.run(printed, "documents/reprints")
    courier = NAMES[3].replace("graph/record", "document").rpartition("-v")[0]
    told = [[term.value if term is not None else None for term in row] for row in found.rows]
    by = {row[found.variables.index("reprint")]: row for row in told}
    assert {row[found.variables.index("first")] for row in told} == {courier}
    assert set(by) == {name.replace("graph/record", "document").rpartition("-v")[0] for name in NAMES[:3]}
    repeated, other = (found.variables.index(name) for name in ("repeatedStatements", "otherStatements"))
    assert all(int(row[repeated]) >= 5 for row in told)
    assert sum(int(row[other]) for row in told) <= 2


def test_a_statement_and_an_incident_count_once_in_lists(printed):
    statements = queries.run(printed, "statements/reprinted")
    carried = statements.column("statement").count(statements.column("statement")[0])
    assert carried == int(statements.column("reprints")[0].value) + 1 == 4
    thin = [term.value for term in queries.run(printed, "evidence/thin").column("statement")]
    copies = {one for one, _ in rows(printed, "SELECT ?s ?f WHERE { ?s a pacta:Statement ; pacta:copyOf ?f }")}
    incidents = [term.value for term in queries.run(printed, "incidents/list").column("incident")]
    told = {one for one, _ in rows(printed, "SELECT ?i ?f WHERE { ?i a pacta:Incident ; pacta:copyOf ?f }")}
    assert copies
    assert told
    assert not copies & set(thin)
    assert not told & set(incidents)


def test_a_record_noted_in_part_and_written_again_counts_as_unchanged(monkeypatch):
    with derived(*RECORDS[:3]) as store:
        noted = {name: [q for q in store.quads(name) if q.predicate in reprints.LOOKED_AT] for name in NAMES[:3]}
        monkeypatch.setattr(reprints, "_concluded", lambda *_: pytest.fail("read again"))
        old = {q.triple for q in store.quads(DERIVED) if q.predicate in reprints.CONCLUDED}
        assert old
        assert reprints.update(store, noted, old) == old


def test_a_change_elsewhere_reads_no_family_again(monkeypatch):
    with derived(*RECORDS[:3]) as store:
        concluded = []
        conclude = reprints._concluded
        monkeypatch.setattr(reprints, "_concluded", lambda s, f: concluded.append(f) or conclude(s, f))
        name = NAMES[4]
        store.add(RECORDS[4])
        incremental.update(store, {name: ()})
        assert concluded == []
        store.add(RECORDS[3])
        incremental.update(store, {NAMES[3]: ()})
        assert [len(family) for family in concluded] == [4]
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


# --- pages ------------------------------------------------------------------------------------------------------------
def test_pages_say_how_often_a_text_was_printed(tmp_path):
    folder = tmp_path / "store"
    with open_store(folder) as store:
        for record in RECORDS:
            store.add(record)
        rules.derive(store)
        copy, first = rows(store, "SELECT ?s ?f WHERE { ?s a pacta:Statement ; pacta:copyOf ?f } ORDER BY ?s")[0]
        document, reprint = rows(store, "SELECT ?f ?d WHERE { ?d pacta:reprintOf ?f } ORDER BY ?d")[0]
    made_ = application(Settings(store=folder, url="https://pacta.example", cache=tmp_path / "cache"))
    try:
        ask = asker(made_)

        def page(iri_: str) -> str:
            got = ask(iri_.removeprefix("https://w3id.org/pacta"), "text/html")
            assert got.status == 200
            return got.body.decode()

        assert "3 reprints</a>, none of which counts as a report of its own" in page(document)
        assert "What it repeats counts once" in page(reprint)
        assert "/query/statements/reprinted?statement=" in page(first)
        assert "copy of <a href=" in page(copy)
        for link in re.findall(r'href="(/query/[^"]*reprint[^"]*)"', page(document) + page(first)):
            assert ask(link.replace("&amp;", "&"), "application/json").status == 200
    finally:
        made_.state.pool.close()
        made_.state.site.close()
