"""A query as a request asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gpserverless.errors import InvalidParameter, MissingParameter
from gpserverless.featurelayers.figures import FIGURES
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter, Order, Statistic
from gpserverless.featurelayers.statistics import MAX_GROUPS
from gpserverless.features.fields import Field
from gpserverless.protocols.featureserver.options import Options
from gpserverless.protocols.featureserver.page_limits import find_page_limit, find_tile_limit
from gpserverless.protocols.featureserver.quantization import Grid
from gpserverless.protocols.featureserver.read_filter import read_filter
from gpserverless.protocols.featureserver.read_grid import read_grid
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import WGS84, SpatialReference

MAX_STATISTICS = 50
"""Figures of a query."""

MAX_ORDER = 10
"""Keys of the order of a query."""

_MAX_DECIMALS = 15
_MAX_NAMES = 100_000
_MAX_STATISTICS_TEXT = 1_000 * MAX_STATISTICS
_STATISTICS = (
    '[{"statisticType": "sum", "onStatisticField": "POP", "outStatisticFieldName": "TOTAL"}], '
    f"of the types {', '.join(FIGURES)}"
)
_INSTEAD = {
    "fullText": "where, with LIKE",
    "uniqueIds": "objectIds",
    "returnUniqueIdsOnly": "returnIdsOnly",
}
"""Fields of newer servers that say which rows are answered, and what does the same here."""

_NUMBERS_ONLY = ("sum", "avg", "stddev", "var")

Kind = Literal["features", "ids", "count", "extent", "statistics", "distinct"]


@dataclass(frozen=True)
class Shaping:
    """How the shapes of an answer are written.

    Attributes:
        reference: Spatial reference of the answer; None if it is not known.
        z: Whether heights are wanted.
        m: Whether measures are wanted.
        tolerance: Distance by which a simplified shape may depart, 0 for none.
        decimals: Decimals of x and y; None for those of the resolution.
        grid: The grid of quantized coordinates, None for coordinates as they are.
    """

    reference: SpatialReference | None = None
    z: bool = False
    m: bool = False
    tolerance: float = 0.0
    decimals: int | None = None
    grid: Grid | None = None


@dataclass(frozen=True)
class Query:
    """A query of one layer.

    Attributes:
        kind: The kind of answer.
        with_count: Whether the count is asked for, too or instead.
        is_distinct: Whether the count is that of different values.
        filter: Which rows.
        fields: Declared names of the columns that are wanted, or whose different values are.
        with_geometry: Whether shapes are wanted.
        order_by: The order.
        offset: Rows that are left out at the beginning.
        limit: Most rows.
        keeps_part: Whether the first rows are answered if there are more than the limit.
        statistics: The figures.
        groups: Declared names of the columns whose values make the groups of the figures.
        having: A condition on these groups, "" for none.
        shaping: How shapes are written.
    """

    kind: Kind
    with_count: bool
    is_distinct: bool
    filter: LayerFilter
    fields: tuple[str, ...]
    with_geometry: bool
    order_by: tuple[Order, ...]
    offset: int
    limit: int
    keeps_part: bool
    statistics: tuple[Statistic, ...]
    groups: tuple[str, ...]
    having: str
    shaping: Shaping


def read_query(options: Options, manifest: LayerManifest, format_name: str) -> Query:
    """Return the query of a request.

    Args:
        options: The fields of the request.
        manifest: The layer.
        format_name: Name of the format of the answer.

    Raises:
        InvalidParameter: A field of the request is wrong; the error names it and the accepted values.
    """
    _check_others(options)
    fields = tuple(Field.from_json(each) for each in manifest.fields)
    every = tuple(field.name for field in fields)
    groups = _read_names(options, "groupByFieldsForStatistics", fields)
    statistics = _read_statistics(options, fields)
    if groups and not statistics:
        raise MissingParameter("outStatistics", _STATISTICS)
    if options.having and not statistics:
        raise InvalidParameter(
            "having", "there are no groups, of which it is a condition", "outStatistics too"
        )
    kind = _read_kind(options, statistics)
    named = _read_names(options, "outFields", fields)
    with_count, is_distinct = options.flag("returnCountOnly"), options.flag("returnDistinctValues")
    if not named and (kind == "distinct" or (kind == "extent" and with_count and is_distinct)):
        raise MissingParameter("outFields", f"* or names of {', '.join(every)}")
    columns = {"statistics": (*groups, *(each.name for each in statistics)), "distinct": named}
    limit = _read_limit(options, manifest, kind)
    return Query(
        kind=kind,
        with_count=with_count,
        is_distinct=is_distinct,
        filter=read_filter(options, manifest),
        fields=named,
        with_geometry=options.flag("returnGeometry", default=True) and not manifest.is_table,
        order_by=_read_order(options, columns.get(kind, every)),
        offset=options.whole("resultOffset") or 0,
        limit=limit,
        keeps_part=options.flag("returnExceededLimitFeatures", default=True),
        statistics=statistics,
        groups=groups,
        having=options.having,
        shaping=_read_shaping(options, manifest, format_name),
    )


def _check_others(options: Options) -> None:
    """Raise for a field that would choose other rows, or another answer, and that is not supported."""
    for name, accepted in _INSTEAD.items():
        word = options.text(name, _MAX_NAMES)
        if word.lower() not in ("", "null", "[]", "false"):
            raise InvalidParameter(name, "it is not supported", accepted)


def _read_kind(options: Options, statistics: Sequence[Statistic]) -> Kind:
    """Return what is asked for; a count goes before ids, as by ArcGIS."""
    if options.flag("returnIdsOnly") and not options.flag("returnCountOnly"):
        return "ids"
    if options.flag("returnExtentOnly"):
        return "extent"
    if statistics:
        return "statistics"
    if options.flag("returnDistinctValues"):
        return "distinct"
    return "count" if options.flag("returnCountOnly") else "features"


def _read_names(options: Options, name: str, fields: Sequence[Field]) -> tuple[str, ...]:
    """Return declared names of columns; "*" stands for all."""
    found: dict[str, None] = {}
    for word in options.words(name, _MAX_NAMES):
        chosen = [field.name for field in fields] if word == "*" else [_find_name(name, word, fields)]
        found |= dict.fromkeys(chosen)
    return tuple(found)


def _find_name(parameter: str, word: str, fields: Sequence[Field]) -> str:
    bare = word[1:-1] if len(word) > 2 and word[0] == word[-1] == '"' else word
    names = [field.name for field in fields]
    found = next((name for name in names if name == bare), None) or next(
        (name for name in names if name.lower() == bare.lower()), None
    )
    if found is None:
        raise InvalidParameter(parameter, f"there is no field {quoted(bare)}", ", ".join(names))
    return found


def _read_order(options: Options, names: Sequence[str]) -> tuple[Order, ...]:
    keys = options.words("orderByFields", _MAX_NAMES)
    if len(keys) > MAX_ORDER:
        raise InvalidParameter("orderByFields", f"it has {len(keys)} keys", f"at most {MAX_ORDER}")
    fields = [Field(name) for name in names]
    return tuple(_read_key(key, fields) for key in keys)


def _read_key(key: str, fields: Sequence[Field]) -> Order:
    head, _, last = key.rpartition(" ")
    if head and last.upper() in ("ASC", "DESC"):
        return Order(_find_name("orderByFields", head.strip(), fields), last.upper() == "DESC")
    return Order(_find_name("orderByFields", key, fields))


def _read_statistics(options: Options, fields: Sequence[Field]) -> tuple[Statistic, ...]:
    document = options.json("outStatistics", _STATISTICS, _MAX_STATISTICS_TEXT)
    if document is None:
        return ()
    if not isinstance(document, list):
        raise InvalidParameter("outStatistics", "it is no list", _STATISTICS)
    if len(document) > MAX_STATISTICS:
        raise InvalidParameter(
            "outStatistics", f"it has {len(document)} figures", f"at most {MAX_STATISTICS}"
        )
    return tuple(_read_statistic(each, fields) for each in document)


def _read_statistic(document: Any, fields: Sequence[Field]) -> Statistic:
    if not isinstance(document, Mapping):
        raise InvalidParameter("outStatistics", f"{quoted(document)} is no object", _STATISTICS)
    kind, word = (str(document.get(name) or "") for name in ("statisticType", "onStatisticField"))
    if kind.lower() not in FIGURES:
        raise InvalidParameter("outStatistics", f"there is no statisticType {quoted(kind)}", _STATISTICS)
    every = kind.lower() == "count" and word in ("*", "1")
    name = fields[0].name if every else _find_name("outStatistics", word, fields)
    field = next(each for each in fields if each.name == name)
    if kind.lower() in _NUMBERS_ONLY and not field.is_number:
        problem = f"the field '{name}' holds no numbers, which {kind.lower()} needs"
        raise InvalidParameter("outStatistics", problem, "a field of numbers")
    title = document.get("outStatisticFieldName") or f"{kind.upper()}_{name}"
    return Statistic(kind.lower(), name, str(title))


def _read_limit(options: Options, manifest: LayerManifest, kind: Kind) -> int:
    most = MAX_GROUPS if kind in ("statistics", "distinct") else _find_limit(options, manifest)
    asked = options.whole("resultRecordCount")
    return min(asked or most, most)  # a page of no rows would have more behind it for ever


def _find_limit(options: Options, manifest: LayerManifest) -> int:
    word = options.text("resultType").lower()
    if word not in ("", "none", "standard", "tile"):
        raise InvalidParameter("resultType", f"{quoted(word)} is not supported", "none, standard, tile")
    return find_tile_limit(manifest) if word == "tile" else find_page_limit(manifest)


def _read_shaping(options: Options, manifest: LayerManifest, format_name: str) -> Shaping:
    own = SpatialReference.from_optional_json(manifest.spatial_reference)
    asked = options.reference("outSR") or (WGS84 if format_name == "geojson" else None)
    if manifest.is_table:
        return Shaping()
    if own is None and asked is not None:
        problem = "the spatial reference of the layer is not known, so its shapes cannot be converted"
        raise InvalidParameter("outSR", problem, "a query without outSR, in f=json or f=pbf")
    reference = asked or own
    return Shaping(
        reference,
        options.flag("returnZ") and manifest.has_z,
        options.flag("returnM") and manifest.has_m,
        options.number("maxAllowableOffset") or 0.0,
        options.whole("geometryPrecision", _MAX_DECIMALS),
        read_grid(options, manifest, reference),
    )
