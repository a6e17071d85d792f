"""The output of commands: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from gpserverless.access.api_keys import ApiKey
from gpserverless.access.user import User

_WIDTH = 10_000
"""Columns of a file or a pipe, where nothing is cut."""


def describe_user(user: User) -> dict[str, Any]:
    """Return the members of a user that are shown.

    Args:
        user: The user.
    """
    return {
        "name": user.name,
        "role": user.role.name.lower(),
        "groups": sorted(user.groups),
        "full_name": user.full_name,
        "email": user.email,
        "disabled": user.disabled,
        "created": format_time(user.created),
    }


def describe_key(key: ApiKey) -> dict[str, Any]:
    """Return the members of an API key that are shown.

    Args:
        key: The key.
    """
    return {
        "id": key.id,
        "owner": key.owner,
        "title": key.title,
        "services": sorted(key.services),
        "expires": format_time(key.expires),
    }


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a table, or as JSON.

    Args:
        rows: The rows.
        columns: Names of the columns of the table.
        as_json: Whether to print JSON, with all that there is.
    """
    if as_json:
        typer.echo(json.dumps(list(rows), indent=2, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0)  # an id, which must be whole
    for row in rows:
        table.add_row(*(_write(row[column]) for column in columns))
    console = Console(soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table)


def print_fields(row: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one row, a line for each field, or as JSON.

    Args:
        row: The row.
        as_json: Whether to print JSON.
    """
    if as_json:
        typer.echo(json.dumps(row, indent=2, ensure_ascii=False))
        return
    width = max(map(len, row))
    for name, value in row.items():
        typer.echo(f"{name:<{width}}  {_write(value)}")


def print_paths(paths: Iterable[Path]) -> None:
    """Print paths as they are seen from here, one a line.

    Args:
        paths: The paths.
    """
    here = Path.cwd()
    for path in paths:
        typer.echo(str(path.relative_to(here) if path.is_relative_to(here) else path))


def format_time(milliseconds: int) -> str:
    """Return a time for people, "" for none.

    Args:
        milliseconds: Time in ms since 1970 UTC.
    """
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _write(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
