"""A new project or tool is there as a whole, or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import gpserverless
from gpserverless.errors import CommandError
from gpserverless.project.new import make_project, make_tool
from gpserverless.project.project import Project, find_project

BAD_NAMES = [
    ("2rivers", "cannot be named '2rivers'"),
    ("my-rivers", "cannot be named 'my-rivers'"),
    ("Rivers", "cannot be named 'Rivers'"),
    ("my rivers", "cannot be named 'my rivers'"),
    ("_rivers", "cannot be named '_rivers'"),
    ("rivers_", "cannot be named 'rivers_'"),
    ("class", "no Python keyword"),
    ("flüsse", "cannot be named 'flüsse'"),
    ("json", "a module that tools import is named so"),
    ("toolboxes", "a module that tools import is named so"),
    ("r" * 61, "60 are the most"),
]


def test_project_has_all_its_files(project: Project) -> None:
    found = {str(path.relative_to(project.root)) for path in project.root.rglob("*") if path.is_file()}
    assert found == {
        ".github/workflows/ci.yml",
        ".gitignore",
        "README.md",
        "pyproject.toml",
        "samconfig.toml",
        "tests/test_buffer_points.py",
        "toolboxes/__init__.py",
        "toolboxes/rivers/__init__.py",
        "toolboxes/rivers/buffer_points.py",
    }


def test_project_needs_this_version_and_nothing_else(project: Project) -> None:
    document = tomllib.loads((project.root / "pyproject.toml").read_text("utf-8"))
    assert document["project"]["dependencies"] == [f"gpserverless=={gpserverless.__version__}"]
    assert project.requirements == ()


def test_stack_is_named_like_the_project_in_the_letters_of_aws(tmp_path: Path) -> None:
    make_project(tmp_path / "big_rivers", "1.0")
    samconfig = tomllib.loads((tmp_path / "big_rivers/samconfig.toml").read_text("utf-8"))
    assert samconfig["prod"]["deploy"]["parameters"]["stack_name"] == "big-rivers"


@pytest.mark.parametrize(("name", "told"), BAD_NAMES)
def test_bad_name_of_a_project_leaves_nothing(name: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=told):
        make_project(tmp_path / name, "1.0")
    assert list(tmp_path.iterdir()) == []


def test_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rivers").mkdir()
    (tmp_path / "rivers/notes.txt").touch()
    with pytest.raises(CommandError, match="is not empty"):
        make_project(tmp_path / "rivers", "1.0")
    assert [path.name for path in tmp_path.rglob("*")] == ["rivers", "notes.txt"]


def test_empty_folder_becomes_the_project(tmp_path: Path) -> None:
    (tmp_path / "rivers").mkdir()
    make_project(tmp_path / "rivers", "1.0")
    assert find_project(tmp_path / "rivers/tests").root == tmp_path / "rivers"
    assert [path.name for path in tmp_path.iterdir()] == ["rivers"]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be made"):
        make_project(tmp_path / "file/rivers", "1.0")


def test_new_tool_in_a_new_toolbox(project: Project) -> None:
    made = make_tool(project, "water", "near_coast")
    assert [str(path.relative_to(project.root)) for path in made] == [
        "toolboxes/water/__init__.py",
        "toolboxes/water/near_coast.py",
        "tests/test_near_coast.py",
    ]
    assert all(path.is_file() for path in made)


@pytest.mark.parametrize(
    ("toolbox", "name"), [("water", "buffer-points"), ("Water", "near_coast"), ("rivers", "")]
)
def test_bad_name_of_a_tool_leaves_nothing(toolbox: str, name: str, project: Project) -> None:
    before = sorted(project.root.rglob("*"))
    with pytest.raises(CommandError, match="cannot be named"):
        make_tool(project, toolbox, name)
    assert sorted(project.root.rglob("*")) == before


def test_tool_that_is_there_is_left_alone(project: Project) -> None:
    file = project.toolboxes / "rivers/buffer_points.py"
    before = file.read_text("utf-8")
    with pytest.raises(CommandError, match="is there already"):
        make_tool(project, "rivers", "buffer_points")
    assert file.read_text("utf-8") == before
