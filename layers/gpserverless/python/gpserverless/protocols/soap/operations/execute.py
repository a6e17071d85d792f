"""Execute: runs a tool while the caller waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gpserverless.calls.execute import ExecuteResult, Executor
from gpserverless.calls.execute_place import ExecutePlace
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.calls.sync_tasks import find_sync_task
from gpserverless.cancellation import CheckCancelled
from gpserverless.outputs.limits import INLINE_BYTES
from gpserverless.protocols.soap.messages import make_messages
from gpserverless.protocols.soap.operation import Answer, SoapRequest
from gpserverless.protocols.soap.operations.call import read_call
from gpserverless.protocols.soap.operations.keep_file import FindKeepFile
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.embed import MAX_EMBEDDED, embed_files, find_file_name
from gpserverless.protocols.soap.values.write import make_result_node
from gpserverless.toolkit.call import Output
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import TaskSpec


@dataclass(frozen=True)
class ResultWriter:
    """Writes the result of an execute.

    Attributes:
        task: The task.
        files_url: URL of the folder of its files, with a trailing slash.
        embeds_files: Whether small files are wanted in the answer.
    """

    task: TaskSpec
    files_url: str
    embeds_files: bool

    def is_quick(self, result: ExecuteResult) -> bool:
        """Return whether the result is sure to be written in no time.

        Args:
            result: The finished execute.
        """
        return sum(output.size for output in result.outputs) <= INLINE_BYTES

    def write(self, result: ExecuteResult, check_cancelled: CheckCancelled) -> Answer:
        """Return the elements of the response.

        Args:
            result: The finished execute.
            check_cancelled: Called between outputs; its exception ends the writing.

        Raises:
            InvalidParameter: The types of SOAP cannot hold a result.
        """
        nodes = []
        for output in result.outputs:
            check_cancelled()
            nodes.append(self._make_node(output))
        values = Node("GPValues", {"GPValue": nodes})
        return {"Result": Node("GPResult", {"Values": values, "Messages": make_messages(result.messages)})}

    def _make_node(self, output: Output) -> Node:
        parameter = next(each for each in self.task.outputs if each.name == output.name)
        node = make_result_node(parameter, _read(output.body))
        return embed_files(node, partial(_read_file, output, self.files_url)) if self.embeds_files else node


def _read(body: bytes | Path) -> bytes:
    return body if isinstance(body, bytes) else body.read_bytes()


def _read_file(output: Output, files_url: str, url: str) -> bytes | None:
    path = output.files.get(find_file_name(url, files_url))
    return path.read_bytes() if path and path.stat().st_size <= MAX_EMBEDDED else None


@dataclass(frozen=True)
class ExecuteOperation:
    """Handler of Execute.

    Attributes:
        catalogue: The published services.
        executor: Runs the calls.
        find_keep_file: Finds how a service keeps files that values hold themselves.
    """

    catalogue: Catalogue
    executor: Executor
    find_keep_file: FindKeepFile

    def execute(self, request: SoapRequest, deadline: RequestDeadline) -> Answer:
        """Run a task, and return its result.

        Args:
            request: The request.
            deadline: Time of the answer.

        Raises:
            RequestError: The service runs jobs only, or the call is wrong.
            RunError: The run failed, or did not end in time.
        """
        task = find_sync_task(self.catalogue, request.service, request.require("ToolName"))
        place = ExecutePlace.new(request.root, request.service, request.caller.name)
        call, given = read_call(request, task, self.find_keep_file(request.service, request.caller))
        writer = ResultWriter(task, place.files_url, given.embeds_files)
        return self.executor.execute(call.with_files_url(place.files_url), place, deadline, writer)
