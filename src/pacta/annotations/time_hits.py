"""Time hits: an expression with its bounds in local time, what the rules look at, and whether a clause looks ahead."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pacta.model import Span

DAY = timedelta(days=1)
CLAUSE = 300  # characters around an expression in which its clause lies
WINDOW = 60  # characters before an expression in which its governing words stand

_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """An expression and its bounds in local time.

    `day`: where it names one day. `period`: "week" or "year" for names that come round again (a weekday, a month
    without its year): how far a neighbour may move it.
    """

    span: Span
    begin: datetime
    end: datetime
    granularity: str
    day: date | None = None
    period: str = ""

    def moved(self, period: str, steps: int) -> Hit:
        """Return the hit `steps` weeks or years later; 29 February moves to 1 March."""
        if period == "week":
            shift = timedelta(days=7 * steps)
            day = self.day + shift if self.day else None
            return replace(self, begin=self.begin + shift, end=self.end + shift, day=day)

        def other(moment: datetime) -> datetime:
            if (moment.month, moment.day) == (2, 29):
                moment += DAY
            return moment.replace(year=moment.year + steps)

        day = other(midnight(self.day)).date() if self.day else None
        return replace(self, begin=other(self.begin), end=other(self.end), day=day)


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules look at: the text, the day it was written, its sentences in order and its full dates."""

    text: str
    reference: date
    sentences: Sequence[Span]
    full_dates: tuple[tuple[Span, date], ...] = ()

    def sentence(self, offset: int) -> Span:
        """Return the sentence at `offset`, or the line where no sentence holds it."""
        at = bisect_right(self.sentences, offset, key=lambda span: span[0]) - 1
        if at >= 0 and offset < self.sentences[at][1]:
            return self.sentences[at]
        line_end = self.text.find("\n", offset)
        return self.text.rfind("\n", 0, offset) + 1, line_end if line_end >= 0 else len(self.text)

    def before(self, offset: int) -> str:
        """Return the few words that stand before `offset`."""
        return self.text[max(0, offset - WINDOW) : offset]

    def holds_together(self, span: Span) -> bool:
        """Tell whether `span` stays in its paragraph, and where it goes over a line, in its sentence."""
        words = self.text[slice(*span)]
        return "\n" not in words or (_BLANK_LINE.search(words) is None and span[1] <= self.sentence(span[0])[1])


# --- bounds -----------------------------------------------------------------------------------------------------------
def midnight(day: date) -> datetime:
    """Return the midnight that begins `day`."""
    return datetime(day.year, day.month, day.day)


def monday(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def of_day(span: Span, day: date, period: str = "") -> Hit:
    return Hit(span, midnight(day), midnight(day) + DAY, "day", day, period)


def of_days(span: Span, first: date, last: date, granularity: str = "days", period: str = "") -> Hit:
    """Return the hit for all days from `first` to `last`, both included."""
    return Hit(span, midnight(first), midnight(last) + DAY, granularity, None, period)


def of_months(span: Span, first: int, count: int, granularity: str, period: str = "") -> Hit:
    """Return the hit for `count` months from month number `first` on, counted as year * 12 + month - 1."""
    begin = date(first // 12, first % 12 + 1, 1)
    end = date((first + count) // 12, (first + count) % 12 + 1, 1)
    return of_days(span, begin, end - DAY, granularity, period)


_PARTS = {"early": (0.0, 0.5), "beginning": (0.0, 0.5), "start": (0.0, 0.5)}
_PARTS |= {"mid": (0.25, 0.75), "middle": (0.25, 0.75), "late": (0.5, 1.0), "end": (0.5, 1.0)}
_FINER = {"week": "days", "month": "days", "year": "season"}


def part_of(hit: Hit, words: str, now: datetime | None = None) -> Hit:
    """Narrow a week, month or year to what "early", "mid", "the end of" … say; the parts overlap, as outer bounds do.

    `now`: end of the day of writing, where the period is the running one: "earlier" ends there, "later" begins there.
    """
    modifier = re.sub(r"^the\s+|[\s-].*$", "", words.lower().strip()) if words else ""
    if modifier == "earlier" and now is not None:
        return replace(hit, end=max(min(hit.end, now), hit.begin + DAY))
    if modifier == "later" and now is not None:
        return replace(hit, begin=min(max(hit.begin, now - DAY), hit.end - DAY))
    if modifier not in _PARTS:
        return hit
    whole = (hit.end - hit.begin).days
    low, high = (hit.begin + timedelta(days=round(whole * share)) for share in _PARTS[modifier])
    return replace(hit, begin=low, end=high, granularity=_FINER.get(hit.granularity, hit.granularity))


# --- past or future ---------------------------------------------------------------------------------------------------
_MODAL = (
    r"\b(?:will|won[’']t|shall|must|should|ought\s+to|ha(?:s|ve)\s+to|going\s+to|"
    r"(?:is|are)\s+(?:to|due|set|scheduled|slated|expected|planned|supposed))\b|[’']ll\b"
)
_FUTURE = re.compile(
    rf"{_MODAL}|\b(?:upcoming|ahead\s+of|(?:was|were|be|been)\s+(?:to|due|set|scheduled|slated|expected|planned)|"
    r"(?:scheduled|slated|planned|set|due)\s+(?:for|on|in|by|next)|"
    r"(?:agreed|promised|vowed|pledged|threatened|intends?|plans?|wants?|hopes?|promises?|vows?)\s+to"
    r"(?!\s+(?:an?|the|its|their|his|her|this|that)\b))\b",
    re.IGNORECASE,
)
_MAIN_FUTURE = re.compile(_MODAL, re.IGNORECASE)
_PAST_VERB = (
    r"said|says|told|was|were|had|did|has|have|began|came|fell|fought|gave|held|hit|killed|left|made|met|saw|sent|shot|"
    r"struck|took|went|wrote|[a-z]{2,}ed"
)
_BORDER = re.compile(rf"[;:]|\b(?:that|which|who|after|because|since|but|while|where|when|{_PAST_VERB})\b")
_PASSIVE = re.compile(
    r"\b(?:be|been|being|is|are)\s+(?:\w+ly\s+)?\w+|\b(?:scheduled|planned|expected|agreed|set|due)\s+(?:to|for|on|by)\b"
)


def looks_forward(context: Context, span: Span) -> bool:
    """Tell whether the clause around `span` speaks of the future: a marker with no past verb or border between.

    Behind `span` only what is future itself counts: "on Monday they agreed to meet" tells of a past Monday.
    """
    start, end = context.sentence(span[0])
    before = context.text[max(start, span[0] - CLAUSE) : span[0]]
    after = context.text[span[1] : min(end, span[1] + CLAUSE)]
    markers = list(_FUTURE.finditer(before))
    if markers:
        return not _BORDER.search(_PASSIVE.sub(" ", before[markers[-1].end() :]))
    following = _MAIN_FUTURE.search(after)
    if following is None or _BORDER.search(after[: following.start()]):
        return False
    clause = re.split(r"[,;:]", before)[-1]
    return not _BORDER.search(clause)
