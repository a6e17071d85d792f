"""CURRENT_TIMESTAMP in conditions is the time of the request, from a clock that is handed in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, Field
from gpserverless.protocols.featureserver.handlers import FeatureServiceHandlers
from gpserverless.protocols.featureserver.query import LayerQueries
from gpserverless.values.spatial_reference import WGS84
from tests.protocols.featureserver.layer_site import Folder, LayerSite

DAY = 86_400_000
NOON = 20_000 * DAY + DAY // 2


@dataclass
class StoppedClock:
    """A clock that a test moves."""

    moment: int

    def now(self) -> int:
        """Return the moment."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.moment += int(seconds * 1000)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(NOON)


@pytest.fixture
def daily(tmp_path_factory: pytest.TempPathFactory, clock: StoppedClock) -> LayerSite:
    """Return a site with a point for each of ten days at noon, the last tomorrow."""
    days = NOON + np.arange(-8, 2) * DAY
    points = FeatureSet.of(shapely.points(np.arange(10), 0), WGS84).with_columns(
        {"AT": days}, [Field("AT", DATE)]
    )
    folder = Folder(tmp_path_factory.mktemp("daily"))
    folder.publish("daily", {"Points": points, "Others": points})
    return LayerSite(folder, FeatureServiceHandlers(LayerQueries(folder, folder, clock), lambda name: ""))


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("AT <= CURRENT_TIMESTAMP", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("AT > current_timestamp", [10]),
        ("AT >= CURRENT_DATE", [9, 10]),
        ("AT >= CURRENT_TIMESTAMP - INTERVAL '2' DAY", [7, 8, 9, 10]),
        (
            "AT BETWEEN CURRENT_TIMESTAMP - INTERVAL '3' DAY AND CURRENT_TIMESTAMP - INTERVAL '1' HOUR",
            [6, 7, 8],
        ),
        ("EXTRACT(DAY FROM AT) = EXTRACT(DAY FROM CURRENT_DATE)", [9]),
    ],
)
def test_the_time_of_the_request(daily: LayerSite, where: str, ids: list[int]) -> None:
    assert daily.query("daily/0", where=where, returnIdsOnly="true")["objectIds"] == ids
    assert daily.query("daily/0", where=where, returnCountOnly="true") == {"count": len(ids)}


def test_time_goes_on_from_one_request_to_the_next(daily: LayerSite, clock: StoppedClock) -> None:
    asked = {"where": "AT <= CURRENT_TIMESTAMP", "returnCountOnly": "true"}
    assert daily.query("daily/0", **asked) == {"count": 9}
    clock.sleep(DAY / 1000)
    assert daily.query("daily/0", **asked) == {"count": 10}


def test_groups_and_several_layers(daily: LayerSite) -> None:
    figures = [{"statisticType": "max", "onStatisticField": "AT", "outStatisticFieldName": "LAST"}]
    asked = {"outStatistics": figures, "groupByFieldsForStatistics": "OBJECTID"}
    rows = daily.query("daily/0", having="MAX(AT) > CURRENT_TIMESTAMP", **asked)["features"]
    assert [row["attributes"]["OBJECTID"] for row in rows] == [10]
    layers = daily.ask(
        "daily/FeatureServer/query", layerDefs={"0": "AT > CURRENT_DATE", "1": "AT > CURRENT_TIMESTAMP"},
        returnIdsOnly="true",
    ).json["layers"]  # fmt: skip
    assert [layer["objectIds"] for layer in layers] == [[9, 10], [10]]


def test_a_wrong_condition_has_its_place(daily: LayerSite) -> None:
    sentence = daily.refuse("daily/0", where="AT > CURRENT_TIMESTAMP AND NOPE = 1")
    assert "'NOPE' at character 28" in sentence
