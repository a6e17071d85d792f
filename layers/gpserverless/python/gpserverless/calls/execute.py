"""Running a tool while the caller waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from gpserverless.calls.execute_place import ExecutePlace
from gpserverless.calls.file_urls import ExecuteFile
from gpserverless.calls.message_collector import MessageCollector
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import DeadlinePassed
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.store import store_file
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher

Run = Callable[[Call, Watcher, float], RunResult]
"""Runs the task of a call within a number of seconds."""

A_co = TypeVar("A_co", covariant=True)
A = TypeVar("A")


class Execution(Protocol):
    """One execute while it is measured.

    Attributes:
        bytes_out: Size of its outputs.
    """

    bytes_out: int


Measure = Callable[[Call], AbstractContextManager[Execution]]
"""Counts an execute, however the block ends."""


@dataclass(frozen=True)
class ExecuteResult:
    """A finished execute.

    Attributes:
        outputs: Every declared output, in the order of their declaration.
        messages: The messages of the run, oldest first.
    """

    outputs: tuple[Output, ...]
    messages: tuple[Message, ...]


class AnswerWriter(Protocol[A_co]):
    """Writes the answer of an execute in one protocol."""

    def is_quick(self, result: ExecuteResult) -> bool:
        """Return whether the answer is sure to be written in no time: nothing is stored or encoded."""
        ...

    def write(self, result: ExecuteResult, check_cancelled: CheckCancelled) -> A_co:
        """Return the answer; the files of the outputs are stored already."""
        ...


@dataclass(frozen=True)
class Executor:
    """Runs the tasks of services that are executed at once.

    Attributes:
        run: Runs the tools.
        open_store: Opens the store of large answers and of files; most answers need none.
        measure: Counts executes.
        max_seconds: Longest run.
    """

    run: Run
    open_store: Callable[[], ObjectStore]
    measure: Measure
    max_seconds: float

    def execute(
        self, call: Call, place: ExecutePlace, deadline: RequestDeadline, writer: AnswerWriter[A]
    ) -> A:
        """Run a call, store the files of its outputs, and return its answer.

        Args:
            call: The call, with the URL of its files.
            place: Where its files go.
            deadline: Time of the answer.
            writer: Writes the answer.

        Raises:
            RequestError: A value is wrong.
            RunError: The run failed, or did not end in time.
            StorageError: The store cannot be reached.
        """
        with self.measure(call) as execution:
            return self._execute(call, place, deadline, writer, execution)

    def _execute(
        self,
        call: Call,
        place: ExecutePlace,
        deadline: RequestDeadline,
        writer: AnswerWriter[A],
        execution: Execution,
    ) -> A:
        collector = MessageCollector(deadline.check)
        try:
            outputs = self.run(call, collector, deadline.seconds_for_tool(self.max_seconds)).outputs
            execution.bytes_out = sum(output.size for output in outputs)
            result = ExecuteResult(tuple(outputs), tuple(collector.messages))
            answer = partial(self._answer, result, place, writer)
            # A store does not know the deadline, and neither does the encoder of another format.
            has_files = any(output.files for output in outputs)
            in_time = not has_files and writer.is_quick(result)
            return answer(deadline.check) if in_time else Deadline(deadline.check).wait_for(answer)
        except DeadlinePassed:
            raise deadline.timeout_error() from None

    def _answer(
        self, result: ExecuteResult, place: ExecutePlace, writer: AnswerWriter[A], check: CheckCancelled
    ) -> A:
        for output in result.outputs:
            for name, path in output.files.items():
                store_file(self.open_store(), ExecuteFile(place.folder, name).key, path, check)
        return writer.write(result, check)
