"""An upgrade changes the pins of the package, after the version is installed, and nothing else."""

from __future__ import annotations

import pytest

import gpserverless
from gpserverless.errors import CommandError
from gpserverless.project import upgrade
from gpserverless.project.project import Project
from gpserverless.project.upgrade import upgrade_project


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is installed; the version that is there afterwards is this one."""
    wanted: list[str] = []
    monkeypatch.setattr(upgrade, "install", wanted.extend)
    monkeypatch.setattr(upgrade, "ask_version", lambda: gpserverless.__version__)
    return wanted


def pin(project: Project, version: str) -> str:
    file = project.root / "pyproject.toml"
    text = file.read_text("utf-8").replace(f"=={gpserverless.__version__}", f"=={version}")
    file.write_text(text, "utf-8")
    return text


def test_newest_is_installed_and_pinned(project: Project, installed: list[str]) -> None:
    pin(project, "0.0.9")
    assert upgrade_project(project) == ("0.0.9", gpserverless.__version__)
    assert installed == ["--upgrade", "gpserverless", "gpserverless[local,deploy,vector]"]
    text = (project.root / "pyproject.toml").read_text("utf-8")
    assert text.count(f"=={gpserverless.__version__}") == 2
    assert "0.0.9" not in text


def test_version_is_asked_for(project: Project, installed: list[str]) -> None:
    upgrade_project(project, "1.2.3")
    assert installed == ["--upgrade", "gpserverless==1.2.3", "gpserverless[local,deploy,vector]==1.2.3"]


@pytest.mark.parametrize("version", ["newest", "1.0; import os", "--index-url"])
def test_text_that_is_no_version_is_refused(version: str, project: Project, installed: list[str]) -> None:
    with pytest.raises(CommandError, match="is no version"):
        upgrade_project(project, version)
    assert installed == []


def test_version_that_cannot_be_installed_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(requirements: list[str]) -> None:
        raise CommandError("it cannot be installed")

    monkeypatch.setattr(upgrade, "install", fail)
    before = pin(project, "0.0.9")
    with pytest.raises(CommandError):
        upgrade_project(project, "9.9.9")
    assert (project.root / "pyproject.toml").read_text("utf-8") == before


def test_project_without_a_pin_is_told(project: Project, installed: list[str]) -> None:
    (project.root / "pyproject.toml").write_text('[project]\nname = "rivers"\n', "utf-8")
    with pytest.raises(CommandError, match="has no requirement such as"):
        upgrade_project(project)
