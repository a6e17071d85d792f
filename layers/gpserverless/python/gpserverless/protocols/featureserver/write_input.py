"""A layer as the input of a tool: all rows that a query asks for, as the Esri JSON that a result has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from gpserverless.calls.layer_query import LayerQuery
from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import InvalidParameter, InvalidValue, RequestError
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.statistics import MAX_GROUPS
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.formats.esri_json.encode import stream_features, stream_table
from gpserverless.http.form import Fields
from gpserverless.http.request import Request
from gpserverless.protocols.featureserver.answers import RowsAnswer, answer_query
from gpserverless.protocols.featureserver.options import Options
from gpserverless.protocols.featureserver.read_query import read_query
from gpserverless.values.resolution import EXACT


def write_input(path: Path, asked: LayerQuery, target: Path, check: CheckCancelled, now: int) -> None:
    """Write the rows of a layer that are the value of a parameter.

    Args:
        path: The layer file.
        asked: The query; pages of an answer do not limit it.
        target: Receives the JSON.
        check: Called several times a second; it raises to end the work.
        now: The time that CURRENT_TIMESTAMP means in conditions, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidValue: The query is wrong, has no features for a parameter of features, or is too large.
        StorageError: The file is damaged.
    """
    with LayerFile(path, Deadline(check)) as layer:
        try:
            answer = _select(layer, asked, now)
        except InvalidParameter as error:
            raise InvalidValue(f"its {error.parameter}: {error.problem}", error.accepted) from None
        except RequestError as error:
            text = " ".join(error.details)
            raise InvalidValue(text[:1].lower() + text[1:].rstrip(".")) from None
        rows, shaping = answer.rows, answer.shaping
        if not asked.is_table and not isinstance(rows, FeatureSet):
            raise InvalidValue(f"'{layer.manifest.name}' gives rows without shapes", "a layer of features")
    if isinstance(rows, Table):
        stream = stream_table(rows)
    else:
        stream = stream_features(rows, z=shaping.z, m=shaping.m, precision=EXACT)
    _write(stream, target, asked.limits.max_bytes, check)


def _select(layer: LayerFile, asked: LayerQuery, now: int) -> RowsAnswer:
    fields = {"outFields": "*", "returnZ": "true", "returnM": "true", **asked.layer.fields}
    request = Request("GET", "", (), Fields(urlencode(fields)), Fields(""), {}, "")
    options = Options(request, now=now)
    query = read_query(options, layer.manifest, "json")
    is_grouped = query.kind in ("statistics", "distinct")
    most = MAX_GROUPS if is_grouped else asked.limits.max_features
    wanted = most + 1 if asked.layer.most is None else asked.layer.most
    answer = answer_query(layer, replace(query, offset=asked.layer.offset, limit=min(wanted, most)))
    if not isinstance(answer, RowsAnswer):
        raise InvalidValue("its query gives a number, and no rows")
    if answer.exceeded and wanted > most:
        noun = "groups" if is_grouped else "features"
        raise InvalidValue(f"its query has more than {most:,} {noun}", f"at most {most:,} {noun}")
    if answer.warnings:
        raise InvalidValue(
            answer.warnings[0].rstrip("."), "shapes that have a place, or a query without outSR"
        )
    return answer


def _write(stream: Iterable[bytes], target: Path, most_bytes: int, check: CheckCancelled) -> None:
    size = 0
    with target.open("wb") as file:
        for block in stream:
            check()
            size += len(block)
            if size > most_bytes:
                raise InvalidValue(f"it has more than {most_bytes:,} bytes as JSON")
            file.write(block)
