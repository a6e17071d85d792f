"""Features in another spatial reference."""

from typing import Annotated, Any

import shapely

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, SpatialReference, ToolError, tool
from gpserverless.analysis.blocks import change_features
from gpserverless.analysis.edges import divide_edges
from gpserverless.analysis.inputs import project as move

Projected = Annotated[
    FeatureSet[Any], Field(alias="out_dataset", description="The features in the other reference.")
]


@tool
def project(
    in_dataset: FeatureSet[Any],
    out_coor_system: SpatialReference,
    run: Run,
    transform_method: list[str] | None = None,
    in_coor_system: SpatialReference | None = None,
    preserve_shape: Annotated[bool, Keywords("PRESERVE_SHAPE", "NO_PRESERVE_SHAPE")] = False,
    max_deviation: LinearUnit | None = None,
    vertical: Annotated[bool, Keywords("VERTICAL", "NO_VERTICAL")] = False,
) -> Projected:
    """Bring features into another spatial reference.

    Coordinates go by the best operation that PROJ knows without grid files; a message says which. What lies
    where the other reference has no place is cut off, and a warning counts it. Shapes that cross 180 degrees
    stay whole where the other reference has no cut there; else they are cut at its edge.

    Args:
        in_dataset: The features.
        out_coor_system: The spatial reference wanted: a WKID, WKT or JSON.
        transform_method: Names of datum transformations of ArcGIS; they are not used.
        in_coor_system: The spatial reference of features that do not say theirs.
        preserve_shape: Whether edges are divided so that they stay where they were.
        max_deviation: How far a divided edge may depart; 0.1 metre if not given.
        vertical: Heights are not transformed; only false is possible.
    """
    if vertical:
        raise ToolError("Heights cannot be transformed: vertical must be NO_VERTICAL.")
    if transform_method:
        run.warn("transform_method is not used; PROJ chooses the operation.")
    features = _define_reference(in_dataset, in_coor_system)
    source = features.spatial_reference or out_coor_system
    place = _find_middle(features)
    run.info(f"Operation: {source.operation_to(out_coor_system, place)}")
    if preserve_shape:
        tolerance = 0.1 if max_deviation is None else max_deviation.metres
        reach = tolerance / out_coor_system.metres_per_unit
        features = change_features(
            features, lambda some: divide_edges(some, out_coor_system, reach), run, "Dividing edges"
        )
    return move(features, out_coor_system, run)


def _find_middle(features: FeatureSet[Any]) -> tuple[float, float]:
    """Return the middle of all features, by whose place PROJ chooses the operation that is told."""
    vertices = shapely.get_coordinates(features.geometries)
    if not len(vertices):
        return 0.0, 0.0
    x, y = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return float(x), float(y)


def _define_reference(features: FeatureSet[Any], reference: SpatialReference | None) -> FeatureSet[Any]:
    """Return the features with their spatial reference, or with the given one if they have none."""
    known = features.spatial_reference
    if known is None and reference is None:
        raise ToolError("The features have no spatial reference: give in_coor_system.")
    if known is not None and reference is not None and known != reference:
        raise ToolError(f"The features are in {known}, not in {reference} as in_coor_system says.")
    return features if known is not None or reference is None else features.project(reference)
