"""The stored results of a job, as values."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import TooLarge
from gpserverless.http.response import MAX_BODY
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.rewrite import rewrite_result
from gpserverless.protocols.soap.options import GivenOptions
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.embed import MAX_EMBEDDED, embed_files, name_of_url
from gpserverless.protocols.soap.values.write import make_empty_node, make_result_node
from gpserverless.toolkit.spec import Parameter

MAX_RESULT = 50_000_000
"""Bytes of results that are read for one answer: more never fits into one, compressed or not."""


def read_results(
    objects: ObjectStore, job: Job, parameters: Sequence[Parameter], options: GivenOptions
) -> list[Node]:
    """Return results of a job that has succeeded.

    Args:
        objects: The store of results and files.
        job: The job.
        parameters: The outputs that are wanted.
        options: How they are wanted.

    Raises:
        TooLarge: Together they are too large for one answer.
        InvalidParameter: The types of SOAP cannot hold a result.
    """
    size = sum(job.results[each.name].size for each in parameters if each.name in job.results)
    if size > MAX_RESULT:
        raise TooLarge(
            f"The results have {size:,} bytes; at most {MAX_RESULT:,} are sent over SOAP. "
            "Ask for each of them by ParameterNames, or over REST."
        )
    return [_read_result(objects, job, each, options) for each in parameters]


def _read_result(objects: ObjectStore, job: Job, parameter: Parameter, options: GivenOptions) -> Node:
    stored = job.results.get(parameter.name)
    if stored is None:
        return make_empty_node(parameter)
    node = make_result_node(parameter, _read_body(objects, stored, parameter, options))
    return embed_files(node, partial(_read_file, objects, job)) if options.embeds_files else node


def _read_body(
    objects: ObjectStore, stored: StoredResult, parameter: Parameter, options: GivenOptions
) -> bytes:
    body = objects.get(stored.key)
    if options.call.out_sr is None or not _may_hold_features(stored):
        return body
    if stored.size > MAX_BODY:
        raise TooLarge("The result is too large to be rewritten; ask for its spatial reference at SubmitJob.")
    dump = DumpOptions(options.call.out_sr, return_z=True, return_m=True, max_records=sys.maxsize)
    return rewrite_result(body, parameter.data_type, dump)


def _may_hold_features(stored: StoredResult) -> bool:
    return "GPFeatureRecordSetLayer" in stored.data_type or stored.data_type.startswith("GPMultiValue")


def _read_file(objects: ObjectStore, job: Job, url: str) -> bytes | None:
    stored = job.files.get(name_of_url(url))
    return objects.get(stored.key) if stored and stored.size <= MAX_EMBEDDED else None
