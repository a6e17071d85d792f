"""A project as `gpserverless init` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

import gpserverless
from gpserverless.project.new import make_project
from gpserverless.project.project import Project, find_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "a folder" / "rivers"
    make_project(folder, gpserverless.__version__)
    return find_project(folder)
