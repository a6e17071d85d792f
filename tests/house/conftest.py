"""What the linter says of the sources with every violation planted in them; linted once for all tests."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.house.source_copy import copy_sources, lint
from tests.house.violations import UNLISTED, VIOLATIONS


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    root = tmp_path_factory.mktemp("sources")
    planted = [(path, lines) for each in VIOLATIONS.values() for _, path, lines, _ in each]
    copy_sources(root, [*planted, *((path, "") for path in UNLISTED)])
    return lint(root)
