"""The embedded AWS: moto in a process of its own, or whatever answers at `AWS_ENDPOINT_URL`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

_SERVER = Path(__file__).with_name("moto_server.py")


class Emulator:
    """An AWS on this machine; its state is gone with it."""

    def __init__(self) -> None:
        self.endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start moto on a free port, unless an endpoint is given.

        Raises:
            ChildProcessError: It does not start.
        """
        if self.endpoint:
            return
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(_SERVER)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._process.stdout is None or not (port := await self._process.stdout.readline()):
            raise ChildProcessError("moto did not start; run `python -P local/moto_server.py` to see why")
        self.endpoint = f"http://127.0.0.1:{int(port)}"

    async def stop(self) -> None:
        """Stop moto, if it was started here."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
