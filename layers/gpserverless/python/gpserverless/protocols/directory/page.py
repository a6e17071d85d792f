"""A page before it is rendered, and the visit that it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.protocols.directory.links import Links
from gpserverless.protocols.directory.ports import Descriptions, DirectorySite


@dataclass(frozen=True)
class Subject:
    """The resource that a page shows.

    Attributes:
        request: The request, with its caller.
        route: Its route.
        links: Paths of other pages.
        site: What the pages know of the site.
    """

    request: Request
    route: Route
    links: Links
    site: DirectorySite

    @property
    def descriptions(self) -> Descriptions:
        """Documents of the catalogue."""
        return self.site.descriptions

    @property
    def stores(self) -> tuple[str, ...]:
        """Origins of the store, from which scripts read."""
        return self.site.stores

    def name(self, kind: str) -> str:
        """Return a name of the route, "" if it has none.

        Args:
            kind: Kind of the name, such as "service".
        """
        return self.route.names.get(kind, "")

    def describe_task(self) -> Mapping[str, Any]:
        """Return the document of the task that the resource belongs to.

        Raises:
            NotFound: There is no such service or task.
        """
        return self.descriptions.task(self.request, self.name("service"), self.name("task"))


@dataclass(frozen=True)
class Page:
    """A page before it is rendered.

    Attributes:
        template: File name of its template.
        title: Its heading: a `Text`, or a name of the site that nobody translates.
        values: Values of the template.
        scripts: Names of the scripts beside that of every page.
        connections: Origins beside the site from which its scripts read, and of its pictures.
    """

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()


Draw = Callable[[Subject, Any], Page]
"""Returns the page of a resource and its document."""
