"""Tellings that once went wrong, each with what a reader takes from it; one line a case."""

from __future__ import annotations

from typing import Any

import pytest

from pacta.pipeline import annotate_text

# text, index of the statement, what it must say (any of: speaker, principal, act, content, kind, conduct, casualties)
CASES: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("Kenya's army issued a statement. The statement said that the road was open.", 0,
     {"principal": "Kenya", "content": "the road was open"}),
    ("Sudan said that it had not attacked Ethiopia.", 0, {"act": "denies", "kind": "incident"}),
    ("Sudan said that nobody had shelled the town.", 0, {"act": "asserts", "kind": "state-of-affairs"}),
    ("“Stop the guns!” Kenya said.", 0, {"speaker": "Kenya", "content": "Stop the guns!", "mode": "direct"}),
    ("“Is the road open?” Kenya asked.", 0, {"speaker": "Kenya", "content": "Is the road open?"}),
    ("The Kenyan army said in a statement that Chad had lied.", 0,
     {"principal": "Kenya", "content": "Chad had lied"}),
    ("The commander, who said that the town had fallen, left.", 0,
     {"speaker": "commander", "content": "the town had fallen"}),
    ("Kenya said that the Friendship Treaty had been violated by Sudan.", 0,
     {"kind": "evaluation", "conduct": "breach", "act": "accuses"}),
    ("Serbia said that Kosovo was in breach of the Ohrid agreement.", 0,
     {"kind": "evaluation", "conduct": "breach", "about": "Kosovo"}),
    ("The Kenyan foreign minister, Grace Wanjiru, said the border was open. Wanjiru said trade would grow.", 1,
     {"speaker": "Grace Wanjiru", "principal": "Kenya"}),
    ("Serbia blamed the attack on Kosovo police.", 0, {"act": "accuses", "speaker": "Serbia"}),
    ("“The road,” Chad said, “is open to all.”", 0, {"speaker": "Chad", "content": "The road"}),
    ("Ethiopia denied that it had attacked Sudan, saying that Sudan had fired first.", 0,
     {"act": "denies", "content": "it had attacked Sudan"}),
    ("Chad accused Kenya of burning a village and accused Mali of arming rebels.", 1,
     {"act": "accuses", "content": "Mali of arming rebels"}),
    ("Kenya said rebels killed two officers.", 0, {"kind": "incident", "casualties": 2}),
    ("Kenya urged Uganda to withdraw its troops.", 0, {"act": "demands", "kind": "state-of-affairs"}),
)  # fmt: skip


def told(statement: dict[str, Any], text: str) -> dict[str, Any]:
    """What the cases speak of, out of one statement of the annotation."""
    proposition = statement["proposition"]
    return {
        "speaker": statement["speaker"]["label"],
        "principal": statement["speaker"]["principalLabel"],
        "act": statement["act"],
        "mode": statement["speechMode"],
        "content": " … ".join(text[a:b] for a, b in statement["content"][:1]).strip("“”,. "),
        "kind": proposition["kind"],
        "conduct": proposition.get("conduct"),
        "casualties": proposition.get("casualties"),
        "about": ", ".join(a["label"] for a in proposition.get("about", ())),
    }


@pytest.mark.parametrize(("text", "index", "wanted"), CASES, ids=[c[0][:50] for c in CASES])
def test_telling(text: str, index: int, wanted: dict[str, Any]) -> None:
    found = [s for s in annotate_text(text, published="2024-05-03")["statements"] if s["speechMode"] != "narration"]
    assert len(found) > index, [told(s, text) for s in found]
    got = told(found[index], text)
    assert {k: got[k] for k in wanted} == wanted


def test_a_headline_is_no_transcript() -> None:
    found = annotate_text("Live Blog: Fighting Resumes In Border Town\n\nThe road was quiet.")
    assert not [s for s in found["statements"] if s["speechMode"] != "narration"]


def test_a_denial_told_by_a_third_answers_the_charge_not_the_teller() -> None:
    found = annotate_text("Ethiopia said Sudan shelled a village. Sudan denied that, Egypt said.")["statements"]
    denial = next(s for s in found if s["act"] == "denies")
    charge = next(s for s in found if s["speaker"]["label"] == "Ethiopia")
    assert denial["respondsTo"] == charge["id"]


def test_a_name_with_the_year_of_another_agreement_is_not_that_agreement() -> None:
    text = "Armenia and Azerbaijan signed the ceasefire agreement of 1994. Armenia said the agreement was dead."
    stock = "https://w3id.org/pacta/id/agreement/arm-aze-rus-2020-11"
    assert stock not in {m["agreement"] for m in annotate_text(text, published="2021-05-03")["agreementMentions"]}


def test_a_name_with_a_day_is_the_agreement_of_that_day_in_any_later_year() -> None:
    text = "Armenia told Azerbaijan that the November 9 statement requires the return of prisoners."
    stock = "https://w3id.org/pacta/id/agreement/arm-aze-rus-2020-11"
    assert {m["agreement"] for m in annotate_text(text, published="2024-05-03")["agreementMentions"]} == {stock}


def test_a_superscript_is_no_count() -> None:
    found = annotate_text("The army said that ² soldiers were killed.")["statements"]
    assert found[0]["proposition"].get("casualties") is None


def test_a_line_of_a_million_characters_is_read() -> None:
    text = "Kenya said that the road was open. " + "x" * 1_200_000
    assert annotate_text(text)["statements"][0]["speaker"]["label"] == "Kenya"


def test_hidden_signs_of_a_text_are_shown_not_obeyed() -> None:
    from pacta.commands.marked import as_text

    shown = as_text(annotate_text("Kenya said that it \x1b[2J left \u202etoday."), colour=True)
    assert "\u202e" not in shown
    assert "\x1b[2J" not in shown
    assert "\u241b[2J" in shown


def test_a_denial_reaches_back_to_the_charge_that_concerns_the_speaker() -> None:
    text = (
        "Kenya said Ugandan troops shelled a clinic on Monday. “Two nurses were hurt,” Kenya said. "
        "“The road is closed.” Uganda was quick to deny that."
    )
    found = annotate_text(text, published="2024-05-03")["statements"]
    denial = next(s for s in found if s["act"] == "denies")
    assert denial["respondsTo"] == found[0]["id"]


def test_headline_and_lead_tell_of_one_incident() -> None:
    lead = "Kenya has confirmed reports that gunners shelled a clinic on Monday."
    text = f"Kenya Confirms Rebel Shelling Of Lodwar\n\n{lead}"
    assert len(annotate_text(text, published="2024-05-03")["incidents"]) == 1


def test_an_initiative_with_a_name_is_an_agreement() -> None:
    found = annotate_text("Kenya accused Uganda of violating the Lake Grain Initiative.", published="2024-05-03")
    assert found["statements"][0]["proposition"]["kind"] == "evaluation"
    assert [m["agreementLabel"] for m in found["agreementMentions"]] == ["Lake Grain Initiative"]
