"""The annotate object: its fields, that every id leads somewhere, that spans are offsets into its text."""

import json

import pytest

from pages import record

TEXT = """Chad Accuses Kenya Of Shelling Village

The Chadian army accused Kenyan troops of shelling a village about 30 kilometers north of Nairobi on May 3. Citing \
border guards, it said the shelling violated Article 2 of the Zenda Agreement. Kenya “strongly” denied the accusation.

Chad said that the Zenda Agreement calls for the withdrawal of Kenyan troops. Kenya rejected this reading. \
Kenyan troops attacked a Chadian village at the border in May."""
STATEMENT = {
    *("id", "speaker", "act", "source", "cue", "content", "speechMode", "narratorStance", "respondsTo", "relays"),
    "proposition",
}
MENTION = {
    "span", "agreement", "agreementLabel", "clauseNumber", "stance", "stanceConcept", "by", "about", "method",
    "confidence",
}  # fmt: skip
INCIDENT = {"id", "kind", "status", "allegedBy", "deniedBy", "confirmedBy", "statements"}
DISPUTE = {
    *("agreement", "agreementLabel", "clause", "clauseNumber", "actor", "actorLabel", "counterparty"),
    *("counterpartyLabel", "answered", "statements"),
}
ACTOR = {"iri", "label", "principal", "principalLabel"}
MODES = {"direct", "indirect", "mixed", "shown-evidence", "narration"}


@pytest.fixture(scope="module")
def made(converter):
    return json.loads(json.dumps(converter.annotation(record(converter, TEXT, outlet="The Zenda Post"))))


def spans(annotation):
    for s in annotation["statements"]:
        yield from s["content"]
        yield from s["source"] or ()
        yield from s["cue"] or ()
        for key in ("time", "location"):
            if key in s["proposition"]:
                yield s["proposition"][key]["span"]
    yield from (m["span"] for m in annotation["agreementMentions"])


def test_the_object_and_its_lists(made):
    assert list(made) == ["document", "text", "statements", "incidents", "agreementMentions", "disputes"]
    assert made["text"] == TEXT
    assert made["document"]["id"] == "text"
    assert made["document"]["title"] == "Chad Accuses Kenya Of Shelling Village"
    assert (made["document"]["published"], made["document"]["publishedInferred"]) == ("2024-05-10", False)
    assert made["document"]["outlet"] == "The Zenda Post"
    assert all(made[key] for key in ("statements", "incidents", "agreementMentions", "disputes"))


def test_each_entry_has_its_fields(made):
    assert all(set(s) >= STATEMENT for s in made["statements"])
    assert all(set(s["speaker"]) == ACTOR for s in made["statements"])
    assert all(set(m) == MENTION for m in made["agreementMentions"])
    assert all(set(i) == INCIDENT for i in made["incidents"])
    assert all(set(d) == DISPUTE for d in made["disputes"])
    assert all("kind" in s["proposition"] for s in made["statements"])
    assert {s["speechMode"] for s in made["statements"]} <= MODES
    assert {s["speechMode"] for s in made["statements"]} >= {"indirect", "narration"}


def test_spans_are_pairs_of_offsets_into_the_text(made):
    found = list(spans(made))
    assert len(found) > 15
    for a, b in found:
        assert 0 <= a < b <= len(TEXT)
        assert TEXT[a:b].strip() == TEXT[a:b]


def test_what_has_no_source_or_cue_says_so(made):
    told = next(s for s in made["statements"] if s["speechMode"] == "narration")
    assert (told["source"], told["cue"]) == (None, None)


def test_every_id_leads_to_a_statement(made):
    ids = [s["id"] for s in made["statements"]]
    assert len(ids) == len(set(ids))
    for statement in made["statements"]:
        assert {statement["respondsTo"], statement["relays"]} <= {*ids, None}
        assert statement["statement"] in ids
    for entry in (*made["incidents"], *made["disputes"]):
        assert entry["statements"]
        assert set(entry["statements"]) <= set(ids)


def test_a_further_attribution_has_an_id_of_its_own_and_names_the_statement(made):
    (headline,) = [s for s in made["statements"] if s["id"] != s["statement"]]
    assert headline["id"].startswith(headline["statement"] + "@")
    assert TEXT[slice(*headline["content"][0])] == "Kenya Of Shelling Village"


def test_statements_stand_in_reading_order(made):
    starts = [s["content"][0] for s in made["statements"]]
    assert starts == sorted(starts)


def test_organs_are_told_with_whom_they_speak_for(made):
    speaker = next(s["speaker"] for s in made["statements"] if s["speaker"]["label"] == "Chadian armed forces")
    assert speaker["principalLabel"] == "Chad"


def test_incidents_are_claims_with_a_status(made):
    shelling = next(i for i in made["incidents"] if i["kind"] == "shelling")
    assert shelling["status"] == "contested"
    assert "Chadian armed forces" in {a["label"] for a in shelling["allegedBy"]}
    assert "Kenya" in {a["label"] for a in shelling["deniedBy"]}
    assert all(set(a) == ACTOR for a in shelling["allegedBy"])


def test_a_dispute_stands_under_the_principal_that_contests_and_tells_whether_it_is_answered(made):
    rows = {(d["actorLabel"], d["counterpartyLabel"], d["clauseNumber"], d["answered"]) for d in made["disputes"]}
    assert rows == {("Chad", "Kenya", "2", False), ("Kenya", "Chad", None, True)}
    assert {d["agreementLabel"] for d in made["disputes"]} == {"Zenda Agreement"}


def test_a_mere_mention_of_an_agreement_takes_no_position(converter):
    text = "Chad said that envoys had signed the Zenda Agreement in spring. Kenya said that it rained."
    made = converter.annotation(record(converter, text))
    assert (made["agreementMentions"], made["disputes"]) == ([], [])


def test_a_clause_of_a_local_agreement_is_named(made):
    (part,) = [m for m in made["agreementMentions"] if m["clauseNumber"]]
    assert (part["clauseNumber"], part["agreementLabel"], part["stance"]) == ("2", "Zenda Agreement", "violates")


def test_one_document_leaves_no_trace_in_the_next(converter):
    before = converter.annotation(record(converter, "Chad said that it rained."))
    converter.annotation(record(converter, TEXT))
    assert converter.annotation(record(converter, "Chad said that it rained.")) == before
    assert (before["incidents"], before["disputes"], before["agreementMentions"]) == ([], [], [])


@pytest.mark.parametrize("text", ["", " \n", "“", "No known words."])
def test_texts_that_say_nothing(converter, text):
    made = converter.annotation(record(converter, text))
    assert (made["text"], made["statements"]) == (text, [])
