"""A table of the near features of each feature."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, Table, tool
from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.near_fields import make_near_table
from gpserverless.analysis.search_radius import resolve_radius

NearTable = Annotated[
    Table, Field(alias="out_table", description="One row for each feature and near feature.")
]


@tool
def generate_near_table(
    in_features: FeatureSet[Any],
    near_features: list[FeatureSet[Any]],
    run: Run,
    search_radius: LinearUnit | None = None,
    location: Annotated[bool, Keywords("LOCATION", "NO_LOCATION")] = False,
    angle: Annotated[bool, Keywords("ANGLE", "NO_ANGLE")] = False,
    closest: Annotated[bool, Keywords("CLOSEST", "ALL")] = True,
    closest_count: Annotated[int, Field(ge=0)] = 0,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
) -> NearTable:
    """List the near features of each feature, with distances and ranks.

    A row has IN_FID and NEAR_FID, the object ids of the two, NEAR_DIST, their distance as Near measures it,
    and NEAR_RANK, 1 for the nearest one. FROM_X, FROM_Y and NEAR_X, NEAR_Y are the places on both, NEAR_ANGLE
    is the direction as Near tells it, NEAR_FC the layer if there are several. Features without anything near
    have no row. Of equally near features the lowest object id comes first.

    Args:
        in_features: The features.
        near_features: One layer or several in which to look, in any spatial reference. In a layer that is
            in_features itself no feature is its own neighbour.
        search_radius: Longest distance. A length on longitudes and latitudes is measured on the ellipsoid.
        location: Whether FROM_X, FROM_Y, NEAR_X and NEAR_Y are added.
        angle: Whether NEAR_ANGLE is added.
        closest: Only the nearest feature, or all within the radius.
        closest_count: Most near features of each feature if all are listed; 0 for no limit.
        method: In the plane of the coordinates, or on the ellipsoid.
    """
    geodesic = method == "GEODESIC"
    reach = resolve_radius(in_features, search_radius, "search_radius", geodesic=geodesic, watch=run)
    count = 1 if closest else closest_count or None
    found = find_neighbours(in_features, near_features, NeighbourQuery(reach, count), run)
    return make_near_table(in_features, found, location=location, angle=angle)
