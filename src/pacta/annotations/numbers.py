"""Numbers: the pattern of a count in digits or English words, and its value."""

from __future__ import annotations

import re

UNITS = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19},
}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES = {"hundred": 100, "thousand": 1000}
OTHERS: dict[str, float] = {"a": 1, "an": 1, "half a": 0.5, "a dozen": 12, "a couple of": 2}

_DIGIT = "|".join(word for word, value in UNITS.items() if 0 < value < 10)
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[\s-](?:{_DIGIT})\b)?|{'|'.join(sorted(UNITS, key=len, reverse=True))})"
_WORDS = rf"{_SMALL}(?:\s+(?:hundred|thousand)(?:\s+(?:and\s+)?{_SMALL}\b)?){{0,3}}"

# A pattern without groups, for use inside others; wants re.IGNORECASE and a word boundary before it.
NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|a\s+couple\s+of|a\s+dozen|half\s+a|a\s+hundred|{_WORDS}|an?)"
)


def number_value(text: str) -> float:
    """Return the value of what NUMBER matched.

    >>> number_value("twenty-five"), number_value("1,200"), number_value("a couple of"), number_value("2.5")
    (25.0, 1200.0, 2.0, 2.5)
    """
    words = re.sub(r"\s+", " ", text.lower().strip())
    if words[0].isdigit():
        return float(words.replace(",", ""))
    if words in OTHERS:
        return float(OTHERS[words])
    total = current = 0
    for word in re.split(r"[\s-]+", words):
        if word in SCALES:
            current = max(current, 1) * SCALES[word]
            if word == "thousand":
                total, current = total + current, 0
        elif word == "a":
            current = 1
        else:
            current += UNITS.get(word, 0) + TENS.get(word, 0)
    return float(total + current)
