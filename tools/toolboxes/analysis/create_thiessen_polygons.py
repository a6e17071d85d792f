"""Areas that lie nearest to points."""

from typing import Annotated, Literal

from shapely import MultiPoint, Point, Polygon

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.thiessen import draw_cells
from toolboxes.analysis._examples import PLACES

Cells = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The polygons.")]


@tool
def create_thiessen_polygons(
    in_features: Annotated[FeatureSet[Point | MultiPoint], Field(examples=[PLACES])],
    run: Run,
    fields_to_copy: Literal["ONLY_FID", "ALL"] = "ONLY_FID",
) -> Cells:
    """Divide the area around points, so that each place belongs to the nearest point.

    The area is the extent of the points and a tenth of it more at each side. Distances are those of the plane
    of the coordinates: for longitudes and latitudes project the points first. Polygons get Input_FID, the
    object id of their point. Of several points at one place the first alone gets a polygon, and a warning
    counts the others.

    Args:
        in_features: Points or multipoints, at two places at least.
        fields_to_copy: Whether the polygons get the attributes of their points too.
    """
    return draw_cells(in_features, run, attributes=fields_to_copy == "ALL")
