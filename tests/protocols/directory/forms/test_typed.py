"""Code beside a form that is shown again has the values that were typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.http.response import Response
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.typed import ELLIPSIS, MOST_IN_CODE, write_typed
from tests.protocols.directory.forms.conftest import Site, make_task
from tests.protocols.directory.html_page import read_page

TASK = make_task(
    {
        "name": "Places",
        "dataType": "GPFeatureRecordSetLayer",
        "defaultValue": {"geometryType": "esriGeometryPoint", "features": []},
        "parameterType": "esriGPParameterTypeRequired",
    },
    {"name": "Distance", "dataType": "GPLinearUnit", "defaultValue": {"distance": 1, "units": "esriMeters"}},
    {"name": "Count", "dataType": "GPLong", "defaultValue": 3},
    {"name": "Names", "dataType": "GPMultiValue:GPString"},
    {"name": "Secret", "dataType": "GPStringHidden", "defaultValue": ""},
)


def typed(**fields: str | Sequence[str]) -> dict[str, str]:
    texts = {
        name.replace("__", "."): [value] if isinstance(value, str) else value
        for name, value in fields.items()
    }
    return write_typed(TASK, Parts.of(texts))


def shell_values(body: bytes) -> dict[str, str]:
    """Return the values that the lines of curl show, by parameter."""
    curl = read_page(body).find("pre", data_snippet="curl")
    lines = [line for line in curl.find_all("span", data_line=None) if "hidden" not in line.attributes]
    return {line.attributes["data-line"]: line.find("span", data_value=None).text for line in lines}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"Count": "7"}, {"Count": "7"}),
        ({"count": "7"}, {"Count": "7"}),
        ({"Count": ""}, {"Count": ""}),
        ({"Count": "seven"}, {"Count": "seven"}),
        ({"Places": ""}, {}),
        (
            {"Distance__number": "5", "Distance__units": "esriMiles"},
            {"Distance": '{"distance":5.0,"units":"esriMiles"}'},
        ),
        ({"Distance": "5 Miles"}, {"Distance": "5 Miles"}),
        ({"Names": ["a", "b"], "Names__each": "1"}, {"Names": '["a","b"]'}),
        ({"Names": ["a", "b"]}, {"Names": '["a","b"]'}),
        ({"Secret": "hush"}, {}),
        ({"Places": "x" * (MOST_IN_CODE + 1), "Count": "7"}, {"Places": ELLIPSIS, "Count": "7"}),
    ],
)
def test_values_are_those_of_the_wire(fields: Any, expected: dict[str, str]) -> None:
    assert typed(**fields) == expected


def test_csv_that_is_shown_as_json_is_json_in_code_too() -> None:
    found = typed(Places="name,x,y\nBonn,700000,560000\n")["Places"]
    assert found.startswith("{")


@pytest.mark.parametrize("fields", [[("form", "1")], [("Distance.number", "far")]])
def test_form_that_is_shown_again_has_what_was_typed(fields: list[tuple[str, str]]) -> None:
    """By a link, and after a mistake elsewhere."""
    answer = Site(TASK).ask([("f", "html"), *fields, ("Count", "7"), ("Secret", "hush")])
    assert isinstance(answer, Response)
    values = shell_values(answer.body)
    assert values["Count"] == "7"
    assert values["Places"].startswith('{"geometryType"'), "an example for what is needed and not there yet"
    assert "hush" not in str(values)


def test_mistake_that_the_task_finds_leaves_the_values() -> None:
    error = InvalidParameter("Count", "it is odd", "an even number")
    page = Site(TASK).draw_error([("f", "html"), ("Count", "7"), ("Places", "Cities")], error)
    values = shell_values(page.encode())
    assert (values["Places"], values["Count"]) == ("Cities", "7")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 900 + "]" * 900, "NaN", "-Infinity", "1" * 5_000, '{"a":']
)
def test_code_is_code_whatever_was_typed(text: str) -> None:
    answer = Site(TASK).ask([("f", "html"), ("form", "1"), ("Places", text)])
    assert isinstance(answer, Response)
    python = read_page(answer.body).find("pre", data_snippet="arcgis-python").find("code").text
    line = re.search(r"places=FeatureSet.from_dict\((.*)\),", python)
    assert line is not None
    assert ast.literal_eval(line[1]) is not None
