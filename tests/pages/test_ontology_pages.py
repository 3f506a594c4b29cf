"""The ontology as documentation: each term with its meaning and uses, each scheme as a tree, the model as a picture."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode

from conftest_pages import Get
from pacta import queries
from pacta.pages import ontology_pages
from pacta.pages.site import Site
from pacta.pages.terms import Slot
from pacta.rules import rules
from pacta.vocabulary import PACTA, SKOS, TERMS, VOCAB

SVG = "{http://www.w3.org/2000/svg}"


def page(get: Get, path: str) -> str:
    got = get(path, "text/html")
    assert got.status == 200, path
    return got.body.decode()


def test_every_term_has_its_page_and_its_anchor(get: Get, site: Site) -> None:
    model = ontology_pages.model_of(site)
    assert {term.name for term in model.terms.values()} == TERMS
    whole = page(get, "/ontology")
    for term in model.terms.values():
        text = html.unescape(page(get, f"/ontology/{term.name}"))
        assert term.iri in text
        assert term.definition
        assert term.definition in text
        assert term.example in text
        assert f'id="{term.name}"' in whole  # what follows the # of its IRI
        module = next(module for module in model.modules if module.iri == term.module)
        assert term.iri in module.terms


def test_every_module_lists_its_terms(get: Get, site: Site) -> None:
    model = ontology_pages.model_of(site)
    assert len(model.modules) == 7
    for module in model.modules:
        text = page(get, site.href(module.iri))
        assert module.terms
        assert all(f'href="{site.href(iri)}"' in text for iri in module.terms)


def test_a_term_names_what_uses_it(get: Get, site: Site) -> None:
    model = ontology_pages.model_of(site)
    for query in queries.catalogue().values():
        for name in set(re.findall(r"pacta:([A-Za-z]+)", query.text)) & TERMS:
            assert query.iri in model.terms[PACTA + name].questions
    for rule in rules():
        for name in set(re.findall(r"pacta:([A-Za-z]+)", rule.text)) & TERMS:
            assert rule.iri in model.terms[PACTA + name].rules
    text = page(get, "/ontology/disputeOver")
    assert 'href="/query/disputes/who-disputes-which-clause"' in text
    assert 'href="/shapes/Dispute-disputeOver"' in text
    assert 'href="/rule/40-dispute-by-rejection"' in text


def test_a_class_holds_what_its_shapes_ask_for(site: Site) -> None:
    terms = ontology_pages.model_of(site).terms
    speaker = Slot(PACTA + "Statement", PACTA + "speaker", (PACTA + "Actor",), 1, 1)
    assert speaker in terms[PACTA + "Statement"].holds
    assert speaker in terms[PACTA + "speaker"].held
    assert speaker in terms[PACTA + "Actor"].targeted
    mode = next(s for s in terms[PACTA + "Attribution"].holds if s.path == PACTA + "speechMode")
    assert mode.targets == (VOCAB + "speech-mode",)
    links = next(s for s in terms[PACTA + "Link"].holds if s.path == PACTA + "linksTo")  # by sh:or
    assert set(links.targets) == {PACTA + "Incident", PACTA + "Provision"}


def test_alignments_are_shown_with_their_file(get: Get) -> None:
    text = page(get, "/ontology/Actor")
    assert "http://www.w3.org/ns/prov#Agent" in text
    assert 'href="/ontology/alignments/prov"' in text


def test_every_scheme_shows_its_concepts(get: Get, site: Site) -> None:
    schemes: dict[str, set[str]] = {}
    foreign = set()
    for quad in site.knowledge.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), None, None):
        schemes.setdefault(quad.object.value, set()).add(quad.subject.value)
        foreign |= {quad.object.value} if "/alignments/" in quad.graph_name.value else set()
    assert len(schemes) > 15
    listed = page(get, "/vocab")
    for scheme, concepts in schemes.items():
        assert f'href="{site.href(scheme)}"' in listed or scheme in foreign
        text = page(get, site.href(scheme))
        assert concepts
        for concept in concepts:
            assert f'href="{site.href(concept)}"' in text
    text = page(get, "/vocab/incident-kind/drone-strike")
    assert 'href="/vocab/incident-kind"' in text
    assert 'href="/lexicon/incident-triggers/' in text


@pytest.mark.parametrize("kind", ["shapes", "rule", "lexicon", "vocab"])
def test_lists_lead_on(get: Get, kind: str) -> None:
    links = set(re.findall(rf'href="(/{kind}/[^".]+)"', page(get, f"/{kind}")))
    assert len(links) > 10
    for link in links:
        assert get(link, "text/html").status == 200


def test_every_link_of_the_ontology_leads_somewhere(get: Get) -> None:
    links = set()
    for path in ("/ontology", "/ontology/Statement", "/ontology/speaker", "/shapes/Link", "/ontology/source", "/vocab"):
        links |= set(re.findall(r'(?:href|src)="(/[^"#]*)', page(get, path)))
    own = {
        html.unescape(link)
        for link in links
        if link.startswith(("/ontology", "/vocab", "/shapes", "/rule", "/describe"))
    }
    assert len(own) > 150
    for link in own:
        assert get(link, "*/*").status == 200, link


def test_the_picture_has_every_class_and_no_style(get: Get, site: Site) -> None:
    got = get("/ontology/model.svg")
    assert got.header("content-type") == "image/svg+xml"
    tree = ElementTree.fromstring(got.body)
    model = ontology_pages.model_of(site)
    words = " ".join(element.text or "" for element in tree.iter() if element.tag in (SVG + "text", SVG + "tspan"))
    drawn = {name for module in model.modules for name in [module.name] if module.name != "lexicon"}
    for term in model.terms.values():
        if term.kind == "class" and term.module.rpartition("/")[2] in drawn:
            assert re.search(rf"\b{term.name}\b", words), term.name
    for element in tree.iter():
        assert element.tag not in (SVG + "script", SVG + "style", SVG + "foreignObject")
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
    width, height = float(tree.attrib["width"]), float(tree.attrib["height"])
    boxes = [
        tuple(float(e.attrib[n]) for n in ("x", "y", "width", "height")) for e in tree.iter(SVG + "rect") if e.get("rx")
    ]
    assert len(boxes) > 20
    for x, y, w, h in boxes:
        assert x >= 0
        assert x + w <= width
        assert y + h <= height
    apart = [
        (one, other)
        for i, one in enumerate(boxes)
        for other in boxes[i + 1 :]
        if one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    ]
    assert not apart  # no box lies on another


def test_slots_say_how_many() -> None:
    counts = [Slot("", "", (), least, most).count for least, most in ((0, None), (1, None), (0, 1), (2, 4), (3, 3))]
    assert counts == ["any number", "at least one", "at most one", "2 to 4", "exactly 3"]
