"""Pictures of the map of a job, with the rules of export, against the polygons themselves."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.feature_collection import SYMBOLS
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.mapserver.maps import MAP, NOW, MapSite, alpha

WEB = SpatialReference(102100, 3857)
FILL = (76, 129, 205)
PLOTS = shapely.box([0, 200], [0, 200], [100, 300], [100, 300])
WHOLE = {"bbox": "0,0,300,300", "size": "300,300"}
OPEN = {**WHOLE, "transparent": "true"}


def plots() -> FeatureSet[Any]:
    return FeatureSet.of(PLOTS, WEB, {"name": ["A; B", "C"], "pop": [5, 15]})


def wells() -> FeatureSet[Any]:
    return FeatureSet.of(shapely.points([(50, 50), (150, 150)]), WEB, {"depth": [1.5, None]})


@pytest.fixture(scope="module")
def site() -> MapSite:
    return MapSite.of((wells(), "Wells", {}), (plots(), "Plots", {}))


def share_right(opacity: np.ndarray[Any, Any], shape: shapely.Geometry, extent: tuple[float, ...]) -> float:
    """Return the share of pixels that are drawn where the shape is, and empty where it is not."""
    height, width = opacity.shape
    west, south, east, north = extent
    x = west + (np.arange(width) + 0.5) / width * (east - west)
    y = north - (np.arange(height) + 0.5) / height * (north - south)
    inside = shapely.contains_xy(shape, *np.meshgrid(x, y))
    return float(((opacity > 0) == inside).mean())


@pytest.mark.parametrize(
    ("options", "extent"),
    [
        ({"bbox": "0,0,300,300", "size": "300,300"}, (0, 0, 300, 300)),
        ({"bbox": "0,300,300,0", "size": "300,300"}, (0, 0, 300, 300)),  # as esri-leaflet sends it
        ({"bbox": "300,300,0,0", "size": "300,300"}, (0, 0, 300, 300)),
        ({"bbox": '{"xmin":0,"ymin":0,"xmax":300,"ymax":300}', "size": "300,300"}, (0, 0, 300, 300)),
        ({"bbox": "50,50,250,250", "size": "400.0,400"}, (50, 50, 250, 250)),
        ({"bbox": "0,0,300,300", "size": "600,300"}, (-150, 0, 450, 300)),  # grown, never squeezed
        ({"bbox": "0,0,300,300", "size": "200,400"}, (0, -150, 300, 450)),
        ({"bbox": "0,0,300,300"}, (0, 0, 300, 300)),
        ({"bbox": "90,150,90,150", "size": "10,10"}, None),
    ],
)
def test_picture_shows_the_polygons_where_they_are(
    site: MapSite, options: dict[str, str], extent: tuple[float, ...] | None
) -> None:
    picture = site.draw(**options, transparent="true", layers="show:1")
    if extent is None:
        assert picture.size == (10, 10)
        return
    assert share_right(alpha(picture), shapely.union_all(PLOTS), extent) > 0.97


def test_extent_and_scale_are_those_of_the_picture(site: MapSite) -> None:
    document = site.read(f"{MAP}/export", bbox="0,300,300,0", size="600,300", dpi="192")
    assert document["extent"] | {"spatialReference": None} == {
        "xmin": -150, "ymin": 0, "xmax": 450, "ymax": 300, "spatialReference": None,
    }  # fmt: skip
    assert document["scale"] == pytest.approx(1.0 * 192 / 0.0254)
    assert (document["width"], document["height"]) == (600, 300)
    assert "messages" not in document
    content, content_type = site.stored[document["href"]]
    assert content_type == "image/png"
    assert "?" not in document["href"]
    assert Image.open(BytesIO(content)).size == (600, 300)


@pytest.mark.parametrize(
    ("name", "kind", "mode"),
    [
        ("png", "PNG", "P"),
        ("png8", "PNG", "P"),
        ("PNG24", "PNG", "RGB"),
        ("PNG32", "PNG", "RGBA"),
        ("jpg", "JPEG", "RGB"),
        ("gif", "GIF", "P"),
    ],
)
@pytest.mark.parametrize("transparent", ["true", "False"])
def test_formats(site: MapSite, name: str, kind: str, mode: str, transparent: str) -> None:
    picture = site.draw(**WHOLE, format=name, transparent=transparent)
    assert (picture.format, picture.mode) == (kind, mode)
    pixels = picture.convert("RGBA")
    ground, plot = pixels.getpixel((200, 50 + 200)), pixels.getpixel((30, 280))
    assert isinstance(ground, tuple)
    assert isinstance(plot, tuple)
    stays_open = transparent == "true" and name != "jpg"
    assert ground[3] == (0 if stays_open else 255)
    if not stays_open:
        assert min(ground[:3]) > 250
    whole = plot[3] / 255
    if plot[3] == 255:  # on white
        whole = 160 / 255
        plot = tuple(round((part - 255 * (1 - whole)) / whole) for part in plot[:3])
    assert np.abs(np.array(plot[:3]) - FILL).max() <= 8


def test_svg_has_the_shapes_and_can_run_nothing() -> None:
    evil = FeatureSet.of(PLOTS, WEB, {"name": ["<script>alert(1)</script>", "C"]})
    renderer = {
        "type": "simple",
        "symbol": {"type": "esriSFS", "color": [255, 0, 0, 128], "outline": None},
        "labelingInfo": [{"labelExpression": "[name]"}],
    }
    site = MapSite.of((evil, "Plots", renderer))
    answer = site.ask(f"{MAP}/export", **{**OPEN, "size": "900,900"}, format="svg", f="image")
    assert answer["headers"]["content-type"] == "image/svg+xml"
    assert answer["headers"]["content-security-policy"].startswith("default-src 'none'")
    text = site.export(**{**OPEN, "size": "900,900"}, format="svg").decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert 'fill="#ff0000" fill-opacity="0.50"' in text
    assert "M300.0 900.0" in text or "L300.0 900.0" in text


def test_pdf_holds_the_picture(site: MapSite) -> None:
    content = site.export(**WHOLE, format="pdf")
    assert content.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 225.0 225.0 ]" in content  # 300 pixels at 96 dots per inch are 225 points


def test_symbols_grow_with_dpi_and_the_picture_does_not(site: MapSite) -> None:
    def count(dpi: str) -> int:
        picture = site.draw(**OPEN, layers="show:0", dpi=dpi)
        assert picture.size == (300, 300)
        return int((alpha(picture) > 127).sum())

    assert 3.5 < count("192") / count("96") < 4.5


@pytest.mark.parametrize(
    ("layers", "well", "plot"),
    [
        ("", True, True),
        ("show:0", True, False),
        ("show:1", False, True),
        ("show:0,1", True, True),
        ("hide:0", False, True),
        ("HIDE:1", True, False),
        ("include:0", True, True),
        ("exclude:1", True, False),
        ("show:1,77", False, True),
        ("show:-1", False, False),
        ("show:", False, False),
    ],
)
def test_layers(site: MapSite, layers: str, well: bool, plot: bool) -> None:
    opacity = alpha(site.draw(**OPEN, layers=layers))
    assert (opacity[150, 150] > 0, opacity[280, 20] > 0) == (well, plot)


def test_first_layer_is_drawn_on_top(site: MapSite) -> None:
    red, _, blue, _ = site.draw(**OPEN).getpixel((50, 250))  # type: ignore[misc]
    assert red > blue


def test_points_lie_above_areas_whichever_is_the_first_output() -> None:
    site = MapSite.of((plots(), "Plots", {}), (wells(), "Wells", {}))
    red, _, blue, _ = site.draw(**OPEN).getpixel((50, 250))  # type: ignore[misc]
    assert red > blue
    assert [each["id"] for each in site.read(MAP)["layers"]] == [1, 0]
    assert [each["id"] for each in site.read(MAP.partition("/jobs")[0])["layers"]] == [0, 1]
    assert [each["layerId"] for each in site.read(f"{MAP}/legend")["layers"]] == [1, 0]
    at = {"geometry": "50,50", "tolerance": 2, "mapExtent": "0,0,300,300", "imageDisplay": "300,300,96"}
    assert [each["layerId"] for each in site.read(f"{MAP}/identify", **at)["results"]] == [1]


@pytest.mark.parametrize(
    "definitions",
    [
        '{"1": "pop > 10"}',
        "1:pop > 10",
        "0:depth > 1;1:pop > 10",
        '[{"layerId": 1, "where": "pop > 10"}]',
        "1:name <> 'A; B'",
        '{"1": "pop > 10", "99": "nonsense"}',
    ],
)
def test_definitions(site: MapSite, definitions: str) -> None:
    opacity = alpha(site.draw(**OPEN, layers="show:1", layerDefs=definitions))
    assert (opacity[280, 20] > 0, opacity[20, 280] > 0) == (False, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "'bbox': a value is required"),
        ({"bbox": "0,0,1"}, "'bbox': '0,0,1' is not 4 numbers"),
        ({"bbox": "0,0,1,NaN"}, "'bbox'"),
        ({"bbox": "0,0,1,inf"}, "'bbox'"),
        ({"bbox": "0,0,1,1e300"}, "'bbox'"),
        ({"bbox": "[1]"}, "'bbox'"),
        ({**WHOLE, "size": "0,5"}, "'size'"),
        ({**WHOLE, "size": "-3,5"}, "'size'"),
        ({**WHOLE, "size": "4097,5"}, "'size'"),
        ({**WHOLE, "size": "a,b"}, "'size'"),
        ({**WHOLE, "format": "bmp"}, "'format': 'bmp' is not supported"),
        ({**WHOLE, "dpi": "0"}, "'dpi'"),
        ({**WHOLE, "dpi": "1201"}, "'dpi'"),
        ({**WHOLE, "bboxSR": "1"}, "'bboxSR'"),
        ({**WHOLE, "imageSR": "nonsense"}, "'imageSR'"),
        ({**WHOLE, "layers": "nonsense:1"}, "'layers'"),
        ({**WHOLE, "layers": "show:1,x"}, "'layers'"),
        ({**WHOLE, "transparent": "maybe"}, "'transparent'"),
        ({**WHOLE, "rotation": "30"}, "'rotation': maps are not turned"),
        ({**WHOLE, "rotation": "left"}, "'rotation': 'left' is no number of degrees"),
        ({**WHOLE, "rotation": "nan"}, "'rotation'"),
        ({**WHOLE, "layerDefs": '{"1": "nope > 1"}'}, "'layerDefs': there is no field 'nope'"),
        ({**WHOLE, "layerDefs": '{"1": "1=1; DROP TABLE f"}'}, "'layerDefs'"),
        ({**WHOLE, "layerDefs": "nonsense"}, "'layerDefs': 'nonsense' has no colon"),
        ({**WHOLE, "layerDefs": '{"x": "1=1"}'}, "'layerDefs'"),
        ({**WHOLE, "f": "kmz"}, "kmz is no format of this resource"),
    ],
)
@pytest.mark.parametrize("answer_format", ["json", "image"])
def test_wrong_options_are_errors_and_never_a_picture(
    site: MapSite, options: dict[str, str], sentence: str, answer_format: str
) -> None:
    assert sentence in site.fail(f"{MAP}/export", **{"f": answer_format, **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": "show:-1"}, "No layer is shown."),
        ({"bbox": "1000,1000,1300,1300"}, "There is no feature in this part of the map."),
        ({"layerDefs": '{"0": "1=2", "1": "pop > 99"}'}, "There is no feature in this part of the map."),
        (
            {"bbox": "-2e9,5e8,2e9,6e8", "layers": "show:1", "layerDefs": "1:pop > 99"},
            "The map repeats itself more often; 9 turns of it are drawn.",
        ),
        (
            {"bbox": "9e9,9e9,9.1e9,9.1e9", "bboxSR": "32633", "imageSR": "3857"},
            "This part of the map has no place in imageSR.",
        ),
    ],
)
def test_empty_picture_says_why(site: MapSite, options: dict[str, str], message: str) -> None:
    document = site.read(f"{MAP}/export", **{**OPEN, "format": "png32", **options})
    assert document["messages"][:1] == [message]
    assert not alpha(Image.open(BytesIO(site.stored[document["href"]][0]))).any()


def test_symbols_of_a_client_are_not_passed_over_in_silence(site: MapSite) -> None:
    """The same picture without them has no such message, though it is drawn once."""
    told = [site.read(f"{MAP}/export", **WHOLE, dynamicLayers=given) for given in ('[{"id": 0}]', "")]
    assert told[0]["messages"][0].startswith("dynamicLayers is not supported")
    assert "messages" not in told[1]
    assert told[0]["href"] == told[1]["href"]


def test_renderer_that_cannot_be_drawn_is_told() -> None:
    site = MapSite.of((plots(), "Plots", {"type": "heatmap"}))
    document = site.read(f"{MAP}/export", **OPEN, format="png32")
    assert document["messages"] == [
        "The layer 'Plots' is drawn with the default symbol: 'heatmap' is not a type of renderers."
    ]
    assert alpha(Image.open(BytesIO(site.stored[document["href"]][0])))[280, 20]


def test_labels_that_cannot_be_written_are_told() -> None:
    style = {"type": "simple", "symbol": SYMBOLS["esriGeometryPolygon"]}
    named = FeatureSet.of(PLOTS, WEB, {"name": ["北京", "Berlin"]})
    site = MapSite.of((named, "Towns", {**style, "labelingInfo": [{"labelExpression": "[name]"}]}))
    (message,) = site.read(f"{MAP}/export", **OPEN)["messages"]
    assert message.startswith("Labels are left out of which the font has not all letters, such as '北京'")
    assert "messages" not in site.read(f"{MAP}/export", **OPEN, format="svg")


def test_picture_is_cached_as_long_as_its_job_lives(site: MapSite) -> None:
    living = MapSite(site.layers, expires=NOW)
    answer = living.ask(f"{MAP}/export", **OPEN, format="png32", f="image")
    assert answer["headers"]["cache-control"] == "private, max-age=0"  # it expired long ago


def test_large_picture_is_a_redirect_to_the_store() -> None:
    rng = np.random.default_rng(3)
    colors = [
        {
            "value": n,
            "symbol": {"type": "esriSMS", "size": 9, "color": [*rng.integers(0, 255, 3).tolist(), 200]},
        }
        for n in range(200)
    ]
    many = FeatureSet.of(
        shapely.points(rng.random((60_000, 2)) * 2000), WEB, {"n": rng.integers(0, 200, 60_000)}
    )
    site = MapSite.of((many, "Many", {"type": "uniqueValue", "field1": "n", "uniqueValueInfos": colors}))
    answer = site.ask(f"{MAP}/export", bbox="0,0,2000,2000", size="2000,2000", format="png32", f="image")
    assert answer["statusCode"] == 303
    content, content_type = site.stored[answer["headers"]["location"]]
    assert content_type == "image/png"
    assert Image.open(BytesIO(content)).size == (2000, 2000)
