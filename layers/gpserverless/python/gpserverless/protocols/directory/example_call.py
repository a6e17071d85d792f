"""An example of a call of a task: a small value for each required input, as a command.

A tool says by `Field(examples=[…])` where not just any value of the type makes sense.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import orjson

from gpserverless.datatypes.base import DataType
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

_PLACE = [13.5, 52.37]
_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "esriGeometryPoint": {"x": _PLACE[0], "y": _PLACE[1]},
    "esriGeometryMultipoint": {"points": [_PLACE]},
    "esriGeometryPolyline": {"paths": [[_PLACE, [13.6, 52.4]]]},
    "esriGeometryPolygon": {"rings": [[[13, 52], [13, 53], [14, 53], [14, 52], [13, 52]]]},
}
_VALUES: Mapping[str, str] = {
    "GPBoolean": "true",
    "GPStringHidden": "secret",
    "GPSQLExpression": "POP > 1000",
    "GPDate": "2026-11-21T08:30:00",
    "GPLinearUnit": "5 Kilometers",
    "GPArealUnit": "3 SquareKilometers",
    "GPTimeUnit": "3 Days",
    "Field": "NAME",
    "GPSpatialReference": "3857",
    "GPCoordinateSystem": "3857",
    "GPExtent": '{"xmin":13,"ymin":52,"xmax":14,"ymax":53,"spatialReference":{"wkid":4326}}',
    "GPEnvelope": '{"xmin":13,"ymin":52,"xmax":14,"ymax":53,"spatialReference":{"wkid":4326}}',
    "GPRecordSet": '{"features":[{"attributes":{"NAME":"A","POP":1200}}]}',
    "GPDataFile": '{"url":"https://gis.example.org/places.csv"}',
    "GPRasterData": '{"url":"https://gis.example.org/heights.tif"}',
    "GPRasterDataLayer": '{"url":"https://gis.example.org/heights.tif"}',
}
"""A value of each data type that has no settings, by its name on the wire."""


def write_example(service: ServiceSpec, task: TaskSpec, url: str) -> str:
    """Return a curl command that calls a task with its required inputs.

    Args:
        service: The service.
        task: The task.
        url: URL of the task.
    """
    operation = "execute" if service.execution == "sync" else "submitJob"
    fields = "".join(
        f" \\\n    --data-urlencode {shlex.quote(f'{name}={value}')}"
        for name, value in list_values(task).items()
    )
    return f"curl -sL {shlex.quote(f'{url}/{operation}')} -d f=json{fields}"


def list_values(task: TaskSpec) -> dict[str, str]:
    """Return a wire value for each input of a task that is required or has an example, by its name.

    Args:
        task: The task.
    """
    shown = (each for each in task.inputs if each.required or each.example is not None)
    return {each.name: _write_value(each) for each in shown}


def _write_value(parameter: Parameter) -> str:
    example = parameter.example
    if example is None:
        return make_value(parameter.data_type)
    return example if isinstance(example, str) else orjson.dumps(example).decode()


def make_value(data_type: DataType) -> str:
    """Return a small value of a data type, as a caller writes it into a field.

    Args:
        data_type: The data type, with the settings of a parameter.
    """
    described = data_type.describe()
    if data_type.name.startswith("GPMultiValue:"):
        return _write_list(
            [_value_of_name(data_type.name.removeprefix("GPMultiValue:"), data_type, described)]
        )
    if data_type.name.startswith("GPValueTable"):
        columns = described["parameterInfos"]
        return _write_list([[_value_of_name(each["dataType"], data_type, each) for each in columns]])
    return _value_of_name(data_type.name, data_type, described)


def _value_of_name(name: str, data_type: DataType, described: Mapping[str, Any]) -> str:
    if described.get("choiceList") and name != "GPFeatureRecordSetLayer":
        return str(described["choiceList"][0])
    if name == "GPFeatureRecordSetLayer":
        accepted = described.get("filter", {}).get("list", ["esriGeometryPoint"])
        return _write_features(accepted[0])
    if name in ("GPLong", "GPDouble"):
        return f"{described.get('filter', {}).get('minimum', 5):g}"
    return _VALUES.get(name) or _first_form(data_type)


def _first_form(data_type: DataType) -> str:
    """Return the first form of a text or of one of several types that its parameter names."""
    forms = {"a WKID": "3857", '{"distance"': "5 Kilometers", '{"area"': "3 SquareKilometers"}
    return next((value for start, value in forms.items() if data_type.accepted.startswith(start)), "NAME")


def _write_features(geometry_type: str) -> str:
    feature = {"attributes": {"NAME": "A", "POP": 1200}, "geometry": _SHAPES[geometry_type]}
    document = {"spatialReference": {"wkid": 4326}, "features": [feature]}
    return orjson.dumps(document).decode()


def _write_list(values: list[Any]) -> str:
    return orjson.dumps(values).decode()
