"""Several layers as one."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, Keywords, Run, ToolError, tool
from gpserverless.analysis import merge as engine

Merged = Annotated[FeatureSet[Any], Field(alias="output", description="The features of all layers.")]


@tool
def merge(
    inputs: list[FeatureSet[Any]],
    run: Run,
    field_mappings: str | None = None,
    add_source: Annotated[bool, Keywords("ADD_SOURCE_INFO", "NO_SOURCE_INFO")] = False,
) -> Merged:
    """Put the features of several layers of one geometry type in one.

    The result has the spatial reference of the first layer and the fields of all; a field is null where a
    layer lacks it. Fields of one name become one: of the widest type of numbers, or a text if one holds no
    numbers, which a warning says. Object ids are left out, since those of several layers may be equal.

    Args:
        inputs: The layers, all points, all lines or all polygons. A table is a layer without shapes.
        field_mappings: Maps of fields; they are not read, so nothing may be given.
        add_source: Whether the field MERGE_SRC says from which layer a feature is: inputs[0], inputs[1].
    """
    if field_mappings and field_mappings.strip():
        raise ToolError("field_mappings is not read: rename fields before, or leave it out.")
    run.progress("Merging")
    return engine.merge(inputs, run, add_source=add_source)
