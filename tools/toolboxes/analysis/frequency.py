"""Counts of the combinations of values of a table."""

from typing import Annotated

from gpserverless import Field, Run, Table, tool, write_count
from gpserverless.analysis.summary_statistics import count_combinations

Counts = Annotated[Table, Field(alias="out_table", description="One row for each combination of values.")]


@tool
def frequency(
    in_table: Table,
    frequency_fields: list[str],
    run: Run,
    summary_fields: list[str] | None = None,
) -> Counts:
    """Count the rows of each combination of values of some fields.

    The table has FREQUENCY (the number of rows), the fields, and for each summary field the sum of its
    values under its own name. Null is a value too; it does not count in sums. The rows are sorted by the
    fields.

    Args:
        in_table: The rows; features may be sent too, their shapes are not used.
        frequency_fields: Names of the fields.
        summary_fields: Names of fields of numbers to add up.
    """
    run.progress(f"Counting {write_count(len(in_table), 'row', 'rows')}")
    return count_combinations(in_table, frequency_fields, summary_fields or [])
