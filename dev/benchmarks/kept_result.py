"""A result of many polygons in a stack: as the map of a job, and as a hosted service."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import orjson

from dev.benchmarks.layer_files import draw_polygons
from gpserverless.app.stores import open_objects, open_table_and_items
from gpserverless.clock import SystemClock
from gpserverless.featurelayers.write import write_layer
from gpserverless.jobs.hosting import Hosting
from gpserverless.jobs.job import ANYBODY, NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.submit import create, finish
from gpserverless.jobs.work import JobWorker
from gpserverless.testing import InMemoryJobQueue
from gpserverless.toolkit.call import Call, Output, OutputLayer
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.run import RunResult
from local.stack import Stack

KEPT = "/arcgis/rest/services/Hosted/{}/FeatureServer"
_OUTPUT = "out_feature_class"


@dataclass(frozen=True)
class KeptResult:
    """A result.

    Attributes:
        count: Number of its polygons.
        name: Name of the hosted service.
        map_path: Path of the map of a job.
    """

    count: int
    name: str
    map_path: str


def keep_result(made: Stack, count: int, folder: Path) -> KeptResult:
    """Have a worker write a result of random polygons twice: beside a job, and as a hosted service.

    Args:
        made: The stack.
        count: Number of polygons.
        folder: A folder for the file of the layer.
    """
    path = folder / f"{count}.sqlite"
    layer = OutputLayer(path, write_layer(draw_polygons(count), path, "Polygons"))
    body = orjson.dumps({"paramName": _OUTPUT, "dataType": "GPFeatureRecordSetLayer", "value": None})
    output = Output(_OUTPUT, "GPFeatureRecordSetLayer", body, layer=layer)
    name = f"Polygons{count}"
    job_id = _work(made, output, "")
    _work(made, output, name)
    path.unlink()
    return KeptResult(count, name, f"/arcgis/rest/services/Analysis/MapServer/jobs/{job_id}")


def _work(made: Stack, output: Output, name: str) -> str:
    variables = made.functions["WorkerFunction"].variables
    (jobs, items), clock = (
        open_table_and_items(variables["JOBS_TABLE"], variables["ITEMS_TABLE"]),
        SystemClock(),
    )
    ledger = Ledger(jobs, JobRules(), clock)
    objects = open_objects(variables["BUCKET"])
    hosting = Hosting(items, clock)
    job_id = "j" + secrets.token_hex(16)
    call = Call("Analysis", "Buffer", {SERVICE_NAME: name} if name else {})
    created = create(NewJob(job_id, call, "core", ANYBODY), ledger, objects)
    finish(created, ledger=ledger, queue=InMemoryJobQueue(), until=clock.now() + 60_000)
    worker = JobWorker(ledger, objects, lambda *_: RunResult((output,)), hosting=hosting)
    worked = worker.work(job_id, 890_000)
    if worked.outcome != "esriJobSucceeded":
        raise ValueError(f"{worked.outcome}: {worked.problem}")
    return job_id
