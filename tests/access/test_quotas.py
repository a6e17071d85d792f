"""Quotas: whose they are, when they end, what they count, and what they say."""

from __future__ import annotations

import re

import pytest

from gpserverless.access.quotas import QuotaCheck, Quotas, Use, payer_of, settle
from gpserverless.caller import ANYBODY, Caller, Role
from gpserverless.errors import QuotaReached
from gpserverless.testing import InMemoryUseRows, VirtualClock

NOON = 1_796_126_400_000  # 2026-12-01T12:00:00Z
HOUR = 3_600_000
ANN = Caller("ann", Role.USER, address="203.0.113.7")
JOB = Use(jobs=1, bytes=1, begun="j1")


@pytest.fixture
def use_rows() -> InMemoryUseRows:
    return InMemoryUseRows()


@pytest.fixture
def clock() -> VirtualClock:
    clock = VirtualClock()
    clock.time = NOON
    return clock


def check(rows: InMemoryUseRows, clock: VirtualClock, **quotas: int) -> QuotaCheck:
    return QuotaCheck(Quotas(**quotas), lambda: rows, clock)


SAYS = [
    ({"jobs": 1}, Use(jobs=1), "The quota of jobs and executes is 1 a day, and you have used it up."),
    ({"seconds": 1}, Use(milliseconds=1000), "run time is 1 seconds a day"),
    ({"megabytes": 1}, Use(bytes=2**20), "inputs and outputs is 1 megabytes a day"),
    ({"open_jobs": 1}, Use(begun="j0"), "The quota of jobs that have not ended is 1 at a time."),
]


@pytest.mark.parametrize(("quotas", "use", "text"), SAYS)
def test_quota_says_its_amount_and_its_end(
    use_rows: InMemoryUseRows, clock: VirtualClock, quotas: dict[str, int], use: Use, text: str
) -> None:
    checked = check(use_rows, clock, **quotas)
    settle(use_rows, checked.charge(ANN, JOB), NOON, use)
    with pytest.raises(QuotaReached) as reached:
        checked.charge(ANN, Use(jobs=1, begun="j2"))
    assert text in str(reached.value)
    is_daily = "open_jobs" not in quotas
    assert ("It ends at 2026-12-02T00:00:00Z." in str(reached.value)) == is_daily


def test_day_ends_at_midnight_utc(use_rows: InMemoryUseRows, clock: VirtualClock) -> None:
    checked = check(use_rows, clock, jobs=1)
    checked.charge(ANN, JOB)
    clock.time = NOON + 12 * HOUR - 1
    with pytest.raises(QuotaReached):
        checked.charge(ANN, JOB)
    clock.time += 1
    checked.charge(ANN, JOB)
    assert sorted(key.partition("#")[2] for key in use_rows.rows) == ["2026-12-01", "2026-12-02"]
    first = min(row["ttl_at"] for row in use_rows.rows.values())
    assert first * 1000 == NOON + 12 * HOUR + 48 * HOUR


def test_job_counts_on_the_day_of_its_submit(use_rows: InMemoryUseRows, clock: VirtualClock) -> None:
    payer = check(use_rows, clock, open_jobs=1).charge(ANN, JOB)
    settle(use_rows, payer, NOON, Use(milliseconds=13 * HOUR, ended="j1"))
    (row,) = use_rows.rows.values()
    assert (row["milliseconds"], row["open_jobs"]) == (13 * HOUR, frozenset())


def test_nothing_is_written_without_quotas_or_for_administrators(clock: VirtualClock) -> None:
    def never() -> InMemoryUseRows:
        pytest.fail("a table would be written")

    assert QuotaCheck(Quotas(), never, clock).charge(ANN, JOB) == ""
    root = Caller("root", Role.ADMINISTRATOR)
    assert QuotaCheck(Quotas(jobs=1), never, clock).charge(root, JOB) == ""


def test_upload_is_not_held_up_by_quotas_of_runs(use_rows: InMemoryUseRows, clock: VirtualClock) -> None:
    checked = check(use_rows, clock, jobs=1, seconds=1, open_jobs=1, megabytes=1)
    checked.charge(ANN, JOB)
    checked.charge(ANN, Use(bytes=2**20))
    with pytest.raises(QuotaReached, match="megabytes"):
        checked.charge(ANN, Use(bytes=1))


@pytest.mark.parametrize("number", [1, 1000])
def test_one_write_is_all_that_a_charge_takes(
    use_rows: InMemoryUseRows, clock: VirtualClock, number: int
) -> None:
    check(use_rows, clock, jobs=number, seconds=1, megabytes=1, open_jobs=1).charge(ANN, JOB)
    assert use_rows.writes == 1


SAME = [
    ("a user from anywhere", ANN, Caller("ann", Role.PUBLISHER, address="198.51.100.1"), True),
    ("two users from one network", ANN, Caller("bob", Role.USER, address="203.0.113.7"), False),
    ("a user and anybody from one network", ANN, Caller(address="203.0.113.7"), False),
    ("anybody from one address", Caller(address="203.0.113.7"), Caller(address="203.0.113.7"), True),
    ("anybody from two addresses", Caller(address="203.0.113.7"), Caller(address="203.0.113.8"), False),
    ("one network of IPv6", Caller(address="2001:db8:1:2::1"), Caller(address="2001:db8:1:2:ffff::9"), True),
    ("two networks of IPv6", Caller(address="2001:db8:1:2::1"), Caller(address="2001:db8:1:3::1"), False),
    ("no address", ANYBODY, Caller(address="unknown"), False),
]


@pytest.mark.parametrize(("one", "other", "same"), [s[1:] for s in SAME], ids=[s[0] for s in SAME])
def test_quota_is_of_a_user_or_of_a_network(one: Caller, other: Caller, same: bool) -> None:
    assert (payer_of(one) == payer_of(other)) is same
    assert re.fullmatch("[0-9a-f]{32}", payer_of(one))
