"""Who a phrase means: names, organs, pronouns, surnames, groups, and those the stock does not know."""

import pytest

from pacta.statements.coreference import Resolver
from pacta.statements.phrases import is_place_use
from pages import annotated, local, read, token

# text: labels of the speakers in order
SPEAKERS = {
    "a name": ("Kenya said that it rained.", ["Kenya"]),
    "a metonym": ("Nairobi said that it rained.", ["Kenya"]),
    "an organ": ("The Kenyan foreign ministry said that it rained.", ["Kenyan foreign ministry"]),
    "an office": ("The foreign minister of Kenya said that it rained.", ["Kenyan foreign ministry"]),
    "a person of the stock": ("Vladimir Putin said that it rained.", ["Vladimir Putin"]),
    # pronouns
    "it": ("Kenya said that it rained. It said that the road was wet.", ["Kenya", "Kenya"]),
    "they": ("The Houthis said that it rained. They said that it was wet.", ["Authorities in Sanaa (Ansar Allah)"] * 2),
    "he, of an office": (
        "The Kenyan foreign minister arrived. He said that it rained.",
        ["Kenyan foreign ministry"],
    ),
    "she, of somebody who did not speak before": (
        "Chancellor Anna Weber flew to Kampala. She said that it rained.",
        ["Chancellor Anna Weber"],
    ),
    "it, and who is spoken about": ("Chad said that Sudan had lied. It denied that it rained.", ["Chad", "Chad"]),
    "it, of the last who spoke": (
        "Chad said that it rained. Sudan said that it snowed. It said that it was cold.",
        ["Chad", "Sudan", "Sudan"],
    ),
    # phrases that lead back to themselves while it is looked up whose they are
    "he of his deputy, who is named": (
        "Kenya said that Mr. Weber and his deputy, Rolf Maas, would stay. It said that it rained.",
        ["Kenya", "Kenya"],
    ),
    "his chief of staff, behind his name": (
        "Kenya said that it rained. Rolf Weber, his chief of staff, urged patience.",
        ["Kenya", "Rolf Weber"],
    ),
    "letters within what they stand for": (
        "The Trans-Lake Partnership (TLP) trade envoy said that it rained.",
        ["Trans-Lake Partnership"],
    ),
    "a sign that is taken for a noun": (
        "DOCUMENTATION\t\t\t\t\t\t*write-local-help*\n\n"
        "The first * must be in the first column of the first statement.",
        [],
    ),
    # two of a kind
    "the ministry, of two ministries": (
        "The Kenyan defence ministry said that it rained. The Ugandan defence ministry denied this. "
        "The ministry said that it was dry.",
        ["Kenyan defence ministry", "Ugandan defence ministry", "Ugandan defence ministry"],
    ),
    "the army, of the side that has spoken": (
        "Kenya's army accused Uganda of theft. The army said that it had proof.",
        ["Kenyan armed forces", "Kenyan armed forces"],
    ),
    "an organ named whole, after another of its kind": (
        "The Ugandan government said that it rained. The Kenyan government said that it snowed. "
        "The Ugandan government denied that.",
        ["Ugandan government", "Kenyan government", "Ugandan government"],
    ),
    # people
    "a surname": (
        "The spokesman of the Kenyan army, John Otieno, said that it rained. Otieno said that it was wet.",
        ["John Otieno", "John Otieno"],
    ),
    "a surname after a title": (
        "Kenyan army spokesman John Otieno said that it rained. Otieno said that it was wet.",
        ["Kenyan army spokesman John Otieno"] * 2,
    ),
    "he, of a person": (
        "Kenyan army spokesman John Otieno said that it rained. He said that it was wet.",
        ["Kenyan army spokesman John Otieno"] * 2,
    ),
    # groups
    "a party, of one": (
        "Chad met Hezbollah. The party said that it rained. The parties said that it was wet.",
        ["Hezbollah", "parties"],
    ),
    "the group": (
        "Hezbollah said that it rained. The group said that it was wet.",
        ["Hezbollah", "Hezbollah"],
    ),
    "a group without a name": (
        "The rebels said that it rained. The group said that it was wet.",
        ["rebels", "rebels"],
    ),
    # communiques
    "the statement": (
        "The Kenyan army said in a statement that it rained. A day later, the statement said, it was dry.",
        ["Kenyan armed forces", "Kenyan armed forces"],
    ),
    "it, of who issued a statement": (
        "The Kenyan army issued a statement. It said that it rained.",
        ["Kenyan armed forces"],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), SPEAKERS.values(), ids=SPEAKERS)
def test_speakers(converter, text, wanted):
    reading = read(converter, text)
    assert [reading.label(s.speaker) for s in reading.said] == wanted


@pytest.mark.parametrize("text", [t for t, _ in SPEAKERS.values()], ids=SPEAKERS)
def test_an_actor_has_one_iri_a_mention_and_if_local_a_description(converter, text):
    reading = read(converter, text)
    known = reading.page.reference.entities
    mentioned = {m.entity for m in reading.resolver.mentions.values()}
    for said in reading.said:
        assert said.speaker in mentioned
        assert (said.speaker in known) != (said.speaker in reading.resolver.local)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kenya said that it rained.", "name"),
        ("Nairobi said that it rained.", "metonym"),
        ("The rebels said that it rained.", "nominal"),
    ],
)
def test_kind_of_a_mention(converter, text, kind):
    reading = read(converter, text)
    (mention,) = [m for m in reading.resolver.mentions.values() if m.entity == reading.said[0].speaker]
    assert mention.kind == kind


def test_a_pronoun_is_an_anaphor(converter):
    reading = read(converter, "Kenya said that it rained. It said that it snowed.")
    (mention,) = [m for m in reading.resolver.mentions.values() if reading.text[slice(*m.span)] == "It"]
    assert (mention.kind, local(mention.entity)) == ("anaphor", "ken")


# --- polities nobody knows --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "The Ruritanian foreign ministry said that it rained. Ruritania denied it.",
        "Ruritania's foreign ministry said that it rained. The Ruritanian army denied it.",
        "Ruritania was dry. The foreign ministry of Ruritania said that it rained.",
    ],
)
def test_organs_of_an_unknown_state_have_one_principal(converter, text):
    reading = read(converter, text)
    principals = {reading.resolver.principal(s.speaker) for s in reading.said}
    assert [reading.label(p) for p in principals] == ["Ruritania"]
    assert {reading.resolver.local[p].type for p in principals} == {"State"}


@pytest.mark.parametrize(
    "text",
    [
        "Tigray's interim president, Tesfaye Abera, said that it rained.",
        "The president of Tigray, Tesfaye Abera, said that it rained.",
    ],
)
def test_who_has_an_office_of_a_region_speaks_for_the_region(converter, text):
    reading = read(converter, text)
    (speaker,) = [s.speaker for s in reading.said]
    assert reading.label(speaker) == "Tesfaye Abera"
    assert reading.label(reading.resolver.principal(speaker)) == "Tigray"


def test_two_unknown_states_stay_two(converter):
    text = "The Ruritanian army said that it rained. The Bordurian army said that it was dry."
    reading = read(converter, text)
    one, other = (reading.resolver.principal(s.speaker) for s in reading.said)
    assert one != other


def test_an_unknown_organ_is_described_by_state_and_function(converter):
    reading = read(converter, "The Kenyan interior ministry said that it rained.")
    organ = reading.resolver.local[reading.said[0].speaker]
    assert (organ.type, organ.label, organ.organ_function) == ("Organ", "Kenyan interior ministry", "interior-ministry")
    assert local(organ.organ_of) == "ken"


def test_a_person_beside_an_office_speaks_for_its_holder(converter):
    reading = read(converter, "The spokesman of the Kenyan army, John Otieno, said that it rained.")
    person = reading.resolver.local[reading.said[0].speaker]
    assert (person.type, person.label) == ("Person", "John Otieno")
    assert local(reading.resolver.principal(reading.said[0].speaker)) == "ken"


# --- never the other side ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Kenya said that it rained. The Ugandan army said that it was dry.",
        "The Kenyan army said that it rained. Uganda's army said that it was dry.",
        "The Kenyan government said that it rained. The government in Kampala said that it was dry.",
        "The Kenyan police said that it rained. The Ugandan force said that it was dry.",
        "The Kenyan spokesman said that it rained. The Ugandan spokesman said that it was dry.",
        "Kenyan army spokesman John Otieno said that it rained. Ugandan army spokesman Moses Okello said it was dry.",
    ],
)
def test_one_side_is_never_taken_for_the_other(converter, text):
    reading = read(converter, text)
    one, other = (reading.resolver.principal(s.speaker) for s in reading.said)
    assert local(one) == "ken"
    assert one != other


# --- the parts --------------------------------------------------------------------------------------------------------
def test_without_a_name_there_is_nobody_unless_one_may_be_made(converter):
    page = annotated(converter, "The harbour pilots left early.")
    resolver = Resolver(page)
    assert resolver.actor(token(page, "pilots"), create=False) is None
    assert resolver.local == {}
    made = resolver.actor(token(page, "pilots"))
    assert resolver.label(made) == "harbour pilots"
    assert resolver.actor(token(page, "pilots"), create=False) == made


@pytest.mark.parametrize("word", ["we", "I"])
def test_the_first_person_is_nobody_outside_a_quotation(converter, word):
    page = annotated(converter, f"Kenya came and then {word} left.")
    resolver = Resolver(page)
    resolver.note_names(len(page.text), 0)
    assert resolver.actor(token(page, word)) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    {
        "below a dateline": ("NAIROBI, 4 March - Foreign Minister John Otieno said that it rained.", "ken"),
        "of a ministry that few reports name": (
            "Kenya's foreign ministry said that it rained. The road is dry, Information Minister John Otieno said.",
            "ken",
        ),
        "two states named, none of which acted": (
            "The road from Kenya to Uganda is wet. Foreign Minister John Otieno said that it rained.",
            None,
        ),
    }.values(),
)
def test_whose_a_minister_is_who_is_called_no_states(converter, text, wanted):
    reading = read(converter, text)
    speaker = reading.said[-1].speaker
    assert reading.resolver.principal(speaker) == (
        speaker if wanted is None else f"https://w3id.org/pacta/id/actor/{wanted}"
    )


def test_an_unknown_iri_has_a_label_and_is_its_own_principal(converter):
    resolver = Resolver(annotated(converter, "Nothing."))
    assert resolver.label("http://example.org/x/y") == "y"
    assert resolver.principal("http://example.org/x/y") == "http://example.org/x/y"
    assert resolver.principal(None) is None


def test_issuers_are_remembered_from_where_they_stand(converter):
    resolver = Resolver(annotated(converter, "Nothing."))
    resolver.issued(10, "a")
    resolver.issued(20, "b")
    assert [resolver.issuer_before(n) for n in (5, 10, 15, 25)] == [None, "a", "a", "b"]


@pytest.mark.parametrize(
    ("text", "word", "wanted"),
    [
        ("Troops fired in Kampala.", "Kampala", True),
        ("Troops fled to Kampala.", "Kampala", True),
        ("Kampala answered.", "Kampala", False),
        ("They spoke with Kampala.", "Kampala", False),
        ("Troops blew up the Kampala bridge.", "Kampala", False),
    ],
)
def test_where_a_name_can_only_be_a_place(converter, text, word, wanted):
    assert is_place_use(token(annotated(converter, text), word)) is wanted
