"""`gpserverless`: the command, and its subcommands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import gpserverless
from gpserverless.cli import building, inspect, jobs, logs, making, run, serve, users
from gpserverless.errors import CommandError, GPServerlessError, InvalidValue

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
making.add_commands(app)
serve.add_commands(app)
inspect.add_commands(app)
run.add_commands(app)
building.add_commands(app)
logs.add_commands(app)
app.add_typer(jobs.jobs, name="jobs")
app.add_typer(users.users, name="users")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(gpserverless.__version__)
        raise typer.Exit


@app.callback()
def describe(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Make, try out, deploy and administer geoprocessing services."""


def main() -> None:
    """Run the command line. An error is one line; the status is 2 if the command asks for the impossible."""
    try:
        app()
    except CommandError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(2)
    except GPServerlessError as error:
        sys.exit(f"Error: {error}{_tell_accepted(error)}")


def _tell_accepted(error: GPServerlessError) -> str:
    return f" (accepted: {error.accepted})" if isinstance(error, InvalidValue) and error.accepted else ""
