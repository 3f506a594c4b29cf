"""Turns of a dialogue, as interviews and transcripts are set: a paragraph that opens with a name and a colon."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.syntax import Paragraph
from pacta.annotations.words import Sentence, Token
from pacta.model import Span
from pacta.statements.coreference import Resolver
from pacta.statements.cues import find_cues
from pacta.statements.direct import performed
from pacta.statements.grammar import child
from pacta.statements.phrases import names_person
from pacta.statements.said import FRAME_CONFIDENCE, Said, top, trim
from pacta.statements.sources import find_source

# "Name Surname: …": the first word and the last have a capital
_NAME_COLON = re.compile(r"(?P<name>[A-Z][\w.'\u2019-]*(?: [\w.'\u2019-]+){0,5}):\s+(?=\S)")
_LETTER_STOP = re.compile(r"(?P<name>[QA])\.\s+(?=\S)")  # "Q. …", "A. …", where a text has both
_QUESTION, _ANSWER = "Q", "A"
_LABEL = 60  # characters of a label
_TURNS = 3  # labelled paragraphs from which on a text is a transcript
_SHARE = 0.3  # of the paragraphs of a transcript that have labels
_GAP = 4  # paragraphs without label in a row that may belong to a turn
_STOPS = frozenset(".!?\"'\u201d\u2019")
_RUN = 3  # sentences from which on a turn is read as a whole
_FEW = 4  # words of a courtesy
_ASIDE = ("(", "[")
_UNLABELLED = 0.85  # how much less sure a paragraph is that goes on with a turn
_NAMING = frozenset({"PROPN", "NOUN"})
_FINITE = frozenset({"VBZ", "VBD", "VBP"})


@dataclass
class Dialogue:
    """The turns of one document, read in order."""

    page: Annotated
    _labels: dict[int, re.Match[str]] = field(init=False)  # first offset of a paragraph -> its label
    _begun: int | None = field(init=False, default=None)  # first offset of the paragraph whose turn goes on
    _asking: dict[str, bool] = field(init=False, default_factory=dict)  # label -> whether its turns are questions
    _people: tuple[str, ...] | None = field(init=False, default=None)  # told of before the first turn, once asked for

    def __post_init__(self) -> None:
        self._labels = _labelled(self.page, _NAME_COLON)
        lettered = _labelled(self.page, _LETTER_STOP)
        if len({label["name"] for label in lettered.values()}) > 1 and len(lettered) > len(self._labels):
            self._labels = lettered

    def of(self, resolver: Resolver, paragraph: Paragraph, span: Span, index: int) -> Said | None:
        """Return what a sentence says as part of a turn; None where it is none, or asks."""
        at = paragraph.span[0]
        label = self._labels.get(at)
        if label is not None:
            self._begun = at
            return self._turn(resolver, label, paragraph.span, span, index)
        if self._begun is None or paragraph.headline or at not in self._among or self._is_aside(paragraph):
            return None
        return self._turn(resolver, self._labels[self._begun], paragraph.span, span, index)

    @cached_property
    def _among(self) -> frozenset[int]:
        """The first offsets of paragraphs without label that stand among the turns of a transcript."""
        if not self._is_transcript:
            return frozenset()
        starts = [p.span[0] for p in self.page.syntax.paragraphs]
        found: list[int] = []
        row: list[int] = []
        for n, at in enumerate([*starts, None]):
            if at is None or at in self._labels:
                begun = n - len(row) - 1  # the title before a dialogue is no turn of it
                if at is None:  # behind the last turn the narrator may be back
                    row = list(takewhile(lambda start: start not in self._reporting, row))
                found += row if begun > 0 and len(row) <= _GAP else []
                row = []
            else:
                row.append(at)
        return frozenset(found)

    @property
    def _is_transcript(self) -> bool:
        if len(self._labels) < _TURNS or len({label["name"].split()[-1] for label in self._labels.values()}) < 2:
            return False
        first = min(self._labels)
        rest = sum(p.span[0] >= first for p in self.page.syntax.paragraphs)
        return len(self._labels) >= _SHARE * rest

    @cached_property
    def _reporting(self) -> frozenset[int]:
        """The first offsets of paragraphs in which a narrator tells what somebody named said."""
        last, found = max(self._labels), set()
        for paragraph, sentence, _ in self.page.sentences:
            if paragraph.span[0] > last and _tells_of_others(self.page, sentence):
                found.add(paragraph.span[0])
        return frozenset(found)

    def _is_aside(self, paragraph: Paragraph) -> bool:
        """Tell whether a paragraph without label is no part of a turn: a note in brackets, a question, a quotation."""
        text = self.page.text[slice(*paragraph.span)].strip()
        return text.startswith(_ASIDE) or text.endswith("?") or self.page.quoted(paragraph.span[0] + 1) is not None

    def _turn(self, resolver: Resolver, label: re.Match[str], paragraph: Span, span: Span, index: int) -> Said | None:
        page = self.page
        left = [t for t in page.tokens_in(label.span("name")) if not t.is_punct]
        own = paragraph[0] <= label.start() < paragraph[1]
        a, b = (max(span[0], label.end()) if own else span[0]), span[1]
        if a >= b:
            return None  # the label alone, taken for a sentence
        right = page.tokens_in((a, b))
        named = bool(left) and left[-1].text[0].isupper() and (left[-1].pos_ in _NAMING or _in_turn(page, left))
        alone = (
            sum(paragraph[0] <= s[0] < paragraph[1] for _, _, s in page.sentences[max(index - 2, 0) : index + 3]) < _RUN
        )
        if not named or len(right) < 2 or (alone and _is_courtesy(right)):
            return None
        last = page.text[max(sx.back_over_space(page.text, paragraph[1]) - 1, 0)]
        if own and last not in _STOPS and is_topic(page, left, right):
            return None
        if any(t.pos_ in ("VERB", "AUX") for t in left[:-1]) or page.text[b - 1 : b + 1].strip()[-1:] == "?":
            return None  # who asks asserts nothing
        name = label["name"]
        if name not in self._asking:
            paired = name == _QUESTION and any(each["name"] == _ANSWER for each in self._labels.values())
            self._asking[name] = paired or _asks(page, name)
        if self._asking[name]:
            return None
        speaker = self._answering(resolver, left) or resolver.labelled(left, label.span("name"))
        colon = (label.end("name"), label.end("name") + 1)
        content = trim(page.text, sx.span_of(page.text, right))
        return Said(
            speaker, performed(page, right) or "asserts", (colon,), (label.span("name"),), (content,), top(right),
            tuple(right), "colon", "direct", "neutral",
            round(FRAME_CONFIDENCE["colon"] * (1 if own else _UNLABELLED), 3), index, None,
        )  # fmt: skip

    def _answering(self, resolver: Resolver, left: list[Token]) -> str | None:
        """Return whose answers "A:" and "Answer:" give: the one person told of before the first turn."""
        noun = left[-1]
        known = self.page.names.covering(sx.start(noun)) is not None
        if len(left) > 1 or known or (len(noun.text.rstrip(".")) > 1 and noun.pos_ != "NOUN"):
            return None
        if names_person(self.page.lexicon, noun):
            return None
        if resolver.writer is not None:  # the office whose briefing the document is
            return resolver.writer
        if self._people is None:
            first = min(self._labels)
            told = (s.entity for s in resolver.seen if s.person and s.offset < first)
            self._people = (*self._introduced(resolver, first), *reversed(tuple(dict.fromkeys(told))))
        return self._people[0] if self._people else None

    def _introduced(self, resolver: Resolver, before: int) -> list[str]:
        """Return the persons whom the introduction names in full, first those who take part in what it tells."""
        found: list[tuple[bool, int, str]] = []
        for token in self.page.tokens_in((0, before)):
            full = token.dep_ != "compound" and any(t.dep_ == "compound" and t.pos_ == "PROPN" for t in token.lefts)
            if token.pos_ == "PROPN" and full:
                with resolver.aside():
                    actor = resolver.actor(token)
                if actor is not None and resolver.entity(actor).is_person:
                    found.append((not _takes_part(token), sx.start(token), actor))
        return [actor for _, _, actor in sorted(found)]


def _takes_part(name: Token) -> bool:
    """Tell whether a name is a subject or somebody spoken with: "N sat down with us", "we met N", "we spoke to N"."""
    at = name.head if name.dep_ == "appos" else name
    if at.dep_ == "pobj":
        return at.head.lower_ in ("with", "to")
    return at.dep_ in ("nsubj", "nsubjpass", "dobj")


def _tells_of_others(page: Annotated, sentence: Sentence) -> bool:
    for cue in (c for alternatives in find_cues(list(sentence), page.lexicon) for c in alternatives):
        if cue.pos == "verb" and cue.head == sentence.root:
            told = find_source(cue, page.lexicon)
            if told is not None and told.head.pos_ in _NAMING:
                return True
    return False


def _labelled(page: Annotated, label: re.Pattern[str]) -> dict[int, re.Match[str]]:
    """Return the label of each paragraph that opens with one, by the first offset of the paragraph."""
    found: dict[int, re.Match[str]] = {}
    for a, b in (p.span for p in page.syntax.paragraphs):
        begin = sx.over(page.text, a, '"\u201c')
        match = label.match(page.text, begin, min(begin + _LABEL, b))
        if match is not None:
            found[a] = match
    return found


def _is_courtesy(tokens: list[Token]) -> bool:
    """Tell whether a few words of a turn say nothing: no verb with a subject, no yes or no ("Thank you.")."""
    words = [t for t in tokens if t.is_alpha]
    told = any(t.pos_ in ("VERB", "AUX") and child(t, "nsubj", "nsubjpass", "expl") is not None for t in words)
    return (
        len(words) < _FEW
        and not told
        and not any(t.dep_ in ("neg", "intj") or t.lower_ in ("no", "not") for t in words)
    )


def _in_turn(page: Annotated, left: list[Token]) -> bool:
    """Tell whether a label that the parser takes for no noun answers a question, or comes back as a label."""
    label, at = page.text[sx.start(left[0]) : sx.end(left[-1])], sx.start(left[0])
    asked = page.text[:at].rstrip(' \n"\u201c').endswith("?")
    return asked or len(re.findall(rf"^{re.escape(label)}[:.]", page.text, re.MULTILINE)) > 1


def is_topic(page: Annotated, left: list[Token], right: list[Token]) -> bool:
    """Tell whether a place or state before a colon only says what a text is about: "Zenda: N says …"."""
    hit = page.names.covering(sx.start(left[-1]))
    actor = page.names.actor(hit) if hit is not None else None
    if actor is not None and actor.type not in ("State", "DeFactoEntity"):
        return False
    if hit is None and any(names_person(page.lexicon, t) for t in left):
        return False
    inside = {t.i for t in right}
    for cue in (c for alternatives in find_cues(right, page.lexicon) for c in alternatives):
        told = find_source(cue, page.lexicon) if cue.pos == "verb" and cue.head.tag_ in _FINITE else None
        main = cue.head == top(right) or cue.head.head.i not in inside
        if told is not None and main and told.head.i in inside and told.head.i < cue.head.i:
            return True
    return False


def _asks(page: Annotated, label: str) -> bool:
    """Tell whether a label of one word ("Question:") is no name but marks who asks: every other turn is a question."""
    turns = [t for t in re.findall(rf"^{re.escape(label)}[:.](.*)$", page.text, re.MULTILINE) if t.strip()]
    return 2 * sum("?" in t for t in turns) >= max(len(turns), 1)
