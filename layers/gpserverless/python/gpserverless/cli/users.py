"""`gpserverless users`: users, passwords, roles, groups, and the keys that sign tokens."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gpserverless.access.administration import Administration
from gpserverless.access.ports import AccessRows
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.cli.keys import keys
from gpserverless.cli.output import describe_user, format_time, print_fields, print_rows
from gpserverless.cli.prompts import ask_password
from gpserverless.cli.table_options import at_table
from gpserverless.clock import SystemClock

users = typer.Typer(no_args_is_help=True, help="Users, their roles and groups, and API keys.")
users.add_typer(keys, name="keys")


class RoleName(StrEnum):
    """The roles, each with the rights of those before it."""

    VIEWER = "viewer"
    USER = "user"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


Name = Annotated[str, typer.Argument(help="Name of the user; capitals make no difference.")]
Groups = Annotated[list[str], typer.Option(help="Name of a group; give it again for another.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@users.command()
@at_table
def add(
    rows: AccessRows,
    name: Name,
    role: Annotated[RoleName, typer.Option(help="What the user may do.")] = RoleName.USER,
    full_name: Annotated[str, typer.Option(help="Name for people.")] = "",
    email: Annotated[str, typer.Option(help="Address for mail.")] = "",
    group: Groups = [],  # noqa: B006 - typer copies it
) -> None:
    """Add a user. The password is asked for, or the first line of the standard input."""
    user = User(name, Role[role.name], full_name, email, frozenset(group))
    made = _administer(rows).add(user, ask_password())
    typer.echo(f"Added {made.name}, {made.role.name.lower()}.")


@users.command("list")
@at_table
def list_users(rows: AccessRows, as_json: Json = False) -> None:
    """List all users."""
    found = [describe_user(user) for user in _administer(rows).users.list()]
    print_rows(found, ("name", "role", "groups", "full_name", "disabled"), as_json=as_json)


@users.command()
@at_table
def show(rows: AccessRows, name: Name, as_json: Json = False) -> None:
    """Show one user."""
    print_fields(describe_user(_administer(rows).find(name)), as_json=as_json)


@users.command()
@at_table
def disable(rows: AccessRows, name: Name) -> None:
    """Keep a user out. Within a minute no token or key of the user counts any more."""
    typer.echo(f"Disabled {_administer(rows).disable(name).name}.")


@users.command()
@at_table
def enable(rows: AccessRows, name: Name) -> None:
    """Let a user in again, who has to sign in anew."""
    typer.echo(f"Enabled {_administer(rows).enable(name).name}.")


@users.command()
@at_table
def password(rows: AccessRows, name: Name) -> None:
    """Set a password, which is asked for. Within a minute no token of the user counts any more."""
    administration = _administer(rows)
    user = administration.find(name)
    administration.set_password(user.key, ask_password())
    typer.echo(f"Set the password of {user.name}.")


@users.command()
@at_table
def role(rows: AccessRows, name: Name, role: RoleName) -> None:
    """Give a user another role. A lower one counts within a minute, a higher one from the next sign-in."""
    user = _administer(rows).change(name, {"role": Role[role.name]})
    typer.echo(f"{user.name} is {user.role.name.lower()} now.")


@users.command()
@at_table
def group(
    rows: AccessRows,
    name: Name,
    add: Groups = [],  # noqa: B006
    remove: Groups = [],  # noqa: B006
) -> None:
    """Put a user into groups, and take a user out of groups. It counts within a minute."""
    administration = _administer(rows)
    groups = administration.find(name).groups - frozenset(remove) | frozenset(add)
    user = administration.change(name, {"groups": groups})
    typer.echo(f"{user.name} is in {', '.join(sorted(user.groups)) or 'no group'}.")


@users.command()
@at_table
def rotate(
    rows: AccessRows,
    revoke: Annotated[bool, typer.Option(help="End all tokens now: everybody signs in again.")] = False,
) -> None:
    """Take another key to sign tokens with. The old one verifies until its last token has ended."""
    key = SigningKeys(rows, SystemClock()).rotate(revoke=revoke)
    typer.echo(f"Key {key.id} signs from {format_time(key.signs_from)} on.")


def _administer(rows: AccessRows) -> Administration:
    return Administration(rows, SystemClock())
