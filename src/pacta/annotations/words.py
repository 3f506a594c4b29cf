"""Parsed words as plain values: what the parser says of each word of a paragraph, without the parser.

A token of spaCy asks its document anew for each attribute and makes a new object for each neighbour; the rules ask
some hundred times for every word. So the parse is copied once, and the parser's own document is let go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A word by itself, shared by all tokens alike: `text` as the parser sees it; names of its tags as spaCy's."""

    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    is_punct: bool
    is_space: bool
    is_alpha: bool
    is_stop: bool
    like_num: bool


class Token:
    """A word in its paragraph. `i`: its place there; `start`, `end`: its code-point offsets in the clean text.

    `children` in order; the head of a sentence's root is the root itself. Names of attributes are spaCy's.
    """

    __slots__ = (
        "_subtree", "children", "dep_", "doc", "end", "form", "head", "i", "is_punct", "lemma_", "lower_", "pos_",
        "sent", "start", "tag_", "text", "whitespace_",
    )  # fmt: skip
    doc: Words
    head: Token
    sent: Sentence
    children: list[Token]
    _subtree: tuple[Token, ...] | None

    def __init__(self, doc: Words, i: int, form: Form, start: int, end: int, whitespace: str) -> None:
        self.doc, self.i, self.form = doc, i, form
        self.start, self.end, self.whitespace_ = start, end, whitespace
        self.text, self.lower_, self.lemma_ = form.text, form.lower_, form.lemma_
        self.pos_, self.tag_, self.dep_, self.is_punct = form.pos_, form.tag_, form.dep_, form.is_punct
        self.children, self._subtree = [], None

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return True

    @property
    def is_space(self) -> bool:
        return self.form.is_space

    @property
    def is_alpha(self) -> bool:
        return self.form.is_alpha

    @property
    def is_stop(self) -> bool:
        return self.form.is_stop

    @property
    def like_num(self) -> bool:
        return self.form.like_num

    @property
    def idx(self) -> int:
        """The offset at which the word begins in the clean text."""
        return self.start

    @property
    def is_sent_start(self) -> bool:
        return self.sent.start == self.i

    @property
    def lefts(self) -> list[Token]:
        return [c for c in self.children if c.i < self.i]

    @property
    def rights(self) -> list[Token]:
        return [c for c in self.children if c.i > self.i]

    @property
    def subtree(self) -> tuple[Token, ...]:
        """The word with all that hangs on it: what hangs on its left, itself, what hangs on its right."""
        if self._subtree is None:
            out: list[Token] = []
            for each in self.children:
                if each.i < self.i:
                    out += each.subtree
            out.append(self)
            for each in self.children:
                if each.i > self.i:
                    out += each.subtree
            self._subtree = tuple(out)
        return self._subtree

    def forget(self) -> None:
        """Let go of what was kept of the words below, where one of them is hung elsewhere."""
        self._subtree = None

    @property
    def left_edge(self) -> Token:
        return self.doc[min(t.i for t in self.subtree)]

    @property
    def right_edge(self) -> Token:
        return self.doc[max(t.i for t in self.subtree)]

    @property
    def ancestors(self) -> Iterator[Token]:
        at = self
        while at.head is not at:
            at = at.head
            yield at

    def nbor(self, step: int = 1) -> Token:
        """Return the word `step` words on. Raises: IndexError beyond the ends of the paragraph."""
        if not 0 <= self.i + step < len(self.doc):
            raise IndexError(f"no word {step} from {self.i} of {len(self.doc)}")
        return self.doc[self.i + step]


class Sentence(Sequence[Token]):
    """A sentence: the words of a paragraph from `start` to before `end`."""

    __slots__ = ("doc", "end", "start", "tokens")

    def __init__(self, doc: Words, start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, end
        self.tokens: list[Token] = doc[start:end]

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        return self.tokens[at]

    @property
    def root(self) -> Token:
        return next(t for t in self.tokens if t.head is t)

    @property
    def text(self) -> str:
        parts = [t.text + t.whitespace_ for t in self.tokens[:-1]]
        return "".join(parts) + self.tokens[-1].text


class Words(list[Token]):
    """The words of a paragraph, with its sentences."""

    __slots__ = ("sents",)
    sents: list[Sentence]


def assemble(
    forms: Sequence[Form], heads: Sequence[int], opens: Sequence[int], spaces: Sequence[int], starts: Sequence[int],
    ends: Sequence[int],
) -> Words:  # fmt: skip
    """Return the words of a paragraph, of which each has: its form, the steps to its head, 1 where a sentence opens
    with it, 1 where a space follows, and its offsets."""
    words = Words()
    blank = ("", " ")
    for i, (form, start, end, space) in enumerate(zip(forms, starts, ends, spaces, strict=True)):
        words.append(Token(words, i, form, start, end, blank[space]))
    for i, (token, step) in enumerate(zip(words, heads, strict=True)):
        token.head = head = words[i + step]
        if step:
            head.children.append(token)
    firsts = [i for i, sign in enumerate(opens) if sign == 1 or i == 0]
    words.sents = [Sentence(words, a, b) for a, b in zip(firsts, [*firsts[1:], len(words)], strict=True)]
    for sentence in words.sents:
        for token in sentence.tokens:
            token.sent = sentence
    return words
