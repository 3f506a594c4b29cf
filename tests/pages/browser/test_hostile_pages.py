"""What a document says stays text: markup, marks that turn the direction, control characters, words without an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from browser_steps import follow

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def hostile(visit: Callable[..., Any]) -> Callable[..., Any]:
    """Open the hostile document."""

    def open_page(**how: Any) -> Any:
        page = visit("/search?kind=document", **how)
        follow(page.locator("main ul.found a", has_text="script").first)
        assert "/id/document/" in page.url
        return page

    return open_page


def test_markup_is_shown_and_never_run(hostile: Callable[..., Any]):
    page = hostile()
    page.wait_for_load_state("networkidle")
    assert "document.title" in page.title()  # the words of it, as text
    assert page.locator("main img, main script, main b").count() == 0
    text = page.locator(".text").inner_text()
    assert "<img src=x onerror=" in text
    assert "</main></body><script>" in text
    assert not [each for each in page.complaints if each == "x"]


def test_signs_that_cannot_be_seen_are_made_visible(hostile: Callable[..., Any]):
    page = hostile()
    titles = [each.get_attribute("title") for each in page.locator(".text .sign").all()]
    assert "right-to-left override" in titles
    assert "left-to-right isolate" in titles
    assert "U+0007".lower() in [title.lower() for title in titles if title]
    assert "\u202e" not in page.content()


def test_a_word_without_an_end_wraps(hostile: Callable[..., Any]):
    page = hostile(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_statement_of_it_can_be_opened(hostile: Callable[..., Any], visit: Callable[..., Any]):
    page = hostile(viewport=PHONE)
    links = page.locator(".beside .said footer a").all()
    assert links
    for path in [link.get_attribute("href") for link in links]:
        opened = visit(path, viewport=PHONE)
        assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert opened.locator("main img, main script, main b").count() == 0
        assert opened.locator("h1").count() == 1
        original = opened.locator('main a[rel~="external"]')
        assert all(each.get_attribute("href").startswith("https://example.org/") for each in original.all())
