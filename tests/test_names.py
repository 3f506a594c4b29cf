"""Names: the longest form wins, capitals count, and a state with a function noun beside it is an organ."""

from itertools import pairwise

import pytest

from pacta.annotations.names import find_names
from pages import local

HITS = {
    # the longest, the leftmost
    "South Sudan and Sudan": [("South Sudan", "ssd"), ("Sudan", "sdn")],
    "the Democratic Republic of the Congo": [("Democratic Republic of the Congo", "cod")],
    "the UN Security Council": [("UN Security Council", "un-sc")],
    "Guinea, Guinea-Bissau and Equatorial Guinea": [
        ("Guinea", "gin"),
        ("Guinea-Bissau", "gnb"),
        ("Equatorial Guinea", "gnq"),
    ],
    "Ethiopia-Sudan border": [("Ethiopia", "eth"), ("Sudan", "sdn")],
    # capitals
    "SUDAN, Sudan and sudan": [("SUDAN", "sdn"), ("Sudan", "sdn")],
    "Chad played a chad": [("Chad", "tcd")],
    "turkey for all of us": [],
    "Us or them": [],
    # organs composed
    "the Kenyan foreign ministry": [("Kenyan foreign ministry", "ken-mfa")],
    "the Kenyan Foreign Ministry": [("Kenyan Foreign Ministry", "ken-mfa")],
    "Kenya's army": [("Kenya's army", "ken-af")],
    "Kenya’s army": [("Kenya’s army", "ken-af")],
    "the foreign minister of Kenya": [("foreign minister of Kenya", "ken-mfa")],
    "the ministry of defence of Uganda": [("ministry of defence of Uganda", "uga-mod")],
    "the ministry of defence of the Republic of Uganda": [("ministry of defence of the Republic of Uganda", "uga-mod")],
    "the ministry of defense in Kampala": [("ministry of defense in Kampala", "uga-mod")],
    "Serbian and Kosovo police": [("Serbian", "srb"), ("Kosovo police", "xkx-pol")],
    "African Union peacekeepers": [("African Union peacekeepers", "au-pkf")],
    "the “Kenyan army”": [("Kenyan army", "ken-af")],
    # an organ of the stock is used where there is one
    "the Sudanese army": [("Sudanese army", "sdn-af")],
    "the army of Sudan": [("army of Sudan", "sdn-af")],
    "the German foreign ministry": [("German foreign ministry", "deu-mfa")],
    # no organ: nobody, or nowhere that stands for a state
    "the defence ministry": [("defence ministry", None)],
    "the defence ministry in Uganda": [("defence ministry", None), ("Uganda", "uga")],
    "the Ruritanian foreign ministry": [("foreign ministry", None)],
    "Kenya, police said": [("Kenya", "ken"), ("police", None)],
    "nothing here": [],
    "": [],
}


@pytest.mark.parametrize(("text", "wanted"), HITS.items(), ids=[t or "nothing" for t in HITS])
def test_hits(converter, text, wanted):
    hits = find_names(text, converter.reference).hits
    assert [(text[slice(*h.span)], local(next(iter(h.candidates), None))) for h in hits] == wanted


@pytest.mark.parametrize(
    ("text", "kind", "function"),
    [
        ("Kenya", "short", None),
        ("Republic of Kenya", "official", None),
        ("Kenyan", "adjective", None),
        ("Kremlin", "metonym", None),
        ("Kenyan army", "organ", "af"),
        ("interior ministry", "function", "moi"),
        ("ministry of foreign affairs", "function", "mfa"),
    ],
)
def test_kind_of_a_hit(converter, text, kind, function):
    (hit,) = find_names(text, converter.reference).hits
    assert (hit.kind, hit.function) == (kind, function)


def test_a_capital_may_be_the_place_or_the_state(converter):
    names = find_names("Nairobi answered.", converter.reference)
    (hit,) = names.hits
    assert names.place(hit).iri.endswith("place/ken-nairobi")
    assert names.actor(hit).iri.endswith("actor/ken")


def test_a_name_does_not_run_over_a_blank_line(converter):
    hits = find_names("We met in South\n\nSudan was quiet.", converter.reference).hits
    assert [local(h.candidates[0]) for h in hits] == ["sdn"]


def test_a_name_may_run_over_a_line_end(converter):
    hits = find_names("We met in South\nSudan.", converter.reference).hits
    assert [local(h.candidates[0]) for h in hits] == ["ssd"]


def test_looking_up_by_offset_and_span(converter):
    names = find_names("Kenya met Uganda.", converter.reference)
    assert names.covering(0) is names.covering(4) is names.hits[0]
    assert names.covering(5) is None
    assert names.within((0, 16)) == list(names.hits)
    assert names.within((1, 16)) == [names.hits[1]]
    assert names.actor(names.hits[1]).label == "Uganda"
    assert names.place(names.hits[1]) is None


def test_hits_are_in_order_and_do_not_overlap(converter):
    text = "Kenya's army, the Ugandan president and the ministry of defence of South Sudan met in Nairobi. " * 3
    spans = [h.span for h in find_names(text, converter.reference).hits]
    assert len(spans) == 12
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
