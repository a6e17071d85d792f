"""More vertices on edges."""

from typing import Annotated, Any, Literal

from shapely import LineString, Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.densify import densify as add_vertices

Densified = Annotated[FeatureSet[Any], Field(alias="out_feature_class", description="The same features.")]


@tool
def densify(
    in_features: FeatureSet[LineString | Polygon],
    *,
    densification_method: Literal["DISTANCE"] = "DISTANCE",
    distance: LinearUnit,
    run: Run,
    max_vertex_per_segment: Annotated[int | None, Field(ge=0, le=1_000_000)] = None,
) -> Densified:
    """Add vertices to lines and polygons, so that no edge is longer than a distance.

    Each edge is divided in equal pieces, and stays where it was; heights and measures are divided alike. Of
    features on longitudes and latitudes a length is measured on the ellipsoid. Curves of the input are chains
    of short edges already, so the methods OFFSET and ANGLE, which concern curves alone, are not there.

    Args:
        in_features: Lines or polygons.
        densification_method: By a distance.
        distance: The greatest length of an edge, above 0.
        max_vertex_per_segment: Most vertices that are added to an edge.
    """
    return add_vertices(in_features, distance, max_vertex_per_segment, run)
