"""Layers of this site that a call names by their URLs.

    services/Hosted/<name>/FeatureServer/<n>[/query]                layer of a hosted service
    services/[<folder>/]<service>/MapServer/jobs/<id>/<n>[/query]   layer of the map of a job

A caller may use the layers that a request of its own would be answered with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access, refuse
from gpserverless.errors import NotFound, UnknownJob
from gpserverless.http.route import Route, find_server
from gpserverless.items.find import read_service
from gpserverless.items.names import FOLDER
from gpserverless.items.ports import ItemTable
from gpserverless.jobs.find import check_succeeded, get_job_of_any_task
from gpserverless.jobs.keys import is_job_id, layer_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.layers import number_outputs

HOSTED_LAYER = "hostedLayer"
"""Route of a layer of a hosted service: its `name`, and the number of the `layer`."""

JOB_LAYER = "jobLayer"
"""Route of a layer of the map of a job: the `service`, the `job`, and the number of the `layer`."""

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_ENDINGS: tuple[list[str], ...] = ([], ["query"])


def find_layer_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of a layer or of its query; None if a path is neither.

    Args:
        segments: Decoded segments of a path below the site.
    """
    if (found := find_server(segments, "featureserver")) is not None:
        *folder, name = found.names
        is_hosted = [each.lower() for each in folder] == [FOLDER.lower()]
        return _make_route(HOSTED_LAYER, {"name": name}, found.below) if is_hosted else None
    if (found := find_server(segments, "mapserver")) is None:
        return None
    match found.below:
        case [word, job, *rest] if word.lower() == "jobs" and is_job_id(job):
            names = {"service": found.service, "job": job}
            return _make_route(JOB_LAYER, names, tuple(rest))
    return None


def _make_route(resource: str, names: dict[str, str], below: tuple[str, ...]) -> Route | None:
    number, rest = "".join(below[:1]), [segment.lower() for segment in below[1:]]
    is_layer = _NUMBER.fullmatch(number) and rest in _ENDINGS
    return Route(resource, {**names, "layer": number}) if is_layer else None


@dataclass(frozen=True)
class OwnLayers:
    """The layers of this site that values may name.

    Attributes:
        open_ledger: Opens the ledger of jobs.
        open_catalogue: Opens the catalogue of all published services.
        open_items: Opens the table of hosted services.
    """

    open_ledger: Callable[[], Ledger]
    open_catalogue: Callable[[], Catalogue]
    open_items: Callable[[], ItemTable]

    def find(self, route: Route, caller: Caller) -> str:
        """Return the key of the file of a layer, as it is now.

        Args:
            route: The route of a layer.
            caller: The caller.

        Raises:
            NotFound: There is no such service, job or layer for the caller, or none any more.
            AccessError: The caller may not see it.
        """
        find = self._find_hosted if route.resource == HOSTED_LAYER else self._find_of_job
        return find(int(route.names["layer"]), route, caller)

    def _find_hosted(self, number: int, route: Route, caller: Caller) -> str:
        name = route.names["name"]
        found = read_service(self.open_items(), name)
        if found is None or not found.is_shown(self.open_ledger().clock.now()):
            raise NotFound(f"There is no hosted service '{name[:120]}', or none any more.")
        if not found.belongs_to(caller):
            raise refuse(caller)
        # A row without room for the descriptions of its layers tells no numbers; the store does.
        if found.layers and all(each.number != number for each in found.layers):
            numbers = ", ".join(str(each.number) for each in found.layers)
            raise NotFound(f"The hosted service '{found.name}' has no layer {number}; it has {numbers}.")
        return found.layer_key(number)

    def _find_of_job(self, number: int, route: Route, caller: Caller) -> str:
        catalogue, service = self.open_catalogue(), route.names["service"]
        check_access(catalogue, caller, Need.SEE, service)
        job = get_job_of_any_task(self.open_ledger(), route.names["job"], caller)
        if job.service != service:
            raise UnknownJob(f"There is no job '{job.id}'.")
        check_access(catalogue, caller, Need.SEE, service, job.task)
        check_succeeded(job)
        for each in number_outputs(catalogue.service(service), caller):
            stored = job.results.get(each.parameter.name) if each.task == job.task else None
            if each.number == number and stored is not None and stored.layer_size:
                return layer_key(stored.key)
        raise UnknownJob(f"The map of the job '{job.id}' has no layer {number}.")
