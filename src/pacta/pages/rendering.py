"""HTML pages from templates: `render` for a view's answer, and the filters that all templates share.

    async def page(request: Request) -> Response:
        return render(request, "about.html", title="About")

Templates escape everything. `site` is there in each of them; an IRI becomes a local address with `|href` and a name
with `|label`; words of documents go through `|verbatim`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pacta.pages.evidence import fragment_link, plain, verbatim
from pacta.pages.times import Extent, day, extent
from pacta.store import Term
from pacta.vocabulary import PACTA, VOCAB

TEMPLATES = Path(__file__).parent / "templates"
MENU = (
    ("/agreements", "Agreements"),
    ("/timeline", "Timeline"),
    ("/map", "Map"),
    ("/questions", "Questions"),
    ("/sparql", "SPARQL"),
    ("/data", "Data"),
)
FOOTER_MENU = (("/about", "About"), ("/ontology", "Ontology"), ("/openapi.json", "API"), ("/data", "Data and licence"))
# What a stance comes to for a reader: taken up, turned down, or a charge against somebody.
_BEARINGS = {"accuses": "charges", "condemns": "charges", "denies": "rejects", "dismisses": "rejects"}
_SIGNS = {"affirms": "+", "rejects": "−", "charges": "!"}


_FORMS = {"turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples", "rdfxml": "RDF/XML"}


def render(
    request: Request,
    template: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """Return the page of a template. `title` is needed; known to every page are `crumbs` (label, address), `section`
    (address in the main menu), `canonical`, `alternates` (name, media_type, href), `downloads` (label, address) and
    `description`. With `iri` the lasting address and the formats of that resource come by themselves.
    """
    return HTMLResponse(html(request, template, **context), status_code=status_code, headers=dict(headers or {}))


def html(request: Request, template: str, **context: Any) -> str:
    """Return the text of a page."""
    known: dict[str, Any] = {
        "request": request,
        "path": request.url.path,
        "section": request.url.path,
        "title": "",
        "query": "",
        "crumbs": (),
        "alternates": (),
        "downloads": (),
        "canonical": None,
        "iri": "",
        "description": "",
    }
    if iri := context.get("iri"):
        site = request.app.state.site
        known |= {"canonical": site.url(iri), "alternates": _formats_of(site.href(iri))}
    return environment(request.app.state).get_template(template).render(known | context)


def _formats_of(path: str) -> list[dict[str, str]]:
    from pacta.pages.resources import alternates  # that module shows faults with this one

    return [
        {"name": _FORMS[kind.name], "media_type": kind.media_type, "href": href}
        for href, kind in alternates(path)
        if kind.name in _FORMS
    ]


def environment(state: Any) -> Environment:
    """Return the templates of one application, made at the first page."""
    made: Environment | None = getattr(state, "templates", None)
    if made is None:
        made = state.templates = _environment(state.site)
    return made


def plain_rows(rows: Iterable[Mapping[str, Term | None]]) -> list[dict[str, str]]:
    """Return rows of terms as rows of text: the IRI or the lexical form, "" for an unbound cell."""
    return [{name: text_of(term) for name, term in row.items()} for row in rows]


def text_of(term: Term | None) -> str:
    """Return the IRI or the lexical form of a term."""
    return "" if term is None or isinstance(term, Triple) else term.value


def local(iri: str) -> str:
    """Return the last part of an IRI: the name of a term, of a concept, of a thing."""
    return iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


def bearing(force: str) -> str:
    """Return affirms, rejects or charges for the name or IRI of a force."""
    return _BEARINGS.get(local(force), "affirms")


def web_address(url: str | None) -> str | None:
    """Return `url` where it is an address of the web, else None: no other scheme becomes a link."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "statement"), count(1200, "reply", "replies")
    ('1 statement', '1,200 replies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def shortened(text: str, length: int = 160) -> str:
    """Return text of at most about `length` characters, cut at a word, with a sign where something was left out."""
    text = " ".join(str(text).split())
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip(" ,;:") + " …"


def _environment(site: Any) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(site=site, menu=MENU, footer_menu=FOOTER_MENU, PACTA=PACTA, VOCAB=VOCAB, extent=extent)
    made.filters.update(
        bearing=bearing,
        count=count,
        day=_time_element,
        extent=_extent_element,
        fragment=fragment_link,
        href=lambda iri: _safe(site.href(iri)),
        label=lambda iri: plain(site.label(iri)),
        local=local,
        named=lambda iri: plain(_named(site, iri)),
        number=lambda value: f"{int(value):,}",
        plain=plain,
        shortened=shortened,
        sign=lambda force: _SIGNS[bearing(force)],
        value=lambda term: term.value if isinstance(term, NamedNode | Literal) else term or "",
        verbatim=verbatim,
        web=web_address,
        with_query=with_query,
    )
    made.globals["m"] = made.get_template("macros.html").module
    return made


def with_query(path: str, values: Mapping[str, object] | None = None, **more: object) -> str:
    """Return an address with these parameters; those without a value are left out."""
    given = {name: value for name, value in {**(values or {}), **more}.items() if value not in (None, "", [], ())}
    return f"{quote(path, safe='/%:@')}?{urlencode(given, doseq=True)}" if given else quote(path, safe="/%:@")


def _named(site: Any, iri: str) -> str:
    from pacta.pages.naming import name_of  # that module takes small things from here

    return name_of(site, iri)


def _safe(address: str) -> str:
    """Return a local path or an address of the web as it is, and nothing for any other scheme."""
    return address if address.startswith("/") and not address.startswith("//") else web_address(address) or ""


def _time_element(value: str | None) -> Markup:
    words = day(value)
    return Markup('<time datetime="{}">{}</time>').format(value, words) if value and words != value else escape(words)


def _extent_element(bounds: Sequence[str | None] | Extent) -> Markup:
    """Return an extent, or the bounds and granularity that make one, in words with the precision after it."""
    told = bounds if isinstance(bounds, Extent) else extent(*bounds)
    precision = Markup(' <small class="precision">{}</small>').format(told.precision) if told.precision else Markup("")
    if told.start:
        return Markup('<time datetime="{}">{}</time>{}').format(told.start, told.words, precision)
    return Markup("{}{}").format(told.words, precision)
