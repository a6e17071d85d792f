"""The page of an error: its text, and the ways on from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import NotFound, RunError
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_links import find_crumbs
from gpserverless.protocols.directory.links import Crumb, Links
from gpserverless.protocols.directory.page import Page

_TITLES: Mapping[int, Text] = {
    400: Text("This request cannot be answered"),
    401: Text("Please sign in"),
    403: Text("This is not for you to see"),
    404: Text("There is nothing here"),
    405: Text("This cannot be asked for like that"),
    413: Text("That is too large"),
    429: Text("Too many requests"),
    498: Text("Please sign in again"),
    499: Text("Please sign in"),
}
_FAULT = Text("Something went wrong here")
_RUN_FAILED = Text("The task did not succeed")
_ADVICE: Mapping[int, Text] = {
    403: Text(
        "Another user may be allowed to. Ask an administrator of this site, or sign in as another user."
    ),
    404: Text("It may have been renamed or removed. Jobs and their results are kept for a time only."),
    429: Text("Wait a while, and try again."),
}
_FAULT_ADVICE = Text("Try again. If that does not help, tell an administrator of this site, with the time.")
_SIGN_IN = (401, 403, 498, 499)


@dataclass(frozen=True)
class ShownError:
    """An error as its page shows it.

    Attributes:
        code: Its code.
        title: Its title.
        details: Sentences about it, in English.
        advice: A sentence about what helps, "" for none.
        may_sign_in: Whether a sign-in may help.
        back: The nearest page that there should be.
    """

    code: int
    title: Text
    details: tuple[str, ...]
    advice: str
    may_sign_in: bool
    back: Crumb


def draw_error(
    links: Links,
    request: Request | None,
    route: Route | None,
    problem: Exception,
    document: Mapping[str, Any],
) -> Page:
    """Return the page of an error.

    Args:
        links: Paths of pages.
        request: The request as far as it could be read; None if not at all.
        route: Its route; None if there is none.
        problem: The error.
        document: Its envelope, of which alone the text may be shown.
    """
    error = document["error"]
    code = error["code"]
    kind = 404 if isinstance(problem, NotFound) else code  # programs know unknown jobs by another code
    is_fault = code >= 500
    is_run = isinstance(problem, RunError)
    shown = ShownError(
        code,
        _RUN_FAILED if is_run else _TITLES.get(kind, _FAULT if is_fault else _TITLES[400]),
        tuple(error["details"]) or (error["message"],),
        "" if is_run else _ADVICE.get(kind, _FAULT_ADVICE if is_fault else ""),
        code in _SIGN_IN,
        _find_way_back(links, request, route),
    )
    return Page("error.html", shown.title, {"error": shown})


def _find_way_back(links: Links, request: Request | None, route: Route | None) -> Crumb:
    """Return the last step of the way to the resource that is not the resource itself."""
    crumbs = find_crumbs(links, route)
    here = "/".join((links.site, *request.segments)) if request else ""
    return next((crumb for crumb in reversed(crumbs) if crumb.path != here), crumbs[0])
