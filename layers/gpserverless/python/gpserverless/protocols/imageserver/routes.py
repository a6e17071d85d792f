"""From the path of a request to the resource of an image that it names.

services/[<folder>/]<service>/ImageServer/jobs/<job>/<parameter>         image
…/<image>/exportImage                                                   imageExport
…/<image>/identify                                                      imageIdentify
…/<image>/rasterFunctionInfos                                           imageFunctions
…/<image>/keyProperties, …/<image>/statistics                           imageProperties, imageStatistics

The fixed words may have any letter case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gpserverless.errors import NotFound, RequestError, UnknownJob
from gpserverless.http.route import Route

_SERVER = "imageserver"
_RESOURCES: Mapping[str, tuple[str, str]] = {
    "exportimage": ("exportImage", "imageExport"),
    "identify": ("identify", "imageIdentify"),
    "rasterfunctioninfos": ("rasterFunctionInfos", "imageFunctions"),
    "keyproperties": ("keyProperties", "imageProperties"),
    "statistics": ("statistics", "imageStatistics"),
}
_JOB_ID = re.compile(r"j[0-9a-f]{32}", re.ASCII)


def is_image(segments: tuple[str, ...]) -> bool:
    """Return whether a path below the site is one of this protocol.

    Args:
        segments: Decoded segments of the path.
    """
    return _find_server(segments) is not None


def find_route_of_site(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: The path is none of an image.
        UnknownJob: The id of the job is none.
        RequestError: An image has no such resource.
    """
    server = _find_server(segments)
    if server is None:
        raise NotFound("There is no such resource.")
    service, below = "/".join(segments[2:server]), list(segments[server + 1 :])
    match below:
        case [jobs, job, parameter, *rest] if jobs.lower() == "jobs":
            if not _JOB_ID.fullmatch(job):
                raise UnknownJob("Job not found.")
            names = {"service": service, "job": job, "parameter": parameter}
            return _find_in_image(names, f"services/{service}/ImageServer/jobs/{job}/{parameter}", rest)
    raise RequestError("Images are named by a job and an output: ImageServer/jobs/<id>/<name of the output>.")


def _find_in_image(names: dict[str, str], path: str, rest: list[str]) -> Route:
    match rest:
        case []:
            return Route("image", names, path=path)
        case [word] if word.lower() in _RESOURCES:
            spelled, resource = _RESOURCES[word.lower()]
            return Route(resource, names, path=f"{path}/{spelled}")
    known = ", ".join(spelled for spelled, _ in _RESOURCES.values())
    raise RequestError(f"'{'/'.join(rest)[:60]}' is not supported: an image has {known}.")


def _find_server(segments: tuple[str, ...]) -> int | None:
    words = [segment.lower() for segment in segments[:5]]
    if words[:2] != ["rest", "services"]:
        return None
    return next((place for place in (3, 4) if words[place : place + 1] == [_SERVER]), None)
