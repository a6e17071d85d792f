"""The units of a form by their tokens on the wire, the usual ones first."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.pages.texts import Text

LINEAR: Mapping[str, Text] = {
    "esriMeters": Text("Meters"),
    "esriKilometers": Text("Kilometers"),
    "esriMiles": Text("Miles (US survey)"),
    "esriIntMiles": Text("Miles (international)"),
    "esriFeet": Text("Feet (US survey)"),
    "esriIntFeet": Text("Feet (international)"),
    "esriYards": Text("Yards (US survey)"),
    "esriIntYards": Text("Yards (international)"),
    "esriInches": Text("Inches (US survey)"),
    "esriIntInches": Text("Inches (international)"),
    "esriNauticalMiles": Text("Nautical miles (US, before 1954)"),
    "esriIntNauticalMiles": Text("Nautical miles (international)"),
    "esriCentimeters": Text("Centimeters"),
    "esriMillimeters": Text("Millimeters"),
    "esriDecimeters": Text("Decimeters"),
    "esriPoints": Text("Points"),
    "esriDecimalDegrees": Text("Decimal degrees"),
    "esriUnknownUnits": Text("Unknown units"),
}
"""Units of length. The nautical mile of 1853.248 m was that of the United States until 1954."""

AREAL: Mapping[str, Text] = {
    "esriSquareMeters": Text("Square meters"),
    "esriSquareKilometers": Text("Square kilometers"),
    "esriHectares": Text("Hectares"),
    "esriAres": Text("Ares"),
    "esriAcres": Text("Acres (international)"),
    "esriAcresUS": Text("Acres (US survey)"),
    "esriSquareMiles": Text("Square miles (international)"),
    "esriSquareMilesUS": Text("Square miles (US survey)"),
    "esriSquareFeet": Text("Square feet (international)"),
    "esriSquareFeetUS": Text("Square feet (US survey)"),
    "esriSquareYards": Text("Square yards (international)"),
    "esriSquareYardsUS": Text("Square yards (US survey)"),
    "esriSquareInches": Text("Square inches (international)"),
    "esriSquareInchesUS": Text("Square inches (US survey)"),
    "esriSquareDecimeters": Text("Square decimeters"),
    "esriSquareCentimeters": Text("Square centimeters"),
    "esriSquareMillimeters": Text("Square millimeters"),
    "esriUnknownAreaUnits": Text("Unknown units"),
}
"""Units of area."""

TIME: Mapping[str, Text] = {
    "esriTimeUnitsDays": Text("Days"),
    "esriTimeUnitsHours": Text("Hours"),
    "esriTimeUnitsMinutes": Text("Minutes"),
    "esriTimeUnitsSeconds": Text("Seconds"),
    "esriTimeUnitsMilliseconds": Text("Milliseconds"),
    "esriTimeUnitsWeeks": Text("Weeks"),
    "esriTimeUnitsMonths": Text("Months"),
    "esriTimeUnitsYears": Text("Years"),
    "esriTimeUnitsDecades": Text("Decades"),
    "esriTimeUnitsCenturies": Text("Centuries"),
    "esriTimeUnitsUnknown": Text("Unknown units"),
}
"""Units of time."""
