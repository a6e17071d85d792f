"""The local cloud as one thing to start and stop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from local.administrator import Administrator
from local.http_server import new_event_loop
from local.options import ServeOptions
from local.serving import CloudServer

STOP_SECONDS = 30
"""Most seconds that stopping may take."""

_MOST_CALLS = 32  # of AWS at a time: every queue is one that waits


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
    """

    url: str
    endpoint: str
    invoke_endpoint: str
    administrator: Administrator | None

    def __init__(self, options: ServeOptions | None = None) -> None:
        self.options = options or ServeOptions()
        self._ready: Future[CloudServer] = Future()
        self._thread = threading.Thread(target=self._run, name="local-cloud", daemon=True)

    def start(self) -> Self:
        """Serve; return when requests are answered.

        Raises:
            TemplateError: The template cannot be served.
            OSError: The port is taken.
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

    def stop(self) -> None:
        """Stop serving; return when every process is gone."""
        if self._thread.is_alive():
            serving = self._ready.result()
            self._loop.call_soon_threadsafe(serving.stopping.set)
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
        serving = CloudServer(self.options)
        try:
            try:
                await serving.start()
            except Exception as error:
                self._ready.set_exception(error)
                return
            self._ready.set_result(serving)
            await serving.stopping.wait()
        finally:
            await serving.stop()
