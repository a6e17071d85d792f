"""From the path of a request to the resource it names.

info, healthCheck                                server info, health
jobs                                             the caller's own jobs
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
directories/arcgisoutput/maps/<picture>          picture of a map
directories/…/spec/json-schema.json              schema

Nothing at all is the catalogue. The fixed words may have any letter case, the names of folders, services and
tasks only their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from gpserverless.calls.file_urls import find_picture
from gpserverless.errors import NotFound, RequestError, UnknownJob
from gpserverless.http.route import Route
from gpserverless.jobs.keys import is_job_id
from gpserverless.protocols.gpserver.urls import is_schema_path

Resource = Literal[
    "info", "health", "catalogue", "service", "serviceInfo", "itemInfo", "metadata", "thumbnail",
    "task", "taskMetadata", "execute", "submitJob", "validate", "job", "cancel",
    "jobs", "results", "result", "inputs", "input", "file", "picture", "schema", "uploads", "item",
]  # fmt: skip

REST = "rest"
"""First segment of every path of this protocol, below the site."""

HOME = "/rest/services"
"""Path of the catalogue, below the site."""

UPLOADS = frozenset({"info", "upload", "register"})
"""Operations on all uploads of a service."""

ITEM_OPERATIONS = frozenset({"uploadPart", "parts", "commit", "download", "delete"})
"""Operations on one uploaded item."""

_IN_TASK: dict[str, Resource] = {
    "execute": "execute",
    "submitJob": "submitJob",
    "validate": "validate",
    "metadata": "taskMetadata",
}
_ROOTS: dict[str, Resource] = {
    "info": "info",
    "healthCheck": "health",
    "jobs": "jobs",
    "services": "catalogue",
}
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
_FIXED = (*_ROOTS, "directories", "GPServer", *_IN_INFO, *_IN_TASK, "jobs", "cancel", *_LISTS)
_WORDS = {word.lower(): word for word in (*_FIXED, "uploads", *UPLOADS, *ITEM_OPERATIONS)}


def find_route_of_site(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site; the site itself is the catalogue.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: There is no such resource.
        RequestError: The URL has the shape of a resource that does not exist, such as a list of all jobs.
    """
    if segments and segments[0].lower() != REST:
        raise NotFound(f"Resources are found below /{REST}.")
    return find_route(segments[1:])


def find_route(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below "/rest".

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: There is no such resource.
        RequestError: The URL has the shape of a resource that does not exist, such as a list of all jobs.
    """
    spelled = _spell(segments)
    return replace(_find(spelled), path="/".join(spelled))


def _find(segments: tuple[str, ...]) -> Route:
    match segments:
        case []:
            return Route("catalogue")
        case [root] if root in _ROOTS:
            return Route(_ROOTS[root])
        case ["services", folder]:
            return Route("catalogue", {"folder": folder})
        case ["services", service, "GPServer", *rest]:
            return _find_in_service(service, rest)
        case ["services", folder, service, "GPServer", *rest]:
            return _find_in_service(f"{folder}/{service}", rest)
        case ["directories", *rest] if rest:
            return _find_file("/".join(rest))
    raise NotFound("There is no such resource.")


def _find_file(path: str) -> Route:
    if is_schema_path(path):
        return Route("schema", is_for_programs=True)
    picture = find_picture(path)
    return Route("picture", {"picture": picture}) if picture else Route("file", {"path": path})


def _spell(segments: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with its fixed words in their letter case; names stay as they are."""
    words = {0, *_word_places(segments)}
    return tuple(
        _WORDS.get(segment.lower(), segment) if place in words else segment
        for place, segment in enumerate(segments)
    )


def _word_places(segments: tuple[str, ...]) -> Iterable[int]:
    """Return the places of the fixed words in the path of a service; there are none in other paths."""
    lowered = [segment.lower() for segment in segments]
    server = next((place for place in (2, 3) if lowered[place : place + 1] == ["gpserver"]), None)
    if server is None:
        return ()
    if lowered[server + 1 : server + 2] in (["info"], ["uploads"]):
        return range(server, len(segments))
    return (server, *range(server + 2, len(segments), 2))  # …/GPServer/<task>/jobs/<id>/results/<parameter>


def _find_in_service(service: str, rest: list[str]) -> Route:
    names = {"service": service}
    match rest:
        case []:
            return Route("service", names)
        case ["uploads", *below]:
            return _find_in_uploads(names, below)
        case ["info", *below] if "/".join(below) in _IN_INFO:
            return Route(_IN_INFO["/".join(below)], names)
        case [task]:
            return Route("task", names | {"task": task})
        case [task, below] if below in _IN_TASK:
            return Route(_IN_TASK[below], names | {"task": task})
        case [task, "jobs", job, *below]:
            return _find_in_job(names | {"task": task, "job": job}, below)
    raise RequestError("Invalid URL")


def _find_in_uploads(names: dict[str, str], rest: list[str]) -> Route:
    match rest:
        case []:
            return Route("uploads", names)
        case [word] if word in UPLOADS:
            return Route("uploads", names, word)
        case [item]:
            return Route("item", names | {"item": item})
        case [item, word] if word in ITEM_OPERATIONS:
            return Route("item", names | {"item": item}, word)
    raise RequestError("Invalid URL")


def _find_in_job(names: dict[str, str], below: list[str]) -> Route:
    if not is_job_id(names["job"]):
        raise UnknownJob("Job not found.")
    match below:
        case []:
            return Route("job", names)
        case ["cancel"]:
            return Route("cancel", names)
        case [name] if name in _LISTS:
            return Route(_LISTS[name][0], names)
        case [name, parameter] if name in _LISTS:
            return Route(_LISTS[name][1], names | {"parameter": parameter})
    raise RequestError("Invalid URL")
