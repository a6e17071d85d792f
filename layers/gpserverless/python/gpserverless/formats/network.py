"""No network for GDAL and PROJ: what lies on other servers, the function fetches by its own rules.

GDAL asks a server where a file tells it to, such as a GeoJSON file whose "crs" is a link. It has no switch
for that. So it is told to ask by way of a proxy that is not there.
"""

from __future__ import annotations

import os

_NOWHERE = "127.0.0.1:9"  # the port of RFC 863, at which nothing listens

NO_NETWORK = {
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "nothing",  # no remote file has this name
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_NETRC": "NO",
}
"""Options of GDAL."""


def forbid_network() -> None:
    """Keep the copies of PROJ that come with GDAL's libraries from the network, before they are loaded."""
    os.environ["PROJ_NETWORK"] = "OFF"
