"""Areas and spans of time: sizes, and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.areal_units import ArealUnit
from gpserverless.values.time_units import TimeUnit

SQUARE_METRES = [  # NIST Special Publication 811, appendix B.8
    ("SquareInches", 6.4516e-4),
    ("SquareFeet", 0.09290304),
    ("SquareYards", 0.83612736),
    ("Acres", 4046.8564224),
    ("SquareMiles", 2_589_988.110336),
    ("AcresUS", 4046.87260987425),
    ("SquareFeetUS", 0.0929034116132749),
    ("Ares", 100.0),
    ("Hectares", 1e4),
    ("SquareDecimeters", 0.01),
]


@pytest.mark.parametrize(("unit", "size"), SQUARE_METRES)
def test_areas_in_square_metres(unit: str, size: float) -> None:
    assert ArealUnit.parse(f"1 {unit}").square_metres == pytest.approx(size, rel=1e-12)
    assert ArealUnit(size, "esriSquareMeters").to(unit) == pytest.approx(1, rel=1e-12)


def test_an_unknown_area_has_no_size() -> None:
    with pytest.raises(InvalidValue, match="esriUnknownAreaUnits cannot be turned into esriSquareMeters"):
        _ = ArealUnit(1).square_metres


AFTER = [
    ("1 Months", "2024-01-31", "2024-02-29"),
    ("-1 Months", "2023-03-31", "2023-02-28"),
    ("1.5 Years", "2024-01-31", "2025-07-31"),
    ("1 Century", "2000-02-29", "2100-02-28"),
    ("1 Decade", "2000-02-29", "2010-02-28"),
    ("2 Weeks", "2024-02-20", "2024-03-05"),
    ("48 Hours", "2024-02-28", "2024-03-01"),
]


@pytest.mark.parametrize(("span", "start", "end"), AFTER)
def test_spans_are_counted_in_the_calendar(span: str, start: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert TimeUnit.parse(span).after(moment) == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        ("1.3 Months", "not a whole number of months"),
        ("1 Unknown", "has no fixed length"),
        ("90 Centuries", "out of the calendar"),
        ("1e300 Days", "out of the calendar"),
    ],
)
def test_what_has_no_place_in_the_calendar(span: str, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        TimeUnit.parse(span).after(datetime(2024, 1, 1, tzinfo=UTC))


def test_only_fixed_spans_have_seconds() -> None:
    assert TimeUnit.parse("1 Week").seconds == 604_800
    assert TimeUnit.parse("5 Milliseconds").seconds == 0.005
    with pytest.raises(InvalidValue, match="esriTimeUnitsMonths has no fixed length"):
        _ = TimeUnit.parse("1 Month").seconds
