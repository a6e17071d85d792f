"""An execution environment: the process of a function, and its Runtime API."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
import uuid
from pathlib import Path

from local.functions import Function
from local.runtime_api import RuntimeConnection

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_INIT_SECONDS = 60.0  # Lambda gives 10 s; a developer's machine may be slower, and busy


class FunctionFailed(Exception):
    """A function gave no answer: it raised, crashed, or ran out of time.

    Args:
        payload: JSON with `errorType` and `errorMessage`.
    """

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class ExecutionEnvironment:
    """A process that runs one invocation of a function at a time.

    It sees only the function's environment variables, and is killed with everything it started
    when an invocation is over its time.

    Args:
        function: The function.
        log: The file that takes its output.
    """

    def __init__(self, function: Function, log: Path) -> None:
        self.function = function
        self.used_at = time.monotonic()
        self._log = log
        self._exited: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[RuntimeConnection] = asyncio.get_running_loop().create_future()
        self._answer: asyncio.Future[bytes] | None = None
        self._request_id = ""
        self._doomed = False

    @property
    def is_alive(self) -> bool:
        """Whether its process can take another invocation."""
        return self._exited is not None and not self._exited.done() and not self._doomed

    async def start(self) -> None:
        """Start the process and wait until it asks for its first invocation.

        Raises:
            FunctionFailed: Its code could not be imported, or it took too long.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: RuntimeConnection(self), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(_BOOTSTRAP), self.function.handler),
                cwd=self.function.code,
                env={**self.function.variables, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._exited = asyncio.create_task(self._watch())
        if self._doomed:  # killed before it had a process
            self._end()
        try:
            async with asyncio.timeout(_INIT_SECONDS):
                await asyncio.shield(self._ready)
        except TimeoutError:
            await self.kill()
            raise _build_failure(
                "Sandbox.Timedout", f"Init took more than {_INIT_SECONDS:g} seconds"
            ) from None
        except FunctionFailed:
            await self.kill()
            raise

    async def invoke(self, payload: bytes) -> bytes:
        """Run the handler on `payload`, JSON in and out.

        Raises:
            FunctionFailed: The handler raised, or the process crashed or was killed at its timeout.
        """
        connection = await self._ready
        loop = asyncio.get_running_loop()
        self._ready, self._answer = loop.create_future(), loop.create_future()
        self._request_id = str(uuid.uuid4())
        limit = self.function.timeout
        timer = loop.call_later(limit, self._time_out)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": self._request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + limit) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.function.arn,
        }
        connection.send(headers, payload)
        try:
            return await self._answer
        finally:
            timer.cancel()
            self.used_at = time.monotonic()

    async def kill(self) -> None:
        """End the process and all it started; return when it is gone."""
        self._doomed = True
        if self._exited is not None:
            self._end()
            await self._exited

    def accept_next(self, connection: RuntimeConnection) -> None:
        """Mark the process as ready for an invocation."""
        if not self._ready.done():
            self._ready.set_result(connection)

    def accept_response(self, request_id: str, payload: bytes) -> None:
        """Pass the handler's answer on to the invocation."""
        if self._answer and not self._answer.done() and request_id == self._request_id:
            self._answer.set_result(payload)

    def accept_error(self, request_id: str, payload: bytes) -> None:
        """Pass the error of the handler or of the start on."""
        self._fail(FunctionFailed(payload))

    def _time_out(self) -> None:
        text = f"Task timed out after {self.function.timeout:.2f} seconds"
        with self._log.open("a") as log:
            log.write(f"{self._request_id} {text}\n")
        self._doomed = True
        self._end()
        self._fail(_build_failure("Sandbox.Timedout", text))

    def _end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _fail(self, error: FunctionFailed) -> None:
        """Give the error to the invocation under way; if there is none, to the next one or the start."""
        waiting = self._answer if self._answer and not self._answer.done() else self._ready
        if not waiting.done():
            waiting.set_exception(error)
            waiting.exception()  # marks it as retrieved: perhaps nothing waits for it

    async def _watch(self) -> None:
        """Wait for the end of the process, and clean up."""
        code = await self._process.wait()
        self._end()  # what it forked and left behind
        self._server.close()
        cause = f"signal: {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        self._fail(_build_failure("Runtime.ExitError", f"Runtime exited with error: {cause}"))


def _build_failure(kind: str, text: str) -> FunctionFailed:
    return FunctionFailed(f'{{"errorType": "{kind}", "errorMessage": "{text}"}}'.encode())
