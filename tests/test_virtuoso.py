"""Virtuoso, a second real store: takes graphs by the Graph Store Protocol, and answers the questions alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

from pacta import engines, queries
from pacta.documents import read
from pacta.model import Document
from pacta.shard_loading import load_into, put_into
from pacta.shards import Folder
from pacta.store import EmbeddedStore, RemoteStore, open_store
from pacta.store.graph_store import GraphStore
from pacta.vocabulary import ID_BASE
from stores import borduria, cell, virtuoso

EXPECTED = Path(__file__).parent / "expected" / "queries" / "borduria"
FILES = sorted(path.relative_to(EXPECTED) for path in EXPECTED.rglob("*.json"))

# What Virtuoso 7.2 answers otherwise, whatever the wording of the query; the README tells of it.
COMPUTED = {"disputes/charges-and-answers": "complies"}  # what is computed to be true is the number 1


@pytest.fixture(scope="module")
def here() -> Iterator[EmbeddedStore]:
    with borduria() as store:
        yield store


@pytest.fixture(scope="module")
def there(here: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as (endpoint, graph_store):
        service = GraphStore(graph_store)
        for name in here.graph_names():
            triples = serialize([quad.triple for quad in here.quads(name)], format=RdfFormat.N_TRIPLES) or b""
            service.put(name, triples)
            service.put(name, triples)  # again, which changes nothing
        yield RemoteStore(endpoint)


def test_there_are_questions() -> None:
    assert len(FILES) > 20
    names = {file.with_suffix("").as_posix() for file in FILES}
    assert names >= set(COMPUTED)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_question_has_the_same_rows(here: EmbeddedStore, there: RemoteStore, file: Path) -> None:
    name = file.with_suffix("").as_posix()
    tried = 0
    for case in json.loads((EXPECTED / file).read_text(encoding="utf-8")):
        text = queries.get(name).bind(case["values"])
        ours, theirs = here.query(text), there.query(text)
        assert theirs.variables == ours.variables
        columns = [v for v in ours.variables if COMPUTED.get(name) != v]
        assert [[cell(row[v]) for v in columns] for row in theirs.dicts()] == [
            [cell(row[v]) for v in columns] for row in ours.dicts()
        ], case["values"]
        tried += 1
    assert tried


def test_shards_are_put_graph_by_graph(tmp_path: Path) -> None:
    speakers = ("Armenia", "Azerbaijan", "Russia")
    rows = ({"id": n, "text": f"{speakers[n % 3]} denied on day {n} that it had shelled the road."} for n in range(12))
    (tmp_path / "reports.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    documents = [item for item in read(tmp_path / "reports.jsonl") if isinstance(item, Document)]
    for at in (0, 6):
        engines.shard(documents[at : at + 6], str(tmp_path / "shards"), None, ID_BASE)
    with open_store() as store, virtuoso(tmp_path / "virtuoso") as (endpoint, graph_store):
        load_into(store, Folder(tmp_path / "shards"), base=ID_BASE)
        for _ in range(2):
            assert put_into(GraphStore(graph_store), Folder(tmp_path / "shards"), base=ID_BASE).added == 12
        remote = RemoteStore(endpoint)
        for name in store.graph_names():
            (count,) = remote.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}").column("n")
            assert int(count.value) == len(list(store.quads(name))), name  # type: ignore[union-attr]
        for name in ("statements/list", "incidents/contested", "evidence/of-statement"):
            ours, theirs = (queries.run(each, name).rows for each in (store, remote))
            assert [list(map(cell, row)) for row in theirs] == [list(map(cell, row)) for row in ours]
