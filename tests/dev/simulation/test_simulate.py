"""The simulation against closed forms."""

from __future__ import annotations

from bisect import bisect_right
from heapq import heappop, heappush
from math import factorial, sqrt
from statistics import fmean, stdev

import pytest

from dev.simulation.load import Arrival, burst, exponential, lognormal, steady
from dev.simulation.outcome import find_peak, percentile
from dev.simulation.scaling import QueueScaling
from dev.simulation.simulate import simulate

PLAIN = QueueScaling(
    concurrency=1,
    first=1_000,
    more_per_minute=0,
    delivery_seconds=0,
    overhead_seconds=0,
    cold_seconds=0,
)


def cloud(**settings: float) -> QueueScaling:
    return QueueScaling(**{**vars(PLAIN), **settings})


def erlang_c_wait(workers: int, per_second: float, seconds: float) -> float:
    """The mean wait of M/M/c: the chance that all workers are busy, times the wait in that case."""
    load = per_second * seconds
    busy = load**workers / factorial(workers) * workers / (workers - load)
    chance = busy / (busy + sum(load**n / factorial(n) for n in range(workers)))
    return chance * seconds / (workers - load)


@pytest.mark.parametrize(
    ("workers", "per_second", "seconds"), [(1, 0.5, 1.0), (4, 2.8, 1.0), (8, 1.4, 4.0), (20, 3.0, 5.0)]
)
def test_mean_wait_is_erlangs(workers: int, per_second: float, seconds: float) -> None:
    minutes = 3_000 / per_second / 60
    waits = []
    for seed in range(10):
        outcome = simulate(
            steady(per_second * 60, minutes, exponential(seconds), seed), cloud(concurrency=workers)
        )
        waits.append(fmean(each.wait for each in outcome.finished))
    expected, error = erlang_c_wait(workers, per_second, seconds), stdev(waits) / sqrt(len(waits))
    assert error < 0.15 * expected  # otherwise the next line would say nothing
    assert fmean(waits) == pytest.approx(expected, abs=3 * error)


def test_wait_is_that_for_the_first_free_worker() -> None:
    load = steady(600, 10, lognormal(2.0, 2.0))
    free = [0.0] * 16  # the recursion of Kiefer and Wolfowitz for G/G/c
    waits = []
    for job in load:
        began = max(heappop(free), job.at)
        heappush(free, began + job.seconds)
        waits.append(began - job.at)
    by_number = sorted(simulate(load, cloud(concurrency=16)).finished)
    assert [each.wait for each in by_number] == pytest.approx(waits)


def test_littles_law_holds_for_waiting_and_running_jobs() -> None:
    outcome = simulate(steady(180, 30, lognormal(2.0)), cloud(concurrency=8))
    per_second = len(outcome.finished) / outcome.seconds
    came = [job.at for job in outcome.arrivals]
    moments = [outcome.seconds * (n + 0.5) / 5_000 for n in range(5_000)]
    starts, ends = (
        sorted(each.began for each in outcome.finished),
        sorted(each.ended for each in outcome.finished),
    )
    running = fmean(_before(starts, now) - _before(ends, now) for now in moments)
    waiting = fmean(_before(came, now) - _before(starts, now) for now in moments)
    assert running == pytest.approx(per_second * fmean(each.busy for each in outcome.finished), rel=0.02)
    assert running == pytest.approx(outcome.concurrency, rel=0.02)
    assert waiting == pytest.approx(per_second * fmean(each.wait for each in outcome.finished), rel=0.05)


def _before(times: list[float], now: float) -> int:
    return bisect_right(times, now)


@pytest.mark.parametrize("until", [1.0, 60.0, 300.0, None])
def test_no_job_is_lost_or_run_twice(until: float | None) -> None:
    load = steady(600, 5, lognormal(3.0))
    outcome = simulate(load, QueueScaling(concurrency=20), until)
    numbers = [each.number for each in outcome.finished]
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) + outcome.unfinished == outcome.arrived
    assert outcome.arrived == sum(job.at <= outcome.seconds for job in load)
    assert (outcome.unfinished == 0) == (until is None)
    assert outcome.peak <= 20


def test_jobs_begin_in_the_order_of_their_arrivals() -> None:
    outcome = simulate(steady(600, 2, lognormal(3.0)), cloud(concurrency=5))
    begun = sorted(outcome.finished, key=lambda each: each.number)
    assert [each.began for each in begun] == sorted(each.began for each in begun)


def test_burst_of_equal_jobs_runs_in_rounds() -> None:
    outcome = simulate(burst(40, lambda _: 2.0), cloud(concurrency=10))
    assert sorted(each.wait for each in outcome.finished) == [
        *[0.0] * 10,
        *[2.0] * 10,
        *[4.0] * 10,
        *[6.0] * 10,
    ]
    assert (outcome.seconds, outcome.peak, outcome.concurrency) == (8.0, 10, 10.0)


def test_pollers_grow_while_there_is_a_backlog() -> None:
    outcome = simulate(
        burst(100, lambda _: 1_000.0), cloud(concurrency=50, first=5, more_per_minute=60), 30.5
    )
    assert outcome.unfinished == 100
    began = simulate(
        burst(50, lambda _: 1_000.0), cloud(concurrency=50, first=5, more_per_minute=60)
    ).finished
    assert [each.began for each in began] == [*[0.0] * 5, *map(float, range(1, 46))]


def test_delivery_cold_start_and_overhead_are_added() -> None:
    here = cloud(delivery_seconds=0.1, overhead_seconds=0.2, cold_seconds=1.0, keep_seconds=10)
    jobs = [Arrival(0, 1), Arrival(5, 1), Arrival(60, 1)]
    first, warm, forgotten = simulate(jobs, here).finished
    assert (first.cold, warm.cold, forgotten.cold) == (True, False, True)
    assert (first.wait, warm.wait, forgotten.wait) == pytest.approx((1.1, 0.1, 1.1))
    assert [each.ended - each.claimed for each in (first, warm, forgotten)] == pytest.approx([1.2] * 3)


def test_client_polls_at_once_and_until_it_sees_the_end() -> None:
    jobs = [Arrival(0, 2.5), Arrival(0, 0.5), Arrival(10, 1)]
    assert simulate(jobs, cloud(concurrency=2)).polls(1.0) == 4 + 2 + 2
    assert simulate(jobs, cloud(concurrency=2), until=2.2).polls(1.0) == 4 + 2


def test_load_repeats_with_its_seed() -> None:
    assert steady(60, 5, lognormal(1), seed=3) == steady(60, 5, lognormal(1), seed=3)
    assert steady(60, 5, lognormal(1), seed=3) != steady(60, 5, lognormal(1), seed=4)


def test_load_has_its_size_and_length() -> None:
    load = steady(600, 60, lognormal(5.0, 2.0))
    assert len(load) == pytest.approx(36_000, rel=0.02)
    assert fmean(job.seconds for job in load) == pytest.approx(5.0, rel=0.03)


def test_empty_load_has_an_empty_outcome() -> None:
    outcome = simulate([], PLAIN)
    assert (outcome.unfinished, outcome.wait(99), outcome.peak) == (0, 0.0, 0)


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 2), (75, 3), (99, 4), (100, 4)])
def test_percentiles(percent: float, value: int) -> None:
    assert percentile([4, 2, 1, 3], percent) == value


def test_peak_counts_a_span_that_ends_before_one_that_begins() -> None:
    assert find_peak([(0, 1), (1, 2), (1, 3)]) == 2
