"""Positions to provisions: who takes which stance about whom, to which part; what is contested, and answered."""

import pytest
import rdflib

from pacta import resources
from pacta.claims.position import STANCES
from pacta.vocabulary import VOCAB
from pages import local, record

AGREEMENT = "arm-aze-rus-2020-11"


def rows(converter, text, published="2022-05-10"):
    """(clause, stance, by, about) of each position, and (actor, counterparty, clause, answered) of each contest."""
    made = converter.annotation(record(converter, text, published=published))
    name = lambda actor: actor and actor["principalLabel"]  # noqa: E731
    positions = [(m["clauseNumber"], m["stance"], name(m["by"]), name(m["about"])) for m in made["agreementMentions"]]
    contests = [(d["actorLabel"], d["counterpartyLabel"], d["clauseNumber"], d["answered"]) for d in made["disputes"]]
    return positions, contests


# --- stances ----------------------------------------------------------------------------------------------------------
STANCES_TOLD = {
    "a charge names whom it is about": (
        "Kenya accused Chad of violating Article 3 of the Zenda accord.",
        ("3", "violates", "Kenya", "Chad"),
    ),
    "a charge against nobody by name is about the only other party": (
        "Armenia said the trilateral statement was being violated.",
        (None, "violates", "Armenia", "Azerbaijan"),
    ),
    "what is refused is not kept": (
        "Kenya said Chad refuses to fulfil the Zenda accord.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "no appointment under it": (
        "Kenya said the envoy was not appointed under Annex 10 of the Zenda accord, unlike that of Chad.",
        ("Annex 10", "violates", "Kenya", "Chad"),
    ),
    "what may not be done under it": (
        "Kenya said that under the Zenda accord ships of Chad may not enter the gulf.",
        (None, "interprets", "Kenya", None),
    ),
    "one leaves the whole": (
        "Kenya said Chad had quit the Zenda accord over grain.",
        (None, "withdraws", "Kenya", "Chad"),
    ),
    "a demand": ("Kenya urged Chad to implement Article 2 of the Zenda accord.", ("2", "demands", "Kenya", "Chad")),
    "a denial is about one's own conduct": (
        "Chad denied that it had violated the Zenda accord.",
        (None, "denies-violation", "Chad", "Chad"),
    ),
    "as for a part, it says": (
        "Kenya said that as for Article 9 of the Zenda accord, it forbids tolls.",
        ("9", "interprets", "Kenya", None),
    ),
    "a part does what it says": (
        "Kenya said Article 9 of the Zenda accord lets its barges pass the lock.",
        ("9", "interprets", "Kenya", None),
    ),
    "leaving something else as the accord requires": (
        "Kenya accused Chad of failing to leave the camps as the Zenda accord requires.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "who is blamed for a wrong reading": (
        "Kenya said Chad was misreading Article 9 of the Zenda accord.",
        ("9", "disputes", "Kenya", "Chad"),
    ),
    "above a limit set by it": (
        "Kenya said Chad kept guns far above the limit set by the Zenda accord.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "a duty to keep it": (
        "Kenya said that the Zenda accord must be carried out in full.",
        (None, "demands", "Kenya", None),
    ),
    "null and void": ("Kenya said the Zenda accord was null and void.", (None, "withdraws", "Kenya", "Kenya")),
    "declared void": ("Chad declared the Zenda accord void.", (None, "withdraws", "Chad", "Chad")),
    "not regarded as binding": (
        "Chad said that it does not regard the Zenda accord as binding.",
        (None, "withdraws", "Chad", "Chad"),
    ),
    "without force": (
        "Chad said the Zenda accord with Kenya no longer had any legal force.",
        (None, "withdraws", "Chad", "Chad"),
    ),
    "no longer bound": (
        "Chad's president said his country is no longer bound by the Zenda accord, signed with Kenya in 2001.",
        (None, "withdraws", "Chad", "Chad"),
    ),
    "freed from it": (
        "Chad said that it considers itself freed from the limits of the Zenda accord.",
        (None, "withdraws", "Chad", "Chad"),
    ),
    "not void": ("Kenya said that the Zenda accord was not void.", (None, "interprets", "Kenya", None)),
    "in force": ("Kenya said that the Zenda accord was still in force.", (None, "interprets", "Kenya", None)),
    "run out": ("Kenya said that the Zenda accord had expired.", (None, "interprets", "Kenya", None)),
    "who may not invoke it": (
        "Kenya said that Chad could not invoke the Zenda accord.",
        (None, "interprets", "Kenya", "Chad"),
    ),
    "no party to it": ("Kenya said it was no party to the Zenda accord.", (None, "interprets", "Kenya", None)),
    "called a misreading": (
        "Chad said its boats may pass. Kenya called this a distortion of the Zenda accord.",
        (None, "disputes", "Kenya", "Chad"),
    ),
    "left undone where it is told in passing": (
        "Kenya said its soldiers would stay because Chad's army had failed to leave, as the Zenda accord required.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "left undone, although": (
        "Kenya said that Chad's troops had not left, although the Zenda accord requires it.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "kept in small part": (
        "Kenya said that Chad had carried out less than half of the Zenda accord.",
        (None, "violates", "Kenya", "Chad"),
    ),
    "asked to leave a place under it": (
        "Kenya demanded that Chad withdraw its soldiers from the lake under the terms of the Zenda accord.",
        (None, "demands", "Kenya", "Chad"),
    ),
    "of both alike": ("Kenya urged both sides to keep the Zenda accord.", (None, "demands", "Kenya", None)),
    "had to": ("Kenya said that both sides had to implement the Zenda accord.", (None, "demands", "Kenya", None)),
    "nothing in it": (
        "Kenya said that nothing in the Zenda accord infringed the rights of anybody.",
        (None, "interprets", "Kenya", None),
    ),
    "on condition": (
        "Kenya said that under the Zenda accord the pullout depends on a ransom.",
        (None, "interprets", "Kenya", None),
    ),
    "held in it, in the passive": (
        "Kenya said that no tolls were mentioned in the Zenda accord.",
        (None, "interprets", "Kenya", None),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), STANCES_TOLD.values(), ids=STANCES_TOLD)
def test_a_stance(converter, text, wanted):
    assert wanted in rows(converter, text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya said that envoys had met before the Zenda accord.",
        "Under the Zenda accord envoys met in spring.",
        "Envoys signed the Zenda accord in spring, when Chad was at peace.",
    ],
)
def test_a_mere_mention_takes_none(converter, text):
    assert rows(converter, text) == ([], [])


def test_the_stances_are_the_concepts_of_their_scheme():
    graph = rdflib.Graph().parse(resources.path("ontology") / "vocabularies" / "provision-stance.ttl")
    scheme = rdflib.URIRef(VOCAB + "provision-stance")
    concepts = {str(c).rpartition("/")[2] for c in graph.subjects(rdflib.SKOS.inScheme, scheme)}
    assert concepts == STANCES
    told = {wanted[1] for _, wanted in STANCES_TOLD.values()}
    assert STANCES - told == {"complies", "invokes", "suspends"}  # these stand with the mentions' own tests


# --- clauses without a number -----------------------------------------------------------------------------------------
IMPLICIT = {
    "in the same sentence": (
        "Azerbaijan accused Armenia of violating the trilateral statement by keeping its forces there instead of"
        " withdrawing them.",
        [("4", "violates", "Azerbaijan", "Armenia")],
    ),
    "in a sentence of its own": (
        "Armenia cited the trilateral statement on Monday. Armenia said that Azerbaijan still holds prisoners of war.",
        [("8", "violates", "Armenia", "Azerbaijan")],
    ),
    "the whole takes the clause that the same charge names": (
        "Armenia said Azerbaijan violates the trilateral statement. Armenia said that it still holds prisoners of war.",
        [("8", "violates", "Armenia", "Azerbaijan"), ("8", "violates", "Armenia", "Azerbaijan")],
    ),
    "what would be is no charge": (
        "Armenia cited the trilateral statement. Armenia said that Azerbaijan would not hand over prisoners of war.",
        [],
    ),
    "who is no party charges nobody by topic alone": (
        "Armenia cited the trilateral statement. Kenya said that no prisoners of war had come home.",
        [],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), IMPLICIT.values(), ids=IMPLICIT)
def test_a_clause_is_found_by_what_it_is_about(converter, text, wanted):
    assert rows(converter, text)[0] == wanted


def test_the_link_is_written_down_with_method_and_confidence(converter):
    text = "Armenia cited the trilateral statement. Armenia said that Azerbaijan still holds prisoners of war."
    made = record(converter, text, published="2022-05-10")
    links = [link for p in made.propositions for link in p.links]
    assert [(local(x.target), x.method) for x in links] == [("8", "topic-and-bearer")]
    assert 0.5 < links[0].confidence < 0.95
    (mention,) = [m for m in made.agreement_mentions if m.implicit]
    assert mention.clause.endswith(f"{AGREEMENT}/clause/8")
    assert made.document.text[slice(*mention.span)] == "Azerbaijan still holds prisoners of war"


# --- what is contested ------------------------------------------------------------------------------------------------
CONTESTS = {
    "a charge alone": (
        "Kenya accused Chad of violating Article 3 of the Zenda accord.",
        [("Kenya", "Chad", "3", False)],
    ),
    "charge and denial": (
        "Kenya accused Chad of violating Article 3 of the Zenda accord. Chad denied the charge.",
        [("Kenya", "Chad", "3", True)],
    ),
    "charge and claim of compliance": (
        "Kenya accused Chad of violating the Zenda accord. Chad said it complied with the accord.",
        [("Kenya", "Chad", None, True)],
    ),
    "charge and counter-charge": (
        "Kenya accused Chad of violating the Zenda accord. Chad accused Kenya of breaching the accord.",
        [("Chad", "Kenya", None, True), ("Kenya", "Chad", None, True)],
    ),
    "a reading rejected": (
        "Kenya said the Zenda accord requires Chad to withdraw its troops. Chad rejected this reading.",
        [("Chad", "Kenya", None, True)],
    ),
    "a vague charge beside a precise one": (
        "Chad said Kenya violates the Zenda accord. Kenya accused Chad of violating Article 3 of the Zenda accord.",
        [("Kenya", "Chad", "3", True)],
    ),
    "two readings of one numbered part": (
        "Kenya said Article 9 of the Zenda accord bars tolls. Chad said Article 9 permits a toll at the bridge.",
        [("Chad", "Kenya", "9", True)],
    ),
    "a denial of a charge over a part": (
        "Kenya accused Chad of violating Article 3 of the Zenda accord. Chad denied violating the accord.",
        [("Kenya", "Chad", "3", True)],
    ),
    "what a part holds is taken up": (
        "Chad spoke of the mechanism of Article 7 of the Zenda accord. Kenya said Chad had violated the mechanism.",
        [("Kenya", "Chad", "7", True)],
    ),
    "a reading that nobody opposes": ("Kenya said the Zenda accord bars warships from the gulf.", []),
    "praise of oneself": ("Kenya said it complied with the Zenda accord.", []),
    "what the outlet tells": ("Chad violated Article 3 of the Zenda accord last week, when its troops came.", []),
}


def test_a_broker_contests_nothing_by_telling_who_leaves(converter):
    told = "{} said Russia had quit the Black Sea Grain Initiative."
    assert rows(converter, told.format("The United Nations"), "2023-07-18")[1] == []
    assert rows(converter, told.format("Ukraine"), "2023-07-18")[1] == [("Ukraine", "Russia", None, False)]


def test_a_reading_of_only_one_contests_the_clause_of_the_other(converter):
    text = (
        "Azerbaijan spoke of the Zangezur corridor. Armenia said that the trilateral statement of November 2020 speaks"
        " of only one corridor, the Lachin corridor."
    )
    assert {m[0] for m in rows(converter, text)[0]} == {"6", "9"}


@pytest.mark.parametrize(("text", "wanted"), CONTESTS.values(), ids=CONTESTS)
def test_what_is_contested(converter, text, wanted):
    assert sorted(rows(converter, text)[1], key=str) == sorted(wanted, key=str)


# --- what one side's words say of another's ---------------------------------------------------------------------------
def test_a_condition_for_what_is_owed_is_a_reading_and_no_charge(converter):
    text = (
        "Kenya said the Zenda accord obliges Chad to withdraw its boats. Chad rejected that, arguing that the"
        " withdrawal was conditional on the return of its fishermen."
    )
    positions, contests = rows(converter, text)
    assert (None, "interprets", "Chad", "Kenya") in positions
    assert all(stance != "violates" for _, stance, _, _ in positions)
    assert {frozenset(c[:2]) for c in contests} == {frozenset(("Kenya", "Chad"))}


def test_a_reading_takes_the_part_that_is_held_against_it(converter):
    text = "Kenya said the Zenda accord lets it inspect boats. Chad replied that Article 4 gives no such right."
    assert [p[:3] for p in rows(converter, text)[0]] == [("4", "interprets", "Kenya"), ("4", "interprets", "Chad")]


def test_all_of_an_agreement_is_no_part_of_it(converter):
    text = "Kenya said Chad had broken Article 4 of the Zenda accord. Kenya said it had kept every line of the accord."
    assert (None, "complies", "Kenya", "Kenya") in rows(converter, text)[0]


def test_who_is_left_by_another_may_read_the_agreement_against_it(converter):
    text = "Chad said the Zenda accord was null and void. Kenya said the accord was binding on both states."
    assert ("Kenya", "Chad", None, True) in rows(converter, text)[1]


def test_a_promise_not_to_do_something_is_no_omission(converter):
    text = (
        "Armenia cited the trilateral statement. Armenia said that talks went on after Azerbaijan gave guarantees not"
        " to hold prisoners of war."
    )
    assert rows(converter, text)[0] == []
