"""The running local cloud: an AWS, the current deployment, and HTTP in front of it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import uvicorn
from botocore.exceptions import BotoCoreError, ClientError

from local.administrator import Administrator, AdministratorProcess
from local.banner import build_banner
from local.catalogue import read_published_services, write_catalogue
from local.deployment import Deployment
from local.emulator import Emulator
from local.functions import layer_paths
from local.gateway import Gateway
from local.http_server import make_http_server, open_listener
from local.invoke_api import InvokeApi
from local.options import ServeOptions
from local.policies import Policies
from local.routes import RouteMatch
from local.template import Template, TemplateError
from local.terminal import list_some
from local.watch import forget_compiled, list_watched, watch_changes

_LOST = "all jobs, results, uploads and messages in it are lost. It is being started again."
_RESTART_PAUSE_SECONDS = 2.0


class CloudServer:
    """A running local cloud; belongs to the event loop that it is started in.

    Args:
        options: The options.
    """

    def __init__(self, options: ServeOptions) -> None:
        self.stopping = asyncio.Event()
        self._options = options
        self._terminal = options.terminal
        self._emulator = Emulator()
        self._deployments: list[Deployment] = []  # the last is the current one, the others are ending
        self._positions: dict[str, str] = {}
        self._adding = AdministratorProcess()
        self.administrator: Administrator | None = None
        self._listener: socket.socket | None = None
        self._invoke_listener: socket.socket | None = None
        self._servers: list[uvicorn.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._deploying = asyncio.Lock()
        self._guards: list[asyncio.Task[None]] = []  # they deploy again, until the end
        self._ready = asyncio.Event()

    @property
    def url(self) -> str:
        """The URL of the site."""
        return f"http://{self._host}"

    @property
    def endpoint(self) -> str:
        """The URL of its AWS."""
        return self._emulator.endpoint

    @property
    def emulator_pid(self) -> int:
        """The id of the process of its AWS; 0 if that is none of its own."""
        return self._emulator.pid

    @property
    def invoke_endpoint(self) -> str:
        """The URL of its Lambda."""
        port = self._invoke_listener.getsockname()[1] if self._invoke_listener else 0
        return f"http://127.0.0.1:{port}"

    def match(self, method: str, path: str) -> RouteMatch | None:
        """Return the route for a request, if there is one."""
        return self._deployments[-1].match(method, path)

    @property
    def policies(self) -> Policies:
        """Statements of the functions' policies, by logical id."""
        return self._deployments[-1].policies

    async def invoke(self, function: str, payload: bytes) -> bytes:
        """Run a function as it is now.

        Raises:
            FunctionFailed: It gave no answer; this has been reported.
        """
        return await self._deployments[-1].invoke(function, payload)

    async def start(self) -> None:
        """Start everything; return when requests are answered.

        Raises:
            TemplateError: The template cannot be served.
            OSError: The port is taken.
        """
        began = time.monotonic()
        self._listener = _listen(self._options.port)
        port = self._listener.getsockname()[1]
        self._host = f"127.0.0.1:{port}"
        self._options = self._options.at(port)
        shutil.rmtree(self._options.logs, ignore_errors=True)
        self._options.logs.mkdir(parents=True)
        template = self._options.read_template()
        path = layer_paths(template)
        if self._options.watch:
            self._guards.append(self._run_beside(self._watch(template)))
            await asyncio.sleep(0)  # it watches from here on, so what is saved during the start is served
        _, problem, _ = await asyncio.gather(
            self._emulator.start(), write_catalogue(path), self._adding.start(template, path)
        )
        self._invoke_listener = open_listener(0)
        await self._deploy(template, problem)
        await self._serve(InvokeApi(self), self._invoke_listener)
        await self._serve(Gateway(self, self._host, self._terminal), self._listener)
        self.administrator = await self._adding.add(self.endpoint)
        if self._emulator.pid:
            self._guards.append(self._run_beside(self._guard_emulator()))
        self._print_banner(template, time.monotonic() - began, problem)
        self._ready.set()

    async def stop(self) -> None:
        """Stop everything; return when every process is gone."""
        self.stopping.set()
        for server in self._servers:
            server.should_exit = server.force_exit = True
        for guard in self._guards:
            guard.cancel()
        await asyncio.gather(*self._guards, return_exceptions=True)
        async with self._deploying:  # none is made from here on
            await asyncio.gather(*(deployment.kill() for deployment in self._deployments))
        await self._adding.stop()
        await self._emulator.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in (self._listener, self._invoke_listener):
            if listener is not None:
                listener.close()

    async def _guard_emulator(self) -> None:
        """Start the embedded AWS again whenever it ends."""
        while True:
            ended = await self._emulator.wait()
            self._terminal.write_failure(f"The embedded AWS has ended {ended}:", _LOST)
            self._positions.clear()  # of streams that are no more
            try:
                await self._emulator.restart()
                await self._deploy(self._options.read_template())
            except (OSError, TemplateError, BotoCoreError, ClientError) as error:
                self._terminal.write_failure("It could not be started again:", str(error))
                await asyncio.sleep(_RESTART_PAUSE_SECONDS)
            else:
                self._terminal.write_note(f"The embedded AWS runs again at {self.endpoint}, and is empty")

    async def _deploy(self, template: Template, mistake: str = "") -> None:
        async with self._deploying:
            if not self.stopping.is_set():
                await self._replace_deployment(template, mistake)

    async def _replace_deployment(self, template: Template, mistake: str) -> None:
        found = {"AwsEndpointUrl": self.endpoint, "PublicUrl": f"{self.url}/arcgis"}
        parameters = {
            **{name: value for name, value in found.items() if name in template.known_parameters},
            **self._options.read_parameters(),
        }
        try:
            deployment = await asyncio.to_thread(
                Deployment, template, parameters, self.endpoint, self._with_invoke_api(), self._positions
            )
        except KeyError as error:
            raise TemplateError(f"{template.path}: {error} is missing") from error
        deployment.mistake = mistake
        await self._emulator.set_policies(deployment.policies)
        before = self._deployments[-1].used if self._deployments else deployment.functions
        deployment.start(warm=before if self._options.warm else (), minute=self._options.minute)
        self._deployments.append(deployment)
        if len(self._deployments) > 1:
            self._run_beside(self._retire(self._deployments[-2]))

    def _with_invoke_api(self) -> ServeOptions:
        """Return the options, with the place of Lambda among the variables of every function."""
        place = {"AWS_ENDPOINT_URL_LAMBDA": self.invoke_endpoint}
        return replace(self._options, variables={**place, **self._options.variables})

    async def _retire(self, old: Deployment) -> None:
        await old.retire()
        self._deployments.remove(old)

    async def _serve(self, application: Gateway | InvokeApi, listener: socket.socket) -> None:
        server = make_http_server(application)
        self._servers.append(server)
        self._run_beside(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)

    async def _watch(self, template: Template) -> None:
        """Serve every change, also in folders that a changed template names."""
        while not self.stopping.is_set():
            watched = list_watched(template)
            async with aclosing(watch_changes(template, self.stopping)) as changes:
                async for changed in changes:
                    template = await self._reload(template, changed)
                    if list_watched(template) != watched:
                        break

    async def _reload(self, template: Template, changed: set[str]) -> Template:
        """Serve what was changed, if it can be served, and return the template that is served then."""
        await self._ready.wait()
        problem = await write_catalogue(layer_paths(template))
        try:
            if not problem:
                # Again: a function that was starting may have compiled what was there before.
                forget_compiled(template.path.resolve().parent / name for name in changed)
                found = self._options.read_template()
                await self._deploy(found)
        except (TemplateError, BotoCoreError, ClientError) as error:
            problem = str(error)
        except Exception as error:  # half a file can bring about any; the next change is served
            problem = repr(error)
        if problem:
            self._terminal.write_failure("Still serving what was there before:", problem)
            return template
        self._terminal.write_note(f"Reloaded: {list_some(changed)}")
        return found

    def _print_banner(self, template: Template, seconds: float, problem: str) -> None:
        published = read_published_services(layer_paths(template), self._deployments[-1].variables)
        where = {"AWS": self.endpoint, "Logs": str(_shorten(self._options.logs))}
        if self.administrator is not None:
            where["User"] = _describe(self.administrator)
        self._terminal.write_lines(build_banner(self.url, published, where, seconds))
        if problem:
            self._terminal.write_failure("No tool runs before this is corrected:", problem)

    def _run_beside(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run a task in the background until it ends, or the server does."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)
        return task

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._terminal.write_failure("The local cloud has a fault:", repr(error))


def _listen(port: int) -> socket.socket:
    try:
        return open_listener(port)
    except OSError as error:
        raise OSError(error.errno, f"port {port} is in use; take another one: make run PORT=8001") from error


def _describe(administrator: Administrator) -> str:
    password = administrator.password or "the one of the run that made it"
    return f"{administrator.name}, password {password}"


def _shorten(path: Path) -> Path:
    """Return `path` as it is seen from here, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
