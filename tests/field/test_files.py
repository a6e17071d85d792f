"""Files of the kinds that people have are read right or refused in clear words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.field.outcome_expectations import find_deviation
from tests.field.site import DATA, FieldSite

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldSite]:
    made = FieldSite(Path(tmp_path_factory.mktemp("field")))
    yield made
    made.close()


@pytest.mark.parametrize("name", CASES)
def test_file_is_read_right_or_refused(name: str, site: FieldSite) -> None:
    case = CASES[name]
    outcome = site.perform(case)
    deviations = [find_deviation(outcome, each) for each in case.get("any", [case.get("expect")])]
    assert not all(deviations), f"{case['why']}\n{deviations[0]}"
