"""A field added to features."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, Run, ToolError, tool
from gpserverless.analysis import fields

Extended = Annotated[FeatureSet[Any], Field(alias="out_table", description="The features with the field.")]
Words = Literal["TEXT", "FLOAT", "DOUBLE", "SHORT", "LONG", "BIGINTEGER", "DATE", "DATEONLY", "GUID"]


@tool
def add_field(
    in_table: FeatureSet[Any],
    field_name: Annotated[str, Field(examples=["CHECKED"])],
    field_type: Words,
    run: Run,
    field_precision: int | None = None,
    field_scale: int | None = None,
    field_length: Annotated[int | None, Field(gt=0)] = None,
    field_alias: str | None = None,
    field_is_nullable: Annotated[bool, Keywords("NULLABLE", "NON_NULLABLE")] = True,
    field_domain: str | None = None,
) -> Extended:
    """Add a field without values.

    Args:
        in_table: The features; rows of a table are features without a shape.
        field_name: Name of the new field: letters, digits and underscores.
        field_type: Type of its values.
        field_precision: Digits of a number; numbers are not cut, so it is not used.
        field_scale: Decimals of a number; not used either.
        field_length: Most characters of a text; 255 if not given.
        field_alias: Title for people; the name if not given.
        field_is_nullable: Whether values may be null; if not, there must be no rows.
        field_domain: Name of a domain; there are none, so nothing may be given.
    """
    if field_domain and field_domain.strip():
        raise ToolError("There are no domains: leave field_domain out.")
    if field_precision is not None or field_scale is not None:
        run.warn("field_precision and field_scale are not used; numbers are not cut.")
    field = fields.make_field(
        field_name, field_type, field_length, field_alias or "", nullable=field_is_nullable
    )
    return fields.add_field(in_table, field)
