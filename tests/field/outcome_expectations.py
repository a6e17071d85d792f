"""What a case of the field may expect of an outcome: one function for each key of an expectation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import shapely

from gpserverless.formats.esri_json import decode_features
from tests.field.site import Outcome

NEVER = re.compile(r"error in it|out of memory|driver|proj_trans|Traceback", re.IGNORECASE)
"""Wrong in every case: an internal error, a lack of memory, a hint at GDAL's drivers."""


def find_deviation(outcome: Outcome, expected: Mapping[str, Any]) -> str:
    """Return what of an outcome is not as expected; empty if all is."""
    told = " ".join([outcome.failure, *outcome.warnings])
    if NEVER.search(told):
        return told
    for key, value in expected.items():
        if key != "status" and key not in ("fails", "warns") and outcome.failure:
            return outcome.failure
        if not CHECKS[key](outcome, value):
            return f"{key} is not {value}: {outcome}"[:1000]
    return ""


def _status(outcome: Outcome, value: str) -> bool:
    return value == ("failed" if outcome.failure else "succeeded")


def _count(outcome: Outcome, value: int) -> bool:
    return len(outcome.features["features"]) == value


def _type(outcome: Outcome, value: str) -> bool:
    return bool(outcome.features["geometryType"] == value)


def _wkid(outcome: Outcome, value: int) -> bool:
    return value in outcome.features["spatialReference"].values()


def _rows(outcome: Outcome, value: Mapping[str, Mapping[str, Any]]) -> bool:
    rows = [feature["attributes"] for feature in outcome.features["features"]]
    return all(
        name in rows[int(i)] and rows[int(i)][name] == v
        for i, row in value.items()
        for name, v in row.items()
    )


def _values(outcome: Outcome, value: Mapping[str, list[Any]]) -> bool:
    rows = [feature["attributes"] for feature in outcome.features["features"]]
    return all([row[name] for row in rows] == pytest.approx(column) for name, column in value.items())


def _distinct(outcome: Outcome, value: bool) -> bool:
    names = [field["name"].lower() for field in outcome.features["fields"]]
    return value == (len(set(names)) == len(names))


def _shapes(outcome: Outcome) -> Any:
    return decode_features(outcome.features).geometries


def _nulls(outcome: Outcome, value: int) -> bool:
    return int(shapely.is_missing(_shapes(outcome)).sum()) == value


def _places(outcome: Outcome, value: Mapping[str, list[float]]) -> bool:
    found = shapely.get_coordinates(_shapes(outcome))
    return all(found[int(i)].tolist() == pytest.approx(place, abs=1e-6) for i, place in value.items())


def _areas(outcome: Outcome, value: Mapping[str, float]) -> bool:
    found = shapely.area(_shapes(outcome))
    return all(found[int(i)] == pytest.approx(area, rel=1e-6) for i, area in value.items())


def _vertices(outcome: Outcome, value: Mapping[str, int]) -> bool:
    found = shapely.get_num_coordinates(_shapes(outcome))
    return all(found[int(i)] == number for i, number in value.items())


def _fails(outcome: Outcome, value: str) -> bool:
    return re.search(value, outcome.failure, re.IGNORECASE) is not None


def _warns(outcome: Outcome, value: str) -> bool:
    return re.search(value, " ".join(outcome.warnings), re.IGNORECASE) is not None


CHECKS: dict[str, Callable[[Outcome, Any], bool]] = {
    "status": _status,
    "count": _count,
    "type": _type,
    "wkid": _wkid,
    "rows": _rows,
    "values": _values,
    "distinct": _distinct,
    "nulls": _nulls,
    "places": _places,
    "areas": _areas,
    "vertices": _vertices,
    "fails": _fails,
    "warns": _warns,
}
