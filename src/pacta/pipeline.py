"""The whole flow on one page: document → annotations → statements → claims → record → quads.

Each step takes a frozen value and returns one. Nothing here reads files but the knowledge, once, on start.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pyoxigraph import Quad

from pacta import __version__, lexicon, quads, reference, workers
from pacta.agreement_texts.record import AgreementRecord, agreement_record, is_agreement_text
from pacta.agreement_texts.writer import record_quads as agreement_quads
from pacta.annotation import Annotator
from pacta.annotations import syntax
from pacta.annotations.annotated import Annotated
from pacta.annotations.dates import find_times
from pacta.annotations.locations import find_relative_locations
from pacta.annotations.names import Names, find_names
from pacta.annotations.publication import infer_publication
from pacta.annotations.quotations import find_quotations
from pacta.claims import kinds
from pacta.claims.agreements import find_agreements
from pacta.claims.assembly import Assembly
from pacta.claims.narration import issued, narrated
from pacta.errors import ConversionError, PactaError
from pacta.iris import Iris
from pacta.model import Document, LocalEntity, Mention, Metadata, Record, Run, Span
from pacta.quads import Row
from pacta.statements import encoder as encoding
from pacta.statements import scoring
from pacta.statements.coreference import Resolver
from pacta.statements.extraction import extract
from pacta.statements.issuers import find_issuer
from pacta.vocabulary import ID_BASE

BATCH, BATCH_TEXT = 32, 1_000_000  # documents, and characters, parsed together: bounds memory
LONG = 100_000  # characters of a document of which it is told how far its parse has come
Failure = tuple[Document, PactaError]


class Converter:
    """Converts documents into records. Loads knowledge and parser once; the same input gives the same record."""

    def __init__(
        self, model: str | None = None, base: str = ID_BASE, encoder: bool = False, min_confidence: float = 0.0
    ) -> None:
        """`encoder`: read with the learned encoder too; `min_confidence`: leave out what is less sure than this."""
        self.heard: Callable[[int, int], None] | None = None  # paragraphs of a LONG document parsed, and of how many
        self.settings = (model, base, encoder, min_confidence)
        self.model, self.base, self.min_confidence = model, base, min_confidence
        self.iris = Iris(base)
        self.lexicon = lexicon.load()
        self.reference = reference.load(base)
        self.nlp = syntax.load_model(model)
        self.encoder = encoding.available() if encoder else None
        learned = scoring.model_hash() if self.encoder is None else encoding.model_hash()
        learned += kinds.model_hash()
        learned += f"{min_confidence:g}" if min_confidence else ""
        knowledge = hashlib.sha256(f"{self.lexicon.hash}{self.reference.hash}{learned}".encode())
        self.run = Run(__version__, syntax.model_name(self.nlp), knowledge.hexdigest())

    # --- the flow -----------------------------------------------------------------------------------------------------
    def record(self, document: Document) -> Record:
        """Convert one document. Raises ConversionError with the document's name where the reading fails."""
        return self._read(document, next(self._parse([document])))

    def records(self, documents: Iterable[Document], jobs: int | None = 1) -> Iterator[Record | Failure]:
        """Convert documents in order; one that fails comes as (document, error) in its place."""
        count, stream = workers.share(documents, jobs)
        batches = workers.batched(stream, BATCH, lambda document: len(document.text), BATCH_TEXT)
        if count <= 1:
            for batch in batches:
                yield from self._batch(batch)
            return
        yield from workers.in_order(
            _convert_batch,
            batches,
            jobs=count,
            start=_start_worker,
            arguments=self.settings,
            lost=lambda document: (document, killed(document)),
        )

    def _batch(self, batch: Sequence[Document]) -> Iterator[Record | Failure]:
        try:
            parsed = list(self._parse(batch))
        except Exception as error:
            if len(batch) == 1:
                yield batch[0], _failure(batch[0], error)
                return
            for document in batch:
                yield from self._batch([document])
            return
        parsed.reverse()
        for document in batch:
            try:
                yield self._read(document, parsed.pop())  # a parse is let go with its record
            except Exception as error:
                yield document, error if isinstance(error, PactaError) else _failure(document, error)

    def _parse(self, documents: Sequence[Document]) -> Iterator[syntax.Syntax]:
        texts = [document.text for document in documents]
        heard = self.heard
        if heard is None or max(map(len, texts), default=0) < LONG:
            return syntax.parse(texts, self.nlp, self.reference.is_name, self.reference.is_place)
        ends = {n: [b for _, b in syntax.paragraphs_of(text)] for n, text in enumerate(texts) if len(text) >= LONG}

        def tell(number: int, end: int) -> None:
            if number in ends:
                heard(bisect_right(ends[number], end), len(ends[number]))

        return syntax.parse(texts, self.nlp, self.reference.is_name, self.reference.is_place, tell)

    def _read(self, document: Document, parse: syntax.Syntax) -> Record:
        if is_agreement_text(document):
            return agreement_record(
                document, parse, lexicon=self.lexicon, reference=self.reference, iris=self.iris, run=self.run
            )
        page, published, inferred = self._annotate(document, parse)
        resolver = Resolver(page)
        outlet = resolver.outlet = self._outlet(document, resolver)
        issuer = find_issuer(page, resolver)
        resolver.writer = issuer.actor if issuer is not None else None
        refs = find_agreements(page, resolver)
        said = extract(page, resolver, frozenset(o for r in refs for o in range(*r.span)), self._encoded(parse))
        said = [s for s in said if s.confidence >= self.min_confidence]
        assembly = Assembly(page, resolver, refs)
        own = issued(page, said, issuer) if issuer is not None else []
        told = own or narrated(page, said, refs, outlet)
        for ascription in sorted([*said, *told], key=lambda s: (s.sentence, s.content)):
            assembly.add(ascription)
        assembly.finish()
        return Record(
            document,
            self.run,
            published,
            inferred,
            document.metadata.title or _headline(page),
            outlet,
            mentions=_mentions(page, resolver),
            attributions=tuple(assembly.attributions),
            statements=tuple(assembly.statements),
            propositions=tuple(assembly.propositions.values()),
            incidents=assembly.incident_values,
            communiques=tuple(assembly.communiques),
            agreement_mentions=tuple(assembly.mentions),
            entities=_used(resolver, assembly, outlet),
        )

    def _encoded(self, parse: syntax.Syntax) -> encoding.Reading | None:
        """Return what the encoder reads in the paragraphs, None where none is asked for."""
        if self.encoder is None:
            return None
        return self.encoder.read(parse.text, dict.fromkeys(p.span for p in parse.paragraphs))

    def _annotate(self, document: Document, parse: syntax.Syntax) -> tuple[Annotated, str | None, bool]:
        text = document.text
        names = find_names(text, self.reference)
        given = document.metadata.published
        day = self._day(given, text)
        zone = self._zone(names)
        times = () if day is None else find_times(text, reference=day, zone=zone, sentences=parse.sentence_spans())
        places = (*_known_places(names), *self._unknown_places(document, parse, names))
        page = Annotated(
            document,
            parse,
            find_quotations(text),
            names,
            times,
            find_relative_locations(text, places),
            self.lexicon,
            self.reference,
            day,
        )
        whole = given is not None and len(given) >= 10
        return page, given if whole else (day.isoformat() if day else None), not whole and day is not None

    def _day(self, given: str | None, text: str) -> date | None:
        """Return the day of publication: as given, else inferred; of a month alone, a day the text bears out."""
        if given is not None and len(given) >= 10:
            return date.fromisoformat(given[:10])
        inferred = infer_publication(text)
        if given is None or (inferred is not None and inferred.isoformat().startswith(given)):
            return inferred
        return date.fromisoformat(f"{given}-01")

    def _unknown_places(self, document: Document, parse: syntax.Syntax, names: Names) -> Iterator[Mention]:
        """Yield capitalised words after "of" or "from" that no name covers: anchors of a distance, if any."""
        for sentence in parse.sentences():
            for token in sentence:
                if token.dep_ == "pobj" and token.pos_ == "PROPN" and token.head.lower_ in ("of", "from"):
                    words = [t for t in token.subtree if t.pos_ == "PROPN" and t.i <= token.i]
                    span = syntax.span_of(document.text, words)
                    if not any(names.covering(syntax.start(t)) for t in words):
                        label = " ".join(document.text[slice(*span)].split())
                        yield Mention(span, self.iris.local_place(document.key, label), "Place", "name", label)

    def _zone(self, names: Names) -> ZoneInfo:
        """Return the time zone most places and states of the text lie in; UTC where they tell none."""
        zones: Counter[str] = Counter()
        for hit in names.hits:
            for candidate in hit.candidates:
                entity = self.reference.entities.get(candidate)
                if entity is not None and entity.time_zone:
                    zones[entity.time_zone] += 2 if entity.type == "Place" else 1
                    break
        best = sorted(zones.items(), key=lambda z: (-z[1], z[0]))
        return ZoneInfo(best[0][0] if best else "UTC")

    def _outlet(self, document: Document, resolver: Resolver) -> str:
        """Return the outlet's IRI: of the stock by name, else local; unnamed where the metadata says none."""
        name = document.metadata.outlet
        if name:
            for hit in find_names(name, self.reference).hits:
                for candidate in hit.candidates:
                    entity = self.reference.entities.get(candidate)
                    if entity is not None and entity.is_actor and hit.span == (0, len(name)):
                        return candidate
            for entity in self.reference.entities.values():
                if entity.type == "MediaOutlet" and entity.label.casefold() == name.casefold():
                    return entity.iri
        label = name or "unnamed outlet"
        iri = self.iris.local_actor(document.key, label)
        resolver.local.setdefault(iri, LocalEntity(iri, "MediaOutlet", label))
        return iri

    # --- results ------------------------------------------------------------------------------------------------------
    def quads(self, record: Record) -> list[Quad]:
        """Return the quads of a record: its own graph and its text graph."""
        try:
            if isinstance(record, AgreementRecord):
                return agreement_quads(record, self.iris)
            return quads.record_quads(record, self.iris)
        except ValueError as error:
            raise _failure(record.document, error) from error

    def stream(self, record: Record) -> Iterator[Quad]:
        """Return the same as `quads`, one after the other: of a long document less is in memory."""
        return (Quad(*terms) for terms, _ in self.rows(record))

    def rows(self, record: Record) -> Iterator[tuple[Row, str]]:
        """Return the same, each quad as its four terms and its N-Quads text, for who only reads them."""
        if isinstance(record, AgreementRecord):
            of_quads: Iterator[Any] = ((tuple(quad), str(quad)) for quad in self.quads(record))
            return of_quads
        try:
            return quads.record_sheet(record, self.iris).rows()
        except ValueError as error:
            raise _failure(record.document, error) from error

    def reference_quads(self) -> dict[str, list[Quad]]:
        """Return graph IRI -> quads of reference data, agreements and the provenance of this converter's run."""
        graphs = {graph: list(g) for graph, g in self.reference.graphs.items()}
        graphs[self.iris.provenance_graph()] = quads.run_quads(self.run, self.iris)
        return graphs

    @cached_property
    def annotator(self) -> Annotator:
        return Annotator(self.reference, self.iris)

    def annotation(self, record: Record) -> dict[str, Any]:
        """Return the object of the annotate contract for one record."""
        return self.annotator.annotation(record)


def default_converter(
    model: str | None = None, base: str = ID_BASE, encoder: bool = False, min_confidence: float = 0.0
) -> Converter:
    """Return a converter made once per process."""
    return _converter(model, base, encoder, min_confidence)


@lru_cache(maxsize=8)
def _converter(model: str | None, base: str, encoder: bool, min_confidence: float) -> Converter:
    return Converter(model, base, encoder, min_confidence)


def annotate_text(text: str, **metadata: str) -> dict[str, Any]:
    """Convert a text and return its annotation object; `metadata` as the fields of `Metadata`.

    >>> [s["act"] for s in annotate_text("The Ruritanian army denied that it had left.")["statements"]]
    ['denies']
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(digest[:12], digest, len(text.encode()), text, Metadata(**metadata), "text", digest)
    converter = default_converter()
    return converter.annotation(converter.record(document))


def _start_worker(*settings: Any) -> None:
    default_converter(*settings)
    _WORKER[:] = [settings]


_WORKER: list[tuple[Any, ...]] = []


def _convert_batch(batch: list[Document]) -> list[Record | Failure]:
    return list(default_converter(*_WORKER[-1])._batch(batch))


def killed(document: Document) -> ConversionError:
    """Return the error for a document on which a process died twice."""
    return ConversionError(
        "the process that read it was killed twice, perhaps for want of memory",
        document.source_name,
        "split the document, or give the machine more memory; the other documents are not affected",
    )


def _failure(document: Document, error: Exception) -> ConversionError:
    return ConversionError(
        f"the text could not be read: {type(error).__name__}: {error}",
        document.source_name,
        "report it with the text; the other documents are not affected",
    )


def _headline(page: Annotated) -> str | None:
    first = next(iter(page.syntax.paragraphs), None)
    return page.text[slice(*first.span)] if first is not None and first.headline else None


def _mentions(page: Annotated, resolver: Resolver) -> tuple[Mention, ...]:
    """Return mentions of places and of the actors that phrases were resolved to, each span and entity once."""
    found: dict[tuple[Span, str], Mention] = dict(resolver.mentions)
    resolved = {span for span, _ in found}
    for hit in page.names.hits:
        actor, place = page.names.actor(hit), page.names.place(hit)
        entity = place or actor
        if entity is not None and hit.span not in resolved:
            found[hit.span, entity.iri] = Mention(hit.span, entity.iri, entity.type)
    return tuple(sorted(found.values(), key=lambda m: (m.span, m.entity)))


def _known_places(names: Names) -> Iterator[Mention]:
    for hit in names.hits:
        place = names.place(hit)
        if place is not None:
            yield Mention(hit.span, place.iri, "Place", "name", place.label)


def _used(resolver: Resolver, assembly: Assembly, outlet: str) -> tuple[LocalEntity, ...]:
    """Return the local entities that the record refers to, with those they depend on."""
    wanted = {outlet, *(s.speaker for s in assembly.statements), *(c.speaker for c in assembly.communiques)}
    wanted |= {m.entity for m in resolver.mentions.values()} | {m.agreement for m in assembly.mentions}
    wanted |= {m.clause for m in assembly.mentions if m.clause is not None}
    for p in assembly.propositions.values():
        wanted |= {x.actor for x in p.participations} | {*p.about} | {p.against or "", p.interprets or ""}
        wanted |= {o.bearer or "" for o in p.obligations} | {link.target for link in p.links}
    for iri in list(wanted):
        local = resolver.local.get(iri)
        if local is not None:
            wanted |= {local.organ_of or "", local.part_of or "", *local.parties}
    anchors = {
        p.location.anchor.entity: p.location.anchor
        for p in assembly.propositions.values()
        if p.location is not None and p.location.anchor.entity not in resolver.page.reference.entities
    }
    places = [LocalEntity(iri, "Place", m.label, span=m.span) for iri, m in sorted(anchors.items())]
    return (*(e for iri, e in sorted(resolver.local.items()) if iri in wanted), *places)
