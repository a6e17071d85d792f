"""From the path of a request to the resource of an image that it names.

services/[<folder>/]<service>/ImageServer/jobs/<job>/<parameter>         image
…/<image>/exportImage                                                   imageExport
…/<image>/identify                                                      imageIdentify
…/<image>/rasterFunctionInfos                                           imageFunctions
…/<image>/keyProperties, …/<image>/statistics                           imageProperties, imageStatistics

The fixed words may have any letter case.
"""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.errors import NotFound, RequestError, UnknownJob
from gpserverless.http.route import Route, find_server
from gpserverless.jobs.keys import is_job_id

_SERVER = "imageserver"
_RESOURCES: Mapping[str, tuple[str, str]] = {
    "exportimage": ("exportImage", "imageExport"),
    "identify": ("identify", "imageIdentify"),
    "rasterfunctioninfos": ("rasterFunctionInfos", "imageFunctions"),
    "keyproperties": ("keyProperties", "imageProperties"),
    "statistics": ("statistics", "imageStatistics"),
}


def is_image(segments: tuple[str, ...]) -> bool:
    """Return whether a path below the site is one of this protocol.

    Args:
        segments: Decoded segments of the path.
    """
    return find_server(segments, _SERVER) is not None


def find_route_of_site(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: The path is none of an image.
        UnknownJob: The id of the job is none.
        RequestError: An image has no such resource.
    """
    found = find_server(segments, _SERVER)
    if found is None:
        raise NotFound("There is no such resource.")
    match found.below:
        case [jobs, job, parameter, *rest] if jobs.lower() == "jobs":
            if not is_job_id(job):
                raise UnknownJob("Job not found.")
            names = {"service": found.service, "job": job, "parameter": parameter}
            path = f"services/{found.service}/ImageServer/jobs/{job}/{parameter}"
            return _find_in_image(names, path, rest)
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
