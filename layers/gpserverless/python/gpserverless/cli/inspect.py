"""`gpserverless list` and `describe`: the tasks of a project, or of a site."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from gpserverless.cli.output import print_fields, print_rows
from gpserverless.cli.site_client import Describing, SiteClient
from gpserverless.cli.site_options import AsJson, Token, Url
from gpserverless.errors import CommandError
from gpserverless.items.names import FOLDER

_SYNC = "esriExecutionTypeSynchronous"


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the command line.

    Args:
        app: The command line.
    """
    app.command("list")(list_tasks)
    app.command()(describe)


def list_tasks(url: Url = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the tasks of this project, or of a site."""
    site = open_site(url, token)
    described = {service: site.describe(f"{service}/GPServer") for service in list_services(site)}
    rows = [
        {
            "task": f"{service}/{task}",
            "execution": _name_execution(found),
            "service": found["serviceDescription"],
        }
        for service, found in described.items()
        for task in found["tasks"]
    ]
    print_rows(rows, ("task", "execution", "service"), as_json=as_json)


def describe(
    task: Annotated[str, typer.Argument(help="A task of the list; its service may be left out.")],
    url: Url = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Describe a task and its parameters."""
    site = open_site(url, token)
    found = describe_task(site, find_task(site, task))
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    shown = {"task": found["name"], "description": found["description"], "execution": _name_execution(found)}
    print_fields(shown, as_json=False)
    typer.echo("")
    rows = [_describe_parameter(each) for each in found["parameters"]]
    print_rows(rows, ("parameter", "type", "need", "default", "description"), as_json=False)


def open_site(url: str, token: str) -> Describing:
    """Open the site at a URL, or the project of the current folder.

    Args:
        url: The URL; "" for the project.
        token: Token or API key.
    """
    if url:
        return SiteClient(url, token)
    from gpserverless.cli.local_site import LocalSite

    return LocalSite()


def list_services(site: Describing) -> Iterator[str]:
    """Yield the qualified names of all services.

    Args:
        site: The site.
    """
    root = site.describe("")
    yield from (each["name"] for each in root["services"] if each["type"] == "GPServer")
    for folder in (name for name in root["folders"] if name != FOLDER):  # that one holds no tasks
        inside = site.describe(folder)["services"]
        yield from (each["name"] for each in inside if each["type"] == "GPServer")


def find_task(site: Describing, wanted: str) -> str:
    """Find a task by its name in any letter case, with or without its service.

    Args:
        site: The site.
        wanted: Such as "Samples/BufferPoints", or "buffer_points".

    Returns:
        Service and task, such as "Samples/BufferPoints".

    Raises:
        CommandError: There is none, or there are several.
    """
    known = [
        f"{service}/{task}"
        for service in list_services(site)
        for task in site.describe(f"{service}/GPServer")["tasks"]
    ]
    key = _fold(wanted)
    found = [name for name in known if _fold(name) == key or _fold(name).endswith(f"/{key}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"'{wanted}' may be {' or '.join(found)}; name the service too")
    raise CommandError(f"there is no task '{wanted}'; there are {', '.join(known) or 'none'}")


def describe_task(site: Describing, task: str) -> dict[str, Any]:
    """Return the description of a task.

    Args:
        site: The site.
        task: Service and task, as `find_task` returns them.
    """
    service, _, name = task.rpartition("/")
    return site.describe(f"{service}/GPServer/{name}")


def is_input(parameter: Mapping[str, Any]) -> bool:
    """Return whether a parameter is an input.

    Args:
        parameter: Its description.
    """
    return bool(parameter["direction"] == "esriGPParameterDirectionInput")


def is_required(parameter: Mapping[str, Any]) -> bool:
    """Return whether an input must be given.

    Args:
        parameter: Its description.
    """
    return bool(parameter["parameterType"] == "esriGPParameterTypeRequired")


def is_synchronous(described: Mapping[str, Any]) -> bool:
    """Return whether a task answers at once.

    Args:
        described: Its description.
    """
    return bool(described["executionType"] == _SYNC)


def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").strip("/")


def _name_execution(described: Mapping[str, Any]) -> str:
    return "sync" if is_synchronous(described) else "async"


def _describe_parameter(parameter: Mapping[str, Any]) -> dict[str, str]:
    need = ("required" if is_required(parameter) else "optional") if is_input(parameter) else "output"
    return {
        "parameter": parameter["name"],
        "type": parameter["dataType"],
        "need": need,
        "default": show_default(parameter),
        "description": parameter["description"],
    }


def show_default(parameter: Mapping[str, Any]) -> str:
    """Return the default of an input as it would be given, "" for none.

    Args:
        parameter: Its description.
    """
    value = parameter["defaultValue"]
    if not is_input(parameter) or value in (None, "", [], {}) or is_required(parameter):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
