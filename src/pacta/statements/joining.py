"""Rules and encoder joined: the rules tell the force of what is said, the encoder which words report and how far.

Without the encoder none of this runs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.candidates import ANY, Candidate, key_of
from pacta.statements.cues import Cue
from pacta.statements.direct import whole_quote
from pacta.statements.encoder import Proposal, Reading
from pacta.statements.extent import Content
from pacta.statements.grammar import RELATIVE, contiguous, is_verb, strip_punctuation
from pacta.statements.manner import mode_of
from pacta.statements.said import Said, top
from pacta.statements.scoring import Maker, in_cue, is_left_out, named, stands_out
from pacta.statements.sources import Source, find_source

ADD = 0.4  # least confidence in a reading of the encoder that no rule found
DROP = 0.4  # a reading of the rules whose cue is less likely one is dropped
RECUT = 0.3  # least confidence from which on the encoder's spans stand for the rules' own
UNSEEN = 0.3  # confidence in what the rules alone read
ALIKE = 0.6  # Jaccard index from which on two contents are one, and the rules' own stands
KEPT = frozenset({"pledges", "demands"})  # kept beside another cue of the same source
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
_PHRASES = frozenset({"prep", "advmod", "amod", "acomp", "appos", "npadvmod"})
_OPENERS = frozenset({"that", "as"})
_NAMES = ("NOUN", "PROPN", "PRON", "NUM", "ADJ")


@dataclass
class Joiner:
    """Joins what rules and encoder read in one document, sentence by sentence in order."""

    page: Annotated
    reading: Reading
    texts: frozenset[int]  # offsets of words that mean an agreement, which does not speak
    ahead: list[Said] = field(default_factory=list)  # added from the words of a later or an earlier sentence
    beyond: list[tuple[Said, tuple[Span, ...]]] = field(default_factory=list)  # content in other sentences

    def join(self, sentence: DocSpan, span: Span, found: Sequence[Said], make: Maker) -> list[Said]:
        """Return what is said in a sentence: of what the rules found some dropped, some cut anew, and some added."""
        heads = {t.i: p for p in self._within(span) if p.content and (t := _token(sentence, p.head)) is not None}
        out: list[Said] = []
        used: set[int] = set()
        for said in found:
            at = _matching(said, heads, used)
            if at is not None:
                used.add(at)
                out.append(self._recut(said, heads[at], sentence.doc[at], span, make, found))
            elif (
                said.cue_head is None
                or self._chance(said.cue_head) >= DROP
                or _stands(said, found)
                or self._on_agreement(said)
            ):
                out.append(replace(said, confidence=min(said.confidence, UNSEEN)))
        for at, proposal in heads.items():
            if at not in used and proposal.confidence >= ADD:
                out.extend(self._added(sentence.doc[at], proposal, span, found, make))
        return out

    def finish(self, found: Sequence[Said]) -> list[Said]:
        """Return all that is said, with what goes on in other sentences than the one of its cue.

        A sentence that another cue gives to somebody stays with it.
        """
        kept = [
            s for s in found if not (s in self.ahead and any(o is not s and _meet(s.content, o.content) for o in found))
        ]
        extra: list[Said] = []
        for said, spans in self.beyond:
            for number, part in self._by_sentence(spans) if said in kept else ():
                tokens = self.page.tokens_in(part)
                mode = mode_of(self.page, "continued", (part,))
                here = [s for s in kept if s.sentence == number and (s.mode == "direct" or mode != "direct")]
                taken = any(_meet(s.content, (part,)) for s in (*here, said))
                if taken or number == said.sentence or not any(t.is_alpha for t in tokens):
                    continue
                extra.append(
                    replace(
                        said, content=(part,), tokens=tuple(tokens), root=top(tokens), frame="continued", mode=mode,
                        force="asserts", sentence=number, target=None,
                    )
                )  # fmt: skip
        return [*kept, *extra]

    # --- one proposal -------------------------------------------------------------------------------------------------
    def _recut(
        self, said: Said, proposal: Proposal, head: Token, span: Span, make: Maker, found: Sequence[Said]
    ) -> Said:
        """Give a reading of the rules the spans of the encoder, and its speaker, where that is sure of them."""
        if proposal.confidence < RECUT:
            return replace(said, confidence=max(proposal.confidence, UNSEEN))
        here = self._tidy(self._here(proposal, span))
        beside = [
            q for o in found if o is not said and o.source == said.source for q in o.cue
        ]  # "X said A and vowed B"
        same = said.mode == "shown-evidence" or self._alike(here, _inside(said.content, span)) >= ALIKE
        if self._on_agreement(said) and here and not _meet(here, said.content):
            here = tuple(sorted({*here, *said.content}))  # "A, X argued: B"
        elif same or (_meet(here, beside) and not _meet(said.content, beside)) or self._tears(here, said):
            here = said.content  # the rules have it to the word: what opens and closes it is not in the corpus' spans
        tokens = [t for s in here for t in self.page.tokens_in(s)]
        if not tokens:
            return replace(said, confidence=proposal.confidence)
        root = said.root if any(t.i == said.root.i and t.doc is said.root.doc for t in tokens) else top(tokens)
        new = replace(
            said,
            content=here,
            tokens=tuple(tokens),
            root=root,
            mode=said.mode if said.mode == "shown-evidence" else mode_of(self.page, said.frame, here),
            confidence=proposal.confidence,
        )
        new = self._resourced(new, proposal, head, span, make)
        self._note_beyond(new, proposal, span)
        return new

    def _on_agreement(self, said: Said) -> bool:
        """Tell whether a whole clause that is said names an agreement; the corpus has hardly any of these."""
        return said.frame == "clause" and self._names_agreement(said.tokens)

    def _names_agreement(self, tokens: Iterable[Token]) -> bool:
        return any(sx.start(t) in self.texts for t in tokens)

    def _tears(self, spans: Sequence[Span], said: Said) -> bool:
        """Tell whether spans cut a clause of the rules where no content ends.

        Between a subject and its verb, within the clause, or before a phrase at its end that names an agreement.
        """
        whole = set(said.tokens)
        kept = {t for s in spans for t in self.page.tokens_in(s)}
        left = [t for t in said.tokens if t not in kept and not t.is_punct]
        if not left or not kept:
            return False
        if any(t.dep_ in _SUBJECTS and t.head in whole and t.head not in kept for t in kept):
            return True
        if any(t.doc is not said.root.doc for t in kept):
            return False
        first, last = min(t.i for t in kept), max(t.i for t in kept)
        if said.frame == "clause" and all(first < t.i < last for t in left):
            return True
        tops = [t for t in left if t.head not in left]
        hang = all((t.head in kept or t.head == said.cue_head) and t.dep_ in _PHRASES for t in tops)
        return hang and self._names_agreement(left) and all(t.i > last and not is_verb(t) for t in left)

    def _resourced(self, said: Said, proposal: Proposal, head: Token, span: Span, make: Maker) -> Said:
        """Give a reading the source of the encoder; another speaker too, where that is another phrase."""
        if not proposal.source or said.mode == "shown-evidence" or self._alike(said.source, proposal.source) >= 0.5:
            return said
        words = {self.page.text[slice(*s)].lower() for s in proposal.source}
        if _meet(said.source, proposal.source) or words <= RELATIVE:
            return replace(said, source=self._tidy(proposal.source))
        candidate = self._candidate(head, proposal, span)
        made = make(candidate.cue, candidate.source, _clause(candidate)) if candidate is not None else None
        return said if made is None else replace(said, source=made.source, speaker=made.speaker)

    def _added(self, head: Token, proposal: Proposal, span: Span, found: Sequence[Said], make: Maker) -> Iterable[Said]:
        candidate = self._candidate(head, proposal, span)
        if candidate is None or in_cue(head, found) or is_left_out(self.page, candidate, self.texts):
            return
        if any(o.mode == "shown-evidence" and self._alike(o.content, candidate.spans) >= ALIKE for o in found):
            return  # "released photographs that purportedly show …": the rules have it as what is shown
        new = make(named(self.page, candidate.cue), candidate.source, _clause(candidate))
        if new is not None:
            new = replace(new, confidence=proposal.confidence)
            if not _meet(new.content, (span,)):
                self.ahead.append(new)
            self._note_beyond(new, proposal, span)
            yield new

    def _candidate(self, head: Token, proposal: Proposal, span: Span) -> Candidate | None:
        """Return a proposal as a reading of the parse; None where it has no source or no content in the sentence."""
        here = self._tidy(self._here(proposal, span))
        tokens = strip_punctuation([t for s in here for t in self.page.tokens_in(s)])
        who = [t for s in self._tidy(proposal.source) for t in self.page.tokens_in(s) if t.doc is head.doc]
        if not tokens or not who:
            return None
        cue = [t for s in proposal.cue for t in self.page.tokens_in(s) if t.doc is head.doc and t.sent == head.sent]
        pos = "verb" if is_verb(head) else "noun" if head.pos_ in ("NOUN", "PROPN") else "phrase"
        words = tuple(sorted({head, *cue}, key=lambda t: t.i))
        told = Cue(ANY, head, words, pos)
        found = find_source(told, self.page.lexicon, _noun(who))
        source = Source(_noun(who), tuple(who), found.relayed if found is not None else None)
        own = {t.i for t in (*words, *who)}
        kept = tuple(t for t in tokens if t.i not in own)
        if not kept:
            return None
        key = key_of(head) or head.lemma_.lower()
        return Candidate(key, told, source, kept, here, top(list(kept)), frozenset())

    def _here(self, proposal: Proposal, span: Span) -> tuple[Span, ...]:
        """Return the content in the sentence of the cue; where there is none, in the first sentence that has some."""
        inside = _inside(proposal.content, span)
        if any(c.isalnum() for s in inside for c in self.page.text[slice(*s)]):
            return inside
        parts = list(self._by_sentence(proposal.content))
        return tuple(part for number, part in parts if number == parts[0][0])

    def _note_beyond(self, said: Said, proposal: Proposal, span: Span) -> None:
        rest = tuple(s for s in proposal.content if not (s[0] < span[1] and span[0] < s[1]))
        rest += tuple((span[1], b) for a, b in proposal.content if a < span[1] < b)
        rest += tuple((a, span[0]) for a, b in proposal.content if a < span[0] < b)
        if rest:
            self.beyond.append((said, rest))

    def _tidy(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return spans without the signs at their ends, and without what only opens a clause or a further phrase."""
        out = []
        for span in spans:
            words = strip_punctuation(self.page.tokens_in(span))
            while len(words) > 1 and words[0].dep_ == "mark" and words[0].lower_ in _OPENERS:
                words = strip_punctuation(words[1:])
            while len(words) > 1 and words[-1].pos_ in ("ADP", "DET") and words[-1].dep_ != "prt":
                words = strip_punctuation(words[:-1])
            if words:
                out.append(whole_quote(self.page, sx.span_of(self.page.text, words)))
        return tuple(out)

    def _alike(self, one: Sequence[Span], other: Sequence[Span]) -> float:
        """Return the Jaccard index of the words of two lists of spans."""
        a, b = (
            {sx.start(t) for s in spans for t in self.page.tokens_in(s) if not t.is_punct} for spans in (one, other)
        )
        return len(a & b) / max(len(a | b), 1)

    # --- looking up ---------------------------------------------------------------------------------------------------
    def _within(self, span: Span) -> list[Proposal]:
        return [p for p in self.reading.proposals if span[0] <= p.head[0] < span[1]]

    def _chance(self, token: Token) -> float:
        """Return how likely a word is a cue; 1 where the encoder has not read it."""
        at = sx.start(token)
        number = bisect_left(self.reading.chances, (at, 0.0))
        here = self.reading.chances[number : number + 1]
        return here[0][1] if here and here[0][0] < sx.end(token) else 1.0

    def _by_sentence(self, spans: Iterable[Span]) -> Iterable[tuple[int, Span]]:
        for a, b in spans:
            first, last = self.page.sentence_index(a), self.page.sentence_index(max(b - 1, a))
            for number in range(first, last + 1):
                x, y = self.page.sentences[number][2]
                part = (max(a, x), min(b, y))
                if part[0] < part[1] and any(c.isalnum() for c in self.page.text[slice(*part)]):
                    yield number, part


def _clause(candidate: Candidate) -> Content:
    return Content(tuple(tuple(run) for run in contiguous(candidate.tokens)), candidate.root, "clause")


def _stands(said: Said, found: Sequence[Said]) -> bool:
    """Tell whether a reading of the rules is kept whatever its chance: "X said A and vowed B" has the corpus as one."""
    same = [o for o in found if o is not said and o.source == said.source]
    head = said.cue_head
    goes_on = (  # "said A, calling it B"
        head is not None and head.tag_ == "VBG" and head.dep_ == "advcl" and any(o.cue_head == head.head for o in same)
    )
    return stands_out(said) or goes_on or (said.force in KEPT and bool(same))


def _matching(said: Said, heads: dict[int, Proposal], used: set[int]) -> int | None:
    """Return the proposal that is about the cue of a reading of the rules: on its head, or on a word of it."""
    if said.cue_head is not None and said.cue_head.i in heads:
        return said.cue_head.i
    near = [
        i for i, p in heads.items() if i not in used and _meet((p.head,), said.cue) and _meet(p.content, said.content)
    ]
    return near[0] if near else None


def _token(sentence: DocSpan, span: Span) -> Token | None:
    """Return the token of the sentence that a span falls on; of several the one the others hang on."""
    tokens = [t for t in sentence if sx.start(t) < span[1] and span[0] < sx.end(t)]
    return next((t for t in tokens if t.head not in tokens or t.head == t), None)


def _noun(tokens: Sequence[Token]) -> Token:
    inside = set(tokens)
    tops = [t for t in tokens if t.head == t or t.head not in inside]
    return next((t for t in tops if t.pos_ in _NAMES), next((t for t in tokens if t.pos_ in _NAMES), tokens[0]))


def _inside(spans: Iterable[Span], bounds: Span) -> tuple[Span, ...]:
    cut = ((max(a, bounds[0]), min(b, bounds[1])) for a, b in spans)
    return tuple((a, b) for a, b in cut if a < b)


def _meet(one: Iterable[Span], other: Sequence[Span]) -> bool:
    return any(a < y and x < b for a, b in one for x, y in other)
