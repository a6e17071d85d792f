"""The conditions of a query: SQL, object ids, a geometry and a time, which hold together."""

from __future__ import annotations

import numpy as np

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.find_rows import find_rows
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.layer_time import TimeSpan
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import Field
from gpserverless.features.sql.expression import SqlExpression
from gpserverless.features.sql.reserved import describe_quotes, find_reserved
from gpserverless.features.sql.scan import MAX_LENGTH, list_words, names_clock
from gpserverless.http.time_field import NAME as TIME
from gpserverless.http.time_field import RELATION, check_time_relation, read_time_span
from gpserverless.protocols.featureserver.options import Options
from gpserverless.protocols.featureserver.read_geometry import LayerPlace, read_spatial_filter
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

MAX_IDS = 100_000
"""Object ids of a query."""

_ALL = frozenset({"", "1=1"})
_MAX_IDS_TEXT = 21 * MAX_IDS
_LARGEST = 2**63


def read_filter(options: Options, manifest: LayerManifest) -> LayerFilter:
    """Return the conditions of a query.

    Args:
        options: The fields of the request.
        manifest: The layer.

    Raises:
        InvalidParameter: A condition is wrong.
    """
    where, ids = read_where(options, manifest), _read_ids(options)
    reference = SpatialReference.from_optional_json(manifest.spatial_reference)
    spatial = read_spatial_filter(options, LayerPlace(reference, manifest.extent))
    if spatial is not None and manifest.is_table and not options.is_shared:
        raise InvalidParameter("geometry", "a table has no shapes", "a query without a geometry")
    uses_clock = names_clock(where) or names_clock(options.having)
    return LayerFilter(
        where, ids, spatial, _read_time(options, manifest), options.now if uses_clock else None
    )


def _read_time(options: Options, manifest: LayerManifest) -> TimeSpan | None:
    span = read_time_span(options.text(TIME))
    if span is not None:
        check_time_relation(options.text(RELATION))
    if span is not None and manifest.time is None:
        problem = f"the layer '{manifest.name}' has no time, so that nothing says which rows are in it"
        raise InvalidParameter(TIME, problem, "where, with the field that is meant")
    return span


def is_for_all_rows(where: str) -> bool:
    """Return whether a condition in SQL is one that clients send for none.

    Args:
        where: The condition.
    """
    return where.replace(" ", "") in _ALL


def read_where(options: Options, manifest: LayerManifest) -> str:
    """Return the condition in SQL, "" for none.

    Args:
        options: The fields of the request.
        manifest: The layer.

    Raises:
        InvalidParameter: It is none, uses another column, or compares values of two kinds.
    """
    text = options.text("where", MAX_LENGTH)
    if is_for_all_rows(text):
        return ""
    fields = tuple(Field.from_json(each) for each in manifest.fields)
    try:
        SqlExpression(text).check(Table(fields, {field.name: np.empty(0, object) for field in fields}))
    except InvalidValue as error:
        raise _explain(text, manifest, error) from None
    return text


def _explain(text: str, manifest: LayerManifest, error: InvalidValue) -> InvalidParameter:
    """Return the error of a condition, with what its caller may have meant."""
    names = [str(field["name"]) for field in manifest.fields]
    reserved = find_reserved(text, names)
    if reserved and describe_quotes(reserved) != error.accepted:
        problem = f"{error.problem}; '{reserved}' is a word of SQL and a field"
        return InvalidParameter("where", problem, describe_quotes(reserved))
    if not manifest.is_table and "SHAPE" in {*list_words(text)} - {name.upper() for name in names}:
        problem = f"{error.problem}, and a condition does not reach the shapes of features"
        return InvalidParameter("where", problem, f"geometry, which chooses by shapes; {', '.join(names)}")
    return InvalidParameter("where", error.problem, error.accepted)


def check_filter(layer: LayerFile, wanted: LayerFilter) -> None:
    """Raise if a condition is wrong for the values of a row, such as a cast of a text that is no number.

    Args:
        layer: The layer, which remembers the rows that it finds.
        wanted: The conditions.

    Raises:
        InvalidParameter: It is.
        RequestError: The time is over.
    """
    try:
        find_rows(layer, wanted)
    except InvalidValue as error:
        raise InvalidParameter(
            "where" if wanted.where else "geometry", error.problem, error.accepted
        ) from None


def _read_ids(options: Options) -> tuple[int, ...] | None:
    words = options.words("objectIds", _MAX_IDS_TEXT)
    if not words:
        return None
    if len(words) > MAX_IDS:
        raise InvalidParameter("objectIds", f"there are {len(words):,} of them", f"at most {MAX_IDS:,}")
    return tuple(number for word in words if 0 <= (number := _read_id(word)) < _LARGEST)


def _read_id(word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 20 else read_whole(word)
    if number is None:
        raise InvalidParameter("objectIds", f"{quoted(word)} is no whole number", "1,2,3")
    return number
