"""Zones about features of any kind."""

from typing import Annotated, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, ToolError, tool, write_count

Zones = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The zones.")]


@tool
def buffer(
    in_features: FeatureSet[Any],
    buffer_distance_or_field: LinearUnit | str,
    run: Run,
    line_side: Literal["FULL", "LEFT", "RIGHT", "OUTSIDE_ONLY"] = "FULL",
    line_end_type: Literal["ROUND", "FLAT"] = "ROUND",
    dissolve_option: Literal["NONE", "ALL", "LIST"] = "NONE",
    dissolve_field: list[str] | None = None,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
) -> Zones:
    """Draw zones at a distance about points, lines or polygons.

    The zones keep the attributes and get BUFF_DIST, the distance in the linear unit of the features' spatial
    reference (metres if that is geographic), and ORIG_FID, the object id of their feature. Distances on
    longitudes and latitudes are measured on the ellipsoid; zones are cut at 180 degrees. Outlines have 64 to
    128 vertices a full turn, each at the distance itself. A one-sided zone ends flat.

    Args:
        in_features: The features to draw around.
        buffer_distance_or_field: A distance, the same for all, or the name of a field that holds numbers in
            the linear unit of the spatial reference or texts such as "5 Miles".
        line_side: Both sides, of lines the left or right one only, of polygons the outside only.
        line_end_type: How zones about lines end.
        dissolve_option: One zone a feature, all of them united, or united by values of fields.
        dissolve_field: Names of these fields.
        method: In the plane of a projected spatial reference, or on the ellipsoid.
    """
    geodesic = method == "GEODESIC"
    if dissolve_option == "LIST" and not dissolve_field:
        raise ToolError("dissolve_option LIST needs dissolve_field.")
    distances = _read_distances(in_features, buffer_distance_or_field)
    run.progress(f"Buffering {write_count(len(in_features), 'feature', 'features')}")
    zones = in_features.buffer(distances, side=line_side, end=line_end_type, geodesic=geodesic)
    reach = in_features.buffer_distance(distances, geodesic=geodesic).reported
    zones = zones.with_columns({"BUFF_DIST": reach, "ORIG_FID": in_features.object_ids})
    zones = zones.take(_find_zones(in_features, zones, reach, run))
    if dissolve_option != "NONE":
        run.progress("Dissolving")
        return zones.dissolve(dissolve_field or [] if dissolve_option == "LIST" else [])
    return _drop_object_ids(in_features, zones)


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
    features: FeatureSet[Any], zones: FeatureSet[Any], reach: NDArray[np.float64], run: Run
) -> NDArray[np.bool_]:
    """Return whether each feature has a zone, shape (N,), and warn of missing ones."""
    shapeless = shapely.is_missing(features.geometries) | np.isnan(reach)
    missing = shapely.is_missing(zones.geometries)
    if shapeless.any():
        one, many = (f"{noun} without a shape or a distance" for noun in ("feature", "features"))
        run.warn(write_count(int(shapeless.sum()), f"{one} was left out.", f"{many} were left out."))
    vanished = missing & ~shapeless
    if vanished.any():
        ids = ", ".join(map(str, features.object_ids[vanished][:10].tolist()))
        one = "feature vanished at its distance and was left out"
        many = "features vanished at their distance and were left out"
        run.warn(f"{write_count(int(vanished.sum()), one, many)}: {ids}.")
    return ~missing


def _drop_object_ids(features: FeatureSet[Any], zones: FeatureSet[Any]) -> FeatureSet[Any]:
    known = features.object_id_field
    return zones if known is None else zones.without(known.name)
