"""Agreement writer: a read agreement text as RDF: its clauses, their wording with spans, and the plain readings.

What the stock says of an agreement, its clauses and texts stays its own: the record adds what is not there.
"""

from __future__ import annotations

from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Quad

from pacta.agreement_texts.duties import Duty
from pacta.agreement_texts.record import AgreementFactsGiven, AgreementRecord, provisions_of
from pacta.agreements.values import Provision
from pacta.iris import Iris
from pacta.quads import record_sheet
from pacta.quads.sheet import LABEL_LANGUAGE, RDFS_LABEL, Sheet, decimal, in_scheme, node, pacta, typed
from pacta.quads.source import web_address
from pacta.vocabulary import DCTERMS, PROV

CONFIDENCE = 0.3  # of a reading made by rule
READING = "plain"
_EARLIEST, _LATEST = "+14:00", "-12:00"  # a day begins and ends somewhere on earth


def record_quads(record: AgreementRecord, iris: Iris) -> list[Quad]:
    """Return the quads of an agreement record's own graph and of its text graph."""
    sheet = record_sheet(record, iris)
    facts = record.facts
    if facts is not None:
        _write_agreement(record, facts, sheet)
        _write_text(record, facts, sheet)
        _write_clauses(record, facts, sheet)
    return sheet.quads()


def _write_agreement(record: AgreementRecord, facts: AgreementFactsGiven, sheet: Sheet) -> None:
    subject = node(facts.agreement)
    if facts.is_known:
        return
    sheet.add(subject, pacta("mediator"), *(node(each) for each in facts.mediators))
    if (address := web_address(record.document.metadata.url)) is not None:
        sheet.add(subject, node(DCTERMS + "source"), node(address))
    if facts.signed is not None:
        extent = node(f"{facts.agreement}/time/signed")
        sheet.add(subject, pacta("signedDuring"), extent)
        _extent(extent, facts.signed, facts.signed, "day", sheet)


def _extent(extent: NamedNode, first: date | None, last: date | None, granularity: str, sheet: Sheet) -> None:
    """Describe a stretch of whole days whose time zone is not known, by outer bounds."""
    sheet.describe(extent, "TimeExtent")
    if first is not None:
        sheet.add(extent, pacta("notBefore"), typed(f"{first.isoformat()}T00:00:00{_EARLIEST}", "dateTime"))
    if last is not None:
        after = (last + timedelta(days=1)).isoformat()
        sheet.add(extent, pacta("notAfter"), typed(f"{after}T00:00:00{_LATEST}", "dateTime"))
    sheet.add(extent, pacta("granularity"), in_scheme("granularity", granularity))


def _write_text(record: AgreementRecord, facts: AgreementFactsGiven, sheet: Sheet) -> None:
    subject = node(record.text_iri)
    sheet.add(subject, node(PROV + "wasDerivedFrom"), node(sheet.iris.capture(sheet.key)))
    sheet.add(subject, pacta("inRecord"), sheet.record)
    if record.text_iri in record.known:
        return
    sheet.describe(subject, "AgreementText")
    edition = f", {facts.edition}" if facts.edition else ""
    label = f"{facts.title} ({sheet.language}{edition})"
    sheet.add(subject, RDFS_LABEL, Literal(label, language=LABEL_LANGUAGE))
    sheet.add(subject, pacta("textOf"), node(facts.agreement))
    sheet.add(subject, pacta("publishedBy"), node(facts.publisher))
    sheet.add(subject, node(DCTERMS + "language"), Literal(sheet.language))
    if facts.legal_value is not None:
        sheet.add(subject, pacta("legalValue"), in_scheme("legal-value", facts.legal_value))
    if (address := web_address(record.document.metadata.url)) is not None:
        sheet.add(subject, node(DCTERMS + "source"), node(address))
    if facts.translation_of is not None and facts.translation_of in record.known:
        sheet.add(subject, pacta("translationOf"), node(facts.translation_of))
    if facts.valid_from is not None or facts.valid_until is not None:
        extent = node(f"{record.text_iri}/time/valid")
        sheet.add(subject, pacta("validDuring"), extent)
        _extent(extent, facts.valid_from, facts.valid_until, "days", sheet)


def _write_clauses(record: AgreementRecord, facts: AgreementFactsGiven, sheet: Sheet) -> None:
    clauses, duties, topics = dict(record.clauses), dict(record.duties), dict(record.topics)
    for provision, parent in provisions_of(record):
        clause = node(clauses[provision.normal])
        if clause.value not in record.known:
            sheet.describe(clause, "Clause")
            sheet.add(clause, RDFS_LABEL, Literal(label(provision), language=LABEL_LANGUAGE))
            above = facts.agreement if parent is None else clauses[parent.normal]
            sheet.add(clause, pacta("clauseOf"), node(above))
            sheet.add(clause, pacta("clauseNumber"), Literal(provision.normal))
            found = (in_scheme("provision-topic", topic) for topic in topics.get(provision.normal, ()))
            sheet.add(clause, pacta("provisionTopic"), *found)
        _write_wording(record, provision, clause, sheet)
        if provision.normal in duties:
            _write_reading(clause, duties[provision.normal], sheet)


def label(provision: Provision) -> str:
    """Return what a clause is called: "Article 6, Withdrawal", "paragraph 6.2"."""
    name = provision.number.rstrip(".:") if provision.number[:1].isalpha() and " " in provision.number else ""
    name = name or f"{provision.kind} {provision.normal.rpartition('/')[2]}".replace("preamble preamble", "preamble")
    annex = provision.normal.rpartition("/")[0]
    where = f" ({annex})" if annex else ""
    title = f", {provision.heading}" if provision.heading else ""
    return f"{name[:1].upper()}{name[1:]}{where}{title}"


def wording_span(provision: Provision) -> tuple[int, int]:
    """Return the span of a provision's words: with its parts for a clause, without them for what holds clauses."""
    holds_clauses = provision.kind in ("part", "chapter", "annex") and provision.children
    span = provision.own if holds_clauses else provision.body
    return span if span[0] < span[1] else provision.span


def _write_wording(record: AgreementRecord, provision: Provision, clause: NamedNode, sheet: Sheet) -> None:
    start, end = wording_span(provision)
    if provision.kind in ("part", "chapter", "annex") and provision.children and (start, end) == provision.span:
        end = provision.children[0].span[0]  # its heading alone
    words = record.document.text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    if not words:
        return
    subject = node(sheet.iris.clause_text(record.text_iri, provision.normal.replace("/", ".")))
    sheet.describe(subject, "ClauseText")
    sheet.add(subject, pacta("clauseTextOf"), clause)
    sheet.add(subject, pacta("inText"), node(record.text_iri))
    sheet.add(subject, pacta("wording"), sheet.words(words))
    sheet.add(subject, pacta("anchorSpan"), sheet.span((start, start + len(words))))


def _write_reading(clause: NamedNode, duties: tuple[Duty, ...], sheet: Sheet) -> None:
    """Describe the plain reading of one clause, its obligations, and the link by which the converter holds it."""
    reading = node(sheet.iris.reading(clause.value, f"{READING}-{sheet.key}"))
    sheet.describe(reading, "Interpretation")
    sheet.add(reading, pacta("interprets"), clause)
    sentences = dict.fromkeys(" ".join(sheet.quote(duty.sentence).split()) for duty in duties)
    sheet.add(reading, pacta("gloss"), sheet.words(" … ".join(sentences)))
    for number, duty in enumerate(duties, 1):
        subject = node(f"{reading.value}/obligation/{number}")
        sheet.describe(subject, "Obligation")
        sheet.add(subject, pacta("underReading"), reading)
        sheet.add(subject, pacta("bearer"), *(node(bearer) for bearer in duty.bearers))
        sheet.add(subject, pacta("requires"), *(in_scheme("provision-topic", topic) for topic in duty.requires))
        if duty.scope is not None:
            sheet.add(subject, pacta("territorialScope"), node(duty.scope))
        sheet.add(subject, pacta("scopeText"), sheet.words(duty.scope_text))
        sheet.add(subject, pacta("condition"), sheet.words(duty.condition))
        sheet.add(subject, pacta("deadline"), sheet.time(duty.deadline))
    start, end = duties[0].sentence
    link = node(sheet.iris.link(sheet.key, f"{start}-{end}", sheet.number(f"link {start}-{end}")))
    sheet.describe(link, "Link")
    sheet.add(link, pacta("linksFrom"), reading)
    sheet.add(link, pacta("linksTo"), clause)
    sheet.add(link, pacta("linkMethod"), in_scheme("link-method", "wording"))
    sheet.add(link, pacta("confidence"), decimal(CONFIDENCE))
    sheet.add(link, pacta("linkAuthor"), sheet.run)
