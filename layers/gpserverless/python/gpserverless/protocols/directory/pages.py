"""The pages of the services directory, each drawn of the document that f=json answers.

Most requests are for no page: the code that draws is loaded with the first one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.protocols.directory.ports import DirectorySite

if TYPE_CHECKING:
    from gpserverless.protocols.directory.drawing import Drawing


@dataclass(frozen=True)
class DirectoryPages:
    """Draws the pages of the directory.

    Attributes:
        site: What the pages know of the site.
    """

    site: DirectorySite = field(default_factory=DirectorySite)

    def load(self) -> None:
        """Load everything that draws now, before a snapshot is taken or a caller waits."""
        self._drawing.templates.load()

    def prepare(self, request: Request, route: Route) -> Request | Response:
        """Return the request as programs would send it, or at once the page that it asks for.

        Args:
            request: The request, with its caller.
            route: Its route.
        """
        return self._drawing.prepare(request, route)

    def draw(self, request: Request, route: Route, document: Any) -> Response:
        """Return the page of a document.

        Args:
            request: The request, with its caller.
            route: Its route.
            document: JSON values of the answer.
        """
        return self._drawing.draw(request, route, document)

    def draw_link(self, request: Request, route: Route, url: str) -> Response:
        """Return the page of a document that is too large to be handed over.

        Args:
            request: The request, with its caller.
            route: Its route.
            url: Link to the document in JSON, for a time.
        """
        return self._drawing.draw_link(request, route, url)

    def draw_error(
        self, request: Request | None, route: Route | None, error: Exception, document: Any
    ) -> Response:
        """Return the page of an error.

        Args:
            request: The request as far as it could be read; None if not at all.
            route: Its route; None if there is none.
            error: The error.
            document: Its envelope, of which alone the text may be shown.
        """
        return self._drawing.draw_error(request, route, error, document)

    @cached_property
    def _drawing(self) -> Drawing:
        from gpserverless.protocols.directory.drawing import Drawing

        return Drawing(self.site)
