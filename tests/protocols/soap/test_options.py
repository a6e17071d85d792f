"""Options and environments: those with an effect, those without, and what a job gives back of them."""

from __future__ import annotations

import orjson
import pytest

from gpserverless.errors import InvalidParameter, RequestError
from gpserverless.protocols.soap.options import (
    SoapOptions,
    complete_options,
    make_environments_node,
    make_options_node,
    read_options,
)
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.call import Call
from tests.protocols.soap.values.messages import parse

UTM32 = {"wkid": 25832, "latestWkid": 25832}
UTM32_XML = '<{0} xsi:type="tns:ProjectedCoordinateSystem"><WKID>25832</WKID></{0}>'
WKT = (
    'PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"'
    '],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
SIDES = "<XMin>0</XMin><YMin>-1.5</YMin><XMax>2</XMax><YMax>1</YMax>"

# What ArcPy 3.7 sends with every call.
ARCPY_OPTIONS = (
    '<Options xsi:type="tns:GPResultOptions"><DensifyFeatures>false</DensifyFeatures>'
    "<TransportType>esriGDSTransportTypeUrl</TransportType><ReturnData>false</ReturnData>"
    "<UpdateValues>true</UpdateValues></Options>"
)
ARCPY_ENVIRONMENTS = [
    ("outputZFlag", '<Value xsi:type="tns:GPString"><Value>Same As Input</Value></Value>'),
    ("outputMFlag", '<Value xsi:type="tns:GPString"><Value>Same As Input</Value></Value>'),
    (
        "randomGenerator",
        '<Value xsi:type="tns:GPRandomNumberGenerator"><Value>0</Value>'
        "<GPRandomNumberGenerator>ACM599</GPRandomNumberGenerator></Value>",
    ),
    ("autoCommit", '<Value xsi:type="tns:GPLong"><Value>1000</Value></Value>'),
    ("cellSizeProjectionMethod", '<Value xsi:type="tns:GPString"><Value>CONVERT_UNITS</Value></Value>'),
    ("nodata", '<Value xsi:type="tns:GPString"><Value>NONE</Value></Value>'),
]


def make_environments(*entries: tuple[str, str]) -> Element:
    properties = "".join(
        f"<PropertySetProperty><Key>{key}</Key>{value}</PropertySetProperty>" for key, value in entries
    )
    return parse(f"<EnvironmentValues><PropertyArray>{properties}</PropertyArray></EnvironmentValues>")


def read_environment(key: str, value: str) -> SoapOptions:
    return read_options(None, make_environments((key, value)))


def text(words: str) -> str:
    return f'<Value xsi:type="xsd:string">{words}</Value>'


def keep(given: SoapOptions) -> dict[str, object]:
    """Return the document of options as a store of JSON gives it back."""
    document: dict[str, object] = orjson.loads(orjson.dumps(given.document))
    return document


def test_results_carry_the_heights_and_measures_that_exist() -> None:
    call = read_options(None).call
    assert (call.return_z, call.return_m) == (True, True)
    assert (call.out_sr, call.process_sr, call.extent) == (None, None, None)


def test_what_arcpy_sends_with_every_call_has_no_effect() -> None:
    given = read_options(parse(ARCPY_OPTIONS), make_environments(*ARCPY_ENVIRONMENTS))
    assert given.call == read_options(None).call
    assert not given.embeds_files
    assert given.warnings == ()


UNUSED = [
    ("mask", "C:/data/lake.shp", True),
    ("cellSize", "25", True),
    ("cartographicCoordinateSystem", "25832", True),
    ("XYTolerance", "0.001 Meters", True),
    ("cellSize", "MAXOF", False),
    ("mask", "", False),
    ("parallelProcessingFactor", "50%", False),
]


@pytest.mark.parametrize(("key", "words", "is_said"), UNUSED)
def test_an_environment_that_would_change_results_elsewhere_is_said_to_have_no_effect(
    key: str, words: str, is_said: bool
) -> None:
    sentences = (f"The environment '{key}' has no effect here.",) if is_said else ()
    assert read_environment(key, text(words)).warnings == sentences


def test_files_are_wanted_in_the_answer() -> None:
    xml = "<Options><TransportType> esriGDSTransportTypeEmbedded </TransportType></Options>"
    assert read_options(parse(xml)).embeds_files


def make_call(options: str, *environments: tuple[str, str]) -> Call:
    given = read_options(parse(options), make_environments(*environments))
    return Call("S", "T", {}, given.call, kept=keep(given))


EMBEDDED = "<Options><TransportType>esriGDSTransportTypeEmbedded</TransportType></Options>"
TRANSPORTS = [
    (EMBEDDED, "<Options/>", True),
    (EMBEDDED, ARCPY_OPTIONS, False),
    (ARCPY_OPTIONS, EMBEDDED, True),
    (ARCPY_OPTIONS, "<Options/>", False),
]


@pytest.mark.parametrize(("of_job", "of_result", "embeds"), TRANSPORTS)
def test_the_transport_of_the_job_counts_where_the_result_is_asked_without_one(
    of_job: str, of_result: str, embeds: bool
) -> None:
    assert complete_options(read_options(parse(of_result)), make_call(of_job)).embeds_files is embeds


def test_ordinates_that_a_job_has_disabled_are_left_out_of_its_results() -> None:
    job = make_call(ARCPY_OPTIONS, ("outputZFlag", text("Disabled")))
    call = complete_options(read_options(parse(ARCPY_OPTIONS)), job).call
    assert (call.return_z, call.return_m) == (False, True)


def test_options_name_the_spatial_reference_of_results() -> None:
    given = read_options(parse(f"<Options>{UTM32_XML.format('SpatialReference')}</Options>"))
    assert given.call.out_sr == UTM32


@pytest.mark.parametrize("key", ["outputCoordinateSystem", "OUTPUTCOORDINATESYSTEM", "SpatialReference"])
@pytest.mark.parametrize(
    "value",
    [
        text("25832"),
        text(WKT),
        text(f"{WKT};-5120900 -9998100 10000;-100000 10000;0.001;IsHighPrecision"),
        '<Value xsi:type="tns:GPString"><Value>25832</Value></Value>',
        '<Value xsi:type="tns:GPLong"><Value>25832</Value></Value>',
        '<Value xsi:type="tns:GPSpatialReference"><Value>25832</Value></Value>',
        f'<Value xsi:type="tns:GPCoordinateSystem">{UTM32_XML.format("SpatialReference")}</Value>',
        UTM32_XML.format("Value"),
    ],
)
def test_an_environment_names_the_spatial_reference_of_results(key: str, value: str) -> None:
    assert read_environment(key, value).call.out_sr == UTM32


@pytest.mark.parametrize("words", ["", "Same As Input", "#"])
def test_an_environment_may_ask_for_no_spatial_reference(words: str) -> None:
    given = read_environment("outputCoordinateSystem", text(words))
    assert given.call.out_sr is None
    assert given.warnings == ()


@pytest.mark.parametrize(
    "value",
    [
        text("0 -1.5 2 1"),
        '<Value xsi:type="tns:GPString"><Value>0 -1.5 2 1 NaN NaN NaN NaN</Value></Value>',
        f'<Value xsi:type="tns:EnvelopeN">{SIDES}</Value>',
        f'<Value xsi:type="tns:GPExtent"><Extent xsi:type="tns:EnvelopeN">{SIDES}</Extent></Value>',
    ],
)
def test_an_environment_names_the_extent_of_inputs(value: str) -> None:
    given = read_environment("extent", value).call.extent
    assert given is not None
    assert [given[side] for side in ("xmin", "ymin", "xmax", "ymax")] == [0, -1.5, 2, 1]


@pytest.mark.parametrize("words", ["DEFAULT", "MAXOF", "MINOF", ""])
def test_an_environment_may_ask_for_no_extent(words: str) -> None:
    given = read_environment("extent", text(words))
    assert given.call.extent is None
    assert given.warnings == ()


@pytest.mark.parametrize(("key", "words"), [("outputCoordinateSystem", "nowhere"), ("extent", "1 2 3")])
def test_an_environment_that_cannot_be_read_has_no_effect_and_a_warning(key: str, words: str) -> None:
    given = read_environment(key, text(words))
    assert given.call == read_options(None).call
    assert len(given.warnings) == 1
    assert given.warnings[0].startswith(f"The environment '{key}' has no effect: ")


def test_heights_and_measures_can_be_left_out() -> None:
    assert not read_environment("outputZFlag", text("Disabled")).call.return_z
    assert not read_environment("outputMFlag", text("DISABLED")).call.return_m
    assert read_environment("outputZFlag", text("Enabled")).call.return_z


@pytest.mark.parametrize(
    ("content", "parameter"),
    [
        ("<TransportType>esriGDSTransportTypePigeon</TransportType>", "Options.TransportType"),
        ("<DensifyFeatures>perhaps</DensifyFeatures>", "Options.DensifyFeatures"),
        (
            '<SpatialReference xsi:type="tns:ProjectedCoordinateSystem"><WKID>99</WKID></SpatialReference>',
            "Options.SpatialReference",
        ),
    ],
)
def test_wrong_options_are_refused_with_their_name(content: str, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        read_options(parse(f"<Options>{content}</Options>"))
    assert refusal.value.parameter == parameter


def test_too_many_environments_are_refused() -> None:
    with pytest.raises(RequestError, match="201 environments"):
        read_options(None, make_environments(*((f"e{i}", text("1")) for i in range(201))))


def test_a_job_gives_its_options_back() -> None:
    options = f"<Options><Format>shp</Format>{UTM32_XML.format('SpatialReference')}</Options>"
    document = keep(read_options(parse(options)))

    shown = parse(write_node("Result", make_options_node(document)))

    assert shown.type_name == "GPResultOptions"
    assert shown.read_text("DensifyFeatures") == "false"
    assert shown.read_text("TransportType") == "esriGDSTransportTypeUrl"
    assert shown.read_text("Format") == "shp"
    assert read_options(shown).call.out_sr == UTM32


def test_a_job_without_options_gives_the_defaults_and_no_environments() -> None:
    shown = parse(write_node("Result", make_options_node({})))
    assert [child.text for child in shown.children] == ["false", "esriGDSTransportTypeUrl"]

    environments = parse(write_node("Result", make_environments_node({})))
    assert [child.name for child in environments.children] == ["PropertyArray"]


def test_a_job_gives_its_environments_back_in_types_that_are_declared() -> None:
    entries = [
        *ARCPY_ENVIRONMENTS,
        ("outputCoordinateSystem", UTM32_XML.format("Value")),
        ("extent", f'<Value xsi:type="tns:EnvelopeN">{SIDES}</Value>'),
        ("snapExtent", '<Value xsi:type="tns:EnvelopeN"><XMin>0</XMin></Value>'),
        ("mask", '<Value xsi:nil="true"/>'),
        ("cellSize", '<Value xsi:type="tns:GPLong"><Value>many</Value></Value>'),
    ]
    document = keep(read_options(None, make_environments(*entries)))

    shown = parse(write_node("Result", make_environments_node(document)))

    array = shown.find("PropertyArray")
    assert array is not None
    values = {entry.read_text("Key"): entry.find("Value") for entry in array.children}
    assert list(values) == [key for key, _ in entries]
    types = {key: None if value is None else value.type_name for key, value in values.items()}
    assert types == {
        "outputZFlag": "GPString",
        "outputMFlag": "GPString",
        "randomGenerator": "GPString",
        "autoCommit": "GPLong",
        "cellSizeProjectionMethod": "GPString",
        "nodata": "GPString",
        "outputCoordinateSystem": "ProjectedCoordinateSystem",
        "extent": "EnvelopeN",
        "snapExtent": "GPString",
        "mask": None,
        "cellSize": "GPString",
    }
    assert read_options(None, shown).call == read_options(None, make_environments(*entries)).call
