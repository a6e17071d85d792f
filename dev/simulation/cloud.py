"""What works on a queue: pollers that grow in number, and environments that are cold at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from local.resolver import Resolver
from local.template import Template

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """How fast jobs are taken from the queue. The durations are assumptions about AWS.

    Attributes:
        concurrency: How many invocations there may be at once: `MaximumConcurrency`, or what the pollers
            reach without it, or the account's quota, whichever is least.
        first: With how many the pollers begin.
        more_per_minute: How many they add in a minute while messages are waiting.
        delivery_seconds: From the submit until an idle poller has handed the message to the function.
        overhead_seconds: What a worker needs for a job beside its tool: claim, inputs, process, results.
        cold_seconds: What the first invocation of an environment needs on top.
        keep_seconds: How long an environment that has nothing to do is kept.
    """

    concurrency: int
    first: int = 5
    more_per_minute: float = 300
    delivery_seconds: float = 0.05
    overhead_seconds: float = 0.1
    cold_seconds: float = 1.5
    keep_seconds: float = 300

    def shrunk(self, to: float) -> Cloud:
        """Return a part of this cloud, for a part of its load."""
        return replace(
            self,
            concurrency=ceil(self.concurrency * to),
            first=ceil(self.first * to),
            more_per_minute=self.more_per_minute * to,
        )


POLLERS_MOST = 1250
"""Invocations that a mapping reaches without `MaximumConcurrency`; like `first` and `more_per_minute` from
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html."""


@dataclass(frozen=True)
class Deployed:
    """The numbers of the template that decide about scale.

    Attributes:
        concurrency: `MaximumConcurrency` of the core worker's trigger.
        worker_megabytes: Memory of a worker.
        front_megabytes: Memory of the functions that take jobs in, show them and announce their ends.
        requests_per_second: What the stage lets through.
        processor: Of all functions, by default.
    """

    concurrency: int
    worker_megabytes: int
    front_megabytes: int
    requests_per_second: float
    processor: str

    @classmethod
    def read(cls, path: Path = ROOT / "template.yaml") -> Deployed:
        """Read them from the template.

        Raises:
            TemplateError: It cannot be read.
        """
        template = Template.read(path)
        by_name, resolver = template.resources, Resolver(template, {})
        return cls(
            by_name["JobsTrigger"].properties["ScalingConfig"]["MaximumConcurrency"],
            int(resolver(by_name["WorkerFunction"].properties["MemorySize"])),
            int(resolver(by_name["JobsFunction"].properties["MemorySize"])),
            by_name["Stage"].properties["DefaultRouteSettings"]["ThrottlingRateLimit"],
            template.parameters["Architecture"],
        )
