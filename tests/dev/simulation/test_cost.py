"""Requests, units and dollars of a load, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dev.simulation.cloud import Cloud, Deployed
from dev.simulation.cost import Habits, asked
from dev.simulation.levels import Level, levels, month
from dev.simulation.load import burst
from dev.simulation.play import play
from dev.simulation.tables import HEAD, line, side_by_side
from gpserverless.jobs.pricing import PRICES

DEPLOYED = Deployed.read()
HERE = Cloud(concurrency=10, first=10, delivery_seconds=0, overhead_seconds=0, cold_seconds=0)
FREE = Habits(result_bytes=0, request_log_bytes=0, job_log_bytes=0)


def test_settings_are_those_of_the_template() -> None:
    assert DEPLOYED.processor == "arm64"
    assert 2 <= DEPLOYED.concurrency <= 1_000  # what a mapping takes
    assert DEPLOYED.front_megabytes < DEPLOYED.worker_megabytes
    assert DEPLOYED.requests_per_second > 0


def test_rates_of_a_burst_of_equal_jobs() -> None:
    outcome = play(burst(10, lambda _: 30.5), HERE)  # 30.5 s: one beat, 30 looks, 32 polls of each job
    found = asked(outcome, DEPLOYED, FREE)
    each = 10 / outcome.seconds
    assert found.requests == pytest.approx((2 + 32) * each)
    assert found.reads == pytest.approx((32 + 30 + 1) * each)
    assert found.writes == pytest.approx((4 + 1) * each)
    assert found.index_writes == pytest.approx((1 + 2 + 2 + 1 + 2) * each)
    assert found.front == pytest.approx((0.05 + 0.01 + 32 * 0.01) * each)


def test_dollars_of_a_job() -> None:
    found = asked(play(burst(10, lambda _: 30.5), HERE), DEPLOYED, FREE)
    rate = dict(PRICES.gb_second)[DEPLOYED.processor]
    worker = Decimal("30.5") * DEPLOYED.worker_megabytes / 1024 * rate
    front = Decimal("0.41") * DEPLOYED.front_megabytes / 1024 * rate
    requests = 35 * (Decimal("0.000001") + PRICES.invocation)  # one of them is the event of its end
    rows = (5 + 3 * 3) * PRICES.write + (33 + 30) * PRICES.read
    rest = PRICES.invocation + 2 * PRICES.put + PRICES.get + 3 * PRICES.message
    assert found.job_dollars == pytest.approx(worker + front + requests + rows + rest)


def test_logs_and_egress_cost_what_they_weigh() -> None:
    outcome = play(burst(10, lambda _: 0.5), HERE)
    plain = asked(outcome, DEPLOYED, FREE).job_dollars
    loud = asked(outcome, DEPLOYED, replace(FREE, job_log_bytes=2**30)).job_dollars
    large = asked(outcome, DEPLOYED, replace(FREE, result_bytes=2**30)).job_dollars
    assert (loud - plain, large - plain) == (Decimal("0.5"), Decimal("0.09"))


def test_who_asks_half_as_often_pays_about_half() -> None:
    outcome = play(burst(10, lambda _: 60.0), HERE)
    often, seldom = (
        asked(outcome, DEPLOYED, replace(FREE, poll_seconds=seconds)).poll_dollars for seconds in (1.0, 2.0)
    )
    assert often / seldom == Decimal(61) / 31


def test_a_part_of_a_load_asks_for_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    level = Level(name="any", cloud=Cloud(concurrency=200, first=150), per_minute=900, minutes=6)
    whole = level.play()
    monkeypatch.setattr("dev.simulation.levels.MOST_JOBS", 1_800)
    part = level.play()
    assert (whole.part, part.part) == (1.0, pytest.approx(1 / 3))
    assert part.outcome.arrived == pytest.approx(whole.outcome.arrived / 3, rel=0.1)
    found, expected = part.asked(DEPLOYED, FREE), whole.asked(DEPLOYED, FREE)
    assert found.requests == pytest.approx(expected.requests, rel=0.1)
    assert float(found.job_dollars) == pytest.approx(float(expected.job_dollars), rel=0.1)


def test_a_month_is_so_many_minutes_of_jobs() -> None:
    level = Level(name="ten", cloud=HERE, per_minute=10, minutes=5)
    found = level.play().asked(DEPLOYED, FREE)
    assert month(level, found) == round(found.job_dollars * 10 * 60 * 730)


def test_a_load_that_is_too_much_has_no_price() -> None:
    fits = Level(name="fits", cloud=HERE, per_minute=60, minutes=2, seconds=lambda _: 1.0)
    swamped = replace(fits, name="swamped", per_minute=6_000)
    assert not line(fits.play(), DEPLOYED, FREE).endswith("-")
    assert line(swamped.play(), DEPLOYED, FREE).endswith("-")
    assert len(line(fits.play(), DEPLOYED, FREE)) == len(HEAD)


def test_the_levels_are_those_of_the_documentation() -> None:
    assert {level.per_minute or level.jobs for level in levels(DEPLOYED)} == {10, 1_000, 100_000, 300}


def test_a_prediction_stands_beside_what_was_measured() -> None:
    fast, slow = play(burst(4, lambda _: 1.0), HERE), play(burst(4, lambda _: 2.0), HERE)
    rows = list(side_by_side([("burst", fast, slow, 12, 1.0)]))
    assert any(row.split() == ["burst:", "seconds", "1.00", "2.00", "-50%"] for row in rows)
    assert any(row.split() == ["burst:", "polls", "8", "12", "-33%"] for row in rows)
