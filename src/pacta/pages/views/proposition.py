"""A proposition: what it says, who affirms and who rejects it, which clauses it concerns, what it would oblige."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pacta.pages.cards import cards_of
from pacta.pages.lookup import Lookup
from pacta.pages.rendering import render, shortened
from pacta.pages.responses import site_of
from pacta.pages.views.statement import linked_to
from pacta.vocabulary import P

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Duty:
    """What a reading obliges somebody to. Times are bounds and granularity."""

    obligation: str
    bearers: tuple[str, ...]
    requires: tuple[str, ...]
    scope: str
    condition: str
    deadline: tuple[str, str, str] | None


async def view(request: Request, iri: str) -> Response:
    """Return the page of a proposition, or send the reader to the incident that it is an account of."""
    return await site_of(request).call(_page, request, iri)


def _page(request: Request, iri: str) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    if incident := look.one(iri, P.accountOf):
        return RedirectResponse(site.href(incident), 303)
    gloss = look.one(iri, P.gloss) or site.label(iri)
    kinds = [each for each in look.types(iri) if each != P.Proposition]
    return render(
        request,
        "proposition.html",
        iri=iri,
        title=shortened(gloss, 90),
        crumbs=[("Start", "/"), (shortened(gloss, 60), "")],
        gloss=gloss,
        kind=kinds[0] if kinds else P.Proposition,
        concerns=linked_to(look, iri),
        about=look.all(iri, P.about),
        conduct=look.one(iri, P.conduct),
        incidents=look.all(iri, P.evaluates),
        affirming=cards_of(look, look.into(P.affirms, iri, SHOWN)),
        rejecting=cards_of(look, look.into(P.rejects, iri, SHOWN)),
        incompatible=look.all(iri, P.incompatibleWith)[:SHOWN],
        duties=[_duty(look, each) for each in look.into(P.underReading, iri)],
    )


def _duty(look: Lookup, obligation: str) -> Duty:
    due = look.one(obligation, P.deadline)
    return Duty(
        obligation,
        tuple(look.all(obligation, P.bearer)),
        tuple(look.all(obligation, P.requires)),
        look.one(obligation, P.scopeText),
        look.one(obligation, P.condition),
        (look.one(due, P.notBefore), look.one(due, P.notAfter), look.one(due, P.granularity)) if due else None,
    )
