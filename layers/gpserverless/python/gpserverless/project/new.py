"""A new project, and a new tool in one. Either all its files are there afterwards, or none."""

from __future__ import annotations

import keyword
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from gpserverless.errors import AuthoringError, CommandError
from gpserverless.project.project import TOOLBOXES, Project
from gpserverless.toolkit.names import camel_case, check_segment

LONGEST_NAME = 60
"""Most letters of a project's name: names of AWS's resources have it in front, and 128 letters in all."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SAMPLES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "samples"),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - sources, not pages  # nosec B701
)


@dataclass(frozen=True)
class NewFile:
    """A file to write.

    Attributes:
        path: Its path below the folder of the project.
        sample: Its sample.
    """

    path: str
    sample: str


def make_project(folder: Path, version: str) -> list[Path]:
    """Make a project, named like its folder.

    Args:
        folder: The folder, which does not exist or is empty.
        version: The version of gpserverless that it needs.

    Returns:
        The files.

    Raises:
        CommandError: The name is none, or the folder is not empty.
    """
    name = folder.name
    check_name(name, "project")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} is there already and is not empty; choose another name")
    values = {
        "name": name,
        "distribution": name.replace("_", "-"),
        "stack": name.replace("_", "-"),
        "service": camel_case(name),
        "version": version,
    }
    files = _list_project_files(name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-") as made:
            _write(Path(made, name), files, values)
            Path(made, name).rename(folder)  # over an empty folder, or none
    except OSError as error:
        raise CommandError(f"{folder} cannot be made: {error.strerror}") from error
    return [folder / file.path for file in files]


def _list_project_files(name: str) -> list[NewFile]:
    return [
        NewFile("pyproject.toml", "pyproject.toml"),
        NewFile("samconfig.toml", "samconfig.toml"),
        NewFile("README.md", "README.md"),
        NewFile(".gitignore", "gitignore"),
        NewFile(".github/workflows/ci.yml", "ci.yml"),
        NewFile(f"{TOOLBOXES}/__init__.py", "toolboxes.py"),
        NewFile(f"{TOOLBOXES}/{name}/__init__.py", "service.py"),
        NewFile(f"{TOOLBOXES}/{name}/buffer_points.py", "buffer_points.py"),
        NewFile("tests/test_buffer_points.py", "test_buffer_points.py"),
    ]


def make_tool(project: Project, toolbox: str, name: str) -> list[Path]:
    """Make a tool and its test, and the toolbox if it is new.

    Args:
        project: The project.
        toolbox: The folder of the toolbox below the toolboxes.
        name: The name of the function and its file.

    Returns:
        The files.

    Raises:
        CommandError: A name is none, or the tool is there already.
    """
    check_name(toolbox, "toolbox")
    check_name(name, "tool")
    files = [
        NewFile(f"{TOOLBOXES}/{toolbox}/{name}.py", "tool.py"),
        NewFile(f"tests/test_{name}.py", "test_tool.py"),
    ]
    if not (project.toolboxes / toolbox / "__init__.py").exists():
        files.insert(0, NewFile(f"{TOOLBOXES}/{toolbox}/__init__.py", "service.py"))
    places = [_place(project, file) for file in files]
    if found := next((place for place in places if place.exists()), None):
        raise CommandError(f"{found} is there already; choose another name")
    values = {"name": name, "task": camel_case(name), "toolbox": toolbox}
    texts = [
        _render(file.sample, {**values, "name": toolbox} if file.sample == "service.py" else values)
        for file in files
    ]
    _write_all(dict(zip(places, texts, strict=True)))
    return places


def _write_all(texts: Mapping[Path, str]) -> None:
    """Write the text of each file; leave none of them if one cannot be written."""
    written: list[Path] = []
    try:
        for place, text in texts.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            written.append(place)
            place.write_text(text, encoding="utf-8")
    except OSError as error:
        for place in written:
            place.unlink(missing_ok=True)
        failed = written[-1] if written else next(iter(texts))
        raise CommandError(f"{failed} cannot be made: {error}") from error


def check_name(name: str, noun: str) -> None:
    """Check that a name can be a Python package, a service and a part of a stack's name.

    Args:
        name: The name.
        noun: The named thing, for the error.

    Raises:
        CommandError: It cannot.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name.endswith("_") or "__" in name:
        raise CommandError(
            f"the {noun} cannot be named '{name}': use small letters, digits and underscores between them,"
            " a letter first, no Python keyword"
        )
    if len(name) > LONGEST_NAME:
        raise CommandError(f"the {noun}'s name has {len(name)} letters; {LONGEST_NAME} are the most")
    if name in sys.stdlib_module_names or name in ("gpserverless", TOOLBOXES):
        raise CommandError(f"the {noun} cannot be named '{name}': a module that tools import is named so")
    try:
        check_segment(camel_case(name), noun)
    except AuthoringError as error:
        raise CommandError(str(error)) from None


def _place(project: Project, file: NewFile) -> Path:
    root = project.tools if file.path.startswith(f"{TOOLBOXES}/") else project.root
    return root / file.path


def _write(folder: Path, files: Iterable[NewFile], values: Mapping[str, str]) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_render(file.sample, values), encoding="utf-8")


def _render(sample: str, values: Mapping[str, str]) -> str:
    return _SAMPLES.get_template(f"{sample}.jinja").render(values)
