"""Shapes without problems."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, Run, tool
from gpserverless.analysis.geometry_problems import mend

Repaired = Annotated[FeatureSet[Any], Field(alias="out_feature_class", description="The features.")]


@tool
def repair_geometry(
    in_features: FeatureSet[Any],
    run: Run,
    delete_null: Annotated[bool, Keywords("DELETE_NULL", "KEEP_NULL")] = True,
    validation_method: Literal["ESRI", "OGC"] = "ESRI",
) -> Repaired:
    """Mend the shapes of features.

    Polygons become valid by the rules of OGC simple features, with either method: what lies inside an outer
    ring and outside of holes is kept, a hole outside of its outer ring becomes a part, rings that cross
    themselves are divided, and the directions of rings are set right. Vertices that repeat the one before go,
    unless they carry measures. Lines without a length and polygons without an area become null. Features keep
    their attributes and object ids. Messages count what was done. Source: make_valid of GEOS, method
    structure.

    Args:
        in_features: Features of any kind.
        delete_null: Whether features without a shape are left out.
        validation_method: The rules; both give shapes that are valid for OGC, hence for ArcGIS.
    """
    return mend(in_features, run, drop_null=delete_null)
