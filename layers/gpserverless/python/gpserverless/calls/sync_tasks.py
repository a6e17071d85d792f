"""The tasks that are executed at once."""

from __future__ import annotations

from gpserverless.errors import RequestError
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import TaskSpec


def find_sync_task(catalogue: Catalogue, service: str, task: str) -> TaskSpec:
    """Return a task that is executed at once.

    Args:
        catalogue: The published services.
        service: Qualified name of the service.
        task: Name of the task.

    Raises:
        NotFound: There is no such task.
        RequestError: It runs as a job.
    """
    spec = catalogue.task(service, task)
    if catalogue.service(service).execution != "sync":
        raise RequestError(f"The tasks of '{service}' run as jobs: use submitJob instead of execute.")
    return spec
