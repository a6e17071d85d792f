"""Handlers of jobs: status, cancel, inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.access.audit import audit
from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.capabilities import echo, echo_type, is_secret, result_type
from gpserverless.errors import InvalidValue, UnknownJob
from gpserverless.http.answer_format import FEATURE_FORMATS
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write, write_file
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job
from gpserverless.jobs.job_usage import read_usage
from gpserverless.jobs.read import read_inputs, read_messages
from gpserverless.jobs.status import Status
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.async_tasks import AsyncTasks
from gpserverless.protocols.gpserver.feature_formats import encode_input
from gpserverless.protocols.gpserver.options import read_flag
from gpserverless.protocols.gpserver.urls import job_url
from gpserverless.toolkit.spec import Parameter


@dataclass(frozen=True)
class JobHandlers:
    """Handlers of jobs and their inputs.

    Attributes:
        tasks: The tasks and jobs.
        objects: The store of inputs and messages.
    """

    tasks: AsyncTasks
    objects: ObjectStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "job": self.get_job,
            "cancel": self.cancel_job,
            "inputs": self.get_inputs,
            "input": self.get_input,
        }

    def get_job(self, request: Request, service: str, task: str, job: str) -> Response:
        """Return the status of a job, with its messages and the names of its results.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
        """
        spec = self.tasks.task(service, task)
        found = self.tasks.job(service, task, job, request.caller)
        with_messages = read_flag(request, "returnMessages", default=True)
        document = answers.job(
            found.id,
            found.status.public.value,
            answers.job_usage(found.created_at, found.started_at, found.ended_at, read_usage(found)),
            read_messages(self.objects, found) if with_messages else None,
            _progress(found),
            (found.results, [p.name for p in spec.inputs]) if found.status is Status.SUCCEEDED else None,
        )
        return write(document, request.answer_format)

    def cancel_job(self, request: Request, service: str, task: str, job: str) -> Response:
        """Cancel a job.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
        """
        self.tasks.task(service, task)
        found = cancel(self.tasks.ledger, self.tasks.job(service, task, job, request.caller))
        audit("cancel", request.caller.name, status=found.status.value)
        if request.is_page:
            return see_other(job_url(request.root, service, task, found.id))
        document = answers.submission(found.id, found.status.public.value)
        return write(document, request.answer_format)

    def get_inputs(self, request: Request, service: str, task: str, job: str) -> Response:
        """Return the inputs of a job as they were submitted.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
        """
        spec = self.tasks.task(service, task)
        values = read_inputs(self.objects, self.tasks.job(service, task, job, request.caller).id).values
        document = [_echo(parameter, values) for parameter in spec.inputs]
        return write(document, request.answer_format)

    def get_input(self, request: Request, service: str, task: str, job: str, parameter: str) -> Response:
        """Return one input of a job as it was submitted.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
            parameter: Name of the input, in any letter case.

        Raises:
            UnknownJob: There is no such job or input.
            UnsupportedFormat: It is no input of features at hand, and is asked for in a format of them.
            TooLarge: It is too large for such a format.
        """
        spec = self.tasks.task(service, task).parameter(parameter, "input")
        if spec is None:
            raise UnknownJob(f"The task has no input '{parameter}'.")
        values = read_inputs(self.objects, self.tasks.job(service, task, job, request.caller).id).values
        if request.answer_format.name in FEATURE_FORMATS:
            return self._encode_features(request, service, spec, values)
        return write(_echo(spec, values), request.answer_format)

    def _encode_features(
        self, request: Request, service: str, spec: Parameter, values: Mapping[str, str]
    ) -> Response:
        limits = self.tasks.catalogue.service(service).limits
        options = DumpOptions(
            return_z=read_flag(request, "returnZ"), geometry_precision=limits.geometry_precision
        )
        raw = values.get(spec.name, spec.default)
        name = request.answer_format.name
        body = encode_input(name, raw, spec.data_type, limits.feature_limits, options)
        return write_file(body, request.answer_format, spec.name)


def _progress(job: Job) -> tuple[str, int | None] | None:
    if job.status is not Status.EXECUTING or job.progress is None:
        return None
    return job.progress.text, job.progress.percent


def _echo(parameter: Parameter, values: Mapping[str, str]) -> Mapping[str, Any]:
    name, data_type = parameter.name, parameter.data_type
    raw = values.get(name, parameter.default)
    if raw is None:
        return answers.value(name, result_type(data_type, None), data_type.empty)
    try:
        return answers.value(name, echo_type(data_type, raw), echo(data_type, raw))
    except InvalidValue:  # a job with a wrong value has failed, and shows that value as it was sent
        hides = is_secret(data_type) or "://" in raw
        return answers.value(name, result_type(data_type, None), data_type.empty if hides else raw)
