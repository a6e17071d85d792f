"""Moments of attributes: ISO 8601 with any number of digits, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gpserverless.values.moments import parse_moment, to_milliseconds

AT = 1_704_164_645_000  # 2024-01-02T03:04:05Z, from `date -u -d @1704164645`


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2024-01-02T03:04:05Z", AT),
        (" 2024-01-02 03:04:05 ", AT),
        ("2024-01-02T03:04:05+00:00", AT),
        ("2024-01-02T04:04:05+01:00", AT),
        ("2024-01-02 04:04:05+01", AT),
        ("2024-01-02T04:04:05+0100", AT),
        ("2024-01-01T22:04:05-05:00", AT),
        ("2024-01-02 03:04:05 UTC", AT),
        ("2024/01/02 03:04:05+00", AT),
        ("2024/1/2 03:04:05", AT),
        ("20240102T030405Z", AT),
        ("2024-01-02T03:04:05.1Z", AT + 100),
        ("2024-01-02T03:04:05.1234567Z", AT + 123),
        ("2024-01-02T03:04:05.123456789Z", AT + 123),
        ("2024-01-02T03:04:05.999999999+00:00", AT + 999),
        ("2024-01-02T03:04:05,250", AT + 250),
        ("2024-01-02T03:04", AT - 5_000),
        ("2024-01-02", 1_704_153_600_000),
        ("20240102", 1_704_153_600_000),
        ("1969-12-31T23:59:59.9999Z", -1),
        ("1704164645000", AT),
        ("1704164645000.0", AT),
        ("1.704164645e+12", AT),
        ("-62135596800000", -62_135_596_800_000),
    ],
)
def test_moment_is_read(text: str, milliseconds: int) -> None:
    assert parse_moment(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    ["", "soon", "02.01.2024", "1/2/2024", "1704164645", "0", "2024", "2024-13-01", "2024-02-30", "10:00",
     "2024-01-02T25:00:00", "2024-01-02T03:04:05 PM", "2024-W01-1", "now", "२०२४-०१-०२"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        parse_moment(text)


def test_time_without_zone_is_utc() -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5)
    eastern = moment.replace(tzinfo=timezone(timedelta(hours=-5)))
    assert to_milliseconds(moment) == to_milliseconds(moment.replace(tzinfo=UTC)) == AT
    assert to_milliseconds(eastern) == AT + 5 * 3_600_000
