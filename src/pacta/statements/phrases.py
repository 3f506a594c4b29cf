"""What the words of a noun phrase tell by themselves: a place or an actor, a name and its adjective, the core."""

from __future__ import annotations

import unicodedata

from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.statements.grammar import child

_LOCATIVE = frozenset(
    {"in", "at", "near", "from", "to", "into", "around", "outside", "toward", "towards", "inside", "via"}
)


def is_place_use(token: Token) -> bool:
    """Tell whether a name that may be a place or (by metonymy) an actor stands where only a place can."""
    head = token
    while head.dep_ in ("compound", "amod", "nmod") and head.head != head:
        head = head.head
    return head.dep_ == "pobj" and head.head.lower_ in _LOCATIVE


def names_person(lexicon: Lexicon, noun: Token) -> bool:
    """Tell whether a noun names who holds an office or speaks: "the spokeswoman", "the minister"."""
    return bool(lexicon.of("PersonNoun", noun.lemma_.lower()))


def same_stem(a: str, b: str) -> bool:
    """Tell whether two capitalised words may be a name and its adjective: a long common beginning, short endings."""
    a, b = a.lower(), b.lower()
    common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return common >= 4 and max(len(a), len(b)) - common <= 3


def doers(verb: str) -> tuple[str, ...]:
    """Return the nouns that may name who does what a verb tells ("lead": "leader"), by how English makes them.

    >>> "governor" in doers("govern"), "coordinator" in doers("coordinate"), "chairman" in doers("chair")
    (True, True, True)
    """
    stem = verb.removesuffix("e")
    return (verb, *(stem + ending for ending in ("er", "or", "man", "ative")))


def core_words(head: Token, tokens: list[Token], *, seated: bool = False) -> list[Token]:
    """Cut articles, clauses and trailing phrases: "the group's spokesman in the north" -> "group's spokesman".

    `seated`: where it sits is part of what it is called.
    """
    drop = {t.i for c in head.children if c.dep_ in ("relcl", "acl", "appos", "advcl") for t in c.subtree}
    keep = {"of", "for"} | ({"in"} if seated and head.pos_ == "PROPN" else set())  # "the War Ministry in N"
    preps = [c for c in head.children if c.dep_ == "prep" and not (c.lower_ in keep and belongs(c))]
    drop |= {t.i for c in preps for t in c.subtree}
    core = [t for t in tokens if t.i not in drop]
    while len(core) > 1 and (core[0].lower_ in ("the", "a", "an") or core[0].is_punct):
        core = core[1:]
    while len(core) > 1 and (core[-1].is_punct or core[-1].lower_ in ("'s", "'")):
        core = core[:-1]
    return core or [head]


def named_apart(head: Token) -> list[Token]:
    """Return those joined with a person of two names or more by "and" who are named so too: they are not one.

    None where one of them is not: "the Health and Justice Ministers".
    """
    chain, at = [head], child(head, "conj")
    while at is not None:
        chain.append(at)
        at = child(at, "conj")
    given = (
        any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in t.lefts) and child(t, "det") is None for t in chain
    )
    return chain[1:] if len(chain) > 1 and all(t.pos_ == "PROPN" for t in chain) and all(given) else []


def whole_name(token: Token) -> list[Token]:
    """Return a name with the names before it: "N N" of its last word."""
    return [*(t for t in token.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"), token]


def belongs(prep: Token) -> bool:
    """Tell "the ministry of N", "head of the mission" from "accused the army of theft"."""
    noun = child(prep, "pobj")
    return noun is not None and (noun.pos_ == "PROPN" or child(noun, "det", "poss") is not None or noun.tag_ == "NNS")


def plain_label(text: str) -> str:
    """Return words as a label: single spaces, no control or direction characters."""
    return " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")).split())
