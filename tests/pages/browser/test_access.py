"""Every page for everybody: no serious finding of axe, nothing wider than a phone, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from conftest_paths import AGREEMENT, CONTESTED, DISMISSAL, DOCUMENT, INCIDENT, READING, RELAY

PHONE = {"width": 390, "height": 844}
PAGES = {
    "start": "/",
    "search": "/search?q=karabakh",
    "list of actors": "/search?kind=actor",
    "list of documents": "/search?kind=document",
    "statement": DISMISSAL,
    "relayed statement": RELAY,
    "document": DOCUMENT,
    "state": "/id/actor/aze",
    "organ": "/id/actor/arm-mfa",
    "contested force": "/id/actor/f-0001",
    "incident": INCIDENT,
    "contested incident": CONTESTED,
    "reading": READING,
    "agreements": "/agreements",
    "agreement": AGREEMENT,
    "disputes": "/agreements/arm-aze-rus-2020-11/disputes",
    "clause": f"{AGREEMENT}/clause/4",
    "place": "/id/place/p-0001",
    "timeline": "/timeline",
    "map": "/map",
    "questions": "/questions",
    "question": "/query/disputes/who-disputes-which-clause",
    "sparql": "/sparql",
    "data": "/data",
    "about": "/about",
    "ontology": "/ontology",
    "class": "/ontology/Statement",
    "concept": "/vocab/speech-mode/mixed",
    "link": "/id/link/60112683b2ea-1963-2037-0",
}
SERIOUS = ("serious", "critical")
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())


def serious(page: Any, axe: str) -> list[str]:
    """What axe finds serious on a page, one line for each rule."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{each['id']}: {each['help']} at {[node['target'] for node in each['nodes']][:3]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


@every_page
def test_on_a_desk_by_day(visit: Callable[..., Any], axe: str, address: str, path: str):
    """axe finds nothing serious, no request leaves the server, and the browser refuses and complains of nothing."""
    page = visit(path)
    page.wait_for_load_state("networkidle")
    own = urlsplit(address).netloc
    elsewhere = [url for url in page.asked if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != own]
    assert page.asked
    assert not elsewhere
    assert not page.complaints  # what the content security policy refuses is said on the console
    assert not serious(page, axe)


@every_page
def test_on_a_phone_by_night(visit: Callable[..., Any], axe: str, path: str):
    """Nothing is wider than the screen, and axe finds nothing serious."""
    page = visit(path, viewport=PHONE, scheme="dark")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not serious(page, axe)


@every_page
def test_without_scripts(visit: Callable[..., Any], path: str):
    """The words are there, under one title and one heading, and ids are their own."""
    page = visit(path, scripts=False)
    assert page.title().endswith(" · Pacta")
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang")
    assert len(page.locator("main").inner_text().split()) > 10
    ids = [each.get_attribute("id") for each in page.locator("[id]").all()]
    assert len(ids) == len(set(ids))
