"""URLs of this site that a call may name as inputs.

    …/GPServer/<task>/jobs/<id>/results/<name>      value of a result, or the file that it refers to
    directories/arcgisjobs/…                        file of a job
    directories/arcgisoutput/…                      file of an execute
    …/GPServer/uploads/<item>[/download]            uploaded item
    …/FeatureServer/<n>, …/MapServer/jobs/<id>/<n>  layer, see `calls.own_layers`

A caller may use what a request of its own would be answered with: see `admission` and `jobs.find`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access
from gpserverless.calls.execute_ids import owns_execute
from gpserverless.calls.file_urls import JobFile, find_service_of_file, no_file, parse_file_path
from gpserverless.calls.layer_query import check_query
from gpserverless.calls.own_layers import HOSTED_LAYER, JOB_LAYER, OwnLayers, find_layer_route
from gpserverless.errors import AccessError, InvalidValue, NotFound, RequestError
from gpserverless.fetch.policy import split_url
from gpserverless.http.route import Route
from gpserverless.items.ports import ItemTable
from gpserverless.jobs.find import find_file, find_result, get_job, get_job_of_any_task
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.protocols.gpserver.admission import NEEDS
from gpserverless.protocols.gpserver.routes import find_route
from gpserverless.toolkit.catalogue import Catalogue

ACCEPTED = "the URL of a result, of a file, of an upload or of a layer"

LAYERS = (HOSTED_LAYER, JOB_LAYER)
"""Routes of layers."""

_DEFAULT_PORTS = (80, 443)


@dataclass(frozen=True)
class OwnUrls:
    """The URLs of this site that values may name.

    Attributes:
        open_ledger: Opens the ledger of jobs.
        open_catalogue: Opens the catalogue of all published services, also those of other workers.
        open_items: Opens the table of hosted services.
    """

    open_ledger: Callable[[], Ledger]
    open_catalogue: Callable[[], Catalogue]
    open_items: Callable[[], ItemTable]

    def check(self, url: str, root: str, caller: Caller) -> bool:
        """Return whether a URL leads to this site, and raise unless a value may name it then.

        Args:
            url: The URL.
            root: Public URL of the site.
            caller: Who names it.

        Raises:
            InvalidValue: It names nothing that a value may be, or a job without the result or file, or
                something that the caller may not read.
        """
        route = find_own_route(url, root)
        if route is None:
            return False
        with as_problem_of_value():
            if route.resource == "result":
                self.find_result(route, caller)
            elif route.resource == "file":
                self.find_key(route, caller)
            elif route.resource in LAYERS:
                self.find_layer(route, caller)
                check_query(url)
            else:
                self.check_service(route, caller)
        return True

    def check_service(self, route: Route, caller: Caller) -> None:
        """Raise unless a caller may ask the service of a result or an upload for it.

        Args:
            route: The route.
            caller: The caller.

        Raises:
            AccessError: The caller may not.
            NotFound: There is no such service or task.
        """
        names = route.names
        need = NEEDS[route.resource]
        check_access(self.open_catalogue(), caller, need, names["service"], names.get("task", ""))

    def find_result(self, route: Route, caller: Caller) -> tuple[str, StoredResult]:
        """Return the name of a result and where it is stored.

        Args:
            route: The route of a result.
            caller: The caller.

        Raises:
            InvalidValue: The job has not succeeded.
            UnknownJob: There is no such job or result for the caller.
            AccessError: The caller may not see the task.
        """
        self.check_service(route, caller)
        names = route.names
        job = get_job(self.open_ledger(), names["job"], names["service"], names["task"], caller)
        _check_succeeded(job)
        return find_result(job, names["parameter"])

    def find_key(self, route: Route, caller: Caller) -> tuple[str, str]:
        """Return the name of a file and the key of its object.

        Args:
            route: The route of a file.
            caller: The caller.

        Raises:
            InvalidValue: The job has not succeeded.
            NotFound: There is no such job or file for the caller.
            AccessError: The caller may not see the service or the task.
        """
        path, catalogue = route.names["path"], self.open_catalogue()
        service = find_service_of_file(path, catalogue.services)
        if service is None:
            raise no_file()
        check_access(catalogue, caller, Need.SEE, service)
        file = parse_file_path(path)
        if not isinstance(file, JobFile):
            if not owns_execute(caller, file.execute_id):
                raise no_file()
            return file.name, file.key
        job = get_job_of_any_task(self.open_ledger(), file.job, caller)
        check_access(catalogue, caller, Need.SEE, service, job.task)
        if service != job.service:
            raise no_file()
        _check_succeeded(job)
        return file.name, find_file(job, file.name).key

    def find_layer(self, route: Route, caller: Caller) -> str:
        """Return the key of the file of a layer.

        Args:
            route: The route of a layer.
            caller: The caller.

        Raises:
            NotFound: There is no such layer for the caller, or none any more.
            AccessError: The caller may not see it.
        """
        return OwnLayers(self.open_ledger, self.open_catalogue, self.open_items).find(route, caller)


def find_own_route(url: str, root: str) -> Route | None:
    """Return the route of a URL below this site, or None if it leads elsewhere.

    Args:
        url: The URL.
        root: Public URL of the site; "" if it is not known.

    Raises:
        InvalidValue: It leads to this site, and not to a result, a file, an upload or a layer.
    """
    segments = _split_below(url, root) if root else None
    if segments is None:
        return None
    if (layer := find_layer_route(("rest", *segments))) is not None:
        return layer
    try:
        route = find_route(segments)
    except RequestError:
        route = None
    is_item = route is not None and route.resource == "item" and route.operation in ("", "download")
    if route is None or not (is_item or route.resource in ("result", "file")):
        raise InvalidValue("the URL leads back to this service", ACCEPTED)
    return route


def _split_below(url: str, root: str) -> tuple[str, ...] | None:
    """Return the decoded segments of a URL below "/rest" of a site; None if it leads elsewhere."""
    asked, own = split_url(url), split_url(root)
    ports = {asked.port, own.port}
    if asked.host != own.host or (len(ports) > 1 and not ports.issubset(_DEFAULT_PORTS)):
        return None
    segments, site = _split(url), (*_split(root), "rest")
    is_below = [s.lower() for s in segments[: len(site)]] == [s.lower() for s in site]
    return segments[len(site) :] if is_below else None


def _split(url: str) -> tuple[str, ...]:
    return tuple(segment for segment in unquote(urlsplit(url).path).split("/") if segment)


def _check_succeeded(job: Job) -> None:
    if job.status is not Status.SUCCEEDED:
        running = "" if job.status.is_final else "; its results are there when it has"
        raise InvalidValue(f"the job {job.id} has not succeeded: it is {job.status.public.value}{running}")


@contextmanager
def as_problem_of_value() -> Iterator[None]:
    """Raise a missing or forbidden resource as a problem of the value that names it.

    Raises:
        InvalidValue: The block has raised `NotFound` or `AccessError`.
    """
    try:
        yield
    except NotFound as error:
        text = " ".join(error.details).rstrip(".")
        raise InvalidValue(text[:1].lower() + text[1:], ACCEPTED) from None
    except AccessError:
        raise InvalidValue("the URL is of a service that the caller may not use", ACCEPTED) from None
