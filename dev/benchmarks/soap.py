"""Features over SOAP beside the same over REST: time of writing and size."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import orjson

from dev.benchmarks.data import REACH, points
from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort, in_turns, no_garbage_collection, ratio
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.formats.esri_json import encode_features
from gpserverless.outputs.compression import gzip_bytes
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.schema.operations import SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.write import write_response
from gpserverless.protocols.soap.values.write import make_result_node
from gpserverless.toolkit.spec import Parameter
from gpserverless.values.spatial_reference import WGS84
from gpserverless.values.units import LinearUnit

ZONES = 2_500
MOST_TIMES = 2
NOTE = """\
Buffers of points on the ellipsoid, from feature sets to JSON as REST answers it, and from that JSON to the
envelope that SOAP answers. So an `execute` over SOAP takes both times. Milliseconds are medians, of the
processor."""


def tables(effort: Effort) -> Iterator[Table]:
    """Write the same zones in both protocols."""
    zones = points(ZONES).project(WGS84).buffer(LinearUnit(REACH))
    output = Parameter("output", "Output", "", GPFeatureRecordSetLayer(), "output")
    result = orjson.dumps(
        {
            "paramName": "output",
            "dataType": "GPFeatureRecordSetLayer",
            "value": orjson.Fragment(encode_features(zones)),
        }
    )

    def write_soap() -> bytes:
        values = Node("GPValues", {"GPValue": [make_result_node(output, result)]})
        answer = {"Result": Node("GPResult", {"Values": values})}
        return b"".join(write_response(SERVICE_OPERATIONS["Execute"], answer))

    works = (lambda: encode_features(zones), write_soap)
    with no_garbage_collection():
        seconds = in_turns(works, effort.rounds(9), time.process_time)
    bodies = (result, write_soap())
    rows = tuple(
        (name, ZONES, 1000 * median(taken), len(body) / 1e6, len(gzip_bytes(body)) / 1e6)
        for name, taken, body in zip(("REST: JSON", "SOAP: XML"), seconds, bodies, strict=True)
    )
    times = ratio(*reversed(seconds))
    yield Table(
        "soap",
        "SOAP beside REST",
        ("", "zones", "writing ms", "MB", "MB as gzip"),
        rows,
        NOTE,
        (Budget(f"writing {ZONES:,} zones over SOAP, beside REST", MOST_TIMES, times, "times", False),),
    )
