"""Resources: found in a checkout, in a wheel, and under PACTA_HOME; a folder that is missing or empty is an error."""

import pytest

from pacta import resources
from pacta.errors import KnowledgeError


def test_every_kind_is_found_in_the_checkout():
    for kind in resources.KINDS:
        assert resources.path(kind).is_dir()
        assert resources.path(kind).name == kind


def test_an_unknown_kind_says_which_there_are():
    with pytest.raises(KnowledgeError, match=r"'recipes'.*Take one of ontology, shapes, queries, seeds"):
        resources.path("recipes")


def test_pacta_home_wins(tmp_path, monkeypatch):
    (tmp_path / "seeds").mkdir()
    monkeypatch.setenv("PACTA_HOME", str(tmp_path))
    assert resources.path("seeds") == tmp_path / "seeds"


def test_a_folder_that_is_missing_is_an_error_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("PACTA_HOME", str(tmp_path))
    with pytest.raises(KnowledgeError, match="PACTA_HOME") as caught:
        resources.path("shapes")
    assert caught.value.where == str(tmp_path)


def test_the_wheel_layout_is_found(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "pacta"
    (package / "queries").mkdir(parents=True)
    monkeypatch.delenv("PACTA_HOME", raising=False)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.path("queries") == package / "queries"
    with pytest.raises(KnowledgeError, match="Install pacta again"):
        resources.path("seeds")


def test_files_come_sorted_and_never_as_an_empty_walk(tmp_path, monkeypatch):
    (tmp_path / "seeds" / "b").mkdir(parents=True)
    for name in ("b/z.ttl", "b.ttl", "a.ttl", "b/a.ttl"):
        (tmp_path / "seeds" / name).touch()
    monkeypatch.setenv("PACTA_HOME", str(tmp_path))
    names = [p.relative_to(tmp_path / "seeds").as_posix() for p in resources.files("seeds", "**/*.ttl")]
    assert names == ["a.ttl", "b/a.ttl", "b/z.ttl", "b.ttl"]
    with pytest.raises(KnowledgeError, match=r"\*\*/\*\.rq"):
        resources.files("seeds", "**/*.rq")
