"""The subjects, in the order of the report."""

from __future__ import annotations

import importlib
import os
import traceback

from dev.benchmarks.table import Table
from dev.benchmarks.timing import Effort

SUBJECTS = (
    "overhead",
    "latency",
    "jobs",
    "peers",
    "memory",
    "cold",
    "costs",
    "isolation",
    "codecs",
    "soap",
    "layer_files",
    "result_services",
    "rasters",
)


def measure(subject: str, effort: Effort) -> list[Table]:
    """Return the tables that `tables` of a subject's module yields."""
    # Functions that run in this process would write between the tables.
    os.environ.update(LOG_LEVEL="ERROR", POWERTOOLS_METRICS_DISABLED="true")
    try:
        return list(importlib.import_module(f"dev.benchmarks.{subject}").tables(effort))
    except Exception as problem:  # not every one survives the way to another process
        raise RuntimeError("".join(traceback.format_exception(problem))) from None
