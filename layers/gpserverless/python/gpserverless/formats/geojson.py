"""Feature sets to GeoJSON (RFC 7946): longitude and latitude on WGS 84, outer rings counter-clockwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.warnings import make_warnings
from gpserverless.geometry.coordinate_arrays import round_shapes
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.values.resolution import GEOGRAPHIC_DECIMALS, ORDINATE_DECIMALS
from gpserverless.values.spatial_reference import WGS84


def encode_geojson(
    features: FeatureSet[Any], *, z: bool = False, exceeded: bool = False, precision: int | None = None
) -> bytes:
    """Encode a feature set as a FeatureCollection.

    Attributes become properties as they are: dates stay milliseconds since 1970 UTC. Shapes that cross 180
    degrees are cut there, as the format asks (section 3.1.9). Measures are left out, since the format has
    none. Shapes without a place on WGS 84 are null, and a foreign member `messages` counts them.

    Args:
        features: The features, in any spatial reference.
        z: Whether to write the z of features that have one.
        exceeded: Whether features were left out because there are too many; written as the foreign member
            `exceededTransferLimit` of the collection, as clients of ArcGIS expect.
        precision: Decimals of longitudes and latitudes; None for those of the resolution, 1e-9 degree.

    Raises:
        InvalidValue: The spatial reference of the features is unknown.
    """
    if features.spatial_reference is None and len(features):
        raise InvalidValue("the spatial reference of the features is not known", "features that say theirs")
    warnings: list[str] = []
    placed = features.project(WGS84, warn=warnings.append).cut_at_antimeridian()
    decimals = GEOGRAPHIC_DECIMALS if precision is None else precision
    geometries = _encode_shapes(placed, decimals, z=z)
    names = [field.name for field in features.fields]
    columns = [features.columns[name].tolist() for name in names]
    rows: list[tuple[Any, ...]] = list(zip(*columns, strict=True)) if columns else [()] * len(features)
    ids = features.object_ids.tolist()
    items = [
        {
            "type": "Feature",
            "id": number,
            "geometry": geometry,
            "properties": dict(zip(names, row, strict=True)),
        }
        for number, geometry, row in zip(ids, geometries, rows, strict=True)
    ]
    more: dict[str, Any] = {"exceededTransferLimit": True} if exceeded else {}
    if warnings:
        more["messages"] = make_warnings(warnings)
    return orjson.dumps({"type": "FeatureCollection", "features": items, **more})


def _encode_shapes(features: FeatureSet[Any], decimals: int, *, z: bool) -> Iterator[orjson.Fragment | None]:
    """Yield the geometry of each feature; null for one without vertices."""
    shapes = features.geometries
    if not z:
        shapes = np.asarray(shapely.force_2d(shapes))
    if features.geometry_type == POLYGON:
        shapes = np.asarray(shapely.orient_polygons(shapes))
    texts = shapely.to_geojson(round_shapes(shapes, decimals, ORDINATE_DECIMALS))
    return (
        None if text is None or is_empty else orjson.Fragment(text)
        for text, is_empty in zip(texts, shapely.is_empty(shapes), strict=True)
    )
