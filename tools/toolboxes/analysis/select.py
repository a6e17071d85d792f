"""Features that meet a condition."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, Run, SqlExpression, tool, write_count
from gpserverless.analysis.conditions import choose_rows
from gpserverless.analysis.parameter_names import name_in_errors

Selected = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The features that meet the condition.")
]


@tool
def select(in_features: FeatureSet[Any], run: Run, where_clause: str | None = None) -> Selected:
    """Return the features whose attributes meet a condition.

    A condition that null leaves unknown is not met. The features keep their order, fields and ids.

    Args:
        in_features: The features; rows of a table are features without a shape.
        where_clause: A condition in SQL, such as POP > 1000 AND NAME LIKE 'A%'; all features if not given.
    """
    if where_clause is None or not where_clause.strip():
        return in_features
    with name_in_errors("where_clause"):
        chosen = in_features.take(choose_rows(in_features, SqlExpression(where_clause, run.started), run))
    run.info(f"{write_count(len(chosen), 'feature', 'features')} of {len(in_features):,} selected.")
    return chosen
