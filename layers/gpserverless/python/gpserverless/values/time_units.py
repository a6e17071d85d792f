"""Spans of time with their unit, as ArcGIS names them."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.quantities import find_unit_token, require_finite, split_quantity

PREFIX = "esriTimeUnits"
UNKNOWN_TIME = "esriTimeUnitsUnknown"

SECONDS_PER_UNIT: Mapping[str, float] = MappingProxyType(
    {
        "esriTimeUnitsMilliseconds": 0.001,
        "esriTimeUnitsSeconds": 1.0,
        "esriTimeUnitsMinutes": 60.0,
        "esriTimeUnitsHours": 3600.0,
        "esriTimeUnitsDays": 86_400.0,
        "esriTimeUnitsWeeks": 604_800.0,
    }
)
"""Seconds in one of each unit of fixed length."""

MONTHS_PER_UNIT: Mapping[str, int] = MappingProxyType(
    {
        "esriTimeUnitsMonths": 1,
        "esriTimeUnitsYears": 12,
        "esriTimeUnitsDecades": 120,
        "esriTimeUnitsCenturies": 1200,
    }
)
"""Months in one of each unit that depends on the calendar."""

TIME_UNITS = (*SECONDS_PER_UNIT, *MONTHS_PER_UNIT, UNKNOWN_TIME)
"""Every token that a span of time may carry."""

_ACCEPTED = "a unit such as esriTimeUnitsMinutes, esriTimeUnitsDays or esriTimeUnitsMonths"
_BY_WORD = {token.removeprefix(PREFIX).lower(): token for token in TIME_UNITS}
_BY_WORD |= {word.removesuffix("s"): token for word, token in _BY_WORD.items()}
_BY_WORD["century"] = "esriTimeUnitsCenturies"


def find_time_unit(text: str) -> str:
    """Find the ArcGIS token of a unit of time.

    Args:
        text: A token in any letter case, or a word in singular or plural: "esriTimeUnitsDays", "days", "Day".

    Raises:
        InvalidValue: There is no such unit.
    """
    return find_unit_token(text, _BY_WORD, PREFIX, _ACCEPTED)


@dataclass(frozen=True)
class TimeUnit:
    """A span of time and its unit.

    Attributes:
        time: Any finite number.
        units: A token of `TIME_UNITS`; any other spelling is replaced by its token.

    Example:
        >>> TimeUnit(3, "months")
        TimeUnit(time=3.0, units='esriTimeUnitsMonths')
    """

    time: float
    units: str = UNKNOWN_TIME

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", find_time_unit(self.units))
        object.__setattr__(self, "time", require_finite(self.time, "the time"))

    @property
    def seconds(self) -> float:
        """The span in seconds.

        Raises:
            InvalidValue: The unit is unknown, or a month or longer: these have no fixed length.

        Example:
            >>> TimeUnit(1.5, "hours").seconds
            5400.0
        """
        if self.units not in SECONDS_PER_UNIT:
            raise InvalidValue(
                f"{self.units} has no fixed length", "units from esriTimeUnitsMilliseconds to Weeks"
            )
        return self.time * SECONDS_PER_UNIT[self.units]

    def after(self, moment: datetime) -> datetime:
        """Add the span to a moment; a negative span leads to an earlier one.

        Months and longer units are counted in the calendar: one month after 31 January is the last day of
        February. They must be whole months.

        Args:
            moment: The moment to start from.

        Raises:
            InvalidValue: The unit is unknown, the months are not whole, or the calendar ends before.

        Example:
            >>> from datetime import datetime
            >>> TimeUnit(1, "Month").after(datetime(2027, 1, 31))
            datetime.datetime(2027, 2, 28, 0, 0)
        """
        try:
            if self.units not in MONTHS_PER_UNIT:
                return moment + timedelta(seconds=self.seconds)
            months = self.time * MONTHS_PER_UNIT[self.units]
            if months != int(months):
                raise InvalidValue(f"{self.time:g} {self.units} is not a whole number of months", "1 or 2.0")
            year, month = divmod(moment.year * 12 + moment.month - 1 + int(months), 12)
            longest = calendar.monthrange(year, month + 1)[1]
            return moment.replace(year=year, month=month + 1, day=min(moment.day, longest))
        except (OverflowError, ValueError):
            raise InvalidValue("it leads out of the calendar", "years 1 to 9999") from None

    @classmethod
    def parse(cls, text: str) -> TimeUnit:
        """Parse a text such as "3 Months" or "1 Day".

        Args:
            text: A number and a unit of time, with a space between them.

        Raises:
            InvalidValue: The text is no number with a unit of time.

        Example:
            >>> TimeUnit.parse("2 Weeks")
            TimeUnit(time=2.0, units='esriTimeUnitsWeeks')
        """
        return cls(*split_quantity(text, 'a number and a unit, such as "3 Months"'))

    def to_json(self) -> dict[str, Any]:
        """Return `{"time": …, "units": …}`.

        Example:
            >>> TimeUnit(2, "days").to_json()
            {'time': 2.0, 'units': 'esriTimeUnitsDays'}
        """
        return {"time": self.time, "units": self.units}
