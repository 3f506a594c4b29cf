"""Documents: text files with sidecars, JSON Lines, folders, streams; bad input is one clear error in its place."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacta import errors, resources
from pacta.documents import READERS, read
from pacta.errors import InputError
from pacta.model import Document, Metadata


def one(source, **options) -> Document:
    (item,) = read(source, **options)
    assert isinstance(item, Document), item
    return item


def fault(source, **options) -> InputError:
    (item,) = read(source, **options)
    assert isinstance(item, InputError), item
    assert item.what
    assert item.where
    assert item.remedy
    return item


def write(folder: Path, name: str, content: str | bytes | dict) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(**fields) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


# --- text files -------------------------------------------------------------------------------------------------------
def test_a_text_file_is_one_document_with_its_exact_bytes(tmp_path):
    raw = "Thé truce held.\r\n“Yes,” she said.\n".encode()
    document = one(write(tmp_path, "a.txt", raw))
    assert document.text == "Thé truce held.\r\n“Yes,” she said.\n"
    assert document.byte_length == len(raw)
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert document.text_sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.key == document.sha256[:12]
    assert document.metadata == Metadata()
    assert document.source_name == str(tmp_path / "a.txt")


def test_a_byte_order_mark_is_no_text_but_counts_in_the_bytes(tmp_path):
    raw = b"\xef\xbb\xbfThe truce held."
    document = one(write(tmp_path, "a.txt", raw))
    assert document.text == "The truce held."
    assert (document.byte_length, document.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())


@pytest.mark.parametrize("name", ["a.json", "a.meta.json"])
def test_a_sidecar_gives_metadata_and_options_win_over_it(tmp_path, name):
    path = write(tmp_path, "a.txt", "The truce held.")
    write(tmp_path, name, {"outlet": "The Courier", "published": "2024-02-29", "url": "https://example.org/a b|c"})
    assert one(path).metadata == Metadata(
        outlet="The Courier", published="2024-02-29", url="https://example.org/a%20b%7Cc"
    )
    assert one(path, metadata=Metadata(outlet="The Herald")).metadata.outlet == "The Herald"
    assert one(path, metadata=Metadata(title="Truce")).metadata.outlet == "The Courier"


def test_the_key_covers_bytes_and_outside_metadata(tmp_path):
    bare = one(write(tmp_path, "a.txt", "The truce held."))
    path = write(tmp_path, "b.txt", "The truce held.")
    write(tmp_path, "b.json", {"published": "2024-02-29"})
    dated = one(path)
    assert dated.sha256 == bare.sha256
    assert dated.key != bare.key
    canonical = b"The truce held.\0" + b'{"published":"2024-02-29"}'
    assert dated.key == hashlib.sha256(canonical).hexdigest()[:12]
    assert one(tmp_path / "a.txt", metadata=Metadata(published="2024-02-29")).key == dated.key


def test_the_first_document_of_the_project_is_there_unchanged():
    (document,) = [d for d in read(resources.path("seeds") / "documents") if isinstance(d, Document)]
    assert document.sha256 == "3609fe3b45b9780262b60936f428dd6cdd23bab875413530cf12fbbd698adf73"
    assert document.metadata.outlet == "RFE/RL"
    assert document.metadata.published is None


# --- JSON Lines -------------------------------------------------------------------------------------------------------
def test_json_lines_are_one_document_a_line(tmp_path):
    rows = [
        line(id="7", url="https://example.org/7", published="2024-02-29", outlet="O", title="T", text="A.\u2028B"),
        line(id=8, text="C", topic="other fields are ignored", published=None, outlet=""),
    ]
    first, second = read(write(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + b"\r\n\n".join(rows)))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.metadata == Metadata("7", "https://example.org/7", "2024-02-29", "O", "T", "en")
    assert first.text == "A.\u2028B"
    assert first.key == hashlib.sha256(rows[0]).hexdigest()[:12]
    assert first.source_name.endswith("a.jsonl:1")
    assert second.source_name.endswith("a.jsonl:3")
    assert second.metadata == Metadata(id="8")


def test_given_metadata_fill_what_a_line_leaves_open(tmp_path):
    path = write(tmp_path, "a.jsonl", line(text="A", outlet="O") + b"\n" + line(text="B"))
    first, second = read(path, metadata=Metadata(outlet="P"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.metadata.outlet, second.metadata.outlet) == ("O", "P")


def test_a_broken_line_says_line_and_column_and_the_rest_goes_on(tmp_path):
    path = write(tmp_path, "a.jsonl", b"\n".join([line(text="A"), b'{"text": "B"', line(text="C")]))
    first, broken, last = read(path)
    assert isinstance(broken, errors.BadJsonLine)
    assert broken.where == f"{path}:2:13"
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.text, last.text) == ("A", "C")


@pytest.mark.parametrize(
    ("raw", "kind", "says"),
    [
        (b"[1, 2]", errors.BadJsonLine, "a JSON list, not an object"),
        (b"{}", errors.BadJsonLine, "no field 'text'"),
        (b'{"text": 3}', errors.BadJsonLine, "'text' is not a string"),
        (b'{"text": "\\ud800 x"}', errors.BadJsonLine, "surrogate pair at character 0"),
        (b'{"text": "  "}', errors.EmptyDocument, "empty"),
        (b'{"text": "a\\u0000b"}', errors.BinaryInput, "control"),
        (b'{"text": "a", "published": "soon"}', errors.BadDate, "'soon' is no date"),
        (b'{"text": "a", "published": 2021}', errors.BadDate, "is int, not a string"),
        (b'{"text": "a", "url": "example.org/x"}', errors.BadMetadata, "is no URL"),
        (b'{"text": "a", "title": ["x"]}', errors.BadMetadata, "'title' is list"),
        (b'{"text": "a", "title": "\\ud800"}', errors.BadMetadata, "'title' holds a control character"),
        (b'{"text": "caf\xe9"}', errors.NotUtf8, "byte 0xe9 at byte offset 13"),
        (b"[" * 100_000, errors.BadJsonLine, "not JSON"),
    ],
)
def test_each_fault_of_a_line_is_one_clear_error(tmp_path, raw, kind, says):
    path = write(tmp_path, "a.jsonl", b"\n" + raw + b"\n")
    error = fault(path)
    assert type(error) is kind
    assert says in error.what
    assert (error.where or "").startswith(f"{path}:2")


def test_a_line_over_the_limit_is_refused_and_the_rest_goes_on(tmp_path):
    rows = [line(text="x" * 200), line(text="A"), line(text="y" * 100_000)]
    path = write(tmp_path, "a.jsonl", b"\n".join(rows))
    first, second, last = read(path, limit=100)
    assert isinstance(second, Document)
    assert type(first) is errors.TooLarge
    assert type(last) is errors.TooLarge
    assert last.where == f"{path}:3"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_of_exactly_the_limit_is_read(end):
    row = line(text="x" * 40)
    assert one(io.BytesIO(row + end), limit=len(row)).text == "x" * 40
    assert type(fault(io.BytesIO(row + end), limit=len(row) - 1)) is errors.TooLarge


def test_json_lines_without_a_line_are_an_error(tmp_path):
    assert type(fault(write(tmp_path, "a.jsonl", b"\n \n"))) is errors.EmptyDocument


# --- bad text files ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "kind", "says"),
    [
        (b"ok\ncaf\xe9 closed", errors.NotUtf8, "byte 0xe9 at byte offset 6 (line 2)"),
        (b"\xef\xbb\xbfcaf\xe9 closed", errors.NotUtf8, "byte 0xe9 at byte offset 6 "),
        ("text".encode("utf-16"), errors.NotUtf8, "UTF-16"),
        (b"\xff\xfe\0\0t\0\0\0", errors.NotUtf8, "UTF-32"),
        (b"", errors.EmptyDocument, "empty"),
        (b" \n\t\n", errors.EmptyDocument, "empty"),
        (b"%PDF-1.7 ...", errors.BinaryInput, "a PDF file"),
        (b"PK\x03\x04....", errors.BinaryInput, "ZIP"),
        (b"abc\0def", errors.BinaryInput, "NUL byte at byte offset 3"),
        (b"\x01\x02 abc", errors.BinaryInput, "2 control characters"),
    ],
)
def test_each_fault_of_a_text_file_is_one_clear_error(tmp_path, raw, kind, says):
    error = fault(write(tmp_path, "a.txt", raw))
    assert type(error) is kind
    assert says in error.what
    assert error.where == str(tmp_path / "a.txt")


def test_a_stray_control_character_in_a_long_text_is_let_through(tmp_path):
    text = "The truce held. " * 20 + "\x1f"
    assert one(write(tmp_path, "a.txt", text)).text == text


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = write(tmp_path, "a.txt", "x" * 101)
    error = fault(path, limit=100)
    assert type(error) is errors.TooLarge
    assert "100 bytes" in error.what
    assert one(path, limit=101).byte_length == 101


def test_a_missing_file_is_an_error_in_its_place(tmp_path):
    error = fault(tmp_path / "none.txt")
    assert type(error) is errors.UnreadableFile
    assert "no such file" in error.what


@pytest.mark.parametrize(
    ("sidecar", "kind", "says"),
    [
        (b'{"outlet": "O",}', errors.BadMetadata, "not JSON"),
        (b'{"outlet": "\xe9"}', errors.BadMetadata, "not UTF-8 (byte offset 12)"),
        (b"[]", errors.BadMetadata, "not a JSON object"),
        (b'{"author": "A", "date": "x"}', errors.BadMetadata, "unknown fields: author, date"),
        (b'{"published": "31.12.2020"}', errors.BadDate, "'31.12.2020' is no date"),
        (b'{"published": "2021-02-30"}', errors.BadDate, "2021-02-30"),
        (b'{"published": "9999-12-31"}', errors.BadDate, "out of range"),
        (b'{"published": "0001-01-01"}', errors.BadDate, "out of range"),
        (b'{"language": "english language"}', errors.BadMetadata, "no language tag"),
    ],
)
def test_each_fault_of_a_sidecar_names_the_sidecar(tmp_path, sidecar, kind, says):
    path = write(tmp_path, "a.txt", "The truce held.")
    write(tmp_path, "a.json", sidecar)
    error = fault(path)
    assert type(error) is kind
    assert says in error.what
    assert (error.where or "").startswith(str(tmp_path / "a.json"))


def test_two_sidecars_are_one_too_many(tmp_path):
    path = write(tmp_path, "a.txt", "The truce held.")
    write(tmp_path, "a.json", {})
    write(tmp_path, "a.meta.json", {})
    assert "a.json and a.meta.json" in fault(path).what


def test_a_bad_date_among_the_options_concerns_all_and_raises(tmp_path):
    path = write(tmp_path, "a.txt", "The truce held.")
    with pytest.raises(errors.BadDate, match="'tomorrow' is no date"):
        list(read(path, metadata=Metadata(published="tomorrow")))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2021-08-13", "2021-08-13"),
        (" 2021-08-13 ", "2021-08-13"),
        ("2021-08-13T10:30:00Z", "2021-08-13T10:30:00+00:00"),
        ("2021-08-13T10:30:00+04:00", "2021-08-13T10:30:00+04:00"),
        ("2021-08-13T10:30:00", "2021-08-13"),
    ],
)
def test_dates_have_one_form_and_no_offset_is_invented(given, kept):
    assert one(io.BytesIO(b"The truce held."), metadata=Metadata(published=given)).metadata.published == kept


@pytest.mark.parametrize("given", ["2021", "20210813", "2021-8-13", "2021-13-01", "2021-08-13T25:00Z", "yesterday"])
def test_what_is_no_date_is_refused(given):
    with pytest.raises(errors.BadDate):
        list(read(io.BytesIO(b"The truce held."), metadata=Metadata(published=given)))


# --- folders, streams, formats ----------------------------------------------------------------------------------------
def test_a_folder_is_walked_in_order_with_errors_in_their_place(tmp_path):
    write(tmp_path, "b.txt", "B")
    write(tmp_path, "b.json", {"outlet": "O"})
    write(tmp_path, "a/z.txt", "AZ")
    write(tmp_path, "a/c.jsonl", line(text="AC1") + b"\n" + line(text="AC2"))
    write(tmp_path, "c.txt", b"\xff\xfe\xff")
    write(tmp_path, ".hidden/d.txt", "D")
    write(tmp_path, "notes.odt", b"PK\x03\x04")
    items = list(read(tmp_path))
    assert [i.text if isinstance(i, Document) else type(i).__name__ for i in items] == [
        "AC1",
        "AC2",
        "AZ",
        "B",
        "NotUtf8",
    ]


def test_what_a_walk_leaves_out_is_said(tmp_path, caplog):
    write(tmp_path, "a.txt", "A")
    write(tmp_path, "a.json", {})
    write(tmp_path, "notes.odt", b"PK\x03\x04")
    caplog.set_level("INFO", "pacta.documents")
    one(tmp_path)
    assert [record.getMessage().split(" ")[0] for record in caplog.records] == [str(tmp_path / "notes.odt")]


def test_a_folder_without_documents_is_an_error(tmp_path):
    write(tmp_path, "a.json", {})
    assert "no document" in fault(tmp_path).what


def test_a_suffix_that_is_not_known_asks_for_the_format(tmp_path):
    path = write(tmp_path, "a.article", "The truce held.")
    error = fault(path)
    assert type(error) is errors.UnknownInput
    for row in READERS:
        assert row.name in str(error)
        assert row.suffixes[0] in str(error)
    assert one(path, format_name="text").text == "The truce held."


def test_an_unknown_input_format_raises(tmp_path):
    with pytest.raises(errors.UnknownInput, match="'epub'"):
        list(read(tmp_path / "a.txt", format_name="epub"))


def test_a_stream_is_text_unless_it_begins_with_a_brace():
    assert one(io.BytesIO(b"The truce held.")).text == "The truce held."
    assert one(io.BytesIO(b' \n{"text": "A"}')).text == "A"
    assert one(io.BufferedReader(io.BytesIO(b'{"text": "A"}'))).text == "A"
    assert one(io.BytesIO(b'{"text": "A"}'), format_name="text").text == '{"text": "A"}'
    assert one(io.BytesIO(b"A"), source_name="-").source_name == "-"


def test_a_stream_stays_open():
    stream = io.BytesIO(b"The truce held.")
    one(stream)
    assert not stream.closed


@given(st.text(min_size=1), st.dictionaries(st.sampled_from(["outlet", "title"]), st.text(), max_size=2))
def test_whatever_a_line_holds_comes_out_unchanged_or_as_an_error(text, fields):
    for item in read(io.BytesIO(line(text=text, **fields)), format_name="jsonl"):
        assert isinstance(item, InputError) or item.text == text


@given(st.binary())
def test_whatever_bytes_come_there_is_one_answer_and_no_crash(raw):
    for name in ("text", "jsonl"):
        for item in read(io.BytesIO(raw), format_name=name):
            assert isinstance(item, Document | InputError)
    assert len(list(read(io.BytesIO(raw), format_name="text"))) == 1
