"""Ways to break a record, each with the shape that must catch it: `MUTATIONS`, and `Draft`, what they work on."""

from collections.abc import Callable

import pyoxigraph as ox
from rdflib.namespace import RDF

PACTA = "https://w3id.org/pacta/ontology#"
VOCAB = "https://w3id.org/pacta/vocab/"
TYPE = ox.NamedNode(str(RDF.type))
EX = "https://example.org/"


def iri(name: str) -> ox.NamedNode:
    """A pacta: term from its local name, or any IRI."""
    return ox.NamedNode(name if "://" in name else PACTA + name)


def text(value: str, language: str | None = "en") -> ox.Literal:
    return ox.Literal(value, language=language) if language else ox.Literal(value)


def moment(value: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime"))


class Draft:
    """The triples of a record, to be broken."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.triples = {quad.triple for quad in quads}

    def quads(self) -> list[ox.Quad]:
        return [ox.Quad(t.subject, t.predicate, t.object) for t in self.triples]

    def all(self, predicate: str, *, of: object = None, to: object = None) -> list[ox.Triple]:
        p = TYPE if predicate == "a" else iri(predicate)
        found = (t for t in self.triples if t.predicate == p and of in (None, t.subject) and to in (None, t.object))
        return sorted(found, key=str)

    def one(self, predicate: str, *, of: object = None, to: object = None) -> ox.Triple:
        found = self.all(predicate, of=of, to=to)
        assert found, f"the record has no {predicate}"
        return found[0]

    def first(self, kind: str) -> ox.NamedNode:
        return self.one("a", to=iri(kind)).subject

    def put(self, subject: object, predicate: str, obj: object) -> None:
        self.triples.add(ox.Triple(subject, TYPE if predicate == "a" else iri(predicate), obj))

    def drop(self, *triples: ox.Triple) -> None:
        assert triples, "nothing to drop"
        self.triples -= set(triples)

    def change(self, triple: ox.Triple, obj: object) -> None:
        self.drop(triple)
        self.triples.add(ox.Triple(triple.subject, triple.predicate, obj))

    def without(self, kind: str, predicate: str) -> None:
        """Drop all values of a property of the first node of a class that has it."""
        nodes = {t.subject for t in self.all("a", to=iri(kind))}
        node = next(t.subject for t in self.all(predicate) if t.subject in nodes)
        self.drop(*self.all(predicate, of=node))

    def with_value(self, kind: str, predicate: str, obj: object) -> None:
        """Change the value of a property of the first node of a class that has it."""
        nodes = {t.subject for t in self.all("a", to=iri(kind))}
        self.change(next(t for t in self.all(predicate) if t.subject in nodes), obj)

    def stance(self, statement: object = None) -> ox.Triple:
        forces = ("asserts", "confirms", "accuses", "pledges", "denies", "dismisses")
        return next(t for force in forces for t in self.all(force, of=statement))

    def quoted_span(self) -> ox.NamedNode:
        """A span of more than a letter."""
        return next(t.subject for t in self.all("quote") if len(t.object.value) > 3)


MUTATIONS: dict[str, tuple[str, Callable[[Draft], object]]] = {}


def breaks(shape: str) -> Callable[[Callable[[Draft], object]], Callable[[Draft], object]]:
    """Register a mutation with the shape that must catch it; its name says what is done."""

    def register(mutation: Callable[[Draft], object]) -> Callable[[Draft], object]:
        MUTATIONS[mutation.__name__] = shape, mutation
        return mutation

    return register


@breaks("Record-quoteVerbatim")
def one_letter_of_a_quote_is_changed(d: Draft) -> None:
    quote = d.one("quote", of=d.quoted_span())
    d.change(quote, text("#" + quote.object.value[1:]))


@breaks("Record-quoteVerbatim")
def offsets_count_from_one(d: Draft) -> None:
    span = d.quoted_span()
    for end in ("charStart", "charEnd"):
        offset = d.one(end, of=span)
        d.change(offset, ox.Literal(int(offset.object.value) + 1))


@breaks("Record-spanIri")
def a_span_keeps_its_name_when_its_end_moves(d: Draft) -> None:
    end = d.one("charEnd", of=d.quoted_span())
    d.change(end, ox.Literal(int(end.object.value) - 1))


@breaks("Record-quoteLength")
def a_quote_is_cut_short(d: Draft) -> None:
    quote = d.one("quote", of=d.quoted_span())
    d.change(quote, text(quote.object.value[:-1]))


@breaks("TextSpan-charStart")
def a_span_ends_before_it_starts(d: Draft) -> None:
    span = d.quoted_span()
    start, end = d.one("charStart", of=span), d.one("charEnd", of=span)
    d.change(start, end.object)
    d.change(end, start.object)


@breaks("Record-spanInText")
def a_span_ends_beyond_the_text(d: Draft) -> None:
    d.with_value("TextSpan", "charEnd", ox.Literal(10**6))


@breaks("Record-textLength")
def the_text_is_longer_than_the_capture_says(d: Draft) -> None:
    full = d.one("fullText")
    d.change(full, ox.Literal(full.object.value + " "))


@breaks("Capture-sha256")
def a_hash_is_cut_short(d: Draft) -> None:
    d.with_value("Capture", "sha256", ox.Literal("abc123"))


@breaks("Capture-charLength")
def a_text_has_more_characters_than_bytes(d: Draft) -> None:
    d.with_value("Capture", "charLength", ox.Literal(10**6))


@breaks("Document-published")
def a_document_was_published_some_time(d: Draft) -> None:
    d.with_value("Document", "published", ox.Literal("last Friday"))


@breaks("Record-capture")
def a_record_comes_from_nothing(d: Draft) -> None:
    d.without("Record", "http://www.w3.org/ns/prov#wasDerivedFrom")


@breaks("Record-run")
def a_record_was_made_by_no_run(d: Draft) -> None:
    d.without("Record", "http://www.w3.org/ns/prov#wasGeneratedBy")


@breaks("Statement-speaker")
def a_statement_has_no_speaker(d: Draft) -> None:
    d.without("Statement", "speaker")


@breaks("Statement-speaker")
def a_document_speaks(d: Draft) -> None:
    d.with_value("Statement", "speaker", d.first("Document"))


@breaks("Statement-speaker")
def two_speak_as_one(d: Draft) -> None:
    first, *rest = d.all("speaker")
    d.put(first.subject, "speaker", next(t.object for t in rest if t.object != first.object))


@breaks("Statement-stance")
def a_statement_takes_no_stance(d: Draft) -> None:
    d.drop(d.stance())


@breaks("Statement-stance")
def a_statement_says_two_things(d: Draft) -> None:
    stance = d.stance()
    other = next(t.subject for t in d.all("gloss") if t.subject != stance.object)
    d.put(stance.subject, stance.predicate.value, other)


@breaks("Record-oneForce")
def a_statement_asserts_and_denies(d: Draft) -> None:
    denial = d.one("denies")
    d.put(denial.subject, "asserts", denial.object)


@breaks("Statement-attribution")
def a_statement_is_reported_nowhere(d: Draft) -> None:
    statement = d.first("Statement")
    d.drop(*d.all("attributes", to=statement))


@breaks("Statement-respondsTo")
def a_denial_answers_a_proposition(d: Draft) -> None:
    d.with_value("Statement", "respondsTo", d.stance().object)


@breaks("Quality-answer")
def a_denial_answers_nobody(d: Draft) -> None:
    d.drop(*d.all("respondsTo", of=d.one("denies").subject))


@breaks("Record-replyCycle")
def a_statement_answers_its_own_answer(d: Draft) -> None:
    answer = d.one("respondsTo")
    d.put(answer.object, "respondsTo", answer.subject)


@breaks("Record-relayContent")
def a_relay_is_about_something_else(d: Draft) -> None:
    stance = d.stance(d.one("relays").subject)
    d.change(stance, next(t.subject for t in d.all("gloss") if t.subject != stance.object))


@breaks("Record-relaySpeaker")
def a_speaker_relays_itself(d: Draft) -> None:
    relay = d.one("relays")
    d.change(d.one("speaker", of=relay.subject), d.one("speaker", of=relay.object).object)


@breaks("Attribution-contentSpan")
def an_attribution_has_no_content(d: Draft) -> None:
    d.without("Attribution", "contentSpan")


@breaks("Attribution-speechMode")
def speech_is_of_an_unknown_mode(d: Draft) -> None:
    d.with_value("Attribution", "speechMode", iri(VOCAB + "speech-mode/semi-direct"))


@breaks("Attribution-narratorStance")
def a_stance_is_taken_from_another_scheme(d: Draft) -> None:
    d.with_value("Attribution", "narratorStance", iri(VOCAB + "speech-mode/direct"))


@breaks("Attribution-confidence")
def an_attribution_is_surer_than_sure(d: Draft) -> None:
    d.with_value(
        "Attribution", "confidence", ox.Literal("1.2", datatype=iri("http://www.w3.org/2001/XMLSchema#decimal"))
    )


@breaks("Attribution-inRecord")
def an_attribution_is_in_no_record(d: Draft) -> None:
    d.without("Attribution", "inRecord")


@breaks("Record-evidence")
def evidence_is_taken_from_another_document(d: Draft) -> None:
    d.put(iri(EX + "capture"), "captureOf", iri(EX + "document"))
    d.change(d.one("ofCapture", of=d.one("contentSpan").object), iri(EX + "capture"))


@breaks("Record-document")
def an_attribution_stands_in_another_document(d: Draft) -> None:
    d.with_value("Attribution", "inDocument", iri(EX + "document"))


@breaks("Record-contentQuote")
def a_content_quote_is_paraphrased(d: Draft) -> None:
    d.with_value("Attribution", "contentQuote", text("something to that effect"))


@breaks("Record-quotedMention")
def a_mention_outside_the_content_passes_for_quoted(d: Draft) -> None:
    attribution = d.one("contentSpan").subject
    d.put(attribution, "quotedMention", d.one("denotes").subject)


@breaks("Mention-denoted")
def a_mention_denotes_nobody_known(d: Draft) -> None:
    d.with_value("Mention", "denotes", iri(EX + "nobody"))


@breaks("Mention-mentionKind")
def a_mention_is_of_no_kind(d: Draft) -> None:
    d.without("Mention", "mentionKind")


@breaks("Incident")
def an_incident_has_a_place_as_a_fact(d: Draft) -> None:
    d.put(d.first("Incident"), "occurredAt", d.one("occurredAt").object)


@breaks("Incident-account")
def an_incident_has_no_account(d: Draft) -> None:
    incident = d.first("Incident")
    d.drop(*d.all("accountOf", to=incident))


@breaks("IncidentAccount-accountOf")
def an_account_is_of_no_incident(d: Draft) -> None:
    d.without("IncidentAccount", "accountOf")


@breaks("IncidentAccount-incidentKind")
def an_incident_is_of_no_kind(d: Draft) -> None:
    d.without("IncidentAccount", "incidentKind")


@breaks("IncidentAccount-occurredDuring")
def an_incident_happens_on_a_literal(d: Draft) -> None:
    d.with_value("IncidentAccount", "occurredDuring", moment("2021-08-11T00:00:00+04:00"))


@breaks("Participation-participant")
def a_stranger_takes_part(d: Draft) -> None:
    d.with_value("Participation", "participant", iri(EX + "stranger"))


@breaks("Participation-role")
def a_participant_plays_no_role(d: Draft) -> None:
    d.without("Participation", "role")


@breaks("Proposition-gloss")
def a_proposition_is_not_told(d: Draft) -> None:
    d.drop(*d.all("gloss", of=d.stance().object))


@breaks("Record-saidContent")
def a_proposition_is_said_by_nobody(d: Draft) -> None:
    d.put(iri(EX + "unsaid"), "a", iri("StateOfAffairs"))
    d.put(iri(EX + "unsaid"), "gloss", text("the bridge is open"))
    d.put(iri(EX + "unsaid"), "inRecord", d.first("Record"))


@breaks("Record-ownContent")
def a_proposition_lies_in_another_record(d: Draft) -> None:
    d.change(d.one("inRecord", of=d.stance().object), iri(EX + "record"))


@breaks("Evaluation-conduct")
def an_evaluation_judges_in_no_way(d: Draft) -> None:
    d.without("Evaluation", "conduct")


@breaks("Interpretation-interprets")
def a_reading_reads_nothing(d: Draft) -> None:
    d.without("Interpretation", "interprets")


@breaks("Obligation-underReading")
def an_obligation_stands_as_a_fact(d: Draft) -> None:
    d.without("Obligation", "underReading")


@breaks("Obligation-bearer")
def an_obligation_binds_nobody(d: Draft) -> None:
    d.without("Obligation", "bearer")


@breaks("Obligation-requires")
def an_obligation_requires_nothing(d: Draft) -> None:
    d.without("Obligation", "requires")


@breaks("Link-linkMethod")
def a_link_has_no_method(d: Draft) -> None:
    d.without("Link", "linkMethod")


@breaks("Link-confidence")
def a_link_is_sure_beyond_measure(d: Draft) -> None:
    d.with_value("Link", "confidence", ox.Literal("7", datatype=iri("http://www.w3.org/2001/XMLSchema#decimal")))


@breaks("Link-linkAuthor")
def a_link_has_no_author(d: Draft) -> None:
    d.without("Link", "linkAuthor")


@breaks("Link-linksTo")
def a_link_ends_at_an_actor(d: Draft) -> None:
    d.with_value("Link", "linksTo", d.one("speaker").object)


@breaks("Record-linkedReading")
def a_link_ends_in_an_agreement_that_is_not_read(d: Draft) -> None:
    other = iri(EX + "agreement")
    d.put(other, "a", iri("Agreement"))
    for reading in d.all("interprets"):
        d.change(reading, other)


@breaks("TimeExtent-notBefore")
def a_time_has_no_offset(d: Draft) -> None:
    d.with_value("TimeExtent", "notBefore", moment("2001-08-11T00:00:00"))


@breaks("TimeExtent-notBefore")
def a_time_ends_before_it_begins(d: Draft) -> None:
    d.with_value("TimeExtent", "notBefore", moment("2099-01-01T00:00:00+04:00"))


@breaks("TimeExtent-granularity")
def a_time_has_no_granularity(d: Draft) -> None:
    d.without("TimeExtent", "granularity")


@breaks("RelativeLocation-anchorPlace")
def a_distance_is_reckoned_from_nowhere(d: Draft) -> None:
    d.without("RelativeLocation", "anchorPlace")


@breaks("RelativeLocation-reckoning")
def a_relative_location_is_not_relative(d: Draft) -> None:
    d.without("RelativeLocation", "distanceKm")
    d.without("RelativeLocation", "bearing")


@breaks("RelativeLocation-approximate")
def a_location_is_neither_exact_nor_approximate(d: Draft) -> None:
    d.without("RelativeLocation", "approximate")


@breaks("Graph-properties")
def a_property_is_misspelt(d: Draft) -> None:
    speaker = d.one("speaker")
    d.put(speaker.subject, "speeker", speaker.object)


@breaks("Statement")
def a_property_stands_on_the_wrong_class(d: Draft) -> None:
    d.put(d.first("Statement"), "occurredAt", d.one("occurredAt").object)


@breaks("Graph-classes")
def a_class_is_misspelt(d: Draft) -> None:
    d.put(iri(EX + "statment"), "a", iri("Statment"))


@breaks("Graph-node")
def a_node_is_blank(d: Draft) -> None:
    d.put(ox.BlankNode("b0"), "a", iri("Undertaking"))


@breaks("Graph-blankNodes")
def a_value_is_blank(d: Draft) -> None:
    d.put(d.first("StateOfAffairs"), "about", ox.BlankNode("b0"))


@breaks("Graph-organCycle")
def two_actors_are_organs_of_each_other(d: Draft) -> None:
    d.put(iri(EX + "office"), "organOf", iri(EX + "bureau"))
    d.put(iri(EX + "bureau"), "organOf", iri(EX + "office"))


@breaks("Raw-status")
def a_record_knows_what_is_true(d: Draft) -> None:
    d.put(d.first("Incident"), "status", iri(VOCAB + "incident-status/contested"))


@breaks("Raw-dispute")
def a_record_knows_who_disputes(d: Draft) -> None:
    d.put(iri(EX + "dispute"), "a", iri("Dispute"))
