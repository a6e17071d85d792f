"""`gpserverless users keys`: API keys of users."""

from __future__ import annotations

from typing import Annotated

import typer

from gpserverless.access.administration import Administration
from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.lifetimes import DAY_MS
from gpserverless.access.ports import AccessRows
from gpserverless.cli.output import describe_key, print_rows
from gpserverless.cli.table_options import at_table
from gpserverless.clock import SystemClock
from gpserverless.errors import InvalidValue

MOST_DAYS = 366

keys = typer.Typer(no_args_is_help=True, help="API keys: secrets of machines, which are sent like tokens.")


@keys.command()
@at_table
def add(
    rows: AccessRows,
    name: Annotated[str, typer.Argument(help="Name of the user whose rights the key has.")],
    title: Annotated[str, typer.Option(help="What it is for.")] = "",
    service: Annotated[list[str], typer.Option(help="Service that it is limited to.")] = [],  # noqa: B006
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days for which it counts.")] = 90,
) -> None:
    """Make a key. It is the only line of the standard output, and is shown this once."""
    clock = SystemClock()
    owner = Administration(rows, clock).find(name)
    now = clock.now()
    typer.echo(ApiKeys(rows).add(owner.key, title, frozenset(service), now, now + days * DAY_MS))
    typer.echo("Keep it: nobody can show it again.", err=True)


@keys.command("list")
@at_table
def list_keys(
    rows: AccessRows,
    name: Annotated[str, typer.Argument(help="Name of a user; all users if none is given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List keys, without the secrets."""
    owner = Administration(rows, SystemClock()).find(name).key if name else ""
    found = [describe_key(key) for key in ApiKeys(rows).list(owner)]
    print_rows(found, ("id", "owner", "title", "services", "expires"), as_json=as_json)


@keys.command()
@at_table
def remove(rows: AccessRows, key_id: Annotated[str, typer.Argument(help="Id of the key.")]) -> None:
    """Remove a key, which counts no more within a minute."""
    key = ApiKeys(rows).remove(key_id)
    if key is None:
        raise InvalidValue(f"there is no key '{key_id[:64]}'", "an id of the list of keys")
    typer.echo(f"Removed the key {key.id} of {key.owner}.")
