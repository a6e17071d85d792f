"""A whole site in memory: the real functions on an in-memory table, object store and queue."""

from __future__ import annotations

import copy
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import unquote, urlencode

import orjson

from gpserverless.access.credentials import Credentials
from gpserverless.access.quotas import QuotaCheck, Quotas
from gpserverless.access.user import User
from gpserverless.app.callers import Callers
from gpserverless.app.directory import DirectoryFunction, DirectorySettings
from gpserverless.app.execute import ExecuteFunction, ExecuteSettings
from gpserverless.app.job_ends import settle_job
from gpserverless.app.job_stores import JobsSettings, JobStores
from gpserverless.app.jobs import JobsFunction
from gpserverless.app.layer_stores import LayerStores
from gpserverless.app.layers import LayersFunction, LayersSettings
from gpserverless.app.own_inputs import write_layer
from gpserverless.app.quotas import CallerQuotas
from gpserverless.app.raster_maps import RasterMapsFunction, RasterMapsSettings
from gpserverless.app.raster_stores import RasterStores
from gpserverless.app.result_pictures import ResultPictures
from gpserverless.app.worker import WorkerFunction
from gpserverless.caller import Access, Caller, Role
from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import InvalidToken, UnknownJob
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.jobs.hosting import Hosting
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.transfer import TransferLimits
from gpserverless.protocols.gpserver.own_resources import OwnResources
from gpserverless.protocols.gpserver.own_urls import OwnUrls
from gpserverless.sandbox.prepared_runner import PreparedRunner
from gpserverless.sandbox.runner import Runner
from gpserverless.settings import QUEUES
from gpserverless.testing.clock import VirtualClock
from gpserverless.testing.events import function_of, http_event, queue_event
from gpserverless.testing.item_table import InMemoryItemTable
from gpserverless.testing.job_queue import InMemoryJobQueue
from gpserverless.testing.job_table import InMemoryJobTable
from gpserverless.testing.object_store import InMemoryObjectStore, key_in
from gpserverless.testing.responses import ExecuteAnswer, SiteResponse
from gpserverless.testing.runner import InProcessRunner, NoUploads, OwnFetching
from gpserverless.testing.submit_keys import InMemorySubmitKeys
from gpserverless.testing.use_rows import InMemoryUseRows
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.toolboxes import Toolbox, discover

ORIGIN = "https://site.test"
"""Scheme and host of the site."""

_GATEWAY_FUNCTION_MS = 28_000
_WORKER_MS = 900_000
_ENVIRONMENT = {
    "PUBLIC_URL": f"{ORIGIN}/arcgis",
    "BUCKET": "in-memory",
    "JOBS_TABLE": "in-memory",
    "ITEMS_TABLE": "in-memory",
    "FETCH_FUNCTION": "none",
    "ACCESS_TABLE": "in-memory",
    "FETCH_ALLOWED_HOSTS": ",",  # none
    **dict.fromkeys(QUEUES.values(), "in-memory"),
}


class Site:
    """Toolboxes behind the functions that serve them on AWS, without AWS.

    Requests go through the same handlers as on AWS, and jobs through the same worker; maps of jobs and
    hosted services are served. Uploads are not. A value may refer to a result, a file or a layer of the site;
    other references are refused. Nobody has signed in, see `sign_in`.

    Args:
        toolboxes: The toolboxes to publish, those of a setting included.
        in_sandbox: Whether each tool runs in a process of its own, with the limits of a deployment. Else it
            runs in this process.
        secured: Whether callers of services without a rule must sign in.
        quotas: Quotas of callers; none by default.

    Attributes:
        clock: The time of the site, which stands still unless it is moved.
        objects: Inputs, results and files.
        use_rows: The use of callers, as far as there are quotas.
        items: Hosted services.
    """

    def __init__(
        self,
        toolboxes: Iterable[Toolbox],
        *,
        in_sandbox: bool = False,
        secured: bool = False,
        quotas: Quotas | None = None,
    ) -> None:
        toolboxes = tuple(toolboxes)
        self.clock = VirtualClock()
        self.objects = InMemoryObjectStore()
        self._queue = InMemoryJobQueue()
        self.use_rows = InMemoryUseRows()
        on_end = partial(settle_job, lambda: self.use_rows)
        self.items = InMemoryItemTable()
        self._table = InMemoryJobTable(self.items)
        self._ledger = Ledger(self._table, JobRules(), self.clock, on_end)
        self._quotas = CallerQuotas(QuotaCheck(quotas or Quotas(), lambda: self.use_rows, self.clock))
        self._runner = Runner(toolboxes) if in_sandbox else InProcessRunner(toolboxes)
        self._callers: dict[str, Caller] = {}
        self._token = ""
        settings = [box.spec.published_when for box in toolboxes]
        access = Access() if secured else None
        self._build_functions(Catalogue.select((box.spec for box in toolboxes), settings, access))

    @classmethod
    def of_package(
        cls,
        package: str = "toolboxes",
        *,
        in_sandbox: bool = False,
        secured: bool = False,
        quotas: Quotas | None = None,
    ) -> Self:
        """Publish the toolboxes below a package.

        Args:
            package: Name of the package.
            in_sandbox: See `Site`.
            secured: See `Site`.
            quotas: See `Site`.

        Raises:
            AuthoringError: A toolbox is written wrongly; the text says what to change.
        """
        return cls(discover(package), in_sandbox=in_sandbox, secured=secured, quotas=quotas)

    def sign_in(self, name: str, role: Role = Role.USER, groups: Iterable[str] = ()) -> Self:
        """Return the same site, called by a user.

        Args:
            name: Name of the user.
            role: Role of the user.
            groups: Names of the user's groups.
        """
        view = copy.copy(self)
        view._token = secrets.token_hex(16)
        self._callers[view._token] = Caller(name, role, frozenset(groups))
        return view

    def _identify(self, credentials: Credentials) -> Caller:
        if credentials.token not in self._callers:
            raise InvalidToken
        return self._callers[credentials.token]

    def _find_user(self, name: str) -> User | None:
        found = next((c for c in self._callers.values() if c.name == name.lower()), None)
        return User(found.name, found.role or Role.USER, groups=found.groups) if found else None

    def _build_functions(self, catalogue: Catalogue) -> None:
        own_urls = OwnUrls(lambda: self._ledger, lambda: catalogue, lambda: self.items)
        own = OwnResources(own_urls, self.objects, NoUploads(), write_layer)
        preparation = OwnFetching(own)
        callers = Callers(self._identify, self._quotas)
        self._directory = DirectoryFunction(
            DirectorySettings.read(_ENVIRONMENT), catalogue, self._identify, self._find_user
        )
        self._execute = ExecuteFunction(
            ExecuteSettings.read(_ENVIRONMENT),
            catalogue,
            cast("Runner", self._runner),  # both are called alike
            lambda: self.objects,
            preparation,
            callers,
            self.clock.now,
        )
        self._jobs = JobsFunction(
            JobsSettings.read(_ENVIRONMENT),
            catalogue,
            JobStores(
                self._ledger,
                self.objects,
                dict.fromkeys(QUEUES, self._queue),
                InMemorySubmitKeys(),
                self.items,
            ),
            callers,
            ResultPictures(
                lambda event: self._layers.handle(event, _GATEWAY_FUNCTION_MS),
                self._answer_raster_map,
            ),
        )
        self._layers = LayersFunction(
            LayersSettings.read(_ENVIRONMENT),
            lambda: catalogue,
            self._open_layer_stores(),
            self._identify,
            self.clock,
        )
        self._raster_maps = RasterMapsFunction(
            RasterMapsSettings.read(_ENVIRONMENT),
            catalogue,
            RasterStores(self._ledger, self.objects, self._download, self.objects.get_range),
            self._identify,
            Path(tempfile.gettempdir(), "gpserverless-rasters"),
        )
        self._worker = WorkerFunction(
            self._ledger,
            self.objects,
            self._queue,
            PreparedRunner(cast("Runner", self._runner), preparation, dict),
            hosting=Hosting(self.items, self.clock),
            transfer=TransferLimits(catalogue),
        )

    def _download(self, key: str, path: Path) -> None:
        path.write_bytes(self.objects.get(key))

    def _open_layer_stores(self) -> LayerStores:
        def download(key: str, path: Path, check_cancelled: CheckCancelled) -> None:
            self._download(key, path)

        files = LayerCache(Path(tempfile.gettempdir(), "gpserverless-layers"), download)
        return LayerStores(self._table, self.items, self.objects, files)

    def execute(self, service: str, task: str, values: Mapping[str, Any], **options: Any) -> ExecuteAnswer:
        """Run a task of a synchronous service.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
            values: Values by parameter name: texts as they are sent, anything else as JSON.
            options: Further fields, such as `returnZ=True`.

        Raises:
            ErrorAnswer: The call was refused, or the tool failed.
        """
        path = f"{_task_path(service, task)}/execute"
        return ExecuteAnswer.from_json(self.post(path, {**values, **options}).json())

    def submit(self, service: str, task: str, values: Mapping[str, Any], **options: Any) -> str:
        """Submit a job to an asynchronous service, and return its id; one with a wrong value has failed.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
            values: Values by parameter name: texts as they are sent, anything else as JSON.
            options: Further fields, such as `clientRequestId="a"`.

        Raises:
            ErrorAnswer: The call was refused.
        """
        path = f"{_task_path(service, task)}/submitJob"
        return str(self.post(path, {**values, **options}).json()["jobId"])

    def run_jobs(self) -> int:
        """Work on all queued jobs, and return how many attempts were made."""
        attempts = 0
        while self._queue.sent:
            job_id = self._queue.sent.pop(0)
            self._worker.handle(queue_event(job_id), _WORKER_MS)
            attempts += 1
            while self._queue.handed_back:
                receipt, seconds = self._queue.handed_back.pop()
                self.clock.sleep(seconds)
                self._queue.send(receipt)
        return attempts

    def job(self, job_id: str) -> dict[str, Any]:
        """Return the job resource: `jobId`, `jobStatus`, `messages`, and `results` of a success.

        Args:
            job_id: Id of the job.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job is not shown any more.
        """
        return dict(self.get(self._job_path(job_id)).json())

    def cancel(self, job_id: str) -> dict[str, Any]:
        """Cancel a job, and return its `jobId` and `jobStatus`.

        Args:
            job_id: Id of the job.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job has ended.
        """
        return dict(self.post(f"{self._job_path(job_id)}/cancel", {}).json())

    def result(self, job_id: str, parameter: str, **options: Any) -> Any:
        """Return the value of one output of a job, as JSON.

        Args:
            job_id: Id of the job.
            parameter: Name of the output parameter.
            options: Further fields, such as `outSR=3857`.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job has not succeeded, or has no such output.
        """
        return self.get(f"{self._job_path(job_id)}/results/{parameter}", options).json()["value"]

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> SiteResponse:
        """Send a GET, and follow redirects.

        Args:
            path: Path from `/arcgis` on, or a URL that the site gave out.
            params: Fields of the query; `f` is "json" unless given.
        """
        return self._send("GET", path, params or {})

    def post(self, path: str, fields: Mapping[str, Any]) -> SiteResponse:
        """Send a form, and follow redirects.

        Args:
            path: Path from `/arcgis` on.
            fields: Fields of the form; `f` is "json" unless given.
        """
        return self._send("POST", path, fields)

    def close(self) -> None:
        """Stop the processes of the sandbox, and remove the files of the last run."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, method: str, url: str, fields: Mapping[str, Any]) -> SiteResponse:
        if (key := key_in(url)) is not None:
            return SiteResponse(200, {}, self.objects.get(key))
        path, _, query = url.removeprefix(ORIGIN).partition("?")
        path = unquote(path)
        encoded = urlencode({"f": "json"} | {name: _encode(value) for name, value in fields.items()})
        if method == "POST":
            event = http_event(method, path, query, encoded, self._token)
        else:
            event = http_event(method, path, query or encoded, token=self._token)
        response = SiteResponse.from_payload(self._handle(path, event))
        if response.status == 307:
            return self._send(method, response.headers["location"], fields)
        return self._send("GET", response.headers["location"], {}) if response.status == 303 else response

    def _handle(self, path: str, event: Mapping[str, Any]) -> dict[str, Any]:
        match function_of(path):
            case "execute":
                return self._execute.handle(event, _GATEWAY_FUNCTION_MS)
            case "jobs":
                return self._jobs.handle(event, _GATEWAY_FUNCTION_MS)
            case "layers":
                return self._layers.handle(event, _GATEWAY_FUNCTION_MS)
            case "raster_maps":
                return self._raster_maps.handle(event)
        return self._directory.handle(event)

    def _answer_raster_map(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return self._raster_maps.handle(event)

    def _job_path(self, job_id: str) -> str:
        job = self._ledger.read(job_id)
        if job is None:
            raise UnknownJob(f"There is no job '{job_id}'.")
        return f"{_task_path(job.service, job.task)}/jobs/{job.id}"


def _task_path(service: str, task: str) -> str:
    return f"/arcgis/rest/services/{service}/GPServer/{task}"


def _encode(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
