"""An official statement is its issuer's own words from beginning to end; a report about one is not."""

from __future__ import annotations

from typing import Any

import pytest

from pacta.pipeline import annotate_text

BODY = """The Ministry of Foreign Affairs firmly rejects the claims of the authorities in Vesk.

Borduria has kept every point of the ceasefire from the first day. The army of Syldavia shelled the town of Lyra on
Monday. We call on the guarantors to stop these attacks.
"""


def _told(text: str) -> list[tuple[str, str, str]]:
    annotation: dict[str, Any] = annotate_text(text, published="2021-05-05")
    words = annotation["text"]
    return [
        (s["speaker"]["label"], s["act"], " ".join(words[a:b] for a, b in s["content"]))
        for s in annotation["statements"]
    ]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Comment by the Ministry of Foreign Affairs of the Republic of Serbia", "Serb foreign ministry"),
        ("Statement by the Ministry of Foreign Affairs of Armenia on the latest attacks", "Armenian Foreign Ministry"),
        ("Press release of the Ministry of Defence of Georgia", "Georgian Defence Ministry"),
        ("No:12/22, Information of the Ministry of Foreign Affairs of Azerbaijan", "Azerbaijani Foreign Ministry"),
        ("Hamas statement on the ceasefire", "Hamas"),
        ("MINISTRY OF FOREIGN AFFAIRS OF THE REPUBLIC OF SERBIA\nPress release, 5 May 2021", "Serb foreign ministry"),
        ("Ministry of Defence of Georgia\n\nPress release No. 14", "Georgian Defence Ministry"),
        ("Communiqué\n\nOrganization for Security and Co-operation in Europe", "OSCE"),
    ],
)
def test_the_title_tells_whose_text_it_is(title: str, label: str):
    told = _told(f"{title}\n\n{BODY}")
    by = {who for who, _, words in told if words.startswith(("Borduria has kept", "The army of Syldavia"))}
    assert len(by) == 1
    assert next(iter(by)).split()[0] == label.split()[0]
    assert any(who in by and act == "demands" and "stop these attacks" in words for who, act, words in told)


@pytest.mark.parametrize(
    "title",
    ["Statement by the ministry draws fire", "Talks on the ceasefire in Geneva", "", "Tbilisi\n\nPress release"],
)
def test_another_title_makes_nobody_the_writer(title: str):
    told = _told(f"{title}\n\n{BODY}")
    assert not [who for who, _, words in told if words.startswith("Borduria has kept") and "outlet" not in who]
    assert not any("stop these attacks" in words for _, _, words in told)


def test_a_report_about_a_statement_is_the_outlets():
    report = (
        "The ministry said in its statement that Vesk was lying. Borduria has kept the ceasefire from the first day."
    )
    told = _told(f"Statement by the Ministry of Foreign Affairs of Serbia\n\n{report}\n")
    assert not [who for who, _, words in told if words.startswith("Borduria has kept") and "outlet" not in who]


def test_words_of_others_stay_theirs():
    quoted = 'Mr. Varga said: "Borduria broke the ceasefire on Monday." The charge has no basis in fact at all.'
    told = _told(f"Statement by the Ministry of Foreign Affairs of Serbia\n\n{quoted}\n")
    assert [who for who, _, words in told if "broke" in words] == ["Mr. Varga"]
    assert any(who.startswith("Serb") and words.startswith("The charge") for who, _, words in told)
