"""`gpserverless serve`, `test` and `open`: a project on this machine."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import Annotated

import typer

from gpserverless.cli.site_options import Token, Url
from gpserverless.errors import CommandError
from gpserverless.project.project import Project, find_project
from gpserverless.project.requirements import check_extra, find_missing, install
from gpserverless.project.sources import PACKAGE, find_sources

LOCAL = "http://127.0.0.1:8000"


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the command line.

    Args:
        app: The command line.
    """
    app.command()(serve)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(test)
    app.command("open")(open_site)


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8000,
) -> None:
    """Serve the project on this machine, with an AWS of its own, until Ctrl-C.

    A saved change is served at once.
    """
    project = find_project(Path.cwd())
    check_extra("local", "serve")
    install_missing(project)
    sources = find_sources()
    given = [
        *("--port", str(port), "--tools", str(project.tools)),
        *("--samconfig", str(project.samconfig), "--state", str(project.state)),
    ]
    _replace_process(["-m", "local", *given], [sources])


def test(context: typer.Context) -> None:
    """Run the project's tests; all arguments go to pytest."""
    project = find_project(Path.cwd())
    install_missing(project)
    if util.find_spec("pytest") is None:
        raise CommandError("pytest is not installed: pip install --group dev")
    os.chdir(project.root)
    _replace_process(["-m", "pytest", *context.args], [project.tools])


def open_site(url: Url = LOCAL, token: Token = "") -> None:
    """Open the services of a site in the browser."""
    from gpserverless.cli.site_client import SiteClient

    client = SiteClient(url, token)
    client.describe("")
    if not webbrowser.open(client.services_url):
        typer.echo(client.services_url)


def install_missing(project: Project) -> None:
    """Install what the tools of a project need and this environment has not, and say so.

    Args:
        project: The project.
    """
    if missing := find_missing(project.requirements):
        typer.echo(f"Installing {', '.join(missing)}, as pyproject.toml says", err=True)
        install(missing)


def _replace_process(arguments: Sequence[str], path: Sequence[Path]) -> None:
    """Run a module in the place of this process, so that it gets every signal itself.

    Args:
        arguments: Of the interpreter.
        path: Folders to import from, before others.
    """
    before = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    own = [] if "site-packages" in PACKAGE.parts else [str(PACKAGE.parent)]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, path), *own, *before])}
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-P", *arguments], variables)  # noqa: S606
