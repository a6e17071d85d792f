"""A runner with all that its runs have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from gpserverless.sandbox.preparation import CallPreparation
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import RunResult, Watcher


def _raise(error: ZygoteGone) -> NoReturn:
    raise error


@dataclass(frozen=True)
class PreparedRunner:
    """Runs calls with one preparation.

    Attributes:
        runner: Runs the tools.
        preparation: Fetches the references of calls.
        current_ids: Returns the log ids of the moment, for the lines of the tool.
        end_process: Takes the error of a runner that can run nothing any more; raises it by default.
    """

    runner: Runner
    preparation: CallPreparation
    current_ids: Callable[[], Mapping[str, str]]
    end_process: Callable[[ZygoteGone], NoReturn] = _raise

    def __call__(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        """Run a call; see `Runner`.

        Args:
            call: The call.
            watcher: Takes messages and progress.
            seconds: Longest time the run may take.

        Raises:
            RunError: The tool did not succeed.
            RequestError: A value is wrong.
            ZygoteGone: There is nothing left to run tools in, and `end_process` raises it.
        """
        try:
            return self.runner(call, watcher, seconds, self.preparation, self.current_ids())
        except ZygoteGone as gone:
            self.end_process(gone)
