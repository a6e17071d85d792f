"""The two kinds of addresses: the catalogue's and a service's.

services[/<folder>]                       catalogue
services/[<folder>/]<service>/GPServer    service

Letter case is ignored, as ArcGIS Server ignores it here.
"""

from __future__ import annotations

from gpserverless.errors import NotFound
from gpserverless.toolkit.catalogue import Catalogue

HOME = "services"
"""First segment of every path of this protocol, below the site."""

CATALOGUE = ""
"""The name that stands for the catalogue instead of a service's."""


def is_endpoint(segments: tuple[str, ...]) -> bool:
    """Return whether a path is one of this protocol.

    Args:
        segments: Decoded segments of the path below the site.
    """
    return [segment.lower() for segment in segments[:1]] == [HOME]


def find_endpoint(segments: tuple[str, ...], catalogue: Catalogue) -> str:
    """Return the qualified name of the service that a path names, `CATALOGUE` for that.

    Args:
        segments: Decoded segments of the path below the site.
        catalogue: The published services.

    Raises:
        NotFound: There is no such service or folder.
    """
    lowered = [segment.lower() for segment in segments]
    match lowered:
        case ["services"]:
            return CATALOGUE
        case ["services", folder] if folder in (known.lower() for known in catalogue.folders):
            return CATALOGUE
        case ["services", *names, "gpserver"] if len(names) in (1, 2):
            wanted = "/".join(names)
            found = next((name for name in catalogue.services if name.lower() == wanted), None)
            if found is not None:
                return found
    raise NotFound(f"There is no GPServer at /{'/'.join(segments)[:200]}.")


def write_address(root: str, service: str) -> str:
    """Return the URL of the catalogue or of a service.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service, `CATALOGUE` for that.
    """
    return f"{root}/{HOME}/{service}/GPServer" if service else f"{root}/{HOME}"
