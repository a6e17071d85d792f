"""Hostile texts: no data type takes time that grows faster than the text.

Values are read outside the sandbox too, when a job is submitted: a text of a few kilobytes must not keep a
function busy. Times are compared with each other, and a floor takes the noise of the machine away: four times
the text may take nine times as long, where a quadratic expression takes sixteen times.
"""

from __future__ import annotations

import contextlib
import re
import time
from itertools import product
from typing import Annotated, Any

import pytest

from gpserverless import (
    ArealUnit,
    AttributeField,
    Declared,
    Extent,
    HiddenText,
    LinearUnit,
    SpatialReference,
    SqlExpression,
    TimeUnit,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType, LoadOptions
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.references import fetch_references
from gpserverless.datatypes.registry import DATA_TYPES
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn
from gpserverless.errors import InvalidValue

SHORT, LONG = 2_000, 8_000
FLOOR = 0.0005  # seconds


def read_type(annotation: Any) -> DataType:
    return read_annotation(annotation).data_type


TYPES: list[DataType] = [
    GPBoolean(), GPLong(), GPDouble(), GPString(("a", "b")), GPDate(), GPDataFile(), GPRasterData(),
    GPFeatureRecordSetLayer(), GPRecordSet(),
    GPValueTable((ValueColumn("a", "a", GPString()), ValueColumn("b", "b", GPLong()))),
    *map(read_type, (
        LinearUnit, ArealUnit, TimeUnit, AttributeField, Extent, SpatialReference, HiddenText, SqlExpression,
        list[str], list[LinearUnit], LinearUnit | str,
        Annotated[SpatialReference, Declared("GPSpatialReference")],
        Annotated[LinearUnit | int | str, Declared("GPComposite")],
    )),
]  # fmt: skip

UNITS = (
    "1", "-", " ", "a", "5 ", "1.", "1e", '"', "'", '\\"', "\\", "{", "[", "(", "{a", "[1,", '{"a":', ",a:",
    "{ ", ",", ";", "',", '",', '"a" ', "'a';", "M", "NaN", "-Infinity ", "é", "\x00",
)  # fmt: skip
FRAMES = (
    "{}", "5{}Miles", "5 Meters{}!", '{{"distance":{}', "{{'a':'{}", '{{"date":"2026","format":"{}"}}', "[{}",
    '["{}', '{{"wkt":"{}"}}', "2026-11-21{}", '{{"url":"https://{}"}}', '{{"dataType":"GPLong","value":{}',
)  # fmt: skip


def measure(kind: DataType, raw: str, enough: float = 0) -> float:
    """Return the least seconds of the processor that a value takes, in three tries or until it is enough."""
    times = []
    for _ in range(3):
        start = time.process_time()
        with contextlib.suppress(InvalidValue):
            kind.load(fetch_references(kind, raw, lambda _: None), LoadOptions())
        times.append(time.process_time() - start)
        if times[-1] < enough:
            break
    return min(times)


def test_every_data_type_is_tried() -> None:
    assert {type(kind) for kind in TYPES} >= set(DATA_TYPES)


def grows_faster(kind: DataType, frame: str, unit: str) -> bool:
    """Tell whether four times the text takes more than nine times as long."""
    short, long = (frame.format(unit * (size // len(unit))) for size in (SHORT, LONG))
    slow = measure(kind, long, enough=20 * FLOOR)
    return slow > 20 * FLOOR and slow > 9 * (measure(kind, short) + FLOOR)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: f"{type(kind).__name__}-{kind.name}")
def test_hostile_texts_take_linear_time(kind: DataType) -> None:
    for frame, unit in product(FRAMES, UNITS):
        assert not grows_faster(kind, frame, unit), (frame, unit)


def test_quadratic_expression_is_noticed() -> None:
    class Quadratic(GPString):
        def load(self, raw: Any, options: LoadOptions) -> Any:
            return re.search(r"\s++$", raw)  # no way back, yet every start is tried

    assert grows_faster(Quadratic(), "5{}Miles", " ")
    assert not grows_faster(GPString(), "5{}Miles", " ")
