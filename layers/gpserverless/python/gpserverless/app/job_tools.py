"""The tools of a worker: loaded once, and run for jobs with log and metrics."""

from __future__ import annotations

import importlib
from functools import cache, partial
from typing import TYPE_CHECKING

from gpserverless.app.fetching import InputPreparation, inputs_from
from gpserverless.app.load_catalogue import load_tools
from gpserverless.app.logs import current_ids, log_ids, make_logger
from gpserverless.app.metrics import count_stopped_tool
from gpserverless.jobs.ports import RunTool
from gpserverless.sandbox.prepared_runner import PreparedRunner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.run import RunResult, Watcher

if TYPE_CHECKING:
    from gpserverless.app.worker import WorkerSettings

logger = make_logger()


def load_run_tool(settings: WorkerSettings) -> tuple[Catalogue, RunTool]:
    """Load the tools of a worker; return their services and the function that runs them.

    Args:
        settings: The worker's settings.

    Raises:
        AuthoringError: A toolbox is written wrongly.
    """
    importlib.import_module("gpserverless.featurelayers.write")  # every run of a job has it from the start
    catalogue, runner = load_tools(settings.switched_on, settings.memory, settings.worker)
    preparation = InputPreparation(cache(partial(inputs_from, settings)))
    return catalogue, PreparedRunner(runner, preparation, current_ids)


def run_logged(run_tool: RunTool, call: Call, watcher: Watcher, seconds: float) -> RunResult:
    """Run a tool; log its start, and count it if its process has to be stopped.

    Args:
        run_tool: Runs the tool.
        call: The call.
        watcher: The watcher of the run.
        seconds: Longest run.
    """
    with log_ids(toolbox=call.service, task=call.task):
        logger.info("attempt started")
        try:
            return run_tool(call, watcher, seconds)
        except BaseException as problem:
            count_stopped_tool(problem, call.service, call.task)
            raise
