"""The reference cases: data in, numbers out, no Python to add one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gpserverless.datatypes.references import LocalFile
from gpserverless.toolkit.call import CallOptions
from tests.tools.checks import CHECKS, Seen
from tests.tools.tool_run import DATA, run_tool

CASES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("cases/*.json")
}
CASES |= {
    case["id"]: case
    for path in Path(__file__).parent.glob("cases/jts/*.json")
    for case in json.loads(path.read_text("utf-8"))["cases"]
}


SERVICES = {
    **dict.fromkeys(("ZonalStatisticsAsTable", "Slope", "Aspect", "HillShade", "Contour", "Idw"), "Raster"),
    **dict.fromkeys(("KernelDensity",), "Raster"),
    "Viewshed": "Elevation",
}
"""Services of the tools that are in another one than Analysis."""


def params(case: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a case; a file is one that has been fetched."""
    given: dict[str, Any] = case["params"]
    return {name: _fetched(v) if isinstance(v, dict) and "file" in v else v for name, v in given.items()}


def _fetched(value: dict[str, str]) -> LocalFile:
    folder, _, name = value["file"].partition("/")
    return LocalFile((DATA if folder == "data" else Path(__file__).parent / folder) / name)


def options(case: dict[str, Any]) -> CallOptions:
    """Return what a case asks beside its parameters."""
    env = case.get("env", {})
    references = (env.get("env:outSR"), env.get("env:processSR"))
    out_sr, process_sr = ({"wkid": wkid} if wkid else None for wkid in references)
    return CallOptions(out_sr, process_sr, env.get("context", {}).get("extent"))


@pytest.mark.parametrize("name", sorted(CASES))
def test_answer_is_the_expected_one(name: str) -> None:
    case = CASES[name]
    service = SERVICES.get(case["tool"], "Analysis")
    run = run_tool(service, case["tool"], params(case), options(case))
    first = next(iter(run.values.values()))
    for check in case["expect"]:
        CHECKS[check["check"]](Seen(first, run.messages, check, case["params"], run.files))


def test_every_case_and_every_check_is_used() -> None:
    used = {check["check"] for case in CASES.values() for check in case["expect"]}
    assert used == set(CHECKS)
    assert len(CASES) >= 23
