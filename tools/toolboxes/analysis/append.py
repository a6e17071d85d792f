"""Features added behind those of a layer."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Run, SqlExpression, ToolError, tool
from gpserverless.analysis import append as engine
from gpserverless.analysis.parameter_names import name_in_errors

Updated = Annotated[
    FeatureSet[Any], Field(alias="updated_target", description="The layer with the added features.")
]


@tool
def append(
    inputs: list[FeatureSet[Any]],
    target: FeatureSet[Any],
    run: Run,
    schema_type: Literal["TEST", "NO_TEST"] = "TEST",
    field_mapping: str | None = None,
    subtype: str | None = None,
    expression: str | None = None,
    match_fields: str | None = None,
) -> Updated:
    """Return a layer with the features of others behind its own, in its fields and spatial reference.

    Values come in the type of the layer's field; one that does not fit is refused. Object ids are left out.

    Args:
        inputs: The layers to add, of the geometry type of the target.
        target: The layer.
        schema_type: Whether the layers must have the fields of the target. With NO_TEST a field that they
            lack is null, and one that the target lacks is left out.
        field_mapping: Maps of fields; they are not read, so nothing may be given.
        subtype: A subtype for the added features; there are none, so nothing may be given.
        expression: A condition of the features to add, such as POP > 1000; all if not given.
        match_fields: Pairs of fields by which features are updated in the place of being added; they are not
            read, so nothing may be given.
    """
    if field_mapping and field_mapping.strip():
        raise ToolError("field_mapping is not read: rename fields before, or leave it out.")
    if subtype and subtype.strip():
        raise ToolError("There are no subtypes: leave subtype out.")
    if match_fields and match_fields.strip():
        raise ToolError("match_fields is not read: features are added, none is updated. Leave it out.")
    with name_in_errors("expression"):
        where = SqlExpression(expression, run.started) if expression and expression.strip() else None
    run.progress("Appending")
    return engine.append(target, inputs, run, test_fields=schema_type == "TEST", where=where)
