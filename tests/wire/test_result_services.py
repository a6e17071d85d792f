"""Results as services: the features of a job at Hosted and on its map are those of its plain result.

Bad requests name the parameter and harm nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import shapely
from PIL import Image
from shapely import MultiPolygon, Polygon

from gpserverless.formats.files.gdal import load_pyogrio
from local.cloud import LocalCloud
from local.resolver import STACK
from local.resources import make_client
from tests.local_users import KnownUser, add_user
from tests.parcels import (
    BOX,
    CONDITION,
    OUTPUT,
    SERVICE,
    answer_queries,
    make_parcels,
    select_parcels,
    upload_parcels,
)
from tests.wire.conftest import SERVICES, Site
from tests.wire.tokens import SignedInSite

COUNT = 3_000
IN_BOX = ",".join(map(str, BOX))
ENVELOPE = "500000,5600000,505500,5605500"
STATISTICS = (
    ("count", "OBJECTID", "COUNT"),
    ("sum", "POP", "SUM"),
    ("avg", "WORTH", "AVG"),
    ("stddev", "WORTH", "DEVIATION"),
    ("max", "DAY", "LAST"),
)
NAMES = ("statisticType", "onStatisticField", "outStatisticFieldName")


class Kept:
    """A job with a plain result, and a job that kept the same features as a hosted service.

    Attributes:
        site: The site.
        plain: The features of the plain result.
        hosted: Path of the hosted layer.
        map: Path of the map of the plain job.
        layer: Path of its layer.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.parcels = upload_parcels(site.client, make_parcels(COUNT))
        self.job = select_parcels(site.client, self.parcels)
        self.plain = site.client.result(self.job, OUTPUT)
        kept = select_parcels(site.client, self.parcels, esri_out_feature_service_name="wire_parcels")
        self.hosted = site.client.result(kept, OUTPUT)["url"].removeprefix(site.url)
        self.map = self.job.replace("/GPServer/Select/", "/MapServer/")
        (layer,) = site.get(self.map)["layers"]
        self.layer = f"{self.map}/{layer['id']}"

    def query(self, layer: str, **fields: Any) -> dict[str, Any]:
        """Query a layer, which must not refuse."""
        answer: dict[str, Any] = self.site.post(f"{layer}/query", fields)
        assert "error" not in answer, answer
        return answer


@pytest.fixture(scope="module")
def kept(site: Site) -> Kept:
    return Kept(site)


@pytest.fixture(scope="module", params=["hosted", "layer"])
def layer(request: pytest.FixtureRequest, kept: Kept) -> str:
    path: str = getattr(kept, request.param)
    return path


@pytest.fixture(scope="module")
def answers(kept: Kept) -> Mapping[str, Any]:
    return answer_queries(kept.plain, COUNT)


def test_pages_hold_the_features_of_the_plain_result(kept: Kept, layer: str) -> None:
    found: list[Any] = []
    pages = 0
    more = True
    while more:
        page = kept.query(layer, where="1=1", outFields="*", resultOffset=len(found))
        found += page["features"]
        more = page.get("exceededTransferLimit", False)
        pages += 1
    assert pages == 2
    assert found == kept.plain["features"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("gpkg", "application/geopackage+sqlite3"), ("fgb", "application/vnd.flatgeobuf")],
)
def test_file_by_one_link_holds_the_features_of_the_plain_result(
    kept: Kept, layer: str, tmp_path: Path, name: str, media_type: str
) -> None:
    answer = kept.site.pool.request("GET", f"{kept.site.url}{layer}/download", fields={"f": name})
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    saved = answer.headers["content-disposition"]
    assert saved.startswith("attachment; filename=")
    assert f".{name}" in saved
    file = tmp_path / f"file.{name}"
    file.write_bytes(answer.data)
    meta, ids, shapes, columns = load_pyogrio().read(file, return_fids=True)
    found = dict(zip(meta["fields"], columns, strict=True))
    keys = ids if name == "gpkg" else found["OBJECTID"]
    order = np.argsort(keys)
    plain = [each["attributes"] for each in kept.plain["features"]]
    assert keys[order].tolist() == [row["OBJECTID"] for row in plain]
    for column in ("POP", "WORTH", "KIND"):
        assert found[column][order].tolist() == [row[column] for row in plain], column
    days = found["DAY"][order].astype("datetime64[ms]").astype(np.int64)
    assert days.tolist() == [row["DAY"] for row in plain]
    rings = [each["geometry"]["rings"] for each in kept.plain["features"]]
    plain_shapes = [MultiPolygon([Polygon(outer, holes)]) for outer, *holes in rings]
    read = shapely.normalize(shapely.from_wkb(shapes[order]))
    assert shapely.equals_exact(read, shapely.normalize(plain_shapes), tolerance=1e-3).all()


def test_text_is_looked_for_in_layers_of_maps_alone(kept: Kept) -> None:
    text, every = "№ 299", {"outFields": "NAME", "returnGeometry": "false"}
    names = [row["attributes"]["NAME"] for row in kept.query(kept.layer, text=text, **every)["features"]]
    plain = [each["attributes"]["NAME"] for each in kept.plain["features"]]
    assert names == [name for name in plain if name is not None and text in name]
    assert len(names) > 5
    assert len(kept.query(kept.hosted, text=text, **every)["features"]) == 2_000


def test_second_link_leads_to_the_same_file(kept: Kept, layer: str) -> None:
    paths = set()
    for _ in range(2):
        answer = kept.site.pool.request("GET", f"{kept.site.url}{layer}/download?f=fgb", redirect=False)
        answer = kept.site.pool.request("GET", answer.headers["location"], redirect=False)
        paths.add(urlsplit(answer.headers["location"]).path)
    assert len(paths) == 1


def test_whole_layer_is_no_page(kept: Kept, layer: str) -> None:
    answer = kept.site.pool.request("GET", f"{kept.site.url}{layer}/download?f=html")
    assert (answer.status, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "gpkg, fgb" in answer.data.decode()


QUERIES = {
    "box": {"geometry": "{box}", "geometryType": "esriGeometryEnvelope"},
    "where": {"where": CONDITION},
    "both": {"where": CONDITION, "geometry": "{box}"},
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_choose_the_rows_that_numpy_and_shapely_choose(
    kept: Kept, layer: str, answers: Mapping[str, Any], name: str
) -> None:
    box = ",".join(map(str, answers["bounds"]))
    fields = {key: value.format(box=box) for key, value in QUERIES[name].items()}
    assert len(answers[name]) > 10
    assert kept.query(layer, returnIdsOnly="true", **fields)["objectIds"] == answers[name]
    assert kept.query(layer, returnCountOnly="true", **fields)["count"] == len(answers[name])


def test_statistics_are_those_of_numpy(kept: Kept, layer: str, answers: Mapping[str, Any]) -> None:
    statistics = json.dumps([dict(zip(NAMES, each, strict=True)) for each in STATISTICS])
    rows = kept.query(layer, outStatistics=statistics, groupByFieldsForStatistics="KIND")["features"]
    found = {row["attributes"].pop("KIND"): row["attributes"] for row in rows}
    assert list(found) == list("abcde")
    for kind, values in found.items():
        assert values == pytest.approx(answers["kinds"][kind], rel=1e-12)


def test_picture_is_drawn_where_the_features_are(kept: Kept) -> None:
    west, south, size = 500_000, 5_600_000, 600
    fields = {"bbox": f"{west},{south},{west + size},{south + size}", "size": "600,600", "format": "png32"}
    answer = kept.site.send("GET", f"{kept.map}/export", {"f": "image", "transparent": "true", **fields})
    alpha = np.asarray(Image.open(io.BytesIO(answer.data)))[::-1, :, 3]  # row by row from the south
    for feature in kept.plain["features"][:5]:
        x, y = np.array(feature["geometry"]["rings"][0][0]) - (west, south)
        assert alpha[int(y) + 30, int(x) + 25], feature["attributes"]
        assert not alpha[int(y) + 97, int(x) + 50]


def test_hosted_folder_lists_the_service(site: Site, kept: Kept) -> None:
    entry = {"name": "Hosted/wire_parcels", "type": "FeatureServer"}
    assert entry in site.get(f"{SERVICES}/Hosted")["services"]


LONG = ",".join(map(str, range(1, 100_002)))
SUM_OF_TEXT = '[{"statisticType":"sum","onStatisticField":"NAME"}]'
VIEW = {"bbox": ENVELOPE, "size": "40,40"}
IDENTIFY = {"geometry": "1,1", "mapExtent": "0,0,1,1", "imageDisplay": "40,40,96", "tolerance": "3"}

BAD_QUERIES = [
    ({"where": "NOTHING > 5"}, "'where': there is no field 'NOTHING'"),
    ({"where": "POP >"}, "'where'"),
    ({"where": "POP > 1 AND"}, "'where'"),
    ({"where": "NAME = 5"}, "'where': a text is compared with a number"),
    ({"where": "x" * 10_001}, "'where'"),
    ({"where": "(" * 3_000 + "1=1" + ")" * 3_000}, "'where'"),
    ({"where": "1=1; DROP TABLE f"}, "'where': ';'"),
    ({"where": "1=1 -- all"}, "'where': '--'"),
    ({"where": "1=1 /* all */"}, "'where'"),
    ({"where": "POP IN (SELECT POP FROM f)"}, "'where'"),
    ({"where": "1=1 UNION SELECT * FROM meta"}, "'where'"),
    ({"where": "load_extension('x') = 1"}, "'where': the function 'load_extension'"),
    ({"where": "1=1", "having": "1=1; DROP TABLE f", "outStatistics": SUM_OF_TEXT}, "'outStatistics'"),
    ({"outFields": "NOTHING"}, "'outFields': there is no field 'NOTHING'"),
    ({"orderByFields": "POP; DROP TABLE f"}, "'orderByFields'"),
    ({"orderByFields": "(SELECT 1)"}, "'orderByFields'"),
    ({"outStatistics": SUM_OF_TEXT}, "'outStatistics': the field 'NAME' holds no numbers"),
    ({"outStatistics": "["}, "'outStatistics'"),
    ({"geometry": "NaN,0,1,1"}, "'geometry'"),
    ({"geometry": "0,0,inf,1"}, "'geometry'"),
    ({"geometry": '{"xmin": NaN, "ymin": 0, "xmax": 1, "ymax": 1}'}, "'geometry'"),
    ({"geometry": '{"xmin": "NaN", "ymin": 0, "xmax": 1, "ymax": 1}'}, "'geometry'"),
    ({"geometry": "1,2,3"}, "'geometry'"),
    ({"geometry": ENVELOPE, "inSR": "99999"}, "'inSR': 99999"),
    ({"outSR": "99999"}, "'outSR': 99999"),
    ({"geometry": ENVELOPE, "spatialRel": "esriSpatialRelNear"}, "'spatialRel'"),
    ({"geometry": "1,2", "geometryType": "esriGeometryPoint", "distance": "NaN"}, "'distance'"),
    ({"objectIds": LONG}, "'objectIds'"),
    ({"objectIds": "1,x"}, "'objectIds': 'x'"),
    ({"resultOffset": "-1"}, "'resultOffset'"),
    ({"quantizationParameters": "{"}, "'quantizationParameters'"),
    ({"maxAllowableOffset": "NaN"}, "'maxAllowableOffset'"),
    ({"f": "xml"}, "format"),
]


@pytest.mark.parametrize(("fields", "told"), BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_bad_query_names_what_is_wrong(
    site: Site, kept: Kept, layer: str, fields: dict[str, str], told: str
) -> None:
    assert told in read_refusal(site, f"{layer}/query", fields)
    assert kept.query(layer, returnCountOnly="true")["count"] == COUNT


BAD_PICTURES = [
    ("export", {**VIEW, "size": "100000,100000"}, "'size': '100000,100000'"),
    ("export", {**VIEW, "size": "100000,100000", "f": "image"}, "'size': '100000,100000'"),
    ("export", {**VIEW, "size": "0,5"}, "'size'"),
    ("export", {**VIEW, "size": "NaN,5"}, "'size'"),
    ("export", {**VIEW, "bbox": "NaN,0,1,1"}, "'bbox'"),
    ("export", {**VIEW, "bbox": "0,0,1"}, "'bbox'"),
    ("export", {**VIEW, "bboxSR": "99999"}, "'bboxSR': 99999"),
    ("export", {**VIEW, "imageSR": "99999"}, "'imageSR': 99999"),
    ("export", {**VIEW, "format": "bmp"}, "'format'"),
    ("export", {**VIEW, "dpi": "1e9"}, "'dpi'"),
    ("export", {**VIEW, "layerDefs": '{"{id}": "NOTHING > 5"}'}, "'layerDefs': there is no field 'NOTHING'"),
    ("export", {**VIEW, "layerDefs": '{"{id}": "1=1; DROP TABLE f"}'}, "'layerDefs'"),
    ("identify", {**IDENTIFY, "geometry": "NaN,1"}, "'geometry'"),
    ("identify", {**IDENTIFY, "tolerance": "-1"}, "'tolerance'"),
    ("identify", {**IDENTIFY, "sr": "99999"}, "'sr': 99999"),
    ("find", {}, "'searchText'"),
    ("9999", {}, "9999"),
    ("9999/query", {"where": "1=1"}, "9999"),
]


@pytest.mark.parametrize(("operation", "fields", "told"), BAD_PICTURES, ids=range(len(BAD_PICTURES)))
def test_bad_request_of_a_map_names_what_is_wrong(
    site: Site, kept: Kept, operation: str, fields: dict[str, str], told: str
) -> None:
    number = kept.layer.rpartition("/")[2]
    sent = {name: value.replace("{id}", number) for name, value in fields.items()}
    assert told in read_refusal(site, f"{kept.map}/{operation}", sent)


ELSEWHERE = {
    "a job of another service": lambda kept: kept.map.replace("/Analysis/", "/Conformance/Async/"),
    "a job that is not there": lambda kept: f"{SERVICES}/Analysis/MapServer/jobs/j{'0' * 32}",
    "no id of a job": lambda kept: f"{SERVICES}/Analysis/MapServer/jobs/x",
    "a service that is not there": lambda kept: f"{SERVICES}/Hosted/nothing/FeatureServer/0/query",
    "a layer that is not there": lambda kept: kept.hosted.replace("/0", "/7"),
    "a name that leaves the folder": lambda kept: f"{SERVICES}/Hosted/..%2F..%2Fx/FeatureServer",
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_nothing_is_found_elsewhere(site: Site, kept: Kept, what: str) -> None:
    for operation in ("", "/export", "/layers") if "job" in what else ("",):
        assert read_refusal(site, ELSEWHERE[what](kept) + operation, VIEW)


def read_refusal(site: Site, path: str, fields: Mapping[str, str]) -> str:
    """Return the text of the error that a request must be answered with, with the status 200."""
    answer = site.post(path, fields)
    assert list(answer) == ["error"], str(answer)[:500]
    assert 400 <= answer["error"]["code"] < 500
    return " ".join([answer["error"]["message"], *answer["error"]["details"]])


@pytest.fixture(scope="module")
def of_ana(cloud: LocalCloud, site: Site, kept: Kept, ana: KnownUser) -> str:
    """Return the path of a hosted layer of ana's."""
    job = select_parcels(
        sign_in(site, ana).client,
        kept.parcels,
        where_clause="POP < 9",
        esri_out_feature_service_name="of_ana",
    )
    return f"{SERVICES}/Hosted/of_ana/FeatureServer/0" if job else ""


def sign_in(site: Site, user: KnownUser) -> SignedInSite:
    """Return the site as a user calls it."""
    fields = {"username": user.name, "password": user.password, "client": "requestip"}
    return SignedInSite(site.url, site.post("/arcgis/tokens/generateToken", fields)["token"])


def test_layer_of_another_user_is_hidden(cloud: LocalCloud, site: Site, of_ana: str, ana: KnownUser) -> None:
    bob = sign_in(site, add_user(cloud, "bob_of_layers"))
    queries = (f"{of_ana}/query", of_ana, of_ana.removesuffix("/0"))
    for path in queries:
        assert site.post(path, {"where": "1=1"})["error"]["code"] == 499
        assert bob.post(path, {"where": "1=1"})["error"]["code"] == 403
        assert "error" not in sign_in(site, ana).post(path, {"where": "1=1"})
    listed = [service["name"] for service in bob.get(f"{SERVICES}/Hosted")["services"]]
    assert "Hosted/of_ana" not in listed


def test_service_of_another_user_is_not_overwritten(
    cloud: LocalCloud, site: Site, kept: Kept, of_ana: str, ana: KnownUser
) -> None:
    named = {"serviceProperties": {"name": "of_ana"}, "itemProperties": {"overwrite": True}}
    answer = site.post(
        f"{SERVICES}/{SERVICE}/Select/submitJob",
        {"in_features": json.dumps(kept.parcels), "esri_out_feature_service_name": json.dumps(named)},
    )
    told = json.dumps(site.client.poll(f"{SERVICES}/{SERVICE}/Select/jobs/{answer['jobId']}"))
    assert answer["jobStatus"] == "esriJobFailed"
    assert "esri_out_feature_service_name" in told
    count = sign_in(site, ana).post(f"{of_ana}/query", {"returnCountOnly": "true"})["count"]
    assert count == sum(feature["attributes"]["POP"] < 9 for feature in kept.plain["features"])


def test_map_goes_with_its_job_and_the_service_stays(cloud: LocalCloud, site: Site, kept: Kept) -> None:
    job = select_parcels(site.client, kept.parcels, esri_out_feature_service_name="outlives")
    path = job.replace("/GPServer/Select/", "/MapServer/")
    assert "error" not in site.get(path)
    client: Any = make_client("dynamodb", cloud.endpoint)
    client.update_item(
        TableName=f"{STACK}-JobsTable",
        Key={"pk": {"S": job.rpartition("/")[2]}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    for operation in ("", "/export", "/legend"):
        assert "has expired: its data is no longer available" in read_refusal(site, path + operation, VIEW)
    assert kept.query(f"{SERVICES}/Hosted/outlives/FeatureServer/0", returnCountOnly="true") == {
        "count": COUNT
    }
