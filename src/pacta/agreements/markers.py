"""Markers: what at the start of a line may be the number of a provision: "Article 5 – Title", "§ 4", "6.2", "(a)", "–".

A marker says how it is written and how it can be read; whether it begins a provision, the outline decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pacta.agreements.lines import Line
from pacta.agreements.numbers import WORD, Reading, readings
from pacta.model import Span

# Words that name a unit, by kind; the kinds above "article" hold articles, "annex" starts a realm of its own.
UNITS: dict[str, str] = {
    "annex": "annex", "annexe": "annex", "appendix": "annex", "schedule": "annex", "attachment": "annex",
    "protocol": "annex", "addendum": "annex", "anexo": "annex", "anlage": "annex", "anhang": "annex",
    "приложение": "annex", "протокол": "annex", "part": "part", "partie": "part", "parte": "part", "teil": "part",
    "часть": "part", "book": "part", "letter": "part", "phase": "part", "pillar": "part", "stage": "part",
    "title": "title", "titre": "title", "título": "title", "chapter": "chapter", "chapitre": "chapter",
    "capítulo": "chapter", "kapitel": "chapter",
    "глава": "chapter", "section": "section", "sec.": "section", "subsection": "subsection",
    "sub-section": "subsection", "division": "subsection", "подраздел": "subsection", "sect.": "section",
    "sección": "section", "abschnitt": "section", "раздел": "section", "article": "article", "art.": "article",
    "art": "article", "artículo": "article", "artikel": "article", "статья": "article", "rule": "clause",
    "principle": "clause", "regulation": "clause", "clause": "clause", "cláusula": "clause", "point": "point",
    "punkt": "point", "пункт": "point", "paragraph": "paragraph", "para.": "paragraph", "paragraphe": "paragraph",
    "§": "paragraph", "§§": "paragraph", "item": "item",
}  # fmt: skip
CONTAINERS = ("part", "title", "chapter", "section", "subsection")
_FUNCTION_WORDS = frozenset(
    [
        "in",
        "of",
        "to",
        "by",
        "with",
        "and",
        "or",
        "under",
        "the",
        "see",
        "per",
        "from",
        "a",
        "an",
        "on",
        "for",
        "this",
        "that",
        "at",
        "into",
        "upon",
        "than",
        "as",
        "is",
        "are",
        "shall",
        "be",
        "between",
        "de",
        "la",
        "le",
        "les",
        "et",
        "du",
        "des",
        "und",
        "der",
        "nach",
    ]
)
_NUMBER = r"\d{1,4}(?:(?:er|ère|º|°|ª)|\s?-?(?:bis|ter|quater|quinquies|sexies)\b|-?[A-Za-z]\b)?"
_UNIT = re.compile(
    rf"(?P<word>{'|'.join(re.escape(w) for w in sorted(UNITS, key=len, reverse=True))})(?:(?<=\w)\b|(?<=[.§]))\s*"
    rf"(?:№|n[°o]\.?\s|no\.?\s|number\s|the\s(?={WORD}\b))?\s*"
    rf"(?P<number>{_NUMBER}(?:\.\d+)*|[IVXLCDM]+(?:\s(?:bis|ter|quater))?\b|[A-Za-z]\b|(?:{WORD})\b)(?P<after>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BARE_UNIT = re.compile(
    r"(?P<word>annexe?|appendix|schedule|protocol|attachment|addendum|anexo|anlage|приложение)"
    r"(?P<after>$|\s*[:–—-]\s.*|\s+(?:to|on|of|concerning|regarding)\s.*|\s*\(.*\))",
    re.IGNORECASE | re.DOTALL,
)
_TO_ANNEX = re.compile(r"\s*(?:to|of)\s+(?:the\s+)?[A-Z]\w+(?:\s+(?:\d{1,3}|[A-Z]|[IVXLC]{1,5}))?\s*(?:$|[:.–—-])")
_OPTIONAL = re.compile(r"(?:optional|additional|final|supplementary)\s+protocol\b.*", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"(?P<number>{WORD})(?:\s+(?:article|point|clause|paragraph))?\s*(?:[.:)]|,\s|\s[–—-]\s|$)", re.I
)
_DOTTED = re.compile(r"(?P<number>(?:\d{1,3}|[A-Z]|[IVXLC]{1,5})(?:\.(?:\d{1,3}|[a-z]))+)(?:\.|\))?(?=\s|$)")
_CITED = re.compile(r"(?P<number>\d{1,3}(?:\s?\((?:\d{1,3}|[a-z]{1,4})\))+)(?=\s|$)")
_BARE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("x.", re.compile(r"(?P<number>\d{1,3}(?:\s?(?:bis|ter|quater)|[a-z])?)\s?[.](?=\s|$|[A-ZА-Я\"“«(])")),
    ("x)", re.compile(r"(?P<number>\d{1,3}[a-z]?)\s?\)(?=\s|$|\w)")),
    ("(x)", re.compile(r"\(\s?(?P<number>\d{1,3}[a-z]?(?:\s?(?:bis|ter))?)\s?\)\.?(?=\s|$|\w|[\"“])")),
    ("[x]", re.compile(r"\[(?P<number>\d{1,3})\](?=\s|$)")),
    ("x°", re.compile(r"(?P<number>\d{1,3})\s?[°º](?=\s)")),
    ("x-", re.compile(r"(?P<number>\d{1,3}|[A-Za-z])\.?\s?[–—-](?=\s)")),
    ("x:", re.compile(r"(?P<number>\d{1,3}|[A-Za-z]):(?=\s)")),
    ("(x)", re.compile(r"\(\s?(?P<number>[a-z]{1,6}|[A-Z]{1,6}|[а-я])(?:\s(?:bis|ter))?\s?\)\.?(?=\s|$|\w|[\"“])")),
    ("x)", re.compile(r"(?P<number>[a-z]{1,6}|[A-Z]{1,6}|[а-я])\)(?=\s|$)")),
    ("x.", re.compile(r"(?P<number>[a-z]{1,6}|[A-Z]{1,6}|[а-я])\.(?=\s|$)")),
    ("x", re.compile(r"(?P<number>\d{1,3})(?=\s+[A-ZА-Я\"“])")),
    ("X", re.compile(r"(?P<number>[IVXLC]{1,6})$")),
)  # fmt: skip
_CIRCLE = re.compile(r"(?P<number>o)\s+(?=\S)(?P<bullet>)")  # an indented bullet in plain text
_DASH = re.compile(r"(?P<number>[-–—−*+•·◦▪●○■□➢✓])\s+(?=\S)|(?P<bullet>[•▪●■])(?=\w)")
_MODAL = re.compile(r"\b(?:shall|will|must|may|is|are|has|have|undertakes?|agrees?|should|doit|doivent|hereby)\b", re.I)
_WORD = re.compile(r"[^\W\d_]{2}")
_TWO_SENTENCES = re.compile(r"[^\W\d_]{3}\.\s+\w")
_NORM = re.compile(r"\b(?:shall|must|undertakes?|agrees?|doit|doivent|hereby)\b", re.IGNORECASE)
_RUN_IN = re.compile(r"\s*[.:]?\s*(?P<title>[^.]{3,90}?)\.\s?[–—-]{1,2}\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Marker:
    """A possible number. `unit`: kind named by a word, or None; `wrap`: what stands around a bare number ("(x)", "x.",
    "dotted", "dash"); `parts`: of a number with several levels; `number`: span of the number as written; `rest`:
    offset of what follows it; `line`: its line; `title`: the heading on the same line, where that is plain."""

    line: Line
    index: int
    unit: str | None
    wrap: str
    readings: tuple[Reading, ...]
    number: Span
    rest: int
    parts: tuple[str, ...] = ()
    title: Span | None = None
    word: str = ""
    lone: bool = False  # nothing but the number, or number and title, stands on the line
    inline: bool = False  # right after another number on its line
    upper: bool = False


def is_title(text: str, *, set_off: bool = False) -> bool:
    """Tell whether some words are set as a title: short, no full stop, no verb; `set_off`: by a dash or a colon."""
    words = text.split()
    if not 0 < len(words) <= 22 or len(text) > 170 or text[-1] in ".;,:–—":
        return False
    if (_NORM if set_off else _MODAL).search(text) or _TWO_SENTENCES.search(text):
        return False
    return (text[0].isupper() or not text[0].isalpha()) and bool(_WORD.search(text))


def ends_open(text: str) -> bool:
    """Tell whether a line ends in a word that cannot end a sentence ("in accordance with")."""
    words = text.split()
    return bool(words) and words[-1].lower() in _FUNCTION_WORDS and not (words[1:] and words[-2][-1] in ",;")


def marker_at(line: Line, index: int, offset: int, *, inline: bool = False) -> Marker | None:
    """Return the marker that `line` has at `offset`, its start or right after another marker."""
    text = line.text[offset - line.start :]
    if not text:
        return None
    if not inline and (found := _unit(line, index, text)):
        return found
    for wrap, pattern in (("dotted", _DOTTED), ("dotted", _CITED)):
        if match := pattern.match(text):
            parts = tuple(p.lower() for p in re.split(r"[.()\s]+", match["number"]) if p)
            last = readings(parts[-1])
            if len(parts) > 1 and last:
                return _marker(line, index, offset, match, wrap, last, inline=inline, parts=parts)
    for wrap, pattern in _BARE:
        match = pattern.match(text)
        found_readings = readings(match["number"]) if match else ()
        if match and found_readings:
            return _marker(line, index, offset, match, wrap, found_readings, inline=inline)
    if not inline and (match := _DASH.match(text) or (_CIRCLE.match(text) if line.indent > 1 else None)):
        return _marker(line, index, offset, match, "dash" + (match["number"] or match["bullet"]), ())
    if not inline and (match := _ORDINAL.match(text)) and text[0].isupper():
        return _marker(line, index, offset, match, "word", readings(match["number"]))
    return None


def _marker(
    line: Line,
    index: int,
    offset: int,
    match: re.Match[str],
    wrap: str,
    found: tuple[Reading, ...],
    *,
    inline: bool = False,
    parts: tuple[str, ...] = (),
) -> Marker:
    rest = offset + match.end()
    after = line.text[rest - line.start :]
    lead = len(after) - len(after.lstrip())
    name = match["number"] or match[0]
    return Marker(
        line, index, None, wrap, found, (offset, rest), rest + lead, parts,
        lone=not after.strip(), inline=inline, upper=name.isupper(),
    )  # fmt: skip


def _unit(line: Line, index: int, text: str) -> Marker | None:
    """Return the marker of a unit that a word names; a reference ("Article 5 of the …") is none."""
    match = _UNIT.match(text)
    if match is None:
        return _unnumbered(line, index, text)
    word, number, after = match["word"], match["number"], match["after"]
    kind = UNITS[word.lower()]
    found = readings(number.split(".")[-1]) if "." in number else readings(number)
    if not found or not (word[0].isupper() or word == "§" or line.level):
        return None
    if number.isalpha() and number.islower() and number not in ("bis",) and readings(number)[0].type != "digits":
        return None  # "Part of", "Section a": no number
    if _twice(after):  # "Article 1 / Article premier": the number in a second language
        marker = _titled(line, index, kind, found, line.start + match.start("after"), "", word)
        return replace(marker, rest=line.end)
    plain = after.strip()
    if plain and (plain[0] in ",;)]/" or (plain[0] == "(" and re.match(r"\(\s?(?:\d{1,3}|[a-z]{1,3})\s?\)", plain))):
        return None
    separated = bool(re.match(r"\s*(?:[.:–—|-]|\()", after))
    spaced = bool(plain) and after[0].isspace() and not plain[0].islower() and not plain[0].isdigit()
    named = kind == "annex" and bool(re.match(r"(?:to|on)\s", plain)) and is_title(text)
    if plain and not (separated or spaced or named):
        return None
    if plain and not line.clean and not is_title(re.sub(r"^[.:–—|\s-]+", "", plain) or "X"):
        return None
    beside = _TO_ANNEX.match(after) if named else None
    if beside is not None:  # "Appendix 1 to Annex A: Maps"
        after = " " * (beside.end() - 1) + ":" + after[beside.end() :]
    return _titled(line, index, kind, found, line.start + match.start("after"), after, word)


def _twice(after: str) -> bool:
    """Tell whether what follows a number says it once more, behind a bar or in a second column, in another language."""
    again = re.fullmatch(r"(?:\s*[/|]\s*|\s{3,})(?P<word>[^\W\d_]+\.?)\s+\S+\s*", after)
    return again is not None and again["word"].lower() in UNITS


def _unnumbered(line: Line, index: int, text: str) -> Marker | None:
    match = _BARE_UNIT.fullmatch(text)
    if match is None:
        if _OPTIONAL.fullmatch(text) and is_title(text) and line.blank and line.closed:
            return Marker(
                line, index, "annex", "unit", (), (line.start, line.end), line.end, title=(line.start, line.end),
                word="protocol", lone=True,
            )  # fmt: skip
        return None
    word, after = match["word"], match["after"]
    if not word[0].isupper() or not line.clean or (after and not is_title(text)):
        return None
    if re.match(r"\s+of\b", after, re.IGNORECASE) and not (text.isupper() and line.blank and line.closed):
        return None  # "Schedule of payments": a heading, but "PROTOCOL OF SIGNATURE"
    marker = _titled(line, index, "annex", (), line.start + match.start("after"), after, word)
    named = bool(re.match(r"\s+\w", after))
    return replace(marker, title=(line.start, line.end), rest=line.end, lone=True) if named else marker


def _titled(line: Line, index: int, kind: str, found: tuple[Reading, ...], start: int, after: str, word: str) -> Marker:
    """Return the marker of a unit with the title that follows its number on the line, if any."""
    title: Span | None = None
    lead = re.match(r"[\s.:–—|-]*", after)
    skip = lead.end() if lead else 0
    rest, words = start + skip, after[skip:].strip()
    if run_in := _RUN_IN.match(after):
        title, rest = (start + run_in.start("title"), start + run_in.end("title")), start + run_in.end()
    elif words and line.closed:
        bare = words[1:-1] if words[0] in "([" and words[-1] in ")]" else words
        shift = words.index(bare)
        stopped = bare.endswith(".") and len(bare.split()) <= 9 and kind in ("annex", "article", *CONTAINERS)
        core = bare[:-1] if stopped else bare
        if is_title(core, set_off=bool(re.search(r"[:–—|-]", after[:skip])) and not stopped) and not (
            ". " in core or ends_open(core)
        ):
            title, rest = (rest + shift, rest + shift + len(core)), start + len(after.rstrip())
    lone = not words or (title is not None and rest >= line.end)
    return Marker(
        line, index, kind, "unit", found, (line.start, start + len(after[:skip].rstrip(" .:–—|-\t"))), rest,
        title=title, word=word.lower(), lone=lone,
    )  # fmt: skip
