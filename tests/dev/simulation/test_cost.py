"""Requests, units and dollars of a load, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dev.simulation.cost import UsagePattern, estimate_demand
from dev.simulation.levels import Level, dollars_a_month, levels
from dev.simulation.load import burst
from dev.simulation.scaling import QueueScaling, TemplateSettings
from dev.simulation.simulate import simulate
from dev.simulation.tables import HEAD, format_comparison, format_level
from gpserverless.jobs.pricing import PRICES

SETTINGS = TemplateSettings.read()
HERE = QueueScaling(concurrency=10, first=10, delivery_seconds=0, overhead_seconds=0, cold_seconds=0)
FREE = UsagePattern(result_bytes=0, request_log_bytes=0, job_log_bytes=0)


def test_settings_are_those_of_the_template() -> None:
    assert SETTINGS.processor == "arm64"
    assert 2 <= SETTINGS.concurrency <= 1_000  # what a mapping takes
    assert SETTINGS.front_megabytes < SETTINGS.worker_megabytes
    assert SETTINGS.requests_per_second > 0


def test_rates_of_a_burst_of_equal_jobs() -> None:
    outcome = simulate(burst(10, lambda _: 30.5), HERE)  # 30.5 s: one beat, 30 looks, 32 polls of each job
    found = estimate_demand(outcome, SETTINGS, FREE)
    each = 10 / outcome.seconds
    assert found.requests == pytest.approx((2 + 32) * each)
    assert found.reads == pytest.approx((32 + 30 + 1) * each)
    assert found.writes == pytest.approx((4 + 1) * each)
    assert found.index_writes == pytest.approx((1 + 2 + 2 + 1 + 2) * each)
    assert found.front == pytest.approx((0.05 + 0.01 + 32 * 0.01) * each)


def test_dollars_of_a_job() -> None:
    found = estimate_demand(simulate(burst(10, lambda _: 30.5), HERE), SETTINGS, FREE)
    rate = dict(PRICES.gb_second)[SETTINGS.processor]
    worker = Decimal("30.5") * SETTINGS.worker_megabytes / 1024 * rate
    front = Decimal("0.41") * SETTINGS.front_megabytes / 1024 * rate
    requests = 35 * (Decimal("0.000001") + PRICES.invocation)  # one of them is the event of its end
    rows = (5 + 3 * 3) * PRICES.write + (33 + 30) * PRICES.read
    rest = PRICES.invocation + 2 * PRICES.put + PRICES.get + 3 * PRICES.message
    assert found.job_dollars == pytest.approx(worker + front + requests + rows + rest)


def test_logs_and_egress_are_priced_by_their_bytes() -> None:
    outcome = simulate(burst(10, lambda _: 0.5), HERE)
    plain = estimate_demand(outcome, SETTINGS, FREE).job_dollars
    loud = estimate_demand(outcome, SETTINGS, replace(FREE, job_log_bytes=2**30)).job_dollars
    large = estimate_demand(outcome, SETTINGS, replace(FREE, result_bytes=2**30)).job_dollars
    assert (loud - plain, large - plain) == (Decimal("0.5"), Decimal("0.09"))


def test_polling_half_as_often_costs_about_half() -> None:
    outcome = simulate(burst(10, lambda _: 60.0), HERE)
    often, seldom = (
        estimate_demand(outcome, SETTINGS, replace(FREE, poll_seconds=seconds)).poll_dollars
        for seconds in (1.0, 2.0)
    )
    assert often / seldom == Decimal(61) / 31


def test_part_of_a_load_has_its_part_of_the_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    level = Level(name="any", cloud=QueueScaling(concurrency=200, first=150), per_minute=900, minutes=6)
    whole = level.simulate()
    monkeypatch.setattr("dev.simulation.levels.MOST_JOBS", 1_800)
    part = level.simulate()
    assert (whole.part, part.part) == (1.0, pytest.approx(1 / 3))
    assert part.outcome.arrived == pytest.approx(whole.outcome.arrived / 3, rel=0.1)
    found, expected = part.estimate_demand(SETTINGS, FREE), whole.estimate_demand(SETTINGS, FREE)
    assert found.requests == pytest.approx(expected.requests, rel=0.1)
    assert float(found.job_dollars) == pytest.approx(float(expected.job_dollars), rel=0.1)


def test_month_is_priced_by_its_minutes() -> None:
    level = Level(name="ten", cloud=HERE, per_minute=10, minutes=5)
    found = level.simulate().estimate_demand(SETTINGS, FREE)
    assert dollars_a_month(level, found) == round(found.job_dollars * 10 * 60 * 730)


def test_overload_has_no_price() -> None:
    fits = Level(name="fits", cloud=HERE, per_minute=60, minutes=2, seconds=lambda _: 1.0)
    swamped = replace(fits, name="swamped", per_minute=6_000)
    assert not format_level(fits.simulate(), SETTINGS, FREE).endswith("-")
    assert format_level(swamped.simulate(), SETTINGS, FREE).endswith("-")
    assert len(format_level(fits.simulate(), SETTINGS, FREE)) == len(HEAD)


def test_levels_are_those_of_the_documentation() -> None:
    assert {level.per_minute or level.jobs for level in levels(SETTINGS)} == {10, 1_000, 100_000, 300}


def test_comparison_has_prediction_and_measurement() -> None:
    fast, slow = simulate(burst(4, lambda _: 1.0), HERE), simulate(burst(4, lambda _: 2.0), HERE)
    rows = list(format_comparison([("burst", fast, slow, 12, 1.0)]))
    assert any(row.split() == ["burst:", "seconds", "1.00", "2.00", "-50%"] for row in rows)
    assert any(row.split() == ["burst:", "polls", "8", "12", "-33%"] for row in rows)
