"""Areas with their unit, as ArcGIS names and sizes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.quantities import find_unit_token, require_finite, split_quantity

UNKNOWN_AREA = "esriUnknownAreaUnits"

_FOOT = 0.3048
_SURVEY_FOOT = 1200 / 3937

SQUARE_METRES_PER_UNIT: Mapping[str, float] = MappingProxyType(
    {
        "esriSquareInches": (_FOOT / 12) ** 2,
        "esriSquareFeet": _FOOT**2,
        "esriSquareYards": (3 * _FOOT) ** 2,
        "esriAcres": 43_560 * _FOOT**2,
        "esriSquareMiles": (5280 * _FOOT) ** 2,
        "esriSquareMillimeters": 1e-6,
        "esriSquareCentimeters": 1e-4,
        "esriSquareDecimeters": 0.01,
        "esriSquareMeters": 1.0,
        "esriAres": 100.0,
        "esriHectares": 10_000.0,
        "esriSquareKilometers": 1_000_000.0,
        "esriSquareInchesUS": (_SURVEY_FOOT / 12) ** 2,
        "esriSquareFeetUS": _SURVEY_FOOT**2,
        "esriSquareYardsUS": (3 * _SURVEY_FOOT) ** 2,
        "esriAcresUS": 43_560 * _SURVEY_FOOT**2,
        "esriSquareMilesUS": (5280 * _SURVEY_FOOT) ** 2,
    }
)
"""Square metres in one of each unit: international feet (0.3048 m) unless the token ends in `US`, which is
the survey foot of 1200/3937 m (NIST Special Publication 811, appendix B.6)."""

AREAL_UNITS = (*SQUARE_METRES_PER_UNIT, UNKNOWN_AREA)
"""Every token that an area may carry."""

_ACCEPTED = "a unit such as esriSquareMeters, esriHectares, esriSquareKilometers or esriAcres"
_SINGULARS = {"inches": "inch", "feet": "foot", "miles": "mile", "yards": "yard", "meters": "meter"}


def _list_words() -> dict[str, str]:
    words = {"unknown": UNKNOWN_AREA, "unknownareaunits": UNKNOWN_AREA}
    for token in SQUARE_METRES_PER_UNIT:
        plural = token.removeprefix("esri").lower()
        words[plural] = token
        stem, survey = plural.removesuffix("us"), "us" if plural.endswith("us") else ""
        end = next((e for e in _SINGULARS if stem.endswith(e)), "")
        words[(stem.removesuffix(end) + _SINGULARS[end] if end else stem[:-1]) + survey] = token
    return words


_BY_WORD = _list_words()


def find_areal_unit(text: str) -> str:
    """Find the ArcGIS token of an areal unit.

    Args:
        text: A token in any letter case, or a word in singular or plural: "esrihectares", "Hectare",
            "SquareFoot".

    Raises:
        InvalidValue: There is no such unit.
    """
    return find_unit_token(text, _BY_WORD, "esri", _ACCEPTED)


@dataclass(frozen=True)
class ArealUnit:
    """An area and its unit.

    Attributes:
        area: Any finite number.
        units: A token of `AREAL_UNITS`; any other spelling is replaced by its token.

    Example:
        >>> ArealUnit(3, "hectares")
        ArealUnit(area=3.0, units='esriHectares')
    """

    area: float
    units: str = UNKNOWN_AREA

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", find_areal_unit(self.units))
        object.__setattr__(self, "area", require_finite(self.area, "the area"))

    @property
    def square_metres(self) -> float:
        """The area in square metres.

        Raises:
            InvalidValue: The unit is unknown.

        Example:
            >>> ArealUnit(3, "esriHectares").square_metres
            30000.0
        """
        return self.to("esriSquareMeters")

    def to(self, units: str) -> float:
        """Convert the area to another unit.

        Args:
            units: Token or word of the other unit.

        Raises:
            InvalidValue: One of the two units is unknown.

        Example:
            >>> ArealUnit(2, "esriSquareKilometers").to("hectares")
            200.0
        """
        wanted = find_areal_unit(units)
        if wanted == self.units:
            return self.area
        if UNKNOWN_AREA in (self.units, wanted):
            raise InvalidValue(f"{self.units} cannot be turned into {wanted}", _ACCEPTED)
        return self.area * SQUARE_METRES_PER_UNIT[self.units] / SQUARE_METRES_PER_UNIT[wanted]

    @classmethod
    def parse(cls, text: str) -> ArealUnit:
        """Parse a text such as "3 SquareKilometers" or "1 Acre".

        Args:
            text: A number and an areal unit, with a space between them.

        Raises:
            InvalidValue: The text is no number with an areal unit.

        Example:
            >>> ArealUnit.parse("3 SquareKilometers")
            ArealUnit(area=3.0, units='esriSquareKilometers')
        """
        return cls(*split_quantity(text, 'a number and a unit, such as "3 SquareKilometers"'))

    def to_json(self) -> dict[str, Any]:
        """Return `{"area": …, "units": …}`.

        Example:
            >>> ArealUnit(1, "Acre").to_json()
            {'area': 1.0, 'units': 'esriAcres'}
        """
        return {"area": self.area, "units": self.units}
