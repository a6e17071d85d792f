"""Installed packages bring toolboxes by an entry point; two of one name are an error that names both."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gpserverless.errors import AuthoringError
from gpserverless.toolkit.toolboxes import discover
from tests.toolkit.test_toolboxes import SERVICE, TOOL

PlugIn = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlugIn]:
    """Install a package with one toolbox, as an installer leaves it."""
    monkeypatch.syspath_prepend(tmp_path)
    packages: list[str] = []

    def install_package(package: str, toolbox: str) -> None:
        packages.append(package)
        information = tmp_path / f"{package}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8"
        )
        (information / "entry_points.txt").write_text(
            f"[gpserverless.toolboxes]\n{package} = {package}\n", "utf-8"
        )
        (tmp_path / package / toolbox).mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / toolbox / "__init__.py").write_text(SERVICE.format("sync"), "utf-8")
        (tmp_path / package / toolbox / "drain.py").write_text(TOOL.format("drain"), "utf-8")
        importlib.invalidate_caches()

    yield install_package
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]


def test_toolbox_of_a_plug_in_is_published_with_our_own(install: PlugIn) -> None:
    before = {box.spec.name for box in discover()}
    install("lake_boxes", "lakes")
    assert {box.spec.name for box in discover()} - before == {"Lakes"}


def test_plug_ins_do_not_come_with_another_package(install: PlugIn, tmp_path: Path) -> None:
    install("lake_boxes", "lakes")
    install("pond_boxes", "ponds")
    assert [box.spec.name for box in discover("pond_boxes")] == ["Ponds"]


@pytest.mark.parametrize(
    ("installed", "told"),
    [
        ([("lake_boxes", "samples")], "'Samples': one of the package 'toolboxes', one of 'lake_boxes'"),
        (
            [("lake_boxes", "water"), ("pond_boxes", "water")],
            "'Water': one of the package 'lake_boxes', one of 'pond_boxes'",
        ),
    ],
)
def test_two_services_of_one_name_are_an_error_that_names_both_packages(
    installed: list[tuple[str, str]], told: str, install: PlugIn
) -> None:
    for package, toolbox in installed:
        install(package, toolbox)
    with pytest.raises(AuthoringError, match=told):
        discover()


def test_folder_without_init_says_how_to_make_it_a_toolbox(install: PlugIn, tmp_path: Path) -> None:
    install("lake_boxes", "lakes")
    (tmp_path / "lake_boxes/ponds").mkdir()
    assert discover("lake_boxes"), "an empty folder is no mistake"
    (tmp_path / "lake_boxes/ponds/drain.py").touch()
    with pytest.raises(AuthoringError, match=r"ponds: it has Python files but no __init__.py.*add one with"):
        discover("lake_boxes")
