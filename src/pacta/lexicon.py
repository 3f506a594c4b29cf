"""Load the words that drive the reading: seeds/lexicon/*.ttl as frozen entries, looked up by kind and lemma.

    lexicon = load()
    lexicon.of("ReportingCue", "deny", "verb")  # the entries whose lemma is that one word
    lexicon.starting("ReportingCue", "rule")    # (("rule", "out"), entry): lemmas that begin so, the longest first
    lexicon.phrases("ReportingCue")             # all lemmas of several words, the longest first
    lexicon.kinds("WeaponNoun")                 # all entries of a kind

A word of an entry stands for a token with that lemma (as spaCy's English pipeline gives it) or with that lower-case
form: fixed phrases ("according to", "what it called") are entered as they are written. Entries are sorted by IRI, so
that the same files give the same lexicon. Every fault of every file is found before `KnowledgeError` is raised.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from pathlib import Path

import pyoxigraph as ox

from pacta import resources
from pacta.errors import KnowledgeError
from pacta.nesting import refuse_deep
from pacta.vocabulary import LEXICON, PACTA, RDF, RDFS, SKOS, VOCAB

TYPE = RDF + "type"
IS_DEFINED_BY = RDFS + "isDefinedBy"
EXAMPLE = SKOS + "example"
PARTS_OF_SPEECH = frozenset({"verb", "noun", "adjective", "adverb", "phrase"})
FRAMES_WITH_PREPOSITION = frozenset({"preposition", "object-of", "object-on"})

# What an entry of each kind must say beside its lemma, part of speech and example: at least one of these properties.
KINDS: Mapping[str, tuple[str, ...]] = {
    "ReportingCue": ("expressesForce",),
    "CueModifier": ("blocksForce", "expressesForce"),
    "NarratorMarker": ("impliesStance",),
    "CommuniqueNoun": (),
    "EvidenceNoun": (),
    "IncidentTrigger": ("triggersKind",),
    "WeaponNoun": (),
    "GroupNoun": (),
    "PersonNoun": (),
    "ReadingCue": ("contentFrame",),
    "ConductCue": ("triggersConduct",),
    "TopicTrigger": ("triggersTopic",),
    "AgreementNoun": (),
    "AgreementAnaphor": (),
    "RejectionTargetNoun": (),
    "SideNoun": (),
    "CasualtyNoun": (),
}
# The scheme from which each property takes its concept.
SCHEMES: Mapping[str, str] = {
    "expressesForce": "force",
    "contentFrame": "content-frame",
    "impliesStance": "narrator-stance",
    "triggersKind": "incident-kind",
    "triggersConduct": "conduct",
    "triggersTopic": "provision-topic",
}
WORDS = frozenset({"lemma", "partOfSpeech", "contentPreposition", "blocksForce", "objectLemma", "requiresLemma"})
SINGLE = frozenset(SCHEMES) - {"contentFrame"} | {"partOfSpeech", "blocksForce"}

Lemma = tuple[str, ...]
Facts = dict[str, list[str]]  # property IRI -> values, as written in one file about one subject


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase and what it tells the reader of a text.

    `kind`: local name of the class ("ReportingCue"); `lemmas`: variants, each a tuple of words; `force`, `stance` and
    `frames`: local names of concepts; `value`: full IRI of the incident kind, provision topic or conduct; `objects`:
    the entry counts only with one of these as object; `requires`: any of these in the clause makes this entry win.
    """

    iri: str
    kind: str
    lemmas: tuple[Lemma, ...]
    pos: str
    force: str | None = None
    frames: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    stance: str | None = None
    blocks: bool = False
    value: str | None = None
    objects: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()

    @property
    def concept(self) -> str:
        """Local name of the incident kind, provision topic or conduct; empty where the entry tells none."""
        return (self.value or "").rpartition("/")[2]


class Lexicon:
    """Entries, indexed by kind and lemma. Immutable; two lexicons of the same entries have the same `hash`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: entry.iri))
        kinds: dict[str, list[Entry]] = defaultdict(list)
        words: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        starts: dict[tuple[str, str], list[tuple[Lemma, Entry]]] = defaultdict(list)
        phrases: dict[str, list[tuple[Lemma, Entry]]] = defaultdict(list)
        for entry in self.entries:
            kinds[entry.kind].append(entry)
            for lemma in entry.lemmas:
                starts[entry.kind, lemma[0]].append((lemma, entry))
                if len(lemma) == 1:
                    words[entry.kind, lemma[0]].append(entry)
                else:
                    phrases[entry.kind].append((lemma, entry))
        self._kinds = {kind: tuple(found) for kind, found in kinds.items()}
        self._words = {key: tuple(found) for key, found in words.items()}
        self._starts = {key: _longest_first(found) for key, found in starts.items()}
        self._phrases = {kind: _longest_first(found) for kind, found in phrases.items()}
        self._lemmas: dict[str, frozenset[str]] = {}
        self.hash = hashlib.sha256("\n".join(map(_canonical, self.entries)).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def kinds(self, kind: str) -> tuple[Entry, ...]:
        """Return all entries of a kind."""
        return self._kinds.get(kind, ())

    def of(self, kind: str, lemma: str, pos: str | None = None) -> tuple[Entry, ...]:
        """Return the entries of a kind that have the one word `lemma`, of that part of speech where one is given."""
        return tuple(entry for entry in self._words.get((kind, lemma), ()) if pos is None or entry.pos == pos)

    def starting(self, kind: str, word: str) -> tuple[tuple[Lemma, Entry], ...]:
        """Return lemmas of a kind whose first word is `word`, of one word or several, the longest first."""
        return self._starts.get((kind, word), ())

    def phrases(self, kind: str) -> tuple[tuple[Lemma, Entry], ...]:
        """Return the lemmas of several words of a kind, the longest first."""
        return self._phrases.get(kind, ())

    def lemmas(self, kind: str) -> frozenset[str]:
        """Return the one-word lemmas of a kind."""
        if kind not in self._lemmas:
            words = (lemma[0] for entry in self.kinds(kind) for lemma in entry.lemmas if len(lemma) == 1)
            self._lemmas[kind] = frozenset(words)
        return self._lemmas[kind]


def _longest_first(found: list[tuple[Lemma, Entry]]) -> tuple[tuple[Lemma, Entry], ...]:
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0], pair[1].iri)))


def _canonical(entry: Entry) -> str:
    fields = (getattr(entry, name) for name in Entry.__slots__)
    return repr([sorted(value) if isinstance(value, frozenset) else value for value in fields])


@dataclass(frozen=True, slots=True, order=True)
class _Fault:
    where: str
    what: str
    remedy: str


def load(paths: Sequence[Path] | None = None, *, concepts: frozenset[str] | None = None) -> Lexicon:
    """Read the lexicon from Turtle files (default: seeds/lexicon/*.ttl).

    `concepts`: IRIs that forces, frames, kinds, topics may name (default: those of ontology/vocabularies/*.ttl).
    Raises KnowledgeError that names every fault with file, line and remedy.
    """
    files = sorted(resources.files("seeds", "lexicon/*.ttl") if paths is None else paths)
    known = known_concepts() if concepts is None else concepts
    entries: list[Entry] = []
    faults: list[_Fault] = []
    places: dict[str, str] = {}
    for path in files:
        text = _read(path, faults)
        lines = _lines(text)
        for subject, facts in _subjects(text, path, faults).items():
            where = f"{path.name}:{lines.get(_local(subject), 1)} <{subject}>"
            if subject in places:
                faults.append(_Fault(where, f"entry is already written at {places[subject]}", "Rename one of the two."))
                continue
            places[subject] = where
            found = list(_faults_of(facts, where, path, known))
            faults.extend(found)
            if not found:
                entries.append(_entry(subject, facts))
    faults.extend(_collisions(entries, places))
    if faults:
        raise _error(sorted(set(faults)))
    if not entries:
        raise KnowledgeError(
            "the lexicon holds no entry", ", ".join(map(str, files)) or None, "Add a block to seeds/lexicon/."
        )
    return Lexicon(entries)


def known_concepts(paths: Sequence[Path] | None = None) -> frozenset[str]:
    """Return the IRIs of all skos:Concepts in the vocabulary files (default: ontology/vocabularies/*.ttl)."""
    faults: list[_Fault] = []
    found = set()
    for path in resources.files("ontology", "vocabularies/*.ttl") if paths is None else paths:
        for triple in _triples(_read(path, faults), path, faults):
            if triple.predicate.value == TYPE and triple.object == ox.NamedNode(SKOS + "Concept"):
                found.add(str(getattr(triple.subject, "value", "")))
    if faults:
        raise _error(faults)
    return frozenset(found)


def _error(faults: Sequence[_Fault]) -> KnowledgeError:
    if len(faults) == 1:
        return KnowledgeError(faults[0].what, faults[0].where, faults[0].remedy)
    lines = "".join(f"\n  {fault.what} ({fault.where}). {fault.remedy}" for fault in faults)
    return KnowledgeError(f"{len(faults)} faults in the lexicon:{lines}")


def _read(path: Path, faults: list[_Fault]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(_Fault(path.name, f"file cannot be read: {error}", "Save it as UTF-8 where it can be read."))
        return ""


def _triples(text: str, path: Path, faults: list[_Fault]) -> list[ox.Quad]:
    """Return the triples of a file, none where it is not Turtle throughout."""
    refuse_deep(text.encode(), "turtle", str(path))
    try:
        return list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=LEXICON))
    except SyntaxError as error:
        where = f"{path.name}:{error.lineno}" if error.lineno else path.name
        faults.append(_Fault(where, f"not Turtle: {error.msg}", "Mend the syntax there (a missing dot or semicolon?)."))
        return []


def _subjects(text: str, path: Path, faults: list[_Fault]) -> dict[str, Facts]:
    """Group the triples of a file by subject; keep what is, or tries to be, a lexical entry."""
    subjects: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
    for triple in _triples(text, path, faults):
        if isinstance(triple.subject, ox.NamedNode):
            value = triple.object
            facts = subjects[triple.subject.value]
            facts[triple.predicate.value].append(value.value if hasattr(value, "value") else str(value))
    marks = {PACTA + name for name in (*SCHEMES, *WORDS)} | {EXAMPLE}
    return {
        subject: facts
        for subject, facts in subjects.items()
        if marks & facts.keys() or any(name.startswith(PACTA) for name in facts.get(TYPE, ()))
    }


def _lines(text: str) -> dict[str, int]:
    """Return, by last part of its name, the line that opens each block of a Turtle file."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] not in ("", " ", "\t", "#", "@"):
            found.setdefault(re.split(r"[/:#]", line.split()[0].rstrip(">"))[-1], number)
    return found


def _faults_of(facts: Facts, where: str, path: Path, known: frozenset[str]) -> Iterator[_Fault]:
    """Yield what is wrong with one entry."""
    kinds = [_local(name) for name in facts.get(TYPE, ()) if _local(name) in KINDS]
    if len(kinds) != 1:
        what = f"entry is of {len(kinds)} kinds" if kinds else "entry has no known kind"
        yield _Fault(where, what, f"Give it exactly one class of: {', '.join(f'pacta:{name}' for name in KINDS)}.")
    for name in sorted(facts):
        if name.startswith(PACTA) and _local(name) not in WORDS | SCHEMES.keys():
            close = get_close_matches(_local(name), sorted(WORDS | SCHEMES.keys()), 1)
            hint = f"Did you mean pacta:{close[0]}?" if close else "Remove it or see ontology/lexicon.ttl."
            yield _Fault(where, f"pacta:{_local(name)} is no property of a lexical entry", hint)
    for name in sorted(SINGLE):
        if len(facts.get(PACTA + name, ())) > 1:
            yield _Fault(where, f"pacta:{name} has several values", "Keep one, and write a second entry for the other.")
    if not facts.get(PACTA + "lemma"):
        yield _Fault(where, "entry has no lemma", 'Add pacta:lemma "…", in lower case as spaCy lemmatises it.')
    for name in ("lemma", "objectLemma", "requiresLemma", "contentPreposition"):
        for word in facts.get(PACTA + name, ()):
            if word != " ".join(word.split()).lower() or not word:
                yield _Fault(where, f"pacta:{name} {word!r} is not plain", "Use lower case, one space between words.")
            elif name != "lemma" and " " in word:
                yield _Fault(where, f"pacta:{name} {word!r} has several words", "Give the one word that is the head.")
    pos = facts.get(PACTA + "partOfSpeech", [])
    if not pos or not set(pos) <= PARTS_OF_SPEECH:
        what = f"part of speech {pos[0]!r} is not known" if pos else "entry has no part of speech"
        yield _Fault(where, what, f"Give pacta:partOfSpeech one of: {', '.join(sorted(PARTS_OF_SPEECH))}.")
    if not any(example.strip() for example in facts.get(EXAMPLE, ())):
        yield _Fault(where, "entry has no example", "Add skos:example with a sentence that contains it.")
    if facts.get(IS_DEFINED_BY) != [LEXICON + path.stem]:
        yield _Fault(where, "entry does not name its file", f"Add rdfs:isDefinedBy <{LEXICON}{path.stem}>.")
    for kind in kinds:
        needed = KINDS[kind]
        if needed and not any(facts.get(PACTA + name) for name in needed):
            wanted = " or ".join(f"pacta:{name}" for name in needed)
            yield _Fault(where, f"{kind} has no {wanted}", f"Add {wanted}{_choice(needed[-1], known)}.")
        if kind == "ReportingCue" and not facts.get(PACTA + "contentFrame"):
            remedy = f"Say where its content stands{_choice('contentFrame', known)}."
            yield _Fault(where, "ReportingCue has no pacta:contentFrame", remedy)
    for name, scheme in SCHEMES.items():
        for value in facts.get(PACTA + name, ()):
            if value not in known or not value.startswith(f"{VOCAB}{scheme}/"):
                yield _Fault(where, f"pacta:{name} <{value}> is no concept of {scheme}", _nearest(value, scheme, known))
    needy = FRAMES_WITH_PREPOSITION & {_local(value) for value in facts.get(PACTA + "contentFrame", ())}
    if needy and not facts.get(PACTA + "contentPreposition"):
        yield _Fault(where, f"frame {min(needy)} has no preposition", "Add pacta:contentPreposition.")


def _choice(name: str, known: frozenset[str]) -> str:
    names = sorted(_local(iri) for iri in known if name in SCHEMES and iri.startswith(f"{VOCAB}{SCHEMES[name]}/"))
    return f", one of: {', '.join(names)}" if 0 < len(names) <= 14 else ""


def _nearest(value: str, scheme: str, known: frozenset[str]) -> str:
    names = sorted(_local(iri) for iri in known if iri.startswith(f"{VOCAB}{scheme}/"))
    close = get_close_matches(_local(value), names, 1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"Use a concept of ontology/vocabularies/{scheme}.ttl.{hint}"


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _entry(subject: str, facts: Facts) -> Entry:
    def first(name: str) -> str | None:
        return next(iter(facts.get(PACTA + name, ())), None)

    def several(name: str) -> frozenset[str]:
        return frozenset(facts.get(PACTA + name, ()))

    force, stance = first("expressesForce"), first("impliesStance")
    return Entry(
        iri=subject,
        kind=next(_local(name) for name in facts[TYPE] if _local(name) in KINDS),
        lemmas=tuple(sorted(tuple(lemma.split(" ")) for lemma in several("lemma"))),
        pos=first("partOfSpeech") or "",
        force=_local(force) if force else None,
        frames=frozenset(map(_local, several("contentFrame"))),
        prepositions=several("contentPreposition"),
        stance=_local(stance) if stance else None,
        blocks=first("blocksForce") == "true",
        value=first("triggersKind") or first("triggersTopic") or first("triggersConduct"),
        objects=several("objectLemma"),
        requires=several("requiresLemma"),
        examples=tuple(sorted(facts[EXAMPLE])),
    )


def _collisions(entries: Sequence[Entry], places: Mapping[str, str]) -> Iterator[_Fault]:
    """Yield pairs of entries between which a reader could not choose: same kind, word, frame, preposition, object."""
    seen: dict[tuple[object, ...], str] = {}
    for entry in sorted(entries, key=lambda entry: entry.iri):
        for lemma in entry.lemmas:
            for frame in sorted(entry.frames) or [""]:
                prepositions = entry.prepositions if frame in FRAMES_WITH_PREPOSITION or not frame else frozenset()
                for preposition in sorted(prepositions) or [""]:
                    for word, near in product(sorted(entry.objects) or [""], sorted(entry.requires) or [""]):
                        key = (entry.kind, entry.pos, lemma, frame, preposition, word, near)
                        other = seen.setdefault(key, entry.iri)
                        if other != entry.iri:
                            remedy = "Join the two, or tell them apart by frame, preposition, object or required word."
                            yield _Fault(places[entry.iri], f"{' '.join(lemma)!r} is also read by <{other}>", remedy)
