"""The options that say which table a command is about."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from gpserverless.access.ports import AccessRows
from gpserverless.errors import SettingsError

Stack = Annotated[str, typer.Option(envvar="GPSERVERLESS_STACK", help="Name of the deployed stack.")]
Table = Annotated[str, typer.Option(envvar="ACCESS_TABLE", help="Name of its table of users instead.")]
Url = Annotated[str, typer.Option(envvar="AWS_ENDPOINT_URL", help="URL of another AWS: that of make run.")]
Region = Annotated[str, typer.Option(help="Region of the stack, if the environment has another.")]

_OPTIONS: dict[str, Any] = {"stack": Stack, "table": Table, "url": Url, "region": Region}


def at_table(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that works on the rows of access the options of their table.

    Args:
        command: Its first argument are the rows, the others are of typer.
    """

    @wraps(command)
    def run(**given: Any) -> None:
        place = {name: given.pop(name) for name in _OPTIONS}
        command(open_rows(**place), **given)

    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    run.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*own, *options)}
    return run


def open_rows(*, stack: str, table: str, url: str, region: str) -> AccessRows:
    """Open the table that the options name.

    Args:
        stack: Name of a stack, or "".
        table: Name of a table, or "".
        url: URL of another AWS, or "".
        region: Region, or "" for that of the environment.

    Raises:
        SettingsError: No option says which.
        StorageError: There is none, or AWS refuses.
    """
    from gpserverless.storage.stacks import StackPlace, open_access_rows

    if not (stack or table or url):
        raise SettingsError("Say which site: --stack NAME, or --url URL for that of make run.")
    return open_access_rows(StackPlace(stack, table, url, region))
