"""Agreements: the list of them, the page of one, and its dispute matrix with the statements behind each cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.positions import SIGNS, WHOLE, Matrix, Row, of_agreement
from pacta.pages.rendering import count, local, plain_rows, render, web_address, with_query
from pacta.pages.responses import Problem
from pacta.pages.site import Site
from pacta.pages.times import Extent, extent
from pacta.pages.views.downloads import downloads
from pacta.pages.views.paging import stretch

PAGE = 25  # statements at once
LIST = 100  # agreements at once
HOLDERS = 6  # columns before the reader asks for more
ROWS = 20  # rows before those that nobody speaks of are left out
_WHOLE_WORDS = "the agreement as a whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One agreement in the list."""

    agreement: str
    parties: tuple[str, ...]
    signed: Extent
    clauses: int
    disputed: int
    statements: int
    reports: int
    disputes_at: str


# --- the list ---------------------------------------------------------------------------------------------------------
async def page(request: Request) -> Response:
    """Return the list of agreements, the most spoken of first; `q` filters by name or party."""
    site: Site = request.app.state.site
    q = request.query_params.get("q", "").strip()[:200]
    rows = await site.call(listed, site)
    if q:
        rows = await site.call(_filtered, site, rows, q.casefold())
    pager = stretch(request, rows, LIST, "agreements")
    return render(
        request, "agreements.html", title="Agreements", section="/agreements", rows=pager.items, pager=pager, q=q,
        downloads=downloads("agreements", "agreements/list"),
    )  # fmt: skip


def _filtered(site: Site, rows: list[Listed], words: str) -> list[Listed]:
    return [row for row in rows if any(words in site.label(iri).casefold() for iri in (row.agreement, *row.parties))]


def listed(site: Site) -> list[Listed]:
    """Return all agreements with their counts, the most spoken of first; read once on each snapshot."""
    return site.cached("agreements", lambda: _walk(site))


def _walk(site: Site) -> list[Listed]:
    said = {row["agreement"]: row for row in plain_rows(site.rows("agreement-counts"))}
    clauses = {row["agreement"]: row for row in plain_rows(site.rows("agreement-disputed"))}
    parties: dict[str, list[str]] = defaultdict(list)
    signed: dict[str, Extent] = {}
    for row in plain_rows(site.rows("agreements")):
        signed[row["agreement"]] = extent(row["from"], row["to"], local(row["granularity"]))
        if row["party"]:
            parties[row["agreement"]].append(row["party"])
    rows = [
        Listed(
            agreement=iri,
            parties=tuple(dict.fromkeys(parties[iri])),
            signed=when,
            clauses=int(clauses.get(iri, {}).get("clauses", 0)),
            disputed=int(clauses.get(iri, {}).get("disputes", 0)),
            statements=int(said.get(iri, {}).get("statements", 0)),
            reports=int(said.get(iri, {}).get("reports", 0)),
            disputes_at=disputes_at(site, iri),
        )
        for iri, when in signed.items()
    ]
    return sorted(rows, key=lambda row: (-row.statements, -row.clauses, site.label(row.agreement), row.agreement))


# --- one agreement ----------------------------------------------------------------------------------------------------
async def view(request: Request, iri: str) -> Response:
    """Return the page of an agreement."""
    site: Site = request.app.state.site
    return await site.call(_agreement, request, site, iri)


def _agreement(request: Request, site: Site, iri: str) -> Response:
    matrix = of_agreement(site, iri)
    facts = plain_rows(site.rows("agreement-facts", {"agreement": iri}))
    first = facts[0] if facts else {}
    clauses = [row for row in matrix.rows if row.key != WHOLE]
    return render(
        request,
        "agreement.html",
        title=site.label(iri),
        iri=iri,
        section="/agreements",
        crumbs=[("Agreements", "/agreements"), (site.label(iri), "")],
        agreement=iri,
        code=iri.removeprefix(site.iris.base + "agreement/"),
        mediators=_each(facts, "mediator"),
        amends=_each(facts, "amends"),
        comments=_each(facts, "comment"),
        signed=extent(first.get("from"), first.get("to"), local(first.get("granularity", ""))),
        clauses=clauses[:200],
        more_clauses=max(0, len(clauses) - 200),
        names=names_of(site, iri),
        texts=_texts(site, iri),
        place=disputes_at(site, iri),
        **_table(site, matrix, everything=False),
    )


def names_of(site: Site, iri: str) -> list[dict[str, Any]]:
    """Return the names of a thing with who uses them; those that a side alone uses first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in site.rows("names-of", {"thing": iri}):
        form = row["form"]
        users = found[getattr(form, "value", ""), getattr(form, "language", None) or ""]
        if row["user"] is not None and row["user"].value not in users:  # type: ignore[union-attr]
            users.append(row["user"].value)  # type: ignore[union-attr]
    return [
        {"form": form, "language": language, "users": users}
        for (form, language), users in sorted(found.items(), key=lambda one: (not one[1], one[0][1], one[0][0]))
    ]


def _texts(site: Site, iri: str) -> list[dict[str, Any]]:
    texts: dict[str, dict[str, Any]] = {}
    for row in plain_rows(site.rows("texts-of", {"agreement": iri})):
        text = texts.setdefault(row["text"], {**row, "sources": []})
        if web_address(row["source"]):
            text["sources"].append((row["source"], urlsplit(row["source"]).hostname or row["source"]))
    return list(texts.values())


def _each(rows: list[dict[str, str]], name: str) -> list[str]:
    return list(dict.fromkeys(row[name] for row in rows if row[name]))


# --- the matrix -------------------------------------------------------------------------------------------------------
async def disputes(request: Request) -> Response:
    """Return the dispute matrix of an agreement; `clause`, `actor` and `sign` narrow the statements below it."""
    site: Site = request.app.state.site
    return await site.call(_disputes, request, site)


def _disputes(request: Request, site: Site) -> Response:
    iri = site.iri(f"agreement/{request.path_params['id']}")
    matrix = of_agreement(site, iri) if iri else None
    if iri is None or matrix is None or not (matrix.holders or len(matrix.rows) > 1 or site.types(iri)):
        raise Problem(
            404, "there is no such agreement", remedy="choose one of the list", links=[("/agreements", "Agreements")]
        )
    asked = request.query_params
    row = matrix.row(asked["clause"]) if asked.get("clause") else None
    holder = next((one for one in matrix.holders if one.removeprefix(site.iris.base) == asked.get("actor")), None)
    sign = SIGNS.get(asked.get("sign", ""))
    wrong = [
        name
        for name, found in (("clause", row), ("actor", holder), ("sign", sign))
        if asked.get(name) and found is None
    ]
    if wrong:
        raise Problem(
            404,
            f"nothing in this matrix has this {wrong[0]}",
            remedy="choose a cell of the matrix",
            links=[(disputes_at(site, iri), "The whole matrix")],
        )
    chosen = matrix.chosen(row.provision if row else None, holder, sign.name if sign else None)
    pager = stretch(request, chosen, PAGE, "statements", "#statements")
    table = _table(site, matrix, everything=bool(asked.get("all")), keep=(row.provision if row else None, holder))
    return render(
        request,
        "disputes.html",
        title=f"Who disputes what: {site.label(iri)}",
        canonical=site.settings.url.rstrip("/") + with_query(disputes_at(site, iri), dict(asked)),
        section="/agreements",
        crumbs=[("Agreements", "/agreements"), (site.label(iri), site.href(iri)), ("Dispute matrix", "")],
        agreement=iri,
        place=disputes_at(site, iri),
        heading=_heading(site, row, holder, sign.words if sign else "", len(chosen)),
        narrowed=bool(row or holder or sign),
        chosen=(row.key if row else None, holder, sign.name if sign else None),
        said=said(site, pager.items),
        pager=pager,
        downloads=downloads("disputes", "disputes/who-disputes-which-clause", agreement=iri),
        **table,
    )


def _table(
    site: Site, matrix: Matrix, *, everything: bool, keep: tuple[str | None, str | None] = (None, None)
) -> dict[str, Any]:
    """Return what the grid needs: the rows and columns in view, and how many are not."""
    rows: tuple[Row, ...] = matrix.rows
    holders = matrix.holders
    if not matrix.taken(matrix.agreement):
        rows = tuple(row for row in rows if row.key != WHOLE)
    if not everything:
        if len(rows) > ROWS:
            rows = tuple(row for row in rows if matrix.taken(row.provision) or row.disputed or row.provision == keep[0])
        holders = tuple(one for at, one in enumerate(holders) if at < HOLDERS or one == keep[1])
    whole = len(matrix.rows) - (not matrix.taken(matrix.agreement))
    return {
        "matrix": matrix,
        "rows": rows,
        "holders": holders,
        "hidden_rows": whole - len(rows),
        "hidden_holders": len(matrix.holders) - len(holders),
        "signs": [sign for sign in SIGNS.values() if any(p.sign is sign for c in matrix.cells.values() for p in c)],
        "short": lambda one: one.removeprefix(site.iris.base),
    }


def _heading(site: Site, row: Row | None, holder: str | None, words: str, number: int) -> str:
    told = count(number, "statement").capitalize()
    if holder:
        told += f" by {site.label(holder)}"
    if row:
        told += f" on {f'clause {row.number}' if row.number else _WHOLE_WORDS if row.key == WHOLE else row.key}"
    return told + (f" ({words})" if words else "")


def said(site: Site, statements: Any) -> list[dict[str, str]]:
    """Return what statements say, one row for each with its newest report, in the order given."""
    if not statements:
        return []
    rows: dict[str, dict[str, str]] = {}
    for row in plain_rows(site.rows("said", {"statement": list(statements)})):
        if row["statement"] not in rows or row["published"] > rows[row["statement"]]["published"]:
            rows[row["statement"]] = {**row, "granularity": local(row["granularity"])}
    return [rows[statement] for statement in statements if statement in rows]


def disputes_at(site: Site, agreement: str) -> str:
    """Return the address of the dispute matrix of an agreement."""
    return site.href(agreement).replace("/id/agreement/", "/agreements/", 1) + "/disputes"
