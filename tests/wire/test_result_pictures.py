"""A result is data unless its request asks for a picture, and then one of the part and form that it wants.

The pictures are held to the job's own features and cells, and to the picture that its map and image make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
import shapely
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from tests.parcels import OUTPUT, find_shapes, make_parcels, select_parcels, upload_parcels
from tests.wire.conftest import Site
from tests.wire.test_files_and_rasters import done, uploaded

DEM = Path(__file__).parents[1] / "data/jacksboro_dem.tif"
PART = "500100,5600100,500300,5600250"
SIZE = "400,300"
KEYS = ["extent", "height", "href", "scale", "width"]


@dataclass(frozen=True)
class Made:
    """A job with one result to draw.

    Attributes:
        site: The site.
        job: Path of the job.
        name: Name of the output.
    """

    site: Site
    job: str
    name: str

    def read(self, **fields: str) -> Any:
        """Return the result as JSON."""
        return self.site.get(f"{self.job}/results/{self.name}", **fields)

    def draw(self, **fields: str) -> tuple[NDArray[Any], str]:
        """Return the pixels of the picture that f=image answers, and its media type."""
        answer = self.site.send("GET", f"{self.job}/results/{self.name}", {"f": "image", **fields})
        assert answer.status == 200, answer.data
        return look(answer.data), answer.headers["content-type"]

    def fail(self, **fields: str) -> str:
        """Return the code and the details of the error of a request."""
        error = self.read(**fields)["error"]
        return f"{error['code']}: {' '.join(error['details'])}"


def look(content: bytes) -> NDArray[Any]:
    """Return the red, green, blue and opacity of a picture, shape (rows, columns, 4)."""
    return np.asarray(PIL.Image.open(BytesIO(content)).convert("RGBA"))


@pytest.fixture(scope="module")
def parcels(site: Site) -> Made:
    return Made(site, select_parcels(site.client, upload_parcels(site.client, make_parcels(9))), OUTPUT)


@pytest.fixture(scope="module")
def shade(site: Site) -> Made:
    dem = uploaded(site, "Raster", "dem.tif", DEM.read_bytes())
    return Made(site, done(site, "Raster", "HillShade", in_raster=dem), "out_raster")


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


BOTH = pytest.mark.parametrize("made", ["parcels", "shade"], indirect=True)


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"returnType": "data"},
        {"returnType": "data", "size": SIZE},
        {"format": "png32", "transparent": "true"},
    ],
)
def test_the_answer_is_data_unless_a_picture_is_asked_for(made: Made, fields: dict[str, str]) -> None:
    answer = made.read(**fields)
    assert list(answer) == ["paramName", "dataType", "value"]
    assert answer["value"].keys() & {"features", "url"}


@BOTH
def test_a_size_makes_a_picture_of_the_whole_result(made: Made) -> None:
    answer = made.read(size=SIZE)
    assert (answer["paramName"], answer["dataType"]) == (made.name, made.read()["dataType"])
    image = answer["value"].pop("mapImage")
    assert answer["value"] == {}
    assert sorted(image) == KEYS
    assert (image["width"], image["height"]) == (400, 300)
    assert "?" not in image["href"]
    kept = made.site.pool.request("GET", f"{image['href']}?token=x")  # which esri-leaflet appends
    assert kept.headers["content-type"] == "image/png"
    assert look(kept.data).shape == (300, 400, 4)
    extent = image["extent"]
    metres = 1 if made.name == OUTPUT else 111_319.49
    pixel = (extent["xmax"] - extent["xmin"]) / 400 * metres
    assert image["scale"] == pytest.approx(pixel * 96 / 0.0254, rel=0.3)


def test_the_same_request_gets_the_same_picture_of_features(parcels: Made) -> None:
    first = parcels.read(size=SIZE)
    assert parcels.read(size=SIZE) == first
    assert parcels.read(size="399,300") != first


def test_the_extent_is_that_of_the_features_in_the_shape_of_the_picture(parcels: Made) -> None:
    extent = parcels.read(size="300,300")["value"]["mapImage"]["extent"]
    west, south, east, north = shapely.total_bounds(find_shapes(parcels.read()["value"]))
    side = max(east - west, north - south)
    middle = (west + east) / 2, (south + north) / 2
    assert [extent[key] for key in ("xmin", "ymin", "xmax", "ymax")] == pytest.approx(
        [middle[0] - side / 2, middle[1] - side / 2, middle[0] + side / 2, middle[1] + side / 2]
    )
    assert extent["spatialReference"]["wkid"] == 25832


def test_pixels_are_drawn_where_the_features_are(parcels: Made) -> None:
    pixels, kind = parcels.draw(bbox=PART, size="400,300", format="png32", transparent="true")
    assert kind == "image/png"
    x, y = np.meshgrid(500_100.25 + np.arange(400) * 0.5, 5_600_249.75 - np.arange(300) * 0.5)
    shapes = shapely.union_all(find_shapes(parcels.read()["value"]))
    inside = shapely.contains_xy(shapes.buffer(-1), x, y)
    outside = ~shapely.contains_xy(shapes.buffer(1.5), x, y)
    assert inside.sum() > 1_000
    assert outside.sum() > 1_000
    assert (pixels[..., 3][inside] > 0).mean() > 0.99
    assert (pixels[..., 3][outside] == 0).mean() > 0.99


OPTIONS = [
    {"bbox": PART},
    {"bbox": PART, "size": "200,200", "format": "png24", "transparent": "true"},
    {"bbox": "8.99,50.53,9.01,50.56", "bboxSR": "4326", "imageSR": "3857", "format": "jpg", "size": SIZE},
    {"bbox": PART, "dpi": "192", "format": "svg"},
    {"bbox": PART, "layerDefs": "{number}:POP > 500"},
]


@pytest.mark.parametrize("fields", OPTIONS, ids=str)
def test_options_mean_what_they_mean_for_the_map(parcels: Made, fields: Mapping[str, str]) -> None:
    shown = parcels.job.replace("/GPServer/Select/", "/MapServer/")
    (layer,) = parcels.site.get(shown)["layers"]
    assert layer["id"] > 0
    asked = {name: value.format(number=layer["id"]) for name, value in fields.items()}
    of_map = parcels.site.send("GET", f"{shown}/export", {"f": "image", **asked})
    of_result = parcels.site.send("GET", f"{parcels.job}/results/{OUTPUT}", {"f": "image", **asked})
    assert of_map.headers["content-type"].startswith("image/")
    assert of_result.headers["content-type"] == of_map.headers["content-type"]
    assert of_result.headers["cache-control"].startswith("private, max-age=")
    assert of_result.data == of_map.data
    drawn = parcels.read(**asked)["value"]["mapImage"]
    told = parcels.site.get(f"{shown}/export", **asked)
    assert {**drawn, "href": ""} == {**told, "href": ""}


def test_pixels_of_a_raster_have_the_values_of_its_cells(shade: Made) -> None:
    made = shade.site.pool.request("GET", shade.read()["value"]["url"]).data
    with MemoryFile(made) as file, file.open() as dataset:
        cells, known, bounds = dataset.read(1), dataset.dataset_mask() > 0, dataset.bounds
    box, size = ",".join(map(str, bounds)), f"{cells.shape[1]},{cells.shape[0]}"
    content = shade.site.send(
        "GET", f"{shade.job}/results/out_raster", {"f": "image", "bbox": box, "size": size, "format": "tiff"}
    )
    with MemoryFile(content.data) as file, file.open() as drawn:
        np.testing.assert_array_equal(drawn.read(1)[known], cells[known])
    white, kind = shade.draw(bbox=box, size=size)
    assert kind == "image/png"
    assert (white[~known] == 255).all()
    clear, _ = shade.draw(bbox=box, size=size, transparent="true")
    assert (clear[..., 3] == np.where(known, 255, 0)).all()
    np.testing.assert_array_equal(clear[known], white[known])


@BOTH
def test_a_form_is_read_as_a_query_is(made: Made) -> None:
    path, fields = f"{made.job}/results/{made.name}", {"f": "image", "size": SIZE}
    assert made.site.send("POST", path, fields).data == made.site.send("GET", path, fields).data


@BOTH
def test_head_is_answered_as_get_without_the_picture(made: Made) -> None:
    path, fields = f"{made.job}/results/{made.name}", {"f": "image", "size": SIZE}
    answers = [made.site.send(method, path, fields) for method in ("GET", "HEAD")]
    assert answers[1].data == b""
    kept = ("content-type", "content-length")
    assert [answers[0].headers[name] for name in kept] == [answers[1].headers[name] for name in kept]


@BOTH
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,3,nan"}, "bbox"),
        ({"size": "0,10"}, "size"),
        ({"size": "9999,10"}, "size"),
        ({"size": SIZE, "format": "bmp"}, "format"),
        ({"size": SIZE, "imageSR": "1"}, "imageSR"),
        ({"size": SIZE, "dpi": "-1"}, "dpi"),
        ({"size": SIZE, "transparent": "perhaps"}, "transparent"),
    ],
    ids=str,
)
def test_errors_name_the_parameter(made: Made, fields: dict[str, str], name: str) -> None:
    for wanted in ("json", "image"):
        assert made.fail(f=wanted, **fields).startswith(f"400: Parameter '{name}'"), made.fail(
            f=wanted, **fields
        )


def test_only_features_and_rasters_are_drawn(site: Site, echoed: str) -> None:
    long = f"{echoed}/results/Out_GPLong"
    assert site.get(long, f="image")["error"]["code"] == 400
    assert site.get(long, size=SIZE)["value"] == 3


def test_another_task_of_the_service_has_no_such_result(parcels: Made, shade: Made) -> None:
    for made, other in ((parcels, "/Dissolve/"), (shade, "/Slope/")):
        task = made.job.split("/")[-3]
        job = made.job.replace(f"/{task}/", other)
        assert made.site.get(f"{job}/results/{made.name}", f="image")["error"]["code"] == 400


def test_a_page_shows_the_data(parcels: Made) -> None:
    page = parcels.site.send("GET", f"{parcels.job}/results/{OUTPUT}", {"f": "html", "size": SIZE})
    assert page.headers["content-type"].startswith("text/html")
    assert b"Parcel" in page.data


def find_services(made: Made) -> list[str]:
    """Return the paths of the operations that draw: of the map of a job, or of its raster."""
    service, task, job = made.job.replace("/jobs/", "/").rsplit("/", 2)
    if task == "Select":
        return [f"{service.replace('/GPServer', '/MapServer')}/jobs/{job}/export?bbox={PART}"]
    return [f"{service.replace('/GPServer', '/ImageServer')}/jobs/{job}/{made.name}/exportImage?size={SIZE}"]


@BOTH
@pytest.mark.parametrize("form", ["image", "json"])
def test_head_of_a_picture_is_answered_as_get_without_it(made: Made, form: str) -> None:
    for url in find_services(made):
        answers = [made.site.send(method, f"{url}&f={form}") for method in ("GET", "HEAD")]
        assert [each.status for each in answers] == [200, 200]
        assert answers[0].data
        assert answers[1].data == b""
        kinds = {each.headers["content-type"] for each in answers}
        assert len(kinds) == 1
        if form == "image":
            assert len({each.headers["content-length"] for each in answers}) == 1


def test_raster_has_a_page_which_that_of_its_job_leads_to(shade: Made) -> None:
    (url,) = find_services(shade)
    image = url.partition("/exportImage")[0]
    page = shade.site.send("GET", shade.job, {"f": "html"}).data.decode()
    assert f'href="{image}"' in page
    shown = shade.site.send("GET", image, {"f": "html"})
    assert shown.status == 200
    text = shown.data.decode()
    assert f"{image}/exportImage?bbox=" in text
    for resource in ("exportImage", "identify", "statistics", "rasterFunctionInfos", "keyProperties"):
        assert f'href="{image}/{resource}"' in text
        assert shade.site.send("GET", f"{image}/{resource}", {"f": "html"}).status == 200


def test_forms_of_a_raster_answer_on_pages(shade: Made) -> None:
    (url,) = find_services(shade)
    image = url.partition("/exportImage")[0]
    value = shade.site.get(f"{image}/identify", geometry="-84.2,36.6")["value"]
    page = shade.site.send("GET", f"{image}/identify", {"f": "html", "geometry": "-84.2,36.6"}).data.decode()
    assert f'<p class="value">{value}</p>' in page
    drawn = shade.site.send("GET", f"{image}/exportImage", {"f": "html", "size": "9,9"}).data.decode()
    assert "/rest/directories/arcgisoutput/maps/" in drawn
    wrong = shade.site.send("GET", f"{image}/exportImage", {"f": "html", "size": "0,9"})
    assert 'id="f-size-wrong"' in wrong.data.decode()
