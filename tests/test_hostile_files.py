"""Bombs and broken files: each stops at a stated limit with an error that says so, and the batch goes on."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import time
import unittest
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
import zstandard

from pacta.agreements.html import html_text
from pacta.documents import READERS, html, jsonlines, pdf, read, warc, word
from pacta.documents.sidecars import MAX_BYTES as MAX_SIDECAR
from pacta.documents.sidecars import sidecars_in
from pacta.errors import BinaryInput, EmptyDocument, InputError, TooLarge, UnreadableFile
from pacta.model import Document, Metadata
from pacta.nesting import refuse_deep

SAID = "The foreign ministry of Borduria said on Wednesday that the ridge was calm and that nobody had been hurt."
MEMORY = 3_000_000_000  # bytes of addresses: the parser, its model and the bombs
SECONDS = 20.0  # of processor, on a machine with other work; what goes back over its input takes minutes
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


@contextmanager
def soon() -> Iterator[None]:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < SECONDS


def items(source: Path | bytes, format_name: str | None = None, **options: int) -> list[Document | InputError]:
    given = io.BytesIO(source) if isinstance(source, bytes) else source
    with soon():
        return list(read(given, format_name=format_name, **options))


def fault(source: Path | bytes, format_name: str | None = None, **options: int) -> InputError:
    (item,) = items(source, format_name, **options)
    assert isinstance(item, InputError), item
    return item


def one(source: Path | bytes, format_name: str | None = None) -> Document:
    (item,) = items(source, format_name)
    assert isinstance(item, Document), item
    return item


# --- PDF --------------------------------------------------------------------------------------------------------------
HELLO = b"BT /F1 12 Tf 72 720 Td (Hello) Tj ET "


def pdf_of(*objects: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", *objects), 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %b >>\nstream\n%b\nendstream" % (len(packed), more, packed)


def page(content: bytes, *more: bytes, kids: int = 1) -> bytes:
    resources = b"<< /Font << /F1 4 0 R >> /XObject << /X 6 0 R >> >>"
    return pdf_of(
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b"3 0 R " * kids, kids),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources %b >>" % resources,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(content),
        *more,
    )


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /Font << /F1 4 0 R >> /XObject << /X %d 0 R >> >>"


@pytest.mark.parametrize(
    ("bomb", "kind", "says"),
    [
        (lambda: page(HELLO + b" " * 30_000_000), BinaryInput, "Limit reached while decompressing"),
        (lambda: page(HELLO + b"[" * 100_000), BinaryInput, "damaged"),
        (lambda: pdf_of(b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), BinaryInput, "cyclic"),
        (
            lambda: pdf_of(*(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (i + 3) for i in range(3000))),
            BinaryInput,
            "depth",
        ),
        (lambda: page(b"", kids=6_000), TooLarge, "5,000 pages"),
        (lambda: pdf_of(b"<< /Type /Pages /Kids [] /Count 1000000000 >>"), EmptyDocument, "no text layer"),
    ],
)
def test_a_pdf_that_unpacks_nests_or_turns_in_circles_is_told(bomb: object, kind: type, says: str) -> None:
    found = fault(bomb(), "pdf")  # type: ignore[operator]
    assert type(found) is kind
    assert says in str(found)


@pytest.mark.parametrize(
    "bomb",
    [
        page(HELLO + b"q Q " * 2_000, kids=50),
        page(HELLO + b"/X Do " * 9, *(stream(HELLO + b"/X Do " * 9, FORM % (7 + i)) for i in range(8))),
        page(HELLO + b"/X Do " * 900, stream(HELLO + b" " * 1_000_000, FORM % 6)),
    ],
    ids=["one stream on many pages", "forms in forms", "forms of blanks"],
)
def test_the_work_of_reading_a_pdf_is_counted(bomb: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_WORK", 20_000)
    found = fault(bomb, "pdf")
    assert type(found) is TooLarge
    assert "too much work" in str(found)


def test_a_form_that_shows_itself_is_read_once() -> None:
    assert one(page(HELLO + b"/X Do", stream(HELLO + b"/X Do", FORM % 6)), "pdf").text.split() == ["Hello", "Hello"]


# --- Word -------------------------------------------------------------------------------------------------------------
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_of(body: str, head: str = "", part: str = "word/document.xml", whole: str | None = None) -> bytes:
    made, out = io.BytesIO(), io.BytesIO()
    docx.Document().save(made)
    text = whole or f'<?xml version="1.0"?>{head}<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>'
    with ZipFile(made) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


PARAGRAPH = f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("bomb", "kind", "says"),
    [
        (word_of("<w:p><w:r><w:t>" + "a b " * 26_000_000), TooLarge, "unpacks to"),
        (word_of("<w:sdt>" * 50_000), BinaryInput, "depth"),
        (word_of("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", LAUGHS + "]>"), BinaryInput, "damaged"),
        (word_of("", part="word/styles.xml", whole="<x/>"), BinaryInput, "damaged"),
    ],
    ids=["text", "depth", "laughs", "styles"],
)
def test_a_word_file_that_is_too_much_or_damaged_is_told(bomb: bytes, kind: type, says: str) -> None:
    found = fault(bomb, "word")
    assert type(found) is kind
    assert says in str(found)


def test_a_word_file_of_too_many_elements_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_ELEMENTS", 10_000)
    assert "XML elements" in str(fault(word_of("<w:p/>" * 20_000), "word"))


def test_a_cell_over_a_milliard_columns_is_written_once() -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{PARAGRAPH}</w:tc>'
    rows = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 2_000
    assert one(word_of(f"<w:tbl><w:tr>{cell}</w:tr>{rows}</w:tbl>"), "word").text == f"{SAID}\n"


@pytest.mark.parametrize("what", ['[<!ENTITY x SYSTEM "file:///etc/passwd">]', 'SYSTEM "file:///etc/passwd"'])
def test_no_file_comes_in_by_an_entity(what: str) -> None:
    head = f"<!DOCTYPE x {what}>"
    assert (
        one(word_of(PARAGRAPH.replace("</w:t>", "&x;</w:t>" if "[" in what else "</w:t>"), head), "word").text
        == f"{SAID}\n"
    )
    feed = (
        f'<?xml version="1.0"?>{head}<rss><channel><item><description>{SAID} &x;</description></item></channel></rss>'
    )
    assert "root:" not in one(feed.encode(), "feed").text
    akoma = fault(f"{head}<akomaNtoso>&x;</akomaNtoso>".encode(), "akoma")
    assert "document type" in str(akoma)
    assert "root:" not in html_text(f"<!DOCTYPE html {what}><p>&x;</p>").text


def test_no_entity_grows(tmp_path: Path) -> None:
    item = f"<item><description>{SAID} &j;</description></item>"
    feed = f'<?xml version="1.0"?>{LAUGHS}]><rss><channel>{item}</channel></rss>'
    assert len(one(feed.encode(), "feed").text) < 1000
    assert type(fault(f"{LAUGHS}]><akomaNtoso>&j;</akomaNtoso>".encode(), "akoma")) is BinaryInput
    assert len(one(f"{LAUGHS}]><p>{SAID} &j;</p>".encode(), "html").text) < 1000


# --- pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        '<a href="',
        "<!--",
        "<![CDATA[",
        "<?",
        "</",
        "<script>",
        "<div>",
        "<b><p>",
        "<ul><li>",
        "&#x",
        "<",
        "<table><tr><td>",
    ],
)
def test_a_page_takes_a_time_that_grows_with_its_length(part: str) -> None:
    with soon():
        html_text(f"<p>{SAID}</p>" + part * 100_000)
    with soon():
        list(read(io.BytesIO(f"<p>{SAID}</p>{part * 8_000}".encode()), format_name="html"))


def test_a_page_of_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_ELEMENTS", 1_000)
    attributes = " ".join(f"a{n}=1" for n in range(20_000))
    for bomb in (f"<p {attributes}>{SAID}", "<div>" * 900 + "<b>" * 200 + SAID, "<br>" * 2_000 + SAID):
        found = fault(bomb.encode(), "html")
        assert type(found) is TooLarge
        assert "At most 1,000, 1,000 and 1,000 are read" in str(found)


# --- letters, archives, lines -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "head",
    [
        "Subject: " + "=?utf-8?q?a?= " * 50_000,
        "From: " + "a@b.c, " * 50_000,
        "From: " + "(" * 50_000,
        "Message-ID: " + "<" * 9_000,
        "Content-Type: text/plain; " + "".join(f"a*{n}*=b; " for n in range(20_000)),
        "\n".join(f"X-{n}: a" for n in range(100_000)),
    ],
    ids=["encoded words", "senders", "comments", "id", "parameters", "headers"],
)
def test_the_headers_of_a_letter_never_cost_its_text(head: str) -> None:
    assert one(f"{head}\n\n{SAID}\n".encode(), "mail").text.strip() == SAID


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=b{n}\n\n--b{n}", "message/rfc822\n"])
def test_letters_in_letters_are_told(kind: str) -> None:
    letter = "".join(f"Content-Type: {kind.format(n=n)}\n" for n in range(3_000))
    assert type(fault(f"{letter}\n{SAID}".encode(), "mail")) is BinaryInput


def test_a_letter_of_a_thousand_parts_is_read() -> None:
    part = f"--b\nContent-Type: text/plain\n\n{SAID}\n"
    assert one(f"Content-Type: multipart/mixed; boundary=b\n\n{part * 1000}--b--".encode(), "mail").text.strip() == SAID


@pytest.mark.parametrize("headers", [b"A: " + b"b" * 3_000_000, b"A: b\r\n" * 500_000], ids=["long", "many"])
def test_the_headers_of_an_archive_are_bounded(headers: bytes) -> None:
    assert len(headers) > warc.MAX_HEADERS
    found = fault(b"WARC/1.0\r\nWARC-Type: response\r\n" + headers + b"\r\nContent-Length: 0\r\n\r\n", "warc")
    assert "headers of more than 1,048,576 bytes" in str(found)


def test_one_line_of_trash_costs_no_other(tmp_path: Path) -> None:
    trash = [
        "[" * 100_000,
        '{"text": ' + "1" * 100_000 + "}",
        '{"id": ' + "9" * 5_000 + ', "text": "a"}',
        "\\",
        '{"text": "\\ud800"}',
    ]
    good = json.dumps({"text": SAID})
    found = items("\n".join([good, *trash, good]).encode(), "jsonl")
    assert [isinstance(item, Document) for item in found] == [True, *[False] * len(trash), True]


def test_a_line_says_nothing_of_an_agreement() -> None:
    assert (
        one(json.dumps({"text": SAID, "agreement_text": '{"structure": 1}'}).encode(), "jsonl").metadata == Metadata()
    )


def test_a_line_without_end_ends_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:  # sparse: nothing on the disk
        file.seek((jsonlines.ENDLESS + 10) * 100_000)
        file.write(b"\n" + json.dumps({"text": SAID}).encode())
    found = fault(path, limit=100_000)
    assert type(found) is TooLarge
    assert "not read" in str(found)


def test_a_zstandard_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"text": f"{SAID} {n}"}) for n in range(3)).encode()
    frame = zstandard.ZstdCompressor().compress(lines)
    (tmp_path / "a.jsonl.zst").write_bytes(frame + b"\n"[:0] + frame[:-3])
    assert type(items(tmp_path / "a.jsonl.zst")[-1]) is UnreadableFile
    (tmp_path / "b.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(lines + b"\n") + frame)
    assert [type(item) for item in items(tmp_path / "b.jsonl.zst")] == [Document] * 6


# --- metadata ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", ["http://e.org/\U000e0021", "http://e.org/\u202ex", "http://e.org/a b<c>"])
def test_an_address_is_always_an_iri(url: str) -> None:
    found = one(json.dumps({"text": SAID, "url": url}).encode(), "jsonl").metadata.url or ""
    assert found.isascii()
    head = f'<html><head><meta property="og:url" content="{url}"></head>'
    page = f"{head}<article><p>{SAID}</p><p>{SAID}</p></article></html>"
    assert (one(page.encode(), "html").metadata.url or "").isascii()


@pytest.mark.parametrize(
    "sidecar",
    [
        "[" * 100_000,
        "1" * 10_000,
        '{"kind": "agreement", "agreement": "\\ud800"}',
        '{"id": "' + "a" * MAX_SIDECAR + '"}',
        '{"kind": "agreement", "parties": ["a\\u0000"]}',
        '{"' + "x" * 5_000 + '": 1}',
        '{"published": "' + "x" * 5_000 + '"}',
    ],
    ids=lambda text: text[:12],
)
def test_a_sidecar_of_trash_is_told_in_a_line(tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "a.json").write_text(sidecar, encoding="utf-8")
    said = str(fault(tmp_path / "a.txt"))
    assert "a.json" in said
    assert len(said) < 1000


def test_a_compressed_text_has_the_sidecar_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(SAID.encode()))
    (tmp_path / "a.json").write_text('{"outlet": "Herald"}', encoding="utf-8")
    assert one(tmp_path / "a.txt.gz").metadata.outlet == "Herald"


def test_sidecars_are_told_from_other_files(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "a.json", "b.meta.json", "b.html", "c.json", "d.pdf.gz", "d.json")]
    assert sorted(path.name for path in sidecars_in(paths)) == ["a.json", "b.meta.json", "d.json"]


# --- folders ----------------------------------------------------------------------------------------------------------
def test_a_folder_of_traps_gives_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "c.txt")
    os.mkfifo(tmp_path / "d.xml")
    (tmp_path / "e").symlink_to(tmp_path)
    (tmp_path / "f.txt").symlink_to(tmp_path / "f.txt")
    (tmp_path / f"{'g' * 240}.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "h\x1b[31m\n.txt").write_bytes(b"\xff")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/i\xff.txt")).write_text(SAID, encoding="utf-8")
    found = items(tmp_path)
    assert [type(item).__name__ for item in found] == [
        "Document",
        "UnreadableFile",
        "UnreadableFile",
        "UnreadableFile",
        "UnreadableFile",
        "Document",
        "NotUtf8",
        "Document",
    ]
    assert all(str(item).isprintable() for item in found if isinstance(item, InputError))


def test_a_folder_that_may_not_be_opened_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        raise unittest.SkipTest("the administrator may open every folder")
    (tmp_path / "closed").mkdir(mode=0)
    assert "cannot open the folder" in str(fault(tmp_path))


# --- RDF and SPARQL ---------------------------------------------------------------------------------------------------
DEEP = 1_000_000
PREFIX = "@prefix : <https://example.org/> .\n"
NODE = '<x:A xmlns:x="https://example.org/"><x:p>'
NESTED = {
    "nodes.ttl": f"{PREFIX}:a :b " + "[ :p " * DEEP + "1" + " ]" * DEEP + " .",
    "open.ttl": f"{PREFIX}:a :b " + "[" * DEEP,
    "lists.ttl": f"{PREFIX}:a :b " + "(" * DEEP + ")" * DEEP + " .",
    "lists.trig": f"{PREFIX}:g {{ :a :b " + "(" * DEEP,
    "terms.nq": "\n<x:a> <x:b> " + "<<( <x:a> <x:b> " * DEEP + '"1"' + " )>>" * DEEP + " .",
    "tree.jsonld": "\n" + '{"https://example.org/a":' * DEEP + "1" + "}" * DEEP,
    "tree.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n' + NODE * DEEP,
}


@pytest.fixture(scope="module")
def some_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rdf")
    (folder / "a.ttl").write_text(f"{PREFIX}:a :b :c .", encoding="utf-8")
    assert pacta("load", str(folder / "a.ttl"), "--store", str(folder / "store")) == (0, "")
    return folder / "store"


def pacta(*words: str, home: Path | None = None) -> tuple[int, str]:
    """Run a command in a process of its own, since what is tried may end it; return its exit code and its errors."""
    done = subprocess.run(
        [sys.executable, "-m", "pacta", "-q", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=os.environ | ({"PACTA_HOME": str(home)} if home is not None else {}),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("name", NESTED)
def test_rdf_that_nests_without_end_is_told_with_its_line(name: str, some_store: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(NESTED[name], encoding="utf-8")
    store = ("--store", str(some_store))
    for words in (
        ("load", str(file), *store),
        ("load", "--editorial", "x", str(file), *store),
        ("validate", str(file)),
    ):
        code, told = pacta(*words)
        assert code == 2, told[-300:]
        assert f"{file}:2" in told
        assert "500 levels" in told
        assert len(told) < 1000


@pytest.mark.parametrize("text", ["{" * DEEP, "{ ?a ?b ?c FILTER(" + "(" * DEEP, "{ ?a ?b " + "[ ?c " * DEEP])
def test_a_query_that_nests_without_end_is_told_with_its_line(text: str, some_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "deep.rq"
    file.write_text(f"#+ summary: one\nSELECT * WHERE {text}", encoding="utf-8")
    code, told = pacta("query", str(file), "--store", str(some_store))
    assert (code, "500 levels" in told, "deep.rq:2" in told) == (2, True, True), told[-300:]


def test_a_header_of_brackets_is_told_in_a_line(some_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "deep.rq"
    file.write_text("#+ " + "{a: [" * DEEP + "\nSELECT * { ?a ?b ?c }", encoding="utf-8")
    code, told = pacta("query", str(file), "--store", str(some_store))
    assert (code, "deep.rq:1" in told, len(told) < 1000) == (2, True, True), told[-300:]


def test_shapes_that_nest_without_end_are_told(tmp_path: Path, repository: Path) -> None:
    for name in ("ontology", "queries", "seeds"):
        (tmp_path / name).symlink_to(repository / name)
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "deep.ttl").write_text(NESTED["nodes.ttl"], encoding="utf-8")
    (tmp_path / "a.ttl").write_text(f"{PREFIX}:a :b :c .", encoding="utf-8")
    code, told = pacta("validate", str(tmp_path / "a.ttl"), home=tmp_path)
    assert (code, "deep.ttl:2" in told, "500 levels" in told) == (2, True, True), told[-300:]


def test_brackets_in_words_and_comments_do_not_nest() -> None:
    said = '"' + "[(<<{" * DEEP + '"'
    text = f"{PREFIX}# {'[' * 1000}\n:a :b {said}, '''{'(' * 1000}\n''', <https://example.org/{'(' * 1000}> ."
    with soon():
        refuse_deep(text.encode(), "turtle", "a.ttl")
        refuse_deep(f"<x:a> <x:b> {said} .".encode(), "nquads", "a.nq")
        refuse_deep(f'{{"https://example.org/b": {said}}}'.encode(), "jsonld", "a.jsonld")
        refuse_deep((PREFIX + ":a :b [ :p ( 1 2 ) ] .\n" * 10_000).encode(), "turtle", "b.ttl")


# --- a batch ----------------------------------------------------------------------------------------------------------
def test_a_build_goes_on_beside_bombs_in_bounded_memory(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(SAID, encoding="utf-8")
    (folder / "b.txt.gz").write_bytes(gzip.compress(b"a" * 300_000_000, compresslevel=1))
    (folder / "c.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(b"[" * 300_000_000))
    (folder / "d.docx").write_bytes(word_of("<w:p><w:r><w:t>" + "a b " * 30_000_000))
    (folder / "e.pdf").write_bytes(page(HELLO + b" " * 100_000_000))
    (folder / "f.html").write_text("<a " * 100_000, encoding="utf-8")
    with (folder / "g.txt").open("wb") as file:
        file.truncate(1_000_000_000)
    (folder / "h.txt").write_text(f"{SAID} It denied that.", encoding="utf-8")
    done = subprocess.run(
        ["nice", sys.executable, "-m", "pacta", "convert", "-f", "nquads", "-j", "1", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.returncode == 1, done.stderr
    told = [line for line in done.stderr.splitlines() if "pacta: error:" in line]
    assert [Path(line.partition("(")[2].partition(")")[0]).name.partition(":")[0] for line in told if "(/" in line]
    assert len(told) == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.count("#TextSpan") > 0


def test_every_reader_has_a_place_above() -> None:
    assert {row.name for row in READERS} == {"text", "html", "feed", "akoma", "jsonl", "pdf", "word", "mail", "warc"}
