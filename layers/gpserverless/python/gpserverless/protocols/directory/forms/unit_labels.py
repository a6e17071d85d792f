"""The units of a form by their tokens on the wire, the usual ones first."""

from __future__ import annotations

from collections.abc import Mapping

LINEAR: Mapping[str, str] = {
    "esriMeters": "Meters",
    "esriKilometers": "Kilometers",
    "esriMiles": "Miles (US survey)",
    "esriIntMiles": "Miles (international)",
    "esriFeet": "Feet (US survey)",
    "esriIntFeet": "Feet (international)",
    "esriYards": "Yards (US survey)",
    "esriIntYards": "Yards (international)",
    "esriInches": "Inches (US survey)",
    "esriIntInches": "Inches (international)",
    "esriNauticalMiles": "Nautical miles (US, before 1954)",
    "esriIntNauticalMiles": "Nautical miles (international)",
    "esriCentimeters": "Centimeters",
    "esriMillimeters": "Millimeters",
    "esriDecimeters": "Decimeters",
    "esriPoints": "Points",
    "esriDecimalDegrees": "Decimal degrees",
    "esriUnknownUnits": "Unknown units",
}
"""Units of length. The nautical mile of 1853.248 m was that of the United States until 1954."""

AREAL: Mapping[str, str] = {
    "esriSquareMeters": "Square meters",
    "esriSquareKilometers": "Square kilometers",
    "esriHectares": "Hectares",
    "esriAres": "Ares",
    "esriAcres": "Acres (international)",
    "esriAcresUS": "Acres (US survey)",
    "esriSquareMiles": "Square miles (international)",
    "esriSquareMilesUS": "Square miles (US survey)",
    "esriSquareFeet": "Square feet (international)",
    "esriSquareFeetUS": "Square feet (US survey)",
    "esriSquareYards": "Square yards (international)",
    "esriSquareYardsUS": "Square yards (US survey)",
    "esriSquareInches": "Square inches (international)",
    "esriSquareInchesUS": "Square inches (US survey)",
    "esriSquareDecimeters": "Square decimeters",
    "esriSquareCentimeters": "Square centimeters",
    "esriSquareMillimeters": "Square millimeters",
    "esriUnknownAreaUnits": "Unknown units",
}
"""Units of area."""

TIME: Mapping[str, str] = {
    "esriTimeUnitsDays": "Days",
    "esriTimeUnitsHours": "Hours",
    "esriTimeUnitsMinutes": "Minutes",
    "esriTimeUnitsSeconds": "Seconds",
    "esriTimeUnitsMilliseconds": "Milliseconds",
    "esriTimeUnitsWeeks": "Weeks",
    "esriTimeUnitsMonths": "Months",
    "esriTimeUnitsYears": "Years",
    "esriTimeUnitsDecades": "Decades",
    "esriTimeUnitsCenturies": "Centuries",
    "esriTimeUnitsUnknown": "Unknown units",
}
"""Units of time."""
