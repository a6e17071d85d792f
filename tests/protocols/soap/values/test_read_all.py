"""Values by position: one for each input, cut off at the end, or one for each parameter."""

from __future__ import annotations

import pytest

from gpserverless.datatypes.quantities import GPLinearUnit
from gpserverless.datatypes.scalars import GPLong, GPString
from gpserverless.errors import InvalidParameter, RequestError
from gpserverless.protocols.soap.values.read_all import read_values
from gpserverless.toolkit.spec import Parameter, TaskSpec
from tests.protocols.soap.values.messages import parse

TASK = TaskSpec(
    "Reach",
    "Reach",
    "",
    (
        Parameter("name", "Name", "", GPString()),
        Parameter("distance", "Distance", "", GPLinearUnit()),
        Parameter("count", "Count", "", GPLong()),
        Parameter("result", "Result", "", GPLong(), "output"),
        Parameter("note", "Note", "", GPString(), "output"),
    ),
)

NIL = '<GPValue xsi:nil="true"/>'
EMPTY = '<GPValue xsi:type="tns:GPLinearUnit"/>'
NAME = '<GPValue xsi:type="tns:GPString"><Value>a</Value></GPValue>'
DISTANCE = '<GPValue xsi:type="tns:GPLinearUnit"><Value>5</Value><Units>esriMiles</Units></GPValue>'
COUNT = '<GPValue xsi:type="tns:GPLong"><Value>7</Value></GPValue>'

MILES = '{"distance":"5","units":"esriMiles"}'
ALL = {"name": "a", "distance": MILES, "count": "7"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (NAME + DISTANCE + COUNT, ALL),
        ("", {}),
        (NAME, {"name": "a"}),
        (NIL + EMPTY + COUNT, {"count": "7"}),
        (NIL + NIL + NIL, {}),
        (NAME + DISTANCE + COUNT + NIL, ALL),
        (NAME + DISTANCE + COUNT + NIL + EMPTY + NIL + NIL, ALL),
        (NAME + DISTANCE + COUNT + COUNT + NAME, ALL),
        (NAME + DISTANCE + COUNT + NIL + NAME, ALL),
    ],
)
def test_values_stand_for_the_inputs_in_order(values: str, expected: dict[str, str]) -> None:
    assert read_values(TASK, parse(f'<Values xsi:type="tns:GPValues">{values}</Values>')) == expected


def test_no_list_of_values_gives_none() -> None:
    assert read_values(TASK, None) == {}
    assert read_values(TASK, parse('<Values xsi:nil="true"/>')) == {}


@pytest.mark.parametrize("surplus", [COUNT, COUNT + COUNT + COUNT, NIL + NIL + COUNT])
def test_more_values_than_inputs_are_refused(surplus: str) -> None:
    with pytest.raises(RequestError, match=r"There are \d values for the 3 inputs of Reach\."):
        read_values(TASK, parse(f"<Values>{NAME}{DISTANCE}{COUNT}{surplus}</Values>"))


def test_a_shifted_value_is_refused_with_the_name_of_its_parameter() -> None:
    with pytest.raises(InvalidParameter, match="Parameter 'count': a value of the type 'GPLinearUnit'"):
        read_values(TASK, parse(f"<Values>{NAME}{NIL}{DISTANCE}</Values>"))
