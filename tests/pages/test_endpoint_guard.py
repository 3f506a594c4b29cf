"""The guard of queries: what it lets through is safe for the engine, in whatever way the engine may read it."""

from __future__ import annotations

import itertools
import random
import socket
import struct
import subprocess
import sys
import threading
import unittest

import pytest
from pyoxigraph import QuerySolutions, Store

from pacta.pages.endpoint import sandbox
from pacta.pages.endpoint.guard import Refused, checked
from pacta.pages.endpoint.marks import marked

FEDERATED = (
    "ASK { SERVICE <http://a/> { } }",
    "ask{service<http://a/>{}}",
    "ASK { { SELECT * { SERVICE SILENT ?x { ?s ?p ?o } } } }",
    "ASK { ?s ?p ?o FILTER EXISTS { SERVICE <http://a/> { ?s ?p ?o } } }",
    "ASK { ?s ?p ?o OPTIONAL { SeRvIcE <http://a/> { } } }",
    "ASK { # a comment with a quote ' \n SERVICE <http://a/> { } }",
    "ASK { ?s ?p '#' . SERVICE <http://a/> { } }",
    "ASK { ?s ?p '''it's \\''' ''' . SERVICE <http://a/> { } }",
    'ASK { ?s ?p """a"" # """ . SERVICE <http://a/> { } }',
    "ASK { \\u0053ERVICE <http://a/> { } }",
    "ASK { S\\U00000045RVICE <http://a/> { } }",
    "ASK { ?s ?p 1SERVICE <http://a/> { } }",
    "ASK { ?s ?p <a>SERVICE <http://a/> { } }",
    'ASK { ?s ?p "a"@enSERVICE <http://a/> { } }',
    "ASK { FILTER(1<2)SERVICE<http://a/>{} }",
    "PREFIX e: <http://a/> ASK { ?s ?p e:a.SERVICE e:b {} }",
)
HARMLESS = (
    "ASK { ?s ?p <http://example.org/service> }",
    "ASK { ?s ?p 'a SERVICE', \"SERVICE\", '''SERVICE <http://a/> { }''' }",
    "PREFIX service: <http://example.org/service#> ASK { ?service service:name service:other }",
    "PREFIX e: <http://example.org/> ASK { ?s e:service e:getService, e:Self-Service }",
    "SELECT ?myServiceService $service { } # no SERVICE here",
    "ASK { _:service ?p ?o }",
)
UPDATES = (
    "INSERT DATA { <a> <b> <c> }",
    "PREFIX select: <http://a/> DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://a/>",
    "# SELECT\nDROP ALL",
    "BASE <http://select/> WITH <a> DELETE { } WHERE { }",
    "clear default",
)


@pytest.mark.parametrize("text", FEDERATED)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(text)
    assert refused.value.kind == "service"


def said(text: str) -> object:
    found = Store().query(text)
    return [variable.value for variable in found.variables] if isinstance(found, QuerySolutions) else bool(found)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_elsewhere_is_none_of_it(text: str) -> None:
    safe = checked(text).text
    assert said(safe) == said(text)


def test_names_and_texts_with_the_word_mean_the_same_afterwards() -> None:
    store = Store()
    store.update("INSERT DATA { <http://e/service> <http://e/p> 'a SERVICE \\u0053', '''the\nservice''' }")
    query = """PREFIX service: <http://e/>
        SELECT ?service ?o { ?service service:p ?o FILTER(CONTAINS(LCASE(?o), 'service')) }"""
    found = store.query(checked(query).text)
    assert [variable.value for variable in found.variables] == ["service", "o"]
    assert {row["o"].value for row in found} == {"a SERVICE S", "the\nservice"}


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(text)
    assert refused.value.kind == "update"


def test_a_dataset_is_seen_only_where_there_is_one() -> None:
    assert checked("SELECT * FROM <http://a/> { }").names_dataset
    assert checked("SELECT * from named <http://a/> { }").names_dataset
    assert not checked("PREFIX from: <http://from/> SELECT ?from { ?from from:from 'FROM' } # FROM").names_dataset


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("SELECT * { ?s ?p ?o . ?o ?p ?b }", ("s", "p", "o", "b")),
        ("# SELECT ?x\nPREFIX a: <http://a/> select distinct # all\n * { $z ?y 1 }", ("z", "y")),
        ("SELECT ?b ?a { ?a ?b ?c }", ()),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", ()),
        ("SELECT ?a { { SELECT * { ?b ?a ?c } } }", ()),
        ("CONSTRUCT { ?a ?b ?c } { { SELECT * { ?c ?b ?a } } }", ()),
    ],
)
def test_the_columns_of_select_all_are_in_the_order_of_the_text(text: str, variables: tuple[str, ...]) -> None:
    assert checked(text).variables == variables


def test_depth() -> None:
    assert checked("ASK " + "{" * 300 + "}" * 300)
    with pytest.raises(Refused) as refused:
        checked("ASK " + "{" * 401 + "}" * 401)
    assert refused.value.kind == "depth"


def test_escapes_outside_of_texts_are_resolved() -> None:
    query = "SELECT ?\\u0061 { \\u0042IND(1 AS ?a) }"
    assert [row["a"].value for row in Store().query(checked(query).text)] == ["1"]
    assert checked("ASK { ?s ?p '\\u0027' }").text == "ASK { ?s ?p '\\u0027' }"


# --- against the engine -----------------------------------------------------------------------------------------------
class Listener:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.visits = 0
        self.thread = threading.Thread(target=self._count, daemon=True)
        self.thread.start()

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


def reaches(store: Store, text: str, listener: Listener) -> bool:
    """Tell whether the engine, given this text, goes to the listener; text that is no SPARQL goes nowhere."""
    before = listener.visits
    try:
        found = store.query(text, prefixes={"e": listener.url, "": listener.url})
        list(found) if hasattr(found, "__iter__") else bool(found)
    except (SyntaxError, OSError, RuntimeError, ValueError):
        pass
    return listener.visits > before


def disguises(url: str) -> list[str]:
    """Queries in which the word stands where readers may differ: after and between all kinds of other tokens."""
    before = (
        *("", "?b<?b&&?b>", "1<", "FILTER(?b<?b)", "FILTER(?b<?b)#>\n", "?s ?p 1", "?s ?p e:a.", "?s ?p e:", "?s a"),
        *("?s e:p?", "?s ?p 'a'@en", "?s ?p _:b.", "'", '"', "''", "<", "<a", "#>\n", "e:", "\\", "?s ?p true"),
        *("?s ?p <a>.", "{}"),
    )
    after = (f" <{url}> {{}}", f"<{url}>{{}}", "#>\n e:x {}", " e:x {}", ":x {}", f" SILENT <{url}> {{}}", "#'\n e: {}")
    return [f"ASK {{ BIND(1 AS ?b) {a}SERVICE{b} }}" for a, b in itertools.product(before, after)]


def test_no_disguise_gets_past_guard_and_engine() -> None:
    listener, store = Listener(), Store()
    store.update("INSERT DATA { <http://e/s> <http://e/p> 1 }")
    try:
        texts = disguises(listener.url)
        random.Random(5).shuffle(texts)
        assert sum(reaches(store, text, listener) for text in texts) > 20, "the disguises themselves work"
        for text in texts:
            try:
                safe = checked(text).text
            except Refused:
                continue
            assert not reaches(store, safe, listener), text
    finally:
        listener.close()


def test_a_worker_reaches_nobody_even_if_the_guard_were_passed() -> None:
    if sys.platform != "linux":
        raise unittest.SkipTest("workers have no ban on sockets on this system; the guard stands alone")
    listener = Listener()
    program = f"""
import sys
from pyoxigraph import Store
from pacta.pages.endpoint import sandbox
store = Store()
missing = sandbox.lock_up(memory=400_000_000) if sys.argv[1] == "locked" else ()
try:
    bool(store.query("ASK {{ SERVICE <{listener.url}> {{ }} }}"))
except PermissionError:
    print("refused", bool(store.query("ASK {{ }}")))
except OSError:
    print("reached without a ban" if missing else "reached")
"""
    try:
        said = [
            subprocess.run([sys.executable, "-c", program, how], capture_output=True, text=True, check=True).stdout
            for how in ("open", "locked")
        ]
        if said == ["reached\n", "reached without a ban\n"]:
            raise unittest.SkipTest("this system lets no program ban its own sockets; the guard stands alone")
        assert said == ["reached\n", "refused True\n"]
        assert listener.visits == 1
    finally:
        listener.close()


def test_the_filter_of_calls_jumps_to_its_end() -> None:
    steps = list(struct.iter_unpack("HBBI", sandbox._filter(7, (1, 2, 3))))
    allow, refuse = len(steps) - 2, len(steps) - 1
    assert (steps[allow][3], steps[refuse][3]) == (0x7FFF0000, 0x00050001)
    assert 1 + 1 + steps[1][2] == refuse  # another machine
    assert 3 + 1 + steps[3][1] == refuse  # the second table
    for place in (4, 5, 6):
        assert place + 1 + steps[place][1] == refuse
        assert place + 1 + steps[place][2] == place + 1


def test_marks_leave_other_formats_alone() -> None:
    assert marked(b"a,b\r\n", "csv", 1, "http://e/") == b"a,b\r\n"
    assert marked(b'<?xml version="1.0"?><a/>', "rdfxml", 1, "http://e/?a--b").count(b"--") == 2
