"""A running cloud as the tests use it: ask it, wait for it, look for its processes."""

from __future__ import annotations

import functools
import http.client
import io
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from local import LocalCloud
from local.resources import make_client
from tests.patience import LONG

T = TypeVar("T")

HERE = Path(__file__).parent
TEMPLATE = HERE / "template.yaml"

aws = functools.cache(make_client)


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Running:
    """A running cloud, its output, and the copy of the sources that it serves."""

    cloud: LocalCloud
    printed: io.StringIO
    folder: Path

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request as it is written, without any quoting."""
        return ask(self.cloud.url, path, method=method, body=body, headers=headers)


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send a request as it is written, without any quoting."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LONG)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def copy_sources(folder: Path) -> Path:
    """Copy the small stack into a folder; return its template."""
    for part in ("functions", "layer"):
        shutil.copytree(HERE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return Path(shutil.copy(TEMPLATE, folder))


def eventually(look: Callable[[], T], seconds: float = LONG) -> T:
    """Return the first true value that `look` gives, and fail if it gives none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def processes_of(folder: Path) -> dict[int, str]:
    """Return the command lines, by process id, of all that runs with `folder` in its environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended meanwhile
    return found
