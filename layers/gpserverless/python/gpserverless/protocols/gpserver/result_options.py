"""The form in which a request wants the data of a result."""

from __future__ import annotations

import re
import sys

from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import TooLarge
from gpserverless.http.request import Request
from gpserverless.http.response import MAX_BODY
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.jobs.read import read_inputs
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.call import check_column_names
from gpserverless.protocols.gpserver.options import read_flag, read_reference
from gpserverless.toolkit.spec import Parameter

_MAY_HOLD_FEATURES = re.compile(r"GPFeatureRecordSetLayer|GPMultiValue:GP(FeatureRecordSetLayer|Composite)")


def read_result_options(
    request: Request, objects: ObjectStore, job: Job, stored: StoredResult, output: Parameter
) -> DumpOptions:
    """Read the options of a result; Z and M are returned also if `submitJob` had asked for them.

    Args:
        request: The request.
        objects: The store of inputs.
        job: The job.
        stored: The result.
        output: The output.

    Raises:
        InvalidParameter: An option is wrong.
    """
    out_sr = read_reference(request, "outSR") or read_reference(request, "env:outSR")
    z, m = read_flag(request, "returnZ"), read_flag(request, "returnM")
    if stored.has_z > z or stored.has_m > m:
        submitted = read_inputs(objects, job.id).options
        z, m = z or submitted.return_z, m or submitted.return_m
    as_collection = read_flag(request, "returnFeatureCollection")
    column_names = read_flag(request, "returnColumnName")
    if column_names:
        check_column_names(output)
    return DumpOptions(out_sr, z, m, sys.maxsize, None, as_collection, column_names, output.title)


def differs(stored: StoredResult, options: DumpOptions) -> bool:
    """Return whether a result is asked for in another form than the stored one.

    A large result keeps its Z and M: nothing so large is read here.

    Args:
        stored: The result.
        options: The options of the request.

    Raises:
        TooLarge: It is asked for in another form, and is too large to be rewritten.
    """
    if stored.data_type == "GPValueTable":
        return options.column_names
    if _MAY_HOLD_FEATURES.fullmatch(stored.data_type) is None:
        return False
    if stored.size > MAX_BODY:
        if options.out_sr or options.as_collection:
            raise TooLarge("The result is too large to be rewritten; ask for its form in submitJob.")
        return False
    dropped = stored.has_z > options.return_z or stored.has_m > options.return_m
    return bool(options.out_sr or dropped or options.as_collection)
