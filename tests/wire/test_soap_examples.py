"""The examples of docs/how-to/call-from-clients.md over SOAP: one runs, the others name what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local.soap_calls import HEADERS, write_envelope
from tests.wire.conftest import Site

PAGE = (Path(__file__).parents[2] / "docs/how-to/call-from-clients.md").read_text("utf-8")
ROOT = "http://127.0.0.1:8000"
ARCPY, ZEEP, DOTNET = (
    re.search(rf"^##+ {title}\n.*?```{language}\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)[1]  # type: ignore[index]
    for title, language in (("ArcPy", "python"), ("zeep", "python"), (r"\.NET", "csharp"))
)
TOOLBOXES = {alias: name for name, alias in re.findall(r'/arcgis/services;(\S+)", "(\w+)"', ARCPY)}


def test_example_of_zeep_runs(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(ZEEP.replace(ROOT, site.url), names)
    assert capsys.readouterr().out.split() == ["1", "1"], "a zone of each"


@pytest.mark.parametrize(("task", "alias"), re.findall(r"arcpy\.(\w+)_(\w+)\(", ARCPY))
def test_tasks_of_the_example_of_arcpy_are_there(task: str, alias: str, site: Site) -> None:
    service = f"{site.url}/arcgis/services/{TOOLBOXES[alias]}/GPServer"
    body = write_envelope("<tns:GetToolNames/>")
    answer = site.pool.request("POST", service, body=body, headers=dict(HEADERS))
    assert f"<String>{task}</String>" in answer.data.decode()


def test_class_and_types_of_the_example_of_net_are_described(site: Site) -> None:
    wsdl = site.pool.request("GET", f"{site.url}/arcgis/services/Samples/GPServer?wsdl").data.decode()
    created = re.findall(r"new (\w+) ?[({]", DOTNET)
    assert {"Samples_GPServer", "GPString", "GPLinearUnit"} <= set(created)
    for name in (*created, *re.findall(r"\((GP\w+)\)", DOTNET)):
        assert f'name="{name}"' in wsdl
    for units in re.findall(r"esriUnits\.(\w+)", DOTNET):
        assert f'value="{units}"' in wsdl
