"""Areas and their units: their size in square metres."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.areal_units import ArealUnit

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
def test_areal_units_have_their_square_metres(unit: str, size: float) -> None:
    assert ArealUnit.parse(f"1 {unit}").square_metres == pytest.approx(size, rel=1e-12)
    assert ArealUnit(size, "esriSquareMeters").to(unit) == pytest.approx(1, rel=1e-12)


def test_unknown_areal_unit_has_no_square_metres() -> None:
    with pytest.raises(InvalidValue, match="esriUnknownAreaUnits cannot be turned into esriSquareMeters"):
        _ = ArealUnit(1).square_metres
