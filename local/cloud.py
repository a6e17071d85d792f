"""The local cloud as one thing to start and stop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from local.administrator import Administrator
from local.http_server import new_event_loop
from local.options import ServeOptions
from local.serving import CloudServer

STOP_SECONDS = 60
"""Most seconds that stopping may take."""

_MOST_CALLS = 32  # of AWS at a time: every queue is one that waits


class StartEnded(Exception):
    """The cloud was ended before it was ready."""


class LocalCloud:
    """A template served on this machine, in a thread of its own.

        with LocalCloud(ServeOptions(parameters={"LogLevel": "ERROR"})) as cloud:
            requests.get(f"{cloud.url}/arcgis/rest/services?f=json")

    Args:
        options: The options of serving it.

    Attributes:
        url: The URL of the site, `http://127.0.0.1:<port>`, without a slash at the end.
        endpoint: The URL of its AWS, for a test that looks into a table or a bucket. The names are
            `gpserverless-local-<LogicalId>`, in small letters for a bucket.
        invoke_endpoint: The URL of its Lambda, which invokes functions by the same names.
        administrator: Name and password of the first user; None if the template has no users.
        is_ended: Whether it has been told to stop.
    """

    url: str
    endpoint: str
    invoke_endpoint: str
    administrator: Administrator | None

    def __init__(self, options: ServeOptions | None = None) -> None:
        self.options = options or ServeOptions()
        self._ready: Future[CloudServer] = Future()
        self.is_ended = False
        self._serving: CloudServer | None = None
        self._thread = threading.Thread(target=self._run, name="local-cloud", daemon=True)

    def start(self) -> Self:
        """Serve; return when requests are answered.

        Raises:
            TemplateError: The template cannot be served.
            OSError: The port is taken.
            StartEnded: It has been ended meanwhile.
        """
        self._thread.start()
        serving = self._ready.result()
        self.url, self.endpoint = serving.url, serving.endpoint
        self.invoke_endpoint = serving.invoke_endpoint
        self.administrator = serving.administrator
        return self

    @property
    def emulator_pid(self) -> int:
        """The id of the process of its AWS; 0 if that is none of its own."""
        return self._ready.result().emulator_pid

    def end(self) -> None:
        """Begin to stop, even in the middle of the start; may be called by a handler of signals."""
        self.is_ended = True  # and no event: its lock may be held by what the signal interrupts
        if self._serving is not None:
            with suppress(RuntimeError):  # it has stopped, and its loop is closed
                self._loop.call_soon_threadsafe(self._serving.stopping.set)

    def stop(self) -> None:
        """Stop serving; return when every process is gone."""
        self.end()
        if self._thread.is_alive():
            # By then every process is gone; uvloop has been seen to linger in closing its loop.
            self._thread.join(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            self._loop = runner.get_loop()
            self._loop.set_default_executor(ThreadPoolExecutor(_MOST_CALLS, "aws"))
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._serving = serving = CloudServer(self.options)
        if self.is_ended:  # before there was anything to tell
            serving.stopping.set()
        starting = asyncio.create_task(serving.start())
        ending = asyncio.create_task(serving.stopping.wait())
        try:
            await asyncio.wait((starting, ending), return_when=asyncio.FIRST_COMPLETED)
            starting.cancel()  # if it has not come to its end
            await asyncio.wait((starting,))
            if not starting.cancelled() and starting.exception() is None:
                self._ready.set_result(serving)
                await ending
        finally:
            await serving.stop()
            if not self._ready.done():  # nothing is left running by now
                ended = starting.cancelled()
                self._ready.set_exception(StartEnded() if ended else starting.exception())
