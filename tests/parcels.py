"""Parcels that one job keeps as a hosted service and another as features, and the true answers of queries.

The answers are computed by numpy and shapely from the features of the plain job, never from the service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
import urllib3

from dev.gp_client import SERVICES, GpClient

COUNT = 100_000
NAME = "parcels"
SERVICE = "Analysis/GPServer"
OUTPUT = "out_feature_class"
BOX = (505_050.0, 5_604_980.0, 509_020.0, 5_608_010.0)
FEW_BOX = (500_550.0, 5_600_480.0, 503_020.0, 5_603_010.0)
CONDITION = "POP >= 500 AND KIND IN ('a', 'b') AND NAME IS NOT NULL"
_PART = 4_000_000  # bytes: a request brings so many
_DAY = 86_400_000
_TO_DEGREES = pyproj.Transformer.from_crs(25832, 4326)
_FIELDS = [
    {"name": "NAME", "type": "esriFieldTypeString", "length": 50},
    {"name": "KIND", "type": "esriFieldTypeString", "length": 1},
    {"name": "POP", "type": "esriFieldTypeInteger"},
    {"name": "WORTH", "type": "esriFieldTypeDouble"},
    {"name": "DAY", "type": "esriFieldTypeDate"},
]


def make_parcels(count: int, version: int = 0) -> dict[str, Any]:
    """Return parcels in rows, as Esri JSON in metres: some have a hole, some no name and few no shape.

    Args:
        count: How many.
        version: Added to each WORTH, so that one of another version is told apart.
    """
    side = int(np.ceil(np.sqrt(count)))
    features = [_make_parcel(i, i % side, i // side, version) for i in range(count)]
    reference = {"wkid": 25832}
    return {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": reference,
        "fields": _FIELDS,
        "features": features,
    }


def _make_parcel(i: int, column: int, row: int, version: int) -> dict[str, Any]:
    x, y = 500_000 + column * 100, 5_600_000 + row * 100
    width, height = 40 + i * 7 % 55, 40 + i * 11 % 55
    rings = [[[x, y], [x, y + height], [x + width, y + height - 5], [x + width - 9, y], [x, y]]]
    if i % 50 == 0:
        rings.append([[x + 9, y + 9], [x + 19, y + 9], [x + 19, y + 19], [x + 9, y + 19], [x + 9, y + 9]])
    attributes = {
        "NAME": f"Parcel № {i}, 🌍's" if i % 7 else None,
        "KIND": "abcde"[i % 5],
        "POP": i * 7919 % 1000,
        "WORTH": i * 31 % 997 / 8 + version,
        "DAY": (i % 20_000 - 10_000) * _DAY,
    }
    return {"attributes": attributes, "geometry": {"rings": rings} if (i + 1) % 9973 else None}


def upload_parcels(client: GpClient, parcels: Mapping[str, Any]) -> dict[str, str]:
    """Upload parcels in parts; return the input of a task.

    Args:
        client: Of the site.
        parcels: See `make_parcels`.
    """
    path, name = f"{SERVICES}/{SERVICE}/uploads", "parcels.json"
    content = json.dumps(parcels, separators=(",", ":")).encode()
    item = client.post(f"{path}/register", {"itemName": name})["item"]["itemID"]
    parts = [content[at : at + _PART] for at in range(0, len(content), _PART)]
    for number, part in enumerate(parts, 1):
        fields = {"partId": str(number), "file": (name, part)}
        assert client.post(f"{path}/{item}/uploadPart", fields, encode_multipart=True)["success"]
    numbers = ",".join(str(number) for number in range(1, len(parts) + 1))
    assert client.post(f"{path}/{item}/commit", {"parts": numbers})["success"]
    return {"itemID": item}


def select_parcels(client: GpClient, parcels: Mapping[str, str], **more: Any) -> str:
    """Let a job hand all parcels on; return the job.

    Args:
        client: Of the site.
        parcels: The input.
        more: Further values, such as the name of a hosted service.
    """
    job = client.submit(f"{SERVICE}/Select", in_features=parcels, **more)
    client.wait(job, {"esriJobSucceeded"}, seconds=120, pause=0.2)
    return job


def keep_parcels(url: str, folder: Path) -> dict[str, str]:
    """Keep parcels by two jobs, and write the true answers; return the variables of the clients' tests.

    Args:
        url: The site.
        folder: Where the files are written.
    """
    client = GpClient(
        url, retries=urllib3.Retry(3, connect=0, read=0)
    )  # it follows results to where they lie
    parcels = upload_parcels(client, make_parcels(COUNT))
    plain = select_parcels(client, parcels)
    features = client.result(plain, OUTPUT)
    kept = client.result(select_parcels(client, parcels, esri_out_feature_service_name=NAME), OUTPUT)
    (folder / "plain.json").write_text(json.dumps(features), encoding="utf-8")
    (folder / "answers.json").write_text(json.dumps(answer_queries(features)), encoding="utf-8")
    return {
        "PARCELS": kept["url"],
        "PARCELS_MAP": url + plain.replace("/GPServer/Select/", "/MapServer/"),
        "PARCELS_FOLDER": str(folder),
    }


def answer_queries(plain: Mapping[str, Any], count: int = COUNT) -> dict[str, Any]:
    """Compute the answers of queries from features: ids by the name of the query, and sums by KIND.

    Args:
        plain: The features of a job.
        count: How many they are; the box lies in the middle of few.
    """
    box = BOX if count == COUNT else FEW_BOX
    columns = {
        field["name"]: np.array([feature["attributes"][field["name"]] for feature in plain["features"]])
        for field in plain["fields"]
    }
    within = shapely.intersects(find_shapes(plain), shapely.box(*box))
    chosen = (columns["POP"] >= 500) & np.isin(columns["KIND"], ["a", "b"]) & (columns["NAME"] != None)  # noqa: E711
    ids = columns["OBJECTID"]
    return {
        "box": ids[within].tolist(),
        "where": ids[chosen].tolist(),
        "both": ids[within & chosen].tolist(),
        "bounds": box,
        "view": _make_view(find_shapes(plain), ids),
        "kinds": {kind: _summarize(columns, columns["KIND"] == kind) for kind in "abcde"},
    }


def _make_view(shapes: Any, ids: Any) -> dict[str, Any]:
    """Return places about a centre, in and between parcels, 5 m from their outlines, and the ids of these."""
    x, y = (BOX[0] + BOX[2]) / 2, (BOX[1] + BOX[3]) / 2
    near = shapely.intersects(shapes, shapely.box(x - 350, y - 350, x + 350, y + 350))
    land = shapely.union_all(shapes[near])
    places = np.random.default_rng(16).uniform(-300, 300, (400, 2)) + np.array([x, y])
    points = shapely.points(places)
    clear = shapely.distance(points, land.boundary) > 5
    within = shapely.contains(land, points)
    return {
        "centre": _to_degrees(np.array([[x, y]]))[0],
        "ids": ids[near].tolist(),
        "inside": _to_degrees(places[clear & within]),
        "outside": _to_degrees(places[clear & ~within]),
    }


def _to_degrees(places: Any) -> list[list[float]]:
    """Return latitudes and longitudes of places."""
    found: list[list[float]] = np.transpose(_TO_DEGREES.transform(*places.T)).tolist()
    return found


def _summarize(columns: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    """Return the statistics of rows, the deviation as of a sample."""
    pop, worth = columns["POP"][rows], columns["WORTH"][rows]
    return {
        "COUNT": len(pop),
        "SUM": int(pop.sum()),
        "AVG": worth.mean().item(),
        "DEVIATION": worth.std(ddof=1).item(),
        "LAST": int(columns["DAY"][rows].max()),
    }


def find_shapes(plain: Mapping[str, Any]) -> Any:
    """Return the polygons of features; one without a shape has None.

    Args:
        plain: The features: rings of which the first is the outer one.
    """
    rings = [(feature["geometry"] or {}).get("rings") for feature in plain["features"]]
    return np.array([each and shapely.Polygon(each[0], each[1:]) for each in rings], object)
