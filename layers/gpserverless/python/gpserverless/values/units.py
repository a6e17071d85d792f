"""Lengths with their unit, as ArcGIS names and sizes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.quantities import require_finite, shorten, split_quantity

UNKNOWN = "esriUnknownUnits"
DEGREES = "esriDecimalDegrees"
METERS = "esriMeters"

_SURVEY_FOOT = 1200 / 3937
_INCH = 0.0254

METRES_PER_UNIT: Mapping[str, float] = MappingProxyType(
    {
        "esriInches": _SURVEY_FOOT / 12,
        "esriPoints": _INCH / 72,
        "esriFeet": _SURVEY_FOOT,
        "esriYards": 3 * _SURVEY_FOOT,
        "esriMiles": 5280 * _SURVEY_FOOT,
        "esriNauticalMiles": 1853.248,
        "esriMillimeters": 0.001,
        "esriCentimeters": 0.01,
        "esriDecimeters": 0.1,
        "esriMeters": 1.0,
        "esriKilometers": 1000.0,
        "esriIntInches": _INCH,
        "esriIntFeet": 12 * _INCH,
        "esriIntYards": 36 * _INCH,
        "esriIntMiles": 63360 * _INCH,
        "esriIntNauticalMiles": 1852.0,
    }
)
"""Metres in one of each unit: feet, yards, miles and inches are those of the US survey (a foot is
1200/3937 m) and the nautical mile the old US one, unless the token says `Int` for international
(ArcGIS Pro, "Length and area units")."""

LINEAR_UNITS = (*METRES_PER_UNIT, DEGREES, UNKNOWN)
"""Every token that a linear unit may carry."""

_ACCEPTED = "a unit such as esriMeters, esriKilometers, esriFeet or esriMiles"
_SHORT = {"m": "meters", "km": "kilometers", "cm": "centimeters", "mm": "millimeters", "ft": "feet"}
_SHORT |= {"yd": "yards", "mi": "miles", "in": "inches", "dd": "decimaldegrees", "degrees": "decimaldegrees"}
_SHORT |= {"foot": "feet", "inch": "inches", "intfoot": "intfeet", "intinch": "intinches"}
_SHORT |= {"degree": "decimaldegrees", "decimaldegree": "decimaldegrees", "unknown": "unknownunits"}
_BY_WORD = {token.removeprefix("esri").lower(): token for token in LINEAR_UNITS}


def find_linear_unit(text: str) -> str:
    """Find the ArcGIS token of a linear unit.

    Args:
        text: A token in any letter case, with or without "esri" ("esriNauticalmiles", "Meters"), or
            a word in singular or plural ("US survey feet", "international mile", "km").

    Raises:
        InvalidValue: There is no such unit.
    """
    word = re.sub(r"[\s_-]", "", text).lower().removeprefix("esri").replace("metre", "meter")
    word = word.replace("international", "int").replace("ussurvey", "").removesuffix("us")
    if word.endswith("int"):
        word = "int" + word.removesuffix("int")
    word = _SHORT.get(word, word)
    token = _BY_WORD.get(word) or _BY_WORD.get(word + "s")
    if token is None:
        raise InvalidValue(f"{shorten(text)} is not a linear unit", _ACCEPTED)
    return token


@dataclass(frozen=True)
class LinearUnit:
    """A distance and its unit.

    Attributes:
        distance: Any finite number.
        units: A token of `LINEAR_UNITS`; any other spelling is replaced by its token.
            esriUnknownUnits means the units of the map, esriDecimalDegrees an angle.

    Example:
        >>> LinearUnit(5, "miles")
        LinearUnit(distance=5.0, units='esriMiles')
        >>> LinearUnit(5)
        LinearUnit(distance=5.0, units='esriMeters')
    """

    distance: float
    units: str = METERS

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", find_linear_unit(self.units))
        object.__setattr__(self, "distance", require_finite(self.distance, "its distance"))

    @property
    def metres(self) -> float:
        """The distance in metres.

        Raises:
            InvalidValue: The unit is an angle or unknown.

        Example:
            >>> LinearUnit(2.5, "esriKilometers").metres
            2500.0
        """
        return self.to(METERS)

    def to(self, units: str) -> float:
        """Convert the distance to another unit.

        Args:
            units: Token or word of the other unit. A distance in esriUnknownUnits keeps its number.

        Raises:
            InvalidValue: One of the two is an angle and the other a length, or a distance in
                esriUnknownUnits is to become metres.

        Example:
            >>> LinearUnit(3, "esriIntFeet").to("esriIntInches")
            36.0
        """
        wanted = find_linear_unit(units)
        if wanted == self.units or UNKNOWN in (self.units, wanted):
            if self.units == UNKNOWN and wanted == METERS:
                raise InvalidValue(f"a distance in {UNKNOWN} has no length in metres", _ACCEPTED)
            return self.distance
        if DEGREES in (self.units, wanted):
            raise InvalidValue(f"a distance in {self.units} cannot be turned into {wanted}", _ACCEPTED)
        return self.distance * METRES_PER_UNIT[self.units] / METRES_PER_UNIT[wanted]

    @classmethod
    def parse(cls, text: str) -> LinearUnit:
        """Parse a text such as "5 Miles" or "2.5 esriKilometers"; a number alone is in metres.

        Args:
            text: A number, and perhaps a linear unit.

        Raises:
            InvalidValue: The text is no number with a unit.

        Example:
            >>> LinearUnit.parse("2.5 kilometers")
            LinearUnit(distance=2.5, units='esriKilometers')
            >>> LinearUnit.parse("5").units
            'esriMeters'
        """
        return cls(*split_quantity(text, 'a number and a unit, such as "5 Miles"', "a distance", METERS))

    @classmethod
    def from_json(cls, value: Any) -> LinearUnit:
        """Read the JSON of a linear unit; without units the distance is in metres.

        Args:
            value: `{"distance": 5, "units": "esriMiles"}`.

        Raises:
            InvalidValue: The value has other members, or a distance or units of another type.

        Example:
            >>> LinearUnit.from_json({"distance": 5, "units": "esriMiles"})
            LinearUnit(distance=5.0, units='esriMiles')
        """
        if not isinstance(value, Mapping) or not {"distance"} <= value.keys() <= {"distance", "units"}:
            raise InvalidValue("it is not a linear unit", '{"distance": <number>, "units": "esriMeters"}')
        distance, units = value["distance"], value.get("units") or METERS
        if isinstance(distance, bool) or not isinstance(distance, int | float):
            raise InvalidValue("its distance is not a number", "a JSON number")
        if not isinstance(units, str):
            raise InvalidValue("its units are not a text", _ACCEPTED)
        return cls(distance, units)

    def to_json(self) -> dict[str, Any]:
        """Return `{"distance": …, "units": …}`.

        Example:
            >>> LinearUnit(5, "km").to_json()
            {'distance': 5.0, 'units': 'esriKilometers'}
        """
        return {"distance": self.distance, "units": self.units}
