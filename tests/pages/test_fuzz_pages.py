"""Addresses that nobody writes: the pages answer whatever they are, and nothing of them becomes markup or a path."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest_pages import Get

_PIECES = st.sampled_from(
    [
        "/",
        "//",
        "..",
        "%2e%2e",
        "%00",
        "%ff",
        "%",
        "%zz",
        "<script>alert(1)</script>",
        "\"'>",
        "{x}",
        "id",
        "actor",
        "osce",
        "graph",
        "document",
        ".ttl",
        ".html",
        ".nt",
        ".jsonld",
        "etc/passwd",
        "\u202e",
        "#",
        "?",
        "&",
        "=",
        "iri=",
        "javascript:a",
        "http://[",
        "urn:x",
        "query",
        "sparql",
        "describe",
        "data",
        "all.nq.gz",
        "static",
        "ontology",
        "SELECT",
        "9" * 40,
        "\\",
    ]
)
_PATHS = st.lists(_PIECES | st.text(max_size=4), max_size=8).map(lambda parts: "/" + "".join(parts))


def test_no_address_makes_the_pages_fail_or_comes_back_as_markup(get: Get) -> None:
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(_PATHS, st.sampled_from([None, "text/html", "text/turtle", "*/*;q=0", "\x7f", 'a/b;c="']), st.booleans())
    def asked(path: str, accept: str | None, described: bool) -> None:
        address = f"/describe?iri={quote(path)}" if described else quote(path, safe="/%?&=#:.")
        got = get(address, accept)
        assert got.status < 500, (address, accept, got.body[:300])
        assert b"<script>alert(1)" not in got.body
        assert b"root:" not in got.body

    asked()
