"""Values as clients of all kinds send them: what is not given, what is converted, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

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
from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.values.read import read_value
from tests.protocols.soap.values.messages import load, make_parameter, parse, value_of


@dataclass(frozen=True)
class Row:
    name: str
    count: int


OneOf = Annotated[LinearUnit | int | str, Declared("GPComposite")]
Reference = Annotated[SpatialReference, Declared("GPSpatialReference")]
Envelope = Annotated[Extent, Declared("GPEnvelope")]
RasterData = Annotated[Raster, Declared("GPRasterData")]

TYPES: list[Any] = [
    bool, int, float, str, HiddenText, SqlExpression, datetime, LinearUnit, ArealUnit, TimeUnit,
    AttributeField, SpatialReference, Reference, Extent, Envelope, OneOf, LinearUnit | str, FeatureSet, Table,
    DataFile, Raster, RasterData, list[int], list[str], list[LinearUnit], list[FeatureSet],
]  # fmt: skip
CLASSIC = [
    "GPString", "GPLong", "GPDouble", "GPBoolean", "GPDate", "GPLinearUnit", "GPRecordSet",
    "GPFeatureRecordSetLayer", "GPDataFile", "GPRasterData", "GPRasterDataLayer", "GPMultiValue",
]  # fmt: skip

UTM32 = SpatialReference(25832)
BOX = Extent(0, -1.5, 2, 1)
MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
FIVE_MILES = LinearUnit(5, "esriMiles")
WKT = (
    'PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"'
    '],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
GRID = ";-5120900 -9998100 10000;-100000 10000;-100000 10000;0.001;0.001;0.001;IsHighPrecision"
SIDES = "<XMin>0</XMin><YMin>-1.5</YMin><XMax>2</XMax><YMax>1</YMax>"


@pytest.mark.parametrize("annotation", TYPES, ids=repr)
@pytest.mark.parametrize(
    "xml",
    [
        '<GPValue xsi:nil="true"/>',
        '<GPValue xsi:type="tns:GPString" xsi:nil="1"/>',
        "<GPValue/>",
        "<GPValue></GPValue>",
        "<GPValue>\n  <!-- none -->\n</GPValue>",
        *(f'<GPValue xsi:type="tns:{type_name}"/>' for type_name in CLASSIC),
    ],
)
def test_nil_and_empty_values_of_any_type_are_not_given(annotation: Any, xml: str) -> None:
    assert read_value(make_parameter(annotation), parse(xml)) == ""


def test_a_value_beyond_the_end_of_the_list_is_not_given() -> None:
    assert read_value(make_parameter(int), None) == ""


@pytest.mark.parametrize(
    ("annotation", "type_name", "content"),
    [
        (str, "GPString", "<Value/>"),
        (str, "GPString", '<Value xsi:nil="true"/>'),
        (int, "GPLong", '<Value xsi:nil="true"/>'),
        (datetime, "GPDate", "<Value>0001-01-01T00:00:00</Value>"),
        (datetime, "GPDate", "<Value>0001-01-01T00:00:00.0000000Z</Value>"),
        (datetime, "GPDate", "<Value>0001-01-01T00:00:00+01:00</Value>"),
        (LinearUnit, "GPLinearUnit", "<Value>0</Value><Units>esriUnknownUnits</Units>"),
        (LinearUnit, "GPLinearUnit", "<Value>0.0</Value><Units/>"),
        (LinearUnit, "GPLinearUnit", '<Value xsi:nil="true"/><Units>esriUnknownUnits</Units>'),
        (OneOf, "GPLinearUnit", "<Value>0</Value><Units>esriUnknownUnits</Units>"),
        (list[int], "GPMultiValue", "<MemberDataType>GPLong</MemberDataType>"),
        (list[int], "GPMultiValue", '<MemberDataType>GPLong</MemberDataType><Values xsi:nil="true"/>'),
        (FeatureSet, "GPFeatureRecordSetLayer", "<ExceededTransferLimit>false</ExceededTransferLimit>"),
        (FeatureSet, "GPFeatureRecordSetLayer", '<RecordSet xsi:nil="true"/><ShapeFieldName/>'),
        (Table, "GPRecordSet", "<RecordSet/>"),
        (DataFile, "GPDataFile", '<Data xsi:nil="true"/>'),
        (DataFile, "GPDataFile", "<Data><Compressed>false</Compressed><URL/></Data>"),
        (Raster, "GPRasterDataLayer", "<Format>tif</Format>"),
    ],
)
def test_values_that_clients_without_null_send_are_not_given(
    annotation: Any, type_name: str, content: str
) -> None:
    assert read_value(make_parameter(annotation), value_of(type_name, content)) == ""


READ: list[tuple[Any, str, str, Any]] = [
    (bool, "GPBoolean", "<Value> TRUE </Value>", True),
    (bool, "GPBoolean", "<Value>0</Value>", False),
    (bool, "GPBoolean", "<Value>false</Value>", False),
    (bool, "GPString", "<Value>true</Value>", True),
    (bool, "GPLong", "<Value>1</Value>", True),
    (int, "GPLong", "<Value>\n  7 </Value>", 7),
    (int, "GPLong", "<Value>-2147483648</Value>", -(2**31)),
    (int, "GPLong", "<Value>0</Value>", 0),
    (int, "GPString", "<Value>12</Value>", 12),
    (int, "GPString", "<Value>5000000000</Value>", 5_000_000_000),
    (int, "GPDouble", "<Value>12.0</Value>", 12),
    (float, "GPDouble", "<Value>1e-3</Value>", 0.001),
    (float, "GPLong", "<Value>3</Value>", 3.0),
    (float, "GPString", "<Value>0.5</Value>", 0.5),
    (str, "GPString", "<Value>  a &lt;b&gt; </Value>", "  a <b> "),
    (str, "GPString", "<Value><![CDATA[<x>]]>&#13;\n</Value>", "<x>\r\n"),
    (str, "GPString", "<Value>a<!-- not this -->b</Value>", "ab"),
    (str, "GPString", "text itself", "text itself"),
    (str, "GPLong", "<Value>5</Value>", "5"),
    (str, "GPDouble", "<Value>0.10</Value>", "0.10"),
    (HiddenText, "GPString", "<Value> s </Value>", HiddenText(" s ")),
    (HiddenText, "GPStringHidden", "<Value>s</Value>", HiddenText("s")),
    (SqlExpression, "GPString", "<Value>POP &gt; 1</Value>", SqlExpression("POP > 1")),
    (SqlExpression, "GPSQLExpression", "<Value>POP &gt; 1</Value>", SqlExpression("POP > 1")),
    (datetime, "GPDate", "<Value>2026-11-21T08:30:00</Value>", MORNING),
    (datetime, "GPDate", "<Value>2026-11-21T09:30:00+01:00</Value>", MORNING),
    (datetime, "GPDate", "<Value>2026-11-21T08:30:00.0000000Z</Value>", MORNING),
    (datetime, "GPString", "<Value>1795249800000</Value>", MORNING),
    (LinearUnit, "GPLinearUnit", "<Value>5</Value><Units>esriMiles</Units>", FIVE_MILES),
    (LinearUnit, "GPLinearUnit", "<Units>ESRIMILES</Units><Value> 5.0 </Value>", FIVE_MILES),
    (LinearUnit, "GPLinearUnit", "<Value>5</Value><Units>Miles</Units>", FIVE_MILES),
    (LinearUnit, "GPLinearUnit", "<Value>0</Value><Units>esriMeters</Units>", LinearUnit(0, "esriMeters")),
    (
        LinearUnit, "GPLinearUnit", "<Value>5</Value><Units>esriUnknownUnits</Units>",
        LinearUnit(5, "esriUnknownUnits"),
    ),
    (LinearUnit, "GPString", "<Value>5 Miles</Value>", FIVE_MILES),
    (LinearUnit, "GPString", '<Value>{"distance":5,"units":"esriMiles"}</Value>', FIVE_MILES),
    (ArealUnit, "GPString", "<Value>3 Acres</Value>", ArealUnit(3, "esriAcres")),
    (ArealUnit, "GPArealUnit", "<Value>3</Value><Units>esriAcres</Units>", ArealUnit(3, "esriAcres")),
    (TimeUnit, "GPString", "<Value>3 Months</Value>", TimeUnit(3, "esriTimeUnitsMonths")),
    (TimeUnit, "GPTimeUnit", "<Value>3</Value><Units>Months</Units>", TimeUnit(3, "esriTimeUnitsMonths")),
    (AttributeField, "GPString", "<Value>POP</Value>", AttributeField("POP")),
    (
        AttributeField, "Field", "<Name>POP</Name><Type>esriFieldTypeDouble</Type><Length>8</Length>",
        AttributeField("POP", "esriFieldTypeDouble"),
    ),
    (SpatialReference, "GPString", "<Value>25832</Value>", UTM32),
    (SpatialReference, "GPString", f"<Value>{WKT}</Value>", UTM32),
    (SpatialReference, "GPSpatialReference", f"<Value>{WKT}{GRID}</Value>", UTM32),
    (SpatialReference, "ProjectedCoordinateSystem", "<WKID>25832</WKID>", UTM32),
    (Reference, "GPLong", "<Value>25832</Value>", UTM32),
    (
        Reference, "GPSpatialReference",
        '<SpatialReference xsi:type="tns:ProjectedCoordinateSystem"><WKID>25832</WKID></SpatialReference>',
        UTM32,
    ),
    (Reference, "GPString", '<Value>{"wkid":25832}</Value>', UTM32),
    (Extent, "GPString", '<Value>{"xmin":0,"ymin":-1.5,"xmax":2,"ymax":1}</Value>', BOX),
    (Extent, "GPString", "<Value>0 -1.5 2 1</Value>", BOX),
    (Extent, "GPString", "<Value>0, -1.5, 2, 1</Value>", BOX),
    (Extent, "GPExtent", "<Value>0 -1.5 2 1 NaN NaN NaN NaN</Value>", BOX),
    (
        Extent, "GPString", f"<Value>0 -1.5 2 1 {WKT}</Value>",
        Extent(0, -1.5, 2, 1, spatial_reference=UTM32),
    ),
    (Extent, "EnvelopeN", SIDES, BOX),
    (Envelope, "GPExtent", f'<Extent xsi:type="tns:EnvelopeN">{SIDES}</Extent>', BOX),
    (OneOf, "GPString", "<Value>5 Miles</Value>", FIVE_MILES),
    (OneOf, "GPString", "<Value>WIDTH</Value>", "WIDTH"),
    (OneOf, "GPLong", "<Value>5</Value>", 5),
    (OneOf, "GPLinearUnit", "<Value>5</Value><Units>esriMiles</Units>", FIVE_MILES),
    (LinearUnit | str, "GPLinearUnit", "<Value>5</Value><Units>esriMiles</Units>", FIVE_MILES),
    *(
        (
            list[int], "GPMultiValue",
            f'<Values><GPValue xsi:type="tns:{member}"><Value>5</Value></GPValue></Values>', [5],
        )
        for member in ("GPLong", "GPDouble", "GPString")
    ),
    (list[int], "GPMultiValue", "<Values><GPValue><Value>5</Value></GPValue></Values>", [5]),
    (list[int], "GPMultiValue", "<MemberDataType>GPMultiValue:GPLong</MemberDataType><Values/>", []),
    (list[Row], "GPString", '<Value>[["a",1]]</Value>', [Row("a", 1)]),
    (list[int], "GPString", "<Value>[1,2]</Value>", [1, 2]),
    (list[int], "GPString", "<Value>1;2</Value>", [1, 2]),
    (list[int], "GPLong", "<Value>1</Value>", [1]),
    (list[str], "GPMultiValue", "<Values><GPValue><Value>a;b</Value></GPValue></Values>", ["a;b"]),
    (list[str], "GPMultiValue", "<Values><GPValue><Value></Value></GPValue></Values>", [""]),
    (
        list[LinearUnit], "GPMultiValue",
        "<Values><GPValue><Value>5</Value><Units>esriMiles</Units></GPValue>"
        '<GPValue xsi:type="tns:GPString"><Value>5 Miles</Value></GPValue></Values>',
        [FIVE_MILES, FIVE_MILES],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "type_name", "content", "expected"), READ)
def test_a_value_is_read_from_its_own_type_and_from_others_that_lose_nothing(
    annotation: Any, type_name: str, content: str, expected: Any
) -> None:
    assert load(annotation, value_of(type_name, content)) == expected


@pytest.mark.parametrize(
    ("annotation", "xml", "expected"),
    [
        (int, "<GPValue><Value>5</Value></GPValue>", 5),
        (int, "<GPValue>5</GPValue>", 5),
        (int, '<GPValue xsi:type="xsd:int">5</GPValue>', 5),
        (str, '<GPValue xsi:type="xsd:string"> a </GPValue>', " a "),
        (LinearUnit, "<GPValue><Value>5</Value><Units>esriMiles</Units></GPValue>", FIVE_MILES),
        (ArealUnit, "<GPValue><Value>3</Value><Units>esriAcres</Units></GPValue>", ArealUnit(3, "esriAcres")),
        (SpatialReference, "<GPValue><WKID>25832</WKID></GPValue>", UTM32),
        (OneOf, "<GPValue><Value>5 Miles</Value></GPValue>", FIVE_MILES),
        (int, '<tns:GPValue xsi:type="tns:GPLong"><tns:Value>5</tns:Value></tns:GPValue>', 5),
        (int, '<GPValue xmlns:q1="urn:other" xsi:type="q1:GPLong"><Value xmlns="">5</Value></GPValue>', 5),
    ],
)
def test_a_value_without_a_type_has_that_of_its_parameter(annotation: Any, xml: str, expected: Any) -> None:
    assert load(annotation, parse(xml)) == expected


def test_files_are_references() -> None:
    url = "<Data><TransportType>esriGDSTransportTypeUrl</TransportType><URL>https://a.example/b.zip</URL></Data>"
    upload = "<Data><UploadID>i00000000-0000-0000-0000-000000000001</UploadID></Data>"
    file, raster = make_parameter(DataFile), make_parameter(Raster)

    assert read_value(file, value_of("GPDataFile", url)) == '{"url":"https://a.example/b.zip"}'
    assert read_value(file, value_of("GPString", "<Value>https://a.example/b.zip</Value>")) == (
        "https://a.example/b.zip"
    )
    assert read_value(raster, value_of("GPRasterData", f"{url}<Format>tif</Format>")) == (
        '{"url":"https://a.example/b.zip","format":"tif"}'
    )
    assert read_value(file, value_of("GPDataFile", upload)) == (
        '{"itemID":"i00000000-0000-0000-0000-000000000001"}'
    )


def test_a_file_in_the_request_is_kept_under_its_name() -> None:
    kept = {}

    def keep_file(name: str, content: bytes) -> dict[str, str]:
        kept[name] = content
        return {"itemID": "i1"}

    content = "<Data><EmbeddedData>aGVs\n bG8=</EmbeddedData></Data><File>C:\\towns\\all.csv</File>"
    raw = read_value(make_parameter(DataFile), value_of("GPDataFile", content), keep_file)

    assert raw == '{"itemID":"i1"}'
    assert kept == {"all.csv": b"hello"}


REFUSED: list[tuple[Any, str, str, str]] = [
    (bool, "GPBoolean", "<Value>maybe</Value>", "'maybe' is not a truth value"),
    (bool, "GPBoolean", "<Value>2</Value>", "'2' is not a truth value"),
    (bool, "GPDouble", "<Value>1</Value>", "a value of the type 'GPDouble' was sent for GPBoolean"),
    (int, "GPLong", "<Value>abc</Value>", "'abc' is not a whole number"),
    (int, "GPLong", "<Value>1.5</Value>", "'1.5' is not a whole number"),
    (int, "GPLong", "<Value>2147483648</Value>", "'2147483648' does not fit into 32 bits"),
    (int, "GPLong", f"<Value>{'9' * 5000}</Value>", "is not a whole number"),
    (int, "GPDouble", "<Value>1.5</Value>", "'1.5' is not a whole number"),
    (int, "GPBoolean", "<Value>true</Value>", "a value of the type 'GPBoolean' was sent for GPLong"),
    (int, "GPDate", "<Value>2026-11-21T08:30:00</Value>", "a value of the type 'GPDate' was sent for GPLong"),
    (int, "GPMultiValue", "<Values><GPValue><Value>5</Value></GPValue></Values>", "a list was sent for a"),
    (float, "GPDouble", "<Value>INF</Value>", "'INF' is not"),
    (float, "GPDouble", "<Value>NaN</Value>", "'NaN' is not"),
    (float, "GPDouble", "<Value>0x10</Value>", "'0x10' is not a number"),
    (str, "GPLinearUnit", "<Value>5</Value><Units>esriMiles</Units>", "of the type 'GPLinearUnit' was sent"),
    (str, "GPString", "<Value>5</Value><Units>esriMiles</Units>", "it has a unit"),
    (datetime, "GPDate", "<Value>tomorrow</Value>", "'tomorrow' is not a date"),
    (datetime, "GPDate", "<Value>10000-01-01T00:00:00</Value>", "'10000-01-01T00:00:00' is not a date"),
    (datetime, "GPLong", "<Value>0</Value>", "a value of the type 'GPLong' was sent for GPDate"),
    (LinearUnit, "GPLinearUnit", "<Value>5</Value><Units>esriParsecs</Units>", "is not a linear unit"),
    (LinearUnit, "GPLinearUnit", "<Value>x</Value><Units>esriMiles</Units>", "'x' is not a number"),
    (LinearUnit, "GPLinearUnit", "<Units>esriMiles</Units>", "has no 'distance'"),
    (LinearUnit, "GPDouble", "<Value>5</Value>", "a value of the type 'GPDouble' was sent for GPLinearUnit"),
    (LinearUnit, "GPTimeUnit", "<Value>5</Value><Units>Days</Units>", "of the type 'GPTimeUnit' was sent"),
    (FeatureSet, "GPLong", "<Value>5</Value>", "a value of the type 'GPLong' was sent"),
    (FeatureSet, "GPRandomNumberGenerator", "<Value>0</Value>", "type 'GPRandomNumberGenerator' was sent"),
    (DataFile, "GPDataFile", "<Data><EmbeddedData>aGVsbG8=</EmbeddedData></Data>", "cannot be sent inside"),
    (DataFile, "GPDataFile", "<Data><URL>https://a.b</URL><UploadID>i1</UploadID></Data>", "more than one"),
    (DataFile, "GPDataFile", "<Data><Compressed>1</Compressed><URL>https://a.b</URL></Data>", "compressed"),
    (Extent, "EnvelopeB", "<Bytes>AAAA</Bytes>", "type 'EnvelopeB' was sent for GPExtent"),
    (Extent, "GPExtent", '<Extent xsi:type="tns:EnvelopeB"><Bytes>AA</Bytes></Extent>', "of bytes"),
    (Extent, "GPString", "<Value>1 2 3</Value>", "malformed"),
    (list[Row], "GPValueTable", "<Value>a</Value>", "a GPValueTable has no form in SOAP"),
    (OneOf, "GPBoolean", "<Value>true</Value>", "type 'GPBoolean' was sent for GPComposite"),
    (OneOf, "GPLong", "<Value>x</Value>", "'x' is not a whole number"),
    (list[int], "GPMultiValue", "<Values><GPValue/></Values>", "element 0: "),
    (
        list[int], "GPMultiValue",
        "<Values><GPValue><Value>1</Value></GPValue>"
        '<GPValue xsi:type="tns:GPBoolean"><Value>1</Value></GPValue></Values>',
        "element 1: a value of the type 'GPBoolean' was sent for GPLong",
    ),
    (
        list[int], "GPMultiValue",
        '<Values><GPValue xsi:type="tns:GPMultiValue"><Values/></GPValue></Values>',
        "element 0: a list within a list",
    ),
    (list[int], "GPBoolean", "<Value>true</Value>", "element 0: a value of the type 'GPBoolean' was sent"),
    (list[int], "GPMultiValue", "<GPLong>5</GPLong>", "it has a member 'GPLong'"),
    (str, "GPString", "<Value><string>a</string></Value>", "its Value has a member 'string'"),
    (int, "GPLong", "<value>5</value>", "it has a member 'value'"),
    (str, "GPString", "<string>a</string>", "it has a member 'string'"),
    (datetime, "GPDate", "<Date>2026-11-21T08:30:00</Date>", "it has a member 'Date'"),
    (LinearUnit, "GPLinearUnit", "<Distance>5</Distance>", "it has a member 'Distance'"),
    (LinearUnit, "GPLinearUnit", "<Distance>5</Distance><Units>esriMiles</Units>", "member 'Distance'"),
    (FeatureSet, "GPFeatureRecordSetLayer", "<Features>5</Features>", "member 'Features'"),
    (Extent, "GPExtent", "<Extent><YMin>0</YMin></Extent>", "it has a member 'Extent'"),
    (DataFile, "GPDataFile", "<File>C:/a.csv</File>", "is named, but not sent"),
    (DataFile, "GPDataFile", "<Data><URL/></Data><File>C:/a.csv</File>", "is named, but not sent"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "type_name", "content", "problem"), REFUSED)
def test_a_wrong_value_is_refused_with_the_name_of_its_parameter(
    annotation: Any, type_name: str, content: str, problem: str
) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        load(annotation, value_of(type_name, content))

    assert refusal.value.parameter == "Given"
    assert problem in str(refusal.value)
    assert "Accepted: " in str(refusal.value)


def test_a_hidden_text_is_not_shown_in_its_refusal() -> None:
    secret = value_of("GPLinearUnit", "<Value>1234567</Value><Units>esriMiles</Units>")
    with pytest.raises(InvalidParameter) as refusal:
        load(HiddenText, secret)
    assert "1234567" not in str(refusal.value)
