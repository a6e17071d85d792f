"""The time of a layer: the fields that say when its rows are, and the rows of a span of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gpserverless.features.feature_set import Table
    from gpserverless.features.rows import Column


@dataclass(frozen=True)
class TimeSpan:
    """A span of time with both of its ends.

    Attributes:
        start: Milliseconds since 1970-01-01 UTC, None for ever before.
        end: Likewise, None for ever after.
    """

    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class LayerTime:
    """The time of a layer.

    Attributes:
        start_field: Declared name of the field of dates at which rows are, or begin.
        end_field: Declared name of the field at which they end, "" if they are at one instant.
        extent: The first and the last of these dates, in milliseconds since 1970-01-01 UTC; None without any.
    """

    start_field: str
    end_field: str = ""
    extent: tuple[int, int] | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | None) -> Self | None:
        """Return the time of a part of a manifest, None of none.

        Args:
            document: JSON of the time.
        """
        if document is None:
            return None
        extent = document.get("extent")
        return cls(document["start_field"], document["end_field"], None if extent is None else tuple(extent))


def find_time(
    fields: Sequence[Field], columns: Mapping[str, Column], declared: Sequence[str] = ()
) -> LayerTime | None:
    """Return the time of a layer: that of its declared fields, or else of its only field of dates.

    Args:
        fields: The fields.
        columns: The values by name.
        declared: Names of the field of the start, and perhaps of that of the end, in any letter case.

    Raises:
        InvalidValue: A declared field is missing, or holds no dates.
    """
    dates = [field.name for field in fields if field.type == DATE]
    names = [_find_name(name, dates) for name in declared] or (dates if len(dates) == 1 else [])
    if not names:
        return None
    start, end = [*names, ""][:2]
    return LayerTime(start, end, _find_extent([columns[name] for name in names]))


def _find_name(declared: str, dates: Sequence[str]) -> str:
    found = next((name for name in dates if name.lower() == declared.lower()), None)
    if found is None:
        raise InvalidValue(f"it has no field of dates '{declared}'", ", ".join(dates))
    return found


def _find_extent(columns: Sequence[Column]) -> tuple[int, int] | None:
    import numpy as np

    found = [values[~null] for values, null in map(read_dates, columns)]
    known = np.concatenate(found)
    return (int(known.min()), int(known.max())) if len(known) else None


def read_dates(column: Column) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return dates in milliseconds, and whether each is null.

    Args:
        column: Values of a field of dates, shape (N,).
    """
    import numpy as np

    if column.dtype.kind == "O":
        column = np.array([np.nan if item is None else item for item in column.tolist()], np.float64)
    values = column.astype(np.float64)
    return values, np.isnan(values)


def meet_span(rows: Table, time: LayerTime, span: TimeSpan) -> NDArray[np.bool_]:
    """Return which rows a span of time meets, shape (N,).

    A row at an instant that is null is never met. One from a start to an end begins ever before if its
    start is null, and ends ever after if its end is.

    Args:
        rows: Rows with the fields of the time.
        time: The time of the layer.
        span: The span.
    """
    import numpy as np

    low = -np.inf if span.start is None else span.start
    high = np.inf if span.end is None else span.end
    starts, no_start = read_dates(rows.column(time.start_field))
    if not time.end_field:
        return np.asarray(~no_start & (starts >= low) & (starts <= high))
    ends, no_end = read_dates(rows.column(time.end_field))
    return np.asarray((no_start | (starts <= high)) & (no_end | (ends >= low)))
