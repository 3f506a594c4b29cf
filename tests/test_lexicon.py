"""The lexicon: every entry is whole and shows itself in its example; a broken one is named with place and remedy."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise, product
from pathlib import Path

import pytest
from spacy.tokens import Doc

from pacta import resources
from pacta.annotations.syntax import load_model
from pacta.errors import KnowledgeError
from pacta.lexicon import FRAMES_WITH_PREPOSITION, KINDS, Entry, Lemma, Lexicon, known_concepts, load
from pacta.vocabulary import LEXICON, PACTA, TERMS, VOCAB

LEAST = {
    "ReportingCue": 400,
    "CueModifier": 15,
    "NarratorMarker": 30,
    "CommuniqueNoun": 20,
    "EvidenceNoun": 20,
    "IncidentTrigger": 110,
    "WeaponNoun": 20,
    "ReadingCue": 30,
    "ConductCue": 15,
    "TopicTrigger": 60,
    "AgreementNoun": 15,
    "AgreementAnaphor": 1,
    "RejectionTargetNoun": 20,
    "SideNoun": 9,
    "CasualtyNoun": 5,
    "GroupNoun": 10,
    "PersonNoun": 30,
}
ENTRIES = load().entries


def names(scheme: str) -> set[str]:
    """Local names of the concepts of a scheme."""
    base = f"{VOCAB}{scheme}/"
    return {iri.removeprefix(base) for iri in known_concepts() if iri.startswith(base)}


@pytest.fixture(scope="module")
def docs() -> dict[str, Doc]:
    """Every example of the lexicon, parsed once."""
    examples = sorted({example for entry in ENTRIES for example in entry.examples})
    return dict(zip(examples, load_model().pipe(examples), strict=True))


def shows(doc: Doc, lemma: Lemma, *, apart: bool) -> bool:
    """Whether the words of a lemma stand in `doc` in order, by lemma or by form; `apart` allows words between them."""
    places = [[t.i for t in doc if word in (t.lemma_.lower(), t.lower_)] for word in lemma]
    steps = (pairwise(way) for way in product(*places))
    return any(all(b > a if apart else b == a + 1 for a, b in step) for step in steps)


# --- what the files hold ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", resources.files("seeds", "lexicon/*.ttl"), ids=lambda path: path.stem)
def test_every_file_holds_entries_of_its_own(file: Path) -> None:
    found = [entry for entry in ENTRIES if entry.iri.startswith(f"{LEXICON}{file.stem}/")]
    assert len(found) >= 5
    assert {entry.iri for entry in load([file])} == {entry.iri for entry in found}


def test_there_is_enough_of_each_kind() -> None:
    assert LEAST.keys() == KINDS.keys()
    counts = Counter(entry.kind for entry in ENTRIES)
    assert {kind: counts[kind] for kind in LEAST if counts[kind] < LEAST[kind]} == {}


def test_there_are_enough_cues_of_each_part_of_speech_and_force() -> None:
    cues = [entry for entry in ENTRIES if entry.kind == "ReportingCue"]
    pos = Counter(entry.pos for entry in cues)
    assert pos["verb"] >= 220
    assert pos["noun"] >= 35
    assert pos["phrase"] >= 10
    forces = Counter(entry.force for entry in cues)
    assert forces.keys() == names("force")
    assert min(forces.values()) >= 10


def test_the_kinds_are_classes_of_the_ontology() -> None:
    assert KINDS.keys() <= TERMS


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.iri.removeprefix(LEXICON))
def test_entry_is_whole(entry: Entry, docs: dict[str, Doc]) -> None:
    """Its concepts exist, and each example shows one of its lemmas."""
    assert entry.force is None or entry.force in names("force")
    assert entry.stance is None or entry.stance in names("narrator-stance")
    assert entry.frames <= names("content-frame")
    assert entry.value is None or entry.value in known_concepts()
    assert entry.lemmas
    assert entry.examples
    assert not entry.frames & FRAMES_WITH_PREPOSITION or entry.prepositions
    for example in entry.examples:
        apart = entry.pos == "verb"
        assert any(shows(docs[example], lemma, apart=apart) for lemma in entry.lemmas), example


def test_examples_are_sentences_and_not_written_twice() -> None:
    examples = Counter(example for entry in ENTRIES for example in entry.examples)
    assert [
        example for example in examples if example[-1] not in '.”"' or not (example[0].isupper() or example[0] == '"')
    ] == []
    cues = Counter(example for entry in ENTRIES if entry.kind == "ReportingCue" for example in entry.examples)
    assert [example for example, count in cues.items() if count > 1] == []


def test_every_content_frame_is_used_by_a_cue() -> None:
    used = {frame for entry in ENTRIES if entry.kind == "ReportingCue" for frame in entry.frames}
    assert used == names("content-frame")


# --- how it is looked up ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load()


def test_words_are_found_by_kind_lemma_and_part_of_speech(lexicon: Lexicon) -> None:
    assert {entry.force for entry in lexicon.of("ReportingCue", "deny", "verb")} == {"denies"}
    assert {entry.pos for entry in lexicon.of("ReportingCue", "claim")} == {"verb", "noun"}
    assert {entry.stance for entry in lexicon.of("ReportingCue", "claim", "verb")} == {"distanced"}
    assert lexicon.of("ReportingCue", "xyzzy") == ()
    assert lexicon.kinds("Nothing") == ()
    assert "drone" in lexicon.lemmas("WeaponNoun")


def test_phrases_come_longest_first(lexicon: Lexicon) -> None:
    found = lexicon.starting("ReportingCue", "rule")
    assert [lemma for lemma, _ in found] == [("rule", "out"), ("rule",)]
    assert [entry.force for _, entry in found] == ["denies", "announces"]
    lengths = [len(lemma) for lemma, _ in lexicon.phrases("ReportingCue")]
    assert lengths == sorted(lengths, reverse=True)
    assert min(lengths) == 2
    assert "rule" in lexicon.lemmas("ReportingCue")
    assert lexicon.of("ReportingCue", "rule out") == ()


def test_a_required_word_makes_the_kind_finer(lexicon: Lexicon) -> None:
    kinds = {entry.value: entry.requires for entry in lexicon.of("IncidentTrigger", "attack", "verb")}
    drone, plain = f"{VOCAB}incident-kind/drone-strike", f"{VOCAB}incident-kind/assault"
    assert "drone" in kinds[drone]
    assert kinds[plain] == frozenset()
    assert "fire" in {word for entry in lexicon.of("IncidentTrigger", "open", "verb") for word in entry.objects}


def test_the_same_files_give_the_same_lexicon(lexicon: Lexicon) -> None:
    files = resources.files("seeds", "lexicon/*.ttl")
    again = load(list(reversed(files)))
    assert again.entries == lexicon.entries
    assert again.hash == lexicon.hash
    assert load(files[:-1]).hash != lexicon.hash
    assert [entry.iri for entry in lexicon] == sorted(entry.iri for entry in lexicon)


def test_it_loads_fast() -> None:
    start = time.process_time()
    load()
    assert time.process_time() - start < 0.5


# --- what is wrong with a broken one ----------------------------------------------------------------------------------
HEAD = f"""@prefix : <{LEXICON}mine/> .
@prefix pacta: <{PACTA}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
CUE = f"a pacta:ReportingCue ;\n    pacta:expressesForce <{VOCAB}force/asserts>"
GOOD = f""":murmur {CUE} ;
    pacta:lemma "murmur" ;
    pacta:partOfSpeech "verb" ;
    pacta:contentFrame <{VOCAB}content-frame/clause> ;
    skos:example "The clerk murmured that the safe was empty."@en ;
    rdfs:isDefinedBy <{LEXICON}mine> .
"""
BROKEN = {
    "no force": (f"pacta:expressesForce <{VOCAB}force/asserts> ;", "", "no pacta:expressesForce", "asserts"),
    "unknown force": ("force/asserts", "force/assert", "no concept of force", "Did you mean asserts"),
    "concept of another scheme": ("force/asserts", "conduct/breach", "no concept of force", "force.ttl"),
    "two forces": ("force/asserts>", f"force/asserts> , <{VOCAB}force/denies>", "several values", "second entry"),
    "no frame": (f"pacta:contentFrame <{VOCAB}content-frame/clause> ;", "", "no pacta:contentFrame", "clause"),
    "unknown frame": ("content-frame/clause", "content-frame/claus", "no concept of content-frame", "mean clause"),
    "frame without preposition": (
        "content-frame/clause",
        "content-frame/preposition",
        "no preposition",
        "contentPreposition",
    ),
    "no lemma": ('pacta:lemma "murmur" ;', "", "no lemma", "pacta:lemma"),
    "capital in lemma": ('"murmur"', '"Murmur"', "not plain", "lower case"),
    "two spaces in lemma": ('"murmur"', '"murmur  on"', "not plain", "one space"),
    "empty lemma": ('"murmur"', '""', "not plain", "lower case"),
    "several words in object": (
        "pacta:partOfSpeech",
        'pacta:objectLemma "dark word" ; pacta:partOfSpeech',
        "several words",
        "head",
    ),
    "no part of speech": ('pacta:partOfSpeech "verb" ;', "", "no part of speech", "verb"),
    "unknown part of speech": ('"verb"', '"gerund"', "'gerund' is not known", "noun"),
    "no example": ('skos:example "The clerk murmured that the safe was empty."@en ;', "", "no example", "skos:example"),
    "blank example": ("The clerk murmured that the safe was empty.", " ", "no example", "skos:example"),
    "no kind": ("a pacta:ReportingCue ;", "a pacta:Rumour ;", "no known kind", "pacta:ReportingCue"),
    "two kinds": ("a pacta:ReportingCue", "a pacta:ReportingCue , pacta:WeaponNoun", "2 kinds", "exactly one"),
    "unknown property": ("pacta:lemma", "pacta:lema", "pacta:lema is no property", "Did you mean pacta:lemma"),
    "no file named": (
        f"rdfs:isDefinedBy <{LEXICON}mine>",
        f"rdfs:isDefinedBy <{LEXICON}theirs>",
        "name its file",
        f"{LEXICON}mine",
    ),
    "not Turtle": ('pacta:partOfSpeech "verb" ;', 'pacta:partOfSpeech "verb"', "not Turtle", "syntax"),
    "trigger without kind": (
        "a pacta:ReportingCue",
        "a pacta:IncidentTrigger",
        "no pacta:triggersKind",
        "triggersKind",
    ),
    "modifier without effect": (CUE, "a pacta:CueModifier", "no pacta:blocksForce", "blocksForce"),
}


def test_the_sample_is_good(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(HEAD + GOOD, encoding="utf-8")
    assert [entry.lemmas for entry in load([file])] == [(("murmur",),)]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_entry_is_named_with_place_and_remedy(fault: str, tmp_path: Path) -> None:
    old, new, what, remedy = BROKEN[fault]
    assert old in GOOD
    file = tmp_path / "mine.ttl"
    file.write_text(HEAD + GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load([file])
    message = str(caught.value)
    assert what in message
    assert remedy in message
    assert "mine.ttl" in message
    assert fault == "not Turtle" or "mine.ttl:6" in message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    one, two = tmp_path / "mine.ttl", tmp_path / "other.ttl"
    one.write_text(
        HEAD + GOOD.replace('"verb"', '"gerund"').replace("force/asserts", "force/nothing"), encoding="utf-8"
    )
    two.write_text(
        HEAD + GOOD.replace("murmur", "mutter").replace("mine>", "other>").replace(";", ""), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError) as caught:
        load([one, two])
    message = str(caught.value)
    assert message.startswith("3 faults")
    assert message.count("mine.ttl") == 2
    assert "other.ttl" in message


def test_two_entries_that_nothing_tells_apart_are_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    rival = GOOD.replace(":murmur", ":murmur-again").replace("force/asserts", "force/denies")
    file.write_text(HEAD + GOOD + rival, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="also read by"):
        load([file])
    file.write_text(HEAD + GOOD + rival.replace("content-frame/clause", "content-frame/infinitive"), encoding="utf-8")
    assert len(load([file])) == 2


def test_one_iri_in_two_files_is_a_fault(tmp_path: Path) -> None:
    one, two = tmp_path / "mine.ttl", tmp_path / "other.ttl"
    one.write_text(HEAD + GOOD, encoding="utf-8")
    two.write_text(HEAD + GOOD.replace("mine>", "other>"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"already written at mine\.ttl:6"):
        load([one, two])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", HEAD.encode()])
def test_a_file_without_entries_is_a_fault(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_bytes(content)
    with pytest.raises(KnowledgeError, match=r"mine\.ttl"):
        load([file])


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load([tmp_path / "none.ttl"])
