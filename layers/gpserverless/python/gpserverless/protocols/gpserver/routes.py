"""From the path of a request to the resource it names.

info, healthCheck                                server info, health
services[/<folder>]                              catalogue
services/[<folder>/]<service>/GPServer           service
…/GPServer/info[/iteminfo|metadata|thumbnail]    service info, item info, metadata, thumbnail
…/GPServer/<task>                                task
…/<task>/execute, …/submitJob, …/validate        operations
…/<task>/metadata                                task metadata
…/<task>/jobs/<id>[/cancel]                      job, cancel
…/<task>/jobs/<id>/results[/<parameter>]         results, result
…/<task>/jobs/<id>/inputs[/<parameter>]          inputs, input
…/GPServer/uploads[/<operation>]                 uploads: info, upload, register
…/GPServer/uploads/<item>[/<operation>]          item: uploadPart, parts, commit, download, delete
directories/<kind>/<service>/…                   file
directories/…/spec/json-schema.json              schema
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from gpserverless.errors import NotFound, RequestError, UnknownJob

Resource = Literal[
    "info", "health", "catalogue", "service", "serviceInfo", "itemInfo", "metadata", "thumbnail",
    "task", "taskMetadata", "execute", "submitJob", "validate", "job", "cancel",
    "results", "result", "inputs", "input", "file", "schema", "uploads", "item",
]  # fmt: skip

_JOB_ID = re.compile(r"j[0-9a-f]{32}", re.ASCII)
UPLOADS = frozenset({"info", "upload", "register"})
"""Operations on all uploads of a service."""

ITEM_OPERATIONS = {word.lower(): word for word in ("uploadPart", "parts", "commit", "download", "delete")}
"""Operations on one uploaded item, by their names in small letters."""

_IN_TASK: dict[str, Resource] = {
    "execute": "execute",
    "submitjob": "submitJob",
    "validate": "validate",
    "metadata": "taskMetadata",
}
_ROOTS: dict[str, Resource] = {"info": "info", "healthcheck": "health", "services": "catalogue"}
_IN_INFO: dict[str, Resource] = {
    "": "serviceInfo",
    "iteminfo": "itemInfo",
    "metadata": "metadata",
    "thumbnail": "thumbnail",
}
_LISTS: dict[str, tuple[Resource, Resource]] = {
    "results": ("results", "result"),
    "inputs": ("inputs", "input"),
}


@dataclass(frozen=True)
class Route:
    """Which resource a path names.

    Attributes:
        resource: The kind of resource.
        service: Qualified name of the service; for the catalogue the folder.
        task: Name of the task.
        job: Id of the job.
        name: Name of a parameter, in the caller's letter case; of uploads the operation, "" for none.
        item: Id of an uploaded item.
        path: For files, the segments behind "directories".
    """

    resource: Resource
    service: str = ""
    task: str = ""
    job: str = ""
    name: str = ""
    item: str = ""
    path: tuple[str, ...] = ()


def find_route(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below "/rest".

    Raises:
        NotFound: There is no such resource.
        RequestError: The URL has the shape of a resource that does not exist, such as a list of all jobs.
    """
    match segments:
        case [root] if root.lower() in _ROOTS:
            return Route(_ROOTS[root.lower()])
        case ["services", folder]:
            return Route("catalogue", folder)
        case ["services", service, server, *rest] if server.lower() == "gpserver":
            return _in_service(service, rest)
        case ["services", folder, service, server, *rest] if server.lower() == "gpserver":
            return _in_service(f"{folder}/{service}", rest)
        case ["directories", "arcgisoutput", *_, "spec", "json-schema.json"]:
            return Route("schema")
        case ["directories", *rest] if rest:
            return Route("file", path=tuple(rest))
    raise NotFound("There is no such resource.")


def _in_service(service: str, rest: list[str]) -> Route:
    match rest:
        case []:
            return Route("service", service)
        case ["uploads", *below]:
            return _in_uploads(service, below)
        case ["info", *below] if "/".join(below).lower() in _IN_INFO:
            return Route(_IN_INFO["/".join(below).lower()], service)
        case [task]:
            return Route("task", service, task)
        case [task, below] if below.lower() in _IN_TASK:
            return Route(_IN_TASK[below.lower()], service, task)
        case [task, "jobs", job, *below]:
            return _in_job(Route("job", service, task, job), below)
    raise RequestError("Invalid URL")


def _in_uploads(service: str, rest: list[str]) -> Route:
    match rest:
        case []:
            return Route("uploads", service)
        case [word] if word.lower() in UPLOADS:
            return Route("uploads", service, name=word.lower())
        case [item]:
            return Route("item", service, item=item)
        case [item, word] if word.lower() in ITEM_OPERATIONS:
            return Route("item", service, item=item, name=ITEM_OPERATIONS[word.lower()])
    raise RequestError("Invalid URL")


def _in_job(route: Route, below: list[str]) -> Route:
    if not _JOB_ID.fullmatch(route.job):
        raise UnknownJob("Job not found.")
    match below:
        case []:
            return route
        case ["cancel"]:
            return replace(route, resource="cancel")
        case [name] if name in _LISTS:
            return replace(route, resource=_LISTS[name][0])
        case [name, parameter] if name in _LISTS:
            return replace(route, resource=_LISTS[name][1], name=parameter)
    raise RequestError("Invalid URL")
