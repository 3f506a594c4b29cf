"""Marked texts: every character once and as text, whatever spans lie over it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacta.pages.evidence import LANES, Mark, fragment_link, marked, pages_of, plain, verbatim

ROLES = ("source", "cue", "content")


class Reader(HTMLParser):
    """Collects the text outside of number links, and checks that elements close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.roles: list[set[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        self.open.append(f"{tag} {given_.get('class') or ''}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().split()[0] == tag

    def handle_data(self, data: str) -> None:
        if any(each.startswith("a ev-no") for each in self.open) or not self.open:
            return
        roles = {each.split()[2] for each in self.open if each.startswith("mark ev ")}
        self.words.append(data)
        self.roles += [roles] * len(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(alphabet="ab <>&\"'é", min_size=1, max_size=60))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from(ROLES), st.integers(1, 4))
    drawn = draw(st.lists(spans, max_size=8))
    return text, [Mark(min(a, b), max(a, b), role, number, "<b>who</b>") for a, b, role, number in drawn]


@given(texts_with_marks())
def test_each_character_stands_once_under_exactly_the_marks_over_it(case: tuple[str, list[Mark]]):
    text, marks = case
    reader = read(marked(text, marks))
    assert "".join(reader.words) == text
    for at, roles in enumerate(reader.roles):
        assert roles == {mark.role for mark in marks if mark.start <= at < mark.end}


def test_crossing_marks_stay_apart_and_same_ones_share_a_line():
    html = marked(
        "one two three four", [Mark(0, 13, "content", 1), Mark(4, 18, "content", 2), Mark(4, 18, "content", 3)]
    )
    assert 'class="ev content lane0" data-s="1"' in html
    assert 'class="ev content lane1" data-s="2 3"' in html
    assert [int(n) for n in re.findall(r'href="#s(\d)"', html)] == [1, 2, 3]


def test_lanes_have_an_end():
    html = marked("x" * 50, [Mark(0, 50 - n, "content", n + 1) for n in range(20)])
    assert f"lane{LANES - 1}" in html
    assert f"lane{LANES}" not in html


def test_the_first_words_of_a_statement_are_its_anchor_once():
    html = marked("one two. three", [Mark(0, 3, "content", 1), Mark(9, 14, "content", 1), Mark(4, 7, "cue", 1)])
    assert html.count('id="t1"') == 1


def test_a_role_is_told_in_words():
    html = marked("He said so.", [Mark(3, 7, "cue", 1, "The <army> denies")])
    assert "Cue of statement 1: The &lt;army&gt; denies" in html
    assert 'title="cue of statement 1"' in html


def test_paragraphs_are_kept_and_a_stretch_is_cut_out():
    text = "One.\n\nTwo is here.\n \nThree."
    html = marked(text, [Mark(0, len(text), "content", 1)])
    assert html.count("<p ") == 3
    part = marked(text, [Mark(0, len(text), "content", 1)], 6, 18, "en")
    assert unescape(re.sub(r"<a .*?</a>|<[^>]+>", "", part)).strip() == "Two is here."
    assert 'lang="en"' in part
    assert "lang=" not in marked(text, [], language='en"><script>')


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x07", "\x1b", "\ufffa", "\U000e0041"])
def test_signs_that_turn_or_hide_text_are_shown_not_obeyed(sign: str):
    for html in (verbatim(f"a{sign}b"), marked(f"a{sign}b", [])):
        assert sign not in html
        assert 'class="sign" title="' in html
    assert sign not in plain(f"a{sign}b")


def test_foreign_words_are_text_in_a_direction_of_their_own():
    assert verbatim("<b>x</b> & 'y'") == "<bdi>&lt;b&gt;x&lt;/b&gt; &amp; &#39;y&#39;</bdi>"
    assert verbatim(None) == "<bdi></bdi>"
    assert "العربية" in verbatim("العربية\u200f")  # marks that belong to a script stay


def test_long_texts_are_cut_where_a_paragraph_ends():
    text = ("word " * 100 + "\n\n") * 40
    parts = pages_of(text, 3_000)
    assert len(parts) > 5
    assert [text[a:b] for a, b in parts[:-1] if not text[a:b].endswith("\n\n")] == []
    assert "".join(text[a:b] for a, b in parts) == text
    assert "".join(("x" * 9_000)[a:b] for a, b in pages_of("x" * 9_000, 4_000)) == "x" * 9_000
    assert pages_of("") == [(0, 0)]


def test_the_link_to_the_original_finds_the_words():
    link = fragment_link("https://example.org/a#top", "the “claim”, as-is & so")
    assert link == "https://example.org/a#:~:text=the%20%E2%80%9Cclaim%E2%80%9D%2C%20as%2Dis%20%26%20so"
    long = fragment_link("https://example.org/a", " ".join(f"w{n}" for n in range(30)))
    assert long == "https://example.org/a#:~:text=w0%20w1%20w2%20w3,w26%20w27%20w28%20w29"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", None, "//host/x"])
def test_only_addresses_of_the_web_become_links(url: str | None):
    assert fragment_link(url, "words") is None
