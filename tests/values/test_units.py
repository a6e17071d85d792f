"""Lengths and their units: what clients write, and how long it is."""

from __future__ import annotations

import math

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.units import LINEAR_UNITS, METRES_PER_UNIT, LinearUnit, find_linear_unit


@pytest.mark.parametrize(
    ("token", "metres"),
    [
        ("esriMillimeters", 0.001),
        ("esriCentimeters", 0.01),
        ("esriDecimeters", 0.1),
        ("esriMeters", 1.0),
        ("esriKilometers", 1000.0),
        # US survey units: a foot is 1200/3937 m.
        ("esriInches", 100 / 3937),
        ("esriFeet", 1200 / 3937),
        ("esriYards", 3600 / 3937),
        ("esriMiles", 63360 / 39.37),
        ("esriNauticalMiles", 1853.248),
        # International units: an inch is 25.4 mm.
        ("esriIntInches", 0.0254),
        ("esriIntFeet", 0.3048),
        ("esriIntYards", 0.9144),
        ("esriIntMiles", 1609.344),
        ("esriIntNauticalMiles", 1852.0),
        ("esriPoints", 0.0254 / 72),
    ],
)
def test_linear_units_have_their_metres(token: str, metres: float) -> None:
    assert LinearUnit(1, token).metres == pytest.approx(metres, rel=1e-12)
    assert LinearUnit(metres, "esriMeters").to(token) == pytest.approx(1, rel=1e-12)


def test_table_of_linear_units_is_complete() -> None:
    assert len(METRES_PER_UNIT) == 16
    assert set(LINEAR_UNITS) - set(METRES_PER_UNIT) == {"esriUnknownUnits", "esriDecimalDegrees"}


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("esriMeters", "esriMeters"),
        ("ESRIMETERS", "esriMeters"),
        ("esriNauticalmiles", "esriNauticalMiles"),
        ("Meters", "esriMeters"),
        ("metre", "esriMeters"),
        ("Kilometres", "esriKilometers"),
        ("mile", "esriMiles"),
        ("MilesInt", "esriIntMiles"),
        ("International Feet", "esriIntFeet"),
        ("international foot", "esriIntFeet"),
        ("US survey feet", "esriFeet"),
        ("FeetUS", "esriFeet"),
        ("Nautical Mile", "esriNauticalMiles"),
        ("km", "esriKilometers"),
        ("decimal degrees", "esriDecimalDegrees"),
        ("Degree", "esriDecimalDegrees"),
        ("Unknown", "esriUnknownUnits"),
    ],
)
def test_unit_is_found_in_any_spelling(text: str, token: str) -> None:
    assert find_linear_unit(text) == token


@pytest.mark.parametrize("text", ["", "esri", "parsecs", "esriSquareMeters", "s", "meters per second", "米"])
def test_unknown_unit_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        find_linear_unit(text)
    assert "esriMeters" in refusal.value.accepted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 Miles", LinearUnit(5, "esriMiles")),
        ("2.5km", LinearUnit(2.5, "esriKilometers")),
        ("-3 esriFeet", LinearUnit(-3, "esriFeet")),
        (" 1e3 Meters ", LinearUnit(1000, "esriMeters")),
        (".5 yards", LinearUnit(0.5, "esriYards")),
        ("7", LinearUnit(7, "esriMeters")),
    ],
)
def test_text_of_a_number_and_a_unit_is_parsed(text: str, expected: LinearUnit) -> None:
    assert LinearUnit.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "Miles", "five miles", "5 5 miles", "1_000 m", "٣ m", "nan m", "inf", "1e999 m", "0x10 m"]
)
def test_text_without_a_distance_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        LinearUnit.parse(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"distance": 5, "units": "esriMiles"}, LinearUnit(5, "esriMiles")),
        ({"distance": 5}, LinearUnit(5, "esriMeters")),
        ({"distance": 5, "units": ""}, LinearUnit(5, "esriMeters")),
        ({"distance": 5, "units": None}, LinearUnit(5, "esriMeters")),
    ],
)
def test_linear_unit_json_is_read(value: object, expected: LinearUnit) -> None:
    assert LinearUnit.from_json(value) == expected
    assert LinearUnit.from_json(expected.to_json()) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        [],
        {},
        {"units": "esriMeters"},
        {"distance": "5"},
        {"distance": True},
        {"distance": None},
        {"distance": math.inf},
        {"distance": 10**400},
        {"distance": 1, "units": 9001},
        {"distance": 1, "units": "esriFurlongs"},
        {"distance": 1, "units": "esriMeters", "more": 1},
    ],
)
def test_malformed_linear_unit_json_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        LinearUnit.from_json(value)


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("esriMeters", "esriDecimalDegrees"),
        ("esriDecimalDegrees", "esriMeters"),
        ("esriUnknownUnits", "esriMeters"),
    ],
)
def test_lengths_and_angles_are_not_mixed(unit: str, wanted: str) -> None:
    with pytest.raises(InvalidValue):
        LinearUnit(1, unit).to(wanted)


def test_map_units_are_taken_as_they_come() -> None:
    assert LinearUnit(7, "esriUnknownUnits").to("esriFeet") == 7
    assert LinearUnit(7, "esriDecimalDegrees").to("degrees") == 7
