"""The `annotate` contract: what one record says, as one JSON object with offsets into its text."""

from __future__ import annotations

from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from pacta import quads, rules
from pacta.claims.contests import Contest, DerivedSide, contests
from pacta.iris import Iris
from pacta.model import Attribution, LocationMention, Obligation, Proposition, Record, Span, TimeMention, hull
from pacta.reference import Reference
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import PACTA, RDF, REJECTING, VOCAB, concept

Term = NamedNode | BlankNode | Literal | Triple
_DISPUTES = f"""PREFIX pacta: <{PACTA}>
SELECT DISTINCT ?provision ?holder ?other ?position ?statement WHERE {{
  ?dispute a pacta:Dispute ; pacta:disputeOver ?provision ; pacta:side ?a , ?b .
  ?a pacta:holder ?holder ; pacta:viaStatement ?statement ; pacta:position ?position . ?b pacta:holder ?other .
  FILTER(?a != ?b)
}} ORDER BY ?provision ?holder ?other ?statement"""
_UPWARD = frozenset({RDF + "type", PACTA + "organOf", PACTA + "clauseOf"})  # what the rules ask of reference data
_STATUS = f"SELECT ?incident ?status WHERE {{ ?incident <{PACTA}status> ?status }} ORDER BY ?incident"


class Annotator:
    """Turns records into annotation objects. The rules see one record and what it refers to, in a store in memory."""

    def __init__(self, reference: Reference, iris: Iris) -> None:
        self.reference, self.iris = reference, iris
        self._store: EmbeddedStore = open_store()
        self._about: dict[Term, list[Quad]] = {}
        for graph_quads in reference.graphs.values():
            for quad in graph_quads:
                if quad.predicate.value in _UPWARD:
                    self._about.setdefault(quad.subject, []).append(quad)

    def annotation(self, record: Record) -> dict[str, Any]:
        """Return the object of `pacta annotate -f json` (its shape is a public contract, see the README)."""
        status, sides = self._derived(record)
        view = _View(record, self.reference)
        statements = [view.attribution(a) for a in record.attributions]
        # of several with one content ("denied N's claim that …") who passes it on comes last, else as the cues stand
        statements.sort(
            key=lambda s: (
                s["content"][0],
                view.is_outlet(s["speaker"]["iri"]),
                s["relays"] is not None,
                s["cue"] or [],
                s["id"],
            )
        )
        return {
            "document": view.document(),
            "text": record.document.text,
            "statements": statements,
            "incidents": [
                view.incident(i.id, status.get(self.iris.incident(record.document.key, i.id))) for i in record.incidents
            ],
            "agreementMentions": view.agreement_mentions(),
            "disputes": [view.contest(c) for c in contests(record, view.principal, sides, self.reference.agreements)],
        }

    def _derived(self, record: Record) -> tuple[dict[str, str], list[DerivedSide]]:
        """Run the rules over this record and what it refers to; return the status of incidents, and disputes."""
        own: list[Quad] = quads.record_quads(record, self.iris)
        try:
            self._store.add((*own, *self._referred(own)))
            rules.derive(self._store, base=self.iris.base)
            status = {_value(i): _value(s).rpartition("/")[2] for i, s in self._store.query(_STATUS).rows}
            told: dict[tuple[str, str, str, bool], list[str]] = {}
            for row in self._store.query(_DISPUTES).rows:
                provision, holder, other, position, statement = map(_value, row)
                key = (provision, holder, other, position.endswith("/rejects"))
                told.setdefault(key, []).append(statement.rpartition("/")[2].partition("-")[2])
            return status, [DerivedSide(*key, tuple(dict.fromkeys(ids))) for key, ids in sorted(told.items())]
        finally:
            self._store.clear()

    def _referred(self, own: list[Quad]) -> list[Quad]:
        """Return what the reference data say on types, principals and agreements of the things that quads name."""
        found: list[Quad] = []
        seen: set[Term] = set()
        waiting: list[Term] = [quad.object for quad in own]
        while waiting:
            thing = waiting.pop()
            if thing in seen or not isinstance(thing, NamedNode):
                continue
            seen.add(thing)
            for quad in self._about.get(thing, ()):
                found.append(quad)
                waiting.append(quad.object)
        return found


class _View:
    """Reads one record: labels, principals, and each value as JSON."""

    def __init__(self, record: Record, reference: Reference) -> None:
        self.record, self.reference = record, reference
        self.local = {e.iri: e for e in record.entities}
        self.propositions = {p.id: p for p in record.propositions}
        self.by_id = {s.id: s for s in record.statements}
        self.attributions: dict[str, list[Attribution]] = {}
        for attribution in record.attributions:
            self.attributions.setdefault(attribution.statement, []).append(attribution)

    def label(self, iri: str | None) -> str | None:
        if iri is None:
            return None
        known = self.reference.entities.get(iri)
        if known is not None:
            return known.label
        return self.local[iri].label if iri in self.local else iri.rpartition("/")[2]

    def is_outlet(self, iri: str) -> bool:
        known = self.reference.entities.get(iri) or self.local.get(iri)
        return known is not None and known.type == "MediaOutlet"

    def principal(self, iri: str) -> str:
        seen: set[str] = set()
        while iri not in seen:
            seen.add(iri)
            known, local = self.reference.entities.get(iri), self.local.get(iri)
            above = known.organ_of if known is not None else local.organ_of if local is not None else None
            if above is None:
                break
            iri = above
        return iri

    def actor(self, iri: str) -> dict[str, Any]:
        principal = self.principal(iri)
        return {
            "iri": iri,
            "label": self.label(iri),
            "principal": principal,
            "principalLabel": self.label(principal),
        }

    def contest(self, contest: Contest) -> dict[str, Any]:
        return {
            "agreement": contest.agreement,
            "agreementLabel": self.label(contest.agreement),
            "clause": contest.clause,
            "clauseNumber": contest.number,
            "actor": contest.actor,
            "actorLabel": self.label(contest.actor),
            "counterparty": contest.counterparty,
            "counterpartyLabel": self.label(contest.counterparty),
            "answered": contest.answered,
            "statements": list(contest.statements),
        }

    def document(self) -> dict[str, Any]:
        record, metadata = self.record, self.record.document.metadata
        return {
            "id": metadata.id if metadata.id is not None else record.document.key,
            "key": record.document.key,
            "url": metadata.url,
            "title": record.title,
            "outlet": metadata.outlet,
            "published": record.published,
            "publishedInferred": record.published_inferred,
        }

    def attribution(self, attribution: Attribution) -> dict[str, Any]:
        """One entry for each place that ascribes a statement; a further attribution names the statement it repeats."""
        statement = self.by_id[attribution.statement]
        first = self.attributions[statement.id][0] is attribution
        return {
            "id": statement.id if first else f"{statement.id}@{hull(attribution.content)[0]}",
            "statement": statement.id,
            "speaker": self.actor(statement.speaker),
            "act": statement.force,
            "source": _spans(attribution.source),
            "cue": _spans(attribution.cue),
            "content": _spans(attribution.content) or [],
            "speechMode": attribution.speech_mode,
            "narratorStance": attribution.narrator_stance,
            "confidence": attribution.confidence,
            "respondsTo": statement.responds_to,
            "relays": statement.relays,
            "saidDuring": _time(statement.said_during),
            "proposition": self.proposition(self.propositions[statement.proposition]),
        }

    def proposition(self, p: Proposition) -> dict[str, Any]:
        full: dict[str, Any] = {
            "id": p.id,
            "kind": p.kind,
            "gloss": p.gloss,
            "incident": p.incident,
            "incidentKind": p.incident_kind.rpartition("/")[2] if p.incident_kind else None,
            "time": _time(p.time),
            "place": {"iri": p.place, "label": self.label(p.place)} if p.place else None,
            "location": _location(p.location),
            "participants": [{"role": x.role, **self.actor(x.actor)} for x in p.participations],
            "casualties": p.casualties,
            "conduct": p.conduct,
            "against": p.against,
            "interprets": p.interprets,
            "about": [self.actor(a) for a in p.about],
            "obligations": [self._obligation(o) for o in p.obligations],
            "links": [{"target": x.target, "method": x.method, "confidence": x.confidence} for x in p.links],
        }
        return {k: v for k, v in full.items() if v not in (None, [])}

    def _obligation(self, o: Obligation) -> dict[str, Any]:
        return {
            "bearer": o.bearer,
            "requires": [r.removeprefix(VOCAB + "provision-topic/") for r in o.requires],
            "territorialScope": o.scope,
            "scopeText": o.scope_text,
        }

    def incident(self, incident: str, status: str | None) -> dict[str, Any]:
        accounts = [p for p in self.record.propositions if p.kind == "incident" and p.incident == incident]
        ids = {p.id for p in accounts}
        about = [s for s in self.record.statements if s.proposition in ids]
        told = {a.statement for a in self.record.attributions if a.speech_mode != "narration"}

        def speakers(*forces: str) -> list[dict[str, Any]]:
            return [
                self.actor(a) for a in dict.fromkeys(s.speaker for s in about if s.force in forces and s.id in told)
            ]

        kinds = [p.incident_kind.rpartition("/")[2] for p in accounts if p.incident_kind]
        return {
            "id": incident,
            "kind": kinds[0] if kinds else None,
            "status": status,
            "allegedBy": speakers("asserts", "accuses", "condemns", "announces", "warns"),
            "deniedBy": speakers(*REJECTING),
            "confirmedBy": speakers("confirms"),
            "statements": [s.id for s in about],
        }

    def agreement_mentions(self) -> list[dict[str, Any]]:
        """References that take a position or name a part; a mere mention of an agreement is in the record alone."""
        return [
            {
                "span": list(m.span),
                "agreement": m.agreement,
                "agreementLabel": m.label,
                "clauseNumber": m.clause_number,
                "stance": m.stance,
                "stanceConcept": concept("provision-stance", m.stance) if m.stance else None,
                "by": self.actor(m.by) if m.by else None,
                "about": self.actor(m.about) if m.about else None,
                "method": m.method,
                "confidence": m.confidence,
            }
            for m in self.record.agreement_mentions
            if m.stance is not None or m.clause_number is not None
        ]


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _spans(spans: tuple[Span, ...]) -> list[list[int]] | None:
    return [list(s) for s in spans] if spans else None


def _time(time: TimeMention | None) -> dict[str, Any] | None:
    if time is None:
        return None
    return {
        "notBefore": time.not_before.isoformat(),
        "notAfter": time.not_after.isoformat(),
        "granularity": time.granularity,
        "span": list(time.span),
    }


def _location(location: LocationMention | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {
        "anchor": location.anchor.entity,
        "distanceKm": location.distance_km,
        "bearing": location.bearing,
        "approximate": location.approximate,
        "span": list(location.span),
    }
