"""A hosted service is overwritten ten times while others read it.

Each answer is of one version. Several are, if `lastEditDate` is the same before the first and after the last.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from tests.parcels import make_parcels, select_parcels, upload_parcels
from tests.wire.conftest import SERVICES, Site

TIMES = 10
LAYER = f"{SERVICES}/Hosted/overwritten/FeatureServer/0"
OVERWRITE = {"serviceProperties": {"name": "overwritten"}, "itemProperties": {"overwrite": True}}
STEP = 1_000
"""What a version adds to WORTH, which is below it."""
COUNTS = [5_000 - version * 97 if version % 2 else 3_000 + version * 53 for version in range(TIMES + 1)]
"""Versions grow and shrink, so that a mixture is no version."""

Features = list[dict[str, Any]]


class Overwriting:
    """Overwrites the service, while readers read.

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
        self._write(0)

    def _write(self, version: int) -> None:
        select_parcels(self.site.client, self.inputs[version], esri_out_feature_service_name=OVERWRITE)

    def write_all(self) -> None:
        """Write the versions after the first."""
        try:
            for version in range(1, TIMES + 1):
                self._write(version)
        finally:
            self.over.set()

    def read_until_over(self, read: Callable[[Site], Features]) -> Counter[str]:
        """Read again and again; count versions that were read whole, and changes that were seen."""
        outcomes: Counter[str] = Counter()
        is_last = False
        while not is_last:
            is_last = self.over.is_set()
            before = read_edit_date(self.site)
            features = read(self.site)
            is_same = read_edit_date(self.site) == before
            outcomes["whole" if is_same else "changed"] += 1
            if is_same:
                (version,) = versions_of(features)
                ids = sorted(feature["attributes"]["OBJECTID"] for feature in features)
                assert ids == list(range(1, COUNTS[version] + 1))
        assert version == TIMES
        return outcomes


def read_edit_date(site: Site) -> int:
    date: int = site.post(LAYER)["editingInfo"]["lastEditDate"]
    return date


def query(site: Site, **fields: Any) -> dict[str, Any]:
    """Query the layer, which must not refuse; an answer is of one version."""
    answer: dict[str, Any] = site.post(f"{LAYER}/query", {"where": "1=1", "outFields": "*", **fields})
    assert "error" not in answer, answer
    assert len(versions_of(answer.get("features", []))) <= 1
    return answer


def versions_of(features: Features) -> set[int]:
    return {int(feature["attributes"]["WORTH"] // STEP) for feature in features}


def read_pages(site: Site) -> Features:
    """Read by pages, as GDAL does."""
    page = query(site)
    features: Features = page["features"]
    while page.get("exceededTransferLimit"):
        page = query(site, resultOffset=len(features))
        features += page["features"]
    return features


def read_by_ids(site: Site) -> Features:
    """Read all ids, and features by some at a time, as the ArcGIS API for Python does."""
    ids = query(site, returnIdsOnly="true")["objectIds"]
    assert len(ids) in COUNTS
    chunks = [ids[at : at + 1_500] for at in range(0, len(ids), 1_500)]
    return [row for chunk in chunks for row in query(site, objectIds=json.dumps(chunk)[1:-1])["features"]]


def count_rows(site: Site) -> Features:
    """Count the rows, which one answer does; then read them by pages."""
    statistics = [
        {"statisticType": kind, "onStatisticField": "WORTH", "outStatisticFieldName": kind}
        for kind in ("count", "min", "max")
    ]
    answer = site.post(f"{LAYER}/query", {"outStatistics": json.dumps(statistics)})
    row = answer["features"][0]["attributes"]
    assert row["min"] // STEP == row["max"] // STEP
    assert row["count"] == COUNTS[int(row["min"] // STEP)]
    return read_pages(site)


@pytest.fixture(scope="module")
def overwriting(site: Site) -> Overwriting:
    return Overwriting(site)


def test_readers_get_one_whole_version_or_see_the_change(overwriting: Overwriting) -> None:
    readers = (read_pages, read_by_ids, count_rows)
    with ThreadPoolExecutor(len(readers) + 1) as pool:
        reading = [pool.submit(overwriting.read_until_over, read) for read in readers]
        pool.submit(overwriting.write_all).result()
        outcomes = [each.result() for each in reading]
    assert all(seen["whole"] for seen in outcomes), outcomes
    assert sum(seen["changed"] for seen in outcomes), outcomes
