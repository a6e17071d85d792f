"""From the path of a request to the resource of a feature service that it names.

services/Hosted                                  hostedFolder
services/Hosted/<name>/FeatureServer             featureService
…/FeatureServer/layers                           layers
…/FeatureServer/query                            serviceQuery
…/FeatureServer/<n>                              layer
…/FeatureServer/<n>/query                        layerQuery
…/FeatureServer/<n>/download                     layerFile
…/FeatureServer/<n>/generateRenderer             renderer
…/FeatureServer/<n>/<object id>                  feature
…/FeatureServer/<n>/<object id>/attachments      attachments

admin/services/Hosted/<name>.FeatureServer/delete   removeService

The fixed words may have any letter case.
"""

from __future__ import annotations

import re
from dataclasses import replace

from gpserverless.errors import NotFound, RequestError
from gpserverless.http.route import Route

REST = "rest"
"""First segment of every path of this protocol, below the site."""

FOLDER = "Hosted"
"""Folder of the catalogue in which the services are."""

ADMIN = "admin"
"""First segment of the paths of administration, below the site."""

_FOLDER = ("services", FOLDER.lower())
_ENDING = ".featureserver"
_HEAD = ("services", FOLDER, "FeatureServer")
_WORDS = {word.lower(): word for word in ("layers", "query", "download", "generateRenderer", "attachments")}
_SHOWN = 60
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def is_feature_service(segments: tuple[str, ...]) -> bool:
    """Return whether a path below the site is one of this protocol.

    Args:
        segments: Decoded segments of the path.
    """
    words = [segment.lower() for segment in segments[:5]]
    is_service = words[:3] == [REST, *_FOLDER] and words[4:] == ["featureserver"]
    return is_service or words == [REST, *_FOLDER] or words[:3] == [ADMIN, *_FOLDER]


def find_route_of_site(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: The path is none of a feature service.
        RequestError: A feature service has no such resource.
    """
    if not is_feature_service(segments):
        raise NotFound("There is no such resource.")
    if segments[0].lower() == ADMIN:
        return _find_removal(segments)
    if len(segments) == len(_FOLDER) + 1:
        return Route("hostedFolder", path="/".join(_HEAD[:2]))
    name, rest = segments[3], [_WORDS.get(segment.lower(), segment) for segment in segments[5:]]
    path = "/".join((*_HEAD[:2], name, _HEAD[2], *rest))
    return replace(_find_in_service(name, rest), path=path)


def _find_removal(segments: tuple[str, ...]) -> Route:
    match [*segments[3:]]:
        case [service, word] if word.lower() == "delete" and service.lower().endswith(_ENDING):
            return Route("removeService", {"name": service[: -len(_ENDING)]})
    raise RequestError("A hosted service is removed by <name>.FeatureServer/delete.")


def _find_in_service(name: str, rest: list[str]) -> Route:
    names = {"name": name}
    match rest:
        case []:
            return Route("featureService", names)
        case ["layers"]:
            return Route("layers", names)
        case ["query"]:
            return Route("serviceQuery", names)
        case [layer, *below] if _NUMBER.fullmatch(layer):
            return _find_in_layer({**names, "layer": layer}, below)
    path = "/".join(rest)[:_SHOWN]
    raise RequestError(
        f"A feature service has no '{path}': it has layers, query and the numbers of its layers."
    )


def _find_in_layer(names: dict[str, str], below: list[str]) -> Route:
    match below:
        case []:
            return Route("layer", names)
        case ["query"]:
            return Route("layerQuery", names)
        case ["download"]:
            return Route("layerFile", names, is_for_programs=True)
        case ["generateRenderer"]:
            return Route("renderer", names)
        case [feature] if _NUMBER.fullmatch(feature):
            return Route("feature", {**names, "feature": feature})
        case [feature, "attachments"] if _NUMBER.fullmatch(feature):
            return Route("attachments", {**names, "feature": feature})
    path = "/".join(below)[:_SHOWN]
    raise RequestError(
        f"A layer has no '{path}': it has query, download, generateRenderer and the ids of its features."
    )
