"""Spans of time: their seconds, and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.time_units import TimeUnit

AFTER = [
    ("1 Months", "2024-01-31", "2024-02-29"),
    ("-1 Months", "2023-03-31", "2023-02-28"),
    ("1.5 Years", "2024-01-31", "2025-07-31"),
    ("1 Century", "2000-02-29", "2100-02-28"),
    ("1 Decade", "2000-02-29", "2010-02-28"),
    ("2 Weeks", "2024-02-20", "2024-03-05"),
    ("48 Hours", "2024-02-28", "2024-03-01"),
]


@pytest.mark.parametrize(("span", "start", "end"), AFTER)
def test_spans_are_counted_in_the_calendar(span: str, start: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert TimeUnit.parse(span).after(moment) == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        ("1.3 Months", "not a whole number of months"),
        ("1 Unknown", "has no fixed length"),
        ("90 Centuries", "out of the calendar"),
        ("1e300 Days", "out of the calendar"),
    ],
)
def test_span_outside_of_the_calendar_is_refused(span: str, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        TimeUnit.parse(span).after(datetime(2024, 1, 1, tzinfo=UTC))


def test_only_fixed_spans_have_seconds() -> None:
    assert TimeUnit.parse("1 Week").seconds == 604_800
    assert TimeUnit.parse("5 Milliseconds").seconds == 0.005
    with pytest.raises(InvalidValue, match="esriTimeUnitsMonths has no fixed length"):
        _ = TimeUnit.parse("1 Month").seconds
