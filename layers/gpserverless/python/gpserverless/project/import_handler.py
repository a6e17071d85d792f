"""Imports the handler of a built function as Lambda would, with only what is deployed on the path.

    python3.13 -P -S -B import_handler.py app.handler report.json

`PYTHONPATH` is what Lambda makes it; `-S` leaves out this machine's packages. The report has the services of
the tools that the function runs, or the error and the line of the toolboxes that it comes from.
"""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def load(handler: str) -> dict[str, Any]:
    """Import a handler, and report on it."""
    module, _, name = handler.rpartition(".")
    try:
        getattr(importlib.import_module(module), name)
        return {"services": list_services()}
    except BaseException as error:
        frames = [f"{each.filename}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)]
        ours = [each for each in frames if f"{os.sep}toolboxes{os.sep}" in each]
        return {
            "error": "".join(traceback.format_exception_only(error)).strip(),
            "trace": traceback.format_exc(),
            "missing": error.name if isinstance(error, ModuleNotFoundError) else "",
            "line": ours[-1] if ours else "",
        }


def list_services() -> list[Any]:
    """List the services whose tools the handler has imported, as the catalogue has them."""
    toolboxes = sys.modules.get("gpserverless.toolkit.toolboxes")
    if toolboxes is None:
        return []
    found = toolboxes.discover(worker=os.environ.get("WORKER", "core"))
    catalogue = importlib.import_module("gpserverless.toolkit.catalogue")
    return list(json.loads(catalogue.dump_catalogue(box.spec for box in found))["services"])


if __name__ == "__main__":
    report = load(sys.argv[1])
    Path(sys.argv[2]).write_text(json.dumps(report), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # the processes of a sandbox end with it
