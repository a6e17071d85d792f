"""The way of a person to the page where one signs in, and back."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from gpserverless.http.cors import SHARING
from gpserverless.http.credentials import TOKEN
from gpserverless.http.request import Request
from gpserverless.http.response import Response

_LONGEST_QUERY = 1_500


def is_page_request(request: Request) -> bool:
    """Return whether a person waits for a page, which could as well be another one.

    A portal's resources are for programs: they do not read the cookie that the sign-in would set.

    Args:
        request: The request.
    """
    is_portal = [segment.lower() for segment in request.segments[:1]] == [SHARING]
    return request.answer_format.name == "html" and request.method in ("GET", "HEAD") and not is_portal


def redirect_to_sign_in(request: Request, page: str) -> Response:
    """Return a redirect to the page where one signs in; its field `next` is the path of the request.

    The path is made of the request's own one, below the site. A token is left out of it.

    Args:
        request: The request.
        page: Path of the page, below the site.
    """
    path = quote("/".join((urlsplit(request.root).path, *request.segments)))
    query = request.query.text_without(TOKEN)
    back = f"{path}?{query}" if 0 < len(query) <= _LONGEST_QUERY else path
    return Response(status=302, headers={"location": f"{request.root}{page}?next={quote(back, safe='')}"})
