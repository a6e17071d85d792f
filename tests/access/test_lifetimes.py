"""The field `expiration`: digits, and never more than the cap."""

from __future__ import annotations

import pytest

from gpserverless.access.lifetimes import DAY_MS, MINUTE_MS, Lifetimes
from gpserverless.errors import InvalidParameter

READ = [
    ("", 60),
    ("1", 1),
    ("60", 60),
    ("0060", 60),
    ("1440", 1440),
    ("1441", 1440),
    ("20160", 1440),
    ("99999999999", 1440),
    ("9" * 1_000_000, 1440),
    ("0" * 1_000_000 + "5", 5),
]
REFUSED = [
    "0",
    "000",
    "-1",
    "+5",
    "abc",
    "1.5",
    "1e3",
    " 60",
    "60 ",
    "60\n",
    "\u0661",
    "\uff11",
    "6_0",
    "0x10",
]


@pytest.mark.parametrize(("given", "minutes"), READ)
def test_minutes_are_read(given: str, minutes: int) -> None:
    assert Lifetimes().read(given) == minutes * MINUTE_MS


@pytest.mark.parametrize("given", REFUSED)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(InvalidParameter, match="expiration"):
        Lifetimes().read(given)


@pytest.mark.parametrize(
    ("default", "most", "given", "minutes"),
    [(60, 30, "", 30), (60, 30, "45", 30), (10, 30, "", 10), (60, 100_000, "99999", 1440)],
)
def test_cap_is_a_setting_of_at_most_a_day(default: int, most: int, given: str, minutes: int) -> None:
    assert Lifetimes(default, most).read(given) == minutes * MINUTE_MS <= DAY_MS
