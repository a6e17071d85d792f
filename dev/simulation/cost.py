"""What a load asks of AWS in a second and costs in a month, by the prices of the jobs' own bills."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dev.simulation.cloud import Deployed
from dev.simulation.outcome import Outcome
from gpserverless.jobs import pricing
from gpserverless.jobs.pricing import ENDING, SUBMIT, BilledUnits, FunctionSize
from gpserverless.jobs.rules import JobRules

MONTH_MINUTES = Decimal(730 * 60)

_API_REQUEST = Decimal("0.000001")  # aws.amazon.com/api-gateway/pricing, HTTP APIs
_LOG_BYTE = Decimal("0.50") / 2**30  # aws.amazon.com/cloudwatch/pricing, standard class
_EVENT = Decimal(
    "0.000001"
)  # aws.amazon.com/eventbridge/pricing, custom events; Lambda reads streams for free
_EGRESS_BYTE = Decimal("0.09") / 2**30  # aws.amazon.com/ec2/pricing/on-demand, the first 10 TB

_RULES = JobRules()


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is asked about a job beside running its tool. The numbers are assumptions.

    Attributes:
        poll_seconds: How often a client asks how its job is; most clients do so every second.
        row_bytes: Size of a job's row in the end.
        result_bytes: Size of the result, which is fetched once.
        submit_ms: How long the function takes to take a job in.
        look_ms: How long it takes to show a job, or its result.
        announce_ms: How long it takes to publish the end of a job.
        request_log_bytes: What a request writes into the access log.
        job_log_bytes: What a job writes into the functions' log.
    """

    poll_seconds: float = 1.0
    row_bytes: int = 1_000
    result_bytes: int = 50_000
    submit_ms: float = 50
    look_ms: float = 10
    announce_ms: float = 30
    request_log_bytes: int = 400
    job_log_bytes: int = 3_000


@dataclass(frozen=True)
class Asked:
    """What a load asks of everything that is not a worker; rates are per second.

    Attributes:
        requests: Requests to the API.
        front: Invocations of the front that run at once, on average.
        reads: Units read from the table: polls, results, and the looks of the workers.
        writes: Units written to the table, without its index.
        index_writes: Units written to the index of open jobs.
        job_dollars: What a job costs on average.
        poll_dollars: How much of it is polling.
    """

    requests: float
    front: float
    reads: float
    writes: float
    index_writes: float
    job_dollars: Decimal
    poll_dollars: Decimal


def asked(outcome: Outcome, deployed: Deployed, habits: Habits) -> Asked:
    """Return what a load asked for, from its outcome; a job's own costs are those of the jobs that ended."""
    jobs, seconds = max(1, outcome.arrived), outcome.seconds
    polls = outcome.polls(habits.poll_seconds)
    ended = max(1, len(outcome.worked))
    busy = sum(each.busy for each in outcome.worked)
    running = [each.ended - each.claimed for each in outcome.worked]
    beats = sum(int(each * 1000 / _RULES.beat_ms) for each in running)
    looks = sum(int(each * 1000 / _RULES.poll_ms) for each in running)
    row = -(-habits.row_bytes // 1024)
    poll = _request(habits.look_ms, deployed, habits)
    own = pricing.price(SUBMIT) + pricing.price(
        pricing.count_attempt(
            round(busy / ended * 1000),
            beats=round(beats / ended),
            reads=round(looks / ended),
            puts=1,
            row_bytes=habits.row_bytes,
        ),
        FunctionSize(deployed.worker_megabytes, deployed.processor),
    )
    once = (
        _request(habits.submit_ms, deployed, habits, reads=0)
        + poll
        + _announcement(deployed, habits)
        + habits.result_bytes * _EGRESS_BYTE
        + habits.job_log_bytes * _LOG_BYTE
    )
    return Asked(
        requests=(2 * jobs + polls) / seconds,
        front=(jobs * (habits.submit_ms + habits.look_ms) + polls * habits.look_ms) / 1000 / seconds,
        reads=(polls + looks + jobs) / seconds,
        writes=(2 * jobs + (2 * ended + beats) * row) / seconds,
        index_writes=(_QUEUED_INDEX * jobs + _WORKED_INDEX * ended + _MOVED * beats) / seconds,
        job_dollars=own + once + poll * polls / jobs,
        poll_dollars=poll * polls / jobs,
    )


_MOVED = 2  # an entry that moves within the index is taken out and put in again
_QUEUED_INDEX = 1 + _MOVED  # entered as New, moved when Submitted
_WORKED_INDEX = _MOVED + (ENDING.writes - 1)  # moved by the claim, taken out in the end


def _request(milliseconds: float, deployed: Deployed, habits: Habits, reads: int = 1) -> Decimal:
    """Return what one request to the front costs: gateway, function, read and log."""
    used = BilledUnits(milliseconds=round(milliseconds), invocations=1, reads=reads)
    front = pricing.price(used, FunctionSize(deployed.front_megabytes, deployed.processor))
    return _API_REQUEST + front + habits.request_log_bytes * _LOG_BYTE


def _announcement(deployed: Deployed, habits: Habits) -> Decimal:
    """Return what the event of a job's end costs, if no other ends in the same moment."""
    used = BilledUnits(milliseconds=round(habits.announce_ms), invocations=1)
    return _EVENT + pricing.price(used, FunctionSize(deployed.front_megabytes, deployed.processor))
