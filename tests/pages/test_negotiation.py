"""Content negotiation: RFC 9110's own cases, and an oracle over many headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacta.formats import Format
from pacta.pages.negotiation import MAX_PARTS, best, coding, listed, offers, parse

OFFERS = offers("html", "turtle", "jsonld", "ntriples", "rdfxml")
TYPES = [each.media_type for each in OFFERS]


def chosen(accept: str | None) -> str | None:
    found = best(accept, OFFERS)
    return found and found.name


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "turtle"),
        ("TEXT/Turtle", "turtle"),
        ("text/turtle;charset=utf-8", "turtle"),
        ("text/turtle; charset=UTF-8; q=0.5, text/html;q=0.4", "turtle"),
        ("text/*", "html"),
        ("application/*", "jsonld"),
        ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", "turtle"),
        ("text/*, text/html;q=0", "turtle"),
        ("*/*, text/html;q=0.1, text/turtle;q=0.2, application/ld+json;q=0.3, application/rdf+xml;q=0.4", "ntriples"),
        ("text/turtle, */*", "turtle"),
        ("text/html;q=0.5, text/turtle;q=0.5", "html"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, expanded"', "jsonld"),
        ("application/rdf+xml, application/xhtml+xml;q=0.5, */*;q=0.1", "rdfxml"),
        ("application/n-triples;q=0.001, text/turtle;q=0.002", "turtle"),
        ("text/html;level=1, text/turtle;q=0.1", "turtle"),
        ("application/pdf", None),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        ("text/turtle;q=2, application/ld+json;q=0.1", "jsonld"),
        ("text/turtle;q=0.1234, application/ld+json;q=0.1", "jsonld"),
        ("*/turtle, application/ld+json", "jsonld"),
        ("turtle, application/ld+json", "jsonld"),
        (",, ,application/ld+json,", "jsonld"),
        ("!!", "html"),
    ],
)
def test_which_format(accept: str | None, name: str | None) -> None:
    assert chosen(accept) == name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity;q=1, gzip;q=0.5", None),
        ("deflate", None),
        ("gzip;q=x", None),
    ],
)
def test_which_coding(header: str | None, name: str | None) -> None:
    assert coding(header, ("br", "gzip")) == name


WEIGHTS = st.integers(0, 1000).map(lambda n: n / 1000)
RANGES = st.sampled_from([*TYPES, "text/*", "application/*", "*/*", "image/png", "image/*"])


def oracle(wishes: dict[str, float]) -> set[str]:
    """The media types that RFC 9110 allows as an answer: of the highest quality, by the closest range that fits."""
    quality = {}
    for media_type in TYPES:
        for wish in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
            if wish in wishes:
                quality[media_type] = wishes[wish]
                break
    highest = max(quality.values(), default=0)
    return {media_type for media_type, weight in quality.items() if weight == highest > 0}


@given(st.dictionaries(RANGES, WEIGHTS, min_size=1), st.randoms())
def test_the_answer_is_one_that_the_standard_allows(wishes: dict[str, float], random: object) -> None:
    parts = [f"{name} ; q={weight:.3f}" for name, weight in wishes.items()]
    random.shuffle(parts)  # type: ignore[attr-defined]
    found = best(" , ".join(parts), OFFERS)
    allowed = oracle(wishes)
    assert (found is None) if not allowed else (found is not None and found.media_type in allowed)


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_no_header_breaks_it(header: str) -> None:
    for each in parse(header):
        assert 0 <= each.weight <= 1
    found = best(header, OFFERS)
    assert found is None or isinstance(found, Format)
    assert coding(header, ("br", "gzip")) in (None, "br", "gzip")


@given(st.text(alphabet='abc/*;=q"\\,. 01', max_size=60))
def test_garbage_beside_a_wish_does_not_spoil_it(garbage: str) -> None:
    if '"' not in garbage:
        assert chosen(f"{garbage},text/turtle") in (*[each.name for each in OFFERS],)
        assert chosen(f"x/y;{garbage.replace(',', '')},text/turtle") == "turtle"


def test_a_quoted_comma_does_not_end_a_part() -> None:
    assert listed('"a,b", W/"c"') == ('"a,b"', 'W/"c"')


def test_endless_headers_are_cut() -> None:
    assert len(parse("a/b," * 100_000)) == MAX_PARTS
