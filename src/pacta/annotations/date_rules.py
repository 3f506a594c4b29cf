"""Date rules: expressions that name days, weeks, months, seasons and years, each resolved to outer bounds.

One rule is a pattern and a function from match and context to a `Hit` (None where the words resolve to nothing). What
needs its neighbours (parts of a day, clock times, ranges, "since") is put together in `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from pacta.annotations.numbers import NUMBER, number_value
from pacta.annotations.time_hits import (
    DAY,
    Context,
    Hit,
    looks_forward,
    midnight,
    monday,
    of_day,
    of_days,
    of_months,
    part_of,
)
from pacta.annotations.time_words import MONTHS, NO_DAY_AFTER, NO_DAY_BEFORE, SEASONS, WEEKDAYS
from pacta.model import Span

YEARS_BACK = 8
SOON = timedelta(days=7)


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LONG = [m for m in MONTHS if len(m) > 4 or m in ("May", "June", "July")]
_SHORT = _either(m for m in MONTHS if m not in _LONG)
_LONG_OR_CAPITALS = _either([*_LONG, *(m.upper() for m in _LONG)])
MONTH = rf"(?:(?:{_LONG_OR_CAPITALS})|(?:{_SHORT})\b\.?)"
_MONTH_ALONE = rf"(?P<month>(?:{_either(_LONG)})(?!\w)|(?:{_SHORT})\.)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d:])(?!,\d{3})(?!\.\d)(?!\s*%)"
YEAR = r"(?:1[89]|20)\d\d(?!\w)(?!%)(?![,.:]\d)(?!-(?:[a-z]|\d{1}\b))"
WEEKDAY = rf"(?:{_either(w for w in WEEKDAYS if len(w) > 5)})"
_WEEKDAY_SHORT = _either(w for w in WEEKDAYS if len(w) <= 5)
_TO = r"(?:\s*[-–—]\s*|\s+(?:and|to|until|till|through)\s+)"
_FROM = r"(?<![\w$€£,.:-])"
_PART = (
    r"(?P<part>(?:[Ee]arlier|[Ll]ater|[Ee]arly|[Ll]ate|[Mm]id)[\s-]+(?:in\s+)?"
    r"|[Tt]he\s+(?:beginning|end|middle|start)\s+of\s+)"
)
_WHICH = r"(?P<which>[Tt]his\s+past|[Tt]his\s+coming|[Tt]his|[Ll]ast|[Nn]ext|the\s+coming|the\s+past|the\s+previous)\s+"
_GOVERNOR = (
    r"\b(?:[Ii]n|[Dd]uring|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Bb]etween|[Bb]efore|[Aa]fter|[Tt]hrough|of)\s+"
    r"(?:the\s+)?"
)
_NEXT_WORD = re.compile(r"\s+(\w+)")
_DEADLINE = re.compile(r"\b(?:by|until|till)\s+(?:the\s+)?$", re.IGNORECASE)


# --- full dates: everything is written --------------------------------------------------------------------------------
_FULL_DATE = re.compile(
    rf"{_FROM}(?:(?:{WEEKDAY}),?\s+(?:the\s+)?)?(?:(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{MONTH}),?\s+(?P<y1>{YEAR})"
    rf"|(?P<m2>{MONTH})\s+(?P<d2>{_DAY}),?\s+(?P<y2>{YEAR})"
    r"|(?P<y3>(?:1[5-9]|20)\d\d)-(?P<m3>[01]\d)-(?P<d3>[0-3]\d)(?![\d-])"
    r"|(?P<d4>[0-3]?\d)\.(?P<m4>[01]?\d)\.(?P<y4>(?:19|20)\d\d)(?![\d.]\d)"
    r"|(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<y5>(?:19|20)\d\d)(?![\d/]))"
)


def full_dates(text: str) -> Iterator[tuple[Span, date]]:
    """Yield each date of the text that is written in full, with its span."""
    for match in _FULL_DATE.finditer(text):
        found = _full_date(match)
        if found is not None:
            yield match.span(), found


def _full_date(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    if part["y5"]:  # 28/03/2022 and 03/28/2022 are clear, 05/03/2022 is not
        first, second = int(part["a"]), int(part["b"])
        if (first > 12) == (second > 12) and first != second:
            return None
        return _date(int(part["y5"]), min(first, second), max(first, second))
    n = next(n for n in "1234" if part["y" + n])
    month = _month(part["m" + n]) if n in "12" else int(part["m" + n])
    return _date(int(part["y" + n]), month, _leading_number(part["d" + n]))


def _whole_date(match: re.Match[str], _context: Context) -> Hit | None:
    found = _full_date(match)
    return None if found is None else of_day(match.span(), found)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _leading_number(text: str) -> int:
    return int(text.rstrip("stndrh"))


def _month(text: str) -> int:
    return MONTHS[text.rstrip(".").title()]


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


# --- days without a year ----------------------------------------------------------------------------------------------
def _day_of_month(match: re.Match[str], context: Context) -> Hit | None:
    month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
    found = choose_year(context, match.span(), _month(month), _leading_number(day), match["w"])
    return None if found is None else of_day(match.span(), found, "year")


def choose_year(context: Context, span: Span, month: int, day: int, weekday: str | None = None) -> date | None:
    """Choose the year of a month and day.

    In this order: the year that the text gives the same day elsewhere; the year that the sentence names before ("In
    2016 …"); the nearest year ahead where the clause looks forward or the day is at most a week off; the latest that
    has come. A weekday beside it rules out the years in which it does not fit.
    """
    same = [known for _, known in context.full_dates if (known.month, known.day) == (month, day)]
    if same:
        return max(same)
    spoken = _spoken_year(context, span, month)
    if spoken is not None:
        return _date(spoken, month, day)
    reference = context.reference
    years = range(reference.year + 1, reference.year - YEARS_BACK, -1)
    days = [found for year in years if (found := _date(year, month, day)) is not None]
    if weekday:
        days = [found for found in days if found.weekday() == WEEKDAYS[weekday]]
    ahead = min((found for found in days if found >= reference), default=None)
    if ahead and (ahead - reference <= SOON or _looks_ahead(context, span)):
        return ahead
    return next((found for found in days if found <= reference), None)


def _spoken_year(context: Context, span: Span, month: int) -> int | None:
    start, _ = context.sentence(span[0])
    said = list(_IN_YEAR.finditer(context.text, start, span[0]))
    if said:
        return int(said[-1][1])
    near = [found for (a, b), found in context.full_dates if start <= a and b <= span[0] and found.month == month]
    return near[-1].year if near else None


_IN_YEAR = re.compile(rf"\b(?:[Ii]n|[Dd]uring)\s+(?:{MONTH}\s+)?({YEAR})")


def _looks_ahead(context: Context, span: Span) -> bool:
    return bool(_DEADLINE.search(context.before(span[0]))) or looks_forward(context, span)


def _day_range(match: re.Match[str], context: Context) -> Hit | None:
    year = match["y1"] or match["y2"]
    month = _month(match["m1"] or match["m2"])
    first, last = (_leading_number(match[x + "1"] or match[x + "2"]) for x in "ab")
    end = _date(int(year), month, last) if year else choose_year(context, match.span(), month, last)
    begin = _date(end.year, month, first) if end else None
    if begin is None or end is None or begin >= end:
        return None
    return of_days(match.span(), begin, end)


def _weekday(match: re.Match[str], context: Context) -> Hit | None:
    span = match.span("span")
    before, after = re.search(r"(\w+)\s+$", context.before(span[0])), _NEXT_WORD.match(context.text, match.end("day"))
    if before and (before[1] in NO_DAY_AFTER or before[1].lower() in ("every", "each", "most", "any")):
        return None
    if after and after[1] in NO_DAY_BEFORE:
        return None
    reference, number, which = context.reference, WEEKDAYS[match["day"]], _group(match, "which").lower()
    back, ahead = (reference.weekday() - number) % 7, (number - reference.weekday()) % 7
    if which == "next" or which.endswith("coming"):
        return of_day(span, reference + timedelta(days=ahead or 7))
    if which == "this":
        return of_day(span, monday(reference) + timedelta(days=number))
    if which:
        return of_day(span, reference - timedelta(days=back or 7))
    days = ahead if _looks_ahead(context, span) else -back
    return of_day(span, reference + timedelta(days=days), "week")


def _deictic_day(match: re.Match[str], context: Context) -> Hit | None:
    words = " ".join(match[0].lower().split())
    if match[0][0] == "T" and re.search(r"[A-Z]\w*\s+$", context.before(match.start())):
        return None  # the name of a newspaper or a broadcaster
    shift = {"yesterday": -1, "today": 0, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}
    return of_day(match.span(), context.reference + timedelta(days=shift[words]))


# --- weeks, months, seasons, years ------------------------------------------------------------------------------------
def _unit(match: re.Match[str], context: Context) -> Hit | None:
    which, unit, span, reference = match["which"].lower(), match["unit"], match.span("span"), context.reference
    step = 0 if which in ("this", "the") else 1 if which == "next" or which.endswith("coming") else -1
    if unit == "week":
        first = monday(reference) + timedelta(days=7 * step)
        hit = of_days(span, first, first + timedelta(days=6), "week")
    elif unit == "weekend":
        saturday = monday(reference) + timedelta(days=5 + 7 * step)
        return of_days(span, saturday, saturday + DAY)
    elif unit == "month":
        hit = of_months(span, reference.year * 12 + reference.month - 1 + step, 1, "month")
    else:
        hit = of_months(span, (reference.year + step) * 12, 12, "year")
    return part_of(hit, _group(match, "part"), midnight(reference) + DAY if step == 0 else None)


def _weekend(match: re.Match[str], context: Context) -> Hit | None:
    saturday = monday(context.reference) + timedelta(days=5)
    if saturday > context.reference and not looks_forward(context, match.span("span")):
        saturday -= timedelta(days=7)
    return of_days(match.span("span"), saturday, saturday + DAY)


def _month_name(match: re.Match[str], context: Context) -> Hit | None:
    span, number, which = match.span("span"), _month(match["month"]), _group(match, "which").lower()
    reference, now = context.reference, context.reference.year * 12 + context.reference.month - 1
    spoken = int(_group(match, "year") or 0) or _spoken_year(context, span, number)
    back, ahead = (reference.month - number) % 12, (number - reference.month) % 12
    if spoken:
        index, period = spoken * 12 + number - 1, ""
    elif which == "this":
        index, period = reference.year * 12 + number - 1, ""
    elif which == "next" or which.endswith("coming"):
        index, period = now + (ahead or 12), ""
    elif which:
        index, period = now - (back or 12), ""
    else:
        index, period = now + (ahead if _looks_ahead(context, span) else -back), "year"
    return part_of(of_months(span, index, 1, "month", period), _group(match, "part"))


def _season(match: re.Match[str], context: Context) -> Hit | None:
    span, which = match.span("span"), _group(match, "which").lower()
    month, count = SEASONS[match["season"].lower()]
    if match["year"]:
        year = int(match["year"])
        if month == 12 and not match["last"]:  # "winter 2020" may mean its first or its last months: hold both
            return of_days(span, date(year, 1, 1), date(year + 1, 3, 1) - DAY, "season")
        return part_of(of_months(span, year * 12 + month - 1, count, "season"), _group(match, "part"))
    reference = context.reference
    now = reference.year * 12 + reference.month - 1
    index = now - (now - month + 1) % 12  # where the season that began last began
    if which == "last" and index + count > now:
        index -= 12
    if (
        which == "next"
        or which.endswith("coming")
        or (not which and _looks_ahead(context, span) and index + count <= now)
    ):
        index += 12
    return part_of(of_months(span, index, count, "season", "" if which else "year"), _group(match, "part"))


def _year(match: re.Match[str], _context: Context) -> Hit | None:
    hit = of_months(match.span("span"), int(match["year"]) * 12, 12, "year")
    return part_of(hit, _group(match, "part"))


def _years(match: re.Match[str], _context: Context) -> Hit | None:
    first, last = int(match["a"]), int(match["b"])
    last = last if last > 99 else first // 100 * 100 + last
    return of_days(match.span("span"), date(first, 1, 1), date(last, 12, 31), "year") if first < last else None


# --- counted from the day of writing, or from another day -------------------------------------------------------------
def _ago(match: re.Match[str], context: Context) -> Hit | None:
    return counted(match.span(), number_value(match["n"]), match["unit"].lower(), -1, context.reference)


def counted(span: Span, amount: float, unit: str, sign: int, start: date) -> Hit | None:
    """Return the day, week, month or year that lies `amount` units before (-1) or after (1) `start`."""
    if amount != int(amount) or not 0 < amount < 1000:
        return None
    n = sign * int(amount)
    if unit == "day":
        return of_day(span, start + timedelta(days=n))
    if unit == "week":
        middle = start + timedelta(days=7 * n)
        return of_days(span, middle - timedelta(days=3), middle + timedelta(days=3), "week")
    if unit == "month":
        return of_months(span, start.year * 12 + start.month - 1 + n, 1, "month")
    return of_months(span, (start.year + n) * 12, 12, "year")


def _recent(match: re.Match[str], context: Context) -> Hit | None:
    amount = number_value(match["n"]) if match["n"] else 1
    days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}[match["unit"]] * amount
    if not 0 < days < 40_000:
        return None
    return of_days(match.span(), context.reference - timedelta(days=-int(-days // 1)), context.reference)


Rule = Callable[[re.Match[str], Context], Hit | None]

RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for rule, patterns in {
        _whole_date: [_FULL_DATE.pattern],
        _day_of_month: [
            rf"{_FROM}(?:(?P<w>{WEEKDAY}),?\s+(?:the\s+)?)?(?:\b(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{MONTH})(?!\w)"
            rf"|\b(?P<m2>{MONTH})\s+(?P<d2>{_DAY})(?!\w))(?!,?\s+(?:19|20)\d\d\b)"
        ],
        _day_range: [
            rf"{_FROM}(?:[Bb]etween\s+|[Ff]rom\s+)?(?:(?P<a1>{_DAY}){_TO}(?P<b1>{_DAY})\s+"
            rf"(?:of\s+)?(?P<m1>{MONTH})(?:,?\s+(?P<y1>{YEAR}))?(?!\w)"
            rf"|(?P<m2>{MONTH})\s+(?P<a2>{_DAY}){_TO}(?P<b2>{_DAY})(?!\w)(?!\s+{MONTH})(?:,?\s+(?P<y2>{YEAR}))?)"
        ],
        _weekday: [
            rf"\b(?P<span>(?:{_WHICH})?(?P<day>{WEEKDAY}))(?![\w-])",
            rf"\b[Oo]n\s+(?P<span>(?P<day>{_WEEKDAY_SHORT})\.)",
        ],
        _deictic_day: [
            r"\b(?:[Tt]he\s+day\s+before\s+yesterday|[Tt]he\s+day\s+after\s+tomorrow|[Yy]esterday|[Tt]oday|[Tt]omorrow)\b"
        ],
        _unit: [
            rf"\b(?P<span>{_PART}?{_WHICH}(?P<unit>week|weekend|month|year))(?![\w-])",
            r"\b[Bb]y\s+(?P<span>(?P<part>the\s+end\s+of\s+)(?P<which>the)\s+(?P<unit>week|month|year))(?![\w-])",
        ],
        _weekend: [r"\b(?:at|over|on|during)\s+(?P<span>the\s+weekend)\b"],
        _month_name: [
            rf"\b(?P<span>{_PART}?{_MONTH_ALONE},?\s+(?:of\s+)?(?P<year>{YEAR}))",
            rf"\b(?P<span>(?:{_PART}|{_WHICH}){{1,2}}{_MONTH_ALONE})(?!,?\s+\d)",
            rf"{_GOVERNOR}(?P<span>{_MONTH_ALONE})(?!,?\s+\d)",
            rf"\b(?:[Ff]rom|[Bb]etween|[Ii]n)\s+(?:{_LONG_OR_CAPITALS}){_TO}(?P<span>{_MONTH_ALONE})(?!,?\s+\d)",
            rf"\b[Tt]he\s+(?P<span>{_MONTH_ALONE})(?=\s+[a-z])",
        ],
        _season: [
            rf"\b(?P<span>{_PART}?(?:{_WHICH})?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Ff]all)\s+(?:of\s+)?"
            rf"(?P<year>{YEAR}|(?:19|20)\d\d(?=[-–/]\d\d))(?:[-–/](?P<last>\d\d(?:\d\d)?))?)(?!\w)",
            rf"\b(?P<span>{_WHICH}(?P<season>spring|summer|autumn|winter|fall)(?P<year>)(?P<last>))(?!\w)",
            r"\b(?:[Ii]n|[Dd]uring|[Ss]ince)\s+(?P<span>(?:the\s+)?(?P<season>spring|summer|autumn|winter)(?P<year>)(?P<last>))"
            r"(?!\s+(?:of|\w+ing)\b)(?!\w)",
        ],
        _year: [
            rf"\b(?P<span>{_PART}(?P<year>{YEAR}))",
            rf"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Uu]ntil)\s+(?P<span>(?P<year>{YEAR}))(?!\s+(?:km|kilomet|met(?:er|re)s|miles|people))",
            rf"\b(?:[Bb]y|[Ff]rom|[Bb]etween|[Bb]efore|[Aa]fter|[Tt]o|[Aa]nd|of)\s+(?P<span>(?P<year>{YEAR}))"
            r"(?=\s*(?:[,.;:)!?”\"’']|$)|\s+(?:the|and|to|that|as|in|on|but|or|until|both|all)\b)",
        ],
        _years: [
            r"\b(?:[Ii]n|[Bb]etween|[Ff]rom|[Dd]uring)\s+(?P<span>(?P<a>(?:19|20)\d\d)[-–/](?P<b>(?:19|20)?\d\d))(?![\w-])"
        ],
        _ago: [rf"\b(?P<n>(?i:{NUMBER}))\s+(?P<unit>day|week|month|year)s?\s+ago\b"],
        _recent: [
            rf"\bthe\s+(?:past|last|previous)\s+(?:(?P<n>(?i:{NUMBER}))\s+)?(?P<unit>hour|day|week|month|year)s?\b(?!-)"
        ],
    }.items()
    for pattern in patterns
)


def date_hits(context: Context) -> Iterator[Hit]:
    """Yield every reading of every date expression, overlapping ones included."""
    for pattern, rule in RULES:
        for match in pattern.finditer(context.text):
            hit = rule(match, context)
            if hit is not None and context.holds_together(hit.span):
                yield hit
