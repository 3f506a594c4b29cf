"""Source writer: document, capture, record, full text, mentions; and the conversion run."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from pacta.iris import Iris
from pacta.model import AgreementMention, Mention, Record, Run, Span
from pacta.quads.sheet import RDF_TYPE, Sheet, in_scheme, moment, node, pacta, typed
from pacta.sketches import sketch
from pacta.vocabulary import DCTERMS, PROV

_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def write(record: Record, sheet: Sheet) -> None:
    _write_document(record, sheet)
    _write_capture(record, sheet)
    kinds: dict[Span, str] = {}  # one for each span: that of its first mention
    for mention in mentions(record, sheet):
        subject = sheet.span(mention.span)
        sheet.describe(subject, "Mention")
        sheet.add(subject, pacta("denotes"), node(mention.entity))
        kind = kinds.setdefault(mention.span, mention.kind)
        sheet.add(subject, pacta("mentionKind"), in_scheme("mention-kind", kind))
    for reference in record.agreement_mentions:
        if reference.stance is not None and not reference.implicit:
            stance = in_scheme("provision-stance", reference.stance)
            sheet.add(sheet.span(reference.span), pacta("provisionStance"), stance)


def run_quads(run: Run, iris: Iris) -> list[Quad]:
    """Return what the provenance graph says of a run, sorted."""
    subject = node(iris.run(run.version, run.parser_model, run.knowledge_hash))
    values: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF_TYPE, pacta("ConversionRun")),
        (pacta("converterVersion"), Literal(run.version)),
        (pacta("parserModel"), Literal(run.parser_model)),
        (pacta("knowledgeHash"), Literal(run.knowledge_hash)),
    ]
    graph = node(iris.provenance_graph())
    return sorted((Quad(subject, predicate, value, graph) for predicate, value in values), key=str)


def mentions(record: Record, sheet: Sheet) -> list[Mention]:
    """Return all mentions of a record: of actors and places, of agreements and clauses, of entities it describes."""
    named = [mention for mention in record.agreement_mentions if not mention.implicit]
    clauses = {mention.span: _clause_mention(mention, sheet) for mention in named}
    agreements = {mention.span: mention.agreement for mention in named}
    others = [mention for mention in record.mentions if agreements.get(mention.span) != mention.entity]
    marked: set[Span] = {mention.span for mention in record.mentions} | set(clauses)
    entities = [
        Mention(entity.span, entity.iri, entity.type, mention_kind(sheet.quote(entity.span)), entity.label)
        for entity in record.entities
        if entity.span is not None and entity.span not in marked
    ]
    return [*others, *clauses.values(), *entities]


def mention_kind(words: str) -> str:
    """Return name for words that end in a capitalised word or hold a digit ("the Treaty of Oz"), else nominal."""
    last = words.split()[-1] if words.split() else ""
    return "name" if last[:1].isupper() or any(c.isdigit() for c in words) else "nominal"


def web_address(url: str | None) -> str | None:
    """Return an http(s) address with all that an IRI may not hold percent-encoded; None for anything else."""
    if not url or not _WEB_ADDRESS.match(url.strip()):
        return None
    address = quote(url.strip(), safe=":/?#@!$&'()*+,;=%~-._")
    try:
        return node(address).value
    except ValueError:
        return None


def _clause_mention(mention: AgreementMention, sheet: Sheet) -> Mention:
    entity = mention.clause or mention.agreement
    type_name = "Agreement" if mention.clause is None else "Clause"
    return Mention(mention.span, entity, type_name, mention_kind(sheet.quote(mention.span)), mention.label)


def _write_document(record: Record, sheet: Sheet) -> None:
    metadata = record.document.metadata
    subject = node(sheet.iris.document(sheet.key))
    sheet.describe(subject, "Document")
    sheet.add(subject, node(DCTERMS + "language"), Literal(sheet.language))
    sheet.add(subject, node(DCTERMS + "title"), sheet.words(record.title))
    if metadata.id is not None:
        sheet.add(subject, node(DCTERMS + "identifier"), Literal(metadata.id))
    if (address := web_address(metadata.url)) is not None:
        sheet.add(subject, node(DCTERMS + "source"), node(address))
    if record.outlet is not None:
        sheet.add(subject, pacta("outlet"), node(record.outlet))
    if record.published is not None:
        sheet.add(subject, pacta("published"), moment(record.published))
        sheet.add(subject, pacta("publishedInferred"), Literal(record.published_inferred))


def _write_capture(record: Record, sheet: Sheet) -> None:
    document = record.document
    subject = node(sheet.iris.capture(sheet.key))
    text_hash = document.text_sha256 or sha256(document.text.encode("utf-8")).hexdigest()
    sheet.describe(subject, "Capture")
    sheet.add(subject, pacta("captureOf"), node(sheet.iris.document(sheet.key)))
    sheet.add(subject, pacta("sha256"), Literal(document.sha256))
    sheet.add(subject, pacta("byteLength"), typed(str(document.byte_length), "integer"))
    sheet.add(subject, pacta("charLength"), typed(str(len(document.text)), "integer"))
    sheet.add(subject, pacta("textSha256"), Literal(text_hash))
    if (sketched := sketch(document.text)) is not None:
        sheet.add(subject, pacta("minHash"), Literal(sketched.values))
        sheet.add(subject, pacta("shingleCount"), typed(str(sketched.size), "integer"))
    sheet.add_in(sheet.iris.text_graph(sheet.key), subject, pacta("fullText"), Literal(document.text))
    sheet.describe(sheet.record, "Record")
    sheet.add(sheet.record, node(PROV + "wasGeneratedBy"), sheet.run)
    sheet.add(sheet.record, node(PROV + "wasDerivedFrom"), subject)
