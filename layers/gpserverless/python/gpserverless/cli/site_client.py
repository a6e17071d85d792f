"""A site as the command line calls it: by HTTP, or the project's toolboxes in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import urllib3

from gpserverless.errors import CommandError

SERVICES = "/rest/services"

_SECONDS = 60.0
_REDIRECTS = 3
_REFUSALS = frozenset({403, 404, 498, 499})


class SiteError(Exception):
    """A site has answered with an error.

    Args:
        code: Its code.
        text: Its message and its details.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Describing(Protocol):
    """Something that describes services and tasks as the protocol does."""

    def describe(self, path: str) -> dict[str, Any]:
        """Return the JSON of a resource below the services.

        Args:
            path: Such as "Samples/GPServer"; "" for the catalogue.
        """


class SiteClient:
    """A site at a URL.

    Args:
        url: The site: its root, or a part of it such as its services.
        token: Token or API key; "" for none.

    Raises:
        CommandError: The URL is none.
    """

    def __init__(self, url: str, token: str = "") -> None:
        scheme, _, rest = url.partition("://")
        if scheme not in ("http", "https") or not rest.strip("/"):
            raise CommandError(f"'{url}' is no address of a site, such as https://gis.example.org/arcgis")
        root = url.partition("/rest/")[0].removesuffix("/rest").rstrip("/")
        self.services_url = (root if rest.strip("/").count("/") else f"{root}/arcgis") + SERVICES
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._pool = urllib3.PoolManager(retries=urllib3.Retry(0, redirect=_REDIRECTS), timeout=_SECONDS)

    def describe(self, path: str) -> dict[str, Any]:
        """Return the JSON of a resource below the services."""
        return self.get(f"{self.services_url}/{path}".rstrip("/"))

    def get(self, url: str) -> dict[str, Any]:
        """Return the JSON of a URL.

        Args:
            url: The URL.

        Raises:
            CommandError: The site does not answer, or not as a site does.
            SiteError: The site answers with an error.
        """
        return self._send("GET", url, {"f": "json"})

    def post(self, url: str, fields: Mapping[str, Any], *, multipart: bool = False) -> dict[str, Any]:
        """Send a form, and return the JSON of the answer.

        Args:
            url: The URL.
            fields: The fields; of a multipart form also files, as urllib3 takes them.
            multipart: Whether the form has files.

        Raises:
            CommandError: The site does not answer, or not as a site does.
            SiteError: The site answers with an error.
        """
        return self._send("POST", url, {"f": "json", **fields}, encode_multipart=multipart)

    def download(self, url: str, path: Path) -> None:
        """Write the content of a URL into a file.

        Args:
            url: The URL.
            path: The file.

        Raises:
            CommandError: It cannot be had.
        """
        try:
            with (
                self._request("GET", url, preload_content=False) as response,
                path.open("wb") as file,
            ):
                if response.status != 200:
                    raise CommandError(f"{url} answers with the status {response.status}")
                for block in response.stream(2**16):
                    file.write(block)
        except urllib3.exceptions.HTTPError as error:
            raise CommandError(f"{url} does not answer: {_explain(error)}") from None

    def _request(self, method: str, url: str, **how: Any) -> urllib3.BaseHTTPResponse:
        """Send a request. Names under localhost are this machine, as not every resolver knows (RFC 6761)."""
        parts = urlsplit(url)
        if (parts.hostname or "").endswith(".localhost"):
            here = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}")
            headers = {**self._headers, "Host": parts.netloc}
            return self._pool.request(method, urlunsplit(here), headers=headers, **how)
        return self._pool.request(method, url, headers=self._headers, **how)

    def _send(self, method: str, url: str, fields: Mapping[str, Any], **how: Any) -> dict[str, Any]:
        try:
            response = self._request(method, url, fields=dict(fields), **how)
        except urllib3.exceptions.HTTPError as error:
            raise CommandError(f"{self.services_url} does not answer: {_explain(error)}") from None
        try:
            answer = json.loads(response.data)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise CommandError(f"{url} is no resource of a site: its status is {response.status}")
        if isinstance(refusal := answer.get("error"), dict):
            raise _read_error(refusal)
        return answer


def _read_error(error: Mapping[str, Any]) -> Exception:
    """Return the exception for an error envelope; one about rights or names asks for another command."""
    text = " ".join([str(error.get("message", "")), *map(str, error.get("details") or ())]).strip()
    code = int(error.get("code") or 0)
    return CommandError(f"the site refuses: {text}") if code in _REFUSALS else SiteError(code, text)


def _explain(error: urllib3.exceptions.HTTPError) -> str:
    cause = getattr(error, "reason", None) or error
    return str(cause).rpartition(": ")[2] or type(cause).__name__
