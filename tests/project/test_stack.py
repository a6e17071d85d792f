"""The folder that a project is built in has the sources, the project's tools, and nothing for authors."""

from __future__ import annotations

import json

import pytest

from gpserverless.errors import AuthoringError
from gpserverless.project.project import Project
from gpserverless.project.sources import find_sources
from gpserverless.project.stack import NEVER_DEPLOYED, list_packages, make_stack
from local.functions import code_paths
from local.template import Template


def test_stack_has_what_the_template_names(project: Project) -> None:
    stack = make_stack(project)
    template = Template.read(stack / "template.yaml")
    assert all((path / "app.py").is_file() for path in code_paths(template))
    for layer in template.of_type("AWS::Serverless::LayerVersion"):
        assert (stack / layer.properties["ContentUri"] / "Makefile").is_file()


def test_stack_deploys_nothing_that_is_for_authors(project: Project) -> None:
    package = make_stack(project) / "layers/gpserverless/python/gpserverless"
    assert (package / "app/execute.py").is_file()
    assert (package / "pages/static/manifest.json").is_file(), "git does not have them"
    assert not any((package / name).exists() for name in NEVER_DEPLOYED)
    makefile = (find_sources() / "layers/gpserverless/Makefile").read_text("utf-8")
    assert set(NEVER_DEPLOYED) - {"__pycache__"} <= set(makefile.split())


def test_catalogue_is_made_of_the_tools_and_is_not_left_in_the_project(project: Project) -> None:
    stack = make_stack(project)
    catalogue = json.loads((stack / "tools/toolboxes/catalogue.json").read_bytes())
    assert [(each["name"], each["tasks"][0]["name"]) for each in catalogue["services"]] == [
        ("Rivers", "BufferPoints")
    ]
    assert not (project.toolboxes / "catalogue.json").exists()


def test_stack_is_made_anew(project: Project) -> None:
    stale = make_stack(project) / "tools/toolboxes/stale.py"
    stale.touch()
    make_stack(project)
    assert not stale.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "import no_such_module",
            r"buffer_points.py:\d+ imports no_such_module, which is not installed: add it",
        ),
        ("1 / 0", r"buffer_points.py:\d+: ZeroDivisionError: division by zero"),
        ("def (", "SyntaxError"),
        ("from gpserverless import Nonsense", r"buffer_points.py:\d+: ImportError"),
    ],
)
def test_mistake_is_told_with_its_place(line: str, told: str, project: Project) -> None:
    file = project.toolboxes / "rivers/buffer_points.py"
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")
    with pytest.raises(AuthoringError, match=told):
        make_stack(project)


def test_packages_of_a_lock() -> None:
    found = list_packages(find_sources() / "layers/dependencies/requirements.txt")
    assert {"numpy", "shapely", "pydantic-core"} <= set(found)
    assert not {"typer", "rich", "pygments"} & set(found)
