"""Statistics of the fields of a table."""

from typing import Annotated

from gpserverless import Field, Run, Table, tool, write_count
from gpserverless.analysis.summary_statistics import read_statistics, summarize_rows

Summary = Annotated[Table, Field(alias="out_table", description="One row for each case.")]


@tool
def statistics(
    in_table: Table,
    statistics_fields: Annotated[str, Field(examples=["POP SUM"])],
    run: Run,
    case_field: list[str] | None = None,
    concatenation_separator: str | None = None,
) -> Summary:
    """Compute statistics of fields, of all rows or of the rows of each combination of values.

    The table has the case fields, FREQUENCY (the number of rows) and a column for each statistic, such as
    SUM_POP. Null values do not count; a case without values has null, as a case of one value has for STD and
    VARIANCE, which are those of a sample. Null is a case too. FIRST and LAST are the first and last value
    that is not null in the order of the rows. MIN, MAX, COUNT, FIRST, LAST, UNIQUE and CONCATENATE
    also take texts and dates. The rows are sorted by the case fields.

    Args:
        in_table: The rows; features may be sent too, their shapes are not used.
        statistics_fields: Fields and statistics, as JSON [["POP", "SUM"]] or as POP SUM;POP MEAN. Statistics
            are SUM, MEAN, MIN, MAX, RANGE, STD, COUNT, FIRST, LAST, MEDIAN, VARIANCE, UNIQUE and CONCATENATE.
        case_field: Names of fields; without any, all rows are summarized in one.
        concatenation_separator: The text between the values of CONCATENATE; none if not given.
    """
    wanted = read_statistics(statistics_fields, in_table)
    run.progress(f"Summarizing {write_count(len(in_table), 'row', 'rows')}")
    return summarize_rows(in_table, wanted, case_field or [], concatenation_separator or "")
