"""How AWS scales the workers of a queue, and the settings of the template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from local.resolver import Resolver
from local.template import Template

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class QueueScaling:
    """The scaling of a queue's workers. The durations are assumptions about AWS.

    Attributes:
        concurrency: Most invocations at once: the least of `MaximumConcurrency`, the limit of the pollers
            without it, and the account's quota.
        first: Invocations with which the pollers begin.
        more_per_minute: Invocations that they add in a minute while messages are waiting.
        delivery_seconds: Seconds from the submit until an idle poller has invoked the function.
        overhead_seconds: Seconds of a job beside its tool: claim, inputs, process, results.
        cold_seconds: Further seconds of the first invocation of an environment.
        keep_seconds: Seconds for which an idle environment is kept.
    """

    concurrency: int
    first: int = 5
    more_per_minute: float = 300
    delivery_seconds: float = 0.05
    overhead_seconds: float = 0.1
    cold_seconds: float = 1.5
    keep_seconds: float = 300

    def scale(self, part: float) -> QueueScaling:
        """Return the scaling for a part of the load.

        Args:
            part: The part, 0 to 1.
        """
        return replace(
            self,
            concurrency=ceil(self.concurrency * part),
            first=ceil(self.first * part),
            more_per_minute=self.more_per_minute * part,
        )


POLLERS_MOST = 1250
"""Invocations that a mapping reaches without `MaximumConcurrency`; like `first` and `more_per_minute` from
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html."""


@dataclass(frozen=True)
class TemplateSettings:
    """The settings of the template that the simulation uses.

    Attributes:
        concurrency: `MaximumConcurrency` of the core worker's trigger.
        worker_megabytes: Memory of a worker.
        front_megabytes: Memory of the functions that take jobs in, show them and announce their ends.
        requests_per_second: Limit of the stage.
        processor: Of all functions, by default.
    """

    concurrency: int
    worker_megabytes: int
    front_megabytes: int
    requests_per_second: float
    processor: str

    @classmethod
    def read(cls, path: Path = ROOT / "template.yaml") -> TemplateSettings:
        """Read the settings of a template.

        Raises:
            TemplateError: It cannot be read.
        """
        template = Template.read(path)
        by_name, resolver = template.resources, Resolver(template, {})
        return cls(
            int(resolver(by_name["JobsTrigger"].properties["ScalingConfig"])["MaximumConcurrency"]),
            int(resolver(by_name["WorkerFunction"].properties["MemorySize"])),
            int(resolver(by_name["JobsFunction"].properties["MemorySize"])),
            by_name["Stage"].properties["DefaultRouteSettings"]["ThrottlingRateLimit"],
            template.parameters["Architecture"],
        )
