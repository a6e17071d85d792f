"""Copies of the sources, made once for all tests of a module."""

from __future__ import annotations

import pytest

from tests.house.source_copy import SourceCopy


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> SourceCopy:
    return SourceCopy.make(tmp_path_factory.mktemp("sources"))
