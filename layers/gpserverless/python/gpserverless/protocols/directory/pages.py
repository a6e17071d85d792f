"""The pages of the services directory, each drawn of the document that f=json answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.pages.render import Pages

_FOLDER = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class DirectoryPages:
    """Draws the pages of the directory.

    Attributes:
        public_url: Configured public URL of the site, or "".
        templates: Its templates.
    """

    public_url: str = ""
    templates: Pages = field(default_factory=lambda: Pages(_FOLDER))

    def prepare(self, request: Request, route: Route) -> Request | Response:
        """Return the request as programs would send it, or at once the page that it asks for.

        Args:
            request: The request, with its caller.
            route: Its route.
        """
        return request

    def draw(self, request: Request, route: Route, document: Any) -> Response:
        """Return the page of a document.

        Args:
            request: The request, with its caller.
            route: Its route.
            document: JSON values of the answer.
        """
        return self._draw(request, route.resource, document)

    def draw_link(self, request: Request, route: Route, url: str) -> Response:
        """Return the page of a document that is too large to be handed over.

        Args:
            request: The request, with its caller.
            route: Its route.
            url: Link to the document in JSON, for a time.
        """
        return self._draw(request, route.resource, {"url": url})

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
        return self._draw(request, "Error", document)

    def _draw(self, request: Request | None, title: str, document: Any) -> Response:
        root = request.root if request else self.public_url
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
        return self.templates.render("document.html", root, title=title, text=text)
