"""The tasks that show the picture of another: those that do the same, and those of a service's twin."""

from __future__ import annotations

import json

from dev.pictures.draw import FOLDER
from dev.pictures.scenes import SAME, SCENES
from dev.reference.shipped_tools import find_twin, list_services
from gpserverless.protocols.directory import pictures

PATH = f"{FOLDER}/{pictures.SAME}"


def write_same() -> str:
    """Return the file that names the task whose picture a task shows."""
    same = dict(SAME)
    for service in list_services():
        twin = find_twin(service)
        for task in service.tasks if twin else ():
            name = f"{twin.name}/{task.name}" if twin else ""
            shown = SAME.get(name, name)
            if shown in SCENES:
                same[f"{service.name}/{task.name}"] = shown
    return json.dumps(same, indent=1, sort_keys=True) + "\n"
