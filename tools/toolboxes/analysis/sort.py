"""Features in another order."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.sort import order_rows
from gpserverless.analysis.value_tables import read_rows

Sorted = Annotated[FeatureSet[Any], Field(alias="out_dataset", description="The features in order.")]


@tool
def sort(in_dataset: FeatureSet[Any], sort_field: str, run: Run) -> Sorted:
    """Put features in the order of the values of fields.

    Null comes before all values, and behind them if the direction is DESCENDING. Texts are compared by their
    characters, capital letters first. Features of equal values keep their order; they get new object ids.
    They are not sorted by place.

    Args:
        in_dataset: The features; rows of a table are features without a shape.
        sort_field: Fields and directions, as JSON [["POP", "DESCENDING"]] or as POP DESCENDING;NAME;
            ASCENDING if not given.
    """
    rows = read_rows(sort_field, "sort_field", '[["POP", "DESCENDING"]] or POP DESCENDING')
    run.progress("Sorting")
    ordered = in_dataset.take(order_rows(in_dataset, rows))
    known = ordered.object_id_field
    return ordered if known is None else ordered.without(known.name)
