"""When a job is submitted, light values are read, and of heavy ones only the outline."""

from __future__ import annotations

import pytest

from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.capabilities import LIGHT_VALUE
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.errors import InvalidValue
from gpserverless.formats.limits import FeatureLimits

HEAVY = " " * LIGHT_VALUE
WRONG = '{"features":[{"geometry":{"x":"wrong","y":0}}]}'
CURVE = '{"features":[{"geometry":{"curvePaths":[[[0,0],{"c":[[1,1],[2,2,2]]}]]}}]}'


def test_light_value_is_read() -> None:
    with pytest.raises(InvalidValue, match="number"):
        GPFeatureRecordSetLayer().check_at_submit(WRONG, LoadOptions())


@pytest.mark.parametrize("raw", [WRONG + HEAVY, CURVE])
def test_heavy_value_is_left_to_the_worker(raw: str) -> None:
    assert GPFeatureRecordSetLayer().check_at_submit(raw, LoadOptions()) is None
    assert GPMultiValue(GPFeatureRecordSetLayer()).check_at_submit(f"[{raw}]", LoadOptions()) is None


@pytest.mark.parametrize("kind", [GPFeatureRecordSetLayer(), GPRecordSet()])
@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ('{"features":[' + HEAVY, "not JSON"),
        ('{"rows":[]}' + HEAVY, "no 'features'"),
        ('{"features":[{},{},{}]}' + HEAVY, "it has 3 features"),
    ],
)
def test_heavy_value_must_be_a_feature_set(kind: GPFeatureRecordSetLayer, raw: str, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        kind.check_at_submit(raw, LoadOptions(limits=FeatureLimits(features=2)))
