"""Handlers of the inputs of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.calls.async_tasks import AsyncTasks
from gpserverless.calls.inputs import show_input
from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import UnknownJob
from gpserverless.http.answer_format import FEATURE_FORMATS
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write, write_file
from gpserverless.jobs.read import read_inputs
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.feature_formats import encode_input
from gpserverless.protocols.gpserver.options import read_flag
from gpserverless.toolkit.spec import Parameter


@dataclass(frozen=True)
class InputHandlers:
    """Handlers of the inputs of jobs.

    Attributes:
        tasks: The tasks and jobs.
        objects: The store of inputs.
    """

    tasks: AsyncTasks
    objects: ObjectStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"inputs": self.get_inputs, "input": self.get_input}

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


def _echo(parameter: Parameter, values: Mapping[str, str]) -> Mapping[str, Any]:
    shown = show_input(parameter, values)
    return answers.value(parameter.name, shown.data_type, shown.value)
