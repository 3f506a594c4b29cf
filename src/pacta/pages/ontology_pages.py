"""The knowledge at its own addresses: ontology, vocabularies, shapes, rules, lexicon, as RDF and as documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from pacta.pages import terms
from pacta.pages.descriptions import Description, describe
from pacta.pages.knowledge import file_of
from pacta.pages.rendering import render
from pacta.pages.resources import Wanted, alternates, answer, split_suffix
from pacta.pages.responses import Problem, site_of
from pacta.pages.site import Site, sound
from pacta.pages.terms import Look, Model
from pacta.pages.views import resource
from pacta.vocabulary import DCTERMS, LEXICON, OWL, PACTA, RDF, RDFS, RULE, SHACL, SHAPES, SKOS, VOCAB, P

_TYPE = NamedNode(RDF + "type")
_DOCUMENTS = (OWL + "Ontology", SKOS + "ConceptScheme")


@dataclass(frozen=True, slots=True)
class Space:
    """One kind of knowledge: the IRI and title of the whole, what its IRIs begin with, where its files lie."""

    iri: str
    title: str
    namespaces: tuple[str, ...]
    files: Callable[[str], bool]


SPACES = {
    "ontology": Space(
        PACTA.rstrip("#"), "Ontology", (PACTA, PACTA.rstrip("#") + "/"),
        lambda file: file.startswith("ontology/") and file.count("/") == 1,
    ),
    "vocab": Space(VOCAB, "Vocabularies", (VOCAB,), lambda file: file.startswith("ontology/vocabularies/")),
    "shapes": Space(
        SHAPES.rstrip("#"), "Shapes", (SHAPES.rstrip("#") + "/", SHAPES), lambda file: file.startswith("shapes/")
    ),
    "rule": Space(RULE, "Rules", (RULE,), lambda file: file.startswith("ontology/rules/")),
    "lexicon": Space(LEXICON, "Lexicon", (LEXICON,), lambda file: file.startswith("seeds/lexicon/")),
}  # fmt: skip
_OF_IRI = {space.iri: name for name, space in SPACES.items()}


async def page(request: Request) -> Response:
    """Answer /ontology, /vocab, /shapes, /rule and /lexicon, and what lies below them."""
    site = site_of(request)
    path = request.url.path
    name, _, rest = path.lstrip("/").partition("/")
    stem, chosen = split_suffix(f"/{name}/{rest}" if rest else f"/{name}")
    name, _, rest = stem.lstrip("/").partition("/")
    space = SPACES[name]
    iri = await site.call(_found, site, space, rest)
    where = f"/{name}" if iri == space.iri else site.href(iri)
    return await answer(request, Wanted(iri, where, chosen), described=described, view="ontology_pages:view")


async def diagram(request: Request) -> Response:
    """Answer /ontology/model.svg: the model drawn from the ontology and its shapes."""
    from pacta.pages.model_svg import draw

    site = site_of(request)
    svg = await site.call(lambda: draw(model_of(site), site.href))
    return Response(svg, media_type="image/svg+xml")


def model_of(site: Site) -> Model:
    """Return the ontology as its pages show it."""
    model: Model = site.once("model", lambda: terms.read(site.knowledge))
    return model


def described(site: Site, iri: str, number: int) -> Description:
    """Return all of a file where the IRI is that of a file or of the whole, and a description elsewhere."""
    graphs = _graphs(site, iri)
    if not graphs:
        return describe(site, iri, number)
    quads = tuple(quad for graph in graphs for quad in site.knowledge.quads_for_pattern(None, None, None, graph))
    return Description(iri, quads, (), (), (), more=False)


def _graphs(site: Site, iri: str) -> list[NamedNode]:
    store = site.knowledge
    if iri in _OF_IRI:
        fits = SPACES[_OF_IRI[iri]].files
        names = {graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)}
        return [NamedNode(name) for name in sorted(names) if fits(file_of(name))]
    found = [
        quad.graph_name
        for cls in _DOCUMENTS
        for quad in store.quads_for_pattern(NamedNode(iri), _TYPE, NamedNode(cls), None)
        if "#" not in iri
    ]
    return [each for each in found if isinstance(each, NamedNode)][:1]


def _found(site: Site, space: Space, rest: str) -> str:
    if not rest:
        return space.iri
    if space.iri == PACTA.rstrip("#") and rest.partition("/")[0] == (version := _version(site)):
        rest = rest.removeprefix(version).lstrip("/")  # the IRI of this version
        if not rest:
            return space.iri
    for namespace in space.namespaces:
        iri = sound(namespace + rest)
        if iri and next(site.knowledge.quads_for_pattern(NamedNode(iri), None, None, None), None) is not None:
            return iri
    names = {t.name.lower(): iri for iri, t in model_of(site).terms.items()} if space.title == "Ontology" else {}
    links = [(site.href(names[rest.lower()]), site.label(names[rest.lower()]))] if rest.lower() in names else []
    links += [(f"/{_OF_IRI[space.iri]}", space.title), ("/search", "Search")]
    verb = "do not" if space.title.endswith("s") else "does not"
    what = f"the {space.title.lower()} {verb} name this"
    raise Problem(404, what, remedy="look at the whole", links=links)


def _version(site: Site) -> str:
    return Look(site.knowledge).text(PACTA.rstrip("#"), OWL + "versionInfo")


# --- HTML -------------------------------------------------------------------------------------------------------------
async def view(request: Request, iri: str) -> Response:
    """Show a part of the knowledge: the whole of a kind, a file, a term, a scheme, a concept, a shape, a rule."""
    site = site_of(request)
    template, context = await site.call(_context, site, iri)
    name = iri if iri in _OF_IRI else next(space.iri for space in SPACES.values() if _within(iri, space))
    space = SPACES[_OF_IRI[name]]
    path = f"/{_OF_IRI[name]}" if iri == name else site.href(iri)
    crumbs = [("Start", "/"), (space.title, "" if iri == name else f"/{_OF_IRI[name]}")]
    if iri != name:
        crumbs += [*context.pop("above", []), (str(context["title"]), "")]
    known: dict[str, Any] = {
        "iri": iri,
        "crumbs": crumbs,
        "section": "/ontology",
        "canonical": site.url(iri) if iri != name else site.settings.url + path,
        "alternates": [{"name": f.name, "media_type": f.media_type, "href": h} for h, f in alternates(path)[1:]],
        "model": model_of(site),
    }
    return render(request, template, **known, **context)


def _within(iri: str, space: Space) -> bool:
    return any(iri.startswith(namespace) for namespace in space.namespaces)


def _context(site: Site, iri: str) -> tuple[str, dict[str, Any]]:
    look, model = Look(site.knowledge), model_of(site)
    if iri in _OF_IRI:
        return _WHOLE[_OF_IRI[iri]](site, look)
    if iri in model.terms:
        return _term(site, look, iri)
    types = set(look.iris(iri, RDF + "type"))
    for module in model.modules:
        if module.iri == iri:
            own = [model.terms[each] for each in module.terms]
            about = {"title": module.title, "module": module, "description": module.description, "terms": own}
            return "ontology/module.html", about
    if SKOS + "ConceptScheme" in types:
        return _scheme(look, iri)
    if SKOS + "Concept" in types:
        return _concept(site, look, iri)
    if iri.startswith(RULE):
        return _rule(look, iri)
    if iri.startswith(SHAPES.rstrip("#") + "/"):
        return _shapes_of(look, iri)
    if OWL + "Ontology" in types and iri.startswith(LEXICON):
        return _entries(look, iri)
    found = describe(site, iri, 1)
    context = resource.context(site, found, 1)
    for name in ("iri", "canonical", "alternates"):
        del context[name]
    return "resource.html", context


def _ontology(site: Site, look: Look) -> tuple[str, dict[str, Any]]:
    from pacta.pages.model_svg import draw

    svg = site.once("diagram", lambda: draw(model_of(site), site.href).decode())
    iri = PACTA.rstrip("#")
    return "ontology/index.html", {
        "title": look.text(iri, DCTERMS + "title") or "Ontology",
        "description": look.text(iri, DCTERMS + "description"),
        "comment": look.text(iri, RDFS + "comment"),
        "version": _version(site),
        "licences": look.iris(iri, DCTERMS + "license"),
        "svg": svg,
        "spaces": [(f"/{name}", space.title) for name, space in SPACES.items() if name != "ontology"],
    }


def _files_of(kind: str, template: str) -> Callable[[Site, Look], tuple[str, dict[str, Any]]]:
    """Return the maker of the context of a list of files: (IRI, title, description, number of members)."""

    def make(site: Site, look: Look) -> tuple[str, dict[str, Any]]:
        space, rows = SPACES[kind], []
        for cls in _DOCUMENTS:
            for iri, graph in look.of_type(cls):
                if space.files(file_of(graph)) and "#" not in iri:
                    members = {q.subject for q in site.knowledge.quads_for_pattern(None, _TYPE, None, NamedNode(graph))}
                    words = look.text(iri, DCTERMS + "description") or look.text(iri, SKOS + "definition")
                    rows.append((iri, site.label(iri), words, len(members) - 1))
        return template, {"title": space.title, "rows": sorted(set(rows)), "kind": kind}

    return make


def _rules(site: Site, look: Look) -> tuple[str, dict[str, Any]]:
    found = [iri for iri, _ in look.of_type(SHACL + "SPARQLConstructExecutable")]
    rows = [(iri, look.text(iri, RDFS + "label"), look.text(iri, DCTERMS + "description"), None) for iri in found]
    return "ontology/files.html", {"title": "Rules", "rows": rows, "kind": "rule"}


_WHOLE: dict[str, Callable[[Site, Look], tuple[str, dict[str, Any]]]] = {
    "ontology": _ontology,
    "vocab": _files_of("vocab", "ontology/files.html"),
    "shapes": _files_of("shapes", "ontology/files.html"),
    "rule": _rules,
    "lexicon": _files_of("lexicon", "ontology/files.html"),
}


def _term(site: Site, look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    term = model_of(site).terms[iri]
    return "ontology/term.html", {
        "title": term.name,
        "term": term,
        "above": [(site.label(term.module), site.href(term.module))],
        "questions": terms.titled(look, term.questions),
        "rules": terms.titled(look, term.rules),
        "shapes": terms.titled(look, term.shapes),
        "description": term.definition,
    }


def _scheme(look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    members = {s.value for s, o, _ in look.pairs(SKOS + "inScheme") if o == NamedNode(iri)}
    below: dict[str, list[str]] = {}
    for subject, value, _ in look.pairs(SKOS + "broader"):
        if subject.value in members and value.value in members:
            below.setdefault(value.value, []).append(subject.value)
    tops = sorted(members - {each for narrower in below.values() for each in narrower})

    def tree(iris: Iterable[str], seen: frozenset[str]) -> list[tuple[str, str, str, list[Any]]]:
        return [
            (each, look.text(each, SKOS + "prefLabel"), look.text(each, SKOS + "definition"),
             tree(below.get(each, ()), seen | {each}))
            for each in sorted(iris) if each not in seen
        ]  # fmt: skip

    return "ontology/scheme.html", {
        "title": look.text(iri, SKOS + "prefLabel") or look.text(iri, RDFS + "label"),
        "description": look.text(iri, SKOS + "definition"),
        "example": look.text(iri, SKOS + "example"),
        "tree": tree(tops, frozenset()),
        "size": len(members),
    }


def _concept(site: Site, look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    schemes = look.iris(iri, SKOS + "inScheme")
    narrower = sorted({s.value for s, o, _ in look.pairs(SKOS + "broader") if o == NamedNode(iri)})
    lexicon = sorted(
        {
            quad.subject.value
            for quad in site.knowledge.quads_for_pattern(None, None, NamedNode(iri), None)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(LEXICON)
        }
    )
    matches = [
        (match, other.value)
        for match in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
        for other in look.values(iri, SKOS + match)
    ]
    names = [
        (name, [value.value for value in look.values(iri, SKOS + name)])
        for name in ("altLabel", "hiddenLabel", "notation")
    ]
    entries = [(each, ", ".join(v.value for v in look.values(each, P.lemma))) for each in lexicon]
    return "ontology/concept.html", {
        "title": look.text(iri, SKOS + "prefLabel") or site.label(iri),
        "description": look.text(iri, SKOS + "definition"),
        "example": look.text(iri, SKOS + "example"),
        "above": [(site.label(each), site.href(each)) for each in schemes[:1]],
        "broader": look.iris(iri, SKOS + "broader"),
        "narrower": narrower,
        "names": [(name, values) for name, values in names if values],
        "matches": matches,
        "lexicon": entries,
        "used": f"/describe?iri={site.quoted(iri)}&view=table",
    }


def _rule(look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    return "ontology/rule.html", {
        "title": look.text(iri, RDFS + "label"),
        "name": look.text(iri, DCTERMS + "identifier"),
        "description": look.text(iri, DCTERMS + "description"),
        "text": look.text(iri, SHACL + "construct"),
    }


def _shapes_of(look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    """Return a file of shapes: each shape with what it asks, and the message it gives."""
    own = sorted({s.value for s, o, _ in look.pairs(RDFS + "isDefinedBy") if o == NamedNode(iri) and "#" in s.value})
    nodes = [
        {
            "iri": each,
            "name": look.text(each, SHACL + "name"),
            "targets": look.iris(each, SHACL + "targetClass"),
            "path": next(iter(look.iris(each, SHACL + "path")), ""),
            "severity": next(iter(look.iris(each, SHACL + "severity")), ""),
            "message": look.text(each, SHACL + "message"),
            "text": look.text(each, SHACL + "select"),
        }
        for each in own
    ]
    return "ontology/shapes.html", {
        "title": look.text(iri, RDFS + "label"),
        "description": look.text(iri, DCTERMS + "description"),
        "shapes": nodes,
    }


def _entries(look: Look, iri: str) -> tuple[str, dict[str, Any]]:
    own = sorted({s.value for s, o, _ in look.pairs(RDFS + "isDefinedBy") if o == NamedNode(iri)} - {iri})
    rows = [
        (each, ", ".join(v.value for v in look.values(each, P.lemma)), look.text(each, SKOS + "example"))
        for each in own
    ]
    return "ontology/lexicon.html", {
        "title": look.text(iri, DCTERMS + "title"),
        "description": look.text(iri, DCTERMS + "description"),
        "rows": rows,
    }
