"""The function that runs a tool while the caller waits."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from gpserverless.app.exit_function import end_function
from gpserverless.app.fetching import InputPreparation, inputs_from
from gpserverless.app.http import serve
from gpserverless.app.load_catalogue import from_tools
from gpserverless.app.logs import current_ids
from gpserverless.app.metrics import Execution, executing
from gpserverless.app.request_deadline import RequestDeadline
from gpserverless.app.results import FEATURES, in_feature_format
from gpserverless.app.snapstart import before_snapshot, when_restored
from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.clock import SystemClock
from gpserverless.errors import DeadlinePassed, RequestError, TooLarge
from gpserverless.jobs.messages import MessageBudget
from gpserverless.jobs.outputs import FILE_TYPE
from gpserverless.jobs.ports import ObjectStore
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.compression import GZIP, gzipped_file
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.call import read_call
from gpserverless.protocols.gpserver.compression import accepts_gzip, gzip_response
from gpserverless.protocols.gpserver.formats import (
    FEATURE_FORMATS,
    MAX_BODY,
    Format,
    Response,
    see_other,
    unsupported_format,
    write,
)
from gpserverless.protocols.gpserver.request import Request
from gpserverless.protocols.gpserver.routes import Route
from gpserverless.sandbox.preparation import CallPreparation
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.settings import Settings
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.spec import TaskSpec

LINK_SECONDS = JobRules().link_ms // 1000
"""How long the link to a larger answer works."""

PASSED_ON = MAX_BODY // 2
"""Bytes of outputs that surely fit into an answer, with all messages of their run."""

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class ExecuteSettings(Settings):
    """Settings of the function that runs tools while the caller waits."""

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    execute_seconds: float
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    portal_url: str
    memory: int | None


@dataclass(frozen=True)
class Wanted:
    """What the answer should be.

    Attributes:
        form: Its format.
        place: Where in the store it lies if it is large, and where its files lie.
        packed: Whether who asks can unpack gzip, as HTTP has it.
    """

    form: Format
    place: str
    gzipped: bool


class Listener:
    """Keeps as many messages of a run as a job does; nobody can cancel it, and nobody sees its progress.

    Args:
        check: Returns if the run should go on.
    """

    def __init__(self, check: CheckCancelled) -> None:
        self.check_cancelled = check
        self.messages: list[Message] = []
        self._budget = MessageBudget(JobRules())

    def message(self, message: Message) -> None:
        """Keep one message, if there is room for it."""
        admitted = self._budget.admit(message)
        if admitted is not None:
            self.messages.append(admitted)

    def progress(self, text: str, percent: int | None) -> None:
        """Drop the progress: the answer is on its way."""


class ExecuteFunction:
    """Answers `execute`.

    Args:
        settings: The function's settings.
        catalogue: What is published.
        runner: Runs the tools.
        store: Gives what takes answers too large for a function, and files; most answers need none.
        preparation: Fetches what calls refer to.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    def __init__(
        self,
        settings: ExecuteSettings,
        catalogue: Catalogue,
        runner: Runner,
        store: Callable[[], ObjectStore],
        preparation: CallPreparation,
        now: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._runner = runner
        self._store = store
        self._preparation = preparation
        self._now = now

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> ExecuteFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
            AuthoringError: A toolbox is written wrongly.
        """
        settings = ExecuteSettings.read(environment)
        catalogue, runner = from_tools(settings.switched_on, settings.memory)
        when_restored(runner.reset)
        store = cache(partial(_open_store, settings.bucket))
        inputs = cache(partial(inputs_from, settings))
        before_snapshot(store, inputs)
        return cls(settings, catalogue, runner, store, InputPreparation(inputs), SystemClock().now)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway, before that gives up.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: How long the function may still take; 0 or less counts as over.
        """
        allowance = RequestDeadline.of(event, remaining_ms, self._now)
        return serve(event, self._settings.public_url, partial(self._answer, allowance))

    def _answer(self, allowance: RequestDeadline, request: Request, route: Route, form: Format) -> Response:
        task = self._catalogue.task(route.service, route.task)
        if route.resource != "execute":
            raise RequestError("Invalid URL")
        if self._catalogue.service(route.service).execution != "sync":
            raise RequestError(
                f"The tasks of '{route.service}' run as jobs: use submitJob instead of execute."
            )
        place = f"{route.service.replace('/', '_')}_GPServer/{secrets.token_hex(16)}"
        files_url = f"{request.root}/rest/directories/arcgisoutput/{place}/"
        call = read_call(request, route.service, task).with_files_url(files_url)
        if form.name in FEATURE_FORMATS:
            call = replace(call, options=replace(call.options, as_collection=False))
            _check_one_has_features(task, form)
        with executing(call) as execution:
            wanted = Wanted(form, place, accepts_gzip(request.headers))
            return self._executed(call, wanted, allowance, execution)

    def _executed(
        self, call: Call, wanted: Wanted, allowance: RequestDeadline, execution: Execution
    ) -> Response:
        listener = Listener(allowance.check)
        try:
            seconds = allowance.seconds_for_tool(self._settings.execute_seconds)
            outputs = self._runner(call, listener, seconds, self._preparation, current_ids()).outputs
            execution.bytes_out = sum(output.size for output in outputs)
            written = partial(self._written, call, outputs, listener.messages, wanted)
            if _is_passed_on(outputs, wanted.form):
                return written(allowance.check)
            return Deadline(allowance.check).wait_for(written)
        except DeadlinePassed:
            raise allowance.passed() from None
        except ZygoteGone as gone:
            end_function(gone)

    def _written(
        self,
        call: Call,
        outputs: tuple[Output, ...],
        messages: list[Message],
        wanted: Wanted,
        check_cancelled: CheckCancelled,
    ) -> Response:
        """Return the answer, or a link to it."""
        form = wanted.form
        self._store_files(outputs, wanted.place, check_cancelled)
        if form.name in FEATURE_FORMATS:
            found = next(o for o in outputs if o.data_type == FEATURES)
            body = in_feature_format(form.name, _bytes(found.body), call.options.return_z)
            return self._passed_or_stored(body, wanted)
        pieces = list(answers.executed(outputs, messages))
        large = next((piece for piece in pieces if isinstance(piece, Path)), None)
        if large is not None and form == Format("json"):
            return self._stored(pieces, large.with_name("answer.json"), wanted, check_cancelled)
        return self._passed_or_stored(b"".join(map(_bytes, pieces)), wanted)

    def _store_files(self, outputs: tuple[Output, ...], place: str, check_cancelled: CheckCancelled) -> None:
        for output in outputs:
            for name, path in output.files.items():
                self._store().put_file(f"executes/{place}/{name}", path, FILE_TYPE, check_cancelled)

    def _stored(
        self, pieces: Iterable[bytes | Path], path: Path, wanted: Wanted, check_cancelled: CheckCancelled
    ) -> Response:
        """Put an answer together in a file, so that it is never in memory as a whole."""
        with path.open("wb") as answer:
            for piece in pieces:
                if isinstance(piece, bytes):
                    answer.write(piece)
                else:
                    with piece.open("rb") as part:
                        shutil.copyfileobj(part, answer)
        key, encoding = f"executes/{wanted.place}/answer.json", ""
        if wanted.gzipped:
            path, encoding = gzipped_file(path, check_cancelled), GZIP
        self._store().put_file(key, path, JSON_TYPE, check_cancelled, encoding)
        return see_other(self._store().signed_url(key, LINK_SECONDS, JSON_TYPE))

    def _passed_or_stored(self, body: bytes, wanted: Wanted) -> Response:
        response = write(body, wanted.form, "Results")
        if wanted.gzipped:
            response = gzip_response(response)
        if response.fits:
            return response
        if wanted.form.callback:
            raise TooLarge("The answer is too large for JSONP; use f=json with CORS.")
        key, encoding = f"executes/{wanted.place}/answer.json", response.headers.get("content-encoding", "")
        self._store().put(key, response.body, response.content_type, encoding)
        return see_other(self._store().signed_url(key, LINK_SECONDS, response.content_type))


def _open_store(bucket: str) -> ObjectStore:
    """Load what talks to S3, a sixth of a cold start, when an answer needs it."""
    from gpserverless.storage.clients import s3_client
    from gpserverless.storage.object_store import S3ObjectStore

    return S3ObjectStore(s3_client(), bucket)


def _is_passed_on(outputs: Iterable[Output], form: Format) -> bool:
    """Return whether outputs become an answer as they are.

    Anything else is waited for with patience: a store hears of no deadline, and neither does the making of
    another format.
    """
    small = all(isinstance(output.body, bytes) and not output.files for output in outputs)
    return small and form.name == "json" and sum(output.size for output in outputs) <= PASSED_ON


def _check_one_has_features(task: TaskSpec, form: Format) -> None:
    count = sum(p.data_type.name == FEATURES for p in task.outputs)
    if count != 1:
        raise unsupported_format(
            f"{form.name} is for tasks with one output of features, and '{task.name}' has {count}"
        )


def _bytes(piece: bytes | Path) -> bytes:
    return piece if isinstance(piece, bytes) else piece.read_bytes()
