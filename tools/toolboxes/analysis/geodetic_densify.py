"""Edges on the ellipsoid."""

from typing import Annotated, Any, Literal

from shapely import LineString, Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.geodetic_densify import densify_geodetically

Densified = Annotated[FeatureSet[Any], Field(alias="out_feature_class", description="The same features.")]


@tool
def geodetic_densify(
    in_features: FeatureSet[LineString | Polygon],
    run: Run,
    geodetic_type: Literal["GEODESIC", "LOXODROME", "GREAT_ELLIPTIC", "NORMAL_SECTION"] = "GEODESIC",
    distance: LinearUnit = LinearUnit(50, "esriKilometers"),  # noqa: B008 a frozen value
) -> Densified:
    """Draw the edges of lines and polygons as lines on the ellipsoid, by adding vertices.

    Between two vertices runs the geodesic, the line of constant azimuth, the section by a plane through the
    centre of the ellipsoid, or the section by the plane that is upright at the first vertex; each the shorter
    way around the earth. Pieces are at most as long as the distance. Vertices stay where they are. Features
    that cross 180 degrees come out in two parts. Sources: geodesics by GeographicLib's method in PROJ;
    loxodromes by the isometric latitude; sections in closed form.

    Args:
        in_features: Lines or polygons in a known spatial reference.
        geodetic_type: The line between two vertices.
        distance: The greatest length of a piece, above 0.
    """
    return densify_geodetically(in_features, geodetic_type, distance.metres, run)
