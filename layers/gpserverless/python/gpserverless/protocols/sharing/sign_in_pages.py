"""The pages of the sign-in: the form, a code to be copied, and a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from gpserverless.access.oauth.authorize import OUT_OF_BAND, Approval
from gpserverless.errors import InvalidRedirect, RequestError
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.pages.language import find_choice, find_language, keep_choice
from gpserverless.pages.render import Pages
from gpserverless.pages.texts import Text
from gpserverless.protocols.sharing.urls import origin_of

LOGIN = "/rest/login"
"""Path below the site of the sign-in of browsers."""

OUTSIDE = f"{LOGIN}/outside"
"""Path below the site from which a browser goes to another issuer."""

_HINT = Text(
    "Nobody was sent to it. Tell its author, or an administrator of this site, who registers applications and"
    " their addresses."
)
_REFUSED = Text("This application cannot sign you in")
_FAILED = Text("Your organisation did not sign you in")
_BEGIN_AGAIN = Text("Begin again, and in this browser. If that does not help, ask an administrator.")
_FOLDER = Path(__file__).with_name("templates")

TEXTS = Path(__file__).with_name("texts")
"""Folder of the texts of the pages in other languages."""


@dataclass(frozen=True)
class SignInForm:
    """The values of the page that asks for name and password.

    Attributes:
        action: Path below the site to which the form is sent.
        fields: Hidden fields of the form.
        message: The reason for showing the form again, "" for none.
        application: Name of the application that asks, "" for this site itself.
        data: Values for programs that read the page; None for none.
    """

    action: str
    fields: Mapping[str, str]
    message: str = ""
    application: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Link:
    """The next step on a page with a message.

    Attributes:
        path: Path below the site.
        text: Text of the button.
    """

    path: str
    text: str


AGAIN = Link(LOGIN, Text("Sign in again"))


class SignInPages:
    """The pages of the sign-in.

    Args:
        has_issuer: Whether users of another issuer may sign in: the form has a link to it.
    """

    def __init__(self, *, has_issuer: bool = False) -> None:
        self._pages = Pages(_FOLDER, TEXTS)
        self._has_issuer = has_issuer

    def load(self) -> None:
        """Load the library of templates before a snapshot is taken."""
        self._pages.load()

    def ask(self, request: Request, form: SignInForm, leads_to: str = "") -> Response:
        """Return the page that asks for name and password.

        Args:
            request: The request, in whose language the page is.
            form: The values of the page.
            leads_to: Address beside the site to which the browser goes after the sign-in, "" for none.
        """
        targets = [origin_of(leads_to)] if leads_to not in ("", OUT_OF_BAND) else []
        outside = f"{OUTSIDE}?{urlencode(form.fields)}" if self._has_issuer else ""
        return self._render("sign_in.html", request, targets=targets, form=form, outside=outside)

    def go_on(self, request: Request, approval: Approval, now: int) -> Response:
        """Return the way back to an application; for one to which nobody can be sent, the page with a code.

        Args:
            request: The request, in whose language the page is.
            approval: The result of the sign-in.
            now: Time in ms since 1970 UTC.
        """
        if approval.is_out_of_band:
            return self._render("code.html", request, code=approval.code)
        return Response(status=302, headers={"location": approval.location(now)})

    def refuse(self, request: Request, error: RequestError) -> Response:
        """Return the page that tells the author of an application the mistake in its request.

        Args:
            request: The request, in whose language the page is.
            error: The error.
        """
        hint = _HINT if isinstance(error, InvalidRedirect) else ""
        values = {"title": _REFUSED, "text": str(error), "hint": hint, "link": None}
        return self._render("message.html", request, status=400, **values)

    def fail(self, request: Request) -> Response:
        """Return the page that says that another issuer has not signed a user in. The log says why.

        Args:
            request: The request, in whose language the page is.
        """
        values = {"title": _FAILED, "text": _BEGIN_AGAIN, "link": AGAIN}
        return self._render("message.html", request, status=400, **values)

    def tell(self, request: Request, title: str, text: str, link: Link) -> Response:
        """Return a page with a message and a next step.

        Args:
            request: The request, in whose language the page is.
            title: Its title.
            text: A sentence.
            link: The next step.
        """
        return self._render("message.html", request, title=title, text=text, link=link)

    def _render(self, template: str, request: Request, **values: Any) -> Response:
        """Return a page in the language of a request; the browser keeps one that is chosen with it."""
        page = self._pages.render(template, request.root, language=find_language(request), **values)
        choice = find_choice(request)
        if not choice:
            return page
        kept = keep_choice(choice, urlsplit(request.root).path)
        return replace(page, headers={**page.headers, "set-cookie": kept})
