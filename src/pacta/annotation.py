"""The `annotate` contract: what one record says, as one JSON object with offsets into its text."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from pacta import quads, rules
from pacta.iris import Iris
from pacta.model import Attribution, LocationMention, Obligation, Proposition, Record, Span, TimeMention, hull
from pacta.reference import Reference
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import PACTA, VOCAB

_DISPUTES = f"""PREFIX pacta: <{PACTA}>
SELECT DISTINCT ?provision ?one ?other ?statement WHERE {{
  ?dispute a pacta:Dispute ; pacta:disputeOver ?provision ; pacta:side ?a , ?b .
  ?a pacta:holder ?one . ?b pacta:holder ?other .
  {{ ?a pacta:viaStatement ?statement }} UNION {{ ?b pacta:viaStatement ?statement }}
  FILTER(?a != ?b)
}} ORDER BY ?provision ?one ?other ?statement"""
_STATUS = f"SELECT ?incident ?status WHERE {{ ?incident <{PACTA}status> ?status }} ORDER BY ?incident"


class Annotator:
    """Turns records into annotation objects. Keeps the reference data in a store in memory for the rules."""

    def __init__(self, reference: Reference, iris: Iris) -> None:
        self.reference, self.iris = reference, iris
        self._store: EmbeddedStore = open_store()
        for graph, graph_quads in reference.graphs.items():
            self._store.replace_graph(graph, graph_quads)

    def annotation(self, record: Record) -> dict[str, Any]:
        """Return the object of `pacta annotate -f json` (its shape is a public contract, see the README)."""
        status, disputes = self._derived(record)
        view = _View(record, self.reference)
        statements = [view.attribution(a) for a in record.attributions]
        statements.sort(key=lambda s: (s["content"][0], s["id"]))
        return {
            "document": view.document(),
            "text": record.document.text,
            "statements": statements,
            "incidents": [
                view.incident(i.id, status.get(self.iris.incident(record.document.key, i.id))) for i in record.incidents
            ],
            "agreementMentions": view.agreement_mentions(),
            "disputes": [self._dispute(view, *row) for row in disputes],
        }

    def _derived(self, record: Record) -> tuple[dict[str, str], list[tuple[str, str, str, tuple[str, ...]]]]:
        """Run the rules over this record alone and the reference data."""
        own: list[Quad] = quads.record_quads(record, self.iris)
        graphs = sorted({q.graph_name.value for q in own if isinstance(q.graph_name, NamedNode)})
        self._store.replace_graphs(own)
        try:
            rules.derive(self._store, base=self.iris.base)
            status = {_value(i): _value(s).rpartition("/")[2] for i, s in self._store.query(_STATUS).rows}
            sides: dict[tuple[str, str, str], list[str]] = {}
            for provision, one, other, statement in self._store.query(_DISPUTES).rows:
                key = (_value(provision), _value(one), _value(other))
                sides.setdefault(key, []).append(_value(statement).rpartition("/")[2].partition("-")[2])
            disputes = [(*key, tuple(dict.fromkeys(ids))) for key, ids in sorted(sides.items())]
        finally:
            self._store.replace_graphs((), names=graphs)
        return status, disputes

    def _dispute(self, view: _View, provision: str, one: str, other: str, ids: tuple[str, ...]) -> dict[str, Any]:
        agreement, number = provision, None
        for facts in self.reference.agreements.values():
            for clause in facts.clauses:
                if clause.iri == provision:
                    agreement, number = facts.iri, clause.number
        local = view.local.get(provision)
        if local is not None and local.part_of is not None:
            agreement, number = local.part_of, local.number
        return {
            "agreement": agreement,
            "agreementLabel": view.label(agreement),
            "clause": provision if number is not None else None,
            "clauseNumber": number,
            "actor": one,
            "actorLabel": view.label(one),
            "counterparty": other,
            "counterpartyLabel": view.label(other),
            "statements": list(ids),
        }


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
            "deniedBy": speakers("denies", "dismisses"),
            "confirmedBy": speakers("confirms"),
            "statements": [s.id for s in about],
        }

    def agreement_mentions(self) -> list[dict[str, Any]]:
        return [
            {
                "span": list(m.span),
                "agreement": m.agreement,
                "agreementLabel": m.label,
                "clauseNumber": m.clause_number,
                "stance": m.stance,
                "by": self.actor(m.by) if m.by else None,
                "method": m.method,
                "confidence": m.confidence,
            }
            for m in self.record.agreement_mentions
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
