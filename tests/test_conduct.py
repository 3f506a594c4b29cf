"""Charges of breach and claims of compliance: of which agreement, by whom, with what force."""

import pytest

from pages import read

CHARGES = {
    # text: (force, conduct, label of what it is against, whom)
    "Chad said that Kenya violated the Zenda Agreement.": ("accuses", "breach", "Zenda Agreement", ["Kenya"]),
    "Chad accused Kenya of violating the Zenda Agreement.": ("accuses", "breach", "Zenda Agreement", ["Kenya"]),
    "Chad said that Kenya had broken the truce.": ("accuses", "breach", "truce", ["Kenya"]),
    "Chad said that it complied with the Zenda Agreement.": ("asserts", "compliance", "Zenda Agreement", ["Chad"]),
    "Kenya denied that it had violated the Zenda Agreement.": ("denies", "breach", "Zenda Agreement", ["Kenya"]),
    "Chad said that it had not violated the Zenda Agreement.": ("asserts", "compliance", "Zenda Agreement", ["Chad"]),
    "Chad accused Kenya of not complying with the Zenda Agreement.": (
        "accuses",
        "breach",
        "Zenda Agreement",
        ["Kenya"],
    ),
    "Chad condemned Kenya's violation of the Zenda Agreement.": ("condemns", "breach", "Zenda Agreement", ["Kenya"]),
}
NO_CHARGE = [
    "Chad said that Kenya had broken a window.",
    "Chad said that Kenya had signed the Zenda Agreement.",
    "Chad said that drivers respect the law.",
]


@pytest.mark.parametrize(("text", "wanted"), CHARGES.items(), ids=CHARGES)
def test_charge(converter, text, wanted):
    reading = read(converter, text)
    proposition = reading.proposition(0)
    assert proposition.kind == "evaluation"
    about = [reading.label(a) for a in proposition.about]
    assert (reading.statement(0).force, proposition.conduct, reading.label(proposition.against), about) == wanted


@pytest.mark.parametrize("text", NO_CHARGE)
def test_no_charge(converter, text):
    assert read(converter, text).proposition(0).kind != "evaluation"


def test_a_charge_may_name_the_part(converter):
    reading = read(converter, "Chad said that Kenya violated Article 3 of the Zenda Agreement.")
    clause = reading.resolver.local[reading.proposition(0).against]
    assert (clause.type, clause.number) == ("Clause", "3")


def test_a_charge_against_an_organ_is_against_its_principal(converter):
    reading = read(converter, "Chad said that the Kenyan army violated the Zenda Agreement.")
    assert [reading.label(a) for a in reading.proposition(0).about] == ["Kenya"]


def test_what_it_called_a_violation_charges_whom_the_sentence_charges(converter):
    text = "Chad accused Kenya of shelling a village in what it called a violation of the Zenda Agreement."
    reading = read(converter, text)
    evaluation = next(p for p in reading.assembly.propositions.values() if p.kind == "evaluation")
    assert [reading.label(a) for a in evaluation.about] == ["Kenya"]
    assert evaluation.incident in {i.id for i in reading.assembly.incidents}
