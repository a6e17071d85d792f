"""Statistics of a raster within zones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, Raster, Run, Table, ToolError, tool, write_count
from toolboxes.raster._cells import find_window, project_to_raster, read_cells
from toolboxes.raster._zones import (
    OF_WHOLE_NUMBERS,
    Percentiles,
    StatisticsType,
    calculate_statistics,
    list_columns,
)

Summary = Annotated[Table, Field(alias="out_table", description="A row for each zone.")]


@tool
def zonal_statistics_as_table(
    in_zone_data: FeatureSet[Polygon],
    zone_field: str,
    in_value_raster: Raster,
    run: Run,
    ignore_nodata: Annotated[bool, Keywords("DATA", "NODATA")] = True,
    statistics_type: StatisticsType = "ALL",
    process_as_multidimensional: Annotated[bool, Keywords("ALL_SLICES", "CURRENT_SLICE")] = False,
    percentile_values: list[float] | None = None,
    percentile_interpolation_type: Literal["AUTO_DETECT", "NEAREST", "LINEAR"] = "AUTO_DETECT",
    circular_calculation: Annotated[bool, Keywords("CIRCULAR", "ARITHMETIC")] = False,
) -> Summary:
    """Summarize the cells of a raster within zones.

    A cell belongs to the zone that holds its centre. Polygons with the same value of the zone field are one
    zone; zones that overlap each count the cells they share. The table holds the zone field, COUNT, AREA (in
    the unit of the raster, squared) and the statistics: MIN, MAX, RANGE, MEAN, STD (of the population), SUM
    and MEDIAN, for a raster of whole numbers also VARIETY, MAJORITY and MINORITY (the smallest of several).
    Zones in which no cell has its centre are left out. Of several bands the first is read.

    Args:
        in_zone_data: The zones.
        zone_field: Name of the field that tells zones apart.
        in_value_raster: The raster to summarize.
        ignore_nodata: Whether cells without a value are left aside; else a zone that has one is all null.
        statistics_type: Which statistics to calculate.
        process_as_multidimensional: Rasters of several dimensions are not read; only false is possible.
        percentile_values: Percentiles from 0 to 100 to calculate beside.
        percentile_interpolation_type: How a percentile between two cells is read; AUTO_DETECT takes the
            nearest cell for whole numbers and goes linearly between others.
        circular_calculation: Statistics of directions are not calculated; only false is possible.
    """
    if process_as_multidimensional or circular_calculation:
        raise ToolError("Only CURRENT_SLICE and ARITHMETIC are possible.")
    if any(not 0 <= value <= 100 for value in percentile_values or ()):
        raise ToolError("Percentiles are from 0 to 100.")
    zones = project_to_raster(in_zone_data, in_value_raster, run)
    options = _Options(
        ignore_nodata, statistics_type, tuple(percentile_values or ()), percentile_interpolation_type
    )
    summaries = list(_summarize_zones(zones, zone_field, in_value_raster, options, run))
    return _make_table(in_zone_data, zone_field, summaries)


@dataclass(frozen=True)
class _Options:
    """Options of the statistics of every zone."""

    ignore_nodata: bool
    kind: StatisticsType
    percentiles: tuple[float, ...]
    interpolation: str

    def choose_columns(self, whole: bool) -> tuple[tuple[str, ...], Percentiles]:
        names = list_columns(self.kind, whole)
        if not whole and (bad := [name for name in names if name in OF_WHOLE_NUMBERS]):
            raise ToolError(f"{bad[0]} needs a raster of whole numbers.")
        nearest = self.interpolation == "NEAREST" or (self.interpolation == "AUTO_DETECT" and whole)
        return names, Percentiles(self.percentiles, "nearest" if nearest else "linear")


@dataclass(frozen=True)
class _ZoneSummary:
    """Statistics of one zone; `row` is the index of its first polygon."""

    row: int
    count: int
    area: float
    values: dict[str, float]


def _summarize_zones(
    zones: FeatureSet[Any], field: str, raster: Raster, options: _Options, run: Run
) -> Iterator[_ZoneSummary]:
    keys = _group_rows(zones, field, run)
    lost = 0
    with raster.open() as dataset:
        whole = np.dtype(dataset.dtypes[0]).kind in "iu"
        columns, percentiles = options.choose_columns(whole)
        names = [*columns, *percentiles.names]
        area = abs(dataset.transform.determinant)
        for rows in run.track(list(keys.values()), f"Summarizing {write_count(len(keys), 'zone', 'zones')}"):
            cells, known = _read_cells_within(dataset, zones.geometries[rows])
            if not known.any():
                lost += 1
                continue
            complete = options.ignore_nodata or bool(known.all())
            values = [np.nan] * len(names)
            if complete:
                values = calculate_statistics(cells[known], columns, percentiles)
            count = int(np.count_nonzero(known))
            yield _ZoneSummary(rows[0], count, count * area, dict(zip(names, values, strict=True)))
    if lost:
        one = "zone holds the centre of no cell with a value; it is left out."
        many = "zones hold the centre of no cell with a value; they are left out."
        run.warn(write_count(lost, one, many))


def _group_rows(zones: FeatureSet[Any], field: str, run: Run) -> dict[Any, list[int]]:
    """Return the rows of each value that have a shape; a warning counts the others."""
    if bare := int(np.count_nonzero(shapely.is_missing(zones.geometries))):
        have = write_count(bare, "zone polygon has", "zone polygons have")
        run.warn(f"{have} no shape where the raster lies.")
    keys: dict[Any, list[int]] = {}
    for row, key in enumerate(zones.column(field).tolist()):
        if key is not None and zones.geometries[row] is not None:
            keys.setdefault(key, []).append(row)
    return keys


def _read_cells_within(dataset: Any, shapes: NDArray[np.object_]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the cells whose centres lie in shapes, shape (N,), and whether each has a value."""
    from rasterio.features import geometry_mask

    window = find_window(dataset, tuple(shapely.total_bounds(shapes)))
    if window is None:
        return np.empty(0), np.empty(0, bool)
    cells, known = read_cells(dataset, window)
    place = dataset.window_transform(window)
    inside = geometry_mask(shapes, cells.shape, place, all_touched=False, invert=True)
    return cells[inside], known[inside]


def _make_table(zones: FeatureSet[Any], zone_field: str, summaries: list[_ZoneSummary]) -> Table:
    field = zones.field(zone_field)
    rows = np.array([zone.row for zone in summaries], np.int64)
    columns: dict[str, Any] = {
        "COUNT": np.array([zone.count for zone in summaries], np.int64),
        "AREA": np.array([zone.area for zone in summaries], np.float64),
    }
    for name in summaries[0].values if summaries else ():
        columns[name] = np.array([zone.values[name] for zone in summaries], np.float64)
    bare = Table((field,), {field.name: zones.columns[field.name][rows]})
    return bare.with_columns(columns)
