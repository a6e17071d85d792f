"""Names of the types of values: those of REST, and those that every client of SOAP knows.

The types that REST was given later have no known form in SOAP; their values travel as texts.
"""

from __future__ import annotations

MULTI_VALUE = "GPMultiValue"
COMPOSITE = "GPComposite"
TEXT = "GPString"

CLASSIC_TYPES = frozenset(
    {
        "GPString", "GPLong", "GPDouble", "GPBoolean", "GPDate", "GPLinearUnit", "GPRecordSet",
        "GPFeatureRecordSetLayer", "GPDataFile", "GPRasterData", "GPRasterDataLayer", MULTI_VALUE,
    }
)  # fmt: skip
"""The types of values that the schema declares."""

TEXT_TYPES = frozenset({TEXT, "GPStringHidden", "GPSQLExpression"})
"""The types whose values are plain texts."""

_SIMPLE_TYPES = {
    "string": TEXT,
    "boolean": "GPBoolean",
    "int": "GPLong",
    "short": "GPLong",
    "double": "GPDouble",
    "float": "GPDouble",
    "dateTime": "GPDate",
}


def find_value_type(name: str) -> str:
    """Return the type under which a data type travels.

    Args:
        name: Name of the data type in REST: "GPMultiValue:GPLong", "GPArealUnit".
    """
    outer = name.partition(":")[0]
    return outer if outer in CLASSIC_TYPES else TEXT


def find_member_type(name: str) -> str:
    """Return the type under which the elements of a list travel.

    Args:
        name: Name of the list's data type in REST: "GPMultiValue:GPLong".
    """
    return find_value_type(name.partition(":")[2])


def find_sent_type(type_name: str) -> str:
    """Return the type of a value as it was sent; a simple type of XML Schema counts as the value type for it.

    Args:
        type_name: Local part of its `xsi:type`.
    """
    return _SIMPLE_TYPES.get(type_name, type_name)
