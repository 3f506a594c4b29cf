"""From ascriptions to statements: identities, headlines that repeat the text, relays, evidence, communiques."""

import pytest

from pages import local, read, record

TEXTS = [
    "Chad accused Kenya of shelling a village. Kenya denied that.",
    "Chad Accuses Kenya Of Shelling Village\n\nThe Chadian army accused Kenyan troops of shelling a border village.",
    "Citing border guards, the Chadian army said that Kenyan troops had shelled a village.",
    "Chad said in a statement that Kenya had violated the Zenda Agreement. It said that Kenya had closed the border.",
    "“We condemn the raid. We will stay,” Chad said. “Kenya burned a village.” Kenya called it a lie.",
    "Both sides signed the Zenda Agreement. Article 3 of the agreement obliges Kenya to free all prisoners, Chad said.",
    "Chad said that Kenya had shelled a village, violating the truce. Mali confirmed it. Kenya dismissed the claim.",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_reference_within_a_record_leads_somewhere(converter, text):
    made = record(converter, text)
    statements = {s.id for s in made.statements}
    propositions = {p.id for p in made.propositions}
    assert len(statements) == len(made.statements)
    assert len(propositions) == len(made.propositions)
    assert {s.proposition for s in made.statements} == propositions
    assert {a.statement for a in made.attributions} == statements
    assert {s.responds_to for s in made.statements} | {s.relays for s in made.statements} <= statements | {None}
    assert {p.incident for p in made.propositions if p.kind == "incident"} == {i.id for i in made.incidents}
    assert {s.communique for s in made.statements} <= {c.number for c in made.communiques} | {None}


@pytest.mark.parametrize("text", TEXTS)
def test_every_actor_is_known_or_described(converter, text):
    made = record(converter, text)
    described = {e.iri for e in made.entities}
    used = {s.speaker for s in made.statements} | {m.agreement for m in made.agreement_mentions}
    for p in made.propositions:
        used |= {x.actor for x in p.participations} | {*p.about} | {x for x in (p.against, p.interprets) if x}
    assert {u for u in used if u not in converter.reference.entities} <= described
    parents = {e.organ_of for e in made.entities} | {e.part_of for e in made.entities}
    assert {p for p in parents if p and p not in converter.reference.entities} <= described


@pytest.mark.parametrize("text", TEXTS)
def test_spans_lie_in_the_text_and_say_something(converter, text):
    made = record(converter, text)
    for attribution in made.attributions:
        for a, b in (*attribution.content, *attribution.source, *attribution.cue):
            assert 0 <= a < b <= len(text)
            assert text[a:b] == text[a:b].strip()
    assert all(text[slice(*m.span)].strip() for m in made.mentions)


def test_a_statement_is_named_by_its_content_and_force(converter):
    reading = read(converter, TEXTS[0])
    assert [s.id for s in reading.assembly.statements] == ["13-40-accuses", "55-59-denies"]
    assert list(reading.assembly.propositions) == ["13-40-incident"]


# --- headlines --------------------------------------------------------------------------------------------------------
def test_a_headline_that_repeats_the_text_is_one_more_attribution(converter):
    reading = read(converter, TEXTS[1])
    assert reading.stated() == [("Chadian armed forces", "accuses", "incident")]
    assert [reading.words(a.content) for a in reading.assembly.attributions] == [
        "Kenyan troops of shelling a border village",
        "Kenya Of Shelling Village",
    ]
    assert len(reading.assembly.incident_values) == 1


@pytest.mark.parametrize(
    ("headline", "body", "said"),
    [
        ("Chad Accuses Kenya Of Shelling Village", "The river was deep that year.", 1),
        ("Chad Accuses Kenya Of Shelling Village", "Mali accused Kenya of shelling a village.", 2),
        ("Chad Accuses Kenya Of Shelling Village", "Chad warned of floods in the south.", 2),
        ("Chad Says Kenya Closed Border", "Chad said that Kenya had closed the border.", 1),
    ],
)
def test_other_headlines_stand_alone(converter, headline, body, said):
    assert len(read(converter, f"{headline}\n\n{body}").assembly.statements) == said


# --- relays -----------------------------------------------------------------------------------------------------------
def test_what_a_source_cites_is_said_by_the_cited_first(converter):
    reading = read(converter, TEXTS[2])
    origin, relay = reading.assembly.statements
    assert [reading.label(s.speaker) for s in (origin, relay)] == ["border guards", "Chadian armed forces"]
    assert (relay.relays, origin.relays) == (origin.id, None)
    assert origin.id == f"{relay.id}-relayed"
    assert origin.proposition == relay.proposition
    first, second = reading.assembly.attributions
    assert [reading.words(first.source), reading.words(first.cue)] == ["border guards", "Citing"]
    assert first.confidence < second.confidence


# --- evidence ---------------------------------------------------------------------------------------------------------
def test_evidence_shown_twice_is_one_statement_told_twice(converter):
    text = (
        "The Chadian army published a video showing an attack by Kenyan drones. Later that day the Chadian army "
        "published photographs showing the attack by Kenyan drones."
    )
    reading = read(converter, text)
    assert [f for _, f, _ in reading.stated()] == ["asserts"]
    assert [a.speech_mode for a in reading.assembly.attributions] == ["shown-evidence"] * 2


# --- communiques ------------------------------------------------------------------------------------------------------
def test_what_one_speaker_says_in_a_statement_is_one_communique(converter):
    text = (
        "The Chadian army said in a statement that Kenya had shelled a village. "
        "In a statement, the Kenyan army said that Chad had lied. "
        "The Kenyan army said that it rained."
    )
    reading = read(converter, text)
    assert [s.communique for s in reading.assembly.statements] == [0, 1, None]
    assert [reading.label(c.speaker) for c in reading.assembly.communiques] == [
        "Chadian armed forces",
        "Kenyan armed forces",
    ]


# --- when it was said -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Chad said on May 3 that Kenya had left.", "May 3"),
        ("Chad said that Kenya had left on May 3.", None),
        ("Chad said on May 4 that Kenya had left on May 3.", "May 4"),
        ("Chad said that Kenya had left.", None),
        ("Chad said on Tuesday that Kenya had left.", "Tuesday"),
    ],
)
def test_when_it_was_said(converter, text, wanted):
    reading = read(converter, text)
    during = reading.statement(0).said_during
    assert (text[slice(*during.span)].removeprefix("on ") if during else None) == wanted


# --- propositions -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "force", "kind"),
    [
        ("Chad said that Kenya had shelled a village.", "accuses", "incident"),
        ("Chad pledged to free all prisoners.", "pledges", "undertaking"),
        ("Chad said that the Zenda Agreement calls for peace talks.", "asserts", "interpretation"),
        ("Chad said that Kenya violated the Zenda Agreement.", "accuses", "evaluation"),
        ("Chad said that the river was deep.", "asserts", "state-of-affairs"),
    ],
)
def test_kind_of_a_proposition(converter, text, force, kind):
    assert [x[1:] for x in read(converter, text).stated()] == [(force, kind)]


def test_who_is_spoken_about(converter):
    reading = read(converter, "Chad said that Kenya and the Sudanese army were rich.")
    assert sorted(local(a) for a in reading.proposition(0).about) == ["ken", "sdn-af"]


def test_a_gloss_is_the_content_in_one_line_and_not_long(converter):
    text = "“Chad\nlied,” Kenya said, “and   everybody knows it.”"
    assert read(converter, text).proposition(0).gloss == "Chad lied … and everybody knows it."
    long = "Chad said that the river was " + "very " * 120 + "deep."
    gloss = read(converter, long).proposition(0).gloss
    assert len(gloss) <= 280
    assert gloss.endswith("very…")
