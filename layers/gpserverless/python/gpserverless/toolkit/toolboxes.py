"""Discovery of toolboxes: a folder is a service, a file is a task.

toolboxes/samples/__init__.py          service Samples: `service = Service(…)`, docstring = description
toolboxes/samples/buffer_points.py     task BufferPoints: one `@tool`
toolboxes/conformance/sync/…           service Conformance/Sync: a package without `service` is a GP folder
toolboxes/analysis_sync/__init__.py    `Service(tools_of="toolboxes.analysis")`: its tools again
toolboxes/analysis/_overlay.py         no task: names with an underscore in front are the author's own
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from gpserverless.errors import AuthoringError
from gpserverless.toolkit import names
from gpserverless.toolkit.access import check_access
from gpserverless.toolkit.docstring import read_summary
from gpserverless.toolkit.hosted import declare_service_name
from gpserverless.toolkit.service import Service
from gpserverless.toolkit.spec import ServiceSpec, WorkerName
from gpserverless.toolkit.tool import Tool

PACKAGE = "toolboxes"
"""The package of the toolboxes of this repository, or of a project."""

ENTRY_POINTS = "gpserverless.toolboxes"
"""Group of the entry points by which installed packages bring more; the value is a package of toolboxes."""


@dataclass(frozen=True)
class Toolbox:
    """A service and the tools behind its tasks."""

    #: The service.
    spec: ServiceSpec
    #: The tools by the name of their task.
    tools: dict[str, Tool[..., Any]]


def discover(
    package: str = PACKAGE, worker: WorkerName | None = None, switched_on: Iterable[str] | None = None
) -> tuple[Toolbox, ...]:
    """Return the toolboxes below a package, in order of their names.

    Args:
        package: Name of the package; with `PACKAGE` come those of all plug-ins.
        worker: The worker whose toolboxes are wanted, None for all. Tools of other workers are not imported:
            their packages may not be installed here.
        switched_on: Names of the settings that are on, None for all. Toolboxes that are published by another
            setting are left out.

    Raises:
        AuthoringError: A toolbox is written wrongly; the text says how to correct it.
    """
    found: dict[str, Toolbox] = {}
    packages: dict[str, str] = {}
    on = None if switched_on is None else {"", *switched_on}

    def is_wanted(service: Service) -> bool:
        return worker in (None, service.worker) and (on is None or service.published_when in on)

    for each in (package, *(_list_plug_ins() if package == PACKAGE else ())):
        for toolbox in _find_toolboxes(importlib.import_module(each), "", is_wanted):
            _check_clash(toolbox.spec.name, each, packages)
            found[toolbox.spec.name.lower()] = toolbox
            packages[toolbox.spec.name.lower()] = each
    return tuple(found[name] for name in sorted(found))


def _list_plug_ins() -> list[str]:
    """List the packages of toolboxes that installed packages bring by an entry point."""
    from importlib import metadata  # many modules, which only functions with tools need

    found = {point.value for point in metadata.entry_points(group=ENTRY_POINTS)}
    return sorted(found - {PACKAGE})


def _check_clash(name: str, package: str, found: Mapping[str, str]) -> None:
    """Raise if a service has the name of another, or its files the folder of another's.

    Args:
        name: Name of the service.
        package: The package that it is in.
        found: The packages of the services before, by their names in small letters.
    """
    other_package = found.get(name.lower())
    if other_package == package:
        raise AuthoringError(f"two services are named '{name}'; rename one of the folders")
    if other_package is not None:
        raise AuthoringError(
            f"two services are named '{name}': one of the package '{other_package}', one of '{package}';"
            " rename one of the folders, or remove one of the packages"
        )
    folders = {other.replace("/", "_"): other for other in found}
    clash = folders.get(name.lower().replace("/", "_"))
    if clash:
        raise AuthoringError(
            f"two services would share a folder of files: '{name}' and '{clash}'; rename one of them"
        )


def _find_toolboxes(
    package: ModuleType, folder: str, is_wanted: Callable[[Service], bool]
) -> Iterator[Toolbox]:
    for module in _import_modules(package):
        if not hasattr(module, "__path__"):
            raise AuthoringError(f"{module.__file__}: a task lies in a folder; move it into a toolbox")
        service = getattr(module, "service", None)
        if isinstance(service, Service):
            if is_wanted(service):
                yield _read_toolbox(module, service, folder)
        elif service is None and not folder:
            yield from _find_toolboxes(module, _make_segment(module) + "/", is_wanted)
        else:
            hint = "`service = Service(…)`" if folder else "a Service"
            raise AuthoringError(f"{module.__file__}: `service` must be {hint}; folders are one level deep")


def _read_toolbox(module: ModuleType, service: Service, folder: str) -> Toolbox:
    name = folder + (service.name or _make_segment(module))
    try:
        names.check_segment(name.rpartition("/")[2], "service")
        description = read_summary(module.__doc__)
        names.check_text(description, "the docstring")
        service.check_worker()
        service.check_webhook()
        service.check_hosted()
        limits, access = service.limits(), check_access(service.access)
    except AuthoringError as error:
        raise AuthoringError(f"{module.__file__}: {error}") from None
    tools = _read_tools(module, name, service.tools_of)
    tasks = tuple(declare_service_name(t.spec) if service.hosted else t.spec for t in tools.values())
    spec = ServiceSpec(
        name,
        description,
        service.execution,
        limits,
        tasks,
        service.published_when,
        service.worker,
        service.uploads,
        service.webhook,
        access,
    )
    return Toolbox(spec, tools)


def _read_tools(module: ModuleType, service: str, tools_of: str) -> dict[str, Tool[..., Any]]:
    """Return the tools of a toolbox, and those of its twin, by the name of their task."""
    tools: dict[str, Tool[..., Any]] = {}
    for task in (*_import_modules(module), *_import_twin(module, tools_of)):
        tool = _find_tool(task)
        clash = next((t for t in tools if t.lower() == tool.spec.name.lower()), None)
        if clash:
            raise AuthoringError(
                f"{task.__file__}: service '{service}' has two tasks named '{clash}'; rename one"
            )
        tools[tool.spec.name] = tool
    if not tools:
        raise AuthoringError(
            f"{module.__file__}: the toolbox has no tool; add a file with a function under @tool"
        )
    return tools


def _import_twin(module: ModuleType, tools_of: str) -> Iterator[ModuleType]:
    if not tools_of:
        return
    try:
        twin = importlib.import_module(tools_of)
    except ModuleNotFoundError as error:
        raise AuthoringError(f"{module.__file__}: tools_of names no package: {error}") from None
    yield from _import_modules(twin)


def _make_segment(module: ModuleType) -> str:
    return names.camel_case(module.__name__.rpartition(".")[2])


def _find_tool(module: ModuleType) -> Tool[..., Any]:
    own = [v for v in vars(module).values() if isinstance(v, Tool)]
    if len(own) != 1:
        count = "no tool" if not own else f"{len(own)} tools"
        raise AuthoringError(
            f"{module.__file__}: it holds {count}; one file is one task (an underscore hides a file)"
        )
    return own[0]


def _import_modules(package: ModuleType) -> Iterator[ModuleType]:
    _check_folders(package)
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package.__name__}.{info.name}")


def _check_folders(package: ModuleType) -> None:
    """Raise if a folder looks like a toolbox, and Python does not take it for a package."""
    for root in package.__path__:
        for folder in sorted(Path(root).iterdir()):
            if folder.name.startswith(("_", ".")) or not folder.is_dir():
                continue
            if not (folder / "__init__.py").exists() and next(folder.glob("*.py"), None):
                raise AuthoringError(
                    f"{folder}: it has Python files but no __init__.py, so none is a task; add one with"
                    ' `service = Service(execution="sync")`, or put an underscore before the folder\'s name'
                )
