"""Layer files of outputs: the rows of a result as a map and a feature service read them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gpserverless.caller import Caller
from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GEOMETRY_TYPES, GPFeatureRecordSetLayer
from gpserverless.datatypes.spatial_reference import spatial_reference
from gpserverless.toolkit.call import OutputLayer
from gpserverless.toolkit.spec import Parameter, ServiceSpec

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet, Table

FEATURES = "GPFeatureRecordSetLayer"
ROWS = "GPRecordSet"

LAYER_TYPES = (FEATURES, ROWS)
"""Data types of the outputs that have a layer; a list of feature sets has none."""


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


def prepare_rows(data_type: str, value: Any, options: DumpOptions) -> Any:
    """Return features in the spatial reference of the call's outputs, and any other value as it is.

    The JSON and the layer of an output then hold the same shapes, and the caller is warned once.

    Args:
        data_type: Name of the output's data type.
        value: The value that the tool returned.
        options: The options of the outputs.

    Raises:
        InvalidValue: PROJ does not know one of the two spatial references.
    """
    from gpserverless.features.feature_set import FeatureSet

    if data_type != FEATURES or not isinstance(value, FeatureSet) or options.out_sr is None:
        return value
    return value.project(spatial_reference(dict(options.out_sr)), warn=options.warn)


def is_rows(value: Any) -> bool:
    """Return whether a value is features or rows.

    Args:
        value: The value.
    """
    from gpserverless.features.feature_set import FeatureSet, Table

    return isinstance(value, (FeatureSet, Table))


def write_output_layer(
    parameter: Parameter, data_type: str, value: Any, folder: Path, warn: Callable[[str], None] | None
) -> OutputLayer | None:
    """Write the rows of an output into a layer file; None of an output that is none.

    Args:
        parameter: The output.
        data_type: Name of its data type.
        value: The value that the tool returned; None makes a layer without rows.
        folder: Folder for large outputs.
        warn: Takes a sentence about features that cannot be drawn as the tool declares it.

    Raises:
        InvalidValue: It has no field of dates that is declared as its time.
        OSError: The disk is full.
    """
    if data_type not in LAYER_TYPES:
        return None
    from gpserverless.featurelayers.write import LayerProperties, write_layer

    path = Path(tempfile.mkdtemp(dir=folder), "layer.sqlite")
    if value is None:
        return OutputLayer(path, write_layer(_make_empty(parameter, data_type), path, parameter.title))
    properties = LayerProperties(
        _make_renderer(parameter, value, warn), getattr(parameter.data_type, "time_fields", ())
    )
    return OutputLayer(path, write_layer(value, path, parameter.title, properties))


def _make_renderer(parameter: Parameter, value: Any, warn: Callable[[str], None] | None) -> Mapping[str, Any]:
    """Return how a layer is drawn; {} for one symbol."""
    from gpserverless.features.feature_set import FeatureSet

    data_type = parameter.data_type
    if not isinstance(data_type, GPFeatureRecordSetLayer) or not isinstance(value, FeatureSet):
        return {}
    if data_type.symbology is None and not data_type.label_field:
        return {}
    from gpserverless.toolkit.layer_symbols import make_renderer

    return make_renderer(data_type, value, warn)


def _make_empty(parameter: Parameter, data_type: str) -> FeatureSet[Any] | Table:
    """Return no rows, as the JSON of an output without a value says it."""
    from gpserverless.features.feature_set import FeatureSet, Table

    if data_type == ROWS:
        return Table()
    accepted = getattr(parameter.data_type, "geometry_types", ()) or GEOMETRY_TYPES
    return FeatureSet(spatial_reference=spatial_reference(4326), geometry_type=accepted[-1])
