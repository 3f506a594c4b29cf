"""Numbers of provisions: Arabic, Roman, letters and number words as values that can follow one another.

One written number may be read in several ways: "(i)" is the ninth letter and the Roman one. A `Reading` is one of them;
which one holds is decided by the numbers around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_AFTER = {"bis": 1, "ter": 2, "quater": 3, "quinquies": 4, "sexies": 5}
_LETTERED = 100  # ranks from here on are letters: "2a" is 2 with rank 101
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_CARDINALS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_WORDS = {word: i for words in (_ORDINALS, _CARDINALS) for i, word in enumerate(words, 1)} | {
    "firstly": 1, "secondly": 2, "thirdly": 3, "fourthly": 4, "fifthly": 5, "premier": 1, "première": 1, "unique": 1,
    "primero": 1, "primera": 1, "segundo": 2, "tercero": 3, "primo": 1, "lastly": 0,
}  # fmt: skip
_SUFFIX = "|".join(_AFTER)
_DIGITS = re.compile(rf"(\d{{1,4}})(?:(?:er|ère|re|º|°|ª)|\s?-?({_SUFFIX})\b|-?([A-Za-z]))?", re.IGNORECASE)

WORD = "|".join(sorted(_WORDS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a number. `type`: digits, roman, alpha, double ("aa") or cyrillic; `rank`: bis is 1, ter 2."""

    type: str
    value: int
    rank: int = 0

    @property
    def is_first(self) -> bool:
        return self.value == 1 and not self.rank

    def follows(self, other: Reading) -> bool:
        """Tell whether this is the next number after `other`."""
        if self.type != other.type:
            return False
        if self.value == other.value:
            return self.rank == other.rank + 1 or (not other.rank and self.rank == _LETTERED + 1)
        return self.value == other.value + 1 and self.rank <= 1

    @property
    def normal(self) -> str:
        """Return the number in its one form: Roman ones as digits or small letters, by what the caller wants."""
        if self.type == "digits":
            return f"{self.value}{'' if not self.rank else _suffix(self.rank)}"
        if self.type == "cyrillic":
            return _CYRILLIC[self.value - 1]
        return {"alpha": _letter(self.value), "double": _letter(self.value) * 2}.get(self.type, str(self.value))


def _suffix(rank: int) -> str:
    return (
        next((word for word, value in _AFTER.items() if value == rank), "")
        if rank < _LETTERED
        else _letter(rank - _LETTERED)
    )


def _letter(value: int) -> str:
    return _LATIN[value - 1] if value <= 26 else _LATIN[(value - 1) // 26 - 1] + _LATIN[(value - 1) % 26]


def roman(text: str) -> int | None:
    """Return the value of a Roman number, None for anything else.

    >>> roman("xiv"), roman("civil")
    (14, None)
    """
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def to_roman(value: int) -> str:
    """Return a number as small Roman letters."""
    out = ""
    for number, letters in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        while value >= number:
            out, value = out + letters, value - number
    return out


def readings(text: str) -> tuple[Reading, ...]:
    """Return the ways to read a written number, without brackets or full stops; none where it is no number.

    >>> [(r.type, r.value) for r in readings("c")]
    [('roman', 100), ('alpha', 3)]
    """
    small = text.strip().lower()
    if match := _DIGITS.fullmatch(small):
        number, after, letter = match.groups()
        rank = _AFTER[after] if after else _LETTERED + _LATIN.index(letter) + 1 if letter else 0
        return (Reading("digits", int(number), rank),)
    if small in _WORDS:
        return (Reading("digits", _WORDS[small]),)
    base, _, after = small.partition(" ")
    rank = _AFTER.get(after, 0) if after else 0
    if after and not rank:
        return ()
    found: list[Reading] = []
    if (value := roman(base)) is not None:
        found.append(Reading("roman", value, rank))
    if len(base) == 1 and base in _LATIN:
        found.append(Reading("alpha", _LATIN.index(base) + 1))
    if len(base) == 2 and base[0] == base[1] and base[0] in _LATIN:
        found.append(Reading("double", _LATIN.index(base[0]) + 1))
        if base[0] == "a":
            found.append(Reading("alpha", 27))
    elif len(base) == 2 and base[0] == "a" and base[1] in _LATIN:
        found.append(Reading("alpha", 27 + _LATIN.index(base[1])))
    if len(base) == 1 and base in _CYRILLIC:
        found.append(Reading("cyrillic", _CYRILLIC.index(base) + 1))
    return tuple(found)


_CITED = re.compile(r"\b(annex|appendix|schedule|protocol|part|chapter|section)\W+(\w+)[\s,/]*", re.IGNORECASE)
_JOINED = re.compile(rf"(\d)\s+({_SUFFIX})\b", re.IGNORECASE)
_NOISE = re.compile(
    r"\b(article|art|clause|point|paragraph|para|item|sub-?paragraph|subparagraph|no)s?\b\.?", re.IGNORECASE
)


def normal_number(cited: str) -> str:
    """Return a cited number in the form that provisions have.

    >>> [normal_number(n) for n in ("6(2)", "Article VI", "6.2.a", "Annex B, art. 3", "annex-b/3", "6, paragraph 2")]
    ['6.2', '6', '6.2.a', 'annex-b/3', 'annex-b/3', '6.2']
    """
    prefix = ""
    while match := _CITED.match(cited):
        prefix += f"{match[1].lower()}-{_plain(match[2], first=True)}/"
        cited = cited[match.end() :]
    parts = [part for part in re.split(r"[^\w-]+", _JOINED.sub(r"\1\2", _NOISE.sub(" ", cited))) if part]
    rest = ".".join(_plain(part, first=i == 0 and not prefix) for i, part in enumerate(parts))
    return f"{prefix}{rest}" if rest else prefix.rstrip("/")


def _plain(part: str, *, first: bool) -> str:
    value = roman(part) if part.isupper() and (len(part) > 1 or part in "IVX") and first else None
    return str(value) if value is not None else part.lower()


def counted(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts clause numbers as people count.

    >>> sorted(["annex-1", "10", "6.2", "4a", "2", "6", "4"], key=counted)
    ['2', '4', '4a', '6', '6.2', '10', 'annex-1']
    """
    parts = re.findall(r"\d+|[^\W\d_]+", number)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.lower()) for part in parts)
