"""The reference of the shipped tools, made of their specs and of one run of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from dev.pictures.draw import draw_pictures, path_of, read_title
from dev.pictures.scenes import SAME
from dev.reference.sample_runs import list_output_fields
from gpserverless.toolkit.hosted import declare_service_name
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec
from gpserverless.toolkit.toolboxes import discover

_NOTE = (
    "Made by `make reference` of the tools' signatures and docstrings; a test compares. "
    "[How to call a tool](../../how-to/call-from-clients.md), [every form of a value](../data-types.md)."
)


def list_services() -> list[ServiceSpec]:
    """Return the specs of the services that are published without a setting."""
    return [toolbox.spec for toolbox in discover() if not toolbox.spec.published_when]


def list_service_writers() -> dict[str, Callable[[], str]]:
    """Return the function that writes the page of each service, by the name of its file without extension."""
    pages = {service.name.lower(): partial(_write_service_page, service) for service in list_services()}
    return {"README": _write_index, **pages}


def _write_index() -> str:
    lines = (
        f"- [{service.name}]({service.name.lower()}.md): {', '.join(task.name for task in service.tasks)}"
        for service in list_services()
    )
    return "\n\n".join(["# Shipped tools", _NOTE, "\n".join(lines)]) + "\n"


def _write_service_page(service: ServiceSpec) -> str:
    return "\n\n".join(_write_service(service)) + "\n"


def _write_service(service: ServiceSpec) -> Iterator[str]:
    operation = "execute" if service.execution == "sync" else "submitJob"
    limits = service.limits
    yield f"# {service.name}"
    yield service.description
    yield (
        f"Tasks answer `{operation}`. A run lasts {limits.seconds:g} s at most. "
        f"An input has {limits.max_features:,} features or rows at most, and {limits.max_vertices:,} "
        f"vertices, an output {limits.max_records:,} features or rows."
    )
    yield _NOTE
    twin = find_twin(service)
    if twin is not None:
        yield f"Its tasks are those of [{twin.name}]({twin.name.lower()}.md)."
        return
    for task in service.tasks:
        yield from _write_task(service, task)


def find_twin(service: ServiceSpec) -> ServiceSpec | None:
    """Return the service of jobs with the same tasks, which may keep results; None if there is none.

    Args:
        service: A service of the catalogue.
    """
    if service.execution != "sync":
        return None
    tasks = service.tasks, tuple(map(declare_service_name, service.tasks))
    jobs = (each for each in list_services() if each.execution == "async")
    return next((each for each in jobs if each.tasks in tasks), None)


def _write_task(service: ServiceSpec, task: TaskSpec) -> Iterator[str]:
    yield f"## {task.name}"
    yield task.description
    yield from _write_picture(f"{service.name}/{task.name}")
    yield _write_table(
        ("parameter", "type", "required", "default", "accepted", "meaning"),
        (_write_input(parameter) for parameter in task.inputs),
    )
    yield _write_table(
        ("output", "type", "meaning"),
        ((f"`{o.name}`", f"`{o.data_type.name}`", o.description or o.title) for o in task.outputs),
    )
    for output, fields in list_output_fields(service.name, task.name).items():
        listed = ", ".join(f"`{field.name}` ({field.type.removeprefix('esriFieldType')})" for field in fields)
        yield f"Fields that `{output}` has beside those of the input: {listed or 'none'}."


def _write_picture(task: str) -> Iterator[str]:
    path = path_of(SAME.get(task, task))
    if path in draw_pictures():
        yield f"![{read_title(draw_pictures()[path])}](../../../{path})"


def _write_input(parameter: Parameter) -> tuple[str, ...]:
    default = "" if parameter.default is None else f"`{_write_default(parameter)}`"
    return (
        f"`{parameter.name}`",
        f"`{parameter.data_type.name}`",
        "yes" if parameter.required else "no",
        default,
        parameter.data_type.accepted,
        parameter.description,
    )


def _write_default(parameter: Parameter) -> str:
    value = parameter.default
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    written = [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    ]
    return "\n".join([written[0], "|" + "---|" * len(lines[0]), *written[1:]])
