"""Zones about features: their distances, what vanishes, and how they are united."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.inputs import find_shapes
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.buffer_distance import BufferDistance
from gpserverless.geometry.buffers import BufferStyle, End, Side, buffer_geometries
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.values.counts import write_count
from gpserverless.values.units import LinearUnit


@dataclass(frozen=True)
class ZoneStyle:
    """The shape of zones.

    Attributes:
        side: FULL, of lines LEFT or RIGHT, of polygons OUTSIDE_ONLY.
        end: ROUND or FLAT ends of lines.
        geodesic: Whether projected features are measured on the ellipsoid too.
        deviation: Longest departure of outlines from their arcs; None or 0 for any.
    """

    side: Side = "FULL"
    end: End = "ROUND"
    geodesic: bool = False
    deviation: LinearUnit | None = None


def draw_zones(
    features: FeatureSet[Any], distance: LinearUnit | str, style: ZoneStyle, watch: Watch
) -> FeatureSet[Polygon]:
    """Return the zones of features with their attributes, BUFF_DIST and ORIG_FID, without an object id.

    Args:
        features: The features.
        distance: One distance, or the name of a field with numbers in the linear unit of the spatial
            reference, or with texts such as "5 Miles".
        style: The shape of the zones.
        watch: Takes progress, and warnings of features without a zone.

    Raises:
        InvalidValue: The distance or the style does not suit the features.
        InvalidParameter: Outlines depart farther from their arcs than they may.
    """
    resolved = features.buffer_distance(_read_distances(features, distance), geodesic=style.geodesic)
    reach = resolved.reported
    zones = features.with_geometries(buffer_in_blocks(features, resolved, style, watch), POLYGON)
    zones = zones.with_columns({"BUFF_DIST": reach, "ORIG_FID": features.object_ids})
    zones = zones.take(_find_zones(features, zones, reach, watch))
    _check_deviation(zones, style.deviation)
    known = features.object_id_field
    return zones if known is None else zones.without(known.name)


def buffer_in_blocks(
    features: FeatureSet[Any], distance: BufferDistance, style: ZoneStyle, watch: Watch
) -> NDArray[np.object_]:
    """Return the buffer of each shape, None for none, block by block.

    Args:
        features: The features.
        distance: Their distances.
        style: The shape of the zones.
        watch: Takes progress.

    Raises:
        InvalidValue: The style does not suit the features.
    """
    shapes, kind, reference = features.geometries, features.geometry_type, features.spatial_reference
    known = int(np.count_nonzero(find_shapes(shapes) & np.isfinite(distance.values)))
    drawn = BufferStyle(style.side, style.end, known)
    drawn.check(kind)
    text = f"Buffering {write_count(len(features), 'feature', 'features')}"
    watch.progress(text)
    result = np.full(len(features), None, object)
    for rows in split_rows(len(features), watch, text):
        some = BufferDistance(distance.values[rows], distance.geodesic, distance.reported[rows])
        result[rows] = buffer_geometries(shapes[rows], kind, reference, some, drawn)
    return result


def _read_distances(
    features: FeatureSet[Any], distance: LinearUnit | str
) -> LinearUnit | NDArray[np.float64]:
    """Return one distance, or one for each feature, NaN for null."""
    if isinstance(distance, LinearUnit):
        return distance
    field = features.field(distance)
    if field.is_number:
        return features.numbers(distance)
    texts = features.column(distance).tolist()
    units = {text: LinearUnit.parse(str(text)) for text in set(texts) - {None}}
    reach = {text: features.buffer_distance(unit).reported[0] for text, unit in units.items()}
    return np.array([reach.get(text, np.nan) for text in texts])


def _find_zones(
    features: FeatureSet[Any], zones: FeatureSet[Any], reach: NDArray[np.float64], watch: Watch
) -> NDArray[np.bool_]:
    """Return whether each feature has a zone, shape (N,), and warn of missing ones."""
    shapeless = shapely.is_missing(features.geometries) | np.isnan(reach)
    missing = shapely.is_missing(zones.geometries)
    if shapeless.any():
        one, many = (f"{noun} without a shape or a distance" for noun in ("feature", "features"))
        watch.warn(write_count(int(shapeless.sum()), f"{one} was left out.", f"{many} were left out."))
    vanished = missing & ~shapeless
    if vanished.any():
        ids = ", ".join(map(str, features.object_ids[vanished][:10].tolist()))
        one = "feature vanished at its distance and was left out"
        many = "features vanished at their distance and were left out"
        watch.warn(f"{write_count(int(vanished.sum()), one, many)}: {ids}.")
    return ~missing


def _check_deviation(zones: FeatureSet[Polygon], deviation: LinearUnit | None) -> None:
    """Raise if outlines depart farther than they may: half a turn's edge by 1 - cos(pi / 64) of BUFF_DIST."""
    if deviation is None or deviation.distance == 0 or not len(zones):
        return
    reference = zones.spatial_reference
    limit = deviation.distance if reference is None else deviation.metres / reference.metres_per_unit
    needed = float(np.abs(zones.numbers("BUFF_DIST")).max()) * (1 - np.cos(np.pi / 64))
    if limit < needed:
        raise InvalidParameter("max_deviation", "outlines are not that exact", f"{needed:.6g} or more")
