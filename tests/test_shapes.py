"""Shapes: each one is well written, is broken by an invalid sample, and lets the valid samples pass."""

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from pacta import resources
from pacta.validation import PROFILES, Validator, read

SAMPLES = Path(__file__).parent / "shapes"
VALID = {path.stem: path for path in sorted((SAMPLES / "valid").glob("*.ttl"))}
INVALID = {path.stem: path for path in sorted((SAMPLES / "invalid").glob("*.ttl"))}
FILES = {path.stem: path for path in resources.files("shapes", "*.ttl")}
ONTOLOGY = resources.path("ontology")
PS = rdflib.Namespace("https://w3id.org/pacta/shapes#")
PACTA = rdflib.Namespace("https://w3id.org/pacta/ontology#")
PARTS = "parts"  # shapes that others are made of; they have no targets
PROFILE_OF = dict.fromkeys(FILES, "record") | {"catalogue": "catalogue", "export": "export"}


def parsed(*paths: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


SHAPES = parsed(*FILES.values())
ALL = sorted({*SHAPES.subjects(RDF.type, SH.NodeShape), *SHAPES.subjects(RDF.type, SH.PropertyShape)})


def shapes_of(name: str) -> set[rdflib.term.Node]:
    graph = parsed(FILES[name])
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}


def has_constraint(shape: rdflib.term.Node) -> bool:
    """Whether a node shape says anything itself, and not only through its property shapes."""
    own = (SH.closed, SH.nodeKind, SH["class"], SH.sparql, SH.datatype, SH["or"], SH["not"])
    return (shape, RDF.type, SH.PropertyShape) in SHAPES or any((shape, p, None) in SHAPES for p in own)


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture(scope="module")
def known() -> list[ox.Quad]:
    """The valid samples as context for the invalid ones."""
    return [quad for path in VALID.values() for quad in read(path)]


def test_there_are_shapes_and_samples():
    assert len(ALL) > 300
    assert {"record", "catalogue", "derived"} <= set(VALID)
    assert INVALID


# --- how shapes are written -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shape", ALL, ids=lambda s: str(s).removeprefix(PS))
def test_a_shape_says_what_it_wants(shape):
    assert isinstance(shape, rdflib.URIRef)
    assert shape.startswith(PS)
    assert [name.language for name in SHAPES.objects(shape, SH.name)] == ["en"]
    (message,) = SHAPES.objects(shape, SH.message)
    assert message.language == "en"
    assert str(message).endswith(".")
    assert 25 <= len(str(message)) <= 200
    (severity,) = SHAPES.objects(shape, SH.severity)
    assert severity in {SH.Violation, SH.Warning, SH.Info}
    (module,) = SHAPES.objects(shape, RDFS.isDefinedBy)
    assert (module, RDF.type, OWL.Ontology) in SHAPES


@pytest.mark.parametrize("name", FILES)
def test_a_file_defines_its_own_shapes_and_no_blank_ones(name):
    graph = parsed(FILES[name])
    assert FILES[name].read_text(encoding="utf-8").startswith("# ")
    module = rdflib.URIRef(f"https://w3id.org/pacta/shapes/{name}")
    assert (module, RDF.type, OWL.Ontology) in graph
    assert set(graph.objects(None, RDFS.isDefinedBy)) == {module}
    assert not any(isinstance(o, rdflib.BNode) for o in graph.objects(None, SH.property))
    assert not any(isinstance(o, rdflib.BNode) for o in graph.objects(None, SH.sparql))
    in_lists = {s for p in (RDF.first, SH.inversePath, SH.alternativePath) for s in graph.subjects(p)}
    assert {s for s in graph.subjects() if isinstance(s, rdflib.BNode)} <= in_lists


def test_each_shape_is_defined_once():
    assert len(ALL) == sum(len(shapes_of(name)) for name in FILES)


@pytest.mark.parametrize("name", [n for n in FILES if n[0].isupper()])
def test_a_file_of_a_class_is_about_that_class(name):
    assert (PS[name], SH.targetClass, PACTA[name]) in SHAPES


def test_every_property_shape_is_used_and_has_a_path():
    used = set(SHAPES.objects(None, SH.property))
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape):
        assert shape in used
        assert (shape, SH.path, None) in SHAPES


def test_the_shapes_are_valid_shacl():
    from pyshacl.entrypoints import meta_validate

    conforms, _, text = meta_validate(SHAPES)
    assert conforms, text


# --- shapes and ontology ----------------------------------------------------------------------------------------------
def test_all_classes_properties_and_schemes_of_shapes_are_in_the_ontology():
    ontology = parsed(*sorted(ONTOLOGY.glob("*.ttl")), *sorted(ONTOLOGY.glob("vocabularies/*.ttl")))
    ours = (str(PACTA), "https://w3id.org/pacta/vocab/")
    terms = {t for triple in SHAPES for t in triple if isinstance(t, rdflib.URIRef) and str(t).startswith(ours)}
    assert len(terms) > 100
    assert not sorted(term for term in terms if (term, RDF.type, None) not in ontology)


def test_every_class_of_the_ontology_has_a_shape():
    ontology = parsed(*sorted(ONTOLOGY.glob("*.ttl")))
    classes = {c for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(PACTA)}
    assert len(classes) > 30
    entries = set(ontology.transitive_subjects(RDFS.subClassOf, PACTA.LexicalEntry))
    targets = set(SHAPES.objects(None, SH.targetClass))
    assert not classes - entries - targets
    assert PACTA.LexicalEntry in targets


def test_the_stances_of_statements_are_those_of_the_ontology():
    ontology = parsed(*sorted(ONTOLOGY.glob("*.ttl")))
    below = set(ontology.transitive_subjects(RDFS.subPropertyOf, PACTA.takesStanceOn))
    leaves = {p for p in below if (None, RDFS.subPropertyOf, p) not in ontology}
    (path,) = SHAPES.objects(PS["Statement-stance"], SH.path)
    listed = set(SHAPES.items(SHAPES.value(path, SH.alternativePath)))
    assert listed == leaves
    for query in SHAPES.objects(None, SH.select):
        if "?force IN" in str(query) and "rejects" not in str(query):
            named = {p for p in below if f"pacta:{str(p).removeprefix(PACTA)} " in str(query).split("?force IN", 1)[1]}
            assert named in (leaves, leaves - {PACTA.denies, PACTA.dismisses})


def test_every_scheme_has_its_part():
    ontology = parsed(*sorted(ONTOLOGY.glob("vocabularies/*.ttl")))
    for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme):
        name = str(scheme).rsplit("/", 1)[-1]
        assert (PS[f"concept-of-{name}-scheme"], SH.hasValue, scheme) in SHAPES


# --- samples ----------------------------------------------------------------------------------------------------------
def test_every_file_of_shapes_has_an_invalid_sample():
    assert set(INVALID) == set(FILES)


@pytest.mark.parametrize(
    ("names", "profile"),
    [
        (["record"], "record"),
        (["catalogue"], "catalogue"),
        (["derived"], "dataset"),
        (["record", "catalogue", "derived"], "dataset"),
        (["record", "catalogue", "derived"], "export"),
    ],
)
def test_the_valid_samples_pass(validator, known, names, profile):
    quads = [quad for name in names for quad in read(VALID[name])]
    if profile == "export":
        quads = [quad for quad in quads if quad.predicate.value != PACTA + "fullText"]
    report = validator.validate_graph(quads, known, profile=profile)
    assert not report.results, report.to_text()


@pytest.mark.parametrize("name", [n for n in FILES if n != PARTS])
def test_every_shape_is_broken_by_its_invalid_sample(validator, known, name):
    report = validator.validate_graph(read(INVALID[name]), known, profile=PROFILE_OF[name])
    broken = {result.shape for result in report.results}
    expected = {str(shape) for shape in shapes_of(name) if has_constraint(shape)}
    assert expected
    assert not sorted(expected - broken)


def test_every_part_is_used_broken_and_kept():
    """Parts have no targets: each is tried alone on something of no class, and used by a shape that has one."""
    used = {o for p in (SH.node, SH["not"]) for o in SHAPES.objects(None, p)}
    used |= {o for members in SHAPES.objects(None, SH["or"]) for o in SHAPES.items(members)}
    parts = {shape for shape in shapes_of(PARTS) if (shape, RDF.type, SH.NodeShape) in SHAPES}
    assert parts
    assert not sorted(parts - used)
    targeted = parsed(FILES[PARTS])
    for part in parts:
        targeted.add((part, SH.targetNode, rdflib.URIRef("https://example.org/anything")))
    _, report, _ = pyshacl.validate(parsed(INVALID[PARTS]), shacl_graph=targeted)
    broken = set(report.objects(None, SH.sourceShape))
    for part in sorted(parts):
        assert broken & {part, *SHAPES.objects(part, SH.property)}


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_profile_names_files_that_are_there(name):
    assert set(PROFILES[name]) <= set(FILES)
