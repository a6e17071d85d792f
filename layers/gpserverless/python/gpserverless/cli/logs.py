"""`gpserverless logs`: the lines of the functions, of this project's local site or of a stack."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from gpserverless.cli.table_options import Region, Stack
from gpserverless.errors import CommandError
from gpserverless.project.project import find_project

_PAUSE_SECONDS = 0.3


def add_commands(app: typer.Typer) -> None:
    """Add this command to the command line.

    Args:
        app: The command line.
    """
    app.command()(logs)


def logs(
    words: Annotated[str, typer.Option(help="Only lines with these words, such as a job's id.")] = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")
    ] = False,
    stack: Stack = "",
    region: Region = "",
    minutes: Annotated[int, typer.Option(min=1, help="How far to look back in the log of a stack.")] = 60,
    port: Annotated[
        int, typer.Option(min=0, help="Port of the site of this project; 0 for the one that began last.")
    ] = 0,
) -> None:
    """Print the log of gpserverless serve in this project, or of a stack."""
    if stack:
        lines = read_stack_lines(words, stack, region, minutes, follow=follow)
    else:
        lines = read_local_lines(words, port, follow=follow)
    for line in lines:
        typer.echo(line)


def read_stack_lines(
    words: str, stack: str, region: str, minutes: int, *, follow: bool = False
) -> Iterator[str]:
    """Yield lines of the log of a stack.

    Args:
        words: Words that a line must have; "" for all lines.
        stack: Name of the stack.
        region: Region of the stack.
        minutes: How far to look back.
        follow: Whether to wait for more.

    Raises:
        CommandError: There are no credentials.
        StorageError: There is no such stack, or AWS refuses.
    """
    from gpserverless.storage.stack_jobs import StackLog
    from gpserverless.storage.stacks import StackPlace, check_credentials

    check_credentials()
    return StackLog(StackPlace(stack=stack, region=region)).read(words, minutes, follow=follow)


def read_local_lines(words: str, port: int, *, follow: bool = False) -> Iterator[str]:
    """Yield lines of the log of a site of this project.

    Args:
        words: Words that a line must have; "" for all lines.
        port: Port of the site; 0 for the one that began last.
        follow: Whether to wait for more.

    Raises:
        CommandError: Nothing has been logged here.
    """
    state = find_project(Path.cwd()).state
    folders = [each for each in state.glob(f"{port or '[0-9]*'}/logs") if each.is_dir()]
    if not folders:
        folder = state / (str(port) if port else "")
        raise CommandError(f"there is no log in {folder}: `gpserverless serve` writes it, or name a --stack")
    last = max(folders, key=lambda each: each.stat().st_mtime)
    return (line for line in _read_local(last, follow=follow) if words in line)


def _read_local(folder: Path, *, follow: bool) -> Iterator[str]:
    """Yield the lines of all functions: those that are there function by function, then as they come."""
    offsets: dict[Path, int] = {}
    while True:
        for file in sorted(folder.glob("*.log")):
            yield from _read_new_lines(file, offsets)
        if not follow:
            return
        time.sleep(_PAUSE_SECONDS)


def _read_new_lines(file: Path, offsets: dict[Path, int]) -> Iterator[str]:
    if file.stat().st_size < offsets.get(file, 0):  # a new run has begun it anew
        offsets[file] = 0
    with file.open("rb") as log:
        log.seek(offsets.get(file, 0))
        text = log.read()
    whole = text[: text.rfind(b"\n") + 1]
    offsets[file] = offsets.get(file, 0) + len(whole)
    for line in whole.decode(errors="replace").splitlines():
        yield f"{file.stem}: {line}"
