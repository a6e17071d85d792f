"""`Service`: the settings of a toolbox, once for all its tools."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.caller import Access
from gpserverless.errors import AuthoringError
from gpserverless.toolkit.limits import ASYNC_SECONDS, SYNC_SECONDS, Limits
from gpserverless.toolkit.spec import WORKERS, Execution, WorkerName
from gpserverless.toolkit.webhook import check_webhook


@dataclass(frozen=True)
class Service:
    """Put one of these in a toolbox's `__init__.py`, as `service = Service(execution="sync")`.

    Args:
        execution: "sync" if callers wait for the answer, "async" if each call is a job.
        name: Name of the service, if not the folder's name in camel case.
        seconds: Longest run, at most 25 s for sync and 840 s for async.
        max_records: Most features or rows in one output.
        max_features: Most features or rows in one input.
        max_vertices: Most vertices in one input.
        published_when: Name of the setting (an environment variable) that must be "true" for the service to
            be published; "" for always.
        worker: The worker that its tools need: "core", "vector" for files of features, "raster" for rasters.
            Only an async service may have another than "core".
        uploads: Whether callers can upload files for its tasks.
        geometry_precision: Decimals of x and y in outputs, from 0 to 15, as `geometryPrecision` of ArcGIS; if
            not given, those of the resolution of the spatial reference: 0.1 mm, or 1e-9 degree.
        hosted: Whether callers can have the features and rows of a job kept as a hosted feature service, by
            the parameter `esri_out_feature_service_name`. Only an async service has jobs.
        webhook: URL that is called at the end of every job: https, or http to a private address. Only an
            async service has jobs.
        access: Rule for its callers; if not given, anybody may call it, unless the site is deployed with
            `Secured`.
        tools_of: Package of another toolbox, such as "toolboxes.analysis", whose tools are tasks of this
            service too: the twin of a service of jobs, for calls that are answered at once.

    Example:
        >>> service = Service(execution="async", seconds=60, uploads=True)
        >>> service.name is None, service.worker
        (True, 'core')
    """

    execution: Execution
    name: str | None = None
    seconds: float | None = None
    max_records: int | None = None
    max_features: int | None = None
    max_vertices: int | None = None
    published_when: str = ""
    worker: WorkerName = "core"
    uploads: bool = False
    webhook: str = ""
    geometry_precision: int | None = None
    access: Access | None = None
    tools_of: str = ""
    hosted: bool = False

    def check_worker(self) -> None:
        """Check that the worker exists and can run these tools.

        Raises:
            AuthoringError: It does not exist, or the service is sync and has no worker.
        """
        if self.worker not in WORKERS:
            raise AuthoringError(f"worker is {' or '.join(map(repr, WORKERS))}, not {self.worker!r}")
        if self.worker != "core" and self.execution == "sync":
            raise AuthoringError(f"only jobs run in the {self.worker} worker: use execution='async'")

    def check_hosted(self) -> None:
        """Check that a service which keeps results has jobs.

        Raises:
            AuthoringError: It is sync.
        """
        if self.hosted and self.execution == "sync":
            raise AuthoringError("only jobs keep their features as a service: use execution='async'")

    def check_webhook(self) -> None:
        """Check that the webhook is a callable URL, and that the service has jobs.

        Raises:
            AuthoringError: The URL is wrong, or the service is sync.
        """
        if self.webhook and self.execution == "sync":
            raise AuthoringError("a webhook is told of jobs: use execution='async'")
        if self.webhook:
            check_webhook(self.webhook)

    def limits(self) -> Limits:
        """Return the limits, with the defaults of the execution type.

        Raises:
            AuthoringError: The execution type is unknown, a run could outlast its function, or the precision
                is none of a double.
        """
        if self.execution not in ("sync", "async"):
            raise AuthoringError(f"execution is 'sync' or 'async', not {self.execution!r}")
        longest = SYNC_SECONDS if self.execution == "sync" else ASYNC_SECONDS
        if self.seconds is not None and not 0 < self.seconds <= longest:
            raise AuthoringError(
                f"seconds is at most {longest:g} for {self.execution} services, not {self.seconds:g}"
            )
        if self.geometry_precision is not None and not 0 <= self.geometry_precision <= 15:
            raise AuthoringError(f"geometry_precision is from 0 to 15, not {self.geometry_precision}")
        defaults = Limits.sync() if self.execution == "sync" else Limits.asynchronous()
        return replace(
            defaults,
            seconds=self.seconds or defaults.seconds,
            max_records=self.max_records or defaults.max_records,
            max_features=self.max_features or defaults.max_features,
            max_vertices=self.max_vertices or defaults.max_vertices,
            geometry_precision=self.geometry_precision,
        )
