"""Rows as comma- or tab-separated values, after SPARQL 1.1 Query Results CSV and TSV Formats."""

from __future__ import annotations

import csv
import io

from pyoxigraph import BlankNode, NamedNode

from pacta.store import Results, Term


def plain(term: Term | None) -> str:
    """Return a term's bare text: an IRI or a lexical form without quotes, "" for an unbound cell."""
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return str(term)
    return term.value if isinstance(term, NamedNode) or hasattr(term, "value") else str(term)


def comma_separated(results: Results) -> bytes:
    """Return rows as CSV: bare values, lines end in CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(results.variables)
    writer.writerows([plain(term) for term in row] for row in results.rows)
    return out.getvalue().encode()


def tab_separated(results: Results) -> bytes:
    """Return rows as TSV: terms as Turtle writes them, so that nothing is lost."""
    lines = ["\t".join(f"?{name}" for name in results.variables)]
    lines += ["\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) for row in results.rows]
    return ("\n".join(lines) + "\n").encode()
