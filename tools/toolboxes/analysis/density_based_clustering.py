"""Clusters of points by density."""

from typing import Annotated, Literal

import numpy as np
import shapely
from shapely import Point

from gpserverless import FeatureSet, Field, LinearUnit, Run, ToolError, UniqueValues, tool, write_count
from gpserverless.analysis.clusters import NOISE, find_clusters, find_core_distance
from gpserverless.analysis.inputs import drop_shapeless
from gpserverless.analysis.neighbours import Places

Clusters = Annotated[
    FeatureSet[Point],
    UniqueValues("CLUSTER_ID", {"-1": "#b4b7bc"}, {"-1": "Noise"}),
    Field(alias="output_features", description="The points and their clusters."),
]


@tool
def density_based_clustering(
    in_features: FeatureSet[Point],
    cluster_method: Literal["DBSCAN", "HDBSCAN", "OPTICS"],
    min_features_cluster: Annotated[int, Field(ge=2, le=100_000)],
    run: Run,
    search_distance: LinearUnit | None = None,
    cluster_sensitivity: Annotated[int, Field(ge=0, le=100)] | None = None,
    time_field: str | None = None,
    search_time_interval: str | None = None,
) -> Clusters:
    """Find clusters of points, and the points that belong to none.

    The method is DBSCAN; HDBSCAN, OPTICS and time are refused. Points get SOURCE_ID, their object id, and
    CLUSTER_ID: clusters are numbered from 1 in the order of their first points, -1 is noise. A point with
    enough points within the distance, itself among them, is a core; cores within the distance of each other
    are one cluster. Other points within the distance of a core belong to the cluster of the nearest one.
    Distances on longitudes and latitudes are geodesic. Points without a shape are left out.

    Args:
        in_features: The points.
        cluster_method: DBSCAN.
        min_features_cluster: Points in the smallest cluster.
        search_distance: The distance; without it that within which 99 percent of points have enough others.
        cluster_sensitivity: Not used by DBSCAN.
        time_field: Clusters in time are not found.
        search_time_interval: Clusters in time are not found.
    """
    if cluster_method != "DBSCAN":
        raise ToolError(f"{cluster_method} is not offered; DBSCAN is, with a search distance.")
    if time_field is not None or search_time_interval is not None:
        raise ToolError("Clusters in time are not found: leave out time_field and search_time_interval.")
    points = drop_shapeless(in_features, run)
    places = Places(shapely.get_coordinates(points.geometries), points.spatial_reference)
    clusters = np.empty(0, np.int64)
    if len(points):
        distance = _choose_distance(points, places, search_distance, min_features_cluster, run)
        clusters = find_clusters(places, distance, min_features_cluster, run)
    found, noise = len(set(clusters.tolist()) - {NOISE}), int(np.count_nonzero(clusters == NOISE))
    run.info(f"Found {write_count(found, 'cluster', 'clusters')}; points of noise: {noise:,}.")
    ids = points.object_ids
    known = points.object_id_field
    bare = points if known is None else points.without(known.name)
    return bare.with_columns({"SOURCE_ID": ids, "CLUSTER_ID": clusters})


def _choose_distance(
    points: FeatureSet[Point], places: Places, given: LinearUnit | None, least: int, run: Run
) -> float:
    if given is None:
        distance = find_core_distance(places, least, run)
        unit = "metres" if places.is_geographic else "units of the coordinates"
        run.info(f"No distance was given: {distance:g} {unit} are taken.")
        return distance
    if given.distance <= 0:
        raise ToolError("search_distance must be above 0.")
    return float(points.buffer_distance(given, geodesic=places.is_geographic).reported[0])
