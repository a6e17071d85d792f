"""Descriptions: server info, catalogue, service and task as the protocol writes them."""

from __future__ import annotations

from typing import Any

from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

VERSION = 11.5
"""The ArcGIS Server version whose protocol is spoken: `currentVersion` is a number on the wire."""

_EXECUTION = {"sync": "esriExecutionTypeSynchronous", "async": "esriExecutionTypeAsynchronous"}


def info() -> dict[str, Any]:
    """Return the server info; its `authInfo` is what clients look for before anything else."""
    return {"currentVersion": VERSION, "fullVersion": "11.5.0", "authInfo": {"isTokenBasedSecurity": False}}


def catalogue(published: Catalogue, folder: str) -> dict[str, Any]:
    """Return the list of folders and services in a folder; "" is the root.

    Raises:
        NotFound: There is no such folder.
    """
    services = [{"name": s.name, "type": "GPServer"} for s in published.inside(folder)]
    return {
        "currentVersion": VERSION,
        "folders": [] if folder else list(published.folders),
        "services": services,
    }


def service(spec: ServiceSpec) -> dict[str, Any]:
    """Return the service resource.

    `resultMapServerName` must be there and empty: else the ArcGIS API for Python looks for maps.
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
    }


def task(spec: ServiceSpec, task_spec: TaskSpec, root: str) -> dict[str, Any]:
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
        "helpUrl": f"{root}/rest/services/{spec.name}/GPServer/{task_spec.name}",
        "executionType": _EXECUTION[spec.execution],
        "parameters": [parameter(p) for p in task_spec.parameters],
    }


def parameter(spec: Parameter) -> dict[str, Any]:
    """Return a parameter's description; every key is one that some client fails without."""
    default = spec.data_type.empty if spec.default is None else spec.default
    if spec.default is None and spec.data_type.name.startswith("GPMultiValue"):
        default = None
    kind = "Derived" if spec.direction == "output" else "Required" if spec.required else "Optional"
    return {
        "name": spec.name,
        "dataType": spec.data_type.name,
        "displayName": spec.title,
        "description": spec.description,
        "direction": f"esriGPParameterDirection{spec.direction.title()}",
        "defaultValue": default,
        "parameterType": f"esriGPParameterType{kind}",
        "category": spec.category,
        **({"dependency": spec.dependency} if spec.dependency else {}),
        **spec.data_type.describe(),
    }
