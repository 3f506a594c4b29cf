"""Deriving anew only what changed records touch: the same bytes as deriving everything, whatever comes and goes."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from pacta import incremental, rules
from pacta.errors import KnowledgeError
from pacta.exports import graph_to
from pacta.iris import Iris, digest
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE, PACTA, VOCAB
from stores import BORDURIA, many

DERIVED = Iris().derived_graph()
QUADS = tuple(parse(path=BORDURIA, format=RdfFormat.TRIG))
RECORDS = {
    name: tuple(q for q in QUADS if q.graph_name == NamedNode(name))
    for name in sorted({q.graph_name.value for q in QUADS})
    if "/graph/record/" in name
}
BASIS = tuple(q for q in QUADS if q.graph_name.value not in RECORDS)
KEYS = sorted(set(re.findall(r"/graph/record/([0-9a-f]{12})", " ".join(RECORDS))))
FORCES = ("asserts", "accuses", "denies", "dismisses", "confirms", "demands")


def lines(quads: tuple[Quad, ...]) -> str:
    return "\n".join(sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name} ." for q in quads))


def read(text: str) -> tuple[Quad, ...]:
    return tuple(parse(text.encode(), format=RdfFormat.N_QUADS))


def version(record: int, copy: int, change: int) -> tuple[str, tuple[Quad, ...]]:
    """A record as from a document of its own (`copy`), and told otherwise (`change`): its name and quads."""
    name = list(RECORDS)[record % len(RECORDS)]
    text = lines(RECORDS[name])
    forces = FORCES[change % len(FORCES)], FORCES[(change // 2) % len(FORCES)]
    if change % 3:
        text = text.replace(f"<{PACTA}{forces[0]}>", f"<{PACTA}{forces[1]}>")
    if change % 4 == 1:
        text = text.replace("actor/brd>", "actor/rvom>")
    if change % 5 == 2:
        text = text.replace("place/p-9001", "place/p-9003").replace("speech-mode/indirect", "speech-mode/narration")
    if change % 7 == 3:
        text = "\n".join(line for n, line in enumerate(text.splitlines()) if n % 11)
    if change % 6 == 5:
        text = text.replace("clause/2>", "clause/1>").replace("conduct/breach", "conduct/compliance")

    def of_the_copy(text: str) -> str:
        return re.sub("|".join(KEYS), lambda key: digest(key[0], str(copy)), text) if copy else text

    return of_the_copy(name), read(of_the_copy(text))


def basis() -> EmbeddedStore:
    store = open_store()
    store.add(BASIS)
    rules.derive(store)
    return store


def whole(store: EmbeddedStore) -> bytes:
    """The derived graph as a full derivation makes it, of a copy."""
    with open_store() as copy:
        copy.add(q for q in store.quads() if q.graph_name != NamedNode(DERIVED))
        rules.derive(copy)
        return graph_to(copy.quads(DERIVED), "nquads")


def put(store: EmbeddedStore, name: str, quads: tuple[Quad, ...]) -> None:
    """Replace a graph and bring the derived graph up to date."""
    before = {name: tuple(store.quads(name))}
    store.replace_graphs(quads, names=(name,))
    incremental.update(store, before)


STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 59), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_sequence_of_records_gives_the_bytes_of_a_full_derivation(steps):
    with basis() as store:
        for record, copy, change, removed in steps:
            name, quads = version(record, copy, change)
            put(store, name, () if removed else quads)
            assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def test_several_records_at_once():
    with basis() as store:
        given_ = dict(version(n, 0, 0) for n in range(len(RECORDS)))
        store.replace_graphs([q for quads in given_.values() for q in quads])
        incremental.update(store, dict.fromkeys(given_, ()))
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)
        assert b"/dispute/" in whole(store)


def test_an_editors_link_moves_the_dispute_and_comes_back():
    with many(1) as store:
        reading = next(
            q.subject
            for q in store.match(None, NamedNode(PACTA + "concernsClause"))
            if q.object.value.endswith("/clause/2")
        )
        graph, pacta = NamedNode(f"{ID_BASE}graph/editorial/ada"), PACTA
        link = NamedNode(f"{ID_BASE}link/editorial-ada-1")
        says = {
            "linksFrom": reading,
            "linksTo": NamedNode(f"{ID_BASE}agreement/brd-syd-2031-03/clause/3"),
            "linkMethod": NamedNode(f"{VOCAB}link-method/editorial"),
        }
        put(store, graph.value, tuple(Quad(link, NamedNode(pacta + p), o, graph) for p, o in says.items()))
        moved = {q.object.value[-1] for q in store.match(reading, NamedNode(PACTA + "concernsClause"))}
        assert moved == {"3"}
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)
        put(store, graph.value, ())
        assert {q.object.value[-1] for q in store.match(reading, NamedNode(PACTA + "concernsClause"))} == {"2"}
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def _says(store: EmbeddedStore, name: str) -> set[tuple[str, str]]:
    found = store.match(None, NamedNode(PACTA + name), None, NamedNode(DERIVED))
    return {(quad.subject.value, quad.object.value) for quad in found}


def test_months_in_which_an_actor_is_quoted_come_and_go_with_the_last_quotation():
    """Two records quote the same actors in the same month: what one of them concludes, the other does too."""
    with basis() as store:
        (name, quads), (twin, copied) = version(0, 0, 0), version(0, 1, 0)
        put(store, name, quads)
        alone = _says(store, "spokeIn")
        assert alone
        assert alone == {(key.split(" ")[0], key) for _, key in _says(store, "speakerMonth")}
        put(store, twin, copied)
        assert _says(store, "spokeIn") == alone
        for each in (name, twin):
            put(store, each, ())
            assert graph_to(store.quads(DERIVED), "nquads") == whole(store)
            assert _says(store, "spokeIn") == (alone if each == name else set())


@pytest.mark.parametrize("told", ["published", "notBefore"])
def test_a_day_that_is_mended_elsewhere_moves_what_was_said(told):
    with many(1) as store:
        predicate = NamedNode(PACTA + told)
        dated = {q.object for p in ("inDocument", "saidDuring") for q in store.match(None, NamedNode(PACTA + p))}
        old = next(q for q in sorted(store.match(None, predicate), key=str) if q.subject in dated)
        name = old.graph_name.value
        days = _says(store, "day")
        mended = Literal("1999-12-31T00:00:00Z", datatype=old.object.datatype)
        put(store, name, tuple(q for q in store.quads(name) if q != old))
        graph = f"{ID_BASE}graph/editorial/ada"
        put(store, graph, (Quad(old.subject, predicate, mended, NamedNode(graph)),))
        assert {day for _, day in _says(store, "day") - days} == {"1999-12-31"}
        assert any(key.endswith(" 1999-12") for _, key in _says(store, "spokeIn"))
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def test_a_change_that_reaches_far_derives_everything(monkeypatch):
    asked = []
    derive = rules.derive
    monkeypatch.setattr(rules, "derive", lambda store, **options: asked.append(1) or derive(store, **options))
    with many(1) as store:
        graph = NamedNode(f"{ID_BASE}graph/reference")
        before = tuple(store.quads(graph.value))
        owner = Quad(
            NamedNode(f"{ID_BASE}actor/rvom"), NamedNode(PACTA + "organOf"), NamedNode(f"{ID_BASE}actor/brd"), graph
        )
        asked.clear()
        store.add([owner])
        incremental.update(store, {graph.value: before})
        assert asked
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def test_a_rule_of_a_new_kind_derives_everything(monkeypatch):
    first = rules.rules()[0]
    odd = rules.Rule("99-odd", "", "Odd", "Odd", "PREFIX pacta: <" + PACTA + ">\nCONSTRUCT { ?a pacta:odd ?b } "
                     "WHERE { ?a pacta:speaker ?b }")  # fmt: skip
    with basis() as store:
        monkeypatch.setattr(rules, "rules", lambda: (first, odd))
        name, quads = version(0, 0, 0)
        put(store, name, quads)
        assert any(q.predicate.value == PACTA + "odd" for q in store.quads(DERIVED))


def test_one_more_record_looks_at_less_than_all_of_them(monkeypatch):
    seen: list[int] = []
    conclude = rules.conclusions

    def counted(ground, base=ID_BASE, **options):
        quads = list(ground)
        seen.append(len(quads))
        return conclude(quads, base, **options)

    monkeypatch.setattr(rules, "conclusions", counted)
    with many(60) as store:
        seen.clear()
        rules.derive(store)
        put(store, *version(0, 999, 0))
        full, one = seen
        assert one < full / 2
        assert graph_to(store.quads(DERIVED), "nquads") == whole(store)


def test_a_store_knows_that_its_derived_graph_is_outdated_even_in_the_next_process(tmp_path):
    with open_store(tmp_path / "store") as store:
        assert store.outdated  # nothing was ever derived
        store.add(BASIS)
        rules.derive(store)
        assert not store.outdated
        store.replace_graphs(version(0, 0, 0)[1])
        assert store.outdated
    with open_store(tmp_path / "store") as store:
        assert store.outdated
        rules.derive(store)
    with open_store(tmp_path / "store") as store:
        assert not store.outdated


def test_a_rule_that_fails_leaves_the_old_conclusions(monkeypatch):
    with many(1) as store:
        before = graph_to(store.quads(DERIVED), "nquads")
        name, quads = version(0, 7, 0)
        store.replace_graphs(quads, names=(name,))
        broken = rules.Rule("98-broken", "", "Broken", "Broken", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p")
        known = rules.rules()
        monkeypatch.setattr(rules, "rules", lambda: (*known, broken))
        with pytest.raises(KnowledgeError):
            rules.derive(store)
        assert graph_to(store.quads(DERIVED), "nquads") == before
        assert store.outdated
