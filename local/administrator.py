"""The first administrator of a site on this machine, with a password by chance."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.resolver import REGION, STACK
from local.resources import CREDENTIAL
from local.template import Template

TABLE = "AccessTable"
"""Logical id of the table of users; a template without it has no users."""

_MODULE = "local.administrator_process"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Administrator:
    """A user who may do everything on this site.

    Attributes:
        name: Name to sign in with.
        password: Password to sign in with, "" if an earlier run has made the user. It is not shown when the
            object is printed.
    """

    name: str
    password: str = field(repr=False)


class AdministratorProcess:
    """Adds the administrator. It hashes a password, with libraries that it loads while the AWS starts."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, template: Template, python_path: Sequence[Path]) -> None:
        """Load the libraries, if a template has users.

        Args:
            template: The template.
            python_path: Folders of the package.
        """
        if TABLE not in template.resources:
            return
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _MODULE),
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, [_ROOT, *python_path])),
                "AWS_ACCESS_KEY_ID": CREDENTIAL,
                "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
                "AWS_DEFAULT_REGION": REGION,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )

    async def add(self, endpoint: str) -> Administrator | None:
        """Add the administrator, and return it; None if the template has no users.

        Args:
            endpoint: URL of the AWS, which has the table by now.

        Raises:
            ChildProcessError: It could not be added.
        """
        if self._process is None:
            return None
        wanted = Administrator("admin", secrets.token_urlsafe(12))
        line = {
            "endpoint": endpoint,
            "table": f"{STACK}-{TABLE}",
            "name": wanted.name,
            "password": wanted.password,
        }
        told, _ = await self._process.communicate(json.dumps(line).encode())
        if self._process.returncode:
            raise ChildProcessError(f"no administrator was added; run `python -m {_MODULE}` to see why")
        return wanted if told.strip() == b"added" else Administrator(wanted.name, "")

    async def stop(self) -> None:
        """End the process, if it still waits."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
