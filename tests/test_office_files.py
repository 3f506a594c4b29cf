"""Word files with tracked changes and notes, letters of odd charsets and parts, and archives that break off."""

from __future__ import annotations

import base64
import gzip
import io
import re
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import brotli
import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter

from pacta.documents import read
from pacta.errors import BinaryInput, InputError, UnreadableFile
from pacta.model import Document

SAID = "The foreign ministry of Borduria said on Wednesday that the ridge was calm and that nobody had been hurt."
W = nsdecls("w")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def items(raw: bytes, format_name: str) -> list[Document | InputError]:
    return list(read(io.BytesIO(raw), format_name=format_name))


def text_of(raw: bytes, format_name: str) -> str:
    (item,) = items(raw, format_name)
    assert isinstance(item, Document), item
    return item.text


# --- Word -------------------------------------------------------------------------------------------------------------
def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words} </w:t></w:r>'


def word(*parts: str, notes: str = "") -> bytes:
    """Return a Word file of one paragraph with these parts of XML, and after it those that are no runs."""
    made = docx.Document()
    paragraph = made.add_paragraph("It said")
    paragraph.add_run(" ")
    for part in parts:
        at = re.match(r"<w:\w+", part).end()  # type: ignore[union-attr]
        node = parse_xml(f"{part[:at]} {W}{part[at:]}")
        if node.tag.endswith("}tbl") or (node.tag.endswith("}sdt") and node.find(".//{*}p") is not None):
            made.element.body.insert(-1, node)
        else:
            paragraph._p.append(node)
    raw = io.BytesIO()
    made.save(raw)
    if not notes:
        return raw.getvalue()
    written = io.BytesIO()
    with ZipFile(raw) as old, ZipFile(written, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="n" Type="{RELATION}/footnotes" Target="footnotes.xml"/>'
                content = content.replace("</Relationships>", f"{link}</Relationships>")
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                link = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>'
                content = content.replace("</Types>", f"{link}</Types>")
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", f"<w:footnotes {W}>{notes}</w:footnotes>")
    return written.getvalue()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (f'<w:ins w:id="1" w:author="a">{run("that nobody")}</w:ins>', "It said that nobody\n"),
        ('<w:del w:id="1" w:author="a"><w:r><w:delText>never</w:delText></w:r></w:del>', "It said\n"),
        (f'<w:moveFrom w:id="1" w:author="a">{run("here")}</w:moveFrom>', "It said\n"),
        (f'<w:moveTo w:id="1" w:author="a">{run("there")}</w:moveTo>', "It said there\n"),
        (f'<w:smartTag w:element="place">{run("Borduria")}</w:smartTag>', "It said Borduria\n"),
        (f"<w:sdt><w:sdtContent>{run('in a form')}</w:sdtContent></w:sdt>", "It said in a form\n"),
        (f'<w:fldSimple w:instr=" REF a ">{run("as above")}</w:fldSimple>', "It said as above\n"),
        ('<w:r><w:instrText>PAGE</w:instrText><w:t>on</w:t><w:tab/><w:t>and</w:t><w:br/><w:t>on</w:t></w:r>',
         "It said on\tand\non\n"),
        (f"<w:sdt><w:sdtContent><w:p>{run(SAID)}</w:p></w:sdtContent></w:sdt>", f"It said\n\n{SAID}\n"),
        (f"<w:r><w:pict><w:txbxContent><w:p>{run(SAID)}</w:p></w:txbxContent></w:pict></w:r>", f"It said\n\n{SAID}\n"),
        (f"<w:tbl><w:tr><w:tc><w:p>{run('Day')}</w:p></w:tc><w:sdt><w:sdtContent><w:tc><w:p>{run('Place')}</w:p></w:tc>"
         f"</w:sdtContent></w:sdt></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('Gone')}"
         f"</w:p></w:tc></w:tr><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p>{run('Within')}</w:p></w:tc></w:tr></w:tbl><w:p/></w:tc>"
         "</w:tr></w:tbl>", "It said\n\nDay | Place\n\nWithin\n"),
    ],
    ids=["inserted", "deleted", "moved from", "moved to", "smart tag", "control", "field", "signs", "block control",
         "text box", "table"],
)  # fmt: skip
def test_a_word_file_is_read_with_its_changes_accepted_and_nothing_left_out(part: str, expected: str) -> None:
    assert text_of(word(part), "word") == expected


def test_notes_of_a_word_file_stand_at_its_end() -> None:
    parting = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>-----</w:t></w:r></w:p></w:footnote>'
    note = f'<w:footnote w:id="2"><w:p>{run("As of Monday.")}</w:p></w:footnote>'
    raw = word('<w:r><w:t>so.</w:t><w:footnoteReference w:id="2"/></w:r>', notes=parting + note)
    assert text_of(raw, "word") == "It said so.\n\nAs of Monday.\n"


def test_a_word_file_with_a_password_is_told() -> None:
    (found,) = items(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "word")
    assert isinstance(found, BinaryInput)
    assert "with a password" in str(found)


# --- letters ----------------------------------------------------------------------------------------------------------
def letter(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    return f"Subject: Ridge\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + body


def parts(*each: tuple[str, str], kind: str = "mixed", boundary: str = "A") -> bytes:
    inner = "".join(f"--{boundary}\nContent-Type: {name}\n\n{text}\n" for name, text in each)
    return f"{inner}--{boundary}--\n".encode()


CAFE = "The café said: “no”."


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", CAFE.encode()),
        ("text/plain; charset=us-ascii", CAFE.encode()),
        ("text/plain; charset=us-ascii", CAFE.encode("cp1252")),
        ("text/plain; charset=utf-8", CAFE.encode("cp1252")),
        ("text/plain; charset=windows-1252", CAFE.encode("cp1252")),
        ("text/plain; charset=x-nobody-knows", CAFE.encode()),
    ],
)
def test_a_letter_is_read_whatever_its_charset(kind: str, body: bytes) -> None:
    assert text_of(letter(kind, body), "mail") == CAFE


def test_a_letter_in_koi8_and_in_base64_is_decoded() -> None:
    body = base64.encodebytes("Мир, said the ministry.".encode("koi8-r"))
    assert text_of(letter('text/plain; charset="koi8-r"', body, "base64"), "mail") == "Мир, said the ministry."


def test_the_html_of_a_letter_stands_in_for_blank_words() -> None:
    body = parts(("text/plain", " "), ("text/html", f"<html><body><p>{SAID}</p></body></html>"))
    assert SAID in text_of(letter('multipart/alternative; boundary="A"', body, "7bit"), "mail")


def test_what_stands_behind_a_picture_belongs_to_a_letter() -> None:
    attached = 'text/plain\nContent-Disposition: attachment; filename="a.txt"'
    body = parts(("text/plain", SAID), ("image/png", "x"), ("text/plain", "It added this."), (attached, "Not this."))
    found = text_of(letter('multipart/mixed; boundary="A"', body, "7bit"), "mail")
    assert found.split("\n\n") == [SAID, "It added this."]


def test_a_letter_of_parts_within_parts_without_an_end_is_read() -> None:
    inner = f"--A\nContent-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n{SAID}"
    assert text_of(letter("multipart/mixed; boundary=A", inner.encode(), "7bit"), "mail") == SAID
    assert text_of(letter("multipart/mixed", SAID.encode(), "7bit"), "mail") == SAID


# --- archives ---------------------------------------------------------------------------------------------------------
def page(number: int) -> bytes:
    noise = "".join(sha256(f"{number} {n}".encode()).hexdigest() for n in range(9))  # that does not pack to nothing
    head = f"<html><head><title>Page {number}</title><!-- {noise} --></head>"
    return f"{head}<body><p>{SAID}</p><p>{SAID}</p></body></html>".encode()


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def archive(*bodies: tuple[bytes, dict[str, str]], packed: bool = False) -> bytes:
    records = []
    for number, (body, headers) in enumerate(bodies):
        lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", *(f"{name}: {value}" for name, value in headers.items())]
        http = "\r\n".join([*lines, "", ""]).encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/{number}\r\n"
        records.append(f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n")
    return b"".join(map(gzip.compress, records) if packed else records)


def told(found: list[Document | InputError]) -> list[str]:
    return [item.metadata.title or "" if isinstance(item, Document) else type(item).__name__ for item in found]


def test_pages_are_unpacked_in_each_way_that_servers_pack_them() -> None:
    br, gz, parted = {"Content-Encoding": "br"}, {"Content-Encoding": "gzip"}, {"Transfer-Encoding": "chunked"}
    raw = archive(
        (page(0), {}),
        (chunked(page(1)), parted),
        (gzip.compress(page(2)), gz),
        (chunked(gzip.compress(page(3))), {**gz, **parted}),
        (brotli.compress(page(4)), br),
        (chunked(brotli.compress(page(5))), {**br, **parted}),
    )
    assert told(items(raw, "warc")) == [f"Page {number}" for number in range(6)]


def test_a_page_that_cannot_be_unpacked_loses_no_neighbour() -> None:
    br = {"Content-Encoding": "br"}
    raw = archive((page(0), {}), (page(1), br), (brotli.compress(page(2))[:-20], br), (page(3), {}))
    found = items(raw, "warc")
    assert told(found) == ["Page 0", "BinaryInput", "BinaryInput", "Page 3"]
    assert "cannot be unpacked (br)" in str(found[1])
    assert "breaks off" in str(found[2])


def test_brotli_stops_at_the_limit_of_a_document() -> None:
    raw = archive((brotli.compress(bytes(300_000_000), quality=1), {"Content-Encoding": "br"}), (page(1), {}))
    assert len(raw) < 100_000
    assert told(items(raw, "warc")) == ["TooLarge", "Page 1"]


@pytest.mark.parametrize("whole", [False, True], ids=["a member a record", "one member"])
def test_a_packed_archive_that_breaks_off_gives_what_stands_before(tmp_path: Path, whole: bool) -> None:
    raw = archive(*((page(number), {}) for number in range(5)), packed=not whole)
    raw = gzip.compress(raw) if whole else raw
    file = tmp_path / "a.warc.gz"
    file.write_bytes(raw[:-60])
    found = list(read(file))
    assert told(found)[:3] == ["Page 0", "Page 1", "Page 2"]
    assert isinstance(found[-1], UnreadableFile)
    assert "breaks off" in str(found[-1])
    assert "Fetch the file again" in str(found[-1])


def test_an_archive_that_breaks_off_in_a_page_does_not_give_half_of_it() -> None:
    found = items(archive((page(0), {}), (page(1), {}))[:-150], "warc")
    assert told(found) == ["Page 0", "BinaryInput"]
    assert "breaks off" in str(found[1])


# --- PDF --------------------------------------------------------------------------------------------------------------
def test_a_pdf_with_a_password_is_told() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    raw = io.BytesIO()
    writer.write(raw)
    (found,) = items(raw.getvalue(), "pdf")
    assert isinstance(found, BinaryInput)
    assert "password" in str(found)
