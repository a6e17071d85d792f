"""The pages of the sign-in: the form, a code to be copied, and a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.access.oauth.authorize import OUT_OF_BAND
from gpserverless.errors import RequestError
from gpserverless.http.response import Response
from gpserverless.pages.render import Pages
from gpserverless.protocols.sharing.urls import origin_of

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


class SignInPages:
    """The pages of the sign-in."""

    def __init__(self) -> None:
        self._pages = Pages(_FOLDER)

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
        return self._pages.render("sign_in.html", root, targets=targets, form=form)

    def show_code(self, root: str, code: str) -> Response:
        """Return the page with a code for an application to which nobody can be sent.

        Args:
            root: Public URL of the site.
            code: The code.
        """
        return self._pages.render("code.html", root, code=code)

    def refuse(self, root: str, error: RequestError) -> Response:
        """Return the page that tells the author of an application what is wrong with its request.

        Args:
            root: Public URL of the site.
            error: The error.
        """
        title = "This application cannot sign you in"
        return self._pages.render("message.html", root, status=400, title=title, text=str(error), link=None)

    def tell(self, root: str, title: str, text: str, link: Link) -> Response:
        """Return a page with a message and a next step.

        Args:
            root: Public URL of the site.
            title: Its title.
            text: A sentence.
            link: The next step.
        """
        return self._pages.render("message.html", root, title=title, text=text, link=link)
