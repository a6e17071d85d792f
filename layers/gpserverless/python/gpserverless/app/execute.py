"""The function that runs a tool while the caller waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from gpserverless.app.callers import Callers, QuotaSettings
from gpserverless.app.dispatcher import make_dispatcher
from gpserverless.app.exit_function import exit_function
from gpserverless.app.fetching import InputPreparation, inputs_from
from gpserverless.app.load_catalogue import load_tools
from gpserverless.app.logs import current_ids
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.app.soap_events import is_soap
from gpserverless.app.stores import open_objects
from gpserverless.calls.execute import Executor
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.clock import SystemClock
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.execute import ExecuteHandler
from gpserverless.sandbox.preparation import CallPreparation
from gpserverless.sandbox.prepared_runner import PreparedRunner
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.catalogue import Catalogue

if TYPE_CHECKING:  # most calls are none of SOAP
    from gpserverless.app.execute_soap import AnswerSoap


@dataclass(frozen=True)
class ExecuteSettings(QuotaSettings):
    """Settings of the function that runs tools while the caller waits."""

    bucket: str
    items_table: str
    execute_seconds: float
    fetch_function: str
    portal_url: str
    upload_megabytes: float
    memory: int | None


class ExecuteFunction:
    """Answers `execute`.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        runner: Runs the tools.
        store: Opens the store of large answers and of files; most answers need none.
        preparation: Fetches the references of calls.
        callers: Its callers.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    def __init__(
        self,
        settings: ExecuteSettings,
        catalogue: Catalogue,
        runner: Runner,
        store: Callable[[], ObjectStore],
        preparation: CallPreparation,
        callers: Callers,
        now: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._dispatcher = make_dispatcher(settings, catalogue, callers.identify)
        self._runner = runner
        self._now = now
        run = PreparedRunner(runner, preparation, current_ids, exit_function)
        measure = callers.quotas.measure_execute
        executor = Executor(run, store, measure, settings.execute_seconds)
        self._handler = ExecuteHandler(catalogue, executor)
        self._answer_soap = cache(partial(_make_answer_soap, settings, catalogue, callers, executor))

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> ExecuteFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
            AuthoringError: A toolbox is written wrongly.
        """
        settings = ExecuteSettings.read(environment)
        catalogue, runner = load_tools(settings.switched_on, settings.memory, secured=settings.secured)
        renew_after_restore(runner.reset)
        # The client of S3, a sixth of a cold start, is loaded when an answer needs it.
        store = cache(partial(open_objects, settings.bucket))
        inputs = cache(partial(inputs_from, settings))
        load_before_snapshot(store, inputs)
        callers, now = Callers.of(settings), SystemClock().now
        return cls(settings, catalogue, runner, store, InputPreparation(inputs), callers, now)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway, before that gives up.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function; 0 or less counts as over.
        """
        deadline = RequestDeadline.of(event, remaining_ms, self._now)
        if is_soap(event, self._settings.public_url):
            return self._answer_soap()(event, deadline)
        execute = partial(self._handler.execute, deadline=deadline)
        return self._dispatcher.answer(event, {"execute": execute})


def _make_answer_soap(
    settings: ExecuteSettings, catalogue: Catalogue, callers: Callers, executor: Executor
) -> AnswerSoap:
    from gpserverless.app.execute_soap import make_answer_soap

    return make_answer_soap(settings, catalogue, callers, executor)
