"""The embedded store, and any endpoint behind the same interface."""

import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store

from pacta.errors import InputError, QuerySyntaxError_, StoreError, UsageError_
from pacta.store import RemoteStore, open_store
from pacta.vocabulary import PACTA
from stores import BORDURIA, borduria, endpoint

G, H = "http://example.org/g", "http://example.org/h"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def quad(n, graph=G):
    name = NamedNode(graph) if graph else DefaultGraph()
    return Quad(NamedNode(f"http://example.org/{n}"), NamedNode("http://example.org/p"), Literal(f"v {n}\n\"'\\"), name)


# --- embedded ---------------------------------------------------------------------------------------------------------
def test_the_default_graph_is_the_union():
    store = open_store()
    store.add([quad(1), quad(2, H), quad(3, None)])
    assert (
        store.query("SELECT DISTINCT ?s WHERE { ?s ?p ?o }").column("s")
        == tuple(sorted(store.query("SELECT ?s WHERE { ?s ?p ?o }").column("s"), key=str))
        or len(store.query("SELECT ?s WHERE { ?s ?p ?o }")) == 3
    )
    assert len(store.query(f"SELECT ?s WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")) == 1


def test_results_of_each_form():
    store = open_store()
    store.add([quad(1)])
    rows = store.query("SELECT ?s ?x WHERE { ?s ?p ?o OPTIONAL { ?s <http://example.org/q> ?x } }")
    assert rows.variables == ("s", "x")
    assert rows.rows == ((NamedNode("http://example.org/1"), None),)
    assert rows.dicts() == [{"s": NamedNode("http://example.org/1"), "x": None}]
    assert list(rows) == list(rows.rows)
    assert rows.boolean is None
    assert rows.triples is None
    assert store.query("ASK { ?s ?p ?o }").boolean is True
    assert store.query("ASK { ?s ?p 'no' }").boolean is False
    made = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert made.triples == (quad(1).triple,)
    assert made.quads() == (quad(1, None),)
    assert len(made) == 1


def test_a_graph_is_replaced_whole():
    store = open_store()
    store.replace_graph(G, [quad(1), quad(2)])
    store.replace_graph(H, [quad(9, H)])
    store.replace_graph(G, [quad(2), quad(3)])
    assert set(store.quads(G)) == {quad(2), quad(3)}
    assert set(store.quads(H)) == {quad(9, H)}
    assert store.graph_names() == (G, H)
    store.replace_graph(G, [])
    assert store.graph_names() == (H,)
    store.remove_graph(H)
    store.remove_graph(H)
    assert len(store) == 0


def test_several_graphs_in_one_go():
    store = open_store()
    store.replace_graphs([quad(1), quad(2, H)])
    store.replace_graphs([quad(3)], names=[H])
    assert set(store.quads()) == {quad(3)}


def test_blank_nodes_can_be_replaced_too():
    store = open_store()
    node = BlankNode("b")
    loop = Quad(node, NamedNode("http://example.org/p"), node, NamedNode(G))
    store.replace_graph(G, [loop, quad(1)])
    store.replace_graph(G, [loop])
    assert len(list(store.quads(G))) == 1
    assert store.query("ASK { ?b ?p ?b }").boolean


def test_a_quad_elsewhere_is_refused_and_nothing_changes():
    store = open_store()
    store.replace_graph(G, [quad(1)])
    with pytest.raises(StoreError, match="one graph"):
        store.replace_graph(G, [quad(2), quad(3, H)])
    with pytest.raises(StoreError, match="outside of named graphs"):
        store.replace_graphs([quad(2, None)])
    assert set(store.quads()) == {quad(1)}


def test_bulk_load_and_plain_load():
    store = open_store()
    store.bulk_add(quad(n) for n in range(500))
    assert len(store) == 500
    other = open_store()
    assert other.load(BORDURIA, "trig") > 1000
    assert other.load(BORDURIA, "trig") == 0
    assert other.load(b'<http://example.org/a> <http://example.org/b> "c" .', "ttl", G) == 1
    assert [q.graph_name.value for q in other.quads(G)] == [G]


def test_a_large_file_is_streamed(monkeypatch):
    monkeypatch.setattr("pacta.store.embedded.TRANSACTION_LIMIT", 10)
    store = open_store()
    assert store.load(BORDURIA, "trig") > 1000


def test_a_broken_file_names_its_line_and_changes_nothing(tmp_path):
    file = tmp_path / "broken.ttl"
    file.write_text('<http://e.org/a> <http://e.org/b> "c" .\n<http://e.org/a> nonsense .\n')
    store = open_store()
    with pytest.raises(InputError, match=r"broken\.ttl:2"):
        store.load(file, "turtle")
    assert len(store) == 0
    with pytest.raises(UsageError_, match="does not fit"):
        store.load(file, "csv")
    with pytest.raises(StoreError):
        store.load(tmp_path / "none.ttl", "turtle")


def test_a_syntax_error_has_a_place():
    with pytest.raises(QuerySyntaxError_) as caught:
        open_store().query("SELECT *\nWHERE { ?s ?p }")
    assert caught.value.where == "line 2, column 16"
    assert len(str(caught.value)) < 400
    with pytest.raises(QuerySyntaxError_):
        open_store().query("DROP ALL")


def test_on_disk_it_stays(tmp_path):
    folder = tmp_path / "deep" / "store"
    with open_store(folder) as store:
        store.replace_graph(G, [quad(1)])
        store.optimize()
        store.backup(tmp_path / "snapshot")
    for place in (folder, tmp_path / "snapshot"):
        with open_store(place, read_only=True) as store:
            assert set(store.quads()) == {quad(1)}
            with pytest.raises(StoreError, match="read-only"):
                store.replace_graph(G, [])
            with pytest.raises(StoreError, match="read-only"):
                store.add([quad(2)])
    with pytest.raises(StoreError, match="closed"):
        store.query(COUNT)


def test_a_second_writer_is_told_what_to_do(tmp_path):
    with open_store(tmp_path / "store") as store:
        store.replace_graph(G, [quad(1)])
        with pytest.raises(StoreError, match=r"another process.*Wait until"):
            open_store(tmp_path / "store")
    with open_store(tmp_path / "store") as store:
        assert len(store) == 1


def test_what_is_no_store(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a store is a folder"):
        open_store(tmp_path / "file")
    with pytest.raises(StoreError, match="something else"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="there is no store"):
        open_store(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


# --- remote -----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An oxigraph server whose default graph is not the union."""
    with borduria() as store, endpoint(store, tmp_path_factory.mktemp("served")) as address:
        yield address, store


def test_a_remote_store_answers_as_the_embedded_one_does(served):
    address, store = served
    with RemoteStore(address) as remote:
        query = f"SELECT ?s ?n ?x WHERE {{ ?s <{PACTA}charStart> ?n OPTIONAL {{ ?s <{PACTA}no> ?x }} }}"
        assert sorted(map(str, remote.query(query).rows)) == sorted(map(str, store.query(query).rows))
        assert remote.query("ASK { ?s a <https://w3id.org/pacta/ontology#Dispute> }").boolean is True
        made = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }"
        assert set(remote.query(made).triples) == set(store.query(made).triples)


def test_an_endpoint_that_offers_the_union_needs_nothing(tmp_path):
    with open_store() as store:
        store.add([quad(1), quad(2, H)])
        with endpoint(store, tmp_path, "--union-default-graph") as address:
            remote = RemoteStore(address)
            assert len(remote.query("SELECT ?s WHERE { ?s ?p ?o }")) == 2
            assert remote._union == ()


def test_remote_faults(served):
    address, _ = served
    with pytest.raises(QuerySyntaxError_) as caught:
        RemoteStore(address).query("SELECT ?s WHERE { ?s ?p }")
    assert "not SPARQL" in str(caught.value)
    with pytest.raises(QuerySyntaxError_, match="DROP is no query"):
        RemoteStore(address).query("DROP ALL")
    with pytest.raises(QuerySyntaxError_, match="not SPARQL"):
        RemoteStore(address).query("what?")
    with pytest.raises(StoreError, match="http or https"):
        RemoteStore("file:///etc/passwd")
    with pytest.raises(StoreError, match="cannot be reached"):
        RemoteStore("http://127.0.0.1:9/sparql", timeout=2).query(COUNT)
    with pytest.raises(StoreError, match=r"failed|answered"):
        RemoteStore(address.replace("/query", "/nothing")).query(COUNT)


class Server(BaseHTTPRequestHandler):
    """A SPARQL server in a few lines, that can be told to behave like other products or badly."""

    manner = "plain"
    data = Store()
    seen: list[dict[str, list[str]]] = []  # noqa: RUF012 - one server at a time

    def do_POST(self):
        form = urllib.parse.parse_qs(
            self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
        )
        self.seen.append(form)
        graphs = form.get("default-graph-uri", [])
        options = {}
        if self.manner == "union" or (self.manner == "jena" and graphs == ["urn:x-arq:UnionGraph"]):
            options = {"use_default_graph_as_union": True}
        elif graphs and self.manner == "strict":
            options = {"default_graph": [NamedNode(name) for name in graphs]}
        if self.manner == "strict" and "union-default-graph" in form:
            self.answer(400, "text/plain", b"unknown parameter")
        elif self.manner == "html":
            self.answer(200, "text/html", b"<h1>Hello</h1>")
        elif self.manner == "broken":
            self.answer(200, "application/sparql-results+json", b'{"head":{"vars":["s"]},"results":{"bindings":[The')
        elif self.manner == "slow":
            threading.Event().wait(3)
        elif self.manner in ("403", "500", "503"):
            self.answer(int(self.manner), "text/plain", b"no")
        else:
            found = self.data.query(form["query"][0], **options)
            body = found.serialize(format=QueryResultsFormat.JSON)
            self.answer(200, "application/sparql-results+json", body)

    def answer(self, code, media_type, body):
        self.send_response(code)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def pretend():
    """Start a server of the given manner; returns its address."""
    Server.data = Store()
    Server.data.extend([quad(1), quad(2, H)])
    Server.seen = []
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()

    def start(manner):
        Server.manner = manner
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield start
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("manner", ["union", "jena", "strict"])
def test_the_union_is_found_on_servers_of_different_manners(pretend, manner):
    remote = RemoteStore(pretend(manner), headers={"Authorization": "Bearer x"})
    query = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s"
    assert [term.value[-1] for term in remote.query(query).column("s")] == ["1", "2"]
    asked = len(Server.seen)
    assert len(remote.query(query)) == 2
    assert len(Server.seen) == asked + 1, "the way to the union is looked for once"


def test_no_union_to_be_had(pretend):
    with pytest.raises(StoreError, match="no union"):
        RemoteStore(pretend("plain")).query(COUNT)


def test_an_empty_endpoint_needs_no_union(pretend):
    address = pretend("plain")
    Server.data.clear()
    assert RemoteStore(address).query(COUNT).rows == ((Literal(0),),)


@pytest.mark.parametrize(
    ("manner", "message"),
    [
        ("html", "answered with text/html"),
        ("broken", "answer is broken"),
        ("slow", "no answer within 1 seconds"),
        ("403", "answered 403"),
        ("500", "failed"),
        ("503", "answered 503"),
    ],
)
def test_bad_manners_are_told(pretend, manner, message):
    with pytest.raises(StoreError, match=message):
        RemoteStore(pretend(manner), timeout=1).query(COUNT)
