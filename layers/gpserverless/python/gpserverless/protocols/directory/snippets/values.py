"""The values that code on a page gives to the parameters of a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.values.json_members import count_members

LIST = "GPMultiValue:"
FEATURES = "GPFeatureRecordSetLayer"
_COORDINATES: Mapping[str, dict[str, Any]] = {
    "esriGeometryPoint": {"x": 7.1, "y": 50.7},
    "esriGeometryMultipoint": {"points": [[7.1, 50.7], [7.2, 50.8]]},
    "esriGeometryPolyline": {"paths": [[[7.1, 50.7], [7.2, 50.8]]]},
    "esriGeometryPolygon": {"rings": [[[7.1, 50.7], [7.1, 50.8], [7.2, 50.8], [7.1, 50.7]]]},
}
_EXAMPLES: Mapping[str, Any] = {
    "GPBoolean": True,
    "GPLong": 1,
    "GPDouble": 1.5,
    "GPString": "text",
    "GPStringHidden": "text",
    "GPSQLExpression": "1=1",
    "GPDate": 1700000000000,
    "GPLinearUnit": {"distance": 10, "units": "esriKilometers"},
    "GPArealUnit": {"area": 10, "units": "esriSquareKilometers"},
    "GPTimeUnit": {"time": 10, "units": "esriTimeUnitsMinutes"},
    "Field": "NAME",
    "GPRecordSet": {"fields": [], "features": []},
    "GPDataFile": {"url": "https://example.org/data.zip"},
    "GPRasterData": {"url": "https://example.org/image.tif"},
    "GPRasterDataLayer": {"url": "https://example.org/image.tif"},
    "GPSpatialReference": {"wkid": 4326},
    "GPCoordinateSystem": {"wkid": 4326},
    "GPExtent": {"xmin": 7, "ymin": 50, "xmax": 8, "ymax": 51, "spatialReference": {"wkid": 4326}},
    "GPEnvelope": {"xmin": 7, "ymin": 50, "xmax": 8, "ymax": 51, "spatialReference": {"wkid": 4326}},
}
"""Values for required inputs without a default."""

_TEXTS = ("GPString", "GPStringHidden", "GPSQLExpression")


@dataclass(frozen=True)
class Given:
    """The value of an input.

    Attributes:
        name: Name of the parameter.
        data_type: Name of its data type.
        value: JSON of the value; None for none.
    """

    name: str
    data_type: str
    value: Any

    @property
    def is_features(self) -> bool:
        """Whether it is one feature set."""
        return self.data_type == FEATURES

    @property
    def is_list(self) -> bool:
        """Whether it is a list or a table."""
        return self.data_type.startswith(("GPMultiValue:", "GPValueTable"))

    @property
    def is_blank(self) -> bool:
        """Whether no value is given."""
        return self.value is None or self.value == ""

    @property
    def shell(self) -> str:
        """The value as the wire has it, between the apostrophes of a shell."""
        if self.is_blank:
            return ""
        text = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
        return text.replace("'", "'\\''")

    @property
    def javascript(self) -> str:
        """The value as a literal of JavaScript."""
        return "undefined" if self.is_blank else json.dumps(self.value, ensure_ascii=False)

    @property
    def python(self) -> str:
        """The value as a literal of Python."""
        return "None" if self.is_blank else _write_python(self.value)


def give_values(task: Mapping[str, Any], values: Mapping[str, str] | None = None) -> list[Given]:
    """Return the value of every input: the one of a form, else the default, else an example if one is needed.

    Args:
        task: Document of the task.
        values: Wire values by name of the parameter; None for none.
    """
    inputs = (p for p in task["parameters"] if p["direction"] == "esriGPParameterDirectionInput")
    return [Given(p["name"], p["dataType"], _choose_value(p, (values or {}).get(p["name"]))) for p in inputs]


def _choose_value(parameter: Mapping[str, Any], given: str | None) -> Any:
    if given is not None:
        return _read(given, parameter["dataType"])
    default = parameter["defaultValue"]
    if parameter["dataType"] == FEATURES and isinstance(default, dict) and not default.get("features"):
        return _example_features(default) if _is_required(parameter) else None
    is_empty = isinstance(default, dict) and default.get("features") == []
    if is_empty or default is None or default in ("", [], {}):
        return _find_example(parameter) if _is_required(parameter) else None
    return default


def _find_example(parameter: Mapping[str, Any]) -> Any:
    if parameter.get("choiceList"):
        return parameter["choiceList"][0]
    data_type = parameter["dataType"]
    if data_type.startswith(LIST):
        element = _EXAMPLES.get(data_type.removeprefix(LIST))
        return None if element is None else [element]
    return _EXAMPLES.get(data_type)


def _is_required(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter["parameterType"] == "esriGPParameterTypeRequired")


def _example_features(empty: Mapping[str, Any]) -> dict[str, Any]:
    kind = empty.get("geometryType", "esriGeometryPoint")
    geometry = _COORDINATES.get(kind, _COORDINATES["esriGeometryPoint"])
    return {
        "geometryType": kind,
        "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {}, "geometry": geometry}],
    }


def _read(text: str, data_type: str) -> Any:
    """Return the value of a text of the wire: JSON, unless it is a text by its type or no JSON.

    JSON that code could not be made of stays a text, such as one with a thousand levels.
    """
    if data_type in _TEXTS:
        return text
    try:
        value = orjson.loads(text)
        count_members(value)
    except (orjson.JSONDecodeError, InvalidValue):
        return text
    return value


def _write_python(value: Any) -> str:
    if isinstance(value, dict):
        members = ", ".join(f"{_write_python(name)}: {_write_python(each)}" for name, each in value.items())
        return f"{{{members}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_write_python, value))}]"
    if value is None or isinstance(value, bool):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
