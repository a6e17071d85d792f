"""Rings within rings: what no real feature has is refused before it takes for ever."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json import FeatureLimits, decode_features


def test_a_nest_of_rings_without_end_is_refused_at_once() -> None:
    def square(size: int) -> list[list[int]]:
        ring = [[-size, -size], [-size, size], [size, size], [size, -size], [-size, -size]]
        return ring if size % 2 else ring[::-1]

    feature = {"geometry": {"rings": [square(size + 1) for size in range(4000)]}}
    with pytest.raises(InvalidValue, match="its rings lie in one another too often"):
        decode_features({"features": [feature]}, accepted=frozenset(), limits=FeatureLimits(10, 10**6))
