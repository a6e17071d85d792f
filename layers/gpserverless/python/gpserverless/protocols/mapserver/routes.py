"""From the path of a request to the resource of a map that it names.

services/[<folder>/]<service>/MapServer          map
…/MapServer/jobs/<job>                           map
…/<map>/layers, …/<map>/legend                   mapLayers, mapLegend
…/<map>/export                                   mapExport
…/<map>/identify, …/<map>/find                   mapIdentify, mapFind
…/<map>/<n>                                      mapLayer
…/<map>/<n>/query                                mapLayerQuery
…/<map>/<n>/download                             mapLayerFile
…/<map>/<n>/generateRenderer                     mapLayerRenderer

The fixed words may have any letter case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from gpserverless.errors import NotFound, RequestError, UnknownJob
from gpserverless.http.route import Route, find_server
from gpserverless.jobs.keys import is_job_id

_SERVER = "mapserver"
_RESOURCES: Mapping[str, tuple[str, str]] = {
    "layers": ("layers", "mapLayers"),
    "legend": ("legend", "mapLegend"),
    "querylegends": ("queryLegends", "mapLegend"),
    "export": ("export", "mapExport"),
    "identify": ("identify", "mapIdentify"),
    "find": ("find", "mapFind"),
}
_OF_LAYERS: Mapping[tuple[str, ...], str] = {
    (): "mapLayer",
    ("query",): "mapLayerQuery",
    ("download",): "mapLayerFile",
    ("generaterenderer",): "mapLayerRenderer",
}
RESOURCES = frozenset({"map", *(resource for _, resource in _RESOURCES.values()), *_OF_LAYERS.values()})
"""The resources of a map."""

_SPELLED = {"generaterenderer": "generateRenderer"}
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_SUPPORTED = "a map has layers, legend, export, identify, find and the numbers of its layers"


def is_map(segments: tuple[str, ...]) -> bool:
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
        NotFound: The path is none of a map.
        UnknownJob: The id of the job is none.
        RequestError: A map has no such resource.
    """
    found = find_server(segments, _SERVER)
    if found is None:
        raise NotFound("There is no such resource.")
    names, path = {"service": found.service}, f"services/{found.service}/MapServer"
    match found.below:
        case [word] if word.lower() == "jobs":
            raise RequestError("The jobs of a service are not listed: name one, as in MapServer/jobs/<id>.")
        case [word, job, *rest] if word.lower() == "jobs":
            if not is_job_id(job):
                raise UnknownJob("Job not found.")
            return _find_in_map({**names, "job": job}, f"{path}/jobs/{job}", rest)
    return _find_in_map(names, path, [*found.below])


def _find_in_map(names: dict[str, str], path: str, below: list[str]) -> Route:
    words = [segment.lower() for segment in below]
    match words:
        case []:
            return Route("map", names, path=path)
        case [word] if word in _RESOURCES:
            spelled, resource = _RESOURCES[word]
            return Route(resource, names, path=f"{path}/{spelled}")
        case [number, *rest] if _NUMBER.fullmatch(number) and tuple(rest) in _OF_LAYERS:
            route = Route(_OF_LAYERS[tuple(rest)], {**names, "layer": number})
            is_for_programs = rest == ["download"]
            right = [_SPELLED.get(word, word) for word in words]
            return replace(route, path="/".join([path, *right]), is_for_programs=is_for_programs)
    raise RequestError(f"'{'/'.join(below)[:60]}' is not supported: {_SUPPORTED}; it has no tiles.")
