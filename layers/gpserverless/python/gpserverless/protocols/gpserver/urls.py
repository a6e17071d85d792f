"""URLs of the protocol, for answers; those of files are in `calls.file_urls`.

services/<service>/GPServer[/<task>[/jobs/<job>]]   service, task, job
directories/arcgisoutput/…/spec/json-schema.json    JSON Schema
"""

from __future__ import annotations

from urllib.parse import quote

TOKENS = "/tokens/generateToken"
"""Path below the site where tokens are given out."""

SOAP = "/services"
"""Path below the site of the catalogue for clients of SOAP."""

_SCHEMA = "spec/json-schema.json"


def service_url(root: str, service: str) -> str:
    """Return the URL of a service.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
    """
    return f"{root}/rest/services/{service}/GPServer"


def task_url(root: str, service: str, task: str) -> str:
    """Return the URL of a task.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
        task: Name of the task.
    """
    return f"{service_url(root, service)}/{task}"


def help_url(root: str, service: str, task: str) -> str:
    """Return the URL of the help of a task, a page of the directory beside this protocol.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
        task: Name of the task.
    """
    return f"{root}/help/{service}/{task}"


def job_url(root: str, service: str, task: str, job_id: str) -> str:
    """Return the URL of a job.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
        task: Name of the task.
        job_id: Id of the job.
    """
    return f"{task_url(root, service, task)}/jobs/{job_id}"


def resource_url(root: str, path: str) -> str:
    """Return the URL of a resource.

    Args:
        root: Public URL of the site.
        path: The path of a route, decoded.
    """
    return f"{root}/rest/{quote(path)}"


def result_path(parameter: str) -> str:
    """Return the path of a result, relative to its job.

    Args:
        parameter: Name of the parameter.
    """
    return f"results/{parameter}"


def input_path(parameter: str) -> str:
    """Return the path of an input, relative to its job.

    Args:
        parameter: Name of the parameter.
    """
    return f"inputs/{parameter}"


def schema_url(root: str, service: str) -> str:
    """Return the URL of the JSON Schema of a service's answers.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
    """
    folder, _, name = service.rpartition("/")
    place = f"{folder}/{name}_GPServer/{folder}_{name}" if folder else f"{name}_GPServer/{name}"
    return f"{root}/rest/directories/arcgisoutput/{place}/{_SCHEMA}"


def is_schema_path(path: str) -> bool:
    """Return whether a path names the JSON Schema.

    Args:
        path: The path behind "directories/".
    """
    return path.startswith("arcgisoutput/") and path.endswith(f"/{_SCHEMA}")
