"""Discourse writer: attributions, statements with their one stance, communiques."""

from __future__ import annotations

from bisect import bisect_left

from pacta.model import Attribution, Mention, Record, Statement, hull
from pacta.quads.sheet import Sheet, decimal, in_scheme, node, pacta
from pacta.quads.source import mentions

BREAK = " … "
_OWN_WORDS = ("direct", "mixed")  # modes of speech in which a document renders the speaker's words


def write(record: Record, sheet: Sheet) -> None:
    for communique in record.communiques:
        subject = node(sheet.iris.communique(sheet.key, communique.number))
        sheet.describe(subject, "Communique", in_record=True)
        sheet.add(subject, pacta("issuedBy"), node(communique.speaker))
    for statement in record.statements:
        _write_statement(statement, sheet)
    named = sorted(mentions(record, sheet), key=_begins)
    for attribution in record.attributions:
        _write_attribution(attribution, named, sheet)


def _begins(mention: Mention) -> int:
    return mention.span[0]


def attribution_id(attribution: Attribution) -> str:
    """Return the hull of the attribution's own content and what follows the offsets in its statement's id.

    >>> attribution_id(Attribution("50-90-denies-relayed", content=((10, 20), (25, 40))))
    '10-40-denies-relayed'
    """
    start, end = hull(attribution.content)
    return f"{start}-{end}-{attribution.statement.split('-', 2)[2]}"


def _write_statement(statement: Statement, sheet: Sheet) -> None:
    iris, key = sheet.iris, sheet.key
    subject = node(iris.statement(key, statement.id))
    sheet.describe(subject, "Statement", in_record=True)
    sheet.add(subject, pacta("speaker"), node(statement.speaker))
    sheet.add(subject, pacta(statement.force), node(iris.proposition(key, statement.proposition)))
    sheet.add(subject, pacta("saidDuring"), sheet.time(statement.said_during))
    if statement.addressee is not None:
        sheet.add(subject, pacta("addressee"), node(statement.addressee))
    if statement.responds_to is not None:
        sheet.add(subject, pacta("respondsTo"), node(iris.statement(key, statement.responds_to)))
    if statement.relays is not None:
        sheet.add(subject, pacta("relays"), node(iris.statement(key, statement.relays)))
    if statement.communique is not None:
        sheet.add(subject, pacta("partOfCommunique"), node(iris.communique(key, statement.communique)))


def _write_attribution(attribution: Attribution, named: list[Mention], sheet: Sheet) -> None:
    iris, key = sheet.iris, sheet.key
    local = attribution_id(attribution)
    nth = sheet.number(f"attribution {local}")
    subject = node(iris.attribution(key, local if nth == 0 else f"{local}-{nth + 1}"))
    sheet.describe(subject, "Attribution", in_record=True)
    sheet.add(subject, pacta("attributes"), node(iris.statement(key, attribution.statement)))
    sheet.add(subject, pacta("inDocument"), node(iris.document(key)))
    for name, spans in (
        ("sourceSpan", attribution.source),
        ("cueSpan", attribution.cue),
        ("contentSpan", attribution.content),
    ):
        sheet.add(subject, pacta(name), *(sheet.span(span) for span in spans))
    quoted = BREAK.join(sheet.quote(span) for span in sorted(attribution.content))
    sheet.add(subject, pacta("contentQuote"), sheet.words(quoted))
    if attribution.speech_mode in _OWN_WORDS:
        for first, last in attribution.content:
            for mention in named[bisect_left(named, first, key=_begins) : bisect_left(named, last, key=_begins)]:
                if mention.span[1] <= last:
                    sheet.add(subject, pacta("quotedMention"), sheet.span(mention.span))
                    sheet.add(subject, pacta("quotedThing"), node(mention.entity))
    sheet.add(subject, pacta("speechMode"), in_scheme("speech-mode", attribution.speech_mode))
    sheet.add(subject, pacta("narratorStance"), in_scheme("narrator-stance", attribution.narrator_stance))
    sheet.add(subject, pacta("confidence"), decimal(attribution.confidence))
