"""A project is found from any folder in it, and says what its tools need."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpserverless.errors import CommandError
from gpserverless.project.project import Project, find_project, name_requirement
from gpserverless.project.requirements import find_missing
from gpserverless.project.sources import find_sources

ROOT = Path(__file__).parents[2]


def test_project_is_found_from_below(project: Project) -> None:
    assert find_project(project.toolboxes / "rivers") == project


def test_this_repository_is_a_project_whose_tools_lie_in_a_folder() -> None:
    assert find_project(ROOT / "tests").tools == ROOT / "tools"
    assert find_sources() == ROOT


def test_folder_without_a_project_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="`gpserverless init NAME` makes one"):
        find_project(tmp_path)


def test_broken_pyproject_is_told(project: Project) -> None:
    (project.root / "pyproject.toml").write_text("[project\n", "utf-8")
    with pytest.raises(CommandError, match=r"pyproject.toml cannot be read: .*line 1"):
        find_project(project.root)


def test_toolboxes_without_init_are_told(project: Project) -> None:
    (project.toolboxes / "__init__.py").unlink()
    with pytest.raises(CommandError, match=r"has no __init__.py"):
        find_project(project.root)


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("networkx>=3", "networkx"),
        ("Shapely[vectorized] ~= 2.0", "shapely"),
        ("zope.interface", "zope-interface"),
        ("ruamel_yaml ; python_version > '3'", "ruamel-yaml"),
        ("rivers @ https://example.org/rivers.whl", "rivers"),
    ],
)
def test_requirement_names_a_package(requirement: str, name: str) -> None:
    assert name_requirement(requirement) == name


def test_requirements_are_all_but_the_package_itself(project: Project) -> None:
    file = project.root / "pyproject.toml"
    text = file.read_text("utf-8").replace(
        '    "gpserverless==', '    "numpy>=2",\n    "no-such-package-here",\n    "gpserverless=='
    )
    file.write_text(text, "utf-8")
    found = find_project(project.root)
    assert found.requirements == ("numpy>=2", "no-such-package-here")
    assert find_missing(found.requirements) == ["no-such-package-here"]
