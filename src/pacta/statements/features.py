"""What is known about a way to read an ascription: numbers for the scorer, by name, from words, syntax and marks."""

from __future__ import annotations

from collections.abc import Sequence

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.statements.candidates import Candidate
from pacta.statements.grammar import child, is_passive, is_verb
from pacta.statements.said import Said

_TAGS = ("VBD", "VBZ", "VBP", "VB", "VBG", "VBN", "NN", "NNS")
_RELATIONS = ("ROOT", "ccomp", "conj", "advcl", "relcl", "acl", "xcomp", "parataxis", "pcomp", "pobj", "dobj", "nsubj")
_ROOTS = ("ccomp", "xcomp", "dobj", "pobj", "advcl", "ROOT", "nsubj", "relcl", "acl", "pcomp", "attr", "conj")
_BELOW = ("ccomp", "xcomp", "dobj", "prep", "advcl", "nsubjpass", "mark", "cc", "advmod")
ORIGINS = (
    "ccomp", "xcomp", "dobj", "advcl", "attr", "ccomp-comma", "xcomp-comma", "dobj-comma", "advcl-comma", "patient",
    "patient-all", "antecedent", "quoted", "below-after", "after", "after-comma", "before", "around", "frame", "prep",
)  # fmt: skip
_NO_ORIGIN = {f"origin={o}": 0.0 for o in ORIGINS} | {f"root={d}": 0.0 for d in _ROOTS}
_MARKS = frozenset({"if", "because", "while", "when"})
_PERSONS = {
    "i": 1, "we": 1, "you": 2, "he": 3, "she": 3, "they": 4, "it": 5, "who": 6, "one": 7, "that": 8, "which": 8,
}  # fmt: skip


def origin_of(origin: str) -> str:
    """Return the kind of an origin: "prep:about" is a "prep"."""
    return origin.partition(":")[0]


def of_cue(page: Annotated, candidate: Candidate, sentence: DocSpan, said: Sequence[Said]) -> dict[str, float]:
    """Return what all readings of one cue share."""
    head, source = candidate.cue.head, candidate.source
    who = source.head
    out: dict[str, float] = {f"tag={t}": float(head.tag_ == t) for t in _TAGS}
    out |= {f"dep={d}": float(head.dep_ == d) for d in _RELATIONS}
    below = {c.dep_ for c in head.children}
    out |= {f"has={d}": float(d in below) for d in _BELOW}
    aux = {c.lower_ for c in head.children if c.dep_ == "aux"}
    out |= {
        "negated": float("neg" in below),
        "to": float("to" in aux),
        "would": float(bool(aux & {"would", "will", "'ll", "'d"})),
        "may": float(bool(aux & {"may", "might", "could", "can", "should", "must"})),
        "have": float(bool(aux & {"have", "has", "had", "'ve"})),
        "do": float(bool(aux & {"do", "does", "did"})),
        "passive": float(is_verb(head) and is_passive(head)),
        "quoted cue": float(page.quoted(sx.start(head)) is not None),
        "place": (head.i - sentence.start) / max(len(sentence), 1),
        "length": float(len(sentence)),
        "depth": float(_depth(head)),
        "above is verb": float(head.head != head and is_verb(head.head)),
        "above says": float(head.head != head and bool(page.lexicon.of("ReportingCue", head.head.lemma_.lower()))),
        "marked": float(any(c.dep_ == "mark" and c.lower_ in _MARKS for c in head.children)),
        "lexicon": float(bool(page.lexicon.starting("ReportingCue", head.lemma_.lower()))),
        "rules": float(bool(said)),
        "rules sure": max((s.confidence for s in said), default=0.0),
        "source pronoun": float(_PERSONS.get(who.lower_, 0)),
        "source name": float(who.pos_ == "PROPN"),
        "source noun": float(who.pos_ == "NOUN"),
        "source plural": float(who.tag_ in ("NNS", "NNPS")),
        "source capital": float(who.text[:1].isupper()),
        "source known": float(page.names.covering(sx.start(who)) is not None),
        "source person": float(who.lemma_.lower() in page.lexicon.lemmas("PersonNoun")),
        "source text": float(who.lemma_.lower() in page.lexicon.lemmas("CommuniqueNoun")),
        "source before": float(who.i < head.i),
        "source far": float(abs(who.i - head.i)),
        "source length": float(len(source.tokens)),
        "source quoted": float(page.quoted(sx.start(who)) is not None),
        "source is own": float(who.head == head),
    }
    return out


def of_content(
    page: Annotated, candidate: Candidate, sentence: DocSpan, said: Sequence[Said], others: Sequence[Candidate]
) -> dict[str, float]:
    """Return what sets one reading of a cue apart from the other readings of it."""
    tokens, head, root = candidate.tokens, candidate.cue.head, candidate.root
    out = _NO_ORIGIN.copy()
    for name in (f"root={root.dep_}", *[f"origin={origin_of(o)}" for o in candidate.origins]):
        if name in out:
            out[name] = 1.0
    first, last = tokens[0], tokens[-1]
    longest = max(len(o.tokens) for o in others)
    own = {t.i for t in tokens}
    after = last.doc[last.i + 1] if last.i + 1 < sentence.end else None
    before = first.doc[first.i - 1] if first.i > sentence.start else None
    edge = max(t.i for t in candidate.cue.tokens)
    out |= {
        "origins": float(len(candidate.origins)),
        "tokens": float(len(tokens)),
        "share": len(tokens) / max(len(sentence), 1),
        "of longest": len(tokens) / longest,
        "readings": float(len(others)),
        "runs": float(len(candidate.spans)),
        "gap": float(first.i - edge),
        "follows": float(first.i > head.i),
        "to the end": float(after is None or all(t.is_punct for t in sentence.doc[last.i + 1 : sentence.end])),
        "from the start": float(first.i <= sentence.start + 1),
        "comma after": float(after is not None and after.text in (",", ";", ":")),
        "comma before": float(before is not None and before.text in (",", ":")),
        "that before": float(before is not None and before.lower_ == "that"),
        "starts to": float(first.lower_ == "to"),
        "starts -ing": float(first.tag_ == "VBG"),
        "starts wh": float(first.tag_ in ("WP", "WRB", "WDT", "WP$")),
        "starts if": float(first.lower_ in ("if", "whether")),
        "one word": float(len(tokens) == 1),
        "has verb": float(any(is_verb(t) for t in tokens)),
        "has finite": float(any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in tokens)),
        "has subject": float(any(t.dep_ in ("nsubj", "nsubjpass") for t in tokens)),
        "root verb": float(is_verb(root)),
        "root subject": float(child(root, "nsubj", "nsubjpass") is not None),
        "root inside": float(root.i in own),
        "quoted share": page.quoted_share(candidate.spans),
        "quote opens": float(page.quoted(sx.start(first)) is not None),
        "crosses cue": float(first.i < head.i < last.i),
        "same as rules": max((_overlap(page, s, candidate) for s in said), default=-1.0),
    }
    return out


def _overlap(page: Annotated, said: Said, candidate: Candidate) -> float:
    """Return the Jaccard index of the words of a rule's content and of this one."""
    doc = candidate.root.doc
    theirs = {t.i for s in said.content for t in page.tokens_in(s) if t.doc is doc and not t.is_punct}
    own = {t.i for t in candidate.tokens if not t.is_punct}
    return len(theirs & own) / max(len(theirs | own), 1)


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token and depth < 12:
        token, depth = token.head, depth + 1
    return depth
