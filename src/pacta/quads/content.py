"""Content writer: propositions of each kind, incidents and who took part in them."""

from __future__ import annotations

from pyoxigraph import NamedNode

from pacta.model import Proposition, Record
from pacta.quads.sheet import Sheet, in_scheme, node, pacta, typed

CLASSES = {
    "incident": "IncidentAccount",
    "interpretation": "Interpretation",
    "evaluation": "Evaluation",
    "undertaking": "Undertaking",
    "affiliation": "Affiliation",
    "state-of-affairs": "StateOfAffairs",
}


def write(record: Record, sheet: Sheet) -> None:
    for incident in record.incidents:
        sheet.describe(node(sheet.iris.incident(sheet.key, incident.id)), "Incident", in_record=True)
    for proposition in record.propositions:
        _write_proposition(proposition, sheet)


def stem(proposition: Proposition) -> str:
    """Return the proposition's id without its kind: what its participations, obligations and links are named after.

    >>> stem(Proposition("50-90-incident-2", kind="incident", span=(50, 90), gloss=""))
    '50-90-2'
    """
    return proposition.id.replace(f"-{proposition.kind}", "", 1)


def _write_proposition(proposition: Proposition, sheet: Sheet) -> None:
    subject = node(sheet.iris.proposition(sheet.key, proposition.id))
    sheet.describe(subject, CLASSES[proposition.kind], in_record=True)
    sheet.add(subject, pacta("gloss"), sheet.words(proposition.gloss))
    sheet.add(subject, pacta("occurredDuring"), sheet.time(proposition.time))
    sheet.add(subject, pacta("occurredAt"), sheet.location(proposition.location))
    if proposition.place is not None:
        sheet.add(subject, pacta("occurredAt"), node(proposition.place))
    if proposition.incident is not None:
        relation = "accountOf" if proposition.kind == "incident" else "evaluates"
        sheet.add(subject, pacta(relation), node(sheet.iris.incident(sheet.key, proposition.incident)))
    if proposition.incident_kind is not None:
        sheet.add(subject, pacta("incidentKind"), in_scheme("incident-kind", proposition.incident_kind))
    if proposition.casualties is not None:
        sheet.add(subject, pacta("casualties"), typed(str(proposition.casualties), "integer"))
    if proposition.conduct is not None:
        sheet.add(subject, pacta("conduct"), in_scheme("conduct", proposition.conduct))
    if proposition.against is not None:
        sheet.add(subject, pacta("againstProvision"), node(proposition.against))
    if proposition.interprets is not None:
        sheet.add(subject, pacta("interprets"), node(proposition.interprets))
    sheet.add(subject, pacta("about"), *(node(thing) for thing in proposition.about))
    _write_participations(proposition, subject, sheet)


def _write_participations(proposition: Proposition, account: NamedNode, sheet: Sheet) -> None:
    base = stem(proposition)
    for participation in proposition.participations:
        role = participation.role
        number = sheet.number(f"participation {base} {role}")
        subject = node(sheet.iris.participation(sheet.key, base, role, number))
        sheet.add(account, pacta("participation"), subject)
        sheet.describe(subject, "Participation")
        sheet.add(subject, pacta("participant"), node(participation.actor))
        sheet.add(subject, pacta("role"), in_scheme("participation-role", role))
