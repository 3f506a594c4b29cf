"""Forms of words: what tag and relation make of a word by itself (part of speech, lemma), remembered.

spaCy's attribute ruler and lemmatizer look at every word anew, with a matcher of some two hundred patterns: a quarter
of the time of a parse. What they make of one word, its tag and its relation is always the same, so it is asked of them
once and kept; only where a pattern of several words fits are they asked again in place. A word that no pattern names
is like any other of its tag and relation, but for its lemma.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc
from spacy.tokens import Token as SpacyToken

from pacta.annotations.words import Form, Words, assemble

_REMEMBERED = 200_000  # forms kept at hand; words repeat, so few texts have as many
_BEFORE = frozenset({"tok2vec", "transformer", "tagger", "parser", "senter"})  # none sets what the last two set
_LONE = ("rule", "lookup")  # modes in which a lemma hangs on the word, its part of speech and its morphology alone
_APART = (",", ",", "punct")  # stands between words that are to be seen alone
Key = tuple[int, ...]
Pattern = list[dict[str, Any]]


class Forms:
    """The forms of one pipeline's words. `spared`: names of the components whose work it does."""

    def __init__(self, nlp: Language) -> None:
        self._last = _last_two(nlp)
        self.spared = tuple(name for name, pipe in nlp.pipeline if any(pipe is last for last in self._last))
        self._ruler = _Ruler(nlp, *self._last) if self._last else None
        self._keys = ["ORTH", "TAG", "DEP", *(() if self._last else ("POS", "LEMMA"))]
        self._known: dict[Key, Form] = {}
        self._leading: set[Key] = set()  # of words that a pattern of several words may begin with

    def words(self, doc: Doc, starts: Sequence[int], ends: Sequence[int]) -> Words:
        """Return the parsed words of `doc`, whose offsets are `starts` and `ends`."""
        array = doc.to_array(["HEAD", "SENT_START", "SPACY", *self._keys])
        heads, opens, spaces = array[:, :3].astype("int64").T.tolist()
        keys = list(map(tuple, array[:, 3:].tolist()))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._leading.clear()
        known = self._known
        new = {key: i for i, key in enumerate(keys) if key not in known}
        if new:
            self._learn(doc, new)
        forms = [known[key] for key in keys]
        if self._ruler is not None and not self._leading.isdisjoint(keys):
            for a, b, in_place in self._ruler.of_several(doc):
                forms[a:b] = in_place
        return assemble(forms, heads, opens, spaces, starts, ends)

    def _learn(self, doc: Doc, new: Mapping[Key, int]) -> None:
        """Keep the forms of words not met before, given by their places in `doc`."""
        tokens = [doc[i] for i in new.values()]
        if self._ruler is None:
            self._known.update(zip(new, map(_form, tokens), strict=True))
            return
        for key, (form, leads) in zip(new, self._ruler.alone(tokens), strict=True):
            self._known[key] = form
            if leads:
                self._leading.add(key)


class _Ruler:
    """Asks an attribute ruler and a lemmatizer for words that stand alone, and for those in a pattern of several."""

    def __init__(self, nlp: Language, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._vocab, self._ask, self._lemmatize = nlp.vocab, ruler, lemmatizer
        patterns = _patterns(ruler)
        several = [pattern for pattern in patterns if len(pattern) > 1]
        self._reach = max(map(len, several), default=1) - 1
        self._several, self._leads = Matcher(nlp.vocab), Matcher(nlp.vocab)
        if several:
            self._several.add("several", several)
            self._leads.add("leads", [pattern[:1] for pattern in several])
        self._is_named = _naming(patterns)
        self._kinds: dict[tuple[str, str], tuple[str, str, bool] | None] = {}

    def alone(self, tokens: Sequence[SpacyToken]) -> list[tuple[Form, bool]]:
        """Return each word's form as it is by itself, and whether a pattern of several words may begin there."""
        found: dict[int, tuple[Form, bool]] = {}
        plain = []
        for at, token in enumerate(tokens):
            kind = None if self._is_named(token) else self._kind(token)
            if kind is not None:
                plain.append((at, _of(token), kind))
        if plain:
            doc = self._document([word for _, word, _ in plain], [kind for _, _, kind in plain])
            for (at, _, kind), token in zip(plain, self._lemmatize(doc), strict=True):
                found[at] = _form(token), kind[2]
        named = [at for at in range(len(tokens)) if at not in found]
        for at, told in zip(named, self._named([_of(tokens[at]) for at in named]), strict=True):
            found[at] = told
        return [found[at] for at in range(len(tokens))]

    def of_several(self, doc: Doc) -> Iterable[tuple[int, int, list[Form]]]:
        """Yield the stretches that a pattern of several words fits, with the forms of their words in place."""
        for _, a, b in self._several(doc, allow_missing=True):
            low, high = max(0, a - self._reach), min(len(doc), b + self._reach)
            told = self._lemmatize(self._ask(self._document([_of(token) for token in doc[low:high]])))
            yield a, b, [_form(token) for token in told[a - low : b - low]]

    def _kind(self, token: SpacyToken) -> tuple[str, str, bool] | None:
        """Return part of speech, morphology and leading of what has this tag and relation and no pattern names."""
        key = (token.tag_, token.dep_)
        if key not in self._kinds:
            before = self._document([_of(token)])
            leads = bool(self._leads(before, allow_missing=True))
            (told,) = self._ask(before)
            same = (told.tag_, told.dep_, told.lemma) == (*key, 0)
            self._kinds[key] = (told.pos_, str(told.morph), leads) if same else None
        return self._kinds[key]

    def _named(self, words: Sequence[tuple[str, str, str]]) -> list[tuple[Form, bool]]:
        """Ask for words that patterns name, set apart from each other so that none sees another."""
        if not words:
            return []
        apart = self._document([each for word in words for each in (word, *[_APART] * self._reach)])
        if len(words) > 1 and self._several(apart, allow_missing=True):  # what stands between is in a pattern itself
            return [told for word in words for told in self._named([word])]
        leads = {a for _, a, _ in self._leads(apart, allow_missing=True)}
        told = list(self._lemmatize(self._ask(apart)))
        return [(_form(told[at]), at in leads) for at in range(0, len(told), self._reach + 1)]

    def _document(self, words: Sequence[tuple[str, str, str]], kinds: Sequence[tuple[str, str, bool]] = ()) -> Doc:
        """Return a document of words (text, tag, relation) of kinds, with nothing said of how they hang together."""
        texts, tags, relations = (list(part) for part in zip(*words, strict=True))
        pos, morphs = ([kind[0] for kind in kinds], [kind[1] for kind in kinds]) if kinds else (None, None)
        heads = list(range(len(texts)))
        return Doc(self._vocab, words=texts, tags=tags, pos=pos, morphs=morphs, heads=heads, deps=relations)


def _of(token: SpacyToken) -> tuple[str, str, str]:
    return token.text, token.tag_, token.dep_


def _form(token: SpacyToken) -> Form:
    return Form(
        token.text, token.lower_, token.lemma_, token.pos_, token.tag_, token.dep_,
        token.is_punct, token.is_space, token.is_alpha, token.is_stop, token.like_num,
    )  # fmt: skip


def _patterns(ruler: AttributeRuler) -> list[Pattern]:
    rows: Any = ruler.patterns
    return [pattern for row in rows for pattern in row["patterns"]]


def _last_two(nlp: Language) -> tuple[AttributeRuler, Lemmatizer] | tuple[()]:
    """Return the attribute ruler and the lemmatizer where they end the pipeline and can be asked word by word."""
    if len(nlp.pipeline) < 3 or not {name for name, _ in nlp.pipeline[:-2]} <= _BEFORE:
        return ()
    ruler, lemmatizer = (pipe for _, pipe in nlp.pipeline[-2:])
    if not isinstance(ruler, AttributeRuler) or not isinstance(lemmatizer, Lemmatizer):
        return ()
    bounded = not any({"OP", "_"} & word.keys() for pattern in _patterns(ruler) for word in pattern)
    return (ruler, lemmatizer) if bounded and lemmatizer.mode in _LONE and not lemmatizer.overwrite else ()


def _naming(patterns: Iterable[Pattern]) -> Callable[[SpacyToken], bool]:
    """Return a test of whether a pattern of the ruler speaks of a word as such, not of its tag or relation alone."""
    words: set[str] = set()
    expressions: list[str] = []
    for test in (test for pattern in patterns for test in pattern):
        for name, value in test.items():
            told: dict[str, Any] = value if isinstance(value, dict) else {"IN": [value]}
            if name in ("TAG", "DEP", "IS_SPACE"):
                continue  # white space is never plain, see below
            if name != "LOWER" or not told.keys() <= {"IN", "NOT_IN", "REGEX"}:
                return lambda token: True
            words.update(*(told.get(key, ()) for key in ("IN", "NOT_IN")))
            expressions += [told["REGEX"]] if "REGEX" in told else []
    fits = re.compile("|".join(f"(?:{e})" for e in expressions) or r"(?!)")
    return lambda token: token.lower_ in words or token.is_space or fits.search(token.lower_) is not None
