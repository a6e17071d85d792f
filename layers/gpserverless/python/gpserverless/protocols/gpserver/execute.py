"""The handler of `execute`: runs a tool while the caller waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from gpserverless.cancellation import Deadline
from gpserverless.errors import DeadlinePassed, RequestError
from gpserverless.http.answer_format import CSV, FEATURE_FORMATS, Format, unsupported_format
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.call import read_call
from gpserverless.protocols.gpserver.execute_answer import AnswerPlan, is_inline, write_answer
from gpserverless.protocols.gpserver.execute_ids import new_execute_id
from gpserverless.protocols.gpserver.feature_formats import holds
from gpserverless.protocols.gpserver.message_collector import MessageCollector
from gpserverless.protocols.gpserver.request_deadline import RequestDeadline
from gpserverless.protocols.gpserver.urls import execute_files_url, execute_folder
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.run import RunResult, Watcher
from gpserverless.toolkit.spec import Parameter, TaskSpec

Run = Callable[[Call, Watcher, float], RunResult]
"""Runs the task of a call within a number of seconds."""


class Execution(Protocol):
    """One execute while it is measured.

    Attributes:
        bytes_out: Size of its outputs.
    """

    bytes_out: int


Measure = Callable[[Call], AbstractContextManager[Execution]]
"""Counts an execute, however the block ends."""


@dataclass(frozen=True)
class ExecuteHandler:
    """Handler of `execute`.

    Attributes:
        catalogue: The published services.
        run: Runs the tools.
        open_store: Opens the store of large answers and of files; most answers need none.
        measure: Counts executes.
        max_seconds: Longest run.
    """

    catalogue: Catalogue
    run: Run
    open_store: Callable[[], ObjectStore]
    measure: Measure
    max_seconds: float

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
        spec = self.catalogue.task(service, task)
        published = self.catalogue.service(service)
        if published.execution != "sync":
            raise RequestError(f"The tasks of '{service}' run as jobs: use submitJob instead of execute.")
        folder = execute_folder(service, new_execute_id(request.caller.name))
        precision = published.limits.geometry_precision
        output = _find_output(spec, request.answer_format)
        plan = AnswerPlan(request.answer_format, folder, request.accepts_gzip, precision, output)
        call = _read_call(request, service, spec, plan)
        with self.measure(call) as execution:
            return self._run(call, plan, deadline, execution)

    def _run(self, call: Call, plan: AnswerPlan, deadline: RequestDeadline, execution: Execution) -> Response:
        collector = MessageCollector(deadline.check)
        try:
            outputs = self.run(call, collector, deadline.seconds_for_tool(self.max_seconds)).outputs
            execution.bytes_out = sum(output.size for output in outputs)
            write = partial(write_answer, call, outputs, collector.messages, plan, self.open_store)
            # A store does not know the deadline, and neither does the encoder of another format.
            in_time = is_inline(outputs, plan.answer_format)
            return write(deadline.check) if in_time else Deadline(deadline.check).wait_for(write)
        except DeadlinePassed:
            raise deadline.timeout_error() from None


def _read_call(request: Request, service: str, task: TaskSpec, plan: AnswerPlan) -> Call:
    call = read_call(request, service, task).with_files_url(execute_files_url(request.root, plan.folder))
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
