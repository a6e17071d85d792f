"""The data of the pictures, all in the public domain: of tests/data and of tools/toolboxes/files/_layers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless import FeatureSet, Raster, SpatialReference, read_features
from gpserverless.formats.esri_json.decode import decode_features

ROOT = Path(__file__).parents[2]
DEGREES = SpatialReference(4326)

_DATA = ROOT / "tests/data"
_LAYERS = ROOT / "tools/toolboxes/files/_layers"


@cache
def read_layer(name: str) -> FeatureSet[Any]:
    """Return a layer of the test data, without the features that have no shape.

    Args:
        name: Name of the file without its extension.
    """
    features = decode_features((_DATA / f"{name}.json").read_bytes())
    return features.take(np.flatnonzero(~shapely.is_missing(features.geometries)))


@cache
def read_file(name: str) -> FeatureSet[Any]:
    """Return a layer that ships with the toolbox Files.

    Args:
        name: Name of the file without its extension.
    """
    return read_features(_LAYERS / f"{name}.fgb")


def read_relief(step: int = 1) -> Raster:
    """Return the elevations about Jacksboro, Tennessee, in metres: as many as look well.

    Its file is removed with the picture, see `dev.pictures.draw`.

    Args:
        step: Cells in a row whose mean makes one.
    """
    with Raster(_DATA / "jacksboro_dem.tif").open() as dataset:
        window = ((60, 318), (0, dataset.width))
        transform = dataset.transform @ dataset.transform.translation(0, 60)
        heights = dataset.read(1, window=window)
    if step > 1:
        rows, columns = (size // step for size in heights.shape)
        some = heights[: rows * step, : columns * step].reshape(rows, step, columns, step)
        heights, transform = some.mean((1, 3)).astype(np.float32), transform @ transform.scale(step)
    return Raster.of(heights, transform, SpatialReference(4269), name="relief")


def keep(features: FeatureSet[Any], column: str, least: float) -> FeatureSet[Any]:
    """Return the features that have at least some number in a column.

    Args:
        features: The features.
        column: Name of the column.
        least: The number.
    """
    return features.take(np.flatnonzero(features.numbers(column) >= least))


def choose(features: FeatureSet[Any], column: str, *values: Any) -> FeatureSet[Any]:
    """Return the features that have one of some values in a column.

    Args:
        features: The features.
        column: Name of the column.
        *values: The values.
    """
    return features.take(np.flatnonzero(np.isin(features.column(column), values)))


def cut(features: FeatureSet[Any], bounds: tuple[float, float, float, float]) -> FeatureSet[Any]:
    """Return the features that meet an extent, cut there.

    Args:
        features: The features.
        bounds: xmin, ymin, xmax, ymax.
    """
    shapes = shapely.make_valid(features.geometries)
    met: NDArray[np.intp] = np.flatnonzero(shapely.intersects(shapes, shapely.box(*bounds)))
    cut_shapes = shapely.intersection(shapes[met], shapely.box(*bounds))
    if features.geometry_type == "esriGeometryPolygon":
        cut_shapes = shapely.buffer(cut_shapes, 0)  # without the lines and points where a shape only touches
    return features.take(met).with_geometries(cut_shapes, features.geometry_type)


def land_in(reference: SpatialReference, bounds: tuple[float, float, float, float]) -> Any:
    """Return the shapes of countries in a spatial reference.

    Args:
        reference: The spatial reference.
        bounds: The part of the world, in degrees: only it has a place there.
    """
    return cut(read_layer("world_countries"), bounds).project(reference).geometries
