"""Values of a field computed from others."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, Run, ToolError, tool, write_count
from gpserverless.analysis import fields

Calculated = Annotated[FeatureSet[Any], Field(alias="out_table", description="The features with the values.")]
Words = Literal["TEXT", "FLOAT", "DOUBLE", "SHORT", "LONG", "BIGINTEGER", "DATE"]


@tool
def calculate_field(
    in_table: FeatureSet[Any],
    field: Annotated[str, Field(examples=["HALF"])],
    expression: Annotated[str, Field(examples=["!POP! / 2"])],
    run: Run,
    expression_type: Literal["PYTHON3", "SQL"] = "PYTHON3",
    code_block: str | None = None,
    field_type: Annotated[Words, Field(examples=["DOUBLE"])] = "TEXT",
    enforce_domains: Annotated[bool, Keywords("ENFORCE_DOMAINS", "NO_ENFORCE_DOMAINS")] = False,
) -> Calculated:
    """Compute the values of a field from the other fields of each row.

    Expressions are parsed and computed on columns; nothing is executed as code. SQL has names of fields,
    numbers, 'texts', + - * / %, || for texts, CASE WHEN, COALESCE, NULLIF, UPPER, LOWER, TRIM, SUBSTRING,
    CHAR_LENGTH, ABS, ROUND, FLOOR, CEILING, SQRT, POWER, EXP, LN, DATE '2026-11-21', CURRENT_TIMESTAMP,
    CAST(POP AS VARCHAR) and the other functions of conditions; a condition gives 1 or 0. A division has
    decimals; numbers are computed as floats of 64 bits. PYTHON3 is read as far as it means the same: !FIELD!,
    numbers, 'texts', + - * /, parentheses and abs. What is computed from null is null, as is a division by
    zero; a warning counts them. Values that do not fit the field are refused, never rounded or cut; numbers
    and dates become texts in a field of texts.

    Args:
        in_table: The features; rows of a table are features without a shape.
        field: Name of the field; if there is none, it is added.
        expression: The expression.
        expression_type: The language of the expression.
        code_block: Functions in Python; they are not executed, so nothing may be given.
        field_type: Type of a field that is added.
        enforce_domains: Domains are not enforced; only false is possible.
    """
    if code_block and code_block.strip():
        raise ToolError("code_block is not executed: write one expression without it.")
    if enforce_domains:
        raise ToolError("Domains are not enforced: enforce_domains must be NO_ENFORCE_DOMAINS.")
    described = fields.make_field(field, field_type)
    parsed = fields.read_expression(expression, expression_type, run.started)
    run.progress(f"Calculating {write_count(len(in_table), 'value', 'values')}")
    return fields.calculate_field(in_table, described, parsed, run)
