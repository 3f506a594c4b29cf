"""Inputs nobody writes, made of inputs that are sound: for each reader and parser a strategy, and what must hold.

    python tests/fuzzing.py --examples 2000          # a long run over all targets, with a table of what came of it
    python tests/fuzzing.py --examples 20000 pdf word

The seeds lie in tests/fuzz/TARGET/, written for this; a fault that was found once is a seed too.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import pickle
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyoxigraph as ox
import zstandard
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st

from pacta import queries
from pacta.documents import READERS, read
from pacta.errors import InputError, KnowledgeError, QueryError
from pacta.headers import HeaderError, parse_header
from pacta.model import Document
from pacta.pages import negotiation

SEEDS = Path(__file__).parent / "fuzz"
SLOWEST = 20.0  # seconds of processor for one input of a few kB, on a machine with other work: more is a hang
_MARK = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

Outcome = str  # what came of an input: for the table of a run


@dataclass(frozen=True, slots=True)
class Target:
    """What is tried: `inputs` to give it, and `check`, which raises where its answer is wrong, and names the answer."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], Outcome]


# --- strategies -------------------------------------------------------------------------------------------------------
TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\udfff\\ud800",
    b"\xe2\x80\xae",
    b"\xe2\x81\xa7",
    b"\xf3\xa0\x80\xa1",
    b"9" * 40,
    b"-1",
    b"1e999",
    b"1" * 5000,
    b"99999999999999999999",
    b"0x7fffffff",
    b"\r",
    b"\r\n\r\n",
    b"\x1b[31m",
    b"\x85",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"&#0;",
    b"&#xd800;",
    b"<?xml version='1.0' encoding='utf-7'?>",
    b"<script>",
    b'"',
    b"'",
    b"\\",
    b"{",
    b"[",
    b"[" * 2000,
    b"}",
    b"<",
    b">",
    b"../../etc/passwd",
    b"file:///etc/passwd",
    b"javascript:alert(1)",
    b"%00",
    b"charset=utf-16",
    b"charset=zlib",
    b"charset=idna",
    b"charset=undefined",
    b"multipart/mixed",
    b"message/rfc822",
    b"boundary=b",
    b"=?utf-8?b?////?=",
    b"(" * 300,
    b"<<",
    b"endobj",
    b"stream",
    b"/Kids [2 0 R]",
    b"/Filter /LZWDecode",
    b"2 0 R",
    b"xmlns='http://x/'",
    b"w:val='999999999'",
    b"WARC/1.0\r\n",
    b"Content-Length: -5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"gzip",
)


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A sound input with a few bytes, tokens or slices put in, taken out, doubled or exchanged."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        how = draw(st.sampled_from(("token", "bytes", "cut", "end", "double", "flip", "splice")))
        if how == "token":
            data[at : at + draw(st.sampled_from((0, 0, 1, 8)))] = draw(st.sampled_from(TOKENS))
        elif how == "bytes":
            data[at:at] = draw(st.binary(max_size=12))
        elif how == "cut":
            del data[at : at + length]
        elif how == "end":
            del data[at:]
        elif how == "double":
            data[at:at] = data[at : at + length] * draw(st.integers(1, 20))
        elif how == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "splice":
            other = draw(st.sampled_from(seeds))
            begin = draw(st.integers(0, len(other)))
            data[at : at + length] = other[begin : begin + length]
    return bytes(data)


def seeds_of(name: str) -> tuple[bytes, ...]:
    """Return the seeds of a target; there is at least one."""
    found = tuple(path.read_bytes() for path in sorted((SEEDS / name).iterdir()))
    assert found, f"tests/fuzz/{name} is empty"
    return found


@st.composite
def _words(draw: st.DrawFn) -> bytes:
    """A Word file with one part changed, packed soundly."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(draw(st.sampled_from(seeds_of("word"))))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        names = old.namelist()
        changed = draw(st.sampled_from([*names, *["word/document.xml"] * 8]))
        for name in names:
            part = old.read(name)
            new.writestr(name, draw(mutated((part,))) if name == changed else part)
    return out.getvalue()


@st.composite
def _packed(draw: st.DrawFn) -> tuple[str, bytes]:
    """A compressed file that is damaged in its middle, its end, or what it holds."""
    suffix = draw(st.sampled_from((".jsonl.gz", ".jsonl.zst", ".txt.gz", ".txt.zst")))
    pack = gzip.compress if suffix.endswith(".gz") else zstandard.ZstdCompressor().compress
    data = pack(draw(mutated(seeds_of("jsonl")))) * draw(st.integers(1, 2))
    return suffix, draw(mutated((data,)))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    [
        "id",
        "url",
        "published",
        "outlet",
        "title",
        "language",
        "text",
        "kind",
        "agreement",
        "signed",
        "publisher",
        "edition",
        "parties",
        "mediators",
        "legalValue",
        "validFrom",
        "validUntil",
        "translationOf",
        "agreement_text",
        "maintext",
        "date",
        "source",
        "hostname",
    ]
)
_SAID = st.sampled_from(
    [
        "agreement",
        "2020-11-09",
        "2021-08",
        "２０２１-08-13",
        "2021-08-13T10:30+23:59",
        "2021-08-13T10:30:00.123456Z",
        "en",
        "x-\u202e",
        'http://e.org/<b> "',
        "urn:x",
        "a:b",
        "arm",
        "\ud800",
        "\u0000",
        "[" * 3000,
        "1" * 5000,
        "{}",
        "http://[",
        "http://e.org/\u202e%zz",
        "id:actor/x",
        "../../etc/passwd",
        "<script>alert(1)</script>",
    ]
)
_OBJECTS = st.dictionaries(_FIELDS | st.text(max_size=4), _SAID | _VALUES, max_size=7)
_SIDECARS = st.tuples(
    st.sampled_from((".txt", ".html", ".eml")),
    _OBJECTS.map(lambda o: json.dumps(o).encode()) | mutated((b'{"id": "a"}',)),
)
_RANGE = st.sampled_from(
    [
        "text/html",
        "text/*",
        "*/*",
        "application/ld+json",
        "text/turtle;q=0.5",
        'text/turtle;a="b,c"',
        "q=1",
        ";",
        ",",
        '"',
        "\\",
        "text/html;q=2",
        ";q=0.",
        " ",
        "é",
        "\0",
        "gzip",
        "br;q=0",
        "identity;q=0",
        "application/n-triples;charset=utf-16",
    ]
)
_ACCEPT = st.lists(_RANGE | st.text(max_size=6), max_size=30).flatmap(
    lambda parts: st.sampled_from([",", ";", ""]).map(lambda j: j.join(parts))
)
_LINE = st.sampled_from(
    [
        "#+ summary: a",
        "#+ parameters:",
        "#+   - name: x",
        "#+     type: iri",
        "#+     default: y",
        "#+ tags:",
        "#+   - t",
        "#+",
        "#+ :",
        "#+   ",
        "#+ question: 1",
        "#+ question: ²",
        "# x",
        "",
        "SELECT * {",
        "  VALUES ?x { UNDEF }",
        "}",
        "#+     name: z",
        "#+   - name: x\r",
        "#+\ttags: a",
        "#+ summary: \u2028b",
        "#+     type: string",
    ]
)
_HEADER = st.lists(_LINE | st.text(max_size=12).map(lambda t: f"#+ {t}"), max_size=25).map("\n".join)
_GIVEN = st.one_of(
    _SAID,
    st.text(max_size=30),
    st.integers(),
    st.dates(),
    st.sampled_from(
        [
            '" } ?a ?b ?c . #',
            "VALUES ?b { UNDEF }",
            '"\n  VALUES ?b { UNDEF }\n',
            "x> . DROP ALL #",
            "id:a}b",
            "\\u0022",
            "2021-08-13T10:00:00+04:00:30",
            "2021-W01-1T00:00+00:00",
            "+0",
            "-000000000000000001",
            "EN-latn",
        ]
    ),
)


# --- what must hold ---------------------------------------------------------------------------------------------------
def sound(item: Document | InputError) -> Outcome:
    """Hold a document or an error to what every one of them is."""
    if isinstance(item, InputError):
        said = str(item)
        assert said.isprintable(), said
        assert len(said) < 1500, said
        assert str(pickle.loads(pickle.dumps(item))) == said
        return type(item).__name__
    assert isinstance(item, Document)
    item.text.encode()
    assert "\0" not in item.text
    assert item.text.strip()
    assert list(item.pages) == sorted(item.pages)
    assert all(0 <= page <= len(item.text) for page in item.pages)
    assert re.fullmatch(r"[0-9a-f]{12}", item.key)
    known = item.metadata
    for value in (
        known.id,
        known.url,
        known.published,
        known.outlet,
        known.title,
        known.language,
        known.agreement_text,
    ):
        assert value is None or not _MARK.search(value), value
    assert re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", known.language)
    assert known.published is None or re.fullmatch(
        r"[12]\d{3}-\d\d(-\d\d(T[0-9:.]+([+-]\d\d:\d\d))?)?", known.published
    )
    if known.url:
        ox.NamedNode(known.url)
        assert not re.search(r'[\s<>"{}|\\^`]', known.url)
    if known.agreement_text is not None:
        assert isinstance(json.loads(known.agreement_text), dict)
    return "Document"


def _told(error: Exception) -> Outcome:
    assert len(str(error)) < 1500
    return type(error).__name__


def _outcome(found: Any) -> Outcome:
    """Return the commonest outcome among the documents and errors that a reader gives; there is at least one."""
    counted = Counter(map(sound, found))
    assert counted, "a reader that says nothing"
    return counted.most_common(1)[0][0]


def _reader(name: str) -> Callable[[bytes], Outcome]:
    return lambda data: _outcome(read(io.BytesIO(data), format_name=name))


def _file(given: tuple[str, bytes]) -> Outcome:
    suffix, data = given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(data)
        return _outcome(read(path))


def _sidecar(given: tuple[str, bytes]) -> Outcome:
    suffix, data = given
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.json").write_bytes(data)
        text = "Subject: A\n\nThe ministry said on Monday that it had left the village."
        Path(folder, f"a{suffix}").write_text(text, encoding="utf-8")
        return _outcome(read(Path(folder, f"a{suffix}")))


def _header(text: str) -> Outcome:
    line = 1
    try:
        parse_header(text)
    except HeaderError as error:
        line = error.line
    assert 1 <= line <= max(1, len(text.splitlines()))
    try:
        query = queries.from_text(text)
        for parameter in query.parameters:
            query.parameter(parameter.name)
    except (KnowledgeError, QueryError) as error:
        return _told(error)
    return "read"


_BOUND = """#+ summary: a
#+ parameters:
#+   - name: a
#+     type: {kind}
#+   - name: b
#+     type: string
SELECT * WHERE {{
  VALUES ?a {{ UNDEF }}
  VALUES ?b {{ UNDEF }}
  ?a ?b ?c
}}
"""


def _bind(given: tuple[str, Any, Any]) -> Outcome:
    """A value stays one term of its type: the query asks for it and nothing else, whatever is in it."""
    kind, value, other = given
    query = queries.from_text(_BOUND.format(kind=kind))
    try:
        text = query.bind({"a": value, "b": other})
    except QueryError as error:
        return _told(error)
    head, _, rest = text.partition("VALUES ?a { ")
    term, _, rest = rest.partition(" }\n  VALUES ?b { ")
    second, _, tail = rest.rpartition(" }\n  ?a ?b ?c\n}\n")
    assert (head, tail) == (query.text.partition("VALUES ?a { ")[0], ""), text
    for each in (term, second):
        (answer,) = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {each} }} }}")
        assert str(answer["x"]) == each or each.startswith("<"), text
    assert list(ox.Store().query(text)) == []
    if kind in ("date", "dateTime", "integer"):  # what the engine cannot read as a value would match nothing
        valid = ox.Store().query(f"ASK {{ FILTER(BOUND(?y)) BIND({term} + 0 AS ?y) }}") if kind == "integer" else True
        assert valid
        assert re.fullmatch(r'"[-+0-9T:.Z]+"\^\^<http://www.w3.org/2001/XMLSchema#\w+>', term), term
    return "bound"


def _negotiate(header: str) -> Outcome:
    offered = negotiation.offers("html", "turtle", "jsonld")
    chosen = negotiation.best(header, offered)
    assert chosen is None or chosen in offered
    assert negotiation.coding(header, ("br", "gzip")) in (None, "br", "gzip")
    assert len(negotiation.parse(header)) <= negotiation.MAX_PARTS
    assert all(0 <= each.weight <= 1 for each in negotiation.parse(header))
    assert len(negotiation.listed(header)) <= negotiation.MAX_PARTS
    return chosen.name if chosen else "none"


_INPUTS: dict[str, st.SearchStrategy[bytes]] = {"word": _words() | mutated(seeds_of("word"))}
_INPUTS["jsonl"] = mutated(seeds_of("jsonl")) | st.lists(
    _OBJECTS.map(lambda o: json.dumps(o).encode()), max_size=4
).map(b"\n".join)
TARGETS: dict[str, Target] = {
    **{row.name: Target(_INPUTS.get(row.name, mutated(seeds_of(row.name))), _reader(row.name)) for row in READERS},
    "compressed": Target(_packed(), _file),
    "sidecar": Target(_SIDECARS, _sidecar),
    "header": Target(_HEADER, _header),
    "parameter": Target(st.tuples(st.sampled_from(sorted(queries.TYPES)), _GIVEN, _GIVEN), _bind),
    "negotiation": Target(_ACCEPT | st.text(max_size=60), _negotiate),
}


def checked(target: Target, given: Any) -> Outcome:
    """Return what came of an input; raise where it is wrong, or took so long that somebody waits."""
    begun = time.process_time()
    outcome = target.check(given)
    assert time.process_time() - begun < SLOWEST
    return outcome


# --- a long run -------------------------------------------------------------------------------------------------------
def main() -> int:
    """Try every target, or the ones that are named, with many inputs; return 1 where one fails."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--examples", type=int, default=1000, metavar="N", help="inputs for each target")
    options.add_argument("targets", nargs="*", choices=[[], *TARGETS], metavar="TARGET", help=", ".join(TARGETS))
    chosen = options.parse_args()
    print(f"{'target':14}{'inputs':>8}{'s':>8}{'slowest':>9}  outcomes")
    return 1 if sum([not _tried(name, TARGETS[name], chosen.examples) for name in chosen.targets or TARGETS]) else 0


def _tried(name: str, target: Target, examples: int) -> bool:
    """Try a target, print a row of the table, and tell whether all went well."""
    outcomes: Counter[str] = Counter()
    slowest, begun = 0.0, time.process_time()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def each(data: Any) -> None:
        nonlocal slowest
        since = time.process_time()
        outcomes[checked(target, data)] += 1
        slowest = max(slowest, time.process_time() - since)

    verdict = ""
    try:
        each()
    except Exception as error:  # shown with the input that hypothesis found smallest
        notes = " ".join(getattr(error, "__notes__", ()))
        verdict = f"FAILED: {type(error).__name__}: {str(error)[:300]} {notes[:1500]}"
    told = ", ".join(f"{count} {kind}" for kind, count in outcomes.most_common(6))
    took = time.process_time() - begun
    print(f"{name:14}{sum(outcomes.values()):>8}{took:>8.1f}{slowest:>9.2f}  {told} {verdict}", flush=True)
    return not verdict


if __name__ == "__main__":
    os.nice(10)
    raise SystemExit(main())
