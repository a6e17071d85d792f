"""Every tool has the parameters of its model, or a reason for each difference.

`published_signatures.json` holds names, types, keywords and defaults of the system tools of ArcGIS Pro 3.0,
and `published_names.json` the inputs of others as public programs give them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gpserverless.datatypes.document import to_document
from gpserverless.toolkit.names import fold_name
from gpserverless.toolkit.spec import Parameter, TaskSpec
from gpserverless.toolkit.toolboxes import discover

HERE = Path(__file__).parent
SIGNATURES: dict[str, list[dict[str, Any]]] = json.loads(
    (HERE / "published_signatures.json").read_text("utf-8")
)
NAMES: dict[str, list[str]] = json.loads((HERE / "published_names.json").read_text("utf-8"))
TASKS = {
    f"{box.spec.name}/{name}": tool.spec
    for box in discover()
    if box.spec.name in ("Analysis", "Raster", "Elevation", "Files")
    for name, tool in box.tools.items()
}
OWN = {"Files/FeaturesToFile", "Files/FileToFeatures"}
"""Tools without a model."""

FEATURES, ROWS, RASTER, LIST = "GPFeatureRecordSetLayer", "GPRecordSet", "GPRasterData", "GPMultiValue"
TYPES: Mapping[str, set[str]] = {
    "GPFeatureLayer": {FEATURES},
    "GPFeatureRecordSetLayer": {FEATURES},
    "DEFeatureClass": {FEATURES},
    "DETable": {ROWS},
    "GPTableView": {ROWS, FEATURES},
    "GPComposite": {FEATURES, ROWS, RASTER, "Alternatives"},
    "GPSAGeoData": {RASTER, FEATURES},
    "DERasterDataset": {RASTER},
    "GPString": {"GPString"},
    "GPSQLExpression": {"GPString"},
    "Field": {"GPString"},
    "GPFieldMapping": {"GPString"},
    "GPPoint": {"GPString"},
    "GPValueTable": {"GPString", LIST},
    "GPMultiValue": {LIST},
    "GPBoolean": {"GPBoolean"},
    "GPDouble": {"GPDouble"},
    "GPLong": {"GPLong"},
    "GPDate": {"GPDate"},
    "GPLinearUnit": {"GPLinearUnit"},
    "GPArealUnit": {"GPArealUnit"},
    "GPExtent": {"GPExtent"},
    "GPCoordinateSystem": {"SpatialReferenceText"},
    "GPSpatialReference": {"SpatialReferenceText"},
    "DEFile": {"GPDataFile"},
    "GPSARadius": {"GPString"},
}
"""Our types by those of the model: fields, tables of values and places are texts, which old clients know."""

DIFFERENCES: Mapping[tuple[str, str, str], str] = {
    (
        "Analysis/AddField",
        "field_is_required",
        "is not there",
    ): "says whether the field may be deleted, which an answer does not tell",
    (
        "Analysis/Append",
        "update_geometry",
        "is not there",
    ): "counts with match_fields alone, which is refused",
    ("Analysis/Append", "enforce_domains", "is not there"): "there are no domains",
    ("Analysis/CalculateField", "expression_type", "choices"): "ARCADE is not read",
    (
        "Analysis/CalculateField",
        "field_type",
        "choices",
    ): "BIGINTEGER is newer; an expression makes no BLOB, RASTER or GUID",
    (
        "Analysis/CalculateGeometryAttributes",
        "coordinate_format",
        "choices",
    ): "two formats are there; the model lists none",
    ("Analysis/CreateFishnet", "yaxis_coord", "is not there"): "programs send y_axis_coord; both are read",
    ("Analysis/CreateFishnet", "y_axis_coord", "is added"): "see yaxis_coord",
    ("Analysis/Densify", "max_deviation", "is not there"): "counts with OFFSET alone, which is refused",
    ("Analysis/Densify", "max_angle", "is not there"): "counts with ANGLE alone, which is refused",
    ("Analysis/GeneratePointsAlongLines", "Include_End_Points", "default"): "none means no",
    ("Analysis/GenerateTessellation", "H3_Resolution", "is added"): "newer than the model",
    ("Analysis/GenerateTessellation", "Shape_Type", "choices"): "H3_HEXAGON is newer than the model",
    ("Analysis/HotSpots", "number_of_neighbors", "default"): "the number that its form proposes",
    ("Analysis/PairwiseBuffer", "max_deviation", "default"): "0 of no unit is the same as none",
    ("Analysis/SelectLayerByLocation", "out_layers_or_views", "is not there"): "one layer is read",
    ("Analysis/SelectLayerByLocation", "in_layer", "type"): "one layer is read",
    ("Analysis/SelectLayerByLocation", "count", "type"): "one layer is read",
    ("Analysis/SelectLayerByLocation", "overlap_type", "choices"): "the model lists none",
    (
        "Analysis/SimplifyLine",
        "algorithm",
        "choices",
    ): "BEND_SIMPLIFY and the weights of WEIGHTED_AREA are not published",
    (
        "Analysis/SimplifyPolygon",
        "algorithm",
        "choices",
    ): "BEND_SIMPLIFY and the weights of WEIGHTED_AREA are not published",
    ("Analysis/SimplifyPolygon", "minimum_area", "default"): "0 of no unit is the same as none",
    (
        "Analysis/Sort",
        "spatial_sort_method",
        "is not there",
    ): "counts with a shape as the field alone, which is refused",
    ("Analysis/SpatialJoin", "match_option", "choices"): "the model lists none",
    ("Elevation/Viewshed", "dem", "is added"): "the service of the model has its own heights",
    ("Files/ExtractDataTask", "Feature_Format", "choices"): "the model lists none",
    (
        "Files/ExtractDataTask",
        "Raster_Format",
        "choices",
    ): "rasters are not extracted; the one that programs send is read",
    (
        "Raster/InterpolateShape",
        "method",
        "choices",
    ): "the others read triangles and terrains, and the surface is a raster",
    (
        "Raster/InterpolateShape",
        "method",
        "default",
    ): "LINEAR reads triangles; of a raster the model takes BILINEAR",
    ("Raster/InterpolateShape", "pyramid_level_resolution", "is not there"): "counts with a terrain alone",
    ("Raster/KernelDensity", "area_unit_scale_factor", "choices"): "the model lists none",
    ("Raster/ZonalStatisticsAsTable", "statistics_type", "choices"): "the model lists none",
    (
        "Raster/ZonalStatisticsAsTable",
        "circular_wrap_value",
        "is not there",
    ): "counts with CIRCULAR alone, which is refused",
}
"""Why a parameter differs, by tool, parameter and kind of difference."""


def compare(key: str) -> Iterator[tuple[str, str, str]]:
    """Yield what differs between a tool and its model."""
    task = TASKS[key]
    if key in NAMES:
        inputs = NAMES[key]
    else:
        inputs = [p["name"] for p in SIGNATURES[key] if p["direction"] == "input"]
        outputs = [p["name"] for p in SIGNATURES[key] if p["direction"] == "output"]
        yield from compare_names(key, outputs, [p.name for p in task.outputs])
        for model in SIGNATURES[key]:
            parameter = task.parameter(model["name"], model["direction"])
            if parameter is not None:
                yield from ((key, parameter.name, kind) for kind in compare_parameter(model, parameter))
    yield from compare_names(key, inputs, [p.name for p in task.inputs])


def compare_names(key: str, theirs: list[str], ours: list[str]) -> Iterator[tuple[str, str, str]]:
    yield from ((key, name, "is not there") for name in theirs if name not in ours)
    yield from ((key, name, "is added") for name in ours if name not in theirs)
    if [name for name in ours if name in theirs] != [name for name in theirs if name in ours]:
        yield key, "", "order"


def compare_parameter(model: Mapping[str, Any], parameter: Parameter) -> Iterator[str]:
    kind = to_document(parameter.data_type)
    if model["type"] is not None and kind["kind"] not in TYPES[model["type"]]:
        yield "type"
    words = kind.get("keywords") if kind["kind"] == "GPBoolean" else kind.get("choices")
    if set(words or ()) != set(model.get("choices", ())):
        yield "choices"
    if model["direction"] == "output":
        return
    if not is_same(model.get("default"), parameter.default):
        yield "default"
    # An input with a default can be left out, also where the model demands it: the default is what it takes.
    if parameter.required != (model.get("required", False) and "default" not in model):
        yield "required"


def is_same(text: str | None, default: Any) -> bool:
    """Return whether a default is that of a text: "true", "0.13", "50 Kilometers"."""
    if text is None or default is None:
        return text is default is None
    if isinstance(default, bool):
        return text == str(default).lower()
    if isinstance(default, dict):
        return text == f"{default['distance']:g} {default['units'].removeprefix('esri')}"
    return float(text) == default if isinstance(default, int | float) else text == default


def test_every_tool_has_a_model() -> None:
    assert set(TASKS) == set(SIGNATURES) | set(NAMES) | OWN


@pytest.mark.parametrize("key", sorted(set(TASKS) - OWN))
def test_tool_differs_from_its_model_for_a_reason_alone(key: str) -> None:
    reasons = {difference for difference in DIFFERENCES if difference[0] == key}
    assert set(compare(key)) == reasons


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_spellings_of_one_name_do_not_meet(task: TaskSpec) -> None:
    """A request may write z_factor for zfactor, so no tool may have both."""
    names = [fold_name(parameter.name) for parameter in task.parameters]
    assert len(names) == len(set(names))
