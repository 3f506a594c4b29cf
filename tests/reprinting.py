"""Reprints to measure by: what desks do to an agency text, and texts that only look alike.

Each text of tests/gold/reprints is a report of our own about invented countries. NAME.txt is as an agency sent it out;
`EDITS` makes reprints of it, each harder to recognise than the one before. NAME.follow-up.txt is a later story of the
same agency that repeats a quotation and a paragraph of background, NAME.other.txt another agency's report of the same
event, bulletin-N.txt a series with the same opening and close. Those are no reprints, with or without boilerplate.

Run as a program, it prints how many reprints and how many others each threshold of similarity lets pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np

from pacta.reprints.grouping import HELD, LEAST, LIKENESS, alike, contained, families
from pacta.sketches import shingles, sketch, values_of, words

FOLDER = Path(__file__).parent / "gold" / "reprints"
TEXTS = {path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(FOLDER.glob("*.txt"))}
BOILERPLATE = TEXTS.pop("boilerplate")
WIRES = sorted(name for name in TEXTS if "." not in name and not name.startswith("bulletin"))


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def changed(share: float) -> Callable[[str], str]:
    """Replace this share of the words by other words of the same text."""

    def edit(text: str) -> str:
        random = Random(len(text))
        stock = words(text)
        parts = [p.split(" ") for p in paragraphs(text)]
        return "\n\n".join(" ".join(random.choice(stock) if random.random() < share else w for w in p) for p in parts)

    return edit


def cut(share: float) -> Callable[[str], str]:
    """Keep whole paragraphs from the top until this share of the words is there."""

    def edit(text: str) -> str:
        kept: list[str] = []
        for paragraph in paragraphs(text):
            if len(words(" ".join(kept))) < share * len(words(text)):
                kept.append(paragraph)
        return "\n\n".join(kept)

    return edit


def headed(text: str) -> str:
    """Another headline, a place and a credit."""
    first, *rest = paragraphs(text)
    kept = " ".join(reversed(first.split()))
    return "\n\n".join([kept, "LAKE CITY (Wire) -- " + rest[0], *rest[1:], "Reporting by our own staff and agencies"])


def framed(text: str) -> str:
    """A headline of its own, and the boilerplate of the site."""
    return f"{headed(text)}\n\n{BOILERPLATE}"


def shuffled(text: str) -> str:
    """The same paragraphs in another order."""
    first, *rest = paragraphs(text)
    Random(len(text)).shuffle(rest)
    return "\n\n".join([first, *rest])


def grown(text: str) -> str:
    """Two paragraphs more, of the desk's own."""
    return (
        f"{text}\n\nThe mayor of the harbour town wrote to this newspaper that the shops would stay open all the same, "
        "and that the school choir would sing on Sunday as announced on the posters.\n\nA reader sent in a picture of "
        "the scene taken from the tower of the old brewery, where one can see over the roofs on a clear day."
    )


EDITS: dict[str, Callable[[str], str]] = {
    "the same": lambda text: text,
    "1 word in 50 changed": changed(0.02),
    "another headline": headed,
    "paragraphs moved": shuffled,
    "two paragraphs added": grown,
    "headline and boilerplate": framed,
    "1 word in 20 changed": changed(0.05),
    "cut to three quarters": cut(0.7),
    "cut to half": cut(0.45),
    "1 word in 10 changed": changed(0.1),
    "cut to half, headed, framed": lambda text: framed(cut(0.45)(text)),
    "cut, headed, 1 word in 20 changed": lambda text: changed(0.05)(headed(cut(0.6)(text))),
    "cut to a third": cut(0.3),
}


def reprints() -> Iterator[tuple[str, str, str]]:
    """Yield kind of edit, the agency's text, and its reprint."""
    for name in WIRES:
        for kind, edit in EDITS.items():
            yield kind, TEXTS[name], edit(TEXTS[name])


def others() -> Iterator[tuple[str, str, str]]:
    """Yield kind of likeness, and two texts that are no reprints of each other."""
    for one, other in combinations(sorted(TEXTS), 2):
        kind = other.partition(".")[2] if one.partition(".")[0] == other.partition(".")[0] else "another matter"
        kind = "bulletin of the next day" if one.startswith("bulletin") and other.startswith("bulletin") else kind
        yield kind, TEXTS[one], TEXTS[other]
        yield f"{kind}, same boilerplate", framed(TEXTS[one]), framed(TEXTS[other])
        if kind != "another matter":
            yield f"{kind}, both cut", cut(0.5)(TEXTS[one]), cut(0.5)(TEXTS[other])


def measured(one: str, other: str) -> tuple[float, float]:
    """How alike two texts are by their sketches, and how much of the shorter one the longer holds."""
    a, b = sketch(one), sketch(other)
    assert a is not None
    assert b is not None
    va, vb = values_of(a.values), values_of(b.values)
    likeness = alike(va, vb[None, :])
    return float(likeness[0]), float(contained(likeness, a.size, [b.size])[0])


def is_reprint(one: str, other: str) -> bool:
    """Whether the two would become one family."""
    a, b = sketch(one), sketch(other)
    assert a is not None
    assert b is not None
    values = np.stack([values_of(a.values), values_of(b.values)])
    return bool(families(values, np.array([a.size, b.size]), np.array([0.0, 1.0])))


def exact(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def main() -> None:
    good = [(kind, exact(a, b), *measured(a, b)) for kind, a, b in reprints()]
    bad = [(kind, exact(a, b), *measured(a, b)) for kind, a, b in others()]
    print(f"{len(good)} reprints, {len(bad)} pairs that are none\n\nkind | exact Jaccard | by sketch | held")
    for rows in (good, bad):
        for kind in dict.fromkeys(row[0] for row in rows):
            own = [row for row in rows if row[0] == kind]
            spans = [f"{min(r[n] for r in own):.2f}-{max(r[n] for r in own):.2f}" for n in (1, 2, 3)]
            print(" | ".join((kind, *spans)))
    print("\nJaccard at least | or held at least | precision | recall")
    for likeness, held in ((0.2, 2), (0.3, 2), (0.4, 2), (0.5, 2), (0.6, 2), (0.7, 2), (0.8, 2),
                           (0.45, 2), (0.45, 0.6), (0.45, 0.7), (LIKENESS, HELD), (0.45, 0.9)):  # fmt: skip
        passed = [sum(r[2] >= likeness or (r[2] >= LEAST and r[3] >= held) for r in rows) for rows in (good, bad)]
        shown = "-" if held > 1 else f"{held:.2f}"
        print(f"{likeness:.2f} | {shown} | {passed[0] / max(1, sum(passed)):.3f} | {passed[0] / len(good):.3f}")
    found = [sum(is_reprint(a, b) for _, a, b in pairs) for pairs in (reprints(), others())]
    print(f"as built: {found[0]} of {len(good)} reprints, and {found[1]} of {len(bad)} others")


if __name__ == "__main__":
    main()
