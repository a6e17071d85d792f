"""The drawing of the pages; it is loaded with the first page that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gpserverless.http.event import SITE
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.pages.language import find_choice, find_language, keep_choice
from gpserverless.pages.render import Pages
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.error import draw_error as draw_error_page
from gpserverless.protocols.directory.drawers.uploads import draw_upload_mistake
from gpserverless.protocols.directory.forms.pages import RESOURCES, draw_mistake, prepare_call
from gpserverless.protocols.directory.frame import TEXTS, Frame
from gpserverless.protocols.directory.links import Links
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.ports import DirectorySite
from gpserverless.protocols.directory.request_pages import draw_blank_form, draw_mistaken_form
from gpserverless.protocols.directory.resources import find_drawer

_FOLDER = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Drawing:
    """Draws the pages of the directory; its methods are those of `pages.DirectoryPages`.

    Attributes:
        site: The facts about the site that it shows.
        templates: Its templates.
    """

    site: DirectorySite
    templates: Pages = field(default_factory=lambda: Pages(_FOLDER, TEXTS))

    def prepare(self, request: Request, route: Route) -> Request | Response:
        """Return the request as programs would send it, or at once the page that it asks for.

        Args:
            request: The request, with its caller.
            route: Its route.
        """
        if route.resource not in RESOURCES:
            blank = draw_blank_form(self._subject(request, route))
            return request if blank is None else self._render(blank, request, route)
        prepared = prepare_call(self._subject(request, route))
        if isinstance(prepared, Request):
            return prepared
        response = self._render(prepared, request, route)
        return replace(response, status=400) if prepared.values["form"].mistakes else response

    def draw(self, request: Request, route: Route, document: Any) -> Response:
        """Return the page of a document.

        Args:
            request: The request, with its caller.
            route: Its route.
            document: JSON values of the answer.
        """
        page = find_drawer(route.key)(self._subject(request, route), document)
        return self._render(page, request, route)

    def draw_link(self, request: Request, route: Route, url: str) -> Response:
        """Return the page of a document that is too large to be handed over.

        Args:
            request: The request, with its caller.
            route: Its route.
            url: Link to the document in JSON, for a time.
        """
        return self._render(
            Page("link.html", Text("The answer is too large for a page"), {"url": url}), request, route
        )

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
        links = Links(self._root(request))
        page = None
        if request is not None and route is not None and route.resource in RESOURCES:
            page = draw_mistake(self._subject(request, route), error)
        if request is not None and route is not None and route.key == "uploads/upload":
            page = draw_upload_mistake(self._subject(request, route), error)
        if request is not None and route is not None:
            page = page or draw_mistaken_form(self._subject(request, route), error)
        return self._render(page or draw_error_page(links, request, route, error, document), request, route)

    def _subject(self, request: Request, route: Route) -> Subject:
        return Subject(request, route, Links(request.root), self.site)

    def _root(self, request: Request | None) -> str:
        return request.root if request else self.site.public_url or SITE

    def _render(self, page: Page, request: Request | None, route: Route | None) -> Response:
        root = self._root(request)
        links, language = Links(root), find_language(request)
        response = self.templates.render(
            page.template,
            root,
            language=language,
            connections=page.connections,
            title=page.title,
            scripts=("page.js", *page.scripts),
            links=links,
            frame=Frame.of(links, request, route, language),
            **page.values,
        )
        choice = find_choice(request) if request else ""
        if not choice:
            return response
        return replace(response, headers={**response.headers, "set-cookie": keep_choice(choice, links.site)})
