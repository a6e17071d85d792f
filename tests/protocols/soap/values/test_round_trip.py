"""A value of every data type that a tool returns comes back equal when a client sends it as an input."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import pytest

from gpserverless import (
    ArealUnit,
    AttributeField,
    DataFile,
    Declared,
    Extent,
    FeatureSet,
    HiddenText,
    LinearUnit,
    Raster,
    SpatialReference,
    SqlExpression,
    Table,
    TimeUnit,
)
from gpserverless.datatypes.registry import DATA_TYPES
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.write import make_value_node
from gpserverless.values.areal_units import AREAL_UNITS
from gpserverless.values.time_units import TIME_UNITS
from gpserverless.values.units import LINEAR_UNITS
from tests.protocols.soap.values.messages import exchange, make_parameter, send


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None = None
    area: ArealUnit | None = None


OneOf = Annotated[LinearUnit | int | str, Declared("GPComposite")]
Reference = Annotated[SpatialReference, Declared("GPSpatialReference")]
System = Annotated[SpatialReference, Declared("GPCoordinateSystem")]
RasterData = Annotated[Raster, Declared("GPRasterData")]
Envelope = Annotated[Extent, Declared("GPEnvelope")]
UTM32 = SpatialReference(25832)
BOX = Extent(0.5, -1.25, 2, 1, spatial_reference=UTM32)
FIVE_MILES = LinearUnit(5, "esriMiles")
MORNING = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ODD_TEXT = " a <b> & ]]> \r\n\tüöä 𝄞 \n"

VALUES: list[tuple[Any, Any]] = [
    (bool, True),
    (bool, False),
    (int, 0),
    (int, 2**31 - 1),
    (int, -(2**31)),
    (float, 0.1),
    (float, -1.7976931348623157e308),
    (float, 5e-324),
    (float, 0.0),
    (str, "LEFT"),
    (str, ODD_TEXT),
    (str, "null"),
    (str, "  "),
    (str, '{"url": "x"}'),
    (HiddenText, HiddenText(" s3cret <&> ")),
    (SqlExpression, SqlExpression("POP > 1000 AND NAME LIKE 'A%'")),
    (datetime, MORNING),
    (datetime, datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
    (datetime, datetime(987, 6, 1, tzinfo=UTC)),
    (datetime, datetime(9999, 12, 31, 23, 59, 59, 1000, tzinfo=UTC)),
    *((LinearUnit, LinearUnit(2.5, unit)) for unit in LINEAR_UNITS),
    (LinearUnit, LinearUnit(0, "esriMeters")),
    *((ArealUnit, ArealUnit(2.5, unit)) for unit in AREAL_UNITS),
    *((TimeUnit, TimeUnit(2.5, unit)) for unit in TIME_UNITS),
    (AttributeField, AttributeField("POP", "esriFieldTypeInteger", alias="People")),
    (list[Row], [Row("a", 1, ArealUnit(2, "esriAcres")), Row("")]),
    (list[Row], []),
    (OneOf, FIVE_MILES),
    (OneOf, 5),
    (OneOf, "WIDTH"),
    (LinearUnit | str, FIVE_MILES),
    (LinearUnit | str, "WIDTH"),
    (SpatialReference, UTM32),
    (Reference, UTM32),
    (System, SpatialReference(4326)),
    (Extent, BOX),
    (Envelope, Extent(0, 0, 2, 1, 1, 2, 3, 4)),
    (list[bool], [True, False]),
    (list[int], [5, -6]),
    (list[float], [0.1, 2.0]),
    (list[str], ["a,b", "", "c;d", ODD_TEXT]),
    (list[str], []),
    (list[HiddenText], [HiddenText("a"), HiddenText("b")]),
    (list[SqlExpression], [SqlExpression("A = 1"), SqlExpression("B IN (1, 2)")]),
    (list[datetime], [MORNING]),
    (list[LinearUnit], [FIVE_MILES, LinearUnit(1, "esriUnknownUnits")]),
    (list[ArealUnit], [ArealUnit(3, "esriHectares")]),
    (list[TimeUnit], [TimeUnit(3, "esriTimeUnitsMonths")]),
    (list[AttributeField], [AttributeField("POP", "esriFieldTypeInteger", alias="People")]),
    (list[OneOf], [FIVE_MILES, 5, "WIDTH"]),
    (list[Reference], [UTM32, SpatialReference(4326)]),
    (list[Extent], [BOX]),
]


@pytest.mark.parametrize(("annotation", "value"), VALUES, ids=repr)
def test_a_result_sent_back_is_the_same_value(annotation: Any, value: Any) -> None:
    assert exchange(annotation, value) == value


REFERENCES: list[tuple[Any, Any]] = [
    (DataFile, {"url": "https://a.example/files/b.csv?c=1&d=2"}),
    (DataFile, {"itemID": "i00000000-0000-0000-0000-000000000001"}),
    (Raster, {"url": "https://a.example/files/b.tif", "format": "tif"}),
    (RasterData, {"url": "https://a.example/files/b.tif", "format": "tif"}),
    (list[DataFile], [{"url": "https://a.example/1.csv"}, {"url": "https://a.example/2.csv"}]),
    (list[Raster], [{"url": "https://a.example/1.tif", "format": "tif"}]),
    (list[RasterData], [{"url": "https://a.example/1.tif", "format": "tif"}]),
]


@pytest.mark.parametrize(("annotation", "reference"), REFERENCES)
def test_a_file_sent_back_is_the_same_reference(annotation: Any, reference: Any) -> None:
    answered = send(make_value_node(make_parameter(annotation, direction="output"), reference))
    assert orjson.loads(read_value(make_parameter(annotation), answered)) == reference


def test_every_data_type_is_sent_back() -> None:
    sent = [annotation for annotation, _ in (*VALUES, *REFERENCES)] + [FeatureSet, Table]  # see test_sets
    assert {type(make_parameter(annotation).data_type) for annotation in sent} == set(DATA_TYPES)


NO_RESULT: list[Any] = [
    bool, int, float, str, HiddenText, SqlExpression, datetime, LinearUnit, ArealUnit, TimeUnit,
    AttributeField, SpatialReference, Reference, System, Extent, Envelope, OneOf, LinearUnit | str,
]  # fmt: skip


@pytest.mark.parametrize("annotation", NO_RESULT, ids=repr)
def test_no_result_sent_back_is_no_value(annotation: Any) -> None:
    assert exchange(annotation, None) is None
