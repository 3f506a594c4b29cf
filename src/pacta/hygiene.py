"""Findings of the hygiene rules (shapes/hygiene/*.rq) over ontology, shapes, queries, seeds and the code beside them.

Each file is a named graph of one store, so that a finding can name its file. What SPARQL cannot see is added as triples
of the default graph, which a rule reads beside the graphs:

    <file> ph:kind "ontology"     or "vocabulary", "alignment", "rule", "shapes", "hygiene", "seeds", "lexicon",
                                  "query", "code": from its folder
    <file> ph:mentions <IRI>      an IRI of ours in the text of a query, of a constraint or of a Python module
    <file> ph:describes <IRI>     the IRI of the query or rule that the file is
    <file> ph:header true         a .rq file with the head that its kind asks for

A rule is a SELECT of ?file, ?subject and, where it says more, ?detail; its head gives Problem, Solution and Severity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from pacta import resources
from pacta.errors import KnowledgeError
from pacta.mentions import in_python, in_sparql, in_turtle
from pacta.nesting import refuse_deep

HYGIENE = "https://w3id.org/pacta/hygiene#"
SEVERITIES = ("ERROR", "WARN", "INFO")
UNREADABLE = "unreadable-file"
_FILE = "urn:pacta:file:"
_OURS = "https://w3id.org/pacta/"
_FIELD = re.compile(r"#\s*(Problem|Solution|Severity):\s*(.+)")

# Folder → kind of the files in and below it. Elsewhere, Turtle counts as seeds and SPARQL as a query.
_KINDS: Mapping[str, str] = {
    "ontology": "ontology",
    "ontology/vocabularies": "vocabulary",
    "ontology/alignments": "alignment",
    "ontology/rules": "rule",
    "shapes": "shapes",
    "shapes/hygiene": "hygiene",
    "seeds": "seeds",
    "seeds/lexicon": "lexicon",
    "queries": "query",
    "pacta": "code",
}
_DEFAULTS: Mapping[str, str] = {".ttl": "seeds", ".rq": "query", ".py": "code"}
_SUFFIXES: Mapping[str, str] = dict.fromkeys(_KINDS.values(), ".ttl") | {
    "rule": ".rq",
    "hygiene": ".rq",
    "query": ".rq",
    "code": ".py",
}


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One question after faults. `name` is the file's; `text` the SELECT."""

    name: str
    problem: str
    solution: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule that found it, ERROR, WARN or INFO, the IRI it is about, what to do, and the file."""

    rule: str
    severity: str
    subject: str
    message: str
    file: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule}: {self.subject} ({self.file}). {self.message}"


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to check. `name` is how findings call it."""

    path: Path
    name: str
    kind: str

    @property
    def graph(self) -> ox.NamedNode:
        return ox.NamedNode(_FILE + re.sub(r"[^A-Za-z0-9._/-]", lambda m: f"%{ord(m[0]):02X}", self.name))


def run_checks(paths: Sequence[Path] | None = None) -> list[Finding]:
    """Return the findings over all that ships, worst first; with `paths`, those in these files and folders alone.

    Files that `paths` names are read beside what ships, so that one new file can be checked before it is in its place.
    """
    shipped = _shipped()
    known = {source.path.resolve(): source for source in shipped}
    extra = [known.get(source.path.resolve(), source) for source in _given(paths or ())]
    sources = list({source.name: source for source in [*shipped, *extra]}.values())
    store, findings = _load(sources)
    names = {source.graph.value: source.name for source in sources}
    for rule in rules():
        findings.extend(_apply(rule, store, names))
    if paths is not None:
        wanted = {source.name for source in extra}
        findings = [finding for finding in findings if re.sub(r":\d+$", "", finding.file) in wanted]
    return sorted(set(findings), key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.file, f.subject, f.message))


def rules() -> tuple[Rule, ...]:
    """Return the rules of shapes/hygiene by name; a file without its head is a KnowledgeError."""
    return tuple(read_rule(path) for path in resources.files("shapes", "hygiene/*.rq"))


def read_rule(path: Path) -> Rule:
    """Return the rule in one .rq file."""
    text = path.read_text(encoding="utf-8")
    head = {match[1]: match[2].strip() for match in map(_FIELD.match, text.splitlines()) if match}
    missing = [field for field in ("Problem", "Solution", "Severity") if field not in head]
    if missing:
        raise KnowledgeError(
            f"a hygiene rule lacks {', '.join(missing)}",
            str(path),
            'begin the file with "# Problem: ..." and the others',
        )
    if head["Severity"] not in SEVERITIES:
        raise KnowledgeError(f"{head['Severity']!r} is no severity", str(path), f"take one of {', '.join(SEVERITIES)}")
    return Rule(path.stem, head["Problem"], head["Solution"], head["Severity"], text)


# --- files ------------------------------------------------------------------------------------------------------------
def _shipped() -> list[_Source]:
    found = []
    for kind in resources.KINDS:
        folder = resources.path(kind)
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".ttl", ".rq")):
            found.append(_source(path, path.relative_to(folder.parent).as_posix()))
    package = Path(__file__).resolve().parent
    modules = (p for p in package.rglob("*.py") if p.name not in ("vocabulary.py", "hygiene.py", "mentions.py"))
    found += [_source(path, path.relative_to(package.parent).as_posix()) for path in sorted(modules)]
    return found


def _given(paths: Iterable[Path]) -> Iterator[_Source]:
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in _DEFAULTS) if path.is_dir() else [path]
        if not inside or not all(p.is_file() for p in inside):
            raise KnowledgeError("there is nothing to check", str(path), "name .ttl or .rq files or a folder of them")
        for file in inside:
            if file.suffix not in _DEFAULTS:
                raise KnowledgeError("hygiene reads Turtle and SPARQL", str(file), "name .ttl or .rq files")
            yield _source(file, file.as_posix())


def _source(path: Path, name: str) -> _Source:
    """Take the kind from the innermost folder that has one for such a file."""
    folders = path.resolve().parts[:-1]
    for start in reversed(range(len(folders))):
        for depth in (2, 1):
            kind = _KINDS.get("/".join(folders[start : start + depth]))
            if kind and _SUFFIXES[kind] == path.suffix:
                return _Source(path, name, kind)
    return _Source(path, name, _DEFAULTS[path.suffix])


# --- store ------------------------------------------------------------------------------------------------------------
def _load(sources: Sequence[_Source]) -> tuple[ox.Store, list[Finding]]:
    """Return the store of all files and a finding for each that cannot be read."""
    store, findings = ox.Store(), []
    facts: list[ox.Quad] = []
    for source in sources:
        try:
            text = source.path.read_text(encoding="utf-8")
            refuse_deep(text.encode(), "sparql" if source.path.suffix == ".rq" else "turtle", str(source.path))
            if source.path.suffix == ".ttl":
                store.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=source.graph)
            elif source.path.suffix == ".rq":
                ox.Store().query(text)
        except UnicodeDecodeError as error:
            findings.append(_unreadable(source, 1, f"not UTF-8: {error.reason}"))
            continue
        except SyntaxError as error:
            findings.append(_unreadable(source, error.lineno or _line(str(error)), str(error.msg)))
            continue
        facts.append(ox.Quad(source.graph, _ph("kind"), ox.Literal(source.kind)))
        facts.extend(_facts(source, text))
    store.extend(facts)
    return store, findings


def _facts(source: _Source, text: str) -> Iterator[ox.Quad]:
    for iri in _mentions(source.kind, text):
        yield ox.Quad(source.graph, _ph("mentions"), ox.NamedNode(iri))
    if source.path.suffix != ".rq":
        return
    if source.kind == "hygiene":
        headed = all(f"# {field}:" in text for field in ("Problem", "Solution", "Severity"))
    else:
        headed = re.search(r"^#\+ (summary|title):", text, re.MULTILINE) is not None
        below = source.path.with_suffix("").parts
        name = "/".join(below[-2:]) if source.kind == "query" else below[-1]
        yield ox.Quad(source.graph, _ph("describes"), ox.NamedNode(f"{_OURS}{source.kind}/{name}"))
    if headed:
        yield ox.Quad(source.graph, _ph("header"), ox.Literal(True))


@lru_cache(maxsize=2048)
def _mentions(kind: str, text: str) -> tuple[str, ...]:
    """Remember what a text mentions: most files are the same from one check to the next."""
    if _SUFFIXES[kind] == ".rq":
        return tuple(sorted(in_sparql(text)))
    if kind == "code":
        return tuple(sorted(in_python(text)))
    return tuple(sorted(in_turtle(text))) if kind == "shapes" else ()


def _unreadable(source: _Source, line: int, why: str) -> Finding:
    message = f"The file cannot be read: {why}. Correct it at line {line}; nothing of it was checked."
    return Finding(UNREADABLE, "ERROR", source.name, message, f"{source.name}:{line}")


def _line(message: str) -> int:
    found = re.search(r"(?:line |at |^)(\d+)", message)
    return int(found[1]) if found else 1


def _ph(name: str) -> ox.NamedNode:
    return ox.NamedNode(HYGIENE + name)


# --- rules ------------------------------------------------------------------------------------------------------------
def _apply(rule: Rule, store: ox.Store, names: Mapping[str, str]) -> Iterator[Finding]:
    try:
        solutions = store.query(rule.text)
    except SyntaxError as error:
        where = f"shapes/hygiene/{rule.name}.rq:{error.lineno or _line(str(error))}"
        raise KnowledgeError(f"a hygiene rule is not SPARQL: {error}", where, "correct it") from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise KnowledgeError("a hygiene rule selects nothing", f"shapes/hygiene/{rule.name}.rq", "make it a SELECT")
    variables = {variable.value for variable in solutions.variables}
    if not {"file", "subject"} <= variables:
        raise KnowledgeError(
            "a hygiene rule gives no ?file and ?subject", f"shapes/hygiene/{rule.name}.rq", "add them to its SELECT"
        )
    for solution in solutions:
        file, subject = _text(solution["file"]), _text(solution["subject"])
        detail = _text(solution["detail"]) if "detail" in variables and solution["detail"] is not None else None
        solution_text = rule.solution.replace("?detail", detail) if detail else rule.solution
        message = f"{rule.problem} {solution_text}"
        yield Finding(rule.name, rule.severity, names.get(subject, subject), message, names.get(file, file))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)
