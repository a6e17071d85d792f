"""One small run of each shipped tool, which shows the fields of its outputs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from shapely import Point, box

from gpserverless import DataFile, FeatureSet, LinearUnit, Raster, Run, SpatialReference, write_features
from gpserverless.features.fields import Field
from gpserverless.features.rows import Rows
from gpserverless.toolkit.tool import Tool
from toolboxes.analysis.buffer import buffer
from toolboxes.analysis.project import project
from toolboxes.analysis.summarize_within import summarize_within
from toolboxes.files.file_to_features import file_to_features
from toolboxes.raster.extract_values_to_points import extract_values_to_points
from toolboxes.raster.zonal_statistics_as_table import zonal_statistics_as_table
from toolboxes.samples.buffer_points import buffer_points

_UTM = SpatialReference(25832)
_GIVEN = {"NAME": ["A", "B"]}


def list_output_fields(service: str, task: str) -> dict[str, tuple[Field, ...]]:
    """Return the fields of each output with rows that a small run gives beside the inputs', by output.

    Args:
        service: Name of the service.
        task: Name of the task.
    """
    if f"{service}/{task}" not in _SAMPLES:
        return {}
    tool, run = _SAMPLES[f"{service}/{task}"]
    with _keep_files_here():
        values = tool.split_outputs(run())
    outputs = zip(tool.spec.outputs, values, strict=True)
    return {
        output.name: tuple(field for field in rows.fields if field.name not in _GIVEN)
        for output, rows in outputs
        if isinstance(rows, Rows)
    }


@contextmanager
def _keep_files_here() -> Iterator[None]:
    """Let tools write their files into a folder that is removed."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _points() -> FeatureSet[Any]:
    return FeatureSet.of(np.array([Point(5, 5), Point(15, 5)]), _UTM, _GIVEN)


def _zones() -> FeatureSet[Any]:
    return FeatureSet.of(np.array([box(0, 0, 10, 10), box(10, 0, 20, 10)]), _UTM, _GIVEN)


def _raster() -> Raster:
    from rasterio.transform import from_origin

    return Raster.of(np.array([[1, 2]], np.int16), from_origin(0, 10, 10, 10), _UTM)


def _read_back() -> FeatureSet[Any]:
    return file_to_features(DataFile(write_features(_points(), "GeoJSON")), Run())


_SAMPLES: Mapping[str, tuple[Tool[Any, Any], Callable[[], Any]]] = {
    "Samples/BufferPoints": (buffer_points, lambda: buffer_points(_points(), LinearUnit(1), Run())),
    "Analysis/Buffer": (buffer, lambda: buffer(_points(), LinearUnit(1), Run())),
    "Analysis/Project": (project, lambda: project(_points(), SpatialReference(4326), Run())),
    "Analysis/SummarizeWithin": (
        summarize_within,
        lambda: summarize_within(
            *(_zones(), _points(), Run()), group_field="NAME", add_min_maj=True, add_group_percent=True
        ),
    ),
    "Files/FileToFeatures": (file_to_features, _read_back),
    "Raster/ExtractValuesToPoints": (
        extract_values_to_points,
        lambda: extract_values_to_points(_points(), _raster(), Run()),
    ),
    "Raster/ZonalStatisticsAsTable": (
        zonal_statistics_as_table,
        lambda: zonal_statistics_as_table(_zones(), "NAME", _raster(), Run()),
    ),
}
"""Each tool whose outputs have rows, and a run with every optional field."""
