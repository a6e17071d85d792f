"""Fields of a table added to features."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Run, Table, ToolError, tool
from gpserverless.analysis import join_field as engine

Joined = Annotated[
    FeatureSet[Any], Field(alias="out_layer_or_view", description="The features with more fields.")
]


@tool
def join_field(
    in_data: FeatureSet[Any],
    in_field: str,
    join_table: Table,
    join_field: str,
    run: Run,
    fields: list[str] | None = None,
    fm_option: Literal["NOT_USE_FM", "USE_FM"] = "NOT_USE_FM",
    field_mapping: str | None = None,
) -> Joined:
    """Add fields of a table to the features that have the same value in a field.

    Of several rows with the value the first is joined, and a warning counts the others. Features without a
    row have null, and are counted too. A name that is there gets a number behind it: NAME_1. Null is equal to
    nothing; texts are equal if all their characters are.

    Args:
        in_data: The features; rows of a table are features without a shape.
        in_field: Name of their field.
        join_table: The table; features may be sent too, their shapes are not used.
        join_field: Name of its field with the same values.
        fields: Names of the fields to add; all but the object id if not given.
        fm_option: Maps of fields are not read: only NOT_USE_FM is possible.
        field_mapping: Maps of fields; nothing may be given.
    """
    if fm_option == "USE_FM" or (field_mapping and field_mapping.strip()):
        raise ToolError("field_mapping is not read: fm_option must be NOT_USE_FM.")
    run.progress("Joining")
    return engine.join_field(in_data, in_field, join_table, (join_field, fields or []), run)
