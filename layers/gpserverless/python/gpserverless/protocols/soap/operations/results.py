"""The stored results of a job, as values."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from gpserverless.calls.file_urls import job_files_url, root_of
from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import TooLarge
from gpserverless.http.response import MAX_BODY
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.rewrite import find_service_url, rewrite_with_warnings
from gpserverless.protocols.soap.options import SoapOptions
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.embed import MAX_EMBEDDED, embed_files, find_file_name
from gpserverless.protocols.soap.values.write import make_empty_node, make_result_node
from gpserverless.toolkit.spec import Parameter

MAX_RESULT = 50_000_000
"""Bytes of results that are read for one answer: more never fits into one, compressed or not."""


@dataclass(frozen=True)
class JobResults:
    """The results of a job that has succeeded.

    Attributes:
        objects: The store of results and files.
        job: The job.
        options: How the results are wanted.
        precision: Decimals of coordinates that are projected, None for all.
    """

    objects: ObjectStore
    job: Job
    options: SoapOptions
    precision: int | None

    def read(self, parameters: Sequence[Parameter]) -> tuple[list[Node], list[str]]:
        """Return results, and warnings about each loss.

        Args:
            parameters: The outputs that are wanted.

        Raises:
            TooLarge: Together they are too large for one answer.
            InvalidParameter: The types of SOAP cannot hold a result.
        """
        stored = self.job.results
        size = sum(stored[each.name].size for each in parameters if each.name in stored)
        if size > MAX_RESULT:
            raise TooLarge(
                f"The results have {size:,} bytes; at most {MAX_RESULT:,} are sent over SOAP. "
                "Ask for each of them by ParameterNames, or over REST."
            )
        warnings: list[str] = []
        return [self._make_node(each, warnings) for each in parameters], warnings

    def _make_node(self, parameter: Parameter, warnings: list[str]) -> Node:
        stored = self.job.results.get(parameter.name)
        if stored is None:
            return make_empty_node(parameter)
        body = self._read_body(stored, parameter, warnings)
        if url := find_service_url(body):
            warnings.append(f"The rows of '{parameter.name}' are kept in a service: {url}")
            return make_empty_node(parameter)
        node = make_result_node(parameter, body)
        return embed_files(node, self._read_file) if self.options.embeds_files else node

    def _read_body(self, stored: StoredResult, parameter: Parameter, warnings: list[str]) -> bytes:
        body, wanted = self.objects.get(stored.key), self.options.call
        drops = stored.has_z > wanted.return_z or stored.has_m > wanted.return_m
        if not (drops or wanted.out_sr) or not _may_hold_features(stored):
            return body
        if stored.size > MAX_BODY:
            if wanted.out_sr is None:  # over REST too, a large result keeps its Z and M
                return body
            raise TooLarge(
                "The result is too large to be rewritten; ask for its spatial reference at SubmitJob."
            )
        dump = DumpOptions(
            wanted.out_sr,
            return_z=wanted.return_z,
            return_m=wanted.return_m,
            max_records=sys.maxsize,
            geometry_precision=self.precision,
            title=parameter.title,
        )
        written, lost = rewrite_with_warnings(body, parameter.data_type, dump)
        warnings += lost
        return written

    def _read_file(self, url: str) -> bytes | None:
        files_url = job_files_url(root_of(url), self.job.service, self.job.id)
        stored = self.job.files.get(find_file_name(url, files_url))
        return self.objects.get(stored.key) if stored and stored.size <= MAX_EMBEDDED else None


def _may_hold_features(stored: StoredResult) -> bool:
    return "GPFeatureRecordSetLayer" in stored.data_type or stored.data_type.startswith("GPMultiValue")
