"""`gpserverless build` and `deploy`: a project on its way to AWS."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gpserverless.cli.output import print_rows
from gpserverless.project.build import BuildOrder
from gpserverless.project.build import build as build_project
from gpserverless.project.build import deploy as deploy_project
from gpserverless.project.built import LIMIT
from gpserverless.project.project import find_project
from gpserverless.project.requirements import check_extra

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


class Processor(StrEnum):
    """The processors of Lambda."""

    ARM64 = "arm64"
    X86_64 = "x86_64"


Architecture = Annotated[Processor, typer.Option(envvar="ARCHITECTURE", help="Processor of the functions.")]
Folder = Annotated[Path | None, typer.Option("--build-dir", help="Where the build goes.")]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the command line.

    Args:
        app: The command line.
    """
    app.command(context_settings=PASS_ON)(build)
    app.command(context_settings=PASS_ON)(deploy)


def build(
    context: typer.Context,
    architecture: Architecture = Processor.ARM64,
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Build everything that is deployed, and import every function as Lambda would.

    Needs python3.13, the version of the functions. Other options go to `sam build`.
    """
    project = find_project(Path.cwd())
    check_extra("deploy", "build")
    functions = build_project(BuildOrder(project, architecture, folder, context.args), _tell)
    rows = [{"function": each.name, "bytes": each.bytes, "limit": LIMIT} for each in functions]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        print_rows(
            [{**row, "bytes": f"{row['bytes']:,}", "limit": f"{row['limit']:,}"} for row in rows],
            ("function", "bytes", "limit"),
            as_json=False,
        )


def deploy(
    context: typer.Context,
    architecture: Architecture = Processor.ARM64,
    folder: Folder = None,
    build_first: Annotated[bool, typer.Option("--build/--no-build", help="Build before.")] = True,
) -> None:
    """Deploy the project onto AWS as samconfig.toml says. Other options go to `sam deploy`."""
    from gpserverless.storage.stacks import check_credentials

    project = find_project(Path.cwd())
    check_extra("deploy", "deploy")
    check_credentials()
    order = BuildOrder(project, architecture, folder, context.args)
    if build_first:
        build_project(BuildOrder(project, architecture, folder), _tell)
    deploy_project(order)


def _tell(line: str) -> None:
    typer.echo(line, err=True)
