"""How differences are written down: clauses word by word as text or a page, changed resources as text or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from pacta.agreements.differences import ClauseDifference, Segment, html_of, segments
from pacta.changes import KINDS, NAMELESS, Changes, ResourceChange
from pacta.commands.marked import shown
from pacta.exports.turtle import compact

_CONTEXT = 6  # words kept on either side of a change
_LONG = 160  # characters of a value, after which it is cut
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_CSS = """
:root { color-scheme: light dark }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4em .6em; border-bottom: 1px solid #8886 }
del { text-decoration: line-through 2px; background: #c0392b22 }
ins { text-decoration: underline double; font-weight: bold; background: #2a7a4622 }
"""


# --- clauses ----------------------------------------------------------------------------------------------------------
def clause_as_text(difference: ClauseDifference) -> str:
    """Return a clause as text: its number and status, and below them the words that differ with some around them."""
    numbers = [number for number in (difference.old_number, difference.new_number) if number is not None]
    head = f"{' → '.join(dict.fromkeys(numbers))}: {difference.status}"
    if all(segment.kind == "same" for segment in difference.segments):
        return head
    return f"{shown(head)}\n    {words_as_text(difference.segments)}"


def words_as_text(row: Sequence[Segment]) -> str:
    """Return segments as text: [-words-] of the old side alone, {+words+} of the new one, the rest shortened."""
    parts: list[str] = []
    for i, segment in enumerate(row):
        if segment.kind == "same":
            parts.append(_shortened(segment.new, first=i == 0, last=i == len(row) - 1))
            continue
        marked = (f"[-{segment.old}-]" * bool(segment.old), f"{{+{segment.new}+}}" * bool(segment.new))
        parts.extend(part for part in marked if part)
    return shown(" ".join(parts))


def _shortened(words: str, *, first: bool, last: bool) -> str:
    kept = words.split()
    if first and len(kept) > _CONTEXT:
        return " ".join(["…", *kept[-_CONTEXT:]])
    if last and len(kept) > _CONTEXT:
        return " ".join([*kept[:_CONTEXT], "…"])
    if len(kept) > 2 * _CONTEXT + 2:
        return " ".join([*kept[:_CONTEXT], "…", *kept[-_CONTEXT:]])
    return words


def clauses_as_page(found: Iterable[ClauseDifference], old: str, new: str) -> str:
    """Return clauses as a web page; `old` and `new` are what the two texts are called."""
    rows = "".join(
        f'<tr id="clause-{escape(d.number, quote=True)}"><th scope="row">{escape(_numbers(d))}</th>'
        f"<td>{escape(d.status)}</td><td>{html_of(d.segments)}</td></tr>\n"
        for d in found
    )
    title = escape(f"{old} and {new}")
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{_CSS}</style>\n'
        f"<h1>{title}</h1>\n<p><del>Struck through</del>: in the first text alone. <ins>Underlined</ins>: in the second"
        " alone.</p>\n<table>\n<thead><tr><th>Clause</th><th>What became of it</th><th>Words</th></tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</html>\n"
    )


def _numbers(difference: ClauseDifference) -> str:
    numbers = (difference.old_number, difference.new_number)
    return " → ".join(dict.fromkeys(number for number in numbers if number is not None))


# --- resources --------------------------------------------------------------------------------------------------------
def changes_as_text(changes: Changes, base: str) -> str:
    """Return changed resources as text, by class: + new, - gone, ~ changed with the triples that differ."""
    lines: list[str] = []
    for cls, resources in changes.by_class().items():
        lines.append(f"{_short(cls, base) if cls else 'of no class'}\n")
        for resource in resources:
            lines.append(f"  {_SIGNS[resource.kind]} {_called(resource, base)}\n")
            lines.extend(f"      {line}\n" for line in _triples(resource, base) if resource.kind == "changed")
    return "".join(lines)


def _called(resource: ResourceChange, base: str) -> str:
    count = len(resource.added) + len(resource.removed)
    label = f' "{shown(resource.label)}"' if resource.label else ""
    return f"{_short(resource.iri, base)}{label} ({count} triple{'s' * (count != 1)})"


def _triples(resource: ResourceChange, base: str) -> Iterable[str]:
    """Yield what differs of one resource, a reworded literal as one line."""
    removed, added = list(resource.removed), list(resource.added)
    for old in resource.removed:
        match = [new for new in added if _rewords(old, new)]
        if len(match) == 1 and sum(_rewords(one, match[0]) for one in removed) == 1:
            row = segments(old.object.value, match[0].object.value)  # type: ignore[union-attr]
            if any(segment.kind == "same" for segment in row):
                removed.remove(old)
                added.remove(match[0])
                yield f"{_name(old, resource, base)} {words_as_text(row)}"
    for sign, triples in (("-", removed), ("+", added)):
        for triple in triples:
            yield f"{sign} {_name(triple, resource, base)} {_term(triple.object, base)}"


def _rewords(old: Triple, new: Triple) -> bool:
    one, two = old.object, new.object
    return (
        (old.subject, old.predicate) == (new.subject, new.predicate)
        and isinstance(one, Literal)
        and isinstance(two, Literal)
        and (one.language, one.datatype) == (two.language, two.datatype)
        and " " in one.value
    )


def _name(triple: Triple, resource: ResourceChange, base: str) -> str:
    subject = _short(str(getattr(triple.subject, "value", triple.subject)), base)
    predicate = _short(triple.predicate.value, base)
    return predicate if subject == _short(resource.iri, base) else f"{subject} {predicate}"


def _term(term: object, base: str) -> str:
    if isinstance(term, NamedNode):
        return _short(term.value, base)
    text = str(term)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


@lru_cache(maxsize=65536)
def _short(iri: str, base: str) -> str:
    return f"_:{iri.removeprefix(NAMELESS)}" if iri.startswith(NAMELESS) else compact(iri, base)


def changes_as_dict(changes: Changes) -> dict[str, Any]:
    """Return changed resources as plain values, by class and kind."""
    return {
        "counts": changes.counts,
        "classes": [
            {
                "class": cls,
                **{kind: [_resource(r) for r in resources if r.kind == kind] for kind in KINDS},
            }
            for cls, resources in changes.by_class().items()
        ],
    }


def _resource(resource: ResourceChange) -> dict[str, Any]:
    return {
        "iri": resource.iri,
        "label": resource.label,
        "added": [[str(t.subject), str(t.predicate), str(t.object)] for t in resource.added],
        "removed": [[str(t.subject), str(t.predicate), str(t.object)] for t in resource.removed],
    }
