"""The handler of `execute`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.calls.execute import Executor
from gpserverless.calls.execute_place import ExecutePlace
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.calls.sync_tasks import find_sync_task
from gpserverless.http.answer_format import CSV, FEATURE_FORMATS, Format, unsupported_format
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.gpserver.call import read_call
from gpserverless.protocols.gpserver.execute_answer import AnswerPlan, ExecuteAnswer
from gpserverless.protocols.gpserver.feature_formats import holds
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import Parameter, TaskSpec


@dataclass(frozen=True)
class ExecuteHandler:
    """Handler of `execute`.

    Attributes:
        catalogue: The published services.
        executor: Runs the calls.
    """

    catalogue: Catalogue
    executor: Executor

    def execute(self, request: Request, service: str, task: str, deadline: RequestDeadline) -> Response:
        """Run a task, and answer with its outputs or a link to them.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            deadline: Time of the answer.

        Raises:
            RequestError: The service runs jobs only, or the call is wrong.
            RunError: The run failed, or did not end in time.
        """
        spec = find_sync_task(self.catalogue, service, task)
        place = ExecutePlace.new(request.root, service, request.caller.name)
        precision = self.catalogue.service(service).limits.geometry_precision
        output = _find_output(spec, request.answer_format)
        plan = AnswerPlan(request.answer_format, place.folder, request.accepts_gzip, precision, output)
        call = _read_call(request, service, spec, plan).with_files_url(place.files_url)
        writer = ExecuteAnswer(call.options, plan, self.executor.open_store)
        return self.executor.execute(call, place, deadline, writer)


def _read_call(request: Request, service: str, task: TaskSpec, plan: AnswerPlan) -> Call:
    call = read_call(request, service, task)
    if plan.output is not None:
        call = replace(call, options=replace(call.options, as_collection=False))
    return call


def _find_output(task: TaskSpec, answer_format: Format) -> Parameter | None:
    """Return the one output that a format of features holds; None for another format."""
    name = answer_format.name
    if name not in FEATURE_FORMATS:
        return None
    held = [p for p in task.outputs if holds(name, p.data_type.name)]
    if len(held) != 1:
        kind = "features or a table" if name == CSV else "features"
        raise unsupported_format(
            f"{name} is for tasks with one output of {kind}, and '{task.name}' has {len(held)}"
        )
    return held[0]
