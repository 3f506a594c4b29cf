"""A clause: what it says, in whose wording, how each side reads it, what follows, and who disputes it since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from pacta.agreements.differences import Segment, Wording, compare
from pacta.agreements.numbers import counted
from pacta.pages.events import DAY, day_of, seconds
from pacta.pages.evidence import plain
from pacta.pages.positions import Matrix, Position, Row, Sign, of_agreement
from pacta.pages.rendering import local, plain_rows, render, with_query
from pacta.pages.site import Site
from pacta.pages.svg import Lane, Mark, lanes
from pacta.pages.times import extent
from pacta.pages.views.agreements import disputes_at, said
from pacta.pages.views.downloads import downloads

PER_HOLDER = 4  # statements of one actor on the page; the matrix has them all
HOLDERS = 12


@dataclass(frozen=True, slots=True)
class Holder:
    """What one principal says of the clause: its newest statements, its positions, whom it opposes."""

    actor: str
    positions: tuple[Position, ...]
    statements: Sequence[dict[str, Any]]
    total: int
    against: tuple[str, ...]
    all_at: str


@dataclass(slots=True)
class Text:
    """One published text of the clause."""

    iri: str
    publisher: str
    language: str
    legal_value: str
    phrases: list[str] = field(default_factory=list)
    wording: str | None = None
    shown: Markup | str = ""
    first: bool = False  # the text that others of its language are compared with


async def view(request: Request, iri: str) -> Response:
    """Return the page of a clause."""
    site: Site = request.app.state.site
    return await site.call(_clause, request, site, iri)


def _clause(request: Request, site: Site, iri: str) -> Response:
    facts = plain_rows(site.rows("clause-facts", {"clause": iri}))
    agreement = facts[0]["agreement"] if facts else ""
    matrix = of_agreement(site, agreement) if agreement else None
    row = next((one for one in matrix.rows if one.provision == iri), None) if matrix else None
    holders = _holders(site, matrix, row) if matrix and row else []
    readings = {s["proposition"] for h in holders for s in h.statements}
    plain_readings = plain_rows(site.rows("plain-readings", {"clause": iri}))
    duties = _duties(site, [*readings, *(one["reading"] for one in plain_readings)])
    number = facts[0]["number"] if facts else ""
    name = f"Clause {number}" if number else site.label(iri)
    return render(
        request,
        "clause.html",
        title=f"{name} of {site.label(agreement)}" if agreement else name,
        iri=iri,
        section="/agreements",
        crumbs=[
            ("Agreements", "/agreements"),
            *([(site.label(agreement), site.href(agreement))] if agreement else []),
            *((_name(site, above), site.href(above.provision)) for above in _above(matrix, row)),
            (name, ""),
        ],
        clause=iri,
        name=name,
        agreement=agreement,
        summaries=list(dict.fromkeys(one["summary"] for one in facts if one["summary"])),
        topics=list(dict.fromkeys(one["topic"] for one in facts if one["topic"])),
        inside=_inside(matrix, row),
        neighbours=_neighbours(matrix, row),
        texts=_texts(site, iri),
        plain_readings=plain_readings,
        holders=holders,
        more_holders=max(0, (len(matrix.of_provision(iri)) if matrix else 0) - HOLDERS),
        pairs=_pairs(matrix, iri) if matrix else [],
        duties=duties,
        chart=_chart(site, matrix, row) if matrix and row else "",
        place=disputes_at(site, agreement) if agreement else "",
        key=row.key if row else "",
        downloads=[
            *downloads("readings", "readings/readings-of-clause", agreement=agreement, number=number),
            *downloads("wordings", "agreements/wording-variants", agreement=agreement, number=number),
        ],
        row_name=lambda one: _name(site, one),
        short=lambda one: one.removeprefix(site.iris.base),
    )


def _name(site: Site, row: Row) -> str:
    return f"Clause {row.number}" if row.number else site.label(row.provision)


# --- where the clause stands ------------------------------------------------------------------------------------------
def _above(matrix: Matrix | None, row: Row | None) -> list[Row]:
    """Return the clauses that the clause is part of, outermost first."""
    if matrix is None or row is None:
        return []
    found: list[Row] = []
    depth = row.depth
    for one in reversed(matrix.rows[: matrix.rows.index(row)]):
        if one.depth < depth and one.provision != matrix.agreement:
            found.append(one)
            depth = one.depth
    return found[::-1]


def _inside(matrix: Matrix | None, row: Row | None) -> list[Row]:
    """Return the clauses right below the clause."""
    if matrix is None or row is None:
        return []
    found = []
    for one in matrix.rows[matrix.rows.index(row) + 1 :]:
        if one.depth <= row.depth:
            break
        if one.depth == row.depth + 1:
            found.append(one)
    return found


def _neighbours(matrix: Matrix | None, row: Row | None) -> tuple[Row | None, Row | None]:
    """Return the clause before and the clause after, of the same depth."""
    if matrix is None or row is None:
        return None, None
    level = [one for one in matrix.rows if one.depth == row.depth and one.provision != matrix.agreement]
    at = level.index(row)
    return (level[at - 1] if at else None), (level[at + 1] if at + 1 < len(level) else None)


# --- wordings ---------------------------------------------------------------------------------------------------------
def _texts(site: Site, iri: str) -> list[Text]:
    """Return the texts of the clause with the words marked by which each differs from the first of its language."""
    texts: dict[str, Text] = {}
    for row in plain_rows(site.rows("clause-texts", {"clause": iri})):
        text = texts.setdefault(row["text"], Text(row["text"], row["publisher"], row["language"], row["legalValue"]))
        if row["phrase"] and row["phrase"] not in text.phrases:
            text.phrases.append(row["phrase"])
        text.wording = row["wording"] or text.wording
    wordings = [
        Wording(text.iri, site.label(text.publisher), text.language, text.wording, tuple(text.phrases))
        for text in texts.values()
    ]
    compared = {each.second.text: each for each in compare(wordings)}
    for text in texts.values():
        found = compared.get(text.iri)
        if found is None or found.is_translation:
            text.first = sum(one.language == text.language for one in texts.values()) > 1
            text.shown = _words(text.wording, text.phrases)
        elif found.segments:
            text.shown = Markup("<p>{}</p>").format(_marked(found.segments))
        else:
            items = [Markup("<li>{}</li>").format(_marked(each)) for each in found.phrases]
            text.shown = Markup('<ul class="phrases">{}</ul>').format(Markup("").join(items))
    return list(texts.values())


def _marked(segments: Sequence[Segment]) -> Markup:
    """Return words with those of the other text alone in <del>, those of this one alone in <ins>."""
    parts: list[Markup] = []
    for segment in segments:
        told = [("", segment.new)] if segment.kind == "same" else [("del", segment.old), ("ins", segment.new)]
        words = Markup(" ").join(
            Markup(f"<{tag}>{{}}</{tag}>" if tag else "{}").format(plain(text)) for tag, text in told if text
        )
        parts.append(Markup(" ") + words if parts and segment.spaced else words)
    return Markup("").join(parts)


def _words(wording: str | None, phrases: Sequence[str]) -> Markup:
    if wording:
        return Markup("<p>{}</p>").format(plain(wording))
    items = [Markup("<li>{}</li>").format(plain(phrase)) for phrase in phrases]
    return Markup('<ul class="phrases">{}</ul>').format(Markup("").join(items)) if items else Markup("")


# --- readings and positions -------------------------------------------------------------------------------------------
def _holders(site: Site, matrix: Matrix, row: Row) -> list[Holder]:
    found = matrix.of_provision(row.provision)
    chosen: dict[str, tuple[str, ...]] = {}
    for actor in list(found)[:HOLDERS]:
        newest: list[str] = []
        for position in found[actor]:  # each sign is shown before a second one of any
            newest.extend(position.statements[: max(1, PER_HOLDER // len(found[actor]))])
        chosen[actor] = tuple(dict.fromkeys(newest))[:PER_HOLDER]
    words = {one["statement"]: one for one in said(site, [s for some in chosen.values() for s in some])}
    return [
        Holder(
            actor,
            found[actor],
            [words[one] | {"when": _said_when(words[one])} for one in statements if one in words],
            len(matrix.chosen(row.provision, actor, None)),
            matrix.disputed_with(row.provision, actor),
            with_query(
                disputes_at(site, matrix.agreement), clause=row.key, actor=actor.removeprefix(site.iris.base)
            ) + "#statements",
        )
        for actor, statements in chosen.items()
    ]  # fmt: skip


def _said_when(row: dict[str, str]) -> Any:
    return extent(row["from"], row["to"], row["granularity"]) if row["from"] else None


def _duties(site: Site, readings: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the obligations by reading."""
    if not readings:
        return {}
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in plain_rows(site.rows("duties", {"reading": list(readings)})):
        duty = found[row["reading"]].setdefault(
            row["obligation"],
            {
                "bearers": [], "acts": [], "owed": [], "scope": row["scope"], "scope_text": row["scopeText"],
                "condition": row["condition"],
                "due": extent(row["from"] or None, row["due"], local(row["granularity"])) if row["due"] else None,
            },
        )  # fmt: skip
        for name, key in (("bearers", "bearer"), ("acts", "act"), ("owed", "counterparty")):
            if row[key] and row[key] not in duty[name]:
                duty[name].append(row[key])
    return {
        reading: [duty for _, duty in sorted(duties.items(), key=lambda one: counted(local(one[0])))]
        for reading, duties in found.items()
    }


def _pairs(matrix: Matrix, iri: str) -> list[tuple[str, str]]:
    """Return who disputes the clause with whom, each pair once."""
    return sorted({
        (min(one, other, key=matrix.holders.index), max(one, other, key=matrix.holders.index))
        for one in matrix.holders
        for other in matrix.disputed_with(iri, one)
        if other in matrix.holders
    })  # fmt: skip


def _chart(site: Site, matrix: Matrix, row: Row) -> Markup | str:
    """Return the positions on the clause over time, a lane for each actor; "" where fewer than three have a day."""
    rows = []
    days: list[float] = []
    for actor, positions in list(matrix.of_provision(row.provision).items())[:HOLDERS]:
        said_ = sorted((
            (start, statement, position.sign)
            for position in positions
            for statement in position.statements
            if (start := seconds(matrix.dates.get(statement, ""))) is not None
        ), key=lambda one: one[:2])  # fmt: skip
        if said_:
            spans = [(start, start + DAY) for start, _, _ in said_]
            rows.append(
                Lane(
                    plain(site.label(actor)),
                    spans,
                    _marker(site, actor, said_),
                    _link(site, matrix, actor),
                    "statement",
                    "position",
                )
            )
            days += (spans[0][0], spans[-1][0], *(span[0] for span in spans[1:2]))
    if len(days) < 3:
        return ""
    margin = max(10 * DAY, (max(days) - min(days)) * 0.03)
    return lanes(
        rows, min(days) - margin, max(days) + margin, title="Statements on this clause by the day of the report"
    )


def _marker(site: Site, actor: str, said_: Sequence[tuple[float, str, Sign]]) -> Callable[[int], Mark]:
    def mark(at: int) -> Mark:
        start, statement, sign = said_[at]
        return Mark(
            f"{sign.name} position", site.href(statement), f"{plain(site.label(actor))} {sign.words}, {day_of(start)}"
        )

    return mark


def _link(site: Site, matrix: Matrix, actor: str) -> Callable[[float, float], str]:
    def to(start: float, end: float) -> str:
        given = {
            "agreement": matrix.agreement.removeprefix(site.iris.base + "agreement/"),
            "actor": actor.removeprefix(site.iris.base),
            "from": day_of(start).isoformat(),
            "to": day_of(end - 1).isoformat(),
        }
        return with_query("/timeline", given)

    return to
