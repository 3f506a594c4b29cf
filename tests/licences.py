"""Licences of what Pacta stands on, from the metadata of the installed packages.

    python tests/licences.py > THIRD-PARTY.md

A package is allowed by what its metadata say in SPDX words, in its classifiers or in its field License; of "A OR B"
one suffices. What is not said in words known here is told as unknown, to be read by a person and added to KNOWN.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# SPDX name → whether others may be bound to it by what Pacta installs. Weak copyleft binds the package itself alone.
ALLOWED = {
    "0BSD": "permissive", "Apache-2.0": "permissive", "BSD-2-Clause": "permissive", "BSD-3-Clause": "permissive",
    "BSD": "permissive", "BSL-1.0": "permissive", "CC0-1.0": "permissive", "CNRI-Python": "permissive",
    "HPND": "permissive", "ISC": "permissive", "MIT": "permissive", "MIT-0": "permissive", "PSF-2.0": "permissive",
    "Python-2.0": "permissive", "Unlicense": "permissive", "Zlib": "permissive", "W3C": "permissive",
    "LGPL-2.1": "weak copyleft", "LGPL-3.0": "weak copyleft", "MPL-1.1": "weak copyleft", "MPL-2.0": "weak copyleft",
}  # fmt: skip
FORBIDDEN = re.compile(r"AGPL|(?<!L)GPL|SSPL|BUSL|Commons.Clause|non.?commercial|NC\b|proprietary", re.IGNORECASE)

# How the older fields put it: a pattern → the SPDX name. The first that fits counts.
_WORDS = (
    (r"mozilla public licen[cs]e 2|MPL.?2", "MPL-2.0"),
    (r"mozilla public licen[cs]e 1\.1|MPL.?1\.1", "MPL-1.1"),
    (r"lesser general public.*v?3|LGPL.?(v?3|-3)", "LGPL-3.0"),
    (r"lesser general public|LGPL", "LGPL-2.1"),
    (r"apache", "Apache-2.0"),
    (r"new bsd|modified bsd|3.clause|BSD.3", "BSD-3-Clause"),
    (r"simplified bsd|2.clause|BSD.2", "BSD-2-Clause"),
    (r"\bbsd\b", "BSD"),
    (r"\bMIT\b|expat", "MIT"),
    (r"\bISC\b", "ISC"),
    (r"python software foundation|\bPSF\b", "PSF-2.0"),
    (r"W3C", "W3C"),
    (r"zlib", "Zlib"),
    (r"unlicense|public domain", "Unlicense"),
    (r"CC0", "CC0-1.0"),
)

# What the metadata leave unsaid, read in the package by a person.
KNOWN = {"axe-playwright-python": "MIT AND MPL-2.0"}  # carries axe-core


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its licence in SPDX words ("" where unknown), and what of Pacta needs it."""

    name: str
    version: str
    licence: str
    needed_by: str
    direct: bool

    @property
    def fault(self) -> str | None:
        """What is wrong with its licence; None where it is allowed."""
        if not self.licence:
            return "its metadata name no licence that is known"
        return None if allowed(self.licence) else f"{self.licence} is not allowed"


def allowed(licence: str) -> bool:
    """Tell whether one of the choices that an SPDX expression leaves is made of allowed licences alone."""
    choices = re.split(r"\s+OR\s+", licence.replace("(", " ").replace(")", " ").strip())
    parts = (re.split(r"\s+AND\s+", choice.strip()) for choice in choices)
    return any(all(_plain(each) in ALLOWED for each in part) for part in parts)


def _plain(name: str) -> str:
    """Return an SPDX name without its suffixes and exceptions, which here only widen what is allowed."""
    return re.sub(r"(-only|-or-later|\+)$", "", re.split(r"\s+WITH\s+", name.strip())[0])


def licence_of(found: Distribution) -> str:
    """Return what the metadata of a package say, in SPDX words; "" where they do not say it in words known here."""
    name = canonicalize_name(found.metadata["Name"])
    if name in KNOWN:
        return KNOWN[name]
    if expression := found.metadata.get("License-Expression"):
        return str(expression)
    classifiers = found.metadata.get_all("Classifier") or []
    said = [each.rpartition("::")[2].strip() for each in classifiers if each.startswith("License ::")]
    said = [each for each in said if each != "OSI Approved"]
    field = (found.metadata.get("License") or "").strip()
    if field and len(field) < 100 and not said:
        said = re.split(r"\s+(?:OR|or|/)\s+", field)
    elif field and not said:
        said = [field[:300]]
    names = [_named(each) for each in said]
    return " OR ".join(dict.fromkeys(names)) if names and all(names) else ""


def _named(words: str) -> str:
    if _plain(words) in ALLOWED:
        return words
    if FORBIDDEN.search(words):
        return words if " " not in words else words.replace(" ", "-")
    return next((name for pattern, name in _WORDS if re.search(pattern, words, re.IGNORECASE)), "")


def packages() -> tuple[list[Package], list[str]]:
    """Return what Pacta and its extras need and is installed, by name, and what of the extras is not here."""
    groups = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
    del groups["learn"]  # makes the learned parts again, on machines of few; brings drivers of graphics cards
    found: dict[str, Package] = {}
    missing: set[str] = set()
    for group, requirements in groups.items():
        waiting = [(Requirement(line), True) for line in requirements]
        seen: set[tuple[str, frozenset[str]]] = set()
        while waiting:
            requirement, direct = waiting.pop(0)
            name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
            if (name, extras) in seen:
                continue
            seen.add((name, extras))
            try:
                package = distribution(name)
            except PackageNotFoundError:
                missing.add(name)
                continue
            if name not in found:
                found[name] = Package(name, package.version, licence_of(package), group, direct)
            for line in package.requires or ():
                below = Requirement(line)
                environments = [{"extra": extra} for extra in extras] or [{"extra": ""}]
                if below.marker is None or any(below.marker.evaluate(each) for each in environments):
                    waiting.append((below, False))
    return [found[name] for name in sorted(found)], sorted(missing - set(found))


def table() -> str:
    """Return the document: a table of all that is installed."""
    rows, missing = packages()
    lines = [
        "# Third-party packages",
        "",
        "What `pip install pacta` and its extras bring, with their licences as their metadata tell them. "
        "`python tests/licences.py > THIRD-PARTY.md` writes this file; `pytest tests/test_licences.py` fails where a "
        "package, however deep, has an unknown licence or one that would bind more than the package itself. What the "
        "pages carry (in `src/pacta/pages/static/vendor`) has its licence beside it. The extra `learn` is left out.",
        "",
        "| package | licence | needed by |",
        "|---|---|---|",
    ]
    for row in rows:
        needs = f"extra `{row.needed_by}`" if row.needed_by else "Pacta"
        lines.append(f"| {row.name} | {row.licence or 'unknown'} | {needs}{'' if row.direct else ', indirectly'} |")
    if missing:
        lines += ["", f"Not installed where this was written: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
