"""The port of pages: answers as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from gpserverless.http.request import Request
    from gpserverless.http.response import Response
    from gpserverless.http.route import Route


class Pages(Protocol):
    """Draws the answers to f=html from the documents of f=json."""

    def prepare(self, request: Request, route: Route) -> Request | Response:
        """Return the request as programs would send it, or at once the page that it asks for.

        A form has fields for the parts of a value, and a form itself is asked for by no values.

        Args:
            request: The request, with its caller.
            route: Its route.

        Raises:
            RequestError: The parts of a value make none.
        """
        ...

    def draw(self, request: Request, route: Route, document: Any) -> Response:
        """Return the page of a document.

        Args:
            request: The request, with its caller.
            route: Its route.
            document: JSON values of the answer.
        """
        ...

    def draw_link(self, request: Request, route: Route, url: str) -> Response:
        """Return the page of a document that is too large to be handed over.

        Args:
            request: The request, with its caller.
            route: Its route.
            url: Link to the document in JSON, for a time.
        """
        ...

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
        ...
