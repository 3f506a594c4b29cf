"""Cues: verbs, nouns and phrases that report, with all their words, and those that report nothing."""

import pytest

from pacta.annotations import syntax
from pacta.statements.cues import find_cues
from pages import annotated

FOUND = {
    # verbs
    "Kenya said that it rained.": [("said", "asserts")],
    "Kenya has said that it rained.": [("has said", "asserts")],
    "Kenya was accused of theft.": [("was accused", "accuses")],
    "Uganda was quick to deny that it rained.": [("was quick to deny", "denies")],
    "Chad confirmed the date and condemned the raid.": [("confirmed", "confirms"), ("condemned", "condemns")],
    "Chad ruled out a pullback.": [("ruled out", "denies")],
    "Chad brushed the idea aside.": [("brushed … aside", "dismisses")],
    "Chad pledged to leave.": [("pledged", "pledges")],
    # nouns
    "The claim by Chad was old.": [("claim", "asserts")],
    "A warning of floods came.": [("warning", "warns")],
    # phrases
    "According to Chad, it rained.": [("According to", "asserts")],
    "As claimed by Chad, it rained.": [("As claimed by", "asserts")],
    # of several words of one family, the phrase swallows the verb in it
    "It rained, as reported by Chad.": [("as reported by", "asserts")],
    # in the order of the text
    "Chad said the report was false, according to Kenya.": [
        ("said", "asserts"),
        ("report", "asserts"),
        ("according to", "asserts"),
    ],
    # nothing said
    "The river was deep.": [],
    "": [],
}
BLOCKED = {
    "negated": "Chad did not say that it rained.",
    "never": "Chad has never confirmed that it rained.",
    "refused": "Chad refused to confirm that it rained.",
    "declined": "Chad declined to say whether it rained.",
    "failed": "Chad failed to deny that it rained.",
    "in doubt": "Chad may confirm that it rained.",
    "a duty": "Chad should condemn the raid.",
    "pledged": "Chad promised to announce a truce.",
    "demanded": "Kenya urged Chad to condemn the raid.",
}


def cues(converter, text):
    page = annotated(converter, text)
    return [(page, alternatives) for _, s, _ in page.sentences for alternatives in find_cues(list(s), page.lexicon)]


def spelled(page, cue):
    parts, last = [], None
    for token in cue.tokens:
        parts.append(" " if last is None or token.i == last + 1 else " … ")
        parts.append(page.text[syntax.start(token) : syntax.end(token)])
        last = token.i
    return "".join(parts).strip()


@pytest.mark.parametrize(("text", "wanted"), FOUND.items(), ids=[t or "nothing" for t in FOUND])
def test_cues(converter, text, wanted):
    assert [(spelled(page, a[0]), a[0].entry.force) for page, a in cues(converter, text)] == wanted


@pytest.mark.parametrize("text", BLOCKED.values(), ids=BLOCKED)
def test_what_was_not_said_is_no_cue(converter, text):
    found = [a[0].head.lemma_.lower() for _, a in cues(converter, text)]
    assert not {"say", "confirm", "deny", "condemn", "announce"} & set(found)


def test_what_is_asked_for_is_blocked_and_the_asking_is_not(converter):
    assert [a[0].entry.force for _, a in cues(converter, BLOCKED["demanded"])] == ["demands"]
    assert [a[0].entry.force for _, a in cues(converter, BLOCKED["pledged"])] == ["pledges"]


def test_entries_that_share_a_verb_are_alternatives_on_one_token(converter):
    ((_, alternatives),) = cues(converter, "Chad called for calm.")
    assert {"demands", "asserts"} <= {c.entry.force for c in alternatives}
    assert {c.head.i for c in alternatives} == {1}


def test_a_preposition_that_the_frame_names_belongs_to_the_content(converter):
    ((page, alternatives),) = cues(converter, "Chad called on Kenya to leave.")
    demand = next(c for c in alternatives if ("call", "on") in c.entry.lemmas)
    assert spelled(page, demand) == "called"


@pytest.mark.parametrize(
    ("text", "pos"),
    [("Chad said so.", "verb"), ("The claim of theft fell.", "noun"), ("According to Chad, it rained.", "phrase")],
)
def test_the_part_of_speech_it_was_read_as(converter, text, pos):
    ((_, (cue, *_)),) = cues(converter, text)
    assert cue.pos == pos
