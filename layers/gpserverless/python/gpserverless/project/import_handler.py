"""Imports the handler of a built function as Lambda would, with only the deployed files on the path.

    python3.13 -P -S -B import_handler.py app.handler report.json

`PYTHONPATH` is what Lambda makes it; `-S` leaves out this machine's packages. The report has the services of
the tools that the function runs, or the error and the line of the toolboxes that it comes from.
"""

import ast
import importlib
import importlib.util
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
        return find_missing_import() or {"services": list_services()}
    except BaseException as error:
        frames = [f"{each.filename}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)]
        ours = [each for each in frames if f"{os.sep}toolboxes{os.sep}" in each]
        return {
            "error": "".join(traceback.format_exception_only(error)).strip(),
            "trace": traceback.format_exc(),
            "missing": error.name if isinstance(error, ModuleNotFoundError) else "",
            "line": ours[-1] if ours else "",
        }


class LateImports(ast.NodeVisitor):
    """The imports of a module, those in functions too, with their lines; those that may fail are left out."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []

    def visit_If(self, node: ast.If) -> None:
        """Leave out imports for types alone."""
        is_for_types = ast.unparse(node.test).endswith("TYPE_CHECKING")
        for each in node.orelse if is_for_types else [*node.body, *node.orelse]:
            self.visit(each)

    def visit_Try(self, node: ast.Try) -> None:
        """Leave out imports whose failure is caught."""
        caught = " ".join(ast.unparse(each.type) for each in node.handlers if each.type)
        may_fail = "ImportError" in caught or "ModuleNotFoundError" in caught
        for each in [*([] if may_fail else node.body), *node.handlers, *node.orelse, *node.finalbody]:
            self.visit(each)

    def visit_Import(self, node: ast.Import) -> None:
        """Take the modules."""
        self.found += [(alias.name, node.lineno) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Take the module, unless it is of the same package."""
        if node.module and not node.level:
            self.found.append((node.module, node.lineno))


def find_missing_import() -> dict[str, Any]:
    """Find an import in a function of the toolboxes that would fail when a tool runs; empty if none."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name.partition(".")[0] != "toolboxes":
            continue
        imports = LateImports()
        imports.visit(ast.parse(Path(file).read_bytes()))
        for wanted, line in imports.found:
            if importlib.util.find_spec(wanted.partition(".")[0]) is None:
                text = f"No module named '{wanted}'"
                return {"error": text, "trace": text, "missing": wanted, "line": f"{file}:{line}"}
    return {}


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
