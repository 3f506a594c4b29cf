"""Agreements writer: the obligations that readings imply, and the links from propositions to clauses."""

from __future__ import annotations

from pacta.model import Link, Obligation, Proposition, Record
from pacta.quads.content import stem
from pacta.quads.sheet import Sheet, decimal, in_scheme, node, pacta


def write(record: Record, sheet: Sheet) -> None:
    for proposition in record.propositions:
        for obligation in proposition.obligations:
            _write_obligation(proposition, obligation, sheet)
        for link in proposition.links:
            _write_link(proposition, link, sheet)


def _write_obligation(proposition: Proposition, obligation: Obligation, sheet: Sheet) -> None:
    base = stem(proposition)
    subject = node(sheet.iris.obligation(sheet.key, base, sheet.number(f"obligation {base}")))
    sheet.describe(subject, "Obligation")
    sheet.add(subject, pacta("underReading"), node(sheet.iris.proposition(sheet.key, proposition.id)))
    sheet.add(subject, pacta("requires"), *(in_scheme("provision-topic", topic) for topic in obligation.requires))
    for name, thing in (
        ("bearer", obligation.bearer),
        ("counterparty", obligation.counterparty),
        ("territorialScope", obligation.scope),
    ):
        if thing is not None:
            sheet.add(subject, pacta(name), node(thing))
    sheet.add(subject, pacta("scopeText"), sheet.words(obligation.scope_text))
    sheet.add(subject, pacta("condition"), sheet.words(obligation.condition))
    sheet.add(subject, pacta("deadline"), sheet.time(obligation.deadline))


def _write_link(proposition: Proposition, link: Link, sheet: Sheet) -> None:
    base = stem(proposition)
    subject = node(sheet.iris.link(sheet.key, base, sheet.number(f"link {base}")))
    target = link.target if ":" in link.target else sheet.iris.incident(sheet.key, link.target)
    sheet.describe(subject, "Link")
    sheet.add(subject, pacta("linksFrom"), node(sheet.iris.proposition(sheet.key, proposition.id)))
    sheet.add(subject, pacta("linksTo"), node(target))
    sheet.add(subject, pacta("linkMethod"), in_scheme("link-method", link.method))
    sheet.add(subject, pacta("confidence"), decimal(link.confidence))
    sheet.add(subject, pacta("linkAuthor"), sheet.run)
