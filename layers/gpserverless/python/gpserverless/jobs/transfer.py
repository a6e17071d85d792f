"""The way to features and rows that a result leaves out, since they are more than it may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gpserverless.jobs.job import Job
from gpserverless.jobs.messages import warning
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.layers import number_outputs
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.spec import ServiceSpec
from gpserverless.values.counts import write_count


@dataclass(frozen=True)
class TransferLimits:
    """Tells of the outputs that have more rows than a result may have.

    Attributes:
        catalogue: The services of the worker.
    """

    catalogue: Catalogue

    def describe(self, job: Job, call: Call, outputs: Sequence[Output]) -> Iterator[Message]:
        """Yield a warning for each output whose result has no rows, since it would have too many.

        Args:
            job: The job.
            call: Its call.
            outputs: Its outputs.
        """
        service = self.catalogue.service(job.service)
        most = service.limits.max_records
        numbers = {
            each.parameter.name: each.number
            for each in number_outputs(service, call.caller)
            if each.task == job.task
        }
        for output in outputs:
            if output.layer is not None and output.layer.manifest.count > most and output.name in numbers:
                told = _describe(job, output, most, numbers[output.name])
                yield warning(told + _describe_hosting(service, job.task))


def _describe(job: Job, output: Output, most: int, number: int) -> str:
    manifest = output.layer.manifest if output.layer else None
    count = manifest.count if manifest else 0
    nouns = ("row", "rows") if manifest and manifest.is_table else ("feature", "features")
    query = f"{job.root}/rest/services/{job.service}/MapServer/jobs/{job.id}/{number}/query"
    return (
        f"Transfer limit exceeded: '{output.name}' has {write_count(count, *nouns)}, and a result at most "
        f"{most:,}, so it has none. They stay on the server: read them page by page from {query}."
    )


def _describe_hosting(service: ServiceSpec, task: str) -> str:
    spec = service.task(task)
    keeps = spec is not None and SERVICE_NAME in {parameter.name for parameter in spec.inputs}
    return f" Or keep them as a service: name it in {SERVICE_NAME}." if keeps else ""
