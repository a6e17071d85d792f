"""A hosted service is overwritten again and again while clients read it, each in its order.

Each reading is of one version, whole. Each client has its own User-Agent, as programs have.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from dev.gp_client import GpClient
from gpserverless.items.readings import STEP_MS, TOTAL_MS
from tests.parcels import make_parcels, select_parcels, upload_parcels
from tests.wire.conftest import SERVICES, Site

TIMES = 10
LAYER = f"{SERVICES}/Hosted/overwritten/FeatureServer/0"
OVERWRITE = {"serviceProperties": {"name": "overwritten"}, "itemProperties": {"overwrite": True}}
STEP = 1_000
"""What a version adds to WORTH, which is below it."""
COUNTS = [5_000 - version * 97 if version % 2 else 3_000 + version * 53 for version in range(TIMES + 1)]
"""Versions grow and shrink, so that a mixture is no version."""
PAGE = 500


class TooSlow(Exception):
    """This machine was slower than a client whose requests are taken for one reading."""


def check_quick(began: float, most_ms: int) -> None:
    """Raise unless two requests came within the time in which they are taken for one reading."""
    if time.monotonic() - began > most_ms / 1000:
        raise TooSlow


Features = list[dict[str, Any]]
Read = Callable[[GpClient], Features]


def query(client: GpClient, **fields: Any) -> dict[str, Any]:
    """Query the layer, which must not refuse; an answer is of one version."""
    answer: dict[str, Any] = client.post(f"{LAYER}/query", {"where": "1=1", **fields})
    assert "error" not in answer, answer
    assert len(versions_of(answer.get("features", []))) <= 1
    return answer


def versions_of(features: Features) -> set[int]:
    return {int(feature["attributes"]["WORTH"] // STEP) for feature in features}


def count(client: GpClient, **fields: Any) -> int:
    return int(query(client, returnCountOnly="true", **fields)["count"])


def read_pages(client: GpClient, **first: Any) -> Features:
    """Read pages until the flag is gone."""
    page = query(client, outFields="*", resultRecordCount=PAGE, **first)
    features: Features = page["features"]
    while page.get("exceededTransferLimit"):
        page = query(client, outFields="*", resultRecordCount=PAGE, resultOffset=len(features))
        features += page["features"]
    return features


def read_parts(client: GpClient, size: int, threads: int = 1) -> Features:
    """Read all ids, and rows by some at a time."""
    ids = query(client, returnIdsOnly="true")["objectIds"]
    parts = [json.dumps(ids[at : at + size])[1:-1] for at in range(0, len(ids), size)]

    def read_part(part: str) -> Features:
        features: Features = query(client, objectIds=part, outFields="*")["features"]
        return features

    with ThreadPoolExecutor(threads) as pool:
        return [row for rows in pool.map(read_part, parts) for row in rows]


def read_as_gdal(client: GpClient) -> Features:
    began = time.monotonic()
    page = query(client, outFields="*")
    total = count(client, outFields="*")
    check_quick(began, TOTAL_MS)
    query(client, outFields="*", returnExtentOnly="true")
    features: Features = page["features"]
    while page.get("exceededTransferLimit"):
        page = query(client, outFields="*", resultOffset=len(features), resultRecordCount=2000)
        features += page["features"]
    assert len(features) == total
    return features


def read_as_arcgis(client: GpClient) -> Features:
    assert query(client, outFields="*", returnAllRecords="true")["exceededTransferLimit"]
    count(client)
    features = read_parts(client, 200, threads=5)
    count(client)
    return features


def read_as_qgis(client: GpClient) -> Features:
    client.get(LAYER)
    return read_parts(client, 100)


def read_as_restapi(client: GpClient) -> Features:
    client.get(LAYER)
    return read_pages(client, resultOffset=0, orderByFields="OBJECTID ASC")


def read_as_pyesridump(client: GpClient) -> Features:
    client.get(LAYER)
    began = time.monotonic()
    pages = []
    for at in range(0, count(client), 1000):
        pages.append(query(client, outFields="*", resultOffset=at, resultRecordCount=1000))
        if not at:
            check_quick(began, STEP_MS)
    return [row for page in pages for row in page["features"]]


READERS: dict[str, Read] = {
    "pages": read_pages,
    "ids": lambda client: read_parts(client, 1_500),
    "GDAL": read_as_gdal,
    "ArcGIS API for Python": read_as_arcgis,
    "QGIS": read_as_qgis,
    "restapi": read_as_restapi,
    "pyesridump": read_as_pyesridump,
}


class Overwriting:
    """Overwrites the service, while clients read.

    Attributes:
        site: The site.
        inputs: What each version is made of.
        over: Set once the last version is there, or something failed.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.inputs = [
            upload_parcels(site.client, make_parcels(count, version * STEP))
            for version, count in enumerate(COUNTS)
        ]
        self.over = Event()
        for version in (0, 1):
            self.write(version)

    def write(self, version: int) -> None:
        """Write a version; who writes it reads it then."""
        client = self.site.client
        select_parcels(client, self.inputs[version], esri_out_feature_service_name=OVERWRITE)
        assert count(client) == COUNTS[version]
        assert versions_of(query(client, outFields="WORTH")["features"]) == {version}
        assert len(query(client, returnIdsOnly="true")["objectIds"]) == COUNTS[version]

    def write_all(self) -> None:
        """Write the versions after the first two."""
        try:
            for version in range(2, TIMES + 1):
                self.write(version)
        finally:
            self.over.set()

    def read_until_over(self, name: str) -> Counter[str]:
        """Read again and again; count the readings, and those during which there was an overwriting."""
        client = GpClient(self.site.url, headers={"User-Agent": name})
        outcomes: Counter[str] = Counter()
        is_last = False
        while not is_last:
            is_last = self.over.is_set()
            before = read_edit_date(client)
            try:
                features = READERS[name](client)
            except TooSlow:
                is_last = False
                continue
            outcomes["changed" if read_edit_date(client) != before else "unchanged"] += 1
            (version,) = versions_of(features)
            ids = sorted(feature["attributes"]["OBJECTID"] for feature in features)
            assert ids == list(range(1, COUNTS[version] + 1))
        assert version == TIMES
        return outcomes


def read_edit_date(client: GpClient) -> int:
    date: int = client.get(LAYER)["editingInfo"]["lastEditDate"]
    return date


@pytest.fixture(scope="module")
def overwriting(site: Site) -> Overwriting:
    return Overwriting(site)


def test_readers_get_one_whole_version_while_it_is_overwritten(overwriting: Overwriting) -> None:
    with ThreadPoolExecutor(len(READERS) + 1) as pool:
        reading = {name: pool.submit(overwriting.read_until_over, name) for name in READERS}
        pool.submit(overwriting.write_all).result()
        outcomes = {name: each.result() for name, each in reading.items()}
    assert sum(seen["changed"] for seen in outcomes.values()) >= len(READERS), outcomes
