"""`gpserverless init`, `new` and `upgrade`: a project, a tool in it, another version of the package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import gpserverless
from gpserverless.cli.output import print_paths
from gpserverless.errors import CommandError
from gpserverless.project.new import make_project, make_tool
from gpserverless.project.project import find_project
from gpserverless.project.registry import Availability, ask_registry
from gpserverless.project.upgrade import upgrade_project

new = typer.Typer(no_args_is_help=True, help="Make something new in this project.")


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the command line.

    Args:
        app: The command line.
    """
    app.command()(init)
    app.add_typer(new, name="new")
    app.command()(upgrade)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is the project's.")],
    registry: Annotated[bool, typer.Option(help="Ask the package registry whether the name is free.")] = True,
) -> None:
    """Make a project: a toolbox with a tool, a test, and all that serves and deploys it."""
    folder = folder.absolute()
    if registry:
        _check_registry(folder.name)
    print_paths(make_project(folder, gpserverless.__version__))
    typer.echo(f"\nNext: cd {_quote(folder)} && uv run gpserverless serve", err=True)


@new.command("tool")
def new_tool(
    name: Annotated[str, typer.Argument(help="The toolbox and the tool, such as rivers/near_coast.")],
) -> None:
    """Make a tool, with a test of it."""
    toolbox, _, tool = name.rpartition("/")
    if not toolbox:
        raise CommandError(f"'{name}' names no toolbox: write it as toolbox/tool")
    print_paths(make_tool(find_project(Path.cwd()), toolbox, tool))


def upgrade(
    to: Annotated[str, typer.Option(metavar="VERSION", help="The version, if not the newest.")] = "",
) -> None:
    """Install another version of gpserverless, and write it into pyproject.toml."""
    before, after = upgrade_project(find_project(Path.cwd()), to)
    typer.echo(f"gpserverless {after}" + (", as before" if before == after else f", before {before}"))


def _check_registry(name: str) -> None:
    match ask_registry(name):
        case Availability.TAKEN:
            raise CommandError(
                f"the package registry has a package '{name}' already, and installers would mix the two up;"
                " choose another name, or add --no-registry"
            )
        case Availability.UNKNOWN:
            typer.echo("The package registry does not say whether the name is free.", err=True)


def _quote(folder: Path) -> str:
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    return f"'{shown}'" if " " in str(shown) else str(shown)
