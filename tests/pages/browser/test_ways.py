"""Ways through the pages: to the words behind an answer by clicks alone, by keys alone, without scripts, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser_steps import follow
from conftest_paths import AGREEMENT, DENIAL, DISMISSAL, DOCUMENT

PHONE = {"width": 390, "height": 844}
WORDS = "the claim as an “outright falsification.”"


def focused(page: Any) -> str:
    """The text, or the name, of what has the focus."""
    return page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()")


def press_to(page: Any, words: str, most: int = 80) -> None:
    """Press Tab until something with these words has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in focused(page):
            return
    raise AssertionError(f"no Tab of {most} led to {words!r}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_from_the_start_page_to_the_quote_behind_a_disputed_clause(
    visit: Callable[..., Any], viewport: dict[str, int], scripts: bool
):
    page = visit("/", viewport=viewport, scripts=scripts)
    follow(page.locator("main a", has_text="Clause 4").first)
    assert urlsplit(page.url).path == f"{AGREEMENT}/clause/4"
    follow(page.locator(f'main a[href="{DISMISSAL}"]').first)
    assert WORDS in page.locator("blockquote").first.inner_text()
    assert page.locator("mark.content", has_text="outright falsification").count() == 1
    follow(page.locator("main a", has_text="whole document").first)
    assert urlsplit(page.url).path == DOCUMENT
    assert page.locator("mark.content", has_text="outright falsification").count() == 1


def test_the_matrix_leads_to_the_same_words(visit: Callable[..., Any]):
    page = visit("/agreements")
    follow(page.locator(f'main a[href="{AGREEMENT}"]').first)
    assert page.locator("h1").inner_text()
    page = visit("/agreements/arm-aze-rus-2020-11/disputes")
    follow(page.locator("main table a", has_text="denies").first)
    assert page.locator("blockquote", has_text="outright falsification").count() > 0


def test_search_finds_an_actor_by_any_name_and_the_beginning_of_a_word(visit: Callable[..., Any]):
    page = visit("/")
    page.fill("main input[type=search]", "Artsakh arm")
    page.press("main input[type=search]", "Enter")
    found = page.locator("#found-actor + ul li").first
    assert "Karabakh Defence Army" in found.inner_text()
    assert "also" in found.inner_text()
    follow(found.locator("a").first)
    assert page.locator("h1").inner_text() == "Karabakh Defence Army"


def test_search_does_not_mind_accents_and_case_and_says_when_there_is_nothing(visit: Callable[..., Any]):
    page = visit("/search?q=QARABAĞ")
    accented = page.locator("main ul.found a").all_inner_texts()
    page.goto("/search?q=qarabag")
    assert accented
    assert page.locator("main ul.found a").all_inner_texts() == accented
    page.goto("/search?q=zzzzqq")
    assert "Nothing here answers" in page.locator("[role=status]").inner_text()
    page.goto("/search?q=Azerbajan")
    follow(page.locator("main a", has_text="azerbaijan").first)
    assert "Azerbaijan" in page.locator("main ul.found a").all_inner_texts()


def test_keys_alone_lead_to_the_quote(visit: Callable[..., Any]):
    page = visit("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    press_to(page, "Clause 4")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{AGREEMENT}/clause/4")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == DISMISSAL:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DISMISSAL}")
    assert WORDS in page.locator("blockquote").first.inner_text()


def test_the_focus_can_be_seen(visit: Callable[..., Any]):
    page = visit("/")
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 })()"
        )
        assert seen, f"no outline on {focused(page)!r}"


def test_hover_and_focus_tell_the_role_of_marked_words(visit: Callable[..., Any]):
    page = visit(DOCUMENT)
    number = page.locator("a.ev-no.cue").first
    tip = number.locator(".tip")
    assert not tip.is_visible()
    number.focus()
    assert tip.is_visible()
    assert tip.inner_text().startswith("Cue of statement 1: ")
    page.locator("h1").hover()
    page.locator("h1").click()
    other = page.locator("a.ev-no.source").nth(2)
    other.hover()
    assert other.locator(".tip").inner_text().startswith("Source of statement ")


def test_all_words_of_a_statement_light_up_together(visit: Callable[..., Any]):
    page = visit(DOCUMENT)
    assert page.locator("mark.on").count() == 0
    page.locator('a.ev-no.cue[data-s="8"]').hover()
    page.wait_for_selector("mark.on")
    lit = page.locator("mark.on").evaluate_all("marks => marks.map(mark => mark.dataset.s)")
    assert len(lit) >= 3
    assert all("8" in numbers.split() for numbers in lit)


def test_numbers_lead_from_the_text_to_the_statement_and_back(visit: Callable[..., Any]):
    page = visit(DOCUMENT, scripts=False)
    follow(page.locator('a.ev-no.content[data-s="3"]'))
    assert urlsplit(page.url).fragment == "s3"
    assert page.locator("#s3").is_visible()
    follow(page.locator("#s3 a.no"))
    assert urlsplit(page.url).fragment == "t3"


def test_marks_differ_by_more_than_colour(visit: Callable[..., Any]):
    page = visit(DOCUMENT)
    styles = page.evaluate(
        "['source', 'cue', 'content'].map(role =>"
        " getComputedStyle(document.querySelector(`.text mark.${role}`)).borderBottomStyle)"
    )
    assert len(set(styles)) == 3


def test_a_denial_leads_to_what_it_answers(visit: Callable[..., Any]):
    page = visit(DENIAL)
    answered = page.locator("section", has=page.locator("#answers")).locator("article")
    assert "accuses" in answered.inner_text()
    follow(page.locator("main a", has_text="Gunfire").first)
    assert "/id/incident/" in page.url
    facts = dict(
        zip(page.locator("dl.facts").first.locator("dt").all_inner_texts(),
            page.locator("dl.facts").first.locator("dd").all_inner_texts(), strict=True)
    )  # fmt: skip
    assert facts["Alleged by"] == "Azerbaijan"
    assert facts["Denied by"] == "Karabakh Defence Army"
    assert facts["Status"].startswith("Contested")


def test_paper_gets_the_words_and_not_the_controls(visit: Callable[..., Any]):
    page = visit(DISMISSAL)
    page.emulate_media(media="print")
    assert not page.locator("form.find").is_visible()
    assert not page.locator("header nav.menu").is_visible()
    assert page.locator("blockquote").first.is_visible()
    assert page.locator("mark.content").first.is_visible()
