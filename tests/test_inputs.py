"""Input formats that people have: pages, PDF, Word, e-mail, web archives, feeds, crawlers' JSON Lines, compressed."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pacta import errors
from pacta.documents import READERS, read
from pacta.errors import InputError
from pacta.model import Document, Metadata
from pacta.pipeline import Converter
from pacta.vocabulary import P

SAID = "The foreign ministry of Borduria said on Wednesday that the ridge was calm and that nobody had been hurt."
MORE = "The defence ministry of Syldavia called the claim false, and said that two men had been wounded overnight."


def everything(path: Path | io.BytesIO, **options: object) -> list[Document | InputError]:
    return list(read(path, **options))  # type: ignore[arg-type]


def one(path: Path | io.BytesIO, **options: object) -> Document:
    (item,) = everything(path, **options)
    assert isinstance(item, Document), item
    return item


def fault(path: Path | io.BytesIO, **options: object) -> InputError:
    (item,) = everything(path, **options)
    assert isinstance(item, InputError), item
    return item


# --- pages ------------------------------------------------------------------------------------------------------------
PAGE = f"""<!doctype html><html lang="en"><head><title>Ridge calm | The Syldavian Herald</title>
<meta property="og:site_name" content="The Syldavian Herald"><meta property="og:url" content="https://example.org/r/1">
<meta property="article:published_time" content="2023-05-04T10:00:00+02:00"></head><body>
<nav><a href="/">Home</a> <a href="/world">World news</a> <a href="/subscribe">Subscribe now</a></nav>
<article><h1>Ridge calm, says Borduria</h1><p>{SAID}</p><p>{MORE}</p></article>
<aside>Most read: ten recipes for the summer</aside><footer>All rights reserved</footer></body></html>"""


def test_a_page_gives_its_main_text_and_what_it_says_of_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(PAGE, encoding="utf-8")
    found = one(file)
    assert found.text == f"Ridge calm, says Borduria\n\n{SAID}\n\n{MORE}\n"
    assert found.metadata.title == "Ridge calm, says Borduria"
    assert found.metadata.outlet == "The Syldavian Herald"
    assert found.metadata.published == "2023-05-04"
    assert found.metadata.url == "https://example.org/r/1"
    assert found.byte_length == len(PAGE.encode())
    assert found.sha256 != found.text_sha256


def test_a_sidecar_wins_over_what_a_page_says(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"outlet": "The Ridge Post", "published": "2023-05-05"}', encoding="utf-8")
    found = one(tmp_path / "a.html").metadata
    assert (found.outlet, found.published, found.title) == ("The Ridge Post", "2023-05-05", "Ridge calm, says Borduria")


def test_a_page_in_another_encoding_is_read_by_what_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').replace("nobody", "no “café” guest")
    (tmp_path / "a.html").write_bytes(page.encode("windows-1252"))
    assert "no “café” guest had been hurt" in one(tmp_path / "a.html").text


def test_a_short_page_keeps_all_its_blocks(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>The truce held.</p>", encoding="utf-8")
    assert one(tmp_path / "a.html").text == "The truce held.\n"


# --- PDF --------------------------------------------------------------------------------------------------------------
def pdf(*pages: list[str]) -> bytes:
    """Write a PDF with one text line after the other on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for i, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    xref = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{xref}{trailer}".encode()


def test_a_pdf_gives_its_text_with_lines_joined_and_the_offsets_of_its_pages(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(["The ministry said the ridge", "was calm."], ["Nobody was hurt."]))
    found = one(tmp_path / "a.pdf")
    assert found.text == "The ministry said the ridge was calm.\n\nNobody was hurt.\n\n"
    assert found.pages == (0, found.text.index("Nobody"))


def test_spans_tell_the_page_they_begin_on(tmp_path: Path, converter: Converter) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(["Nothing is said on this page."], ["Armenia said that nobody was hurt."]))
    quads = converter.quads(converter.record(one(tmp_path / "a.pdf")))
    pages = {q.subject.value: int(q.object.value) for q in quads if q.predicate.value == P.pageNumber}  # type: ignore[union-attr]
    content = {q.object.value for q in quads if q.predicate.value == P.contentSpan}  # type: ignore[union-attr]
    assert content
    assert {pages[span] for span in content} == {2}


def test_a_pdf_without_a_text_layer_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([]))
    assert "no text layer" in str(fault(tmp_path / "a.pdf"))


# --- Word and e-mail --------------------------------------------------------------------------------------------------
def test_a_word_file_gives_paragraphs_headings_and_tables_in_order(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.title = "Two sides"
    made.add_heading("Ridge", level=1)
    made.add_paragraph(SAID)
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Dead", "None"
    made.add_paragraph(MORE)
    made.save(str(tmp_path / "a.docx"))
    found = one(tmp_path / "a.docx")
    assert found.text == f"# Ridge\n\n{SAID}\n\nDead | None\n\n{MORE}\n"
    assert found.metadata.title == "Two sides"


def test_a_word_file_that_unpacks_to_much_more_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.docx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 300_000_000)
    assert type(fault(tmp_path / "a.docx")) is errors.TooLarge


LETTER = f"""From: Press Service <press@example.org>
Subject: On the ridge
Date: Thu, 04 May 2023 10:00:00 +0200
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

{SAID.replace("calm", "=63alm")}
--b
Content-Type: text/html

<p>Something else</p>
--b--
"""


def test_a_letter_gives_its_body_and_headers(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(LETTER, encoding="utf-8")
    found = one(tmp_path / "a.eml")
    assert found.text.strip() == SAID
    assert found.metadata.title == "On the ridge"
    assert found.metadata.published == "2023-05-04T10:00:00+02:00"
    assert found.metadata.outlet == "Press Service"
    assert found.metadata.id == "<1@example.org>"


def test_a_letter_of_html_alone_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(f"Subject: x\nContent-Type: text/html\n\n<p>{SAID}</p>", encoding="utf-8")
    assert one(tmp_path / "a.eml").text == f"{SAID}\n"


# --- archives and feeds -----------------------------------------------------------------------------------------------
def warc(*pages: tuple[str, str, bytes], zipped: bool = False) -> bytes:
    records = []
    for url, kind, body in pages:
        http = f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(http)}\r\n\r\n"
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(map(gzip.compress, records) if zipped else records)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_web_archive_gives_a_document_for_each_page(tmp_path: Path, zipped: bool) -> None:
    file = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    file.write_bytes(
        warc(
            ("https://example.org/r/1", "text/html; charset=utf-8", PAGE.encode()),
            ("https://example.org/p.png", "image/png", b"\x89PNG"),
            ("https://example.org/t", "text/plain", MORE.encode()),
            ("https://example.org/bad", "text/html", b"\xff\xfe\xfa"),
            zipped=zipped,
        )
    )
    first, second, third = everything(file)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(third, InputError)
    assert (first.metadata.url, first.metadata.title) == ("https://example.org/r/1", "Ridge calm, says Borduria")
    assert SAID in first.text
    assert (second.metadata.url, second.text) == ("https://example.org/t", MORE)
    assert third.where == f"{file}:4"


def test_a_web_archive_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    whole = warc(("https://example.org/r/1", "text/html", PAGE.encode()), ("https://example.org/2", "text/html", b"x"))
    (tmp_path / "a.warc").write_bytes(whole[: len(whole) // 2] + b"\r\n\r\nWARC/none")
    items = everything(tmp_path / "a.warc")
    assert items
    assert any(isinstance(item, InputError) for item in items) or len(items) == 1


RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Herald</title><language>en</language>
<item><title>Ridge calm</title><link>https://example.org/1</link><guid>g1</guid>
<pubDate>Thu, 04 May 2023 10:00:00 +0200</pubDate><description>&lt;p&gt;{SAID}&lt;/p&gt;</description></item>
<item><title>More</title><link>javascript:alert(1)</link><description>{MORE}</description></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><entry><title>Ridge</title><id>urn:1</id>
<updated>2023-05-04T08:00:00Z</updated><content type="html">&lt;p&gt;{SAID}&lt;/p&gt;</content></entry></feed>"""


@pytest.mark.parametrize("suffix", ["rss", "xml"])
def test_a_feed_gives_a_document_for_each_entry(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.{suffix}").write_text(RSS, encoding="utf-8")
    first, second = everything(tmp_path / f"a.{suffix}")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.text == f"Ridge calm\n\n{SAID}\n"
    assert first.metadata == Metadata("g1", "https://example.org/1", "2023-05-04", "The Herald", "Ridge calm")
    assert second.metadata.url is None


def test_a_letter_that_is_forwarded_whole_is_read(tmp_path: Path) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content(f"<p>{SAID}</p>", subtype="html")
    outer.set_content("See below.")
    outer.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(bytes(outer))
    assert one(tmp_path / "a.eml").text.split() == f"See below. {SAID}".split()


def test_the_title_of_an_entry_is_read_as_html_where_it_is(tmp_path: Path) -> None:
    entry = (
        f'<entry><title type="html">Ridge &amp;amp; &lt;b&gt;river&lt;/b&gt;</title><summary>{SAID}</summary></entry>'
    )
    (tmp_path / "a.atom").write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>', encoding="utf-8")
    assert one(tmp_path / "a.atom").metadata.title == "Ridge & river"


def test_an_atom_feed_is_told_from_other_xml(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(ATOM, encoding="utf-8")
    assert one(tmp_path / "a.xml").metadata.outlet == "The Post"
    (tmp_path / "b.xml").write_text("<note/>", encoding="utf-8")
    assert type(fault(tmp_path / "b.xml")) is errors.UnknownInput


# --- what crawlers write, and compressed files ------------------------------------------------------------------------
def test_the_fields_of_crawlers_are_known(tmp_path: Path) -> None:
    rows = [
        {
            "maintext": SAID,
            "date_publish": "2023-05-04 10:00:00",
            "source_domain": "example.org",
            "url": "https://e.org/1",
        },
        {
            "text": SAID,
            "date": "2023-05-04",
            "sitename": "Herald",
            "hostname": "example.org",
            "source": "https://e.org/2",
        },
        {"text": SAID, "date": "soon", "published": "2023-05-06", "source": "feed"},
        {"text": SAID, "date": "soon"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = [item.metadata for item in everything(tmp_path / "a.jsonl") if isinstance(item, Document)]
    assert [(m.published, m.outlet, m.url) for m in found] == [
        ("2023-05-04", "example.org", "https://e.org/1"),
        ("2023-05-04", "Herald", "https://e.org/2"),
        ("2023-05-06", None, None),
        (None, None, None),
    ]


LINES = b"".join(json.dumps({"id": str(n), "text": SAID}).encode() + b"\n" for n in range(3))
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("suffix", PACK)
def test_compressed_files_give_what_the_plain_ones_give(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / f"b.jsonl{suffix}").write_bytes(PACK[suffix](LINES))
    plain, packed = everything(tmp_path / "a.jsonl"), everything(tmp_path / f"b.jsonl{suffix}")
    assert [d.key for d in packed if isinstance(d, Document)] == [d.key for d in plain if isinstance(d, Document)]
    assert len(packed) == 3


@pytest.mark.parametrize("suffix", PACK)
def test_a_compressed_file_that_breaks_off_is_told(tmp_path: Path, suffix: str) -> None:
    import random

    words = "".join(random.Random(1).choices("abcdefgh ", k=200_000)).encode()
    packed = PACK[suffix](b"\n".join(json.dumps({"text": w.decode()}).encode() for w in words.split(b"a")))
    (tmp_path / f"a.jsonl{suffix}").write_bytes(packed[: len(packed) // 2])
    items = everything(tmp_path / f"a.jsonl{suffix}")
    assert isinstance(items[-1], InputError)
    if suffix == ".gz":
        assert type(items[-1]) is errors.UnreadableFile
        assert "breaks off" in str(items[-1])


@pytest.mark.parametrize("suffix", PACK)
def test_a_small_file_that_unpacks_to_a_huge_one_stops_at_the_limit(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.txt{suffix}").write_bytes(PACK[suffix](b"a" * 50_000_000))
    assert type(fault(tmp_path / f"a.txt{suffix}", limit=1_000_000)) is errors.TooLarge


# --- languages --------------------------------------------------------------------------------------------------------
RUSSIAN = "Министерство обороны заявило в среду, что обстановка на линии соприкосновения остаётся спокойной."


def test_a_text_in_another_language_is_set_aside_by_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = [{"text": SAID}, {"text": RUSSIAN}, {"text": SAID, "language": "de"}, {"text": "Нет."}, {"text": MORE}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = everything(tmp_path / "a.jsonl")
    assert [type(item).__name__ for item in found] == [
        "Document", "OtherLanguage", "OtherLanguage", "Document", "Document"
    ]  # fmt: skip
    assert [item.where for item in found if isinstance(item, InputError)] == [
        f"{tmp_path / 'a.jsonl'}:2",
        f"{tmp_path / 'a.jsonl'}:3",
    ]
    assert "'ru'" in str(found[1])


def test_the_text_of_an_agreement_passes_in_any_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"1. {RUSSIAN}", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"kind": "agreement", "title": "Pact", "language": "ru"}', encoding="utf-8")
    assert RUSSIAN in one(tmp_path / "a.txt").text


# --- whatever comes ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("html", b"<html><body><p>"),
        ("pdf", pdf(["The truce held."])[:200]),
        ("word", b"PK\x03\x04"),
        ("mail", b"From: a@example.org\nContent-Type: text/plain; charset="),
        ("warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: "),
        ("feed", b"<rss><channel><item><description>"),
        ("akoma", b"<akomaNtoso>"),
        ("jsonl", b'{"text": '),
        ("text", b""),
    ],
)
def test_every_reader_is_tried_with_rubbish(name: str, begin: bytes) -> None:
    assert name in {row.name for row in READERS}

    @given(st.binary(max_size=300))
    @settings(max_examples=60, deadline=None)
    def answers(rubbish: bytes) -> None:
        for item in read(io.BytesIO(begin + rubbish), format_name=name):
            assert isinstance(item, Document | InputError)

    answers()


def test_each_reader_has_a_row_in_the_list_above() -> None:
    assert {row.name for row in READERS} == {"html", "pdf", "word", "mail", "warc", "feed", "akoma", "jsonl", "text"}
