"""Descriptions: server info, catalogue, service and task as the protocol writes them."""

from __future__ import annotations

from typing import cast

from gpserverless.http.arcgis_version import FULL_VERSION, VERSION
from gpserverless.items.names import FOLDER
from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.urls import SOAP, TOKENS, help_url, schema_url
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

_DIRECTION: dict[str, shapes.Direction] = {
    "input": "esriGPParameterDirectionInput",
    "output": "esriGPParameterDirectionOutput",
}
_EXECUTION: dict[str, shapes.ExecutionType] = {
    "sync": "esriExecutionTypeSynchronous",
    "async": "esriExecutionTypeAsynchronous",
}


def info(root: str) -> shapes.Info:
    """Return the server info; clients read its `authInfo` before anything else.

    The site is its own portal, and gives out tokens as a server: some clients of servers take an address with
    "/sharing/" for that of another portal, and clients of portals come by `owningSystemUrl`.

    Args:
        root: Public URL of the site.
    """
    return {
        "currentVersion": VERSION,
        "fullVersion": FULL_VERSION,
        "soapUrl": f"{root}{SOAP}",
        "owningSystemUrl": root,
        "authInfo": {
            "isTokenBasedSecurity": True,
            "tokenServicesUrl": f"{root}{TOKENS}",
        },
    }


def health() -> shapes.Success:
    """Return the health check: a function has answered."""
    return {"success": True}


def catalogue(published: Catalogue, folder: str) -> shapes.Catalogue:
    """Return the list of folders and services in a folder; "" is the root.

    Args:
        published: The services of the catalogue.
        folder: Name of the folder; "" is the root.

    Raises:
        NotFound: There is no such folder.
    """
    services: list[shapes.CatalogueEntry] = [
        {"name": s.name, "type": "GPServer"} for s in published.list_services(folder)
    ]
    return {
        "currentVersion": VERSION,
        "folders": [] if folder else _list_folders(published),
        "services": services,
    }


def _list_folders(published: Catalogue) -> list[str]:
    """Return the folders of a catalogue, and that of hosted services if a task can make one."""
    tasks = (task for service in published.services.values() for task in service.tasks)
    is_hosted = any(each.name == SERVICE_NAME for task in tasks for each in task.inputs)
    return list(dict.fromkeys((*published.folders, *((FOLDER,) if is_hosted else ()))))


def service(spec: ServiceSpec, root: str) -> shapes.Service:
    """Return the service resource.

    `resultMapServerName` must be there and empty: else the ArcGIS API for Python looks for maps.

    Args:
        spec: The service.
        root: Public URL of the site.
    """
    return {
        "currentVersion": VERSION,
        "cimVersion": "3.5.0",
        "serviceDescription": spec.description,
        "tasks": [t.name for t in spec.tasks],
        "executionType": _EXECUTION[spec.execution],
        "resultMapServerName": "",
        "maximumRecords": spec.limits.max_records,
        "capabilities": "Uploads" if spec.uploads else "",
        "schema": {"json-schema": {"url": schema_url(root, spec.name)}},
    }


def task(spec: ServiceSpec, task_spec: TaskSpec, root: str) -> shapes.Task:
    """Return the task resource.

    Args:
        spec: The service.
        task_spec: The task.
        root: Public URL of the site.
    """
    return {
        "name": task_spec.name,
        "displayName": task_spec.title,
        "description": task_spec.description,
        "category": "",
        "helpUrl": help_url(root, spec.name, task_spec.name),
        "executionType": _EXECUTION[spec.execution],
        "parameters": [parameter(p) for p in task_spec.parameters],
    }


def parameter(spec: Parameter) -> shapes.Parameter:
    """Return a parameter's description; every key is one that some client fails without.

    Args:
        spec: The spec of the parameter.
    """
    default = spec.data_type.empty if spec.default is None else spec.default
    if spec.default is None and spec.data_type.name.startswith(("GPMultiValue", "GPValueTable")):
        default = None
    described: shapes.Parameter = {
        "name": spec.name,
        "dataType": spec.data_type.name,
        "displayName": spec.title,
        "description": spec.description,
        "direction": _DIRECTION[spec.direction],
        "defaultValue": default,
        "parameterType": _parameter_type(spec),
        "category": spec.category,
    }
    if spec.dependency:
        described["dependency"] = spec.dependency
    described.update(cast("shapes.Parameter", spec.data_type.describe()))
    return described


def _parameter_type(spec: Parameter) -> shapes.ParameterType:
    if spec.direction == "output":
        return "esriGPParameterTypeDerived"
    return "esriGPParameterTypeRequired" if spec.required else "esriGPParameterTypeOptional"
