"""The pages of the sign-in: the form, a code to be copied, and a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from gpserverless.access.oauth.authorize import OUT_OF_BAND, Approval
from gpserverless.errors import InvalidRedirect, RequestError
from gpserverless.http.response import Response
from gpserverless.pages.render import Pages
from gpserverless.protocols.sharing.urls import origin_of

LOGIN = "/rest/login"
"""Path below the site of the sign-in of browsers."""

OUTSIDE = f"{LOGIN}/outside"
"""Path below the site from which a browser goes to another issuer."""

_HINT = (
    "Nobody was sent to it. Tell its author, or an administrator of this site, who registers applications and"
    " their addresses."
)
_FAILED = "Your organisation did not sign you in"
_FOLDER = Path(__file__).with_name("templates")


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


AGAIN = Link(LOGIN, "Sign in again")


class SignInPages:
    """The pages of the sign-in.

    Args:
        has_issuer: Whether users of another issuer may sign in: the form has a link to it.
    """

    def __init__(self, *, has_issuer: bool = False) -> None:
        self._pages = Pages(_FOLDER)
        self._has_issuer = has_issuer

    def load(self) -> None:
        """Load the library of templates before a snapshot is taken."""
        self._pages.load()

    def ask(self, root: str, form: SignInForm, leads_to: str = "") -> Response:
        """Return the page that asks for name and password.

        Args:
            root: Public URL of the site.
            form: The values of the page.
            leads_to: Address beside the site to which the browser goes after the sign-in, "" for none.
        """
        targets = [origin_of(leads_to)] if leads_to not in ("", OUT_OF_BAND) else []
        outside = f"{OUTSIDE}?{urlencode(form.fields)}" if self._has_issuer else ""
        return self._pages.render("sign_in.html", root, targets=targets, form=form, outside=outside)

    def go_on(self, root: str, approval: Approval, now: int) -> Response:
        """Return the way back to an application; for one to which nobody can be sent, the page with a code.

        Args:
            root: Public URL of the site.
            approval: The result of the sign-in.
            now: Time in ms since 1970 UTC.
        """
        if approval.is_out_of_band:
            return self._pages.render("code.html", root, code=approval.code)
        return Response(status=302, headers={"location": approval.location(now)})

    def refuse(self, root: str, error: RequestError) -> Response:
        """Return the page that tells the author of an application what is wrong with its request.

        Args:
            root: Public URL of the site.
            error: The error.
        """
        title = "This application cannot sign you in"
        hint = _HINT if isinstance(error, InvalidRedirect) else ""
        return self._pages.render(
            "message.html", root, status=400, title=title, text=str(error), hint=hint, link=None
        )

    def fail(self, root: str) -> Response:
        """Return the page that says that another issuer has not signed a user in. The log says why.

        Args:
            root: Public URL of the site.
        """
        text = "Begin again, and in this browser. If that does not help, ask an administrator."
        return self._pages.render("message.html", root, status=400, title=_FAILED, text=text, link=AGAIN)

    def tell(self, root: str, title: str, text: str, link: Link) -> Response:
        """Return a page with a message and a next step.

        Args:
            root: Public URL of the site.
            title: Its title.
            text: A sentence.
            link: The next step.
        """
        return self._pages.render("message.html", root, title=title, text=text, link=link)
