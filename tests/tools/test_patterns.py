"""Hot spots, clusters and centres as tools: their fields, their messages, bad inputs, real data."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gpserverless.errors import InvalidParameter, ToolError
from tests.tools.tool_run import ToolRun, data, run_tool

FIELDS = [
    {"name": "FID", "type": "esriFieldTypeOID"},
    {"name": "N", "type": "esriFieldTypeDouble"},
    {"name": "T", "type": "esriFieldTypeString"},
]


def points(*places: tuple[float, float, float | None], wkid: int = 32633) -> dict[str, Any]:
    features = [
        {"attributes": {"FID": 10 + i, "N": n, "T": "t"}, "geometry": {"x": x, "y": y}}
        for i, (x, y, n) in enumerate(places)
    ]
    return {"spatialReference": {"wkid": wkid}, "fields": FIELDS, "features": features}


LINE = points(*((100.0 * i, 0.0, float(i >= 30)) for i in range(40)))


def run_hot_spots(features: Any, field: str = "N", **more: Any) -> ToolRun:
    return run_tool("Analysis", "HotSpots", {"Input_Feature_Class": features, "Input_Field": field, **more})


def rows(run: ToolRun) -> list[dict[str, Any]]:
    return [f["attributes"] for f in next(iter(run.values.values()))["features"]]


class TestHotSpots:
    def test_features_get_their_statistics(self) -> None:
        run = run_hot_spots(LINE, Distance_Band_or_Threshold_Distance=200)
        found = rows(run)
        assert list(found[0]) == [
            *("OBJECTID", "N", "SOURCE_ID", "GiZScore", "GiPValue", "NNeighbors", "Gi_Bin")
        ]
        named = [run.values[name] for name in ("Source_ID", "Results_Field", "Probability_Field")]
        assert named == list(found[0])[2:5]
        assert [row["SOURCE_ID"] for row in found] == list(range(10, 50))
        assert [row["NNeighbors"] for row in found[:4]] == [2, 3, 4, 4]
        assert found[35]["Gi_Bin"] == 3
        assert found[5]["Gi_Bin"] == 0
        assert found[35]["GiZScore"] == pytest.approx(4.0, rel=0.1)
        assert run.texts == []

    def test_band_is_chosen_and_told(self) -> None:
        run = run_hot_spots(LINE)
        assert [m.text for m in run.messages if m.kind == "informative"] == [
            "Every feature has a neighbour within 100 units of the coordinates; that is the distance band."
        ]

    def test_false_discovery_rate_has_keywords(self) -> None:
        run = run_hot_spots(LINE, Apply_False_Discovery_Rate__FDR__Correction="APPLY_FDR")
        plain = run_hot_spots(LINE, Apply_False_Discovery_Rate__FDR__Correction="NO_FDR")
        confident = [sum(row["Gi_Bin"] != 0 for row in rows(r)) for r in (run, plain)]
        assert 0 < confident[0] < confident[1]

    @pytest.mark.parametrize("kind", ["INVERSE_DISTANCE", "K_NEAREST_NEIGHBORS"])
    def test_distances_between_degrees_are_metres(self, kind: str) -> None:
        degrees = points(*((20 + i * 0.001, 60.0, float(i % 7)) for i in range(40)), wkid=4326)
        run = run_hot_spots(
            degrees, Conceptualization_of_Spatial_Relationships=kind, Distance_Band_or_Threshold_Distance=60
        )
        assert max(row["NNeighbors"] for row in rows(run)) == (2 if kind == "INVERSE_DISTANCE" else 8)

    @pytest.mark.parametrize(
        ("features", "options", "error", "words"),
        [
            (LINE, {"field": "X"}, ToolError, "no field 'X'. Accepted: FID, N, T"),
            (LINE, {"field": "T"}, ToolError, "'T' holds no numbers"),
            (points((0, 0, 1), (1, 1, 2)), {}, ToolError, "at least 3 features"),
            (points(*[(i, 0, 5) for i in range(9)]), {}, ToolError, "All values of the field are the same"),
            (
                LINE,
                {"Conceptualization_of_Spatial_Relationships": "ZONE_OF_INDIFFERENCE"},
                ToolError,
                "ZONE_OF_INDIFFERENCE is not offered",
            ),
            (
                LINE,
                {"Conceptualization_of_Spatial_Relationships": "CONTIGUITY_EDGES_ONLY"},
                InvalidParameter,
                "Input_Feature_Class.*Accepted: polygons",
            ),
            (LINE, {"Distance_Band_or_Threshold_Distance": -1}, InvalidParameter, "Distance_Band"),
        ],
    )
    def test_bad_input_is_explained(
        self, features: Any, options: dict[str, Any], error: type[Exception], words: str
    ) -> None:
        with pytest.raises(error, match=words):
            run_hot_spots(features, **{"field": "N", **options})

    def test_nothing_in_nothing_out(self) -> None:
        run = run_hot_spots(points())
        assert rows(run) == []
        names = [f["name"] for f in run.values["Output_Feature_Class"]["fields"]]
        assert names[1:] == ["N", "SOURCE_ID", "GiZScore", "GiPValue", "NNeighbors", "Gi_Bin"]

    def test_features_without_a_value_or_a_shape_are_counted(self) -> None:
        places = points(*((i, i % 3, float(i)) for i in range(40)), (5, 5, None))
        places["features"][0]["geometry"] = None
        run = run_hot_spots(places)
        assert len(rows(run)) == 39
        assert run.texts == [
            "1 feature without a shape was left out.",
            "Features without a value of N: 1; they were left out.",
        ]

    def test_cities_of_the_world(self) -> None:
        run = run_hot_spots(
            data("cities_100k"),
            "POP",
            Conceptualization_of_Spatial_Relationships="K_NEAREST_NEIGHBORS",
        )
        found = rows(run)
        assert len(found) == 6204
        assert {row["Gi_Bin"] for row in found} >= {0, 3}


def run_clustering(features: Any, **more: Any) -> ToolRun:
    given = {"in_features": features, "cluster_method": "DBSCAN", "min_features_cluster": 3, **more}
    return run_tool("Analysis", "DensityBasedClustering", given)


class TestDensityBasedClustering:
    PLACES = points(*((0, 0, 1), (5, 0, 1), (0, 5, 1), (500, 0, 1), (1000, 0, 1), (1005, 0, 1), (1000, 5, 1)))

    def test_points_get_a_cluster_or_none(self) -> None:
        run = run_clustering(self.PLACES, search_distance={"distance": 0.01, "units": "esriKilometers"})
        assert [row["CLUSTER_ID"] for row in rows(run)] == [1, 1, 1, -1, 2, 2, 2]
        assert rows(run)[3]["SOURCE_ID"] == 13
        assert [m.text for m in run.messages] == ["Found 2 clusters; points of noise: 1."]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"cluster_method": "HDBSCAN"}, "HDBSCAN is not offered"),
            ({"cluster_method": "OPTICS"}, "OPTICS is not offered"),
            ({"time_field": "T"}, "Clusters in time are not found"),
            ({"search_distance": "0 Meters"}, "search_distance must be above 0"),
            ({"search_distance": "1 DecimalDegrees"}, "esriDecimalDegrees"),
        ],
    )
    def test_option_that_is_not_offered_is_refused(self, options: dict[str, Any], words: str) -> None:
        with pytest.raises(ToolError, match=words):
            run_clustering(self.PLACES, **options)

    def test_points_alone_are_clustered(self) -> None:
        line = {"features": [{"geometry": {"paths": [[[0, 0], [1, 1]]]}}]}
        with pytest.raises(InvalidParameter, match="in_features"):
            run_clustering(line)

    def test_nothing_in_nothing_out(self) -> None:
        assert rows(run_clustering(points())) == []

    def test_airports_of_the_world(self) -> None:
        run = run_clustering(data("airports"), min_features_cluster=5, search_distance="100 Kilometers")
        numbers = np.array([row["CLUSTER_ID"] for row in rows(run)])
        assert len(numbers) == 5210
        assert set(numbers) == {-1, *range(1, numbers.max() + 1)}
        assert numbers.max() > 20


CENTRES = points((0, 0, 1), (10, 0, 1), (0, 10, 1), (10, 10, 5), (5, 7, 2))


@pytest.mark.parametrize(
    ("task", "options", "expected"),
    [
        ("MeanCenter", {"Weight_Field": "N"}, {"XCoord": 7.0, "YCoord": 7.4}),
        ("MedianCenter", {"Weight_Field": "N"}, {"XCoord": 10, "YCoord": 10}),
        ("CentralFeature", {}, {"FID": 14}),
        ("CentralFeature", {"Distance_Method": "MANHATTAN_DISTANCE"}, {"FID": 14}),
        ("DirectionalDistribution", {}, {"CenterX": 5, "CenterY": 5.4}),
    ],
)
def test_centres(task: str, options: dict[str, Any], expected: dict[str, float]) -> None:
    run = run_tool("Analysis", task, {"Input_Feature_Class": CENTRES, **options})
    (row,) = rows(run)
    assert {name: row.get(name, row.get("OBJECTID")) for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("task", ["MeanCenter", "MedianCenter", "CentralFeature", "DirectionalDistribution"])
def test_centres_of_bad_input(task: str) -> None:
    assert rows(run_tool("Analysis", task, {"Input_Feature_Class": points()})) == []
    with pytest.raises(ToolError, match="no field 'X'"):
        run_tool("Analysis", task, {"Input_Feature_Class": CENTRES, "Weight_Field": "X"})
    with pytest.raises(ToolError, match="'T' holds no numbers"):
        run_tool("Analysis", task, {"Input_Feature_Class": CENTRES, "Weight_Field": "T"})
    with pytest.raises(InvalidParameter, match="Input_Feature_Class"):
        run_tool("Analysis", task, {"Input_Feature_Class": json.loads("5")})
