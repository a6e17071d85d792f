"""The demand of a load on AWS, and its price, by the prices of the jobs' own bills."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dev.simulation.outcome import Outcome
from dev.simulation.scaling import TemplateSettings
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
class UsagePattern:
    """The usage of the service beside the tools. The numbers are assumptions.

    Attributes:
        poll_seconds: Seconds between two polls of a client; 1 for most clients.
        row_bytes: Size of a job's row in the end.
        result_bytes: Size of the result, which is fetched once.
        submit_ms: Duration of the function for a submit.
        look_ms: Duration of the function for a poll or a result.
        announce_ms: Duration of the function that publishes the end of a job.
        request_log_bytes: Bytes of a request in the access log.
        job_log_bytes: Bytes of a job in the functions' log.
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
class Demand:
    """The demand of a load beside the workers; rates are per second.

    Attributes:
        requests: Requests to the API.
        front: Mean number of invocations of the front at once.
        reads: Read units of the table: polls, results, and the looks of the workers.
        writes: Write units of the table, without its index.
        index_writes: Write units of the index of open jobs.
        job_dollars: Mean price of a job.
        poll_dollars: The part of it that is polling.
    """

    requests: float
    front: float
    reads: float
    writes: float
    index_writes: float
    job_dollars: Decimal
    poll_dollars: Decimal


def estimate_demand(outcome: Outcome, settings: TemplateSettings, pattern: UsagePattern) -> Demand:
    """Estimate the demand of a load from its outcome.

    Args:
        outcome: The outcome; the price of a job is that of the jobs that ended.
        settings: The settings of the template.
        pattern: The usage of the service.
    """
    jobs, seconds = max(1, outcome.arrived), outcome.seconds
    polls = outcome.polls(pattern.poll_seconds)
    ended = max(1, len(outcome.finished))
    busy = sum(each.busy for each in outcome.finished)
    running = [each.ended - each.claimed for each in outcome.finished]
    beats = sum(int(each * 1000 / _RULES.beat_ms) for each in running)
    looks = sum(int(each * 1000 / _RULES.poll_ms) for each in running)
    row = -(-pattern.row_bytes // 1024)
    poll = _price_request(pattern.look_ms, settings, pattern)
    own = _price_attempt(busy / ended, beats / ended, looks / ended, settings, pattern)
    once = (
        _price_request(pattern.submit_ms, settings, pattern, reads=0)
        + poll
        + _price_announcement(settings, pattern)
        + pattern.result_bytes * _EGRESS_BYTE
        + pattern.job_log_bytes * _LOG_BYTE
    )
    return Demand(
        requests=(2 * jobs + polls) / seconds,
        front=(jobs * (pattern.submit_ms + pattern.look_ms) + polls * pattern.look_ms) / 1000 / seconds,
        reads=(polls + looks + jobs) / seconds,
        writes=(2 * jobs + (2 * ended + beats) * row) / seconds,
        index_writes=(_QUEUED_INDEX * jobs + _WORKED_INDEX * ended + _MOVED * beats) / seconds,
        job_dollars=own + once + poll * polls / jobs,
        poll_dollars=poll * polls / jobs,
    )


_MOVED = 2  # an entry that moves within the index is taken out and put in again
_QUEUED_INDEX = 1 + _MOVED  # entered as New, moved when Submitted
_WORKED_INDEX = _MOVED + (ENDING.writes - 1)  # moved by the claim, taken out in the end


def _price_attempt(
    seconds: float, beats: float, looks: float, settings: TemplateSettings, pattern: UsagePattern
) -> Decimal:
    """Return the dollars of a submit and one attempt, as a job's own bill has them."""
    used = pricing.count_attempt(
        round(seconds * 1000),
        beats=round(beats),
        reads=round(looks),
        puts=1,
        row_bytes=pattern.row_bytes,
    )
    return pricing.price(SUBMIT) + pricing.price(
        used, FunctionSize(settings.worker_megabytes, settings.processor)
    )


def _price_request(
    milliseconds: float, settings: TemplateSettings, pattern: UsagePattern, reads: int = 1
) -> Decimal:
    """Return the dollars of one request: gateway, function, read and log."""
    used = BilledUnits(milliseconds=round(milliseconds), invocations=1, reads=reads)
    front = pricing.price(used, FunctionSize(settings.front_megabytes, settings.processor))
    return _API_REQUEST + front + pattern.request_log_bytes * _LOG_BYTE


def _price_announcement(settings: TemplateSettings, pattern: UsagePattern) -> Decimal:
    """Return the dollars of the event of a job's end, if no other job ends in the same moment."""
    used = BilledUnits(milliseconds=round(pattern.announce_ms), invocations=1)
    return _EVENT + pricing.price(used, FunctionSize(settings.front_megabytes, settings.processor))
