"""Docs: the README's commands run, and every verb, option, format and input suffix is documented."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pacta import __version__, formats, resources
from pacta.commands import VERBS, main
from pacta.documents import READERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ELSEWHERE = re.compile(r"make (demo|test)|pip install \.|pacta query --endpoint https://example\.org/")  # .ci/run does


def readme_commands() -> list[str]:
    """Every command of the README in its order: the lines of the shell blocks, then the examples of the table."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]
    return lines + re.findall(r"\| `(pacta [^`]+)` \|\s*$", README.split("## Where to add")[0], re.MULTILINE)


def test_the_readme_shows_the_two_commands_first():
    screen = "\n".join(README.splitlines()[:12])
    assert "make demo" in screen
    assert "make test" in screen


def test_every_command_of_the_readme_does_what_it_says(tmp_path, monkeypatch):
    shutil.copytree(resources.path("seeds") / "documents", tmp_path / "seeds" / "documents")
    for folder in ("tests/data/agreements", "tests/gold/sentences"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PACTA_STORE", raising=False)
    commands = [command for command in readme_commands() if not ELSEWHERE.match(command)]
    assert len(commands) > 12
    for command in commands:
        words = shlex.split(command)
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
            continue
        assert words[0] == "pacta", command
        result = CliRunner().invoke(main, words[1:])
        differs = words[1] == "diff"  # the two texts do
        assert result.exit_code == int(differs), f"{command}\n{result.stderr}"
        target = words[words.index("-o") + 1] if "-o" in words else None
        assert Path(target).stat().st_size if target else result.stdout or words[1] in ("build", "load"), command


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme_and_explains_itself(verb):
    assert f"| `{verb}` |" in README
    command = main.get_command(None, verb)  # type: ignore[arg-type]
    assert command is not None
    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, f"{verb} {parameter.opts[-1]} has no help"  # type: ignore[attr-defined]


def test_the_readme_names_no_verb_that_is_not_there():
    assert set(re.findall(r"^\| `(\w+)` \| .* \| `pacta ", README, re.MULTILINE)) == set(VERBS)
    assert {command.split()[1] for command in readme_commands() if command.startswith("pacta ")} == set(VERBS)


@pytest.mark.parametrize("name", [row.name for row in formats.FORMATS])
def test_every_format_is_in_the_readme(name):
    assert f"`{name}`" in README


def test_every_input_suffix_and_field_is_in_the_docs():
    page = README + (main.get_command(None, "build").help or "")  # type: ignore[arg-type, union-attr]
    for row in READERS:
        assert row.suffixes[0] in page
    for field in ("id", "url", "published", "outlet", "title", "text"):
        assert f"`{field}`" in README


def test_readme_project_and_python_agree():
    lowest = PROJECT["requires-python"].removeprefix(">=")
    assert f"Python {lowest} or newer" in README
    assert f"Python {lowest} or newer" in (ROOT / "Makefile").read_text(encoding="utf-8")
    major, minor = lowest.split(".")
    assert f"({major}, {minor})" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere():
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_files_that_the_docs_name_are_there():
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
            assert (ROOT / target).exists(), f"{page}: {target}"
    for path in re.findall(r"`((?:src|tests|ontology|seeds|queries|shapes)/[a-z_/.]*)`", README):
        assert (ROOT / path).exists(), path


def test_each_dependency_has_a_lower_bound_and_a_reason():
    lines = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("dependencies = [")[1].split("]")[0].splitlines()
    )
    rows = [line for line in lines if line.strip()]
    assert len(rows) == len(PROJECT["dependencies"])
    for row in rows:
        assert re.search(r'"[\w-]+(>=|==)[\d.]+.*",\s+# \w+', row), row


def test_the_wheel_carries_what_the_program_needs():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = wheel["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {kind: f"pacta/{kind}" for kind in resources.KINDS}
