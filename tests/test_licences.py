"""Licences: everything that Pacta brings along is allowed, and the list that says so is of today."""

from __future__ import annotations

import json
from email.message import Message
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import SkipTest

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import licences

LISTED = {
    row.split("|")[1].strip(): row.split("|")[2].strip()
    for row in (Path(__file__).parents[1] / "THIRD-PARTY.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("| ")
}


def test_everything_that_is_installed_has_an_allowed_licence() -> None:
    found, _ = licences.packages()
    assert len(found) > 40
    assert not {package.name: package.fault for package in found if package.fault}


def test_the_list_has_every_direct_dependency() -> None:
    wanted = {canonicalize_name(Requirement(line).name) for line in licences.PROJECT["dependencies"]}
    assert wanted <= set(LISTED)
    here = {package.name: package.licence for package in licences.packages()[0] if package.direct}
    assert {name: LISTED[name] for name in wanted} == {name: here[name] for name in wanted}


@pytest.mark.parametrize(
    ("licence", "fine"),
    [
        ("MIT", True),
        ("Apache-2.0 AND CNRI-Python", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("(MIT OR Apache-2.0)", True),
        ("LGPL-3.0-or-later", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-2.0-or-later", False),
        ("AGPL-3.0", False),
        ("LicenseRef-Proprietary", False),
        ("CC-BY-NC-4.0", False),
    ],
)
def test_which_licences_are_allowed(licence: str, fine: bool) -> None:
    assert licences.allowed(licence) is fine


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT OR Apache-2.0"}, "MIT OR Apache-2.0"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD"),
        ({"License": "Apache License, Version 2.0"}, "Apache-2.0"),
        ({"License": "MIT", "Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"}, ""),
        ({"License": "BSD 3-Clause License\n\nCopyright (c) somebody, all rights reserved." * 9}, "BSD-3-Clause"),
        ({"License": "free for all good people"}, ""),
        ({}, ""),
    ],
)
def test_what_metadata_say(fields: dict[str, str], licence: str) -> None:
    message = Message()
    message["Name"] = "something"
    for name, value in fields.items():
        message[name] = value
    found: Any = SimpleNamespace(metadata=message)
    said = licences.licence_of(found)
    assert said == licence or (not licence and not licences.allowed(said))
    package = licences.Package("something", "1", said, "", True)
    assert (package.fault is None) is bool(licence)


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}], 0, "not known: b"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}], 1, "X-1; mended in 2"),
        ([{"name": "b", "skip_reason": "not found"}], 3, "none of 1 packages was audited"),
        (None, 3, "cannot be reached"),
    ],
)
def test_what_the_audit_makes_of_an_answer(
    packages: list[dict[str, Any]] | None, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(__file__).parents[1] / ".ci" / "audit"
    if not file.exists():
        raise SkipTest("the script .ci/audit is not here; it comes with the checkout")
    loader = SourceFileLoader("audit", str(file))
    spec = spec_from_loader("audit", loader)
    assert spec is not None
    audit = module_from_spec(spec)
    loader.exec_module(audit)
    assert audit.judged("" if packages is None else json.dumps({"dependencies": packages})) == code
    assert says in capsys.readouterr().out
