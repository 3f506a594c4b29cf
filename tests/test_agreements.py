"""Mentions of agreements: of the stock by name, date and description; local ones; what points back; numbered parts."""

import pytest

from pacta.claims.parts import numbers
from pages import local, read

STOCK = "arm-aze-rus-2020-11"
PUBLISHED = "2021-05-10"


def mentions(reading):
    return [(reading.text[slice(*r.span)], local(r.agreement), r.number, r.method) for r in reading.refs]


# --- of the stock -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "trilateral statement",
        "November 9 statement",
        "Russian-brokered agreement",
        "Moscow-brokered ceasefire agreement",
        "statement of November 10",
        "Trilateral Statement",
    ],
)
def test_an_alias_between_the_parties(converter, name):
    text = f"Armenia and Azerbaijan differ over the {name}."
    ((words, agreement, number, method),) = mentions(read(converter, text, published=PUBLISHED))
    assert (words.removeprefix("the "), agreement, number, method) == (name, STOCK, None, "name")


@pytest.mark.parametrize(
    "phrase",
    ["the agreement of November 2020", "a Russian-brokered ceasefire deal of November 2020"],
)
def test_a_description_by_date_and_broker(converter, phrase):
    reading = read(converter, f"Armenia and Azerbaijan differ over {phrase}.", published=PUBLISHED)
    assert {local(r.agreement) for r in reading.refs} == {STOCK}


@pytest.mark.parametrize(
    "text",
    [
        "Kenya and Uganda differ over the trilateral statement.",
        "Kenya and Uganda differ over the ceasefire agreement.",
        "Armenia and Azerbaijan differ over the Prague declaration of May 2009.",
    ],
)
def test_another_agreement_is_not_forced_on_the_stock(converter, text):
    assert STOCK not in {local(r.agreement) for r in read(converter, text, published=PUBLISHED).refs}


def test_no_agreement_is_meant_before_it_was_signed(converter):
    text = "Armenia and Azerbaijan differ over the ceasefire agreement."
    assert STOCK not in {local(r.agreement) for r in read(converter, text, published="2016-04-10").refs}


# --- local ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Serbia recalled the Tartu Agreement.", "the Tartu Agreement", "Tartu Agreement"),
        ("Sudan left the Treaty of Friendship.", "the Treaty of Friendship", "Treaty of Friendship"),
        ("Iran left the fishing deal.", "the fishing deal", "fishing deal"),
        ("Borduria broke the Zenda protocol.", "the Zenda protocol", "Zenda protocol"),
    ],
)
def test_an_agreement_that_the_stock_does_not_hold(converter, text, words, label):
    reading = read(converter, text)
    (ref,) = reading.refs
    assert (reading.text[slice(*ref.span)], ref.label, ref.method) == (words, label, "local")
    entity = reading.resolver.local[ref.agreement]
    assert (entity.type, entity.label) == ("Agreement", label)


def test_two_agreements_stay_two(converter):
    reading = read(converter, "Sudan recalled the Khartoum Declaration and the Algiers Agreement.")
    assert len({r.agreement for r in reading.refs}) == 2


@pytest.mark.parametrize(
    "text", ["Sudan made a deal.", "They spoke of agreements.", "Sudan is in agreement.", "Kenya signed a treaty."]
)
def test_no_particular_agreement_is_no_mention(converter, text):
    assert read(converter, text).refs == ()


# --- what points back -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("again", ["the agreement", "this agreement", "that accord", "the deal"])
def test_a_bare_noun_means_the_last_agreement(converter, again):
    text = f"Serbia recalled the Tartu Agreement. Kosovo said that {again} was void."
    first, second = read(converter, text).refs
    assert second.agreement == first.agreement
    assert second.method == "anaphora"
    assert second.confidence > first.confidence or second.confidence < 0.9


def test_the_article_means_the_part_named_last(converter):
    text = "Sudan cited point 4 of the Algiers Agreement. Ethiopia said that the article was void."
    reading = read(converter, text)
    last = reading.refs[-1]
    assert (last.label, last.number, last.method) == ("Algiers Agreement", "4", "anaphora")


# --- parts ------------------------------------------------------------------------------------------------------------
PARTS = {
    "Article 4": ["4"],
    "articles 3-5": ["3", "4", "5"],
    "Articles 3–5": ["3", "4", "5"],
    "Articles 3 to 5": ["3", "4", "5"],
    "Articles 2 and 7": ["2", "7"],
    "articles 2, 3 and 7": ["2", "3", "7"],
    "clause 6(2)": ["6(2)"],
    "paragraph 6 (b)": ["6(b)"],
    "section 3.2": ["3.2"],
    "point 9": ["9"],
    "the 4th, 6th and 9th paragraphs": ["4", "6", "9"],
    "the 1st article": ["1"],
    "the second paragraph": ["2"],
    "the Tenth article": ["10"],
}


@pytest.mark.parametrize(("part", "numbers"), PARTS.items(), ids=PARTS)
def test_numbered_parts(converter, part, numbers):
    reading = read(converter, f"Serbia cited {part} of the Tartu Agreement.")
    parts = [r for r in reading.refs if r.number]
    assert [r.number for r in parts] == numbers
    assert {r.method for r in parts} == {"explicit-number"}
    assert {r.label for r in parts} == {"Tartu Agreement"}
    assert {reading.text[slice(*r.span)] for r in parts} == {f"{part} of the Tartu Agreement"}


def test_a_part_goes_with_the_agreement_named_before(converter):
    text = "Serbia left the Tartu Agreement. Kosovo recalled the Khartoum Declaration. Article 2 was clear."
    assert [(r.label, r.number) for r in read(converter, text).refs if r.number] == [("Khartoum Declaration", "2")]


@pytest.mark.parametrize("text", ["Article 4 was clear.", "They scored 3 points.", "Paragraph 2 of my letter."])
def test_without_an_agreement_there_are_no_parts(converter, text):
    assert read(converter, text).refs == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3-5", ["3", "4", "5"]),
        ("3–5", ["3", "4", "5"]),
        ("1, 3 and 5", ["1", "3", "5"]),
        ("4th, 6th and 9th", ["4", "6", "9"]),
        ("6(2)", ["6(2)"]),
        ("3.2", ["3.2"]),
        ("5-3", ["5", "3"]),
        ("2-2", ["2", "2"]),
        ("7", ["7"]),
    ],
)
def test_numbers(text, wanted):
    assert numbers(text) == wanted


def test_a_range_is_bounded():
    assert len(numbers("1-999")) <= 60


# --- what becomes of a mention ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Ethiopia said that Sudan violated the Khartoum Declaration.", "violates"),
        ("Sudan said that it complied with the Khartoum Declaration.", "complies"),
        ("Ethiopia said that under the Khartoum Declaration Sudan must free all prisoners.", "interprets"),
        ("Ethiopia said that the Khartoum Declaration was old.", None),
        ("Ethiopia said that the visit was lawful under the Khartoum Declaration.", "invokes"),
        ("Sudan said that it suspended the Khartoum Declaration.", "suspends"),
        ("Sudan said that it had quit the Khartoum Declaration.", "withdraws"),
        ("Ethiopia urged Sudan to implement the Khartoum Declaration.", "demands"),
        ("Sudan denied violating the Khartoum Declaration.", "denies-violation"),
        ("Ethiopia said that Sudan had not kept the Khartoum Declaration.", "violates"),
        ("Ethiopia said that no progress was made in implementing the Khartoum Declaration.", "violates"),
    ],
)
def test_stance_of_a_mention(converter, text, stance):
    reading = read(converter, text)
    (mention,) = reading.assembly.mentions
    assert (mention.stance, mention.label) == (stance, "Khartoum Declaration")
    assert mention.by == reading.said[0].speaker


def test_a_mention_that_nobody_said_has_no_stance(converter):
    (mention,) = read(converter, "A copy of the Khartoum Declaration.").assembly.mentions
    assert (mention.stance, mention.by) == (None, None)


# --- told apart by its own words, or by its month ---------------------------------------------------------------------
def agreements_of(converter, text, published=PUBLISHED):
    return [local(r.agreement) for r in read(converter, text, published=published).refs]


@pytest.mark.parametrize(
    ("phrase", "agreement"),
    [
        ("the agreement on the path to normalization", "srb-xkx-2023-02"),
        ("the agreement on the path to normal ties", "srb-xkx-2023-02"),
        ("the accord of 2013", "srb-xkx-2013-04"),
        ("the agreement", "srb-xkx-2013-04"),
    ],
)
def test_words_of_a_name_outweigh_what_was_named_last(converter, phrase, agreement):
    text = f"Serbia and Kosovo differ over the Brussels agreement. Kosovo said that Article 7 of {phrase} lets it in."
    assert agreements_of(converter, text, "2024-05-10")[-1] == agreement


@pytest.mark.parametrize(
    ("text", "agreement"),
    [
        ("Lebanon said Israel had broken the November ceasefire.", "isr-lbn-2024-11"),
        ("Armenia said Azerbaijan had broken the November accord.", STOCK),
        ("Armenia said Azerbaijan had broken the June accord.", "June-accord"),
        ("Kenya said Chad had broken the November ceasefire.", "November-ceasefire"),
    ],
)
def test_a_month_is_enough_where_one_agreement_of_the_parties_is_of_it(converter, text, agreement):
    (found,) = agreements_of(converter, text, None)
    assert found.casefold().endswith(agreement.casefold())


def test_words_of_another_matter_are_no_agreement_of_the_stock(converter):
    text = "Ukraine said Russia had broken Article 38 of the law of the sea convention."
    assert {a.partition("-")[2] for a in agreements_of(converter, text)} == {"sea-convention"}


def test_the_document_is_what_was_signed_as_one_of_many(converter):
    text = "Kenya and Chad signed a memorandum in May. Chad said Kenya broke the first two points of that document."
    reading = read(converter, text)
    assert [(r.label, r.number) for r in reading.refs] == [("memorandum", "1"), ("memorandum", "2")]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kenya said that the Zenda Agreement of 1966 obliges Chad to sell.", "Zenda Agreement"),
        ("Kenya said that the agreement of 1977 obliges Chad to sell.", "agreement of 1977"),
        ("Chad suspended the Zenda Agreement on Monday, Kenya said.", "Zenda Agreement"),
        ("Kenya said the joint statement of May 2005 commits Chad to sell.", "joint statement"),
    ],
)
def test_the_label_of_an_agreement_of_its_own(converter, text, label):
    assert {r.label for r in read(converter, text).refs} == {label}


def test_an_agreement_may_be_called_after_its_parts(converter):
    text = "Kenya cited the Declaration of Principles on the lake. Chad said the fifth principle says nothing of it."
    assert "5" in [r.number for r in read(converter, text).refs]


@pytest.mark.parametrize(
    ("text", "agreement"),
    [
        ("Yemen said the Houthis had broken the deal signed in Stockholm in April 2021.", "april-2021"),
        ("Yemen said the Houthis had broken the deal signed in Stockholm in December 2018.", "e-0012-yem-2018-12"),
        ("Sudan's army said the Rapid Support Forces had broken the declaration in Jeddah.", "f-0014-sdn-af-2023-05"),
        ("Norway said the delay ran counter to resolution 2114.", "resolution-2114"),
    ],
)
def test_place_date_and_number_tell_an_agreement(converter, text, agreement):
    (found,) = agreements_of(converter, text, "2024-05-10")
    assert agreement in found


def test_a_stock_name_is_that_of_the_agreement_told_with_another_date(converter):
    text = (
        "Yemen said the Houthis had broken the deal signed in Stockholm in April 2021. "
        "The Houthis said that Yemen had broken the Stockholm deal."
    )
    first, second = agreements_of(converter, text, "2024-05-10")
    assert first == second


def test_what_is_coordinated_with_an_agreement_is_another(converter):
    found = agreements_of(converter, "Peru said Chile had broken both the Tacna Convention and the ceasefire.")
    assert len(set(found)) == 2
