"""The converter against texts nobody writes: it never crashes or hangs, and what it says of a text is true to it.

Whatever the text, its record conforms to the shapes, each span quotes the text verbatim, no word of it becomes a part
of an IRI or of a page's markup, and the bytes do not depend on hash seeds, processes or the order of files.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacta.commands.marked import as_html
from pacta.documents import read
from pacta.errors import ConversionError
from pacta.exports import graph_to
from pacta.model import Document, Metadata, Record
from pacta.pipeline import Converter
from pacta.validation import Context, Validator
from pacta.vocabulary import PACTA, RDF

SAID = "The Ruritanian army said on Monday that it had left the village. The group denied the claim."
SAFE_IRI = re.compile(r"https?://[A-Za-z0-9.-]+/[A-Za-z0-9._+/#-]*(?:#char=\d+,\d+)?")

TEXTS = {
    "one mark": '"',
    "marks only": "“”«»„\"''``",
    "marks unclosed": "“The army said “that it “had left.\n\n“It said so.",
    "marks crossed": '"The army” said “that it" had left.»',
    "punctuation": "... !!! ??? -- ()[]{}<> ,;: – —",
    "blank lines": "\n\n \n.\n\n\t\n",
    "empty sentences": ". . . ! ? . The army said . that it left . .",
    "zero width": "\u200bThe\u200b army\u200b said\u200d that\ufeff it left.",
    "only zero width": "\u200b\u200c\n\u200d",
    "bidi": "\u202eThe army\u202c said \u2066that it left\u2069. \u200fIt denied the claim.\u202e",
    "two directions": "قال الجيش إنه غادر. The الجيش army said that it left.",
    "combining": "The a" + "\u0301" * 3000 + "rmy said that it left.",
    "emoji": "👩‍👩‍👧‍👦 said that 🚀 hit 🏠. 🇺🇳 denied the claim 😀.",
    "soft hyphens": "The Ruri\u00adtanian army said that it had left.",
    "control characters": "The army\x01 said\x02 that\x1b[31m it left.\x7f",
    "noncharacters": "The \uffff army said \ufffe that it left. \ufdd0",
    "line ends": "The army said\r\nthat it\rleft.\r\n\r\nIt denied\x0bthat\x0cclaim.\x85Next\u2028line\u2029end.",
    "capitals": "JUNK SAYS IT HAD LEFT\n\nArmy Says It Had Left\n\nArmy: It Had Left The Town\n",
    "case that grows": "İSTANBUL ARMY SAYS İT HAD LEFT\n\nIstanbul İİİ said that ﬁ ﬀ ß had left. ŉ",
    "digits of elsewhere": "The army said that ½ of them and ٣ civilians were killed on ٣ May 2020, x² and ③.",
    "long numbers": f"He said that 1{'0' * 400} soldiers were killed {'9' * 400} km north of it {'9' * 999} days ago.",
    "no such dates": "On 31 February 2020, 29 February 2021, 30.02.2020, 2020-13-45, 24:59, 23:59:61 it left, it said.",
    "odd zones": "It said it left at 12:30 GMT+14:30, 12:30 UTC-23:59, 12:30+99:99, 12:30 Nowhere time on 1 May 2020.",
    "all time": "The army said that since 1900, by 2099 and in the past 100 years it had left 999 years ago.",
    "hyphens": "Upper-Lower-" * 30 + " said that it left.",
    "huge word": "a" * 100_000,
    "huge word in a sentence": f"The army said that {'A' * 50_000} had left.",
    "markup": '<p>The <b>army</b> said that it <a href="javascript:x">left</a>.</p><!-- -->&amp;&#0;]]>',
    "script": 'javascript:alert(1) said that "<script>alert(1)</script>" was hit by data:text/html,<b>x</b>.',
    "turtle": 'The <http://e.org/a b> army said that <urn:x> had left. Mr. "} . <x> <y> <z> . said it had left.',
    "paths": "../../etc/passwd said that ..%2f..%2f left. The ../../ army denied it. C:\\x said so.",
    "a sign alone": "# condemned the. citing# b?c=<d> 👩‍👩‍👧dismissed Ruritanianthe",
    "a part of what nobody described": "The parties referred the matter under paragraph 36 of the accord.",
    "no such clause": "Armenia said that Azerbaijan violated clauses 1-99 and article 4(<b>) of the ceasefire deal.",
    "counts, not clauses": "A says the deal has 50 points. It needs 3 articles and 10 items.",
    "persons of persons": "Aliyev's press service said it had left. Putin's lawyer Ivan Petrov denied that it had.",
    "persons together": "Both Ilham Aliyev and Vladimir Putin said that they had left.",
    "near, no measure": "Prisoners near Yerevan, Ruritania shelled.",
    "local mean time": "Baku said on 3 May 1890 that it would attack Yerevan. In 1890 Baku attacked it, Moscow said.",
    "templates": "{0} said that %s had left {{ x }} ${y}. The %d army denied it.",
}


def document(text: str, **metadata: str) -> Document:
    digest = sha256(text.encode()).hexdigest()
    return Document(digest[:12], digest, len(text.encode()), text, Metadata(**metadata), "a text", digest)


@pytest.fixture(scope="module")
def check(converter: Converter) -> Callable[[Document], list[ox.Quad]]:
    """Convert a document, and hold it to all that must be true of every record."""
    validator = Validator()
    graphs = converter.reference_quads()
    run = graphs.pop(converter.iris.provenance_graph())
    context: Context = validator.context([quad for quads in graphs.values() for quad in quads])

    def checked(given_document: Document) -> list[ox.Quad]:
        record = converter.record(given_document)
        quads = converter.quads(record)
        report = validator.validate_record([*quads, *run], context)
        assert report.conforms, report.to_text()
        assert_verbatim(quads, given_document.text)
        assert_spans_hold(json.loads(json.dumps(converter.annotation(record))), given_document.text)
        assert_safe(quads)
        return quads

    return checked


def assert_verbatim(quads: list[ox.Quad], text: str) -> None:
    """Every text span quotes what stands at its offsets."""
    values: dict[tuple[Any, str], str] = {
        (quad.subject, quad.predicate.value.removeprefix(PACTA)): quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.Literal)
    }
    spans = [q.subject for q in quads if q.predicate.value == f"{RDF}type" and q.object.value == f"{PACTA}TextSpan"]
    for span in spans:
        start, end = int(values[span, "charStart"]), int(values[span, "charEnd"])
        assert 0 <= start < end <= len(text)
        assert values[span, "quote"] == text[start:end]


def assert_spans_hold(annotation: dict[str, Any], text: str) -> None:
    assert annotation["text"] == text
    identities = [statement["id"] for statement in annotation["statements"]]
    assert len(set(identities)) == len(identities)
    for statement in annotation["statements"]:
        assert statement["content"]
        assert statement["speaker"]["label"].strip()
        assert statement["respondsTo"] is None or statement["respondsTo"] in identities
        for role in ("source", "cue", "content"):
            spans = statement[role] or []
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(one[1] <= other[0] for one, other in pairwise(spans))
            assert not any(text[start].isspace() or text[end - 1].isspace() for start, end in spans)
    for mention in annotation["agreementMentions"]:
        start, end = mention["span"]
        assert 0 <= start < end <= len(text)


def assert_safe(quads: list[ox.Quad]) -> None:
    terms = {term for q in quads for term in (q.subject, q.predicate, q.object, q.graph_name)}
    assert not any(isinstance(term, ox.BlankNode) for term in terms)
    unsafe = [t.value for t in terms if isinstance(t, ox.NamedNode) and not SAFE_IRI.fullmatch(t.value)]
    assert not unsafe


# --- texts ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", TEXTS)
def test_odd_texts_give_sound_records(check: Callable[[Document], list[ox.Quad]], name: str) -> None:
    check(document(TEXTS[name]))


_WORDS = st.sampled_from(
    """the army|The Ruritanian army|Ruritania|the ministry|the group|it|they|he|Colonel Ivan Petrov|the spokesman
    |said that|said|denied|denied that|accused|rejected|called|called for|pledged to|warned of|according to|citing
    |dismissed|condemned|demanded that|violated|attacked|shelled|killed|opened fire|left|was|were|not|of|as|by|and|who
    |the attack|the claim|the agreement|a statement|two soldiers|no casualties|3 civilians|fire|prisoners|photographs
    |on Monday|on 3 May 2020|yesterday|early on Wednesday morning|overnight|at 12:30|since 2016|last week|two days later
    |about 40 km north of Zor|from 12 to 13 September|2020|1.5|4%|$1,000|A.B.""".replace("\n    ", "").split("|")
)
_SIGNS = st.sampled_from(
    [
        *".,:;!?…—–-()[]{}<>/\\|@&%*^~`'\"“”„«»‘’",
        *(
            "''",
            "``",
            "'s",
            "’s",
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "\u00a0",
            "\u2028",
            "²",
            "\u200b",
            "\u200d",
            "\u202e",
            "\u2066",
        ),
        *("\ufeff", "\u0301", "😀", "İ", "ﬁ", "٣", "<b>", "</script>", "&lt;"),
    ]
)
_TEXTS = st.one_of(
    st.lists(st.one_of(_WORDS, _WORDS, _SIGNS), min_size=1, max_size=60).map(" ".join),
    st.lists(st.one_of(_WORDS, _SIGNS), min_size=1, max_size=40).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200),
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(text=_TEXTS, published=st.sampled_from(["", "2020-05-10", "2021-08-13T10:30:00+04:00"]))
def test_any_text_gives_a_sound_record(check: Callable[[Document], list[ox.Quad]], text: str, published: str) -> None:
    for item in read(BytesIO(text.encode()), format_name="text", metadata=Metadata(published=published or None)):
        if isinstance(item, Document):
            check(item)
        else:
            assert item.remedy


@pytest.mark.parametrize("outlet", ['<x> "y" ../..', "\u200b", "🚀", "a" * 5000, ".", "..", "%2e%2e", "a/b#c?d"])
def test_outlet_names_make_safe_iris(check: Callable[[Document], list[ox.Quad]], outlet: str) -> None:
    check(document(SAID, outlet=outlet, published="2021-08-13"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[::1", "file:///etc/passwd"])
def test_addresses_other_than_of_the_web_are_left_out(check: Callable[[Document], list[ox.Quad]], url: str) -> None:
    quads = check(document(SAID, url=url))
    assert not any(quad.predicate.value.endswith("terms/source") for quad in quads)


@pytest.mark.parametrize("published", ["1890-05-05", "1700-01-01", "2100-12-31"])
def test_old_and_far_days_are_dated(check: Callable[[Document], list[ox.Quad]], published: str) -> None:
    check(document("Baku said on Monday that it would attack tomorrow. Moscow denied it.", published=published))


# --- time -------------------------------------------------------------------------------------------------------------
LONG = {
    "straight quotation marks": '"' * 100_000,
    "opening quotation marks": "“" * 20_000,
    "quotation marks apart": '" ' * 20_000,
    "apostrophes": "'" * 20_000,
    "full stops": "." * 50_000,
    "letters with stops": "a." * 10_000,
    "hyphens": "-" * 50_000,
    "blank lines": "a" + "\n" * 50_000 + "b",
    "zero width joiners": "\u200d" * 50_000,
    "combining marks": "a" + "\u0301" * 50_000,
    "a line of words": "word " * 20_000,
    "open brackets": "(" * 6_000,
    "commas": "," * 6_000,
    "emoji": "😀" * 4_000,
    "capitals with hyphens": "A-" * 4_000,
    "numbers with commas": "9," * 10_000,
    "a date and blanks": "3 May 2020" + " " * 20_000 + "x",
    "clauses in clauses": "he said that " * 400,
    "empty quotations": "“” " * 5_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_runs_take_seconds_at_most(converter: Converter, name: str) -> None:
    text = LONG[name]
    begun = time.process_time()
    converter.quads(converter.record(document(text)))
    assert time.process_time() - begun < 20


# --- neutral output ---------------------------------------------------------------------------------------------------
MARKUP = (
    "<script>alert(1)</script> said on Monday that “javascript:alert(1) </div></body> had left”. The <img src=x "
    'onerror=alert(1)> ministry denied the claim. Colonel "><svg/onload=1> Petrov said that it had left.\r\n'
    "The army of ^`{}| said that <urn:x> \U0001f600 had left. } . <x> <y> <z> . # \\u0041 \\"
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}


def test_markup_of_a_text_is_text_on_the_page(converter: Converter) -> None:
    hostile = document(MARKUP, title="<script>x</script>", outlet='"><script>', id="</title><script>")
    page = as_html([converter.annotation(converter.record(hostile))])
    found = _Tags()
    found.feed(page)
    assert not found.tags & {"script", "img", "svg", "iframe", "base", "object"}
    assert not any(name.startswith("on") for name in found.attributes)
    assert all(address.startswith("#") for address in found.addresses)


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        ("trig", ox.RdfFormat.TRIG),
        ("ntriples", ox.RdfFormat.N_TRIPLES),
        ("nquads", ox.RdfFormat.N_QUADS),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_every_character_comes_back_from_a_file(
    check: Callable[[Document], list[ox.Quad]], name: str, syntax: ox.RdfFormat
) -> None:
    quads = check(
        document("\n".join([MARKUP, *(TEXTS[t] for t in ("control characters", "bidi", "line ends", "turtle"))]))
    )
    data = graph_to(quads, name, include_text=True)
    back = ox.parse(input=data, format=syntax)
    assert {quad.triple for quad in back} == {quad.triple for quad in quads}


# --- the same bytes ---------------------------------------------------------------------------------------------------
def test_neighbours_do_not_change_a_record(converter: Converter) -> None:
    documents = [document(TEXTS[name]) for name in TEXTS if len(TEXTS[name]) < 1000]
    alone = {d.key: converter.quads(converter.record(d)) for d in documents}
    for order in (documents, documents[::-1]):
        for record in converter.records(order):
            assert isinstance(record, Record)
            assert converter.quads(record) == alone[record.document.key]


def test_seeds_processes_and_order_do_not_change_a_byte(tmp_path: Path, repository: Path) -> None:
    for number, name in enumerate(TEXTS):
        if len(TEXTS[name]) < 1000 and TEXTS[name].isprintable():
            (tmp_path / f"{number:02}.txt").write_text(f"{TEXTS[name]} {SAID}", encoding="utf-8")
    files = sorted(tmp_path.glob("*.txt"), key=lambda path: path.name)
    assert len(files) > 10

    def converted(seed: str, jobs: str, order: list[Path]) -> bytes:
        command = [sys.executable, "-m", "pacta", "convert", "-q", "-f", "nquads", "-j", jobs, *map(str, order)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        result = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=repository)
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout

    first = converted("0", "1", files)
    assert first.count(b"\n") > 300
    assert converted("1", "2", files[::-1]) == first
    assert converted("2", "1", files[5:] + files[:5]) == first


# --- failures ---------------------------------------------------------------------------------------------------------
def test_a_document_that_fails_stops_no_other(converter: Converter, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [document(f"{SAID} {n}") for n in range(3)]
    read = Converter._read

    def failing(self: Converter, doc: Document, parse: Any) -> Record:
        if doc is texts[1]:
            raise IndexError("out of the blue")
        return read(self, doc, parse)

    monkeypatch.setattr(Converter, "_read", failing)
    first, second, third = converter.records(texts)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(second, tuple)
    assert second[0] is texts[1]
    assert isinstance(second[1], ConversionError)
    assert "out of the blue" in str(second[1])
    assert str(pickle.loads(pickle.dumps(second[1]))) == str(second[1])  # what another process sends back
