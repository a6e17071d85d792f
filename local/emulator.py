"""The embedded AWS: moto in a process of its own, or the AWS at `AWS_ENDPOINT_URL`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from local.policies import Policies

_ROOT = Path(__file__).parents[1]


class Emulator:
    """An AWS on this machine; its state is gone with it."""

    def __init__(self) -> None:
        self.endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The id of the process of moto; 0 if none was started here."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start moto on a free port, unless an endpoint is given.

        Raises:
            ChildProcessError: It does not start.
        """
        if not self.endpoint:
            await self._run(0)

    async def restart(self) -> None:
        """Start moto again where it was; it has lost everything.

        Raises:
            ChildProcessError: It does not start.
        """
        await self._run(int(self.endpoint.rpartition(":")[2]))

    async def wait(self) -> str:
        """Wait for the end of moto, and return how it came."""
        code = await self._process.wait() if self._process else 0
        return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit status {code}"

    async def _run(self, port: int) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "local.moto_server", str(port)),
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        if not (printed := await self._read_line()):
            raise ChildProcessError("moto did not start; run `python -m local.moto_server` to see why")
        self.endpoint = f"http://127.0.0.1:{int(printed)}"

    async def set_policies(self, policies: Policies) -> None:
        """Hold each function to its policies; an AWS elsewhere has its own.

        Args:
            policies: Statements of policies by the logical ids of the functions.
        """
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps(policies).encode() + b"\n")
            await self._read_line()

    async def _read_line(self) -> bytes:
        if self._process is None or self._process.stdout is None:
            return b""
        return await self._process.stdout.readline()

    async def stop(self) -> None:
        """Stop moto, if it was started here."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
