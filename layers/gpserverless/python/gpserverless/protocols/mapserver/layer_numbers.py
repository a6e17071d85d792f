"""Numbers of layers: the same in the map of a service and in the maps of its jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gpserverless.caller import Caller
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.toolkit.layers import LAYER_TYPES
from gpserverless.toolkit.spec import Parameter, ServiceSpec

_OBJECT_ID = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}


class LayerOutput(NamedTuple):
    """An output that is a layer of a map.

    Attributes:
        number: Number of the layer.
        task: Name of the task.
        parameter: The output.
    """

    number: int
    task: str
    parameter: Parameter


def number_outputs(service: ServiceSpec, caller: Caller) -> Iterator[LayerOutput]:
    """Yield the outputs of a service that are layers: task by task, in their order.

    Hidden tasks count too, so that a link to a layer is one to the same layer for everybody.

    Args:
        service: The service.
        caller: The caller; outputs of tasks that are hidden from it are left out.
    """
    number = 0
    for task in service.tasks:
        for parameter in task.outputs:
            if parameter.data_type.name in LAYER_TYPES:
                if task.shows_to(caller):
                    yield LayerOutput(number, task.name, parameter)
                number += 1


def describe_output(parameter: Parameter) -> LayerManifest:
    """Return the description of an output before any job: its schema, without rows.

    Args:
        parameter: The output.
    """
    schema: dict[str, Any] = parameter.data_type.empty or {}
    fields = list(schema.get("fields", ()))
    known = next((field for field in fields if field["type"] == _OBJECT_ID["type"]), None)
    others = [field for field in fields if field is not known]
    return LayerManifest(
        name=parameter.title,
        geometry_type=schema.get("geometryType", ""),
        spatial_reference=schema.get("spatialReference"),
        fields=(known or _OBJECT_ID, *others),
        object_id_field=(known or _OBJECT_ID)["name"],
        count=0,
        has_z=bool(schema.get("hasZ")),
        has_m=bool(schema.get("hasM")),
    )
