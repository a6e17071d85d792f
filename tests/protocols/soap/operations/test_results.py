"""Results of a job: in another spatial reference, with their files, and what is said of both."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless import DataFile
from gpserverless.calls.file_urls import job_files_url
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.status import Status
from gpserverless.protocols.soap.operations.results import JobResults
from gpserverless.protocols.soap.options import SoapOptions
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.testing import InMemoryObjectStore
from gpserverless.toolkit.call import CallOptions
from gpserverless.toolkit.spec import Parameter
from tests.protocols.soap.values.messages import make_parameter, send

JOB_ID = "j" + "1" * 32
FILES_URL = job_files_url("https://a.example/arcgis", "Folder/Reach", JOB_ID)
CONTENT = b"a,b\n1,2\n"
POINT = {"x": 10.123456789, "y": 50}
POLE = {"x": 0, "y": 90}
NO_PLACE = "1 feature has no place in the spatial reference 3857; its shape is null."


def read(
    data_type: object,
    value: object,
    options: SoapOptions,
    precision: int | None = None,
    *,
    has_z: bool = False,
) -> tuple[Element, list[str]]:
    """Return the only result of a job that has a file, as its reader gets it, and the warnings."""
    parameter: Parameter = make_parameter(data_type, "Found", "output")
    name = parameter.data_type.name
    body = orjson.dumps({"paramName": "Found", "dataType": name, "value": value})
    objects = InMemoryObjectStore()
    objects.put("result", body, "application/json")
    objects.put("file", CONTENT, "text/csv")
    job = Job(
        id=JOB_ID,
        status=Status.SUCCEEDED,
        rev=3,
        attempt=1,
        create_token="",
        owner="",
        service="Folder/Reach",
        task="Find",
        inputs=(),
        created_at=0,
        queue_deadline=0,
        results={"Found": StoredResult("result", len(body), name, has_z=has_z)},
        files={"a b.csv": StoredFile("file", len(CONTENT))},
    )
    (node,), warnings = JobResults(objects, job, options, precision).read([parameter])
    return send(node), warnings


def make_features(*points: dict[str, float], exceeded: bool = False) -> dict[str, object]:
    features = [{"attributes": {"OBJECTID": n}, "geometry": point} for n, point in enumerate(points, 1)]
    return {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID"}],
        "features": features,
        "exceededTransferLimit": exceeded,
    }


def list_points(found: Element) -> list[Any]:
    """Return the geometries of features, which stand in the last field."""
    records = found.children[0].find("Records")
    assert records is not None
    return [row[-1] for row in records.records or []]


MERCATOR = SoapOptions(CallOptions(out_sr={"wkid": 3857}))


def read_features(value: object, precision: int | None = None) -> tuple[Element, list[str]]:
    return read(GPFeatureRecordSetLayer(), value, MERCATOR, precision)


def test_a_shape_without_a_place_is_nil_and_said_in_a_warning() -> None:
    found, warnings = read_features(make_features(POLE, POINT))
    assert [point is None for point in list_points(found)] == [True, False]
    assert warnings == [NO_PLACE]


@pytest.mark.parametrize("exceeded", ["true", "false"])
def test_features_in_another_reference_still_say_that_there_are_more(exceeded: str) -> None:
    found, warnings = read_features(make_features(POINT, exceeded=exceeded == "true"))
    assert found.read_text("ExceededTransferLimit") == exceeded
    assert warnings == []


@pytest.mark.parametrize("precision", [0, 2, 5])
def test_coordinates_have_the_decimals_of_the_service(precision: int) -> None:
    found, _ = read_features(make_features(POINT), precision)
    (point,) = list_points(found)
    # x of the spherical Mercator: radius 6378137 m times the longitude in radians.
    assert float(point.x) == pytest.approx(round(10.123456789 / 180 * 3.141592653589793 * 6378137, precision))
    assert len(point.x.removesuffix(".0").partition(".")[2]) <= precision


@pytest.mark.parametrize("return_z", [False, True])
def test_heights_are_left_out_if_the_job_has_disabled_them(return_z: bool) -> None:
    options = SoapOptions(CallOptions(return_z=return_z, return_m=True))
    value = {**make_features({**POINT, "z": 519.0}), "hasZ": True}
    found, _ = read(GPFeatureRecordSetLayer(), value, options, has_z=True)
    (point,) = list_points(found)
    assert (point.z is not None) is return_z


EMBEDDED = SoapOptions(CallOptions(), embeds_files=True)
URLS = [
    (FILES_URL + "a%20b.csv", True),
    ("https://other.example/arcgis/data/a%20b.csv", False),
    (FILES_URL.replace(JOB_ID, "j" + "2" * 32) + "a%20b.csv", False),
    (FILES_URL + "c.csv", False),
]


@pytest.mark.parametrize(("url", "is_own"), URLS)
def test_only_a_file_of_the_job_is_put_into_the_answer(url: str, is_own: bool) -> None:
    found, _ = read(DataFile, {"url": url}, EMBEDDED)
    data = found.find("Data")
    assert data is not None
    assert (data.find("EmbeddedData") is not None) is is_own
    assert data.read_text("URL") == (None if is_own else url)


def test_features_that_are_kept_in_a_service_are_said_to_be_there() -> None:
    url = "https://a.example/arcgis/rest/services/Hosted/Parcels/FeatureServer/0"
    found, warnings = read_features({"url": url})
    assert not found.children
    assert warnings == [f"The rows of 'Found' are kept in a service: {url}"]
