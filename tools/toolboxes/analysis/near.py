"""The nearest feature of each feature."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.near_fields import add_near_fields, read_names
from gpserverless.analysis.search_radius import resolve_radius

WithNeighbours = Annotated[
    FeatureSet[Any],
    Field(alias="out_feature_class", description="The features and their nearest neighbours."),
]


@tool
def near(
    in_features: FeatureSet[Any],
    near_features: list[FeatureSet[Any]],
    run: Run,
    search_radius: LinearUnit | None = None,
    location: Annotated[bool, Keywords("LOCATION", "NO_LOCATION")] = False,
    angle: Annotated[bool, Keywords("ANGLE", "NO_ANGLE")] = False,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
    field_names: str | None = None,
) -> WithNeighbours:
    """Find the nearest feature of one or several layers.

    The features get NEAR_FID, the object id of the nearest one, and NEAR_DIST, its distance in the linear
    unit of their spatial reference; on the ellipsoid of longitudes and latitudes in metres, in their plane in
    degrees. Both are -1 where nothing is near. NEAR_X and NEAR_Y are the place on the near feature.
    NEAR_ANGLE is the direction to it: in the plane from -180 to 180, 0 in the east and 90 in the north; on
    the ellipsoid 0 in the north and 90 in the east; 0 where the two meet or nothing is near. NEAR_FC names
    the layer if there are several, by its place in the list. Features that meet are at distance 0, also
    inside a polygon. On the ellipsoid edges are straight in their own coordinates, distances are exact and go
    across 180 degrees. Of equally near features the lowest object id is taken.

    Args:
        in_features: The features.
        near_features: One layer or several in which to look, in any spatial reference. In a layer that is
            in_features itself no feature is its own neighbour.
        search_radius: Longest distance. A length on longitudes and latitudes is measured on the ellipsoid.
        location: Whether NEAR_X and NEAR_Y are added.
        angle: Whether NEAR_ANGLE is added.
        method: In the plane of the coordinates, or on the ellipsoid.
        field_names: Other names of the fields: NEAR_FID TOWN;NEAR_DIST FAR, or a JSON array of pairs.
    """
    names = read_names(field_names)
    geodesic = method == "GEODESIC"
    reach = resolve_radius(in_features, search_radius, "search_radius", geodesic=geodesic, watch=run)
    found = find_neighbours(in_features, near_features, NeighbourQuery(reach), run)
    return add_near_fields(in_features, found, names, location=location, angle=angle)
