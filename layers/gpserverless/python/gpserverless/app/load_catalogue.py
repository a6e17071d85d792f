"""The published services: light functions load them from the catalogue file, heavy ones from the tools."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gpserverless.caller import Access
from gpserverless.protocols.directory.pictures import FOLDER
from gpserverless.toolkit.catalogue import Catalogue, find_catalogue_file, parse_catalogue
from gpserverless.toolkit.spec import WorkerName

if TYPE_CHECKING:
    from gpserverless.sandbox.runner import Runner


def load_catalogue(switched_on: Iterable[str], secured: bool = False) -> Catalogue:
    """Load the published services from the file beside the toolboxes; no tool is imported.

    Args:
        switched_on: The settings that are on, for services that are published by one.
        secured: Whether callers of services without a rule must sign in.

    Raises:
        SettingsError: There is no package of toolboxes.
    """
    services = parse_catalogue(find_catalogue_file().read_bytes(), switched_on)
    return Catalogue.select(services, switched_on, _default_access(secured))


def find_pictures() -> Path:
    """Return the folder of the pictures of tasks, beside the catalogue file.

    Raises:
        SettingsError: There is no package of toolboxes.
    """
    return find_catalogue_file().with_name(FOLDER)


def _default_access(secured: bool) -> Access | None:
    return Access() if secured else None


def load_tools(
    switched_on: Iterable[str],
    memory: int | None,
    worker: WorkerName = "core",
    secured: bool = False,
) -> tuple[Catalogue, Runner]:
    """Load the published services of one worker with their tools, and make a runner for them.

    The runner forks its child here, so call this before anything in the process holds credentials.

    Args:
        switched_on: The settings that are on, for services that are published by one.
        memory: Bytes that a tool may allocate, or None for no limit.
        worker: The worker that this process is; one that executes while the caller waits is the core.
        secured: Whether callers of services without a rule must sign in.

    Raises:
        AuthoringError: A toolbox is written wrongly.
    """
    from gpserverless.sandbox.runner import Runner
    from gpserverless.toolkit.toolboxes import discover

    toolboxes = discover(worker=worker, switched_on=switched_on)
    specs = (box.spec for box in toolboxes)
    return Catalogue.select(specs, switched_on, _default_access(secured)), Runner(toolboxes, memory)
