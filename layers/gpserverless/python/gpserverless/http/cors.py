"""The pages of other sites that may read an answer (CORS).

Any page may, without credentials. Below "/sharing" ArcGIS clients ask with credentials, for which browsers
take no `*`: the origin of the page is named there. That gives nothing away: no cookie is ever read there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gpserverless.errors import RequestError
from gpserverless.http.event import header_of, segments_of
from gpserverless.http.response import Response

SHARING = "sharing"
"""First segment below the site of the paths that are asked for with credentials, and that read no cookie."""

_ORIGIN = re.compile(r"https?://[\w.:\[\]-]{1,255}", re.ASCII)


def name_origin(response: Response, event: Mapping[str, Any], public_url: str) -> Response:
    """Return a response that the page of a request may read, with credentials where clients send them.

    Args:
        response: The response.
        event: The Lambda event of the request.
        public_url: Configured public URL of the site, or "".
    """
    origin = header_of(event, "origin")
    if not _ORIGIN.fullmatch(origin) or not _is_shared(event, public_url):
        return response
    vary = ", ".join(filter(None, (response.headers.get("vary"), "Origin")))
    headers = {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "vary": vary,
    }
    return replace(response, headers={**response.headers, **headers})


def _is_shared(event: Mapping[str, Any], public_url: str) -> bool:
    try:
        return [segment.lower() for segment in segments_of(event, public_url)[:1]] == [SHARING]
    except RequestError:  # the path is none of the site
        return False
