"""Figures of a layer are those that Python computes from the plain features."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, Order, PageQuery, Statistic, SummaryQuery
from gpserverless.featurelayers.statistics import count_distinct, select_distinct, summarize
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet, Table

Parcels = FeatureSet[Any]

FIGURES: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": lambda values: sum(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "avg": lambda values: statistics.fmean(values) if values else None,
    "stddev": lambda values: statistics.stdev(values) if len(values) > 1 else None,
    "var": lambda values: statistics.variance(values) if len(values) > 1 else None,
}
ALL = LayerFilter()
NUMBERS = ("POP", "SHARE", "FLOORS", "EMPTY", "fid")
GROUPS = [(), ("NAME",), ("FLOORS",), ("BUILT",), ("SHARE",), ("NAME", "FLOORS")]
FILTERS = {"": lambda pop: True, "POP > 20": lambda pop: pop > 20, "1=2": lambda pop: False}


def list_values(rows: FeatureSet[Any] | Table, name: str) -> list[Any]:
    return [None if value != value else value for value in rows.column(name).tolist()]  # noqa: PLR0124


def divide(
    parcels: Parcels, groups: tuple[str, ...], holds: Callable[[Any], bool]
) -> dict[tuple[Any, ...], list[int]]:
    """Return the rows of each group, nulls first."""
    columns = [list_values(parcels, name) for name in groups]
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row, pop in enumerate(parcels.column("POP").tolist()):
        if holds(pop):
            found[tuple(column[row] for column in columns)].append(row)
    order = sorted(found, key=lambda key: [(value is not None, value) for value in key])
    return {key: found[key] for key in order} if groups else {(): found[()]}


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("groups", GROUPS, ids=str)
def test_figures_of_groups(layer: LayerFile, parcels: Parcels, where: str, groups: tuple[str, ...]) -> None:
    figures = tuple(Statistic(kind, name, f"{kind}_{name}") for kind in FIGURES for name in NUMBERS)
    page = summarize(layer, SummaryQuery(LayerFilter(where=where), figures, groups, limit=10_000))
    truth = divide(parcels, groups, FILTERS[where])
    for place, name in enumerate(groups):
        assert list_values(page.rows, name) == [key[place] for key in truth]
    for figure in figures:
        values = list_values(parcels, figure.field)
        expected = [
            FIGURES[figure.type]([values[row] for row in rows if values[row] is not None])
            for rows in truth.values()
        ]
        found = page.rows.column(figure.name).astype(float).tolist()
        assert found == pytest.approx(np.array(expected, float), rel=1e-12, nan_ok=True), figure.name


def test_least_and_largest_text_and_date(layer: LayerFile, parcels: Parcels) -> None:
    figures = tuple(
        Statistic(kind, name, f"{kind}{name}") for kind in ("min", "MAX") for name in ("NAME", "BUILT")
    )
    rows = summarize(layer, SummaryQuery(ALL, (*figures, Statistic("count", "*", "n")))).rows
    names = [name for name in list_values(parcels, "NAME") if name is not None]
    days = [day for day in list_values(parcels, "BUILT") if day is not None]
    found = [column.tolist()[0] for column in rows.columns.values()]
    assert found == [min(names), min(days), max(names), max(days), len(parcels)]
    assert [field.type for field in rows.fields][1::2] == ["esriFieldTypeDate", "esriFieldTypeDate"]


HAVING: list[tuple[str, Callable[[list[int], list[Any]], bool]]] = [
    ("n > 300", lambda pops, key: len(pops) > 300),
    (
        "COUNT(POP) > 300 AND NAME <> 'O''Hara'",
        lambda pops, key: len(pops) > 300 and key[0] not in (None, "O'Hara"),
    ),
    ('sum ( "pop" ) < 0', lambda pops, key: sum(pops) < 0),
    (
        "AVG(POP) * 2 >= -1 OR NAME IS NULL",
        lambda pops, key: sum(pops) / len(pops) * 2 >= -1 or key[0] is None,
    ),
    ("COUNT(*) > 0 AND NAME <> 'MAX(POP)'", lambda pops, key: key[0] is not None),
]


@pytest.mark.parametrize(("having", "holds"), HAVING, ids=[having for having, _ in HAVING])
def test_having(layer: LayerFile, parcels: Parcels, having: str, holds: Callable[..., bool]) -> None:
    query = SummaryQuery(ALL, (Statistic("count", "fid", "n"),), ("NAME",), having)
    rows = summarize(layer, query).rows
    pops = parcels.column("POP").tolist()
    truth = divide(parcels, ("NAME",), FILTERS[""])
    assert list_values(rows, "NAME") == [
        key[0] for key, some in truth.items() if holds([pops[row] for row in some], key)
    ]
    assert list(rows.columns) == ["NAME", "n"]


REFUSED = [
    (SummaryQuery(ALL, (Statistic("median", "POP", "m"),)), "no statistic 'median'"),
    (SummaryQuery(ALL, (Statistic("sum", "NAME", "m"),)), "'NAME' holds no numbers"),
    (SummaryQuery(ALL, (Statistic("sum", "BUILT", "m"),)), "'BUILT' holds no numbers"),
    (SummaryQuery(ALL, (Statistic("sum", "nowhere", "m"),)), "no field 'nowhere'"),
    (SummaryQuery(ALL, (Statistic("sum", "POP", "x"), Statistic("avg", "POP", "X"))), "the name 'X'"),
    (SummaryQuery(ALL, (Statistic("count", "POP", "name"),), ("NAME",)), "the name 'name'"),
    (SummaryQuery(ALL, (Statistic("count", "POP", "n"),), ("nowhere",)), "no field 'nowhere'"),
    (
        SummaryQuery(ALL, (Statistic("count", "POP", "n"),), ("NAME",), "SUM(nowhere) > 1"),
        "no field 'nowhere'",
    ),
    (SummaryQuery(ALL, (Statistic("count", "POP", "n"),), ("NAME",), "n > 1; --"), "does not belong"),
    (SummaryQuery(ALL, (Statistic("count", "POP", "n"),), ("NAME",), "(" * 10_001), "10,001 characters"),
    (
        SummaryQuery(ALL, (Statistic("count", "POP", "n"),), ("NAME",), order_by=(Order("POP"),)),
        "no field 'POP'",
    ),
]


@pytest.mark.parametrize(("query", "problem"), REFUSED, ids=[problem for _, problem in REFUSED])
def test_what_is_no_figure_is_refused(layer: LayerFile, query: SummaryQuery, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        summarize(layer, query)


def test_groups_come_in_pages(layer: LayerFile) -> None:
    figures = (Statistic("count", "POP", "n"),)
    order = (Order("n", descending=True),)
    whole = summarize(layer, SummaryQuery(ALL, figures, ("POP",), order_by=order)).rows
    counts, pops = whole.column("n").tolist(), whole.column("POP").tolist()
    assert list(zip(counts, pops, strict=True)) == sorted(
        zip(counts, pops, strict=True), key=lambda pair: (-pair[0], pair[1])
    )
    pages = [
        summarize(layer, SummaryQuery(ALL, figures, ("POP",), "", order, start, 30))
        for start in range(0, 100, 30)
    ]
    assert [pop for page in pages for pop in page.rows.column("POP").tolist()] == pops
    assert [page.exceeded for page in pages] == [True, True, True, False]


@pytest.mark.parametrize(
    "fields", [("NAME",), ("FLOORS", "NAME"), ("SHARE",), ("EMPTY",), ("BUILT", "POP")], ids=str
)
def test_distinct_values(layer: LayerFile, parcels: Parcels, fields: tuple[str, ...]) -> None:
    truth = list(divide(parcels, fields, FILTERS["POP > 20"]))
    wanted = LayerFilter(where="POP > 20")
    rows = select_distinct(layer, PageQuery(wanted, fields)).rows
    assert list(zip(*(list_values(rows, name) for name in fields), strict=True)) == truth
    assert count_distinct(layer, wanted, fields) == len(truth)
    page = select_distinct(layer, PageQuery(wanted, fields, (Order(fields[0], descending=True),), 0, 1))
    assert page.exceeded == (len(truth) > 1)
    assert list_values(page.rows, fields[0]) == [truth[-1][0]]


def test_field_that_is_named_twice_makes_one_column(layer: LayerFile) -> None:
    once, twice = (
        select_distinct(layer, PageQuery(ALL, names)).rows for names in (("NAME",), ("NAME", "name"))
    )
    assert list(twice.columns) == ["NAME"]
    assert list_values(twice, "NAME") == list_values(once, "NAME")
    for ask in (
        lambda: select_distinct(layer, PageQuery(ALL, ())),
        lambda: count_distinct(layer, ALL, ()),
    ):
        with pytest.raises(InvalidValue, match="no field is named"):
            ask()


def test_too_many_groups_are_refused(tmp_path: Path) -> None:
    write_layer(Table().with_columns({"n": np.arange(100_001)}), tmp_path / "x.sqlite", "x")
    with LayerFile(tmp_path / "x.sqlite") as many:
        with pytest.raises(InvalidValue, match="100,001 groups"):
            select_distinct(many, PageQuery(ALL, ("n",)))
        assert count_distinct(many, ALL, ("n",)) == 100_001
