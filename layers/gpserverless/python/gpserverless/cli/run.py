"""`gpserverless run`: a task with options made from its parameters, in this process or at a site."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated, Any

import typer

from gpserverless.cli.inspect import describe_task, find_task, is_input, is_required, open_site, show_default
from gpserverless.cli.run_inputs import read_inputs
from gpserverless.cli.run_map import check_picture, write_picture
from gpserverless.cli.run_outputs import RunOutput, check_targets, print_outputs, write_outputs
from gpserverless.cli.run_places import Place, RemotePlace, TaskCall
from gpserverless.cli.site_client import SiteClient
from gpserverless.cli.site_options import AsJson, Token, Url
from gpserverless.errors import CommandError

OWN_OPTIONS = frozenset({"out", "map", "url", "token", "json", "help"})
"""Options of the command itself; a parameter of such a name has the option --parameter-NAME."""

_MULTIPLE = "GPMultiValue:"

Out = Annotated[
    list[str],
    typer.Option(
        metavar="FILE",
        help="File for the output; NAME=FILE if there are several. A .json file holds Esri JSON.",
    ),
]

MAP = typer.Option(
    "--map", metavar="FILE.svg", help="File for a picture of the features that go in and come out."
)


def add_commands(app: typer.Typer) -> None:
    """Add this command to the command line.

    Args:
        app: The command line.
    """
    settings = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(context_settings=settings, add_help_option=False)(run)


def run(
    context: typer.Context,
    task: Annotated[str, typer.Argument(help="The task, such as Samples/BufferPoints.")] = "",
    out: Out = [],  # noqa: B006 - typer copies it
    picture: Annotated[Path | None, MAP] = None,
    url: Url = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Run a task of this project, or of a site. TASK --help shows the options of its parameters."""
    if task in ("", "--help"):
        typer.echo(context.get_help())
        raise typer.Exit(0 if task else 2)
    site = open_site(url, token)
    name = find_task(site, task)
    described = describe_task(site, name)
    texts = parse_options(name, described, context.args)
    targets = check_targets(described, out)
    check_picture(picture)
    place: Place
    if isinstance(site, SiteClient):
        place = RemotePlace(site)
    else:
        from gpserverless.cli.run_local import LocalPlace

        place = LocalPlace(site)
    service, _, task_name = name.rpartition("/")
    values = read_inputs(described, texts, place, service)
    outputs = place.run(TaskCall(service, task_name, described, values))
    if picture is not None:
        write_picture(picture, name, values, outputs)
    _finish(outputs, targets, place, as_json=as_json)


def _finish(outputs: list[RunOutput], targets: dict[str, Path], place: Place, *, as_json: bool) -> None:
    write_outputs(outputs, targets, place)
    print_outputs(outputs, targets, as_json=as_json)


def parse_options(name: str, described: dict[str, Any], arguments: list[str]) -> dict[str, Any]:
    """Parse the options of a task's parameters, and show its help if that is asked for.

    Args:
        name: Service and task.
        described: The description of the task.
        arguments: The words of the command line that are not of `run` itself.

    Returns:
        The given values, by the parameter's name: a text, or a list of texts.
    """
    given: dict[str, Any] = {}

    def command(**values: Any) -> None:
        given.update(values)

    inputs = [each for each in described["parameters"] if is_input(each)]
    python_names = {f"parameter_{number}": each["name"] for number, each in enumerate(inputs)}
    options = [_make_option(python, each) for python, each in zip(python_names, inputs, strict=True)]
    command.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in options}
    more = "--out FILE, --map FILE.svg, --url URL, --token TOKEN, --json"
    command.__doc__ = f"{described['description']}\n\nMore options: {more}."
    parser = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    parser.command()(command)
    parser(args=arguments, prog_name=f"gpserverless run {name}", standalone_mode=False)
    if "--help" in arguments and not given:
        raise typer.Exit
    return {python_names[python]: value for python, value in given.items() if value not in (None, [])}


def _make_option(python: str, parameter: dict[str, Any]) -> inspect.Parameter:
    name = parameter["name"]
    own = name.lower().replace("_", "-") in OWN_OPTIONS
    spelled = [f"--parameter-{name}"] if own else [f"--{name}"]
    if not own and "_" in name:
        spelled.append(f"--{name.replace('_', '-')}")
    multiple = parameter["dataType"].startswith(_MULTIPLE)
    needed = is_required(parameter)
    text = [parameter["description"] or parameter["displayName"]]
    if choices := parameter.get("choiceList"):
        text.append(f"One of {', '.join(map(str, choices))}.")
    if default := show_default(parameter):
        text.append(f"[default: {default}]")
    option = typer.Option(
        *spelled,
        help=" ".join(text),
        metavar=parameter["dataType"].removeprefix(_MULTIPLE),
        show_default=False,
    )
    kind: Any = list[str] if multiple else str
    return inspect.Parameter(
        python,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if needed else None,
        annotation=Annotated[kind if needed else kind | None, option],
    )


def refuse_option(option: str, problem: str) -> CommandError:
    """Return the error of a wrong value of an option.

    Args:
        option: Name of the parameter.
        problem: The problem as a clause.
    """
    return CommandError(f"--{option}: {problem}")
