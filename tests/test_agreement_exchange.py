"""Agreement texts in other clothes: Akoma Ntoso there and back, HTML, and two texts compared clause by clause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pacta.agreement_texts.files import open_text
from pacta.agreements import AgreementTextValue, read_structure
from pacta.agreements.akoma import from_akoma, to_akoma
from pacta.agreements.alignment import align
from pacta.agreements.html import html_text
from pacta.commands.diff import command as diff
from pacta.errors import BinaryInput, InputError, UnknownInput

DATA = Path(__file__).parent / "data" / "agreements"
TEXTS = sorted((*DATA.glob("*.txt"), *DATA.glob("*.md")))
URI = "/akn/un/statement/pact"


def rows(value: AgreementTextValue) -> list[tuple[str, str, str, str | None, str]]:
    return [
        (p.kind, p.normal, p.number, p.heading, " ".join(value.words(p.own).split()))
        for section in value.sections
        if section.kind not in ("preamble", "closing")
        for p in section.walk()
    ]


# --- Akoma Ntoso ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_akoma_there_and_back(path: Path) -> None:
    value = read_structure(path.read_text("utf-8"))
    back = from_akoma(to_akoma(value, uri=URI, date="2031-05-01", language="fr").encode())
    assert rows(back.value) == rows(value)
    assert back.value.title == value.title
    assert (back.language, back.date, back.uri) == ("fr", "2031-05-01", URI)
    kinds = [
        (s.kind, " ".join(value.words(s.body).split())) for s in value.sections if s.kind in ("preamble", "closing")
    ]
    again = [(s.kind, " ".join(back.value.words(s.body).split())) for s in back.value.sections]
    assert set(kinds) <= set(again)


def test_akoma_of_others() -> None:
    xml = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act"><body>
      <chapter><num>CHAPTER I</num><heading>Waters</heading>
        <section><num>Section 1</num><article eId="x"><num>Art. 1 bis</num><heading>Use</heading>
          <list><intro><p>States may use</p></intro>
            <point><num>a)</num><content><p>the <b>river</b>,</p></content></point>
            <point><num>b)</num><content><p>the lake.</p></content></point></list></article></section></chapter></body>
      <attachments><attachment><heading>Map</heading><doc name="annex"><mainBody>
        <paragraph><num>1.</num><content><p>North is up.</p></content></paragraph></mainBody></doc></attachment>
      </attachments></act></akomaNtoso>"""
    value = from_akoma(xml.encode()).value
    assert [(p.kind, p.normal, p.heading) for p in value.walk()] == [
        ("chapter", "chapter-1", "Waters"),
        ("chapter", "section-1", None),
        ("article", "1bis", "Use"),
        ("point", "1bis.a", None),
        ("point", "1bis.b", None),
        ("annex", "annex", "Map"),
        ("paragraph", "annex/1", None),
    ]
    found = value.find("1 bis (a)")
    assert found is not None
    assert value.words(found.body) == "the river,"


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ("<html/>", UnknownInput),
        ("<akomaNtoso/>", UnknownInput),
        ("<akomaNtoso", BinaryInput),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', BinaryInput),
        ('<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', BinaryInput),
        ("<a>" * 1000, BinaryInput),
    ],
)
def test_bad_xml_is_refused(xml: str, error: type[InputError]) -> None:
    with pytest.raises(error):
        from_akoma(xml.encode())


@settings(max_examples=60)
@given(st.text(alphabet="Aab1.()<>&\"'\x01\x0b \n-", max_size=80))
def test_akoma_is_well_formed_for_any_text(text: str) -> None:
    from_akoma(to_akoma(read_structure(text), uri=URI).encode())


# --- HTML -------------------------------------------------------------------------------------------------------------
HTML = """<!DOCTYPE html><html lang="en-GB"><head><title>Pact &amp; map</title><style>p {}</style></head><body>
<nav>Home <a href="/">Back</a></nav>
<h1>Pact of the Bay</h1>
<p>The Parties agree:</p>
<h2>Article 1 &ndash; Truce</h2>
<ol><li>Guns fall silent<br>at noon.</li><li>Ships stay in port:
  <ol type="a"><li>by day,</li><li>by night.</li></ol></li></ol>
<h2>Article 2</h2><p><b>Return</b></p>
<p>Those who fled may return.</p>
<ul><li>by road;</li><li>by sea.</li></ul>
<script>alert("1. no")</script><footer>2031</footer></body></html>"""


def test_html_keeps_its_structure() -> None:
    page = html_text(HTML)
    assert (page.title, page.language) == ("Pact & map", "en")
    value = read_structure(page.text)
    assert value.title == "Pact of the Bay"
    assert [(p.kind, p.normal, p.heading) for p in value.walk()] == [
        ("preamble", "preamble", None),
        ("article", "1", "Truce"),
        ("paragraph", "1.1", None),
        ("paragraph", "1.2", None),
        ("point", "1.2.a", None),
        ("point", "1.2.b", None),
        ("article", "2", "Return"),
        ("item", "2.item-1", None),
        ("item", "2.item-2", None),
    ]
    assert "Home" not in page.text
    assert "alert" not in page.text


def test_html_numbers_in_the_text_win_over_those_of_the_list() -> None:
    assert html_text("<ol><li>3. Third</li><li value='7'>Seventh</li></ol>").text == "3. Third\n\n7. Seventh\n"


@given(st.text(alphabet="<>/ olihpb123=\"'&;\n", max_size=120))
def test_any_html_gives_some_text(html: str) -> None:
    html_text(html)


# --- two texts --------------------------------------------------------------------------------------------------------
OLD = """Pact

1. The armies stop at the positions they hold.
2. Prisoners are exchanged within a week.
3. The road to the lake is opened for all traffic.
4. Talks go on.
"""
NEW = """Pact

1. The armies stop in the positions they hold.
2. A new council of five members oversees the pact.
3. Prisoners are exchanged within a week.
4. The road to the lake is opened for all civilian traffic.
"""


def test_alignment_finds_renumbered_and_changed_clauses() -> None:
    pairs = align(read_structure(OLD), read_structure(NEW))
    found = [(p.old and p.old.normal, p.new and p.new.normal, p.status) for p in pairs]
    assert found == [
        ("1", "1", "changed"),
        (None, "2", "added"),
        ("2", "3", "renumbered"),
        ("3", "4", "moved"),
        ("4", None, "removed"),
    ]


def test_texts_in_two_languages_are_aligned_by_number() -> None:
    pairs = align(read_structure("1. Peace.\n2. Bread.\n"), read_structure("1. La paix.\n"), same_language=False)
    assert [p.status for p in pairs] == ["translated", "removed"]


def test_diff_prints_text_and_json(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text(OLD, "utf-8")
    (tmp_path / "new.md").write_text(NEW, "utf-8")
    paths = [str(tmp_path / "old.txt"), str(tmp_path / "new.md")]
    result = CliRunner().invoke(diff, paths)
    assert result.exit_code == 1
    assert "1: changed\n    The armies stop [-at-] {+in+} the positions they hold." in result.stdout
    assert "2 → 3: renumbered" in result.stdout
    assert "1 added, 1 changed, 1 moved, 1 removed, 1 renumbered" in result.stderr
    result = CliRunner().invoke(diff, [*paths, "-f", "json"])
    found = json.loads(result.stdout)
    assert found["counts"] == {"added": 1, "changed": 1, "moved": 1, "removed": 1, "renumbered": 1}
    assert len(found["clauses"]) == 5
    same = CliRunner().invoke(diff, [paths[0], paths[0]])
    assert same.exit_code == 0
    assert same.stdout == ""


def test_a_text_is_the_same_in_every_format(tmp_path: Path) -> None:
    value = read_structure((DATA / "accord.txt").read_text("utf-8"))
    (tmp_path / "accord.xml").write_text(to_akoma(value, uri=URI), "utf-8")
    pairs = align(value, open_text(tmp_path / "accord.xml").value)
    assert all(not pair.differs for pair in pairs)


@pytest.mark.parametrize("name", ["no.txt", "no.xml", "no.html", "no.pdf", "no"])
def test_a_missing_file_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        open_text(tmp_path / name)
