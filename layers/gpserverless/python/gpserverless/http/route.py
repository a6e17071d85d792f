"""The resource of a path, as every protocol finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Route:
    """The resource of a path.

    Attributes:
        resource: The kind of resource.
        names: The names in the path, which are the arguments of the route's handler. A `service` is a
            qualified name, a `folder` one of the catalogue, a `job` and an uploaded `item` are ids. A
            `parameter` is in the caller's letter case. A `path` is that of a file behind "directories/".
        operation: Operation on the resource, "" for none.
        path: The path below the root of the protocol as the gateway knows it: no empty segments, words in
            their letter case.
        is_for_programs: Whether its answers are JSON unless another format is asked for.
    """

    resource: str
    names: Mapping[str, str] = field(default_factory=dict)
    operation: str = ""
    path: str = field(default="", compare=False)
    is_for_programs: bool = False

    @property
    def key(self) -> str:
        """Key of the route's handler: "result", "uploads/register"."""
        return f"{self.resource}/{self.operation}" if self.operation else self.resource


FindRoute = Callable[[tuple[str, ...]], Route]
"""Returns the route of the decoded segments of a path below the site; raises `NotFound` or `RequestError`."""


@dataclass(frozen=True)
class ServerPath:
    """A path at or below a server of a service.

    Attributes:
        names: The folder of the catalogue, if there is one, and the service.
        below: The segments behind that of the server.
    """

    names: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def service(self) -> str:
        """Qualified name of the service."""
        return "/".join(self.names)


def find_server(segments: tuple[str, ...], server: str) -> ServerPath | None:
    """Divide a path at the segment that names a kind of server, in any letter case.

    Args:
        segments: Decoded segments of a path below the site: rest/services/[<folder>/]<service>/<server>/…
        server: The kind in small letters, such as "mapserver".

    Returns:
        The parts of the path; None if it is none of such a server.
    """
    words = [segment.lower() for segment in segments[:5]]
    if words[:2] != ["rest", "services"]:
        return None
    place = next((place for place in (3, 4) if words[place : place + 1] == [server]), None)
    return None if place is None else ServerPath(segments[2:place], segments[place + 1 :])
