"""The reference data: actors, places and agreements parse, hang together, and use only terms that exist.

Each rule is a function from a graph to a list of faults; it must find nothing in the seeds and something in a small
broken graph, so that no rule can pass by looking at nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("actors", "places", "agreements")
BASE = "https://w3id.org/pacta/id/"
VOCAB = "https://w3id.org/pacta/vocab/"
ACTOR = Namespace(BASE + "actor/")
PLACE = Namespace(BASE + "place/")
PACTA = Namespace("https://w3id.org/pacta/ontology#")
AGREEMENT = URIRef(BASE + "agreement/arm-aze-rus-2020-11")
ACTOR_CLASSES = tuple(
    PACTA[name]
    for name in (
        "Actor",
        "ArmedFormation",
        "DeFactoEntity",
        "InternationalOrganization",
        "MediaOutlet",
        "Organ",
        "Person",
        "State",
    )
)
Faults = list[str]


def files() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / "seeds" / folder).glob("*.ttl"))]


@cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


@pytest.fixture(scope="module")
def seeds() -> Graph:
    graph = Graph()
    for path in files():
        for triple in parsed(path):
            graph.add(triple)
    return graph


@cache
def concepts() -> frozenset[str]:
    """Return every concept of the vocabularies, as IRI strings."""
    found: set[str] = set()
    paths = sorted((ROOT / "ontology" / "vocabularies").glob("*.ttl"))
    assert paths, "no vocabularies"
    for path in paths:
        found.update(str(concept) for concept in parsed(path).subjects(RDF.type, SKOS.Concept))
    return frozenset(found)


def short(term: object) -> str:
    return str(term).removeprefix(BASE)


def of_class(graph: Graph, *classes: URIRef) -> Iterator[URIRef]:
    for cls in classes:
        for subject in graph.subjects(RDF.type, cls):
            if isinstance(subject, URIRef):
                yield subject


# --- the rules --------------------------------------------------------------------------------------------------------
def unlabelled(graph: Graph) -> Faults:
    """Actors, places and agreements without exactly one English label."""
    return [
        short(thing)
        for thing in of_class(graph, *ACTOR_CLASSES, PACTA.Place, PACTA.Agreement)
        if len([label for label in graph.objects(thing, RDFS.label) if getattr(label, "language", "") == "en"]) != 1
    ]


def bad_names(graph: Graph) -> Faults:
    """Names without one form with a language, one kind, one bearer; and bearers' names that are described nowhere."""
    faults = [short(name) for name in graph.objects(None, PACTA.name) if (name, RDF.type, PACTA.Name) not in graph]
    for name in of_class(graph, PACTA.Name):
        forms = list(graph.objects(name, PACTA.nameForm))
        kinds = list(graph.objects(name, PACTA.nameKind))
        bearers = set(graph.subjects(PACTA.name, name))
        one_form = len(forms) == 1 and isinstance(forms[0], Literal) and forms[0].language and str(forms[0]).strip()
        tidy = one_form and str(forms[0]) == " ".join(str(forms[0]).split())
        if not tidy or len(kinds) != 1 or len(bearers) != 1:
            faults.append(short(name))
    return faults


def shared_aliases(graph: Graph) -> Faults:
    """Forms that two actors bear in one language, whatever their case."""
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for actor in of_class(graph, *ACTOR_CLASSES):
        for name in graph.objects(actor, PACTA.name):
            for form in graph.objects(name, PACTA.nameForm):
                bearers[str(form).casefold(), str(getattr(form, "language", ""))].add(short(actor))
    return [f"{form}@{language}: {sorted(who)}" for (form, language), who in sorted(bearers.items()) if len(who) > 1]


def bad_parents(graph: Graph) -> Faults:
    """organOf that leads to no known actor, to itself in a circle, or to two principals."""
    actors = set(of_class(graph, *ACTOR_CLASSES))
    faults: Faults = []
    for actor in set(graph.subjects(PACTA.organOf, None)):
        seen, at = {actor}, actor
        while parents := list(graph.objects(at, PACTA.organOf)):
            if len(parents) > 1 or parents[0] not in actors or parents[0] in seen:
                faults.append(f"{short(actor)} -> {[short(p) for p in parents]}")
                break
            at = parents[0]
            seen.add(at)
    return faults


def organs_without_function_or_parent(graph: Graph) -> Faults:
    """Organs of states without a function; organs and persons without organOf."""
    faults = [short(x) for x in of_class(graph, PACTA.Organ, PACTA.Person) if (x, PACTA.organOf, None) not in graph]
    for organ in of_class(graph, PACTA.Organ):
        state = any((parent, RDF.type, PACTA.State) in graph for parent in graph.objects(organ, PACTA.organOf))
        if state and (organ, PACTA.organFunction, None) not in graph:
            faults.append(short(organ))
    return faults


def unknown_concepts(graph: Graph) -> Faults:
    """Concepts used that no vocabulary holds."""
    return sorted({str(o) for o in graph.objects() if str(o).startswith(VOCAB)} - concepts())


def dangling(graph: Graph) -> Faults:
    """Things of our own that are pointed at and described nowhere."""
    described = set(graph.subjects())
    return sorted(
        {short(o) for o in graph.objects() if isinstance(o, URIRef) and o.startswith(BASE) and o not in described}
    )


def bad_coordinates(graph: Graph) -> Faults:
    """Coordinates out of range, or one without the other."""
    faults: Faults = []
    for place in set(graph.subjects(PACTA.latitude, None)) | set(graph.subjects(PACTA.longitude, None)):
        latitudes = list(graph.objects(place, PACTA.latitude))
        longitudes = list(graph.objects(place, PACTA.longitude))
        single = len(latitudes) == len(longitudes) == 1
        if not single or abs(float(str(latitudes[0]))) > 90 or abs(float(str(longitudes[0]))) > 180:
            faults.append(short(place))
    return faults


def bad_zones(graph: Graph) -> Faults:
    """Time zones that the IANA database does not know."""
    known = available_timezones()
    return [f"{short(s)} {zone}" for s, zone in graph.subject_objects(PACTA.timeZone) if str(zone) not in known]


def bad_extents(graph: Graph) -> Faults:
    """Time extents without a bound, without granularity, without UTC offset, or that do not end after they begin."""
    faults: Faults = []
    for extent in of_class(graph, PACTA.TimeExtent):
        bounds = [*graph.objects(extent, PACTA.notBefore), *graph.objects(extent, PACTA.notAfter)]
        begin, end = graph.value(extent, PACTA.notBefore), graph.value(extent, PACTA.notAfter)
        backwards = isinstance(begin, Literal) and isinstance(end, Literal) and begin.toPython() >= end.toPython()
        no_offset = any(not re.search(r"[+-]\d\d:\d\d$", str(bound)) for bound in bounds)
        if not bounds or no_offset or backwards or (extent, PACTA.granularity, None) not in graph:
            faults.append(short(extent))
    return faults


RULES: tuple[tuple[Callable[[Graph], Faults], str], ...] = (
    (unlabelled, 'actor:x a pacta:State ; rdfs:label "Ixland"@fr .'),
    (bad_names, 'actor:x a pacta:State ; pacta:name actor:n . actor:n a pacta:Name ; pacta:nameForm "Ixland" .'),
    (bad_names, "actor:x a pacta:State ; pacta:name actor:n ."),
    (
        shared_aliases,
        'actor:x a pacta:State ; pacta:name actor:m . actor:m pacta:nameForm "Ixian"@en .'
        'actor:y a pacta:State ; pacta:name actor:n . actor:n pacta:nameForm "IXIAN"@en .',
    ),
    (bad_parents, "actor:x a pacta:Organ ; pacta:organOf actor:y . actor:y a pacta:Organ ; pacta:organOf actor:x ."),
    (bad_parents, "actor:x a pacta:Organ ; pacta:organOf actor:nobody ."),
    (organs_without_function_or_parent, "actor:x a pacta:Organ ; pacta:organOf actor:y . actor:y a pacta:State ."),
    (organs_without_function_or_parent, "actor:x a pacta:Person ."),
    (unknown_concepts, f"actor:x pacta:organFunction <{VOCAB}organ-function/tea-ceremony> ."),
    (dangling, "actor:x a pacta:State ; pacta:capital actor:nowhere ."),
    (bad_coordinates, "actor:x pacta:latitude 12.5 ."),
    (bad_coordinates, "actor:x pacta:latitude 95.0 ; pacta:longitude 12.5 ."),
    (bad_zones, 'actor:x pacta:timeZone "Asia/Ixville" .'),
    (bad_extents, "actor:x a pacta:TimeExtent ."),
    (bad_extents, 'actor:x a pacta:TimeExtent ; pacta:granularity actor:g ; pacta:notBefore "2020-01-01T00:00:00" .'),
)


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _ in RULES), ids=lambda rule: rule.__name__)
def test_seeds_keep_the_rule(seeds: Graph, rule: Callable[[Graph], Faults]) -> None:
    assert rule(seeds) == []


@pytest.mark.parametrize(("rule", "broken"), RULES, ids=lambda value: getattr(value, "__name__", "broken"))
def test_rule_finds_the_fault(rule: Callable[[Graph], Faults], broken: str) -> None:
    prefixes = f"@prefix actor: <{ACTOR}> . @prefix pacta: <{PACTA}> . @prefix rdfs: <{RDFS}> ."
    assert rule(Graph().parse(data=f"{prefixes}\n{broken}", format="turtle"))


# --- the files --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_holds_files(folder: str) -> None:
    assert sorted((ROOT / "seeds" / folder).glob("*.ttl"))


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_file_parses_says_what_it_is_and_has_no_blank_nodes(path: Path) -> None:
    graph = parsed(path)
    header = URIRef(f"https://w3id.org/pacta/seeds/{path.parent.name}/{path.stem}")
    for term in (DCTERMS.title, DCTERMS.description, DCTERMS.license):
        assert graph.value(header, term), term
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_each_resource_is_described_in_one_file() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for path in files():
        for subject in parsed(path).subjects():
            where[str(subject)].add(path.name)
    assert where
    assert {subject: names for subject, names in where.items() if len(names) > 1} == {}


# --- what must be there -----------------------------------------------------------------------------------------------
def forms(graph: Graph, thing: URIRef) -> set[str]:
    return {str(form) for name in graph.objects(thing, PACTA.name) for form in graph.objects(name, PACTA.nameForm)}


def used_by(graph: Graph, thing: URIRef, form: str) -> set[str]:
    return {
        short(user)
        for name in graph.objects(thing, PACTA.name)
        if str(graph.value(name, PACTA.nameForm)) == form
        for user in graph.objects(name, PACTA.usedBy)
    }


def test_states_cover_the_united_nations(seeds: Graph) -> None:
    states = list(of_class(seeds, PACTA.State))
    assert len(states) == 195
    for state in states:
        code = short(state).removeprefix("actor/")
        assert str(seeds.value(state, SKOS.notation)) == code.upper()
        assert re.fullmatch("[a-z]{3}", code)
        assert seeds.value(state, PACTA.timeZone), code
        kinds = {kind for name in seeds.objects(state, PACTA.name) for kind in seeds.objects(name, PACTA.nameKind)}
        assert URIRef(VOCAB + "name-kind/short") in kinds, code


@pytest.mark.parametrize("code", ["arm", "aze", "rus", "tur", "irn", "geo"])
def test_states_of_the_region_are_complete(seeds: Graph, code: str) -> None:
    capital = seeds.value(ACTOR[code], PACTA.capital)
    assert isinstance(capital, URIRef)
    assert (capital, RDF.type, PACTA.Place) in seeds
    assert forms(seeds, ACTOR[code]) & forms(seeds, capital), "the capital is also a metonym of the state"
    for organ in ("mod", "mfa", "pres", "gov", "parl", "af"):
        assert seeds.value(ACTOR[f"{code}-{organ}"], PACTA.organFunction), organ
    languages = {
        getattr(form, "language", "")
        for name in seeds.objects(ACTOR[code], PACTA.name)
        for form in seeds.objects(name, PACTA.nameForm)
    }
    assert {"en", "hy", "az", "ru"} <= languages


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (
            "f-0001",
            {"Karabakh Defense Army", "Artsakh Defence Army", "illegal Armenian militias", "Karabakh Armenian army"},
        ),
        ("rus-pkf", {"Russian peacekeepers", "Russian peacekeeping forces", "Russian peacekeeping contingent command"}),
        ("rus-af", {"Russian military", "Russian troops"}),
        ("rus-pres", {"Kremlin"}),
        ("aze", {"Azerbaijani", "Azeri", "Azeris", "Baku"}),
        ("usa", {"US", "U.S.", "Washington", "American"}),
        ("o-rferl", {"RFE/RL"}),
    ],
)
def test_actor_bears_the_names_that_reports_use(seeds: Graph, actor: str, expected: set[str]) -> None:
    assert expected <= forms(seeds, ACTOR[actor])


def test_ambiguous_adjectives_stand_with_one_actor(seeds: Graph) -> None:
    for form, bearer in {"Congolese": "cod", "Nigerien": "ner", "Nigerian": "nga", "Guinean": "gin"}.items():
        assert [
            state for state in ("cod", "cog", "gin", "gnb", "gnq", "ner", "nga") if form in forms(seeds, ACTOR[state])
        ] == [bearer]


def test_the_karabakh_defence_army_is_its_own_principal(seeds: Graph) -> None:
    assert (ACTOR["f-0001"], RDF.type, PACTA.ArmedFormation) in seeds
    assert (ACTOR["f-0001"], PACTA.organOf, None) not in seeds
    assert used_by(seeds, ACTOR["f-0001"], "illegal Armenian militias") == {"actor/aze"}


def test_the_peacekeepers_answer_to_the_russian_defence_ministry(seeds: Graph) -> None:
    assert list(seeds.objects(ACTOR["rus-pkf"], PACTA.organOf)) == [ACTOR["rus-mod"]]
    assert list(seeds.objects(ACTOR["rus-mod"], PACTA.organOf)) == [ACTOR.rus]


@pytest.mark.parametrize(
    ("place", "form", "users"),
    [
        ("p-0001", "Artsakh", {"actor/arm", "actor/e-0001"}),
        ("p-0002", "Khankendi", {"actor/aze"}),
        ("p-0002", "Stepanakert", set()),
        ("p-0003", "seven districts", set()),
        ("p-0004", "Berdzor", {"actor/arm", "actor/e-0001"}),
        ("p-0005", "Lachin corridor", set()),
        ("p-0006", "Shushi", {"actor/arm", "actor/e-0001"}),
    ],
)
def test_places_bear_the_names_each_side_uses(seeds: Graph, place: str, form: str, users: set[str]) -> None:
    assert form in forms(seeds, PLACE[place])
    assert used_by(seeds, PLACE[place], form) == users


def test_contested_places_lie_within_nothing(seeds: Graph) -> None:
    contested = [place for place in of_class(seeds, PACTA.Place) if re.search(r"/p-\d{4}$", place)]
    assert len(contested) > 40
    assert [short(place) for place in contested if (place, PACTA.within, None) in seeds] == []


def test_there_are_places_enough(seeds: Graph) -> None:
    region = set(of_class(parsed(ROOT / "seeds/places/karabakh.ttl"), PACTA.Place))
    region |= set(of_class(parsed(ROOT / "seeds/places/caucasus.ttl"), PACTA.Place))
    assert len(region) >= 40
    assert len([place for place in region if (place, PACTA.latitude, None) in seeds]) >= 40


# --- the agreement ----------------------------------------------------------------------------------------------------
def clause(number: int) -> URIRef:
    return URIRef(f"{AGREEMENT}/clause/{number}")


def test_the_agreement_names_its_parties_its_mediator_and_its_sources(seeds: Graph) -> None:
    assert set(seeds.objects(AGREEMENT, PACTA.party)) == {ACTOR.arm, ACTOR.aze, ACTOR.rus}
    assert list(seeds.objects(AGREEMENT, PACTA.mediator)) == [ACTOR.rus]
    assert seeds.value(AGREEMENT, PACTA.signedDuring)
    assert list(seeds.objects(AGREEMENT, DCTERMS.source))
    expected = {
        "November 9 statement",
        "statement of November 10",
        "trilateral statement",
        "Russian-brokered truce agreement",
    }
    assert expected <= forms(seeds, AGREEMENT)
    assert used_by(seeds, AGREEMENT, "statement of November 10") == {"actor/aze"}


def test_the_nine_clauses_are_numbered_one_to_nine(seeds: Graph) -> None:
    clauses = set(seeds.subjects(PACTA.clauseOf, AGREEMENT)) - {URIRef(f"{AGREEMENT}/clause/preamble")}
    assert clauses == {clause(number) for number in range(1, 10)}
    assert {str(seeds.value(c, PACTA.clauseNumber)) for c in clauses} == {str(number) for number in range(1, 10)}


@pytest.mark.parametrize("number", range(1, 10))
def test_each_clause_has_summary_topic_and_obligations_under_its_plain_reading(seeds: Graph, number: int) -> None:
    reading = URIRef(f"{clause(number)}/reading/summary")
    assert seeds.value(clause(number), PACTA.summary)
    assert seeds.value(clause(number), PACTA.provisionTopic)
    assert seeds.value(reading, PACTA.gloss)
    assert list(seeds.objects(reading, PACTA.interprets)) == [clause(number)]
    obligations = list(seeds.subjects(PACTA.underReading, reading))
    assert obligations
    topics = set(seeds.objects(clause(number), PACTA.provisionTopic))
    for obligation in obligations:
        assert (obligation, RDF.type, PACTA.Obligation) in seeds
        assert seeds.value(obligation, PACTA.bearer), obligation
        required = set(seeds.objects(obligation, PACTA.requires))
        assert required, obligation
        assert required <= topics, obligation


def test_the_plain_reading_of_clause_four_does_not_say_from_where(seeds: Graph) -> None:
    reading = URIRef(f"{clause(4)}/reading/summary")
    for obligation in seeds.subjects(PACTA.underReading, reading):
        assert (obligation, PACTA.territorialScope, None) not in seeds
        assert (obligation, PACTA.scopeText, None) not in seeds


def test_published_texts_differ_by_short_phrases(seeds: Graph) -> None:
    texts = set(seeds.subjects(PACTA.textOf, AGREEMENT))
    assert {ACTOR["arm-pm"], ACTOR["aze-pres"], ACTOR["rus-mfa"], ACTOR["rus-pres"]} <= {
        publisher for text in texts for publisher in seeds.objects(text, PACTA.publishedBy)
    }
    for text in texts:
        assert seeds.value(text, PACTA.legalValue), text
        assert seeds.value(text, DCTERMS.language), text
        assert list(seeds.subjects(PACTA.inText, text)), text
    phrases = [(part, phrase) for part, phrase in seeds.subject_objects(PACTA.variantPhrase)]
    assert phrases
    for part, phrase in phrases:
        assert seeds.value(part, PACTA.inText) in texts
        assert str(seeds.value(part, PACTA.clauseTextOf)).startswith(f"{AGREEMENT}/clause/")
        assert isinstance(phrase, Literal)
        assert phrase.language
        assert len(str(phrase).split()) <= 12
    first = {str(phrase) for part, phrase in phrases if seeds.value(part, PACTA.clauseTextOf) == clause(1)}
    assert len(first) >= 3, "stop at, stop in, remain in"
