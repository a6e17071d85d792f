"""Problems of shapes."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Run, Table, tool
from gpserverless.analysis.geometry_problems import find_problems

Problems = Annotated[Table, Field(alias="out_table", description="One row for each problem.")]


@tool
def check_geometry(
    in_features: FeatureSet[Any],
    run: Run,
    validation_method: Literal["OGC"] = "OGC",
) -> Problems:
    """List the problems of shapes, by the rules of OGC simple features.

    A row has FEATURE_ID, the object id of the feature; PROBLEM, such as Null geometry, Self-intersection,
    Hole lies outside shell, Repeated vertex or Line without a length; and X and Y, the place of the problem,
    null where it has none. Directions of rings are set right when features are read, so they are no problem
    here.

    Args:
        in_features: Features of any kind.
        validation_method: The rules.
    """
    return find_problems(in_features, run)
